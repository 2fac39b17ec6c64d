//! Signatures by keys that stay outside: the certificate comes with its holder, and so does the
//! choice of the key. What is signed, and how it is put together, is as in [`crate::sign`].
//!
//! ```text
//! certificate ─► examine_outside ─► a scheme ─► outside_attributes ─► (the key, wherever it is)
//!             ─► outside_value ─► assemble_outside ─► CMS
//! ```

use chancery_types::Instant;

use crate::algorithm::{self, DigestAlgorithm, ValueError, Verification};
use crate::certificate::{Certificate, CertificateDescription};
use crate::encode;
use crate::judge_trust::Purpose;
use crate::oid;
use crate::policy::ValidationPolicy;
use crate::public_key::{Key, PublicKey, pss_allows};
use crate::purposes::unfit;
use crate::reason::Weight;
use crate::rsa_key::RSA_BITS_MIN;
use crate::scheme::Scheme;
use crate::sign::{self, Identifiers, Parts, SignError};

/// How an outside key signs: its kind, and the digest that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutsideScheme {
    /// ECDSA over P-256 with SHA-256.
    EcdsaP256,
    /// ECDSA over P-384 with SHA-384.
    EcdsaP384,
    /// ECDSA over P-521 with SHA-512.
    EcdsaP521,
    /// Ed25519 with SHA-512 (RFC 8419).
    Ed25519,
    /// RSA of 2048 bits and more, PKCS#1 v1.5 with SHA-256.
    RsaPkcs1,
    /// The same key by PSS with SHA-256 and a salt of 32 bytes (RFC 4056).
    RsaPss,
}

/// A salt as long as the digest (RFC 8017, 9.1).
const SALT_BYTES: usize = 32;

impl OutsideScheme {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::EcdsaP521,
        Self::Ed25519,
        Self::RsaPkcs1,
        Self::RsaPss,
    ];

    /// The stable word for rows and calls: `ecdsa_p256`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EcdsaP256 => "ecdsa_p256",
            Self::EcdsaP384 => "ecdsa_p384",
            Self::EcdsaP521 => "ecdsa_p521",
            Self::Ed25519 => "ed25519",
            Self::RsaPkcs1 => "rsa_pkcs1",
            Self::RsaPss => "rsa_pss",
        }
    }

    /// The scheme of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The digest of the content and of the attributes.
    #[must_use]
    pub const fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::EcdsaP256 | Self::RsaPkcs1 | Self::RsaPss => DigestAlgorithm::Sha256,
            Self::EcdsaP384 => DigestAlgorithm::Sha384,
            Self::EcdsaP521 | Self::Ed25519 => DigestAlgorithm::Sha512,
        }
    }

    /// Whether a signer that is given a digest can sign; Ed25519 reads the whole message twice
    /// (RFC 8032, 5.1.6).
    #[must_use]
    pub const fn signs_digests(self) -> bool {
        !matches!(self, Self::Ed25519)
    }

    const fn scheme(self) -> Scheme {
        let digest = self.digest_algorithm();
        match self {
            Self::EcdsaP256 | Self::EcdsaP384 | Self::EcdsaP521 => Scheme::Ecdsa { digest },
            Self::Ed25519 => Scheme::Ed25519,
            Self::RsaPkcs1 => Scheme::RsaPkcs1 { digest },
            Self::RsaPss => Scheme::RsaPss {
                digest,
                salt_bytes: SALT_BYTES,
            },
        }
    }

    /// The length of each number of an ECDSA value, in bytes.
    const fn number_bytes(self) -> Option<usize> {
        match self {
            Self::EcdsaP256 => Some(32),
            Self::EcdsaP384 => Some(48),
            Self::EcdsaP521 => Some(66),
            Self::Ed25519 | Self::RsaPkcs1 | Self::RsaPss => None,
        }
    }

    fn identifiers(self) -> Identifiers {
        let bare = |oid| encode::sequence(&[&encode::oid(oid)]);
        let signature = match self {
            Self::EcdsaP256 => bare(oid::ECDSA_SHA256),
            Self::EcdsaP384 => bare(oid::ECDSA_SHA384),
            Self::EcdsaP521 => bare(oid::ECDSA_SHA512),
            Self::Ed25519 => bare(oid::ED25519),
            Self::RsaPkcs1 => encode::sequence(&[&encode::oid(oid::RSA_SHA256), &encode::null()]),
            Self::RsaPss => pss_identifier(),
        };
        Identifiers {
            digest: bare(self.digest_algorithm().oid()),
            signature,
        }
    }
}

