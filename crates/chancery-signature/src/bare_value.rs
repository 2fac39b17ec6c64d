//! `adbe.x509.rsa_sha1`: an RSA value without any structure around it (ISO 32000-1, 12.8.3.2).
//!
//! `/Contents` is an octet string with the PKCS#1 value, `/Cert` the certificates. Deprecated since
//! PDF 2.0, and found in files of the nineties.

use chancery_pdf::{Dictionary, Object};

use crate::algorithm::{self, DigestAlgorithm, Verification};
use crate::asn1;
use crate::certificate::Certificate;
use crate::facts::{Der, InnerContent, SignatureFacts, SignerFacts};
use crate::oid;
use crate::public_key::PublicKey;
use crate::scheme::Scheme;

/// Most certificates in `/Cert`.
const CERTIFICATES_MAX: usize = 64;

/// Reads the value and the certificates; the first of them is the signer's.
pub(crate) fn read(
    dictionary: &Dictionary,
    contents: &[u8],
    parts: Option<&[&[u8]]>,
    facts: &mut SignatureFacts,
) {
    let parsed = asn1::read(contents).and_then(|(node, rest)| Ok((node.octets()?, rest)));
    let (value, rest) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            facts.malformed = Some(error.to_string());
            return;
        }
    };
    let zeros = rest.iter().rev().take_while(|byte| **byte == 0).count();
    facts.excess_bytes = rest.len().saturating_sub(zeros) as u64;
    facts.signers = 1;
    facts.inner_content = InnerContent::Absent;
    facts.certificates = certificates(dictionary);
    let first = facts.certificates.first();
    let certificate = first.and_then(|der| Certificate::parse(&der.0).ok());
    let (outcome, digest) = match (&certificate, parts) {
        (None, _) => (unsupported("no_certificate"), DigestAlgorithm::Sha1),
        (_, None) => (unsupported("no_content"), DigestAlgorithm::Sha1),
        (Some(certificate), Some(parts)) => verify(certificate, parts, &value),
    };
    facts.signer = Some(SignerFacts {
        certificate: certificate.is_some().then_some(0),
        digest_oid: digest.oid().to_string(),
        digest: Some(digest),
        signature_oid: oid::RSA.to_string(),
        signature_digest: Some(digest),
        attributes: None,
        content_reads_as_attributes: false,
        value: outcome,
        value_plain: false,
        attributes_in_order: true,
        content_tokens: Vec::new(),
        tokens: Vec::new(),
        archives: Vec::new(),
    });
}

fn unsupported(what: &str) -> Verification {
    Verification::Unsupported {
        algorithm: what.to_owned(),
    }
}

/// The digest is named inside the value only (PKCS#1's `DigestInfo`): it is the one that fits.
fn verify(
    certificate: &Certificate<'_>,
    parts: &[&[u8]],
    value: &[u8],
) -> (Verification, DigestAlgorithm) {
    let Ok(key) = PublicKey::parse(certificate.spki) else {
        return (Verification::Inconsistent, DigestAlgorithm::Sha1);
    };
    let digests = [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];
    for digest in digests {
        match algorithm::verify(&key, Scheme::RsaPkcs1 { digest }, parts, value) {
            Verification::Invalid => {}
            outcome => return (outcome, digest),
        }
    }
    (Verification::Invalid, DigestAlgorithm::Sha1)
}

fn certificates(dictionary: &Dictionary) -> Vec<Der> {
    let whole = |object: &Object| object.as_string().map(|bytes| Der::from(bytes.to_vec()));
    match dictionary.get(b"Cert") {
        Some(Object::Array(list)) => list
            .iter()
            .take(CERTIFICATES_MAX)
            .filter_map(whole)
            .collect(),
        Some(single) => whole(single).into_iter().collect(),
        None => Vec::new(),
    }
}
