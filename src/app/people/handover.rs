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
    /// The stage's title in the administrator's language.
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
    /// `already-takes-part`, `task-to-oneself`.
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
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let stage = self.stage_title_of(actor, &row).await?;
            found.push(OpenTask {
                id: row.id.into(),
                document_id: row.document_id.into(),
                stage,
                opened_at: Instant::from_micros(row.opened_at),
                due_at: row.due_at.map(Instant::from_micros),
            });
        }
        Ok(found)
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

    /// The title of a task's stage; its path if the definition has no title in that language.
    async fn stage_title_of(&self, actor: &Actor, task: &tasks::Model) -> Result<String, AppError> {
        let reader = self.store.reader();
        let organisation = actor.organisation.uuid();
        let run = store::runs::load_run(reader, organisation, task.run_id).await?;
        let definition = self.pinned_definition(reader, &run).await?;
        let stage = definition.stage(&task.path);
        let title = stage.and_then(|stage| stage.title.get(actor.locale));
        Ok(title.unwrap_or(&task.path).to_owned())
    }
}
