//! Sets text on A4 pages: embedded letters, justified lines, a file whose table is honest.

use crate::face::{Face, FaceError};
use crate::file::write;

/// Points.
pub(crate) const WIDTH: f64 = 595.0;
pub(crate) const HEIGHT: f64 = 842.0;
const LEFT: f64 = 71.0;
const RIGHT: f64 = 57.0;
const TOP: f64 = 64.0;
const BOTTOM: f64 = 70.0;
const SIZE: f64 = 10.5;
const LEADING: f64 = 15.0;
const GUTTER: f64 = 24.0;
/// Of rows and notes.
const SMALL_SIZE: f64 = 9.0;
const SMALL_LEADING: f64 = 12.5;
/// The width of a row's name, in points.
const NAME_WIDTH: f64 = 140.0;

/// A part of a paper, from top to bottom.
#[derive(Clone, Debug)]
pub enum Block {
    /// The title, in the middle.
    Title(String),
    /// A line at each margin: the city, the date.
    Margins(String, String),
    /// A numbered heading, in the middle.
    Heading(String),
    /// Text across the page.
    Paragraph(String),
    /// Two columns of lines, side by side: the parties' details. They stay on one page.
    Columns(Vec<String>, Vec<String>),
    /// A bold line at the left margin: what the rows beneath are about.
    Section(String),
    /// A name and a value, side by side and smaller.
    Row(String, String),
    /// Small text across the page.
    Note(String),
}

/// Which letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typeface {
    /// For papers that are read.
    Serif,
    /// For tables and protocols.
    Sans,
}

/// What a paper is called and how it looks.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    /// The language, as RFC 5646 writes it.
    pub lang: &'a str,
    /// The title in the file's information.
    pub title: &'a str,
    /// Under every page, beside the page's number.
    pub footer: &'a str,
    /// Who made the file: ASCII letters, digits and spaces.
    pub producer: &'a str,
    /// Its letters.
    pub typeface: Typeface,
}

/// The most characters of all blocks together: more make a file that nobody reads.
pub const CHARACTERS_MAX: usize = 4_000_000;

/// The pages of `blocks` as a PDF.
///
/// # Errors
///
/// [`TypesetError`] if there is more than [`CHARACTERS_MAX`], or the built-in typeface cannot be
/// used.
pub fn typeset(paper: &Paper<'_>, blocks: &[Block]) -> Result<Vec<u8>, TypesetError> {
    if blocks.iter().map(Block::characters).sum::<usize>() > CHARACTERS_MAX {
        return Err(TypesetError::TooLong);
    }
    let [(text, text_bytes), (bold, bold_bytes)] = match paper.typeface {
        Typeface::Serif => [
            ("CHANCA+DejaVuSerif", dejavu::serif::regular()),
            ("CHANCB+DejaVuSerif-Bold", dejavu::serif::bold()),
        ],
        Typeface::Sans => [
            ("CHANCC+DejaVuSans", dejavu::sans::regular()),
            ("CHANCD+DejaVuSans-Bold", dejavu::sans::bold()),
        ],
    };
    let mut setter = Setter {
        text: Face::new("F1", text, text_bytes)?,
        bold: Face::new("F2", bold, bold_bytes)?,
        pages: vec![Vec::new()],
        y: HEIGHT - TOP,
    };
    for block in blocks {
        setter.set(block);
    }
    setter.number_pages(paper.footer);
    let Setter {
        text, bold, pages, ..
    } = setter;
    Ok(write(paper, &pages, &[text, bold])?)
}

/// Why no paper was made.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum TypesetError {
    /// The built-in typeface.
    #[error(transparent)]
    Face(#[from] FaceError),
    /// The text.
    #[error("the text is longer than {CHARACTERS_MAX} characters")]
    TooLong,
}

impl Block {
    fn characters(&self) -> usize {
        let lines = |lines: &[String]| lines.iter().map(|line| line.chars().count()).sum();
        match self {
            Self::Title(text)
            | Self::Heading(text)
            | Self::Paragraph(text)
            | Self::Section(text)
            | Self::Note(text) => text.chars().count(),
            Self::Margins(left, right) | Self::Row(left, right) => {
                left.chars().count().saturating_add(right.chars().count())
            }
            Self::Columns(left, right) => {
                let left: usize = lines(left);
                left.saturating_add(lines(right))
            }
        }
    }
}

