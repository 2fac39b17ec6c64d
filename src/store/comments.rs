//! The discussion on documents: comments and whom they tell.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{comment_mentions, comments};

/// Writes a comment and whom it tells.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_comment(
    connection: &impl ConnectionTrait,
    row: comments::Model,
    mentioned: &[Uuid],
) -> Result<(), StoreError> {
    let (comment_id, organisation_id) = (row.id, row.organisation_id);
    comments::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    if mentioned.is_empty() {
        return Ok(());
    }
    let rows = mentioned.iter().map(|person_id| {
        let row = comment_mentions::Model {
            comment_id,
            person_id: *person_id,
            organisation_id,
        };
        row.into_active_model().reset_all()
    });
    comment_mentions::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The comment, if this organisation has it.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_comment(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<Option<comments::Model>, StoreError> {
    Ok(comments::Entity::find_by_id(id)
        .filter(comments::Column::OrganisationId.eq(organisation_id))
        .one(connection)
        .await?)
}

/// The newest `rows_max` comments on a document, newest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_comments(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    rows_max: u64,
) -> Result<Vec<comments::Model>, StoreError> {
    Ok(comments::Entity::find()
        .filter(comments::Column::OrganisationId.eq(organisation_id))
        .filter(comments::Column::DocumentId.eq(document_id))
        .order_by_desc(comments::Column::CreatedAt)
        .order_by_desc(comments::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// The newest `rows_max` comments on a document that its counterparty sees, newest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_for_counterparty(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    rows_max: u64,
) -> Result<Vec<comments::Model>, StoreError> {
    Ok(comments::Entity::find()
        .filter(comments::Column::OrganisationId.eq(organisation_id))
        .filter(comments::Column::DocumentId.eq(document_id))
        .filter(comments::Column::Audience.eq("counterparty"))
        .filter(comments::Column::StruckAt.is_null())
        .order_by_desc(comments::Column::CreatedAt)
        .order_by_desc(comments::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// The comments on a document that are about a page, oldest first: their places in this list are
/// the numbers of their marks.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_placed(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(comments::Entity::find()
        .select_only()
        .column(comments::Column::Id)
        .filter(comments::Column::OrganisationId.eq(organisation_id))
        .filter(comments::Column::DocumentId.eq(document_id))
        .filter(comments::Column::Page.is_not_null())
        .order_by_asc(comments::Column::CreatedAt)
        .order_by_asc(comments::Column::Id)
        .into_tuple()
        .all(connection)
        .await?)
}

/// How many comments there are on a document, struck out or not.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_comments(
    connection: &impl ConnectionTrait,
    document_id: Uuid,
) -> Result<u64, StoreError> {
    Ok(comments::Entity::find()
        .filter(comments::Column::DocumentId.eq(document_id))
        .count(connection)
        .await?)
}

/// When a person said what they said after `since`, anywhere, oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_said(
    connection: &impl ConnectionTrait,
    person_id: Uuid,
    since: i64,
) -> Result<Vec<i64>, StoreError> {
    Ok(comments::Entity::find()
        .select_only()
        .column(comments::Column::CreatedAt)
        .filter(comments::Column::PersonId.eq(person_id))
        .filter(comments::Column::CreatedAt.gt(since))
        .order_by_asc(comments::Column::CreatedAt)
        .into_tuple()
        .all(connection)
        .await?)
}

/// Whom these comments tell.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_mentions(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    comment_ids: &[Uuid],
) -> Result<Vec<comment_mentions::Model>, StoreError> {
    Ok(comment_mentions::Entity::find()
        .filter(comment_mentions::Column::OrganisationId.eq(organisation_id))
        .filter(comment_mentions::Column::CommentId.is_in(comment_ids.iter().copied()))
        .order_by_asc(comment_mentions::Column::PersonId)
        .all(connection)
        .await?)
}

/// Strikes a comment out.
///
/// # Errors
///
/// [`StoreError::Stale`] if it was struck out before; [`StoreError::Database`].
pub async fn update_struck(
    connection: &impl ConnectionTrait,
    id: Uuid,
    at: i64,
) -> Result<(), StoreError> {
    let struck = comments::Entity::update_many()
        .col_expr(comments::Column::StruckAt, Expr::value(at))
        .filter(comments::Column::Id.eq(id))
        .filter(comments::Column::StruckAt.is_null())
        .exec(connection)
        .await?;
    match struck.rows_affected {
        1 => Ok(()),
        _ => Err(StoreError::Stale),
    }
}
