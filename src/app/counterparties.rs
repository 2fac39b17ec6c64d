//! Counterparties and their contacts.

mod moved;

use chancery_types::id::{ContactId, CounterpartyId};
use chancery_types::{DisplayName, Instant, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::checks::{Checks, TaxIds};
use crate::app::organisations::{NAME_CHARACTERS_MAX, allow_whole};
use crate::app::outbox::{self, Letter, MailKind, MailTo};
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store::entity::{contacts, counterparties};
use crate::{entropy, store};

/// What can be edited of a counterparty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CounterpartyDraft {
    /// Its name.
    pub name: String,
    /// Its identifiers.
    pub tax_ids: TaxIds,
    /// Its address.
    pub address: Option<String>,
}

/// A counterparty.
#[derive(Clone, Debug)]
pub struct CounterpartyCard {
    /// The counterparty.
    pub id: CounterpartyId,
    /// What can be edited.
    pub draft: CounterpartyDraft,
    /// When it was made.
    pub created_at: Instant,
    /// Since when it lies in the archive.
    pub archived_at: Option<Instant>,
    /// The optimistic lock.
    pub row_version: i64,
}

/// What can be edited of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactDraft {
    /// Their name: the one that their certificate will bear.
    pub name: String,
    /// What they are.
    pub position: Option<String>,
    /// Where links and codes go.
    pub email: String,
    /// The language of mails to them.
    pub locale: Locale,
}

/// What an edit of a contact led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactEdited {
    /// How many links to the old address were revoked: their initiators send new ones.
    pub links_revoked: usize,
}

/// A contact.
#[derive(Clone, Debug)]
pub struct ContactCard {
    /// The contact.
    pub id: ContactId,
    /// Whose.
    pub counterparty: CounterpartyId,
    /// What can be edited.
    pub draft: ContactDraft,
    /// Since when they lie in the archive.
    pub archived_at: Option<Instant>,
    /// The optimistic lock.
    pub row_version: i64,
}

impl App {
    /// Counterparties by name, without those in the archive.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for who may not see them.
    pub async fn list_counterparties(
        &self,
        actor: &Actor,
        page: &PageRequest,
    ) -> Result<Page<CounterpartyCard>, AppError> {
        self.list_counterparties_of(actor, page, false).await
    }

