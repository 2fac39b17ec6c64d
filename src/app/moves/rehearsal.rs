//! The operator's list: what would happen to every document of a workflow if it went on by some
//! text, in force or not. Nothing is written.

use chancery_types::id::{DocumentId, RunId};
use chancery_workflow::{Actor as Cause, Definition, Diagnostic, weakenings};

use super::{Fate, MOVES_AT_ONCE};
use crate::app::chains::Chain;
use crate::app::people::{ADMINISTRATOR, holders_of};
use crate::app::{App, AppError};
use crate::domain::actor::{Actor, Who};
use crate::store;
use crate::store::entity::runs;

/// A text that documents might go on by.
#[derive(Clone, Debug)]
pub enum Target {
    /// An edition of the organisation's, published or not.
    Edition(i64),
    /// The file that the server has.
    File,
    /// Another text.
    Text(String),
}

/// What would happen to one document.
#[derive(Debug)]
pub struct Rehearsed {
    /// The document.
    pub document: DocumentId,
    /// Its registration number.
    pub number: Option<String>,
    /// The titles of the stages that are open, in the reader's language.
    pub stands: Vec<String>,
    /// What would happen, or why it would stay.
    pub fate: Result<Fate, AppError>,
    /// How many controls of what it goes by the text has weaker or not at all.
    pub weaker: usize,
}

/// Why a text is not rehearsed.
#[derive(Debug)]
pub enum NotRehearsed {
    /// The text is refused.
    Findings(Vec<Diagnostic>),
    /// Anything else.
    Other(AppError),
}

impl<E: Into<AppError>> From<E> for NotRehearsed {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

impl App {
    /// The text that is meant, read against the house as it is now.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but the operator, and if there is no such workflow or
    /// edition; what is wrong with the text.
    pub async fn read_target(
        &self,
        operator: &Actor,
        workflow: &str,
        target: &Target,
    ) -> Result<Chain, NotRehearsed> {
        require_operator(operator)?;
        let file = self.chains.chains().get(workflow).ok_or(AppError::Hidden)?;
        let source = match target {
            Target::File => return Ok(file.clone()),
            Target::Text(source) => source.clone(),
            Target::Edition(number) => {
                let reader = self.store.reader();
                let row = self
                    .edition_row(reader, operator, workflow, *number)
                    .await?;
                row.source
            }
        };
        let read = self.chains.read_edition(workflow, &source);
        read.map_err(NotRehearsed::Findings)
    }

    /// What would happen to the documents behind the run `after`, in the order of their start, and
    /// where the next ones begin: at most [`MOVES_AT_ONCE`]. It is tried as if an administrator of
    /// the organisation moved them.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but the operator; [`AppError::Internal`] if nobody
    /// administers the organisation.
    pub async fn rehearse_moves(
        &self,
        operator: &Actor,
        chain: &Chain,
        after: Option<RunId>,
    ) -> Result<(Vec<Rehearsed>, Option<RunId>), AppError> {
        require_operator(operator)?;
        let (reader, organisation) = (self.store.reader(), operator.organisation.uuid());
        let administrators = holders_of(reader, organisation, ADMINISTRATOR).await?;
        let mover = administrators.first();
        let mover =
            mover.ok_or_else(|| AppError::internal("nobody administers the organisation"))?;
        let mover = Cause::Person(mover.id.into());
        let present = (chain.definition.id(), chain.digest.as_str());
        let after = after.map(|run| run.uuid());
        let rows_max = MOVES_AT_ONCE.saturating_add(1);
        let mut rows =
            store::runs::list_open_by_others(reader, organisation, present, after, rows_max)
                .await?;
        let has_more = u64::try_from(rows.len()).unwrap_or(u64::MAX) > MOVES_AT_ONCE;
        if has_more {
            rows.pop();
        }
        let next = rows.last().filter(|_| has_more).map(|row| row.id.into());
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(self.rehearse(operator, (mover, chain), row).await?);
        }
        Ok((all, next))
    }

    async fn rehearse(
        &self,
        operator: &Actor,
        (mover, chain): (Cause, &Chain),
        row: runs::Model,
    ) -> Result<Rehearsed, AppError> {
        let run = self.complete_run(self.store.reader(), row).await?;
        let fate = self.foretell((mover, operator.locale), chain, &run).await;
        if let Err(error @ (AppError::Unavailable { .. } | AppError::Internal(_))) = fate {
            return Err(error);
        }
        let title = |path: &str| titled(&run.definition, path, operator);
        let open = run.state.open_tasks();
        let open: std::collections::BTreeSet<String> =
            open.map(|(_, task)| title(&task.stage)).collect();
        Ok(Rehearsed {
            document: run.row.document_id.into(),
            number: run.document.registration_number.clone(),
            stands: open.into_iter().collect(),
            fate,
            weaker: weakenings(&run.definition, &chain.definition).len(),
        })
    }
}

fn titled(definition: &Definition, path: &str, reader: &Actor) -> String {
    let stage = definition.stage(path);
    let title = stage.and_then(|stage| stage.title.get(reader.locale));
    title.unwrap_or(path).to_owned()
}

fn require_operator(actor: &Actor) -> Result<(), AppError> {
    match actor.who {
        Who::Operator => Ok(()),
        Who::Person(_) | Who::Contact(_) | Who::System => Err(AppError::Hidden),
    }
}
