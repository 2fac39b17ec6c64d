//! Table `signature_checks`: what the checks of stored signatures came to.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    FromQueryResult, IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::documents::{containing, is_named};
use crate::store::entity::{jobs, raised_signatures, signature_checks, signed_copies};

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
    /// Each of these stands in the name or organisation of the signer, or in what is searched of
    /// the document; case-folded.
    pub words: Vec<String>,
    /// Proven to be signed at or after this moment (microseconds).
    pub signed_from: Option<i64>,
    /// Proven to be signed before this moment (microseconds).
    pub signed_before: Option<i64>,
}

/// How many signatures have this verdict.
#[derive(Clone, Debug, FromQueryResult)]
pub struct VerdictCount {
    /// The verdict.
    pub indication: String,
    /// How many.
    pub signatures_count: i64,
    /// When the one of them was checked whose last check is the oldest, in microseconds.
    pub checked_since: i64,
}

/// What is known of the signatures in a file, in their order; `subject` is the version or the
/// detached signature.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_of_subject(
    connection: &impl ConnectionTrait,
    subject: Uuid,
) -> Result<Vec<signature_checks::Model>, StoreError> {
    Ok(signature_checks::Entity::find()
        .filter(signature_checks::Column::SubjectId.eq(subject))
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
    let keys = [Column::SubjectId, Column::Ordinal];
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
            Column::SearchText,
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
        .column_as(Column::CheckedAt.min(), "checked_since")
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
        .column(Column::SubjectId)
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

fn raised(condition: Expr) -> SelectStatement {
    let mut found = Query::select();
    found
        .column(raised_signatures::Column::DetachedId)
        .from(raised_signatures::Entity)
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
        for word in &self.words {
            let by_signer = Column::SearchText.like(containing(word));
            let by_document = Column::DocumentId.in_subquery(is_named(word));
            all = all.add(by_signer.or(by_document));
        }
        if let Some(from) = self.signed_from {
            all = all.add(Column::ProvenAt.gte(from));
        }
        if let Some(before) = self.signed_before {
            all = all.add(Column::ProvenAt.lt(before));
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
        // What carries a signature is its copy, or what a detached one has become.
        let (copy, own) = (
            signed_copies::Column::LastsUntil,
            raised_signatures::Column::LastsUntil,
        );
        let within = |of_copy: Expr, of_own: Expr| {
            let of_copy = Condition::all()
                .add(Column::VersionId.in_subquery(copies(of_copy)))
                .add(Column::DetachedId.is_null());
            let of_own = Column::DetachedId.in_subquery(raised(of_own));
            // An unknown in a comparison must not make an unknown of its opposite.
            let of_own = Condition::all()
                .add(Column::DetachedId.is_not_null())
                .add(of_own);
            Condition::any().add(of_copy).add(of_own)
        };
        if let Some(at) = self.is_bare_at {
            all = all.add(within(copy.gt(at), own.gt(at)).not());
        }
        if let Some(by) = self.proof_ends_by {
            all = all.add(within(copy.lte(by), own.lte(by)));
        }
        if self.is_not_raised {
            let of_copy = signed_copies::Column::RaiseProblem.is_not_null();
            let of_own = raised_signatures::Column::RaiseProblem.is_not_null();
            all = all.add(within(of_copy, of_own));
        }
        all
    }
}
