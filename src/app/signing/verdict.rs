//! Our own validator looks at every signed copy before it is stored.

use chancery_signature::{Indication, ValidationReport, gather_pdf, judge_with};
use chancery_types::Instant;

use crate::app::AppError;
use crate::app::validation::{Basis, limits_for};

/// Told to the administrator, who chose the authority.
const UNPROVEN: &str = "the timestamp is not proven: the root of its authority must stand in \
                        trust.anchors, and a list that knows its certificate in trust.evidence";

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

/// Demands that the new signature is TOTAL-PASSED by `basis` and covers the whole
/// file, and that no earlier signature, whoever made it, was broken by adding it.
///
/// # Errors
///
/// [`AppError::Internal`] with the reasons; [`AppError::Unavailable`] if its timestamp proves
/// nothing. Such a file is never stored.
pub fn require_passed(grown: Grown<'_>, basis: &Basis, at: Instant) -> Result<(), AppError> {
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
    if new.indication != Indication::TotalPassed {
        return Err(AppError::internal(format!(
            "the new signature is {:?}: {:?}",
            new.indication, new.reasons
        )));
    }
    // Valid today, and in two days not provable any more: its certificate lives a day.
    if new.time.proven.is_none() {
        return Err(AppError::Unavailable {
            what: "timestamps",
            source: UNPROVEN.into(),
        });
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
    Ok(())
}

fn report(file: &[u8], at: Instant, basis: &Basis) -> ValidationReport {
    let facts = gather_pdf(file, &limits_for(file.len()));
    judge_with(&facts, &basis.policy, at, &basis.anchors, &basis.evidence)
}
