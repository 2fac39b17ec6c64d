//! What lies beside a version's files: its detached signatures, each with the file that it is over.
//! Whoever is given the signed file is given these too, or has only some of the signatures.

use bytes::Bytes;
use chancery_signature::Code;
use chancery_signature::report::Reason;
use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};
use uuid::Uuid;

use super::list::{ROWS_MAX, signer_of};
use super::{Covers, MEDIA_TYPE};
use crate::app::links::files::signed_name;
use crate::app::versions::parse_digest;
use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::{
    blobs, detached_signatures, people, raised_signatures, signatures, signed_copies, versions,
};

/// Most bytes of detached signatures that stand in one piece of evidence; of what is beyond, only
/// the digest does.
const EVIDENCE_BYTES_MAX: i64 = 16 * 1024 * 1024;

/// A stored file with the name that it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// Its name.
    pub name: String,
    /// Its SHA-256, hexadecimal.
    pub digest: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Its media type.
    pub media_type: &'static str,
}

/// A detached signature of a version, and what it is over.
#[derive(Clone, Debug)]
pub struct BesideSignature {
    /// The signature.
    pub id: Uuid,
    /// Whom its certificates name.
    pub signer_name: String,
    /// When it came.
    pub received_at: Instant,
    /// What our check came to when it came: an indication of EN 319 102-1.
    pub indication: String,
    /// Whether it passed although nobody knew whether a certificate that it rests on was revoked.
    pub leaves_revocation_open: bool,
    /// Whether it was made for a task of the workflow; another was only laid beside.
    pub is_asked: bool,
    /// Who brought it.
    pub brought_by: String,
    /// Its file as it is now: raised, or as it came.
    pub now: NamedFile,
    /// Its file as it came.
    pub as_it_came: NamedFile,
    /// The file that it is over.
    pub covered: NamedFile,
}

/// Where the signatures of a version stand.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The signed copy, if anybody signed in the file.
    pub copy: Option<NamedFile>,
    /// How many signatures were made here in that copy.
    pub inside_count: u64,
    /// Those in files of their own, oldest first, at most [`ROWS_MAX`].
    pub beside: Vec<BesideSignature>,
}

const PDF: &str = "application/pdf";
/// A verdict, as rows keep it.
const PASSED: &str = "TOTAL-PASSED";

impl Places {
    /// Of a version. Read in the transaction that completes a signature, it has that signature.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails; [`AppError::Internal`] for a signature
    /// without its row of what it is now.
    pub async fn of(
        connection: &impl ConnectionTrait,
        version: &versions::Model,
    ) -> Result<Self, AppError> {
        let organisation = version.organisation_id;
        let copy = copy_of(connection, version).await?;
        let inside_count = signatures::Entity::find()
            .filter(signatures::Column::OrganisationId.eq(organisation))
            .filter(signatures::Column::VersionId.eq(version.id))
            .count(connection)
            .await?;
        let (document, rows_max) = (version.document_id, ROWS_MAX);
        let rows = store::detached_signatures::list_signatures(
            connection,
            organisation,
            document,
            rows_max,
        );
        let mut rows = rows.await?;
        rows.retain(|row| row.version_id == version.id);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let raised = store::raised_signatures::list_of(connection, organisation, &ids).await?;
        let brought = rows.iter().filter_map(|row| row.person_id);
        let people = people::Entity::find()
            .filter(people::Column::OrganisationId.eq(organisation))
            .filter(people::Column::Id.is_in(brought))
            .all(connection)
            .await?;
        let mut beside = Vec::with_capacity(rows.len());
        for row in rows {
            let now = raised.iter().find(|one| one.detached_id == row.id);
            let now = now.ok_or_else(|| AppError::internal("a signature without what it is"))?;
            let covered = covered(connection, version, copy.as_ref(), &row).await?;
            let person = people.iter().find(|one| Some(one.id) == row.person_id);
            let brought_by = match person {
                Some(person) => person.name.clone(),
                None => signer_of(&row.evidence),
            };
            let is_open = is_revocation_open(connection, &row).await?;
            let one = BesideSignature::of(row, now, covered, brought_by);
            beside.push(one.leaving_revocation(is_open));
        }
        Ok(Self {
            copy,
            inside_count,
            beside,
        })
    }

    /// Everything that is needed to check every signature: the signed copy, the signatures beside
    /// it, and what they are over. Nothing twice.
    #[must_use]
    pub fn files(&self) -> Vec<&NamedFile> {
        let mut files: Vec<&NamedFile> = self.copy.iter().collect();
        for one in &self.beside {
            for file in [&one.now, &one.covered] {
                if files.iter().all(|known| known.digest != file.digest) {
                    files.push(file);
                }
            }
        }
        files
    }
}

