//! Table `blobs`: which bytes an organisation keeps.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend,
    EntityTrait, IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::entity::{
    attachments, blobs, detached_signatures, disagreements, kept_evidence, page_images,
    raised_signatures, shown_pages, signature_power_files, signatures, signed_copies, signings,
    versions,
};

/// Writes a row down unless it is there: the same bytes may be kept for several reasons.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn insert_blob(
    connection: &impl ConnectionTrait,
    blob: blobs::Model,
) -> Result<(), StoreError> {
    blobs::Entity::insert(blob.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns([blobs::Column::OrganisationId, blobs::Column::Digest])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Says that somebody is about to put bytes which a row will name: writes the row, or makes the one
/// that is there as young as `blob`. Until it is old again, no sweep removes the bytes.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn claim_blob(
    connection: &impl ConnectionTrait,
    blob: blobs::Model,
) -> Result<(), StoreError> {
    blobs::Entity::insert(blob.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns([blobs::Column::OrganisationId, blobs::Column::Digest])
                .update_column(blobs::Column::CreatedAt)
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Which of `digests` have a row.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn list_known(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    digests: Vec<String>,
) -> Result<BTreeSet<String>, StoreError> {
    let known: Vec<String> = blobs::Entity::find()
        .select_only()
        .column(blobs::Column::Digest)
        .filter(blobs::Column::OrganisationId.eq(organisation_id))
        .filter(blobs::Column::Digest.is_in(digests))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(known.into_iter().collect())
}

/// Takes away up to `count_max` rows of bytes that were last claimed before `claimed_before` and
/// that nothing names any more; answers their digests. The rows stay locked until the transaction
/// ends: whoever wants to put the same bytes waits for that, and then puts them anew.
///
/// # Errors
///
/// [`StoreError::Database`].
pub async fn delete_unnamed(
    tx: &DatabaseTransaction,
    organisation_id: Uuid,
    claimed_before: i64,
    count_max: u64,
) -> Result<Vec<String>, StoreError> {
    let mut old = blobs::Entity::find()
        .filter(blobs::Column::OrganisationId.eq(organisation_id))
        .filter(blobs::Column::CreatedAt.lt(claimed_before))
        .filter(is_unnamed(claimed_before))
        .order_by_asc(blobs::Column::CreatedAt)
        .limit(count_max);
    if tx.get_database_backend() == DbBackend::Postgres {
        old = old.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let digests: Vec<String> = old
        .all(tx)
        .await?
        .into_iter()
        .map(|row| row.digest)
        .collect();
    if !digests.is_empty() {
        blobs::Entity::delete_many()
            .filter(blobs::Column::OrganisationId.eq(organisation_id))
            .filter(blobs::Column::Digest.is_in(digests.iter().map(String::as_str)))
            .exec(tx)
            .await?;
    }
    Ok(digests)
}

/// Every place where a row names bytes. A preparation names its file only while it can still be
/// completed, and as long again as a request may have had the file open.
fn is_unnamed(ended_before: i64) -> Condition {
    let is_live = Condition::all()
        .add(signings::Column::State.eq("prepared"))
        .add(signings::Column::ExpiresAt.gte(ended_before));
    Condition::all()
        .add(no_row::<versions::Entity>(
            versions::Column::OrganisationId,
            versions::Column::MainDigest,
            None,
        ))
        .add(no_row::<attachments::Entity>(
            attachments::Column::OrganisationId,
            attachments::Column::Digest,
            None,
        ))
        .add(no_row::<signed_copies::Entity>(
            signed_copies::Column::OrganisationId,
            signed_copies::Column::Digest,
            None,
        ))
        .add(no_row::<page_images::Entity>(
            page_images::Column::OrganisationId,
            page_images::Column::ImageDigest,
            None,
        ))
        .add(no_row::<shown_pages::Entity>(
            shown_pages::Column::OrganisationId,
            shown_pages::Column::ImageDigest,
            None,
        ))
        .add(no_row::<disagreements::Entity>(
            disagreements::Column::OrganisationId,
            disagreements::Column::Digest,
            None,
        ))
        .add(is_of_no_detached())
        .add(no_row::<kept_evidence::Entity>(
            kept_evidence::Column::OrganisationId,
            kept_evidence::Column::Digest,
            None,
        ))
        .add(no_row::<signature_power_files::Entity>(
            signature_power_files::Column::OrganisationId,
            signature_power_files::Column::Digest,
            None,
        ))
        .add(no_row::<signatures::Entity>(
            signatures::Column::OrganisationId,
            signatures::Column::BaseDigest,
            None,
        ))
        .add(no_row::<signatures::Entity>(
            signatures::Column::OrganisationId,
            signatures::Column::CopyDigest,
            None,
        ))
        .add(no_row::<signings::Entity>(
            signings::Column::OrganisationId,
            signings::Column::PreparedDigest,
            Some(is_live),
        ))
}

/// What came as a detached signature, what that has become, and what it is over.
fn is_of_no_detached() -> Condition {
    Condition::all()
        .add(no_row::<detached_signatures::Entity>(
            detached_signatures::Column::OrganisationId,
            detached_signatures::Column::Digest,
            None,
        ))
        .add(no_row::<raised_signatures::Entity>(
            raised_signatures::Column::OrganisationId,
            raised_signatures::Column::Digest,
            None,
        ))
        // A copy that has grown since is still what such a signature is over.
        .add(no_row::<detached_signatures::Entity>(
            detached_signatures::Column::OrganisationId,
            detached_signatures::Column::CoveredDigest,
            None,
        ))
}

fn no_row<E: EntityTrait>(
    organisation: E::Column,
    digest: E::Column,
    only: Option<Condition>,
) -> Expr {
    let mine = |column: blobs::Column| Expr::col((blobs::Entity, column));
    let theirs = |column: E::Column| Expr::col((E::default(), column));
    let naming = Query::select()
        .expr(Expr::val(1))
        .from(E::default())
        .and_where(theirs(organisation).eq(mine(blobs::Column::OrganisationId)))
        .and_where(theirs(digest).eq(mine(blobs::Column::Digest)))
        .cond_where(only.unwrap_or_else(Condition::all))
        .to_owned();
    Expr::exists(naming).not()
}
