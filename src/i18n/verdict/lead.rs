//! What is said first of a file that passed.

use chancery_signature::ValidationReport;
use chancery_signature::facts::FileFormat;
use chancery_signature::report::{Code, SignatureReport};

/// Whether anything came after the signatures of a file that passed.
pub(super) fn extension(report: &ValidationReport) -> &'static str {
    let untouched = |one: &SignatureReport| {
        one.covers.as_ref().is_some_and(|covers| covers.whole_file)
            || report.format == FileFormat::Cms
    };
    if report.signatures.iter().all(untouched) {
        "verify-lead-unchanged"
    } else if report.format == FileFormat::Xml {
        // What stands beside the signed part may have stood there before: nobody can tell.
        "verify-lead-elements"
    } else if is_marked(report) {
        "verify-lead-marked"
    } else {
        "verify-lead-extended"
    }
}

/// Whether a later signer put a mark on a page: it may hide what stands beneath.
fn is_marked(report: &ValidationReport) -> bool {
    let mut warnings = report.signatures.iter().flat_map(|one| &one.warnings);
    warnings.any(|warning| warning.code == Code::MarkAdded)
}
