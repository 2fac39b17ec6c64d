//! Content streams of our own pages and marks: text, thin rules, frames. Nothing else.

use crate::append::Update;
use crate::error::PdfError;
use crate::font::Typeface;
use crate::object::{Dictionary, Object, ObjectId};
use crate::sheet::FontFile;
use crate::write;

/// Which of the two typefaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// Both typefaces, shared by everything one update draws.
pub(crate) struct Typefaces<'f> {
    regular: Typeface<'f>,
    bold: Typeface<'f>,
}

/// A text style: weight, size in points, darkness (0 black, 1 white).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Style {
    pub(crate) weight: Weight,
    pub(crate) size: f64,
    pub(crate) gray: f64,
}

impl Style {
    pub(crate) const fn new(weight: Weight, size: f64, gray: f64) -> Self {
        Self { weight, size, gray }
    }

    pub(crate) fn scaled(self, factor: f64) -> Self {
        Self {
            size: self.size * factor,
            ..self
        }
    }

    /// The distance of base lines.
    pub(crate) fn leading(self) -> f64 {
        self.size * 1.36
    }
}

/// A place and a size: left, bottom, width, height in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) bottom: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl<'f> Typefaces<'f> {
    pub(crate) fn new(regular: FontFile<'f>, bold: FontFile<'f>) -> Result<Self, PdfError> {
        Ok(Self {
            regular: Typeface::new(regular.0)?,
            bold: Typeface::new(bold.0)?,
        })
    }

    fn of(&mut self, weight: Weight) -> &mut Typeface<'f> {
        match weight {
            Weight::Regular => &mut self.regular,
            Weight::Bold => &mut self.bold,
        }
    }

    pub(crate) fn width(&self, style: Style, text: &str) -> f64 {
        match style.weight {
            Weight::Regular => self.regular.width(text, style.size),
            Weight::Bold => self.bold.width(text, style.size),
        }
    }

    /// Breaks `text` into lines no wider than `width`, words whole where they fit, at most
    /// `lines_max`; what does not fit is cut with an ellipsis.
    pub(crate) fn wrap(
        &self,
        style: Style,
        text: &str,
        width: f64,
        lines_max: usize,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        // Long text is cut long before its last letter: measure no more than could be shown.
        let text: String = text.chars().take(4_000).collect();
        for (gap, piece) in pieces(&text) {
            let joined = if line.is_empty() {
                piece.to_owned()
            } else {
                format!("{line}{gap}{piece}")
            };
            if self.width(style, &joined) <= width {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in piece.chars() {
                line.push(letter);
                if self.width(style, &line) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
                if lines.len() > lines_max {
                    break;
                }
            }
            if lines.len() > lines_max {
                break;
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        if lines.len() > lines_max {
            lines.truncate(lines_max);
            if let Some(last) = lines.last_mut() {
                while self.width(style, &format!("{last}…")) > width && last.pop().is_some() {}
                last.push('…');
            }
        }
        lines
    }

    /// Embeds both; answers the resources that name them `/R` and `/B`.
    pub(crate) fn embed(self, update: &mut Update<'_, '_>) -> Result<ObjectId, PdfError> {
        let regular = self.regular.embed(update)?;
        let bold = self.bold.embed(update)?;
        let fonts = Dictionary::new().with("R", regular).with("B", bold);
        Ok(update.add(Dictionary::new().with("Font", fonts)))
    }
}

/// A content stream under construction.
#[derive(Default)]
pub(crate) struct Canvas {
    pub(crate) operators: Vec<u8>,
}

impl Canvas {
    pub(crate) fn text(
        &mut self,
        faces: &mut Typefaces<'_>,
        style: Style,
        (left, base): (f64, f64),
        text: &str,
    ) {
        let codes = faces.of(style.weight).codes(text);
        let name = match style.weight {
            Weight::Regular => 'R',
            Weight::Bold => 'B',
        };
        let Style { size, gray, .. } = style;
        write::text(
            &mut self.operators,
            format_args!("{gray:.2} g BT /{name} {size:.2} Tf {left:.2} {base:.2} Td "),
        );
        write::hexadecimal(&mut self.operators, &codes);
        self.operators.extend(b" Tj ET\n");
    }

    /// A horizontal rule.
    pub(crate) fn rule(&mut self, left: f64, right: f64, height: f64, (line, gray): (f64, f64)) {
        write::text(
            &mut self.operators,
            format_args!(
                "{gray:.2} G {line:.2} w {left:.2} {height:.2} m {right:.2} {height:.2} l S\n"
            ),
        );
    }

    /// A filled rectangle.
    pub(crate) fn fill(&mut self, frame: Frame, [red, green, blue]: [f64; 3]) {
        let Frame {
            left,
            bottom,
            width,
            height,
        } = frame;
        write::text(
            &mut self.operators,
            format_args!(
                "{red:.2} {green:.2} {blue:.2} rg \
                 {left:.2} {bottom:.2} {width:.2} {height:.2} re f\n"
            ),
        );
    }

    /// A stroked rectangle; `dash` as the operand of the operator, `[] 0` for a solid line.
    pub(crate) fn stroke(&mut self, frame: Frame, (line, gray): (f64, f64), dash: &str) {
        let Frame {
            left,
            bottom,
            width,
            height,
        } = frame;
        write::text(
            &mut self.operators,
            format_args!(
                "q {gray:.2} G {line:.2} w {dash} d \
                 {left:.2} {bottom:.2} {width:.2} {height:.2} re S Q\n"
            ),
        );
    }
}

/// Words, and parts of hyphenated words, each with what joins it to the one before.
fn pieces(text: &str) -> impl Iterator<Item = (&'static str, &str)> {
    text.split_whitespace().flat_map(|word| {
        let parts = word.split_inclusive('-').enumerate();
        parts.map(|(index, part)| (if index == 0 { " " } else { "" }, part))
    })
}

/// Four numbers of a rectangle, to hundredths of a point.
pub(crate) fn rectangle([left, bottom, right, top]: [f64; 4]) -> Object {
    let rounded = |value: f64| Object::Real((value * 100.0).round() / 100.0);
    Object::from([left, bottom, right, top].map(rounded).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STYLE: Style = Style::new(Weight::Bold, 10.0, 0.0);

    fn faces() -> Typefaces<'static> {
        let font = |bytes| FontFile(bytes);
        Typefaces::new(font(dejavu::sans::regular()), font(dejavu::sans::bold())).unwrap()
    }

    #[test]
    fn a_name_of_eighty_letters_is_broken_and_an_endless_one_is_cut_visibly() {
        let faces = faces();
        let name = "Константинопольский-Преображенский Александр";
        let lines = faces.wrap(STYLE, name, 200.0, 5);
        assert_eq!(lines, ["Константинопольский-", "Преображенский Александр"]);
        let one_word = faces.wrap(STYLE, &"Ж".repeat(80), 200.0, 9);
        assert_eq!(one_word.concat(), "Ж".repeat(80));
        let endless = faces.wrap(STYLE, &"слово ".repeat(100_000), 200.0, 2);
        assert!(
            endless.len() == 2 && endless[1].ends_with('…'),
            "{endless:?}"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_line_is_wider_than_asked(
            text in "[А-яёA-z0-9 №₽«»,.-]{0,200}",
            width in 40.0..300.0,
        ) {
            let faces = faces();
            let lines = faces.wrap(STYLE, &text, width, 4);
            prop_assert!(lines.len() <= 4);
            for line in &lines {
                prop_assert!(faces.width(STYLE, line) <= width, "{line}");
            }
            if !lines.last().is_some_and(|line| line.ends_with('…')) {
                let letters = |text: &str| text.split_whitespace().collect::<String>();
                prop_assert_eq!(letters(&lines.concat()), letters(&text));
            }
        }
    }
}
