//! A power of attorney that comes beside a signed file: may the one who signed it do so?
//!
//! That is judged after the file and told beside its verdict, never as a part of it: a right
//! signature without a power stays a right signature, and a power says nothing of the signature.

mod parents;
mod sent;

use bytes::Bytes;
use chancery_signature::facts::{Facts, FileFormat, SignatureFacts, SignatureForm};
use chancery_signature::report::SignatureReport;
use chancery_signature::{Answer, Indication, ValidationReport};
use chancery_trust::{
    AuthorityCode, AuthorityPolicy, AuthorityReport, Grant, Identity, Organisation, Outcome,
    OwnSignature, PowerSought, Question, Reason, is_signed_within, judge_authority, own_facts,
};
use chancery_types::Instant;
use chancery_xades::Limits;
use serde::Serialize;

use super::Basis;
use crate::app::{App, AppError, FieldProblem};
pub use parents::{FIELD as PARENTS_FIELD, FILES_MAX as PARENT_FILES_MAX, PARENTS_MAX, Sent, pair};
pub(crate) use sent::organisation;
pub use sent::{ANSWER_CHARACTERS_MAX, POWER_BYTES_MAX, SentPower};

/// Most signers that a power is compared with: each comparison checks the power's own signature.
const COMPARED_MAX: usize = 16;

/// A power with whatever signs it.
#[derive(Clone, Debug)]
pub struct GivenPower {
    /// The power, XML.
    pub power: Bytes,
    /// Its signature, if that lies beside it.
    pub signature: Option<Bytes>,
}

impl GivenPower {
    /// The power for a question: signed by what lies beside it, else by what stands within it.
    #[must_use]
    pub fn grant(&self) -> Grant<'_> {
        Grant {
            power: &self.power,
            signature: match &self.signature {
                Some(signature) => OwnSignature::Detached(signature),
                None if is_signed_within(&self.power, &Limits::default()) => {
                    OwnSignature::Enveloped
                }
                None => OwnSignature::Missing,
            },
        }
    }

    /// What its own signature brings.
    fn own_facts(&self) -> Facts {
        let found = own_facts(&self.grant(), &Limits::default());
        found.unwrap_or_else(|| Facts::of(&self.power, FileFormat::Unknown))
    }
}

/// What somebody wants to know of a power beside a signed file.
#[derive(Clone, Debug)]
pub struct PowerAsked {
    /// The power.
    pub given: GivenPower,
    /// The powers that it was passed on from, in any order.
    pub parents: Vec<GivenPower>,
    /// For whom it was signed.
    pub organisation: Option<Organisation>,
    /// What it must allow.
    pub sought: Option<PowerSought>,
}

/// The judgement on a power, with the signature that it was compared with.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct JudgedPower {
    /// The place, from 0, of that signature in the report on the file. None if no signature there
    /// verifies and names somebody.
    pub compared_with: Option<usize>,
    /// What that signature came to. Unless it passed, its certificate may be anybody's, whomever it
    /// names.
    pub compared_indication: Option<Indication>,
    /// Whether it passed although nobody knows whether a certificate behind it was revoked.
    #[serde(skip)]
    pub compared_is_open: bool,
    /// Signers that it was not compared with, because there are too many.
    #[serde(skip_serializing_if = "is_zero")]
    pub not_compared: usize,
    /// The judgement.
    #[serde(flatten)]
    pub report: AuthorityReport,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl JudgedPower {
    /// Whether it is shown that the one who may sign is the one who did.
    #[must_use]
    pub fn is_of_proven_signer(&self) -> bool {
        self.compared_indication == Some(Indication::TotalPassed) && !self.compared_is_open
    }

    /// The better the conclusion, the smaller.
    fn rank(&self) -> (u8, bool) {
        let result = match self.report.result {
            Outcome::Confirmed => 0,
            Outcome::Undecided => 1,
            Outcome::Refused => 2,
        };
        (result, !self.is_of_proven_signer())
    }
}

/// Somebody who may have signed the file: the place of a signature in the report on it, from 0, and
/// whom its certificate names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The place.
    pub place: usize,
    /// The one named.
    pub identity: Identity,
}

/// Somebody who signed the file.
struct Signer<'r> {
    candidate: &'r Candidate,
    report: &'r SignatureReport,
}

