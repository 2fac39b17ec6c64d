//! A list with its signature: read from the octets that are signed, by those who may sign it.

use chancery_signature::facts::{Agreement, Der};
use chancery_signature::{Anchors, Answer, Facts, ValidationPolicy, ValidationReport, judge};
use chancery_types::Instant;
use chancery_xades::{Limits, XmlSignature, read_signatures};
use chancery_xml::{Document, Element, NodeId};
use serde::{Deserialize, Serialize};

use crate::list::etsi::{self, TSL};
use crate::list::grants::UNDATED_SECONDS;
use crate::list::{TrustedList, accredited};
use crate::outcome::{Outcome, Reason, codes, conclude};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// `id-tsl-kp-tslSigning` (TS 119 612, 5.7.1): the purpose of certificates that sign lists.
const SIGNS_LISTS: &str = "0.4.0.2231.3.0";

/// Most providers, services, states, certificates and pointers of one list, each.
const EACH_MAX: u32 = 50_000;

/// Most states of services that share them: of a centre's many keys each has all of the centre's.
const SHARED_MAX: u32 = 500_000;

/// How many of each kind a list may still have.
pub(crate) struct Budget {
    left: std::collections::BTreeMap<&'static str, u32>,
}

impl Budget {
    fn new() -> Self {
        Self {
            left: std::collections::BTreeMap::new(),
        }
    }

    /// Counts one more under `limit`.
    pub fn spend(&mut self, limit: &'static str) -> Result<(), &'static str> {
        self.spend_of(limit, 1, EACH_MAX)
    }

    /// Counts so many states more that a service has of those that others have as well.
    pub fn share(&mut self, states: usize) -> Result<(), &'static str> {
        let count = u32::try_from(states).unwrap_or(u32::MAX);
        self.spend_of("shared_states_max", count, SHARED_MAX)
    }

    /// Counts so many qualifiers, policies and key usages more.
    pub fn qualify(&mut self, parts: usize) -> Result<(), &'static str> {
        let count = u32::try_from(parts).unwrap_or(u32::MAX);
        self.spend_of("qualifiers_max", count, EACH_MAX)
    }

    fn spend_of(&mut self, limit: &'static str, by: u32, max: u32) -> Result<(), &'static str> {
        let left = self.left.entry(limit).or_insert(max);
        *left = left.checked_sub(by).ok_or(limit)?;
        Ok(())
    }
}

codes! {
    /// A reason about a list, as a code.
    ListCode:
    /// It cannot be read: `why`.
    Unreadable, "unreadable", Undecides;
    /// The document is no list that is known here: `element`.
    NotAList, "not_a_list", Undecides;
    /// Something that every list has is missing, or is not of its form: `field`.
    FieldMissing, "field_missing", Undecides;
    /// Nobody signed it.
    Unsigned, "unsigned", Refuses;
    /// More than one signature: `count`.
    SeveralSignatures, "several_signatures", Refuses;
    /// The signature does not stand right beneath the root.
    SignatureMisplaced, "signature_misplaced", Refuses;
    /// The signature does not cover the whole list, and exactly that.
    CoverageWrong, "coverage_wrong", Refuses;
    /// The signature does not fit: the list was changed, or never signed with this key.
    SignatureWrong, "signature_wrong", Refuses;
    /// Whether the signature fits cannot be computed, or it is too weak to rest on: `why`.
    SignatureUndecided, "signature_undecided", Undecides;
    /// The signature fits, and is of none of those who may sign the list: `subject`, as its
    /// certificate says.
    SignerUnknown, "signer_unknown", Refuses;
    /// A newer issue was due: `due`.
    Expired, "expired", Undecides;
    /// Names no date for its next issue, and is older than the policy takes: `issued`.
    Old, "old", Undecides;
    /// Issued after the moment of judgement: `issued`.
    InFuture, "in_future", Undecides;
    /// No authority of it may issue qualified certificates now, by a law known here: what its
    /// certificates say of themselves is not confirmed by it.
    ConfirmsNothing, "confirms_nothing", Warns;
    /// Authorities that it names by no certificate that can be read, so that nothing is known of
    /// theirs: `count`, and the name of the first, `service`.
    ServiceUnnamed, "service_unnamed", Warns;
}

/// What is asked of a list beside its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListPolicy {
    /// The rules for its signature.
    pub signature: ValidationPolicy,
    /// How long a list that names no date for its next issue is taken, in seconds from its own
    /// date.
    pub undated_seconds_max: i64,
}

