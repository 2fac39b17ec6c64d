//! Table `disagreements`: protocols that counterparties returned, written once.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::disagreements;

/// Writes a protocol down.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if its task has one; [`StoreError::Database`].
pub async fn insert_disagreement(
    connection: &impl ConnectionTrait,
    row: disagreements::Model,
) -> Result<(), StoreError> {
    disagreements::Entity::insert(sea_orm::ActiveModelTrait::reset_all(
        row.into_active_model(),
    ))
    .exec_without_returning(connection)
    .await?;
    Ok(())
}

/// A document's protocols, newest first, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_disagreements(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    rows_max: u64,
) -> Result<Vec<disagreements::Model>, StoreError> {
    Ok(disagreements::Entity::find()
        .filter(disagreements::Column::OrganisationId.eq(organisation_id))
        .filter(disagreements::Column::DocumentId.eq(document_id))
        .order_by_desc(disagreements::Column::CreatedAt)
        .order_by_desc(disagreements::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// A protocol of a document by its identifier.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_disagreement(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    id: Uuid,
) -> Result<Option<disagreements::Model>, StoreError> {
    Ok(disagreements::Entity::find_by_id(id)
        .filter(disagreements::Column::OrganisationId.eq(organisation_id))
        .filter(disagreements::Column::DocumentId.eq(document_id))
        .one(connection)
        .await?)
}

/// The protocol that was returned with a task, if there is one.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_of_task(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    task_id: Uuid,
) -> Result<Option<disagreements::Model>, StoreError> {
    Ok(disagreements::Entity::find()
        .filter(disagreements::Column::OrganisationId.eq(organisation_id))
        .filter(disagreements::Column::TaskId.eq(task_id))
        .one(connection)
        .await?)
}
