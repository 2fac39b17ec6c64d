//! What happens on a return and after it: rounds, where a run goes on, which votes stand.

use super::{Resolver, Stage};
use crate::expression::Expression;

/// How often a document may be returned for rework unless `rework.max_rounds` says otherwise.
pub const REWORK_ROUNDS_DEFAULT: u32 = 5;

/// How many extra rounds there may be unless `on_exhausted.escalate.max` says otherwise.
pub(super) const EXTRA_ROUNDS_DEFAULT: u32 = 1;

/// To whom a returned document goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reworker {
    /// Who started the run.
    Initiator,
    /// Who made the version that was returned.
    Author,
    /// Whom this finds at that moment.
    Found(Resolver),
}

/// What happens on a return and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rework {
    /// How often a document may be returned.
    pub rounds_max: u32,
    /// What a return does when it was returned that often.
    pub on_exhausted: OnExhausted,
    /// Where a resubmitted document goes on.
    pub resume: Resume,
    /// To whom a returned document goes, unless the stage that returned it says otherwise.
    pub to: Reworker,
}

/// What a return does when the document was returned as often as it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnExhausted {
    /// It is refused: approve or reject.
    Refuse,
    /// It ends the run, as a rejection does.
    Reject,
    /// Somebody is asked whether there is one more round; without one, the run ends as rejected.
    Escalate {
        /// What asks them.
        stage: Box<Stage>,
        /// How many such rounds there may be; after them a return is refused.
        rounds_max: u32,
    },
}

/// Where a resubmitted document goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resume {
    /// At the first step whose votes do not stand.
    FirstUnsatisfied,
    /// At the first step: no vote stands.
    Restart,
    /// At this step of the top level: votes from it on do not stand.
    Step(String),
    /// At those who refused: approvals stand for a new version too, whatever it changed.
    RefusersOnly,
}

/// Whether a vote stands for the next version too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carry {
    /// Never.
    Never,
    /// Always.
    Always,
    /// Where this is true of what the version changed. What cannot be evaluated is not carried.
    When(Expression),
}

impl Rework {
    /// The stage that asks for an extra round, if there is one.
    pub(super) fn extra_round(&self) -> Option<&Stage> {
        match &self.on_exhausted {
            OnExhausted::Escalate { stage, .. } => Some(stage),
            OnExhausted::Refuse | OnExhausted::Reject => None,
        }
    }
}

impl Default for Rework {
    fn default() -> Self {
        Self {
            rounds_max: REWORK_ROUNDS_DEFAULT,
            on_exhausted: OnExhausted::Refuse,
            resume: Resume::FirstUnsatisfied,
            to: Reworker::Initiator,
        }
    }
}
