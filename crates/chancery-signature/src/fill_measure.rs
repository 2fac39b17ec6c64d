//! Letters, colours and boxes of what a form shows, measured.

use crate::fill_border::{above, beneath};
use crate::fill_fonts::Face;
use crate::fill_operands::Piece;

/// How far letters may step back upon the last one, in sizes of theirs.
const BACK_MAX: f64 = 0.15;
/// How far apart letters of one text may stand, in sizes of theirs.
pub(crate) const APART_MAX: f64 = 3.0;
/// How far apart two words stand at least, in sizes of their letters: a blank of a narrow font is
/// 0.2 wide.
const WORDS_APART: f64 = 0.17;

/// What the letters of one operator say, and what they need.
pub(crate) struct Written {
    /// With a blank where white is seen between letters, however it came to be there.
    pub text: String,
    pub blanks: usize,
    /// How far they reach at least, and at most without the blanks at their end.
    pub least: f64,
    pub most: f64,
    /// Where the last letter that is no blank ends.
    pub seen: f64,
    /// How far they have to be seen beneath the line that they stand on, and above it.
    pub beneath: f64,
    pub above: f64,
}

/// Measures letters of a size, with so much between them and between words, behind others that end
/// at `behind` on the same line; nothing if one lies upon another, or if nobody knows what they
/// are.
pub(crate) fn measured(
    parts: &[Piece],
    face: &Face,
    (size, between, words): (f64, f64, f64),
    behind: Option<f64>,
) -> Option<Written> {
    let mut written = Written {
        text: String::new(),
        blanks: 0,
        least: 0.0,
        most: 0.0,
        seen: behind.unwrap_or(f64::NEG_INFINITY),
        beneath: -1.0,
        above: 0.0,
    };
    let mut most = 0.0;
    let mut reached: f64 = 0.0;
    for part in parts {
        let bytes = match part {
            Piece::Text(bytes) => bytes,
            Piece::Gap(gap) => {
                let moved = -gap / 1000.0 * size;
                written.least += moved;
                most += moved;
                // Many small steps are a large one.
                if written.least < reached - BACK_MAX * size || moved > APART_MAX * size {
                    return None;
                }
                continue;
            }
        };
        for byte in bytes {
            let letter = face.letter(*byte)?;
            let is_blank = letter.sign.is_whitespace();
            if !is_blank {
                if written.least - written.seen >= WORDS_APART * size {
                    written.text.push(' ');
                }
                written.text.push(letter.sign);
                written.seen = written.least + letter.least * size;
            }
            let gap = if *byte == b' ' {
                between + words
            } else {
                between
            };
            let step = letter.least * size + gap;
            if gap < -0.1 * size || gap > APART_MAX * size || step <= 0.0 {
                return None;
            }
            written.least += step;
            most += letter.most * size + gap;
            reached = reached.max(written.least);
            if letter.sign == ' ' {
                written.blanks = written.blanks.saturating_add(1);
            } else {
                // Blanks at the end are seen as well where nothing is seen.
                written.most = most - gap;
                written.beneath = written.beneath.max(beneath(letter.sign));
                written.above = written.above.max(above(letter.sign));
            }
        }
    }
    Some(written)
}

/// How bright a colour of grey, of red, green and blue, or of four inks is, of 1; nothing for what
/// is none.
pub(crate) fn brightness(parts: &[f64]) -> Option<f64> {
    if !parts.iter().all(|part| (0.0..=1.0).contains(part)) {
        return None;
    }
    match parts {
        [grey] => Some(*grey),
        [red, green, blue] => Some(0.3 * red + 0.59 * green + 0.11 * blue),
        [cyan, magenta, yellow, black] => {
            let dark = 0.3 * cyan + 0.59 * magenta + 0.11 * yellow + black;
            Some(1.0 - dark.min(1.0))
        }
        _ => None,
    }
}

/// The upright rectangle that a path is; nothing for any other path.
pub(crate) fn rectangle(path: &[[(f64, f64); 2]]) -> Option<[f64; 4]> {
    let mut points = path.iter().flatten();
    let (x, y) = *points.next()?;
    let around = points.fold([x, y, x, y], |[left, bottom, right, top], (x, y)| {
        [left.min(*x), bottom.min(*y), right.max(*x), top.max(*y)]
    });
    let [left, bottom, right, top] = around;
    let is_corner = |(x, y): &(f64, f64)| {
        let (at_left, at_right) = (*x <= left, *x >= right);
        (at_left || at_right) && (*y <= bottom || *y >= top)
    };
    // Along its edges, so that its corners are those of one rectangle and of no diagonal.
    let is_edge = |[a, b]: &[(f64, f64); 2]| {
        is_corner(a) && is_corner(b) && (a.0.total_cmp(&b.0).is_eq() || a.1.total_cmp(&b.1).is_eq())
    };
    let covers = right > left && top > bottom && matches!(path.len(), 3..=5);
    (covers && path.iter().all(is_edge)).then_some(around)
}

/// What two rectangles have in common.
pub(crate) fn within(one: [f64; 4], other: [f64; 4]) -> [f64; 4] {
    [
        one[0].max(other[0]),
        one[1].max(other[1]),
        one[2].min(other[2]),
        one[3].min(other[3]),
    ]
}

/// Scaling and moving, and nothing else.
#[derive(Clone, Copy)]
pub(crate) struct Placing {
    pub across: f64,
    pub up: f64,
    pub x: f64,
    pub y: f64,
}

impl Placing {
    pub const NONE: Self = Self {
        across: 1.0,
        up: 1.0,
        x: 0.0,
        y: 0.0,
    };

    pub fn of([across, b, c, up, x, y]: [f64; 6]) -> Option<Self> {
        let upright = b == 0.0 && c == 0.0 && across > 0.0 && up > 0.0;
        upright.then_some(Self { across, up, x, y })
    }

    pub fn at(self, x: f64, y: f64) -> (f64, f64) {
        (self.across * x + self.x, self.up * y + self.y)
    }

    pub fn within(self, outer: Self) -> Self {
        let (x, y) = outer.at(self.x, self.y);
        Self {
            across: self.across * outer.across,
            up: self.up * outer.up,
            x,
            y,
        }
    }
}
