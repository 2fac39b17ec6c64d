//! One curve with its group: which points are keys, and which pairs of numbers are signatures.

use crypto_bigint::modular::FixedMontyParams;
use crypto_bigint::{Odd, Uint};

use crate::key::KeyError;
use crate::point::{Element, Point, sum_of_products};

/// The numbers of a curve as standards print them: hexadecimal, most significant digit first, all
/// digits of the size.
pub(crate) struct Printed<'a> {
    /// The prime of the field.
    pub p: &'a str,
    /// The coefficients of `y² = x³ + a·x + b`.
    pub a: &'a str,
    pub b: &'a str,
    /// The order of the group that signs, a prime.
    pub q: &'a str,
    /// Its generator.
    pub x: &'a str,
    pub y: &'a str,
    /// The number of points on the curve, infinity included, divided by `q`.
    pub cofactor: u8,
}

/// The numbers of a curve, ready for arithmetic.
pub(crate) struct Domain<const LIMBS: usize> {
    field: FixedMontyParams<LIMBS>,
    order: FixedMontyParams<LIMBS>,
    a: Element<LIMBS>,
    b: Element<LIMBS>,
    generator: Point<LIMBS>,
    cofactor: u8,
}

/// A point as a key carries it: both coordinates below the prime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Coordinates<const LIMBS: usize> {
    x: Uint<LIMBS>,
    y: Uint<LIMBS>,
}

