//! Verification of ECDSA on the curves of RFC 5639 that have no crate of their own.
//!
//! The arithmetic is that of GOST keys: any curve in short Weierstrass form over a prime of a known
//! size, and nothing secret. A value is the pair `r ‖ s`; the structure that certificates carry is
//! read by the caller.

pub(crate) mod parameters;

use const_oid::ObjectIdentifier;
use crypto_bigint::{U256, U384, U512};

use crate::domain::{Coordinates, SignatureError};
use crate::key::KeyError;

/// A curve of RFC 5639, as a key names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// `brainpoolP256t1`.
    BrainpoolP256t1,
    /// `brainpoolP384t1`.
    BrainpoolP384t1,
    /// `brainpoolP512r1`.
    BrainpoolP512r1,
    /// `brainpoolP512t1`.
    BrainpoolP512t1,
}

impl Curve {
    /// Every curve.
    pub const ALL: [Self; 4] = [
        Self::BrainpoolP256t1,
        Self::BrainpoolP384t1,
        Self::BrainpoolP512r1,
        Self::BrainpoolP512t1,
    ];

    /// The curve that this object identifier names, if it is one of these.
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.oid() == oid)
    }

    /// Its object identifier (RFC 5639, 4.1).
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::BrainpoolP256t1 => "1.3.36.3.3.2.8.1.1.8",
            Self::BrainpoolP384t1 => "1.3.36.3.3.2.8.1.1.12",
            Self::BrainpoolP512r1 => "1.3.36.3.3.2.8.1.1.13",
            Self::BrainpoolP512t1 => "1.3.36.3.3.2.8.1.1.14",
        })
    }

    /// Its name in the standard, `brainpoolP512r1`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BrainpoolP256t1 => "brainpoolP256t1",
            Self::BrainpoolP384t1 => "brainpoolP384t1",
            Self::BrainpoolP512r1 => "brainpoolP512r1",
            Self::BrainpoolP512t1 => "brainpoolP512t1",
        }
    }

    /// The size of its order, in bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::BrainpoolP256t1 => 256,
            Self::BrainpoolP384t1 => 384,
            Self::BrainpoolP512r1 | Self::BrainpoolP512t1 => 512,
        }
    }
}

/// A public key: a point of the group of its curve, checked when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey {
    point: Point,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    P256t1(Coordinates<{ U256::LIMBS }>),
    P384t1(Coordinates<{ U384::LIMBS }>),
    P512r1(Coordinates<{ U512::LIMBS }>),
    P512t1(Coordinates<{ U512::LIMBS }>),
}

impl PublicKey {
    /// Reads a point as SEC 1, 2.3.4, writes it: `04 ‖ x ‖ y`, or `02 ‖ x` and `03 ‖ x`.
    ///
    /// # Errors
    ///
    /// * [`KeyError::Length`]: another number of bytes.
    /// * [`KeyError::Malformed`]: another first byte; infinity has one of its own.
    /// * [`KeyError::Range`]: a coordinate that is not below the prime.
    /// * [`KeyError::OffCurve`]: not a point of the curve. Its group has no others: the cofactors
    ///   of these curves are one.
    pub fn from_sec1(curve: Curve, bytes: &[u8]) -> Result<Self, KeyError> {
        let point = match curve {
            Curve::BrainpoolP256t1 => Point::P256t1(parameters::P256_T1.sec1_key(bytes)?),
            Curve::BrainpoolP384t1 => Point::P384t1(parameters::P384_T1.sec1_key(bytes)?),
            Curve::BrainpoolP512r1 => Point::P512r1(parameters::P512_R1.sec1_key(bytes)?),
            Curve::BrainpoolP512t1 => Point::P512t1(parameters::P512_T1.sec1_key(bytes)?),
        };
        Ok(Self { point })
    }

    /// The curve.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        match self.point {
            Point::P256t1(_) => Curve::BrainpoolP256t1,
            Point::P384t1(_) => Curve::BrainpoolP384t1,
            Point::P512r1(_) => Curve::BrainpoolP512r1,
            Point::P512t1(_) => Curve::BrainpoolP512t1,
        }
    }

    /// The point whole, `04 ‖ x ‖ y`, however it was written.
    #[must_use]
    pub fn to_sec1(&self) -> Vec<u8> {
        match self.point {
            Point::P256t1(point) => parameters::P256_T1.sec1_point(point),
            Point::P384t1(point) => parameters::P384_T1.sec1_point(point),
            Point::P512r1(point) => parameters::P512_R1.sec1_point(point),
            Point::P512t1(point) => parameters::P512_T1.sec1_point(point),
        }
    }

    /// Checks that this key made `signature`, `r ‖ s`, each as long as the order, over `digest`,
    /// which may have any length: of a longer one the leftmost bits count (SEC 1, 4.1.4).
    ///
    /// # Errors
    ///
    /// * [`SignatureError::Length`]: a signature of another size.
    /// * [`SignatureError::Range`]: `r` or `s` is zero or not below the order of the group.
    /// * [`SignatureError::Mismatch`]: the signature is another key's or over another digest.
    pub fn verify(&self, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        match self.point {
            Point::P256t1(key) => parameters::P256_T1.verify_ecdsa(key, digest, signature),
            Point::P384t1(key) => parameters::P384_T1.verify_ecdsa(key, digest, signature),
            Point::P512r1(key) => parameters::P512_R1.verify_ecdsa(key, digest, signature),
            Point::P512t1(key) => parameters::P512_T1.verify_ecdsa(key, digest, signature),
        }
    }
}

#[cfg(test)]
mod tests;
