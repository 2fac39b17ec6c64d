//! What trusted lists say of authorities: by whose law, from when until when, and for what they may
//! issue qualified certificates, or that they may not (any more).
//!
//! TS 119 615, 4.4: the listed service decides that is nearest to the certificate, by what it was
//! when the certificate was issued and when it was used. It is known by its key, whichever of its
//! certificates a path goes through.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use chancery_types::Instant;
use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::certificate::Certificate;
use crate::facts::Der;
use crate::signature_kind::{self, KindRemark, Law};

/// The bits of `KeyUsage` as lists name them (TS 119 612, 5.5.9.2.2.2), in their order.
const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "crlSign",
    "encipherOnly",
    "decipherOnly",
];

/// What one issue of a trusted list says of authorities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedIssue {
    /// By whose law.
    pub law: Law,
    /// Of which country the list is, `DE`. Of two issues for one the later is taken alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// When it was issued.
    pub issued: Instant,
    /// Its number, which tells apart what was issued at one moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// Until when it tells what is: its successor was due then.
    pub due: Instant,
    /// Whom it names.
    pub authorities: Vec<ListedAuthority>,
}

/// An authority of which a trusted list tells what it may issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedAuthority {
    /// Certificates of its keys, DER.
    pub certificates: Vec<Der>,
    /// What it was and is, in any order; at moments of none of them it may issue nothing.
    pub spans: Vec<ListedSpan>,
}

/// What an authority may issue from one moment until another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedSpan {
    /// From when.
    pub since: Instant,
    /// Until before when; absent for what holds now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// Qualified certificates for the signatures of persons.
    pub signatures: bool,
    /// Qualified certificates for the seals of organisations.
    pub seals: bool,
    /// What its certificates are, beyond what they say of themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<Qualification>,
}

/// A `QualificationElement` (TS 119 612, 5.5.9.2): qualifiers, and the certificates they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qualification {
    /// The qualifiers, as written.
    pub qualifiers: Vec<String>,
    /// `all`, `atLeastOne` or `none` of the criteria.
    pub assertion: String,
    /// Sets of certificate policies, object identifiers.
    pub policies: Vec<Vec<String>>,
    /// Sets of key usages and whether they are set.
    pub key_usages: Vec<Vec<(String, bool)>>,
    /// Whether there are criteria that are not read here: then nobody can say whom it is for.
    pub incomplete: bool,
}

impl Qualification {
    /// How many qualifiers, policies and key usages it names: what it costs to keep.
    #[must_use]
    pub fn parts(&self) -> usize {
        let policies = self.policies.iter().map(Vec::len);
        let usages = self.key_usages.iter().map(Vec::len);
        let sets = self.policies.len().saturating_add(self.key_usages.len());
        policies.chain(usages).fold(
            self.qualifiers.len().saturating_add(sets),
            usize::saturating_add,
        )
    }

    /// Whether it is for this certificate; nothing where that cannot be said.
    fn is_for(&self, certificate: &Certificate<'_>) -> Option<bool> {
        let policies = self.policies.iter().map(|set| has_all(certificate, set));
        let usages = self.key_usages.iter();
        let usages = usages.map(|set| has_usages(certificate, set));
        let unread = self.incomplete.then_some(None);
        let met: Vec<Option<bool>> = policies.chain(usages).chain(unread).collect();
        let any = |wanted: Option<bool>| met.contains(&wanted);
        match self.assertion.as_str() {
            "all" if any(Some(false)) => Some(false),
            "all" => (!any(None)).then_some(true),
            "atLeastOne" if any(Some(true)) => Some(true),
            "atLeastOne" => (!any(None)).then_some(false),
            "none" if any(Some(true)) => Some(false),
            "none" => (!any(None)).then_some(true),
            _ => None,
        }
    }
}

