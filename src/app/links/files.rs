//! The files that a link's reader may see: the pages, the exact file, attachments, the proof.

use bytes::Bytes;
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use sea_orm::QuerySelect as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::visit::{LinkState, Visit};
use crate::app::pages::PagePlace;
use crate::app::{App, AppError};
use crate::store::entity::{attachments, signatures, signed_copies};

/// What a signer keeps of a signature.
#[derive(Clone, Debug)]
pub struct LinkProof {
    /// The file's name.
    pub name: String,
    /// SHA-256 of the signed copy as it is now, hexadecimal.
    pub digest: String,
    /// Its size.
    pub size_bytes: i64,
    /// When the reader signed.
    pub signed_at: Instant,
    /// Whether everybody has signed.
    pub is_complete: bool,
    /// Whether the key was made on the server, not in the browser.
    pub made_by_server: bool,
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
        let mut places = self.page_places(&visit.subject.version).await?;
        places.retain(|place| pages.contains(&place.number));
        Ok(places)
    }

    /// A page's image, drawn now if it was not yet.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; [`AppError::Hidden`] if there is no such page.
    pub async fn link_page_image(&self, visit: &Visit, page: i64) -> Result<Bytes, AppError> {
        visit.require_verified()?;
        Ok(self
            .page_of_version(&visit.subject.version, page)
            .await?
            .png)
    }

    /// The exact main file, with its name.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`].
    pub async fn link_file(&self, visit: &Visit) -> Result<(String, Bytes), AppError> {
        visit.require_verified()?;
        let version = &visit.subject.version;
        let file = self.link_blob(visit, &version.main_digest).await?;
        Ok((version.main_name.clone(), file))
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

    /// An attachment: name, media type, bytes.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; [`AppError::Hidden`] if there is none at `position`.
    pub async fn link_attachment(
        &self,
        visit: &Visit,
        position: i64,
    ) -> Result<(String, String, Bytes), AppError> {
        visit.require_verified()?;
        let row = attachments::Entity::find()
            .filter(attachments::Column::OrganisationId.eq(visit.link.organisation_id))
            .filter(attachments::Column::VersionId.eq(visit.link.version_id))
            .filter(attachments::Column::Position.eq(position))
            .one(self.store.reader())
            .await?
            .ok_or(AppError::Hidden)?;
        let file = self.link_blob(visit, &row.digest).await?;
        Ok((row.name, row.media_type, file))
    }

    /// The signed copy as it is now, for a reader who signed it through this link.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] unless the link ended with a signature and its visit was verified.
    pub async fn link_signed_copy(&self, visit: &Visit) -> Result<(String, Bytes), AppError> {
        if visit.link_state != LinkState::Signed || visit.visit.verified_at.is_none() {
            return Err(AppError::Hidden);
        }
        let copy = signed_copies::Entity::find_by_id(visit.link.version_id)
            .one(self.store.reader())
            .await?
            .ok_or(AppError::Hidden)?;
        let file = self.link_blob(visit, &copy.digest).await?;
        Ok((signed_name(&visit.subject.version.main_name), file))
    }

    /// What a reader who signed keeps; `None` unless the link ended so and its visit was verified.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn link_proof(&self, visit: &Visit) -> Result<Option<LinkProof>, AppError> {
        if visit.link_state != LinkState::Signed || visit.visit.verified_at.is_none() {
            return Ok(None);
        }
        let reader = self.store.reader();
        let signature = signatures::Entity::find()
            .filter(signatures::Column::OrganisationId.eq(visit.link.organisation_id))
            .filter(signatures::Column::TaskId.eq(visit.link.task_id))
            .one(reader)
            .await?;
        let copy = signed_copies::Entity::find_by_id(visit.link.version_id);
        let Some((signature, copy)) = signature.zip(copy.one(reader).await?) else {
            return Ok(None);
        };
        Ok(Some(LinkProof {
            name: signed_name(&visit.subject.version.main_name),
            digest: copy.digest,
            size_bytes: copy.size_bytes,
            signed_at: Instant::from_micros(signature.signed_at),
            is_complete: visit.subject.document.state == "effective",
            made_by_server: signature.key_place == "server",
        }))
    }

    async fn link_blob(&self, visit: &Visit, digest: &str) -> Result<Bytes, AppError> {
        let digest: Digest = digest
            .parse()
            .map_err(|_| AppError::internal("a file's digest is not a digest"))?;
        let organisation = OrganisationId::from(visit.link.organisation_id);
        Ok(self.blobs.get(organisation, &digest).await?)
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
