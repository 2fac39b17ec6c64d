//! Documents that run by an older text of their workflow go on by the one in force, if an
//! administrator says so and the engine finds nobody left behind: a list of what would happen to
//! each, and then each in a transition of its own.

mod fate;
mod go;
mod look;
mod rehearsal;

use std::collections::BTreeSet;

use chancery_types::Instant;
use chancery_types::id::{DocumentId, RunId};
use chancery_workflow::Diagnostic;

use crate::app::AppError;
pub use rehearsal::{NotRehearsed, Rehearsed, Target};

/// The most documents that are listed, and moved, at once: each is tried out with its people.
pub const MOVES_AT_ONCE: u64 = 50;

/// Which text of a workflow a document goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteText {
    /// The organisation's own.
    Edition(i64),
    /// The house's file as it is.
    File,
    /// The very text in force, read with kinds, parameters or a vocabulary of before.
    Same,
    /// A file of before, or an edition that is listed no more.
    Earlier,
}

impl RouteText {
    /// Its number, if it is an edition.
    #[must_use]
    pub const fn number(self) -> Option<i64> {
        match self {
            Self::Edition(number) => Some(number),
            Self::File | Self::Same | Self::Earlier => None,
        }
    }

    /// As rows, calls and pages name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Edition(_) => "edition",
            Self::File => "file",
            Self::Same => "same",
            Self::Earlier => "earlier",
        }
    }
}

/// The documents that run by another text than the one in force.
#[derive(Debug)]
pub struct MoveSheet {
    /// The workflow's title in the reader's language.
    pub title: String,
    /// What is in force.
    pub text: RouteText,
    /// The digest of what runs are pinned to by it: nothing is moved to another one.
    pub digest: String,
    /// At most [`MOVES_AT_ONCE`], in the order of their start.
    pub lines: Vec<MoveLine>,
    /// Where the next ones begin, if there are more.
    pub next: Option<RunId>,
}

/// What would happen to one document.
#[derive(Debug)]
pub struct MoveLine {
    /// The run.
    pub run: RunId,
    /// How far it was when this was found out: the optimistic lock.
    pub seq: i64,
    /// Its document.
    pub document: DocumentId,
    /// What it is about, if the reader may see it: title and registration number.
    pub about: Option<(String, Option<String>)>,
    /// When the run began.
    pub started_at: Instant,
    /// What it goes by.
    pub text: RouteText,
    /// The titles of the stages that are open, in the reader's language; none while it is
    /// returned.
    pub stands: Vec<String>,
    /// Who would be asked, and who would not be any more; or why it stays.
    pub fate: Result<Fate, AppError>,
    /// The controls of what it goes by that the text in force has weaker or not at all.
    pub weaker: Vec<Diagnostic>,
}

/// Whom a move concerns, by name, and what becomes of stages, by title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// Who gets a task.
    pub asked: BTreeSet<String>,
    /// Whose task closes.
    pub released: BTreeSet<String>,
    /// Where it stands by other names: each open stage that is renamed, before and after.
    pub renamed: Vec<(String, String)>,
    /// Finished stages that are walked once more.
    pub reopened: Vec<String>,
    /// Finished stages whose votes count no more, because the text in force has them not or asks
    /// there for another thing.
    pub set_aside: Vec<String>,
}

/// What is to be moved.
#[derive(Clone, Debug, Default)]
pub struct Moving {
    /// [`MoveSheet::digest`] as the reader saw it.
    pub digest: String,
    /// The runs, each with its lock.
    pub runs: Vec<(RunId, i64)>,
    /// Whether they took note of the controls that become weaker.
    pub has_seen_weaker: bool,
}

/// What became of one document.
#[derive(Debug)]
pub struct MoveOutcome {
    /// As it was just before.
    pub line: MoveLine,
    /// Whether it was moved, or why not: [`AppError::Stale`] if it has changed meanwhile.
    pub done: Result<(), AppError>,
}
