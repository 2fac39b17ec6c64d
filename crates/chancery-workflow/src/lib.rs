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
//! [`Vocabulary::parse`], [`Kind::parse`] and [`Definition::parse`] read the YAML files of
//! `workflows/`. What they cannot accept they refuse with [`Diagnostic`]s: a code, a line, a
//! column, a sentence in each language and, for a slip of the keyboard, the nearest known name.
//! A key of the language that this engine does not carry out yet is refused by name, never
//! ignored.
//!
//! # Invariants
//!
//! 1. The tasks that the effects leave open are exactly the tasks that are open in the state.
//! 2. A final run opens no task and never returns to life; a non-blocking acknowledgement may
//!    still be given after completion, and changes nothing else.
//! 3. A refused event changes nothing.
//! 4. A vote counts only for the version digest it was given on.
//! 5. The initiator and the author of the version never approve and never sign it.
//! 6. A condition that cannot be evaluated is never false: the event that needed it is refused.
//!
//! # When a stage has nobody
//!
//! A stage whose assignees resolve to nobody (after `if_empty`, after separation of duties), or to
//! fewer people than its quorum, is never skipped. The event that would have opened it is refused
//! ([`Refusal::StageHasNoAssignee`], [`Refusal::QuorumUnreachable`]) and changes nothing: the same
//! decision can be given again when the directory has been put right. So that this is rare, a
//! start resolves every stage whose condition holds, and refuses at once.

pub mod definition;
pub mod diagnostic;
pub mod directory;
pub mod engine;
pub mod event;
pub mod expression;
pub mod kind;
pub mod refusal;
pub mod state;
pub mod view;
pub mod vocabulary;

mod diagram;
mod read;
mod suggest;
mod yaml;

pub use definition::{
    Definition, Join, Mode, Node, OnReject, Parallel, Quorum, Sequence, Stage, StageKind, Via,
};
pub use diagnostic::{Diagnostic, Severity, render};
pub use directory::{Department, Directory, Person, RoleHeld};
pub use engine::apply;
pub use event::{
    Actor, CloseReason, Decision, Effect, Event, EventKind, Outcome, SkipReason, Step,
};
pub use kind::{FieldError, Kind};
pub use refusal::Refusal;
pub use state::{Assignee, Phase, Seat, StagePhase, State, Task, TaskNumber, TaskState, Version};
pub use view::{Forecast, NodeView, PreviewStage, StageView, TaskView, preview};
pub use vocabulary::Vocabulary;
