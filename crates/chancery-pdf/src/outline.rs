//! Paths: where their figures run, what lies inside of them (ISO 32000-2, 8.5).

use crate::error::PdfError;
use crate::object::Object;
use crate::painter::{damaged, exactly};
use crate::plane::{Matrix, Region};

/// Most straight strokes of one figure that is a line or a box, and no letter: the outline of
/// a Г has five before it is closed.
const STRAIGHT_MAX: u32 = 4;
/// Most chords that stand for one curve. As many are taken as the root of its length in points:
/// then none lies further from it than 0.4 points.
const CHORDS_MAX: u32 = 32;

/// Two numbers of the page's space.
pub(crate) type Point = (f64, f64);

/// A part of a path that is drawn without lifting the pen.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    points: Vec<Point>,
    pub(crate) region: Region,
    straight: u32,
    curved: bool,
    closed: bool,
}

impl Figure {
    fn at(points: Vec<Point>, region: Region, straight: u32) -> Self {
        Self {
            points,
            region,
            straight,
            curved: false,
            closed: straight == 4,
        }
    }

    /// Whether it has the curves or the corners of a letter.
    pub(crate) fn is_intricate(&self) -> bool {
        self.curved || self.straight > STRAIGHT_MAX
    }

    /// How long going through its strokes takes.
    pub(crate) fn cost(&self) -> u64 {
        self.points.len() as u64
    }

    /// Its strokes; the one that closes it too, if it is closed or `filled`.
    pub(crate) fn strokes(&self, filled: bool) -> impl Iterator<Item = (Point, Point)> {
        let next = self.points.iter().skip(1);
        let ends = self.points.last().zip(self.points.first());
        let closing = ends.filter(|_| filled || self.closed);
        let all = self.points.iter().zip(next).chain(closing);
        all.map(|(from, to)| (*from, *to))
    }

    /// The points of its corners, where strokes of a width are joined by what goes on behind them
    /// until it meets: each with the corner it stands at (8.4.3.5).
    pub(crate) fn tips(&self, width: f64, limit: f64) -> Vec<(Point, Point)> {
        let unit = |(from, to): (Point, Point)| {
            let (across, up) = (to.0 - from.0, to.1 - from.1);
            let length = across.hypot(up);
            (length > 0.0).then(|| (across / length, up / length))
        };
        let strokes: Vec<(Point, Point)> = self
            .strokes(false)
            .filter(|stroke| unit(*stroke).is_some())
            .collect();
        let first = strokes.first().copied().filter(|_| self.closed);
        let next = strokes.iter().skip(1).copied().chain(first);
        let mut tips = Vec::new();
        for (before, after) in strokes.iter().copied().zip(next) {
            let (Some(one), Some(other)) = (unit(before), unit(after)) else {
                continue;
            };
            // Half of the angle between them: of a straight line its sine is one.
            let turn = one.0 * other.0 + one.1 * other.1;
            let sine = ((1.0 + turn) / 2.0).max(0.0).sqrt();
            let (x, y) = (one.0 - other.0, one.1 - other.1);
            let length = x.hypot(y);
            if length > 0.0 && sine * limit >= 1.0 - MITRE_NEAR {
                let reach = width / 2.0 / sine / length;
                let corner = before.1;
                tips.push((corner, (corner.0 + x * reach, corner.1 + y * reach)));
            }
        }
        tips
    }

    /// Its region, if it is a box along the axes.
    pub(crate) fn as_box(&self) -> Option<Region> {
        let Region([left, bottom, right, top]) = self.region;
        let near = |one: f64, other: f64| (one - other).abs() <= BENT;
        let corner = |(x, y): &Point| {
            (near(*x, left) || near(*x, right)) && (near(*y, bottom) || near(*y, top))
        };
        let along = |(from, to): (Point, Point)| near(from.0, to.0) || near(from.1, to.1);
        let four = (4..=5).contains(&self.points.len());
        let is = four && !self.curved && self.points.iter().all(corner);
        (is && self.strokes(true).all(along)).then_some(self.region)
    }

    /// How often it goes around a point, and how often it passes it on its right.
    fn turns(&self, (x, y): Point) -> (i64, u64) {
        let (mut turns, mut passes) = (0_i64, 0_u64);
        for ((from_x, from_y), (to_x, to_y)) in self.strokes(true) {
            if (from_y <= y) == (to_y <= y) {
                continue;
            }
            let share = (y - from_y) / (to_y - from_y);
            if from_x + share * (to_x - from_x) > x {
                turns = turns.saturating_add(if to_y > from_y { 1 } else { -1 });
                passes = passes.saturating_add(1);
            }
        }
        (turns, passes)
    }
}

