//! Digests and signature schemes: which one is meant, and whether one value fits one key.
//!
//! Nothing here is trusted or mistrusted: whether SHA-1 is good enough is a question of policy and
//! date ([`judge`](crate::judge)), whether a value fits is arithmetic.

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};
use signature::hazmat::PrehashVerifier as _;

use crate::asn1::{self, Asn1Error, Node, tag};
use crate::oid;
use crate::public_key::{Key, PublicKey};

/// A digest that we can compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestAlgorithm {
    /// SHA-1: broken for signatures made after 2010.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// The algorithm of an object identifier, if it is one of these.
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            oid::SHA1 => Some(Self::Sha1),
            oid::SHA224 => Some(Self::Sha224),
            oid::SHA256 => Some(Self::Sha256),
            oid::SHA384 => Some(Self::Sha384),
            oid::SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Its object identifier.
    #[must_use]
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha1 => oid::SHA1,
            Self::Sha224 => oid::SHA224,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    /// The name people know, `SHA-256`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The digest of the parts, one after another.
    #[must_use]
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn over<D: sha2::Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut state = D::new();
            for part in parts {
                state.update(part);
            }
            state.finalize().to_vec()
        }
        match self {
            Self::Sha1 => over::<sha1::Sha1>(parts),
            Self::Sha224 => over::<sha2::Sha224>(parts),
            Self::Sha256 => over::<sha2::Sha256>(parts),
            Self::Sha384 => over::<sha2::Sha384>(parts),
            Self::Sha512 => over::<sha2::Sha512>(parts),
        }
    }
}

/// How a signature value was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    RsaPkcs1 {
        digest: DigestAlgorithm,
    },
    RsaPss {
        digest: DigestAlgorithm,
        salt_bytes: usize,
    },
    Ecdsa {
        digest: DigestAlgorithm,
    },
    Ed25519,
}

impl Scheme {
    /// The digest that the scheme itself names; Ed25519 hashes inside.
    pub fn digest(self) -> Option<DigestAlgorithm> {
        match self {
            Self::RsaPkcs1 { digest } | Self::RsaPss { digest, .. } | Self::Ecdsa { digest } => {
                Some(digest)
            }
            Self::Ed25519 => None,
        }
    }
}

/// `AlgorithmIdentifier` as it stands in the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AlgorithmId<'a> {
    pub oid: ObjectIdentifier,
    pub parameters: Option<Node<'a>>,
}

impl<'a> AlgorithmId<'a> {
    pub fn parse(node: Node<'a>) -> Result<Self, Asn1Error> {
        let mut reader = node.expect(tag::SEQUENCE)?.reader();
        let oid = reader.expect(tag::OID)?.oid()?;
        let parameters = if reader.is_empty() {
            None
        } else {
            Some(reader.next()?)
        };
        reader.finish()?;
        Ok(Self { oid, parameters })
    }

    /// The parameters, unless they are absent or `NULL`.
    pub fn real_parameters(&self) -> Option<Node<'a>> {
        self.parameters.filter(|node| node.tag != tag::NULL)
    }
}

/// Why a scheme cannot be told. The name goes into the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemeError {
    /// Known to exist or not, we cannot compute it.
    Unsupported(String),
    /// The identifier contradicts itself: PSS with two digests, Ed25519 with parameters.
    Inconsistent,
}

impl From<Asn1Error> for SchemeError {
    fn from(_: Asn1Error) -> Self {
        Self::Inconsistent
    }
}

