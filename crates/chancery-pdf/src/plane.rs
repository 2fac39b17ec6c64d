//! Places on a page: boxes, and the matrices that carry them there (ISO 32000-2, 8.3).

use crate::error::PdfError;

/// Left, bottom, right, top; never turned inside out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Region(pub [f64; 4]);

impl Region {
    /// Further than any page reaches.
    pub(crate) const ENDLESS: Self = Self([-1.0e9, -1.0e9, 1.0e9, 1.0e9]);

    /// The region of two corners, in whatever order they come.
    pub(crate) fn of([left, bottom, right, top]: [f64; 4]) -> Self {
        Self([
            left.min(right),
            bottom.min(top),
            left.max(right),
            bottom.max(top),
        ])
    }

    /// The smallest region around points; nothing around none.
    pub(crate) fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        let mut points = points.into_iter();
        let (x, y) = points.next()?;
        Some(points.fold(Self([x, y, x, y]), Self::with))
    }

    /// The smallest region around this one and a point.
    pub(crate) fn with(self, (x, y): (f64, f64)) -> Self {
        let [left, bottom, right, top] = self.0;
        Self([left.min(x), bottom.min(y), right.max(x), top.max(y)])
    }

    /// Whether they share a point.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let ([left, bottom, right, top], [l, b, r, t]) = (self.0, other.0);
        left <= r && l <= right && bottom <= t && b <= top
    }

    /// Whether all of `other` lies within.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        let ([left, bottom, right, top], [l, b, r, t]) = (self.0, other.0);
        left <= l && r <= right && bottom <= b && t <= top
    }

    /// What both have in common.
    pub(crate) fn common(&self, other: &Self) -> Option<Self> {
        let ([left, bottom, right, top], [l, b, r, t]) = (self.0, other.0);
        self.meets(other)
            .then_some(Self([left.max(l), bottom.max(b), right.min(r), top.min(t)]))
    }

    /// The smallest region around both.
    pub(crate) fn around_both(self, other: &Self) -> Self {
        let ([left, bottom, right, top], [l, b, r, t]) = (self.0, other.0);
        Self([left.min(l), bottom.min(b), right.max(r), top.max(t)])
    }

    /// Its lower left corner, a region of no size.
    pub(crate) fn corner(&self) -> Self {
        let [left, bottom, ..] = self.0;
        Self([left, bottom, left, bottom])
    }

    /// Its middle.
    pub(crate) fn middle(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.0;
        (left.midpoint(right), bottom.midpoint(top))
    }

    /// Its width and its height.
    pub(crate) fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.0;
        (right - left, top - bottom)
    }

    /// The region with a margin around it.
    pub(crate) fn grown(&self, margin: f64) -> Self {
        let [left, bottom, right, top] = self.0;
        Self([left - margin, bottom - margin, right + margin, top + margin])
    }

    /// The region without a margin; its middle, where it has no more than the margins.
    pub(crate) fn within(&self, margin: f64) -> Self {
        let [left, bottom, right, top] = self.0;
        let cut = |low: f64, high: f64| match high - low > 2.0 * margin {
            true => (low + margin, high - margin),
            false => (low.midpoint(high), low.midpoint(high)),
        };
        let ((left, right), (bottom, top)) = (cut(left, right), cut(bottom, top));
        Self([left, bottom, right, top])
    }

    /// The corners.
    pub(crate) fn corners(&self) -> [(f64, f64); 4] {
        let [left, bottom, right, top] = self.0;
        [(left, bottom), (right, bottom), (left, top), (right, top)]
    }
}

/// `[a b c d e f]`: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Matrix(pub [f64; 6]);

impl Matrix {
    pub(crate) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(crate) const fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// First this one, then `next`.
    pub(crate) fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [m, n, o, p, q, r]) = (self.0, next.0);
        Self([
            a * m + b * o,
            a * n + b * p,
            c * m + d * o,
            c * n + d * p,
            e * m + f * o + q,
            e * n + f * p + r,
        ])
    }

    pub(crate) fn point(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Whether boxes along the axes stay such boxes.
    pub(crate) fn is_upright(&self) -> bool {
        let [a, b, c, d, ..] = self.0;
        (b == 0.0 && c == 0.0) || (a == 0.0 && d == 0.0)
    }

    /// How much longer something becomes at most.
    pub(crate) fn stretch(&self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        a.hypot(b).max(c.hypot(d))
    }

    /// The region around what becomes of `region`.
    ///
    /// # Errors
    ///
    /// [`PdfError::Damaged`] for numbers that lead nowhere.
    pub(crate) fn region(&self, region: &Region) -> Result<Region, PdfError> {
        let corners = region.corners().map(|corner| self.point(corner));
        let around =
            Region::around(corners).filter(|one| one.0.iter().all(|edge| edge.is_finite()));
        around.ok_or(PdfError::WrongType {
            what: "a place on a page",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_carry_regions_in_their_order() {
        let region = Region::of([10.0, 20.0, 0.0, 0.0]);
        let turned = Matrix([0.0, 1.0, -1.0, 0.0, 100.0, 0.0]);
        assert_eq!(turned.region(&region), Ok(Region([80.0, 0.0, 100.0, 10.0])));
        let moved = Matrix::shift(5.0, 5.0).then(turned);
        assert_eq!(moved.region(&region), Ok(Region([75.0, 5.0, 95.0, 15.0])));
        let lost = Matrix([f64::MAX, 0.0, 0.0, f64::MAX, 0.0, 0.0]);
        assert!(lost.region(&region).is_err());
    }

    #[test]
    fn regions_meet_hold_and_shrink() {
        let region = Region::of([0.0, 0.0, 10.0, 10.0]);
        assert!(region.meets(&Region::of([10.0, 5.0, 20.0, 6.0])));
        assert!(!region.meets(&Region::of([10.1, 5.0, 20.0, 6.0])));
        assert!(region.holds(&Region::of([1.0, 1.0, 10.0, 10.0])));
        assert_eq!(region.within(2.0), Region([2.0, 2.0, 8.0, 8.0]));
        assert_eq!(region.within(6.0), Region([5.0, 5.0, 5.0, 5.0]));
    }
}
