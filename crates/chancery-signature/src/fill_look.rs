//! The text that the appearance of a form field shows, where it shows text and nothing else.
//!
//! Text that is seen: of one size, in the box, in order, and not in the colour of its ground.
//! Beside it a ground and a border may be painted, before the text and along the edges of the box.

use std::collections::HashMap;
use std::rc::Rc;

use crate::appearance::Reader;
use crate::fill_border::{Area, BORDER_MAX, are_lines};
use crate::fill_fonts::Face;
use crate::fill_measure::{APART_MAX, Placing, brightness, measured, rectangle, within};
use crate::fill_operands::{Operands, Piece};

/// Largest content that is read, in bytes.
const CONTENT_BYTES_MAX: usize = 256 * 1024;
/// Most straight lines: enough for a border, too few to draw letters with.
const LINES_MAX: u32 = 32;
/// Deepest nesting of saved states.
const DEPTH_MAX: usize = 32;
/// Least size of letters on the page, in points, and how much larger than the least the largest
/// may be.
pub(crate) const SIZE_MIN: f64 = 3.0;
const SIZES_MAX: f64 = 1.1;
/// Least difference in brightness, of 1, between letters and their ground.
pub(crate) const CONTRAST_MIN: f64 = 0.25;
/// How far text may begin or end outside of what is seen, in points and of its size.
const OVERHANG: (f64, f64) = (2.0, 0.1);
/// How far apart lines stand at least, in sizes of their letters.
const LINES_APART: f64 = 0.8;
/// Operators within text, and those outside of it (ISO 32000-2, 8.2, figure 9).
const OF_TEXT: &[&[u8]] = &[b"Td", b"TD", b"Tm", b"T*", b"Tj", b"TJ", b"'", b"ET"];
const OUTSIDE: &[&[u8]] = &[
    b"q", b"Q", b"cm", b"m", b"l", b"re", b"h", b"W", b"W*", b"n", b"f", b"F", b"f*", b"s", b"S",
    b"B", b"b", b"BT",
];

/// What an appearance shows.
#[derive(Debug, Default)]
pub(crate) struct Look {
    pub text: String,
    /// How many blanks stand within the text.
    pub blanks: usize,
    /// The least size of its letters in the form; 0 if there are none.
    pub size: f64,
    /// The darkest and the lightest of what is written where no ground of its own is.
    pub inks: Option<(f64, f64)>,
}

/// What a font of a name draws.
pub(crate) type Faces<'f> = &'f dyn Fn(&[u8]) -> Option<Rc<Face>>;

/// The shown text, or nothing if the content does anything that showing text does not need. `area`
/// is the box of the form: left, bottom, right, top.
pub(crate) fn look(content: &[u8], area: [f64; 4], faces: Faces<'_>) -> Option<Look> {
    if content.len() > CONTENT_BYTES_MAX {
        return None;
    }
    let mut reader = Reader { rest: content };
    let mut writer = Writer::new(area, faces);
    while let Some((operator, operands)) = Operands::next(&mut reader)? {
        writer.apply(operator, &operands)?;
    }
    writer.finish()
}

#[derive(Clone)]
struct State {
    placing: Placing,
    /// What is seen: left, bottom, right, top.
    clip: [f64; 4],
    ink: f64,
    /// How many parts a colour has.
    parts: usize,
    line_width: f64,
    dashes: Vec<f64>,
    font: Option<Rc<Face>>,
    size: f64,
    leading: f64,
    between: f64,
    words: f64,
}

/// Where text was shown last.
#[derive(Clone, Copy)]
struct Shown {
    y: f64,
    /// Where it ends at the earliest, and where its last letter does that is no blank.
    end: f64,
    seen: f64,
}

