//! Signature values: whether one fits one key and one message.
//!
//! Nothing here is trusted or mistrusted: whether SHA-1 is good enough is a question of policy and
//! date ([`judge`](crate::judge)), whether a value fits is arithmetic.
//!
//! A family of keys is joined in four places: an identifier in `oid`, a digest in `digest`, a
//! variant of `scheme::Scheme`, and a variant of `public_key::Key` with its arm in [`verify`]. The
//! arm gets the digest of the message and answers yes or no; GOST's is in `chancery_gost`.

use serde::{Deserialize, Serialize};
use signature::Verifier as _;
use signature::hazmat::PrehashVerifier as _;

use crate::asn1::{self, tag};
pub use crate::digest::DigestAlgorithm;
use crate::ecdsa_quick;
use crate::public_key::{Key, PublicKey, pss_allows};
use crate::scheme::{Scheme, SchemeError};

/// The outcome of one signature over one message with one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Verification {
    /// The value fits.
    Valid,
    /// It does not.
    Invalid,
    /// The key is of another kind than the scheme, or the identifiers contradict each other.
    Inconsistent,
    /// We cannot compute it; the object identifier or curve says what it is.
    Unsupported {
        /// An object identifier.
        algorithm: String,
    },
}

impl From<SchemeError> for Verification {
    fn from(error: SchemeError) -> Self {
        match error {
            SchemeError::Unsupported(algorithm) => Self::Unsupported { algorithm },
            SchemeError::Inconsistent => Self::Inconsistent,
        }
    }
}

/// ECDSA over a digest; the value is DER (RFC 3279, 2.2.3), or `r ‖ s` as some cards write it
/// (BSI TR-03111, 5.2.1), which [`is_plain_pair`] tells apart for a warning.
macro_rules! ecdsa {
    ($curve:path, $key:expr, $value:expr, $digest:expr) => {{
        use $curve as curve;
        let value = curve::ecdsa::Signature::from_der($value)
            .or_else(|_| curve::ecdsa::Signature::from_slice($value));
        value.is_ok_and(|value| $key.verify_prehash(&$digest, &value).is_ok())
    }};
}

/// Whether an ECDSA value is not the DER of a pair but the bare pair.
pub(crate) fn is_plain_pair(scheme: Scheme, value: &[u8]) -> bool {
    let encoded = asn1::read_all(value, tag::SEQUENCE).is_ok();
    matches!(scheme, Scheme::Ecdsa { .. }) && !encoded
}

/// `r ‖ s`, each of so many bytes, of a value that is written in either way.
fn plain_pair(value: &[u8], each: usize) -> Vec<u8> {
    encoded_pair(value, each).unwrap_or_else(|| value.to_vec())
}

/// The same of a pair in DER; nothing if it is none, or a number is negative or too long.
fn encoded_pair(value: &[u8], each: usize) -> Option<Vec<u8>> {
    let mut reader = asn1::read_all(value, tag::SEQUENCE).ok()?.reader();
    let mut pair = Vec::with_capacity(each.saturating_mul(2));
    for _ in 0..2 {
        let digits = match reader.next().ok()?.integer().ok()? {
            [0, digits @ ..] => digits,
            [first, ..] if first & 0x80 != 0 => return None,
            digits => digits,
        };
        let missing = each.checked_sub(digits.len())?;
        pair.resize(pair.len().saturating_add(missing), 0);
        pair.extend(digits);
    }
    reader.finish().ok()?;
    Some(pair)
}

/// Verifies `value` over the parts of a message, one after another.
pub(crate) fn verify(
    key: &PublicKey,
    scheme: Scheme,
    message: &[&[u8]],
    value: &[u8],
) -> Verification {
    let quick = match (&key.key, scheme) {
        (Key::P256(key), Scheme::Ecdsa { digest }) => {
            ecdsa_quick::p256(key, digest, message, value)
        }
        (Key::P384(key), Scheme::Ecdsa { digest }) => {
            ecdsa_quick::p384(key, digest, message, value)
        }
        _ => None,
    };
    match quick {
        Some(true) => Verification::Valid,
        Some(false) => Verification::Invalid,
        None => verify_hashed(key, scheme, message, value, &|digest| {
            digest.digest(message)
        }),
    }
}

