//! What follows from another address of a contact for documents that are to be mailed there.

use chancery_types::Instant;
use chancery_types::id::PersonId;
use sea_orm::DatabaseTransaction;
use serde_json::json;

use crate::app::organisations::allow_whole;
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{contacts, documents};

/// The documents of others under way that name a contact, if `actor` may send them elsewhere: an
/// address is where links and codes go, so no document goes to one that neither its initiator nor
/// whose work counterparties are has set.
///
/// # Errors
///
/// [`AppError::Refused`] `contact-of-others`.
pub(super) async fn documents_moved(
    tx: &DatabaseTransaction,
    actor: &Actor,
    contact: &contacts::Model,
) -> Result<Vec<documents::Model>, AppError> {
    let own = actor.person().map(|person| person.id);
    let mut open = store::documents::list_open_with_contact(tx, contact).await?;
    open.retain(|document| Some(PersonId::from(document.initiator_id)) != own);
    if !open.is_empty() && allow_whole(actor, Action::RedirectContact).is_err() {
        return Err(AppError::refused("contact-of-others"));
    }
    Ok(open)
}

impl App {
    /// Tells the initiators of documents that they go to another address from now on.
    pub(super) async fn tell_initiators(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        (before, after): (&contacts::Model, &contacts::Model),
        moved: &[documents::Model],
        now: Instant,
    ) -> Result<(), AppError> {
        let organisation = store::organisations::load(tx, after.organisation_id).await?;
        let counterparty =
            store::counterparties::load(tx, organisation.id, after.counterparty_id).await?;
        let changed_by = actor.person().map_or("", |person| person.name.as_str());
        for document in moved {
            let initiator = store::people::load(tx, organisation.id, document.initiator_id).await?;
            if initiator.state != "active" {
                continue;
            }
            let letter = Letter {
                key: format!(
                    "contact:{}:{}:document:{}",
                    after.id, after.row_version, document.id
                ),
                kind: MailKind::ContactMoved,
                to: MailTo::of_person(&organisation, &initiator),
                document_id: Some(document.id),
                payload: json!({
                    "organisation_name": organisation.name,
                    "document_title": document.title,
                    "counterparty_name": counterparty.name,
                    "contact_name": after.name,
                    "changed_by": changed_by,
                    "address_before": before.email,
                    "address_after": after.email,
                    "url": self.url(&format!("/documents/{}", document.id)),
                }),
                secret: None,
            };
            outbox::enqueue(tx, self, organisation.id, now, letter).await?;
        }
        Ok(())
    }
}
