//! Who sees which documents: what decides about one, and the condition of a list.

use chancery_types::Instant;
use chancery_types::id::PersonId;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::app::absences::standing_of_document;
use crate::app::{App, AppError};
use crate::domain::access::{DocumentFacts, SEES_ALL};
use crate::domain::actor::{Actor, PersonActor};
use crate::store;
use crate::store::documents::SeenBy;
use crate::store::entity::documents;

/// What decides about a document.
pub(crate) async fn facts_of(
    connection: &impl ConnectionTrait,
    row: &documents::Model,
    now: Instant,
) -> Result<DocumentFacts, AppError> {
    let organisation = row.organisation_id;
    let participants =
        store::documents::list_participants(connection, organisation, row.id).await?;
    let contacts = store::documents::list_linked_contacts(connection, organisation, row.id).await?;
    let owners = store::owners::list_owners(connection, organisation, row.id).await?;
    let reworkers = store::reworkers::list_reworkers(connection, organisation, row.id).await?;
    let standing = standing_of_document(connection, row, now).await?;
    Ok(DocumentFacts {
        organisation: organisation.into(),
        initiator: row.initiator_id.into(),
        department: row.department_id.map(Into::into),
        participants: participants.into_iter().map(PersonId::from).collect(),
        owners: owners.into_iter().map(PersonId::from).collect(),
        reworkers: reworkers.into_iter().map(PersonId::from).collect(),
        contacts: contacts.into_iter().map(Into::into).collect(),
        stand_ins: standing
            .into_iter()
            .map(|(task, person)| (task.into(), person))
            .collect(),
    })
}

/// The departments all of whose documents a person sees; `None` for those who see everything.
pub(in crate::app) fn departments_seen(person: &PersonActor) -> Option<Vec<Uuid>> {
    let mut departments: Vec<Uuid> = person.heads.iter().map(|id| id.uuid()).collect();
    for (role, department) in &person.roles {
        if SEES_ALL.contains(&role.as_str()) {
            departments.push(department.as_ref()?.uuid());
        }
    }
    Some(departments)
}

impl App {
    /// A person's sight as a list's condition; `None` for those who see everything. Says the same
    /// as `access::decide`, which a test compares.
    pub(in crate::app) async fn seen_by(
        &self,
        actor: &Actor,
        person: &PersonActor,
    ) -> Result<Option<SeenBy>, AppError> {
        let Some(departments) = departments_seen(person) else {
            return Ok(None);
        };
        let reader = self.store.reader();
        Ok(Some(SeenBy {
            person_id: person.id.uuid(),
            departments,
            standing: self
                .list_standing(reader, actor.organisation, person.id)
                .await?,
        }))
    }
}
