//! Our own validator looks at every signed copy before it is stored.

use chancery_signature::facts::SignatureForm;
use chancery_signature::report::SignatureReport;
use chancery_signature::{Answer, Indication, ValidationReport, gather_pdf, judge_with};
use chancery_types::Instant;

use crate::app::AppError;
use crate::app::validation::{Basis, limits_for};

/// Told to the administrator, who chose the authority.
const UNPROVEN: &str = "the timestamp is not proven: the root of its authority must stand in \
                        trust.anchors, and a list that knows its certificate in trust.evidence, or \
                        whoever tells of it in trust.online";

/// A file that grew by one signature.
#[derive(Clone, Copy, Debug)]
pub struct Grown<'a> {
    /// The file as it is now.
    pub file: &'a [u8],
    /// How long it was before.
    pub base_len: usize,
    /// The field of the signature that was added.
    pub field_name: &'a str,
}

/// What is demanded of a new signature, beside that it covers the whole file, that its time is
/// proven and that it breaks no earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// TOTAL-PASSED: its certificate is ours, so anything else is our failure.
    Passed,
    /// Not TOTAL-FAILED, and intact: who trusts the issuer of an outside certificate, and what is
    /// at hand of its revocation, is not in the signer's hands. What is not proven is said.
    Sound,
}

/// Judges the new signature by `basis`, and that no earlier one, whoever made it, was broken by
/// adding it. Answers the report on it.
///
/// # Errors
///
/// [`AppError::Internal`] with the reasons, or `signature-failed` for [`Demand::Sound`];
/// [`AppError::Unavailable`] if its timestamp proves nothing. Such a file is never stored.
pub fn require(
    demand: Demand,
    grown: Grown<'_>,
    basis: &Basis,
    at: Instant,
) -> Result<SignatureReport, AppError> {
    let now = report(grown.file, at, basis);
    let new = now
        .signatures
        .iter()
        .find(|one| one.field.as_deref() == Some(grown.field_name));
    let Some(new) = new else {
        return Err(AppError::internal(
            "the new signature is not found in the signed copy",
        ));
    };
    require_indication(demand, new)?;
    // Valid today, and in two days not provable any more: our certificates live a day.
    if new.time.proven.is_none() {
        return Err(unproven());
    }
    if !new.covers.as_ref().is_some_and(|covers| covers.whole_file) {
        return Err(AppError::internal(
            "the new signature does not cover the whole file",
        ));
    }
    let earlier = grown.file.get(..grown.base_len).unwrap_or(&[]);
    let before = report(earlier, at, basis);
    let failed = |report: &ValidationReport, field: &Option<String>| {
        report
            .signatures
            .iter()
            .any(|one| one.field == *field && one.indication == Indication::TotalFailed)
    };
    for one in &before.signatures {
        if failed(&now, &one.field) && !failed(&before, &one.field) {
            return Err(AppError::internal(format!(
                "adding a signature would break the one in {:?}",
                one.field
            )));
        }
    }
    Ok(new.clone())
}

/// Judges a new signature that stands by itself, by the report on it over the file that it is over.
///
/// # Errors
///
/// As [`require`].
pub fn require_beside(
    demand: Demand,
    report: &ValidationReport,
) -> Result<SignatureReport, AppError> {
    let mut signers = report
        .signatures
        .iter()
        .filter(|one| one.form == SignatureForm::Cms);
    let (Some(new), None) = (signers.next(), signers.next()) else {
        return Err(AppError::internal(
            "a new detached signature has not one signer",
        ));
    };
    require_indication(demand, new)?;
    // What stands under it as well, if it came whole.
    if let Some(wrong) = report.signatures.iter().find(|one| !is_sound(one)) {
        return Err(failed(wrong));
    }
    match new.time.proven {
        Some(_) => Ok(new.clone()),
        None => Err(unproven()),
    }
}

fn require_indication(demand: Demand, new: &SignatureReport) -> Result<(), AppError> {
    match demand {
        Demand::Passed if new.indication != Indication::TotalPassed => {
            Err(AppError::internal(format!(
                "the new signature is {:?}: {:?}",
                new.indication, new.reasons
            )))
        }
        Demand::Sound if !is_sound(new) => Err(failed(new)),
        Demand::Passed | Demand::Sound => Ok(()),
    }
}

/// A timestamp that proves nothing here.
#[must_use]
pub fn unproven() -> AppError {
    AppError::Unavailable {
        what: "timestamps",
        source: UNPROVEN.into(),
    }
}

/// Whether a signature that somebody else's key made is right by itself, whoever trusts the key.
#[must_use]
pub fn is_sound(one: &SignatureReport) -> bool {
    one.indication != Indication::TotalFailed
        && one.intact == Answer::Yes
        && one.crypto == Answer::Yes
}

/// Why such a one is not taken.
#[must_use]
pub fn failed(one: &SignatureReport) -> AppError {
    let reason = one.reasons.first().map(|reason| reason.code.key());
    let reason = reason.unwrap_or("unreadable").to_owned();
    AppError::refused_with("signature-failed", [("reason", reason)])
}

fn report(file: &[u8], at: Instant, basis: &Basis) -> ValidationReport {
    let facts = gather_pdf(file, &limits_for(file.len()));
    judge_with(&facts, &basis.policy, at, &basis.anchors, &basis.evidence)
}
