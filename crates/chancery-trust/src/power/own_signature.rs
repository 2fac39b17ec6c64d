//! The signature of a power: CMS beside it, or XML inside it.

use chancery_signature::facts::{Der, Facts, SignatureFacts, SignatureForm};
use chancery_signature::{Answer, Code, Indication, ValidationReport, gather_cms, judge_with};
use chancery_types::Instant;
use chancery_xades::{Limits, XmlSignature, gather_xml, read_signatures};
use chancery_xml::{Document, NodeId};

use crate::outcome::Reason;
use crate::power::delegation::Setting;
use crate::power::{AuthorityCode, Grant, Identity, names};
use crate::text::moment;

/// How a power is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnSignature<'s> {
    /// Nothing was given, and nothing stands in the file.
    Missing,
    /// CMS beside it: DER, PEM or Base64.
    Detached(&'s [u8]),
    /// An XML signature inside it.
    Enveloped,
}

/// What became of the signature of a power.
pub(crate) struct Signed {
    /// The octets that were signed: the file, or what an enveloped signature covers.
    pub octets: Option<Vec<u8>>,
    pub report: Option<ValidationReport>,
    pub certificate: Option<Der>,
    /// Everybody who signed, in order; who cannot be told is nobody.
    pub identities: Vec<Identity>,
    pub reasons: Vec<Reason<AuthorityCode>>,
}

/// What the signature of a power brings, to see what is missing of revocation; nothing without a
/// signature.
#[must_use]
pub fn own_facts(grant: &Grant<'_>, limits: &Limits) -> Option<Facts> {
    match grant.signature {
        OwnSignature::Missing => None,
        OwnSignature::Detached(cms) => Some(gather_cms(
            cms,
            Some(grant.power),
            &chancery_signature::Limits::default(),
        )),
        OwnSignature::Enveloped => Some(gather_xml(grant.power, limits)),
    }
}

/// Whether an XML signature stands within a power, in whatever encoding it is written.
#[must_use]
pub fn is_signed_within(power: &[u8], limits: &Limits) -> bool {
    let document = Document::parse(power, &limits.xml);
    document.is_ok_and(|document| {
        let mut all = document.root().descendants();
        all.any(|one| one.is(names::SIGNATURES, "Signature"))
    })
}

/// Judges the signature of a power.
pub(crate) fn check(grant: Grant<'_>, setting: Setting<'_>) -> Signed {
    let Grant { power, signature } = grant;
    match signature {
        OwnSignature::Missing => nothing(AuthorityCode::SignatureMissing.into()),
        OwnSignature::Detached(cms) => {
            let facts = gather_cms(cms, Some(power), &chancery_signature::Limits::default());
            let mut signed = judged(&facts, setting);
            signed.octets = Some(power.to_vec());
            signed
        }
        OwnSignature::Enveloped => enveloped(power, setting),
    }
}

fn nothing(reason: Reason<AuthorityCode>) -> Signed {
    Signed {
        octets: None,
        report: None,
        certificate: None,
        identities: Vec::new(),
        reasons: vec![reason],
    }
}

fn enveloped(power: &[u8], setting: Setting<'_>) -> Signed {
    let limits = setting.limits;
    let unreadable = |why: &str| Reason::new(AuthorityCode::Unreadable, &[("why", why)]);
    let document = match Document::parse(power, &limits.xml) {
        Ok(document) => document,
        Err(error) => return nothing(unreadable(error.code())),
    };
    let found = match read_signatures(&document, limits) {
        Ok(found) => found,
        Err(limit) => return nothing(unreadable(limit)),
    };
    let mut found = found.into_iter();
    let Some(first) = found.next() else {
        return nothing(AuthorityCode::SignatureMissing.into());
    };
    if found.next().is_some() {
        let args = [("why", "several_signatures")];
        return nothing(Reason::new(AuthorityCode::SignatureUndecided, &args));
    }
    let mut facts = Facts::of(power, chancery_signature::facts::FileFormat::Xml);
    facts.signatures = vec![first.facts.clone()];
    let mut signed = judged(&facts, setting);
    signed.octets = whole(&document, &first);
    if signed.octets.is_none() && signed.reasons.is_empty() {
        signed.reasons.push(AuthorityCode::SignatureWrong.into());
    }
    signed
}

