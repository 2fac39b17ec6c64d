//! Documents on the wire.

use std::collections::BTreeMap;

use chancery_types::{FieldValue, Locale};
use chancery_workflow::{Kind, WaitView};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::AppError;
use crate::app::comparison::Comparison;
use crate::app::documents::Created;
use crate::app::reading::{DocumentSheet, HistoryEvent};
use crate::domain::comparison::parts::{FieldChange, FileChange};
use crate::domain::comparison::{Change, ComparedPage, Piece};
use crate::store::entity::{documents, versions};

/// Documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentsView {
    /// The documents, the latest change first.
    pub rows: Vec<DocumentRow>,
    /// What to send as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One document.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentRow {
    /// The document.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// `draft`, `in_run`, `rework`, `effective`, `rejected` or `withdrawn`.
    pub state: String,
    /// Its number, once it has one.
    pub registration_number: Option<String>,
    /// Who created it.
    pub initiator_id: String,
    /// When it was changed, RFC 3339.
    pub updated_at: String,
    /// What an edit must send as `If-Match`.
    pub row_version: i64,
}

impl From<&documents::Model> for DocumentRow {
    fn from(row: &documents::Model) -> Self {
        Self {
            id: row.id.to_string(),
            kind: row.kind.clone(),
            title: row.title.clone(),
            state: row.state.clone(),
            registration_number: row.registration_number.clone(),
            initiator_id: row.initiator_id.to_string(),
            updated_at: crate::app::documents::updated_at(row).to_string(),
            row_version: row.row_version,
        }
    }
}

/// One version.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionRow {
    /// Its number, from 1.
    pub number: i64,
    /// What approvals and links bind to.
    pub digest: String,
    /// SHA-256 of the main file.
    pub main_digest: String,
    /// The main file's name.
    pub main_name: String,
    /// Its size, bytes.
    pub main_size_bytes: i64,
    /// Its pages.
    pub pages_count: i64,
    /// Who brought it.
    pub author_id: String,
    /// What changed.
    pub comment: Option<String>,
}

impl From<&versions::Model> for VersionRow {
    fn from(row: &versions::Model) -> Self {
        Self {
            number: row.number,
            digest: row.digest.clone(),
            main_digest: row.main_digest.clone(),
            main_name: row.main_name.clone(),
            main_size_bytes: row.main_size_bytes,
            pages_count: row.pages_count,
            author_id: row.author_id.to_string(),
            comment: row.comment.clone(),
        }
    }
}

/// One attachment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentRow {
    /// Its place, from 1.
    pub position: i64,
    /// Its name.
    pub name: String,
    /// SHA-256.
    pub digest: String,
    /// Its size, bytes.
    pub size_bytes: i64,
    /// What it is.
    pub media_type: String,
}

/// One document with everything.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    /// The document.
    #[serde(flatten)]
    pub document: DocumentRow,
    /// The card: each value with its type.
    #[schema(value_type = Object)]
    pub card: Value,
    /// The version that approvals are about.
    pub version: VersionRow,
    /// Its attachments.
    pub attachments: Vec<AttachmentRow>,
    /// Every version, newest first.
    pub versions: Vec<VersionRow>,
    /// Other documents of the caller's with the same main file.
    pub duplicates: Vec<String>,
    /// The document that this one belongs to, because a workflow has drafted it from that or
    /// somebody made it of it, if the caller may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_id: Option<String>,
    /// The documents that belong to it, as far as the caller may see them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub created: Vec<String>,
    /// What its run waits for of documents that belong to it: how many there are, also of those
    /// that the caller does not see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<WaitRow>,
}

/// Documents that a run waits for.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitRow {
    /// The entry of the workflow's `subdocuments`.
    pub name: String,
    /// The kind of the documents.
    pub kind: String,
    /// `pending`, `waiting`, `refused` or `met`.
    pub phase: String,
    /// How many are under way, as they were counted last.
    pub open: u32,
    /// How many are completed.
    pub completed: u32,
    /// How many ended otherwise.
    pub lost: u32,
}

impl From<&WaitView> for WaitRow {
    fn from(wait: &WaitView) -> Self {
        Self {
            name: wait.name.clone(),
            kind: wait.kind.clone(),
            phase: wait.phase.code().to_owned(),
            open: wait.open,
            completed: wait.completed,
            lost: wait.lost,
        }
    }
}

impl DocumentView {
    /// As a sheet has it.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`].
    pub fn new(sheet: &DocumentSheet) -> Result<Self, AppError> {
        let attachments = sheet.attachments.iter().map(|row| AttachmentRow {
            position: row.position,
            name: row.name.clone(),
            digest: row.digest.clone(),
            size_bytes: row.size_bytes,
            media_type: row.media_type.clone(),
        });
        Ok(Self {
            document: DocumentRow::from(&sheet.document),
            card: serde_json::to_value(&sheet.card)
                .map_err(|error| AppError::Internal(error.into()))?,
            version: VersionRow::from(&sheet.version),
            attachments: attachments.collect(),
            versions: sheet.versions.iter().map(VersionRow::from).collect(),
            duplicates: sheet
                .duplicates
                .iter()
                .map(|twin| twin.id.to_string())
                .collect(),
            origin_id: sheet
                .relatives
                .origin
                .as_ref()
                .map(|one| one.id.to_string()),
            created: sheet
                .relatives
                .created
                .iter()
                .map(|one| one.document.id.to_string())
                .collect(),
            waits: sheet.relatives.waits.iter().map(WaitRow::from).collect(),
        })
    }
}

/// What came of an upload.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedView {
    /// The document.
    pub id: String,
    /// The version.
    pub version: i64,
    /// Whether a repaired copy was kept.
    pub is_repaired: bool,
    /// Other documents of the caller's with the same main file.
    pub duplicates: Vec<String>,
}

