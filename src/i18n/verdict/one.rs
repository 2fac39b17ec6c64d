//! A verdict or a reason by itself, for lists and letters.

use chancery_signature::report::Reason;
use chancery_signature::{Indication, ValidationReport};
use chancery_types::Locale;

use super::{Reader, Words};
use crate::i18n::{Formats, t};

/// A verdict in a word. `indication` is as rows and the wire name it; what is none of them is not
/// decided.
#[must_use]
pub fn verdict_word(locale: Locale, indication: &str) -> String {
    let key = match indication {
        "TOTAL-PASSED" => "verify-word-passed",
        "TOTAL-FAILED" => "verify-word-failed",
        _ => "verify-word-indeterminate",
    };
    t(locale, key, &[])
}

/// The key of a conclusion's word.
pub(super) const fn word_key(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "verify-word-passed",
        Indication::Indeterminate => "verify-word-indeterminate",
        Indication::TotalFailed => "verify-word-failed",
    }
}

/// The verdict on a file in a word.
#[must_use]
pub fn file_word(locale: Locale, report: &ValidationReport) -> String {
    match report.leaves_revocation_open() {
        true => t(locale, "verify-word-open", &[]),
        false => t(locale, word_key(report.indication), &[]),
    }
}

/// A reason of a report in a sentence, for a page.
#[must_use]
pub fn reason_text(reason: &Reason, formats: &Formats) -> String {
    let reader = Reader::Page;
    Words {
        formats,
        reader,
        stamps: Vec::new(),
        signers: Vec::new(),
        seen_at: chancery_types::Instant::from_micros(0),
    }
    .reason(reason)
}
