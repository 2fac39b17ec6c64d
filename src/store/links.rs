//! Links, their visits and codes.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{link_codes, link_visits, links, questions, signings};

/// The link, locked until the end of the transaction. (SQLite has one writer: no lock is needed.)
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn lock_link(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<links::Model, StoreError> {
    let found = links::Entity::find_by_id(id).lock_exclusive();
    let found = found.one(connection).await?;
    found.ok_or(StoreError::Absent { table: "links" })
}

/// The visit, locked until the end of the transaction. (SQLite has one writer: no lock is needed.)
///
/// # Errors
///
/// [`StoreError::Absent`], [`StoreError::Database`].
pub async fn lock_visit(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<link_visits::Model, StoreError> {
    let found = link_visits::Entity::find_by_id(id).lock_exclusive();
    let found = found.one(connection).await?;
    found.ok_or(StoreError::Absent {
        table: "link_visits",
    })
}

/// The active links of a task, oldest first, locked as [`lock_link`].
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn lock_active_of_task(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    task_id: Uuid,
) -> Result<Vec<links::Model>, StoreError> {
    Ok(links::Entity::find()
        .filter(links::Column::OrganisationId.eq(organisation_id))
        .filter(links::Column::TaskId.eq(task_id))
        .filter(links::Column::State.eq("active"))
        .order_by_asc(links::Column::Id)
        .lock_exclusive()
        .all(connection)
        .await?)
}

/// The active links of a contact, oldest first, locked as [`lock_link`].
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn lock_active_of_contact(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    contact_id: Uuid,
) -> Result<Vec<links::Model>, StoreError> {
    Ok(links::Entity::find()
        .filter(links::Column::OrganisationId.eq(organisation_id))
        .filter(links::Column::ContactId.eq(contact_id))
        .filter(links::Column::State.eq("active"))
        .order_by_asc(links::Column::Id)
        .lock_exclusive()
        .all(connection)
        .await?)
}

/// The links to a task that one contact was given.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_ids_of_holder(
    connection: &impl ConnectionTrait,
    task_id: Uuid,
    contact_id: Uuid,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(links::Entity::find()
        .select_only()
        .column(links::Column::Id)
        .filter(links::Column::TaskId.eq(task_id))
        .filter(links::Column::ContactId.eq(contact_id))
        .into_tuple()
        .all(connection)
        .await?)
}

/// The newest link that a contact was given for a document.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_newest_of_contact(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    document_id: Uuid,
    contact_id: Uuid,
) -> Result<Option<links::Model>, StoreError> {
    Ok(links::Entity::find()
        .filter(links::Column::OrganisationId.eq(organisation_id))
        .filter(links::Column::DocumentId.eq(document_id))
        .filter(links::Column::ContactId.eq(contact_id))
        .order_by_desc(links::Column::CreatedAt)
        .order_by_desc(links::Column::Id)
        .one(connection)
        .await?)
}

/// How many links to a task are active, whether or not their time has passed.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_active_of_task(
    connection: &impl ConnectionTrait,
    task_id: Uuid,
) -> Result<u64, StoreError> {
    Ok(links::Entity::find()
        .filter(links::Column::TaskId.eq(task_id))
        .filter(links::Column::State.eq("active"))
        .count(connection)
        .await?)
}

/// Ends a link that is in `from`: gives how many rows that were.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn close(
    connection: &impl ConnectionTrait,
    id: Uuid,
    from: &str,
    state: &str,
    at: i64,
) -> Result<u64, StoreError> {
    let closed = links::Entity::update_many()
        .col_expr(links::Column::State, Expr::value(state))
        .col_expr(links::Column::ClosedAt, Expr::value(at))
        .filter(links::Column::Id.eq(id))
        .filter(links::Column::State.eq(from))
        .exec(connection)
        .await?;
    Ok(closed.rows_affected)
}

/// Revokes links that are still active.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn revoke(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
    reason: Option<&str>,
    at: i64,
) -> Result<(), StoreError> {
    links::Entity::update_many()
        .col_expr(links::Column::State, Expr::value("revoked"))
        .col_expr(links::Column::ClosedAt, Expr::value(at))
        .col_expr(
            links::Column::CloseReason,
            Expr::value(reason.map(str::to_owned)),
        )
        .filter(links::Column::Id.is_in(ids.iter().copied()))
        .filter(links::Column::State.eq("active"))
        .exec(connection)
        .await?;
    Ok(())
}

