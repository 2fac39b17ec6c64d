//! Where a signature stands, and what it does to the file beyond standing in it, where its chain
//! asks for that: the
//! first one certifies the file, each one locks fields of its form (ISO 32000-2:2020, 12.8.2.2 and
//! 12.8.2.4).

use std::collections::BTreeSet;

use chancery_pdf::sign::Certification;
use chancery_pdf::{FieldLock, LockedFields, Pdf};
use chancery_types::Digest;
use chancery_workflow as engine;
use chancery_workflow::view::Forecast;
use chancery_workflow::{Certify, Definition, Directory, LockedForm, Sealing, StageKind};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::prepare::blocking;
use super::seat::SigningSeat;
use crate::app::runs::engine_version;
use crate::app::validation::limits_for;
use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::{documents, tasks, versions};

/// What is written into the file with a signature.
#[derive(Clone, Debug, Default)]
pub struct Seal {
    /// Certifies the file.
    pub certification: Option<Certification>,
    /// Locks fields of its form.
    pub lock: Option<FieldLock>,
    /// Empty fields that are left for later signers, whose marks could not be seen otherwise.
    pub kept_fields: u16,
}

impl SigningSeat {
    /// Whether the next signature does more than stand in the file: a detached one cannot.
    #[must_use]
    pub const fn seals(&self) -> bool {
        self.sealing.binds_file()
    }

    /// Adds what the signature does to the file, where it does anything, to its evidence.
    pub fn tell_sealing(&self, evidence: &mut Value) {
        if let (true, Value::Object(told)) = (self.seals(), evidence) {
            let locked = self.sealing.lock.as_ref().map(|lock| match lock {
                LockedForm::All => json!("all"),
                LockedForm::Fields(names) => json!(names),
            });
            let certify = self.sealing.certify.map(Certify::code);
            told.insert(
                "seals".to_owned(),
                json!({ "certifies": certify, "locks": locked }),
            );
        }
    }
}

/// What the chain of a task asks of its next signature: only the first in a file certifies.
pub(super) async fn sealing_of(
    app: &App,
    connection: &impl ConnectionTrait,
    task: &tasks::Model,
    is_first: bool,
) -> Result<Sealing, AppError> {
    let run = store::runs::find_run(connection, task.organisation_id, task.run_id).await?;
    let run = run.ok_or_else(|| AppError::internal(format!("task {}: no run", task.id)))?;
    let definition = app.pinned_definition(connection, &run).await?;
    let mut stages = definition.stages();
    let stage = stages.find(|stage| stage.path == task.path);
    let mut sealing = stage
        .and_then(|stage| stage.sealing.clone())
        .unwrap_or_default();
    sealing.certify = sealing.certify.filter(|_| is_first);
    Ok(sealing)
}

impl App {
    /// What the next signature of a seat writes into the file.
    ///
    /// # Errors
    ///
    /// As [`App::load_run`].
    pub(super) async fn seal_of(&self, seat: &SigningSeat) -> Result<Seal, AppError> {
        let certification = seat.sealing.certify.map(|certify| match certify {
            Certify::NoChanges => Certification::NoChanges,
            Certify::FillAndSign => Certification::FillAndSign,
            Certify::Annotate => Certification::FillSignAndAnnotate,
        });
        let lock = seat.sealing.lock.as_ref().map(|lock| FieldLock {
            fields: match lock {
                LockedForm::All => LockedFields::All,
                LockedForm::Fields(names) => LockedFields::Include(names.iter().cloned().collect()),
            },
            permission: None,
        });
        let kept_fields = match (certification, seat.sealing.is_final()) {
            (Some(_), false) => self.count_later_signers(seat).await?,
            _ => 0,
        };
        Ok(Seal {
            certification,
            lock,
            kept_fields,
        })
    }

    /// How many signatures are still to come after this one, as things are now.
    async fn count_later_signers(&self, seat: &SigningSeat) -> Result<u16, AppError> {
        let organisation = seat.organisation.id.into();
        let run = seat.task.run_id.into();
        let run = self
            .load_run(self.store.reader(), organisation, run)
            .await?;
        let asked = asked_to_sign(
            &run.definition,
            &seat.version,
            run.row.initiator_id.into(),
            &run.directory,
        )?;
        Ok(u16::try_from(asked.saturating_sub(1)).unwrap_or(u16::MAX))
    }

