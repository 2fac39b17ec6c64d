//! The detached signatures of a document, with what the validator says of them now.

use std::sync::Arc;

use chancery_signature::ValidationReport;
use chancery_types::id::{DocumentId, OrganisationId};
use futures::future::try_join_all;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::Covers;
use crate::app::validation::{Judgement, Stored};
use crate::app::versions::{FileToServe, parse_digest};
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{detached_signatures, people, raised_signatures};

/// Most that a document may have: each is judged whenever its page is looked at.
pub const ROWS_MAX: u64 = 100;

/// A detached signature as it is shown.
#[derive(Clone, Debug)]
pub struct DetachedRow {
    /// The row.
    pub signature: detached_signatures::Model,
    /// What it is now: raised, or as it came.
    pub raised: raised_signatures::Model,
    /// The number of the version that it covers.
    pub version_number: i64,
    /// Who brought it, or made it here.
    pub brought_by: String,
    /// What the validator says now; nothing while it is being judged, or where it cannot be.
    pub report: Option<Arc<ValidationReport>>,
}

/// Which file of a detached signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetachedForm {
    /// Raised, if it was.
    Now,
    /// As it was brought.
    AsItCame,
}

/// A detached signature, as it is now, with the file that it is over, to be judged.
///
/// # Errors
///
/// [`AppError::Internal`] for a row that cannot be.
pub(crate) fn stored(
    row: &detached_signatures::Model,
    now: &raised_signatures::Model,
) -> Result<Stored, AppError> {
    Ok(Stored::Detached {
        signature: parse_digest(&now.digest)?,
        content: parse_digest(&row.covered_digest)?,
        is_over_copy: row.covers == Covers::SignedCopy.code(),
    })
}

impl App {
    /// The detached signatures of a document, oldest first, at most [`ROWS_MAX`].
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document.
    pub async fn list_detached(
        &self,
        actor: &Actor,
        document: DocumentId,
    ) -> Result<Vec<DetachedRow>, AppError> {
        let row = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let reader = self.store.reader();
        let organisation = row.organisation_id;
        let rows =
            store::detached_signatures::list_signatures(reader, organisation, row.id, ROWS_MAX)
                .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let versions = store::versions::list_versions(reader, organisation, row.id).await?;
        let ids = rows.iter().filter_map(|row| row.person_id);
        let bringers = people::Entity::find()
            .filter(people::Column::OrganisationId.eq(organisation))
            .filter(people::Column::Id.is_in(ids))
            .all(reader)
            .await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let raised = store::raised_signatures::list_of(reader, organisation, &ids).await?;
        let pairs: Vec<_> = rows
            .into_iter()
            .filter_map(|row| {
                let now = raised.iter().find(|one| one.detached_id == row.id)?;
                Some((row, now.clone()))
            })
            .collect();
        // All at once: a page waits for the slowest, and not for one after the other.
        let judging = pairs
            .iter()
            .map(|(row, now)| self.report_now(organisation.into(), row, now));
        let reports = try_join_all(judging).await?;
        let found = pairs
            .into_iter()
            .zip(reports)
            .map(|((signature, raised), report)| {
                let version = versions.iter().find(|one| one.id == signature.version_id);
                let mut people = bringers.iter();
                let bringer = people.find(|one| Some(one.id) == signature.person_id);
                DetachedRow {
                    version_number: version.map_or(0, |one| one.number),
                    brought_by: match bringer {
                        Some(person) => person.name.clone(),
                        None => signer_of(&signature.evidence),
                    },
                    report,
                    signature,
                    raised,
                }
            });
        Ok(found.collect())
    }

    /// The file of a detached signature, for whoever may see its document: as it is now, or as it
    /// came.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Unavailable`].
    pub async fn open_detached(
        &self,
        actor: &Actor,
        document: DocumentId,
        id: Uuid,
        form: DetachedForm,
    ) -> Result<FileToServe, AppError> {
        let row = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let reader = self.store.reader();
        let organisation = row.organisation_id;
        let found =
            store::detached_signatures::find_signature(reader, organisation, row.id, id).await?;
        let found = found.ok_or(AppError::Hidden)?;
        let digest = match form {
            DetachedForm::AsItCame => found.digest,
            DetachedForm::Now => {
                let now = store::raised_signatures::load(reader, organisation, id).await?;
                now.digest
            }
        };
        let known = parse_digest(&digest)?;
        Ok(FileToServe {
            name: found.name,
            media_type: "application/pkcs7-signature".to_owned(),
            digest,
            stream: self.blobs.open_stream(actor.organisation, &known).await?,
        })
    }

    async fn report_now(
        &self,
        organisation: OrganisationId,
        row: &detached_signatures::Model,
        now: &raised_signatures::Model,
    ) -> Result<Option<Arc<ValidationReport>>, AppError> {
        let digest = parse_digest(&now.digest)?;
        match self.judge_stored(organisation, stored(row, now)?).await {
            Ok(Judgement::Done(report)) => Ok(Some(report)),
            Ok(Judgement::GoesOn) => Ok(None),
            // The rest of the page is of use without it, and nothing here may look proven.
            Err(error) => {
                tracing::error!(%digest, "a detached signature cannot be judged: {error:?}");
                Ok(None)
            }
        }
    }
}

/// Whom the evidence of a signature that was made here names as its signer.
pub(super) fn signer_of(evidence: &str) -> String {
    let told: serde_json::Value = serde_json::from_str(evidence).unwrap_or_default();
    told["signer"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}
