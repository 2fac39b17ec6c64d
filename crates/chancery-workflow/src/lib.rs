//! The approval engine: from what is, and what happened, to what follows.
//!
//! ```text
//! apply(definition, state, event, directory) -> Ok(Step { state, effects }) | Err(refusal)
//! ```
//!
//! Nothing else is here: no clock (the instant is in the event), no database (effects are values,
//! `app::transition` turns them into rows), no randomness (task numbers count from one in each
//! run), no directory service (people are a value, read by the caller before the step). The same
//! four arguments give the same answer on any machine and in any year.
//!
//! # Reading files
//!
//! [`Vocabulary::parse`], [`Kind::parse`], [`Calendar::parse`] and [`Definition::parse`] read the
//! YAML files of `workflows/`. What they cannot accept they refuse with [`Diagnostic`]s: a code, a
//! line, a column, a sentence in each language and, for a slip of the keyboard, the nearest known
//! name. A key of the language that this engine does not carry out yet is refused by name, never
//! ignored; so are keys about time by [`Definition::parse`], for whoever runs no timers, and not by
//! [`Definition::parse_in`]; and keys that need more than the plain language, unless
//! [`Definition::parse_with`] is given [`Means`] for them. Then the linter looks for what a file
//! says without saying it: stages that never open, paths without a control. A file that a run is
//! pinned to is read without it ([`Definition::parse_pinned`]).
//!
//! # Looking ahead
//!
//! [`schema`] is the JSON Schema of what a house accepts. [`preview`] and [`explain`] say which
//! stages a document would meet, whom they would ask and why; [`simulate`] plays a script;
//! [`explore`] tries every decision up to a bound. [`trial`] does so on documents that stand for
//! all, plays the examples of a file, and jumps through time. [`weakenings`] says what a new file
//! takes away from the one before.
//!
//! # Invariants
//!
//! 1. The tasks that the effects leave open are exactly the tasks that are open in the state.
//! 2. A final run opens no task and never returns to life; a non-blocking acknowledgement may
//!    still be given after completion, and changes nothing else.
//! 3. A refused event changes nothing.
//! 4. A vote counts only for the version it was given on, and for those that the `carry` of its
//!    stage lets it stand for; a signature for its own version alone.
//! 5. The initiator and the author of the version never approve and never sign it.
//! 6. A condition that cannot be evaluated is never false: the event that needed it is refused.
//! 7. A timer belongs to an open task, and what the effects leave armed is what runs in the state:
//!    nothing while the run is suspended. Standing still makes no date earlier.
//! 8. Whoever may not decide in a stage does not decide there through anybody else, and whoever
//!    decides for another has one vote in a stage: both names stay with it.
//! 9. A running run waits for somebody: for an open task, for an answer that was asked for, or,
//!    with an incident, for an administrator.
//!
//! # Moving a run to another definition
//!
//! [`migration::plan`] compares two definitions of a workflow at a state, and
//! [`EventKind::Migrated`] is applied under the new one. What is finished keeps what came of it,
//! what is open stays open; whatever would be decided by the move itself, or leave somebody behind
//! whom the new definition asks, is refused by name. Every invariant holds on.
//!
//! # When a stage has nobody
//!
//! A stage whose assignees resolve to nobody (after `if_empty`, after separation of duties) is
//! skipped only where its file says `if_empty: skip`; one with fewer people than its quorum never.
//! Otherwise the event that would have opened it is refused ([`Refusal::StageHasNoAssignee`],
//! [`Refusal::QuorumUnreachable`]) and changes nothing: the same decision can be given again when
//! the directory has been put right. So that this is rare, a start resolves every stage whose
//! condition holds, and refuses at once.

pub mod absence;
mod bpmn;
mod broken;
pub mod calendar;
pub mod deed;
pub mod definition;
pub mod diagnostic;
pub mod diagram;
pub mod directory;
pub mod effect;
pub mod engine;
pub mod event;
pub mod explain;
pub mod explore;
pub mod expression;
pub mod kind;
pub mod mandate;
pub mod means;
pub mod migration;
pub mod pack;
pub mod parameter;
pub mod refusal;
pub mod span;
pub mod state;
pub mod trial;
pub mod view;
pub mod vocabulary;

mod read;
mod suggest;
mod weakening;
mod yaml;

pub use absence::{Absence, Matter, Substitute};
pub use bpmn::{BPMN_BYTES_MAX, BpmnImported, BpmnImporting, import_bpmn};
pub use broken::BrokenFiles;
pub use calendar::Calendar;
pub use deed::{Deed, Occasion};
pub use definition::{
    Action, Allowed, Arm, Automatic, Carry, Certify, Consequence, Definition, DemandedKind,
    DemandedLevel, Due, EXTRA_ROUND, House, Join, LinkTerms, LockedForm, Lookup, Mode, Node,
    OnChildRejected, OnError, OnExhausted, OnReject, OnTimeout, Owner, Parallel, Pick, Quorum,
    Reminder, Repeat, Resume, Rework, Reworker, Rung, Sealing, SelfStart, Sequence, SignatureForm,
    Stage, StageKind, StartEvent, Subdocument, Successor, Timing, Told, Via, Withdraw, Withdrawer,
    Word, schema, schema_plain, subdocument_cycles,
};
pub use diagnostic::{Diagnostic, Position, Severity, render};
pub use diagram::{Drawing, Standing};
pub use directory::{Department, Directory, Person, RoleHeld};
pub use engine::{CHILDREN_MAX, Rights, apply, check_mandate, rights, stand_ins};
pub use event::{
    Actor, CloseReason, Decision, Effect, Event, EventKind, LookupAnswer, Outcome, SkipReason, Step,
};
pub use explain::{Explanation, explain};
pub use explore::{Bound, Explored, Played, PlayedEvent, Taken, explore, simulate};
pub use kind::{FieldError, Kind};
pub use mandate::Mandate;
pub use means::{Ability, Means};
pub use pack::{ALL_PACKS, Pack, outside_packs};
pub use parameter::{Parameter, ParameterValue, Parameters, parse_parameters};
pub use refusal::Refusal;
pub use span::{Budget, Measure, Span, Unit};
pub use state::{
    Absorbed, AddedApprover, AddedSeat, Asked, Assignee, AutomaticState, Awaited, CarriedVote,
    Child, Fate, Heard, Incident, Moved, Phase, Place, Seat, StagePhase, State, Suspension, Task,
    TaskNumber, TaskState, Timer, TimerKind, TimerNumber, Version, WaitPhase,
};
pub use view::{
    AutomaticView, Forecast, NodeView, PreviewStage, StageView, TaskView, WaitView, preview,
};
pub use vocabulary::{Journal, LetterTemplate, Vocabulary};
pub use weakening::weakenings;
