//! Table `page_images`: rendered pages with their texts, by the file's digest.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{page_images, shown_pages};

/// One page of a file, if it was rendered. Pages count from 1.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_page(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    file_digest: &str,
    page: i64,
) -> Result<Option<page_images::Model>, StoreError> {
    let key = (organisation_id, file_digest.to_owned(), page);
    Ok(page_images::Entity::find_by_id(key).one(connection).await?)
}

/// The rendered pages of a file, in order.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_pages(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    file_digest: &str,
) -> Result<Vec<page_images::Model>, StoreError> {
    Ok(page_images::Entity::find()
        .filter(page_images::Column::OrganisationId.eq(organisation_id))
        .filter(page_images::Column::FileDigest.eq(file_digest))
        .order_by_asc(page_images::Column::Page)
        .all(connection)
        .await?)
}

/// Writes a page down unless another process was first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_page(
    connection: &impl ConnectionTrait,
    page: page_images::Model,
) -> Result<(), StoreError> {
    page_images::Entity::insert(page.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns([
                page_images::Column::OrganisationId,
                page_images::Column::FileDigest,
                page_images::Column::Page,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Notes that an image was served, unless that is known.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_shown(
    connection: &impl ConnectionTrait,
    row: shown_pages::Model,
) -> Result<(), StoreError> {
    use shown_pages::Column;
    shown_pages::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns([
                Column::ViewerId,
                Column::FileDigest,
                Column::Page,
                Column::ImageDigest,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The images of a file that were served to a viewer, by page.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_shown(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    viewer_id: Uuid,
    file_digest: &str,
) -> Result<Vec<shown_pages::Model>, StoreError> {
    Ok(shown_pages::Entity::find()
        .filter(shown_pages::Column::OrganisationId.eq(organisation_id))
        .filter(shown_pages::Column::ViewerId.eq(viewer_id))
        .filter(shown_pages::Column::FileDigest.eq(file_digest))
        .order_by_asc(shown_pages::Column::Page)
        .order_by_asc(shown_pages::Column::ShownAt)
        .all(connection)
        .await?)
}