/// How near to its limit a corner may be cut off by some readers and not by others.
const MITRE_NEAR: f64 = 0.05;
/// How far from straight a line along an axis may be, in points.
pub(crate) const BENT: f64 = 0.1;

/// Whether the filled figures have a point inside (8.5.3.3).
pub(crate) fn is_inside<'f>(
    figures: impl Iterator<Item = &'f Figure>,
    point: Point,
    even_odd: bool,
) -> bool {
    let all = figures.map(|figure| figure.turns(point));
    let (turns, passes) = all.fold((0_i64, 0_u64), |(sum, count), (turns, passes)| {
        (sum.saturating_add(turns), count.saturating_add(passes))
    });
    match even_odd {
        true => passes % 2 == 1,
        false => turns != 0,
    }
}

/// Whether a stroke touches a region.
pub(crate) fn touches((from, to): (Point, Point), region: &Region) -> bool {
    let Region([left, bottom, right, top]) = *region;
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (start, end, low, high) in [(from.0, to.0, left, right), (from.1, to.1, bottom, top)] {
        let length = end - start;
        if length == 0.0 {
            if start < low || start > high {
                return false;
            }
            continue;
        }
        let (one, other) = ((low - start) / length, (high - start) / length);
        enters = enters.max(one.min(other));
        leaves = leaves.min(one.max(other));
    }
    enters <= leaves
}

/// A path under construction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    pub(crate) figures: Vec<Figure>,
}

impl Path {
    /// Goes on by one operator; answers how many chords that took.
    pub(crate) fn draw(
        &mut self,
        word: &[u8],
        operands: &[Object],
        place: &Matrix,
    ) -> Result<u64, PdfError> {
        match word {
            b"m" => {
                let [x, y] = exactly(operands)?;
                let region = place.region(&Region([x, y, x, y]))?;
                let points = vec![place.point((x, y))];
                self.figures.push(Figure::at(points, region, 0));
                Ok(1)
            }
            b"re" => {
                let [x, y, width, height] = exactly(operands)?;
                let region = place.region(&Region::of([x, y, x + width, y + height]))?;
                let (right, top) = (x + width, y + height);
                let corners = [(x, y), (right, y), (right, top), (x, top)];
                let points = corners.map(|corner| place.point(corner)).to_vec();
                self.figures.push(Figure::at(points, region, 4));
                Ok(1)
            }
            b"l" => {
                let [x, y] = exactly(operands)?;
                self.go(&[(x, y)], place)
            }
            b"c" => {
                let [a, b, c, d, e, f] = exactly(operands)?;
                self.go(&[(a, b), (c, d), (e, f)], place)
            }
            b"v" => {
                let [a, b, c, d] = exactly(operands)?;
                self.go(&[(a, b), (c, d)], place)
            }
            b"y" => {
                let [a, b, c, d] = exactly(operands)?;
                self.go(&[(a, b), (c, d), (c, d)], place)
            }
            _ => {
                self.close();
                Ok(1)
            }
        }
    }

    /// `h`: back to where the figure began.
    pub(crate) fn close(&mut self) {
        if let Some(figure) = self.figures.last_mut() {
            figure.closed = true;
        }
    }

    /// A line to one point, or a curve: to two from where the pen is, or to three.
    fn go(&mut self, to: &[Point], place: &Matrix) -> Result<u64, PdfError> {
        // A path that goes on from nowhere is drawn by some readers.
        let last = self.figures.last().ok_or_else(damaged)?;
        if last.closed
            && let Some((x, y)) = last.points.first().copied()
        {
            let region = Region([x, y, x, y]);
            self.figures.push(Figure::at(vec![(x, y)], region, 0));
        }
        let figure = self.figures.last_mut().ok_or_else(damaged)?;
        let to: Vec<Point> = to.iter().map(|point| place.point(*point)).collect();
        if to.iter().any(|(x, y)| !(x.is_finite() && y.is_finite())) {
            return Err(damaged());
        }
        figure.region = to.iter().copied().fold(figure.region, Region::with);
        let from = figure.points.last().copied().ok_or_else(damaged)?;
        let [a, b, end] = match to[..] {
            [a, b, end] => [a, b, end],
            [b, end] => [from, b, end],
            [end] => {
                figure.straight = figure.straight.saturating_add(1);
                figure.points.push(end);
                return Ok(1);
            }
            _ => return Err(damaged()),
        };
        figure.curved = true;
        let chords = chords([from, a, b, end]);
        for step in 1..=chords {
            let share = f64::from(step) / f64::from(chords);
            figure.points.push(on_curve([from, a, b, end], share));
        }
        Ok(u64::from(chords))
    }
}

