//! Tables `page_images` and `undrawable_pages`: rendered pages with their texts, and those that
//! could not be rendered, by the file's digest.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, FunctionCall, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{page_images, shown_pages, undrawable_pages};

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

/// A rendered page without its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PageSize {
    /// The page, from 1.
    pub page: i64,
    /// Width, pixels.
    pub width: i64,
    /// Height, pixels.
    pub height: i64,
    /// How long its text is.
    pub characters_count: i64,
}

/// A rendered page's image, as evidence names it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PageImage {
    /// The page, from 1.
    pub page: i64,
    /// The digest of its image.
    pub image_digest: String,
    /// What drew it, with its version.
    pub renderer: String,
}

/// The images of a file's rendered pages, in order, without texts.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_images(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    file_digest: &str,
) -> Result<Vec<PageImage>, StoreError> {
    Ok(some_pages(organisation_id, file_digest, &(1..=i64::MAX))
        .column(page_images::Column::ImageDigest)
        .column(page_images::Column::Renderer)
        .order_by_asc(page_images::Column::Page)
        .into_model()
        .all(connection)
        .await?)
}

fn some_pages(
    organisation_id: Uuid,
    file_digest: &str,
    pages: &RangeInclusive<i64>,
) -> Select<page_images::Entity> {
    page_images::Entity::find()
        .select_only()
        .column(page_images::Column::Page)
        .filter(page_images::Column::OrganisationId.eq(organisation_id))
        .filter(page_images::Column::FileDigest.eq(file_digest))
        .filter(page_images::Column::Page.between(*pages.start(), *pages.end()))
}

fn characters() -> FunctionCall {
    Func::char_length(Expr::col(page_images::Column::Text))
}

/// The rendered ones among `pages` of a file, in order, without their texts.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_sizes(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    file_digest: &str,
    pages: RangeInclusive<i64>,
) -> Result<Vec<PageSize>, StoreError> {
    let length = Expr::from(characters()).cast_as("bigint");
    Ok(some_pages(organisation_id, file_digest, &pages)
        .column(page_images::Column::Width)
        .column(page_images::Column::Height)
        .column_as(length, "characters_count")
        .order_by_asc(page_images::Column::Page)
        .into_model()
        .all(connection)
        .await?)
}

/// The texts of the rendered ones among `pages` of a file, by page.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_texts(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    file_digest: &str,
    pages: RangeInclusive<i64>,
) -> Result<BTreeMap<i64, String>, StoreError> {
    let texts: Vec<(i64, String)> = some_pages(organisation_id, file_digest, &pages)
        .column(page_images::Column::Text)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(texts.into_iter().collect())
}

/// How long the kept texts of a file are together.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_characters(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    file_digest: &str,
) -> Result<i64, StoreError> {
    let sum = Expr::from(characters()).sum().cast_as("bigint");
    let found: Option<Option<i64>> = page_images::Entity::find()
        .select_only()
        .column_as(sum, "characters_count")
        .filter(page_images::Column::OrganisationId.eq(organisation_id))
        .filter(page_images::Column::FileDigest.eq(file_digest))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.flatten().unwrap_or(0))
}

/// The numbers of the pages of a file that were rendered.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_drawn(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    file_digest: &str,
) -> Result<BTreeSet<i64>, StoreError> {
    let numbers: Vec<i64> = page_images::Entity::find()
        .select_only()
        .column(page_images::Column::Page)
        .filter(page_images::Column::OrganisationId.eq(organisation_id))
        .filter(page_images::Column::FileDigest.eq(file_digest))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(numbers.into_iter().collect())
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

/// Notes that a page could not be drawn, in place of what was known of it.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_undrawable(
    connection: &impl ConnectionTrait,
    row: undrawable_pages::Model,
) -> Result<(), StoreError> {
    use undrawable_pages::Column;
    let key = [Column::OrganisationId, Column::FileDigest, Column::Page];
    undrawable_pages::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns(key)
                .update_columns([Column::Renderer, Column::FailedAt])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Those among `pages` of a file that `renderer` could not draw after `since`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_undrawable(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    file_digest: &str,
    pages: RangeInclusive<i64>,
    (renderer, since): (&str, i64),
) -> Result<BTreeSet<i64>, StoreError> {
    use undrawable_pages::Column;
    let numbers: Vec<i64> = undrawable_pages::Entity::find()
        .select_only()
        .column(Column::Page)
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::FileDigest.eq(file_digest))
        .filter(Column::Page.between(*pages.start(), *pages.end()))
        .filter(Column::Renderer.eq(renderer))
        .filter(Column::FailedAt.gt(since))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(numbers.into_iter().collect())
}
