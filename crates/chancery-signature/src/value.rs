//! Values and certificates of containers other than CMS and PDF, whose formats name schemes in
//! ways of their own.

use crate::algorithm::{self, Verification};
use crate::asn1::{Asn1Error, tag};
use crate::certificate::{Certificate, CertificateDescription, clean};
use crate::facts::TokenFacts;
use crate::gather_signer;
use crate::pool;
use crate::public_key::{Key, PublicKey};
pub use crate::scheme::Scheme;

/// Most parts of a subject's name.
const PARTS_MAX: usize = 64;

/// Verifies a value over the parts of a message with the key of a certificate (DER).
///
/// An ECDSA value is the pair `r ‖ s`, each as long as the order (RFC 4050, 3.3; XML Signature 1.1,
/// 6.4.3): the structure that CMS carries is none.
#[must_use]
pub fn verify_value(
    certificate: &[u8],
    scheme: Scheme,
    message: &[&[u8]],
    value: &[u8],
) -> Verification {
    let key = Certificate::parse(certificate).and_then(|one| PublicKey::parse(one.spki));
    let Ok(key) = key else {
        return Verification::Inconsistent;
    };
    let pair_bytes = match key.key {
        Key::P256(_) | Key::BrainpoolP256(_) => Some(64),
        Key::P384(_) | Key::BrainpoolP384(_) => Some(96),
        Key::P521(_) => Some(132),
        Key::Brainpool(key) => Some((key.curve().bits() / 4) as usize),
        _ => None,
    };
    if pair_bytes.is_some_and(|bytes| bytes != value.len()) {
        return match scheme {
            Scheme::Ecdsa { .. } => Verification::Invalid,
            _ => Verification::Inconsistent,
        };
    }
    algorithm::verify(&key, scheme, message, value)
}

/// What a certificate (DER) says.
///
/// # Errors
///
/// [`Asn1Error`] if it cannot be read.
pub fn describe_certificate(certificate: &[u8]) -> Result<CertificateDescription, Asn1Error> {
    Certificate::parse(certificate)?.describe()
}

/// The public key of a certificate (DER): its `SubjectPublicKeyInfo`, DER.
///
/// # Errors
///
/// [`Asn1Error`] if the certificate cannot be read.
pub fn public_key_info(certificate: &[u8]) -> Result<Vec<u8>, Asn1Error> {
    Ok(Certificate::parse(certificate)?.spki.raw.to_vec())
}

/// Whether a certificate (DER) bears the signature of the authority whose certificate the other is.
#[must_use]
pub fn is_issued_by(certificate: &[u8], authority: &[u8]) -> bool {
    let read = Certificate::parse(authority).and_then(|above| {
        let issued = Certificate::parse(certificate)?;
        Ok(pool::fits(
            &above,
            &issued.algorithm,
            issued.tbs,
            issued.signature,
        ))
    });
    read.unwrap_or(false)
}

/// The parts of the subject's name: object identifiers and texts, in the order of the certificate.
/// Characters that could forge a display are replaced.
///
/// # Errors
///
/// [`Asn1Error`] if the certificate or its subject cannot be read.
pub fn subject_attributes(certificate: &[u8]) -> Result<Vec<(String, String)>, Asn1Error> {
    let subject = Certificate::parse(certificate)?.subject;
    let mut found = Vec::new();
    for relative in subject.expect(tag::SEQUENCE)?.children(PARTS_MAX)? {
        for attribute in relative.expect(tag::SET)?.children(PARTS_MAX)? {
            let mut reader = attribute.expect(tag::SEQUENCE)?.reader();
            let kind = reader.expect(tag::OID)?.oid()?;
            if let Ok(text) = reader.next()?.text() {
                found.push((kind.to_string(), clean(&text)));
            }
        }
    }
    Ok(found)
}

/// Gathers an RFC 3161 token over the parts of a message.
#[must_use]
pub fn gather_timestamp(token: &[u8], message: &[&[u8]]) -> TokenFacts {
    gather_signer::gather_token_alone(token, message)
}
