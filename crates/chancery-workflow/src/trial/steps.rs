//! What a trial begins with, what is done in it, and what is expected of it.

use std::collections::BTreeMap;

use chancery_types::FieldType;
use chancery_types::field::Card;
use jiff::civil::DateTime;

use crate::diagnostic::Position;
use crate::event::{Decision, LookupAnswer};
use crate::span::Span;
use crate::state::Fate;

/// What a trial begins with. Whoever is not named is invented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The document's card, as far as it is given.
    pub card: Card,
    /// Whom and what its references name, by field.
    pub named: Vec<Named>,
    /// Who starts the run, if that is said.
    pub initiator: Option<Initiator>,
    /// Who stands behind a role, a group or a field, by name; each with the place that says so.
    pub people: BTreeMap<String, (Vec<String>, Position)>,
    /// What is answered to the questions of the file, by name.
    pub answers: BTreeMap<String, Card>,
    /// When it begins, by the clock of the file's calendar, else UTC.
    pub at: Option<DateTime>,
}

/// A reference of a card, by the name that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The field.
    pub field: String,
    /// What it refers to.
    pub field_type: FieldType,
    /// The name.
    pub name: String,
}

/// Who starts the run of a trial.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Initiator {
    /// The login.
    pub login: Option<String>,
    /// The keys of their departments.
    pub departments: Vec<String>,
    /// The groups that they belong to.
    pub groups: Vec<String>,
}

/// One step of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// What is done.
    pub kind: MoveKind,
    /// If it must be refused: with which code, or with any.
    pub refused: Option<Option<String>>,
    /// As it is written.
    pub text: String,
    /// Where it stands.
    pub at: Position,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoveKind {
    /// Somebody decides, or signs.
    Decide {
        /// What.
        decision: Decision,
        /// The stage, by path.
        stage: String,
        /// Who, by name; without it, whoever is first of those who are asked.
        by: Option<String>,
    },
    /// Somebody takes their vote back.
    Revoke {
        /// The stage, by path.
        stage: String,
        /// Who, by name; without it, whoever voted last.
        by: Option<String>,
    },
    /// The initiator makes a new version.
    Version {
        /// The fields that it changes.
        card: Card,
        /// Whom and what they name.
        named: Vec<Named>,
        /// The files that it changes: `file.main`.
        files: Vec<String>,
    },
    /// The initiator sends it round again.
    Resubmit,
    /// The initiator takes it back.
    Withdraw,
    /// An administrator ends it.
    Cancel,
    /// An administrator stops it.
    Suspend,
    /// An administrator lets it go on.
    Resume,
    /// A question is answered.
    Answer {
        /// Which.
        lookup: String,
        /// How.
        answer: LookupAnswer,
    },
    /// A document that is waited for comes to this, and all of them are counted.
    Child {
        /// The entry of `subdocuments`.
        name: String,
        /// What became of it.
        fate: Fate,
    },
    /// Time passes.
    Wait(Span),
}

/// A document, what is done with it, and what is expected: one of a file's `tests`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub at: Position,
    /// Where its document stands.
    pub document_at: Position,
    /// What it begins with.
    pub scene: Scene,
    /// In which round conditions are asked, where nothing is played.
    pub round: u32,
    /// What is done; `None` if everybody agrees.
    pub script: Option<Vec<Move>>,
    /// What is expected in the end.
    pub expected: Expected,
}

/// What is expected, each with the place that says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The stages that have asked somebody, by path.
    pub path: Option<(Vec<String>, Position)>,
    /// The stages that wait for somebody.
    pub open: Option<(Vec<String>, Position)>,
    /// Stages that will ask somebody and have not been reached; there may be others.
    pub pending: Option<(Vec<String>, Position)>,
    /// How the run has ended, or `running`, `rework`, `suspended`.
    pub outcome: Option<(String, Position)>,
}

impl Expected {
    /// Whether more is expected than a way.
    #[must_use]
    pub const fn is_more_than_path(&self) -> bool {
        self.open.is_some() || self.pending.is_some() || self.outcome.is_some()
    }
}
