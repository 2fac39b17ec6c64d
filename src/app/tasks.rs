//! What assignees do with their tasks: decide, hand over, be reminded.

mod approver;
mod form;
mod hand;

use chancery_types::id::{DocumentId, PersonId, RunId, TaskId};
use chancery_types::{Digest, Instant};
use chancery_workflow::{
    Absence, Assignee as Holder, Decision, Event, EventKind, Phase, TaskNumber,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};
use serde_json::json;
use uuid::Uuid;

use crate::app::absences::absence_of;
use crate::app::audit::{self, Happening};
use crate::app::comments::places::place_remarks;
use crate::app::documents::facts_of;
use crate::app::links::Wording;
use crate::app::runs::{engine_actor, find_document};
use crate::app::transition::{Advanced, LoadedRun};
use crate::app::{App, AppError, allow};
use crate::domain::access::{Action, Assignee, Decision as Access, Resource, TaskFacts, decide};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::StoreError;
use crate::store::entity::{documents, tasks};

pub use approver::{ApproverDraft, PLACES, place_of};
pub use form::TaskForm;

/// Seconds between two reminders of one task.
pub const REMINDER_SECONDS_MIN: i64 = 3600;

/// What an assignee decided, as they sent it.
#[derive(Clone, Debug)]
pub struct TaskDecision {
    /// The decision; never [`Decision::Sign`], which follows from a signature.
    pub decision: Decision,
    /// The digest of the version they saw.
    pub version_digest: Digest,
    /// Why; required with a return and a rejection.
    pub comment: Option<String>,
    /// What they want changed, one by one; required with [`Decision::ApproveWithRemarks`].
    pub remarks: Vec<String>,
    /// What they said of places before and want changed as well: comments of their own on this
    /// version, which become remarks.
    pub said: Vec<Uuid>,
}

/// What a decision led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskOutcome {
    /// The document.
    pub document_id: DocumentId,
    /// Its title; empty if it is not to be seen by whoever did this.
    pub title: String,
    /// Where the run stands now.
    pub phase: Phase,
    /// Whose move it is now, by name.
    pub waits_for: Vec<String>,
    /// Whom the task was given to, by name; empty if nobody was.
    pub given_to: String,
}

impl TaskOutcome {
    /// The same for somebody who sees the document or does not: then without its title.
    fn for_reader(mut self, sees_document: bool) -> Self {
        if !sees_document {
            self.title.clear();
        }
        self
    }
}

/// A task with its document, as the rows have them.
#[derive(Clone, Debug)]
pub struct KnownTask {
    /// The task.
    pub row: tasks::Model,
    /// Its document.
    pub document: documents::Model,
}

impl KnownTask {
    /// The engine's number of it.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`] if the row's number cannot be one.
    pub fn number(&self) -> Result<TaskNumber, AppError> {
        let number = u32::try_from(self.row.number).map_err(|_| {
            AppError::from(StoreError::Corrupt {
                table: "tasks",
                id: self.row.id.to_string(),
                why: format!("number {}", self.row.number),
            })
        })?;
        Ok(TaskNumber(number))
    }

    /// Its run.
    #[must_use]
    pub fn run(&self) -> RunId {
        self.row.run_id.into()
    }
}

/// Who holds a task.
///
/// # Errors
///
/// [`AppError::Internal`] if its row names nobody.
pub(crate) fn assignee_of(row: &tasks::Model) -> Result<Assignee, AppError> {
    match (row.person_id, row.contact_id) {
        (Some(id), _) => Ok(Assignee::Person(id.into())),
        (None, Some(id)) => Ok(Assignee::Contact(id.into())),
        (None, None) => Err(AppError::from(StoreError::Corrupt {
            table: "tasks",
            id: row.id.to_string(),
            why: "it has no holder".to_owned(),
        })),
    }
}

impl App {
    /// The task and its document, if `actor` may do `action` to it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`].
    pub async fn allowed_task(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        id: TaskId,
        action: Action,
    ) -> Result<KnownTask, AppError> {
        let row = store::tasks::find_task(connection, actor.organisation.uuid(), id.uuid()).await?;
        let row = row.ok_or(AppError::Hidden)?;
        let document = find_document(connection, actor, row.document_id.into()).await?;
        let facts = TaskFacts {
            id,
            document: facts_of(connection, &document, self.now()).await?,
            assignee: assignee_of(&row)?,
            handed_on_by: match action {
                Action::EndDelegation => self.handed_on_by(connection, &row).await?,
                _ => Vec::new(),
            },
        };
        allow(decide(actor, action, &Resource::Task(facts)))?;
        Ok(KnownTask { row, document })
    }

