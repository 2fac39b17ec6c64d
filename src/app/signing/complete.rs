//! Completes a prepared signature: value, token, file, verdict, rows, and the run moves on.

use bytes::{Bytes, BytesMut};
use chancery_pdf::{ByteRange, MarkPlace, Prepared};
use chancery_signature::{Parts, SignError, assemble, ecdsa_raw_to_der};
use chancery_types::id::{OrganisationId, SignatureId};
use chancery_types::{Digest, Instant};
use chancery_workflow::{Event, EventKind, TaskNumber};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use super::prepare::{SignerKey, blocking, insert_blob};
use super::seat::SigningSeat;
use super::verdict::{Grown, require_passed};
use crate::app::audit::Happening;
use crate::app::authority::fresh_key;
use crate::app::links::ending::close_link;
use crate::app::links::files::signed_name;
use crate::app::runs::engine_actor;
use crate::app::versions::{FileToServe, parse_digest};
use crate::app::{App, AppError};
use crate::blob::BlobSource;
use crate::domain::actor::{Actor, Who};
use crate::entropy;
use crate::store::entity::{blobs, certificates, signatures, signed_copies, signings};

/// A signature that is stored, judged and acknowledged.
#[derive(Clone, Debug)]
pub struct CompletedSignature {
    /// The signature.
    pub id: SignatureId,
    /// The document.
    pub document_id: Uuid,
    /// The digest of the signed copy with it.
    pub copy_digest: String,
    /// The signed copy's size in bytes.
    pub copy_size: i64,
}

impl App {
    /// Completes a prepared signature with the value that the signer's key made.
    ///
    /// # Errors
    ///
    /// `signing-stale` if another signature landed since (prepare again), `signing-expired`,
    /// `signing-abandoned`, `signing-completed`, `signature-wrong` if the value is not the key's
    /// over the attributes; else as [`SigningSeat::load`].
    pub async fn complete_signature(
        &self,
        actor: &Actor,
        signing_id: Uuid,
        value: &[u8],
    ) -> Result<CompletedSignature, AppError> {
        let now = self.now();
        let signing = self.load_signing(actor, signing_id).await?;
        if let Some(done) = self.done_before(&signing).await? {
            return Ok(done);
        }
        let seat = SigningSeat::load(self, self.store.reader(), actor, signing.task_id).await?;
        require_current(&signing, &seat, now)?;
        let certificate = certificates::Entity::find_by_id(signing.certificate_id)
            .one(self.store.reader())
            .await?
            .ok_or_else(|| AppError::internal("a signing without its certificate"))?;
        let value = encoded_value(&signing, value)?;
        let authority = self.load_authority(actor.organisation).await?;
        // The authority's keys were replaced since: this certificate's chain is another one.
        if !authority.issuing.has_issued(&certificate.der) {
            return Err(AppError::refused("signing-stale"));
        }
        let chain = authority.chain();
        let parts = Parts {
            signed_attributes: &signing.signed_attributes,
            value: &value,
            certificate: &certificate.der,
            chain: &chain,
            timestamp_token: None,
        };
        // Nobody is asked for a timestamp over a wrong value, and nobody's turn waits for one.
        assembled(&parts)?;
        let stamp = self.stamp(&authority, &value, now).await?;
        let cms = assembled(&Parts {
            timestamp_token: Some(&stamp.token),
            ..parts
        })?;
        let _turn = self.signing_turn().await?;
        let file = self
            .file_with(actor.organisation, &signing, &seat, &cms)
            .await?;
        let basis = self.signing_basis().await?;
        let judged = file.clone();
        let (base_len, field_name) = (seat.base().1, signing.field_name.clone());
        blocking(move || {
            let base_len = usize::try_from(base_len).unwrap_or(0);
            let grown = Grown {
                file: &judged,
                base_len,
                field_name: &field_name,
            };
            require_passed(grown, &basis, now.max(stamp.gen_time))
        })
        .await??;
        self.keep_signature(actor, &seat, &signing, file, now).await
    }

    /// Signs with a key made here for this one signature and forgotten; the evidence says so.
    ///
    /// # Errors
    ///
    /// As [`App::prepare_signature`] and [`App::complete_signature`].
    pub async fn sign_with_server_key(
        &self,
        actor: &Actor,
        task_id: Uuid,
    ) -> Result<CompletedSignature, AppError> {
        let key = fresh_key(self.key_kind());
        // Two transactions: the second one is the signature that was asked for.
        let prepared = self
            .prepare_signature(
                &actor.midway(),
                task_id,
                &SignerKey::Server {
                    spki_der: key.spki_der(),
                },
            )
            .await?;
        let value = key
            .sign(&prepared.signed_attributes)
            .map_err(|error| AppError::Internal(error.into()))?;
        self.complete_signature(actor, prepared.id.uuid(), &value)
            .await
    }

