//! What the initiator does about a contact's link: sends a new one, revokes it, names another
//! contact of the same counterparty.

use chancery_types::Instant;
use chancery_types::id::{ContactId, DocumentId, TaskId};
use chancery_workflow::{Assignee, Event, EventKind};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use super::outcome::check_words;
use super::{LinkOpening, Wording, limit, open_link};
use crate::app::audit::{self, Happening};
use crate::app::choices::told_apart;
use crate::app::runs::engine_actor;
use crate::app::tasks::{KnownTask, TaskOutcome};
use crate::app::transition::LoadedRun;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{contacts, tasks};

const HOUR_SECONDS: i64 = 3600;

/// An open task of a contact, for who asked them to sign.
#[derive(Clone, Debug)]
pub struct ContactTask {
    /// The task.
    pub task: Uuid,
    /// Who holds it.
    pub contact_name: String,
    /// Where a new link would go.
    pub email: String,
    /// Whether a link to it is active.
    pub has_link: bool,
    /// Whom else at the counterparty it may be given to, by name.
    pub colleagues: Vec<(Uuid, String)>,
}

impl App {
    /// Sends a contact a new link in place of the one they have: the old one is revoked and every
    /// visit through it ends.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for who may not remind; `task-closed`, `task-not-of-contact`;
    /// [`AppError::TooMany`] when the hour's links are sent.
    pub async fn send_new_link(&self, actor: &Actor, id: TaskId) -> Result<(), AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let (task, row) = self.lock_contact_task(&tx, actor, id).await?;
        let (link, replaced) = self
            .replace_link(&tx, &row, Wording::Invitation, now)
            .await?;
        let contact = self.contact_of(&tx, &row).await?;
        let happening = Happening::to("link.sent", "link", link)
            .on_document(task.document.id)
            .with(json!({
                "contact": contact.name,
                "email": contact.email,
                "replaces": replaced,
            }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    /// Revokes a contact's link, with a reason that stays inside the house. The task stays open: a
    /// new link can be sent.
    ///
    /// # Errors
    ///
    /// As [`App::send_new_link`]; `link-none-active` if there is none to revoke; an invalid reason.
    pub async fn revoke_link(
        &self,
        actor: &Actor,
        id: TaskId,
        reason: &str,
    ) -> Result<(), AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let (task, row) = self.lock_contact_task(&tx, actor, id).await?;
        let reason = check_words("reason", reason)?;
        let revoked = end_links(&tx, &row, Some(&reason), now).await?;
        let Some(newest) = revoked.last() else {
            return Err(AppError::refused("link-none-active"));
        };
        let happening = Happening::to("link.revoked", "link", *newest)
            .on_document(task.document.id)
            .with(json!({ "reason": reason }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives a contact's task to another contact of the same counterparty: the old link ends, a new
    /// one is mailed to them.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for anybody but the initiator and an administrator;
    /// `task-not-of-contact`; [`AppError::Invalid`] `contact-not-theirs` for a contact of another
    /// counterparty, in the archive, or the one who has the task; the engine's refusals.
    pub async fn name_another_contact(
        &self,
        actor: &Actor,
        id: TaskId,
        to: ContactId,
    ) -> Result<TaskOutcome, AppError> {
        let reader = self.store.reader();
        let task = self
            .allowed_task(reader, actor, id, Action::ReassignTask)
            .await?;
        let Some(holder) = task.row.contact_id else {
            return Err(AppError::refused("task-not-of-contact"));
        };
        self.require_colleague(&task, holder, to).await?;
        let now = self.now();
        let event = Event {
            at: now,
            actor: engine_actor(actor),
            kind: EventKind::Reassigned {
                task: task.number()?,
                to: Assignee::Contact(to),
            },
        };
        let events = async |_: &LoadedRun| Ok(vec![event.clone()]);
        // The step itself revokes the old link; its visits end with it.
        let ending = async |tx: &DatabaseTransaction, _: &_, _: &mut _| {
            let held = store::links::list_ids_of_holder(tx, task.row.id, holder).await?;
            store::links::end_visits(tx, &held, now.micros()).await?;
            Ok(())
        };
        let (advanced, ()) = self.move_run(actor, task.run(), events, ending).await?;
        self.outcome_for(&advanced, Some(Assignee::Contact(to)))
            .await
    }

    async fn require_colleague(
        &self,
        task: &KnownTask,
        holder: Uuid,
        to: ContactId,
    ) -> Result<(), AppError> {
        let reader = self.store.reader();
        let organisation = task.row.organisation_id;
        let wrong = || AppError::invalid("contact", "contact-not-theirs");
        let known = store::counterparties::load_contact(reader, organisation, holder).await?;
        let named = store::counterparties::load_contact(reader, organisation, to.uuid()).await;
        let named = named.map_err(|_| wrong())?;
        let same = named.counterparty_id == known.counterparty_id;
        if same && named.archived_at.is_none() && named.id != holder {
            Ok(())
        } else {
            Err(wrong())
        }
    }

    /// The open tasks of contacts on a document, with what may be done about their links; none for
    /// who may do nothing about them.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document.
    pub async fn contact_tasks(
        &self,
        actor: &Actor,
        document: DocumentId,
    ) -> Result<Vec<ContactTask>, AppError> {
        let reader = self.store.reader();
        let asked = self.allowed_document(reader, actor, document, Action::RemindTask);
        let asked = match asked.await {
            Err(AppError::Denied | AppError::OutOfScope) => return Ok(Vec::new()),
            asked => asked?,
        };
        let organisation = asked.organisation_id;
        let open = store::tasks::list_open_of_contacts(reader, organisation, asked.id).await?;
        let mut found = Vec::with_capacity(open.len());
        for task in open {
            let active = store::links::count_active_of_task(reader, task.id).await?;
            let holder = task.contact_id.unwrap_or_default();
            let known = store::counterparties::load_contact(reader, organisation, holder).await?;
            let owner = known.counterparty_id;
            let all = store::counterparties::list_contacts(reader, organisation, owner, false);
            let others = all.await?.into_iter().filter(|one| one.id != holder);
            let others = others.map(|one| (one.id, one.name, one.email));
            found.push(ContactTask {
                task: task.id,
                contact_name: known.name,
                email: known.email,
                has_link: active > 0,
                colleagues: told_apart(others.collect()),
            });
        }
        Ok(found)
    }

    /// A contact's open task, locked, for who may remind of it.
    async fn lock_contact_task(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        id: TaskId,
    ) -> Result<(KnownTask, tasks::Model), AppError> {
        let task = self.allowed_task(tx, actor, id, Action::RemindTask).await?;
        let row = store::tasks::lock_task(tx, task.row.organisation_id, task.row.id).await?;
        if row.contact_id.is_none() {
            return Err(AppError::refused("task-not-of-contact"));
        }
        if row.state != "open" {
            return Err(AppError::refused("task-closed"));
        }
        Ok((task, row))
    }

    /// Opens a new link in place of those that a contact's locked task has. Gives it, and the one
    /// that it replaces.
    pub(crate) async fn replace_link(
        &self,
        tx: &DatabaseTransaction,
        task: &tasks::Model,
        wording: Wording,
        now: Instant,
    ) -> Result<(Uuid, Option<Uuid>), AppError> {
        let since = now.plus_seconds(-HOUR_SECONDS).micros();
        let sent = store::links::list_of_task(tx, task.id, since).await?;
        limit::check(
            &sent,
            self.config.links.links_per_hour_max,
            HOUR_SECONDS,
            now,
        )?;
        let replaced = end_links(tx, task, None, now).await?.last().copied();
        // Whoever revoked a link did so on purpose: a reminder does not undo it in passing.
        if replaced.is_none() && matches!(wording, Wording::Reminder) {
            return Err(AppError::refused("link-not-live"));
        }
        let opening = LinkOpening {
            organisation_id: task.organisation_id,
            task_id: task.id,
            expires_at: None,
            replaces: replaced,
            wording,
            answer: None,
        };
        let link = open_link(tx, self, opening, now).await?;
        Ok((link.uuid(), replaced))
    }

    async fn contact_of(
        &self,
        tx: &DatabaseTransaction,
        task: &tasks::Model,
    ) -> Result<contacts::Model, AppError> {
        let id = task.contact_id.ok_or(AppError::Hidden)?;
        Ok(store::counterparties::load_contact(tx, task.organisation_id, id).await?)
    }
}

/// Revokes the active links of a task and ends every visit through them.
async fn end_links(
    tx: &DatabaseTransaction,
    task: &tasks::Model,
    reason: Option<&str>,
    now: Instant,
) -> Result<Vec<Uuid>, AppError> {
    let active = store::links::lock_active_of_task(tx, task.organisation_id, task.id).await?;
    let ids: Vec<Uuid> = active.into_iter().map(|link| link.id).collect();
    store::links::revoke(tx, &ids, reason, now.micros()).await?;
    store::links::end_visits(tx, &ids, now.micros()).await?;
    Ok(ids)
}