impl From<&Created> for CreatedView {
    fn from(created: &Created) -> Self {
        Self {
            id: created.id.to_string(),
            version: created.version,
            is_repaired: created.is_repaired,
            duplicates: created
                .duplicates
                .iter()
                .map(|twin| twin.id.to_string())
                .collect(),
        }
    }
}

/// A new document, as multipart/form-data.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read field by field")]
pub struct DocumentForm {
    /// The kind.
    kind: String,
    /// The title.
    title: String,
    /// The card: one field `card.<name>` each; money also has `card.<name>.currency`.
    #[schema(value_type = Object)]
    card: BTreeMap<String, String>,
    /// `accept`: keep a repaired copy of a main file whose table is wrong.
    repair: Option<String>,
    /// The document that the new one is to belong to: its run waits for documents of the kind.
    parent: Option<String>,
    /// The main file.
    #[schema(value_type = String, format = Binary)]
    main: Vec<u8>,
    /// Further files.
    #[schema(value_type = Vec<String>)]
    attachments: Vec<Vec<u8>>,
}

/// A new version, as multipart/form-data.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read field by field")]
pub struct VersionForm {
    /// What changed.
    comment: Option<String>,
    /// `accept`: keep a repaired copy of a main file whose table is wrong.
    repair: Option<String>,
    /// The main file.
    #[schema(value_type = String, format = Binary)]
    main: Vec<u8>,
    /// Further files.
    #[schema(value_type = Vec<String>)]
    attachments: Vec<Vec<u8>>,
    /// The place of an attachment of the version before that stays; once for each. The others are
    /// left behind.
    keep: Option<Vec<i64>>,
}

/// What changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonView {
    /// The older version.
    pub from: i64,
    /// The newer version.
    pub to: i64,
    /// Whether the main files are not the same bytes.
    pub is_main_replaced: bool,
    /// The fields of the card that differ, in the kind's order.
    pub fields: Vec<FieldChangeView>,
    /// The attachments that differ.
    pub attachments: Vec<FileChangeView>,
    /// The newer version's pages whose text differs.
    pub pages: Vec<ComparedPageView>,
}

impl ComparisonView {
    /// In the caller's language.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`].
    pub fn new(kind: &Kind, locale: Locale, found: Comparison) -> Result<Self, AppError> {
        let fields = found.fields.iter();
        let fields = fields.map(|change| FieldChangeView::new(kind, locale, change));
        let is_main_replaced = found.is_main_replaced();
        let changed = found.pages.into_iter().filter(ComparedPage::is_changed);
        Ok(Self {
            from: found.from.number,
            to: found.to.number,
            is_main_replaced,
            fields: fields.collect::<Result<_, AppError>>()?,
            attachments: found.attachments.iter().map(FileChangeView::from).collect(),
            pages: changed.map(ComparedPageView::from).collect(),
        })
    }
}

/// One field that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldChangeView {
    /// The field.
    pub name: String,
    /// Its label in the caller's language.
    pub label: String,
    /// The older version's value with its type; `null` if there is none.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The newer version's value with its type; `null` if there is none.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
}

impl FieldChangeView {
    /// In the caller's language.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`].
    pub fn new(kind: &Kind, locale: Locale, change: &FieldChange) -> Result<Self, AppError> {
        let mut fields = kind.fields().iter();
        let field = fields.find(|field| field.name == change.name);
        let label = field.and_then(|field| field.label.get(locale));
        let value = |value: &Option<FieldValue>| {
            let json = value.as_ref().map(serde_json::to_value).transpose();
            json.map_err(|error| AppError::Internal(error.into()))
        };
        Ok(Self {
            name: change.name.clone(),
            label: label.unwrap_or(&change.name).to_owned(),
            before: value(&change.before)?,
            after: value(&change.after)?,
        })
    }
}

/// One attachment that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileChangeView {
    /// The file's name.
    pub name: String,
    /// `added`, `removed` or `replaced`.
    pub change: &'static str,
    /// SHA-256 in the older version; `null` if it was added.
    pub before_digest: Option<String>,
    /// SHA-256 in the newer version; `null` if it was removed.
    pub after_digest: Option<String>,
}

impl From<&FileChange> for FileChangeView {
    fn from(change: &FileChange) -> Self {
        Self {
            name: change.name.clone(),
            change: change.code(),
            before_digest: change.before.clone(),
            after_digest: change.after.clone(),
        }
    }
}

/// One page that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedPageView {
    /// The page, from 1.
    pub number: usize,
    /// Its text in order.
    pub pieces: Vec<PieceView>,
}

impl From<ComparedPage> for ComparedPageView {
    fn from(page: ComparedPage) -> Self {
        Self {
            number: page.number,
            pieces: page.pieces.into_iter().map(PieceView::from).collect(),
        }
    }
}

impl From<Piece> for PieceView {
    fn from(piece: Piece) -> Self {
        Self {
            change: match piece.change {
                Change::Same => "same",
                Change::Added => "added",
                Change::Removed => "removed",
            },
            text: piece.text,
        }
    }
}

/// A run of words.
#[derive(Debug, Serialize, ToSchema)]
pub struct PieceView {
    /// `same`, `added` or `removed`.
    pub change: &'static str,
    /// The words.
    pub text: String,
}

/// One event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventRow {
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub actor_name: String,
    /// `document.created`, `run.started`, …
    pub action: String,
    /// The event's values.
    #[schema(value_type = Object)]
    pub details: Value,
}

impl From<HistoryEvent> for EventRow {
    fn from(event: HistoryEvent) -> Self {
        Self {
            at: event.at.to_string(),
            actor_name: event.actor_name,
            action: event.action,
            details: event.details,
        }
    }
}
