//! A protocol of disagreements: a file and a few words, returned instead of a signature. The run
//! goes to rework; the file stays with the version that it disagrees with.

use chancery_types::Instant;
use chancery_types::id::DocumentId;
use chancery_workflow::Decision;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::ending::{close_link, receipt};
use super::outcome::check_words;
use super::visit::Visit;
use crate::app::intake::KeptFile;
use crate::app::outbox;
use crate::app::spool::Upload;
use crate::app::versions::{FileToServe, parse_digest};
use crate::app::{App, AppError, FieldProblem};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::entropy;
use crate::store;
use crate::store::entity::{blobs, contacts, disagreements};

/// The field of the file, as forms and calls name it.
pub const FILE_FIELD: &str = "protocol";
/// The field of the words.
pub const WORDS_FIELD: &str = "disagreements";
/// Most protocols that are shown.
pub const ROWS_MAX: u64 = 200;

/// A protocol with who sent it.
#[derive(Clone, Debug)]
pub struct DisagreementRow {
    /// The protocol.
    pub protocol: disagreements::Model,
    /// Who sent it.
    pub contact_name: String,
}

impl App {
    /// Returns the run with a protocol of disagreements (PDF or DOCX, told by its content) instead
    /// of signing. `problems` are those of the file's way in: everything wrong is told at once, and
    /// nothing is kept.
    ///
    /// # Errors
    ///
    /// As [`Visit::require_verified`]; [`AppError::Invalid`] for the words or the file:
    /// `protocol-missing`, or as [`App::examine_protocol`]; the engine's refusal.
    pub async fn return_with_disagreements(
        &self,
        actor: &Actor,
        visit: &Visit,
        words: &str,
        file: Option<Upload>,
        mut problems: Vec<FieldProblem>,
    ) -> Result<(), AppError> {
        visit.require_verified()?;
        let (comment, upload) = match (check_words(WORDS_FIELD, words), file) {
            (Ok(comment), Some(upload)) if problems.is_empty() => (comment, upload),
            (words, file) => {
                if file.is_none() && problems.is_empty() {
                    problems.push(FieldProblem::new(FILE_FIELD, "protocol-missing"));
                }
                if let Err(AppError::Invalid { fields }) = words {
                    problems.extend(fields);
                }
                return Err(AppError::Invalid { fields: problems });
            }
        };
        let media_type = self.examine_protocol(&upload).await?;
        let event = self.decided(actor, visit, Decision::Return, comment.clone())?;
        let file = self.keep(actor, upload, media_type).await?;
        let row = row_of(visit, comment, &file, event.at);
        self.move_run(
            actor,
            visit.link.run_id.into(),
            async |_| Ok(vec![event.clone()]),
            async |tx, _, advanced| {
                store::blobs::insert_blob(tx, blob_of(&row)).await?;
                store::disagreements::insert_disagreement(tx, row.clone()).await?;
                if let Value::Object(details) = &mut advanced.happening.details {
                    details.insert("protocol".to_owned(), told(&row));
                }
                let letter = receipt(visit, event.at, &row.comment, Some(&row));
                outbox::enqueue(tx, self, row.organisation_id, event.at, letter).await?;
                close_link(tx, visit.link.id, "returned", row.created_at).await
            },
        )
        .await?;
        Ok(())
    }

    /// The protocols of disagreements that came to a document, newest first, at most [`ROWS_MAX`],
    /// and whether there are older ones.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`].
    pub async fn list_disagreements(
        &self,
        actor: &Actor,
        document: DocumentId,
    ) -> Result<(Vec<DisagreementRow>, bool), AppError> {
        let row = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let reader = self.store.reader();
        let organisation = row.organisation_id;
        let asked = ROWS_MAX.saturating_add(1);
        let mut rows =
            store::disagreements::list_disagreements(reader, organisation, row.id, asked).await?;
        let max = usize::try_from(ROWS_MAX).unwrap_or(usize::MAX);
        let has_more = rows.len() > max;
        rows.truncate(max);
        let senders: Vec<Uuid> = rows.iter().map(|row| row.contact_id).collect();
        let senders = contacts::Entity::find()
            .filter(contacts::Column::OrganisationId.eq(organisation))
            .filter(contacts::Column::Id.is_in(senders))
            .all(reader)
            .await?;
        let name = |id: Uuid| senders.iter().find(|contact| contact.id == id);
        let rows = rows.into_iter().map(|protocol| DisagreementRow {
            contact_name: name(protocol.contact_id)
                .map(|contact| contact.name.clone())
                .unwrap_or_default(),
            protocol,
        });
        Ok((rows.collect(), has_more))
    }

    /// The file of a protocol, for whoever may see its document.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Unavailable`].
    pub async fn open_disagreement(
        &self,
        actor: &Actor,
        document: DocumentId,
        id: Uuid,
    ) -> Result<FileToServe, AppError> {
        let row = self
            .document_for(actor, document, Action::SeeDocument)
            .await?;
        let reader = self.store.reader();
        let organisation = row.organisation_id;
        let found =
            store::disagreements::find_disagreement(reader, organisation, row.id, id).await?;
        let found = found.ok_or(AppError::Hidden)?;
        let digest = parse_digest(&found.digest)?;
        Ok(FileToServe {
            name: found.name,
            media_type: found.media_type,
            digest: found.digest,
            stream: self.blobs.open_stream(actor.organisation, &digest).await?,
        })
    }
}

fn row_of(visit: &Visit, comment: String, file: &KeptFile, at: Instant) -> disagreements::Model {
    disagreements::Model {
        id: entropy::id(at),
        organisation_id: visit.link.organisation_id,
        document_id: visit.link.document_id,
        version_id: visit.link.version_id,
        run_id: visit.link.run_id,
        task_id: visit.link.task_id,
        link_id: visit.link.id,
        contact_id: visit.link.contact_id,
        comment,
        name: file.name.clone(),
        digest: file.digest.hex(),
        size_bytes: i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
        media_type: file.media_type.to_owned(),
        created_at: at.micros(),
    }
}

fn blob_of(row: &disagreements::Model) -> blobs::Model {
    blobs::Model {
        organisation_id: row.organisation_id,
        digest: row.digest.clone(),
        size_bytes: row.size_bytes,
        media_type: row.media_type.clone(),
        created_at: row.created_at,
    }
}

/// What the one audit event of the step says of the file.
fn told(row: &disagreements::Model) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "sha256": row.digest,
        "size_bytes": row.size_bytes,
        "media_type": row.media_type,
    })
}
