//! Rows of `jobs`: what a worker claims and finishes.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};

use super::entity::jobs::{ActiveModel, Column, Entity, Model};
use super::{StoreError, leases};

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
    let wanted = Entity::find().filter(Column::Kind.is_in(kinds.iter().copied()));
    leases::lock_due(tx, wanted, now, lease_until, count_max).await
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
    leases::update_claimed(connection, claimed, change).await
}
