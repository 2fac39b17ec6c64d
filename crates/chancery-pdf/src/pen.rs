//! Where the pen is while a content stream runs: its state and its line of text.

use std::rc::Rc;

use crate::error::PdfError;
use crate::ink::{Clip, Colour, Ink, Mixing};
use crate::letter::{Between, Certain, Down, Letter, Letters};
use crate::object::Object;
use crate::painter::{damaged, exactly};
use crate::plane::{Matrix, Region};
use crate::shown::{Area, Body, Mass};

/// Widest strokes of letters, in ems, that leave them thin, and the thinnest that are drawn.
const BOLD_MAX: f64 = 0.08;
const THINNEST: f64 = 0.5;
/// How much narrower than they are made letters may stand.
const NARROWED: f64 = 0.8;
/// How unsure, in ems, a width is that no font states.
const UNSURE: f64 = 0.002;
/// How flat or narrow letters may be made, and how far they may lean.
const SHAPE_LEAST: f64 = 0.5;
const SLANT_MAX: f64 = 0.4;

/// How strokes are joined (8.4.3.4).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corners {
    /// 0, where they go on until they meet.
    pub(crate) way: f64,
    /// How far they do, in widths.
    pub(crate) most: f64,
}

impl Default for Corners {
    fn default() -> Self {
        Self {
            way: 0.0,
            most: 10.0,
        }
    }
}

impl Corners {
    /// How long corners may be drawn, if they are drawn at all.
    pub(crate) fn limit(self) -> Option<f64> {
        (self.way == 0.0).then_some(self.most.max(1.0))
    }
}

/// What `q` saves, as far as it decides on places.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) place: Matrix,
    pub(crate) font: Rc<Letters>,
    pub(crate) size: f64,
    spacing: f64,
    word_spacing: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    pub(crate) fill: Ink,
    pub(crate) stroke: Ink,
    /// How wide strokes are, in the units of the page's space when they are set.
    pub(crate) width: f64,
    pub(crate) corners: Corners,
    pub(crate) clip: Clip,
    pub(crate) mixing: Mixing,
    /// How letters are shown (9.3.6): filled, stroked, both, not at all; and let paint through.
    pub(crate) way: f64,
    /// Whether it is shown only sometimes: it belongs to a layer.
    pub(crate) layered: bool,
}

impl State {
    pub(crate) fn at(place: Matrix) -> Self {
        Self {
            place,
            font: Rc::new(Letters::unknown()),
            size: 1.0,
            spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            fill: Ink::default(),
            stroke: Ink::default(),
            width: 1.0,
            corners: Corners::default(),
            clip: Clip::default(),
            mixing: Mixing::default(),
            way: 0.0,
            layered: false,
        }
    }
}

/// A line of text: where it began, and how far it has come at least and at most.
pub(crate) struct Line {
    start: Matrix,
    least: f64,
    most: f64,
    /// Whether readers differ in where it begins.
    lost: bool,
    /// Whether it belongs to a text object: `BT` … `ET`.
    open: bool,
}

impl Default for Line {
    /// Before the first text object: some readers go on where the content around this one was.
    fn default() -> Self {
        Self {
            lost: true,
            open: false,
            ..Self::at(Matrix::IDENTITY)
        }
    }
}

impl Line {
    const fn at(start: Matrix) -> Self {
        Self {
            start,
            least: 0.0,
            most: 0.0,
            lost: false,
            open: true,
        }
    }

    fn next(&self, x: f64, y: f64) -> Self {
        Self {
            lost: self.lost,
            open: self.open,
            ..Self::at(Matrix::shift(x, y).then(self.start))
        }
    }

    /// `Q`: within a text object some readers take the line back too (9.4.1 does not allow it).
    pub(crate) fn restored(&mut self) {
        self.lost |= self.open;
    }