struct Setter {
    text: Face,
    bold: Face,
    pages: Vec<Vec<u8>>,
    y: f64,
}

/// Which of the two faces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Text,
    Bold,
}

/// How a line stands between its margins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    Left,
    Middle,
    Right,
    Justified,
}

/// Where a line stands, and how large.
#[derive(Clone, Copy)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
    size: f64,
    weight: Weight,
    stand: Stand,
}

impl Setter {
    fn set(&mut self, block: &Block) {
        match block {
            Block::Title(text) => self.centred(text, 14.0, 20.0),
            Block::Heading(text) => {
                self.room(LEADING * 4.0);
                self.y -= 6.0;
                self.centred(text, SIZE, LEADING);
            }
            Block::Margins(left, right) => self.margins(left, right),
            Block::Paragraph(text) => self.paragraph(text),
            Block::Columns(left, right) => self.columns(left, right),
            Block::Section(text) => self.section(text),
            Block::Row(name, value) => self.row(name, value),
            Block::Note(text) => self.note(text),
        }
    }

    fn section(&mut self, text: &str) {
        // Never alone at the foot of a page.
        self.room(LEADING * 4.0);
        self.y -= 8.0;
        for line in self.wrap(text, WIDTH - LEFT - RIGHT, SIZE, Weight::Bold) {
            self.room(LEADING);
            self.y -= LEADING;
            let weight = Weight::Bold;
            self.line(
                &line,
                Place {
                    weight,
                    ..self.whole()
                },
            );
        }
        self.y -= 2.0;
    }

    fn row(&mut self, name: &str, value: &str) {
        let width = WIDTH - LEFT - RIGHT - NAME_WIDTH;
        let names = self.wrap(name, NAME_WIDTH - 8.0, SMALL_SIZE, Weight::Text);
        let values: Vec<String> = value
            .lines()
            .flat_map(|line| self.wrap(line, width, SMALL_SIZE, Weight::Text))
            .collect();
        for index in 0..names.len().max(values.len()) {
            self.room(SMALL_LEADING);
            self.y -= SMALL_LEADING;
            let place = Place {
                size: SMALL_SIZE,
                ..self.whole()
            };
            if let Some(line) = names.get(index) {
                self.line(line, place);
            }
            if let Some(line) = values.get(index) {
                let x = LEFT + NAME_WIDTH;
                self.line(line, Place { x, width, ..place });
            }
        }
        self.y -= 2.0;
    }

    fn note(&mut self, text: &str) {
        for line in self.wrap(text, WIDTH - LEFT - RIGHT, SMALL_SIZE, Weight::Text) {
            self.room(SMALL_LEADING);
            self.y -= SMALL_LEADING;
            let size = SMALL_SIZE;
            self.line(
                &line,
                Place {
                    size,
                    ..self.whole()
                },
            );
        }
        self.y -= 3.0;
    }

    /// Begins a page if `height` points do not fit on this one.
    fn room(&mut self, height: f64) {
        if self.y - height < BOTTOM {
            self.pages.push(Vec::new());
            self.y = HEIGHT - TOP;
        }
    }

    fn centred(&mut self, text: &str, size: f64, leading: f64) {
        for line in self.wrap(text, WIDTH - LEFT - RIGHT, size, Weight::Bold) {
            self.room(leading);
            self.y -= leading;
            let place = Place {
                size,
                weight: Weight::Bold,
                stand: Stand::Middle,
                ..self.whole()
            };
            self.line(&line, place);
        }
        self.y -= 4.0;
    }

    fn margins(&mut self, left: &str, right: &str) {
        self.room(LEADING * 2.0);
        self.y -= LEADING;
        self.line(left, self.whole());
        let stand = Stand::Right;
        self.line(
            right,
            Place {
                stand,
                ..self.whole()
            },
        );
        self.y -= 10.0;
    }