    /// Refuses a version whose file cannot take what the chain asks of its signatures, before the
    /// day of signing: one that is signed already cannot be certified, and fields that are not in
    /// it cannot be locked.
    ///
    /// # Errors
    ///
    /// `file-signed-before`, `lock-fields-absent`.
    pub(crate) async fn require_sealable(
        &self,
        definition: &Definition,
        document: &documents::Model,
        version: &versions::Model,
        directory: &Directory,
    ) -> Result<(), AppError> {
        if definition.stages().all(|stage| stage.sealing.is_none()) {
            return Ok(());
        }
        let (subject, card) = engine_version(version)?;
        let initiator = document.initiator_id.into();
        let Ok(stages) = engine::preview(definition, &card, &subject, initiator, directory) else {
            // The engine says why no run can go on.
            return Ok(());
        };
        let comes = |path: &str| {
            let found = stages.iter().find(|stage| stage.path == path);
            !found.is_some_and(|stage| matches!(stage.forecast, Forecast::Skips(_)))
        };
        let coming = definition.stages().filter(|stage| comes(&stage.path));
        let sealings: Vec<&Sealing> = coming.filter_map(|stage| stage.sealing.as_ref()).collect();
        let certifies = sealings.iter().any(|sealing| sealing.certify.is_some());
        let locked: BTreeSet<String> = sealings
            .iter()
            .filter_map(|sealing| match &sealing.lock {
                Some(LockedForm::Fields(names)) => Some(names.iter().cloned()),
                Some(LockedForm::All) | None => None,
            })
            .flatten()
            .collect();
        if !certifies && locked.is_empty() {
            return Ok(());
        }
        let digest: Digest = version
            .main_digest
            .parse()
            .map_err(|_| AppError::internal("a version's digest is not a digest"))?;
        let _turn = self.signing_turn().await?;
        let organisation = document.organisation_id.into();
        let bytes = self.blobs.get(organisation, &digest).await?;
        let found = blocking(move || form_of(&bytes)).await?;
        let (is_signed, names) = found.map_err(super::prepare::pdf_refusal)?;
        if certifies && is_signed {
            return Err(AppError::refused("file-signed-before"));
        }
        let is_there = |wanted: &String| {
            let mut names = names.iter();
            names.any(|name| {
                let beneath = name.strip_prefix(wanted.as_str());
                beneath.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        let absent = locked.iter().filter(|name| !is_there(name));
        let absent: Vec<&str> = absent.map(String::as_str).collect();
        match absent.is_empty() {
            true => Ok(()),
            false => Err(AppError::refused_with(
                "lock-fields-absent",
                [("fields", absent.join(", "))],
            )),
        }
    }
}

/// Whether a file bears a signature, and the full names of its fields.
fn form_of(bytes: &[u8]) -> Result<(bool, Vec<String>), chancery_pdf::PdfError> {
    let limits = limits_for(bytes.len()).pdf;
    let pdf = Pdf::open(bytes, &limits)?;
    let signed = pdf.signature_fields()?;
    let is_signed = signed.iter().any(|one| one.signature.is_some());
    let names = pdf.fields()?.into_iter().map(|field| field.name);
    Ok((is_signed || pdf.certification()?.is_some(), names.collect()))
}

/// How many people all stages ask that sign in the file; a stage of which this is not known asks
/// one.
fn asked_to_sign(
    definition: &Definition,
    version: &versions::Model,
    initiator: chancery_types::id::PersonId,
    directory: &Directory,
) -> Result<usize, AppError> {
    let (subject, card) = engine_version(version)?;
    let stands_beside = |path: &str| {
        let sealing = definition
            .stage(path)
            .and_then(|stage| stage.sealing.as_ref());
        sealing.is_some_and(Sealing::is_detached)
    };
    let stages = definition.stages();
    let stages = stages.filter(|stage| stage.kind == StageKind::Sign);
    let signing = stages.filter(|stage| !stands_beside(&stage.path)).count();
    let Ok(stages) = engine::preview(definition, &card, &subject, initiator, directory) else {
        return Ok(signing);
    };
    let stages = stages.iter().filter(|stage| stage.kind == StageKind::Sign);
    let stages = stages.filter(|stage| !stands_beside(&stage.path));
    Ok(stages
        .map(|stage| match &stage.forecast {
            Forecast::Asks { assignees, .. } => assignees.len(),
            Forecast::Depends { .. } => 1,
            Forecast::Skips(_) | Forecast::Blocks(_) => 0,
        })
        .sum())
}