struct Writer<'f> {
    faces: Faces<'f>,
    known: HashMap<Vec<u8>, Option<Rc<Face>>>,
    area: Area,
    /// What borders leave of it.
    inside: [f64; 4],
    state: State,
    saved: Vec<State>,
    line: Placing,
    /// Whether the place of the text was set since text was shown.
    is_moved: bool,
    last: Option<Shown>,
    sizes: Option<(f64, f64)>,
    /// How bright all is that may lie beneath the text.
    grounds: Vec<f64>,
    /// Whether the page is seen beneath it.
    is_bare: bool,
    path: Vec<[(f64, f64); 2]>,
    point: Option<(f64, f64)>,
    first: Option<(f64, f64)>,
    lines: u32,
    clips: bool,
    in_text: bool,
    marked: u32,
    look: Look,
}

impl<'f> Writer<'f> {
    fn new(area: [f64; 4], faces: Faces<'f>) -> Self {
        Self {
            faces,
            known: HashMap::new(),
            area: Area(area),
            inside: area,
            state: State {
                placing: Placing::NONE,
                clip: area,
                ink: 0.0,
                parts: 1,
                line_width: 1.0,
                dashes: Vec::new(),
                font: None,
                size: 0.0,
                leading: 0.0,
                between: 0.0,
                words: 0.0,
            },
            saved: Vec::new(),
            line: Placing::NONE,
            is_moved: true,
            last: None,
            sizes: None,
            grounds: vec![1.0],
            is_bare: true,
            path: Vec::new(),
            point: None,
            first: None,
            lines: 0,
            clips: false,
            in_text: false,
            marked: 0,
            look: Look::default(),
        }
    }

    /// What was shown, if all that was begun was ended.
    fn finish(mut self) -> Option<Look> {
        self.look.size = self.sizes.map_or(0.0, |(least, _)| least);
        let ended = !self.in_text && self.marked == 0 && self.saved.is_empty();
        ended.then_some(self.look)
    }

    fn apply(&mut self, operator: &[u8], operands: &Operands) -> Option<()> {
        let misplaced = match self.in_text {
            true => OUTSIDE.contains(&operator),
            false => OF_TEXT.contains(&operator),
        };
        if misplaced {
            return None;
        }
        match operator {
            b"q" | b"Q" | b"BT" | b"ET" | b"BMC" | b"BDC" | b"EMC" => {
                self.nest(operator, operands)?;
            }
            b"cm" => {
                let own = Placing::of(operands.numbers()?)?;
                self.state.placing = own.within(self.state.placing);
            }
            b"g" | b"rg" | b"k" | b"cs" | b"sc" | b"scn" | b"CS" | b"SC" | b"SCN" => {
                self.color(operator, operands)?;
            }
            b"w" => [self.state.line_width] = operands.numbers()?,
            b"m" | b"l" | b"re" | b"h" => self.draw(operator, operands)?,
            b"W" | b"W*" => {
                operands.none()?;
                self.clips = true;
            }
            b"n" | b"f" | b"F" | b"f*" | b"s" | b"S" | b"B" | b"b" => {
                operands.none()?;
                self.paint(operator)?;
            }
            // The colour and the form of lines.
            b"G" | b"j" | b"J" | b"M" | b"i" => drop(operands.numbers::<1>()?),
            b"RG" => drop(operands.numbers::<3>()?),
            b"K" => drop(operands.numbers::<4>()?),
            b"d" => self.state.dashes = operands.dashes()?,
            _ => self.write(operator, operands)?,
        }
        Some(())
    }

    /// Begins and ends what is nested.
    fn nest(&mut self, operator: &[u8], operands: &Operands) -> Option<()> {
        if matches!(operator, b"BMC" | b"BDC") {
            match operator {
                b"BMC" => drop(operands.name()?),
                _ => operands.marked()?,
            }
            self.marked = self.marked.checked_add(1)?;
            return Some(());
        }
        operands.none()?;
        match operator {
            b"q" if self.saved.len() < DEPTH_MAX => self.saved.push(self.state.clone()),
            b"Q" => self.state = self.saved.pop()?,
            b"BT" => {
                self.in_text = true;
                self.place(Placing::NONE);
            }
            b"ET" => self.in_text = false,
            b"EMC" => self.marked = self.marked.checked_sub(1)?,
            _ => return None,
        }
        Some(())
    }