/// Why a signature is not one of this key over this digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The digest is not one of the size that the key signs.
    #[error("the digest has {found} bytes, the key signs {expected}")]
    DigestLength {
        /// 32 or 64.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// The signature is not two numbers of the key's size.
    #[error("the signature has {found} bytes, one of this key has {expected}")]
    Length {
        /// Twice the size of the order: 64, 96 or 128.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// `r` or `s` is zero or not below the order of the group.
    #[error("a number of the signature is out of range")]
    Range,
    /// The signature was not made by this key over this digest.
    #[error("the signature does not fit the key and the digest")]
    Mismatch,
}

impl<const LIMBS: usize> Domain<LIMBS> {
    /// Reads the numbers of a curve; only in constants, where a misprint stops the build.
    pub const fn new(printed: &Printed<'_>) -> Self {
        let field = FixedMontyParams::new_vartime(Odd::from_be_hex(printed.p));
        let order = FixedMontyParams::new_vartime(Odd::from_be_hex(printed.q));
        let a = Element::new(&Uint::from_be_hex(printed.a), &field);
        let b = Element::new(&Uint::from_be_hex(printed.b), &field);
        let x = Element::new(&Uint::from_be_hex(printed.x), &field);
        let y = Element::new(&Uint::from_be_hex(printed.y), &field);
        Self {
            field,
            order,
            a,
            b,
            generator: Point::affine(x, y),
            cofactor: printed.cofactor,
        }
    }

    /// Reads a public key, `x ‖ y`, each little-endian (RFC 9215, 4.3), and checks that it is a
    /// point of the group that signs (RFC 7091, 5.2). Infinity cannot be written so.
    pub fn key(&self, bytes: &[u8]) -> Result<Coordinates<LIMBS>, KeyError> {
        let length = KeyError::Length {
            expected: 2 * Uint::<LIMBS>::BYTES,
            found: bytes.len(),
        };
        let (x, y) = halves(bytes, Uint::<LIMBS>::BYTES).ok_or(length)?;
        let (x, y) = (Uint::from_le_slice(x), Uint::from_le_slice(y));
        let prime = self.field.modulus().as_ref();
        if x >= *prime || y >= *prime {
            return Err(KeyError::Range);
        }
        let key = Coordinates { x, y };
        if !self.contains(key) {
            return Err(KeyError::OffCurve);
        }
        if !self.is_in_group(key) {
            return Err(KeyError::WrongGroup);
        }
        Ok(key)
    }

    /// Whether `y² = x³ + a·x + b`.
    fn contains(&self, key: Coordinates<LIMBS>) -> bool {
        let x = Element::new(&key.x, &self.field);
        let y = Element::new(&key.y, &self.field);
        y.square() == (x.square() + self.a) * x + self.b
    }

    /// Whether a point of the curve is a multiple of the generator. Where the cofactor is one,
    /// every point is; elsewhere a point of order two or four, or such a one added to a good one,
    /// is not, and would let one signature fit several keys.
    fn is_in_group(&self, key: Coordinates<LIMBS>) -> bool {
        let order = *self.order.modulus().as_ref();
        self.cofactor == 1 || sum_of_products([(order, self.point(key))], &self.a).is_infinity()
    }

    fn point(&self, key: Coordinates<LIMBS>) -> Point<LIMBS> {
        Point::affine(
            Element::new(&key.x, &self.field),
            Element::new(&key.y, &self.field),
        )
    }

    /// Checks a signature, `s ‖ r`, each big-endian (RFC 9215, 2), over a digest.
    pub fn verify(
        &self,
        key: Coordinates<LIMBS>,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let e = self.digest_number(digest)?;
        let (s, r) = self.signature_numbers(signature)?;
        // RFC 7091, 6.2, steps 4 to 7. The order is prime and `e` is not zero, so `v` exists.
        let modulo_q = |number| Element::new(number, &self.order);
        let inverse = modulo_q(&e).invert_vartime().into_option();
        let v = inverse.ok_or(SignatureError::Mismatch)?;
        let z1 = (modulo_q(&s) * v).retrieve();
        let z2 = (-(modulo_q(&r) * v)).retrieve();
        let c = sum_of_products([(z1, self.generator), (z2, self.point(key))], &self.a);
        let x = c.x().ok_or(SignatureError::Mismatch)?;
        if x.rem_vartime(self.order.modulus().as_nz_ref()) == r {
            Ok(())
        } else {
            Err(SignatureError::Mismatch)
        }
    }

    /// Steps 2 and 3: the digest modulo the order, one in place of zero.
    ///
    /// The standard takes a digest for a number without saying which byte is the first. Streebog
    /// gives its least significant byte first, and every example of RFC 9215 reads it so.
    fn digest_number(&self, digest: &[u8]) -> Result<Uint<LIMBS>, SignatureError> {
        let expected = Uint::<LIMBS>::BYTES;
        if digest.len() != expected {
            return Err(SignatureError::DigestLength {
                expected,
                found: digest.len(),
            });
        }
        let order = self.order.modulus().as_nz_ref();
        let e = Uint::<LIMBS>::from_le_slice(digest).rem_vartime(order);
        Ok(if e.is_zero_vartime() { Uint::ONE } else { e })
    }

    /// Step 1: `s` and `r`, both above zero and below the order.
    fn signature_numbers(
        &self,
        signature: &[u8],
    ) -> Result<(Uint<LIMBS>, Uint<LIMBS>), SignatureError> {
        let length = SignatureError::Length {
            expected: 2 * Uint::<LIMBS>::BYTES,
            found: signature.len(),
        };
        let (s, r) = halves(signature, Uint::<LIMBS>::BYTES).ok_or(length)?;
        let (s, r) = (Uint::from_be_slice(s), Uint::from_be_slice(r));
        let order = self.order.modulus().as_ref();
        let in_range = |number: &Uint<LIMBS>| !number.is_zero_vartime() && number < order;
        if in_range(&s) && in_range(&r) {
            Ok((s, r))
        } else {
            Err(SignatureError::Range)
        }
    }
}

/// The two halves, if each has so many bytes.
fn halves(bytes: &[u8], each: usize) -> Option<(&[u8], &[u8])> {
    let halves = bytes.split_at_checked(each)?;
    (halves.1.len() == each).then_some(halves)
}

mod ecdsa;
#[cfg(test)]
mod multiples_tests;
#[cfg(test)]
mod tests;