    /// Who handed an open task on, as its run has it.
    async fn handed_on_by(
        &self,
        connection: &impl ConnectionTrait,
        row: &tasks::Model,
    ) -> Result<Vec<PersonId>, AppError> {
        let run = store::runs::load_run(connection, row.organisation_id, row.run_id).await?;
        let run = self.complete_run(connection, run).await?;
        let mut open = run.state.open_tasks();
        let task = open.find(|(number, _)| i64::from(number.0) == row.number);
        Ok(task.map_or_else(Vec::new, |(_, task)| task.on_behalf_of.clone()))
    }

    /// Refuses who may not do `action` to a task, and a task that waits no more: for pages that
    /// only offer a form.
    ///
    /// # Errors
    ///
    /// As [`App::allowed_task`]; `task-closed`.
    pub async fn require_open_task(
        &self,
        actor: &Actor,
        id: TaskId,
        action: Action,
    ) -> Result<(), AppError> {
        let task = self
            .allowed_task(self.store.reader(), actor, id, action)
            .await?;
        match task.row.state.as_str() {
            "open" => Ok(()),
            _ => Err(AppError::refused("task-closed")),
        }
    }

    /// Records the assignee's decision and moves the run.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for whoever may not see the task, [`AppError::Denied`] for anybody but
    /// its holder; `version-changed`, `already-decided`, `task-closed` and the engine's other
    /// refusals; [`AppError::Invalid`] with the field that is not as it must be.
    pub async fn decide_task(
        &self,
        actor: &Actor,
        task_id: TaskId,
        given: TaskDecision,
    ) -> Result<TaskOutcome, AppError> {
        self.decide_among(actor, task_id, given, false).await
    }

