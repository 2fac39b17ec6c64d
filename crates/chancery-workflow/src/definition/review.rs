//! `type: review`: somebody reads and has remarks or none. They can refuse nothing, so a review is
//! no control; beside that it is an approval, and its remarks are those of one.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::{Locale, Localized};

use super::allow::Allowed;
use super::decisions::Decisions;
use super::{Stage, StageKind};
use crate::diagnostic::{Diagnostic, message};
use crate::event::Decision;
use crate::read::{Fields, Findings};

/// What may be said in a review, in words of its own.
pub(super) fn decisions() -> Decisions {
    let said = |key| Localized {
        ru: Some(message(Locale::Ru, key, &BTreeMap::new())),
        en: Some(message(Locale::En, key, &BTreeMap::new())),
    };
    Decisions {
        decisions: BTreeSet::from([Decision::Approve, Decision::ApproveWithRemarks]),
        titles: BTreeMap::from([
            (Decision::Approve, said("review-approve")),
            (Decision::ApproveWithRemarks, said("review-remarks")),
        ]),
        hold_max: None,
    }
}

/// Refuses what means nothing in a review.
pub(super) fn check(fields: &Fields<'_>, allowed: Allowed, findings: &mut Findings) {
    for key in ["decisions", "on_reject", "form"] {
        if fields.get(key).is_some() {
            let finding = Diagnostic::error("W115", "not-in-a-review", fields.key_at(key));
            findings.push(finding.arg("key", key));
        }
    }
    if !allowed.remarks {
        let at = fields.key_at("allow");
        findings.push(Diagnostic::error("W115", "review-without-remarks", at));
    }
}

impl Stage {
    /// Whether somebody decides in it who could refuse: a confirmation of having read does not, and
    /// neither does a review.
    #[must_use]
    pub fn is_control(&self) -> bool {
        self.kind != StageKind::Acknowledge && !self.is_review
    }
}
