//! What may happen to a run, and what follows from it.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::id::{ContactId, PersonId};
use chancery_types::{Digest, Instant};
use serde::{Deserialize, Serialize};

use crate::definition::{StageKind, Via};
use crate::state::{Assignee, Place, State, TaskNumber, TimerNumber, Version};

/// Who caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A person of the organisation.
    Person(PersonId),
    /// A person at a counterparty, through a link.
    Contact(ContactId),
    /// The service itself.
    System,
}

impl Actor {
    /// As a possible holder of a task.
    #[must_use]
    pub const fn assignee(self) -> Option<Assignee> {
        match self {
            Self::Person(id) => Some(Assignee::Person(id)),
            Self::Contact(id) => Some(Assignee::Contact(id)),
            Self::System => None,
        }
    }
}

/// What an assignee may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Agrees.
    Approve,
    /// Agrees, and wants things changed that are followed one by one.
    ApproveWithRemarks,
    /// Sends it back to the initiator. From a counterparty: a protocol of disagreements.
    Return,
    /// Ends the run. From a signatory: refuses to sign.
    Reject,
    /// Neither agrees nor refuses.
    Abstain,
    /// Waits for something: the task stays open, and the stage waits with it.
    Hold,
    /// Confirms having read. Only in an acknowledgement, and nothing else there.
    Acknowledge,
    /// Signed. Never sent as a decision: it follows from [`EventKind::Signed`].
    Sign,
}

impl Decision {
    /// The word in YAML, JSON and the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::ApproveWithRemarks => "approve_with_remarks",
            Self::Return => "return",
            Self::Reject => "reject",
            Self::Abstain => "abstain",
            Self::Hold => "hold",
            Self::Acknowledge => "acknowledge",
            Self::Sign => "sign",
        }
    }

    /// Whether it counts towards the quorum.
    #[must_use]
    pub const fn is_favourable(self) -> bool {
        !matches!(
            self,
            Self::Return | Self::Reject | Self::Abstain | Self::Hold
        )
    }

    /// Whether it is against the document as it is, and so says why.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        matches!(self, Self::Return | Self::Reject)
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// One thing that happened, with its instant: the engine reads no clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: Actor,
    /// What.
    pub kind: EventKind,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// The actor starts the run and becomes its initiator.
    Started {
        /// The document's card.
        card: Card,
        /// The version to decide on.
        version: Version,
    },
    /// The holder of a task decides.
    Decided {
        /// The task.
        task: TaskNumber,
        /// The decision.
        decision: Decision,
        /// The version they saw. Refused if it is not the present one.
        version_digest: Digest,
        /// Required for a return, a rejection and a hold.
        comment: Option<String>,
        /// What they want changed, one by one. Required with [`Decision::ApproveWithRemarks`],
        /// possible with a return and a rejection.
        remarks: Vec<String>,
    },
    /// The holder of a signing task has signed; the shell has verified the signature.
    Signed {
        /// The task.
        task: TaskNumber,
        /// The version that was signed. Refused if it is not the present one.
        version_digest: Digest,
    },
    /// The actor made a new version. Only in rework.
    NewVersion {
        /// The version; its author is the actor.
        version: Version,
        /// The card that belongs to it.
        card: Card,
        /// What it changed: `doc.amount`, `file.main`. Kept for the history.
        changed: BTreeSet<String>,
    },
    /// The initiator sends it round again.
    Resubmitted {
        /// Required when there is no new version.
        comment: Option<String>,
    },
    /// A task moves to somebody else.
    Reassigned {
        /// The task.
        task: TaskNumber,
        /// The new holder, of the same sort: a person for a person, a contact for a contact.
        to: Assignee,
    },
    /// The initiator takes the document back.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// The holder of a task, or an administrator, asks one more person in its stage.
    ApproverAdded {
        /// The path of the stage, which is open.
        stage: String,
        /// Whom.
        person: PersonId,
        /// When they decide.
        place: Place,
        /// Whether the stage needs their agreement.
        required: bool,
    },
    /// Whoever added an approver, or an administrator, drops them. Not after they have voted.
    ApproverDropped {
        /// The path of the stage.
        stage: String,
        /// Whom.
        person: PersonId,
    },
    /// Whoever voted takes the vote back while the stage is open, and is asked again.
    VoteRevoked {
        /// The task it was given in.
        task: TaskNumber,
    },
    /// An administrator ends the run.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// An administrator stops the run for a while.
    Suspended {
        /// Why.
        reason: String,
    },
    /// An administrator lets a stopped run go on.
    Resumed,
    /// A timer's instant has come; from the service itself. For a timer that was moved, stopped or
    /// is gone it means nothing, and is no error.
    TimerFired {
        /// The timer.
        timer: TimerNumber,
        /// Which of its arms.
        generation: u32,
    },
    /// The calendar of the run's definition is another than before: dates are reckoned anew.
    CalendarChanged {
        /// The digest of the calendar that the definition now has.
        digest: Digest,
    },
}

/// Why a stage does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Its condition is false.
    Condition,
    /// The condition of a block around it is false.
    OuterCondition,
    /// Nobody was found for it, and the file says that it is then skipped.
    NobodyFound,
}

