//! Keeps a detached signature: the file, its row, the step of the run that rests on it, one event.

use bytes::Bytes;
use chancery_types::{Digest, Instant};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::beside::revocation_code;
use super::covered::Covered;
use super::judged::Judged;
use super::list::ROWS_MAX;
use super::{Bringer, MEDIA_TYPE, TakenSignature};
use crate::app::audit::{self, Happening};
use crate::app::recheck;
use crate::app::signing::complete::signed_event;
use crate::app::signing::evidence::{self, EVIDENCE_FORM, KeyPlace};
use crate::app::signing::seat::SigningSeat;
use crate::app::spool::Upload;
use crate::app::{App, AppError};
use crate::blob::BlobSource;
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store::entity::{blobs, detached_signatures, raised_signatures, versions};
use crate::store::{self, StoreError};

impl App {
    /// The same file is kept once for a version, and a document has so many at most.
    pub(super) async fn require_unknown(
        &self,
        covered: &Covered,
        upload: &Upload,
    ) -> Result<(), AppError> {
        let rows = self.require_place(self.store.reader(), &covered.version);
        let digest = upload.digest.hex();
        match rows.await?.iter().any(|row| row.digest == digest) {
            true => Err(known()),
            false => Ok(()),
        }
    }

    /// The detached signatures of a version, where its document has room for one more.
    pub(in crate::app::signing) async fn require_place(
        &self,
        connection: &impl ConnectionTrait,
        version: &versions::Model,
    ) -> Result<Vec<detached_signatures::Model>, AppError> {
        let rows = store::detached_signatures::list_signatures(
            connection,
            version.organisation_id,
            version.document_id,
            ROWS_MAX,
        );
        let mut rows = rows.await?;
        if u64::try_from(rows.len()).unwrap_or(u64::MAX) >= ROWS_MAX {
            return Err(AppError::refused_with(
                "detached-too-many",
                [("max", ROWS_MAX.to_string())],
            ));
        }
        rows.retain(|row| row.version_id == version.id);
        Ok(rows)
    }

    pub(super) async fn keep_detached(
        &self,
        actor: &Actor,
        bringer: Bringer,
        upload: Upload,
        covered: Covered,
        judged: Judged,
    ) -> Result<TakenSignature, AppError> {
        let now = self.now();
        let person = actor.person().ok_or(AppError::Hidden)?.id.uuid();
        let evidence = self.evidence_of(actor, &bringer, &upload, &covered, &judged);
        let evidence = evidence.await?;
        let kept = self.keep(actor, upload, MEDIA_TYPE).await?;
        let now_is = self.put_stamped(&bringer, judged.stamped.clone()).await?;
        let row = detached_signatures::Model {
            id: entropy::id(now),
            organisation_id: bringer.document.organisation_id,
            document_id: bringer.document.id,
            version_id: covered.version.id,
            task_id: bringer.seat.as_ref().map(|seat| seat.task.id),
            person_id: Some(person),
            covers: covered.covers.code().to_owned(),
            covered_digest: covered.digest.clone(),
            name: kept.name,
            digest: kept.digest.hex(),
            size_bytes: i64::try_from(kept.size_bytes).unwrap_or(i64::MAX),
            signer_name: judged.names.join(", "),
            indication: judged.indication.to_owned(),
            evidence: evidence.to_string(),
            received_at: now.micros(),
            contact_id: None,
            signing_id: None,
            revocation: Some(revocation_code(judged.leaves_revocation_open).to_owned()),
        };
        let happening = happening(&covered, &row, &judged);
        let rows = Rows {
            raised: raised(&row, now_is),
            signature: row,
        };
        match &bringer.seat {
            Some(seat) => {
                self.complete_by(actor, seat, &rows, happening, now).await?;
            }
            None => self.add_only(actor, &rows, happening, now).await?,
        }
        let row = rows.signature;
        Ok(TakenSignature {
            id: row.id,
            document_id: row.document_id,
            version_number: covered.version.number,
            covers: covered.covers,
            is_completing: row.task_id.is_some(),
            indication: judged.indication,
            leaves_revocation_open: judged.leaves_revocation_open,
        })
    }

    /// The task's holder has signed: the run moves on, in one transaction with the row.
    async fn complete_by(
        &self,
        actor: &Actor,
        seat: &SigningSeat,
        rows: &Rows,
        happening: Happening,
        now: Instant,
    ) -> Result<(), AppError> {
        let event = signed_event(actor, seat, now)?;
        self.move_run(
            actor,
            seat.task.run_id.into(),
            async |_| Ok(vec![event.clone()]),
            async |tx, _, advanced| {
                insert(tx, rows).await?;
                // One event tells of the step and of the signature that it rests on.
                advanced.happening = Happening {
                    action: "document.signed",
                    ..happening.clone()
                };
                Ok(())
            },
        )
        .await?;
        Ok(())
    }

