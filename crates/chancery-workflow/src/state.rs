//! What a run is between two events.

mod asked;
mod awaited;
mod moved;
mod seat;
mod timers;

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::field::Card;
use chancery_types::id::{ContactId, MandateId, PersonId};
use chancery_types::{Digest, Instant};
use serde::{Deserialize, Serialize};

use crate::definition::Quorum;
use crate::event::{CloseReason, Decision, Outcome, SkipReason};

pub use asked::{Asked, AutomaticState, Heard, Incident};
pub use awaited::{Awaited, Child, Fate, WaitPhase};
pub use moved::Moved;
pub(crate) use moved::taken_out;
pub(crate) use seat::PLAIN;
pub use seat::{AddedApprover, AddedSeat, Place, Seat};
pub use timers::{Timer, TimerKind, TimerNumber};

/// The form in which [`State`] is stored. A stored state of another form is not read.
pub const STATE_SCHEMA: u32 = 1;

/// A task's number within its run, from one, never given twice. The shell maps it to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskNumber(pub u32);

impl std::fmt::Display for TaskNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Who holds a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Assignee {
    /// A person of the organisation.
    Person(PersonId),
    /// A person at a counterparty, reached by a link.
    Contact(ContactId),
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Not started.
    Draft,
    /// A stage is open.
    Running,
    /// Returned; waits for the initiator's resubmission.
    Rework,
    /// Every blocking stage was satisfied.
    Completed,
    /// An approver or a signatory rejected.
    Rejected,
    /// The initiator took it back, an administrator cancelled it, or its time was over: the outcome
    /// says which.
    Withdrawn,
}

impl Phase {
    /// Every phase, in the order of a life.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::Running,
        Self::Rework,
        Self::Completed,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// Whether the run is over.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Rejected | Self::Withdrawn)
    }
}

/// Where a stage stands in the present round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StagePhase {
    /// Not reached.
    #[default]
    Pending,
    /// Its tasks are open.
    Active,
    /// Its quorum is met.
    Satisfied,
    /// One of its approvers returned the document.
    Returned,
    /// One of its approvers rejected the document.
    Rejected,
    /// It does not apply.
    Skipped(SkipReason),
    /// Closed by something else: another branch, a withdrawal.
    Cancelled,
}

/// The content that is decided on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Its number in the document, from one.
    pub number: u32,
    /// What votes bind to.
    pub digest: Digest,
    /// Who made it; never approves it.
    pub author: PersonId,
}

/// What the run is about. Absent in a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Who started the run.
    pub initiator: PersonId,
    /// The document's card with the present version.
    pub card: Card,
    /// The present version.
    pub version: Version,
    /// The names of what the present version changed: `doc.amount`, `file.main`. Empty for the
    /// version the run was started with.
    pub changed: BTreeSet<String>,
    /// Whether a version was added since the run was returned for rework.
    pub revised: bool,
}

/// One stage of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageState {
    /// Where it stands.
    pub phase: StagePhase,
    /// How often it was opened. Distinguishes the tasks of one opening from another's.
    pub activation: u32,
    /// When it was opened last.
    pub opened_at: Option<Instant>,
    /// When its tasks are due.
    pub due_at: Option<Instant>,
    /// Whose approvals are counted, frozen when it was opened last.
    #[serde(default)]
    pub electorate: Vec<Assignee>,
    /// What is particular to each of `electorate`, in the same order; empty where nothing is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<Seat>,
    /// The quorum, frozen when it was opened last; `None` for the one in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<Quorum>,
}

/// A vote that stands for a later version than the one it was given on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedVote {
    /// The number of the latest version it stands for.
    pub version_number: u32,
    /// By which `carry` of the stage, as written; `material` where the version changed nothing that
    /// makes one.
    pub rule: String,
}

/// Somebody who need not approve in a stage because they sign in a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absorbed {
    /// The stage that does not ask them, by path.
    pub stage: String,
    /// Who.
    pub person: PersonId,
    /// The stage in which they sign, by path.
    pub into: String,
    /// Whether it does not ask them still: they are asked again if they do not sign after all.
    pub stands: bool,
}

/// A run that an administrator has stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// Who stopped it.
    pub by: PersonId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// How far a task is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskState {
    /// Waits for its assignee.
    Open,
    /// Decided.
    Decided {
        /// The decision.
        decision: Decision,
        /// Who gave it: the assignee at that moment.
        by: Assignee,
        /// When.
        at: Instant,
        /// Whether it was answered by a resubmission of the same version and no longer counts.
        set_aside: bool,
    },
    /// Closed without a decision.
    Closed {
        /// Why.
        reason: CloseReason,
        /// When.
        at: Instant,
    },
}

/// What one assignee must do in one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The stage's path: `expertise/legal`.
    pub stage: String,
    /// Which opening of the stage it belongs to.
    pub activation: u32,
    /// The round it was opened in, from one.
    pub round: u32,
    /// Whose slot it is, by the definition. A reassignment does not change it.
    pub elector: Assignee,
    /// Who holds it now.
    pub assignee: Assignee,
    /// The version it asks about.
    pub version_digest: Digest,
    /// That version's number; 0 in a state that was stored before numbers were kept.
    #[serde(default)]
    pub version_number: u32,
    /// When it was opened.
    pub opened_at: Instant,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// Since when its holder waits for something, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_at: Option<Instant>,
    /// Whether a hold has stopped its clock for as long as one may: no later one stops it again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_hold_spent: bool,
    /// Whether its holder is asked in somebody else's seat because that one was late.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_escalated: bool,
    /// In whose name its holder decides, or whoever decided did: those who handed it on, in that
    /// order, then whoever they stood in for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_behalf_of: Vec<PersonId>,
    /// By which mandate whoever decided has acted, if they needed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<MandateId>,
    /// Who was told that they may decide in its holder's place.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub told: BTreeSet<PersonId>,
    /// How far it is.
    pub state: TaskState,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl Task {
    /// Whether it waits for its assignee.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, TaskState::Open)
    }
}

