//! Trust anchors and the paths that lead to them (RFC 5280, 6), at one moment.

use chancery_types::Instant;

use crate::algorithm::{self, Verification};
use crate::asn1::{self, Asn1Error, tag};
use crate::certificate::{Certificate, usage};
use crate::public_key::PublicKey;
use crate::scheme;

/// Longest path, anchor included.
const PATH_MAX: usize = 10;
/// Most signatures of certificates that are verified for one path.
const VERIFICATIONS_MAX: u32 = 64;
/// Most anchors in one file.
const ANCHORS_MAX: usize = 10_000;

/// Certificates that are trusted because somebody says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchors {
    certificates: Vec<Vec<u8>>,
}

/// Why a file of anchors was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// Neither PEM with certificates nor one DER certificate.
    #[error("there is no certificate")]
    None,
    /// A certificate cannot be read.
    #[error("certificate number {number} cannot be read: {why}")]
    Certificate {
        /// From 1, in the order of the file.
        number: usize,
        /// The reason.
        why: Asn1Error,
    },
    /// More than any real list has.
    #[error("there are too many certificates")]
    TooMany,
}

impl Anchors {
    /// Nobody is trusted.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads one certificate in DER, or any number of them in PEM.
    ///
    /// # Errors
    ///
    /// An [`AnchorError`]; one unreadable certificate refuses the whole file.
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Self, AnchorError> {
        use base64::Engine as _;
        let mut certificates = Vec::new();
        if bytes.first() == Some(&tag::SEQUENCE) {
            certificates.push(bytes.to_vec());
        } else {
            let text = std::str::from_utf8(bytes).map_err(|_| AnchorError::None)?;
            for block in text.split("-----BEGIN CERTIFICATE-----").skip(1) {
                let number = certificates.len().saturating_add(1);
                let broken = AnchorError::Certificate {
                    number,
                    why: Asn1Error::Truncated,
                };
                let (body, _) = block
                    .split_once("-----END CERTIFICATE-----")
                    .ok_or(broken)?;
                let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
                let der = base64::engine::general_purpose::STANDARD.decode(body.as_bytes());
                let why = Asn1Error::Value;
                certificates.push(der.map_err(|_| AnchorError::Certificate { number, why })?);
                if certificates.len() > ANCHORS_MAX {
                    return Err(AnchorError::TooMany);
                }
            }
        }
        for (index, der) in certificates.iter().enumerate() {
            let number = index.saturating_add(1);
            Certificate::parse(der).map_err(|why| AnchorError::Certificate { number, why })?;
        }
        if certificates.is_empty() {
            return Err(AnchorError::None);
        }
        Ok(Self { certificates })
    }

    /// Trusts what another list trusts, too.
    pub fn extend(&mut self, other: Self) {
        for der in other.certificates {
            if !self.certificates.contains(&der) {
                self.certificates.push(der);
            }
        }
    }

    /// How many certificates are trusted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// Whether nobody is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    pub(crate) fn holds(&self, der: &[u8]) -> bool {
        self.certificates.iter().any(|anchor| anchor == der)
    }
}

/// Why a path does not carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PathFailure {
    /// No path to an anchor.
    None,
    /// A certificate's validity had ended.
    Expired { subject: String },
    /// A certificate's validity had not begun.
    NotYetValid { subject: String },
    /// An issuer is no authority, may not sign certificates, or has too many beneath it.
    Constraint { subject: String },
    /// A certificate has a critical rule that we cannot apply.
    Unknown { subject: String, rule: String },
}

/// A path from the leaf to an anchor, as far as one was found.
#[derive(Clone, Debug)]
pub(crate) struct Path<'a> {
    pub certificates: Vec<Certificate<'a>>,
    pub failure: Option<PathFailure>,
}

struct Search<'a> {
    pool: Vec<Certificate<'a>>,
    anchors: &'a Anchors,
    left: u32,
    complete: Vec<Vec<Certificate<'a>>>,
}

