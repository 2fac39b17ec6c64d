//! A stored signature of a document, found by what pages and calls name it by.

use std::sync::Arc;

use chancery_signature::ValidationReport;
use chancery_types::id::{DocumentId, OrganisationId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::detached::stored;
use super::powers::SignatureName;
use crate::app::validation::{Judgement, Stored};
use crate::app::versions::parse_digest;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{detached_signatures, documents, signatures, versions};

/// A stored signature, with what our validator says of what it stands in.
#[derive(Clone, Debug)]
pub struct NamedSignature {
    /// The document.
    pub document: documents::Model,
    /// The version that it is of.
    pub version: versions::Model,
    /// The detached signature; nothing for one that stands in the version's file.
    pub detached: Option<detached_signatures::Model>,
    /// Its place in the report, from 0: of a detached one, 0.
    pub place: usize,
    /// What our validator says of what it stands in.
    pub report: Arc<ValidationReport>,
    /// What it stands in.
    pub stored: Stored,
}

impl App {
    /// The signature of this name, for whoever may see its document.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is no such signature for the actor; `verdict-later`,
    /// `verdict-too-large`; [`AppError::Unavailable`] if the file cannot be had.
    pub async fn named_signature(
        &self,
        actor: &Actor,
        document: DocumentId,
        name: SignatureName,
    ) -> Result<NamedSignature, AppError> {
        let document = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        match name {
            SignatureName::Id(id) => {
                let found = store::detached_signatures::find_signature(
                    reader,
                    organisation,
                    document.id,
                    id,
                );
                match found.await? {
                    Some(detached) => self.named_detached(document, detached).await,
                    None => self.named_made(document, id).await,
                }
            }
            SignatureName::Within { version, place } => {
                let found =
                    store::versions::find_version(reader, organisation, document.id, version);
                let version = found.await?.ok_or(AppError::Hidden)?;
                let found = move |_: &ValidationReport| Some(place);
                self.named_within(document, version, found).await
            }
        }
    }

    async fn named_made(
        &self,
        document: documents::Model,
        id: Uuid,
    ) -> Result<NamedSignature, AppError> {
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let made = signatures::Entity::find_by_id(id)
            .filter(signatures::Column::OrganisationId.eq(organisation))
            .filter(signatures::Column::DocumentId.eq(document.id))
            .one(reader)
            .await?;
        let made = made.ok_or(AppError::Hidden)?;
        let version = store::versions::load_version(reader, organisation, made.version_id).await?;
        let found = move |report: &ValidationReport| {
            let mut all = report.signatures.iter();
            all.position(|one| one.field.as_ref() == Some(&made.field_name))
        };
        self.named_within(document, version, found).await
    }

    async fn named_detached(
        &self,
        document: documents::Model,
        detached: detached_signatures::Model,
    ) -> Result<NamedSignature, AppError> {
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let version =
            store::versions::load_version(reader, organisation, detached.version_id).await?;
        let now = store::raised_signatures::load(reader, organisation, detached.id).await?;
        let stored = stored(&detached, &now)?;
        Ok(NamedSignature {
            report: self.report_of(organisation.into(), stored).await?,
            document,
            version,
            detached: Some(detached),
            place: 0,
            stored,
        })
    }

    async fn named_within(
        &self,
        document: documents::Model,
        version: versions::Model,
        find: impl FnOnce(&ValidationReport) -> Option<usize>,
    ) -> Result<NamedSignature, AppError> {
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let copies = store::versions::list_signed_copies(reader, organisation, document.id).await?;
        let copy = copies.iter().find(|(number, _)| *number == version.number);
        let (digest, size) = copy.map_or(
            (&version.main_digest, version.main_size_bytes),
            |(_, copy)| (&copy.digest, copy.size_bytes),
        );
        if u64::try_from(size).is_ok_and(|size| size > self.judged_bytes_max(copy.is_some())) {
            return Err(AppError::refused("verdict-too-large"));
        }
        let stored = Stored::File(parse_digest(digest)?);
        let report = self.report_of(organisation.into(), stored).await?;
        let place = find(&report).ok_or(AppError::Hidden)?;
        if place >= report.signatures.len() {
            return Err(AppError::Hidden);
        }
        Ok(NamedSignature {
            document,
            version,
            detached: None,
            place,
            report,
            stored,
        })
    }

    async fn report_of(
        &self,
        organisation: OrganisationId,
        stored: Stored,
    ) -> Result<Arc<ValidationReport>, AppError> {
        match self.judge_stored(organisation, stored).await {
            Ok(Judgement::Done(report)) => Ok(report),
            Ok(Judgement::GoesOn) => Err(AppError::refused("verdict-later")),
            Err(AppError::TooLarge { .. }) => Err(AppError::refused("verdict-too-large")),
            Err(error) => Err(error),
        }
    }
}
