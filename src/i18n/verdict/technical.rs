//! What stands among the technical details, untranslated: codes, ranges, the standard's words.

use chancery_signature::report::{CoversReport, Reason, SignatureReport};

use chancery_types::Locale;

use super::algorithm::identified;
use super::{Words, shown};

/// `TOTAL-FAILED · HASH_FAILURE`, as the standard writes it.
pub(super) fn standard_text(report: &SignatureReport) -> String {
    let plain = |value: Option<serde_json::Value>| match value {
        Some(serde_json::Value::String(text)) => text,
        _ => String::new(),
    };
    let indication = plain(serde_json::to_value(report.indication).ok());
    let sub = report
        .sub_indication
        .and_then(|sub| serde_json::to_value(sub).ok());
    match plain(sub) {
        sub if sub.is_empty() => indication,
        sub => format!("{indication} · {sub}"),
    }
}

/// A reason's code with its values. What a reader of the file said of it in English stands only on
/// English pages.
pub(super) fn code_text(locale: Locale, reason: &Reason) -> String {
    let mut text = reason.code.key().to_owned();
    for (name, value) in &reason.args {
        if name == "detail" && locale != Locale::En {
            continue;
        }
        text.push_str(&format!(" {name}={}", shown(value)));
    }
    text
}

/// The bytes that are signed, as the file names them.
fn range_text(covers: &CoversReport) -> Option<String> {
    let [a, b, c, d] = covers.byte_range?;
    Some(format!("[{a} {b} {c} {d}]"))
}

impl Words<'_> {
    /// Names and values of the technical part.
    pub(super) fn technical(&self, report: &SignatureReport) -> Vec<(String, String)> {
        let mut rows = vec![(self.t("verify-result"), standard_text(report))];
        let mut add = |key: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                rows.push((self.t(key), value));
            }
        };
        add("verify-field", report.field.as_deref().map(shown));
        add("verify-form", report.sub_filter.as_deref().map(shown));
        // Only a signature in a PDF covers a range of the file.
        let covers = report.covers.as_ref();
        add("verify-range", covers.and_then(range_text));
        let revision = covers.and_then(|covers| covers.revision_sha256.clone());
        add("verify-revision-sha256", revision);
        let algorithm = report.algorithm.as_ref();
        add(
            "verify-signature-algorithm",
            algorithm.map(|one| identified(self.formats.locale, &one.signature)),
        );
        let codes: Vec<String> = report
            .reasons
            .iter()
            .chain(&report.warnings)
            .map(|reason| code_text(self.formats.locale, reason))
            .collect();
        add("verify-codes", Some(codes.join("; ")));
        rows
    }
}
