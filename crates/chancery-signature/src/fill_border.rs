//! What an appearance paints beside its text: borders, which run from corner to corner of its box,
//! and grounds, which fill it.

/// How far from an edge of the box a border may run, in points and as a share of the box.
pub(crate) const BORDER_MAX: (f64, f64) = (4.0, 0.2);
/// How many lines a rectangle has.
const RECTANGLE: usize = 4;
/// The shortest and the longest dash and gap of a border, in points: too many to be a sign.
const DASHES: std::ops::RangeInclusive<f64> = 0.5..=8.0;

/// Straight lines.
pub(crate) type Path = [[(f64, f64); 2]];

/// Where a coordinate lies in its box: at the lower or upper end, or between.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Low,
    Middle,
    High,
}

/// The box of a form: left, bottom, right, top.
#[derive(Clone, Copy)]
pub(crate) struct Area(pub [f64; 4]);

impl Area {
    fn corner(self, (x, y): (f64, f64)) -> (At, At) {
        let [left, bottom, right, top] = self.0;
        let at = |place: f64, low: f64, high: f64| {
            let near = BORDER_MAX.0.min((high - low) * BORDER_MAX.1);
            match place {
                place if place <= low + near => At::Low,
                place if place >= high - near => At::High,
                _ => At::Middle,
            }
        };
        (at(x, left, right), at(y, bottom, top))
    }

    /// Whether every line of a path is a side of the box, from corner to corner, or what joins two
    /// sides in a corner: whatever is shorter may be a digit, a minus sign, a comma.
    pub fn is_border(self, path: &Path, strokes: bool) -> bool {
        let (mut sides, mut joints) = (0_usize, 0_usize);
        for [from, to] in path {
            let (from, to) = (self.corner(*from), self.corner(*to));
            let ends = [from.0, from.1, to.0, to.1];
            if ends.contains(&At::Middle) {
                return false;
            }
            match (from.0 == to.0, from.1 == to.1) {
                (true, true) => joints = joints.saturating_add(1),
                // From one corner to the one opposite.
                (false, false) => return false,
                _ => sides = sides.saturating_add(1),
            }
        }
        joints <= if strokes { 0 } else { sides }
    }

    /// What a border leaves of the box, if its lines reach as far as this to each side.
    pub fn inside(self, path: &Path, half: f64, within: [f64; 4]) -> [f64; 4] {
        let [mut left, mut bottom, mut right, mut top] = within;
        for [a, b] in path {
            let (from, to) = (self.corner(*a), self.corner(*b));
            if from.1 != to.1 {
                match from.0 {
                    At::Low => left = left.max(a.0.max(b.0) + half),
                    _ => right = right.min(a.0.min(b.0) - half),
                }
            } else if from.0 != to.0 {
                match from.1 {
                    At::Low => bottom = bottom.max(a.1.max(b.1) + half),
                    _ => top = top.min(a.1.min(b.1) - half),
                }
            }
        }
        [left, bottom, right, top]
    }

    /// Whether a filled path reaches over half of the box.
    pub fn is_ground(self, path: &Path) -> bool {
        let points = || path.iter().flatten();
        let span = |of: fn(&(f64, f64)) -> f64| {
            let least = points().map(of).fold(f64::INFINITY, f64::min);
            let most = points().map(of).fold(f64::NEG_INFINITY, f64::max);
            most - least
        };
        span(|point| point.0) * span(|point| point.1) >= self.extent() / 2.0
    }

    /// Whether a ground hides what was there: a frame lets it shine through, and so does a line
    /// there and back.
    pub fn is_filled(self, path: &Path) -> bool {
        path.len() == RECTANGLE && encloses(path) * 2.0 >= self.extent()
    }

    fn extent(self) -> f64 {
        let [left, bottom, right, top] = self.0;
        (right - left) * (top - bottom)
    }
}

/// The area that closed lines go around.
fn encloses(path: &Path) -> f64 {
    let twice = path.iter().map(|[from, to]| from.0 * to.1 - to.0 * from.1);
    twice.sum::<f64>().abs() / 2.0
}

/// Whether lines of these dashes are seen as lines, `scale` times as long.
pub(crate) fn are_lines(dashes: &[f64], scale: f64) -> bool {
    dashes.iter().all(|dash| DASHES.contains(&(dash * scale)))
}

/// How far beneath the line that it stands on a sign has to be seen, of its size, so that it is
/// told from another.
pub(crate) fn beneath(sign: char) -> f64 {
    match sign {
        '_' => 0.15,
        ',' | ';' | 'Q' | 'ç' | 'Ç' | '\u{201a}' | '\u{201e}' => 0.1,
        '.' | ':' | '!' | '?' | '\u{2026}' => 0.0,
        _ => -0.1,
    }
}

/// The same above that line.
pub(crate) fn above(sign: char) -> f64 {
    if sign.is_ascii() { 0.6 } else { 0.75 }
}
