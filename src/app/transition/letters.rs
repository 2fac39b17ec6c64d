//! The letters of a transition: who is told what. Keys are made of meaning, so that the same step
//! run twice tells it once.

mod returned;

use chancery_types::field::Card;
use chancery_types::id::{ContactId, PersonId};
use chancery_types::{FieldValue, Instant, Locale};
use chancery_workflow::{
    Assignee, Decision, Effect, Event, EventKind, Outcome, StageKind, TaskNumber, TaskState,
};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::LoadedRun;
use super::effects::{Scribe, is_decision};
use crate::app::names::names_of_holders;
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::people::{ADMINISTRATOR, holders_of};
use crate::app::{App, AppError};
use crate::i18n;
use crate::store;
use crate::store::entity::{contacts, counterparties, organisations, people, tasks, versions};

/// What every letter about a run speaks of, read once a transition.
pub(crate) struct Post<'a> {
    pub(super) app: &'a App,
    pub(super) tx: &'a DatabaseTransaction,
    pub(super) organisation: organisations::Model,
    initiator: people::Model,
    document_id: Uuid,
    pub(super) version_digest: String,
    pub(super) definition: std::sync::Arc<chancery_workflow::Definition>,
    pub(super) common: Map<String, Value>,
}

impl<'a> Post<'a> {
    /// Reads the organisation, the initiator and the counterparty.
    pub(crate) async fn open(
        app: &'a App,
        tx: &'a DatabaseTransaction,
        run: &LoadedRun,
        version: &versions::Model,
    ) -> Result<Self, AppError> {
        let absent = |what: &str| AppError::internal(format!("run {}: no {what}", run.row.id));
        let organisation = organisations::Entity::find_by_id(run.row.organisation_id)
            .one(tx)
            .await?
            .ok_or_else(|| absent("organisation"))?;
        let initiator = people::Entity::find_by_id(run.document.initiator_id)
            .one(tx)
            .await?
            .ok_or_else(|| absent("initiator"))?;
        let counterparty = match run.document.counterparty_id {
            Some(id) => counterparties::Entity::find_by_id(id).one(tx).await?,
            None => None,
        };
        let document = &run.document;
        let common = json!({
            "organisation_name": organisation.name,
            "time_zone": organisation.time_zone,
            "document_title": document.title,
            "registration_number": document.registration_number,
            "counterparty_name": counterparty.map(|row| row.name),
            "amount": amount(&version.card),
            "registered_at": document.registered_at.map(Instant::from_micros),
            "url": app.url(&format!("/documents/{}", document.id)),
        });
        let Value::Object(common) = common else {
            return Err(AppError::internal("a letter's values are an object"));
        };
        Ok(Self {
            app,
            tx,
            document_id: document.id,
            version_digest: version.digest.clone(),
            definition: std::sync::Arc::clone(&run.definition),
            organisation,
            initiator,
            common,
        })
    }

    /// A task waits for its reader.
    pub(crate) async fn task_opened(
        &self,
        now: Instant,
        task: &tasks::Model,
        key: String,
    ) -> Result<(), AppError> {
        if self.is_told_daily(now, task).await? {
            return Ok(());
        }
        self.to_holder(now, task, key, MailKind::TaskOpened, None)
            .await
    }

    /// A task does not wait for its reader any more, because it was closed or has moved.
    pub(crate) async fn task_withdrawn(
        &self,
        now: Instant,
        task: &tasks::Model,
        key: String,
    ) -> Result<(), AppError> {
        // Whoever was never told of it need not be told that it is gone.
        let told = format!("n:{}:open", task.id);
        let is_told = outbox::is_written(self.tx, self.organisation.id, &told).await?;
        if !is_told && self.is_told_daily(now, task).await? {
            return Ok(());
        }
        let reason = task.close_reason.as_deref().unwrap_or("moved");
        self.to_holder(now, task, key, MailKind::TaskWithdrawn, Some(reason))
            .await
    }

