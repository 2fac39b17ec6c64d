//! Which stored signature a power is put beside, and who may do that.

use std::sync::Arc;

use chancery_signature::ValidationReport;
use chancery_types::id::{DocumentId, OrganisationId, PersonId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::SignatureName;
use crate::app::documents::facts_of;
use crate::app::signing::detached::stored;
use crate::app::validation::power::signs_file;
use crate::app::validation::{Judgement, Stored};
use crate::app::versions::parse_digest;
use crate::app::{App, AppError, allow};
use crate::domain::access::{Action, Resource, SignatureFacts, decide};
use crate::domain::actor::Actor;
use crate::store;
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
    /// [`AppError::Hidden`] if there is no such signature for the actor; [`AppError::Denied`];
    /// `verdict-later`, `verdict-too-large`; [`AppError::Unavailable`] if the file cannot be had.
    pub async fn power_subject(
        &self,
        actor: &Actor,
        document: DocumentId,
        name: SignatureName,
    ) -> Result<Subject, AppError> {
        let document = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        match name {
            SignatureName::Id(id) => match self.find_detached(&document, id).await? {
                Some(detached) => self.detached_subject(actor, document, detached).await,
                None => {
                    let made = self.find_made(&document, id).await?;
                    self.made_subject(actor, document, made).await
                }
            },
            SignatureName::Within { version, place } => {
                let (reader, organisation) = (self.store.reader(), document.organisation_id);
                let found =
                    store::versions::find_version(reader, organisation, document.id, version);
                let version = found.await?.ok_or(AppError::Hidden)?;
                let found = move |_: &ValidationReport| Some(place);
                self.subject_within(actor, document, version, found).await
            }
        }
    }

    async fn find_detached(
        &self,
        document: &documents::Model,
        id: Uuid,
    ) -> Result<Option<detached_signatures::Model>, AppError> {
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let found =
            store::detached_signatures::find_signature(reader, organisation, document.id, id);
        Ok(found.await?)
    }

    async fn find_made(
        &self,
        document: &documents::Model,
        id: Uuid,
    ) -> Result<signatures::Model, AppError> {
        let found = signatures::Entity::find_by_id(id)
            .filter(signatures::Column::OrganisationId.eq(document.organisation_id))
            .filter(signatures::Column::DocumentId.eq(document.id))
            .one(self.store.reader())
            .await?;
        found.ok_or(AppError::Hidden)
    }

    async fn made_subject(
        &self,
        actor: &Actor,
        document: documents::Model,
        made: signatures::Model,
    ) -> Result<Subject, AppError> {
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let version = store::versions::load_version(reader, organisation, made.version_id).await?;
        let found = move |report: &ValidationReport| {
            let mut all = report.signatures.iter();
            all.position(|one| one.field.as_ref() == Some(&made.field_name))
        };
        self.subject_within(actor, document, version, found).await
    }

    async fn detached_subject(
        &self,
        actor: &Actor,
        document: documents::Model,
        detached: detached_signatures::Model,
    ) -> Result<Subject, AppError> {
        let by = Some(detached.person_id);
        self.allow_power(actor, &document, by).await?;
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let version =
            store::versions::load_version(reader, organisation, detached.version_id).await?;
        let now = store::raised_signatures::load(reader, organisation, detached.id).await?;
        let stored = stored(&detached, &now)?;
        Ok(Subject {
            report: self.report_of(organisation.into(), stored).await?,
            document,
            version,
            place: 0,
            field: None,
            signer: detached.signer_name.clone(),
            detached: Some(detached),
            stored,
        })
    }

    async fn subject_within(
        &self,
        actor: &Actor,
        document: documents::Model,
        version: versions::Model,
        find: impl FnOnce(&ValidationReport) -> Option<usize>,
    ) -> Result<Subject, AppError> {
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
        let one = report.signatures.get(place).ok_or(AppError::Hidden)?;
        if !signs_file(one) {
            return Err(AppError::Hidden);
        }
        let field = one.field.clone();
        let by = self.maker_of(&version, field.as_deref()).await?;
        self.allow_power(actor, &document, by).await?;
        let subject = one.signer.as_ref().map(|signer| &signer.subject);
        let signer = subject.map(|name| name.common_name.as_ref().unwrap_or(&name.text).clone());
        Ok(Subject {
            signer: signer.unwrap_or_default(),
            document,
            version,
            detached: None,
            place,
            field,
            report,
            stored,
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
