//! What was asked elsewhere, as it is kept between two events.

use chancery_types::Instant;
use chancery_types::field::Card;
use serde::{Deserialize, Serialize};

use super::StagePhase;

/// A question of the workflow's `facts` that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// How often, from one. An answer to an earlier asking means nothing.
    pub times: u32,
    /// The automatic stage that asked last, by path.
    pub stage: String,
    /// When.
    pub at: Instant,
    /// What was heard.
    pub heard: Heard,
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "heard", rename_all = "snake_case")]
pub enum Heard {
    /// An answer is waited for.
    Nothing,
    /// An answer has come.
    Answer {
        /// Its parts.
        values: Card,
        /// When.
        at: Instant,
    },
    /// None has come, and this is taken for it.
    Assumed {
        /// Its parts.
        values: Card,
        /// Why none has come.
        why: String,
        /// When that was known.
        at: Instant,
    },
    /// None has come, and the run waits for an administrator.
    Failure {
        /// Why.
        why: String,
        /// When that was known.
        at: Instant,
    },
    /// Nobody wants to know any more: it was about an earlier version, or the run has gone on.
    Void,
}

impl Asked {
    /// The parts of the answer, if there is one.
    #[must_use]
    pub const fn values(&self) -> Option<&Card> {
        match &self.heard {
            Heard::Answer { values, .. } | Heard::Assumed { values, .. } => Some(values),
            Heard::Nothing | Heard::Failure { .. } | Heard::Void => None,
        }
    }
}

/// A stage that asks nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutomaticState {
    /// Where it stands.
    pub phase: StagePhase,
    /// How often it was opened.
    pub activation: u32,
    /// Which way it went last: the position of the way in its file, from zero; `None` for the next
    /// step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<u32>,
}

/// What the run cannot do by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Its number in the run, from one.
    pub number: u32,
    /// The automatic stage in which it happened, by path.
    pub stage: String,
    /// What.
    pub why: String,
    /// When.
    pub at: Instant,
}
