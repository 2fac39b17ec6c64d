//! Tables `revoked_certificates` and `revocation_lists`: what the authorities revoked, and the
//! newest list of each.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{revocation_lists, revoked_certificates};

/// Writes a revocation down.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if that certificate is revoked already; [`StoreError::Database`].
pub async fn insert_revoked(
    connection: &impl ConnectionTrait,
    row: revoked_certificates::Model,
) -> Result<(), StoreError> {
    let row = sea_orm::ActiveModelTrait::reset_all(row.into_active_model());
    revoked_certificates::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Everything that one issuer revoked, the oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_revoked(
    connection: &impl ConnectionTrait,
    authority_key: Uuid,
) -> Result<Vec<revoked_certificates::Model>, StoreError> {
    Ok(revoked_certificates::Entity::find()
        .filter(revoked_certificates::Column::AuthorityKeyId.eq(authority_key))
        .order_by_asc(revoked_certificates::Column::Id)
        .all(connection)
        .await?)
}

/// The authorities' own keys, of all organisations, whose certificates are revoked.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_revoked_authorities(
    connection: &impl ConnectionTrait,
) -> Result<Vec<Uuid>, StoreError> {
    let rows = revoked_certificates::Entity::find()
        .filter(revoked_certificates::Column::RevokedKeyId.is_not_null())
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| row.revoked_key_id)
        .collect())
}

/// The newest list of an issuer.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_list(
    connection: &impl ConnectionTrait,
    authority_key: Uuid,
) -> Result<Option<revocation_lists::Model>, StoreError> {
    Ok(revocation_lists::Entity::find_by_id(authority_key)
        .one(connection)
        .await?)
}

/// The newest list of the issuer whose certificate has this SHA-256 (64 hexadecimal digits).
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_list_by_fingerprint(
    connection: &impl ConnectionTrait,
    fingerprint: &str,
) -> Result<Option<revocation_lists::Model>, StoreError> {
    Ok(revocation_lists::Entity::find()
        .filter(revocation_lists::Column::Fingerprint.eq(fingerprint))
        .one(connection)
        .await?)
}

/// The newest lists of all organisations that name at least one certificate.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_filled(
    connection: &impl ConnectionTrait,
) -> Result<Vec<revocation_lists::Model>, StoreError> {
    Ok(revocation_lists::Entity::find()
        .filter(revocation_lists::Column::EntriesCount.gt(0))
        .order_by_asc(revocation_lists::Column::AuthorityKeyId)
        .all(connection)
        .await?)
}

/// The lists of an organisation's keys, also those that name nobody.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_organisation(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
) -> Result<Vec<revocation_lists::Model>, StoreError> {
    Ok(revocation_lists::Entity::find()
        .filter(revocation_lists::Column::OrganisationId.eq(organisation_id))
        .order_by_asc(revocation_lists::Column::AuthorityKeyId)
        .all(connection)
        .await?)
}

/// Puts a list in place of the one before.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn put_list(
    connection: &impl ConnectionTrait,
    row: revocation_lists::Model,
) -> Result<(), StoreError> {
    use revocation_lists::Column;
    let row = sea_orm::ActiveModelTrait::reset_all(row.into_active_model());
    revocation_lists::Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::AuthorityKeyId)
                .update_columns([
                    Column::Number,
                    Column::EntriesCount,
                    Column::Der,
                    Column::MadeAt,
                    Column::NextAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
