//! Points of a curve in short Weierstrass form, `y² = x³ + a·x + b`, in Jacobian coordinates.
//!
//! `(X, Y, Z)` stands for the affine point `(X/Z², Y/Z³)`, and `Z = 0` for infinity, so that adding
//! and doubling need no division. The formulas are the textbook ones with every exception written
//! out: complete formulas exist only for groups of odd order, and two of the curves here have order
//! `4·q`.
//!
//! Time and memory access depend on the numbers. That is right for verification, where the key, the
//! signature and the digest are all public, and wrong for anything that holds a secret: nothing
//! here may be used to sign.

use crypto_bigint::Uint;
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};

/// A number modulo the prime of the curve, in Montgomery form.
pub(crate) type Element<const LIMBS: usize> = FixedMontyForm<LIMBS>;

/// A point, infinity included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point<const LIMBS: usize> {
    x: Element<LIMBS>,
    y: Element<LIMBS>,
    z: Element<LIMBS>,
}

impl<const LIMBS: usize> Point<LIMBS> {
    /// The neutral element.
    pub fn infinity(field: &FixedMontyParams<LIMBS>) -> Self {
        Self {
            x: Element::one(field),
            y: Element::one(field),
            z: Element::zero(field),
        }
    }

    /// The point with these affine coordinates. Whether it lies on a curve is the caller's matter.
    pub const fn affine(x: Element<LIMBS>, y: Element<LIMBS>) -> Self {
        Self {
            x,
            y,
            z: Element::one(x.params()),
        }
    }

    /// Whether this is infinity.
    pub fn is_infinity(&self) -> bool {
        is_zero(&self.z)
    }

    /// The affine `x`, below the prime; nothing for infinity.
    pub fn x(&self) -> Option<Uint<LIMBS>> {
        let inverse = self.z.invert_vartime().into_option()?;
        Some((self.x * inverse.square()).retrieve())
    }

    /// The affine `y`: tests alone ask for it.
    #[cfg(test)]
    pub fn y(&self) -> Option<Uint<LIMBS>> {
        let inverse = self.z.invert_vartime().into_option()?;
        Some((self.y * inverse.square() * inverse).retrieve())
    }

    /// The point added to itself, on a curve with this `a`. Infinity and points of order two, whose
    /// `y` is zero, come out as infinity by themselves: the new `Z` has both as factors.
    fn doubled(&self, a: &Element<LIMBS>) -> Self {
        let yy = self.y.square();
        let zz = self.z.square();
        let s = (self.x * yy).double().double();
        let xx = self.x.square();
        let m = xx.double() + xx + *a * zz.square();
        let x = m.square() - s.double();
        Self {
            x,
            y: m * (s - x) - yy.square().double().double().double(),
            z: (self.y * self.z).double(),
        }
    }

    /// The sum, on a curve with this `a`.
    fn plus(&self, other: &Self, a: &Element<LIMBS>) -> Self {
        if self.is_infinity() {
            return *other;
        }
        if other.is_infinity() {
            return *self;
        }
        let (zz, other_zz) = (self.z.square(), other.z.square());
        let (u, other_u) = (self.x * other_zz, other.x * zz);
        let (s, other_s) = (self.y * other_zz * other.z, other.y * zz * self.z);
        let (h, r) = (other_u - u, other_s - s);
        if is_zero(&h) {
            // The same x: the same point, or one and its negative.
            return if is_zero(&r) {
                self.doubled(a)
            } else {
                Self::infinity(self.z.params())
            };
        }
        let hh = h.square();
        let hhh = h * hh;
        let v = u * hh;
        let x = r.square() - hhh - v.double();
        Self {
            x,
            y: r * (v - x) - s * hhh,
            z: self.z * other.z * h,
        }
    }
}

/// The sum of products `k₁·P₁ + … + kₙ·Pₙ` on a curve with this `a`.
///
/// All products share one chain of doublings (Straus, for two products known as Shamir's trick):
/// the numbers are read together, four bits at a time from the top, and each digit adds the entry
/// of its point's table. Every number may be of full length, the order itself included.
pub(crate) fn sum_of_products<const LIMBS: usize, const TERMS: usize>(
    terms: [(Uint<LIMBS>, Point<LIMBS>); TERMS],
    a: &Element<LIMBS>,
) -> Point<LIMBS> {
    let tables = terms.map(|(_, point)| multiples(&point, a));
    let numbers = terms.map(|(number, _)| number.to_be_bytes());
    let mut sum = Point::infinity(a.params());
    for place in 0..Uint::<LIMBS>::BYTES {
        for shift in [4, 0] {
            for _ in 0..4 {
                sum = sum.doubled(a);
            }
            for (table, number) in tables.iter().zip(&numbers) {
                let digit = (number.as_slice()[place] >> shift) & 15;
                sum = sum.plus(&table[usize::from(digit)], a);
            }
        }
    }
    sum
}

/// `0·P` to `15·P`.
fn multiples<const LIMBS: usize>(point: &Point<LIMBS>, a: &Element<LIMBS>) -> [Point<LIMBS>; 16] {
    let mut next = Point::infinity(a.params());
    std::array::from_fn(|_| {
        let entry = next;
        next = next.plus(point, a);
        entry
    })
}

/// Whether a number is zero: in Montgomery form zero is zero.
fn is_zero<const LIMBS: usize>(number: &Element<LIMBS>) -> bool {
    number.as_montgomery().is_zero_vartime()
}