impl Default for ListPolicy {
    fn default() -> Self {
        let usual = ValidationPolicy::default();
        Self {
            signature: ValidationPolicy {
                name: "trusted-list".to_owned(),
                signing_purposes: [usual.signing_purposes, vec![SIGNS_LISTS.to_owned()]].concat(),
                ..ValidationPolicy::default()
            },
            undated_seconds_max: UNDATED_SECONDS,
        }
    }
}

/// The judgement on one list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListReport {
    /// The conclusion.
    pub result: Outcome,
    /// Why.
    pub reasons: Vec<Reason<ListCode>>,
    /// The judgement on its signature, with those who may sign it as the only anchors.
    pub signature: Option<ValidationReport>,
    /// The list, read from the signed octets. Absent unless one who may sign it signed them; it may
    /// be there though the result is undecided, when it is old or not yet issued.
    pub list: Option<TrustedList>,
    /// The moment of judgement.
    pub judged_at: Instant,
}

/// Reads a list without asking who signed it: for showing, and for the first look at a list whose
/// signers are not known yet. Nothing may be trusted because of it.
///
/// # Errors
///
/// A reason: not XML, not a list, or not complete.
pub fn parse_trusted_list(bytes: &[u8], limits: &Limits) -> Result<TrustedList, Reason<ListCode>> {
    let document = Document::parse(bytes, &limits.xml)
        .map_err(|error| Reason::new(ListCode::Unreadable, &[("why", error.code())]))?;
    parse_root(document.root())
}

fn parse_root(root: Element<'_>) -> Result<TrustedList, Reason<ListCode>> {
    let mut budget = Budget::new();
    let read = if root.is(TSL, "TrustServiceStatusList") {
        etsi::read(root, &mut budget)
    } else if accredited::is_root(root) {
        accredited::read(root, &mut budget)
    } else {
        let name = crate::text::shown(root.local());
        return Err(Reason::new(ListCode::NotAList, &[("element", &name)]));
    };
    read.map_err(|field| Reason::new(ListCode::FieldMissing, &[("field", field)]))
}

/// Reads a list that one of `signers` (certificates, DER) must have signed, at `at`.
#[must_use]
pub fn read_trusted_list(
    bytes: &[u8],
    signers: &[Der],
    policy: &ListPolicy,
    at: Instant,
    limits: &Limits,
) -> ListReport {
    let mut report = ListReport {
        result: Outcome::Undecided,
        reasons: Vec::new(),
        signature: None,
        list: None,
        judged_at: at,
    };
    match signed_octets(bytes, signers, policy, at, limits, &mut report.signature) {
        Ok(octets) => match parse_trusted_list(&octets, limits) {
            Ok(list) => {
                report.reasons.extend(age(&list, policy, at));
                report.reasons.extend(remarks(&list, at));
                report.list = Some(list);
            }
            Err(reason) => report.reasons.push(reason),
        },
        Err(reason) => report.reasons.push(reason),
    }
    report.result = conclude(report.reasons.iter().map(|reason| reason.code.weight()));
    report
}

/// The octets of the whole list that one of the signers signed.
fn signed_octets(
    bytes: &[u8],
    signers: &[Der],
    policy: &ListPolicy,
    at: Instant,
    limits: &Limits,
    judged: &mut Option<ValidationReport>,
) -> Result<Vec<u8>, Reason<ListCode>> {
    let document = Document::parse(bytes, &limits.xml)
        .map_err(|error| Reason::new(ListCode::Unreadable, &[("why", error.code())]))?;
    let signature = only_signature(&document, limits)?;
    let mut anchors = Anchors::none();
    for signer in signers {
        if let Ok(one) = Anchors::from_pem_or_der(&signer.0) {
            anchors.extend(one);
        }
    }
    let mut facts = Facts::of(bytes, chancery_signature::facts::FileFormat::Xml);
    facts.signatures = vec![signature.facts.clone()];
    let report = judge(&facts, &policy.signature, at, &anchors);
    let first = |report: &ValidationReport| {
        let found = report
            .signatures
            .first()
            .and_then(|one| one.reasons.first());
        found.map_or("", |reason| reason.code.key())
    };
    let (crypto, intact, why) = (report.crypto, report.intact, first(&report));
    let passed = report.indication == chancery_signature::Indication::TotalPassed;
    let subject = report
        .signatures
        .first()
        .and_then(|one| one.signer.as_ref());
    let subject = subject
        .map(|one| one.subject.text.clone())
        .unwrap_or_default();
    *judged = Some(report);
    if crypto == Answer::No {
        return Err(ListCode::SignatureWrong.into());
    }
    if crypto == Answer::Undecided {
        return Err(Reason::new(ListCode::SignatureUndecided, &[("why", why)]));
    }
    let octets = whole_list(&document, &signature).ok_or(ListCode::CoverageWrong)?;
    if intact == Answer::No {
        return Err(ListCode::SignatureWrong.into());
    }
    // A certificate that a signer issued is no signer.
    let is_signer = |der: &[u8]| signers.iter().any(|signer| **signer.0 == *der);
    if !signature.certificate().is_some_and(is_signer) {
        return Err(Reason::new(
            ListCode::SignerUnknown,
            &[("subject", &subject)],
        ));
    }
    if !passed {
        return Err(Reason::new(ListCode::SignatureUndecided, &[("why", why)]));
    }
    if document.root().namespace() == TSL && !is_bound(&signature) {
        let args = [("why", "signing_certificate_unbound")];
        return Err(Reason::new(ListCode::SignatureUndecided, &args));
    }
    Ok(octets)
}

