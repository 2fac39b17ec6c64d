//! Tables `signature_powers` and `signature_power_files`: powers of attorney beside stored
//! signatures, written once; and `power_checks`: what their last checks came to.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{power_checks, signature_power_files, signature_powers};

/// Writes a power down, with its files.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if the signature has one with this ordinal; [`StoreError::Database`].
pub async fn insert_power(
    connection: &impl ConnectionTrait,
    power: signature_powers::Model,
    files: Vec<signature_power_files::Model>,
) -> Result<(), StoreError> {
    signature_powers::Entity::insert(power.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    let files = files
        .into_iter()
        .map(|file| file.into_active_model().reset_all());
    signature_power_files::Entity::insert_many(files)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// A document's powers, in the order in which they came, at most `rows_max`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_powers(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    rows_max: u64,
) -> Result<Vec<signature_powers::Model>, StoreError> {
    use signature_powers::Column;
    Ok(signature_powers::Entity::find()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::DocumentId.eq(document_id))
        .order_by_asc(Column::AddedAt)
        .order_by_asc(Column::Ordinal)
        .order_by_asc(Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// The powers of the signatures in one file (a version's, or a detached signature), those of one
/// signature in their order.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_subject(
    connection: &impl ConnectionTrait,
    subject_id: Uuid,
) -> Result<Vec<signature_powers::Model>, StoreError> {
    use signature_powers::Column;
    Ok(signature_powers::Entity::find()
        .filter(Column::SubjectId.eq(subject_id))
        .order_by_asc(Column::Place)
        .order_by_asc(Column::Ordinal)
        .all(connection)
        .await?)
}

/// A power of a document by its identifier.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_power(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    id: Uuid,
) -> Result<Option<signature_powers::Model>, StoreError> {
    use signature_powers::Column;
    Ok(signature_powers::Entity::find_by_id(id)
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::DocumentId.eq(document_id))
        .one(connection)
        .await?)
}

/// The files of powers, those of one power in their order.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_files(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    powers: &[Uuid],
) -> Result<Vec<signature_power_files::Model>, StoreError> {
    use signature_power_files::Column;
    if powers.is_empty() {
        return Ok(Vec::new());
    }
    Ok(signature_power_files::Entity::find()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::PowerId.is_in(powers.iter().copied()))
        .order_by_asc(Column::PowerId)
        .order_by_asc(Column::Position)
        .all(connection)
        .await?)
}

/// What the last checks of powers came to.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_checks(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    powers: &[Uuid],
) -> Result<Vec<power_checks::Model>, StoreError> {
    use power_checks::Column;
    if powers.is_empty() {
        return Ok(Vec::new());
    }
    Ok(power_checks::Entity::find()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::PowerId.is_in(powers.iter().copied()))
        .all(connection)
        .await?)
}

/// How many powers came to something else since a moment (microseconds since the epoch).
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_changed(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    since: i64,
) -> Result<u64, StoreError> {
    use power_checks::Column;
    let found = power_checks::Entity::find()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::ChangedAt.gte(since));
    Ok(found.count(connection).await?)
}

/// Writes a power's check in the place of the one before.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn put_check(
    connection: &impl ConnectionTrait,
    row: power_checks::Model,
) -> Result<(), StoreError> {
    use power_checks::Column;
    let replace = OnConflict::column(Column::PowerId)
        .update_columns([
            Column::Result,
            Column::Reason,
            Column::CheckedAt,
            Column::PreviousResult,
            Column::ChangedAt,
        ])
        .to_owned();
    power_checks::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(replace)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
