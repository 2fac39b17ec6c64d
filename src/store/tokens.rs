//! Rows of `api_tokens`: personal tokens for programs.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use super::StoreError;
use super::entity::api_tokens;

/// The token with this hashed secret, whatever its state.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_by_secret(
    connection: &impl ConnectionTrait,
    secret_hash: &str,
) -> Result<Option<api_tokens::Model>, StoreError> {
    let found = api_tokens::Entity::find()
        .filter(api_tokens::Column::SecretHash.eq(secret_hash))
        .one(connection)
        .await?;
    Ok(found)
}

/// A person's tokens that are not revoked, the newest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_person(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
) -> Result<Vec<api_tokens::Model>, StoreError> {
    let found = api_tokens::Entity::find()
        .filter(api_tokens::Column::OrganisationId.eq(organisation))
        .filter(api_tokens::Column::PersonId.eq(person))
        .filter(api_tokens::Column::RevokedAt.is_null())
        .order_by_desc(api_tokens::Column::Id)
        .all(connection)
        .await?;
    Ok(found)
}

/// Notes that a token was used at `now`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_last_used(
    connection: &impl ConnectionTrait,
    id: Uuid,
    now: i64,
) -> Result<(), StoreError> {
    api_tokens::Entity::update_many()
        .col_expr(api_tokens::Column::LastUsedAt, Expr::value(now))
        .filter(api_tokens::Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(())
}

/// Revokes one token of a person (`Some`) or all of them (`None`); says how many were revoked.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_revoked(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
    id: Option<Uuid>,
    now: i64,
) -> Result<u64, StoreError> {
    let mut revoking = api_tokens::Entity::update_many()
        .col_expr(api_tokens::Column::RevokedAt, Expr::value(now))
        .filter(api_tokens::Column::OrganisationId.eq(organisation))
        .filter(api_tokens::Column::PersonId.eq(person))
        .filter(api_tokens::Column::RevokedAt.is_null());
    if let Some(id) = id {
        revoking = revoking.filter(api_tokens::Column::Id.eq(id));
    }
    Ok(revoking.exec(connection).await?.rows_affected)
}
