//! Tasks: derived from runs by `app::transition`, listed on desks and routes.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    RelationDef,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{runs, tasks};

/// The task, if this organisation has it.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_task(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<Option<tasks::Model>, StoreError> {
    Ok(tasks::Entity::find_by_id(id)
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .one(connection)
        .await?)
}

/// The kinds of the open tasks of these documents, each once a document.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_kinds(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, StoreError> {
    Ok(tasks::Entity::find()
        .select_only()
        .column(tasks::Column::DocumentId)
        .column(tasks::Column::StageKind)
        .distinct()
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::DocumentId.is_in(document_ids.iter().copied()))
        .filter(tasks::Column::State.eq("open"))
        .into_tuple()
        .all(connection)
        .await?)
}

/// The task, locked until the end of the transaction. (SQLite has one writer: no lock is needed.)
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn lock_task(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<tasks::Model, StoreError> {
    tasks::Entity::find_by_id(id)
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .lock_exclusive()
        .one(connection)
        .await?
        .ok_or(StoreError::Absent { table: "tasks" })
}

/// Every task of a run, by number.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_tasks_of_run(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    run_id: Uuid,
) -> Result<Vec<tasks::Model>, StoreError> {
    Ok(tasks::Entity::find()
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::RunId.eq(run_id))
        .order_by_asc(tasks::Column::Number)
        .all(connection)
        .await?)
}

/// The open tasks of a person, the oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_of(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    person_id: Uuid,
    rows_max: u64,
) -> Result<Vec<tasks::Model>, StoreError> {
    Ok(tasks::Entity::find()
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::PersonId.eq(person_id))
        .filter(tasks::Column::State.eq("open"))
        .order_by_asc(tasks::Column::OpenedAt)
        .order_by_asc(tasks::Column::Id)
        .limit(rows_max)
        .all(connection)
        .await?)
}

/// How many open tasks people have; nobody who has none.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_open_by_person(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    Ok(tasks::Entity::find()
        .select_only()
        .column(tasks::Column::PersonId)
        .column_as(tasks::Column::Id.count(), "tasks_count")
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::State.eq("open"))
        .filter(tasks::Column::PersonId.is_not_null())
        .group_by(tasks::Column::PersonId)
        .into_tuple()
        .all(connection)
        .await?)
}

/// When people were asked last in a stage of a workflow (microseconds since the epoch), by the
/// holders of its tasks; nobody who was not.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_asked(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    workflow_id: &str,
    path: &str,
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let of_workflow = Query::select()
        .column(runs::Column::Id)
        .from(runs::Entity)
        .and_where(Expr::col(runs::Column::OrganisationId).eq(organisation_id))
        .and_where(Expr::col(runs::Column::WorkflowId).eq(workflow_id))
        .to_owned();
    Ok(tasks::Entity::find()
        .select_only()
        .column(tasks::Column::PersonId)
        .column_as(tasks::Column::OpenedAt.max(), "asked_at")
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::Path.eq(path))
        .filter(tasks::Column::PersonId.is_not_null())
        .filter(tasks::Column::RunId.in_subquery(of_workflow))
        .group_by(tasks::Column::PersonId)
        .into_tuple()
        .all(connection)
        .await?)
}

/// The open tasks of contacts on a document, oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_of_contacts(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Vec<tasks::Model>, StoreError> {
    Ok(tasks::Entity::find()
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::DocumentId.eq(document_id))
        .filter(tasks::Column::State.eq("open"))
        .filter(tasks::Column::ContactId.is_not_null())
        .order_by_asc(tasks::Column::Number)
        .all(connection)
        .await?)
}