fn has_all(certificate: &Certificate<'_>, set: &[String]) -> Option<bool> {
    let mut all = true;
    for text in set {
        let policy = ObjectIdentifier::new(text).ok()?;
        all &= certificate.extensions.policies.contains(&policy);
    }
    Some(all)
}

fn has_usages(certificate: &Certificate<'_>, set: &[(String, bool)]) -> Option<bool> {
    let mut all = true;
    for (name, wanted) in set {
        let place = KEY_USAGES
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))?;
        let is_set = certificate.extensions.key_usage.is_some()
            && certificate.allows(u8::try_from(place).ok()?);
        all &= is_set == *wanted;
    }
    Some(all)
}

/// What lists grant to one certificate at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Granted {
    /// It may be a qualified one for signatures.
    pub signatures: bool,
    /// It may be a qualified one for seals.
    pub seals: bool,
    /// The list says that it is for seals, whatever it says itself.
    pub is_for_seals: bool,
    /// The list says that its key is in no qualified device, whatever it says itself.
    pub no_device: bool,
    /// The list told only of before: its successor was due at this moment, which was passed.
    pub outdated: Option<Instant>,
    /// The list says that it is no qualified one, or one for something else.
    denied: bool,
}

impl Granted {
    /// What any of several services grants, without what one of them takes away.
    fn or(self, other: Self) -> Self {
        Self {
            signatures: self.signatures | other.signatures,
            seals: self.seals | other.seals,
            ..self.taken_away(other)
        }
    }

    /// What is granted at both of two moments, or by both of two paths.
    pub fn and(self, other: Self) -> Self {
        Self {
            signatures: self.signatures & other.signatures,
            seals: self.seals & other.seals,
            ..self.taken_away(other)
        }
    }

    fn taken_away(self, other: Self) -> Self {
        Self {
            is_for_seals: self.is_for_seals | other.is_for_seals,
            no_device: self.no_device | other.no_device,
            outdated: self.outdated.or(other.outdated),
            denied: self.denied | other.denied,
            ..self
        }
    }

    /// Why a certificate that is for seals, or is not, does not count as a qualified one.
    pub fn doubt(self, seal: bool) -> Option<KindRemark> {
        let allows = match seal {
            true => self.seals,
            false => self.signatures,
        };
        match (self.signatures || self.seals, allows) {
            _ if self.outdated.is_some() => Some(KindRemark::Outdated),
            _ if self.denied => Some(KindRemark::TakenBack),
            (false, _) => Some(KindRemark::NotGranted),
            (true, false) => Some(KindRemark::OtherUse),
            (true, true) => None,
        }
    }
}

impl ListedSpan {
    fn holds_at(&self, at: Instant) -> bool {
        self.since <= at && self.until.is_none_or(|until| at < until)
    }

    /// What it grants to this certificate. A qualifier that takes away counts also where nobody
    /// can say whom it is for; what others would add is not taken from the list.
    fn grants(&self, certificate: &Certificate<'_>) -> Granted {
        let mut found = Granted {
            signatures: self.signatures,
            seals: self.seals,
            ..Granted::default()
        };
        let mut for_signatures = false;
        let qualified = certificate.extensions.qualified;
        for one in &self.qualifications {
            let is_for = one.is_for(certificate);
            if is_for == Some(false) {
                continue;
            }
            for qualifier in &one.qualifiers {
                match qualifier.rsplit(['/', '#']).next().unwrap_or("") {
                    "NotQualified" | "QCForWSA" => found.denied = true,
                    // A doubt, or a contradiction, confirms neither of the two.
                    "QCForESeal" | "QCForLegalPerson" => {
                        found.is_for_seals = true;
                        found.denied |= is_for.is_none() || qualified.signs;
                    }
                    "QCForESig" => for_signatures = true,
                    "QCNoSSCD" | "QCNoQSCD" => found.no_device = true,
                    // These add, or leave it to the certificate.
                    "QCStatement"
                    | "QCWithSSCD"
                    | "QCWithQSCD"
                    | "QCQSCDManagedOnBehalf"
                    | "QCSSCDStatusAsInCert"
                    | "QCQSCDStatusAsInCert" => {}
                    // What may take away more than is known here.
                    _ => found.denied = true,
                }
            }
        }
        // It is one of the two (TS 119 612, 5.5.9.2.3), and not what the certificate denies.
        found.denied |= for_signatures && (found.is_for_seals || qualified.seal);
        found
    }
}

