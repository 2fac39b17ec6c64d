//! Detached signatures over a version's main file or over its signed copy. Those that the chain
//! asks for are made here (`made`); those that were made elsewhere are read, bound to what they
//! cover, judged, and kept in the same way.
//!
//! Who may bring one, and what it does:
//!
//! * Whoever holds the open sign task on the document: it completes that task, once consents and
//!   pages are as for any signature. That they brought it in their own name, and how they came, is
//!   in the evidence; what the certificate says stands beside it, by the rule of
//!   [`super::outside`].
//! * The initiator: a counterparty's person who does not come through a link sends it in some other
//!   way, and it must not be lost. It is kept, judged and listed, and completes nobody's task: the
//!   initiator answers for the sending, and not for another's will to sign.
//!
//! Whatever its time is not proven of gets a timestamp when it comes: that is what it is from then
//! on, and the file that came is kept beside.
//!
//! What cannot be bound, is over an earlier version, or is proven wrong, is refused with the
//! reason, and nothing is kept.

mod beside;
mod covered;
mod judged;
mod keep;
mod list;
mod made;

use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::consent::has_consents_for;
use super::seat::SigningSeat;
use crate::app::documents::facts_of;
use crate::app::spool::Upload;
use crate::app::{App, AppError, FieldProblem, allow};
use crate::domain::access::{Action, Decision, Resource, decide};
use crate::domain::actor::Actor;
use crate::store::entity::{documents, tasks};

pub(crate) use beside::covered_file;
pub use beside::{BesideSignature, NamedFile, Places};
pub use covered::Covers;
pub(crate) use list::stored;
pub use list::{DetachedForm, DetachedRow};

/// The field of the file, as forms and calls name it.
pub const FIELD: &str = "signature";
/// The largest detached signature, in bytes: real ones have 2 to 100 kilobytes, with archive
/// timestamps and revocation lists several hundred.
pub const BYTES_MAX: u64 = 4 * 1024 * 1024;
/// A detached CMS signature (RFC 5751, 3.2.1).
pub const MEDIA_TYPE: &str = "application/pkcs7-signature";
/// Most signers of one structure.
pub const SIGNERS_MAX: usize = 16;

/// A detached signature that was taken.
#[derive(Clone, Debug)]
pub struct TakenSignature {
    /// The signature.
    pub id: Uuid,
    /// The document.
    pub document_id: Uuid,
    /// The number of the version that it covers.
    pub version_number: i64,
    /// Which file of it.
    pub covers: Covers,
    /// Whether it completed a sign task.
    pub is_completing: bool,
    /// The verdict: `TOTAL-PASSED` or `INDETERMINATE`.
    pub indication: &'static str,
    /// Whether it passed although nobody knows whether a certificate that it rests on was revoked.
    pub leaves_revocation_open: bool,
}

/// Whose signature somebody may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bringing {
    /// Their own: they hold the open sign task.
    Own,
    /// Another's: they are the initiator.
    Another,
}

/// Who brings a signature.
struct Bringer {
    /// The document.
    document: documents::Model,
    /// Where they sign themselves; nothing for an initiator who brings another's.
    seat: Option<SigningSeat>,
}

