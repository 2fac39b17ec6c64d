//! Where the pen is while a content stream runs: its state and its line of text.

use std::rc::Rc;

use crate::error::PdfError;
use crate::ink::{Clip, Ink, Mixing};
use crate::letter::{Letter, Letters};
use crate::object::Object;
use crate::painter::{damaged, exactly};
use crate::plane::{Matrix, Region};
use crate::shown::{Area, Mass};

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
}

impl Default for Line {
    fn default() -> Self {
        Self::at(Matrix::IDENTITY)
    }
}

impl Line {
    const fn at(start: Matrix) -> Self {
        Self {
            start,
            least: 0.0,
            most: 0.0,
        }
    }

    fn next(&self, x: f64, y: f64) -> Self {
        Self::at(Matrix::shift(x, y).then(self.start))
    }

    /// Operators of text that show nothing themselves.
    pub(crate) fn step(
        &mut self,
        state: &mut State,
        word: &[u8],
        operands: &[Object],
    ) -> Result<(), PdfError> {
        match word {
            b"BT" => *self = Self::default(),
            b"Tm" => *self = Self::at(Matrix(exactly(operands)?)),
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
        let mut areas = Vec::new();
        for piece in strings {
            match piece {
                Object::String(text) => areas.extend(self.letters(state, &text.bytes)?),
                piece => {
                    let back = piece.as_number().ok_or_else(damaged)? / 1000.0 * state.size;
                    self.space(state, (0.0, 0.0), -back);
                }
            }
        }
        Ok(areas)
    }

    /// Moves the pen along the line, by something between two lengths and by a gap.
    fn space(&mut self, state: &State, (least, most): (f64, f64), gap: f64) {
        let (one, other) = match state.font.vertical {
            // Downwards; whether a gap widens or narrows the line, readers do not agree on.
            true => (-least - gap.abs(), -most + gap.abs()),
            false => ((least + gap) * state.scale, (most + gap) * state.scale),
        };
        self.least += one.min(other);
        self.most += one.max(other);
    }

    /// One region around the letters of a string; none around no letter.
    fn letters(&mut self, state: &State, text: &[u8]) -> Result<Option<Area>, PdfError> {
        let font = Rc::clone(&state.font);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for Letter { advance, space } in font.of(text) {
            let (least, most) = (advance.least * state.size, advance.most * state.size);
            let along = |one: f64| match font.vertical {
                true => -one,
                false => one * state.scale,
            };
            let (before, own) = match font.vertical {
                true => (0.0, state.size),
                false => (font.beside.0 * state.size, font.beside.1 * state.size),
            };
            for edge in [self.least, self.most] {
                for reach in [0.0, before, own, least, most] {
                    low = low.min(edge + along(reach));
                    high = high.max(edge + along(reach));
                }
            }
            let word = match space {
                true => state.word_spacing,
                false => 0.0,
            };
            self.space(state, (least, most), state.spacing + word);
        }
        if low > high || state.size == 0.0 {
            return Ok(None);
        }
        let (below, above) = font.height;
        let across = match font.vertical {
            true => (-state.size.abs(), state.size.abs()),
            false => (
                state.rise + below * state.size,
                state.rise + above * state.size,
            ),
        };
        let region = match font.vertical {
            true => Region::of([across.0, low + state.rise, across.1, high + state.rise]),
            false => Region::of([low, across.0, high, across.1]),
        };
        let region = self.start.then(state.place).region(&region)?;
        Ok(Some(Area {
            region,
            mass: Mass::Text,
        }))
    }
}
