//! The people around a discussion: whom it may tell, who has to do with the document, who is called
//! what.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::mentions::Named;
use crate::app::route::Colleague;
use crate::app::sessions::actor_of;
use crate::app::{AppError, FieldProblem};
use crate::domain::access::{Action, DocumentFacts};
use crate::domain::actor::{Actor, Origin};
use crate::store;
use crate::store::entity::{departments, documents, people};

/// Refuses to tell somebody who is away from the house for good or may not see the document.
pub(super) async fn require_sight(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    facts: &DocumentFacts,
    id: Uuid,
) -> Result<(), AppError> {
    let known = people::Entity::find_by_id(id)
        .filter(people::Column::OrganisationId.eq(actor.organisation.uuid()))
        .filter(people::Column::State.eq("active"))
        .one(connection)
        .await?;
    let Some(known) = known else {
        return Err(AppError::invalid("text", "not-a-choice"));
    };
    let person = store::sessions::load_person_facts(connection, id).await?;
    let reader = actor_of(&person, None, Origin::default(), actor.locale);
    if super::may(&reader, Action::SeeDocument, facts) {
        return Ok(());
    }
    Err(AppError::Invalid {
        fields: vec![FieldProblem::new("text", "mention-hidden").with("name", known.name)],
    })
}

pub(super) async fn active_people(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<Named>, AppError> {
    let rows: Vec<(Uuid, String, String)> = people::Entity::find()
        .select_only()
        .columns([
            people::Column::Id,
            people::Column::Name,
            people::Column::Email,
        ])
        .filter(people::Column::OrganisationId.eq(organisation))
        .filter(people::Column::State.eq("active"))
        .into_tuple()
        .all(connection)
        .await?;
    let named = rows.into_iter();
    Ok(named
        .map(|(id, name, email)| Named { id, name, email })
        .collect())
}

pub(super) async fn names_of(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    ids: BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, String>, AppError> {
    let rows: Vec<(Uuid, String)> = people::Entity::find()
        .select_only()
        .columns([people::Column::Id, people::Column::Name])
        .filter(people::Column::OrganisationId.eq(organisation))
        .filter(people::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Everybody who has to do with a document: who started it, who has or had a task, who stands in,
/// and the head of its department; without the reader.
pub(super) async fn people_around(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    document: &documents::Model,
    facts: &DocumentFacts,
) -> Result<Vec<Colleague>, AppError> {
    let mut ids: BTreeSet<Uuid> = facts.participants.iter().map(|id| id.uuid()).collect();
    ids.insert(document.initiator_id);
    ids.extend(facts.reworkers.iter().map(|id| id.uuid()));
    ids.extend(facts.stand_ins.iter().map(|(_, id)| id.uuid()));
    if let Some(department) = document.department_id {
        let row = departments::Entity::find_by_id(department);
        let row = row.one(connection).await?;
        ids.extend(row.and_then(|row| row.head_id));
    }
    if let Some(person) = actor.person() {
        ids.remove(&person.id.uuid());
    }
    let rows = people::Entity::find()
        .filter(people::Column::OrganisationId.eq(document.organisation_id))
        .filter(people::Column::Id.is_in(ids))
        .filter(people::Column::State.eq("active"))
        .order_by_asc(people::Column::Name)
        .all(connection)
        .await?;
    let around = rows.into_iter().map(|row| Colleague {
        id: row.id.into(),
        name: row.name,
        position: row.position,
    });
    Ok(around.collect())
}
