//! What may happen to a run, and what follows from it.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::id::{ContactId, PersonId};
use chancery_types::{Digest, Instant};
use serde::{Deserialize, Serialize};

use crate::migration::Plan;
use crate::state::{Assignee, Child, Place, TaskNumber, TimerNumber, Version};

pub use crate::effect::{Effect, Step};

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
    /// Whoever may decide in a task fills fields of its stage's form; their values have been
    /// checked against the kind. Comes before their decision.
    FormFilled {
        /// The task.
        task: TaskNumber,
        /// The version they saw. Refused if it is not the present one.
        version_digest: Digest,
        /// The fields, by name.
        fields: Card,
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
    /// The initiator, or whoever else reworks it, sends it round again.
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
    /// Somebody of a pool takes its task: the others see it no more.
    Claimed {
        /// Their own task.
        task: TaskNumber,
    },
    /// Whoever has taken a task of a pool gives it back: the others see it again.
    Unclaimed {
        /// The task.
        task: TaskNumber,
    },
    /// The holder of a task hands it on to somebody who decides for them.
    Delegated {
        /// The task.
        task: TaskNumber,
        /// To whom.
        to: PersonId,
    },
    /// A task that was handed on goes back: to the actor, if they handed it on, else to whoever
    /// handed it to the actor.
    DelegationEnded {
        /// The task.
        task: TaskNumber,
    },
    /// Somebody is away from now on, or it became known that they are: whoever stands in for them
    /// is told of their open tasks. From the service itself; changes nothing about who may decide.
    AbsenceBegan {
        /// Who.
        person: PersonId,
    },
    /// The initiator, or whoever else the workflow names, takes the document back.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// The holder of a task, an administrator or the workflow's owner asks one more person in its
    /// stage.
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
    /// Whoever added an approver, an administrator or the workflow's owner drops them. Not after
    /// they have voted.
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
    /// An administrator or the workflow's owner ends the run.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// An administrator or the workflow's owner stops the run for a while.
    Suspended {
        /// Why.
        reason: String,
    },
    /// An administrator or the workflow's owner lets a stopped run go on.
    Resumed,
    /// A timer's instant has come; from the service itself. For a timer that was moved, stopped or
    /// is gone it means nothing, and is no error.
    TimerFired {
        /// The timer.
        timer: TimerNumber,
        /// Which of its arms.
        generation: u32,
    },
    /// What was asked elsewhere is answered, or will not be; from the service itself. To what
    /// nobody asks any more it means nothing, and is no error.
    LookupAnswered {
        /// The name of the question.
        lookup: String,
        /// Which of its askings: from [`Effect::AskLookup`].
        times: u32,
        /// What has come.
        answer: LookupAnswer,
    },
    /// The documents that belong to the run's own were counted; from the service itself. Always all
    /// of them, as they are now. To a run that waits for none it means nothing, and is no error.
    ChildrenCounted {
        /// Each of them once.
        children: Vec<Child>,
    },
    /// An administrator or the workflow's owner has put right what the run could not do, and it
    /// tries again.
    IncidentRetried,
    /// The calendar of the run's definition is another than before: dates are reckoned anew.
    CalendarChanged {
        /// The digest of the calendar that the definition now has.
        digest: Digest,
    },
    /// An administrator lets the run go on by another definition of its workflow. Applied under
    /// that one: whoever replays the events takes the old one up to here and the new one from here.
    Migrated {
        /// What the shell knows the old definition by.
        pinned_from: Digest,
        /// What it knows the new one by.
        pinned_to: Digest,
        /// What is to be done, from [`crate::migration::plan`].
        plan: Box<Plan>,
    },
}

/// What has come back from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum LookupAnswer {
    /// An answer.
    Given {
        /// Its parts.
        values: Card,
    },
    /// None, and none will come.
    Failed {
        /// Why.
        why: String,
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
    /// Everybody whom it would ask signs in a later stage, which absorbs their approval.
    Absorbed,
    /// An automatic stage before it went on to a later step.
    WayOn,
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
    /// An administrator or the workflow's owner cancelled the run.
    Cancelled,
    /// Somebody else decided in the same seat.
    SeatTaken,
    /// The run's time was over.
    Expired,
    /// The run goes by another definition, which does not ask its holder.
    RouteChanged,
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
