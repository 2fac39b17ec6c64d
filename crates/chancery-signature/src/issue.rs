//! The small certification authority: root, issuing authority, timestamping authority, and one
//! certificate for one signature.
//!
//! Serial numbers, keys and moments are given by the caller. Certificates for signatures carry
//! id-ce-noRevAvail (RFC 9608): they live hours, and nobody will ever publish their revocation.
//! They carry no extended key usage, because NSS (and so poppler) refuses id-kp-documentSigning.

use chancery_types::{Instant, name};
use const_oid::ObjectIdentifier;

use crate::asn1::{self, tag};
use crate::certificate::{Certificate, usage};
use crate::encode;
use crate::key::{KeyError, KeyKind, SigningKey};
use crate::oid;
use crate::value::is_issued_by;

/// The longest life of a certificate for one signature, in seconds: 24 hours.
pub const LEAF_SECONDS_MAX: i64 = 24 * 60 * 60;
/// The longest name or organisation, in characters. RFC 5280 names 64, verifiers do not enforce it
/// when reading, and full names of Russian organisations are longer.
pub const NAME_CHARACTERS_MAX: usize = 256;
/// The longest e-mail address, in bytes (RFC 5321, 4.5.3.1.3).
const EMAIL_BYTES_MAX: usize = 254;

/// Why a certificate was not issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// A name is empty, too long, or has control or invisible characters.
    #[error("a name cannot stand in a certificate: {0}")]
    Name(#[from] name::NameError),
    /// Not an ASCII address with one `@`.
    #[error("the e-mail address cannot stand in a certificate")]
    Email,
    /// Ends before it begins, lasts longer than allowed, or outlives its issuer.
    #[error("the validity period is impossible")]
    Validity,
    /// The serial number is zero.
    #[error("the serial number is zero")]
    Serial,
    /// The key to certify, or the issuer's, is not one we use.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The issuer's certificate cannot be read or is not an authority's.
    #[error("the issuer's certificate is not that of an authority")]
    Issuer,
    /// The issuer's key is not the one in its certificate.
    #[error("the issuer's key does not belong to its certificate")]
    IssuerKey,
}

/// What to put into an authority's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityRequest {
    /// The common name.
    pub common_name: String,
    /// The organisation.
    pub organisation: Option<String>,
    /// 16 random bytes.
    pub serial: [u8; 16],
    /// The first moment of validity; fractions of a second are cut.
    pub not_before: Instant,
    /// The last second of validity.
    pub not_after: Instant,
}

/// What to put into the certificate for one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafRequest {
    /// The signatory's public key (`SubjectPublicKeyInfo`, DER).
    pub spki_der: Vec<u8>,
    /// The signatory's name.
    pub common_name: String,
    /// On whose behalf.
    pub organisation: Option<String>,
    /// The verified e-mail address.
    pub email: Option<String>,
    /// 16 random bytes.
    pub serial: [u8; 16],
    /// The first moment of validity; fractions of a second are cut.
    pub not_before: Instant,
    /// The last second of validity: at most [`LEAF_SECONDS_MAX`] later.
    pub not_after: Instant,
    /// The policy under which it is issued.
    pub policy: Option<ObjectIdentifier>,
}

/// An authority that issues: its key and its certificate.
#[derive(Clone, Debug)]
pub struct IssuingAuthority {
    key: SigningKey,
    certificate: Vec<u8>,
}

impl IssuingAuthority {
    /// Brings a key and its certificate (DER) together.
    ///
    /// # Errors
    ///
    /// [`IssueError::Issuer`] if the certificate is not an authority's,
    /// [`IssueError::IssuerKey`] if
    /// the key is not its own.
    pub fn new(key: SigningKey, certificate: Vec<u8>) -> Result<Self, IssueError> {
        let parsed = Certificate::parse(&certificate).map_err(|_| IssueError::Issuer)?;
        if !parsed.extensions.is_ca || !parsed.allows(usage::KEY_CERT_SIGN) {
            return Err(IssueError::Issuer);
        }
        if parsed.spki.raw != key.spki_der() {
            return Err(IssueError::IssuerKey);
        }
        Ok(Self { key, certificate })
    }

    /// Its certificate, DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    pub(crate) const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Whether a certificate (DER) bears its signature.
    #[must_use]
    pub fn has_issued(&self, der: &[u8]) -> bool {
        is_issued_by(der, &self.certificate)
    }
}

/// Makes a self-signed root certificate, DER.
///
/// # Errors
///
/// An [`IssueError`] that names what cannot be written.
pub fn make_root(key: &SigningKey, request: &AuthorityRequest) -> Result<Vec<u8>, IssueError> {
    let subject = subject_of(&request.common_name, request.organisation.as_deref())?;
    let draft = Draft {
        serial: request.serial,
        subject: subject.clone(),
        spki: key.spki_der(),
        not_before: request.not_before,
        not_after: request.not_after,
        extensions: authority_extensions(None),
    };
    let own_id = key_identifier(&draft.spki);
    draft.sign(key, &subject, &own_id)
}

