//! Table `editions`: the texts that an organisation keeps in place of the workflows' files.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::entity::editions::{Column, Entity, Model};
use crate::store::rows::Before;
use crate::store::{StoreError, rows};

/// The edition of this workflow with this number.
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn load(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    workflow: &str,
    number: i64,
) -> Result<Model, StoreError> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkflowId.eq(workflow))
        .filter(Column::Number.eq(number))
        .one(connection)
        .await?
        .ok_or(StoreError::Absent { table: "editions" })
}

/// The editions of a workflow, the newest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    workflow: &str,
    rows_max: u64,
) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkflowId.eq(workflow))
        .order_by_desc(Column::Number)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// Those that are written or proposed, of all workflows.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.is_in(["draft", "proposed"]))
        .order_by_asc(Column::WorkflowId)
        .all(connection)
        .await?)
}

/// The published edition of this workflow that new runs take at `now` (microseconds).
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_in_force(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    workflow: &str,
    now: i64,
) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkflowId.eq(workflow))
        .filter(Column::State.eq("published"))
        .filter(Column::EffectiveAt.lte(now))
        .order_by_desc(Column::EffectiveAt)
        .order_by_desc(Column::Number)
        .one(connection)
        .await?)
}

/// The published edition of this workflow whose moment comes after `now` (microseconds).
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_ahead(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    workflow: &str,
    now: i64,
) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkflowId.eq(workflow))
        .filter(Column::State.eq("published"))
        .filter(Column::EffectiveAt.gt(now))
        .order_by_asc(Column::EffectiveAt)
        .one(connection)
        .await?)
}

/// The workflows that have a published edition, each once.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_published_workflows(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<String>, StoreError> {
    Ok(Entity::find()
        .select_only()
        .column(Column::WorkflowId)
        .distinct()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.eq("published"))
        .order_by_asc(Column::WorkflowId)
        .into_tuple()
        .all(connection)
        .await?)
}

/// Writes a new edition.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if the workflow has an open one or one with this number;
/// [`StoreError::Database`].
pub async fn insert(connection: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Writes everything of `row` but what tells which edition it is; `row.row_version` is what it was
/// read with.
///
/// # Errors
///
/// [`StoreError::Stale`] if it was changed meanwhile; [`StoreError::Database`].
pub async fn update(connection: &impl ConnectionTrait, row: &Model) -> Result<(), StoreError> {
    let edit = Entity::update_many()
        .col_expr(Column::Source, Expr::value(row.source.as_str()))
        .col_expr(Column::Note, Expr::value(row.note.as_str()))
        .col_expr(Column::State, Expr::value(row.state.as_str()))
        .col_expr(Column::SavedAt, Expr::value(row.saved_at))
        .col_expr(Column::DecidedById, Expr::value(row.decided_by_id))
        .col_expr(Column::DecidedAt, Expr::value(row.decided_at))
        .col_expr(Column::Reason, Expr::value(row.reason.clone()))
        .col_expr(Column::EffectiveAt, Expr::value(row.effective_at));
    let before = Before {
        organisation: row.organisation_id,
        id: row.id,
        row_version: row.row_version,
    };
    rows::update::<Entity>(connection, before, edit).await
}