/// Why a task was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "reason", content = "decision", rename_all = "snake_case")]
pub enum CloseReason {
    /// Its holder decided.
    Decided(Decision),
    /// Enough others approved.
    QuorumReached,
    /// Another approver returned the document.
    Returned,
    /// Another approver rejected the document.
    Rejected,
    /// The initiator took it back.
    Withdrawn,
    /// A new version came, and it asked about the one before.
    NewVersion,
    /// Whoever asked for its holder dropped them.
    Dropped,
    /// An administrator cancelled the run.
    Cancelled,
    /// Somebody else decided in the same seat.
    SeatTaken,
    /// The run's time was over.
    Expired,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every blocking stage was satisfied.
    Completed,
    /// Rejected by an approver or a signatory.
    Rejected,
    /// Taken back by the initiator.
    Withdrawn,
    /// Ended by an administrator.
    Cancelled,
    /// Ended because a stage was overdue for as long as its file allows.
    Expired,
}

/// What must be done now. An imperative for the shell, which turns it into rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// A stage does not apply in this round; goes to the history.
    SkipStage {
        /// The stage.
        path: String,
        /// Why.
        reason: SkipReason,
    },
    /// A task opens for its assignee, who is told.
    OpenTask {
        /// Its number in the run.
        task: TaskNumber,
        /// The stage.
        path: String,
        /// What is asked: approval, signature, acknowledgement.
        stage_kind: StageKind,
        /// How the assignee reaches it.
        via: Via,
        /// Who.
        assignee: Assignee,
        /// By when.
        due_at: Option<Instant>,
        /// Which opening of the stage, from one.
        activation: u32,
        /// What it asks about.
        version_digest: Digest,
    },
    /// A task closes. Unless the reason is a decision, its assignee is told; links to it end.
    CloseTask {
        /// Which.
        task: TaskNumber,
        /// Why.
        reason: CloseReason,
    },
    /// A task goes to another holder; both are told.
    MoveTask {
        /// Which.
        task: TaskNumber,
        /// From whom.
        from: Assignee,
        /// To whom.
        to: Assignee,
    },
    /// A task's holder waits for something; the task stays open.
    HoldTask {
        /// Which.
        task: TaskNumber,
        /// For what.
        comment: String,
    },
    /// A vote on an earlier version stands for the present one.
    CarryVote {
        /// The task it was given in.
        task: TaskNumber,
        /// By which `carry` of the stage, as written.
        rule: String,
    },
    /// A vote was taken back; its holder is asked again.
    RevokeVote {
        /// The task it was given in.
        task: TaskNumber,
    },
    /// Remarks enter the register, open.
    RecordRemarks {
        /// The task they were given in.
        task: TaskNumber,
        /// The remarks, checked.
        remarks: Vec<String>,
    },
    /// A stage is satisfied.
    CloseStage {
        /// The stage.
        path: String,
    },
    /// The initiator must rework the document.
    OpenRework {
        /// The round that was returned.
        round: u32,
        /// The tasks whose holders returned it.
        returned_by: Vec<TaskNumber>,
    },
    /// A new round begins.
    OpenRound {
        /// Its number.
        round: u32,
    },
    /// A timer is set, or set anew: in place of an earlier arm of the same number.
    ArmTimer {
        /// Its number in the run.
        timer: TimerNumber,
        /// Which of its arms: comes back in [`EventKind::TimerFired`].
        generation: u32,
        /// The task it belongs to.
        task: TaskNumber,
        /// When it fires.
        due_at: Instant,
        /// The first year of that reckoning that the calendar does not cover.
        beyond: Option<i16>,
    },
    /// A timer stands or is done with; it does not fire.
    DisarmTimer {
        /// Which.
        timer: TimerNumber,
    },
    /// A task is due at another time, or has no due date while its clock stands.
    SetDue {
        /// Which.
        task: TaskNumber,
        /// When.
        due_at: Option<Instant>,
    },
    /// The holder of a task is reminded. Once for each task, rule and number.
    Remind {
        /// Which.
        task: TaskNumber,
        /// By which of the stage's reminders, from zero.
        rule: u32,
        /// How often by this rule, from one.
        number: u32,
    },
    /// A task is overdue; its holder is told, and these. Once for each task and number.
    TellOverdue {
        /// Which.
        task: TaskNumber,
        /// Who besides its holder.
        whom: Vec<Assignee>,
        /// 0 when its due date has come, then how often it was said again.
        number: u32,
    },
    /// A rung of the escalation was reached; what became of tasks says another effect. Once for
    /// each task and rung.
    Escalate {
        /// Which task is overdue.
        task: TaskNumber,
        /// 0 for the due date itself, then the rung of the file, from one.
        rung: u32,
        /// Who was asked; nobody, if nobody was found who may decide: administrators are told.
        to: Vec<Assignee>,
    },
    /// A hold has lasted as long as it may; its holder is told, and the clock runs.
    EndHold {
        /// Which task.
        task: TaskNumber,
    },
    /// The run is over.
    Finish {
        /// How.
        outcome: Outcome,
    },
}

/// What an event leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The run after it.
    pub state: State,
    /// What to do, in this order.
    pub effects: Vec<Effect>,
}
