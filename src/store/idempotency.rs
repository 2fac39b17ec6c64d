//! Rows of `idempotency_keys`: the first answer to a request that may be repeated.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::StoreError;
use super::entity::idempotency_keys;

/// Writes a key down unless it is there; says whether it was written.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_if_absent(
    connection: &impl ConnectionTrait,
    row: idempotency_keys::Model,
) -> Result<bool, StoreError> {
    use idempotency_keys::Column;
    let written = idempotency_keys::Entity::insert(idempotency_keys::ActiveModel {
        organisation_id: Set(row.organisation_id),
        actor_id: Set(row.actor_id),
        key: Set(row.key),
        route: Set(row.route),
        request_digest: Set(row.request_digest),
        status_code: Set(row.status_code),
        response: Set(row.response),
        created_at: Set(row.created_at),
        event_id: Set(row.event_id),
    })
    .on_conflict(
        OnConflict::columns([Column::OrganisationId, Column::ActorId, Column::Key])
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(connection)
    .await?;
    Ok(written > 0)
}

/// The key as it was first used.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    actor: Uuid,
    key: &str,
) -> Result<Option<idempotency_keys::Model>, StoreError> {
    let found = idempotency_keys::Entity::find_by_id((organisation, actor, key.to_owned()))
        .one(connection)
        .await?;
    Ok(found)
}

/// Keeps the answer to the first request with this key.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_answer(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    actor: Uuid,
    key: &str,
    begun_at: i64,
    status_code: i64,
    response: String,
) -> Result<(), StoreError> {
    use idempotency_keys::Column;
    idempotency_keys::Entity::update_many()
        .col_expr(Column::StatusCode, Expr::value(status_code))
        .col_expr(Column::Response, Expr::value(response))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::ActorId.eq(actor))
        .filter(Column::Key.eq(key))
        .filter(Column::CreatedAt.eq(begun_at))
        .exec(connection)
        .await?;
    Ok(())
}

/// Writes down, in the transaction of a change, that the request under this key made it; says
/// whether the key is still that request's.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn mark_done(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    actor: Uuid,
    key: &str,
    begun_at: i64,
    event: Uuid,
) -> Result<bool, StoreError> {
    use idempotency_keys::Column;
    let marked = idempotency_keys::Entity::update_many()
        .col_expr(Column::EventId, Expr::value(event))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::ActorId.eq(actor))
        .filter(Column::Key.eq(key))
        .filter(Column::CreatedAt.eq(begun_at))
        .exec(connection)
        .await?;
    Ok(marked.rows_affected > 0)
}

/// Forgets a key whose request changed nothing, so that it may be made again; says whether it was
/// this caller who forgot it.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_undone(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    actor: Uuid,
    key: &str,
    created_at: i64,
) -> Result<bool, StoreError> {
    use idempotency_keys::Column;
    let gone = idempotency_keys::Entity::delete_many()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::ActorId.eq(actor))
        .filter(Column::Key.eq(key))
        .filter(Column::CreatedAt.eq(created_at))
        .filter(Column::EventId.is_null())
        .exec(connection)
        .await?;
    Ok(gone.rows_affected > 0)
}

/// Forgets a key as it was at `created_at`, so that its request may be made again; says whether
/// it was this caller who forgot it.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_as_of(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    actor: Uuid,
    key: &str,
    created_at: i64,
) -> Result<bool, StoreError> {
    use idempotency_keys::Column;
    let gone = idempotency_keys::Entity::delete_many()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::ActorId.eq(actor))
        .filter(Column::Key.eq(key))
        .filter(Column::CreatedAt.eq(created_at))
        .exec(connection)
        .await?;
    Ok(gone.rows_affected > 0)
}