/// As [`verify`], with somebody who knows the digests of the message.
pub(crate) fn verify_hashed(
    key: &PublicKey,
    scheme: Scheme,
    message: &[&[u8]],
    value: &[u8],
    hashed: &dyn Fn(DigestAlgorithm) -> Vec<u8>,
) -> Verification {
    let good = match (&key.key, scheme) {
        (Key::Unsupported, _) => {
            return Verification::Unsupported {
                algorithm: key.algorithm.clone(),
            };
        }
        (Key::Rsa(key), Scheme::RsaPkcs1 { digest }) => pkcs1_padding(digest)
            .is_some_and(|padding| key.verify(padding, &hashed(digest), value).is_ok()),
        (Key::RsaPss(_, bound), _) if !pss_allows(*bound, scheme) => {
            return Verification::Inconsistent;
        }
        (Key::Rsa(key) | Key::RsaPss(key, _), Scheme::RsaPss { digest, salt_bytes }) => {
            verify_pss(key, digest, salt_bytes, &hashed(digest), value)
        }
        (Key::P256(key), Scheme::Ecdsa { digest }) => {
            ecdsa!(p256, key, value, widened(hashed(digest), 32))
        }
        (Key::P384(key), Scheme::Ecdsa { digest }) => {
            ecdsa!(p384, key, value, widened(hashed(digest), 48))
        }
        (Key::P521(key), Scheme::Ecdsa { digest }) => {
            ecdsa!(p521, key, value, widened(hashed(digest), 66))
        }
        (Key::BrainpoolP256(key), Scheme::Ecdsa { digest }) => {
            ecdsa!(bp256::r1, key, value, widened(hashed(digest), 32))
        }
        (Key::BrainpoolP384(key), Scheme::Ecdsa { digest }) => {
            ecdsa!(bp384::r1, key, value, widened(hashed(digest), 48))
        }
        (Key::Brainpool(key), Scheme::Ecdsa { digest }) => {
            let each = (key.curve().bits() / 8) as usize;
            let pair = plain_pair(value, each);
            key.verify(&hashed(digest), &pair).is_ok()
        }
        (Key::Ed25519(key), Scheme::Ed25519) => ed25519_dalek::Signature::from_slice(value)
            .is_ok_and(|value| match message {
                [whole] => key.verify_strict(whole, &value).is_ok(),
                parts => key.verify_strict(&parts.concat(), &value).is_ok(),
            }),
        (Key::Ed448(key), Scheme::Ed448) => {
            ed448_goldilocks::Signature::try_from(value).is_ok_and(|value| match message {
                [whole] => key.verify(whole, &value).is_ok(),
                parts => key.verify(&parts.concat(), &value).is_ok(),
            })
        }
        // The digest of another size than the key's is refused there.
        (Key::Gost(key), Scheme::Gost { digest }) => {
            chancery_gost::verify(key, &hashed(digest), value).is_ok()
        }
        (Key::Gost2001(key), Scheme::Gost2001) => {
            chancery_gost::verify(key, &hashed(DigestAlgorithm::Gost94), value).is_ok()
        }
        _ => return Verification::Inconsistent,
    };
    if good {
        Verification::Valid
    } else {
        Verification::Invalid
    }
}

/// A digest shorter than the curve's order is the same integer with zeros before it (SEC 1, 4.1.4);
/// the curve crates refuse one that is shorter than half the order.
fn widened(digest: Vec<u8>, field_bytes: usize) -> Vec<u8> {
    let missing = field_bytes.saturating_sub(digest.len());
    let mut wide = vec![0; missing];
    wide.extend(digest);
    wide
}

