//! Rows of a completed signature: the copy as it has grown, and the signature itself.

use chancery_types::{Digest, Instant};
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::seat::SigningSeat;
use crate::app::AppError;
use crate::store::entity::{signatures, signed_copies, signings};

/// The signed copy that a signature makes.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewCopy {
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: i64,
    /// The signature.
    pub id: Uuid,
}

/// The signed copy grows from exactly the bytes that were prepared on, or not at all.
pub(super) async fn replace_copy(
    tx: &impl ConnectionTrait,
    seat: &SigningSeat,
    copy: &NewCopy,
    now: Instant,
) -> Result<(), AppError> {
    let stale = || AppError::refused("signing-stale");
    let Some(earlier) = &seat.signed_copy else {
        let row = signed_copies::ActiveModel {
            version_id: Set(seat.version.id),
            organisation_id: Set(seat.organisation.id),
            digest: Set(copy.digest.hex()),
            size_bytes: Set(copy.size),
            signatures_count: Set(1),
            updated_at: Set(now.micros()),
            level: Set("B-T".to_owned()),
            lasts_until: Set(None),
            rests_on: Set(None),
            rests_on_rsa_bits: Set(None),
            raise_after: Set(0),
            evidence_after: Set(0),
            raise_problem: Set(None),
            row_version: Set(0),
        };
        return match row.insert(tx).await.map_err(crate::store::StoreError::from) {
            Ok(_) => Ok(()),
            Err(crate::store::StoreError::Duplicate) => Err(stale()),
            Err(error) => Err(error.into()),
        };
    };
    let replaced = signed_copies::Entity::update_many()
        .col_expr(
            signed_copies::Column::Digest,
            Expr::value(copy.digest.hex()),
        )
        .col_expr(signed_copies::Column::SizeBytes, Expr::value(copy.size))
        .col_expr(
            signed_copies::Column::SignaturesCount,
            Expr::value(earlier.signatures_count.saturating_add(1)),
        )
        .col_expr(signed_copies::Column::UpdatedAt, Expr::value(now.micros()))
        // A new signature stands on no evidence yet, whatever the earlier ones had.
        .col_expr(signed_copies::Column::Level, Expr::value("B-T"))
        .col_expr(signed_copies::Column::LastsUntil, Expr::value(None::<i64>))
        .col_expr(signed_copies::Column::RestsOn, Expr::value(None::<String>))
        .col_expr(
            signed_copies::Column::RestsOnRsaBits,
            Expr::value(None::<i64>),
        )
        .col_expr(signed_copies::Column::RaiseAfter, Expr::value(0_i64))
        .col_expr(signed_copies::Column::EvidenceAfter, Expr::value(0_i64))
        .col_expr(
            signed_copies::Column::RowVersion,
            Expr::value(earlier.row_version.saturating_add(1)),
        )
        .filter(signed_copies::Column::VersionId.eq(seat.version.id))
        .filter(signed_copies::Column::RowVersion.eq(earlier.row_version))
        .exec(tx)
        .await?;
    if replaced.rows_affected == 0 {
        Err(stale())
    } else {
        Ok(())
    }
}

/// The row of a signature.
pub(super) fn signature_row(
    seat: &SigningSeat,
    signing: &signings::Model,
    copy: &NewCopy,
    now: Instant,
) -> signatures::ActiveModel {
    signatures::ActiveModel {
        id: Set(copy.id),
        organisation_id: Set(seat.organisation.id),
        document_id: Set(seat.document.id),
        version_id: Set(seat.version.id),
        signing_id: Set(signing.id),
        task_id: Set(seat.task.id),
        person_id: Set(seat.signer.person_id),
        contact_id: Set(seat.signer.contact_id),
        certificate_id: Set(signing.certificate_id),
        signer_name: Set(seat.signer.name.clone()),
        field_name: Set(signing.field_name.clone()),
        key_place: Set(signing.key_place.clone()),
        algorithm: Set(signing.algorithm.clone()),
        level: Set("B-T".to_owned()),
        base_digest: Set(signing.base_digest.clone()),
        copy_digest: Set(copy.digest.hex()),
        evidence: Set(signing.evidence.clone()),
        signed_at: Set(now.micros()),
    }
}