/// Makes the certificate of an issuing authority beneath `root`, DER. It may issue only leaves.
///
/// # Errors
///
/// An [`IssueError`] that names what cannot be written.
pub fn make_issuing(
    root: &IssuingAuthority,
    spki_der: &[u8],
    request: &AuthorityRequest,
) -> Result<Vec<u8>, IssueError> {
    let extensions = authority_extensions(Some(0));
    issue(root, Draft::of(request, spki_der, extensions)?)
}

/// Makes the certificate of a timestamping authority: critical extended key usage timeStamping and
/// nothing else (RFC 3161, 2.3), and noRevAvail, since we publish no revocations.
///
/// # Errors
///
/// An [`IssueError`] that names what cannot be written.
pub fn make_timestamping(
    issuer: &IssuingAuthority,
    spki_der: &[u8],
    request: &AuthorityRequest,
) -> Result<Vec<u8>, IssueError> {
    let mut extensions = leaf_extensions(&[usage::DIGITAL_SIGNATURE]);
    let purposes = encode::sequence(&[&encode::oid(oid::TIME_STAMPING)]);
    extensions.push(extension(
        oid::EXTENDED_KEY_USAGE,
        Criticality::Critical,
        &purposes,
    ));
    issue(issuer, Draft::of(request, spki_der, extensions)?)
}

/// Issues the certificate for one signature, DER.
///
/// Key usage digitalSignature and nonRepudiation (critical), no extended key usage, the address as
/// alternative name, noRevAvail.
///
/// # Errors
///
/// An [`IssueError`] that names what cannot be written; [`IssueError::Validity`] beyond
/// [`LEAF_SECONDS_MAX`] or beyond the issuer's own life.
pub fn issue_leaf(issuer: &IssuingAuthority, request: &LeafRequest) -> Result<Vec<u8>, IssueError> {
    if request.not_after.seconds_since(request.not_before) > LEAF_SECONDS_MAX {
        return Err(IssueError::Validity);
    }
    KeyKind::of_spki(&request.spki_der)?;
    let mut extensions = leaf_extensions(&[usage::DIGITAL_SIGNATURE, usage::NON_REPUDIATION]);
    if let Some(email) = &request.email {
        let name = encode::value(tag::context(1), checked_email(email)?.as_bytes());
        let names = encode::sequence(&[&name]);
        extensions.push(extension(
            oid::SUBJECT_ALT_NAME,
            Criticality::Optional,
            &names,
        ));
    }
    if let Some(policy) = request.policy {
        let policies = encode::sequence(&[&encode::sequence(&[&encode::oid(policy)])]);
        extensions.push(extension(
            oid::CERTIFICATE_POLICIES,
            Criticality::Optional,
            &policies,
        ));
    }
    let draft = Draft {
        serial: request.serial,
        subject: subject_of(&request.common_name, request.organisation.as_deref())?,
        spki: request.spki_der.clone(),
        not_before: request.not_before,
        not_after: request.not_after,
        extensions,
    };
    issue(issuer, draft)
}

fn checked_email(email: &str) -> Result<&str, IssueError> {
    let plain = email.bytes().all(|byte| byte.is_ascii_graphic());
    let (local, domain) = email.rsplit_once('@').ok_or(IssueError::Email)?;
    if !plain || email.len() > EMAIL_BYTES_MAX || local.is_empty() || domain.is_empty() {
        return Err(IssueError::Email);
    }
    Ok(email)
}

/// `Name` with organisation and common name, in UTF-8.
fn subject_of(common_name: &str, organisation: Option<&str>) -> Result<Vec<u8>, IssueError> {
    let mut relatives = Vec::new();
    let attributes = [
        (oid::ORGANISATION, organisation),
        (oid::COMMON_NAME, Some(common_name)),
    ];
    for (kind, text) in attributes {
        let Some(text) = text else { continue };
        let text = name::check_line(text, NAME_CHARACTERS_MAX)?;
        let attribute = encode::sequence(&[&encode::oid(kind), &encode::utf8(&text)]);
        relatives.extend(encode::set_of(&[attribute]));
    }
    Ok(encode::value(tag::SEQUENCE, &relatives))
}

/// Whether a verifier that does not know an extension must refuse the certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Criticality {
    Critical,
    Optional,
}

pub(crate) fn extension(id: ObjectIdentifier, criticality: Criticality, value: &[u8]) -> Vec<u8> {
    let flag = match criticality {
        Criticality::Critical => encode::boolean_true(),
        Criticality::Optional => Vec::new(),
    };
    encode::sequence(&[&encode::oid(id), &flag, &encode::octets(value)])
}