    /// A task still waits for its reader. Nothing for a contact: a letter without the way in helps
    /// nobody, and the link that leads in is not kept in clear.
    pub(crate) async fn reminder(
        &self,
        now: Instant,
        task: &tasks::Model,
        key: String,
    ) -> Result<(), AppError> {
        if task.contact_id.is_some() {
            return Ok(());
        }
        self.to_holder(now, task, key, MailKind::Reminder, None)
            .await
    }

    /// A letter about a task to its holder.
    pub(super) async fn to_holder(
        &self,
        now: Instant,
        task: &tasks::Model,
        key: String,
        kind: MailKind,
        close_reason: Option<&str>,
    ) -> Result<(), AppError> {
        let Some(reader) = self.reader_of(task).await? else {
            return Ok(());
        };
        let stage_title = self.stage_title(&task.path, reader.locale);
        let values = json!({
            "initiator_name": self.initiator.name,
            "stage_title": stage_title,
            "stage_kind": task.stage_kind,
            "due_at": task.due_at.map(Instant::from_micros),
            "close_reason": close_reason,
            // Nothing of ours stands behind a login for a contact: their way in is their link.
            "url": task.person_id.map(|_| self.app.url(&format!("/tasks/{}", task.id))),
            "ways": self.ways(task, reader.locale),
        });
        self.send(now, kind, reader, key, values).await
    }

    /// A letter about a task to somebody else than its holder.
    pub(super) async fn about_task(
        &self,
        now: Instant,
        task: &tasks::Model,
        kind: MailKind,
        reader: MailTo,
        key: String,
    ) -> Result<(), AppError> {
        let mut values = json!({
            "initiator_name": self.initiator.name,
            "stage_title": self.stage_title(&task.path, reader.locale),
            "stage_kind": task.stage_kind,
            "due_at": task.due_at.map(Instant::from_micros),
            "close_reason": null,
            "holder_name": self.holder_name(task).await?,
        });
        // Whoever may decide it comes to the task; others look at the document.
        if kind == MailKind::StandsIn {
            values["url"] = json!(self.app.url(&format!("/tasks/{}", task.id)));
        }
        self.send(now, kind, reader, key, values).await
    }

    /// The name of a task's holder, also of one who does not work here any more.
    async fn holder_name(&self, task: &tasks::Model) -> Result<String, AppError> {
        let name = match (task.person_id, task.contact_id) {
            (Some(id), _) => {
                let found = people::Entity::find_by_id(id).one(self.tx).await?;
                found.map(|person| person.name)
            }
            (None, Some(id)) => {
                let found = contacts::Entity::find_by_id(id).one(self.tx).await?;
                found.map(|contact| contact.name)
            }
            (None, None) => None,
        };
        Ok(name.unwrap_or_default())
    }

    /// Active administrators of the whole organisation, as mails' readers.
    pub(super) async fn administrators(&self) -> Result<Vec<(Uuid, MailTo)>, AppError> {
        let found = holders_of(self.tx, self.organisation.id, ADMINISTRATOR).await?;
        let readers = found.iter();
        Ok(readers
            .map(|person| (person.id, self.as_reader(person)))
            .collect())
    }

    /// The initiator as a mail's reader.
    pub(super) fn initiator_reader(&self) -> MailTo {
        self.as_reader(&self.initiator)
    }

    /// The person or contact who holds `task`, as a mail's reader.
    pub(crate) async fn reader_of(&self, task: &tasks::Model) -> Result<Option<MailTo>, AppError> {
        if let Some(id) = task.person_id {
            return self.person(id.into()).await;
        }
        match task.contact_id {
            Some(id) => self.contact(id.into()).await,
            None => Ok(None),
        }
    }

