//! "I am not the signatory": a link's reader names who signs instead.

use chancery_types::{DisplayName, Instant};
use chancery_workflow::{Assignee, Event, EventKind};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::ending::{NewSignatory, receipt, task_number};
use super::visit::Visit;
use crate::app::counterparties::require_outsider;
use crate::app::outbox::{self, Letter, MailKind};
use crate::app::runs::engine_actor;
use crate::app::transition::Advanced;
use crate::app::{App, AppError, FieldProblem, audit};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::contacts;

/// The named person as they may be kept. The address is in lower case.
struct Named {
    name: String,
    email: String,
    position: Option<String>,
}

/// The most contacts at one address that are looked through.
const SAME_ADDRESS_MAX: u64 = 100;

impl App {
    /// The task goes to whom the reader named, at the same counterparty, with a link and codes of
    /// their own, and the initiator is told whom. One transaction: a person is only written down if
    /// the task goes to them.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; an invalid name or address; `hand-over-same` for the
    /// reader's own address, `address-ours` for that of somebody of ours; the engine's refusal.
    pub async fn hand_over(
        &self,
        actor: &Actor,
        visit: &Visit,
        named: &NewSignatory,
    ) -> Result<(), AppError> {
        visit.require_verified()?;
        let named = checked(named)?;
        if named.email == visit.subject.contact.email.to_lowercase() {
            return Err(AppError::invalid("email", "hand-over-same"));
        }
        let now = self.now();
        let tx = self.store.begin().await?;
        // Locked before it is read: nobody moves it while the new contact is written.
        let organisation = visit.link.organisation_id;
        let row = store::runs::lock_run(&tx, organisation, visit.link.run_id).await?;
        let run = self.complete_run(&tx, row).await?;
        require_outsider(&tx, organisation, &named.email).await?;
        let link = store::links::lock_link(&tx, visit.link.id).await?;
        if link.state != "active" {
            return Err(AppError::refused("link-not-active"));
        }
        let contact = named_contact(&tx, actor, visit, &named, now).await?;
        let event = Event {
            at: now,
            actor: engine_actor(actor),
            kind: EventKind::Reassigned {
                task: task_number(visit)?,
                to: Assignee::Contact(contact.into()),
            },
        };
        let closing = async |tx: &DatabaseTransaction, _: &_, advanced: &mut Advanced| {
            if let Value::Object(details) = &mut advanced.happening.details {
                let told = json!({ "id": contact, "name": named.name, "email": named.email });
                details.insert("named".to_owned(), told);
            }
            // The step has revoked it; its reader is told why.
            let at = now.micros();
            store::links::close(tx, visit.link.id, "revoked", "handed_over", at).await?;
            Ok(())
        };
        let (advanced, ()) = self.advance(&tx, &run, &[event], &closing).await?;
        let letter = told(self, visit, &named);
        outbox::enqueue(&tx, self, organisation, now, letter).await?;
        // Whoever holds the link could name anybody: its owner hears of it.
        let words = format!("{}, {}", named.name, named.email);
        let mut own = receipt(visit, now, &words, None);
        own.payload["is_handed_over"] = json!(true);
        outbox::enqueue(&tx, self, organisation, now, own).await?;
        audit::append(&tx, actor, now, advanced.happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }
}

/// Whom the reader named, for the initiator: nobody of the house chose them.
fn told(app: &App, visit: &Visit, named: &Named) -> Letter {
    let subject = &visit.subject;
    Letter {
        key: format!("h:{}", visit.link.id),
        kind: MailKind::HandedOver,
        to: subject.initiator_reader(),
        document_id: Some(subject.document.id),
        payload: json!({
            "document_title": subject.document.title,
            "registration_number": subject.document.registration_number,
            "counterparty_name": subject.counterparty.name,
            "contact_name": subject.contact.name,
            "named_name": named.name,
            "named_email": named.email,
            "named_position": named.position,
            "url": app.url(&format!("/documents/{}#outside", subject.document.id)),
        }),
        secret: None,
    }
}

/// The named person among the counterparty's contacts; a new one if they were not known.
async fn named_contact(
    tx: &DatabaseTransaction,
    actor: &Actor,
    visit: &Visit,
    named: &Named,
    now: Instant,
) -> Result<Uuid, AppError> {
    let counterparty = visit.subject.counterparty.id;
    let at_address = contacts::Entity::find()
        .filter(contacts::Column::OrganisationId.eq(visit.link.organisation_id))
        .filter(contacts::Column::CounterpartyId.eq(counterparty))
        .filter(contacts::Column::Email.eq(&named.email))
        .filter(contacts::Column::ArchivedAt.is_null())
        .order_by_asc(contacts::Column::Id)
        .limit(SAME_ADDRESS_MAX)
        .all(tx)
        .await?;
    // An office may share a mailbox: only the same name there is the same person.
    let same = |contact: &&contacts::Model| spoken(&contact.name) == spoken(&named.name);
    if let Some(contact) = at_address.iter().find(same) {
        return Ok(contact.id);
    }
    let id = entropy::id(now);
    let row = contacts::ActiveModel {
        id: Set(id),
        organisation_id: Set(visit.link.organisation_id),
        counterparty_id: Set(counterparty),
        name: Set(named.name.clone()),
        position: Set(named.position.clone()),
        email: Set(named.email.clone()),
        locale: Set(actor.locale.code().to_owned()),
        archived_at: Set(None),
        created_at: Set(now.micros()),
        row_version: Set(0),
    };
    row.insert(tx).await?;
    Ok(id)
}

/// A name as it is compared: `пётр  петров` is Пётр Петров.
fn spoken(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Whether a line would stand in our letters as an address to be followed.
fn holds_address(line: &str) -> bool {
    line.contains("://") || line.contains('@')
}

fn checked(named: &NewSignatory) -> Result<Named, AppError> {
    let mut fields = Vec::new();
    let mut line = |field: &'static str, text: &str| match DisplayName::new(text) {
        Ok(name) if holds_address(name.as_str()) => {
            fields.push(FieldProblem::new(field, "holds-address"));
            String::new()
        }
        Ok(name) => name.as_str().to_owned(),
        Err(error) => {
            fields.push(FieldProblem::of_name(field, error));
            String::new()
        }
    };
    let name = line("name", &named.name);
    let position = named.position.as_deref().map(|text| line("position", text));
    let email = crate::domain::email::check(&named.email).unwrap_or_else(|| {
        fields.push(FieldProblem::new("email", "email"));
        String::new()
    });
    if fields.is_empty() {
        Ok(Named {
            name,
            email,
            position,
        })
    } else {
        Err(AppError::Invalid { fields })
    }
}