    /// Chooses a colour of what is filled; that of lines is asked for its form alone.
    fn color(&mut self, operator: &[u8], operands: &Operands) -> Option<()> {
        let spaced = |name: &[u8]| match name {
            b"DeviceGray" => Some(1),
            b"DeviceRGB" => Some(3),
            b"DeviceCMYK" => Some(4),
            _ => None,
        };
        match operator {
            // Of each black is the first.
            b"cs" => (self.state.parts, self.state.ink) = (spaced(operands.name()?)?, 0.0),
            b"CS" => drop(spaced(operands.name()?)?),
            b"SC" | b"SCN" => drop(brightness(&operands.all_numbers()?)?),
            _ => {
                let parts = operands.all_numbers()?;
                let count = match operator {
                    b"g" => 1,
                    b"rg" => 3,
                    b"k" => 4,
                    _ => self.state.parts,
                };
                if parts.len() != count {
                    return None;
                }
                (self.state.parts, self.state.ink) = (count, brightness(&parts)?);
            }
        }
        Some(())
    }

    fn draw(&mut self, operator: &[u8], operands: &Operands) -> Option<()> {
        self.lines = self
            .lines
            .checked_add(1)
            .filter(|lines| *lines <= LINES_MAX)?;
        let placing = self.state.placing;
        match operator {
            b"re" => {
                let [x, y, width, height] = operands.numbers()?;
                let corners = [
                    (x, y),
                    (x + width, y),
                    (x + width, y + height),
                    (x, y + height),
                ];
                let [a, b, c, d] = corners.map(|(x, y)| placing.at(x, y));
                self.path.extend([[a, b], [b, c], [c, d], [d, a]]);
                (self.point, self.first) = (Some(a), Some(a));
            }
            b"h" => {
                operands.none()?;
                if let (Some(from), Some(to)) = (self.point, self.first) {
                    // Closed already.
                    if from != to || self.path.last().is_none_or(|[_, end]| *end != from) {
                        self.path.push([from, to]);
                    }
                    self.point = self.first;
                }
            }
            _ => {
                let [x, y] = operands.numbers()?;
                let to = placing.at(x, y);
                if operator == b"l" {
                    self.path.push([self.point?, to]);
                } else {
                    self.first = Some(to);
                }
                self.point = Some(to);
            }
        }
        Some(())
    }

    /// Paints what was drawn, or makes a clip of it.
    fn paint(&mut self, operator: &[u8]) -> Option<()> {
        let path = std::mem::take(&mut self.path);
        (self.point, self.first) = (None, None);
        if std::mem::take(&mut self.clips) {
            self.state.clip = within(self.state.clip, rectangle(&path)?);
        }
        if operator == b"n" || path.is_empty() {
            return Some(());
        }
        let strokes = matches!(operator, b"s" | b"S" | b"B" | b"b");
        // What comes after the text would lie over it.
        if self.last.is_some() || !self.area.is_border(&path, strokes) {
            return None;
        }
        let Placing { across, up, .. } = self.state.placing;
        let fills = !matches!(operator, b"s" | b"S");
        let is_ground = fills && self.area.is_ground(&path);
        let mut half = 0.0;
        if strokes {
            half = self.state.line_width.abs() * across.max(up) / 2.0;
            let seen = |scale| are_lines(&self.state.dashes, scale);
            if half > BORDER_MAX.0 || !seen(across) || !seen(up) {
                return None;
            }
        }
        if strokes || !is_ground {
            self.inside = self.area.inside(&path, half, self.inside);
        }
        if is_ground {
            if self.area.is_filled(&path) {
                self.grounds.clear();
                self.is_bare = false;
            }
            self.grounds.push(self.state.ink);
        }
        Some(())
    }