    /// The prepared file of a signing, for the page that checks it before it signs.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but its signer.
    pub async fn prepared_file(
        &self,
        actor: &Actor,
        signing_id: Uuid,
    ) -> Result<FileToServe, AppError> {
        let signing = self.load_signing(actor, signing_id).await?;
        SigningSeat::load(self, self.store.reader(), actor, signing.task_id).await?;
        self.pdf_to_serve(actor, "prepared.pdf".to_owned(), signing.prepared_digest)
            .await
    }

    /// The exact file that the next signature at a seat extends: the one that came in, or the
    /// signed copy as it is now. That it was given is noted.
    ///
    /// # Errors
    ///
    /// As [`SigningSeat::load`].
    pub async fn base_file(&self, actor: &Actor, task_id: Uuid) -> Result<FileToServe, AppError> {
        let seat = SigningSeat::load(self, self.store.reader(), actor, task_id).await?;
        let name = match &seat.signed_copy {
            Some(_) => signed_name(&seat.version.main_name),
            None => seat.version.main_name.clone(),
        };
        let digest = seat.base().0.to_owned();
        let file = self.pdf_to_serve(actor, name, digest).await?;
        self.note_file(actor, &seat.version).await?;
        Ok(file)
    }

    pub(super) async fn pdf_to_serve(
        &self,
        actor: &Actor,
        name: String,
        digest: String,
    ) -> Result<FileToServe, AppError> {
        let known = parse_digest(&digest)?;
        Ok(FileToServe {
            name,
            media_type: "application/pdf".to_owned(),
            stream: self.blobs.open_stream(actor.organisation, &known).await?,
            digest,
        })
    }

    async fn load_signing(
        &self,
        actor: &Actor,
        signing_id: Uuid,
    ) -> Result<signings::Model, AppError> {
        let found = signings::Entity::find_by_id(signing_id)
            .filter(signings::Column::OrganisationId.eq(actor.organisation.uuid()))
            .one(self.store.reader())
            .await?;
        // A preparation is its signer's own matter: nobody else is shown that there is one.
        let is_own = |row: &signings::Model| match &actor.who {
            Who::Person(person) => row.person_id == Some(person.id.uuid()),
            Who::Contact(contact) => row.contact_id == Some(contact.id.uuid()),
            Who::System | Who::Operator => false,
        };
        found.filter(is_own).ok_or(AppError::Hidden)
    }

    /// What a signing that was completed led to: whoever lost the answer asks once more, and is
    /// told the same.
    async fn done_before(
        &self,
        signing: &signings::Model,
    ) -> Result<Option<CompletedSignature>, AppError> {
        if signing.state != "completed" {
            return Ok(None);
        }
        let signature = signatures::Entity::find()
            .filter(signatures::Column::OrganisationId.eq(signing.organisation_id))
            .filter(signatures::Column::SigningId.eq(signing.id))
            .one(self.store.reader())
            .await?;
        let Some(signature) = signature else {
            return Ok(None);
        };
        let digest = parse_digest(&signature.copy_digest)?;
        let kept = blobs::Entity::find_by_id((signing.organisation_id, digest.hex()))
            .one(self.store.reader())
            .await?
            .ok_or_else(|| AppError::internal("a signed copy without its file"))?;
        Ok(Some(CompletedSignature {
            id: SignatureId::from(signature.id),
            document_id: signature.document_id,
            copy_digest: signature.copy_digest,
            copy_size: kept.size_bytes,
        }))
    }

    async fn file_with(
        &self,
        organisation: OrganisationId,
        signing: &signings::Model,
        seat: &SigningSeat,
        cms: &[u8],
    ) -> Result<Bytes, AppError> {
        let digest: Digest = signing
            .prepared_digest
            .parse()
            .map_err(|_| AppError::internal("a prepared digest is not a digest"))?;
        let file = self.blobs.get(organisation, &digest).await?;
        embed(&file, signing, seat, cms)
    }

    async fn keep_signature(
        &self,
        actor: &Actor,
        seat: &SigningSeat,
        signing: &signings::Model,
        file: Bytes,
        now: Instant,
    ) -> Result<CompletedSignature, AppError> {
        let digest = Digest::of(&file);
        let size = i64::try_from(file.len()).unwrap_or(i64::MAX);
        self.blobs
            .put(
                actor.organisation,
                &digest,
                BlobSource::Bytes(file),
                "application/pdf",
            )
            .await?;
        let copy = NewCopy {
            digest,
            size,
            id: entropy::id(now),
        };
        let event = signed_event(actor, seat, now)?;
        self.move_run(
            actor,
            seat.task.run_id.into(),
            async |_| Ok(vec![event.clone()]),
            async |tx, _, advanced| {
                // One event tells of the step and of the signature that it rests on.
                advanced.happening = write_rows(tx, seat, signing, &copy, now).await?;
                Ok(())
            },
        )
        .await?;
        Ok(CompletedSignature {
            id: SignatureId::from(copy.id),
            document_id: seat.document.id,
            copy_digest: digest.hex(),
            copy_size: size,
        })
    }
}

/// The signed copy that a signature makes.
#[derive(Clone, Copy, Debug)]
struct NewCopy {
    digest: Digest,
    size: i64,
    id: Uuid,
}