/// `RSASSA-PSS` with its parameters written out (RFC 4055, 3.1): the defaults are of SHA-1's days.
fn pss_identifier() -> Vec<u8> {
    let digest = encode::sequence(&[&encode::oid(oid::SHA256), &encode::null()]);
    let mask = encode::sequence(&[&encode::oid(oid::MGF1), &digest]);
    let salt = u8::try_from(SALT_BYTES).unwrap_or(u8::MAX);
    let parameters = encode::sequence(&[
        &encode::explicit(0, &digest),
        &encode::explicit(1, &mask),
        &encode::explicit(2, &encode::unsigned(&[salt])),
    ]);
    encode::sequence(&[&encode::oid(oid::RSA_PSS), &parameters])
}

/// Why a certificate from outside is no signer's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// It cannot be read.
    #[error("the certificate cannot be read")]
    Unreadable,
    /// Its validity begins later.
    #[error("the certificate is not valid before {0}")]
    NotYetValid(Instant),
    /// Its validity has ended.
    #[error("the certificate was valid until {0}")]
    Expired(Instant),
    /// It is an authority's, or its issuer meant it for another use.
    #[error("the certificate is not for signing")]
    NotForSigning,
    /// It demands that a rule is kept which we do not know (RFC 5280, 4.2).
    #[error("the certificate has the critical extension {0}, which is unknown here")]
    UnknownRule(String),
    /// A key of a kind that cannot be signed with here.
    #[error("a key of this kind does not sign here: {0}")]
    KeyUnsupported(String),
    /// An RSA modulus that is too short.
    #[error("an RSA key of {0} bits is too short")]
    KeyWeak(u32),
}

/// A certificate that may stand beside a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideCertificate {
    /// What it says.
    pub description: CertificateDescription,
    /// SHA-256 of the key (SubjectPublicKeyInfo), hexadecimal.
    pub key_sha256: String,
    /// How its key signs, the usual way first; never empty.
    pub schemes: Vec<OutsideScheme>,
}

/// Examines a certificate (DER) that somebody wants to sign with at `at`. Whether anybody trusts
/// its issuer, and whether it is revoked, is for [`judge`](crate::judge()) to say.
///
/// # Errors
///
/// A [`CertificateFault`].
pub fn examine_outside(der: &[u8], at: Instant) -> Result<OutsideCertificate, CertificateFault> {
    let certificate = Certificate::parse(der).map_err(|_| CertificateFault::Unreadable)?;
    let description = certificate.describe();
    let description = description.map_err(|_| CertificateFault::Unreadable)?;
    if let Some(rule) = certificate.extensions.unknown_critical.first() {
        return Err(CertificateFault::UnknownRule(rule.to_string()));
    }
    if at < certificate.not_before {
        return Err(CertificateFault::NotYetValid(certificate.not_before));
    }
    if !certificate.is_valid_at(at) {
        return Err(CertificateFault::Expired(certificate.not_after));
    }
    let unfit = unfit(
        &certificate,
        Purpose::Signature,
        &ValidationPolicy::default(),
    );
    let unfit = unfit.is_some_and(|reason| reason.code.weight() != Weight::Warns);
    if certificate.extensions.is_ca || unfit {
        return Err(CertificateFault::NotForSigning);
    }
    let schemes = schemes_of(&certificate)?;
    Ok(OutsideCertificate {
        description,
        key_sha256: hex::encode(DigestAlgorithm::Sha256.digest(&[certificate.spki.raw])),
        schemes,
    })
}

fn schemes_of(certificate: &Certificate<'_>) -> Result<Vec<OutsideScheme>, CertificateFault> {
    let key = PublicKey::parse(certificate.spki).map_err(|_| CertificateFault::Unreadable)?;
    Ok(match key.key {
        Key::P256(_) => vec![OutsideScheme::EcdsaP256],
        Key::P384(_) => vec![OutsideScheme::EcdsaP384],
        Key::P521(_) => vec![OutsideScheme::EcdsaP521],
        Key::Ed25519(_) => vec![OutsideScheme::Ed25519],
        Key::Rsa(_) | Key::RsaPss(..) if key.description.bits < RSA_BITS_MIN => {
            return Err(CertificateFault::KeyWeak(key.description.bits));
        }
        Key::RsaPss(_, bound) if pss_allows(bound, OutsideScheme::RsaPss.scheme()) => {
            vec![OutsideScheme::RsaPss]
        }
        Key::Rsa(_) => vec![OutsideScheme::RsaPkcs1, OutsideScheme::RsaPss],
        _ => {
            let kind = key.description.algorithm;
            return Err(CertificateFault::KeyUnsupported(kind));
        }
    })
}

/// As [`signed_attributes`](crate::signed_attributes()), for a key of any of the schemes. `digest`
/// is over the signed bytes by [`OutsideScheme::digest_algorithm`].
///
/// # Errors
///
/// [`SignError::Certificate`]; [`SignError::Digest`] if `digest` has another length.
pub fn outside_attributes(
    scheme: OutsideScheme,
    digest: &[u8],
    certificate_der: &[u8],
) -> Result<Vec<u8>, SignError> {
    check_digest(scheme, digest)?;
    sign::attributes_over(oid::DATA, digest, certificate_der, &[])
}

