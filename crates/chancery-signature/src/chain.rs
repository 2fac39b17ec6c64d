//! Trust anchors and the paths that lead to them (RFC 5280, 6), at one moment.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use chancery_types::Instant;
use const_oid::ObjectIdentifier;

use crate::asn1::{self, Asn1Error, tag};
use crate::certificate::{Certificate, usage};
use crate::judge_times::CLOCKS_SECONDS_MAX;
use crate::name_constraints::NameFailure;
use crate::oid;
use crate::pool::{Pool, fits_within};
use crate::work::Work;

/// Longest path, anchor included.
const PATH_MAX: usize = 10;
/// Most signatures of certificates that are verified for one path.
const VERIFICATIONS_MAX: u32 = 64;
/// Most candidates that are looked at for one path, tried before or not.
const STEPS_MAX: u32 = 4_096;
/// Of those, as many as any honest path takes are not counted against the whole file.
const STEPS_FREE: u32 = 64;
/// Most paths that are looked at for one certificate.
const PATHS_MAX: usize = 8;
/// Most anchors in one file.
const ANCHORS_MAX: usize = 10_000;

/// Certificates that are trusted because somebody says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchors {
    certificates: Vec<Vec<u8>>,
    /// Until when those are trusted that are not trusted for good.
    until: HashMap<Vec<u8>, Instant>,
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
        Ok(Self {
            certificates,
            until: HashMap::new(),
        })
    }

    /// The same, trusted for what is proven to be no later than `until`: an authority that was
    /// replaced issues nothing any more.
    #[must_use]
    pub fn trusted_until(mut self, until: Instant) -> Self {
        let all = self.certificates.iter().cloned();
        self.until = all.map(|der| (der, until)).collect();
        self
    }

    /// The certificates, DER.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(Vec::as_slice)
    }

    /// Trusts what another list trusts, too.
    pub fn extend(&mut self, other: Self) {
        let known: HashSet<Vec<u8>> = self.certificates.iter().cloned().collect();
        let new = other.certificates.into_iter();
        for der in new.filter(|der| !known.contains(der)) {
            if let Some(until) = other.until.get(&der) {
                self.until.insert(der.clone(), *until);
            }
            self.certificates.push(der);
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

    /// The certificates, each with the moment until which it is trusted.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&[u8], Option<Instant>)> {
        let all = self.certificates.iter();
        all.map(|der| (der.as_slice(), self.until.get(der).copied()))
    }
}

/// The anchor that a self-signed certificate (DER) would be; nothing for any other certificate.
/// Whether to trust it is not said by this.
#[must_use]
pub fn self_signed(der: &[u8]) -> Option<Anchors> {
    self_signed_within(der, &Work::default())
}

/// As [`self_signed`], as long as that may be asked.
pub(crate) fn self_signed_within(der: &[u8], work: &Work) -> Option<Anchors> {
    let certificate = Certificate::parse(der).ok()?;
    let own = certificate.is_self_issued()
        && fits_within(
            work,
            &certificate,
            &certificate.algorithm,
            (certificate.tbs, certificate.signature),
        );
    own.then(|| Anchors {
        certificates: vec![der.to_vec()],
        until: HashMap::new(),
    })
}

/// Why a path does not carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PathFailure {
    /// A certificate's validity had ended.
    Expired { subject: String },
    /// The validity of the leaf had not begun.
    NotYetValid { subject: String },
    /// The validity of an authority had not begun.
    Younger { subject: String },
    /// An issuer is no authority, may not sign certificates, or has too many beneath it.
    Constraint { subject: String },
    /// A certificate has a critical rule that we cannot apply.
    Unknown { subject: String, rule: String },
}

/// A path from the leaf to an anchor.
#[derive(Clone, Debug)]
pub(crate) struct Path<'a> {
    pub certificates: Vec<Rc<Certificate<'a>>>,
    pub failure: Option<PathFailure>,
}

/// The paths, and whether there may be more: the search has bounds.
pub(crate) struct Found<'a> {
    pub paths: Vec<Path<'a>>,
    pub is_cut: bool,
}

struct Search<'p, 'a> {
    pool: &'p Pool<'a>,
    at: Instant,
    /// Signatures of certificates that may still be verified.
    left: u32,
    steps: u32,
    /// Whether something was left out for that.
    cut: bool,
    /// The length of the paths that are looked for.
    length: usize,
    /// Whether some were left off because they are longer.
    is_longer: bool,
    complete: Vec<Vec<Rc<Certificate<'a>>>>,
}

/// Builds the paths for `leaf` at `at`: at most [`PATHS_MAX`], those that carry first. Cross
/// certificates open several; a loop opens none, since no certificate stands in a path twice, and
/// no name and key either (RFC 5280, 6.1).
pub(crate) fn build<'a>(leaf: &Rc<Certificate<'a>>, pool: &Pool<'a>, at: Instant) -> Found<'a> {
    let search = Search::run(leaf, pool, at);
    let paths = search.complete.into_iter().map(|certificates| Path {
        failure: check(&certificates, pool, at),
        certificates,
    });
    let mut paths: Vec<Path<'a>> = paths.collect();
    paths.sort_by_key(|path| path.failure.is_some());
    Found {
        paths,
        is_cut: search.cut || pool.work().exceeded().is_some(),
    }
}

