//! Table `outside_certificates`: certificates of outside keys, written once with their signing.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::outside_certificates;

/// Writes a certificate down.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if its signing has one; [`StoreError::Database`].
pub async fn insert_certificate(
    connection: &impl ConnectionTrait,
    row: outside_certificates::Model,
) -> Result<(), StoreError> {
    let row = sea_orm::ActiveModelTrait::reset_all(row.into_active_model());
    outside_certificates::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The certificates that were presented for these signings.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_signings(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    signings: Vec<Uuid>,
) -> Result<Vec<outside_certificates::Model>, StoreError> {
    Ok(outside_certificates::Entity::find()
        .filter(outside_certificates::Column::OrganisationId.eq(organisation_id))
        .filter(outside_certificates::Column::SigningId.is_in(signings))
        .all(connection)
        .await?)
}

/// The certificate that was presented for a signing, if it is by an outside key.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_of_signing(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    signing: Uuid,
) -> Result<Option<outside_certificates::Model>, StoreError> {
    let mut found = list_of_signings(connection, organisation_id, vec![signing]).await?;
    Ok(found.pop())
}