/// Builds a path for `leaf` at `at`, out of `pool` and the anchors.
pub(crate) fn build<'a>(
    leaf: &Certificate<'a>,
    pool: &'a [crate::facts::Der],
    anchors: &'a Anchors,
    at: Instant,
) -> Path<'a> {
    let ours = anchors.certificates.iter().map(Vec::as_slice);
    let sent = pool.iter().map(|der| der.0.as_slice());
    let parsed = ours
        .chain(sent)
        .filter_map(|der| Certificate::parse(der).ok());
    let mut search = Search {
        pool: parsed.collect(),
        anchors,
        left: VERIFICATIONS_MAX,
        complete: Vec::new(),
    };
    search.extend(vec![leaf.clone()]);
    let mut first = None;
    for path in search.complete {
        let failure = check(&path, at);
        let path = Path {
            certificates: path,
            failure,
        };
        if path.failure.is_none() {
            return path;
        }
        first.get_or_insert(path);
    }
    let alone = || Path {
        certificates: vec![leaf.clone()],
        failure: Some(PathFailure::None),
    };
    first.unwrap_or_else(alone)
}

impl<'a> Search<'a> {
    fn extend(&mut self, path: Vec<Certificate<'a>>) {
        let Some(last) = path.last().cloned() else {
            return;
        };
        if self.anchors.holds(last.raw) {
            self.complete.push(path);
            return;
        }
        if path.len() >= PATH_MAX || self.complete.len() >= 4 {
            return;
        }
        for candidate in self.pool.clone() {
            let passed = path.iter().any(|one| one.raw == candidate.raw);
            if passed || candidate.subject.raw != last.issuer.raw || !ids_agree(&last, &candidate) {
                continue;
            }
            let Some(left) = self.left.checked_sub(1) else {
                return;
            };
            self.left = left;
            if is_signed_by(&last, &candidate) {
                let mut longer = path.clone();
                longer.push(candidate);
                self.extend(longer);
            }
        }
    }
}

/// Key identifiers are hints; two that differ save a verification.
fn ids_agree(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    match (
        certificate.extensions.authority_key_id,
        issuer.extensions.subject_key_id,
    ) {
        (Some(wanted), Some(has)) => wanted == has,
        _ => true,
    }
}

fn is_signed_by(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let (Ok(key), Ok(scheme)) = (
        PublicKey::parse(issuer.spki),
        scheme::scheme_of(&certificate.algorithm, None),
    ) else {
        return false;
    };
    algorithm::verify(&key, scheme, &[certificate.tbs], certificate.signature)
        == Verification::Valid
}

fn check(path: &[Certificate<'_>], at: Instant) -> Option<PathFailure> {
    let subject = |certificate: &Certificate<'_>| {
        let name = crate::certificate::Name::parse(certificate.subject);
        name.map(|name| name.text).unwrap_or_default()
    };
    // Authorities beneath the one at hand that count against its pathLenConstraint.
    let mut beneath = 0_u64;
    for (index, certificate) in path.iter().enumerate() {
        let subject = || subject(certificate);
        if let Some(rule) = certificate.extensions.unknown_critical.first() {
            return Some(PathFailure::Unknown {
                subject: subject(),
                rule: rule.to_string(),
            });
        }
        if index > 0 {
            let extensions = &certificate.extensions;
            let too_long = extensions.path_len.is_some_and(|max| beneath > max);
            if !extensions.is_ca || !certificate.allows(usage::KEY_CERT_SIGN) || too_long {
                return Some(PathFailure::Constraint { subject: subject() });
            }
            if !certificate.is_self_issued() {
                beneath = beneath.saturating_add(1);
            }
        }
        if at < certificate.not_before {
            return Some(PathFailure::NotYetValid { subject: subject() });
        }
        if !certificate.is_valid_at(at) {
            return Some(PathFailure::Expired { subject: subject() });
        }
    }
    None
}

/// Reads the certificate at `index` of a list.
pub(crate) fn at_index(list: &[crate::facts::Der], index: Option<u32>) -> Option<Certificate<'_>> {
    let der = list.get(usize::try_from(index?).ok()?)?;
    asn1::read_all(&der.0, tag::SEQUENCE)
        .and_then(Certificate::from_node)
        .ok()
}
