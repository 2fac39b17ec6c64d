//! How far a signature carries by itself, as pages and the command name it.

use chancery_signature::facts::SignatureForm;
use chancery_signature::report::{Revocation, SignatureReport};

use super::Words;
use crate::i18n::{Formats, t};

/// `PAdES B-LTA`, and that it is so by its parts alone where what it holds of revocation proves
/// nothing; empty where no level is known.
#[must_use]
pub fn level_words(report: &SignatureReport, formats: &Formats) -> String {
    let family = match report.form {
        SignatureForm::Pdf => "PAdES",
        SignatureForm::Cms => "CAdES",
        SignatureForm::Xml => "XAdES",
        SignatureForm::DocumentTimestamp | SignatureForm::CounterSignature => return String::new(),
    };
    let Some(level) = report.level else {
        return String::new();
    };
    let text = format!("{family} {}", level.name());
    let rests_on_revocation = ["B-LT", "B-LTA"].contains(&level.name());
    let unchecked = [
        Revocation::Unchecked,
        Revocation::Unknown,
        Revocation::Stale,
    ];
    let mut chain = report.chain.iter();
    let is_open = report.chain.is_empty() || chain.any(|one| unchecked.contains(&one.revocation));
    match rests_on_revocation && is_open {
        true => t(
            formats.locale,
            "verify-level-by-parts",
            &[("level", text.into())],
        ),
        false => text,
    }
}

impl Words<'_> {
    /// The level of a signature.
    pub(super) fn level(&self, report: &SignatureReport) -> String {
        level_words(report, self.formats)
    }
}
