//! The text that the appearance of a form field shows, where it shows text and nothing else.
//!
//! Text that is seen: of one size, in the box, in order, and not in the colour of its ground.
//! Beside it a ground and a border may be painted, before the text and along the edges of the box.

use std::collections::{BTreeMap, BTreeSet};

use crate::appearance::Reader;
use crate::fill_measure::{Placing, brightness, letter, reach, rectangle, within};
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
/// How many lines a rectangle has.
const RECTANGLE: usize = 4;
/// Least difference in brightness, of 1, between letters and their ground.
pub(crate) const CONTRAST_MIN: f64 = 0.25;
/// How far from an edge of the box a border may run, in points and as a share of the box.
const BORDER_MAX: (f64, f64) = (4.0, 0.2);
/// How far text may begin or end outside of what is seen, in points and of its size.
const OVERHANG: (f64, f64) = (2.0, 0.1);
/// How far letters reach above the line that they stand on, and how much of that may be cut.
const LETTERS_UP: f64 = 0.7;
const CUT_MAX: f64 = 0.1;

/// How far letters may step back upon the last one, in sizes of theirs.
const BACK_MAX: f64 = 0.25;
/// How far apart letters of one text may stand, in sizes of theirs.
const APART_MAX: f64 = 3.0;
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
    /// The fonts by their names, each with the codes that are shown in it.
    pub fonts: BTreeMap<Vec<u8>, BTreeSet<u8>>,
}

/// The shown text, or nothing if the content does anything that showing text does not need. `area`
/// is the box of the form: left, bottom, right, top.
pub(crate) fn look(content: &[u8], area: [f64; 4]) -> Option<Look> {
    if content.len() > CONTENT_BYTES_MAX {
        return None;
    }
    let mut reader = Reader { rest: content };
    let mut writer = Writer::new(area);
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
    line_width: f64,
    font: Option<Vec<u8>>,
    size: f64,
    leading: f64,
    between: f64,
    words: f64,
}

/// Where text was shown last.
#[derive(Clone, Copy)]
struct Shown {
    y: f64,
    /// Where it ends at the earliest.
    end: f64,
}

struct Writer {
    area: [f64; 4],
    state: State,
    saved: Vec<State>,
    line: Placing,
    /// Whether the place of the text was set since text was shown.
    is_moved: bool,
    last: Option<Shown>,
    sizes: Option<(f64, f64)>,
    /// How bright all is that may lie beneath the text.
    grounds: Vec<f64>,
    path: Vec<[(f64, f64); 2]>,
    point: Option<(f64, f64)>,
    first: Option<(f64, f64)>,
    lines: u32,
    clips: bool,
    in_text: bool,
    marked: u32,
    look: Look,
}

