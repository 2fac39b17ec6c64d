//! Runs and their events. A run moves only by a compare-and-set on `seq`.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    Select,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{run_events, runs, tasks};
use crate::store::rows;

/// The run, if this organisation has it.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_run(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<Option<runs::Model>, StoreError> {
    rows::find::<runs::Entity>(connection, organisation_id, id).await
}

/// The run, which must be there.
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn load_run(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<runs::Model, StoreError> {
    let run = find_run(connection, organisation_id, id).await?;
    run.ok_or(StoreError::Absent { table: "runs" })
}

/// The run, locked until the end of the transaction. (SQLite has one writer: no lock is needed.)
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn lock_run(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<runs::Model, StoreError> {
    let run = runs::Entity::find_by_id(id).filter(runs::Column::OrganisationId.eq(organisation_id));
    rows::locked(run)
        .one(connection)
        .await?
        .ok_or(StoreError::Absent { table: "runs" })
}

/// The document's newest run: the live one, if there is one.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_newest_run(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
) -> Result<Option<runs::Model>, StoreError> {
    Ok(runs::Entity::find()
        .filter(runs::Column::OrganisationId.eq(organisation_id))
        .filter(runs::Column::DocumentId.eq(document_id))
        .order_by_desc(runs::Column::StartedAt)
        .order_by_desc(runs::Column::Id)
        .one(connection)
        .await?)
}

/// Writes a new run. A document with a live run already gives [`StoreError::Duplicate`].
///
/// # Errors
///
/// [`StoreError::Duplicate`], [`StoreError::Database`].
pub async fn insert_run(
    connection: &impl ConnectionTrait,
    run: runs::Model,
) -> Result<(), StoreError> {
    let row: runs::ActiveModel = run.into();
    // Every column is given: nothing is "unchanged" in an insert.
    row.reset_all().insert(connection).await?;
    Ok(())
}

/// Replaces the run by `moved` if its `seq` is still `seq_before`.
///
/// # Errors
///
/// [`StoreError::Stale`] if somebody else moved it first; [`StoreError::Database`].
pub async fn update_run(
    connection: &impl ConnectionTrait,
    seq_before: i64,
    moved: &runs::Model,
) -> Result<(), StoreError> {
    let changed = runs::Entity::update_many()
        .col_expr(runs::Column::Seq, Expr::value(moved.seq))
        .col_expr(runs::Column::State, Expr::value(moved.state.as_str()))
        .col_expr(runs::Column::Phase, Expr::value(moved.phase.as_str()))
        .col_expr(runs::Column::Round, Expr::value(moved.round))
        .col_expr(runs::Column::VersionId, Expr::value(moved.version_id))
        .col_expr(
            runs::Column::DefinitionDigest,
            Expr::value(moved.definition_digest.as_str()),
        )
        .col_expr(runs::Column::FinishedAt, Expr::value(moved.finished_at))
        .col_expr(runs::Column::IncidentAt, Expr::value(moved.incident_at))
        .filter(runs::Column::Id.eq(moved.id))
        .filter(runs::Column::OrganisationId.eq(moved.organisation_id))
        .filter(runs::Column::Seq.eq(seq_before))
        .exec(connection)
        .await?;
    if changed.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// The definitions that open runs are pinned to, by their digests.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_digests(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
) -> Result<Vec<String>, StoreError> {
    Ok(runs::Entity::find()
        .select_only()
        .column(runs::Column::DefinitionDigest)
        .distinct()
        .filter(runs::Column::OrganisationId.eq(organisation_id))
        .filter(runs::Column::FinishedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?)
}

/// How many runs of this workflow are open, whatever text they are pinned to.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_open_of_workflow(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    workflow_id: &str,
) -> Result<u64, StoreError> {
    Ok(runs::Entity::find()
        .filter(runs::Column::OrganisationId.eq(organisation_id))
        .filter(runs::Column::WorkflowId.eq(workflow_id))
        .filter(runs::Column::FinishedAt.is_null())
        .count(connection)
        .await?)
}

/// Runs under way of a workflow that are pinned to another definition than `present` (the workflow
/// and the digest in force), behind the run `after`, in the order of their start.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_by_others(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    present: (&str, &str),
    after: Option<Uuid>,
    count_max: u64,
) -> Result<Vec<runs::Model>, StoreError> {
    Ok(by_others(organisation_id, present)
        .apply_if(after, |found, after| {
            found.filter(runs::Column::Id.gt(after))
        })
        .order_by_asc(runs::Column::Id)
        .limit(count_max)
        .all(connection)
        .await?)
}