/// How many chords stand for a curve.
fn chords([from, a, b, end]: [Point; 4]) -> u32 {
    let pairs = [(from, a), (a, b), (b, end)];
    let length: f64 = pairs
        .map(|(one, two)| (two.0 - one.0).hypot(two.1 - one.1))
        .iter()
        .sum();
    (1..CHORDS_MAX)
        .find(|count| f64::from(*count) * f64::from(*count) >= length)
        .map_or(CHORDS_MAX, |count| count.saturating_add(1))
}

/// The point of a curve after a share of it (8.5.2.2).
fn on_curve([from, a, b, end]: [Point; 4], share: f64) -> Point {
    let rest = 1.0 - share;
    let weigh = |p: [f64; 4]| {
        let [p, q, r, s] = p;
        rest * rest * rest * p
            + 3.0 * rest * rest * share * q
            + 3.0 * rest * share * share * r
            + share * share * share * s
    };
    (
        weigh([from.0, a.0, b.0, end.0]),
        weigh([from.1, a.1, b.1, end.1]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(steps: &[(&[u8], &[f64])]) -> Path {
        let mut path = Path::default();
        for (word, numbers) in steps {
            let operands: Vec<Object> = numbers.iter().map(|one| Object::Real(*one)).collect();
            path.draw(word, &operands, &Matrix::IDENTITY).unwrap();
        }
        path
    }

    #[test]
    fn a_ring_has_no_inside_in_its_middle() {
        let ring = path(&[
            (b"re", &[0.0, 0.0, 30.0, 30.0]),
            (b"re", &[10.0, 10.0, 10.0, 10.0]),
        ]);
        let inside = |point, even_odd| is_inside(ring.figures.iter(), point, even_odd);
        assert!(inside((5.0, 5.0), true) && inside((5.0, 5.0), false));
        assert!(!inside((15.0, 15.0), true) && inside((15.0, 15.0), false));
        assert!(!inside((40.0, 15.0), true) && !inside((40.0, 15.0), false));
    }

    #[test]
    fn curves_are_followed_within_half_a_point() {
        // A quarter of a circle of 100 points.
        let k = 55.228_474_983;
        let arc: &[(&[u8], &[f64])] = &[
            (b"m", &[100.0, 0.0]),
            (b"c", &[100.0, k, k, 100.0, 0.0, 100.0]),
        ];
        let arc = path(arc);
        let figure = &arc.figures[0];
        for ((x, y), _) in figure.strokes(false) {
            assert!((x.hypot(y) - 100.0).abs() < 0.1, "{x} {y}");
        }
        for (from, to) in figure.strokes(false) {
            let middle = (from.0.midpoint(to.0), from.1.midpoint(to.1));
            assert!((middle.0.hypot(middle.1) - 100.0).abs() < 0.5, "{middle:?}");
        }
        let within = Region([0.0, 0.0, 60.0, 60.0]);
        assert!(!figure.strokes(false).any(|stroke| touches(stroke, &within)));
        let across = Region([60.0, 60.0, 80.0, 80.0]);
        assert!(figure.strokes(false).any(|stroke| touches(stroke, &across)));
    }

    #[test]
    fn boxes_are_told_from_other_figures() {
        let corners: &[(&[u8], &[f64])] = &[
            (b"m", &[0.0, 0.0]),
            (b"l", &[9.0, 0.0]),
            (b"l", &[9.0, 1.0]),
            (b"l", &[0.0, 1.0]),
            (b"h", &[]),
        ];
        assert_eq!(
            path(corners).figures[0].as_box(),
            Some(Region([0.0, 0.0, 9.0, 1.0]))
        );
        assert!(
            path(&[(b"re", &[0.0, 0.0, 9.0, 1.0])]).figures[0]
                .as_box()
                .is_some()
        );
        assert_eq!(path(&corners[..3]).figures[0].as_box(), None);
        // Behind a closed figure the next one begins where that began.
        let mut two = path(corners);
        two.draw(
            b"l",
            &[Object::Real(5.0), Object::Real(5.0)],
            &Matrix::IDENTITY,
        )
        .unwrap();
        assert_eq!(two.figures.len(), 2);
        assert_eq!(
            two.figures[1].strokes(false).next(),
            Some(((0.0, 0.0), (5.0, 5.0)))
        );
    }
}