    pub(super) async fn person(&self, id: PersonId) -> Result<Option<MailTo>, AppError> {
        let found = people::Entity::find_by_id(id.uuid())
            .filter(people::Column::OrganisationId.eq(self.organisation.id))
            .one(self.tx)
            .await?;
        // Whoever's access was taken away is told nothing of documents any more.
        let found = found.filter(|person| person.state != "disabled");
        Ok(found.map(|person| self.as_reader(&person)))
    }

    pub(super) async fn contact(&self, id: ContactId) -> Result<Option<MailTo>, AppError> {
        let found = contacts::Entity::find_by_id(id.uuid())
            .filter(contacts::Column::OrganisationId.eq(self.organisation.id))
            .one(self.tx)
            .await?;
        // Where their link went, whatever address stands in the directory by now.
        let (organisation, document) = (self.organisation.id, self.document_id);
        let link = store::links::find_newest_of_contact(self.tx, organisation, document, id.uuid())
            .await?;
        let mailed = link.map(|link| (link.contact_name, link.contact_email));
        Ok(found.map(|contact| MailTo {
            address: mailed
                .as_ref()
                .map_or(contact.email, |(_, email)| email.clone()),
            name: mailed.map_or(contact.name, |(name, _)| name),
            locale: Locale::from_code(&contact.locale).unwrap_or_default(),
            person_id: None,
            contact_id: Some(contact.id),
        }))
    }

    fn as_reader(&self, person: &people::Model) -> MailTo {
        let locale = person
            .locale
            .as_deref()
            .unwrap_or(&self.organisation.locale);
        MailTo {
            address: person.email.clone(),
            name: person.name.clone(),
            locale: Locale::from_code(locale).unwrap_or_default(),
            person_id: Some(person.id),
            contact_id: None,
        }
    }

    pub(super) fn stage_title(&self, path: &str, locale: Locale) -> String {
        let stage = self.definition.stage(path);
        let title = stage.and_then(|stage| stage.title.get(locale));
        title.unwrap_or(path).to_owned()
    }

    /// The initiator's name.
    pub(super) fn initiator_name(&self) -> &str {
        &self.initiator.name
    }

    pub(super) fn initiator_locale(&self) -> Locale {
        self.as_reader(&self.initiator).locale
    }

    pub(super) async fn to_initiator(
        &self,
        now: Instant,
        kind: MailKind,
        key: String,
        values: Value,
    ) -> Result<(), AppError> {
        let reader = self.as_reader(&self.initiator);
        self.send(now, kind, reader, key, values).await
    }

    pub(super) async fn send(
        &self,
        now: Instant,
        kind: MailKind,
        to: MailTo,
        key: String,
        values: Value,
    ) -> Result<(), AppError> {
        let mut payload = self.common.clone();
        if let Value::Object(values) = values {
            payload.extend(values);
        }
        if to.contact_id.is_some() {
            // The house's own pages ask for a login, which a contact does not have.
            payload.remove("url");
        }
        let letter = Letter {
            key,
            kind,
            to,
            document_id: Some(self.document_id),
            payload: Value::Object(payload),
            secret: None,
        };
        outbox::enqueue(self.tx, self.app, self.organisation.id, now, letter).await
    }
}

