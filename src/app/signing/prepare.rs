//! Prepares a signature: a certificate for the key, the file with a hole, the attributes to sign.

use std::sync::Arc;

use bytes::Bytes;
use chancery_signature::KeyKind;
use chancery_types::id::{OrganisationId, SigningId};
use chancery_types::{Digest, Instant};
use chancery_workflow::{SignatureForm, TaskNumber, check_mandate};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryFilter as _;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _};
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::demanded::require_key_here;
use super::detached::Places;
use super::evidence::{self, KeyPlace};
use super::ground::Ground;
use super::pen::Pen;
use super::seat::SigningSeat;
use super::{consent, shown};
use crate::app::audit;
use crate::app::links::limit;
use crate::app::links::said_read::SaidRead;
use crate::app::refusal::refuse_in;
use crate::app::{App, AppError};
use crate::blob::BlobSource;
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::{blobs, link_visits, signings};

/// The largest public key taken from a browser, in bytes (P-256 has 91).
/// One of RSA with 4096 bits has 550.
const SPKI_BYTES_MAX: usize = 1024;

const HOUR_SECONDS: i64 = 3600;

/// The signer's key.
#[derive(Clone, Debug)]
pub enum SignerKey {
    /// Made in the browser: its public half (SubjectPublicKeyInfo, DER).
    Browser {
        /// The public key.
        spki_der: Vec<u8>,
    },
    /// Made on the server for this one signature: its public half.
    Server {
        /// The public key.
        spki_der: Vec<u8>,
    },
}

/// What the signer's key is to sign, and how to check it.
#[derive(Clone, Debug)]
pub struct PreparedSignature {
    /// Completes it.
    pub id: SigningId,
    /// Where the signature will stand.
    pub form: SignatureForm,
    /// The prepared file: digest of all of it, with the hole still empty. For a detached signature,
    /// of the file that it is over, which stays as it is.
    pub prepared_digest: String,
    /// `[0 a b c]` over that file; `[0 n n 0]` for all of its `n` bytes.
    pub byte_range: [u64; 4],
    /// The digest of those bytes, as the attributes hold it; hexadecimal.
    pub content_digest: String,
    /// DER of the signed attributes (a SET OF): the key signs these bytes.
    pub signed_attributes: Vec<u8>,
    /// The signer's certificate (DER).
    pub certificate: Vec<u8>,
    /// Until when it can be completed.
    pub expires_at: Instant,
}

impl App {
    /// Prepares a signature on the signed copy as it is now.
    ///
    /// # Errors
    ///
    /// As [`SigningSeat::load`]; `signature-not-qualified` where the chain demands what a key that
    /// is certified here never is; `consents-needed`, `pages-unopened`, `pages-unread`;
    /// `authority-revoked`;
    /// `key-invalid`, `key-not-accepted` for a browser's key; `pdf-…` if the file cannot take a
    /// signature; `detached-too-many`; [`AppError::TooMany`] when the hour's preparations for the
    /// task are used up.
    pub async fn prepare_signature(
        &self,
        actor: &Actor,
        task_id: Uuid,
        key: &SignerKey,
    ) -> Result<PreparedSignature, AppError> {
        let now = self.now();
        let seat = SigningSeat::load(self, self.store.reader(), actor, task_id).await?;
        require_key_here(&seat.sealing)?;
        self.require_ready(actor, &seat).await?;
        self.require_room(self.store.reader(), &seat, now).await?;
        let (spki_der, kind, key_place) = self.check_key(key)?;
        self.require_issuing(seat.organisation.id).await?;
        // From here on whole files are in memory: a few at once.
        let _turn = self.signing_turn().await?;
        let authority = self.load_authority(actor.organisation).await?;
        let certificate = authority.issue(self, &seat, spki_der, now).await?;
        let pen = Pen::here(kind, key_place, certificate);
        self.prepare_with(actor, seat, pen, now).await
    }

    /// Prepares with any pen; the caller holds a turn and has found the seat ready.
    pub(super) async fn prepare_with(
        &self,
        actor: &Actor,
        seat: SigningSeat,
        pen: Pen,
        now: Instant,
    ) -> Result<PreparedSignature, AppError> {
        let base = self.base_bytes(actor.organisation, &seat).await?;
        let ground = match seat.sealing.form {
            SignatureForm::Embedded => {
                let seal = self.seal_of(&seat).await?;
                // The first one draws the sheet of signatures.
                let beside = match seat.signed_copy {
                    Some(_) => Vec::new(),
                    None => Places::of(self.store.reader(), &seat.version).await?.beside,
                };
                let marked = (&seat, beside);
                Ground::dig(&base, marked, (&pen, seal), (now, actor.locale)).await?
            }
            SignatureForm::Detached => {
                self.require_place(self.store.reader(), &seat.version)
                    .await?;
                Ground::Whole
            }
        };
        let content_digest = ground.digest(&base, pen.digest_algorithm());
        let ready = Ready {
            signed_attributes: pen.attributes(ground.form(), &content_digest, now)?,
            content_digest,
            byte_range: ground.byte_range(&base),
        };
        let file = ground.file(&base);
        let mut evidence =
            evidence::gather(self.store.reader(), actor, &seat, pen.key_place()).await?;
        pen.tell(&seat, &mut evidence);
        seat.tell_sealing(&mut evidence);
        let job = Preparation {
            seat,
            pen,
            ground,
            ready,
            evidence,
        };
        self.keep_preparation(actor, job, file, now).await
    }

