//! Our own validator looks at every signed copy before it is stored.

use chancery_signature::{Anchors, Indication, ValidationPolicy, ValidationReport};
use chancery_types::Instant;

use crate::app::AppError;
use crate::app::validation::limits_for;

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

/// Demands that the new signature is TOTAL-PASSED against `anchors` (DER) and covers the whole
/// file, and that no earlier signature, whoever made it, was broken by adding it.
///
/// # Errors
///
/// [`AppError::Internal`] with the reasons: such a file is never stored.
pub fn require_passed(grown: Grown<'_>, anchors: &[Vec<u8>], at: Instant) -> Result<(), AppError> {
    let mut trusted = Anchors::none();
    for der in anchors {
        trusted.extend(
            Anchors::from_pem_or_der(der).map_err(|error| AppError::Internal(error.into()))?,
        );
    }
    let now = report(grown.file, at, &trusted);
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
    if !new.covers.as_ref().is_some_and(|covers| covers.whole_file) {
        return Err(AppError::internal(
            "the new signature does not cover the whole file",
        ));
    }
    let earlier = grown.file.get(..grown.base_len).unwrap_or(&[]);
    let before = report(earlier, at, &trusted);
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

fn report(file: &[u8], at: Instant, anchors: &Anchors) -> ValidationReport {
    let facts = chancery_signature::gather_pdf(file, &limits_for(file.len()));
    chancery_signature::judge(&facts, &ValidationPolicy::default(), at, anchors)
}
