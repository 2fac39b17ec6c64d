//! Letters, colours and boxes of what a form shows, measured.

/// The width of a digit in the fonts of readers, of its size: the least and the most.
const DIGIT: (f64, f64) = (0.45, 0.57);

/// The letter of a code in the encodings of forms, which differ between ASCII and Latin-1.
pub(crate) fn letter(code: u8) -> Option<char> {
    match code {
        b'\t' | b'\n' | b'\r' => Some(' '),
        b' '..=b'~' | 0xa1..=0xff => Some(char::from(code)),
        _ => None,
    }
}

/// How wide a text is in the fonts of readers, narrow ones too, of its size: at least, and at most
/// as far as it consists of digits; what else it has counts with its least.
pub(crate) fn reach(text: &[u8]) -> (f64, f64) {
    let widths = text.iter().map(|code| match code {
        b'0'..=b'9' => DIGIT,
        b'M' | b'W' | b'm' | b'w' => (0.5, 0.5),
        b'I' | b'J' => (0.2, 0.2),
        b'A'..=b'Z' => (0.38, 0.38),
        b'f' | b'i' | b'j' | b'l' | b'r' | b't' => (0.17, 0.17),
        b'a'..=b'z' => (0.31, 0.31),
        _ => (0.17, 0.17),
    });
    widths.fold((0.0, 0.0), |sum, own| (sum.0 + own.0, sum.1 + own.1))
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
