//! Each check with what it came to: the summary of a judgement.

use crate::reason::Weight;
use crate::report::{Check, CheckResult, CheckedResult, Reason};

/// What checks stand on: without it none was made, and silence is no praise.
pub(crate) struct Ground {
    pub content: bool,
    /// Whether a change to the file would be seen.
    pub changes: bool,
    pub certificate: bool,
    pub time: bool,
    pub revocation: bool,
}

impl Ground {
    fn carries(&self, check: Check, is_digest_right: bool) -> bool {
        match check {
            Check::Format | Check::Attributes | Check::Algorithms => true,
            Check::Coverage | Check::Digest => self.content,
            Check::Changes => self.changes && is_digest_right,
            Check::Value | Check::Chain => self.certificate,
            Check::Time => self.time,
            Check::Revocation => self.revocation,
        }
    }
}

pub(crate) fn checks(reasons: &[Reason], ground: &Ground) -> Vec<CheckedResult> {
    let is_digest_right = !reasons.iter().any(|reason| {
        reason.code.check() == Check::Digest && !matches!(reason.code.weight(), Weight::Warns)
    });
    let result = |check| {
        let about = reasons.iter().filter(|reason| reason.code.check() == check);
        let weights = about.map(|reason| match reason.code.weight() {
            Weight::Fails(_) => CheckResult::Failed,
            Weight::Undecides(_) => CheckResult::Undecided,
            Weight::Warns => CheckResult::Warned,
        });
        let rank = |result: &CheckResult| match result {
            CheckResult::NotMade | CheckResult::Passed => 0,
            CheckResult::Warned => 1,
            CheckResult::Undecided => 2,
            CheckResult::Failed => 3,
        };
        let silent = if ground.carries(check, is_digest_right) {
            CheckResult::Passed
        } else {
            CheckResult::NotMade
        };
        let result = weights.max_by_key(rank).unwrap_or(silent);
        CheckedResult { check, result }
    };
    Check::ALL.map(result).to_vec()
}