    /// Operators of text that show nothing themselves.
    pub(crate) fn step(
        &mut self,
        state: &mut State,
        word: &[u8],
        operands: &[Object],
    ) -> Result<(), PdfError> {
        match word {
            b"BT" => *self = Self::at(Matrix::IDENTITY),
            b"ET" => (self.lost, self.open) = (true, false),
            b"Tm" => {
                *self = Self {
                    open: self.open,
                    ..Self::at(Matrix(exactly(operands)?))
                }
            }
            b"Td" => {
                let [x, y] = exactly(operands)?;
                *self = self.next(x, y);
            }
            b"TD" => {
                let [x, y] = exactly(operands)?;
                state.leading = -y;
                *self = self.next(x, y);
            }
            b"T*" => *self = self.next(0.0, -state.leading),
            b"Tc" => [state.spacing] = exactly(operands)?,
            b"Tw" => [state.word_spacing] = exactly(operands)?,
            b"Tz" => {
                let [percent] = exactly(operands)?;
                state.scale = percent / 100.0;
            }
            b"TL" => [state.leading] = exactly(operands)?,
            b"Ts" => [state.rise] = exactly(operands)?,
            _ => {}
        }
        Ok(())
    }

    /// `Tj`, `TJ`, `'` and `"`: the places of what they show.
    pub(crate) fn show(
        &mut self,
        state: &mut State,
        word: &[u8],
        operands: &[Object],
    ) -> Result<Vec<Area>, PdfError> {
        let strings = match (word, operands) {
            (b"Tj", [text]) => std::slice::from_ref(text),
            (b"TJ", [Object::Array(list)]) => list.as_slice(),
            (b"'", [text]) => {
                *self = self.next(0.0, -state.leading);
                std::slice::from_ref(text)
            }
            (b"\"", [word_spacing, spacing, text]) => {
                state.word_spacing = word_spacing.as_number().ok_or_else(damaged)?;
                state.spacing = spacing.as_number().ok_or_else(damaged)?;
                *self = self.next(0.0, -state.leading);
                std::slice::from_ref(text)
            }
            _ => return Err(damaged()),
        };
        if self.lost {
            return Err(damaged());
        }
        let mut areas = Vec::new();
        for piece in strings {
            match piece {
                Object::String(text) => areas.extend(self.letters(state, &text.bytes)?),
                piece => {
                    let back = piece.as_number().ok_or_else(damaged)? / 1000.0 * state.size;
                    self.space(state, Between::ZERO, Between::exactly(-back));
                }
            }
        }
        Ok(areas)
    }

    /// Moves the pen along the line, by a letter and by a gap.
    fn space(&mut self, state: &State, letter: Between, gap: Between) {
        let (one, other) = match state.font.down {
            // Whether a gap widens or narrows the line, readers do not agree on.
            Some(_) => {
                let gap = gap.least.abs().max(gap.most.abs());
                (letter.least - gap, letter.most + gap)
            }
            None => (
                (letter.least + gap.least) * state.scale,
                (letter.most + gap.most) * state.scale,
            ),
        };
        self.least += one.min(other);
        self.most += one.max(other);
    }

    /// One region around the letters of a string; none around no letter.
    fn letters(&mut self, state: &State, text: &[u8]) -> Result<Option<Area>, PdfError> {
        let font = Rc::clone(&state.font);
        let size = state.size;
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut apart = true;
        for (letter, code) in font.of(text).zip(text) {
            let own = letter.advance.ok_or_else(damaged)?;
            let reaches = match font.down {
                Some(down) => reach_up(&font, down).map(|reach| reach * size),
                None => [font.beside.0, font.beside.1, own.least, own.most]
                    .map(|reach| reach * size * state.scale),
            };
            for edge in [self.least, self.most] {
                for reach in reaches {
                    low = low.min(edge).min(edge + reach);
                    high = high.max(edge).max(edge + reach);
                }
            }
            let Letter { space, whole, .. } = letter;
            let (gap, word) = (
                whole.counts(state.spacing),
                space.counts(state.word_spacing),
            );
            let gap = Between {
                least: gap.least + word.least,
                most: gap.most + word.most,
            };
            apart &= are_apart(*code, own, gap.least / size);
            let advance = font.down.map_or(own, |down| match whole {
                Certain::Yes => down.advance,
                // Several bytes may be one letter.
                _ => down.advance.with(Between::ZERO),
            });
            self.space(state, advance.times(size), gap);
        }
        if low > high || size == 0.0 {
            return Ok(None);
        }
        let region = match font.down {
            Some(down) => {
                let widest = font.beside.1.max(font.widest());
                let (left, right) = (font.beside.0 - down.across.most, widest - down.across.least);
                // As wide as an em on both sides, where vertical writing is not known.
                let (left, right) = (left.min(-1.0), right.max(1.0));
                let (left, right) = (left * size * state.scale, right * size * state.scale);
                Region::of([left, low + state.rise, right, high + state.rise])
            }
            None => {
                let (below, above) = font.height;
                Region::of([
                    low,
                    state.rise + below * size,
                    high,
                    state.rise + above * size,
                ])
            }
        };
        self.area(state, &region, apart).map(Some)
    }

