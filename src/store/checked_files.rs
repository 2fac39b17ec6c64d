//! Table `checked_files`: which stored files are due for a check, and who has one in hand. A file
//! is a version's (its signed copy, or else its main file) or a detached signature.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    FromQueryResult, JoinType, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, RelationDef,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{
    checked_files, detached_signatures, raised_signatures, signature_checks, signed_copies,
    versions,
};
use crate::store::raised_signatures::to_raised;

/// A stored file that is to be checked.
#[derive(Clone, Debug)]
pub struct DueFile {
    /// What it goes by: the version's identifier, or that of the detached signature.
    pub subject_id: Uuid,
    /// The version that it is of, or over a file of which it is.
    pub version_id: Uuid,
    /// Its document.
    pub document_id: Uuid,
    /// The version's number.
    pub number: i64,
    /// SHA-256 of the file.
    pub digest: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// What it is.
    pub form: DueForm,
    /// How often the file was claimed; nothing before the first claim.
    pub fence: Option<i64>,
}

/// What a stored file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueForm {
    /// A version's main file, as it came in.
    Main,
    /// A version's signed copy.
    Copy,
    /// A detached signature.
    Detached {
        /// Its name as it came.
        name: String,
        /// SHA-256 of the file that it is over.
        covered_digest: String,
        /// Which file of the version that is: `main` or `signed_copy`.
        covers: String,
    },
}

#[derive(FromQueryResult)]
struct DueVersion {
    version_id: Uuid,
    document_id: Uuid,
    number: i64,
    main_digest: String,
    main_size_bytes: i64,
    copy_digest: Option<String>,
    copy_size_bytes: Option<i64>,
    fence: Option<i64>,
}

impl From<DueVersion> for DueFile {
    fn from(row: DueVersion) -> Self {
        let (digest, size_bytes, form) = match (row.copy_digest, row.copy_size_bytes) {
            (Some(digest), Some(size_bytes)) => (digest, size_bytes, DueForm::Copy),
            _ => (row.main_digest, row.main_size_bytes, DueForm::Main),
        };
        Self {
            subject_id: row.version_id,
            version_id: row.version_id,
            document_id: row.document_id,
            number: row.number,
            digest,
            size_bytes,
            form,
            fence: row.fence,
        }
    }
}

#[derive(FromQueryResult)]
struct DueDetached {
    subject_id: Uuid,
    version_id: Uuid,
    document_id: Uuid,
    number: i64,
    digest: String,
    size_bytes: i64,
    name: String,
    covered_digest: String,
    covers: String,
    fence: Option<i64>,
}

