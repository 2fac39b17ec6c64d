//! Table `blobs`: which bytes an organisation keeps.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _};

use crate::store::StoreError;
use crate::store::entity::blobs;

/// Writes a row down unless it is there: the same bytes may be kept for several reasons.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_blob(
    connection: &impl ConnectionTrait,
    blob: blobs::Model,
) -> Result<(), StoreError> {
    blobs::Entity::insert(blob.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns([blobs::Column::OrganisationId, blobs::Column::Digest])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
