//! The stage that asks whether a document that was returned as often as it may be goes round again.
//!
//! It is no step of the file: it opens when its time has come, and its tasks, its people and its
//! history are those of any other stage.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::{Locale, Localized};

use super::{
    Allowed, Carry, Definition, LinkTerms, Mode, OnExhausted, OnReject, Quorum, Resolver, Stage,
    StageKind, Timing, Via,
};
use crate::diagnostic::{Position, message};
use crate::event::Decision;

/// Its path. No step of a file has it: an identifier has no point.
pub const EXTRA_ROUND: &str = "rework.on_exhausted";

impl Stage {
    /// Asks whoever `to` finds; the first of them decides. Rejecting ends the run.
    pub(super) fn of_extra_round(to: Resolver, timing: Timing, at: Position) -> Self {
        let said = |key| Localized {
            ru: Some(message(Locale::Ru, key, &BTreeMap::new())),
            en: Some(message(Locale::En, key, &BTreeMap::new())),
        };
        Self {
            id: EXTRA_ROUND.to_owned(),
            path: EXTRA_ROUND.to_owned(),
            kind: StageKind::Approve,
            is_review: false,
            title: said("extra-round"),
            when: None,
            assignees: vec![to],
            assignee_conditions: vec![None],
            if_empty: Vec::new(),
            skips_if_empty: false,
            mode: Mode::Parallel,
            quorum: Quorum::Any,
            quorum_cases: Vec::new(),
            veto: Vec::new(),
            weights: Vec::new(),
            counts_for_each: false,
            timing,
            decisions: BTreeSet::from([Decision::Approve, Decision::Reject]),
            decision_titles: BTreeMap::from([
                (Decision::Approve, said("extra-round-approve")),
                (Decision::Reject, said("extra-round-reject")),
            ]),
            on_reject: OnReject::Finish,
            rework_to: None,
            rework_note: None,
            // Each time is asked about anew.
            carry: Carry::Never,
            allows: Allowed::default(),
            blocking: true,
            via: Via::Account,
            link: LinkTerms::default(),
            absorbs: false,
            sealing: None,
            form: BTreeSet::new(),
            at,
            quorum_at: at,
        }
    }
}

impl Definition {
    /// The stage that asks for an extra round when the rounds are used up, and how many of them
    /// there may be, if the file says so.
    #[must_use]
    pub fn extra_round(&self) -> Option<(&Stage, u32)> {
        match &self.rework.on_exhausted {
            OnExhausted::Escalate { stage, rounds_max } => Some((stage, *rounds_max)),
            OnExhausted::Refuse | OnExhausted::Reject => None,
        }
    }

    /// The stages in order, and after them the one that asks for an extra round.
    pub fn every_stage(&self) -> impl Iterator<Item = &Stage> {
        self.stages()
            .chain(self.extra_round().map(|(stage, _)| stage))
    }
}
