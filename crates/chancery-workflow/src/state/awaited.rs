//! Documents that belong to the run's own and that it waits for, as they were last seen.

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_types::id::DocumentId;
use serde::{Deserialize, Serialize};

/// A document that belongs to the run's own, as whoever counted them saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Child {
    /// Which.
    pub document: DocumentId,
    /// Its kind.
    pub kind: String,
    /// How far it is.
    pub fate: Fate,
}

/// How far a document is that a run waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// A draft, on its way, or in rework.
    Open,
    /// Its run was completed.
    Completed,
    /// Its run was rejected.
    Rejected,
    /// Its run was withdrawn or cancelled, or its time was over.
    Withdrawn,
}

impl Fate {
    /// The word in scripts and in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One entry of `subdocuments` in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Awaited {
    /// Where the wait stands in the present round.
    pub phase: WaitPhase,
    /// How often the run began to wait.
    pub times: u32,
    /// When it began last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// Whether documents were counted since: what was seen before decides nothing.
    #[serde(default)]
    pub is_counted: bool,
    /// Documents that did not end in completion, and without which the run's keepers let it go on.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub passed_over: BTreeSet<DocumentId>,
}

/// Where a wait stands in the present round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitPhase {
    /// Not reached.
    #[default]
    Pending,
    /// The run waits.
    Waiting,
    /// The run stands still: a document it waits for did not end in completion.
    Refused,
    /// Enough were completed. It stays so until the next round or version.
    Met,
}

impl WaitPhase {
    /// The word in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Waiting => "waiting",
            Self::Refused => "refused",
            Self::Met => "met",
        }
    }

    /// Whether the run waits here.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Refused)
    }
}
