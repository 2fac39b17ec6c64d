//! Table `absences`: who is away, was or will be.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::entity::absences::{Column, Entity, Model};
use crate::store::{StoreError, rows};

/// One absence.
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn load(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<Model, StoreError> {
    rows::load::<Entity>(connection, organisation, id).await
}

/// Absences that have not ended by `now` (microseconds), the first first: those of `person`, or
/// everybody's.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_lasting(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Option<Uuid>,
    now: i64,
) -> Result<Vec<Model>, StoreError> {
    let own = person.map(|person| Column::PersonId.eq(person));
    Ok(Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::UntilAt.gt(now))
        .filter(Column::EndedAt.is_null())
        .filter(Condition::all().add_option(own))
        .order_by_asc(Column::FromAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// Absences that have begun by `now` (microseconds) and that nobody was told of, the earliest
/// first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_untold(
    connection: &impl ConnectionTrait,
    now: i64,
    count_max: u64,
) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find()
        .filter(Column::ToldAt.is_null())
        .filter(Column::FromAt.lte(now))
        .order_by_asc(Column::FromAt)
        .order_by_asc(Column::Id)
        .limit(count_max)
        .all(connection)
        .await?)
}

/// Writes a new absence.
///
/// # Errors
///
/// [`StoreError::Reference`], [`StoreError::Database`].
pub async fn insert(connection: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Ends an absence that lasts.
///
/// # Errors
///
/// [`StoreError::Stale`] if it was ended meanwhile; [`StoreError::Database`].
pub async fn update_ended(
    connection: &impl ConnectionTrait,
    row: &Model,
    at: i64,
) -> Result<(), StoreError> {
    let changed = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(at))
        .filter(Column::OrganisationId.eq(row.organisation_id))
        .filter(Column::Id.eq(row.id))
        .filter(Column::EndedAt.is_null())
        .exec(connection)
        .await?;
    match changed.rows_affected {
        1 => Ok(()),
        _ => Err(StoreError::Stale),
    }
}

/// Notes that whoever stands in was told of the tasks that were open.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_told(
    connection: &impl ConnectionTrait,
    row: &Model,
    at: i64,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::ToldAt, Expr::value(at))
        .filter(Column::OrganisationId.eq(row.organisation_id))
        .filter(Column::Id.eq(row.id))
        .exec(connection)
        .await?;
    Ok(())
}