/// Judges a power beside a file of this `report`. Of several signers among the `candidates` it is
/// compared with each and told for the one whom it fits best; as of when they are proven to have
/// signed, else as of the moment of the report.
///
/// # Errors
///
/// [`AppError::Invalid`] on `power` if that cannot be read or is no power of attorney.
pub(crate) fn judge(
    asked: &PowerAsked,
    candidates: &[Candidate],
    report: &ValidationReport,
    basis: &Basis,
) -> Result<JudgedPower, AppError> {
    let signers = signers(candidates, report);
    let compared = signers.iter().take(COMPARED_MAX);
    let judged = compared.map(|signer| judge_for(asked, Some(signer), basis, report.judged_at));
    let best = judged.min_by_key(JudgedPower::rank);
    let best = best.unwrap_or_else(|| judge_for(asked, None, basis, report.judged_at));
    if best.report.power.is_none() {
        return Err(unreadable(&best.report.reasons));
    }
    Ok(JudgedPower {
        not_compared: signers.len().saturating_sub(COMPARED_MAX),
        ..best
    })
}

fn judge_for(
    asked: &PowerAsked,
    signer: Option<&Signer<'_>>,
    basis: &Basis,
    now: Instant,
) -> JudgedPower {
    let parents: Vec<Grant<'_>> = asked.parents.iter().map(GivenPower::grant).collect();
    let question = Question {
        grant: asked.given.grant(),
        parents: &parents,
        signer: signer.map(|signer| &signer.candidate.identity),
        organisation: asked.organisation.as_ref(),
        sought: asked.sought.as_ref(),
        registry: None,
        evidence: &basis.evidence,
        at: signer.map_or(now, |signer| signer.report.time.judged_at),
        now,
    };
    let policy = AuthorityPolicy {
        signature: basis.policy.clone(),
        ..AuthorityPolicy::default()
    };
    JudgedPower {
        compared_with: signer.map(|signer| signer.candidate.place),
        compared_indication: signer.map(|signer| signer.report.indication),
        compared_is_open: signer.is_some_and(|signer| signer.report.leaves_revocation_open()),
        not_compared: 0,
        report: judge_authority(&question, &policy, &basis.anchors, &Limits::default()),
    }
}

/// Whoever signed the file itself: a value that does not verify is nobody's. Each name once.
fn signers<'r>(candidates: &'r [Candidate], report: &'r ValidationReport) -> Vec<Signer<'r>> {
    let mut found: Vec<Signer<'r>> = Vec::new();
    for candidate in candidates {
        let Some(report) = report.signatures.get(candidate.place) else {
            continue;
        };
        if !signs_file(report) || report.crypto != Answer::Yes {
            continue;
        }
        let known = |one: &Signer<'_>| {
            let identity = &one.candidate.identity;
            let same =
                *identity == candidate.identity && one.report.indication == report.indication;
            same && one.report.time.judged_at == report.time.judged_at
        };
        if !found.iter().any(known) {
            found.push(Signer { candidate, report });
        }
    }
    found
}

/// Whether a signature is one over the file: a countersignature signs another signature, and a
/// timestamp signs for nobody.
pub(crate) fn signs_file(report: &SignatureReport) -> bool {
    let by_form = match report.form {
        SignatureForm::Pdf | SignatureForm::Cms | SignatureForm::Xml => true,
        SignatureForm::CounterSignature | SignatureForm::DocumentTimestamp => false,
    };
    by_form && report.counter_signs.is_none()
}

/// Everybody whom a certificate of a signature in the file names.
pub(super) fn candidates(facts: &Facts) -> Vec<Candidate> {
    let named = facts.signatures.iter().enumerate();
    let named = named.filter_map(|(place, one)| {
        let identity = Identity::of_certificate(certificate(one)?)?;
        Some(Candidate { place, identity })
    });
    named.collect()
}

/// The signer's certificate, DER.
pub(crate) fn certificate(facts: &SignatureFacts) -> Option<&[u8]> {
    let place = facts.signer.as_ref()?.certificate?;
    let certificate = facts.certificates.get(usize::try_from(place).ok()?)?;
    Some(certificate.0.as_slice())
}

impl App {
    /// `basis` with what was asked for about the signatures of a power and of those that it comes
    /// from. What is learnt here is kept away from the verdict on the file.
    ///
    /// # Errors
    ///
    /// As [`App::ask_for`].
    pub(crate) async fn informed_of_power(
        &self,
        mut basis: Basis,
        asked: &PowerAsked,
        at: Instant,
    ) -> Result<Basis, AppError> {
        for given in std::iter::once(&asked.given).chain(&asked.parents) {
            let given = given.clone();
            basis = self.informed(basis, at, move || given.own_facts()).await?;
        }
        Ok(basis)
    }
}

/// Whatever else stands against it, its signature above all, says less than what it is not.
fn unreadable(reasons: &[Reason<AuthorityCode>]) -> AppError {
    let named = reasons.iter().find_map(|reason| match reason.code {
        AuthorityCode::NotAPower => reason.args.get("element"),
        _ => None,
    });
    let problem = match named {
        Some(element) => FieldProblem::new("power", "power-other").with("element", element),
        None => FieldProblem::new("power", "power-unreadable"),
    };
    AppError::Invalid {
        fields: vec![problem],
    }
}