    async fn add_only(
        &self,
        actor: &Actor,
        rows: &Rows,
        happening: Happening,
        now: Instant,
    ) -> Result<(), AppError> {
        let tx = self.store.begin().await?;
        insert(&tx, rows).await?;
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    /// Stores the structure with our timestamps, if it got some; answers its digest and size.
    async fn put_stamped(
        &self,
        bringer: &Bringer,
        stamped: Option<Bytes>,
    ) -> Result<Option<(Digest, i64)>, AppError> {
        let Some(stamped) = stamped else {
            return Ok(None);
        };
        let digest = Digest::of(&stamped);
        let size = i64::try_from(stamped.len()).unwrap_or(i64::MAX);
        let organisation = bringer.document.organisation_id.into();
        let source = BlobSource::Bytes(stamped);
        let put = self.blobs.put(organisation, &digest, source, MEDIA_TYPE);
        put.await?;
        Ok(Some((digest, size)))
    }

    /// How it came, and what is known of it. It says plainly who brought whose signature.
    async fn evidence_of(
        &self,
        actor: &Actor,
        bringer: &Bringer,
        upload: &Upload,
        covered: &Covered,
        judged: &Judged,
    ) -> Result<Value, AppError> {
        let mut told = match &bringer.seat {
            Some(seat) => {
                let reader = self.store.reader();
                evidence::gather(reader, actor, seat, KeyPlace::Outside).await?
            }
            None => json!({
                "form": EVIDENCE_FORM,
                "key_made_in": KeyPlace::Outside.code(),
                "origin": { "address": actor.origin.address, "agent": actor.origin.agent },
            }),
        };
        let (_, _, name) = actor.for_audit();
        let more = json!({
            "came_as": "detached",
            "brought_by": {
                "name": name,
                "as": if bringer.seat.is_some() { "signer" } else { "initiator" },
            },
            "file": { "name": upload.name, "sha256": upload.digest },
            // It came without a proof of its time, and got one here.
            "stamped_sha256": judged.stamped.as_deref().map(Digest::of),
            "covers": {
                "file": covered.covers.code(),
                "version_number": covered.version.number,
                "version_digest": covered.version.digest,
                "sha256": covered.digest,
            },
            "certificates": judged.told,
        });
        if let (Value::Object(told), Value::Object(more)) = (&mut told, more) {
            told.extend(more);
        }
        Ok(told)
    }
}

fn happening(covered: &Covered, row: &detached_signatures::Model, judged: &Judged) -> Happening {
    Happening::to("signature.brought", "signature", row.id)
        .on_document(row.document_id)
        .at_version(&covered.version.digest)
        .with(json!({
            "name": row.signer_name,
            "came_as": "detached",
            "key_made_in": KeyPlace::Outside.code(),
            "covers": row.covers,
            "covered_sha256": row.covered_digest,
            "sha256": row.digest,
            "indication": row.indication,
            "certificates": judged.told,
        }))
}

/// What is written down of a signature.
pub(super) struct Rows {
    /// The signature.
    pub signature: detached_signatures::Model,
    /// What it is now.
    pub raised: raised_signatures::Model,
}

/// What a signature is from the day it comes: as it came, or with our timestamps.
pub(super) fn raised(
    row: &detached_signatures::Model,
    stamped: Option<(Digest, i64)>,
) -> raised_signatures::Model {
    let (digest, size_bytes) = match stamped {
        Some((digest, size_bytes)) => (digest.hex(), size_bytes),
        None => (row.digest.clone(), row.size_bytes),
    };
    raised_signatures::Model {
        detached_id: row.id,
        organisation_id: row.organisation_id,
        digest,
        size_bytes,
        level: None,
        lasts_until: None,
        rests_on: None,
        rests_on_rsa_bits: None,
        raise_after: 0,
        raise_problem: None,
        updated_at: row.received_at,
        row_version: 0,
    }
}

/// Writes a signature down, with its files.
pub(super) async fn insert(tx: &impl ConnectionTrait, rows: &Rows) -> Result<(), AppError> {
    let (row, raised) = (&rows.signature, &rows.raised);
    for (digest, size_bytes) in [
        (&row.digest, row.size_bytes),
        (&raised.digest, raised.size_bytes),
    ] {
        let blob = blobs::Model {
            organisation_id: row.organisation_id,
            digest: digest.clone(),
            size_bytes,
            media_type: MEDIA_TYPE.to_owned(),
            created_at: row.received_at,
        };
        store::blobs::insert_blob(tx, blob).await?;
    }
    match store::detached_signatures::insert_signature(tx, row.clone()).await {
        Err(StoreError::Duplicate) => return Err(known()),
        written => written?,
    }
    store::raised_signatures::insert(tx, raised.clone()).await?;
    let received = Instant::from_micros(row.received_at);
    recheck::enqueue_check(tx, row.organisation_id.into(), row.id, received).await
}

fn known() -> AppError {
    AppError::refused("detached-known")
}
