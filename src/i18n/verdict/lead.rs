//! What is said first of a file that passed.

use chancery_signature::facts::{Change, FileFormat};
use chancery_signature::report::{Answer, Code, SignatureReport};
use chancery_signature::{Indication, ValidationReport};

use super::{SignatureWords, Value, Words};
use crate::i18n::t;

/// Whether anything came after the signatures of a file that passed.
fn extension(report: &ValidationReport) -> &'static str {
    if is_whole(report) {
        "verify-lead-unchanged"
    } else if report.format == FileFormat::Xml {
        // What stands beside the signed part may have stood there before: nobody can tell.
        "verify-lead-elements"
    } else if replaces_values(report) {
        "verify-lead-replaced"
    } else if warns(report, Code::FieldFilled) {
        "verify-lead-filled"
    } else if warns(report, Code::MarkAdded) {
        "verify-lead-marked"
    } else if warns(report, Code::MetadataChanged) {
        "verify-lead-retitled"
    } else {
        "verify-lead-extended"
    }
}

/// What is said of a file that is intact and yet undecided.
fn intact(report: &ValidationReport) -> &'static str {
    if report.format == FileFormat::Xml && !is_whole(report) {
        "verify-lead-elements"
    } else if replaces_values(report) {
        "verify-lead-replaced"
    } else if warns(report, Code::FieldFilled) {
        "verify-lead-filled"
    } else {
        "verify-lead-intact"
    }
}

impl Words<'_> {
    /// The verdict, and what is said first of it.
    pub(super) fn headline(&self, report: &ValidationReport) -> (String, String) {
        let first_of_file = report.reasons.first();
        let worst = report
            .signatures
            .iter()
            .find(|one| one.indication == report.indication);
        let of_worst = worst.and_then(|one| one.reasons.first().map(|reason| (one, reason)));
        let lead = of_worst.map(|(one, reason)| self.reason_of(one, reason));
        let lead = lead.or_else(|| first_of_file.map(|reason| self.reason(reason)));
        let lead = lead.unwrap_or_default();
        match report.indication {
            Indication::TotalFailed => (self.t("verify-headline-failed"), lead),
            Indication::TotalPassed => {
                let count = report.signatures.len();
                let key = match report.leaves_revocation_open() {
                    true => "verify-headline-open",
                    false => "verify-headline-passed",
                };
                let headline = self.t1(key, "count", count);
                let mut lead = self.t(extension(report));
                if warns(report, Code::ClaimBeforeCertificate)
                    || warns(report, Code::ClaimAfterCertificate)
                {
                    // Of a good signature too a reader must know that its date is none.
                    lead = format!("{lead} {}", self.t("verify-lead-claim"));
                }
                (headline, lead)
            }
            Indication::Indeterminate => match first_of_file.map(|reason| reason.code) {
                Some(Code::NoSignature) => (self.t("verify-headline-unsigned"), String::new()),
                Some(Code::OnlyTimestamps) => (self.t("verify-headline-unsigned"), lead),
                Some(Code::Unreadable) => (self.t("verify-headline-unreadable"), lead),
                _ if report.intact == Answer::Yes => {
                    let count = report.signatures.len();
                    let intact = self.t1(intact(report), "count", count);
                    let lead = format!("{lead} {intact}");
                    (self.t("verify-headline-indeterminate"), lead)
                }
                _ => (self.t("verify-headline-indeterminate"), lead),
            },
        }
    }

    /// The first sentences, behind the one about a signature that was taken out: whoever reads one
    /// sentence reads this one.
    pub(super) fn with_removed(&self, report: &ValidationReport, lead: String) -> String {
        let mut reasons = report.reasons.iter();
        match reasons.any(|reason| reason.code == Code::SignatureRemoved) {
            true => format!("{} {lead}", self.t("verify-lead-removed")),
            false => lead,
        }
    }
}

/// Most signatures that the first sentence names.
const NAMED_MAX: usize = 3;

impl Words<'_> {
    /// Which of several signatures the verdict is about, before the reason; empty for one that
    /// passed, and where there is only one.
    pub(super) fn whose(&self, report: &ValidationReport, all: &[SignatureWords]) -> String {
        let key = match report.indication {
            Indication::TotalPassed => return String::new(),
            Indication::TotalFailed => "verify-lead-whose-failed",
            Indication::Indeterminate => "verify-lead-whose-indeterminate",
        };
        if all.len() < 2 {
            return String::new();
        }
        let both = report.signatures.iter().zip(all);
        let worst = both.filter(|(one, _)| one.indication == report.indication);
        let names: Vec<String> = worst
            .map(|(_, words)| format!("{} ({})", words.who, words.number))
            .collect();
        let shown: Vec<&str> = names.iter().map(String::as_str).take(NAMED_MAX).collect();
        let more = names.len().saturating_sub(NAMED_MAX);
        if shown.is_empty() {
            return String::new();
        }
        let args = [
            ("who", Value::from(shown.join("; "))),
            ("more", Value::from(more)),
        ];
        format!("{} ", t(self.formats.locale, key, &args))
    }

    /// That a copy ends with each signature, if something follows one whose value verifies.
    pub(super) fn copies(&self, report: &ValidationReport) -> String {
        let is_followed = |one: &SignatureReport| {
            let mut covers = one.covers.iter();
            one.crypto == Answer::Yes
                && covers.any(|covers| covers.revision_sha256.is_some() && covers.bytes_after > 0)
        };
        match report.signatures.iter().any(is_followed) {
            true => self.t("protocol-copies"),
            false => String::new(),
        }
    }
}

/// Whether every signature covers all of the file.
fn is_whole(report: &ValidationReport) -> bool {
    let covers_all = |one: &SignatureReport| {
        one.covers.as_ref().is_some_and(|covers| covers.whole_file)
            || report.format == FileFormat::Cms && !warns(report, Code::ExcessBytes)
    };
    report.signatures.iter().all(covers_all)
}

/// Whether something of this sort came after a signature and does not stand against it.
fn warns(report: &ValidationReport, code: Code) -> bool {
    let mut warnings = report.signatures.iter().flat_map(|one| &one.warnings);
    warnings.any(|warning| warning.code == code)
}

/// Whether a field that had a value at signing has another one.
fn replaces_values(report: &ValidationReport) -> bool {
    let mut changes = report.signatures.iter().flat_map(|one| &one.changes);
    changes.any(|one| matches!(one.change, Change::FieldFilled { replaces: true, .. }))
}
