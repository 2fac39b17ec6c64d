//! Tasks that change hands without changing whose they are: handed on and back, taken out of a pool
//! and given back to it.

use chancery_types::id::{PersonId, TaskId};
use chancery_types::name::check_text;
use chancery_workflow::{Assignee as Holder, Event, EventKind};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::{KnownTask, TaskOutcome, present};
use crate::app::refusal::WORDS_MAX;
use crate::app::runs::engine_actor;
use crate::app::transition::{Advanced, HandedOver, LoadedRun};
use crate::app::{App, AppError, name_problem};
use crate::domain::access::Action;
use crate::domain::actor::Actor;

impl App {
    /// Hands an open task on to somebody who decides in its holder's name, with a word if there is
    /// one. They get a letter.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for anybody but its holder; `may-not-delegate`, `delegated-too-often`,
    /// `separation-of-duties`, `already-takes-part` and the engine's other refusals.
    pub async fn delegate_task(
        &self,
        actor: &Actor,
        task_id: TaskId,
        to: PersonId,
        comment: Option<String>,
    ) -> Result<TaskOutcome, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, task_id, Action::ActOnTask)
            .await?;
        let comment = present(comment)
            .map(|text| check_text(&text, WORDS_MAX))
            .transpose()
            .map_err(|why| name_problem("comment", why))?;
        let kind = EventKind::Delegated {
            task: task.number()?,
            to,
        };
        let told = HandedOver::On { comment };
        self.hand(actor, &task, kind, told, Some(Holder::Person(to)))
            .await
    }

    /// Gives a task back that was handed on: to the actor, if they handed it on, else to whoever
    /// handed it to them. The other one gets a letter.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for anybody but these two; `not-delegated` and the engine's other
    /// refusals.
    pub async fn end_delegation(
        &self,
        actor: &Actor,
        task_id: TaskId,
    ) -> Result<TaskOutcome, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, task_id, Action::EndDelegation)
            .await?;
        let kind = EventKind::DelegationEnded {
            task: task.number()?,
        };
        let told = HandedOver::Back {
            from: task.row.person_id.map(PersonId::from),
        };
        let sees = self.sees_document_of(actor, &task).await?;
        let outcome = self.hand(actor, &task, kind, told, None).await?;
        Ok(outcome.for_reader(sees))
    }

    /// Takes a task out of its pool: the others see it no more.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for who does not hold it; `not-of-pool`, `task-closed` for who comes
    /// second, and the engine's other refusals.
    pub async fn claim_task(&self, actor: &Actor, id: TaskId) -> Result<TaskOutcome, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, id, Action::ActOnTask)
            .await?;
        let task_number = task.number()?;
        let kind = EventKind::Claimed { task: task_number };
        self.hand(actor, &task, kind, HandedOver::Nobody, None)
            .await
    }

    /// Gives a task back to its pool: the others see it again.
    ///
    /// # Errors
    ///
    /// As [`App::claim_task`].
    pub async fn unclaim_task(&self, actor: &Actor, id: TaskId) -> Result<TaskOutcome, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, id, Action::ActOnTask)
            .await?;
        let task_number = task.number()?;
        let kind = EventKind::Unclaimed { task: task_number };
        self.hand(actor, &task, kind, HandedOver::Nobody, None)
            .await
    }

    async fn hand(
        &self,
        actor: &Actor,
        task: &KnownTask,
        kind: EventKind,
        told: HandedOver,
        to: Option<Holder>,
    ) -> Result<TaskOutcome, AppError> {
        let event = Event {
            at: self.now(),
            actor: engine_actor(actor),
            kind,
        };
        let events = async |_: &LoadedRun| Ok(vec![event.clone()]);
        let name = actor.person().map_or("", |person| person.name.as_str());
        let extra = async |tx: &DatabaseTransaction, run: &LoadedRun, advanced: &mut Advanced| {
            if let HandedOver::On { comment } = &told {
                advanced.happening.details["comment"] = json!(comment);
            }
            self.write_handed_over(tx, run, task.row.id, name, &told, &event)
                .await
        };
        let (advanced, ()) = self.move_run(actor, task.run(), events, extra).await?;
        self.outcome_for(&advanced, to).await
    }
}