/// As [`outside_attributes`] for a detached signature that stands by itself: with the claimed time,
/// as in [`detached_attributes`](crate::detached_attributes()).
///
/// # Errors
///
/// As [`outside_attributes`].
pub fn outside_detached_attributes(
    scheme: OutsideScheme,
    digest: &[u8],
    certificate_der: &[u8],
    signing_time: Instant,
) -> Result<Vec<u8>, SignError> {
    check_digest(scheme, digest)?;
    let time = sign::signing_time(signing_time);
    sign::attributes_over(oid::DATA, digest, certificate_der, &[time])
}

fn check_digest(scheme: OutsideScheme, digest: &[u8]) -> Result<(), SignError> {
    match digest.len() == scheme.digest_algorithm().digest(&[]).len() {
        true => Ok(()),
        false => Err(SignError::Digest),
    }
}

/// The value as CMS keeps it, once it is verified over `message` with the key of the certificate:
/// an ECDSA value may come as DER or as the pair `r ‖ s`, and leaves as DER.
///
/// # Errors
///
/// [`ValueError::Key`] for another kind of key than the scheme's, [`ValueError::Mismatch`].
pub fn outside_value(
    scheme: OutsideScheme,
    certificate_der: &[u8],
    message: &[u8],
    value: &[u8],
) -> Result<Vec<u8>, ValueError> {
    let certificate = Certificate::parse(certificate_der).map_err(|_| ValueError::Key)?;
    let key = PublicKey::parse(certificate.spki).map_err(|_| ValueError::Key)?;
    match algorithm::verify(&key, scheme.scheme(), &[message], value) {
        Verification::Valid => Ok(encoded(scheme, value)),
        Verification::Invalid => Err(ValueError::Mismatch),
        Verification::Inconsistent | Verification::Unsupported { .. } => Err(ValueError::Key),
    }
}

/// A pair of numbers as DER (RFC 3279, 2.2.3); anything else as it is.
fn encoded(scheme: OutsideScheme, value: &[u8]) -> Vec<u8> {
    let plain = algorithm::is_plain_pair(scheme.scheme(), value);
    match scheme.number_bytes() {
        Some(bytes) if plain && value.len() == bytes.saturating_mul(2) => {
            let (r, s) = value.split_at(bytes);
            encode::sequence(&[&encode::unsigned(r), &encode::unsigned(s)])
        }
        _ => value.to_vec(),
    }
}

/// As [`assemble`](crate::assemble()), for a key of any of the schemes: the value is verified and
/// the token's imprint compared first. `parts.value` is as [`outside_value`] leaves it.
///
/// # Errors
///
/// A [`SignError`] that names the part that does not fit.
pub fn assemble_outside(scheme: OutsideScheme, parts: &Parts<'_>) -> Result<Vec<u8>, SignError> {
    outside_value(
        scheme,
        parts.certificate,
        parts.signed_attributes,
        parts.value,
    )?;
    sign::check_token(parts.timestamp_token, parts.value)?;
    sign::signed_data_by(&scheme.identifiers(), oid::DATA, None, parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{self, tag};

    #[test]
    fn every_scheme_has_a_word_of_its_own() {
        for scheme in OutsideScheme::ALL {
            assert_eq!(OutsideScheme::from_code(scheme.code()), Some(scheme));
        }
        assert_eq!(OutsideScheme::from_code("rsa"), None);
    }

    #[test]
    fn a_pair_of_numbers_becomes_der() {
        let mut pair = vec![0; 96];
        pair[47] = 5;
        pair[48] = 0x80;
        let der = encoded(OutsideScheme::EcdsaP384, &pair);
        assert_eq!(der[..5], [0x30, 54, 2, 1, 5]);
        assert_eq!(der[5..9], [2, 49, 0, 0x80]);
        let read = asn1::read_all(&der, tag::SEQUENCE);
        assert!(read.is_ok());
        assert_eq!(encoded(OutsideScheme::EcdsaP384, &der), der);
        assert_eq!(encoded(OutsideScheme::Ed25519, &pair[..64]), pair[..64]);
    }

    #[test]
    fn the_parameters_of_pss_are_read_as_they_are_written() {
        let identifier = pss_identifier();
        let node = asn1::read_all(&identifier, tag::SEQUENCE).unwrap();
        let read = crate::scheme::AlgorithmId::parse(node).unwrap();
        let scheme = crate::scheme::scheme_of(&read, None);
        assert_eq!(scheme, Ok(OutsideScheme::RsaPss.scheme()));
    }
}
