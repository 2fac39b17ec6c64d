//! What a document's page shows beside its pages: card, versions, files, history.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::field::Card;
use chancery_types::id::DocumentId;
use chancery_types::{FieldValue, Instant};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::Value;
use uuid::Uuid;

use crate::app::catalogue::card_of_row;
use crate::app::created::Relatives;
use crate::app::documents::{Duplicate, check_changeable};
use crate::app::event_names::EventNames;
use crate::app::pages::PagePlace;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{
    attachments, audit_events, contacts, counterparties, departments, documents, people, versions,
};

/// The most events of a history that a page shows.
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
    /// What a workflow drafted it from, and what its own has drafted from it.
    pub relatives: Relatives,
    /// What happened, newest first.
    pub history: Vec<HistoryEvent>,
    /// The version that the reader last acted on, if it is older than the one shown.
    pub compare_from: Option<i64>,
    /// Whether only signatures are waited for.
    pub awaits_signature: bool,
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
    /// The names of what it speaks of by identifier.
    pub names: EventNames,
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
        let mut card = card_of_row(&version.card)?;
        if Some(version.id) == document.current_version_id {
            // What is not material changes without a version: a stage's form, an edited draft.
            let own = card_of_row(&document.card)?;
            let material = self.material_of(reader, &document).await?;
            let material = material.fields_of(&card);
            card = own.into_iter().chain(material).collect();
        }
        let names = self.names_around(&document, &[&card], &versions).await?;
        let acted_on = self.last_acted_on(actor, &document).await?;
        let is_initiator = self
            .document_for(actor, id, Action::EditDocument)
            .await
            .is_ok();
        Ok(DocumentSheet {
            pages: self.page_places(&version).await?,
            duplicates: self
                .find_duplicates(actor, &version.main_digest, document.id)
                .await?,
            relatives: self.relatives_of(actor, &document).await?,
            awaits_signature: !self
                .awaiting_signature(actor, std::slice::from_ref(&document))
                .await?
                .is_empty(),
            compare_from: acted_on.filter(|number| *number < version.number),
            is_editable: is_initiator && check_changeable(&document, None).is_ok(),
            history: self.told_events(organisation, events).await?,
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
        self.told_events(row.organisation_id, events).await
    }

    pub(crate) async fn told_events(
        &self,
        organisation: Uuid,
        events: Vec<audit_events::Model>,
    ) -> Result<Vec<HistoryEvent>, AppError> {
        let mut told: Vec<HistoryEvent> = events.into_iter().map(HistoryEvent::from).collect();
        let values = told.iter().map(|event| &event.details);
        let names = self.names_of_events(organisation, std::iter::empty(), values);
        let names = names.await?;
        for event in &mut told {
            event.names = names.clone();
        }
        Ok(told)
    }

    /// Which of these documents wait for signatures and for nothing else.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn awaiting_signature(
        &self,
        actor: &Actor,
        rows: &[documents::Model],
    ) -> Result<BTreeSet<Uuid>, AppError> {
        let moving = rows.iter().filter(|row| row.state == "in_run");
        let ids: Vec<Uuid> = moving.map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let organisation = actor.organisation.uuid();
        let open = store::tasks::list_open_kinds(self.store.reader(), organisation, &ids).await?;
        let (signed, other): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|(_, kind)| kind == "sign");
        let mut waiting: BTreeSet<Uuid> = signed.into_iter().map(|(id, _)| id).collect();
        // To acknowledge is no decision: signing does not wait for it.
        for (id, _) in other.into_iter().filter(|(_, kind)| kind == "approve") {
            waiting.remove(&id);
        }
        Ok(waiting)
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
}

impl From<audit_events::Model> for HistoryEvent {
    fn from(row: audit_events::Model) -> Self {
        Self {
            at: Instant::from_micros(row.at),
            actor_kind: row.actor_kind,
            actor_name: row.actor_name,
            action: row.action,
            // Written by ourselves as JSON; a hand in the database shows as nothing.
            details: serde_json::from_str(&row.details).unwrap_or_default(),
            names: EventNames::default(),
        }
    }
}