    fn write(&mut self, operator: &[u8], operands: &Operands) -> Option<()> {
        match operator {
            b"Tf" => {
                let (font, size) = operands.font()?;
                let known = self.known.get(font).cloned();
                self.state.font = known.unwrap_or_else(|| {
                    let face = (self.faces)(font);
                    self.known.insert(font.to_vec(), face.clone());
                    face
                });
                self.state.size = size;
            }
            // Letters that are filled, as wide and as high as they are.
            b"Tr" | b"Ts" => drop(operands.numbers::<1>().filter(|[number]| *number == 0.0)?),
            b"Tz" => drop(
                operands
                    .numbers::<1>()
                    .filter(|[number]| *number == 100.0)?,
            ),
            b"Tc" => [self.state.between] = operands.numbers()?,
            b"Tw" => [self.state.words] = operands.numbers()?,
            b"TL" => [self.state.leading] = operands.numbers()?,
            b"Td" => self.go(operands.numbers()?),
            b"TD" => {
                let [x, y] = operands.numbers()?;
                self.state.leading = -y;
                self.go([x, y]);
            }
            b"Tm" => self.place(Placing::of(operands.numbers()?)?),
            b"T*" => {
                operands.none()?;
                self.go([0.0, -self.state.leading]);
            }
            b"'" => {
                self.go([0.0, -self.state.leading]);
                self.show(&[Piece::Text(operands.text()?.to_vec())])?;
            }
            b"Tj" => self.show(&[Piece::Text(operands.text()?.to_vec())])?,
            b"TJ" => self.show(operands.pieces()?)?,
            _ => return None,
        }
        Some(())
    }

    fn place(&mut self, line: Placing) {
        self.line = line;
        self.is_moved = true;
    }

    fn go(&mut self, [x, y]: [f64; 2]) {
        let moved = Placing {
            x,
            y,
            ..Placing::NONE
        };
        self.place(moved.within(self.line));
    }

