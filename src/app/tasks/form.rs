//! Forms: fields of the card that a stage fills before it agrees.

use std::collections::BTreeMap;

use chancery_types::Digest;
use chancery_types::field::Card;
use chancery_types::id::{DocumentId, TaskId};
use chancery_workflow::{Event, EventKind};

use super::{KnownTask, TaskOutcome};
use crate::app::catalogue::card_of_row;
use crate::app::runs::engine_actor;
use crate::app::transition::LoadedRun;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;

/// What a stage's form asks, and what is there already.
#[derive(Clone, Debug)]
pub struct TaskForm {
    /// The document.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// The fields, in the order of the kind.
    pub fields: Vec<String>,
    /// The card as it is.
    pub card: Card,
    /// The digest of the version that is decided on.
    pub version_digest: String,
}

impl TaskForm {
    /// What was typed into fields of this form, amounts with their currencies.
    #[must_use]
    pub fn own_of(&self, mut typed: BTreeMap<String, String>) -> BTreeMap<String, String> {
        typed.retain(|name, _| {
            let name = name.strip_suffix(".currency").unwrap_or(name);
            self.fields.iter().any(|own| own == name)
        });
        typed
    }
}

impl App {
    /// The form of a task's stage, for whoever may decide it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`]; `form-not-here` if the stage fills nothing.
    pub async fn task_form(&self, actor: &Actor, id: TaskId) -> Result<TaskForm, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, id, Action::ActOnTask)
            .await?;
        let run = self
            .load_run(reader, actor.organisation, task.run())
            .await?;
        self.form_of(&task, &run)
    }

    fn form_of(&self, task: &KnownTask, run: &LoadedRun) -> Result<TaskForm, AppError> {
        let absent = || AppError::refused("form-not-here");
        let stage = run.definition.stage(&task.row.path).ok_or_else(absent)?;
        let kind = self.kind_of_row(&task.document.kind)?;
        let fields = kind.fields().iter().map(|field| &field.name);
        let fields: Vec<String> = fields
            .filter(|name| stage.form.contains(*name))
            .cloned()
            .collect();
        let subject = run.state.subject.as_ref().filter(|_| !fields.is_empty());
        let subject = subject.ok_or_else(absent)?;
        Ok(TaskForm {
            document_id: task.document.id.into(),
            title: task.document.title.clone(),
            kind: kind.id().to_owned(),
            fields,
            card: subject.card.clone(),
            version_digest: subject.version.digest.hex(),
        })
    }

    /// Fills the form of a task's stage, all of it at once. The fields are not material: nothing
    /// that was decided is asked anew.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with every field that is wrong (`card.account`); `form-not-here`,
    /// `version-changed`, `task-closed` and the engine's other refusals.
    pub async fn fill_form(
        &self,
        actor: &Actor,
        id: TaskId,
        version_digest: Digest,
        typed: &BTreeMap<String, String>,
    ) -> Result<TaskOutcome, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, id, Action::ActOnTask)
            .await?;
        let run = self
            .load_run(reader, actor.organisation, task.run())
            .await?;
        let form = self.form_of(&task, &run)?;
        let kind = self.kind_of_row(&form.kind)?;
        let before = card_of_row(&task.document.card)?;
        let fields = self
            .read_fields(reader, actor, kind, &form.fields, typed, &before)
            .await?;
        let event = Event {
            at: self.now(),
            actor: engine_actor(actor),
            kind: EventKind::FormFilled {
                task: task.number()?,
                version_digest,
                fields,
            },
        };
        let events = async |_: &LoadedRun| Ok(vec![event.clone()]);
        let (advanced, ()) = self
            .move_run(actor, task.run(), events, async |_, _, _| Ok(()))
            .await?;
        self.outcome(&advanced).await
    }
}
