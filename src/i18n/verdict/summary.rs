//! What a report comes to in one sentence, for lists of many files.

use chancery_signature::ValidationReport;
use chancery_signature::facts::SignatureForm;
use chancery_signature::report::SignatureReport;

use super::{Formats, Reader, Value, Words, name_of, shown, t};
use crate::i18n::verdict::time::claimed_time;

/// Most signers that the sentence names.
const NAMED_MAX: usize = 3;

/// The verdict on a file, who signed it by their certificates, and when: proven, or only claimed.
#[must_use]
pub fn summary(report: &ValidationReport, formats: &Formats) -> String {
    let words = Words::of(report, formats, Reader::Page);
    let (verdict, _) = words.headline(report);
    words.summary(report, &verdict)
}

impl Words<'_> {
    /// The sentence, that begins with the verdict.
    pub(super) fn summary(&self, report: &ValidationReport, verdict: &str) -> String {
        let verdict = verdict.trim_end_matches('.');
        let signers = report.signatures.iter();
        let signers = signers.filter(|one| one.form != SignatureForm::DocumentTimestamp);
        let signers: Vec<String> = signers.map(|one| self.signer(one)).collect();
        if signers.is_empty() {
            return self.t1("verify-summary-nobody", "verdict", verdict);
        }
        let named = signers.get(..NAMED_MAX).unwrap_or(&signers);
        let args = [
            ("verdict", Value::from(verdict)),
            ("signers", Value::from(named.join("; "))),
            ("more", Value::from(signers.len().saturating_sub(NAMED_MAX))),
        ];
        t(self.formats.locale, "verify-summary", &args)
    }

    fn signer(&self, report: &SignatureReport) -> String {
        let signer = report.signer.as_ref();
        let who = signer.map(|signer| shown(name_of(&signer.subject)));
        let who = who.unwrap_or_else(|| self.t("verify-summary-unknown"));
        let claimed = report.time.claimed.as_deref();
        let (key, at) = match (report.time.proven, claimed) {
            (Some(proven), _) => ("verify-summary-proven", self.formats.exact(proven)),
            (None, Some(claimed)) => {
                let read = claimed_time(claimed).map(|at| self.formats.exact(at));
                let at = read.unwrap_or_else(|| shown(claimed));
                ("verify-summary-claimed", at)
            }
            (None, None) => ("verify-summary-timeless", String::new()),
        };
        let args = [("who", Value::from(who)), ("at", Value::from(at))];
        t(self.formats.locale, key, &args)
    }
}