    fn show(&mut self, parts: &[Piece]) -> Option<()> {
        let placing = self.line.within(self.state.placing);
        let size = self.state.size * placing.up;
        let (least, most) = self.sizes.unwrap_or((size, size));
        let (least, most) = (least.min(size), most.max(size));
        self.sizes = Some((least, most));
        let legible = least > 0.0 && most <= least * SIZES_MAX;
        let differs = |ground: &f64| (self.state.ink - ground).abs() >= CONTRAST_MIN;
        let contrast = self.grounds.iter().all(differs);
        let narrowed = placing.across < placing.up * 0.5 || placing.across > placing.up * 2.0;
        if !legible || !contrast || narrowed {
            return None;
        }
        let [left, bottom, right, top] = within(self.state.clip, self.inside);
        let last = self.last;
        let start = match last {
            Some(last) if !self.is_moved => last.end,
            _ => placing.x,
        };
        if let Some(last) = last.filter(|_| self.is_moved) {
            let down = last.y - placing.y;
            let beside = down.abs() <= 0.1 * size;
            let follows = beside && start >= last.end - OVERHANG.1 * size;
            let apart = beside && start > last.end + APART_MAX * size;
            if !follows && down < LINES_APART * size || apart {
                return None;
            }
        }
        let State { between, words, .. } = self.state;
        let spaces = (self.state.size, between, words);
        let beside = last.filter(|last| (last.y - placing.y).abs() <= 0.1 * size);
        let behind = beside.map(|last| (last.seen - start) / placing.across);
        let written = measured(parts, self.state.font.as_deref()?, spaces, behind)?;
        if self.is_bare && !written.text.trim().is_empty() {
            let ink = self.state.ink;
            let (darkest, lightest) = self.look.inks.unwrap_or((ink, ink));
            self.look.inks = Some((darkest.min(ink), lightest.max(ink)));
        }
        self.look.text.push_str(&written.text);
        self.look.blanks = self.look.blanks.saturating_add(written.blanks);
        let end = start + written.least * placing.across;
        let over = OVERHANG.0.min(OVERHANG.1 * size);
        let inside = start >= left - over
            && start + written.most * placing.across <= right + over
            && placing.y - written.beneath * size >= bottom
            && placing.y + written.above * size <= top;
        self.is_moved = false;
        self.last = Some(Shown {
            y: placing.y,
            end,
            seen: start + written.seen * placing.across,
        });
        inside.then_some(())
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::look;
    use crate::fill_fonts::Face;

    fn show(content: &str) -> Option<String> {
        let faces = |_: &[u8]| Some(Rc::new(Face::helvetica()));
        let look = look(content.as_bytes(), [0.0, 0.0, 100.0, 20.0], &faces);
        look.map(|look| look.text.replace(' ', ""))
    }

    #[test]
    fn text_is_read_and_everything_else_is_refused() {
        let text = |shown: &str| show(&format!("/Tx BMC q BT /F1 12 Tf 2 3 Td {shown} ET Q EMC"));
        assert_eq!(
            text("(9\\0519 \\(a\\)) Tj <41> Tj").as_deref(),
            Some("9)9(a)A")
        );
        assert_eq!(text("[(a) -20 (b)] TJ").as_deref(), Some("ab"));
        // An image, a curve, invisible text, letters drawn by lines, a string without an end.
        for content in [
            "/I Do",
            "1 1 1 1 1 1 c f",
            "3 Tr (a) Tj",
            "(a",
            "BI ID EI",
            "{",
        ] {
            assert_eq!(text(content), None, "{content}");
        }
        assert_eq!(show(&"1 1 m 2 2 l S ".repeat(20)), None);
    }

    #[test]
    fn grounds_and_borders_are_painted_before_the_text_and_along_the_edges() {
        let text = "BT /F1 12 Tf 0 g 2 3 Td (a) Tj ET";
        for before in [
            "0.9 g 0 0 100 20 re f",
            "0.5 0.5 99 19 re s",
            "1 g 1 1 m 1 19 l 99 19 l 98 18 l 2 18 l 2 2 l f",
            "2 2 96 16 re W n",
            "[3 3] 0 d 0.5 0.5 99 19 re s",
            "0 0 m 100 0 l S",
            "/DeviceGray cs 0.9 sc 0 0 100 20 re f /DeviceRGB cs 0 0 0 scn /DeviceGray CS 0 SC",
        ] {
            assert_eq!(
                show(&format!("q {before} Q {text}")).as_deref(),
                Some("a"),
                "{before}"
            );
        }
        for before in [
            "40 0 20 20 re f",
            "50 5 m 50 15 l S",
            "20 w 0 0 m 100 0 l S",
            // A minus sign, a one, a comma, a dot, a bar upon the first letter, a lone dash.
            "0.3 8.6 m 3.7 8.6 l S",
            "2 3 m 2 11 l S",
            "12 1 m 11 3 l S",
            "1 J 1 1 m 1 1 l S",
            "0 0 m 100 0 l 99 1 l 98 1 l S",
            "8 w 4 0 m 4 20 l S",
            "0 0 3.9 20 re f",
            "8 w 0 2 m 100 2 l S",
            "4 w [1 30] 9 d 1 0 m 1 20 l S",
            "0 g 0 0 100 20 re f",
            "40 5 1 1 re W n",
        ] {
            assert_eq!(show(&format!("{before} {text}")), None, "{before}");
        }
        assert_eq!(show(&format!("{text} 1 g 0 0 100 20 re f")), None);
    }

    #[test]
    fn text_is_of_one_size_in_the_box_in_order_and_seen() {
        let text = |shown: &str| show(&format!("BT /F1 10 Tf {shown} ET"));
        assert_eq!(text("2 3 Td (1) Tj 20 0 Td (2) Tj").as_deref(), Some("12"));
        assert_eq!(text("2 12 Td (1) Tj 0 -8 Td (2) Tj").as_deref(), Some("12"));
        for shown in [
            "1 g 2 3 Td (1) Tj",
            "2 3 Td (1) Tj /F1 1 Tf (2) Tj",
            "20 3 Td (1) Tj -10 0 Td (2) Tj",
            "2 3 Td (1) Tj 1 0 Td (2) Tj",
            "2 3 Td [(1) 900 (2)] TJ",
            "2 3 Td 500 Tc (100) Tj",
            "2 3 Td -6 Tc (100) Tj",
            "2 30 Td (1) Tj",
            "-90 3 Td (1) Tj",
            "200 3 Td (1) Tj",
            "1 0 0 -1 2 3 Tm (1) Tj",
            "0 1 -1 0 2 3 Tm (1) Tj",
        ] {
            assert_eq!(text(shown), None, "{shown}");
        }
    }
}
