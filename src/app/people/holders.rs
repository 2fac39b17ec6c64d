//! Who holds a role in the whole organisation.

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::app::AppError;
use crate::store;
use crate::store::entity::people;

/// The role that changes the organisation.
pub(crate) const ADMINISTRATOR: &str = "administrator";

/// Active people with `role` in the whole organisation: the role within one department does not
/// reach what belongs to all.
///
/// # Errors
///
/// [`AppError::Unavailable`].
pub(crate) async fn holders_of(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    role: &str,
) -> Result<Vec<people::Model>, AppError> {
    let roles = store::people::list_roles(connection, organisation, None).await?;
    let holders: BTreeSet<Uuid> = roles
        .into_iter()
        .filter(|held| held.role == role && held.department_id.is_none())
        .map(|held| held.person_id)
        .collect();
    let everybody = store::people::list_all(connection, organisation).await?;
    let active = everybody.into_iter();
    let active = active.filter(|person| person.state == "active" && holders.contains(&person.id));
    Ok(active.collect())
}
