//! Completes a prepared signature: value, token, file, verdict, rows, and the run moves on.

use bytes::{Bytes, BytesMut};
use chancery_pdf::{ByteRange, MarkPlace, Prepared};
use chancery_signature::gather_pdf;
use chancery_types::id::{OrganisationId, SignatureId};
use chancery_types::{Digest, Instant};
use chancery_workflow::{Event, EventKind, SignatureForm, TaskNumber};
use sea_orm::DatabaseTransaction;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use uuid::Uuid;

use super::demanded::require_demanded;
use super::evidence::KeyPlace;
use super::ground::form_of;
use super::outside::{Filled, Given, Stand, told_certificate};
use super::prepare::{SignerKey, blocking, insert_blob};
use super::rows::{NewCopy, replace_copy, signature_row};
use super::seat::SigningSeat;
use super::verdict::{Demand, Grown, require};
use crate::app::audit::Happening;
use crate::app::authority::fresh_key;
use crate::app::extend::kept;
use crate::app::links::ending::close_link;
use crate::app::links::files::signed_name;
use crate::app::recheck;
use crate::app::runs::engine_actor;
use crate::app::validation::{Basis, limits_for};
use crate::app::versions::{FileToServe, parse_digest};
use crate::app::{App, AppError};
use crate::blob::BlobSource;
use crate::domain::actor::{Actor, Who};
use crate::entropy;
use crate::store::entity::{blobs, signatures, signings};

/// A signature that is stored, judged and acknowledged.
#[derive(Clone, Debug)]
pub struct CompletedSignature {
    /// The signature.
    pub id: SignatureId,
    /// The document.
    pub document_id: Uuid,
    /// Where it stands.
    pub form: SignatureForm,
    /// The digest of the signed copy with it; of the file that a detached one is over.
    pub copy_digest: String,
    /// The size of that file in bytes.
    pub copy_size: i64,
}

/// A structure before it is judged.
pub(super) struct Made<'m> {
    /// Which certificate stands for its key.
    pub stand: &'m Stand,
    /// What came.
    pub filled: &'m Filled,
    /// The structure.
    pub cms: Vec<u8>,
    /// The prepared file.
    pub prepared: Bytes,
    /// When it is judged: not before its timestamp.
    pub at: Instant,
}

impl App {
    /// Completes a prepared signature with the value that the signer's key made.
    ///
    /// # Errors
    ///
    /// `signing-stale` if another signature landed since (prepare again), `signing-expired`,
    /// `signing-abandoned`, `signing-completed`, `signature-wrong` if the value is not the key's
    /// over the attributes; `signature-kind-unproven`, `signature-format-other` by what the chain
    /// demands; else as [`SigningSeat::load`].
    pub async fn complete_signature(
        &self,
        actor: &Actor,
        signing_id: Uuid,
        value: &[u8],
    ) -> Result<CompletedSignature, AppError> {
        self.complete_with(actor, signing_id, Given::Value(value))
            .await
    }

    /// Completes a prepared signature with what came for it.
    ///
    /// # Errors
    ///
    /// As [`App::complete_signature`]; `signing-not-outside` for a structure where a value of a key
    /// that we certified is wanted; for a key that stays outside `cms-…`, `signature-failed` and
    /// `certificate-name-differs`.
    pub async fn complete_with(
        &self,
        actor: &Actor,
        signing_id: Uuid,
        given: Given<'_>,
    ) -> Result<CompletedSignature, AppError> {
        let now = self.now();
        let mut signing = self.load_signing(actor, signing_id).await?;
        if let Some(done) = self.done_before(&signing).await? {
            return Ok(done);
        }
        let seat = SigningSeat::load(self, self.store.reader(), actor, signing.task_id).await?;
        require_current(&signing, &seat, now)?;
        let stand = self.stand_of(&signing).await?;
        let authority = self.load_authority(actor.organisation).await?;
        let digest = parse_digest(&signing.prepared_digest)?;
        let prepared = self.blobs.get(actor.organisation, &digest).await?;
        // Nobody is asked for a timestamp over a wrong value, and nobody's turn waits for one.
        let filled = stand.fill(&signing, &prepared, given)?;
        stand.check(&signing, &filled, &authority)?;
        let stamp = self.stamp(&authority, filled.value(), now).await?;
        let cms = stand.cms(&signing, &filled, &authority, &stamp.token)?;
        let _turn = self.signing_turn().await?;
        let made = Made {
            stand: &stand,
            filled: &filled,
            cms,
            prepared,
            at: now.max(stamp.gen_time),
        };
        match form_of(&signing)? {
            SignatureForm::Embedded => {
                self.complete_inside(actor, &seat, &mut signing, made, now)
                    .await
            }
            SignatureForm::Detached => {
                self.complete_beside(actor, &seat, &mut signing, made, now)
                    .await
            }
        }
    }

