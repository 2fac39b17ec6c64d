//! Rows that a worker claims for a while: `calls`, `jobs` and `outbox`. A claim counts the fence
//! up; whoever finishes says which fence it held.

use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbBackend,
    ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};
use uuid::Uuid;

use super::StoreError;
use super::rows::Owned;

/// A table whose rows are claimed.
pub(super) trait Leased: Owned {
    /// `ready`, [`Leased::CLAIMED`], or an end.
    const STATE: Self::Column;
    /// From when a ready row is due.
    const NEXT_AT: Self::Column;
    /// Until when a claim holds.
    const LEASE_UNTIL: Self::Column;
    /// How often the row was claimed.
    const FENCE: Self::Column;
    /// How often it was tried.
    const ATTEMPTS: Self::Column;
    /// The state of a claimed row.
    const CLAIMED: &'static str;

    /// The identifier and the fence of a row.
    fn claim(row: &Self::Model) -> (Uuid, i64);

    /// Makes the row read what the claim has just written.
    fn count_up(row: &mut Self::Model);
}

/// Leases up to `count_max` of `rows` that are due at `now` (or whose lease ran out) until
/// `lease_until`; both in microseconds. Each comes back with its fence and attempts counted up.
pub(super) async fn lock_due<E: Leased>(
    tx: &DatabaseTransaction,
    rows: Select<E>,
    now: i64,
    lease_until: i64,
    count_max: u64,
) -> Result<Vec<E::Model>, StoreError> {
    let ready = E::STATE.eq("ready").and(E::NEXT_AT.lte(now));
    let abandoned = E::STATE.eq(E::CLAIMED).and(E::LEASE_UNTIL.lte(now));
    let mut query = rows
        .filter(Condition::any().add(ready).add(abandoned))
        .order_by_asc(E::NEXT_AT)
        .order_by_asc(E::ID)
        .limit(count_max);
    if tx.get_database_backend() == DbBackend::Postgres {
        query = query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let mut claimed = query.all(tx).await?;
    if claimed.is_empty() {
        return Ok(claimed);
    }
    E::update_many()
        .col_expr(E::STATE, Expr::value(E::CLAIMED))
        .col_expr(E::LEASE_UNTIL, Expr::value(lease_until))
        .col_expr(E::FENCE, Expr::col(E::FENCE).add(1))
        .col_expr(E::ATTEMPTS, Expr::col(E::ATTEMPTS).add(1))
        .filter(E::ID.is_in(claimed.iter().map(|row| E::claim(row).0)))
        .exec(tx)
        .await?;
    claimed.iter_mut().for_each(E::count_up);
    Ok(claimed)
}

/// Writes what became of a claimed row, if the claim still holds.
///
/// # Errors
///
/// [`StoreError::Stale`] if somebody else claimed it since; [`StoreError::Database`].
pub(super) async fn update_claimed<E, A>(
    connection: &impl ConnectionTrait,
    claimed: &E::Model,
    change: A,
) -> Result<(), StoreError>
where
    E: Leased,
    A: ActiveModelTrait<Entity = E>,
{
    let (id, fence) = E::claim(claimed);
    let done = E::update_many()
        .set(change)
        .filter(E::ID.eq(id))
        .filter(E::FENCE.eq(fence))
        .filter(E::STATE.eq(E::CLAIMED))
        .exec(connection)
        .await?;
    if done.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// Says which columns of a table are which.
macro_rules! leased {
    ($table:ident, $claimed:literal) => {
        impl Leased for $table::Entity {
            const STATE: $table::Column = $table::Column::State;
            const NEXT_AT: $table::Column = $table::Column::NextAt;
            const LEASE_UNTIL: $table::Column = $table::Column::LeaseUntil;
            const FENCE: $table::Column = $table::Column::Fence;
            const ATTEMPTS: $table::Column = $table::Column::Attempts;
            const CLAIMED: &'static str = $claimed;

            fn claim(row: &$table::Model) -> (Uuid, i64) {
                (row.id, row.fence)
            }

            fn count_up(row: &mut $table::Model) {
                row.fence += 1;
                row.attempts += 1;
            }
        }
    };
}

use super::entity::{calls, jobs, outbox};

leased!(calls, "calling");
leased!(jobs, "running");
leased!(outbox, "sending");
