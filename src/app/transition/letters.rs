//! The letters of a transition: who is told what. Keys are made of meaning, so that the same step
//! run twice tells it once.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::id::{ContactId, PersonId};
use chancery_types::{FieldValue, Instant, Locale};
use chancery_workflow::kind::CompletedMail;
use chancery_workflow::{
    Assignee, Decision, Effect, Event, EventKind, Outcome, StageKind, TaskNumber,
};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::LoadedRun;
use super::effects::{Scribe, is_decision};
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::{
    contacts, counterparties, organisations, people, signed_copies, tasks, versions,
};

/// What every letter about a run speaks of, read once a transition.
pub(crate) struct Post<'a> {
    app: &'a App,
    tx: &'a DatabaseTransaction,
    organisation: organisations::Model,
    initiator: people::Model,
    document_id: Uuid,
    definition: std::sync::Arc<chancery_workflow::Definition>,
    common: Map<String, Value>,
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
            "initiator_name": initiator.name,
            "document_title": document.title,
            "registration_number": document.registration_number,
            "counterparty_name": counterparty.map(|row| row.name),
            "amount": amount(&version.card),
            "registered_at": document.registered_at.map(Instant::from_micros),
            "version_number": version.number,
            "url": app.url(&format!("/documents/{}", document.id)),
        });
        let Value::Object(common) = common else {
            return Err(AppError::internal("a letter's values are an object"));
        };
        Ok(Self {
            app,
            tx,
            document_id: document.id,
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
        self.to_holder(now, task, key, MailKind::TaskOpened).await
    }

    /// A task does not wait for its reader any more.
    pub(crate) async fn task_withdrawn(
        &self,
        now: Instant,
        task: &tasks::Model,
        key: String,
    ) -> Result<(), AppError> {
        self.to_holder(now, task, key, MailKind::TaskWithdrawn)
            .await
    }

    /// A task still waits for its reader.
    pub(crate) async fn reminder(
        &self,
        now: Instant,
        task: &tasks::Model,
        key: String,
    ) -> Result<(), AppError> {
        self.to_holder(now, task, key, MailKind::Reminder).await
    }

    async fn to_holder(
        &self,
        now: Instant,
        task: &tasks::Model,
        key: String,
        kind: MailKind,
    ) -> Result<(), AppError> {
        let Some(reader) = self.reader_of(task).await? else {
            return Ok(());
        };
        let stage_title = self.stage_title(&task.path, reader.locale);
        let values = json!({
            "stage_title": stage_title,
            "stage_kind": task.stage_kind,
            "opened_at": Instant::from_micros(task.opened_at),
            "due_at": task.due_at.map(Instant::from_micros),
            "close_reason": task.close_reason,
            // Nothing of ours stands behind a login for a contact: their way in is their link.
            "url": task.person_id.map(|_| self.app.url(&format!("/tasks/{}", task.id))),
        });
        self.send(now, kind, reader, key, values).await
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

    async fn person(&self, id: PersonId) -> Result<Option<MailTo>, AppError> {
        let found = people::Entity::find_by_id(id.uuid())
            .filter(people::Column::OrganisationId.eq(self.organisation.id))
            .one(self.tx)
            .await?;
        Ok(found.map(|person| self.as_reader(&person)))
    }

    async fn contact(&self, id: ContactId) -> Result<Option<MailTo>, AppError> {
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

    fn stage_title(&self, path: &str, locale: Locale) -> String {
        let stage = self.definition.stage(path);
        let title = stage.and_then(|stage| stage.title.get(locale));
        title.unwrap_or(path).to_owned()
    }

    async fn to_initiator(
        &self,
        now: Instant,
        kind: MailKind,
        key: String,
        values: Value,
    ) -> Result<(), AppError> {
        let reader = self.as_reader(&self.initiator);
        self.send(now, kind, reader, key, values).await
    }

    async fn send(
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
            self.tell_of_decision(last, *task).await?;
        }
        if self.opens_first_signing(effects) {
            let key = format!("n:{}:approved:{}", self.run.row.id, self.after.round);
            let values = json!({ "round": self.after.round });
            self.post
                .to_initiator(last.at, MailKind::Approved, key, values)
                .await?;
        }
        for effect in effects {
            match effect {
                Effect::OpenRework { round, returned_by } => {
                    self.tell_of_rework(last.at, *round, returned_by).await?;
                }
                Effect::Finish { outcome } => self.tell_of_end(last, *outcome).await?,
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

    async fn tell_of_decision(&self, event: &Event, number: TaskNumber) -> Result<(), AppError> {
        let row = self.task(number)?;
        let (kind, what) = if is_decision(row, Decision::Sign) {
            (MailKind::Signed, "signed")
        } else if is_decision(row, Decision::ApproveWithRemarks) {
            (MailKind::Remarks, "remarks")
        } else {
            return Ok(());
        };
        let key = format!("n:{}:{what}", row.id);
        let values = self.verdict(event, row).await?;
        self.post.to_initiator(event.at, kind, key, values).await
    }

    /// Who decided what, for a letter to the initiator.
    async fn verdict(&self, event: &Event, row: &tasks::Model) -> Result<Value, AppError> {
        let remarks = match &event.kind {
            EventKind::Decided { remarks, .. } => remarks.clone(),
            _ => Vec::new(),
        };
        let by = self.post.reader_of(row).await?.map(|reader| reader.name);
        let locale = self.post.as_reader(&self.post.initiator).locale;
        Ok(json!({
            "person_name": by,
            "signer_name": by,
            "signed_at": event.at,
            "contact_name": by,
            "reason": row.comment,
            "stage_title": self.post.stage_title(&row.path, locale),
            "comment": row.comment,
            "remarks": remarks,
        }))
    }

    async fn tell_of_rework(
        &self,
        now: Instant,
        round: u32,
        returned_by: &[TaskNumber],
    ) -> Result<(), AppError> {
        let mut returns = Vec::new();
        for number in returned_by {
            let row = self.task(*number)?;
            let by = self.post.reader_of(row).await?.map(|reader| reader.name);
            let protocol = self.protocol_name(row).await?;
            returns.push(json!({
                "person_name": by, "comment": row.comment, "protocol_name": protocol,
            }));
        }
        let first = returns.first().cloned().unwrap_or_default();
        let values = json!({
            "person_name": first.get("person_name"),
            "comment": first.get("comment"),
            "protocol_name": first.get("protocol_name"),
            "returns": returns,
            "round": round,
        });
        let key = format!("n:{}:returned:{round}", self.run.row.id);
        self.post
            .to_initiator(now, MailKind::Returned, key, values)
            .await
    }

    /// The name of the protocol of disagreements that came with a contact's return. Read last: the
    /// return has written it in this transaction.
    async fn protocol_name(&self, row: &tasks::Model) -> Result<Option<String>, AppError> {
        if row.contact_id.is_none() {
            return Ok(None);
        }
        let found =
            store::disagreements::find_of_task(self.tx, row.organisation_id, row.id).await?;
        Ok(found.map(|protocol| protocol.name))
    }

    async fn tell_of_end(&self, last: &Event, outcome: Outcome) -> Result<(), AppError> {
        let run = self.run.row.id;
        match outcome {
            // Whoever had an open task was told that it is withdrawn; the initiator did it.
            Outcome::Withdrawn => Ok(()),
            Outcome::Rejected => {
                let EventKind::Decided { task, .. } = &last.kind else {
                    return Ok(());
                };
                let row = self.task(*task)?;
                // A branch that goes on after a rejection may end it later with an approval.
                let by_contact = row.contact_id.is_some() && is_decision(row, Decision::Reject);
                let kind = if by_contact {
                    MailKind::Refused
                } else {
                    MailKind::Rejected
                };
                let values = self.verdict(last, self.rejection().unwrap_or(row)).await?;
                self.post
                    .to_initiator(last.at, kind, format!("n:{run}:rejected"), values)
                    .await
            }
            Outcome::Completed => self.tell_of_completion(last.at).await,
        }
    }

    /// The task that was rejected, of the present round.
    fn rejection(&self) -> Option<&tasks::Model> {
        self.rows().find(|row| {
            is_decision(row, Decision::Reject) && row.round == i64::from(self.after.round)
        })
    }

    /// The signed copy, if the kind lets it travel by mail. Read last: the signature that completes
    /// the run has written it in this transaction.
    async fn signed_file(&self) -> Result<Option<Value>, AppError> {
        let kind = self.app.chains.kinds().get(&self.run.document.kind);
        if kind.is_none_or(|kind| kind.completed_mail() != CompletedMail::SignedPdf) {
            return Ok(None);
        }
        let copy = signed_copies::Entity::find_by_id(self.version.id)
            .filter(signed_copies::Column::OrganisationId.eq(self.version.organisation_id))
            .one(self.tx)
            .await?;
        Ok(copy.map(|copy| json!({ "digest": copy.digest, "name": self.version.main_name })))
    }

    async fn tell_of_completion(&self, now: Instant) -> Result<(), AppError> {
        let run = self.run.row.id;
        let signers: BTreeSet<Assignee> = self
            .after
            .tasks
            .values()
            .filter(|task| self.is_signing(&task.stage) && !task.is_open())
            .map(|task| task.assignee)
            .collect();
        let kind = if signers.is_empty() {
            MailKind::Approved
        } else {
            MailKind::Completed
        };
        let attachment = self.signed_file().await?;
        let values = || json!({ "attachment": attachment });
        let key = format!("n:{run}:completed");
        self.post.to_initiator(now, kind, key, values()).await?;
        for signer in signers {
            let Assignee::Contact(id) = signer else {
                continue;
            };
            if let Some(reader) = self.post.contact(id).await? {
                let key = format!("n:{run}:completed:{id}");
                self.post
                    .send(now, MailKind::Completed, reader, key, values())
                    .await?;
            }
        }
        Ok(())
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