    /// Counterparties by name: those in the archive, or those that are not.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for who may not see them.
    pub async fn list_counterparties_of(
        &self,
        actor: &Actor,
        page: &PageRequest,
        is_archived: bool,
    ) -> Result<Page<CounterpartyCard>, AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let after = page
            .after
            .as_ref()
            .map(|cursor| (cursor.key.as_str(), cursor.id));
        let organisation = actor.organisation.uuid();
        let rows_max = page.rows_max.saturating_add(1);
        let reader = self.store.reader();
        let rows =
            store::counterparties::list(reader, organisation, is_archived, after, rows_max).await?;
        let page = Page::of(rows, page.rows_max, |row| Cursor::after(&row.name, row.id));
        Ok(page.map(CounterpartyCard::from))
    }

    /// One counterparty with its contacts that are not in the archive.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is none here, or for who may not see it.
    pub async fn load_counterparty(
        &self,
        actor: &Actor,
        id: CounterpartyId,
    ) -> Result<(CounterpartyCard, Vec<ContactCard>), AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let row = store::counterparties::load(reader, organisation, id.uuid()).await?;
        let contacts =
            store::counterparties::list_contacts(reader, organisation, id.uuid(), false).await?;
        Ok((row.into(), contacts.into_iter().map(Into::into).collect()))
    }

    /// A counterparty's contacts in the archive.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for who may not see them.
    pub async fn list_archived_contacts(
        &self,
        actor: &Actor,
        id: CounterpartyId,
    ) -> Result<Vec<ContactCard>, AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let found =
            store::counterparties::list_contacts(reader, organisation, id.uuid(), true).await?;
        Ok(found.into_iter().map(Into::into).collect())
    }

    /// One contact.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is none here, or for who may not see it.
    pub async fn load_contact(
        &self,
        actor: &Actor,
        id: ContactId,
    ) -> Result<ContactCard, AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let organisation = actor.organisation.uuid();
        let reader = self.store.reader();
        let row = store::counterparties::load_contact(reader, organisation, id.uuid()).await?;
        Ok(row.into())
    }

    /// Writes a counterparty down.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with every field that is wrong.
    pub async fn create_counterparty(
        &self,
        actor: &Actor,
        draft: &CounterpartyDraft,
    ) -> Result<CounterpartyId, AppError> {
        allow_whole(actor, Action::ManageCounterparties)?;
        let draft = check(draft)?;
        let now = self.now();
        let id = CounterpartyId::from(entropy::id(now));
        let tx = self.store.begin().await?;
        let row = row_of(actor, id, draft, now.micros(), 0);
        let happening = Happening::to("counterparty.created", "counterparty", id)
            .with(json!({ "name": row.name, "inn": row.inn, "vat_id": row.vat_id }));
        counterparties::ActiveModel {
            id: Set(row.id),
            ..row.into()
        }
        .insert(&tx)
        .await?;
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes a counterparty.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`]; [`AppError::Stale`].
    pub async fn edit_counterparty(
        &self,
        actor: &Actor,
        id: CounterpartyId,
        row_version: i64,
        draft: &CounterpartyDraft,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManageCounterparties)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let known = store::counterparties::load(&tx, actor.organisation.uuid(), id.uuid()).await?;
        let draft = check(draft)?;
        let row = counterparties::Model {
            archived_at: known.archived_at,
            ..row_of(actor, id, draft, known.created_at, row_version)
        };
        let happening = Happening::to("counterparty.edited", "counterparty", id)
            .with(json!({ "name": row.name, "inn": row.inn, "vat_id": row.vat_id }));
        store::counterparties::update(&tx, row).await?;
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes a contact of a counterparty down.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`]; [`AppError::Hidden`] if there is no such counterparty;
    /// [`AppError::Refused`] `counterparty-archived`.
    pub async fn create_contact(
        &self,
        actor: &Actor,
        counterparty: CounterpartyId,
        draft: &ContactDraft,
    ) -> Result<ContactId, AppError> {
        allow_whole(actor, Action::ManageCounterparties)?;
        let now = self.now();
        let organisation = actor.organisation.uuid();
        let tx = self.store.begin().await?;
        let owner = store::counterparties::load(&tx, organisation, counterparty.uuid()).await?;
        if owner.archived_at.is_some() {
            return Err(AppError::refused("counterparty-archived"));
        }
        let draft = check_contact(draft)?;
        require_outsider(&tx, organisation, &draft.email).await?;
        let id = ContactId::from(entropy::id(now));
        let row = contacts::ActiveModel {
            id: Set(id.uuid()),
            organisation_id: Set(organisation),
            counterparty_id: Set(counterparty.uuid()),
            name: Set(draft.name.clone()),
            position: Set(draft.position),
            email: Set(draft.email),
            locale: Set(draft.locale.code().to_owned()),
            archived_at: Set(None),
            created_at: Set(now.micros()),
            row_version: Set(0),
        };
        row.insert(&tx).await?;
        let happening = Happening::to("contact.created", "contact", id)
            .with(json!({ "name": draft.name, "counterparty": counterparty }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes a contact. With another address their active links are revoked and every visit
    /// through them ends: what was sent to one mailbox is never proven by another. Both addresses
    /// are told, and so are the initiators of others' documents under way that name the contact;
    /// new links go out when whoever asks sends them.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`]; [`AppError::Stale`]; [`AppError::Refused`] `contact-of-others` where
    /// documents of others would go elsewhere, and counterparties are not the actor's work.
    pub async fn edit_contact(
        &self,
        actor: &Actor,
        id: ContactId,
        row_version: i64,
        draft: &ContactDraft,
    ) -> Result<ContactEdited, AppError> {
        allow_whole(actor, Action::ManageCounterparties)?;
        let now = self.now();
        let organisation = actor.organisation.uuid();
        let tx = self.store.begin().await?;
        let known = store::counterparties::load_contact(&tx, organisation, id.uuid()).await?;
        let draft = check_contact(draft)?;
        let row = contacts::Model {
            name: draft.name,
            position: draft.position,
            email: draft.email,
            locale: draft.locale.code().to_owned(),
            row_version,
            ..known.clone()
        };
        store::counterparties::update_contact(&tx, row.clone()).await?;
        let is_moved = known.email != row.email;
        let mut revoked = Vec::new();
        if is_moved {
            require_outsider(&tx, organisation, &row.email).await?;
            let moved = moved::documents_moved(&tx, actor, &known).await?;
            revoked = end_links(&tx, &known, now).await?;
            self.tell_initiators(&tx, actor, (&known, &row), &moved, now)
                .await?;
            self.tell_both_addresses(&tx, &known, &row, now).await?;
        }
        let happening = Happening::to("contact.edited", "contact", id).with(json!({
            "name": row.name,
            "changes": changes(&known, &row),
            "links_revoked": revoked,
        }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(ContactEdited {
            links_revoked: revoked.len(),
        })
    }

    async fn tell_both_addresses(
        &self,
        tx: &impl ConnectionTrait,
        before: &contacts::Model,
        after: &contacts::Model,
        now: Instant,
    ) -> Result<(), AppError> {
        let organisation = store::organisations::load(tx, after.organisation_id).await?;
        for (which, address) in [("old", &before.email), ("new", &after.email)] {
            let letter = Letter {
                key: format!("contact:{}:{}:{which}", after.id, after.row_version),
                kind: MailKind::ContactAddressChanged,
                to: MailTo {
                    address: address.clone(),
                    name: after.name.clone(),
                    locale: Locale::from_code(&after.locale).unwrap_or_default(),
                    person_id: None,
                    contact_id: Some(after.id),
                },
                document_id: None,
                payload: json!({
                    "organisation_name": organisation.name,
                    "person_name": after.name,
                    "changed_at": now,
                    "time_zone": organisation.time_zone,
                }),
                secret: None,
            };
            outbox::enqueue(tx, self, after.organisation_id, now, letter).await?;
        }
        Ok(())
    }
}

/// Revokes every active link of a contact and ends the visits through them.
async fn end_links(
    tx: &impl ConnectionTrait,
    contact: &contacts::Model,
    now: Instant,
) -> Result<Vec<Uuid>, AppError> {
    let active =
        store::links::lock_active_of_contact(tx, contact.organisation_id, contact.id).await?;
    let ids: Vec<Uuid> = active.into_iter().map(|link| link.id).collect();
    store::links::revoke(tx, &ids, None, now.micros()).await?;
    store::links::end_visits(tx, &ids, now.micros()).await?;
    Ok(ids)
}

/// What an edit changed: for each field the value before and after.
fn changes(before: &contacts::Model, after: &contacts::Model) -> Value {
    let fields = [
        ("name", json!(before.name), json!(after.name)),
        ("position", json!(before.position), json!(after.position)),
        ("email", json!(before.email), json!(after.email)),
        ("locale", json!(before.locale), json!(after.locale)),
    ];
    let changed = fields.into_iter().filter(|(_, from, to)| from != to);
    Value::Object(
        changed
            .map(|(name, from, to)| (name.to_owned(), json!({ "from": from, "to": to })))
            .collect(),
    )
}

fn check(draft: &CounterpartyDraft) -> Result<CounterpartyDraft, AppError> {
    let mut checks = Checks::default();
    let checked = CounterpartyDraft {
        name: checks.line("name", &draft.name, NAME_CHARACTERS_MAX),
        tax_ids: draft.tax_ids.check(&mut checks),
        address: checks.optional_line("address", draft.address.as_deref(), 500),
    };
    checks.done()?;
    Ok(checked)
}

/// Refuses the address of somebody who works here: whoever reads it would sign for both sides.
///
/// # Errors
///
/// [`AppError::Invalid`] `address-ours`.
pub(in crate::app) async fn require_outsider(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    address: &str,
) -> Result<(), AppError> {
    match store::people::is_address_of_ours(connection, organisation, address).await? {
        true => Err(AppError::invalid("email", "address-ours")),
        false => Ok(()),
    }
}

fn check_contact(draft: &ContactDraft) -> Result<ContactDraft, AppError> {
    let mut checks = Checks::default();
    let checked = ContactDraft {
        name: checks.line("name", &draft.name, DisplayName::GRAPHEMES_MAX),
        position: checks.optional_line("position", draft.position.as_deref(), 200),
        email: checks.email("email", &draft.email),
        locale: draft.locale,
    };
    checks.done()?;
    Ok(checked)
}

fn row_of(
    actor: &Actor,
    id: CounterpartyId,
    draft: CounterpartyDraft,
    created_at: i64,
    row_version: i64,
) -> counterparties::Model {
    counterparties::Model {
        id: id.uuid(),
        organisation_id: actor.organisation.uuid(),
        name: draft.name,
        country: draft.tax_ids.country,
        inn: draft.tax_ids.inn,
        kpp: draft.tax_ids.kpp,
        vat_id: draft.tax_ids.vat_id,
        address: draft.address,
        archived_at: None,
        created_at,
        row_version,
    }
}

impl From<counterparties::Model> for CounterpartyCard {
    fn from(row: counterparties::Model) -> Self {
        Self {
            id: row.id.into(),
            created_at: Instant::from_micros(row.created_at),
            archived_at: row.archived_at.map(Instant::from_micros),
            row_version: row.row_version,
            draft: CounterpartyDraft {
                name: row.name,
                tax_ids: TaxIds {
                    country: row.country,
                    inn: row.inn,
                    kpp: row.kpp,
                    vat_id: row.vat_id,
                },
                address: row.address,
            },
        }
    }
}

impl From<contacts::Model> for ContactCard {
    fn from(row: contacts::Model) -> Self {
        Self {
            id: row.id.into(),
            counterparty: row.counterparty_id.into(),
            archived_at: row.archived_at.map(Instant::from_micros),
            row_version: row.row_version,
            draft: ContactDraft {
                name: row.name,
                position: row.position,
                email: row.email,
                locale: Locale::from_code(&row.locale).unwrap_or_default(),
            },
        }
    }
}
