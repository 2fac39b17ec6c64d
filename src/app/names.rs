//! The names of the people and versions that pages about runs speak of.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::PersonId;
use chancery_workflow::{Assignee, State};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::{contacts, counterparties, people, remarks, runs, tasks, versions};

/// Names by identifier.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_id: BTreeMap<Uuid, String>,
    positions: BTreeMap<Uuid, String>,
    versions: BTreeMap<Uuid, i64>,
}

impl Names {
    /// The name of whoever holds a task.
    #[must_use]
    pub fn of(&self, holder: Assignee) -> String {
        match holder {
            Assignee::Person(id) => self.either(Some(id.uuid()), None),
            Assignee::Contact(id) => self.either(None, Some(id.uuid())),
        }
    }

    /// The names of these people, as far as they are known.
    pub(crate) fn all(&self, people: &[PersonId]) -> Vec<String> {
        let names = people.iter().filter_map(|id| self.by_id.get(&id.uuid()));
        names.cloned().collect()
    }

    /// What goes beside the name: a person's position, a contact's counterparty.
    #[must_use]
    pub fn beside(&self, holder: Assignee) -> Option<String> {
        let id = match holder {
            Assignee::Person(id) => id.uuid(),
            Assignee::Contact(id) => id.uuid(),
        };
        self.positions.get(&id).cloned()
    }

    /// The name of a person or else of a contact; empty for neither.
    #[must_use]
    pub fn either(&self, person: Option<Uuid>, contact: Option<Uuid>) -> String {
        let id = person.or(contact);
        id.and_then(|id| self.by_id.get(&id))
            .cloned()
            .unwrap_or_default()
    }

    /// Whoever is to rework a returned run, by name.
    pub(crate) fn of_reworkers(&self, run: &runs::Model, state: &State) -> Vec<String> {
        match state.reworkers.as_slice() {
            [] => vec![self.either(Some(run.initiator_id), None)],
            named => self.all(named),
        }
    }

    /// Takes the names of `other` in.
    pub(crate) fn join(&mut self, other: Self) {
        self.by_id.extend(other.by_id);
        self.positions.extend(other.positions);
    }

    /// A version's number; 0 for one of another document.
    #[must_use]
    pub fn version_number(&self, version: Uuid) -> i64 {
        self.versions.get(&version).copied().unwrap_or(0)
    }
}

impl App {
    /// The names around a run.
    pub(crate) async fn names_of_run(
        &self,
        connection: &impl ConnectionTrait,
        run: &runs::Model,
    ) -> Result<Names, AppError> {
        self.names_of_document(connection, run.organisation_id, run.document_id)
            .await
    }

    /// The names of everybody who has to do with a document's runs and remarks.
    pub(crate) async fn names_of_document(
        &self,
        connection: &impl ConnectionTrait,
        organisation_id: Uuid,
        document_id: Uuid,
    ) -> Result<Names, AppError> {
        let mut wanted_people = BTreeSet::new();
        let mut wanted_contacts = BTreeSet::new();
        let holders = tasks::Entity::find()
            .filter(tasks::Column::OrganisationId.eq(organisation_id))
            .filter(tasks::Column::DocumentId.eq(document_id))
            .all(connection)
            .await?;
        for task in holders {
            wanted_people.extend(task.person_id.into_iter().chain(task.decided_by_id));
            wanted_contacts.extend(task.contact_id);
        }
        let reworkers =
            store::reworkers::list_reworkers(connection, organisation_id, document_id).await?;
        wanted_people.extend(reworkers);
        let said = remarks::Entity::find()
            .filter(remarks::Column::OrganisationId.eq(organisation_id))
            .filter(remarks::Column::DocumentId.eq(document_id))
            .all(connection)
            .await?;
        for remark in said {
            wanted_people.extend(remark.person_id.into_iter().chain(remark.closed_by_id));
            wanted_contacts.extend(remark.contact_id);
        }
        let initiators: Vec<Uuid> = runs::Entity::find()
            .select_only()
            .column(runs::Column::InitiatorId)
            .filter(runs::Column::OrganisationId.eq(organisation_id))
            .filter(runs::Column::DocumentId.eq(document_id))
            .into_tuple()
            .all(connection)
            .await?;
        wanted_people.extend(initiators);
        let mut names =
            names_of(connection, organisation_id, wanted_people, wanted_contacts).await?;
        names.versions = versions::Entity::find()
            .select_only()
            .columns([versions::Column::Id, versions::Column::Number])
            .filter(versions::Column::OrganisationId.eq(organisation_id))
            .filter(versions::Column::DocumentId.eq(document_id))
            .into_tuple::<(Uuid, i64)>()
            .all(connection)
            .await?
            .into_iter()
            .collect();
        Ok(names)
    }
}

/// The names of these holders of tasks.
pub(crate) async fn names_of_holders(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    holders: impl Iterator<Item = Assignee>,
) -> Result<Names, AppError> {
    let (mut people_ids, mut contact_ids) = (BTreeSet::new(), BTreeSet::new());
    for holder in holders {
        match holder {
            Assignee::Person(id) => people_ids.insert(id.uuid()),
            Assignee::Contact(id) => contact_ids.insert(id.uuid()),
        };
    }
    names_of(connection, organisation_id, people_ids, contact_ids).await
}

/// The names of these people and contacts.
pub(crate) async fn names_of(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    people_ids: BTreeSet<Uuid>,
    contact_ids: BTreeSet<Uuid>,
) -> Result<Names, AppError> {
    let mut names = Names::default();
    let rows = people::Entity::find()
        .filter(people::Column::OrganisationId.eq(organisation_id))
        .filter(people::Column::Id.is_in(people_ids))
        .all(connection)
        .await?;
    for row in rows {
        names
            .positions
            .extend(row.position.map(|position| (row.id, position)));
        names.by_id.insert(row.id, row.name);
    }
    let rows = contacts::Entity::find()
        .filter(contacts::Column::OrganisationId.eq(organisation_id))
        .filter(contacts::Column::Id.is_in(contact_ids))
        .all(connection)
        .await?;
    let sides: BTreeSet<Uuid> = rows.iter().map(|row| row.counterparty_id).collect();
    let sides: BTreeMap<Uuid, String> = counterparties::Entity::find()
        .filter(counterparties::Column::OrganisationId.eq(organisation_id))
        .filter(counterparties::Column::Id.is_in(sides))
        .all(connection)
        .await?
        .into_iter()
        .map(|side| (side.id, side.name))
        .collect();
    for row in rows {
        let side = sides.get(&row.counterparty_id).cloned();
        names.positions.extend(side.map(|name| (row.id, name)));
        names.by_id.insert(row.id, row.name);
    }
    Ok(names)
}
