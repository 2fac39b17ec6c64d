//! The files that a link's reader may see: the pages, the exact file, attachments, the proof.

use bytes::Bytes;
use chancery_types::Digest;
use chancery_types::id::OrganisationId;
use sea_orm::QuerySelect as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::visit::{LinkState, Visit};
use crate::app::pages::PagePlace;
use crate::app::{App, AppError};
use crate::store::entity::{attachments, signed_copies};

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
