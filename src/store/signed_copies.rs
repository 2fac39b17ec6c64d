//! Table `signed_copies`, as far as copies are raised to a level that lasts: which are due, and
//! what became of them.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{documents, signed_copies, versions};

/// States of a document whose copy may still get a signature.
const STILL_SIGNED: [&str; 3] = ["draft", "in_run", "rework"];

/// Which copies are to be raised. Moments are microseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Levels that are too low.
    pub below: &'static [&'static str],
    /// A raised copy that ends by this moment is due too …
    pub ends_by: i64,
    /// … if it ends before this one, at which one that is raised now would end.
    pub would_end: i64,
}

/// A copy that is to be raised.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DueCopy {
    /// The version.
    pub version_id: Uuid,
    /// The version's digest.
    pub version_digest: String,
    /// Its document.
    pub document_id: Uuid,
    /// SHA-256 of the copy.
    pub digest: String,
    /// The copy's size in bytes.
    pub size_bytes: i64,
    /// Its level.
    pub level: String,
    /// The lock of its row.
    pub row_version: i64,
}

/// What a copy became.
#[derive(Clone, Debug)]
pub struct Raised {
    /// SHA-256 of the copy.
    pub digest: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Its level.
    pub level: &'static str,
    /// Until when it carries by itself.
    pub lasts_until: Option<i64>,
    /// It is not raised again before.
    pub raise_after: i64,
    /// When it was raised.
    pub at: i64,
}

fn to_version() -> RelationDef {
    signed_copies::Entity::belongs_to(versions::Entity)
        .from(signed_copies::Column::VersionId)
        .to(versions::Column::Id)
        .into()
}

fn to_document() -> RelationDef {
    versions::Entity::belongs_to(documents::Entity)
        .from(versions::Column::DocumentId)
        .to(documents::Column::Id)
        .into()
}

/// The copies of these versions.
///
/// # Errors
///
/// [`StoreError`].
pub async fn list_of_versions(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    version_ids: &[Uuid],
) -> Result<Vec<signed_copies::Model>, StoreError> {
    Ok(signed_copies::Entity::find()
        .filter(signed_copies::Column::OrganisationId.eq(organisation))
        .filter(signed_copies::Column::VersionId.is_in(version_ids.iter().copied()))
        .all(connection)
        .await?)
}

/// Some copies that are due at `now`, the ones longest unchanged first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn list_due(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    wanted: Wanted,
    now: i64,
    count_max: u64,
) -> Result<Vec<DueCopy>, StoreError> {
    use signed_copies::Column;
    let ends = Condition::all()
        .add(Column::Level.ne("B-T"))
        .add(Column::LastsUntil.lte(wanted.ends_by))
        .add(Column::LastsUntil.lt(wanted.would_end));
    let is_due = Condition::any()
        .add(Column::Level.is_in(wanted.below.iter().copied()))
        .add(ends);
    Ok(signed_copies::Entity::find()
        .join(JoinType::InnerJoin, to_version())
        .join(JoinType::InnerJoin, to_document())
        .filter(Column::OrganisationId.eq(organisation))
        .filter(documents::Column::State.is_not_in(STILL_SIGNED))
        .filter(Column::RaiseAfter.lte(now))
        .filter(is_due)
        .select_only()
        .column(Column::VersionId)
        .column_as(versions::Column::Digest, "version_digest")
        .column(versions::Column::DocumentId)
        .column(Column::Digest)
        .column(Column::SizeBytes)
        .column(Column::Level)
        .column(Column::RowVersion)
        .order_by_asc(Column::UpdatedAt)
        .order_by_asc(Column::VersionId)
        .limit(count_max)
        .into_model::<DueCopy>()
        .all(connection)
        .await?)
}

/// Takes a copy in hand until `until`, unless another has it or it has changed.
///
/// # Errors
///
/// [`StoreError::Stale`] then.
pub async fn claim(
    connection: &impl ConnectionTrait,
    copy: &DueCopy,
    now: i64,
    until: i64,
) -> Result<(), StoreError> {
    use signed_copies::Column;
    let claimed = signed_copies::Entity::update_many()
        .col_expr(Column::RaiseAfter, Expr::value(until))
        .filter(Column::VersionId.eq(copy.version_id))
        .filter(Column::RowVersion.eq(copy.row_version))
        .filter(Column::RaiseAfter.lte(now))
        .exec(connection)
        .await?;
    changed_once(claimed.rows_affected)
}

/// Puts the raised copy in the place of exactly the one that was raised.
///
/// # Errors
///
/// [`StoreError::Stale`] if it has changed meanwhile.
pub async fn replace(
    connection: &impl ConnectionTrait,
    copy: &DueCopy,
    raised: &Raised,
) -> Result<(), StoreError> {
    use signed_copies::Column;
    let replaced = signed_copies::Entity::update_many()
        .col_expr(Column::Digest, Expr::value(raised.digest.as_str()))
        .col_expr(Column::SizeBytes, Expr::value(raised.size_bytes))
        .col_expr(Column::Level, Expr::value(raised.level))
        .col_expr(Column::LastsUntil, Expr::value(raised.lasts_until))
        .col_expr(Column::UpdatedAt, Expr::value(raised.at))
        .col_expr(Column::RaiseAfter, Expr::value(raised.raise_after))
        .col_expr(Column::RaiseProblem, Expr::value(None::<String>))
        .col_expr(
            Column::RowVersion,
            Expr::value(copy.row_version.saturating_add(1)),
        )
        .filter(Column::VersionId.eq(copy.version_id))
        .filter(Column::RowVersion.eq(copy.row_version))
        .exec(connection)
        .await?;
    changed_once(replaced.rows_affected)
}

/// Notes why a copy was not raised, and when it is tried again.
///
/// # Errors
///
/// [`StoreError::Stale`] if it has changed meanwhile.
pub async fn put_off(
    connection: &impl ConnectionTrait,
    copy: &DueCopy,
    problem: &str,
    until: i64,
) -> Result<(), StoreError> {
    use signed_copies::Column;
    let noted = signed_copies::Entity::update_many()
        .col_expr(Column::RaiseAfter, Expr::value(until))
        .col_expr(Column::RaiseProblem, Expr::value(problem))
        .filter(Column::VersionId.eq(copy.version_id))
        .filter(Column::RowVersion.eq(copy.row_version))
        .exec(connection)
        .await?;
    changed_once(noted.rows_affected)
}

/// Makes due at once what was put off with a problem.
///
/// # Errors
///
/// [`StoreError`].
pub async fn retry(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<(), StoreError> {
    use signed_copies::Column;
    signed_copies::Entity::update_many()
        .col_expr(Column::RaiseAfter, Expr::value(0_i64))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RaiseProblem.is_not_null())
        .exec(connection)
        .await?;
    Ok(())
}

pub(super) fn changed_once(rows: u64) -> Result<(), StoreError> {
    match rows {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}