/// TS 119 612, 5.7.1: the signature is a XAdES baseline one, which names its certificate.
fn is_bound(signature: &XmlSignature) -> bool {
    let signer = signature.facts.signer.as_ref();
    let attributes = signer.and_then(|one| one.attributes.as_ref());
    attributes.is_some_and(|one| one.signing_certificate == Agreement::Agrees)
}

/// The one signature, right beneath the root (TS 119 612, 5.7).
fn only_signature(document: &Document, limits: &Limits) -> Result<XmlSignature, Reason<ListCode>> {
    let root = document.root();
    let all = root.descendants().filter(|one| one.is(DSIG, "Signature"));
    let all: Vec<Element<'_>> = all.take(2).collect();
    let element = match all.as_slice() {
        [] => return Err(ListCode::Unsigned.into()),
        [one] => *one,
        _ => {
            let count = root.descendants().filter(|one| one.is(DSIG, "Signature"));
            let count = count.count().to_string();
            return Err(Reason::new(
                ListCode::SeveralSignatures,
                &[("count", &count)],
            ));
        }
    };
    if element.parent() != Some(root) {
        return Err(ListCode::SignatureMisplaced.into());
    }
    let read = read_signatures(document, limits);
    let read = read.map_err(|limit| Reason::new(ListCode::Unreadable, &[("why", limit)]))?;
    let found = read.into_iter().find(|one| one.element == element.id());
    found.ok_or_else(|| ListCode::Unsigned.into())
}

/// The octets of the reference that covers everything but the signature itself.
fn whole_list(document: &Document, signature: &XmlSignature) -> Option<Vec<u8>> {
    let tops = [NodeId::DOCUMENT, document.root().id()];
    let whole = signature.covered().iter().find(|one| {
        let without_itself = one.without.as_slice() == [signature.element];
        tops.contains(&one.apex) && without_itself
    });
    whole.map(|one| one.octets.clone())
}

/// What should be known of a list before it is rested on.
fn remarks(list: &TrustedList, at: Instant) -> Vec<Reason<ListCode>> {
    let mut found = Vec::new();
    if !list.confirms_at(at) {
        found.push(ListCode::ConfirmsNothing.into());
    }
    let services = list.providers.iter().flat_map(|one| &one.services);
    let mut nobodys = services.filter(|one| one.is_nobodys());
    if let Some(first) = nobodys.next() {
        let count = nobodys.count().saturating_add(1).to_string();
        let args = [("count", count.as_str()), ("service", first.name.as_str())];
        found.push(Reason::new(ListCode::ServiceUnnamed, &args));
    }
    found
}

/// Whether the list is of its time.
fn age(list: &TrustedList, policy: &ListPolicy, at: Instant) -> Vec<Reason<ListCode>> {
    let mut reasons = Vec::new();
    if let Some(issued) = list.issued_at {
        let text = issued.to_string();
        let args = [("issued", text.as_str())];
        if issued > at {
            reasons.push(Reason::new(ListCode::InFuture, &args));
        }
        let undated = list.next_update_at.is_none();
        if undated && at.seconds_since(issued) > policy.undated_seconds_max {
            reasons.push(Reason::new(ListCode::Old, &args));
        }
    }
    if let Some(due) = list.next_update_at.filter(|due| *due < at) {
        let due = due.to_string();
        reasons.push(Reason::new(ListCode::Expired, &[("due", &due)]));
    }
    reasons
}
