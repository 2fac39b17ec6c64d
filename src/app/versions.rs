//! Versions: new content of a document, written once, and the way back to its files.

use chancery_types::field::Card;
use chancery_types::id::{DocumentId, VersionId};
use chancery_types::{Digest, Instant};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use crate::app::catalogue::card_of_row;
use crate::app::documents::{Created, card_text, check_changeable};
use crate::app::error::both;
use crate::app::intake::{KeptFile, KeptMain, Repair};
use crate::app::material::Material;
use crate::app::spool::Upload;
use crate::app::work::enqueue_job;
use crate::app::{App, AppError, FieldProblem, audit, name_problem};
use crate::blob::BlobStream;
use crate::domain::access::Action;
use crate::domain::actor::{Actor, PersonActor};
use crate::domain::version::{AttachmentContent, VersionContent};
use crate::entropy;
use crate::store::entity::{attachments, blobs, documents, versions};
use crate::store::{self, StoreError};

/// The longest comment on a version, in graphemes.
pub const COMMENT_GRAPHEMES_MAX: usize = 500;

/// A version about to be written.
pub(crate) struct NewVersion {
    /// Its number, from 1.
    pub number: i64,
    /// Its main file.
    pub main: KeptMain,
    /// Its further files.
    pub attachments: Vec<KeptFile>,
    /// What changed, in its author's words.
    pub comment: Option<String>,
}

/// New content for a document.
#[derive(Debug)]
pub struct VersionUpload {
    /// The main file; `None` if none was sent.
    pub main: Option<Upload>,
    /// Further files.
    pub attachments: Vec<Upload>,
    /// The places of the attachments of the version before that stay; the others are left behind.
    pub keep: Vec<i64>,
    /// What changed.
    pub comment: String,
    /// What to do with a main file whose table lies.
    pub repair: Repair,
}

/// A file on its way to a reader.
pub struct FileToServe {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its digest.
    pub digest: String,
    /// Its bytes.
    pub stream: BlobStream,
}