/// The octets of a reference that covers everything but the signature.
fn whole(document: &Document, signature: &XmlSignature) -> Option<Vec<u8>> {
    let tops = [NodeId::DOCUMENT, document.root().id()];
    let mut covered = signature.covered().iter();
    let whole = covered
        .find(|one| tops.contains(&one.apex) && one.without.as_slice() == [signature.element]);
    whole.map(|one| one.octets.clone())
}

fn judged(facts: &Facts, setting: Setting<'_>) -> Signed {
    let policy = &setting.policy.signature;
    // As of now: nothing proves that it was there when the document was signed but its own
    // timestamps, and whoever was revoked since may have made it at any time.
    let report = judge_with(
        facts,
        policy,
        setting.now,
        setting.anchors,
        setting.evidence,
    );
    let signers = facts.signatures.iter();
    let signers = signers.filter(|one| one.form != SignatureForm::CounterSignature);
    let certificates: Vec<Der> = signers
        .filter_map(|one| {
            let index = one.signer.as_ref()?.certificate?;
            one.certificates.get(usize::try_from(index).ok()?).cloned()
        })
        .collect();
    let identities = certificates
        .iter()
        .filter_map(|der| Identity::of_certificate(&der.0));
    let identities = identities.collect();
    let signers = facts.signatures.iter();
    let signers = signers.filter(|one| one.form != SignatureForm::CounterSignature);
    let later = signers.filter_map(signed_at).filter(|at| *at > setting.at);
    let mut reasons = Vec::new();
    if let Some(later) = later.max() {
        let signed = later.to_string();
        let args = [("signed", signed.as_str())];
        reasons.push(Reason::new(AuthorityCode::SignedLater, &args));
    }
    match (report.indication, report.crypto) {
        (Indication::TotalPassed, _) => reasons.extend(age_reason(&report, setting)),
        (Indication::TotalFailed, _) | (_, Answer::No) => {
            reasons.push(AuthorityCode::SignatureWrong.into());
        }
        (Indication::Indeterminate, _) => {
            let own = report.signatures.iter().flat_map(|one| &one.reasons);
            let first = report.reasons.iter().chain(own).next();
            let why = first.map_or("", |reason| reason.code.key());
            reasons.push(Reason::new(
                AuthorityCode::SignatureUndecided,
                &[("why", why)],
            ));
        }
    }
    Signed {
        octets: None,
        report: Some(report),
        certificate: certificates.into_iter().next(),
        identities,
        reasons,
    }
}

/// What stands against a power that is in order now and was to be there when the document was
/// signed: a certificate that began after that, or that nothing proves its age.
fn age_reason(report: &ValidationReport, setting: Setting<'_>) -> Option<Reason<AuthorityCode>> {
    let signers = report.signatures.iter();
    let signers = signers.filter(|one| one.form != SignatureForm::CounterSignature);
    let mut unproven = None;
    for one in signers {
        let own = one.chain.first();
        if own.is_some_and(|own| own.not_before > setting.at) {
            let args = [("why", Code::CertificateInFuture.key())];
            return Some(Reason::new(AuthorityCode::SignatureUndecided, &args));
        }
        if one.time.proven.is_none_or(|proven| proven > setting.at) && setting.at < setting.now {
            unproven = Some(AuthorityCode::SignatureUnproven.into());
        }
    }
    unproven
}

/// When a signature was made: what it claims, or what the first of its timestamps states if that is
/// later, for nothing shows that it was there before.
fn signed_at(facts: &SignatureFacts) -> Option<Instant> {
    let signer = facts.signer.as_ref()?;
    let attributes = signer.attributes.as_ref();
    let written = facts.claimed_time.as_deref().and_then(moment);
    let claimed = attributes.and_then(|one| one.signing_time).or(written);
    let tokens = signer.tokens.iter();
    let stamped = tokens.filter_map(|one| Some(one.token.as_ref()?.gen_time));
    claimed.max(stamped.min())
}