fn authority_extensions(path_len: Option<u8>) -> Vec<Vec<u8>> {
    let len = path_len
        .map(|len| encode::unsigned(&[len]))
        .unwrap_or_default();
    let constraints = encode::sequence(&[&encode::boolean_true(), &len]);
    let uses = encode::named_bits(&[usage::KEY_CERT_SIGN, usage::CRL_SIGN]);
    vec![
        extension(oid::BASIC_CONSTRAINTS, Criticality::Critical, &constraints),
        extension(oid::KEY_USAGE, Criticality::Critical, &uses),
    ]
}

fn leaf_extensions(uses: &[u8]) -> Vec<Vec<u8>> {
    let (none, uses) = (encode::sequence(&[]), encode::named_bits(uses));
    vec![
        extension(oid::BASIC_CONSTRAINTS, Criticality::Critical, &none),
        extension(oid::KEY_USAGE, Criticality::Critical, &uses),
        extension(oid::NO_REV_AVAIL, Criticality::Optional, &encode::null()),
    ]
}

/// The first 160 bits of SHA-256 over the key (RFC 7093, 2, method 1).
pub(crate) fn key_identifier(spki_der: &[u8]) -> Vec<u8> {
    let node = asn1::read_all(spki_der, tag::SEQUENCE);
    let bits = node.and_then(|node| {
        let mut reader = node.reader();
        reader.next()?;
        reader.next()?.bits()
    });
    let mut digest = crate::DigestAlgorithm::Sha256.digest(&[bits.unwrap_or(spki_der)]);
    digest.truncate(20);
    digest
}

/// A certificate before it is signed.
struct Draft {
    serial: [u8; 16],
    subject: Vec<u8>,
    spki: Vec<u8>,
    not_before: Instant,
    not_after: Instant,
    extensions: Vec<Vec<u8>>,
}

impl Draft {
    fn of(
        request: &AuthorityRequest,
        spki_der: &[u8],
        extensions: Vec<Vec<u8>>,
    ) -> Result<Self, IssueError> {
        KeyKind::of_spki(spki_der)?;
        Ok(Self {
            serial: request.serial,
            subject: subject_of(&request.common_name, request.organisation.as_deref())?,
            spki: spki_der.to_vec(),
            not_before: request.not_before,
            not_after: request.not_after,
            extensions,
        })
    }

    fn sign(
        mut self,
        key: &SigningKey,
        issuer: &[u8],
        issuer_key_id: &[u8],
    ) -> Result<Vec<u8>, IssueError> {
        if self.not_after.seconds() <= self.not_before.seconds() {
            return Err(IssueError::Validity);
        }
        // 127 bits, so that the integer is positive and at most 16 bytes (RFC 5280, 4.1.2.2).
        self.serial[0] &= 0x7f;
        if self.serial == [0; 16] {
            return Err(IssueError::Serial);
        }
        let own_id = encode::octets(&key_identifier(&self.spki));
        let issuer_id = encode::sequence(&[&encode::value(tag::context(0), issuer_key_id)]);
        self.extensions.push(extension(
            oid::SUBJECT_KEY_ID,
            Criticality::Optional,
            &own_id,
        ));
        let authority = extension(oid::AUTHORITY_KEY_ID, Criticality::Optional, &issuer_id);
        self.extensions.push(authority);
        let algorithm = key.kind().signature_algorithm();
        let validity = encode::sequence(&[
            &encode::certificate_time(self.not_before),
            &encode::certificate_time(self.not_after),
        ]);
        let extensions = encode::value(tag::SEQUENCE, &self.extensions.concat());
        let tbs = encode::sequence(&[
            // Version 3.
            &encode::explicit(0, &encode::unsigned(&[2])),
            &encode::unsigned(&self.serial),
            &algorithm,
            issuer,
            &validity,
            &self.subject,
            &self.spki,
            &encode::explicit(3, &extensions),
        ]);
        let value = key.sign(&tbs)?;
        Ok(encode::sequence(&[&tbs, &algorithm, &encode::bits(&value)]))
    }
}

fn issue(issuer: &IssuingAuthority, draft: Draft) -> Result<Vec<u8>, IssueError> {
    let parsed = Certificate::parse(&issuer.certificate).map_err(|_| IssueError::Issuer)?;
    let within = parsed.not_before.seconds() <= draft.not_before.seconds()
        && draft.not_after.seconds() <= parsed.not_after.seconds();
    if !within {
        return Err(IssueError::Validity);
    }
    let issuer_id = match parsed.extensions.subject_key_id {
        Some(id) => id.to_vec(),
        None => key_identifier(parsed.spki.raw),
    };
    draft.sign(&issuer.key, parsed.subject.raw, &issuer_id)
}
