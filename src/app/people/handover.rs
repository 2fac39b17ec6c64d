//! Open tasks of a person who is ill or has left, handed to somebody else by an administrator who
//! need not see the documents.

use chancery_types::Instant;
use chancery_types::id::{DocumentId, PersonId, TaskId};

use crate::app::organisations::allow_whole;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::tasks;

/// The most tasks that are shown, and handed over, at once.
pub const TASKS_AT_ONCE: u64 = 200;

/// An open task as its administrator sees it: not what the document is about.
#[derive(Clone, Debug)]
pub struct OpenTask {
    /// The task.
    pub id: TaskId,
    /// Its document.
    pub document_id: DocumentId,
    /// The stage, as the workflow names it.
    pub stage: String,
    /// When it was opened.
    pub opened_at: Instant,
    /// By when it should be done.
    pub due_at: Option<Instant>,
}

/// What became of tasks that were handed over.
#[derive(Clone, Debug, Default)]
pub struct HandedOver {
    /// How many are with the other person now.
    pub moved: usize,
    /// Those that stayed, with the code of the refusal: `separation-of-duties`,
    /// `already-takes-part`.
    pub stayed: Vec<(TaskId, String)>,
}

impl App {
    /// A person's open tasks, the oldest first; at most [`TASKS_AT_ONCE`].
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator, and if there is no such person.
    pub async fn list_open_tasks_of(
        &self,
        actor: &Actor,
        person: PersonId,
    ) -> Result<Vec<OpenTask>, AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        store::people::load(reader, organisation, person.uuid()).await?;
        let rows =
            store::tasks::list_open_of(reader, organisation, person.uuid(), TASKS_AT_ONCE).await?;
        Ok(rows.into_iter().map(OpenTask::from).collect())
    }

    /// Gives a person's open tasks to another, each in a transaction of its own: one that may not
    /// be given to them stays and is named.
    ///
    /// # Errors
    ///
    /// As [`App::list_open_tasks_of`]; [`AppError::Invalid`] on `to` for the same person; whatever
    /// else than a refusal stops one of them.
    pub async fn hand_over_tasks(
        &self,
        actor: &Actor,
        from: PersonId,
        to: PersonId,
    ) -> Result<HandedOver, AppError> {
        let open = self.list_open_tasks_of(actor, from).await?;
        if from == to {
            return Err(AppError::invalid("to", "not-a-choice"));
        }
        let mut done = HandedOver::default();
        for task in open {
            match self.reassign_task(actor, task.id, to).await {
                Ok(_) => done.moved = done.moved.saturating_add(1),
                Err(AppError::Refused { code, .. }) => {
                    done.stayed.push((task.id, code.to_string()))
                }
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }
}

impl From<tasks::Model> for OpenTask {
    fn from(row: tasks::Model) -> Self {
        Self {
            id: row.id.into(),
            document_id: row.document_id.into(),
            stage: row.path,
            opened_at: Instant::from_micros(row.opened_at),
            due_at: row.due_at.map(Instant::from_micros),
        }
    }
}
