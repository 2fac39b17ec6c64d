//! Remarks: what approvers want changed, closed one by one.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::remarks;

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
