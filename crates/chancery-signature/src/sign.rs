//! CMS signatures in two steps, so that the key may be anywhere: in a browser, a token, here.
//!
//! ```text
//! digest, certificate ─► signed_attributes ─► (the key holder signs them) ─► assemble ─► CMS
//! ```
//!
//! For level B-T the token is made over SHA-256 of the signature value and given to [`assemble`].

use chancery_types::Instant;

use crate::algorithm::{self, DigestAlgorithm, ValueError};
use crate::asn1::{self, Asn1Error, tag};
use crate::certificate::Certificate;
use crate::encode;
use crate::key::KeyKind;
use crate::oid;

/// Why a signature was not put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// A certificate cannot be read.
    #[error("a certificate cannot be read: {0}")]
    Certificate(Asn1Error),
    /// The certificate's key does not sign here, or the value does not fit it.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The digest is not as long as its algorithm makes it.
    #[error("the digest has the wrong length")]
    Digest,
    /// The signed attributes are not a DER `SET OF` as [`signed_attributes`] makes it.
    #[error("the signed attributes cannot be read: {0}")]
    Attributes(Asn1Error),
    /// The timestamp token cannot be read, or is over another value.
    #[error("the timestamp token does not belong to the signature value")]
    Token,
    /// The key does not sign now.
    #[error(transparent)]
    Key(crate::KeyError),
}

/// `SET OF Attribute` (DER, tag 0x31): exactly what the key holder signs.
///
/// content-type id-data, message-digest, signing-certificate-v2; no signing-time, because PAdES
/// states the claimed time in `/M` (EN 319 142-1, 6.3). `digest` is over the signed bytes with the
/// digest of the certificate's key kind: [`KeyKind::digest_algorithm`].
///
/// # Errors
///
/// [`SignError::Certificate`], [`SignError::Value`] for a key that does not sign here, and
/// [`SignError::Digest`] if `digest` is not as long as `digest_algorithm` makes it, or that is not
/// the one of the key.
pub fn signed_attributes(
    digest_algorithm: DigestAlgorithm,
    digest: &[u8],
    certificate_der: &[u8],
) -> Result<Vec<u8>, SignError> {
    check_digest(digest_algorithm, digest, certificate_der)?;
    attributes_over(oid::DATA, digest, certificate_der, &[])
}

/// As [`signed_attributes`] for a detached signature that stands by itself (CAdES): with the
/// claimed time in the attribute signing-time, which EN 319 122-1, 6.3 asks for.
///
/// Fractions of a second of `signing_time` are cut.
///
/// # Errors
///
/// As [`signed_attributes`].
pub fn detached_attributes(
    digest_algorithm: DigestAlgorithm,
    digest: &[u8],
    certificate_der: &[u8],
    signing_time: Instant,
) -> Result<Vec<u8>, SignError> {
    check_digest(digest_algorithm, digest, certificate_der)?;
    let time = self::signing_time(signing_time);
    attributes_over(oid::DATA, digest, certificate_der, &[time])
}

/// The attribute signing-time; the same choice of types as in certificates (RFC 5652, 11.3).
pub(crate) fn signing_time(at: Instant) -> Vec<u8> {
    attribute(oid::SIGNING_TIME, &encode::certificate_time(at))
}

fn check_digest(
    digest_algorithm: DigestAlgorithm,
    digest: &[u8],
    certificate_der: &[u8],
) -> Result<(), SignError> {
    let kind = kind_of(certificate_der)?;
    let expected = digest_algorithm.digest(&[]).len();
    if digest.len() != expected || kind.digest_algorithm() != digest_algorithm {
        return Err(SignError::Digest);
    }
    Ok(())
}

pub(crate) fn attributes_over(
    content_type: const_oid::ObjectIdentifier,
    digest: &[u8],
    certificate_der: &[u8],
    more: &[Vec<u8>],
) -> Result<Vec<u8>, SignError> {
    let parsed = Certificate::parse(certificate_der).map_err(SignError::Certificate)?;
    let mut attributes = vec![
        attribute(oid::CONTENT_TYPE, &encode::oid(content_type)),
        attribute(oid::MESSAGE_DIGEST, &encode::octets(digest)),
        attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate(&parsed)),
    ];
    attributes.extend_from_slice(more);
    Ok(encode::set_of(&attributes))
}

/// `SigningCertificateV2` (RFC 5035, 3): the default SHA-256 is not written.
fn signing_certificate(certificate: &Certificate<'_>) -> Vec<u8> {
    let hash = encode::octets(&DigestAlgorithm::Sha256.digest(&[certificate.raw]));
    // GeneralNames { directoryName [4] EXPLICIT Name }
    let issuer = encode::sequence(&[&encode::explicit(4, certificate.issuer.raw)]);
    let serial = encode::value(tag::INTEGER, certificate.serial);
    let issuer_serial = encode::sequence(&[&issuer, &serial]);
    let identifier = encode::sequence(&[&hash, &issuer_serial]);
    encode::sequence(&[&encode::sequence(&[&identifier])])
}

