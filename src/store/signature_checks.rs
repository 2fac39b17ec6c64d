//! Tables `checked_files` and `signature_checks`: which stored files are due for a check, who has
//! one in hand, and what the checks came to.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait,
    EntityTrait as _, FromQueryResult, IntoActiveModel as _, JoinType, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{checked_files, jobs, signature_checks, signed_copies, versions};

/// A version's file that is to be checked: its signed copy, or else its main file.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DueFile {
    /// The version.
    pub version_id: Uuid,
    /// Its document.
    pub document_id: Uuid,
    /// Its number.
    pub number: i64,
    /// SHA-256 of the main file.
    pub main_digest: String,
    /// The main file's size in bytes.
    pub main_size_bytes: i64,
    /// SHA-256 of the signed copy, if there is one.
    pub copy_digest: Option<String>,
    /// The signed copy's size in bytes.
    pub copy_size_bytes: Option<i64>,
    /// How often the file was claimed; nothing before the first claim.
    pub fence: Option<i64>,
}

/// Which checks are listed. `None` and `false` ask for all.
#[derive(Clone, Debug, Default)]
pub struct CheckFilter {
    /// One of `TOTAL-PASSED`, `INDETERMINATE`, `TOTAL-FAILED`.
    pub indication: Option<&'static str>,
    /// The certificate ends after the first of these moments and not after the second
    /// (microseconds).
    pub ends_within: Option<(i64, i64)>,
    /// The certificate has ended by this moment (microseconds).
    pub ended_by: Option<i64>,
    /// A certificate of the path is revoked or on hold.
    pub is_revoked: bool,
    /// No trusted timestamp proves when it was signed.
    pub is_unproven: bool,
    /// A weak algorithm or key.
    pub is_weak: bool,
    /// The verdict has changed at some time.
    pub is_changed: bool,
    /// Archive timestamps of the copy carry the signature no longer at this moment (microseconds).
    pub is_bare_at: Option<i64>,
    /// What the copy carries by itself ends by this moment (microseconds).
    pub proof_ends_by: Option<i64>,
    /// The copy could not be raised to a level that lasts.
    pub is_not_raised: bool,
}

/// What a check of a file came to.
#[derive(Clone, Debug)]
pub struct FileResult<'a> {
    /// SHA-256 of what was checked.
    pub digest: &'a str,
    /// One of `judged`, `unreadable`, `too_large`.
    pub outcome: &'static str,
    /// How many signatures it has.
    pub signatures_count: i64,
    /// When, in microseconds.
    pub checked_at: i64,
}

/// How many signatures have this verdict.
#[derive(Clone, Debug, FromQueryResult)]
pub struct VerdictCount {
    /// The verdict.
    pub indication: String,
    /// How many.
    pub signatures_count: i64,
}

fn to_copy() -> RelationDef {
    versions::Entity::belongs_to(signed_copies::Entity)
        .from(versions::Column::Id)
        .to(signed_copies::Column::VersionId)
        .into()
}

fn to_checked() -> RelationDef {
    versions::Entity::belongs_to(checked_files::Entity)
        .from(versions::Column::Id)
        .to(checked_files::Column::VersionId)
        .into()
}

/// Never checked, another file since, or a file with signatures that was checked before `before`. A
/// file that has none, and is the same, has none for ever.
fn is_due(before: i64) -> Condition {
    use checked_files::{Column, Entity};
    let current = Func::coalesce([
        Expr::col((signed_copies::Entity, signed_copies::Column::Digest)),
        Expr::col((versions::Entity, versions::Column::MainDigest)),
    ]);
    let differs = Expr::col((Entity, Column::Digest)).ne(current);
    let may_change = Condition::any()
        .add(Column::SignaturesCount.gt(0))
        .add(Column::Outcome.ne("judged"));
    let is_old = Condition::all()
        .add(Column::CheckedAt.lt(before))
        .add(may_change);
    Condition::any()
        .add(Column::CheckedAt.is_null())
        .add(differs)
        .add(is_old)
}

fn due(organisation: Uuid, before: i64) -> sea_orm::Select<versions::Entity> {
    versions::Entity::find()
        .join(JoinType::LeftJoin, to_copy())
        .join(JoinType::LeftJoin, to_checked())
        .filter(versions::Column::OrganisationId.eq(organisation))
        .filter(is_due(before))
}

