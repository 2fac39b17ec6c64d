//! Where the pen is while a content stream runs: its state and its line of text.

use std::rc::Rc;

use crate::error::PdfError;
use crate::ink::{Clip, Ink, Mixing};
use crate::letter::{Between, Certain, Down, Letter, Letters};
use crate::object::Object;
use crate::painter::{damaged, exactly};
use crate::plane::{Matrix, Region};
use crate::shown::{Area, Body, Mass};

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
        for letter in font.of(text) {
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
        let place = self.start.then(state.place);
        let large = place.stretch() * size.abs() * state.scale.abs().max(1.0);
        Ok(Some(Area {
            region: place.region(&region)?,
            mass: Mass::Text,
            body: match font.is_common {
                true => Body::Letters { size: large },
                false => Body::Solid,
            },
        }))
    }
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