/// Tells the scheme of a signature's algorithm identifier.
///
/// `digest` is the digest algorithm named beside it, for the bare `rsaEncryption` that names none.
pub(crate) fn scheme_of(
    algorithm: &AlgorithmId<'_>,
    digest: Option<DigestAlgorithm>,
) -> Result<Scheme, SchemeError> {
    use DigestAlgorithm::{Sha1, Sha224, Sha256, Sha384, Sha512};
    let unsupported = || SchemeError::Unsupported(algorithm.oid.to_string());
    Ok(match algorithm.oid {
        oid::RSA => Scheme::RsaPkcs1 {
            digest: digest.ok_or_else(unsupported)?,
        },
        oid::RSA_SHA1 => Scheme::RsaPkcs1 { digest: Sha1 },
        oid::RSA_SHA224 => Scheme::RsaPkcs1 { digest: Sha224 },
        oid::RSA_SHA256 => Scheme::RsaPkcs1 { digest: Sha256 },
        oid::RSA_SHA384 => Scheme::RsaPkcs1 { digest: Sha384 },
        oid::RSA_SHA512 => Scheme::RsaPkcs1 { digest: Sha512 },
        oid::RSA_PSS => pss_scheme(algorithm)?,
        oid::ECDSA_SHA1 => Scheme::Ecdsa { digest: Sha1 },
        oid::ECDSA_SHA224 => Scheme::Ecdsa { digest: Sha224 },
        oid::ECDSA_SHA256 => Scheme::Ecdsa { digest: Sha256 },
        oid::ECDSA_SHA384 => Scheme::Ecdsa { digest: Sha384 },
        oid::ECDSA_SHA512 => Scheme::Ecdsa { digest: Sha512 },
        // RFC 8410, 3: the parameters must be absent, and `NULL` is not absent.
        oid::ED25519 if algorithm.parameters.is_some() => return Err(SchemeError::Inconsistent),
        oid::ED25519 => Scheme::Ed25519,
        _ => return Err(unsupported()),
    })
}

/// `RSASSA-PSS-params` (RFC 4055, 3.1): each field has a default of the SHA-1 days.
fn pss_scheme(algorithm: &AlgorithmId<'_>) -> Result<Scheme, SchemeError> {
    let parameters = algorithm
        .real_parameters()
        .ok_or(SchemeError::Inconsistent)?;
    let mut reader = parameters.expect(tag::SEQUENCE)?.reader();
    let digest = match reader.optional(tag::context_constructed(0))? {
        Some(node) => digest_of(node.only()?)?,
        None => DigestAlgorithm::Sha1,
    };
    let mask_digest = match reader.optional(tag::context_constructed(1))? {
        Some(node) => {
            let mask = AlgorithmId::parse(node.only()?)?;
            if mask.oid != oid::MGF1 {
                return Err(SchemeError::Unsupported(mask.oid.to_string()));
            }
            digest_of(mask.parameters.ok_or(SchemeError::Inconsistent)?)?
        }
        None => DigestAlgorithm::Sha1,
    };
    let salt_bytes = match reader.optional(tag::context_constructed(2))? {
        Some(node) => node.only()?.small()?,
        None => 20,
    };
    if let Some(trailer) = reader.optional(tag::context_constructed(3))?
        && trailer.only()?.small()? != 1
    {
        return Err(SchemeError::Inconsistent);
    }
    reader.finish()?;
    // A salt longer than the largest key we read makes no sense.
    let salt_bytes = usize::try_from(salt_bytes)
        .ok()
        .filter(|bytes| *bytes <= 2048);
    let salt_bytes = salt_bytes.ok_or(SchemeError::Inconsistent)?;
    if digest != mask_digest {
        return Err(SchemeError::Inconsistent);
    }
    Ok(Scheme::RsaPss { digest, salt_bytes })
}

fn digest_of(node: Node<'_>) -> Result<DigestAlgorithm, SchemeError> {
    let algorithm = AlgorithmId::parse(node)?;
    let known = DigestAlgorithm::from_oid(algorithm.oid);
    known.ok_or_else(|| SchemeError::Unsupported(algorithm.oid.to_string()))
}

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