/// Writes a new task.
///
/// # Errors
///
/// [`StoreError::Duplicate`], [`StoreError::Database`].
pub async fn insert_task(
    connection: &impl ConnectionTrait,
    task: tasks::Model,
) -> Result<(), StoreError> {
    tasks::Entity::insert(task.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Writes what a transition changes in an open task: its holder, its state, its decision.
///
/// # Errors
///
/// [`StoreError::Stale`] if the task is not open any more; [`StoreError::Database`].
pub async fn update_open_task(
    connection: &impl ConnectionTrait,
    task: &tasks::Model,
) -> Result<(), StoreError> {
    let changed = tasks::Entity::update_many()
        .col_expr(tasks::Column::PersonId, Expr::value(task.person_id))
        .col_expr(tasks::Column::ContactId, Expr::value(task.contact_id))
        .col_expr(tasks::Column::State, Expr::value(task.state.as_str()))
        .col_expr(tasks::Column::Decision, Expr::value(task.decision.clone()))
        .col_expr(tasks::Column::Comment, Expr::value(task.comment.clone()))
        .col_expr(
            tasks::Column::CloseReason,
            Expr::value(task.close_reason.clone()),
        )
        .col_expr(tasks::Column::ClosedAt, Expr::value(task.closed_at))
        .col_expr(tasks::Column::RemindedAt, Expr::value(task.reminded_at))
        .col_expr(tasks::Column::DecidedById, Expr::value(task.decided_by_id))
        .filter(tasks::Column::Id.eq(task.id))
        .filter(tasks::Column::OrganisationId.eq(task.organisation_id))
        .filter(tasks::Column::State.eq("open"))
        .exec(connection)
        .await?;
    expect_one(changed.rows_affected)
}

/// Writes when an open task is due.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_due(
    connection: &impl ConnectionTrait,
    task: &tasks::Model,
) -> Result<(), StoreError> {
    tasks::Entity::update_many()
        .col_expr(tasks::Column::DueAt, Expr::value(task.due_at))
        .filter(tasks::Column::Id.eq(task.id))
        .filter(tasks::Column::OrganisationId.eq(task.organisation_id))
        .filter(tasks::Column::State.eq("open"))
        .exec(connection)
        .await?;
    Ok(())
}

/// Notes that an open task was reminded of at `at`, unless that happened after `not_after`.
///
/// # Errors
///
/// [`StoreError::Stale`] if it is not open or was reminded of since; [`StoreError::Database`].
pub async fn update_task_reminded(
    connection: &impl ConnectionTrait,
    task: &tasks::Model,
    at: i64,
    not_after: i64,
) -> Result<(), StoreError> {
    let long_ago = Condition::any()
        .add(tasks::Column::RemindedAt.is_null())
        .add(tasks::Column::RemindedAt.lte(not_after));
    let changed = tasks::Entity::update_many()
        .col_expr(tasks::Column::RemindedAt, Expr::value(at))
        .filter(tasks::Column::Id.eq(task.id))
        .filter(tasks::Column::OrganisationId.eq(task.organisation_id))
        .filter(tasks::Column::State.eq("open"))
        .filter(long_ago)
        .exec(connection)
        .await?;
    expect_one(changed.rows_affected)
}

/// Where a task's stage is found in the definition that its run goes by now.
///
/// # Errors
///
/// [`StoreError::Stale`] if there is no such task, [`StoreError::Database`].
pub async fn update_path(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
    path: &str,
) -> Result<(), StoreError> {
    let done = tasks::Entity::update_many()
        .col_expr(tasks::Column::Path, Expr::value(path))
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::Id.eq(id))
        .exec(connection)
        .await?;
    expect_one(done.rows_affected)
}

/// The stages of a workflow in which documents under way stand: by the digest of the definition
/// that they go by and the path there, how many documents.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_open_by_stage(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    workflow_id: &str,
) -> Result<Vec<(String, String, i64)>, StoreError> {
    Ok(tasks::Entity::find()
        .select_only()
        .column(runs::Column::DefinitionDigest)
        .column(tasks::Column::Path)
        .column_as(
            Expr::col((tasks::Entity, tasks::Column::RunId)).count_distinct(),
            "runs_count",
        )
        .join(JoinType::InnerJoin, to_run())
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::State.eq("open"))
        .filter(runs::Column::WorkflowId.eq(workflow_id))
        .filter(runs::Column::FinishedAt.is_null())
        .group_by(runs::Column::DefinitionDigest)
        .group_by(tasks::Column::Path)
        .order_by_asc(runs::Column::DefinitionDigest)
        .order_by_asc(tasks::Column::Path)
        .into_tuple()
        .all(connection)
        .await?)
}

fn to_run() -> RelationDef {
    tasks::Entity::belongs_to(runs::Entity)
        .from(tasks::Column::RunId)
        .to(runs::Column::Id)
        .into()
}

const fn expect_one(rows: u64) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}