    /// The consents are there, every page was sent to the signer, and a link's reader has said that
    /// they read each.
    pub(super) async fn require_ready(
        &self,
        actor: &Actor,
        seat: &SigningSeat,
    ) -> Result<(), AppError> {
        if !consent::has_consents(self.store.reader(), seat).await? {
            return Err(AppError::refused("consents-needed"));
        }
        self.require_mandate(actor, seat).await?;
        let viewer = shown::viewer_of(actor).ok_or(AppError::Denied)?;
        let unopened = shown::unopened_pages(self.store.reader(), viewer, &seat.version).await?;
        shown::require_opened(&unopened)?;
        let crate::domain::actor::Who::Contact(contact) = &actor.who else {
            return Ok(());
        };
        let visit = link_visits::Entity::find_by_id(contact.visit);
        let visit = visit
            .one(self.store.reader())
            .await?
            .ok_or(AppError::Unauthenticated)?;
        if SaidRead::parse(&visit.pages_read).has_all(seat.version.pages_count) {
            Ok(())
        } else {
            Err(AppError::refused("pages-unread"))
        }
    }

    /// Who is asked by the register of mandates still has theirs. Completing asks again.
    async fn require_mandate(&self, actor: &Actor, seat: &SigningSeat) -> Result<(), AppError> {
        let Some(person) = actor.person() else {
            return Ok(());
        };
        let reader = self.store.reader();
        let run = self.load_run(reader, actor.organisation, seat.task.run_id.into());
        let run = run.await?;
        if !run.definition.asks_for_mandates() {
            return Ok(());
        }
        let number = u32::try_from(seat.task.number);
        let number = number.map_err(|error| AppError::Internal(error.into()))?;
        let who = (TaskNumber(number), person.id);
        check_mandate(&run.definition, &run.state, who, &run.directory, self.now())
            .map_err(|refusal| refuse_in(&run.definition, refusal))
    }

    /// Each preparation keeps a whole copy of the file: so many an hour for one task.
    pub(super) async fn require_room(
        &self,
        connection: &impl ConnectionTrait,
        seat: &SigningSeat,
        now: Instant,
    ) -> Result<(), AppError> {
        let since = now.plus_seconds(-HOUR_SECONDS).micros();
        let prepared = store::links::list_prepared(connection, seat.task.id, since).await?;
        let max = self.config.signing.prepared_per_hour_max;
        limit::check(&prepared, max, HOUR_SECONDS, now)
    }

    /// A turn to hold whole files in memory.
    pub(crate) async fn signing_turn(&self) -> Result<OwnedSemaphorePermit, AppError> {
        let turn = Arc::clone(&self.signing_turns).acquire_owned().await;
        turn.map_err(|_| AppError::internal("the queue of signings is closed"))
    }

    fn check_key(&self, key: &SignerKey) -> Result<(Vec<u8>, KeyKind, KeyPlace), AppError> {
        match key {
            SignerKey::Server { spki_der } => {
                Ok((spki_der.clone(), self.key_kind(), KeyPlace::Server))
            }
            SignerKey::Browser { spki_der } => {
                if spki_der.len() > SPKI_BYTES_MAX {
                    return Err(AppError::refused("key-invalid"));
                }
                let kind = KeyKind::of_spki(spki_der);
                let kind = kind.map_err(|_| AppError::refused("key-invalid"))?;
                if kind != self.key_kind() {
                    return Err(AppError::refused("key-not-accepted"));
                }
                Ok((spki_der.clone(), kind, KeyPlace::Browser))
            }
        }
    }

    /// The configured algorithm of signers' keys.
    #[must_use]
    pub fn key_kind(&self) -> KeyKind {
        match self.config.signing.algorithm {
            crate::config::SigningAlgorithm::EcdsaP256 => KeyKind::EcdsaP256,
            crate::config::SigningAlgorithm::Ed25519 => KeyKind::Ed25519,
            crate::config::SigningAlgorithm::RsaPkcs1 => KeyKind::Rsa,
        }
    }

    async fn base_bytes(
        &self,
        organisation: OrganisationId,
        seat: &SigningSeat,
    ) -> Result<Bytes, AppError> {
        let digest: Digest = seat
            .base()
            .0
            .parse()
            .map_err(|_| AppError::internal("a version's digest is not a digest"))?;
        Ok(self.blobs.get(organisation, &digest).await?)
    }

