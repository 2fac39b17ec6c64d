//! What a document's page shows beside its pages: card, versions, files, history; and the choices
//! that its forms offer.

use std::collections::BTreeMap;

use chancery_types::field::Card;
use chancery_types::id::DocumentId;
use chancery_types::{FieldType, FieldValue, Instant};
use chancery_workflow::Kind;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde_json::Value;
use uuid::Uuid;

use crate::app::catalogue::card_of_row;
use crate::app::documents::{Duplicate, check_changeable};
use crate::app::pages::PagePlace;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{
    attachments, contacts, counterparties, departments, documents, people, versions,
};

/// The most choices of one field, and the most events of a history, that a page offers.
const ROWS_MAX: u64 = 500;

/// Everything about a document but its route.
#[derive(Clone, Debug)]
pub struct DocumentSheet {
    /// The document.
    pub document: documents::Model,
    /// Its card.
    pub card: Card,
    /// Names of whatever the card and the rows below refer to.
    pub names: BTreeMap<Uuid, String>,
    /// The version shown.
    pub version: versions::Model,
    /// Its attachments.
    pub attachments: Vec<attachments::Model>,
    /// Every version, newest first.
    pub versions: Vec<versions::Model>,
    /// The pages of the version shown.
    pub pages: Vec<PagePlace>,
    /// Other documents with the same main file.
    pub duplicates: Vec<Duplicate>,
    /// What happened, newest first.
    pub history: Vec<HistoryEvent>,
    /// The version that the reader last acted on, if it is older than the one shown.
    pub compare_from: Option<i64>,
    /// Whether the reader may edit it now.
    pub is_editable: bool,
}

/// One event of a document's history.
#[derive(Clone, Debug)]
pub struct HistoryEvent {
    /// When.
    pub at: Instant,
    /// `person`, `contact`, `system`, `operator` or `visitor`.
    pub actor_kind: String,
    /// Who.
    pub actor_name: String,
    /// `noun.past_tense`.
    pub action: String,
    /// The values of the event.
    pub details: Value,
}

impl App {
    /// A document as its page shows it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`].
    pub async fn document_sheet(
        &self,
        actor: &Actor,
        id: DocumentId,
        number: Option<i64>,
    ) -> Result<DocumentSheet, AppError> {
        let document = self.document_for(actor, id, Action::SeeDocument).await?;
        let version = self.see_version(actor, id, number).await?;
        let reader = self.store.reader();
        let organisation = document.organisation_id;
        let attachments =
            store::versions::list_attachments(reader, organisation, version.id).await?;
        let versions = store::versions::list_versions(reader, organisation, document.id).await?;
        let events =
            store::audit::list_document_events(reader, organisation, document.id, None, ROWS_MAX)
                .await?;
        let card = card_of_row(&version.card)?;
        let names = self.names_around(&document, &[&card], &versions).await?;
        let acted_on = self.last_acted_on(actor, &document).await?;
        let is_initiator = self
            .document_for(actor, id, Action::EditDocument)
            .await
            .is_ok();
        Ok(DocumentSheet {
            pages: self.page_places(&version).await?,
            duplicates: self
                .find_duplicates(reader, actor, &version.main_digest, document.id)
                .await?,
            compare_from: acted_on.filter(|number| *number < version.number),
            is_editable: is_initiator && check_changeable(&document, None).is_ok(),
            history: events.into_iter().map(HistoryEvent::from).collect(),
            names,
            card,
            attachments,
            versions,
            version,
            document,
        })
    }

    /// A document's history, newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`].
    pub async fn document_history(
        &self,
        actor: &Actor,
        id: DocumentId,
    ) -> Result<Vec<HistoryEvent>, AppError> {
        let row = self.document_for(actor, id, Action::SeeDocument).await?;
        let reader = self.store.reader();
        let events =
            store::audit::list_document_events(reader, row.organisation_id, row.id, None, ROWS_MAX)
                .await?;
        Ok(events.into_iter().map(HistoryEvent::from).collect())
    }

