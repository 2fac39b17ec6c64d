//! The level of a signature, by the names of the standards, which are the same in every language.

use chancery_signature::facts::SignatureForm;
use chancery_signature::report::SignatureReport;

/// `PAdES B-LTA`; empty where no level is known.
#[must_use]
pub fn level_text(report: &SignatureReport) -> String {
    let family = match report.form {
        SignatureForm::Pdf => "PAdES",
        SignatureForm::Cms => "CAdES",
        SignatureForm::Xml => "XAdES",
        SignatureForm::DocumentTimestamp | SignatureForm::CounterSignature => return String::new(),
    };
    let level = report
        .level
        .map(|level| format!("{family} {}", level.name()));
    level.unwrap_or_default()
}
