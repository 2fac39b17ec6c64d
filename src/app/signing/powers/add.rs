//! Puts a power beside a stored signature: files, rows, the first check and one event.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use chancery_signature::facts::SignatureFacts;
use chancery_signature::{CmsFault, signed_digests};
use chancery_trust::{AuthorityCode, Outcome, PowerOfAttorney, read_power_of_attorney};
use chancery_types::Instant;
use chancery_types::id::DocumentId;
use chancery_xades::Limits;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::check::{self, PowerSeen, candidates_of};
use super::{FileRole, KnownSigner, ROWS_MAX, SignatureName, Subject, result_code};
use crate::app::audit::{self, Happening};
use crate::app::spool::Upload;
use crate::app::validation::power::{
    GivenPower, JudgedPower, PARENTS_FIELD, POWER_BYTES_MAX, PowerAsked, Sent, SentPower,
    certificate, signs_file,
};
use crate::app::{App, AppError, FieldProblem};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store::entity::{blobs, signature_power_files, signature_powers};
use crate::store::{self, StoreError};

/// Most signers of one structure that are remembered: more are compared with nothing.
const SIGNERS_MAX: usize = 16;

/// A power as a form or a call brings it.
#[derive(Debug, Default)]
pub struct PostedPower {
    /// The files, by their fields: `power`, `power_signature`, and any number in `parents`.
    pub files: Vec<Upload>,
    /// What is wrong with them already.
    pub problems: Vec<FieldProblem>,
    /// ИНН or ОГРН of the organisation for which it was signed.
    pub organisation: String,
    /// The code of the power that is needed.
    pub code: String,
}

/// A power that was put beside a signature.
#[derive(Clone, Debug)]
pub struct AddedPower {
    /// The power.
    pub id: Uuid,
    /// The document.
    pub document_id: Uuid,
    /// What it came to.
    pub result: Outcome,
    /// Whether the signature that it is compared with is shown to be its signer's.
    pub is_of_proven_signer: bool,
}

/// A file and what it is.
struct File {
    upload: Upload,
    role: FileRole,
    signs: Option<i64>,
}

/// What was posted, read.
struct Read {
    asked: PowerAsked,
    power: PowerOfAttorney,
    files: Vec<File>,
    organisation: Option<String>,
    code: Option<String>,
}

impl App {
    /// Puts a power beside a stored signature, and judges it. The one before it, if there is one,
    /// stays as what counted until now.
    ///
    /// # Errors
    ///
    /// As [`App::power_subject`]; [`AppError::Invalid`] at each field: `power-missing`,
    /// `power-too-large`, `power-unreadable`, `power-other`, `power-signature-unreadable`, as
    /// [`SentPower::asked`]; `power-known`, `power-too-many`, `power-signer-unnamed`.
    pub async fn add_power(
        &self,
        actor: &Actor,
        document: DocumentId,
        name: SignatureName,
        posted: PostedPower,
    ) -> Result<AddedPower, AppError> {
        let subject = self.power_subject(actor, document, name).await?;
        let read = read(posted).await?;
        let signers = self.signers_of(&subject).await?;
        let before = self.powers_before(&subject, &read).await?;
        let now = self.now();
        let row = row_of(actor, &subject, &read, &signers, &before, now)?;
        let candidates = candidates_of(&row, &subject.report)?;
        let asked = read.asked.clone();
        let judged = self
            .judge_power(row.id, asked, candidates, &subject.report)
            .await?;
        let files = self.keep_power_files(actor, &row, read.files).await?;
        let happening = happening(&subject, &row, &files, &judged, before.last());
        self.write_power(actor, &row, files, &judged, happening, now)
            .await?;
        Ok(AddedPower {
            id: row.id,
            document_id: row.document_id,
            result: judged.report.result,
            is_of_proven_signer: judged.is_of_proven_signer(),
        })
    }

    /// The certificates of whoever signed, from the signature itself.
    async fn signers_of(&self, subject: &Subject) -> Result<Vec<KnownSigner>, AppError> {
        let organisation = subject.document.organisation_id.into();
        let facts = self.gather_stored(organisation, subject.stored).await?;
        let is_meant = |place: usize| subject.detached.is_some() || place == subject.place;
        let reports = &subject.report.signatures;
        let pairs = facts.signatures.iter().zip(reports).enumerate();
        let found = pairs
            .filter(|(place, (_, report))| is_meant(*place) && signs_file(report))
            .filter_map(|(place, (facts, _))| known_signer(place, facts));
        let found: Vec<KnownSigner> = found.take(SIGNERS_MAX).collect();
        match found.is_empty() {
            true => Err(AppError::refused("power-signer-unnamed")),
            false => Ok(found),
        }
    }

