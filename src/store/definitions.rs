//! The workflows that runs are pinned to, by digest. A row is written once and never changed.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::definitions;

/// Keeps a definition, unless it is kept already.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_definition(
    connection: &impl ConnectionTrait,
    definition: definitions::Model,
) -> Result<(), StoreError> {
    let key = [
        definitions::Column::OrganisationId,
        definitions::Column::Digest,
    ];
    definitions::Entity::insert(definition.into_active_model().reset_all())
        .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The definition with this digest.
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn load_definition(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    digest: &str,
) -> Result<definitions::Model, StoreError> {
    definitions::Entity::find()
        .filter(definitions::Column::OrganisationId.eq(organisation_id))
        .filter(definitions::Column::Digest.eq(digest))
        .one(connection)
        .await?
        .ok_or(StoreError::Absent {
            table: "definitions",
        })
}
