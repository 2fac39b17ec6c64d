//! What is kept for a while only: rows that have served, by table. The log of events is not among
//! them.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::StoreError;
use super::entity::{idempotency_keys, jobs, link_codes, link_visits, outbox, sessions};

/// Keys of repeated requests that came before `before`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_keys(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    before: i64,
) -> Result<u64, StoreError> {
    let gone = idempotency_keys::Entity::delete_many()
        .filter(idempotency_keys::Column::OrganisationId.eq(organisation))
        .filter(idempotency_keys::Column::CreatedAt.lt(before))
        .exec(connection)
        .await?;
    Ok(gone.rows_affected)
}

/// Sessions that ended before `before`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_sessions(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    before: i64,
) -> Result<u64, StoreError> {
    let ended = Condition::any()
        .add(sessions::Column::ExpiresAt.lt(before))
        .add(sessions::Column::RevokedAt.lt(before));
    let gone = sessions::Entity::delete_many()
        .filter(sessions::Column::OrganisationId.eq(organisation))
        .filter(ended)
        .exec(connection)
        .await?;
    Ok(gone.rows_affected)
}

/// Codes that were used or ran out before `before`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_codes(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    before: i64,
) -> Result<u64, StoreError> {
    let gone = link_codes::Entity::delete_many()
        .filter(link_codes::Column::OrganisationId.eq(organisation))
        .filter(link_codes::Column::ExpiresAt.lt(before))
        .exec(connection)
        .await?;
    Ok(gone.rows_affected)
}

/// Visits through links that ended before `before`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_visits(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    before: i64,
) -> Result<u64, StoreError> {
    let gone = link_visits::Entity::delete_many()
        .filter(link_visits::Column::OrganisationId.eq(organisation))
        .filter(link_visits::Column::ExpiresAt.lt(before))
        .exec(connection)
        .await?;
    Ok(gone.rows_affected)
}

/// Erases the sealed part of mails that were written before `before` and will not be sent by
/// themselves any more: the mail stays in the list.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn erase_secrets(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    before: i64,
) -> Result<u64, StoreError> {
    let erased = outbox::Entity::update_many()
        .col_expr(outbox::Column::Sealed, Expr::value(Option::<Vec<u8>>::None))
        .filter(outbox::Column::OrganisationId.eq(organisation))
        .filter(outbox::Column::State.is_in(["sent", "failed"]))
        .filter(outbox::Column::CreatedAt.lt(before))
        .filter(outbox::Column::Sealed.is_not_null())
        .exec(connection)
        .await?;
    Ok(erased.rows_affected)
}

/// Sweeps and checks themselves that were done before `before`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_rounds(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    before: i64,
) -> Result<u64, StoreError> {
    let gone = jobs::Entity::delete_many()
        .filter(jobs::Column::OrganisationId.eq(organisation))
        .filter(jobs::Column::Kind.is_in(["sweep", "recheck"]))
        .filter(jobs::Column::DoneAt.lt(before))
        .exec(connection)
        .await?;
    Ok(gone.rows_affected)
}
