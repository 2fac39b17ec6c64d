//! Rows of `people`, their roles and groups.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};
use uuid::Uuid;

use super::StoreError;
use super::entity::{organisations, people, person_groups, person_links, person_roles};
use super::rows::{self, Before};

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

/// Whether letters to an address (lower case) reach somebody who works here.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn is_address_of_ours(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    address: &str,
) -> Result<bool, StoreError> {
    let is_theirs = Condition::any()
        .add(people::Column::Email.eq(address))
        .add(people::Column::Login.eq(address));
    let found = of(organisation)
        .filter(is_theirs)
        .filter(people::Column::State.ne("disabled"));
    Ok(found.count(connection).await? > 0)
}

fn of(organisation: Uuid) -> Select<people::Entity> {
    people::Entity::find().filter(people::Column::OrganisationId.eq(organisation))
}

/// A person of the organisation.
///
/// # Errors
///
/// [`StoreError::Absent`].
pub async fn load(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<people::Model, StoreError> {
    rows::load::<people::Entity>(connection, organisation, id).await
}

/// Everybody of the organisation, by name.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_all(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<people::Model>, StoreError> {
    rows::list_by_name(connection, of(organisation), None, None).await
}

/// People by name, after the name and identifier of the last one shown.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    after: Option<(&str, Uuid)>,
    rows_max: u64,
) -> Result<Vec<people::Model>, StoreError> {
    rows::list_by_name(connection, of(organisation), after, Some(rows_max)).await
}

/// Active people who are told of their tasks once a day.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_daily(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<people::Model>, StoreError> {
    Ok(of(organisation)
        .filter(people::Column::Letters.eq("daily"))
        .filter(people::Column::State.eq("active"))
        .order_by_asc(people::Column::Id)
        .all(connection)
        .await?)
}

/// The roles of people of the organisation: of one, or of all.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_roles(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Option<Uuid>,
) -> Result<Vec<person_roles::Model>, StoreError> {
    let mut select =
        person_roles::Entity::find().filter(person_roles::Column::OrganisationId.eq(organisation));
    if let Some(person) = person {
        select = select.filter(person_roles::Column::PersonId.eq(person));
    }
    let found = select
        .order_by_asc(person_roles::Column::Id)
        .all(connection)
        .await?;
    Ok(found)
}

/// The groups of a person.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_groups(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
) -> Result<Vec<String>, StoreError> {
    let found = person_groups::Entity::find()
        .filter(person_groups::Column::OrganisationId.eq(organisation))
        .filter(person_groups::Column::PersonId.eq(person))
        .order_by_asc(person_groups::Column::GroupKey)
        .all(connection)
        .await?;
    Ok(found.into_iter().map(|row| row.group_key).collect())
}

/// Takes every role and group of a person away.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_roles_and_groups(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
) -> Result<(), StoreError> {
    person_roles::Entity::delete_many()
        .filter(person_roles::Column::OrganisationId.eq(organisation))
        .filter(person_roles::Column::PersonId.eq(person))
        .exec(connection)
        .await?;
    person_groups::Entity::delete_many()
        .filter(person_groups::Column::OrganisationId.eq(organisation))
        .filter(person_groups::Column::PersonId.eq(person))
        .exec(connection)
        .await?;
    Ok(())
}

/// Locks the organisation's directory until the transaction ends, so that rules over several people
/// (no circle of managers, never without an administrator) hold on PostgreSQL too.
///
/// # Errors
///
/// [`StoreError::Absent`].
pub async fn lock_directory(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<organisations::Model, StoreError> {
    rows::locked(organisations::Entity::find_by_id(organisation))
        .one(connection)
        .await?
        .ok_or(StoreError::Absent {
            table: "organisations",
        })
}

/// The link with this hashed secret that was not used.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_link(
    connection: &impl ConnectionTrait,
    secret_hash: &str,
) -> Result<Option<person_links::Model>, StoreError> {
    let found = person_links::Entity::find()
        .filter(person_links::Column::SecretHash.eq(secret_hash))
        .filter(person_links::Column::UsedAt.is_null())
        .one(connection)
        .await?;
    Ok(found)
}

/// The links of a person that were made after `since`, the newest first; at most 100.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_links_since(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
    since: i64,
) -> Result<Vec<person_links::Model>, StoreError> {
    let rows = person_links::Entity::find()
        .filter(person_links::Column::OrganisationId.eq(organisation))
        .filter(person_links::Column::PersonId.eq(person))
        .filter(person_links::Column::CreatedAt.gt(since))
        .order_by_desc(person_links::Column::CreatedAt)
        .limit(100)
        .all(connection)
        .await?;
    Ok(rows)
}

/// Ends every unused link of a person; says how many there were.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn update_links_used(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: Uuid,
    now: i64,
) -> Result<u64, StoreError> {
    let ended = person_links::Entity::update_many()
        .col_expr(person_links::Column::UsedAt, Expr::value(now))
        .filter(person_links::Column::OrganisationId.eq(organisation))
        .filter(person_links::Column::PersonId.eq(person))
        .filter(person_links::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(ended.rows_affected)
}

/// Replaces a person's row if it still has the version that `row` was made of; the version grows.
///
/// # Errors
///
/// [`StoreError::Stale`]; [`StoreError::Duplicate`] for a login that is taken.
pub async fn update(
    connection: &impl ConnectionTrait,
    row: people::Model,
) -> Result<(), StoreError> {
    use people::Column;
    let before = Before {
        organisation: row.organisation_id,
        id: row.id,
        row_version: row.row_version,
    };
    let edit = people::Entity::update_many()
        .col_expr(Column::Login, Expr::value(row.login))
        .col_expr(Column::Name, Expr::value(row.name))
        .col_expr(Column::Position, Expr::value(row.position))
        .col_expr(Column::Email, Expr::value(row.email))
        .col_expr(Column::DepartmentId, Expr::value(row.department_id))
        .col_expr(Column::ManagerId, Expr::value(row.manager_id))
        .col_expr(Column::Locale, Expr::value(row.locale))
        .col_expr(Column::Theme, Expr::value(row.theme))
        .col_expr(Column::Letters, Expr::value(row.letters))
        .col_expr(Column::PasswordHash, Expr::value(row.password_hash))
        .col_expr(Column::State, Expr::value(row.state));
    rows::update(connection, before, edit).await
}