    fn paragraph(&mut self, text: &str) {
        let lines = self.wrap(text, WIDTH - LEFT - RIGHT, SIZE, Weight::Text);
        let last = lines.len().saturating_sub(1);
        for (index, line) in lines.iter().enumerate() {
            self.room(LEADING);
            self.y -= LEADING;
            let stand = if index == last {
                Stand::Left
            } else {
                Stand::Justified
            };
            self.line(
                line,
                Place {
                    stand,
                    ..self.whole()
                },
            );
        }
        self.y -= 4.0;
    }

    fn columns(&mut self, left: &[String], right: &[String]) {
        let width = (WIDTH - LEFT - RIGHT - GUTTER) / 2.0;
        let wrapped: Vec<Vec<String>> = [left, right]
            .into_iter()
            .map(|lines| {
                lines
                    .iter()
                    .flat_map(|line| self.wrap(line, width, SIZE, Weight::Text))
                    .collect()
            })
            .collect();
        let rows = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        let height = f64::from(u32::try_from(rows).unwrap_or(u32::MAX)) * LEADING;
        self.room(height + LEADING);
        let top = self.y;
        for (lines, x) in wrapped.iter().zip([LEFT, LEFT + width + GUTTER]) {
            self.y = top;
            for line in lines {
                self.y -= LEADING;
                let place = Place {
                    x,
                    width,
                    ..self.whole()
                };
                self.line(line, place);
            }
        }
        self.y = top - height - 6.0;
    }

    fn whole(&self) -> Place {
        Place {
            x: LEFT,
            y: self.y,
            width: WIDTH - LEFT - RIGHT,
            size: SIZE,
            weight: Weight::Text,
            stand: Stand::Left,
        }
    }

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Text => &self.text,
            Weight::Bold => &self.bold,
        }
    }

    /// Words into lines no wider than `width`; a word that is wider is broken.
    fn wrap(&self, text: &str, width: f64, size: f64, weight: Weight) -> Vec<String> {
        let face = self.face(weight);
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if face.width(&longer, size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            // What is left of a digest or an address after whole lines of it.
            line = face.break_word(word, width, size, &mut lines);
        }
        lines.push(line);
        lines
    }

    fn line(&mut self, text: &str, place: Place) {
        let natural = self.face(place.weight).width(text, place.size);
        let slack = (place.width - natural).max(0.0);
        let x = match place.stand {
            Stand::Left | Stand::Justified => place.x,
            Stand::Middle => place.x + slack / 2.0,
            Stand::Right => place.x + slack,
        };
        let gaps = text.matches(' ').count();
        let gap = if place.stand == Stand::Justified && gaps > 0 {
            // In thousandths of the size; a negative number in TJ widens (ISO 32000-2, 9.4.3).
            slack * 1000.0 / place.size / f64::from(u32::try_from(gaps).unwrap_or(1))
        } else {
            0.0
        };
        let face = match place.weight {
            Weight::Text => &mut self.text,
            Weight::Bold => &mut self.bold,
        };
        let mut shown = String::new();
        for piece in text.split_inclusive(' ') {
            shown.push_str(&face.codes(piece));
            if piece.ends_with(' ') && gap > 0.0 {
                shown.push_str(&format!("{:.1}", -gap));
            }
        }
        let line = format!(
            "BT /{} {} Tf {x:.2} {:.2} Td [{shown}] TJ ET\n",
            face.key, place.size, place.y
        );
        if let Some(page) = self.pages.last_mut() {
            page.extend(line.into_bytes());
        }
    }

    fn number_pages(&mut self, footer: &str) {
        let pages = std::mem::take(&mut self.pages);
        let count = pages.len();
        for (index, page) in pages.into_iter().enumerate() {
            self.pages.push(page);
            let place = Place {
                y: 40.0,
                size: 8.0,
                ..self.whole()
            };
            self.line(footer, place);
            let number = format!("{} / {count}", index.saturating_add(1));
            let stand = Stand::Right;
            self.line(&number, Place { stand, ..place });
        }
    }
}
