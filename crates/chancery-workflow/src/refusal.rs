//! Why an event may be refused.

mod codes;
mod text;

use chancery_types::{Digest, NameError};

use crate::event::Decision;
use crate::expression::EvaluationError;
use crate::mandate::Lack;
use crate::state::{Phase, TaskNumber};

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
    /// A field of the stage's form is not filled.
    #[error("field {field} must be filled in stage {stage}")]
    FormIncomplete {
        /// The stage.
        stage: String,
        /// The field.
        field: String,
    },
    /// The task asks for another thing than a signature.
    #[error("task {task} does not ask for a signature")]
    NotASigningTask {
        /// The task.
        task: TaskNumber,
    },
    /// A return, a rejection and a hold say why.
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
    /// Only the initiator may do this; in rework whoever else the document went to too.
    #[error("only the initiator may do this")]
    NotInitiator,
    /// The workflow says who may take its documents back, and this is somebody else.
    #[error("this person may not take the document back")]
    MayNotWithdraw,
    /// The workflow says who may start a run of it, and this is somebody else.
    #[error("the workflow lets others start a run of it")]
    MayNotStart,
    /// The workflow says which documents of its kind it takes, and this is not one of them.
    #[error("the workflow does not take such a document")]
    NotTaken,
    /// Only a person of the organisation may do this.
    #[error("only a person of the organisation may do this")]
    NotAPerson,
    /// The person is unknown or does not work here now.
    #[error("the person is unknown or not active")]
    PersonNotActive,
    /// The named author of the new version is not who sends it.
    #[error("the author of the new version is not the actor")]
    AuthorMismatch,
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
    /// It was returned as often as the workflow allows, and whoever was asked has not said yet
    /// whether it goes round once more.
    #[error("whether there is one more round is being asked")]
    ExtraRoundAsked,
    /// Neither the holder, nor somebody above them, nor an administrator.
    #[error("task {task} may not be reassigned by this actor")]
    MayNotReassign {
        /// The task.
        task: TaskNumber,
    },
    /// The task is not one that several people may take.
    #[error("task {task} is not of a pool")]
    NotOfPool {
        /// The task.
        task: TaskNumber,
    },
    /// The stage does not let its assignees hand their tasks on.
    #[error("task {task} may not be handed on")]
    MayNotDelegate {
        /// The task.
        task: TaskNumber,
    },
    /// The task was handed on as often as one may.
    #[error("task {task} was handed on {max} times already")]
    DelegatedTooOften {
        /// The task.
        task: TaskNumber,
        /// The limit.
        max: usize,
    },
    /// Nobody handed the task on, or the actor had no part in that.
    #[error("task {task} was not handed on by or to this actor")]
    NotDelegated {
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
    /// None of those who are asked has the veto that the stage needs.
    #[error("nobody with a veto is asked in stage {stage}")]
    VetoHolderAbsent {
        /// The stage.
        stage: String,
    },
    /// Too few would be left who can still agree.
    #[error("without this vote stage {stage} could no longer reach its quorum")]
    AbstentionLeavesTooFew {
        /// The stage.
        stage: String,
    },
    /// An administrator has stopped the run.
    #[error("the run is suspended")]
    Suspended,
    /// Nobody has stopped the run.
    #[error("the run is not suspended")]
    NotSuspended,
    /// Nothing has failed that could be tried again.
    #[error("the run has no incident")]
    NoIncident,
    /// Only an administrator, or the owner of the workflow where it has one, may do this.
    #[error("only an administrator or the owner of the workflow may do this")]
    NotAdministrator,
    /// Only the service itself says that an instant has come.
    #[error("only the service itself may do this")]
    NotTheService,
    /// The calendar named is not the one that the definition has.
    #[error("the calendar is not the one of the workflow")]
    CalendarMismatch,
    /// The stage is not open.
    #[error("stage {stage} is not open")]
    StageNotOpen {
        /// The stage.
        stage: String,
    },
    /// The stage does not allow it, or the actor takes no part in it.
    #[error("this actor may not change who is asked in stage {stage}")]
    MayNotChangeApprovers {
        /// The stage.
        stage: String,
    },
    /// Nobody asked for this person in the stage, or they have voted already.
    #[error("this person was not added to stage {stage}, or has voted")]
    ApproverNotAdded {
        /// The stage.
        stage: String,
    },
    /// An approver who was put before the others has not decided.
    #[error("stage {stage} waits for an approver who was put before the others")]
    WaitsForApprover {
        /// The stage.
        stage: String,
    },
    /// The vote was not given by this actor, is about another version, or its stage has closed.
    #[error("the vote in task {task} can no longer be taken back")]
    TooLateToRevoke {
        /// The task.
        task: TaskNumber,
    },
    /// This person, or nobody, has a mandate for what the stage asks.
    #[error("stage {stage} needs a mandate: {lack}")]
    Mandate {
        /// The stage.
        stage: String,
        /// What is missing.
        lack: Lack,
    },
    /// More people than one stage may have.
    #[error("stage {stage} has more than {max} assignees")]
    TooManyAssignees {
        /// The stage.
        stage: String,
        /// The limit.
        max: usize,
    },
    /// Something of the run has failed, and waits for an administrator.
    #[error("the run has an incident")]
    HasIncident,
    /// The plan was made for another definition, or of another workflow.
    #[error("the plan is of another definition")]
    PlanMismatch,
    /// A stage in which somebody is asked now is not in the new definition, or elsewhere in it.
    #[error("stage {stage}, which is open, is not there in the new definition")]
    OpenStageGone {
        /// The stage.
        stage: String,
    },
    /// A stage in which somebody is asked now asks for another thing in the new definition.
    #[error("stage {stage}, which is open, is of another sort in the new definition")]
    OpenStageChanged {
        /// The stage.
        stage: String,
    },
    /// A stage of the new definition lies before where the run stands, and asks somebody who
    /// would be left behind.
    #[error("stage {stage} of the new definition lies before where the run stands")]
    StagePassed {
        /// The stage.
        stage: String,
    },
    /// Somebody asked for an approver in a stage that the new definition does not have.
    #[error("the approver who was added to stage {stage} would be lost")]
    ApproverLost {
        /// The stage.
        stage: String,
    },
    /// A signature that would still have been asked for is not asked for by the new definition.
    #[error("the signature of stage {stage} would not be asked for")]
    SignatureLost {
        /// The stage.
        stage: String,
    },
    /// Votes that were given under the old definition would decide in the stage under the new one.
    #[error("votes that were given already would decide in stage {stage}")]
    VotesWouldDecide {
        /// The stage.
        stage: String,
    },
    /// The run would end by the move itself.
    #[error("the run would end by the move itself")]
    WouldEnd,
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
            Self::FormIncomplete { .. } => "form-incomplete",
            Self::NotASigningTask { .. } => "not-a-signing-task",
            Self::CommentRequired { .. } => "comment-required",
            Self::RemarksRequired => "remarks-required",
            Self::RemarksNotOffered { .. } => "remarks-not-offered",
            Self::TooManyRemarks { .. } => "too-many-remarks",
            Self::Text { .. } => "text-not-accepted",
            Self::SeparationOfDuties { .. } => "separation-of-duties",
            Self::NotInitiator => "not-initiator",
            Self::MayNotWithdraw => "may-not-withdraw",
            Self::MayNotStart => "may-not-start",
            Self::NotTaken => "not-taken",
            Self::NotAPerson => "not-a-person",
            Self::PersonNotActive => "person-not-active",
            Self::AuthorMismatch => "author-mismatch",
            Self::VersionNumber { .. } => "version-number",
            Self::NothingChanged => "nothing-changed",
            Self::TooLateToWithdraw { .. } => "too-late-to-withdraw",
            Self::RoundsExhausted { .. } => "rounds-exhausted",
            Self::ExtraRoundAsked => "extra-round-asked",
            Self::MayNotReassign { .. } => "may-not-reassign",
            Self::NotOfPool { .. } => "not-of-pool",
            Self::MayNotDelegate { .. } => "may-not-delegate",
            Self::DelegatedTooOften { .. } => "delegated-too-often",
            Self::NotDelegated { .. } => "not-delegated",
            Self::AlreadyTakesPart { .. } => "already-takes-part",
            Self::WrongSortOfAssignee { .. } => "wrong-sort-of-assignee",
            Self::StageHasNoAssignee { .. } => "stage-has-no-assignee",
            Self::QuorumUnreachable { .. } => "quorum-unreachable",
            Self::VetoHolderAbsent { .. } => "veto-holder-absent",
            Self::AbstentionLeavesTooFew { .. } => "abstention-leaves-too-few",
            Self::Suspended => "suspended",
            Self::NotSuspended => "not-suspended",
            Self::NoIncident => "no-incident",
            Self::NotAdministrator => "not-administrator",
            Self::NotTheService => "not-the-service",
            Self::CalendarMismatch => "calendar-mismatch",
            Self::StageNotOpen { .. } => "stage-not-open",
            Self::MayNotChangeApprovers { .. } => "may-not-change-approvers",
            Self::ApproverNotAdded { .. } => "approver-not-added",
            Self::WaitsForApprover { .. } => "waits-for-approver",
            Self::TooLateToRevoke { .. } => "too-late-to-revoke",
            Self::Mandate { lack, .. } => lack.code(),
            Self::TooManyAssignees { .. } => "too-many-assignees",
            Self::HasIncident => "has-incident",
            Self::PlanMismatch => "plan-mismatch",
            Self::OpenStageGone { .. } => "open-stage-gone",
            Self::OpenStageChanged { .. } => "open-stage-changed",
            Self::StagePassed { .. } => "stage-passed",
            Self::ApproverLost { .. } => "approver-lost",
            Self::SignatureLost { .. } => "signature-lost",
            Self::VotesWouldDecide { .. } => "votes-would-decide",
            Self::WouldEnd => "would-end",
            Self::Condition { .. } => "condition-not-evaluated",
            Self::Card { .. } => "card-not-accepted",
            Self::Corrupt { .. } => "state-corrupt",
        }
    }
}

impl Lack {
    /// The code of the refusal for want of a mandate.
    const fn code(&self) -> &'static str {
        match self {
            Self::Absent => "mandate-absent",
            Self::Ended { .. } => "mandate-ended",
            Self::TooSmall { .. } => "mandate-too-small",
        }
    }
}
