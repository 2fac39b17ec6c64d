//! What may happen to a run, what follows from it, and why it may be refused.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::id::{ContactId, PersonId};
use chancery_types::{Digest, Instant, NameError};
use serde::{Deserialize, Serialize};

use crate::definition::{StageKind, Via};
use crate::expression::EvaluationError;
use crate::state::{Assignee, Phase, State, TaskNumber, Version};

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
            Self::Acknowledge => "acknowledge",
            Self::Sign => "sign",
        }
    }

    /// Whether it counts towards the quorum.
    #[must_use]
    pub const fn is_favourable(self) -> bool {
        !matches!(self, Self::Return | Self::Reject)
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
        /// Required for a return and a rejection.
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
}

/// Why a stage does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Its condition is false.
    Condition,
    /// The condition of the parallel block around it is false.
    OuterCondition,
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

/// Why the engine refused an event. A refusal changes nothing and is shown to the person (409).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The event does not exist in this phase: starting twice, deciding in a draft.
    #[error("this is not possible while the run is {phase:?}")]
    NotInThisPhase {
        /// The phase.
        phase: Phase,
    },
    /// The run has no task with this number.
    #[error("the run has no task {task}")]
    TaskUnknown {
        /// The number.
        task: TaskNumber,
    },
    /// The task was closed without a decision: a quorum was reached, the run was returned.
    #[error("task {task} is closed")]
    TaskClosed {
        /// The task.
        task: TaskNumber,
    },
    /// The task was decided already: a second click.
    #[error("task {task} was decided already")]
    AlreadyDecided {
        /// The task.
        task: TaskNumber,
    },
    /// The task is open, but for somebody else.
    #[error("task {task} is assigned to somebody else")]
    NotAssignee {
        /// The task.
        task: TaskNumber,
    },
    /// The actor decides on another version than the present one.
    #[error("the decision is about another version than the present one")]
    StaleVersion {
        /// What the actor saw.
        given: Digest,
        /// What is present.
        present: Digest,
    },
    /// The stage does not offer this decision.
    #[error("stage {stage} does not offer the decision {decision}")]
    DecisionNotOffered {
        /// The stage.
        stage: String,
        /// The decision.
        decision: Decision,
    },
    /// The task asks for another thing than a signature.
    #[error("task {task} does not ask for a signature")]
    NotASigningTask {
        /// The task.
        task: TaskNumber,
    },
    /// A return and a rejection say why.
    #[error("the decision {decision} needs a comment")]
    CommentRequired {
        /// The decision.
        decision: Decision,
    },
    /// An approval with remarks has at least one.
    #[error("an approval with remarks needs at least one remark")]
    RemarksRequired,
    /// A plain approval, a signature or an acknowledgement carries no remarks.
    #[error("the decision {decision} carries no remarks")]
    RemarksNotOffered {
        /// The decision.
        decision: Decision,
    },
    /// More remarks than one decision may carry.
    #[error("a decision carries at most {max} remarks")]
    TooManyRemarks {
        /// The limit.
        max: usize,
    },
    /// A comment, a remark or a reason is not a proper text.
    #[error("the text is not accepted: {why}")]
    Text {
        /// Why.
        why: NameError,
    },
    /// The initiator, the author of the version, or whoever a rule of the workflow excludes.
    #[error("separation of duties: rule {rule} of stage {stage}")]
    SeparationOfDuties {
        /// The stage.
        stage: String,
        /// The rule: `initiator`, `author`, or the id of a rule in the file.
        rule: String,
    },
    /// Only the initiator may do this.
    #[error("only the initiator may do this")]
    NotInitiator,
    /// Only a person of the organisation may do this.
    #[error("only a person of the organisation may do this")]
    NotAPerson,
    /// The person is unknown or does not work here now.
    #[error("the person is unknown or not active")]
    PersonNotActive,
    /// The named author of the new version is not who sends it.
    #[error("the author of the new version is not the actor")]
    AuthorMismatch,
    /// The new version has the digest of the present one.
    #[error("the new version is the same as the present one")]
    VersionUnchanged,
    /// The number of the new version is not greater than the present one's.
    #[error("the number of the new version must be greater than {present}")]
    VersionNumber {
        /// The present number.
        present: u32,
    },
    /// A resubmission has neither a new version nor a comment.
    #[error("a resubmission needs a new version or a comment")]
    NothingChanged,
    /// The stage from which the initiator can no longer take it back was reached.
    #[error("the document can no longer be withdrawn: stage {until} was reached")]
    TooLateToWithdraw {
        /// The stage.
        until: String,
    },
    /// It was returned as often as the workflow allows; approve or reject.
    #[error("the document was returned {max} times already")]
    RoundsExhausted {
        /// The limit.
        max: u32,
    },
    /// Neither the holder, nor somebody above them, nor an administrator.
    #[error("task {task} may not be reassigned by this actor")]
    MayNotReassign {
        /// The task.
        task: TaskNumber,
    },
    /// The new holder has a slot or a vote in the stage already.
    #[error("the new assignee already takes part in stage {stage}")]
    AlreadyTakesPart {
        /// The stage.
        stage: String,
    },
    /// A person's task goes to a person, a contact's to a contact.
    #[error("task {task} cannot go to an assignee of another sort")]
    WrongSortOfAssignee {
        /// The task.
        task: TaskNumber,
    },
    /// Nobody is left to open the stage for.
    #[error("stage {stage} has no assignee")]
    StageHasNoAssignee {
        /// The stage.
        stage: String,
    },
    /// Fewer people are left than the quorum needs.
    #[error("stage {stage} needs {needed} approvals but has {available} assignees")]
    QuorumUnreachable {
        /// The stage.
        stage: String,
        /// How many approvals are needed.
        needed: u32,
        /// How many assignees there are.
        available: u32,
    },
    /// More people than one stage may have.
    #[error("stage {stage} has more than {max} assignees")]
    TooManyAssignees {
        /// The stage.
        stage: String,
        /// The limit.
        max: usize,
    },
    /// A condition cannot be evaluated. It is not false.
    #[error("the condition of {subject} cannot be evaluated: {why}")]
    Condition {
        /// The stage or the rule.
        subject: String,
        /// Why.
        why: EvaluationError,
    },
    /// The card lacks a required field or holds a value of another type.
    #[error("field {field} of the card is absent or of another type")]
    Card {
        /// The field.
        field: String,
    },
    /// The stored state is not one of this definition, or of another schema.
    #[error("the stored state does not fit the definition: {what}")]
    Corrupt {
        /// What does not fit.
        what: String,
    },
}