fn require_current(
    signing: &signings::Model,
    seat: &SigningSeat,
    now: Instant,
) -> Result<(), AppError> {
    let same_signer =
        signing.person_id == seat.signer.person_id && signing.contact_id == seat.signer.contact_id;
    if !same_signer {
        return Err(AppError::Hidden);
    }
    match signing.state.as_str() {
        "completed" => return Err(AppError::refused("signing-completed")),
        "abandoned" => return Err(AppError::refused("signing-abandoned")),
        _ => {}
    }
    if signing.expires_at <= now.micros() {
        return Err(AppError::refused("signing-expired"));
    }
    if signing.base_digest != seat.base().0 || signing.version_id != seat.version.id {
        return Err(AppError::refused("signing-stale"));
    }
    Ok(())
}

/// The value as CMS keeps it. WebCrypto gives ECDSA values as r ‖ s (IEEE P1363), CMS wants DER.
fn encoded_value(signing: &signings::Model, value: &[u8]) -> Result<Vec<u8>, AppError> {
    if signing.algorithm == "ecdsa_p256" && value.len() == 64 {
        return ecdsa_raw_to_der(value).map_err(|_| AppError::refused("signature-wrong"));
    }
    Ok(value.to_vec())
}

/// Assembling verifies the value against the certified key first.
fn assembled(parts: &Parts<'_>) -> Result<Vec<u8>, AppError> {
    assemble(parts).map_err(|error| match error {
        SignError::Value(_) => AppError::refused("signature-wrong"),
        other => AppError::Internal(other.into()),
    })
}

fn embed(
    file: &Bytes,
    signing: &signings::Model,
    seat: &SigningSeat,
    cms: &[u8],
) -> Result<Bytes, AppError> {
    let corrupt = || AppError::internal(format!("signing {} cannot be embedded", signing.id));
    let original_len = usize::try_from(seat.base().1).map_err(|_| corrupt())?;
    let (original, tail) = file.split_at_checked(original_len).ok_or_else(corrupt)?;
    let entry: [u64; 4] = serde_json::from_str(&signing.byte_range).map_err(|_| corrupt())?;
    let length = u64::try_from(file.len()).map_err(|_| corrupt())?;
    let byte_range = ByteRange::new(entry, length).map_err(|_| corrupt())?;
    let mut prepared = Prepared {
        tail: tail.to_vec(),
        original_len: u64::try_from(original_len).map_err(|_| corrupt())?,
        contents_gap: byte_range.gap(),
        byte_range,
        field_name: signing.field_name.clone(),
        mark: MarkPlace::Invisible,
    };
    prepared
        .embed(cms)
        .map_err(|error| AppError::Internal(error.into()))?;
    let mut signed = BytesMut::with_capacity(file.len());
    signed.extend_from_slice(original);
    signed.extend_from_slice(&prepared.tail);
    Ok(signed.freeze())
}

fn signed_event(actor: &Actor, seat: &SigningSeat, now: Instant) -> Result<Event, AppError> {
    let corrupt = || AppError::internal(format!("task {} cannot be signed", seat.task.id));
    Ok(Event {
        at: now,
        actor: engine_actor(actor),
        kind: EventKind::Signed {
            task: TaskNumber(u32::try_from(seat.task.number).map_err(|_| corrupt())?),
            version_digest: seat.version.digest.parse().map_err(|_| corrupt())?,
        },
    })
}

/// What one signature changes beside the run: the copy, the signature, the signing, the link, mail.
async fn write_rows(
    tx: &DatabaseTransaction,
    seat: &SigningSeat,
    signing: &signings::Model,
    copy: &NewCopy,
    now: Instant,
) -> Result<Happening, AppError> {
    let organisation = OrganisationId::from(seat.organisation.id);
    insert_blob(tx, organisation, &copy.digest, copy.size, now).await?;
    replace_copy(tx, seat, copy, now).await?;
    signature_row(seat, signing, copy, now).insert(tx).await?;
    let completed = signings::Entity::update_many()
        .col_expr(signings::Column::State, Expr::value("completed"))
        .filter(signings::Column::Id.eq(signing.id))
        .filter(signings::Column::State.eq("prepared"))
        .exec(tx)
        .await?;
    if completed.rows_affected == 0 {
        return Err(AppError::refused("signing-completed"));
    }
    if let Some(link) = &seat.link {
        close_link(tx, link.id, "signed", now.micros()).await?;
    }
    Ok(Happening::to("document.signed", "signature", copy.id)
        .on_document(seat.document.id)
        .at_version(&seat.version.digest)
        .with(json!({
            "name": seat.signer.name,
            "organisation": seat.signer.organisation_name,
            "field": signing.field_name,
            "key_made_in": signing.key_place,
            "base_sha256": signing.base_digest,
            "copy_sha256": copy.digest,
        })))
}

/// The signed copy grows from exactly the bytes that were prepared on, or not at all.
async fn replace_copy(
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
            raise_after: Set(0),
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
        .col_expr(signed_copies::Column::RaiseAfter, Expr::value(0_i64))
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

fn signature_row(
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
