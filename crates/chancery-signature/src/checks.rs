//! Each check with what it came to: the summary of a judgement.

use crate::facts::{Facts, SignatureFacts, SignatureForm};
use crate::judge_covers::sees_changes;
use crate::judge_signer::crypto_answer;
use crate::reason::Weight;
use crate::report::{Answer, Check, CheckResult, CheckedResult, LinkReport, Reason};

/// What checks stand on: without it none was made, and silence is no praise.
pub(crate) struct Ground {
    /// Whether the whole file could be read.
    pub file: bool,
    pub content: bool,
    /// Whether a digest stands in the structure, or the value covers the content itself and fits.
    pub digest: bool,
    /// Whether a change to the file would be seen.
    pub changes: bool,
    pub certificate: bool,
    pub time: bool,
    pub revocation: bool,
}

impl Ground {
    /// That of a signature of a file, its certificate and its time aside.
    pub fn of(file: &Facts, one: &SignatureFacts, links: &[LinkReport]) -> Self {
        let signer = one.signer.as_ref();
        let names_digest = one.form == SignatureForm::Xml
            || signer.is_some_and(|signer| signer.attributes.is_some());
        let is_known_good = |link: &LinkReport| link.revocation.is_known_good();
        Self {
            file: file.unreadable.is_none(),
            content: one.coverage.is_ok(),
            digest: names_digest || crypto_answer(one) == Answer::Yes,
            changes: sees_changes(one),
            certificate: false,
            time: false,
            revocation: !links.is_empty() && links.iter().all(is_known_good),
        }
    }

    fn carries(&self, check: Check, is_digest_right: bool) -> bool {
        match check {
            Check::Format | Check::Attributes | Check::Algorithms => true,
            Check::Coverage => self.content,
            Check::Digest => self.content && self.digest,
            Check::Changes => self.changes && self.digest && is_digest_right,
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
        let silent = match ground.carries(check, is_digest_right) {
            // What is told of the whole file is told there, and not of each signature again.
            true if check == Check::Format && !ground.file => CheckResult::Undecided,
            true => CheckResult::Passed,
            false => CheckResult::NotMade,
        };
        let result = weights.max_by_key(rank).unwrap_or(silent);
        CheckedResult { check, result }
    };
    Check::ALL.map(result).to_vec()
}
