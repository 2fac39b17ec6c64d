//! Timers as they are kept between two events.

use chancery_types::Instant;
use serde::{Deserialize, Serialize};

use super::TaskNumber;
use crate::span::Budget;

/// A timer's number within its run, from one, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimerNumber(pub u32);

impl std::fmt::Display for TimerNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerKind {
    /// The task is due.
    Due,
    /// Its holder is reminded.
    Remind {
        /// By which of the stage's reminders, from zero.
        rule: u32,
        /// How often by this rule, from one.
        number: u32,
    },
    /// A rung of the stage's escalation, from zero.
    Escalate {
        /// Which.
        rung: u32,
    },
    /// It is said again that the task is overdue.
    Overdue {
        /// How often, from one.
        number: u32,
    },
    /// A hold ends.
    HoldEnd,
}

/// Time that passes for an open task: a budget and how much of it is used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// The task.
    pub task: TaskNumber,
    /// What happens when the budget is used up.
    pub kind: TimerKind,
    /// How often it was armed. An alarm for an earlier arm means nothing.
    pub generation: u32,
    /// How much time there is.
    pub budget: Budget,
    /// How many parts of it were used up before `running_since`.
    pub consumed: i64,
    /// Since when it runs; `None` while it stands.
    pub running_since: Option<Instant>,
    /// When the budget is used up, if it goes on running; `None` while it stands.
    pub due_at: Option<Instant>,
    /// The first year of that reckoning that the calendar does not cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<i16>,
}

impl Timer {
    /// What was left of the budget when it last began to run.
    #[must_use]
    pub const fn left(&self) -> Budget {
        let parts = self.budget.parts.saturating_sub(self.consumed);
        Budget {
            measure: self.budget.measure,
            parts: if parts > 0 { parts } else { 0 },
        }
    }
}