    /// The powers that the signature has, if this is another one and there is room for it.
    async fn powers_before(
        &self,
        subject: &Subject,
        read: &Read,
    ) -> Result<Vec<signature_powers::Model>, AppError> {
        let (reader, organisation) = (self.store.reader(), subject.document.organisation_id);
        let all = store::signature_powers::list_powers(
            reader,
            organisation,
            subject.document.id,
            ROWS_MAX,
        )
        .await?;
        if u64::try_from(all.len()).is_ok_and(|count| count >= ROWS_MAX) {
            let max = [("max", ROWS_MAX.to_string())];
            return Err(AppError::refused_with("power-too-many", max));
        }
        let place = i64::try_from(subject.place).unwrap_or(i64::MAX);
        let own = all.into_iter();
        let mut own: Vec<_> = own
            .filter(|row| row.subject_id == subject.id() && row.place == place)
            .collect();
        own.sort_by_key(|row| row.ordinal);
        if let Some(last) = own.last() {
            let ids = [last.id];
            let files = store::signature_powers::list_files(reader, organisation, &ids);
            let mut kept: Vec<String> = files.await?.into_iter().map(|row| row.digest).collect();
            let mut sent: Vec<String> = read
                .files
                .iter()
                .map(|one| one.upload.digest.hex())
                .collect();
            kept.sort();
            sent.sort();
            let same_question =
                last.asked_organisation == read.organisation && last.asked_code == read.code;
            if kept == sent && same_question {
                return Err(known());
            }
        }
        Ok(own)
    }

    /// Puts the files into storage; their rows are written with the power's.
    async fn keep_power_files(
        &self,
        actor: &Actor,
        row: &signature_powers::Model,
        files: Vec<File>,
    ) -> Result<Vec<signature_power_files::Model>, AppError> {
        let mut rows = Vec::new();
        for (position, file) in (1_i64..).zip(files) {
            let kept = self
                .keep(actor, file.upload, file.role.media_type())
                .await?;
            rows.push(signature_power_files::Model {
                power_id: row.id,
                position,
                organisation_id: row.organisation_id,
                role: file.role.code().to_owned(),
                signs_position: file.signs,
                name: kept.name,
                digest: kept.digest.hex(),
                size_bytes: i64::try_from(kept.size_bytes).unwrap_or(i64::MAX),
            });
        }
        Ok(rows)
    }