/// Files that are due at `now` if what was checked before `before` is, and that no worker has in
/// hand: at most `count_max`, the oldest versions first. Both in microseconds.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_due(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    before: i64,
    now: i64,
    count_max: u64,
) -> Result<Vec<DueFile>, StoreError> {
    use checked_files::Column;
    let free = Condition::any()
        .add(Column::ClaimedUntil.is_null())
        .add(Column::ClaimedUntil.lte(now));
    Ok(due(organisation, before)
        .filter(free)
        .select_only()
        .column_as(versions::Column::Id, "version_id")
        .column(versions::Column::DocumentId)
        .column(versions::Column::Number)
        .column(versions::Column::MainDigest)
        .column(versions::Column::MainSizeBytes)
        .column_as(signed_copies::Column::Digest, "copy_digest")
        .column_as(signed_copies::Column::SizeBytes, "copy_size_bytes")
        .column(Column::Fence)
        .order_by_asc(versions::Column::CreatedAt)
        .order_by_asc(versions::Column::Id)
        .limit(count_max)
        .into_model::<DueFile>()
        .all(connection)
        .await?)
}

/// How many files were never checked as they are now.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_unchecked(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<u64, StoreError> {
    Ok(due(organisation, i64::MIN).count(connection).await?)
}

/// Takes a file in hand until `until`, if it is as it was listed. Answers the fence, or nothing if
/// another worker was first. Both in microseconds.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn claim(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    file: &DueFile,
    now: i64,
    until: i64,
) -> Result<Option<i64>, StoreError> {
    use checked_files::{ActiveModel, Column, Entity};
    let Some(known) = file.fence else {
        let first = ActiveModel {
            version_id: Set(file.version_id),
            organisation_id: Set(organisation),
            digest: Set(None),
            outcome: Set(None),
            signatures_count: Set(0),
            checked_at: Set(None),
            claimed_until: Set(Some(until)),
            fence: Set(1),
        };
        let once = OnConflict::column(Column::VersionId)
            .do_nothing()
            .to_owned();
        let inserted = Entity::insert(first)
            .on_conflict(once)
            .exec_without_returning(connection)
            .await?;
        return Ok((inserted == 1).then_some(1));
    };
    let free = Condition::any()
        .add(Column::ClaimedUntil.is_null())
        .add(Column::ClaimedUntil.lte(now));
    let next = known.saturating_add(1);
    let claimed = Entity::update_many()
        .col_expr(Column::ClaimedUntil, Expr::value(until))
        .col_expr(Column::Fence, Expr::value(next))
        .filter(Column::VersionId.eq(file.version_id))
        .filter(Column::Fence.eq(known))
        .filter(free)
        .exec(connection)
        .await?;
    Ok((claimed.rows_affected == 1).then_some(next))
}

/// Writes what a claimed file came to and gives it back, if the claim still holds.
///
/// # Errors
///
/// [`StoreError::Stale`] if somebody else claimed it since; [`StoreError::Database`].
pub async fn update_claimed(
    connection: &impl ConnectionTrait,
    version_id: Uuid,
    fence: i64,
    result: &FileResult<'_>,
) -> Result<(), StoreError> {
    use checked_files::{Column, Entity};
    let done = Entity::update_many()
        .col_expr(Column::Digest, Expr::value(result.digest))
        .col_expr(Column::Outcome, Expr::value(result.outcome))
        .col_expr(
            Column::SignaturesCount,
            Expr::value(result.signatures_count),
        )
        .col_expr(Column::CheckedAt, Expr::value(result.checked_at))
        .col_expr(Column::ClaimedUntil, Expr::value(Option::<i64>::None))
        .filter(Column::VersionId.eq(version_id))
        .filter(Column::Fence.eq(fence))
        .exec(connection)
        .await?;
    if done.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// What is known of the signatures in a version's file, in their order.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_version(
    connection: &impl ConnectionTrait,
    version_id: Uuid,
) -> Result<Vec<signature_checks::Model>, StoreError> {
    Ok(signature_checks::Entity::find()
        .filter(signature_checks::Column::VersionId.eq(version_id))
        .order_by_asc(signature_checks::Column::Ordinal)
        .all(connection)
        .await?)
}

