//! The paths that lead to trust anchors (RFC 5280, 6), at one moment.

use std::rc::Rc;

use chancery_types::Instant;
use const_oid::ObjectIdentifier;

pub use crate::anchors::{AnchorError, Anchors};
use crate::asn1::{self, tag};
use crate::certificate::{Certificate, usage};
use crate::judge_times::CLOCKS_SECONDS_MAX;
use crate::judge_trust::Purpose;
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

/// The anchor that a self-signed certificate (DER) would be; nothing for any other certificate.
/// Whether to trust it is not said by this.
#[must_use]
pub fn self_signed(der: &[u8]) -> Option<Anchors> {
    let certificate = Certificate::parse(der).ok()?;
    is_self_signed(&certificate, &Work::default()).then(|| Anchors::of(der))
}

/// Whether a certificate vouches for itself, as long as that may be asked.
pub(crate) fn is_self_signed(certificate: &Certificate<'_>, work: &Work) -> bool {
    let message = (certificate.tbs, certificate.signature);
    certificate.is_self_issued() && fits_within(work, certificate, &certificate.algorithm, message)
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
    /// Somebody on a path in whom trust had ended, and when.
    pub ended: Option<Ended>,
}

/// Somebody who was trusted until a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub subject: String,
    pub until: Instant,
}

struct Search<'p, 'a> {
    pool: &'p Pool<'a>,
    at: Instant,
    purpose: Purpose,
    /// Signatures of certificates that may still be verified.
    left: u32,
    steps: u32,
    /// Whether something was left out for that.
    cut: bool,
    /// The length of the paths that are looked for.
    length: usize,
    /// Whether some were left off because they are longer.
    is_longer: bool,
    ended: Option<Ended>,
    complete: Vec<Vec<Rc<Certificate<'a>>>>,
}

/// Builds the paths for this use of `leaf` at `at`: at most [`PATHS_MAX`], those that carry first.
/// Cross certificates open several; a loop opens none, since no certificate stands in a path twice,
/// and no name and key either (RFC 5280, 6.1).
pub(crate) fn build<'a>(
    leaf: &Rc<Certificate<'a>>,
    pool: &Pool<'a>,
    at: Instant,
    purpose: Purpose,
) -> Found<'a> {
    let search = Search::run(leaf, pool, at, purpose);
    let paths = search.complete.into_iter().map(|certificates| Path {
        failure: check(&certificates, pool, at),
        certificates,
    });
    let mut paths: Vec<Path<'a>> = paths.collect();
    paths.sort_by_key(|path| path.failure.is_some());
    Found {
        paths,
        is_cut: search.cut || pool.work().exceeded().is_some(),
        ended: search.ended,
    }
}

/// The same paths, whatever their rules say.
pub(crate) fn ways<'a>(
    leaf: &Rc<Certificate<'a>>,
    pool: &Pool<'a>,
    at: Instant,
) -> Vec<Vec<Rc<Certificate<'a>>>> {
    Search::run(leaf, pool, at, Purpose::of(leaf)).complete
}

impl<'p, 'a> Search<'p, 'a> {
    fn run(leaf: &Rc<Certificate<'a>>, pool: &'p Pool<'a>, at: Instant, purpose: Purpose) -> Self {
        let mut search = Self {
            pool,
            at,
            purpose,
            left: VERIFICATIONS_MAX,
            steps: STEPS_MAX,
            cut: false,
            length: 1,
            is_longer: false,
            ended: None,
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
        // There may be one that is longer than any that is looked for.
        search.cut |= search.is_longer && search.complete.is_empty();
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
        if self.pool.vouches_at(&last, self.at, self.purpose) {
            if path.len() == self.length {
                self.complete.push(path.clone());
            }
            return;
        }
        if let Some(until) = self.pool.ended_before(&last, self.at, self.purpose) {
            let subject = last.subject_text();
            self.ended.get_or_insert(Ended { subject, until });
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
                self.cut = true;
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

    /// Authorities of one key that all certify one another, and none of them a trusted root.
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
            assert!(build(lost, &pool, at, Purpose::Signature).is_cut);
        }
        assert_eq!(work.exceeded(), None);
        let mut searches = (0..64).map(|_| build(lost, &pool, at, Purpose::Signature));
        assert!(searches.all(|found| found.paths.is_empty() && found.is_cut));
        assert_eq!(work.exceeded(), Some(("steps_max", 262_144)));
        // What any path takes is not counted.
        let found = build(honest, &pool, at, Purpose::Signature);
        assert_eq!(found.paths.len(), 1);
    }
}