    /// What a new signature is judged by.
    pub(super) async fn basis_of(&self, demand: Demand) -> Result<Basis, AppError> {
        match demand {
            Demand::Passed => self.signing_basis().await,
            // Its issuer is somebody whom the administrator trusts, or nobody.
            Demand::Sound => self.basis().await,
        }
    }

    /// Puts the structure into the file, and keeps the copy if it is right.
    async fn complete_inside(
        &self,
        actor: &Actor,
        seat: &SigningSeat,
        signing: &mut signings::Model,
        made: Made<'_>,
        now: Instant,
    ) -> Result<CompletedSignature, AppError> {
        let file = embed(&made.prepared, signing, seat, &made.cms)?;
        let demand = made.stand.demand();
        let basis = self.basis_of(demand).await?;
        let (read, at) = (file.clone(), made.at);
        let gathered = move || gather_pdf(&read, &limits_for(read.len()));
        let basis = self.informed(basis, at, gathered).await?;
        let judged = file.clone();
        let (base_len, field_name) = (seat.base().1, signing.field_name.clone());
        let report = blocking(move || {
            let base_len = usize::try_from(base_len).unwrap_or(0);
            let grown = Grown {
                file: &judged,
                base_len,
                field_name: &field_name,
            };
            require(demand, grown, &basis, at)
        })
        .await??;
        made.stand.conclude(signing, made.filled, &report)?;
        require_demanded(&seat.sealing, SignatureForm::Embedded, &report)?;
        self.keep_signature(actor, seat, signing, file, now).await
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
        let kind = self.key_kind();
        let key = blocking(move || fresh_key(kind)).await?;
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
        if form_of(signing)? == SignatureForm::Detached {
            return self.done_beside(signing).await;
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
            form: SignatureForm::Embedded,
            copy_digest: signature.copy_digest,
            copy_size: kept.size_bytes,
        }))
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
            form: SignatureForm::Embedded,
            copy_digest: digest.hex(),
            copy_size: size,
        })
    }
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

/// The engine's event: the task's holder has signed.
///
/// # Errors
///
/// [`AppError::Internal`] for a task or version whose row cannot be.
pub(super) fn signed_event(
    actor: &Actor,
    seat: &SigningSeat,
    now: Instant,
) -> Result<Event, AppError> {
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
    finish(tx, seat, signing, now).await?;
    recheck::enqueue_check(tx, organisation, copy.id, now).await?;
    if signing.key_place == KeyPlace::Outside.code() {
        kept::enqueue_look(tx, organisation, copy.id, now).await?;
    }
    let mut details = json!({
        "name": seat.signer.name,
        "organisation": seat.signer.organisation_name,
        "field": signing.field_name,
        "key_made_in": signing.key_place,
        "base_sha256": signing.base_digest,
        "copy_sha256": copy.digest,
    });
    if let (Some(told), Some(details)) = (told_certificate(signing), details.as_object_mut()) {
        details.insert("certificate".to_owned(), told);
    }
    Ok(Happening::to("document.signed", "signature", copy.id)
        .on_document(seat.document.id)
        .at_version(&seat.version.digest)
        .with(details))
}

/// The signing leads to a signature once, and the link that it came through is done with.
pub(super) async fn finish(
    tx: &DatabaseTransaction,
    seat: &SigningSeat,
    signing: &signings::Model,
    now: Instant,
) -> Result<(), AppError> {
    let completed = signings::Entity::update_many()
        .col_expr(signings::Column::State, Expr::value("completed"))
        .filter(signings::Column::Id.eq(signing.id))
        .filter(signings::Column::State.eq("prepared"))
        .exec(tx)
        .await?;
    if completed.rows_affected == 0 {
        return Err(AppError::refused("signing-completed"));
    }
    match &seat.link {
        Some(link) => close_link(tx, link.id, "signed", now.micros()).await,
        None => Ok(()),
    }
}
