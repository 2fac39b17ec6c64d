//! Rows of `calls`: what a worker claims and finishes, and what the administrator's list shows.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction,
    EntityTrait as _, ExprTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::entity::calls::{ActiveModel, Column, Entity, Model};
use super::{StoreError, leases, rows};

/// Writes a call, once for its key.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_once(connection: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let once = OnConflict::columns([Column::OrganisationId, Column::Key])
        .do_nothing()
        .to_owned();
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(once)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Leases up to `count_max` calls of a kind that are due at `now` (or whose lease ran out) until
/// `lease_until`; both in microseconds. Each comes back with its fence and attempts counted up.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn lock_due(
    tx: &DatabaseTransaction,
    kind: &str,
    now: i64,
    lease_until: i64,
    count_max: u64,
) -> Result<Vec<Model>, StoreError> {
    let wanted = Entity::find().filter(Column::Kind.eq(kind));
    leases::lock_due(tx, wanted, now, lease_until, count_max).await
}

/// Writes what became of a claimed call, if the claim still holds.
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

/// Makes a call that was given up due again at `now`, if it is still as `known` has it; says
/// whether it was.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_ready_again(
    connection: &impl ConnectionTrait,
    known: &Model,
    now: i64,
) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value("ready"))
        .col_expr(Column::Attempts, Expr::value(0_i64))
        .col_expr(Column::NextAt, Expr::value(now))
        .filter(Column::OrganisationId.eq(known.organisation_id))
        .filter(Column::Id.eq(known.id))
        .filter(Column::State.eq(known.state.as_str()))
        .filter(Column::Fence.eq(known.fence))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// A page of an organisation's calls, newest first, that come before the row (`created_at`, `id`).
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    state: Option<&str>,
    before: Option<(i64, Uuid)>,
    count_max: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut query = Entity::find().filter(Column::OrganisationId.eq(organisation_id));
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state));
    }
    if let Some((at, id)) = before {
        let same_moment = Column::CreatedAt.eq(at).and(Column::Id.lt(id));
        let earlier = Condition::any().add(Column::CreatedAt.lt(at));
        query = query.filter(earlier.add(same_moment));
    }
    let query = query
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id);
    Ok(query.limit(count_max).all(connection).await?)
}

/// The newest calls about a document.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_document(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    count_max: u64,
) -> Result<Vec<Model>, StoreError> {
    let of_document = Entity::find()
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(Column::DocumentId.eq(document_id));
    let newest = of_document
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id);
    Ok(newest.limit(count_max).all(connection).await?)
}

/// One call of an organisation.
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn load(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<Model, StoreError> {
    rows::load::<Entity>(connection, organisation_id, id).await
}
