//! The files that a link's reader may see: the pages, the exact file, attachments, the proof.

use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::QuerySelect as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::visit::{LinkState, Visit};
use crate::app::pages::{PagePlace, ShownPage};
use crate::app::signing::copies::{CopyState, states_of};
use crate::app::signing::detached::{BesideSignature, DetachedForm, NamedFile, Places};
use crate::app::versions::{FileToServe, parse_digest};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{attachments, certificates, signatures, signed_copies, signings};

const PDF: &str = "application/pdf";

/// What a signer keeps of a signature.
#[derive(Clone, Debug)]
pub struct LinkProof {
    /// What was signed: the signed copy as it is now; where the reader's signature is a file of its
    /// own, what that is over.
    pub file: NamedFile,
    /// The reader's signature, if it is a file of its own.
    pub own: Option<BesideSignature>,
    /// The signed copy as it is now, if anybody signed in the file.
    pub copy: Option<NamedFile>,
    /// What that copy was before, and why it has another digest now; oldest first, as it is last.
    pub copies: Vec<CopyState>,
    /// When the reader signed.
    pub signed_at: Instant,
    /// Whether everybody has signed.
    pub is_complete: bool,
    /// The document's state now, as its row names it.
    pub document_state: String,
    /// The certificate's serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the reader's public key, hexadecimal.
    pub key_digest: String,
    /// The certificate (DER).
    pub certificate: Vec<u8>,
    /// What was written down about the moment of signing.
    pub evidence: serde_json::Value,
    /// Whether the key was made on the server, not in the browser.
    pub made_by_server: bool,
    /// How many signatures were made here in the signed copy.
    pub inside_count: u64,
    /// Signatures in files of their own, the reader's among them if it is one.
    pub beside: Vec<BesideSignature>,
}

/// A signature of a link's reader, wherever it stands.
struct Signed {
    signing: Uuid,
    certificate: Option<Uuid>,
    at: i64,
    key_place: String,
    evidence: String,
    /// The signature, if it is a file of its own.
    beside: Option<Uuid>,
}

/// What is given of a detached signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BesidePart {
    /// Its file.
    Signature(DetachedForm),
    /// The file that it is over.
    Covered,
}

impl Visit {
    /// Whether the reader signed through this link, and proved the mailbox in this visit.
    #[must_use]
    pub fn may_see_proof(&self) -> bool {
        self.link_state == LinkState::Signed && self.visit.verified_at.is_some()
    }

    /// Whether the reader is given the file with the signatures that are there: to sign it, or
    /// because they did.
    #[must_use]
    pub fn may_see_signatures(&self) -> bool {
        self.may_see_proof() || self.require_verified().is_ok()
    }
}

impl App {
    /// Places of the version's pages, in order: sizes, and texts as far as they are known.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`].
    pub async fn link_pages(
        &self,
        visit: &Visit,
        pages: std::ops::RangeInclusive<i64>,
    ) -> Result<Vec<PagePlace>, AppError> {
        visit.require_verified()?;
        self.page_places_in(&visit.subject.version, pages).await
    }

    /// A page's image, drawn now if it was not yet. That it was served is noted: the evidence tells
    /// what the reader was shown.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; [`AppError::Hidden`] if there is no such page.
    pub async fn link_page_image(
        &self,
        actor: &Actor,
        visit: &Visit,
        page: i64,
    ) -> Result<ShownPage, AppError> {
        visit.require_verified()?;
        let version = &visit.subject.version;
        let shown = self.page_of_version(version, page).await?;
        self.note_shown(actor, version, page, &shown.digest).await?;
        Ok(shown)
    }

    /// The exact main file. That it was given is noted.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`].
    pub async fn link_file(&self, actor: &Actor, visit: &Visit) -> Result<FileToServe, AppError> {
        visit.require_verified()?;
        let version = &visit.subject.version;
        let name = version.main_name.clone();
        let file = self.link_blob(visit, name, PDF, &version.main_digest);
        let file = file.await?;
        self.note_file(actor, version).await?;
        Ok(file)
    }

