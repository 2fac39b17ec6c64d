//! Table `mandates`: who may act for which of our legal entities. A row is never changed but for
//! its end.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::entity::mandates::{Column, Entity, Model};
use crate::store::{StoreError, rows};

/// One mandate.
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

/// The mandates of an organisation, those that have ended too, in the order of their recording.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    rows_max: u64,
) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .order_by_asc(Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// How many mandates an organisation has.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<u64, StoreError> {
    let own = Entity::find().filter(Column::OrganisationId.eq(organisation));
    Ok(own.count(connection).await?)
}

/// Writes a new mandate.
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

/// Ends a mandate.
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
