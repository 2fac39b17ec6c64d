//! Rows of `people`, their roles and groups.

use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::StoreError;
use super::entity::people;

/// The person who logs in with `login` (lower case), of whatever organisation.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_by_login(
    connection: &impl ConnectionTrait,
    login: &str,
) -> Result<Option<people::Model>, StoreError> {
    let found = people::Entity::find()
        .filter(people::Column::Login.eq(login))
        .one(connection)
        .await?;
    Ok(found)
}
