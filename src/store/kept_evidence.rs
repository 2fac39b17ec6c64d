//! Table `kept_evidence`: what is kept of revocation beside signed copies that still wait for
//! signatures, and which copies it is to be looked for.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult,
    IntoActiveModel as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{documents, kept_evidence, signed_copies, versions};
use crate::store::signed_copies::{STILL_SIGNED, to_document, to_version};

/// A copy for which evidence is to be looked for.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WaitingCopy {
    /// The version.
    pub version_id: Uuid,
    /// Its document.
    pub document_id: Uuid,
    /// SHA-256 of the copy.
    pub digest: String,
    /// The lock of its row.
    pub row_version: i64,
}

/// Some copies that may still get a signature and are to be looked after at `now`, the ones that
/// wait longest first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn list_waiting(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    now: i64,
    count_max: u64,
) -> Result<Vec<WaitingCopy>, StoreError> {
    use signed_copies::Column;
    Ok(signed_copies::Entity::find()
        .join(JoinType::InnerJoin, to_version())
        .join(JoinType::InnerJoin, to_document())
        .filter(Column::OrganisationId.eq(organisation))
        .filter(documents::Column::State.is_in(STILL_SIGNED))
        .filter(Column::EvidenceAfter.lte(now))
        .select_only()
        .column(Column::VersionId)
        .column(versions::Column::DocumentId)
        .column(Column::Digest)
        .column(Column::RowVersion)
        .order_by_asc(Column::EvidenceAfter)
        .order_by_asc(Column::VersionId)
        .limit(count_max)
        .into_model::<WaitingCopy>()
        .all(connection)
        .await?)
}

/// Looks for evidence next at `next`, if the copy is still the one that was listed and was to be
/// looked after by `now`.
///
/// # Errors
///
/// [`StoreError::Stale`] if not.
pub async fn put_off(
    connection: &impl ConnectionTrait,
    copy: &WaitingCopy,
    now: i64,
    next: i64,
) -> Result<(), StoreError> {
    use signed_copies::Column;
    let changed = signed_copies::Entity::update_many()
        .col_expr(Column::EvidenceAfter, Expr::value(next))
        .filter(Column::VersionId.eq(copy.version_id))
        .filter(Column::RowVersion.eq(copy.row_version))
        .filter(Column::EvidenceAfter.lte(now))
        .exec(connection)
        .await?;
    match changed.rows_affected {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}

/// What is kept for a version's copy, the newest first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn list_of_version(
    connection: &impl ConnectionTrait,
    version: Uuid,
) -> Result<Vec<kept_evidence::Model>, StoreError> {
    Ok(kept_evidence::Entity::find()
        .filter(kept_evidence::Column::VersionId.eq(version))
        .order_by_desc(kept_evidence::Column::KeptAt)
        .order_by_asc(kept_evidence::Column::Digest)
        .all(connection)
        .await?)
}

/// Writes a piece down.
///
/// # Errors
///
/// [`StoreError::Duplicate`] if it is kept for that version already.
pub async fn insert(
    connection: &impl ConnectionTrait,
    row: kept_evidence::Model,
) -> Result<(), StoreError> {
    kept_evidence::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Keeps one piece no longer.
///
/// # Errors
///
/// [`StoreError`].
pub async fn delete(
    connection: &impl ConnectionTrait,
    row: &kept_evidence::Model,
) -> Result<(), StoreError> {
    kept_evidence::Entity::delete_by_id((row.version_id, row.digest.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Keeps nothing any more for a version's copy.
///
/// # Errors
///
/// [`StoreError`].
pub async fn delete_of_version(
    connection: &impl ConnectionTrait,
    version: Uuid,
) -> Result<(), StoreError> {
    kept_evidence::Entity::delete_many()
        .filter(kept_evidence::Column::VersionId.eq(version))
        .exec(connection)
        .await?;
    Ok(())
}
