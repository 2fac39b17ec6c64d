//! The verdict on a version's file, as the document's page shows it: of its signed copy, or, where
//! nothing was signed here, of the file as it came in, which others may have signed before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chancery_signature::ValidationReport;
use chancery_types::id::DocumentId;
use uuid::Uuid;

use crate::app::links::files::signed_name;
use crate::app::signing::detached::{covered_file, stored};
use crate::app::validation::{CoveredFile, Judgement, Stored};
use crate::app::versions::parse_digest;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{signed_copies, versions};

/// What is known of the signatures in one version's file, or of a detached one.
#[derive(Clone, Debug)]
pub struct FileVerdict {
    /// What the file is of: the version, or the detached signature.
    pub subject_id: Uuid,
    /// The version's number.
    pub version: i64,
    /// Whether the file is a signed copy; else it is the main file as it came in.
    pub is_signed_copy: bool,
    /// The file's name, as it came in.
    pub name: String,
    /// The size of the file that was judged, in bytes.
    pub size_bytes: u64,
    /// The file that a detached signature is over; nothing for a file of a version.
    pub covered: Option<CoveredFile>,
    /// What the check came to.
    pub known: Known,
    /// How long the signed copy carries by itself; nothing for a file as it came in.
    pub lasting: Option<Lasting>,
    /// Numbers of the document's other versions that have a signed copy, newest first.
    pub also_signed: Vec<i64>,
}

/// How long a signed copy carries by itself.
#[derive(Clone, Debug)]
pub struct Lasting {
    /// One of `B-T`, `B-LT`, `B-LTA`.
    pub level: String,
    /// Until when, if it was raised: microseconds since the epoch.
    pub until: Option<i64>,
    /// Why it could not be raised, or raised again: a code.
    pub problem: Option<String>,
}

impl From<&signed_copies::Model> for Lasting {
    fn from(copy: &signed_copies::Model) -> Self {
        Self {
            level: copy.level.clone(),
            until: copy.lasts_until,
            problem: copy.raise_problem.clone(),
        }
    }
}

/// What a check came to.
#[derive(Clone, Debug)]
pub enum Known {
    /// Judged.
    Report(Arc<ValidationReport>),
    /// Takes longer than a page waits; it goes on, and the next page has it.
    Later,
    /// The file cannot be had from storage now, or is not what was stored.
    Unreadable,
    /// Larger than what is checked.
    TooLarge,
}

impl App {
    /// The verdict on a version's file (the newest version without `number`).
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document or there is no such version.
    pub async fn version_verdict(
        &self,
        actor: &Actor,
        id: DocumentId,
        number: Option<i64>,
    ) -> Result<FileVerdict, AppError> {
        let version = self.see_version(actor, id, number).await?;
        let copies = store::versions::list_signed_copies(
            self.store.reader(),
            version.organisation_id,
            version.document_id,
        )
        .await?;
        let copy = copies.iter().find(|(number, _)| *number == version.number);
        let copy = copy.map(|(_, copy)| copy);
        let numbers = copies.iter().map(|(number, _)| *number);
        Ok(FileVerdict {
            subject_id: version.id,
            version: version.number,
            is_signed_copy: copy.is_some(),
            // As the file that is judged is called where it is saved.
            name: match copy {
                Some(_) => signed_name(&version.main_name),
                None => version.main_name.clone(),
            },
            size_bytes: u64::try_from(copy.map_or(version.main_size_bytes, |copy| copy.size_bytes))
                .unwrap_or(0),
            covered: None,
            known: self.known_of(actor, &version, copy).await?,
            lasting: copy.map(Lasting::from),
            also_signed: numbers.filter(|number| *number != version.number).collect(),
        })
    }

    /// The verdict on a detached signature.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document or it has no such signature.
    pub async fn detached_verdict(
        &self,
        actor: &Actor,
        id: DocumentId,
        signature: Uuid,
    ) -> Result<FileVerdict, AppError> {
        let document = self.document_for(actor, id, Action::SeeDocument).await?;
        let (reader, organisation) = (self.store.reader(), document.organisation_id);
        let row = store::detached_signatures::find_signature(
            reader,
            organisation,
            document.id,
            signature,
        );
        let row = row.await?.ok_or(AppError::Hidden)?;
        let version = store::versions::load_version(reader, organisation, row.version_id).await?;
        let now = store::raised_signatures::load(reader, row.organisation_id, row.id).await?;
        let known = self.known_stored(actor, stored(&row, &now)?).await;
        let covered = covered_file(reader, &version, &row).await?;
        Ok(FileVerdict {
            subject_id: row.id,
            version: version.number,
            is_signed_copy: false,
            name: row.name,
            size_bytes: u64::try_from(now.size_bytes).unwrap_or(0),
            covered: Some(CoveredFile {
                name: covered.name,
                sha256: covered.digest,
                bytes: u64::try_from(covered.size_bytes).unwrap_or(0),
            }),
            known,
            lasting: None,
            also_signed: Vec::new(),
        })
    }

    /// The reports on the signed copies of versions, as far as they are there within the time that
    /// a page waits.
    ///
    /// # Errors
    ///
    /// As [`App::version_verdict`].
    pub async fn copy_reports(
        &self,
        actor: &Actor,
        id: DocumentId,
        numbers: BTreeSet<i64>,
    ) -> Result<BTreeMap<i64, Arc<ValidationReport>>, AppError> {
        let mut reports = BTreeMap::new();
        for number in numbers {
            let verdict = self.version_verdict(actor, id, Some(number)).await?;
            if let (true, Known::Report(report)) = (verdict.is_signed_copy, verdict.known) {
                reports.insert(number, report);
            }
        }
        Ok(reports)
    }

    /// The largest stored file that is judged, in bytes. Whatever came in as a document is, and so
    /// is a signed copy of it: the signatures and their sheet come on top.
    pub(crate) fn judged_bytes_max(&self, is_signed_copy: bool) -> u64 {
        let limits = &self.config.limits;
        let taken = limits.upload_bytes_max.max(limits.verify_bytes_max);
        match is_signed_copy {
            true => self.config.blobs.object_bytes_max.max(taken),
            false => taken,
        }
    }

    async fn known_of(
        &self,
        actor: &Actor,
        version: &versions::Model,
        copy: Option<&signed_copies::Model>,
    ) -> Result<Known, AppError> {
        let (digest, size) = copy.map_or((&version.main_digest, version.main_size_bytes), |copy| {
            (&copy.digest, copy.size_bytes)
        });
        if u64::try_from(size).is_ok_and(|size| size > self.judged_bytes_max(copy.is_some())) {
            return Ok(Known::TooLarge);
        }
        let stored = Stored::File(parse_digest(digest)?);
        Ok(self.known_stored(actor, stored).await)
    }

    async fn known_stored(&self, actor: &Actor, stored: Stored) -> Known {
        match self.judge_stored(actor.organisation, stored).await {
            Ok(Judgement::Done(report)) => Known::Report(report),
            Ok(Judgement::GoesOn) => Known::Later,
            Err(AppError::TooLarge { .. }) => Known::TooLarge,
            // The rest of the page is of use without it, and nothing here may look proven.
            Err(error) => {
                tracing::error!(?stored, "a stored file cannot be judged: {error:?}");
                Known::Unreadable
            }
        }
    }
}
