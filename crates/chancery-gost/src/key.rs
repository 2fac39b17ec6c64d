//! Public keys, and the question whether one of them made a signature.

use const_oid::ObjectIdentifier;
use crypto_bigint::{U256, U512};

use crate::curve::{Curve, Numbers};
use crate::der;
use crate::domain::{Coordinates, SignatureError};
use crate::identifier::Identifier;
use crate::size::Size;

/// A public key: a point of the group of its curve, checked when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey {
    curve: Curve,
    point: Point,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    Short(Coordinates<{ U256::LIMBS }>),
    Wide(Coordinates<{ U512::LIMBS }>),
}

/// Why bytes are not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the structure of RFC 9215, 4, in DER, or of SEC 1, 2.3.4.
    #[error("the key is malformed")]
    Malformed,
    /// A key of another algorithm: see [`Identifier::of`] for its name, if it has one here.
    #[error("{0} is not the algorithm of a GOST R 34.10-2012 key")]
    Algorithm(ObjectIdentifier),
    /// A curve that is not one of [`Curve::ALL`], or one that is for tests only, or one of the
    /// other size.
    #[error("{0} is not a curve of a key of this size")]
    Curve(ObjectIdentifier),
    /// The key names a digest that its size does not go with.
    #[error("{0} is not the digest of a key of this size")]
    Digest(ObjectIdentifier),
    /// The coordinates do not have the length of the curve's.
    #[error("the coordinates have {found} bytes, those of the curve {expected}")]
    Length {
        /// Twice the size of a coordinate, and one more where a form stands before them.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// A coordinate is not below the prime of the curve, so a second form of another key.
    #[error("a coordinate is out of range")]
    Range,
    /// The point is not on the curve.
    #[error("the point is not on the curve")]
    OffCurve,
    /// The point is on the curve and not in the group that signs.
    #[error("the point is not in the group of the curve")]
    WrongGroup,
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` (DER): algorithm, curve and point (RFC 9215, 4.1 to 4.3).
    ///
    /// Whether the parameters name a digest beside the curve is not judged: the text asks for it
    /// with some curves and forbids it with others, signing programs did not agree (section 6), and
    /// it could add nothing. One that contradicts the key is refused.
    ///
    /// # Errors
    ///
    /// * [`KeyError::Malformed`]: not DER of this structure.
    /// * [`KeyError::Algorithm`]: not a key of GOST R 34.10-2012; one of 2001 is among them.
    /// * [`KeyError::Curve`], [`KeyError::Digest`]: parameters that do not go with the algorithm.
    /// * and those of [`PublicKey::from_raw`].
    pub fn from_spki(spki_der: &[u8]) -> Result<Self, KeyError> {
        let malformed = KeyError::Malformed;
        let content = der::whole(der::SEQUENCE, spki_der).ok_or(malformed)?;
        let (algorithm, bits) = der::value(der::SEQUENCE, content).ok_or(malformed)?;
        let (oid, parameters) = read_oid(algorithm)?;
        let Some(Identifier::Key(size)) = Identifier::of(oid) else {
            return Err(KeyError::Algorithm(oid));
        };
        let curve = read_parameters(size, parameters)?;
        let Some([0, octets @ ..]) = der::whole(der::BIT_STRING, bits) else {
            return Err(malformed);
        };
        let coordinates = der::whole(der::OCTET_STRING, octets).ok_or(malformed)?;
        Self::from_raw(curve, coordinates)
    }

    /// Reads `x ‖ y`, each little-endian in the curve's size: 64 bytes, or 128 (RFC 9215, 4.3).
    ///
    /// On the two curves with four times as many points as signatures use, the key is multiplied by
    /// the order of the group, which takes about as long as a verification. Infinity has no
    /// coordinates and so cannot be given.
    ///
    /// # Errors
    ///
    /// * [`KeyError::Length`]: another number of bytes.
    /// * [`KeyError::Range`]: a coordinate that is not below the prime.
    /// * [`KeyError::OffCurve`], [`KeyError::WrongGroup`]: not a point of the group (RFC 7091,
    ///   5.2).
    pub fn from_raw(curve: Curve, coordinates: &[u8]) -> Result<Self, KeyError> {
        let point = match curve.numbers() {
            Numbers::Short(numbers) => Point::Short(numbers.key(coordinates)?),
            Numbers::Wide(numbers) => Point::Wide(numbers.key(coordinates)?),
        };
        Ok(Self { curve, point })
    }

    /// The curve, by the name that the key gave it.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// The size, and so which digest the key signs.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.curve.size()
    }
}

/// An object identifier and what follows it.
fn read_oid(bytes: &[u8]) -> Result<(ObjectIdentifier, &[u8]), KeyError> {
    let (content, rest) = der::value(der::OID, bytes).ok_or(KeyError::Malformed)?;
    let oid = ObjectIdentifier::from_bytes(content).map_err(|_| KeyError::Malformed)?;
    Ok((oid, rest))
}

/// `GostR3410-2012-PublicKeyParameters`: the curve and, perhaps, the digest.
fn read_parameters(size: Size, parameters: &[u8]) -> Result<Curve, KeyError> {
    let content = der::whole(der::SEQUENCE, parameters).ok_or(KeyError::Malformed)?;
    let (curve_oid, rest) = read_oid(content)?;
    let curve = Curve::from_oid(curve_oid).filter(|curve| curve.size() == size);
    let curve = curve.ok_or(KeyError::Curve(curve_oid))?;
    if !rest.is_empty() {
        let (digest, rest) = read_oid(rest)?;
        if !rest.is_empty() {
            return Err(KeyError::Malformed);
        }
        if digest != size.digest_oid() {
            return Err(KeyError::Digest(digest));
        }
    }
    Ok(curve)
}

/// Checks that `key` made `signature` over `digest` (RFC 7091, 6.2).
///
/// `digest` is 32 or 64 bytes, as [`Size::digest`] of the key's size gives them. `signature` is
/// `s ‖ r`, both big-endian in that size: 64 or 128 bytes, without an ASN.1 structure around them,
/// as certificates and CMS carry it (RFC 9215, 2). RFC 7091 itself writes `r ‖ s`.
///
/// # Errors
///
/// * [`SignatureError::DigestLength`], [`SignatureError::Length`]: bytes of another size.
/// * [`SignatureError::Range`]: `r` or `s` is zero or not below the order of the group.
/// * [`SignatureError::Mismatch`]: the signature is another key's or over another digest.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use chancery_gost::{Curve, PublicKey, SignatureError, verify};
///
/// // The revocation list of RFC 9215, D.2.3, and the key that signed it.
/// let coordinates = hex::decode(
///     "742795d4bee884ddf2850fec03ea3faf1844e01d9da60b645093a55e26dfc399\
///      78f596cf4d4d0c6cf1d18943d94493d16b9ec0a16d512d2e127cc4691a6318e2",
/// )?;
/// let list = hex::decode(
///     "3041020101300a06082a8503070101030230123110300e060355040313074578\
///      616d706c65170d3134303130313030303030305a170d31343031303230303030\
///      30305a",
/// )?;
/// let signature = hex::decode(
///     "14bd68087c3b903c7aa28b07feb2e7bd6fe0963f563267359f5cd8eab45059ad\
///      1d0e1da5be347c6f1b5256c7aeac200ad64ac77a6f5b3a0e097318e7ae6ee769",
/// )?;
/// let key = PublicKey::from_raw(Curve::Tc26A256, &coordinates)?;
/// let digest = key.size().digest(&[&list]);
/// assert_eq!(verify(&key, &digest, &signature), Ok(()));
///
/// let other = key.size().digest(&[b"another list"]);
/// assert_eq!(verify(&key, &other, &signature), Err(SignatureError::Mismatch));
/// # Ok(())
/// # }
/// ```
pub fn verify(key: &PublicKey, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    match (key.curve.numbers(), key.point) {
        (Numbers::Short(numbers), Point::Short(point)) => numbers.verify(point, digest, signature),
        (Numbers::Wide(numbers), Point::Wide(point)) => numbers.verify(point, digest, signature),
        // A key is made with the numbers of its curve, so the sizes agree.
        _ => Err(SignatureError::Mismatch),
    }
}