    /// What letters within a region of the line cover; `apart`, if none stands over another one.
    fn area(&self, state: &State, region: &Region, apart: bool) -> Result<Area, PdfError> {
        let (font, size) = (&state.font, state.size);
        let place = self.start.then(state.place);
        let large = place.stretch() * size.abs() * state.scale.abs().max(1.0);
        let bold = state.stroked().unwrap_or(0.0);
        // Letters that a file draws may have colours of their own.
        let pale = font.is_drawn || state.is_pale();
        let thin = bold <= (BOLD_MAX * large).max(THINNEST);
        let plain = apart && thin && !pale && is_in_shape(&place, state.scale);
        let region = place.region(region)?;
        Ok(Area {
            region: if thin { region } else { region.grown(bold) },
            mass: Mass::Text,
            body: match font.is_common {
                true if plain => Body::Letters { size: large },
                _ => Body::Solid,
            },
            pale,
            level: place.0[1] == 0.0 && place.0[3] > 0.0 && font.down.is_none(),
        })
    }
}

impl State {
    /// How wide the strokes are that letters are drawn with, in points; nothing, where they have
    /// none (9.3.6).
    fn stroked(&self) -> Option<f64> {
        let bare = [0.0, 3.0, 4.0, 7.0].contains(&self.way);
        (!bare).then(|| (self.width * self.place.stretch()).abs().max(THINNEST))
    }

    /// Whether letters may be painted in a colour that is not seen on paper.
    fn is_pale(&self) -> bool {
        let dark = |ink: Ink, filling| {
            let colour = ink.colour.filter(|_| self.mixing.covers(filling));
            colour.is_some_and(Colour::is_dark)
        };
        let filled = ![1.0, 5.0].contains(&self.way);
        let stroked = self.stroked().is_some();
        filled && !dark(self.fill, true) || stroked && !dark(self.stroke, false)
    }
}

/// Whether the next letter stands beside this one and not over it, as letters of readers' own fonts
/// are wide: `gap` is what moves the pen beside the letter's width, in ems.
fn are_apart(code: u8, own: Between, gap: f64) -> bool {
    let least = match code {
        b' ' => 0.0,
        b'i' | b'j' | b'l' | b't' | b'f' | b'I' => 0.2,
        b'!' | b'\'' | b'(' | b')' | b',' | b'.' | b'/' | b':' | b';' | b'[' | b']' | b'|' => 0.18,
        b'r' | b's' | b'-' | b'`' | b'"' | b'{' | b'}' | b'J' => 0.3,
        b'm' | b'w' | b'M' | b'W' | b'@' | b'%' => 0.6,
        b'A'..=b'Z' | b'#' | b'&' => 0.5,
        _ => 0.35,
    };
    // A width that is not stated is that of the readers' font.
    let width = match own.most - own.least > UNSURE {
        true => least,
        false => own.least,
    };
    width + gap >= least * NARROWED
}

/// Whether letters are about as wide and as upright as they were made.
fn is_in_shape(place: &Matrix, scale: f64) -> bool {
    let [a, b, c, d, ..] = place.0;
    let (across, up) = (a.hypot(b) * scale.abs(), c.hypot(d));
    let even = across >= up * SHAPE_LEAST && up >= across * SHAPE_LEAST;
    even && (a * c + b * d).abs() <= SLANT_MAX * a.hypot(b) * up
}

/// How far letters written downwards reach below and above the pen, in ems.
fn reach_up(font: &Letters, down: Down) -> [f64; 4] {
    let (below, above) = font.height;
    [
        below - down.up.most,
        above - down.up.least,
        down.advance.least,
        down.advance.most,
    ]
}
