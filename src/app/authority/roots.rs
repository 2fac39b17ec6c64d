//! The root certificates of our authorities, as others are given them: whoever keeps a file that
//! was signed here checks it by them elsewhere. They are public, and hold no secret.

use std::collections::BTreeSet;

use chancery_signature::{Name, ValidationReport, describe_certificate};
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::store::entity::authority_keys;

/// A root certificate.
#[derive(Clone, Debug)]
pub struct PublishedRoot {
    /// Whom it names.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Its validity begins.
    pub not_before: Instant,
    /// Its validity ends.
    pub not_after: Instant,
    /// Its bytes.
    pub der: Vec<u8>,
}

impl PublishedRoot {
    fn of(row: authority_keys::Model) -> Result<Self, AppError> {
        let described = describe_certificate(&row.certificate);
        let described = described.map_err(|error| AppError::Internal(error.into()))?;
        let Name {
            common_name, text, ..
        } = described.subject;
        Ok(Self {
            name: common_name.unwrap_or(text),
            sha256: described.sha256,
            not_before: described.not_before,
            not_after: described.not_after,
            der: row.certificate,
        })
    }
}

impl App {
    /// The roots of an organisation, the newest first: one that was replaced is still what earlier
    /// signatures are checked by.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn roots_of(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<PublishedRoot>, AppError> {
        self.list_roots(&BTreeSet::from([organisation.uuid()]))
            .await
    }

    /// The roots that anybody is told of who comes with no file: those of the only organisation.
    /// Where there are several, which they are is nobody's business; a file names its own.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn roots_for_anybody(&self) -> Result<Vec<PublishedRoot>, AppError> {
        match self.list_organisations().await?.as_slice() {
            [only] => self.roots_of(only.id).await,
            _ => Ok(Vec::new()),
        }
    }

    /// The roots of the organisations whose authorities certified what a report speaks of.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn roots_behind(
        &self,
        report: &ValidationReport,
    ) -> Result<Vec<PublishedRoot>, AppError> {
        let links = report.signatures.iter().flat_map(|one| &one.chain);
        let digests: BTreeSet<&str> = links.map(|link| link.sha256.as_str()).collect();
        if digests.is_empty() {
            return Ok(Vec::new());
        }
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::Purpose.is_in(["root", "issuing"]))
            .all(self.store.reader())
            .await?;
        let ours = rows.iter().filter(|row| {
            let digest = Digest::of(&row.certificate).to_string();
            digests.contains(digest.as_str())
        });
        let organisations: BTreeSet<Uuid> = ours.map(|row| row.organisation_id).collect();
        self.list_roots(&organisations).await
    }

    /// The root whose bytes have this SHA-256 (hexadecimal).
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if it is none of ours; [`AppError::Unavailable`].
    pub async fn root_by_digest(&self, sha256: &str) -> Result<PublishedRoot, AppError> {
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::Purpose.eq("root"))
            .all(self.store.reader())
            .await?;
        let mut rows = rows.into_iter();
        let found = rows.find(|row| Digest::of(&row.certificate).to_string() == sha256);
        PublishedRoot::of(found.ok_or(AppError::Hidden)?)
    }

    async fn list_roots(
        &self,
        organisations: &BTreeSet<Uuid>,
    ) -> Result<Vec<PublishedRoot>, AppError> {
        if organisations.is_empty() {
            return Ok(Vec::new());
        }
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::Purpose.eq("root"))
            .filter(authority_keys::Column::OrganisationId.is_in(organisations.iter().copied()))
            .order_by_desc(authority_keys::Column::CreatedAt)
            .all(self.store.reader())
            .await?;
        rows.into_iter().map(PublishedRoot::of).collect()
    }
}