/// How many there are of [`list_open_by_others`].
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_open_by_others(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    present: (&str, &str),
) -> Result<u64, StoreError> {
    Ok(by_others(organisation_id, present)
        .count(connection)
        .await?)
}

fn by_others(organisation_id: Uuid, (workflow, digest): (&str, &str)) -> Select<runs::Entity> {
    runs::Entity::find()
        .filter(runs::Column::OrganisationId.eq(organisation_id))
        .filter(runs::Column::WorkflowId.eq(workflow))
        .filter(runs::Column::FinishedAt.is_null())
        .filter(runs::Column::DefinitionDigest.ne(digest))
}

/// Some open runs that are pinned to this definition, behind the run `after`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open_of(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    digest: &str,
    after: Option<Uuid>,
    count_max: u64,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(runs::Entity::find()
        .select_only()
        .column(runs::Column::Id)
        .apply_if(after, |found, after| {
            found.filter(runs::Column::Id.gt(after))
        })
        .filter(runs::Column::OrganisationId.eq(organisation_id))
        .filter(runs::Column::FinishedAt.is_null())
        .filter(runs::Column::DefinitionDigest.eq(digest))
        .order_by_asc(runs::Column::Id)
        .limit(count_max)
        .into_tuple()
        .all(connection)
        .await?)
}

/// Runs that stand still until an administrator tries again, the longest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_incidents(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    count_max: u64,
) -> Result<Vec<runs::Model>, StoreError> {
    Ok(runs::Entity::find()
        .filter(runs::Column::OrganisationId.eq(organisation_id))
        .filter(runs::Column::IncidentAt.is_not_null())
        .order_by_asc(runs::Column::IncidentAt)
        .limit(count_max)
        .all(connection)
        .await?)
}

/// Runs with open tasks of any of these people.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_with_tasks_of(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    people: &BTreeSet<Uuid>,
    count_max: u64,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(tasks::Entity::find()
        .select_only()
        .column(tasks::Column::RunId)
        .distinct()
        .filter(tasks::Column::OrganisationId.eq(organisation_id))
        .filter(tasks::Column::State.eq("open"))
        .filter(tasks::Column::PersonId.is_in(people.iter().copied()))
        .order_by_asc(tasks::Column::RunId)
        .limit(count_max)
        .into_tuple()
        .all(connection)
        .await?)
}

/// Writes one event of a run. The key (run, seq) makes a second writer impossible.
///
/// # Errors
///
/// [`StoreError::Duplicate`], [`StoreError::Database`].
pub async fn insert_run_event(
    connection: &impl ConnectionTrait,
    event: run_events::Model,
) -> Result<(), StoreError> {
    let row = run_events::ActiveModel {
        organisation_id: Set(event.organisation_id),
        run_id: Set(event.run_id),
        seq: Set(event.seq),
        at: Set(event.at),
        body: Set(event.body),
    };
    row.insert(connection).await?;
    Ok(())
}

/// The run's events in their order.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_run_events(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    run_id: Uuid,
) -> Result<Vec<run_events::Model>, StoreError> {
    Ok(run_events::Entity::find()
        .filter(run_events::Column::OrganisationId.eq(organisation_id))
        .filter(run_events::Column::RunId.eq(run_id))
        .order_by_asc(run_events::Column::Seq)
        .all(connection)
        .await?)
}
