//! Rows of `sessions`: what a session cookie stands for.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::StoreError;
use super::entity::{departments, organisations, people, person_roles, sessions};

/// The session with this hashed secret, whatever its state.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_by_secret(
    connection: &impl ConnectionTrait,
    secret_hash: &str,
) -> Result<Option<sessions::Model>, StoreError> {
    let found = sessions::Entity::find()
        .filter(sessions::Column::SecretHash.eq(secret_hash))
        .one(connection)
        .await?;
    Ok(found)
}

/// The sessions of a person that are not revoked and not past `now`, the latest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_open(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
    now: i64,
) -> Result<Vec<sessions::Model>, StoreError> {
    let found = sessions::Entity::find()
        .filter(sessions::Column::OrganisationId.eq(organisation))
        .filter(sessions::Column::PersonId.eq(person))
        .filter(sessions::Column::RevokedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(now))
        .order_by_desc(sessions::Column::LastSeenAt)
        .all(connection)
        .await?;
    Ok(found)
}

/// The addresses that a person's sessions were opened from, as far as their rows are kept.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_addresses(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
) -> Result<Vec<String>, StoreError> {
    let found: Vec<Option<String>> = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Address)
        .distinct()
        .filter(sessions::Column::OrganisationId.eq(organisation))
        .filter(sessions::Column::PersonId.eq(person))
        .filter(sessions::Column::Address.is_not_null())
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.into_iter().flatten().collect())
}

/// Notes that a session was used at `now`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_last_seen(
    connection: &impl ConnectionTrait,
    id: Uuid,
    now: i64,
) -> Result<(), StoreError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::LastSeenAt, Expr::value(now))
        .filter(sessions::Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(())
}

/// Ends one session of a person, if it is open; says whether it was.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_revoked(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
    id: Uuid,
    now: i64,
) -> Result<bool, StoreError> {
    let ended = sessions::Entity::update_many()
        .col_expr(sessions::Column::RevokedAt, Expr::value(now))
        .filter(sessions::Column::OrganisationId.eq(organisation))
        .filter(sessions::Column::PersonId.eq(person))
        .filter(sessions::Column::Id.eq(id))
        .filter(sessions::Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    Ok(ended.rows_affected > 0)
}

/// Ends every open session of a person, but for `kept`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_all_revoked(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
    kept: Option<Uuid>,
    now: i64,
) -> Result<u64, StoreError> {
    let mut ending = sessions::Entity::update_many()
        .col_expr(sessions::Column::RevokedAt, Expr::value(now))
        .filter(sessions::Column::OrganisationId.eq(organisation))
        .filter(sessions::Column::PersonId.eq(person))
        .filter(sessions::Column::RevokedAt.is_null());
    if let Some(kept) = kept {
        ending = ending.filter(sessions::Column::Id.ne(kept));
    }
    Ok(ending.exec(connection).await?.rows_affected)
}

/// What is known of the person behind a session or token.
#[derive(Clone, Debug)]
pub struct PersonFacts {
    /// The person.
    pub person: people::Model,
    /// Their organisation.
    pub organisation: organisations::Model,
    /// Their roles, some within one department.
    pub roles: Vec<(String, Option<Uuid>)>,
    /// The departments they head.
    pub heads: Vec<Uuid>,
}

/// The person with everything that access decisions need.
///
/// # Errors
///
/// [`StoreError::Absent`] if there is no such person.
pub async fn load_person_facts(
    connection: &impl ConnectionTrait,
    person: Uuid,
) -> Result<PersonFacts, StoreError> {
    let (person, organisation) = people::Entity::find_by_id(person)
        .one(connection)
        .await?
        .map(|person| {
            let organisation = person.organisation_id;
            (person, organisation)
        })
        .ok_or(StoreError::Absent { table: "people" })?;
    let organisation = organisations::Entity::find_by_id(organisation)
        .one(connection)
        .await?
        .ok_or(StoreError::Absent {
            table: "organisations",
        })?;
    let roles = person_roles::Entity::find()
        .filter(person_roles::Column::OrganisationId.eq(organisation.id))
        .filter(person_roles::Column::PersonId.eq(person.id))
        .all(connection)
        .await?;
    let heads = departments::Entity::find()
        .filter(departments::Column::OrganisationId.eq(organisation.id))
        .filter(departments::Column::HeadId.eq(person.id))
        .filter(departments::Column::ArchivedAt.is_null())
        .all(connection)
        .await?;
    Ok(PersonFacts {
        roles: roles
            .into_iter()
            .map(|row| (row.role, row.department_id))
            .collect(),
        heads: heads.into_iter().map(|row| row.id).collect(),
        person,
        organisation,
    })
}