    /// The names of the counterparties of a list's rows.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn counterparty_names(
        &self,
        actor: &Actor,
        rows: &[documents::Model],
    ) -> Result<BTreeMap<Uuid, String>, AppError> {
        let ids = rows.iter().filter_map(|row| row.counterparty_id);
        let found = counterparties::Entity::find()
            .filter(counterparties::Column::OrganisationId.eq(actor.organisation.uuid()))
            .filter(counterparties::Column::Id.is_in(ids))
            .all(self.store.reader())
            .await?;
        Ok(found.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// The names of whatever these cards and rows refer to.
    pub(crate) async fn names_around(
        &self,
        document: &documents::Model,
        cards: &[&Card],
        versions: &[versions::Model],
    ) -> Result<BTreeMap<Uuid, String>, AppError> {
        let values = cards.iter().flat_map(|card| card.values());
        let referred = values.filter_map(|value| match value {
            FieldValue::Reference(id) => Some(*id),
            _ => None,
        });
        let mut ids: Vec<Uuid> = referred.collect();
        ids.push(document.initiator_id);
        ids.extend(document.department_id);
        ids.extend(versions.iter().map(|version| version.author_id));
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let mut names = BTreeMap::new();
        let people = people::Entity::find()
            .filter(people::Column::OrganisationId.eq(organisation))
            .filter(people::Column::Id.is_in(ids.iter().copied()));
        names.extend(
            people
                .all(reader)
                .await?
                .into_iter()
                .map(|row| (row.id, row.name)),
        );
        let departments = departments::Entity::find()
            .filter(departments::Column::OrganisationId.eq(organisation))
            .filter(departments::Column::Id.is_in(ids.iter().copied()));
        names.extend(
            departments
                .all(reader)
                .await?
                .into_iter()
                .map(|row| (row.id, row.name)),
        );
        let counterparties = counterparties::Entity::find()
            .filter(counterparties::Column::OrganisationId.eq(organisation))
            .filter(counterparties::Column::Id.is_in(ids.iter().copied()));
        names.extend(
            counterparties
                .all(reader)
                .await?
                .into_iter()
                .map(|row| (row.id, row.name)),
        );
        let contacts = contacts::Entity::find()
            .filter(contacts::Column::OrganisationId.eq(organisation))
            .filter(contacts::Column::Id.is_in(ids));
        names.extend(
            contacts
                .all(reader)
                .await?
                .into_iter()
                .map(|row| (row.id, row.name)),
        );
        Ok(names)
    }

    /// What may be chosen in a kind's fields that refer to something: field name → identifier and
    /// name, by name. What lies in the archive is offered only if it is among `kept`: what the
    /// document refers to already.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn card_choices(
        &self,
        actor: &Actor,
        kind: &Kind,
        kept: &[Uuid],
    ) -> Result<BTreeMap<String, Vec<(String, String)>>, AppError> {
        let mut choices = BTreeMap::new();
        for field in kind.fields() {
            let found = self.choices_of(actor, field.field_type, kept).await?;
            if let Some(found) = found {
                choices.insert(field.name.clone(), found);
            }
        }
        Ok(choices)
    }

    async fn choices_of(
        &self,
        actor: &Actor,
        field_type: FieldType,
        kept: &[Uuid],
    ) -> Result<Option<Vec<(String, String)>>, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let pair = |id: Uuid, name: String| (id.to_string(), name);
        let kept = || kept.iter().copied();
        let found = match field_type {
            FieldType::Person => people::Entity::find()
                .filter(people::Column::OrganisationId.eq(organisation))
                .filter(people::Column::State.ne("disabled"))
                .order_by_asc(people::Column::Name)
                .limit(ROWS_MAX)
                .all(reader)
                .await?
                .into_iter()
                .map(|row| pair(row.id, row.name))
                .collect(),
            FieldType::Department => departments::Entity::find()
                .filter(departments::Column::OrganisationId.eq(organisation))
                .filter(
                    Condition::any()
                        .add(departments::Column::ArchivedAt.is_null())
                        .add(departments::Column::Id.is_in(kept())),
                )
                .order_by_asc(departments::Column::Name)
                .limit(ROWS_MAX)
                .all(reader)
                .await?
                .into_iter()
                .map(|row| pair(row.id, row.name))
                .collect(),
            FieldType::Counterparty => counterparties::Entity::find()
                .filter(counterparties::Column::OrganisationId.eq(organisation))
                .filter(
                    Condition::any()
                        .add(counterparties::Column::ArchivedAt.is_null())
                        .add(counterparties::Column::Id.is_in(kept())),
                )
                .order_by_asc(counterparties::Column::Name)
                .limit(ROWS_MAX)
                .all(reader)
                .await?
                .into_iter()
                .map(|row| pair(row.id, row.name))
                .collect(),
            FieldType::Contact => self.contact_choices(organisation, kept()).await?,
            FieldType::Text
            | FieldType::LongText
            | FieldType::Integer
            | FieldType::Money
            | FieldType::Date
            | FieldType::Boolean
            | FieldType::Choice => return Ok(None),
        };
        Ok(Some(found))
    }

    /// Contacts stand under their counterparty's name, because many have the same one.
    async fn contact_choices(
        &self,
        organisation: Uuid,
        kept: impl Iterator<Item = Uuid>,
    ) -> Result<Vec<(String, String)>, AppError> {
        let reader = self.store.reader();
        let owners = counterparties::Entity::find()
            .filter(counterparties::Column::OrganisationId.eq(organisation))
            .all(reader)
            .await?;
        let archived = owners.iter().filter(|row| row.archived_at.is_some());
        let archived: Vec<Uuid> = archived.map(|row| row.id).collect();
        let owners: BTreeMap<Uuid, String> =
            owners.into_iter().map(|row| (row.id, row.name)).collect();
        let offered = Condition::all()
            .add(contacts::Column::ArchivedAt.is_null())
            .add(contacts::Column::CounterpartyId.is_not_in(archived));
        let rows = contacts::Entity::find()
            .filter(contacts::Column::OrganisationId.eq(organisation))
            .filter(
                Condition::any()
                    .add(offered)
                    .add(contacts::Column::Id.is_in(kept)),
            )
            .order_by_asc(contacts::Column::Name)
            .limit(ROWS_MAX)
            .all(reader)
            .await?;
        let named = |row: contacts::Model| {
            let owner = owners.get(&row.counterparty_id).map_or("", String::as_str);
            (row.id.to_string(), format!("{owner}: {}", row.name))
        };
        let mut choices: Vec<(String, String)> = rows.into_iter().map(named).collect();
        choices.sort_by(|one, other| one.1.cmp(&other.1));
        Ok(choices)
    }
}

impl From<crate::store::entity::audit_events::Model> for HistoryEvent {
    fn from(row: crate::store::entity::audit_events::Model) -> Self {
        Self {
            at: Instant::from_micros(row.at),
            actor_kind: row.actor_kind,
            actor_name: row.actor_name,
            action: row.action,
            // Written by ourselves as JSON; a hand in the database shows as nothing.
            details: serde_json::from_str(&row.details).unwrap_or_default(),
        }
    }
}