/// A run. Equal states are equal bytes: nothing in it depends on the order of a hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// [`STATE_SCHEMA`].
    pub schema: u32,
    /// Where the run stands.
    pub phase: Phase,
    /// The round of approval: 0 in a draft, 1 from the start, one more with each resubmission.
    pub round: u32,
    /// How many rounds more than the workflow allows somebody has let happen.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub extra_rounds: u32,
    /// While it is reworked: who may do that beside the initiator, and perhaps the initiator, in
    /// the order of their identifiers; empty if it is the initiator's alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reworkers: Vec<PersonId>,
    /// What the run is about.
    pub subject: Option<Subject>,
    /// The stages by path.
    pub stages: BTreeMap<String, StageState>,
    /// Every task that was ever opened, but for those that were moved aside.
    pub tasks: BTreeMap<TaskNumber, Task>,
    /// How the run ended.
    pub outcome: Option<Outcome>,
    /// Votes that stand for a later version, by task.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub carried: BTreeMap<TaskNumber, CarriedVote>,
    /// Approvers whom others asked for, in the order of their addition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<AddedApprover>,
    /// Set while an administrator has stopped the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<Suspension>,
    /// The timers of open tasks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub timers: BTreeMap<TimerNumber, Timer>,
    /// How many timers there have been: the number of the last.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub timers_given: u32,
    /// The digest of the calendar by which they are reckoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Digest>,
    /// Who need not approve because they sign later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absorbed: Vec<Absorbed>,
    /// What was asked elsewhere, by the name of the question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub asked: BTreeMap<String, Asked>,
    /// The stages that ask nobody, by path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub automatic: BTreeMap<String, AutomaticState>,
    /// What the run waits for an administrator with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
    /// How many incidents there have been: the number of the last.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub incidents_given: u32,
    /// The documents that it waits for, as they were counted last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Child>,
    /// The waits for them, by the name in the file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub awaited: BTreeMap<String, Awaited>,
    /// From which definitions it was moved to others, with what those had no place for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
}

impl State {
    /// A run that was not started.
    #[must_use]
    pub const fn draft() -> Self {
        Self {
            schema: STATE_SCHEMA,
            phase: Phase::Draft,
            round: 0,
            extra_rounds: 0,
            reworkers: Vec::new(),
            subject: None,
            stages: BTreeMap::new(),
            tasks: BTreeMap::new(),
            outcome: None,
            carried: BTreeMap::new(),
            added: Vec::new(),
            suspension: None,
            timers: BTreeMap::new(),
            timers_given: 0,
            calendar: None,
            absorbed: Vec::new(),
            asked: BTreeMap::new(),
            automatic: BTreeMap::new(),
            incident: None,
            incidents_given: 0,
            children: Vec::new(),
            awaited: BTreeMap::new(),
            moved: Vec::new(),
        }
    }

    /// Whether a task asks, or asked, about the present version: this very one, not another of the
    /// same content; or its vote was carried over to it. A version that goes back to an earlier
    /// content is new, and nobody has decided on it.
    #[must_use]
    pub fn is_on_present_version(&self, number: TaskNumber) -> bool {
        let Some((subject, task)) = self.subject.as_ref().zip(self.tasks.get(&number)) else {
            return false;
        };
        let present = &subject.version;
        if let Some(carried) = self.carried.get(&number)
            && carried.version_number == present.number
        {
            return true;
        }
        if task.version_digest != present.digest {
            return false;
        }
        if task.version_number != 0 {
            return task.version_number == present.number;
        }
        // A task of an old state: no later one may be about something else.
        self.tasks
            .range(number..)
            .all(|(_, later)| later.version_digest == present.digest)
    }

    /// The number of the last task that was opened, whatever became of its stage; 0 for none.
    #[must_use]
    pub fn last_task(&self) -> u32 {
        let moved = self.moved.iter().map(|moved| &moved.tasks);
        let last = moved.chain([&self.tasks]);
        let last = last.filter_map(|tasks| tasks.last_key_value());
        last.map(|(number, _)| number.0).max().unwrap_or(0)
    }

    /// The open tasks, by number.
    pub fn open_tasks(&self) -> impl Iterator<Item = (TaskNumber, &Task)> {
        self.tasks
            .iter()
            .filter(|(_, task)| task.is_open())
            .map(|(number, task)| (*number, task))
    }

    /// The open task that `assignee` holds in the stage at `path`, if there is one.
    #[must_use]
    pub fn open_task_of(&self, path: &str, assignee: Assignee) -> Option<TaskNumber> {
        self.open_tasks()
            .find(|(_, task)| task.stage == path && task.assignee == assignee)
            .map(|(number, _)| number)
    }
}