impl App {
    /// Takes a detached signature (CMS: DER, BER, PEM or Base64). `problems` are those of the
    /// file's way in.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`]; [`AppError::Invalid`] for the file
    /// (`signature-missing`), [`AppError::TooLarge`]; as [`SigningSeat::load`] and
    /// `detached-seals-nothing`, `consents-needed`, `pages-unopened` for the holder of a task;
    /// `detached-unreadable`,
    /// `detached-holds-content`, `detached-without-digest`, `detached-digests-differ`,
    /// `detached-covers-nothing`, `detached-covers-old`, `signature-failed`,
    /// `signature-not-qualified`, `signature-kind-unproven`, `signature-format-other`,
    /// `detached-not-stamped`, `certificate-name-differs`, `detached-known`, `detached-too-many`.
    pub async fn take_detached(
        &self,
        actor: &Actor,
        document: DocumentId,
        upload: Option<Upload>,
        problems: Vec<FieldProblem>,
    ) -> Result<TakenSignature, AppError> {
        let bringer = self.bringer(actor, document).await?;
        if !problems.is_empty() {
            return Err(AppError::Invalid { fields: problems });
        }
        let upload = upload.ok_or_else(|| AppError::invalid(FIELD, "signature-missing"))?;
        if upload.size_bytes > BYTES_MAX {
            return Err(AppError::TooLarge {
                max_bytes: BYTES_MAX,
            });
        }
        let file = upload.bytes().await?;
        // From here on whole files are in memory: a few at once.
        let turn = self.signing_turn().await?;
        let covered = self.find_covered(&bringer, &file).await?;
        self.require_unknown(&covered, &upload).await?;
        let judged = self.judge_brought(&bringer, &file, &covered).await?;
        drop(turn);
        self.keep_detached(actor, bringer, upload, covered, judged)
            .await
    }

    /// Whose signature the actor may bring to a document; nothing if nobody's.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if they may not see it.
    pub async fn may_bring(
        &self,
        actor: &Actor,
        document: DocumentId,
    ) -> Result<Option<Bringing>, AppError> {
        let document = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        if let Some(task) = self.open_sign_task(actor, &document).await? {
            let seat = SigningSeat::load(self, self.store.reader(), actor, task.id).await?;
            // What binds the file must stand in it.
            return Ok((!seat.seals()).then_some(Bringing::Own));
        }
        let may = self.may_bring_another(actor, &document).await?;
        Ok((may == Decision::Allowed).then_some(Bringing::Another))
    }

    /// The seat in which the actor still owes their consents before they may bring their own
    /// signature to a document.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if they may not see it.
    pub async fn owed_consents(
        &self,
        actor: &Actor,
        document: DocumentId,
    ) -> Result<Option<SigningSeat>, AppError> {
        let document = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let Some(task) = self.open_sign_task(actor, &document).await? else {
            return Ok(None);
        };
        let seat = SigningSeat::load(self, self.store.reader(), actor, task.id).await?;
        let is_owed = !has_consents_for(self, &seat).await?;
        Ok(is_owed.then_some(seat))
    }

    async fn may_bring_another(
        &self,
        actor: &Actor,
        document: &documents::Model,
    ) -> Result<Decision, AppError> {
        let facts = facts_of(self.store.reader(), document, self.now()).await?;
        let resource = Resource::Document(facts);
        Ok(decide(actor, Action::BringSignature, &resource))
    }

    /// The open sign task that a person holds on a document.
    async fn open_sign_task(
        &self,
        actor: &Actor,
        document: &documents::Model,
    ) -> Result<Option<tasks::Model>, AppError> {
        let person = actor.person().ok_or(AppError::Hidden)?;
        Ok(tasks::Entity::find()
            .filter(tasks::Column::OrganisationId.eq(document.organisation_id))
            .filter(tasks::Column::DocumentId.eq(document.id))
            .filter(tasks::Column::PersonId.eq(person.id.uuid()))
            .filter(tasks::Column::StageKind.eq("sign"))
            .filter(tasks::Column::State.eq("open"))
            .one(self.store.reader())
            .await?)
    }

    async fn bringer(&self, actor: &Actor, document: DocumentId) -> Result<Bringer, AppError> {
        let document = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let Some(task) = self.open_sign_task(actor, &document).await? else {
            allow(self.may_bring_another(actor, &document).await?)?;
            return Ok(Bringer {
                document,
                seat: None,
            });
        };
        let seat = SigningSeat::load(self, self.store.reader(), actor, task.id).await?;
        if seat.seals() {
            return Err(AppError::refused("detached-seals-nothing"));
        }
        self.require_ready(actor, &seat).await?;
        Ok(Bringer {
            document,
            seat: Some(seat),
        })
    }
}
