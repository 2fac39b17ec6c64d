//! Rows of `jobs`: what a worker claims and finishes.

use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::StoreError;
use super::entity::jobs::{ActiveModel, Column, Entity, Model};

/// Writes a job, once for its key.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_once(
    connection: &impl ConnectionTrait,
    row: ActiveModel,
) -> Result<(), StoreError> {
    let once = OnConflict::columns([Column::OrganisationId, Column::Key])
        .do_nothing()
        .to_owned();
    Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Leases up to `count_max` jobs of the given kinds that are due at `now` (or whose lease ran out)
/// until `lease_until`; both in microseconds.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn lock_due(
    tx: &DatabaseTransaction,
    kinds: &[&'static str],
    now: i64,
    lease_until: i64,
    count_max: u64,
) -> Result<Vec<Model>, StoreError> {
    let is_due = Condition::any()
        .add(Column::State.eq("ready").and(Column::NextAt.lte(now)))
        .add(Column::State.eq("running").and(Column::LeaseUntil.lte(now)));
    let mut query = Entity::find()
        .filter(is_due)
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .order_by_asc(Column::NextAt)
        .order_by_asc(Column::Id)
        .limit(count_max);
    if tx.get_database_backend() == DbBackend::Postgres {
        query = query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let mut rows = query.all(tx).await?;
    if rows.is_empty() {
        return Ok(rows);
    }
    Entity::update_many()
        .col_expr(Column::State, Expr::value("running"))
        .col_expr(Column::LeaseUntil, Expr::value(lease_until))
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    for row in &mut rows {
        row.fence += 1;
        row.attempts += 1;
    }
    Ok(rows)
}

/// Writes what became of a claimed job, if the claim still holds.
///
/// # Errors
///
/// [`StoreError::Stale`] if somebody else claimed it since; [`StoreError::Database`].
pub async fn update_claimed(
    connection: &impl ConnectionTrait,
    claimed: &Model,
    change: ActiveModel,
) -> Result<(), StoreError> {
    let done = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(claimed.id))
        .filter(Column::Fence.eq(claimed.fence))
        .filter(Column::State.eq("running"))
        .exec(connection)
        .await?;
    if done.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}