    async fn write_power(
        &self,
        actor: &Actor,
        row: &signature_powers::Model,
        files: Vec<signature_power_files::Model>,
        judged: &JudgedPower,
        happening: Happening,
        now: Instant,
    ) -> Result<(), AppError> {
        let tx = self.store.begin().await?;
        for file in &files {
            insert_blob(&tx, file, now).await?;
        }
        match store::signature_powers::insert_power(&tx, row.clone(), files).await {
            // Somebody was quicker; what they added may be the same.
            Err(StoreError::Duplicate) => return Err(AppError::Stale),
            written => written?,
        }
        let check = check::first(&PowerSeen::of(row.clone(), judged), now);
        store::signature_powers::put_check(&tx, check).await?;
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn known_signer(place: usize, facts: &SignatureFacts) -> Option<KnownSigner> {
    Some(KnownSigner {
        place,
        certificate: BASE64_STANDARD.encode(certificate(facts)?),
    })
}

/// Reads what was posted; everything that is wrong is told at once.
async fn read(posted: PostedPower) -> Result<Read, AppError> {
    let PostedPower {
        files,
        mut problems,
        organisation,
        code,
    } = posted;
    let too_large = |file: &Upload| file.size_bytes > POWER_BYTES_MAX;
    problems.extend(files.iter().filter(|file| too_large(file)).map(|file| {
        let problem = FieldProblem::new(&file.field, "power-too-large");
        problem.with("kilobytes", POWER_BYTES_MAX / 1024)
    }));
    if !problems.is_empty() {
        return Err(AppError::Invalid { fields: problems });
    }
    let mut sent = SentPower {
        organisation,
        code,
        ..SentPower::default()
    };
    let (mut own, mut parents) = (Vec::new(), Vec::new());
    for upload in files {
        let bytes = upload.bytes().await?;
        match upload.field.as_str() {
            "power" => own.push((FileRole::Power, upload, bytes)),
            "power_signature" => own.push((FileRole::Signature, upload, bytes)),
            PARENTS_FIELD => {
                let name = upload.name.clone();
                sent.parents.push(Sent {
                    name,
                    bytes: bytes.clone(),
                });
                parents.push((upload, bytes));
            }
            _ => {}
        }
    }
    let of = |role: FileRole| {
        let found = own.iter().find(|(other, ..)| *other == role);
        found.map(|(_, _, bytes)| bytes.clone())
    };
    let signature = of(FileRole::Signature);
    sent.has_signature = signature.is_some();
    sent.given = of(FileRole::Power).map(|power| GivenPower { power, signature });
    let organisation = filled(&sent.organisation);
    let code = filled(&sent.code);
    let asked = sent.asked()?;
    let asked = asked.ok_or_else(|| AppError::invalid("power", "power-none"))?;
    Ok(Read {
        power: power_of(&asked)?,
        files: filed(own, parents, &asked),
        asked,
        organisation,
        code,
    })
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The power as it reads, if it is one, and what lies beside it is a signature.
fn power_of(asked: &PowerAsked) -> Result<PowerOfAttorney, AppError> {
    let read = read_power_of_attorney(&asked.given.power, &Limits::default());
    let power = read.map_err(|reason| {
        let problem = match reason.code {
            AuthorityCode::NotAPower => {
                let element = reason.args.get("element").cloned().unwrap_or_default();
                FieldProblem::new("power", "power-other").with("element", element)
            }
            _ => FieldProblem::new("power", "power-unreadable"),
        };
        AppError::Invalid {
            fields: vec![problem],
        }
    })?;
    let signature = asked.given.signature.as_ref();
    // One that holds the power inside is judged, and its verdict tells.
    let is_none = signature.is_some_and(|signature| {
        matches!(
            signed_digests(signature),
            Err(fault) if fault != CmsFault::HoldsContent
        )
    });
    match is_none {
        true => Err(AppError::invalid(
            "power_signature",
            "power-signature-unreadable",
        )),
        false => Ok(power),
    }
}

/// The files in their order: the power, its signature, each parent with its own.
fn filed(
    own: Vec<(FileRole, Upload, Bytes)>,
    mut parents: Vec<(Upload, Bytes)>,
    asked: &PowerAsked,
) -> Vec<File> {
    let mut own = own;
    own.sort_by_key(|(role, ..)| *role != FileRole::Power);
    // Of several in one field the first counts.
    own.dedup_by_key(|(role, ..)| *role);
    let mut files: Vec<File> = own
        .into_iter()
        .map(|(role, upload, _)| File {
            upload,
            role,
            signs: (role == FileRole::Signature).then_some(1),
        })
        .collect();
    let mut take = |bytes: &Bytes| {
        let place = parents.iter().position(|(_, other)| other == bytes)?;
        Some(parents.swap_remove(place))
    };
    for parent in &asked.parents {
        let pair = [Some(&parent.power), parent.signature.as_ref()];
        let roles = [FileRole::Parent, FileRole::ParentSignature];
        let mut signs = None;
        for (bytes, role) in pair.into_iter().zip(roles) {
            let Some((upload, _)) = bytes.and_then(&mut take) else {
                continue;
            };
            files.push(File {
                upload,
                role,
                signs,
            });
            signs = i64::try_from(files.len()).ok();
        }
    }
    files
}

fn row_of(
    actor: &Actor,
    subject: &Subject,
    read: &Read,
    signers: &[KnownSigner],
    before: &[signature_powers::Model],
    now: Instant,
) -> Result<signature_powers::Model, AppError> {
    let signers = serde_json::to_string(signers);
    let last = before.last().map_or(0, |row| row.ordinal);
    Ok(signature_powers::Model {
        id: entropy::id(now),
        organisation_id: subject.document.organisation_id,
        document_id: subject.document.id,
        version_id: subject.version.id,
        detached_id: subject.detached.as_ref().map(|detached| detached.id),
        subject_id: subject.id(),
        place: i64::try_from(subject.place).unwrap_or(i64::MAX),
        ordinal: last.saturating_add(1),
        person_id: actor.person().ok_or(AppError::Hidden)?.id.uuid(),
        field_name: subject.field.clone(),
        signer_name: subject.signer.clone(),
        signers: signers.map_err(|error| AppError::Internal(error.into()))?,
        number: read.power.number.clone(),
        asked_organisation: read.organisation.clone(),
        asked_code: read.code.clone(),
        added_at: now.micros(),
    })
}

fn happening(
    subject: &Subject,
    row: &signature_powers::Model,
    files: &[signature_power_files::Model],
    judged: &JudgedPower,
    before: Option<&signature_powers::Model>,
) -> Happening {
    let files = files.iter();
    let files: Vec<_> = files
        .map(|file| json!({ "role": file.role, "name": file.name, "sha256": file.digest }))
        .collect();
    Happening::to("power.added", "power", row.id)
        .on_document(row.document_id)
        .at_version(&subject.version.digest)
        .with(json!({
            "name": row.signer_name,
            "version": subject.version.number,
            "signature": row.detached_id,
            "place": row.place,
            "number": row.number,
            "files": files,
            "result": result_code(judged.report.result),
            "in_place_of": before.map(|before| before.id),
        }))
}

async fn insert_blob(
    tx: &impl ConnectionTrait,
    file: &signature_power_files::Model,
    now: Instant,
) -> Result<(), AppError> {
    let role = FileRole::from_code(&file.role);
    let blob = blobs::Model {
        organisation_id: file.organisation_id,
        digest: file.digest.clone(),
        size_bytes: file.size_bytes,
        media_type: role
            .map_or("application/octet-stream", FileRole::media_type)
            .to_owned(),
        created_at: now.micros(),
    };
    store::blobs::insert_blob(tx, blob).await?;
    Ok(())
}

fn known() -> AppError {
    AppError::refused("power-known")
}