impl Refusal {
    /// A code that a machine can keep: `stale-version`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotInThisPhase { .. } => "not-in-this-phase",
            Self::TaskUnknown { .. } => "task-unknown",
            Self::TaskClosed { .. } => "task-closed",
            Self::AlreadyDecided { .. } => "already-decided",
            Self::NotAssignee { .. } => "not-assignee",
            Self::StaleVersion { .. } => "stale-version",
            Self::DecisionNotOffered { .. } => "decision-not-offered",
            Self::NotASigningTask { .. } => "not-a-signing-task",
            Self::CommentRequired { .. } => "comment-required",
            Self::RemarksRequired => "remarks-required",
            Self::RemarksNotOffered { .. } => "remarks-not-offered",
            Self::TooManyRemarks { .. } => "too-many-remarks",
            Self::Text { .. } => "text-not-accepted",
            Self::SeparationOfDuties { .. } => "separation-of-duties",
            Self::NotInitiator => "not-initiator",
            Self::NotAPerson => "not-a-person",
            Self::PersonNotActive => "person-not-active",
            Self::AuthorMismatch => "author-mismatch",
            Self::VersionUnchanged => "version-unchanged",
            Self::VersionNumber { .. } => "version-number",
            Self::NothingChanged => "nothing-changed",
            Self::TooLateToWithdraw { .. } => "too-late-to-withdraw",
            Self::RoundsExhausted { .. } => "rounds-exhausted",
            Self::MayNotReassign { .. } => "may-not-reassign",
            Self::AlreadyTakesPart { .. } => "already-takes-part",
            Self::WrongSortOfAssignee { .. } => "wrong-sort-of-assignee",
            Self::StageHasNoAssignee { .. } => "stage-has-no-assignee",
            Self::QuorumUnreachable { .. } => "quorum-unreachable",
            Self::TooManyAssignees { .. } => "too-many-assignees",
            Self::Condition { .. } => "condition-not-evaluated",
            Self::Card { .. } => "card-not-accepted",
            Self::Corrupt { .. } => "state-corrupt",
        }
    }
}
