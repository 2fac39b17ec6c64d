//! A verdict or a reason by itself, for lists and letters.

use chancery_signature::facts::SignatureForm;
use chancery_signature::report::{Reason, SignatureReport};
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

/// As [`verdict_word`], of one of which nobody knows whether its certificates were revoked: what
/// passed all the same says so.
#[must_use]
pub fn open_word(locale: Locale, indication: &str) -> String {
    match indication {
        "TOTAL-PASSED" => t(locale, "verify-word-open", &[]),
        other => verdict_word(locale, other),
    }
}

/// The key of a conclusion's word.
const fn word_key(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "verify-word-passed",
        Indication::Indeterminate => "verify-word-indeterminate",
        Indication::TotalFailed => "verify-word-failed",
    }
}

/// The key of the word on one signature. A timestamp has words of its own: Russian has another
/// gender for it.
pub(super) fn word_key_of(report: &SignatureReport) -> &'static str {
    let is_open = report.leaves_revocation_open();
    let is_stamp = report.form == SignatureForm::DocumentTimestamp;
    match (report.indication, is_stamp) {
        (Indication::TotalPassed, true) if is_open => "verify-word-stamp-open",
        (Indication::TotalPassed, true) => "verify-word-stamp-passed",
        (Indication::Indeterminate, true) => "verify-word-stamp-indeterminate",
        (Indication::TotalFailed, true) => "verify-word-stamp-failed",
        (Indication::TotalPassed, false) if is_open => "verify-word-open",
        (indication, false) => word_key(indication),
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
