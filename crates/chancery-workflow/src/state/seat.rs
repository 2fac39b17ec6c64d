//! Those who are asked in a stage, as they are counted.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chancery_types::Instant;
use chancery_types::id::{MandateId, PersonId};
use serde::{Deserialize, Serialize};

/// What is particular to one of those who are asked in a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// What an approval weighs.
    pub weight: u32,
    /// For how many of the stage's assignees it counts.
    pub hats: u32,
    /// By which of the stage's assignees they are asked, by position from zero.
    pub groups: BTreeSet<u32>,
    /// Whether nothing goes on against them.
    pub veto: bool,
    /// If whoever takes the task holds it: who may take it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub pool: BTreeSet<PersonId>,
    /// If another approver asked for them: when they decide, and whether they must agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<AddedSeat>,
    /// By which mandate they were asked, if by one. Whoever acts here needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<MandateId>,
}

/// The seat of an approver whom another one asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddedSeat {
    /// When they decide.
    pub place: Place,
    /// Whether the stage needs their agreement.
    pub required: bool,
}

/// When an added approver decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Before the others: they wait.
    Before,
    /// Beside the others.
    Beside,
    /// After the others have agreed.
    After,
}

/// An approver whom another one asked for. They stay for every round and version, until whoever
/// added them, or an administrator, drops them: an author cannot get rid of them by a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddedApprover {
    /// The stage.
    pub stage: String,
    /// Who.
    pub person: PersonId,
    /// When they decide, and whether they must agree.
    pub seat: AddedSeat,
    /// Who asked for them.
    pub added_by: PersonId,
    /// When.
    pub at: Instant,
}

/// The seat of a stage in which nothing is particular to any.
pub(crate) static PLAIN: LazyLock<Seat> = LazyLock::new(|| Seat::plain(0));

impl Seat {
    /// A seat with nothing particular, asked by the assignee at this position.
    #[must_use]
    pub fn plain(group: u32) -> Self {
        Self {
            weight: 1,
            hats: 1,
            groups: BTreeSet::from([group]),
            veto: false,
            pool: BTreeSet::new(),
            added: None,
            mandate: None,
        }
    }
}
