//! Remarks: what approvers want changed, closed one by one.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{comments, remarks};

/// Writes remarks.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_remarks(
    connection: &impl ConnectionTrait,
    rows: Vec<remarks::Model>,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows
        .into_iter()
        .map(|row| row.into_active_model().reset_all());
    remarks::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The remark, if this organisation has it.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_remark(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<Option<remarks::Model>, StoreError> {
    Ok(remarks::Entity::find_by_id(id)
        .filter(remarks::Column::OrganisationId.eq(organisation_id))
        .one(connection)
        .await?)
}

/// The document's remarks, oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_remarks(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Vec<remarks::Model>, StoreError> {
    Ok(remarks::Entity::find()
        .filter(remarks::Column::OrganisationId.eq(organisation_id))
        .filter(remarks::Column::DocumentId.eq(document_id))
        .order_by_asc(remarks::Column::CreatedAt)
        .order_by_asc(remarks::Column::Id)
        .all(connection)
        .await?)
}

/// Which of these comments are remarks as well.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_taken(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    comment_ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let found: Vec<Option<Uuid>> = remarks::Entity::find()
        .select_only()
        .column(remarks::Column::CommentId)
        .filter(remarks::Column::OrganisationId.eq(organisation_id))
        .filter(remarks::Column::CommentId.is_in(comment_ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.into_iter().flatten().collect())
}

/// The remarks of a task that were no comments.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_unplaced(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    task_id: Uuid,
) -> Result<Vec<remarks::Model>, StoreError> {
    Ok(remarks::Entity::find()
        .filter(remarks::Column::OrganisationId.eq(organisation_id))
        .filter(remarks::Column::TaskId.eq(task_id))
        .filter(remarks::Column::CommentId.is_null())
        .order_by_asc(remarks::Column::CreatedAt)
        .order_by_asc(remarks::Column::Id)
        .all(connection)
        .await?)
}

/// Says that a remark was this comment before, about the same place.
///
/// # Errors
///
/// [`StoreError::Duplicate`] or [`StoreError::Database`] if the comment is another remark already.
pub async fn update_remark_place(
    connection: &impl ConnectionTrait,
    id: Uuid,
    comment: &comments::Model,
) -> Result<(), StoreError> {
    remarks::Entity::update_many()
        .col_expr(remarks::Column::CommentId, Expr::value(comment.id))
        .col_expr(remarks::Column::Page, Expr::value(comment.page))
        .col_expr(remarks::Column::PlaceX, Expr::value(comment.place_x))
        .col_expr(remarks::Column::PlaceY, Expr::value(comment.place_y))
        .filter(remarks::Column::Id.eq(id))
        .filter(remarks::Column::OrganisationId.eq(comment.organisation_id))
        .exec(connection)
        .await?;
    Ok(())
}

/// Closes an open remark with an answer.
///
/// # Errors
///
/// [`StoreError::Stale`] if it is not open any more; [`StoreError::Database`].
pub async fn update_remark_closed(
    connection: &impl ConnectionTrait,
    remark: &remarks::Model,
) -> Result<(), StoreError> {
    let closed = remarks::Entity::update_many()
        .col_expr(remarks::Column::State, Expr::value("closed"))
        .col_expr(remarks::Column::Answer, Expr::value(remark.answer.clone()))
        .col_expr(remarks::Column::ClosedAt, Expr::value(remark.closed_at))
        .col_expr(
            remarks::Column::ClosedById,
            Expr::value(remark.closed_by_id),
        )
        .filter(remarks::Column::Id.eq(remark.id))
        .filter(remarks::Column::OrganisationId.eq(remark.organisation_id))
        .filter(remarks::Column::State.eq("open"))
        .exec(connection)
        .await?;
    if closed.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}
