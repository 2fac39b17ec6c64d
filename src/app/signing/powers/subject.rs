//! Which stored signature a power is put beside, and who may do that.

use std::sync::Arc;

use chancery_signature::ValidationReport;
use chancery_signature::report::SignatureReport;
use chancery_types::id::{DocumentId, PersonId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::SignatureName;
use crate::app::documents::facts_of;
use crate::app::validation::Stored;
use crate::app::validation::power::signs_file;
use crate::app::{App, AppError, allow};
use crate::domain::access::{Action, Resource, SignatureFacts, decide};
use crate::domain::actor::Actor;
use crate::store::entity::{detached_signatures, documents, signatures, tasks, versions};

/// A stored signature of a document.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The document.
    pub document: documents::Model,
    /// The version that it is of.
    pub version: versions::Model,
    /// The detached signature; nothing for one that stands in the version's file.
    pub detached: Option<detached_signatures::Model>,
    /// Its place in the report, from 0: of a detached one, 0.
    pub place: usize,
    /// The name of its field in a PDF.
    pub field: Option<String>,
    /// Whom its certificates name.
    pub signer: String,
    /// What our validator says of what it stands in.
    pub(super) report: Arc<ValidationReport>,
    /// What it stands in.
    pub(super) stored: Stored,
}

impl Subject {
    /// What powers beside it go by.
    #[must_use]
    pub(super) fn id(&self) -> Uuid {
        self.detached
            .as_ref()
            .map_or(self.version.id, |detached| detached.id)
    }
}

impl App {
    /// The signature that somebody may put a power beside.
    ///
    /// # Errors
    ///
    /// As [`App::named_signature`]; [`AppError::Hidden`] also for one that does not sign the file;
    /// [`AppError::Denied`].
    pub async fn power_subject(
        &self,
        actor: &Actor,
        document: DocumentId,
        name: SignatureName,
    ) -> Result<Subject, AppError> {
        let found = self.named_signature(actor, document, name).await?;
        let one = found.report.signatures.get(found.place);
        let (by, signer, field) = match &found.detached {
            Some(detached) => (detached.person_id, detached.signer_name.clone(), None),
            None => {
                let one = one.filter(|one| signs_file(one)).ok_or(AppError::Hidden)?;
                let by = self.maker_of(&found.version, one.field.as_deref()).await?;
                (by, signer_of(one), one.field.clone())
            }
        };
        self.allow_power(actor, &found.document, by).await?;
        Ok(Subject {
            document: found.document,
            version: found.version,
            detached: found.detached,
            place: found.place,
            field,
            signer,
            report: found.report,
            stored: found.stored,
        })
    }

    /// Who of ours made the signature in this field.
    async fn maker_of(
        &self,
        version: &versions::Model,
        field: Option<&str>,
    ) -> Result<Option<Uuid>, AppError> {
        let Some(field) = field else {
            return Ok(None);
        };
        let made = signatures::Entity::find()
            .filter(signatures::Column::OrganisationId.eq(version.organisation_id))
            .filter(signatures::Column::VersionId.eq(version.id))
            .filter(signatures::Column::FieldName.eq(field))
            .one(self.store.reader())
            .await?;
        Ok(made.and_then(|row| row.person_id))
    }

    async fn allow_power(
        &self,
        actor: &Actor,
        document: &documents::Model,
        by: Option<Uuid>,
    ) -> Result<(), AppError> {
        let facts = self.signature_facts(document).await?;
        let facts = SignatureFacts {
            by: by.map(PersonId::from),
            ..facts
        };
        allow(decide(actor, Action::AddPower, &Resource::Signature(facts)))
    }

    /// What decides about any signature of a document, but for who made it.
    pub(super) async fn signature_facts(
        &self,
        document: &documents::Model,
    ) -> Result<SignatureFacts, AppError> {
        let reader = self.store.reader();
        let signing = tasks::Entity::find()
            .filter(tasks::Column::OrganisationId.eq(document.organisation_id))
            .filter(tasks::Column::DocumentId.eq(document.id))
            .filter(tasks::Column::StageKind.eq("sign"))
            .filter(tasks::Column::State.eq("open"))
            .all(reader)
            .await?;
        let signatories = signing.into_iter().filter_map(|task| task.person_id);
        Ok(SignatureFacts {
            document: facts_of(reader, document, self.now()).await?,
            by: None,
            signatories: signatories.map(PersonId::from).collect(),
        })
    }
}

fn signer_of(one: &SignatureReport) -> String {
    let subject = one.signer.as_ref().map(|signer| &signer.subject);
    let name = subject.map(|name| name.common_name.as_ref().unwrap_or(&name.text).clone());
    name.unwrap_or_default()
}
