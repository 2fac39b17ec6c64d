//! Verification of GOST R 34.10-2012 signatures, with 256 and 512 bits, over Streebog digests.
//!
//! ```text
//! SubjectPublicKeyInfo ── PublicKey::from_spki ──► PublicKey ─┐
//! signed bytes ── Size::digest ──► digest ────────────────────┼─ verify ──► Ok, or why not
//! signature, s ‖ r ───────────────────────────────────────────┘
//! ```
//!
//! 1. *Which algorithm does this object identifier mean?* [`Identifier::of`]: keys, digests,
//!    signatures, curves; also those of GOST R 34.10-2001 and 34.11-94, which are named and not
//!    supported.
//! 2. *Is this a key?* [`PublicKey`] exists only for a point of one of the twelve curves, in the
//!    group that the standard signs in.
//! 3. *Did the key make this signature?* [`verify`].
//!
//! [`ecdsa`] verifies by the same arithmetic on the curves of RFC 5639 that have no crate.
//!
//! The algorithm is that of RFC 7091 (GOST R 34.10-2012), the digest that of RFC 6986 (GOST R
//! 34.11-2012), the encodings are those of RFC 9215, the curves those of RFC 4357 and RFC 7836.
//! Nothing here signs, and nothing may: the arithmetic takes time that depends on its numbers,
//! which is right only where all of them are public. No input makes it panic; the worst costs as
//! much as one good signature.
//!
//! # Example
//!
//! ```
//! use chancery_gost::{Curve, KeyError, PublicKey};
//!
//! let nowhere = [7; 64];
//! assert_eq!(
//!     PublicKey::from_raw(Curve::CryptoProA, &nowhere).err(),
//!     Some(KeyError::OffCurve)
//! );
//! ```

#![forbid(unsafe_code)]

mod curve;
mod der;
mod domain;
pub mod ecdsa;
mod identifier;
mod key;
mod parameters;
mod point;
mod size;

pub use curve::Curve;
pub use domain::SignatureError;
pub use identifier::Identifier;
pub use key::{KeyError, PublicKey, verify};
pub use size::Size;