/// Ends every visit through links.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn end_visits(
    connection: &impl ConnectionTrait,
    link_ids: &[Uuid],
    at: i64,
) -> Result<(), StoreError> {
    link_visits::Entity::update_many()
        .col_expr(link_visits::Column::ExpiresAt, Expr::value(at))
        .filter(link_visits::Column::LinkId.is_in(link_ids.iter().copied()))
        .filter(link_visits::Column::ExpiresAt.gt(at))
        .exec(connection)
        .await?;
    Ok(())
}

/// When the links that a task was given after `since` were opened, oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_task(
    connection: &impl ConnectionTrait,
    task_id: Uuid,
    since: i64,
) -> Result<Vec<i64>, StoreError> {
    Ok(links::Entity::find()
        .select_only()
        .column(links::Column::CreatedAt)
        .filter(links::Column::TaskId.eq(task_id))
        .filter(links::Column::CreatedAt.gt(since))
        .order_by_asc(links::Column::CreatedAt)
        .into_tuple()
        .all(connection)
        .await?)
}

/// The last link of somebody else for the same task that was closed when this one was opened.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_before(
    connection: &impl ConnectionTrait,
    link: &links::Model,
) -> Result<Option<links::Model>, StoreError> {
    Ok(links::Entity::find()
        .filter(links::Column::TaskId.eq(link.task_id))
        .filter(links::Column::ContactId.ne(link.contact_id))
        .filter(links::Column::ClosedAt.lte(link.created_at))
        .order_by_desc(links::Column::ClosedAt)
        .order_by_desc(links::Column::Id)
        .one(connection)
        .await?)
}

/// When the codes that were mailed for a link after `since` were mailed, oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_codes_sent(
    connection: &impl ConnectionTrait,
    link_id: Uuid,
    since: i64,
) -> Result<Vec<i64>, StoreError> {
    Ok(link_codes::Entity::find()
        .select_only()
        .column(link_codes::Column::SentAt)
        .filter(link_codes::Column::LinkId.eq(link_id))
        .filter(link_codes::Column::SentAt.gt(since))
        .order_by_asc(link_codes::Column::SentAt)
        .into_tuple()
        .all(connection)
        .await?)
}

/// How many wrong codes were given for a link in all its life.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_wrong_codes(
    connection: &impl ConnectionTrait,
    link_id: Uuid,
) -> Result<i64, StoreError> {
    let tries: Vec<(i64, Option<i64>)> = link_codes::Entity::find()
        .select_only()
        .column(link_codes::Column::Tries)
        .column(link_codes::Column::UsedAt)
        .filter(link_codes::Column::LinkId.eq(link_id))
        .into_tuple()
        .all(connection)
        .await?;
    // The try that was right is no failure.
    let wrong = tries
        .into_iter()
        .map(|(tries, used_at)| tries.saturating_sub(i64::from(used_at.is_some())));
    Ok(wrong.sum())
}

/// When the questions that were asked through a link after `since` were asked, oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_questions_asked(
    connection: &impl ConnectionTrait,
    link_id: Uuid,
    since: i64,
) -> Result<Vec<i64>, StoreError> {
    Ok(questions::Entity::find()
        .select_only()
        .column(questions::Column::AskedAt)
        .filter(questions::Column::LinkId.eq(link_id))
        .filter(questions::Column::AskedAt.gt(since))
        .order_by_asc(questions::Column::AskedAt)
        .into_tuple()
        .all(connection)
        .await?)
}

/// When the signatures of a task that were prepared after `since` were prepared, oldest first.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_prepared(
    connection: &impl ConnectionTrait,
    task_id: Uuid,
    since: i64,
) -> Result<Vec<i64>, StoreError> {
    Ok(signings::Entity::find()
        .select_only()
        .column(signings::Column::PreparedAt)
        .filter(signings::Column::TaskId.eq(task_id))
        .filter(signings::Column::PreparedAt.gt(since))
        .order_by_asc(signings::Column::PreparedAt)
        .into_tuple()
        .all(connection)
        .await?)
}

/// The link, if this organisation has it.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn find_link(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<Option<links::Model>, StoreError> {
    Ok(links::Entity::find_by_id(id)
        .filter(links::Column::OrganisationId.eq(organisation_id))
        .one(connection)
        .await?)
}

/// How many visits through these links have proven their mailbox.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_views(
    connection: &impl ConnectionTrait,
    link_ids: &[Uuid],
) -> Result<u64, StoreError> {
    Ok(link_visits::Entity::find()
        .filter(link_visits::Column::LinkId.is_in(link_ids.iter().copied()))
        .filter(link_visits::Column::VerifiedAt.is_not_null())
        .count(connection)
        .await?)
}