/// The same paths, whatever their rules say.
pub(crate) fn ways<'a>(
    leaf: &Rc<Certificate<'a>>,
    pool: &Pool<'a>,
    at: Instant,
) -> Vec<Vec<Rc<Certificate<'a>>>> {
    Search::run(leaf, pool, at).complete
}

impl<'p, 'a> Search<'p, 'a> {
    fn run(leaf: &Rc<Certificate<'a>>, pool: &'p Pool<'a>, at: Instant) -> Self {
        let mut search = Self {
            pool,
            at,
            left: VERIFICATIONS_MAX,
            steps: STEPS_MAX,
            cut: false,
            length: 1,
            is_longer: false,
            complete: Vec::new(),
        };
        // The short ones first: a ring of authorities must not hide the way out of it.
        for length in 1..=PATH_MAX {
            (search.length, search.is_longer) = (length, false);
            search.extend(&mut vec![Rc::clone(leaf)]);
            if !search.is_longer {
                break;
            }
        }
        search
    }

    /// Whether one more candidate may be looked at.
    fn steps(&mut self) -> bool {
        let Some(left) = self.steps.checked_sub(1) else {
            return false;
        };
        self.steps = left;
        // The first ones are those of any path; what is more counts for the whole file.
        left >= STEPS_MAX - STEPS_FREE || self.pool.work().searches()
    }

    fn extend(&mut self, path: &mut Vec<Rc<Certificate<'a>>>) {
        let Some(last) = path.last().cloned() else {
            return;
        };
        if self.pool.is_anchor_at(&last, self.at) {
            if path.len() == self.length {
                self.complete.push(path.clone());
            }
            return;
        }
        if path.len() >= self.length {
            self.is_longer = true;
            return;
        }
        for candidate in self.pool.issuers(&last) {
            if !self.steps() {
                self.cut = true;
                return;
            }
            if self.complete.len() >= PATHS_MAX {
                return;
            }
            let passed = path.iter().any(|one| is_same_entity(one, candidate));
            if passed {
                continue;
            }
            if !self.pool.is_answered(&last, candidate) {
                let Some(left) = self.left.checked_sub(1) else {
                    self.cut = true;
                    return;
                };
                self.left = left;
            }
            if self.pool.is_signed_by(&last, candidate) {
                path.push(Rc::clone(candidate));
                self.extend(path);
                path.pop();
            }
        }
    }
}

/// One name with one key is one entity, whoever certified it.
fn is_same_entity(one: &Certificate<'_>, other: &Certificate<'_>) -> bool {
    one.subject_key() == other.subject_key() && one.key_form() == other.key_form()
}

fn check<'a>(path: &[Rc<Certificate<'a>>], pool: &Pool<'a>, at: Instant) -> Option<PathFailure> {
    if let Some(certificate) = unmet_demand(path) {
        return Some(PathFailure::Unknown {
            subject: certificate.subject_text(),
            rule: oid::POLICY_CONSTRAINTS.to_string(),
        });
    }
    // Authorities beneath the one at hand that count against its pathLenConstraint.
    let mut beneath = 0_u64;
    for (index, certificate) in path.iter().enumerate() {
        let subject = || certificate.subject_text();
        if let Some(rule) = certificate.extensions.unknown_critical.first() {
            return Some(PathFailure::Unknown {
                subject: subject(),
                rule: rule.to_string(),
            });
        }
        if index > 0 {
            let extensions = &certificate.extensions;
            let too_long = extensions.path_len.is_some_and(|max| beneath > max);
            // Old roots have no extensions to say what they are; whoever trusts them says it.
            let is_root = certificate.is_version_1 && index.saturating_add(1) == path.len();
            let is_authority = extensions.is_ca || is_root;
            if !is_authority || !certificate.allows(usage::KEY_CERT_SIGN) || too_long {
                return Some(PathFailure::Constraint { subject: subject() });
            }
            if !certificate.is_self_issued() {
                beneath = beneath.saturating_add(1);
            }
        }
        if let Some(failure) = name_failure(path, pool, index) {
            return Some(failure);
        }
        // Who certifies at the moment of signing may have another clock than who stamps it.
        let slack = if index == 0 { CLOCKS_SECONDS_MAX } else { 0 };
        if at.plus_seconds(slack) < certificate.not_before {
            // An anchor is a name and a key (RFC 5280, 6.1.1, d): it may have a newer certificate,
            // and so may an authority, of which nobody knows here whether it had one before.
            match index {
                _ if index > 0 && index.saturating_add(1) == path.len() => continue,
                0 => return Some(PathFailure::NotYetValid { subject: subject() }),
                _ => return Some(PathFailure::Younger { subject: subject() }),
            }
        }
        if at.seconds() > certificate.not_after.seconds() {
            return Some(PathFailure::Expired { subject: subject() });
        }
    }
    None
}