    async fn keep_preparation(
        &self,
        actor: &Actor,
        job: Preparation,
        file: Bytes,
        now: Instant,
    ) -> Result<PreparedSignature, AppError> {
        let prepared_digest = Digest::of(&file);
        let size = i64::try_from(file.len()).unwrap_or(i64::MAX);
        // What is signed as it is lies here already.
        let is_new = job.ground.form() == SignatureForm::Embedded;
        if is_new {
            let source = BlobSource::Bytes(file);
            let put = self
                .blobs
                .put(actor.organisation, &prepared_digest, source, PDF);
            put.await?;
        }
        let tx = self.store.begin().await?;
        // Calls at once are counted one after the other.
        let task = store::tasks::lock_task(&tx, job.seat.organisation.id, job.seat.task.id).await?;
        if task.state != "open" {
            return Err(AppError::refused("task-not-open"));
        }
        self.require_room(&tx, &job.seat, now).await?;
        if is_new {
            insert_blob(&tx, actor.organisation, &prepared_digest, size, now).await?;
        }
        abandon_earlier(&tx, &job.seat).await?;
        let certificate_id = job.pen.insert_own(&tx, &job.seat, now).await?;
        let id = entropy::id(now);
        let expires_at = now.plus_seconds(self.config.signing.prepared_minutes * 60);
        let place = Kept {
            id,
            certificate_id,
            prepared_digest: prepared_digest.hex(),
            expires_at,
        };
        signing_row(&job, &place, now).insert(&tx).await?;
        let happening = job.pen.announce(self, &tx, &job.seat, &place, now).await?;
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(PreparedSignature {
            id: SigningId::from(id),
            form: job.ground.form(),
            prepared_digest: place.prepared_digest,
            byte_range: job.ready.byte_range,
            content_digest: hex::encode(&job.ready.content_digest),
            signed_attributes: job.ready.signed_attributes,
            certificate: job.pen.certificate().to_vec(),
            expires_at,
        })
    }
}

const PDF: &str = "application/pdf";

/// A preparation before it is written down.
struct Preparation {
    seat: SigningSeat,
    pen: Pen,
    ground: Ground,
    ready: Ready,
    evidence: Value,
}

/// What the key signs.
struct Ready {
    byte_range: [u64; 4],
    content_digest: Vec<u8>,
    signed_attributes: Vec<u8>,
}

/// Where it is kept.
pub(super) struct Kept {
    /// The signing.
    pub id: Uuid,
    /// The certificate that we issued for it, if we did.
    pub certificate_id: Option<Uuid>,
    prepared_digest: String,
    expires_at: Instant,
}

/// Runs what computes for long off the threads that serve requests.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| AppError::Internal(error.into()))
}

pub(super) fn pdf_refusal(error: chancery_pdf::PdfError) -> AppError {
    if error == chancery_pdf::PdfError::CertificationTooLate {
        return AppError::refused("file-signed-before");
    }
    AppError::refused_with("pdf-not-signable", [("why", error.to_string())])
}

/// Writes down that a file is stored; a file that is there already stays as it is.
pub(crate) async fn insert_blob(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    digest: &Digest,
    size_bytes: i64,
    now: Instant,
) -> Result<(), AppError> {
    let row = blobs::ActiveModel {
        organisation_id: Set(organisation.uuid()),
        digest: Set(digest.hex()),
        size_bytes: Set(size_bytes),
        media_type: Set(PDF.to_owned()),
        created_at: Set(now.micros()),
    };
    blobs::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([blobs::Column::OrganisationId, blobs::Column::Digest])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// An earlier preparation for the same task is given up: one seat, one pen.
async fn abandon_earlier(
    connection: &impl ConnectionTrait,
    seat: &SigningSeat,
) -> Result<(), AppError> {
    signings::Entity::update_many()
        .col_expr(signings::Column::State, Expr::value("abandoned"))
        .filter(signings::Column::TaskId.eq(seat.task.id))
        .filter(signings::Column::State.eq("prepared"))
        .exec(connection)
        .await?;
    Ok(())
}

fn signing_row(job: &Preparation, place: &Kept, now: Instant) -> signings::ActiveModel {
    signings::ActiveModel {
        id: Set(place.id),
        organisation_id: Set(job.seat.organisation.id),
        document_id: Set(job.seat.document.id),
        version_id: Set(job.seat.version.id),
        task_id: Set(job.seat.task.id),
        link_id: Set(job.seat.link.as_ref().map(|link| link.id)),
        person_id: Set(job.seat.signer.person_id),
        contact_id: Set(job.seat.signer.contact_id),
        state: Set("prepared".to_owned()),
        base_digest: Set(job.seat.base().0.to_owned()),
        prepared_digest: Set(place.prepared_digest.clone()),
        byte_range: Set(json!(job.ready.byte_range).to_string()),
        content_digest: Set(hex::encode(&job.ready.content_digest)),
        field_name: Set(job.ground.field_name().to_owned()),
        key_place: Set(job.pen.key_place().code().to_owned()),
        algorithm: Set(job.pen.algorithm().to_owned()),
        certificate_id: Set(place.certificate_id),
        signed_attributes: Set(job.ready.signed_attributes.clone()),
        evidence: Set(job.evidence.to_string()),
        prepared_at: Set(now.micros()),
        expires_at: Set(place.expires_at.micros()),
        form: Set(job.ground.form().code().to_owned()),
    }
}
