//! The powers beside a document's signatures: what counts, what counted, and their files.

use std::sync::Arc;

use chancery_signature::ValidationReport;
use chancery_types::id::{DocumentId, PersonId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::{FileRole, ROWS_MAX};
use crate::app::signing::judged::{FileVerdict, Known};
use crate::app::validation::power::JudgedPower;
use crate::app::versions::{FileToServe, parse_digest};
use crate::app::{App, AppError};
use crate::domain::access::{Action, Decision, Resource, SignatureFacts, decide};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{people, power_checks, signature_power_files, signature_powers};

/// A kept power.
#[derive(Clone, Debug)]
pub struct KeptPower {
    /// The row.
    pub power: signature_powers::Model,
    /// The number of the version that is signed.
    pub version_number: i64,
    /// Its files, in their order.
    pub files: Vec<signature_power_files::Model>,
    /// What its last check came to.
    pub check: Option<power_checks::Model>,
    /// Who added it.
    pub added_by: String,
}

/// The powers of a document.
#[derive(Clone, Debug, Default)]
pub struct PowersOfDocument {
    /// In the order in which they came.
    rows: Vec<KeptPower>,
    /// What decides who may add one; nothing for a reader who may not.
    adding: Option<(Actor, SignatureFacts)>,
}

impl PowersOfDocument {
    /// The powers of one signature, by what it stands in and its place there: the one that counts
    /// first.
    pub fn of(&self, subject: Uuid, place: usize) -> impl Iterator<Item = &KeptPower> {
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        let mut own: Vec<&KeptPower> = self
            .rows
            .iter()
            .filter(|row| row.power.subject_id == subject && row.power.place == place)
            .collect();
        own.sort_by_key(|row| std::cmp::Reverse(row.power.ordinal));
        own.into_iter()
    }

    /// All, in the order in which they came.
    #[must_use]
    pub fn all(&self) -> &[KeptPower] {
        &self.rows
    }

    /// Whether one counts, or another came after it.
    #[must_use]
    pub fn is_current(&self, kept: &KeptPower) -> bool {
        let place = usize::try_from(kept.power.place).unwrap_or(usize::MAX);
        let mut own = self.of(kept.power.subject_id, place);
        own.next()
            .is_some_and(|first| first.power.id == kept.power.id)
    }

    /// Whether the reader may put one beside a signature that this person of ours made or brought.
    #[must_use]
    pub fn may_add(&self, by: Option<Uuid>) -> bool {
        self.adding.as_ref().is_some_and(|(actor, facts)| {
            let facts = SignatureFacts {
                by: by.map(PersonId::from),
                ..facts.clone()
            };
            let asked = Resource::Signature(facts);
            decide(actor, Action::AddPower, &asked) == Decision::Allowed
        })
    }
}

impl App {
    /// The powers beside a document's signatures.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document.
    pub async fn list_powers(
        &self,
        actor: &Actor,
        document: DocumentId,
    ) -> Result<PowersOfDocument, AppError> {
        let document = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let adding = match actor.person() {
            Some(_) => Some((actor.clone(), self.signature_facts(&document).await?)),
            None => None,
        };
        let rows =
            store::signature_powers::list_powers(reader, organisation, document.id, ROWS_MAX);
        let rows = rows.await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let files = store::signature_powers::list_files(reader, organisation, &ids).await?;
        let checks = store::signature_powers::list_checks(reader, organisation, &ids).await?;
        let versions = store::versions::list_versions(reader, organisation, document.id).await?;
        let adders = people::Entity::find()
            .filter(people::Column::OrganisationId.eq(organisation))
            .filter(people::Column::Id.is_in(rows.iter().map(|row| row.person_id)))
            .all(reader)
            .await?;
        let rows = rows.into_iter().map(|power| {
            let adder = adders.iter().find(|one| one.id == power.person_id);
            let own = files.iter().filter(|file| file.power_id == power.id);
            let version = versions.iter().find(|one| one.id == power.version_id);
            KeptPower {
                version_number: version.map_or(0, |one| one.number),
                files: own.cloned().collect(),
                check: checks.iter().find(|one| one.power_id == power.id).cloned(),
                added_by: adder.map(|one| one.name.clone()).unwrap_or_default(),
                power,
            }
        });
        Ok(PowersOfDocument {
            rows: rows.collect(),
            adding,
        })
    }

    /// What a power comes to beside this judgement on its signature; nothing if a file of it cannot
    /// be read now.
    pub async fn judged_power(
        &self,
        kept: &KeptPower,
        report: &Arc<ValidationReport>,
    ) -> Option<Arc<JudgedPower>> {
        let judged = self.judge_kept(&kept.power, &kept.files, report).await;
        judged
            .inspect_err(|error| {
                let power = kept.power.id;
                tracing::error!(%power, "a kept power cannot be judged: {error:?}");
            })
            .ok()
    }

    /// What the powers that count beside the signatures of one file come to now, in the order of
    /// the signatures: for a protocol of their check.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document.
    pub async fn authorities_of(
        &self,
        actor: &Actor,
        document: DocumentId,
        verdict: &FileVerdict,
    ) -> Result<Vec<JudgedPower>, AppError> {
        let Known::Report(report) = &verdict.known else {
            return Ok(Vec::new());
        };
        let powers = self.list_powers(actor, document).await?;
        let mut found = Vec::new();
        for place in 0..report.signatures.len() {
            let current = powers.of(verdict.subject_id, place).next();
            if let Some(kept) = current
                && let Some(judged) = self.judged_power(kept, report).await
            {
                found.push(judged.as_ref().clone());
            }
        }
        Ok(found)
    }

    /// A file of a power, for whoever may see its document.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Unavailable`].
    pub async fn open_power_file(
        &self,
        actor: &Actor,
        document: DocumentId,
        power: Uuid,
        position: i64,
    ) -> Result<FileToServe, AppError> {
        let document = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let found = store::signature_powers::find_power(reader, organisation, document.id, power);
        let found = found.await?.ok_or(AppError::Hidden)?;
        let files = store::signature_powers::list_files(reader, organisation, &[found.id]).await?;
        let file = files.into_iter().find(|file| file.position == position);
        let file = file.ok_or(AppError::Hidden)?;
        let digest = parse_digest(&file.digest)?;
        let role = FileRole::from_code(&file.role);
        let media_type = role.map_or("application/octet-stream", FileRole::media_type);
        Ok(FileToServe {
            name: file.name,
            media_type: media_type.to_owned(),
            digest: file.digest,
            stream: self.blobs.open_stream(actor.organisation, &digest).await?,
        })
    }
}