/// The certificate that demands a policy all along the path, if none goes along (RFC 5280, 6.1). A
/// demand counts from above it, however many certificates it would pass over; where something
/// changes what policies mean, nobody knows here whether it is met.
fn unmet_demand<'p, 'a>(path: &'p [Rc<Certificate<'a>>]) -> Option<&'p Rc<Certificate<'a>>> {
    let mut demands = path.iter();
    let demanding = demands.find(|one| one.extensions.policy_demand.explicit)?;
    // The anchor is trusted for whatever there is (6.1.1, d).
    let (_, beneath) = path.split_last()?;
    let known = |one: &ObjectIdentifier| ![oid::UNKNOWN, oid::ANY_POLICY].contains(one);
    // Absent for any.
    let mut valid: Option<Vec<ObjectIdentifier>> = None;
    for certificate in beneath.iter().rev() {
        let extensions = &certificate.extensions;
        if extensions.policy_demand.changes_meaning || extensions.policies.is_empty() {
            return Some(demanding);
        }
        if extensions.policies.contains(&oid::ANY_POLICY) {
            continue;
        }
        let own = extensions.policies.iter().filter(|one| known(one));
        let both = own.filter(|one| valid.as_ref().is_none_or(|valid| valid.contains(one)));
        valid = Some(both.copied().collect());
    }
    let unmet = valid.is_some_and(|valid| valid.is_empty());
    unmet.then_some(demanding)
}

/// Whether the names beneath the authority at `index` keep to what it may name (RFC 5280, 6.1.3, b
/// and c): self-issued authorities are exempt, the end entity never is.
fn name_failure<'a>(
    path: &[Rc<Certificate<'a>>],
    pool: &Pool<'a>,
    index: usize,
) -> Option<PathFailure> {
    let authority = path.get(index)?;
    let beneath = path.get(..index)?.iter().enumerate();
    let bound = beneath.filter(|(place, one)| *place == 0 || !one.is_self_issued());
    for (_, certificate) in bound {
        match pool.is_within(authority, certificate) {
            Ok(()) => {}
            Err(NameFailure::Forbidden) => {
                let subject = certificate.subject_text();
                return Some(PathFailure::Constraint { subject });
            }
            Err(NameFailure::Unknown) => {
                return Some(PathFailure::Unknown {
                    subject: authority.subject_text(),
                    rule: oid::NAME_CONSTRAINTS.to_string(),
                });
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthorityRequest, IssuingAuthority, KeyKind, SigningKey, make_issuing, make_root};

    const NAMES: u8 = 12;

    fn request(number: u8, of: u8) -> AuthorityRequest {
        AuthorityRequest {
            common_name: format!("Web {number}"),
            organisation: None,
            serial: [number
                .saturating_mul(NAMES)
                .saturating_add(of)
                .saturating_add(1); 16],
            not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
            not_after: "2036-01-01T00:00:00Z".parse().unwrap(),
        }
    }

    /// Authorities of one key that all certify one another, and none of them a root that is trusted.
    fn web() -> Vec<Vec<u8>> {
        let key = SigningKey::from_seed(KeyKind::EcdsaP256, &[1; 32]).unwrap();
        let spki = key.spki_der();
        let authorities = (0..NAMES).map(|number| {
            let root = make_root(&key, &request(number, number)).unwrap();
            IssuingAuthority::new(key.clone(), root).unwrap()
        });
        let certified = authorities.enumerate().flat_map(|(by, authority)| {
            let by = u8::try_from(by).unwrap();
            let others = (0..NAMES).filter(move |number| *number != by);
            let certify = |number| make_issuing(&authority, &spki, &request(number, by)).unwrap();
            others.map(certify).collect::<Vec<_>>()
        });
        certified.collect()
    }

    #[test]
    fn check_37_the_candidates_of_all_paths_have_a_limit() {
        let web = web();
        let key = SigningKey::from_seed(KeyKind::EcdsaP256, &[2; 32]).unwrap();
        let root = make_root(&key, &request(99, 0)).unwrap();
        let authority = IssuingAuthority::new(key.clone(), root.clone()).unwrap();
        let honest = make_issuing(&authority, &key.spki_der(), &request(98, 0)).unwrap();
        let (anchors, work) = (self_signed(&root).unwrap(), Rc::new(Work::default()));
        let mut pool = Pool::within(&anchors, &work);
        for der in web.iter().chain([&honest]) {
            pool.add(der);
        }
        let at = "2026-06-01T00:00:00Z".parse().unwrap();
        let lost = pool.get(&web[0]).unwrap();
        let honest = pool.get(&honest).unwrap();
        for _ in 0..16 {
            assert!(build(lost, &pool, at).is_cut);
        }
        assert_eq!(work.exceeded(), None);
        let mut searches = (0..64).map(|_| build(lost, &pool, at));
        assert!(searches.all(|found| found.paths.is_empty() && found.is_cut));
        assert_eq!(work.exceeded(), Some(("steps_max", 262_144)));
        // What any path takes is not counted.
        assert_eq!(build(honest, &pool, at).paths.len(), 1);
    }
}
