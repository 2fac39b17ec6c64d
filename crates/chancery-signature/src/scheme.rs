//! Which signature scheme an `AlgorithmIdentifier` means.

use const_oid::ObjectIdentifier;

use crate::asn1::{Asn1Error, Node, tag};
use crate::digest::DigestAlgorithm;
use crate::oid;

/// How a signature value was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RSA with the padding of PKCS#1 v1.5.
    RsaPkcs1 {
        /// Over this digest.
        digest: DigestAlgorithm,
    },
    /// RSA-PSS with MGF1 over the same digest.
    RsaPss {
        /// Over this digest.
        digest: DigestAlgorithm,
        /// The length of the salt.
        salt_bytes: usize,
    },
    /// ECDSA.
    Ecdsa {
        /// Over this digest.
        digest: DigestAlgorithm,
    },
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// GOST R 34.10-2012.
    Gost {
        /// Over this digest.
        digest: DigestAlgorithm,
    },
    /// GOST R 34.10-2001: the same arithmetic over the digest of its time.
    Gost2001,
}

impl Scheme {
    /// The digest that the scheme itself names; Ed25519 and Ed448 hash inside.
    #[must_use]
    pub fn digest(self) -> Option<DigestAlgorithm> {
        match self {
            Self::RsaPkcs1 { digest }
            | Self::RsaPss { digest, .. }
            | Self::Ecdsa { digest }
            | Self::Gost { digest } => Some(digest),
            Self::Gost2001 => Some(DigestAlgorithm::Gost94),
            Self::Ed25519 | Self::Ed448 => None,
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
    /// The identifier contradicts itself: Ed25519 with parameters.
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
    let unsupported = || SchemeError::Unsupported(algorithm.oid.to_string());
    if let Some(digest) = rsa_digest(algorithm.oid) {
        return Ok(Scheme::RsaPkcs1 { digest });
    }
    if let Some(digest) = ecdsa_digest(algorithm.oid) {
        return Ok(Scheme::Ecdsa { digest });
    }
    if let Some(size) = gost_size(algorithm.oid) {
        let digest = DigestAlgorithm::from_oid(size.digest_oid());
        return Ok(Scheme::Gost {
            digest: digest.ok_or_else(unsupported)?,
        });
    }
    Ok(match algorithm.oid {
        oid::GOST2001_KEY | oid::GOST2001_WITH_GOST94 => Scheme::Gost2001,
        oid::RSA => Scheme::RsaPkcs1 {
            digest: digest.ok_or_else(unsupported)?,
        },
        // Some programs name the key's algorithm as they do for RSA: the digest stands beside.
        oid::EC_KEY => Scheme::Ecdsa {
            digest: digest.ok_or_else(unsupported)?,
        },
        oid::RSA_PSS => pss_scheme(algorithm)?,
        // RFC 8410, 3: the parameters must be absent, and `NULL` is not absent.
        oid::ED25519 | oid::ED448 if algorithm.parameters.is_some() => {
            return Err(SchemeError::Inconsistent);
        }
        oid::ED25519 => Scheme::Ed25519,
        oid::ED448 => Scheme::Ed448,
        // A digest or a curve is no signature algorithm: no value can fit it.
        other if DigestAlgorithm::from_oid(other).is_some() || is_curve(other) => {
            return Err(SchemeError::Inconsistent);
        }
        _ => return Err(unsupported()),
    })
}

/// The digest in an identifier of RSA PKCS#1 v1.5 (RFC 8017, A.2.4; SHA-3: NIST).
fn rsa_digest(algorithm: ObjectIdentifier) -> Option<DigestAlgorithm> {
    Some(match algorithm {
        oid::RSA_MD5 => DigestAlgorithm::Md5,
        oid::RSA_SHA1 => DigestAlgorithm::Sha1,
        oid::RSA_SHA224 => DigestAlgorithm::Sha224,
        oid::RSA_SHA256 => DigestAlgorithm::Sha256,
        oid::RSA_SHA384 => DigestAlgorithm::Sha384,
        oid::RSA_SHA512 => DigestAlgorithm::Sha512,
        oid::RSA_SHA3_224 => DigestAlgorithm::Sha3_224,
        oid::RSA_SHA3_256 => DigestAlgorithm::Sha3_256,
        oid::RSA_SHA3_384 => DigestAlgorithm::Sha3_384,
        oid::RSA_SHA3_512 => DigestAlgorithm::Sha3_512,
        _ => return None,
    })
}

/// The digest in an identifier of ECDSA (RFC 5758, 3.2; SHA-3: NIST).
fn ecdsa_digest(algorithm: ObjectIdentifier) -> Option<DigestAlgorithm> {
    Some(match algorithm {
        oid::ECDSA_SHA1 => DigestAlgorithm::Sha1,
        oid::ECDSA_SHA224 => DigestAlgorithm::Sha224,
        oid::ECDSA_SHA256 => DigestAlgorithm::Sha256,
        oid::ECDSA_SHA384 => DigestAlgorithm::Sha384,
        oid::ECDSA_SHA512 => DigestAlgorithm::Sha512,
        oid::ECDSA_SHA3_224 => DigestAlgorithm::Sha3_224,
        oid::ECDSA_SHA3_256 => DigestAlgorithm::Sha3_256,
        oid::ECDSA_SHA3_384 => DigestAlgorithm::Sha3_384,
        oid::ECDSA_SHA3_512 => DigestAlgorithm::Sha3_512,
        _ => return None,
    })
}

/// The size in an identifier of GOST R 34.10-2012: of the signature, or of the key, which signing
/// programs write in its place.
fn gost_size(algorithm: ObjectIdentifier) -> Option<chancery_gost::Size> {
    match chancery_gost::Identifier::of(algorithm)? {
        chancery_gost::Identifier::Key(size) | chancery_gost::Identifier::Signature(size) => {
            Some(size)
        }
        _ => None,
    }
}

fn is_curve(algorithm: ObjectIdentifier) -> bool {
    [
        oid::P256,
        oid::P384,
        oid::P521,
        oid::BRAINPOOL_P256R1,
        oid::BRAINPOOL_P384R1,
    ]
    .contains(&algorithm)
        || chancery_gost::ecdsa::Curve::from_oid(algorithm).is_some()
}

/// The digest in an identifier of a whole scheme, if it is one.
pub(crate) fn digest_in_scheme(algorithm: ObjectIdentifier) -> Option<DigestAlgorithm> {
    rsa_digest(algorithm).or_else(|| ecdsa_digest(algorithm))
}

/// Whether an identifier that stands for a digest is known to be something else: a scheme, a key
/// or a curve. Nothing can be computed with it, and no program that signs may write it.
pub(crate) fn is_no_digest(algorithm: ObjectIdentifier) -> bool {
    let keys = [
        oid::RSA,
        oid::EC_KEY,
        oid::RSA_PSS,
        oid::ED25519,
        oid::ED448,
    ];
    digest_in_scheme(algorithm).is_some() || is_curve(algorithm) || keys.contains(&algorithm)
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
    // RFC 4055, 3.1, only recommends one for both, so two are no contradiction; none of our
    // business either.
    if digest != mask_digest {
        let (digest, mask) = (digest.name(), mask_digest.name());
        let name = format!("RSASSA-PSS, {digest}, MGF1 {mask}");
        return Err(SchemeError::Unsupported(name));
    }
    Ok(Scheme::RsaPss { digest, salt_bytes })
}

fn digest_of(node: Node<'_>) -> Result<DigestAlgorithm, SchemeError> {
    let algorithm = AlgorithmId::parse(node)?;
    let known = DigestAlgorithm::from_oid(algorithm.oid);
    known.ok_or_else(|| SchemeError::Unsupported(algorithm.oid.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode;

    fn pss(hash: ObjectIdentifier, mask: ObjectIdentifier) -> Vec<u8> {
        let algorithm = |id| encode::sequence(&[&encode::oid(id)]);
        let mask = encode::sequence(&[&encode::oid(oid::MGF1), &algorithm(mask)]);
        let parameters = encode::sequence(&[
            &encode::explicit(0, &algorithm(hash)),
            &encode::explicit(1, &mask),
            &encode::explicit(2, &encode::unsigned(&[32])),
        ]);
        encode::sequence(&[&encode::oid(oid::RSA_PSS), &parameters])
    }

    #[test]
    fn check_31_pss_names_one_digest() {
        let read = |der: &[u8]| {
            let node = crate::asn1::read_all(der, tag::SEQUENCE).unwrap();
            scheme_of(&AlgorithmId::parse(node).unwrap(), None)
        };
        let digest = DigestAlgorithm::Sha256;
        let expected = Scheme::RsaPss {
            digest,
            salt_bytes: 32,
        };
        assert_eq!(read(&pss(oid::SHA256, oid::SHA256)), Ok(expected));
        let two = read(&pss(oid::SHA256, oid::SHA512));
        let told = "RSASSA-PSS, SHA-256, MGF1 SHA-512".to_owned();
        assert_eq!(two, Err(SchemeError::Unsupported(told)));
        let bare = encode::sequence(&[&encode::oid(oid::RSA_PSS)]);
        assert_eq!(read(&bare), Err(SchemeError::Inconsistent));
    }
}