/// Verifies `value` over the parts of a message, one after another.
pub(crate) fn verify(
    key: &PublicKey,
    scheme: Scheme,
    message: &[&[u8]],
    value: &[u8],
) -> Verification {
    let hashed = |digest: DigestAlgorithm| digest.digest(message);
    let good = match (&key.key, scheme) {
        (Key::Unsupported, _) => {
            return Verification::Unsupported {
                algorithm: key.algorithm.clone(),
            };
        }
        (Key::Rsa(key), Scheme::RsaPkcs1 { digest }) => key
            .verify(pkcs1_padding(digest), &hashed(digest), value)
            .is_ok(),
        (Key::Rsa(key), Scheme::RsaPss { digest, salt_bytes }) => {
            verify_pss(key, digest, salt_bytes, &hashed(digest), value)
        }
        (Key::P256(key), Scheme::Ecdsa { digest }) => p256::ecdsa::Signature::from_der(value)
            .is_ok_and(|value| key.verify_prehash(&hashed(digest), &value).is_ok()),
        (Key::P384(key), Scheme::Ecdsa { digest }) => p384::ecdsa::Signature::from_der(value)
            .is_ok_and(|value| {
                key.verify_prehash(&widened(hashed(digest), 48), &value)
                    .is_ok()
            }),
        (Key::P521(key), Scheme::Ecdsa { digest }) => p521::ecdsa::Signature::from_der(value)
            .is_ok_and(|value| {
                key.verify_prehash(&widened(hashed(digest), 66), &value)
                    .is_ok()
            }),
        (Key::Ed25519(key), Scheme::Ed25519) => ed25519_dalek::Signature::from_slice(value)
            .is_ok_and(|value| match message {
                [whole] => key.verify_strict(whole, &value).is_ok(),
                parts => key.verify_strict(&parts.concat(), &value).is_ok(),
            }),
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

fn pkcs1_padding(digest: DigestAlgorithm) -> rsa::Pkcs1v15Sign {
    match digest {
        DigestAlgorithm::Sha1 => rsa::Pkcs1v15Sign::new::<sha1::Sha1>(),
        DigestAlgorithm::Sha224 => rsa::Pkcs1v15Sign::new::<sha2::Sha224>(),
        DigestAlgorithm::Sha256 => rsa::Pkcs1v15Sign::new::<sha2::Sha256>(),
        DigestAlgorithm::Sha384 => rsa::Pkcs1v15Sign::new::<sha2::Sha384>(),
        DigestAlgorithm::Sha512 => rsa::Pkcs1v15Sign::new::<sha2::Sha512>(),
    }
}

fn verify_pss(
    key: &rsa::PublicKey,
    digest: DigestAlgorithm,
    salt_bytes: usize,
    hashed: &[u8],
    value: &[u8],
) -> bool {
    use rsa::Pss;
    let outcome = match digest {
        DigestAlgorithm::Sha1 => {
            key.verify(Pss::<sha1::Sha1>::new_with_salt(salt_bytes), hashed, value)
        }
        DigestAlgorithm::Sha224 => key.verify(
            Pss::<sha2::Sha224>::new_with_salt(salt_bytes),
            hashed,
            value,
        ),
        DigestAlgorithm::Sha256 => key.verify(
            Pss::<sha2::Sha256>::new_with_salt(salt_bytes),
            hashed,
            value,
        ),
        DigestAlgorithm::Sha384 => key.verify(
            Pss::<sha2::Sha384>::new_with_salt(salt_bytes),
            hashed,
            value,
        ),
        DigestAlgorithm::Sha512 => key.verify(
            Pss::<sha2::Sha512>::new_with_salt(salt_bytes),
            hashed,
            value,
        ),
    };
    outcome.is_ok()
}

/// Why a signature value from outside is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// The public key is not one that signs here.
    #[error("the public key is neither ECDSA P-256 nor Ed25519")]
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

/// Checks a value (ECDSA as DER, Ed25519 as 64 bytes) over `message` with the key of `spki_der`,
/// before anything is built with it.
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
        _ => return Err(ValueError::Key),
    };
    match verify(&key, scheme, &[message], value) {
        Verification::Valid => Ok(()),
        _ => Err(ValueError::Mismatch),
    }
}