impl BesideSignature {
    fn of(
        row: detached_signatures::Model,
        now: &raised_signatures::Model,
        over: NamedFile,
        brought_by: String,
    ) -> Self {
        let file = |digest: &str, size_bytes| NamedFile {
            name: row.name.clone(),
            digest: digest.to_owned(),
            size_bytes,
            media_type: MEDIA_TYPE,
        };
        Self {
            now: file(&now.digest, now.size_bytes),
            as_it_came: file(&row.digest, row.size_bytes),
            id: row.id,
            signer_name: row.signer_name,
            indication: row.indication,
            leaves_revocation_open: true,
            is_asked: row.task_id.is_some(),
            brought_by,
            received_at: Instant::from_micros(row.received_at),
            covered: over,
        }
    }
}

impl BesideSignature {
    fn leaving_revocation(self, open: bool) -> Self {
        Self {
            leaves_revocation_open: open,
            ..self
        }
    }
}

/// How a row keeps whether the revocation of a certificate was left open.
pub(super) const fn revocation_code(is_open: bool) -> &'static str {
    match is_open {
        true => "open",
        false => "known",
    }
}

/// Whether nobody knows of a signature that passed whether its certificates were revoked. What came
/// before this was kept is told by its last check, and without one taken for open.
async fn is_revocation_open(
    connection: &impl ConnectionTrait,
    row: &detached_signatures::Model,
) -> Result<bool, AppError> {
    if row.indication != PASSED {
        return Ok(false);
    }
    if let Some(revocation) = &row.revocation {
        return Ok(revocation == revocation_code(true));
    }
    let checks = store::signature_checks::list_of_subject(connection, row.id).await?;
    let mut reasons = checks.iter().filter_map(|check| check.reason.as_deref());
    let is_waived = reasons.any(|reason| {
        let reason: Option<Reason> = serde_json::from_str(reason).ok();
        reason.is_some_and(|reason| reason.code == Code::RevocationWaived)
    });
    Ok(checks.is_empty() || is_waived)
}

/// The signed copy of a version.
async fn copy_of(
    connection: &impl ConnectionTrait,
    version: &versions::Model,
) -> Result<Option<NamedFile>, AppError> {
    let copy = signed_copies::Entity::find_by_id(version.id)
        .filter(signed_copies::Column::OrganisationId.eq(version.organisation_id))
        .one(connection)
        .await?;
    Ok(copy.map(|copy| NamedFile {
        name: signed_name(&version.main_name),
        digest: copy.digest,
        size_bytes: copy.size_bytes,
        media_type: PDF,
    }))
}

/// The file that a detached signature of a version is over.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails; [`AppError::Internal`] if the file is gone.
pub(crate) async fn covered_file(
    connection: &impl ConnectionTrait,
    version: &versions::Model,
    row: &detached_signatures::Model,
) -> Result<NamedFile, AppError> {
    let copy = copy_of(connection, version).await?;
    covered(connection, version, copy.as_ref(), row).await
}

/// The file that a signature is over. An earlier state of the signed copy goes by a name of its
/// own: beside the present one it would take its place on a disk.
async fn covered(
    connection: &impl ConnectionTrait,
    version: &versions::Model,
    copy: Option<&NamedFile>,
    row: &detached_signatures::Model,
) -> Result<NamedFile, AppError> {
    if let Some(copy) = copy.filter(|copy| copy.digest == row.covered_digest) {
        return Ok(copy.clone());
    }
    if row.covers == Covers::Main.code() {
        return Ok(NamedFile {
            name: version.main_name.clone(),
            digest: row.covered_digest.clone(),
            size_bytes: version.main_size_bytes,
            media_type: PDF,
        });
    }
    let key = (row.organisation_id, row.covered_digest.clone());
    let blob = blobs::Entity::find_by_id(key).one(connection).await?;
    let blob = blob.ok_or_else(|| AppError::internal("a signature over a file that is gone"))?;
    let name = signed_name(&version.main_name);
    let stem = name.strip_suffix(".pdf").unwrap_or(&name);
    let start = row.covered_digest.get(..8).unwrap_or_default();
    Ok(NamedFile {
        name: format!("{stem}.{start}.pdf"),
        digest: row.covered_digest.clone(),
        size_bytes: blob.size_bytes,
        media_type: PDF,
    })
}

impl App {
    /// The bytes of detached signatures as they are now, in their order, for evidence that is read
    /// without this service; nothing for those that are beyond what a piece of evidence holds.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the storage fails.
    pub async fn bytes_beside(
        &self,
        organisation: OrganisationId,
        beside: &[BesideSignature],
    ) -> Result<Vec<Option<Bytes>>, AppError> {
        let mut room = EVIDENCE_BYTES_MAX;
        let mut all = Vec::with_capacity(beside.len());
        for one in beside {
            room = room.saturating_sub(one.now.size_bytes);
            if room < 0 {
                all.push(None);
                continue;
            }
            let digest = parse_digest(&one.now.digest)?;
            all.push(Some(self.blobs.get(organisation, &digest).await?));
        }
        Ok(all)
    }
}