/// Picks the hash type of a digest for a generic expression.
macro_rules! with_hash {
    ($digest:expr, $hash:ident => $made:expr, $other:expr) => {
        match $digest {
            DigestAlgorithm::Md5 => {
                type $hash = md5::Md5;
                $made
            }
            DigestAlgorithm::Sha1 => {
                type $hash = sha1::Sha1;
                $made
            }
            DigestAlgorithm::Sha224 => {
                type $hash = sha2::Sha224;
                $made
            }
            DigestAlgorithm::Sha256 => {
                type $hash = sha2::Sha256;
                $made
            }
            DigestAlgorithm::Sha384 => {
                type $hash = sha2::Sha384;
                $made
            }
            DigestAlgorithm::Sha512 => {
                type $hash = sha2::Sha512;
                $made
            }
            DigestAlgorithm::Sha3_224 => {
                type $hash = sha3::Sha3_224;
                $made
            }
            DigestAlgorithm::Sha3_256 => {
                type $hash = sha3::Sha3_256;
                $made
            }
            DigestAlgorithm::Sha3_384 => {
                type $hash = sha3::Sha3_384;
                $made
            }
            DigestAlgorithm::Sha3_512 => {
                type $hash = sha3::Sha3_512;
                $made
            }
            DigestAlgorithm::Streebog256
            | DigestAlgorithm::Streebog512
            | DigestAlgorithm::Gost94
            | DigestAlgorithm::Shake256 => $other,
        }
    };
}

/// The padding that a digest has in PKCS#1 v1.5; SHAKE and GOST have none.
fn pkcs1_padding(digest: DigestAlgorithm) -> Option<rsa::Pkcs1v15Sign> {
    with_hash!(digest, Hash => Some(rsa::Pkcs1v15Sign::new::<Hash>()), None)
}

fn verify_pss(
    key: &rsa::PublicKey,
    digest: DigestAlgorithm,
    salt_bytes: usize,
    hashed: &[u8],
    value: &[u8],
) -> bool {
    use rsa::Pss;
    with_hash!(
        digest,
        Hash => key.verify(Pss::<Hash>::new_with_salt(salt_bytes), hashed, value).is_ok(),
        false
    )
}

/// Why a signature value from outside is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// The public key is not one that signs here.
    #[error("the public key is neither ECDSA P-256 nor Ed25519 nor RSA")]
    Key,
    /// The value does not fit the key and the message.
    #[error("the signature value does not fit the key and the message")]
    Mismatch,
    /// Not 64 bytes `r ‖ s` with both numbers in range.
    #[error("the signature value is not a pair of two 32-byte numbers")]
    Form,
}

/// Converts WebCrypto's `r ‖ s` (64 bytes, P-256) into the DER that CMS carries (RFC 3279, 2.2.3).
///
/// # Errors
///
/// [`ValueError::Form`] if it is not 64 bytes, or a number is zero or not below the order.
pub fn ecdsa_raw_to_der(raw: &[u8]) -> Result<Vec<u8>, ValueError> {
    let value = p256::ecdsa::Signature::from_slice(raw).map_err(|_| ValueError::Form)?;
    Ok(value.to_der().as_bytes().to_vec())
}

/// Checks a value (ECDSA as DER, Ed25519 as 64 bytes, RSA by PKCS#1 v1.5 with SHA-256) over
/// `message` with the key of `spki_der`, before anything is built with it.
///
/// # Errors
///
/// [`ValueError::Key`] for a key that cannot sign here, [`ValueError::Mismatch`] if the value does
/// not fit.
pub fn check_value(spki_der: &[u8], message: &[u8], value: &[u8]) -> Result<(), ValueError> {
    let node = asn1::read_all(spki_der, tag::SEQUENCE).map_err(|_| ValueError::Key)?;
    let key = PublicKey::parse(node).map_err(|_| ValueError::Key)?;
    let scheme = match key.key {
        Key::P256(_) => Scheme::Ecdsa {
            digest: DigestAlgorithm::Sha256,
        },
        Key::Ed25519(_) => Scheme::Ed25519,
        Key::Rsa(_) => Scheme::RsaPkcs1 {
            digest: DigestAlgorithm::Sha256,
        },
        _ => return Err(ValueError::Key),
    };
    match verify(&key, scheme, &[message], value) {
        Verification::Valid => Ok(()),
        _ => Err(ValueError::Mismatch),
    }
}