    /// As [`App::decide_task`]; `is_together` says in the log that it was one of several that were
    /// decided on one page.
    pub(crate) async fn decide_among(
        &self,
        actor: &Actor,
        task_id: TaskId,
        given: TaskDecision,
        is_together: bool,
    ) -> Result<TaskOutcome, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, task_id, Action::ActOnTask)
            .await?;
        let digest = &given.version_digest;
        let taken = self.taken(actor, &task.row, &given.said, digest).await?;
        let said = taken.iter().map(|comment| comment.text.clone());
        let event = Event {
            at: self.now(),
            actor: engine_actor(actor),
            kind: EventKind::Decided {
                task: task.number()?,
                decision: given.decision,
                version_digest: given.version_digest,
                comment: present(given.comment),
                remarks: said
                    .chain(given.remarks)
                    .filter_map(|text| present(Some(text)))
                    .collect(),
            },
        };
        let events = async |_: &LoadedRun| Ok(vec![event.clone()]);
        let mark = async |tx: &DatabaseTransaction, _: &LoadedRun, advanced: &mut Advanced| {
            place_remarks(tx, &task.row, &taken).await?;
            if is_together {
                advanced.happening.details["together"] = json!(true);
            }
            Ok(())
        };
        let (advanced, ()) = self.move_run(actor, task.run(), events, mark).await?;
        self.outcome(&advanced).await
    }

    /// Where a run stands after a step, and whose move it is.
    pub(crate) async fn outcome(&self, advanced: &Advanced) -> Result<TaskOutcome, AppError> {
        self.outcome_for(advanced, None).await
    }

    /// As [`App::outcome`], after a task was given to `to`.
    pub(crate) async fn outcome_for(
        &self,
        advanced: &Advanced,
        to: Option<Holder>,
    ) -> Result<TaskOutcome, AppError> {
        let names = self
            .names_of_run(self.store.reader(), &advanced.row)
            .await?;
        let mut waits_for: Vec<String> = advanced
            .state
            .open_tasks()
            .map(|(_, task)| names.of(task.assignee))
            .collect();
        if advanced.state.phase == Phase::Rework {
            waits_for = names.of_reworkers(&advanced.row, &advanced.state);
        }
        waits_for.sort();
        waits_for.dedup();
        let document = documents::Entity::find_by_id(advanced.row.document_id)
            .filter(documents::Column::OrganisationId.eq(advanced.row.organisation_id))
            .one(self.store.reader())
            .await?;
        Ok(TaskOutcome {
            document_id: advanced.row.document_id.into(),
            title: document.map(|row| row.title).unwrap_or_default(),
            phase: advanced.state.phase,
            waits_for,
            given_to: to.map(|to| names.of(to)).unwrap_or_default(),
        })
    }

    /// Gives an open task to another person. Both are told.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for anybody but its holder and an administrator; `task-to-oneself` for
    /// whoever may not see the document, also by way of somebody whom they stand in for;
    /// `person-not-active`, `separation-of-duties`, `already-takes-part` and the engine's other
    /// refusals.
    pub async fn reassign_task(
        &self,
        actor: &Actor,
        task_id: TaskId,
        to: PersonId,
    ) -> Result<TaskOutcome, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, task_id, Action::ReassignTask)
            .await?;
        let sees = self.sees_document_of(actor, &task).await?;
        if let Some(own) = actor.person()
            && !sees
            && self.comes_back(actor, to, own.id).await?
        {
            // An administrator hands tasks on unread; a task of their own would make them a reader.
            return Err(AppError::refused("task-to-oneself"));
        }
        let outcome = self.move_task(actor, &task, Holder::Person(to)).await?;
        Ok(outcome.for_reader(sees))
    }

    /// Whether a task that is given to `to` could come to `own`: at once, or by absences that last
    /// or are to come, in which one stands in for the other.
    async fn comes_back(
        &self,
        actor: &Actor,
        to: PersonId,
        own: PersonId,
    ) -> Result<bool, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let now = self.now();
        let rows = store::absences::list_lasting(reader, organisation, None, now.micros()).await?;
        let known: Vec<Absence> = rows.iter().map(absence_of).collect();
        let ever = Instant::from_micros(i64::MAX);
        Ok(crate::domain::absence::leads_to(&known, to, own, now, ever))
    }

    /// Whether the actor sees the document of a task that they may do something with.
    async fn sees_document_of(&self, actor: &Actor, task: &KnownTask) -> Result<bool, AppError> {
        let facts = facts_of(self.store.reader(), &task.document, self.now()).await?;
        let access = decide(actor, Action::SeeDocument, &Resource::Document(facts));
        Ok(access == Access::Allowed)
    }

    async fn move_task(
        &self,
        actor: &Actor,
        task: &KnownTask,
        to: Holder,
    ) -> Result<TaskOutcome, AppError> {
        let event = Event {
            at: self.now(),
            actor: engine_actor(actor),
            kind: EventKind::Reassigned {
                task: task.number()?,
                to,
            },
        };
        let events = async |_: &LoadedRun| Ok(vec![event.clone()]);
        let (advanced, ()) = self
            .move_run(actor, task.run(), events, async |_, _, _| Ok(()))
            .await?;
        self.outcome_for(&advanced, Some(to)).await
    }

    /// Reminds the holder of an open task by a mail. A contact's carries a new link in place of the
    /// one they have: only a hash of the old one is left.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for anybody but the initiator; `task-closed`; `reminded-lately` within
    /// [`REMINDER_SECONDS_MIN`] of the last reminder; [`AppError::TooMany`] when the hour's links
    /// are sent.
    pub async fn remind_task(&self, actor: &Actor, task_id: TaskId) -> Result<(), AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let task = self
            .allowed_task(&tx, actor, task_id, Action::RemindTask)
            .await?;
        if task.row.state != "open" {
            return Err(AppError::refused("task-closed"));
        }
        let not_after = now.plus_seconds(-REMINDER_SECONDS_MIN).micros();
        let noted =
            store::tasks::update_task_reminded(&tx, &task.row, now.micros(), not_after).await;
        match noted {
            Err(StoreError::Stale) => return Err(reminded_lately(&task.row, now)),
            other => other?,
        }
        let link = self.send_reminder(&tx, actor, &task, now).await?;
        let happening = Happening::to("task.reminded", "task", task.row.id)
            .on_document(task.document.id)
            .with(json!({ "stage": task.row.path, "link": link }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }
}

impl App {
    /// Writes the letter that reminds a task's holder; gives the link that it carries, if to a
    /// contact.
    async fn send_reminder(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        task: &KnownTask,
        now: Instant,
    ) -> Result<Option<Uuid>, AppError> {
        if task.row.contact_id.is_none() {
            let run = self.load_run(tx, actor.organisation, task.run()).await?;
            self.write_reminder(tx, &run, &task.row, now).await?;
            return Ok(None);
        }
        // The holder may have changed since the task was read: the note above has locked it.
        let row = store::tasks::lock_task(tx, task.row.organisation_id, task.row.id).await?;
        if row.state != "open" || row.contact_id.is_none() {
            return Err(AppError::refused("task-closed"));
        }
        let (link, _) = self.replace_link(tx, &row, Wording::Reminder, now).await?;
        Ok(Some(link))
    }
}

fn reminded_lately(row: &tasks::Model, now: Instant) -> AppError {
    let last = row.reminded_at.map_or(now, Instant::from_micros);
    let left = REMINDER_SECONDS_MIN.saturating_sub(now.seconds_since(last));
    let minutes = left.div_euclid(60).saturating_add(1).clamp(1, 60);
    AppError::refused_with("reminded-lately", [("minutes", minutes.to_string())])
}

/// A text that says something.
fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