impl App {
    /// Brings a new version of a draft or a returned document.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`], [`AppError::Stale`], [`AppError::Refused`]
    /// `document-takes-no-changes` or `version-same-content`, [`AppError::Invalid`].
    pub async fn add_version(
        &self,
        actor: &Actor,
        id: DocumentId,
        row_version: i64,
        upload: VersionUpload,
    ) -> Result<Created, AppError> {
        let now = self.now();
        let row = self.document_for(actor, id, Action::EditDocument).await?;
        let person = actor.person().ok_or(AppError::Denied)?;
        check_changeable(&row, Some(row_version))?;
        let kind = self.kind_of_row(&row.kind)?;
        let comment = read_comment(&upload.comment);
        let files = self
            .examine_files(actor, kind, upload.main, upload.attachments, upload.repair)
            .await;
        let (comment, files) = both(comment, files)?;
        let (main, attachments) = self.keep_files(actor, files).await?;
        let is_repaired = main.repaired_from.is_some();

        let duplicates = self
            .find_duplicates(actor, &main.file.digest.hex(), id.uuid())
            .await?;
        let tx = self.store.begin().await?;
        let before = self.current_version(&tx, &row).await?;
        let attachments = self
            .with_kept(&tx, &before, &upload.keep, attachments)
            .await?;
        let new = NewVersion {
            number: before.number.saturating_add(1),
            main,
            attachments,
            comment,
        };
        let card = card_of_row(&row.card)?;
        let material = self.material_of(&tx, &row).await?;
        let adds = !material.attachments && self.attaches_otherwise(&tx, &before, &new).await?;
        let version = self
            .write_version(&tx, person, &material, &card, &row, new, now)
            .await?;
        if version.digest == before.digest && !adds {
            return Err(AppError::refused("version-same-content"));
        }
        let row = documents::Model {
            current_version_id: Some(version.id),
            updated_at: now.micros(),
            ..row
        };
        store::documents::update_document(&tx, &row).await?;
        let happening = audit::Happening::to("version.added", "version", version.id)
            .on_document(id)
            .at_version(&version.digest)
            .with(json!({
                "version": version.number, "comment": version.comment, "repaired": is_repaired,
            }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(Created {
            id,
            version: version.number,
            duplicates,
            is_repaired,
            is_same_file: version.main_digest == before.main_digest,
        })
    }

    /// Whether a version has other attachments than the one before, or the same under other names.
    async fn attaches_otherwise(
        &self,
        connection: &impl ConnectionTrait,
        before: &versions::Model,
        new: &NewVersion,
    ) -> Result<bool, AppError> {
        let (organisation, id) = (before.organisation_id, before.id);
        let rows = store::versions::list_attachments(connection, organisation, id).await?;
        let known = rows.into_iter().map(|row| (row.name, row.digest));
        let named = |file: &KeptFile| (file.name.clone(), file.digest.hex());
        Ok(!known.eq(new.attachments.iter().map(named)))
    }

    /// The attachments at `places` of `before`, and behind them `added`.
    async fn with_kept(
        &self,
        connection: &impl ConnectionTrait,
        before: &versions::Model,
        places: &[i64],
        added: Vec<KeptFile>,
    ) -> Result<Vec<KeptFile>, AppError> {
        let (organisation, id) = (before.organisation_id, before.id);
        let rows = store::versions::list_attachments(connection, organisation, id).await?;
        if !places
            .iter()
            .all(|place| rows.iter().any(|row| row.position == *place))
        {
            return Err(AppError::invalid("keep", "not-a-choice"));
        }
        let staying = rows.iter().filter(|row| places.contains(&row.position));
        let mut files = staying.map(kept_file).collect::<Result<Vec<_>, _>>()?;
        files.extend(added);
        let max = self.config.limits.attachments_max;
        if files.len() > max {
            let problem = FieldProblem::new("attachments", "attachments-too-many");
            return Err(AppError::Invalid {
                fields: vec![problem.with("max", max)],
            });
        }
        Ok(files)
    }

    /// The attachments of a document's present version.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`].
    pub async fn list_attachments(
        &self,
        actor: &Actor,
        id: DocumentId,
    ) -> Result<Vec<attachments::Model>, AppError> {
        let version = self.see_version(actor, id, None).await?;
        let (organisation, version) = (version.organisation_id, version.id);
        Ok(store::versions::list_attachments(self.store.reader(), organisation, version).await?)
    }

    /// Writes a version with its blobs, its attachments and the job that draws its pages.
    #[expect(
        clippy::too_many_arguments,
        reason = "a version is of a document, a card and its files, by somebody, now"
    )]
    pub(crate) async fn write_version(
        &self,
        tx: &DatabaseTransaction,
        person: &PersonActor,
        material: &Material,
        card: &Card,
        document: &documents::Model,
        new: NewVersion,
        now: Instant,
    ) -> Result<versions::Model, AppError> {
        let organisation_id = document.organisation_id;
        for file in std::iter::once(&new.main.file).chain(&new.attachments) {
            let row = blobs::Model {
                organisation_id,
                digest: file.digest.hex(),
                size_bytes: i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
                media_type: file.media_type.to_owned(),
                created_at: now.micros(),
            };
            store::blobs::insert_blob(tx, row).await?;
        }
        let id = entropy::id(now);
        let row = versions::Model {
            id,
            organisation_id,
            document_id: document.id,
            number: new.number,
            digest: content_of(material, card, &new).digest().hex(),
            author_id: person.id.uuid(),
            comment: new.comment,
            card: card_text(card)?,
            main_digest: new.main.file.digest.hex(),
            main_name: new.main.file.name,
            main_size_bytes: i64::try_from(new.main.file.size_bytes).unwrap_or(i64::MAX),
            pages_count: i64::from(new.main.pages_count),
            created_at: now.micros(),
        };
        let attached = attachment_rows(organisation_id, id, new.attachments, now);
        match store::versions::insert_version(tx, row.clone(), attached).await {
            // Somebody else brought the version of this number.
            Err(StoreError::Duplicate) => return Err(AppError::Stale),
            written => written?,
        }
        enqueue_job(
            tx,
            organisation_id.into(),
            now,
            "render_pages",
            format!("render:{}", row.main_digest),
            &json!({ "file_digest": row.main_digest, "pages_count": row.pages_count }),
        )
        .await?;
        Ok(row)
    }

    /// The version that a document shows.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`] if it has none.
    pub async fn current_version(
        &self,
        connection: &impl ConnectionTrait,
        row: &documents::Model,
    ) -> Result<versions::Model, AppError> {
        let id = row
            .current_version_id
            .ok_or_else(|| AppError::internal(format!("document {} has no version", row.id)))?;
        Ok(store::versions::load_version(connection, row.organisation_id, id).await?)
    }

    /// The next version with the files of this one.
    pub(crate) async fn same_files(
        &self,
        connection: &impl ConnectionTrait,
        version: &versions::Model,
    ) -> Result<NewVersion, AppError> {
        let attached =
            store::versions::list_attachments(connection, version.organisation_id, version.id)
                .await?;
        Ok(NewVersion {
            number: version.number.saturating_add(1),
            main: KeptMain {
                file: KeptFile {
                    name: version.main_name.clone(),
                    digest: parse_digest(&version.main_digest)?,
                    size_bytes: u64::try_from(version.main_size_bytes).unwrap_or(0),
                    media_type: known_media_type("application/pdf"),
                },
                pages_count: u32::try_from(version.pages_count).unwrap_or(0),
                repaired_from: None,
            },
            attachments: attached.iter().map(kept_file).collect::<Result<_, _>>()?,
            comment: None,
        })
    }

