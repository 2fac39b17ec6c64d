//! Table `raised_signatures`: which detached signatures are due to be raised to a level that lasts,
//! and what became of them.

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult,
    IntoActiveModel as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    RelationDef,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{detached_signatures, raised_signatures, versions};
use crate::store::raised::{Columns, Due, Wanted, ends};

/// A detached signature that is to be raised.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DueDetached {
    /// The signature.
    pub detached_id: Uuid,
    /// Its document.
    pub document_id: Uuid,
    /// The digest of the version that it covers a file of.
    pub version_digest: String,
    /// SHA-256 of the file that it covers.
    pub covered_digest: String,
    /// SHA-256 of its structure as it is now.
    pub digest: String,
    /// What it was raised to before, if it was.
    pub level: Option<String>,
    /// The lock of its row.
    pub row_version: i64,
}

impl Due for DueDetached {
    type Table = raised_signatures::Entity;

    fn columns() -> Columns<raised_signatures::Column> {
        use raised_signatures::Column;
        Columns {
            key: Column::DetachedId,
            organisation_id: Column::OrganisationId,
            digest: Column::Digest,
            size_bytes: Column::SizeBytes,
            level: Column::Level,
            lasts_until: Column::LastsUntil,
            rests_on: Column::RestsOn,
            rests_on_rsa_bits: Column::RestsOnRsaBits,
            updated_at: Column::UpdatedAt,
            raise_after: Column::RaiseAfter,
            raise_problem: Column::RaiseProblem,
            row_version: Column::RowVersion,
        }
    }

    fn held(&self) -> (Uuid, i64) {
        (self.detached_id, self.row_version)
    }
}

pub(super) fn to_raised() -> RelationDef {
    detached_signatures::Entity::belongs_to(raised_signatures::Entity)
        .from(detached_signatures::Column::Id)
        .to(raised_signatures::Column::DetachedId)
        .into()
}

fn to_detached() -> RelationDef {
    raised_signatures::Entity::belongs_to(detached_signatures::Entity)
        .from(raised_signatures::Column::DetachedId)
        .to(detached_signatures::Column::Id)
        .into()
}

fn to_version() -> RelationDef {
    detached_signatures::Entity::belongs_to(versions::Entity)
        .from(detached_signatures::Column::VersionId)
        .to(versions::Column::Id)
        .into()
}

/// Writes the row of a signature that has come now.
///
/// # Errors
///
/// [`StoreError`].
pub async fn insert(
    connection: &impl ConnectionTrait,
    row: raised_signatures::Model,
) -> Result<(), StoreError> {
    let row = sea_orm::ActiveModelTrait::reset_all(row.into_active_model());
    raised_signatures::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// What these detached signatures are now.
///
/// # Errors
///
/// [`StoreError`].
pub async fn list_of(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    ids: &[Uuid],
) -> Result<Vec<raised_signatures::Model>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(raised_signatures::Entity::find()
        .filter(raised_signatures::Column::OrganisationId.eq(organisation))
        .filter(raised_signatures::Column::DetachedId.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// What this detached signature is now.
///
/// # Errors
///
/// [`StoreError::Absent`]; every one has its row.
pub async fn load(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<raised_signatures::Model, StoreError> {
    let mut found = list_of(connection, organisation, &[id]).await?;
    found.pop().ok_or(StoreError::Absent {
        table: "raised_signatures",
    })
}

/// Some that are due at `now`, the ones longest unchanged first.
///
/// # Errors
///
/// [`StoreError`].
pub async fn list_due(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    wanted: Wanted<'_>,
    now: i64,
    count_max: u64,
) -> Result<Vec<DueDetached>, StoreError> {
    use raised_signatures::Column;
    let mut is_due = Condition::any()
        .add(Column::Level.is_in(wanted.below.iter().copied()))
        .add(ends::<DueDetached>(wanted));
    // Whatever level it came with, nobody here will renew what it rests on.
    if !wanted.below.is_empty() {
        is_due = is_due.add(Column::Level.is_null());
    }
    Ok(raised_signatures::Entity::find()
        .join(JoinType::InnerJoin, to_detached())
        .join(JoinType::InnerJoin, to_version())
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RaiseAfter.lte(now))
        .filter(is_due)
        .select_only()
        .column(Column::DetachedId)
        .column(detached_signatures::Column::DocumentId)
        .column_as(versions::Column::Digest, "version_digest")
        .column(detached_signatures::Column::CoveredDigest)
        .column(Column::Digest)
        .column(Column::Level)
        .column(Column::RowVersion)
        .order_by_asc(Column::UpdatedAt)
        .order_by_asc(Column::DetachedId)
        .limit(count_max)
        .into_model::<DueDetached>()
        .all(connection)
        .await?)
}
