//! Table `detached_signatures`: signatures in files of their own, made here or brought, written
//! once.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::detached_signatures;

/// Writes a signature down.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if the version has the same one; [`StoreError::Database`].
pub async fn insert_signature(
    connection: &impl ConnectionTrait,
    row: detached_signatures::Model,
) -> Result<(), StoreError> {
    let row = sea_orm::ActiveModelTrait::reset_all(row.into_active_model());
    detached_signatures::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The detached signature that a signing led to.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_of_signing(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    signing_id: Uuid,
) -> Result<Option<detached_signatures::Model>, StoreError> {
    Ok(detached_signatures::Entity::find()
        .filter(detached_signatures::Column::OrganisationId.eq(organisation_id))
        .filter(detached_signatures::Column::SigningId.eq(signing_id))
        .one(connection)
        .await?)
}

/// The detached signature that a contact made for a task.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_of_contact(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    task_id: Uuid,
    contact_id: Uuid,
) -> Result<Option<detached_signatures::Model>, StoreError> {
    Ok(detached_signatures::Entity::find()
        .filter(detached_signatures::Column::OrganisationId.eq(organisation_id))
        .filter(detached_signatures::Column::TaskId.eq(task_id))
        .filter(detached_signatures::Column::ContactId.eq(contact_id))
        .one(connection)
        .await?)
}

/// A document's detached signatures, oldest first, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_signatures(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    rows_max: u64,
) -> Result<Vec<detached_signatures::Model>, StoreError> {
    Ok(detached_signatures::Entity::find()
        .filter(detached_signatures::Column::OrganisationId.eq(organisation_id))
        .filter(detached_signatures::Column::DocumentId.eq(document_id))
        .order_by_asc(detached_signatures::Column::ReceivedAt)
        .order_by_asc(detached_signatures::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// A detached signature of a document by its identifier.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_signature(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    id: Uuid,
) -> Result<Option<detached_signatures::Model>, StoreError> {
    Ok(detached_signatures::Entity::find_by_id(id)
        .filter(detached_signatures::Column::OrganisationId.eq(organisation_id))
        .filter(detached_signatures::Column::DocumentId.eq(document_id))
        .one(connection)
        .await?)
}

/// The names of the files of these signatures, by their identifiers.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_names(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, StoreError> {
    use detached_signatures::Column;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(detached_signatures::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name])
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?)
}