    /// A version of a document that the actor may see; the current one without a number.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`].
    pub async fn see_version(
        &self,
        actor: &Actor,
        id: DocumentId,
        number: Option<i64>,
    ) -> Result<versions::Model, AppError> {
        let row = self.document_for(actor, id, Action::SeeDocument).await?;
        let reader = self.store.reader();
        let Some(number) = number else {
            return self.current_version(reader, &row).await;
        };
        store::versions::find_version(reader, row.organisation_id, row.id, number)
            .await?
            .ok_or(AppError::Hidden)
    }

    /// A version's main file as it was sent; noted if the actor is asked to sign it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Unavailable`].
    pub async fn open_main_file(
        &self,
        actor: &Actor,
        id: DocumentId,
        number: i64,
    ) -> Result<FileToServe, AppError> {
        let version = self.see_version(actor, id, Some(number)).await?;
        let digest = parse_digest(&version.main_digest)?;
        let stream = self.blobs.open_stream(actor.organisation, &digest).await?;
        self.note_file_of_signer(actor, &version).await?;
        Ok(FileToServe {
            name: version.main_name,
            media_type: "application/pdf".to_owned(),
            digest: version.main_digest,
            stream,
        })
    }

    /// A version's attachment by its position, from 1.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Unavailable`].
    pub async fn open_attachment(
        &self,
        actor: &Actor,
        id: DocumentId,
        number: i64,
        position: i64,
    ) -> Result<FileToServe, AppError> {
        let version = self.see_version(actor, id, Some(number)).await?;
        let attached = store::versions::list_attachments(
            self.store.reader(),
            version.organisation_id,
            version.id,
        )
        .await?;
        let mut attached = attached.into_iter();
        let row = attached
            .find(|row| row.position == position)
            .ok_or(AppError::Hidden)?;
        let digest = parse_digest(&row.digest)?;
        Ok(FileToServe {
            name: row.name,
            media_type: row.media_type,
            digest: row.digest,
            stream: self.blobs.open_stream(actor.organisation, &digest).await?,
        })
    }
}

/// What a version's digest is over.
fn content_of(material: &Material, card: &Card, new: &NewVersion) -> VersionContent {
    let attachment = |file: &KeptFile| AttachmentContent {
        digest: file.digest,
        name: file.name.clone(),
    };
    VersionContent {
        attachments: match material.attachments {
            true => new.attachments.iter().map(attachment).collect(),
            false => Vec::new(),
        },
        fields: material.fields_of(card),
        main: new.main.file.digest,
    }
}

fn attachment_rows(
    organisation_id: Uuid,
    version_id: Uuid,
    files: Vec<KeptFile>,
    now: Instant,
) -> Vec<attachments::Model> {
    let numbered = (1_i64..).zip(files);
    numbered
        .map(|(position, file)| attachments::Model {
            id: entropy::id(now),
            organisation_id,
            version_id,
            position,
            name: file.name,
            digest: file.digest.hex(),
            size_bytes: i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
            media_type: file.media_type.to_owned(),
        })
        .collect()
}

/// A stored attachment as a file of the next version.
fn kept_file(row: &attachments::Model) -> Result<KeptFile, AppError> {
    Ok(KeptFile {
        name: row.name.clone(),
        digest: parse_digest(&row.digest)?,
        size_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
        media_type: known_media_type(&row.media_type),
    })
}

fn read_comment(text: &str) -> Result<Option<String>, AppError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    chancery_types::name::check_text(text, COMMENT_GRAPHEMES_MAX)
        .map(Some)
        .map_err(|why| name_problem("comment", why))
}

/// A digest from a row.
///
/// # Errors
///
/// [`AppError::Internal`].
pub fn parse_digest(text: &str) -> Result<Digest, AppError> {
    text.parse()
        .map_err(|_| AppError::internal(format!("`{text}` is no digest")))
}

/// The media types that attachments are taken with, as constants.
fn known_media_type(text: &str) -> &'static str {
    crate::domain::media::TYPES
        .into_iter()
        .find(|known| *known == text)
        .unwrap_or("application/octet-stream")
}

/// Identifies a version for the journal of events.
#[must_use]
pub fn version_id(row: &versions::Model) -> VersionId {
    row.id.into()
}