impl Writer {
    fn new(area: [f64; 4]) -> Self {
        Self {
            area,
            state: State {
                placing: Placing::NONE,
                clip: area,
                ink: 0.0,
                line_width: 1.0,
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
            b"q" | b"Q" | b"BT" | b"ET" | b"BMC" | b"EMC" => self.nest(operator, operands)?,
            b"cm" => {
                let own = Placing::of(operands.numbers()?)?;
                self.state.placing = own.within(self.state.placing);
            }
            b"g" => self.state.ink = brightness(&operands.numbers::<1>()?)?,
            b"rg" => self.state.ink = brightness(&operands.numbers::<3>()?)?,
            b"k" => self.state.ink = brightness(&operands.numbers::<4>()?)?,
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
            b"d" => operands.dashes()?,
            _ => self.write(operator, operands)?,
        }
        Some(())
    }

    /// Begins and ends what is nested.
    fn nest(&mut self, operator: &[u8], operands: &Operands) -> Option<()> {
        if operator == b"BMC" {
            operands.name()?;
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
                    self.path.push([from, to]);
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
        // What comes after the text would lie over it.
        if self.last.is_some() || !self.runs_along(&path, BORDER_MAX) {
            return None;
        }
        let strokes = matches!(operator, b"s" | b"S" | b"B" | b"b");
        if strokes && self.state.line_width * self.state.placing.across > 2.0 * BORDER_MAX.0 {
            return None;
        }
        if !matches!(operator, b"s" | b"S") && self.is_ground(&path) {
            // A frame lets shine through what was there, and so does a line there and back.
            if path.len() == RECTANGLE && encloses(&path) * 2.0 >= self.extent() {
                self.grounds.clear();
            }
            self.grounds.push(self.state.ink);
        }
        Some(())
    }

    /// Whether every line lies along an edge of the box, or outside of it.
    fn runs_along(&self, path: &[[(f64, f64); 2]], (most, share): (f64, f64)) -> bool {
        let [left, bottom, right, top] = self.area;
        let (side, end) = (
            most.min((right - left) * share),
            most.min((top - bottom) * share),
        );
        path.iter().all(|line| {
            line.iter().all(|(x, _)| *x <= left + side)
                || line.iter().all(|(x, _)| *x >= right - side)
                || line.iter().all(|(_, y)| *y <= bottom + end)
                || line.iter().all(|(_, y)| *y >= top - end)
        })
    }

    /// Whether a filled path reaches over half of the box.
    fn is_ground(&self, path: &[[(f64, f64); 2]]) -> bool {
        let points = || path.iter().flatten();
        let span = |of: fn(&(f64, f64)) -> f64| {
            let least = points().map(of).fold(f64::INFINITY, f64::min);
            let most = points().map(of).fold(f64::NEG_INFINITY, f64::max);
            most - least
        };
        span(|point| point.0) * span(|point| point.1) >= self.extent() / 2.0
    }

    /// The area of the box.
    fn extent(&self) -> f64 {
        let [left, bottom, right, top] = self.area;
        (right - left) * (top - bottom)
    }

    fn write(&mut self, operator: &[u8], operands: &Operands) -> Option<()> {
        match operator {
            b"Tf" => {
                let (font, size) = operands.font()?;
                self.state.font = Some(font.to_vec());
                self.state.size = size;
            }
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
        let [left, bottom, right, top] = self.state.clip;
        let last = self.last;
        let start = match last {
            Some(last) if !self.is_moved => last.end,
            _ => placing.x,
        };
        if let Some(last) = last.filter(|_| self.is_moved) {
            let down = last.y - placing.y;
            let beside = down.abs() <= 0.1 * size;
            let follows = beside && start >= last.end;
            let apart = beside && start > last.end + APART_MAX * size;
            if !follows && down < 0.5 * size || apart {
                return None;
            }
        }
        let (least, most) = self.write_parts(parts)?;
        let end = start + least * placing.across;
        let over = OVERHANG.0.min(OVERHANG.1 * size);
        let inside = start >= left - over
            && start + most * placing.across <= right + over
            && placing.y >= bottom - CUT_MAX * size
            && placing.y + (LETTERS_UP - CUT_MAX) * size <= top;
        self.is_moved = false;
        self.last = Some(Shown { y: placing.y, end });
        // Shown on a line of its own, or moved: never glued into another word.
        self.look.text.push(' ');
        inside.then_some(())
    }

    /// Takes the letters in; how far they reach at least and, where they are digits, at most, or
    /// nothing if one lies upon another.
    fn write_parts(&mut self, parts: &[Piece]) -> Option<(f64, f64)> {
        let State {
            size,
            between,
            words,
            ..
        } = self.state;
        let shown = self.look.fonts.entry(self.state.font.clone()?).or_default();
        let (mut least, mut most, mut blanks) = (0.0, 0.0, 0_usize);
        let mut reached: f64 = 0.0;
        for part in parts {
            match part {
                Piece::Gap(gap) => {
                    let moved = -gap / 1000.0 * size;
                    least += moved;
                    most += moved;
                    // Many small steps are a large one.
                    if least < reached - BACK_MAX * size || moved > APART_MAX * size {
                        return None;
                    }
                }
                Piece::Text(bytes) => {
                    shown.extend(bytes);
                    for byte in bytes {
                        self.look.text.push(letter(*byte)?);
                        let own = reach(&[*byte]);
                        let gap = if *byte == b' ' {
                            between + words
                        } else {
                            between
                        };
                        if gap < -0.1 * size || gap > APART_MAX * size {
                            return None;
                        }
                        blanks = blanks.saturating_add(usize::from(*byte == b' '));
                        let step = own.0 * size + gap;
                        if step <= 0.0 {
                            return None;
                        }
                        least += step;
                        most += own.1 * size + gap;
                        reached = reached.max(least);
                    }
                }
            }
        }
        self.look.blanks = self.look.blanks.saturating_add(blanks);
        Some((least, most))
    }
}

/// The area that closed lines go around.
fn encloses(path: &[[(f64, f64); 2]]) -> f64 {
    let twice = path.iter().map(|[from, to]| from.0 * to.1 - to.0 * from.1);
    twice.sum::<f64>().abs() / 2.0
}

#[cfg(test)]
mod tests {
    use super::look;

    fn show(content: &str) -> Option<String> {
        let look = look(content.as_bytes(), [0.0, 0.0, 100.0, 20.0]);
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
