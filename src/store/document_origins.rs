//! Rows of `document_origins`.

use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::StoreError;
use super::entity::document_origins::{Column, Entity, Model};
use super::entity::documents;

/// Writes down what a document was drafted from.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if its key is there; [`StoreError::Database`].
pub async fn insert(connection: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// What was drafted with this key.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_by_key(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    key: &str,
) -> Result<Option<Model>, StoreError> {
    let found = Entity::find()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::Key.eq(key));
    Ok(found.one(connection).await?)
}

/// What a document belongs to.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_origin(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Option<Model>, StoreError> {
    let found = Entity::find_by_id(document_id).filter(Column::OrganisationId.eq(organisation_id));
    Ok(found.one(connection).await?)
}

/// The documents that belong to one, the oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_children(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    rows_max: u64,
) -> Result<Vec<documents::Model>, StoreError> {
    let own = Query::select()
        .column(Column::DocumentId)
        .from(Entity)
        .and_where(Column::OrganisationId.eq(organisation_id))
        .and_where(Column::OriginId.eq(document_id))
        .to_owned();
    let rows = documents::Entity::find()
        .filter(documents::Column::OrganisationId.eq(organisation_id))
        .filter(documents::Column::Id.in_subquery(own))
        .order_by_asc(documents::Column::CreatedAt)
        .order_by_asc(documents::Column::Id)
        .limit(rows_max);
    Ok(rows.all(connection).await?)
}

/// What a document was drafted from, and what was drafted from it, the oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_around(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    rows_max: u64,
) -> Result<(Option<Model>, Vec<Model>), StoreError> {
    let own = || Entity::find().filter(Column::OrganisationId.eq(organisation_id));
    let origin = own().filter(Column::DocumentId.eq(document_id));
    let created = own()
        .filter(Column::OriginId.eq(document_id))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::DocumentId)
        .limit(rows_max);
    Ok((
        origin.one(connection).await?,
        created.all(connection).await?,
    ))
}
