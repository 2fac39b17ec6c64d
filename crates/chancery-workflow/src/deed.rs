//! What a file lets happen outside when a run starts, ends or stands still.

use chancery_types::field::Card;
use serde::{Deserialize, Serialize};

use crate::event::Outcome;
use crate::state::Assignee;

/// When something is done outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The run has started.
    Started,
    /// Every blocking stage was satisfied.
    Completed,
    /// An approver or a signatory rejected.
    Rejected,
    /// The initiator took the document back.
    Withdrawn,
    /// An administrator ended the run.
    Cancelled,
    /// The run's time was over.
    Expired,
    /// What the run asked elsewhere has failed, and it waits for an administrator.
    Incident,
}

impl Occasion {
    /// Every occasion, in the order of the language.
    pub const ALL: [Self; 7] = [
        Self::Started,
        Self::Completed,
        Self::Rejected,
        Self::Withdrawn,
        Self::Cancelled,
        Self::Expired,
        Self::Incident,
    ];

    /// The word in YAML and JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Incident => "incident",
        }
    }

    /// The occasion of a run's end.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Completed => Self::Completed,
            Outcome::Rejected => Self::Rejected,
            Outcome::Withdrawn => Self::Withdrawn,
            Outcome::Cancelled => Self::Cancelled,
            Outcome::Expired => Self::Expired,
        }
    }
}

/// What is done outside, with everything that it needs of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// The document gets its number.
    Register {
        /// In this journal.
        journal: String,
    },
    /// A system outside is called.
    CallWebhook {
        /// By the name that the house gives it.
        webhook: String,
    },
    /// People are told.
    Notify {
        /// By this template.
        template: String,
        /// Who, nobody twice; perhaps nobody.
        whom: Vec<Assignee>,
    },
    /// Another document is drafted.
    CreateDocument {
        /// Of this kind.
        kind: String,
        /// What is known of its card.
        card: Card,
    },
}
