//! What follows from an event: imperatives, which the shell turns into rows.

use chancery_types::field::Card;
use chancery_types::id::PersonId;
use chancery_types::{Digest, Instant};
use serde::{Deserialize, Serialize};

use crate::deed::{Deed, Occasion};
use crate::definition::{StageKind, Via};
use crate::event::{CloseReason, Outcome, SkipReason};
use crate::state::{Assignee, State, TaskNumber, TimerNumber};

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
    /// The document must be reworked.
    OpenRework {
        /// The round that was returned.
        round: u32,
        /// The tasks whose holders returned it.
        returned_by: Vec<TaskNumber>,
        /// By whom; by the initiator, if nobody is named.
        to: Vec<PersonId>,
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
        /// Which of its arms: comes back in [`crate::EventKind::TimerFired`].
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
    /// Fields of the card, none of them material, have these values from now on.
    FillCard {
        /// The task in which they were filled.
        task: TaskNumber,
        /// The fields, by name.
        fields: Card,
    },
    /// Something is asked elsewhere; the answer comes back as
    /// [`crate::EventKind::LookupAnswered`]. Once for each question and asking.
    AskLookup {
        /// The name of the question.
        lookup: String,
        /// Which asking, from one.
        times: u32,
        /// Which of the calls that the house knows.
        call: String,
        /// What goes with it; a field that the card does not have is left out.
        args: Card,
        /// When it is too late for an answer.
        until: Instant,
    },
    /// The run waits for documents that belong to its own: they are to be counted now and whenever
    /// one of them changes. Once for each entry and time.
    AwaitChildren {
        /// The entry of `subdocuments`.
        name: String,
        /// The kind of the documents.
        kind: String,
        /// How often the run began to wait, from one.
        times: u32,
    },
    /// Enough of these documents are completed; goes to the history.
    PassChildren {
        /// The entry of `subdocuments`.
        name: String,
    },
    /// An automatic stage has chosen; goes to the history.
    TakeWay {
        /// The stage.
        path: String,
        /// The position of the way in its file, from zero; `None` for the next step.
        way: Option<u32>,
        /// Over all steps up to this one, by identifier.
        to: Option<String>,
    },
    /// The run cannot go on by itself: administrators are told.
    OpenIncident {
        /// Its number in the run, from one.
        number: u32,
        /// The automatic stage in which it happened.
        path: String,
        /// What.
        why: String,
    },
    /// What the run could not do is done, or is wanted no more.
    CloseIncident {
        /// Its number.
        number: u32,
    },
    /// Something is done outside. Once for each occasion, time, position and version: whoever does
    /// it makes the key that keeps it from being done twice of these.
    Perform {
        /// When.
        occasion: Occasion,
        /// How often this occasion has come in the run, from one.
        times: u32,
        /// Where it stands in the file's list, from zero.
        position: u32,
        /// The present version.
        version_digest: Digest,
        /// What.
        deed: Deed,
    },
    /// Somebody may decide in the place of a task's holder, who is away, and is told. Once for each
    /// task and person.
    TellSubstitute {
        /// Which task.
        task: TaskNumber,
        /// Who is told.
        substitute: PersonId,
        /// In whose place: the holder, then whoever stands between.
        stands_for: Vec<PersonId>,
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
