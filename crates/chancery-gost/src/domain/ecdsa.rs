//! ECDSA over the same arithmetic (SEC 1, 2.3 and 4.1.4): points, numbers and digests are written
//! most significant byte first, and any digest may be signed.

use crypto_bigint::Uint;

use super::{Coordinates, Domain, SignatureError, halves};
use crate::key::KeyError;
use crate::point::{Element, sum_of_products};

/// The first byte of a point that is written whole (SEC 1, 2.3.4).
const WHOLE: u8 = 4;
/// The first byte of a point that is written by its `x`, with the parity of its `y`.
const EVEN: u8 = 2;
const ODD: u8 = 3;

impl<const LIMBS: usize> Domain<LIMBS> {
    /// Reads a point as SEC 1, 2.3.4, writes it, whole or by its `x`. Infinity, one zero byte, is
    /// no key.
    pub fn sec1_key(&self, bytes: &[u8]) -> Result<Coordinates<LIMBS>, KeyError> {
        let each = Uint::<LIMBS>::BYTES;
        let length = KeyError::Length {
            expected: 2 * each + 1,
            found: bytes.len(),
        };
        let (form, numbers) = bytes.split_first().ok_or(length)?;
        let key = match *form {
            WHOLE => {
                let (x, y) = halves(numbers, each).ok_or(length)?;
                Coordinates {
                    x: self.coordinate(x)?,
                    y: self.coordinate(y)?,
                }
            }
            EVEN | ODD if numbers.len() == each => {
                let x = self.coordinate(numbers)?;
                self.with_parity(x, *form == ODD)?
            }
            EVEN | ODD => return Err(length),
            _ => return Err(KeyError::Malformed),
        };
        if !self.contains(key) {
            return Err(KeyError::OffCurve);
        }
        if !self.is_in_group(key) {
            return Err(KeyError::WrongGroup);
        }
        Ok(key)
    }

    /// A number below the prime.
    fn coordinate(&self, bytes: &[u8]) -> Result<Uint<LIMBS>, KeyError> {
        let number = Uint::from_be_slice(bytes);
        match number < *self.field.modulus().as_ref() {
            true => Ok(number),
            false => Err(KeyError::Range),
        }
    }

    /// The point of this `x` whose `y` is odd or even. The primes here leave 3 when divided by
    /// four, so that a root is a power; where there is none the power is no root.
    fn with_parity(&self, x: Uint<LIMBS>, is_odd: bool) -> Result<Coordinates<LIMBS>, KeyError> {
        let at = Element::new(&x, &self.field);
        let square = (at.square() + self.a) * at + self.b;
        let exponent = self.field.modulus().as_ref().shr_vartime(2);
        let root = square.pow_vartime(&exponent) * square;
        if root.square() != square {
            return Err(KeyError::OffCurve);
        }
        let found = root.retrieve();
        let y = match bool::from(found.is_odd()) == is_odd {
            true => found,
            false => (-root).retrieve(),
        };
        // Zero has no other sign.
        match bool::from(y.is_odd()) == is_odd {
            true => Ok(Coordinates { x, y }),
            false => Err(KeyError::OffCurve),
        }
    }

    /// The point whole, as SEC 1, 2.3.3, writes it.
    pub fn sec1_point(&self, key: Coordinates<LIMBS>) -> Vec<u8> {
        let mut point = vec![WHOLE];
        point.extend(key.x.to_be_bytes().as_slice());
        point.extend(key.y.to_be_bytes().as_slice());
        point
    }

    /// Checks an ECDSA signature, `r ‖ s`, over a digest (SEC 1, 4.1.4).
    pub fn verify_ecdsa(
        &self,
        key: Coordinates<LIMBS>,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        // The same two numbers in the same range; only their order is another.
        let (r, s) = self.signature_numbers(signature)?;
        let e = self.leftmost(digest);
        let modulo = |number| Element::new(number, &self.order);
        let inverse = modulo(&s).invert_vartime().into_option();
        let w = inverse.ok_or(SignatureError::Mismatch)?;
        let u1 = (modulo(&e) * w).retrieve();
        let u2 = (modulo(&r) * w).retrieve();
        let sum = sum_of_products([(u1, self.generator), (u2, self.point(key))], &self.a);
        let x = sum.x().ok_or(SignatureError::Mismatch)?;
        match x.rem_vartime(self.order.modulus().as_nz_ref()) == r {
            true => Ok(()),
            false => Err(SignatureError::Mismatch),
        }
    }

    /// The leftmost bits of a digest, as many as the order has, modulo the order. The orders here
    /// have all bits of their size, so that whole bytes are taken.
    fn leftmost(&self, digest: &[u8]) -> Uint<LIMBS> {
        let each = Uint::<LIMBS>::BYTES;
        let mut wide = vec![0; each.saturating_sub(digest.len())];
        wide.extend(digest.iter().take(each));
        Uint::<LIMBS>::from_be_slice(&wide).rem_vartime(self.order.modulus().as_nz_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecdsa::parameters::{P256_T1, P384_T1, P512_R1, P512_T1};

    /// Goal: the numbers are those of a curve and its group, and what the arithmetic takes for
    /// granted of them holds. Method: the generator lies on the curve and its order brings it to
    /// infinity; the prime and the order have all bits, and a root is a power.
    #[test]
    fn the_numbers_are_those_of_a_curve_of_odd_order() {
        fn check<const LIMBS: usize>(domain: &Domain<LIMBS>) {
            let (x, y) = domain.generator.x().zip(domain.generator.y()).unwrap();
            assert!(domain.contains(Coordinates { x, y }));
            let order = *domain.order.modulus().as_ref();
            assert!(sum_of_products([(order, domain.generator)], &domain.a).is_infinity());
            let less = order.wrapping_sub(&Uint::ONE);
            assert!(!sum_of_products([(less, domain.generator)], &domain.a).is_infinity());
            assert_eq!(order.bit_width_vartime(), Uint::<LIMBS>::BITS);
            let prime = domain.field.modulus().as_ref();
            assert_eq!(prime.bit_width_vartime(), Uint::<LIMBS>::BITS);
            assert_eq!(prime.as_words()[0] & 3, 3);
        }
        check(&P256_T1);
        check(&P384_T1);
        check(&P512_R1);
        check(&P512_T1);
    }
}