/// Authorities of trusted lists by their key.
#[derive(Debug, Default)]
pub(crate) struct Listed<'a> {
    all: &'a [ListedIssue],
    /// Made when somebody asks: lists name thousands, and most signatures claim nothing.
    by_key: OnceCell<ByKey<'a>>,
}

type ByKey<'a> = HashMap<Rc<[u8]>, Vec<(&'a ListedIssue, &'a ListedAuthority)>>;

impl<'a> Listed<'a> {
    pub fn new(all: &'a [ListedIssue]) -> Self {
        let by_key = OnceCell::new();
        Self { all, by_key }
    }

    /// What cannot be read is no certificate, and stands on no path.
    fn by_key(&self) -> &ByKey<'a> {
        self.by_key.get_or_init(|| {
            let mut found = ByKey::new();
            for issue in latest(self.all) {
                for one in &issue.authorities {
                    for der in &one.certificates {
                        if let Ok(certificate) = Certificate::parse(&der.0) {
                            let same = found.entry(certificate.key_form()).or_default();
                            same.push((issue, one));
                        }
                    }
                }
            }
            found
        })
    }

    /// What the nearest of `issuers`, from the one of `certificate` on, that a list of each law
    /// names grants to it at `used`.
    pub fn granted<'c>(
        &self,
        certificate: &Certificate<'_>,
        issuers: impl Iterator<Item = &'c Rc<Certificate<'c>>>,
        used: Instant,
    ) -> BTreeMap<Law, Granted> {
        let mut found = BTreeMap::new();
        if self.all.is_empty() || !signature_kind::claims(certificate) {
            return found;
        }
        for issuer in issuers {
            let Some(services) = self.by_key().get(&issuer.key_form()) else {
                continue;
            };
            let laws: BTreeSet<Law> = services.iter().map(|(issue, _)| issue.law).collect();
            for law in laws {
                let at = |at| granted_by(services, law, certificate, at);
                found
                    .entry(law)
                    .or_insert_with(|| at(certificate.not_before).and(at(used)));
            }
        }
        found
    }
}

/// What lists of one law grant at one moment: those that tell of it, if any does. What became of an
/// authority after the day of the next issue stands only there.
fn granted_by(
    services: &[(&ListedIssue, &ListedAuthority)],
    law: Law,
    certificate: &Certificate<'_>,
    at: Instant,
) -> Granted {
    let of_law = services.iter().filter(|(issue, _)| issue.law == law);
    let (told, outdated): (Vec<_>, Vec<_>) = of_law.partition(|(issue, _)| at <= issue.due);
    let known = if told.is_empty() { &outdated } else { &told };
    let spans = known.iter().flat_map(|(_, service)| &service.spans);
    let spans = spans.filter(|span| span.holds_at(at));
    let mut found = Granted::default();
    for span in spans {
        found = found.or(span.grants(certificate));
    }
    if told.is_empty() {
        found.outdated = outdated.iter().map(|(issue, _)| issue.due).max();
    }
    found
}

/// The latest issue of each list. Lists of no country, or of no law known here, are all taken.
fn latest(all: &[ListedIssue]) -> impl Iterator<Item = &ListedIssue> {
    let is_older = |one: &ListedIssue, other: &ListedIssue| {
        one.law == other.law
            && one.territory.is_some()
            && one.territory == other.territory
            && (one.issued, one.sequence) < (other.issued, other.sequence)
    };
    all.iter()
        .filter(move |one| !all.iter().any(|other| is_older(one, other)))
}