impl From<DueDetached> for DueFile {
    fn from(row: DueDetached) -> Self {
        Self {
            subject_id: row.subject_id,
            version_id: row.version_id,
            document_id: row.document_id,
            number: row.number,
            digest: row.digest,
            size_bytes: row.size_bytes,
            form: DueForm::Detached {
                name: row.name,
                covered_digest: row.covered_digest,
                covers: row.covers,
            },
            fence: row.fence,
        }
    }
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

fn to_copy() -> RelationDef {
    versions::Entity::belongs_to(signed_copies::Entity)
        .from(versions::Column::Id)
        .to(signed_copies::Column::VersionId)
        .into()
}

fn to_checked() -> RelationDef {
    versions::Entity::belongs_to(checked_files::Entity)
        .from(versions::Column::Id)
        .to(checked_files::Column::SubjectId)
        .into()
}

fn detached_to_checked() -> RelationDef {
    detached_signatures::Entity::belongs_to(checked_files::Entity)
        .from(detached_signatures::Column::Id)
        .to(checked_files::Column::SubjectId)
        .into()
}

fn detached_to_version() -> RelationDef {
    detached_signatures::Entity::belongs_to(versions::Entity)
        .from(detached_signatures::Column::VersionId)
        .to(versions::Column::Id)
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

/// Detached signatures never checked, raised since, or checked before `before`.
fn detached_due(organisation: Uuid, before: i64) -> sea_orm::Select<detached_signatures::Entity> {
    use checked_files::{Column, Entity};
    let current = raised_signatures::Column::Digest;
    let current = Expr::col((raised_signatures::Entity, current));
    let is_due = Condition::any()
        .add(Column::CheckedAt.is_null())
        .add(Expr::col((Entity, Column::Digest)).ne(current))
        .add(Column::CheckedAt.lt(before));
    detached_signatures::Entity::find()
        .join(JoinType::InnerJoin, to_raised())
        .join(JoinType::LeftJoin, detached_to_checked())
        .join(JoinType::InnerJoin, detached_to_version())
        .filter(detached_signatures::Column::OrganisationId.eq(organisation))
        .filter(is_due)
}

/// Not in anybody's hand at `now`.
fn is_free(now: i64) -> Condition {
    Condition::any()
        .add(checked_files::Column::ClaimedUntil.is_null())
        .add(checked_files::Column::ClaimedUntil.lte(now))
}

/// Files that are due at `now` if what was checked before `before` is, and that no worker has in
/// hand: at most `count_max`, those of versions first, the oldest of each first. Both in
/// microseconds.
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
    let of_versions = due(organisation, before)
        .filter(is_free(now))
        .select_only()
        .column_as(versions::Column::Id, "version_id")
        .column(versions::Column::DocumentId)
        .column(versions::Column::Number)
        .column(versions::Column::MainDigest)
        .column(versions::Column::MainSizeBytes)
        .column_as(signed_copies::Column::Digest, "copy_digest")
        .column_as(signed_copies::Column::SizeBytes, "copy_size_bytes")
        .column(checked_files::Column::Fence)
        .order_by_asc(versions::Column::CreatedAt)
        .order_by_asc(versions::Column::Id)
        .limit(count_max)
        .into_model::<DueVersion>()
        .all(connection)
        .await?;
    let mut files: Vec<DueFile> = of_versions.into_iter().map(DueFile::from).collect();
    let left = count_max.saturating_sub(u64::try_from(files.len()).unwrap_or(u64::MAX));
    if left == 0 {
        return Ok(files);
    }
    let detached = detached_due(organisation, before)
        .filter(is_free(now))
        .select_only()
        .column_as(detached_signatures::Column::Id, "subject_id")
        .column(detached_signatures::Column::VersionId)
        .column(detached_signatures::Column::DocumentId)
        .column(versions::Column::Number)
        .column(raised_signatures::Column::Digest)
        .column(raised_signatures::Column::SizeBytes)
        .column(detached_signatures::Column::Name)
        .column(detached_signatures::Column::CoveredDigest)
        .column(detached_signatures::Column::Covers)
        .column(checked_files::Column::Fence)
        .order_by_asc(detached_signatures::Column::ReceivedAt)
        .order_by_asc(detached_signatures::Column::Id)
        .limit(left)
        .into_model::<DueDetached>()
        .all(connection)
        .await?;
    files.extend(detached.into_iter().map(DueFile::from));
    Ok(files)
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
    let of_versions = due(organisation, i64::MIN).count(connection).await?;
    let detached = detached_due(organisation, i64::MIN)
        .count(connection)
        .await?;
    Ok(of_versions.saturating_add(detached))
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
            subject_id: Set(file.subject_id),
            organisation_id: Set(organisation),
            digest: Set(None),
            outcome: Set(None),
            signatures_count: Set(0),
            checked_at: Set(None),
            claimed_until: Set(Some(until)),
            fence: Set(1),
        };
        let once = OnConflict::column(Column::SubjectId)
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
        .filter(Column::SubjectId.eq(file.subject_id))
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
    subject_id: Uuid,
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
        .filter(Column::SubjectId.eq(subject_id))
        .filter(Column::Fence.eq(fence))
        .exec(connection)
        .await?;
    if done.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// Makes files with signatures due again, of all organisations: those whose signer's certificate
/// ends at this moment (microseconds) or is not known; `None`: all. A worker that has a file in
/// hand loses it: it may have judged by what was known before. Answers whose files they are.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn make_due(
    connection: &impl ConnectionTrait,
    certificate_ends_at: Option<i64>,
) -> Result<Vec<Uuid>, StoreError> {
    use checked_files::{Column, Entity};
    let is_of_it = certificate_ends_at.map(|ends_at| {
        let ends = signature_checks::Column::CertificateEndsAt;
        let mut subjects = Query::select();
        subjects
            .column(signature_checks::Column::SubjectId)
            .from(signature_checks::Entity)
            .cond_where(Condition::any().add(ends.eq(ends_at)).add(ends.is_null()));
        Column::SubjectId.in_subquery(subjects)
    });
    let affected = Condition::any()
        .add(is_of_it.unwrap_or_else(|| Column::SignaturesCount.gt(0)))
        .add(Column::ClaimedUntil.is_not_null());
    let organisations = Entity::find()
        .select_only()
        .column(Column::OrganisationId)
        .distinct()
        .filter(affected.clone())
        .into_tuple()
        .all(connection)
        .await?;
    Entity::update_many()
        .col_expr(Column::CheckedAt, Expr::value(Option::<i64>::None))
        .col_expr(Column::ClaimedUntil, Expr::value(Option::<i64>::None))
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .filter(affected)
        .exec(connection)
        .await?;
    Ok(organisations)
}
