//! Table `signed_copies`, as far as copies are raised to a level that lasts: which are due, and
//! what became of them.

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{documents, signed_copies, versions};
use crate::store::raised::{Columns, Due, Wanted, ends};

/// States of a document whose copy may still get a signature.
pub(super) const STILL_SIGNED: [&str; 3] = ["draft", "in_run", "rework"];

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

impl Due for DueCopy {
    type Table = signed_copies::Entity;

    fn columns() -> Columns<signed_copies::Column> {
        use signed_copies::Column;
        Columns {
            key: Column::VersionId,
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
        (self.version_id, self.row_version)
    }
}

pub(super) fn to_version() -> RelationDef {
    signed_copies::Entity::belongs_to(versions::Entity)
        .from(signed_copies::Column::VersionId)
        .to(versions::Column::Id)
        .into()
}

pub(super) fn to_document() -> RelationDef {
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
    wanted: Wanted<'_>,
    now: i64,
    count_max: u64,
) -> Result<Vec<DueCopy>, StoreError> {
    use signed_copies::Column;
    let is_due = Condition::any()
        .add(Column::Level.is_in(wanted.below.iter().copied()))
        .add(ends::<DueCopy>(wanted));
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
