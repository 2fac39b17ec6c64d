//! Workflows as an organisation has them: the files of the house, or texts of its own in their
//! place, each written by one administrator and published by another. Running documents keep what
//! they started with; new runs take what is in force when they start.

mod decide;
mod read;
mod tell;
mod write;

use chancery_types::Instant;
use chancery_types::id::PersonId;
use chancery_workflow::Diagnostic;
use chancery_workflow::trial::Tested;

use crate::app::chains::Chain;
use crate::app::organisations::allow_whole;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::editions;

pub use decide::{Publishing, digest};
pub use write::EditionDraft;

/// The longest text of a workflow that is edited on a page, in bytes.
pub const SOURCE_BYTES_MAX: usize = 256 * 1024;
/// The longest words about a change, in graphemes.
pub const NOTE_MAX: usize = 1000;
/// How many editions a page lists.
const LISTED_MAX: u64 = 50;

/// How an edition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditionState {
    /// Its author writes it.
    Draft,
    /// It waits for another administrator.
    Proposed,
    /// New runs take it, from its moment on.
    Published,
    /// It was given up.
    Discarded,
}

impl EditionState {
    /// Every one.
    pub const ALL: [Self; 4] = [
        Self::Draft,
        Self::Proposed,
        Self::Published,
        Self::Discarded,
    ];

    /// As rows name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Published => "published",
            Self::Discarded => "discarded",
        }
    }

    /// Whether it may still be changed or decided on.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Proposed)
    }

    fn of(row: &editions::Model) -> Self {
        let known = Self::ALL.into_iter().find(|one| one.code() == row.state);
        known.unwrap_or(Self::Discarded)
    }
}

/// An edition with the names of its people.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The workflow's identifier.
    pub workflow: String,
    /// Which edition, from 1.
    pub number: i64,
    /// How it stands.
    pub state: EditionState,
    /// Its text.
    pub source: String,
    /// What its author says of the change.
    pub note: String,
    /// Who wrote it.
    pub author: PersonId,
    /// Their name.
    pub author_name: String,
    /// When its text was saved last.
    pub saved_at: Instant,
    /// Who published, returned or discarded it last.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Why it was returned.
    pub reason: Option<String>,
    /// From when new runs take it.
    pub effective_at: Option<Instant>,
    /// The optimistic lock.
    pub row_version: i64,
}

impl Edition {
    /// Whether it is published for a moment that has not come.
    #[must_use]
    pub fn is_ahead(&self, now: Instant) -> bool {
        let from = self.effective_at.filter(|from| *from > now);
        self.state == EditionState::Published && from.is_some()
    }
}

/// A workflow as the organisation has it.
#[derive(Clone, Debug)]
pub struct WorkflowSheet {
    /// The file of the house.
    pub file: Chain,
    /// What a run that starts now takes.
    pub in_force: InForce,
    /// What is to be said of the text in force with the people of today.
    pub today: Vec<Diagnostic>,
    /// Its editions, the newest first, at most 50.
    pub editions: Vec<Edition>,
    /// How many people beside the reader may publish.
    pub publishers: usize,
}

/// What a run that starts now takes.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The workflow; of an edition that the house's files do not accept any more, what is wrong
    /// with it.
    pub chain: Result<Chain, Vec<Diagnostic>>,
    /// The edition; none if it is the file.
    pub number: Option<i64>,
    /// The text.
    pub source: String,
}

/// What is to be said of a text before it is published.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The workflow, if nothing is wrong.
    pub chain: Option<Chain>,
    /// What is wrong; an edition with any of it cannot be proposed.
    pub errors: Vec<Diagnostic>,
    /// What is odd.
    pub warnings: Vec<Diagnostic>,
    /// The controls that what is in force has and this text has not, or has weaker.
    pub weaker: Vec<Diagnostic>,
    /// Its examples.
    pub examples: Vec<Tested>,
}

impl Checked {
    /// Whether it may be proposed and published.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let holds = |example: &Tested| example.findings.is_empty();
        self.chain.is_some() && self.errors.is_empty() && self.examples.iter().all(holds)
    }
}

/// Only people: who wrote a text and who published it are two of them.
fn editor(actor: &Actor) -> Result<PersonId, AppError> {
    allow_whole(actor, Action::ManageOrganisation)?;
    let person = actor.person().ok_or(AppError::Hidden)?;
    Ok(person.id)
}

impl App {
    /// The edition of a workflow with this number.
    pub(in crate::app) async fn edition_row(
        &self,
        connection: &impl sea_orm::ConnectionTrait,
        actor: &Actor,
        workflow: &str,
        number: i64,
    ) -> Result<editions::Model, AppError> {
        let organisation = actor.organisation.uuid();
        Ok(store::editions::load(connection, organisation, workflow, number).await?)
    }
}