impl Scribe<'_> {
    /// Writes the letters that depend on the whole step. `last` is its last event.
    pub(super) async fn write_letters(
        &self,
        last: &Event,
        effects: &[Effect],
    ) -> Result<(), AppError> {
        if let EventKind::Decided { task, .. } | EventKind::Signed { task, .. } = &last.kind {
            // That everything is signed tells of the last signature too: one letter is enough.
            let is_last = effects.contains(&Effect::Finish {
                outcome: Outcome::Completed,
            });
            self.tell_of_decision(last, *task, is_last).await?;
        }
        if self.opens_first_signing(effects) {
            let key = format!("n:{}:approved:{}", self.run.row.id, self.after.round);
            self.post
                .to_initiator(last.at, MailKind::Approved, key, json!({}))
                .await?;
        }
        for effect in effects {
            match effect {
                Effect::OpenRework { .. } => self.tell_of_rework(last.at, effect).await?,
                Effect::Finish { outcome } => {
                    self.tell_of_end(last, *outcome, effects).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the step opens a signing stage, and no signature was asked for in this round before.
    fn opens_first_signing(&self, effects: &[Effect]) -> bool {
        let opens = |effect: &Effect| {
            matches!(
                effect,
                Effect::OpenTask {
                    stage_kind: StageKind::Sign,
                    ..
                }
            )
        };
        let asked_before = self
            .run
            .state
            .tasks
            .values()
            .any(|task| task.round == self.after.round && self.is_signing(&task.stage));
        effects.iter().any(opens) && !asked_before
    }

    fn is_signing(&self, path: &str) -> bool {
        let stage = self.run.definition.stage(path);
        stage.is_some_and(|stage| stage.kind == StageKind::Sign)
    }

    async fn tell_of_decision(
        &self,
        event: &Event,
        number: TaskNumber,
        is_last: bool,
    ) -> Result<(), AppError> {
        let row = self.task(number)?;
        if is_decision(row, Decision::Sign) {
            if is_last {
                return Ok(());
            }
            let key = format!("n:{}:signed", row.id);
            let locale = self.post.initiator_locale();
            let signer = self.decider_name(row, locale).await?;
            let values = json!({ "signer_name": signer, "signed_at": event.at });
            self.post
                .to_initiator(event.at, MailKind::Signed, key, values)
                .await
        } else if is_decision(row, Decision::ApproveWithRemarks) {
            let key = format!("n:{}:remarks", row.id);
            let values = self.verdict(row, self.post.initiator_locale()).await?;
            self.post
                .to_initiator(event.at, MailKind::Remarks, key, values)
                .await
        } else {
            Ok(())
        }
    }

    /// Who decided a task, and in whose name, as one reads it.
    async fn decider_name(&self, row: &tasks::Model, locale: Locale) -> Result<String, AppError> {
        let number = u32::try_from(row.number).ok().map(TaskNumber);
        let known = number.and_then(|number| self.after.tasks.get(&number));
        let by = known.and_then(|task| match task.state {
            TaskState::Decided { by, .. } => Some(by),
            TaskState::Open | TaskState::Closed { .. } => None,
        });
        let reader = match by {
            Some(Assignee::Person(id)) => self.post.person(id).await?,
            Some(Assignee::Contact(_)) | None => self.post.reader_of(row).await?,
        };
        let name = reader.map(|reader| reader.name).unwrap_or_default();
        let behind = known.map_or(&[][..], |task| &task.on_behalf_of);
        let behind = names_of_holders(
            self.tx,
            row.organisation_id,
            behind.iter().copied().map(Assignee::Person),
        )
        .await?
        .all(behind);
        Ok(match behind.is_empty() {
            true => name,
            false => {
                let args = [
                    ("name", name.as_str().into()),
                    ("names", behind.join(", ").into()),
                ];
                i18n::t(locale, "mail-on-behalf", &args)
            }
        })
    }

    /// Who decided what, with which words.
    pub(super) async fn verdict(
        &self,
        row: &tasks::Model,
        locale: Locale,
    ) -> Result<Value, AppError> {
        let by = self.decider_name(row, locale).await?;
        let all =
            store::remarks::list_remarks(self.tx, row.organisation_id, row.document_id).await?;
        let own = all.iter().filter(|remark| remark.task_id == Some(row.id));
        Ok(json!({
            "person_name": by,
            "stage_title": self.post.stage_title(&row.path, locale),
            "comment": row.comment,
            "remarks": own.map(|remark| remark.text.as_str()).collect::<Vec<_>>(),
        }))
    }
}

/// The card's amount as `RUB 1250000.00`, if it has one under `amount`.
fn amount(card: &str) -> Option<String> {
    let card: Card = serde_json::from_str(card).ok()?;
    match card.get("amount") {
        Some(FieldValue::Money(money)) => Some(money.to_string()),
        _ => None,
    }
}