/// Writes a signature's check in the place of the one before.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn put(
    connection: &impl ConnectionTrait,
    row: signature_checks::Model,
) -> Result<(), StoreError> {
    use signature_checks::{Column, Entity};
    let keys = [Column::VersionId, Column::Ordinal];
    let replace = OnConflict::columns(keys)
        .update_columns([
            Column::Digest,
            Column::Indication,
            Column::SubIndication,
            Column::Reason,
            Column::SignerName,
            Column::SignerOrganisation,
            Column::CertificateEndsAt,
            Column::RevokedAt,
            Column::ProvenAt,
            Column::ClaimedAt,
            Column::WeakAlgorithm,
            Column::CheckedAt,
            Column::PreviousIndication,
            Column::ChangedAt,
        ])
        .to_owned();
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(replace)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// A page of an organisation's checks, the signatures that were seen last first, after the row
/// (`created_at`, `id`).
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    wanted: &CheckFilter,
    before: Option<(i64, Uuid)>,
    count_max: u64,
) -> Result<Vec<signature_checks::Model>, StoreError> {
    use signature_checks::Column;
    let mut filter = of(organisation).add(wanted.condition());
    if let Some((at, id)) = before {
        let same_moment = Column::CreatedAt.eq(at).and(Column::Id.lt(id));
        let earlier = Condition::any().add(Column::CreatedAt.lt(at));
        filter = filter.add(earlier.add(same_moment));
    }
    Ok(signature_checks::Entity::find()
        .filter(filter)
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(count_max)
        .all(connection)
        .await?)
}

/// How many checks of an organisation are as `wanted`.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    wanted: &CheckFilter,
) -> Result<u64, StoreError> {
    let found = signature_checks::Entity::find();
    let found = found.filter(of(organisation).add(wanted.condition()));
    Ok(found.count(connection).await?)
}

/// How many signatures of an organisation have each verdict.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_verdicts(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Vec<VerdictCount>, StoreError> {
    use signature_checks::Column;
    Ok(signature_checks::Entity::find()
        .select_only()
        .column(Column::Indication)
        .column_as(Column::Id.count(), "signatures_count")
        .filter(of(organisation))
        .group_by(Column::Indication)
        .into_model::<VerdictCount>()
        .all(connection)
        .await?)
}

/// How many files' verdicts changed since `since` (microseconds).
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn count_files_changed(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    since: i64,
) -> Result<u64, StoreError> {
    use signature_checks::Column;
    let found = signature_checks::Entity::find()
        .select_only()
        .column(Column::VersionId)
        .distinct()
        .filter(of(organisation))
        .filter(Column::ChangedAt.gte(since));
    Ok(found.count(connection).await?)
}

/// Whether a check of everything that somebody asked for is not done yet.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn is_asked_for(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    key_start: &str,
) -> Result<bool, StoreError> {
    use jobs::Column;
    let open = jobs::Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Kind.eq("recheck"))
        .filter(Column::Key.starts_with(key_start))
        .filter(Column::State.is_in(["ready", "running"]))
        .count(connection)
        .await?;
    Ok(open > 0)
}

fn of(organisation: Uuid) -> Condition {
    Condition::all().add(signature_checks::Column::OrganisationId.eq(organisation))
}

/// The versions whose signed copies are so.
fn copies(condition: Expr) -> SelectStatement {
    let mut found = Query::select();
    found
        .column(signed_copies::Column::VersionId)
        .from(signed_copies::Entity)
        .and_where(condition);
    found
}

impl CheckFilter {
    fn condition(&self) -> Condition {
        use signature_checks::Column;
        let mut all = Condition::all();
        if let Some(indication) = self.indication {
            all = all.add(Column::Indication.eq(indication));
        }
        if let Some((after, until)) = self.ends_within {
            all = all.add(Column::CertificateEndsAt.gt(after));
            all = all.add(Column::CertificateEndsAt.lte(until));
        }
        if let Some(by) = self.ended_by {
            all = all.add(Column::CertificateEndsAt.lte(by));
        }
        let flags = [
            (self.is_revoked, Column::RevokedAt.is_not_null()),
            (self.is_unproven, Column::ProvenAt.is_null()),
            (self.is_weak, Column::WeakAlgorithm.is_not_null()),
            (self.is_changed, Column::ChangedAt.is_not_null()),
        ];
        for (is_wanted, condition) in flags {
            if is_wanted {
                all = all.add(condition);
            }
        }
        let copy = signed_copies::Column::LastsUntil;
        if let Some(at) = self.is_bare_at {
            all = all.add(Column::VersionId.not_in_subquery(copies(copy.gt(at))));
        }
        if let Some(by) = self.proof_ends_by {
            all = all.add(Column::VersionId.in_subquery(copies(copy.lte(by))));
        }
        if self.is_not_raised {
            let failed = signed_copies::Column::RaiseProblem.is_not_null();
            all = all.add(Column::VersionId.in_subquery(copies(failed)));
        }
        all
    }
}