    /// Position and name of each attachment.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn link_attachments(&self, visit: &Visit) -> Result<Vec<(i64, String)>, AppError> {
        let rows = attachments::Entity::find()
            .filter(attachments::Column::OrganisationId.eq(visit.link.organisation_id))
            .filter(attachments::Column::VersionId.eq(visit.link.version_id))
            .order_by_asc(attachments::Column::Position)
            .limit(1000)
            .all(self.store.reader())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.position, row.name))
            .collect())
    }

    /// An attachment.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; [`AppError::Hidden`] if there is none at `position`.
    pub async fn link_attachment(
        &self,
        visit: &Visit,
        position: i64,
    ) -> Result<FileToServe, AppError> {
        visit.require_verified()?;
        let row = attachments::Entity::find()
            .filter(attachments::Column::OrganisationId.eq(visit.link.organisation_id))
            .filter(attachments::Column::VersionId.eq(visit.link.version_id))
            .filter(attachments::Column::Position.eq(position))
            .one(self.store.reader())
            .await?
            .ok_or(AppError::Hidden)?;
        self.link_blob(visit, row.name, &row.media_type, &row.digest)
            .await
    }

    /// The signed copy as it is now, for a reader who signed it through this link: after everybody
    /// has signed, the final one.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] unless the link ended with a signature and its visit was verified.
    pub async fn link_signed_copy(&self, visit: &Visit) -> Result<FileToServe, AppError> {
        if !visit.may_see_proof() {
            return Err(AppError::Hidden);
        }
        let copy = signed_copies::Entity::find_by_id(visit.link.version_id)
            .one(self.store.reader())
            .await?
            .ok_or(AppError::Hidden)?;
        let name = signed_name(&visit.subject.version.main_name);
        self.link_blob(visit, name, PDF, &copy.digest).await
    }

    /// What a reader who signed keeps; `None` unless the link ended so and its visit was verified.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn link_proof(&self, visit: &Visit) -> Result<Option<LinkProof>, AppError> {
        if !visit.may_see_proof() {
            return Ok(None);
        }
        let Some(signed) = self.signed_through(visit).await? else {
            return Ok(None);
        };
        let mut places = Places::of(self.store.reader(), &visit.subject.version).await?;
        let own = signed.beside.and_then(|id| {
            let mut all = places.beside.iter();
            all.find(|one| one.id == id).cloned()
        });
        let file = match &own {
            Some(own) => Some(own.covered.clone()),
            None => places.copy.clone(),
        };
        let Some(file) = file else {
            return Ok(None);
        };
        let (serial, key_digest, certificate) = self.certificate_of(visit, &signed).await?;
        let copies = states_of(self.store.reader(), &visit.subject.version).await?;
        Ok(Some(LinkProof {
            file,
            own,
            copy: places.copy.take(),
            copies,
            inside_count: places.inside_count,
            beside: places.beside,
            signed_at: Instant::from_micros(signed.at),
            is_complete: visit.subject.document.state == "effective",
            document_state: visit.subject.document.state.clone(),
            made_by_server: signed.key_place == "server",
            serial,
            key_digest,
            certificate,
            evidence: serde_json::from_str(&signed.evidence).unwrap_or_default(),
        }))
    }

    /// What the reader signed through a link: in the file, or beside it.
    async fn signed_through(&self, visit: &Visit) -> Result<Option<Signed>, AppError> {
        let reader = self.store.reader();
        let (organisation, task) = (visit.link.organisation_id, visit.link.task_id);
        let inside = signatures::Entity::find()
            .filter(signatures::Column::OrganisationId.eq(organisation))
            .filter(signatures::Column::TaskId.eq(task))
            .filter(signatures::Column::ContactId.eq(visit.link.contact_id))
            .one(reader)
            .await?;
        if let Some(row) = inside {
            return Ok(Some(Signed {
                signing: row.signing_id,
                certificate: row.certificate_id,
                at: row.signed_at,
                key_place: row.key_place,
                evidence: row.evidence,
                beside: None,
            }));
        }
        let contact = visit.link.contact_id;
        let beside =
            store::detached_signatures::find_of_contact(reader, organisation, task, contact);
        let Some((row, signing)) = beside.await?.and_then(|row| {
            let signing = row.signing_id?;
            Some((row, signing))
        }) else {
            return Ok(None);
        };
        let signing = signings::Entity::find_by_id(signing)
            .filter(signings::Column::OrganisationId.eq(organisation))
            .one(reader)
            .await?
            .ok_or_else(|| AppError::internal("a signature without its signing"))?;
        Ok(Some(Signed {
            signing: signing.id,
            certificate: signing.certificate_id,
            at: row.received_at,
            key_place: signing.key_place,
            evidence: row.evidence,
            beside: Some(row.id),
        }))
    }

    /// The detached signatures of the version that the link is about; none unless the reader may
    /// have them.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn link_beside(&self, visit: &Visit) -> Result<Vec<BesideSignature>, AppError> {
        if !visit.may_see_signatures() {
            return Ok(Vec::new());
        }
        let places = Places::of(self.store.reader(), &visit.subject.version).await?;
        Ok(places.beside)
    }

    /// A detached signature of the version that the link is about, or the file that it is over, for
    /// a reader who may have the file with the other signatures.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for everybody else, and for every other signature.
    pub async fn link_beside_file(
        &self,
        visit: &Visit,
        id: Uuid,
        part: BesidePart,
    ) -> Result<FileToServe, AppError> {
        let beside = self.link_beside(visit).await?;
        let found = beside.into_iter().find(|one| one.id == id);
        let found = found.ok_or(AppError::Hidden)?;
        let file = match part {
            BesidePart::Signature(DetachedForm::Now) => found.now,
            BesidePart::Signature(DetachedForm::AsItCame) => found.as_it_came,
            BesidePart::Covered => found.covered,
        };
        let NamedFile {
            name, media_type, ..
        } = file;
        self.link_blob(visit, name, media_type, &file.digest).await
    }

    /// Serial number, digest of the key, and DER of a signature's certificate: ours, or the one
    /// that was presented.
    async fn certificate_of(
        &self,
        visit: &Visit,
        signed: &Signed,
    ) -> Result<(String, String, Vec<u8>), AppError> {
        let reader = self.store.reader();
        let absent = || AppError::internal("a signature without its certificate");
        if let Some(id) = signed.certificate {
            let row = certificates::Entity::find_by_id(id).one(reader).await?;
            let row = row.ok_or_else(absent)?;
            return Ok((row.serial, row.key_digest, row.der));
        }
        let (organisation, signing) = (visit.link.organisation_id, signed.signing);
        let row =
            store::outside_certificates::find_of_signing(reader, organisation, signing).await?;
        let row = row.ok_or_else(absent)?;
        Ok((row.serial, row.key_digest, row.der))
    }

    async fn link_blob(
        &self,
        visit: &Visit,
        name: String,
        media_type: &str,
        digest: &str,
    ) -> Result<FileToServe, AppError> {
        let known = parse_digest(digest)?;
        let organisation = OrganisationId::from(visit.link.organisation_id);
        Ok(FileToServe {
            name,
            media_type: media_type.to_owned(),
            digest: digest.to_owned(),
            stream: self.blobs.open_stream(organisation, &known).await?,
        })
    }
}

/// `contract.pdf` signed is `contract.signed.pdf`.
#[must_use]
pub fn signed_name(name: &str) -> String {
    let stem = name
        .strip_suffix(".pdf")
        .or_else(|| name.strip_suffix(".PDF"))
        .unwrap_or(name);
    format!("{stem}.signed.pdf")
}
