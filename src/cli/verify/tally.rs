//! What became of many files, in one line.

use chancery_signature::report::Code;
use chancery_signature::{Indication, ValidationReport};
use chancery_types::Locale;

use crate::i18n::{Value, t};

/// How many files of which verdict there were.
#[derive(Debug, Default)]
pub struct Tally {
    passed: usize,
    indeterminate: usize,
    failed: usize,
    unsigned: usize,
    /// Files of which there is no verdict, as a line has said.
    pub unread: usize,
}

impl Tally {
    /// Counts the verdict on a file.
    pub fn add(&mut self, report: &ValidationReport) {
        let is_unsigned = report
            .reasons
            .iter()
            .any(|reason| matches!(reason.code, Code::NoSignature | Code::OnlyTimestamps));
        let count = match report.indication {
            Indication::TotalPassed => &mut self.passed,
            Indication::TotalFailed => &mut self.failed,
            Indication::Indeterminate if is_unsigned => &mut self.unsigned,
            Indication::Indeterminate => &mut self.indeterminate,
        };
        *count += 1;
    }

    /// The line.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let verdicts = self.passed + self.indeterminate + self.failed + self.unsigned;
        let counts = [
            ("all", verdicts + self.unread),
            ("passed", self.passed),
            ("indeterminate", self.indeterminate),
            ("failed", self.failed),
            ("unsigned", self.unsigned),
            ("unread", self.unread),
        ];
        let counts = counts.map(|(name, count)| (name, Value::from(count)));
        t(locale, "verify-tally", &counts)
    }
}