pub(crate) fn attribute(kind: const_oid::ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    encode::sequence(&[&encode::oid(kind), &encode::set_of(&[value.to_vec()])])
}

fn kind_of(certificate_der: &[u8]) -> Result<KeyKind, SignError> {
    let parsed = Certificate::parse(certificate_der).map_err(SignError::Certificate)?;
    KeyKind::of_spki(parsed.spki.raw).map_err(|_| SignError::Value(ValueError::Key))
}

/// The parts of a signature.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// What [`signed_attributes`] made.
    pub signed_attributes: &'a [u8],
    /// The value over them: ECDSA as DER (see
    /// [`ecdsa_raw_to_der`](crate::ecdsa_raw_to_der)), Ed25519 as 64 bytes, RSA by PKCS#1 v1.5.
    pub value: &'a [u8],
    /// The signatory's certificate, DER.
    pub certificate: &'a [u8],
    /// Further certificates to carry along, DER: issuing authority, root.
    pub chain: &'a [Vec<u8>],
    /// A timestamp token over SHA-256 of `value` (level B-T).
    pub timestamp_token: Option<&'a [u8]>,
}

/// Puts a detached CMS signature together: `ContentInfo(SignedData)`, DER, one signer.
///
/// The value is verified first and the token's imprint compared: nothing wrong is embedded.
///
/// # Errors
///
/// A [`SignError`] that names the part that does not fit.
pub fn assemble(parts: &Parts<'_>) -> Result<Vec<u8>, SignError> {
    let signer = Certificate::parse(parts.certificate).map_err(SignError::Certificate)?;
    algorithm::check_value(signer.spki.raw, parts.signed_attributes, parts.value)?;
    check_token(parts.timestamp_token, parts.value)?;
    signed_data(oid::DATA, None, parts)
}

/// A token that is given is over the value.
pub(crate) fn check_token(token: Option<&[u8]>, value: &[u8]) -> Result<(), SignError> {
    let Some(token) = token else {
        return Ok(());
    };
    let token = crate::timestamp::parse_token(token).map_err(|_| SignError::Token)?;
    match token.is_over(&[value]) {
        true => Ok(()),
        false => Err(SignError::Token),
    }
}

/// How a structure names what its signer computed with: each a whole `AlgorithmIdentifier`.
#[derive(Clone, Debug)]
pub(crate) struct Identifiers {
    pub digest: Vec<u8>,
    pub signature: Vec<u8>,
}

/// The structure itself, for signatures and for timestamp tokens.
pub(crate) fn signed_data(
    content_type: const_oid::ObjectIdentifier,
    content: Option<&[u8]>,
    parts: &Parts<'_>,
) -> Result<Vec<u8>, SignError> {
    let kind = kind_of(parts.certificate)?;
    let identifiers = Identifiers {
        digest: kind.digest_identifier(),
        signature: kind.signature_algorithm(),
    };
    signed_data_by(&identifiers, content_type, content, parts)
}

/// The same by identifiers that are given.
pub(crate) fn signed_data_by(
    identifiers: &Identifiers,
    content_type: const_oid::ObjectIdentifier,
    content: Option<&[u8]>,
    parts: &Parts<'_>,
) -> Result<Vec<u8>, SignError> {
    let signer = Certificate::parse(parts.certificate).map_err(SignError::Certificate)?;
    let attributes =
        asn1::read_all(parts.signed_attributes, tag::SET).map_err(SignError::Attributes)?;
    let token = parts.timestamp_token.map(|token| {
        let list = attribute(oid::SIGNATURE_TIMESTAMP, token);
        encode::value(tag::context_constructed(1), &list)
    });
    let serial = encode::value(tag::INTEGER, signer.serial);
    let signer_info = encode::sequence(&[
        &encode::unsigned(&[1]),
        &encode::sequence(&[signer.issuer.raw, &serial]),
        &identifiers.digest,
        &encode::value(tag::context_constructed(0), attributes.content),
        &identifiers.signature,
        &encode::octets(parts.value),
        &token.unwrap_or_default(),
    ]);
    let mut certificates = vec![parts.certificate.to_vec()];
    for further in parts.chain {
        Certificate::parse(further).map_err(SignError::Certificate)?;
        if !certificates.contains(further) {
            certificates.push(further.clone());
        }
    }
    let encapsulated = match content {
        Some(content) => encode::explicit(0, &encode::octets(content)),
        None => Vec::new(),
    };
    // RFC 5652, 5.1: version 3 when the content is not id-data, else 1.
    let version = if content_type == oid::DATA { 1 } else { 3 };
    let signed_data = encode::sequence(&[
        &encode::unsigned(&[version]),
        &encode::set_of(std::slice::from_ref(&identifiers.digest)),
        &encode::sequence(&[&encode::oid(content_type), &encapsulated]),
        &encode::value(tag::context_constructed(0), &encode::sorted(&certificates)),
        &encode::set_of(&[signer_info]),
    ]);
    Ok(encode::sequence(&[
        &encode::oid(oid::SIGNED_DATA),
        &encode::explicit(0, &signed_data),
    ]))
}
