//! `/api/v1/documents`: what the pages do, as JSON; files come and go as they are.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::{self, Data, Json, Path, Query};
use chancery_types::id::DocumentId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::app::documents::{Created, DocumentQuery, NewDocument};
use crate::app::intake::Repair;
use crate::app::page::Cursor;
use crate::app::reading::{DocumentSheet, HistoryEvent};
use crate::app::versions::VersionUpload;
use crate::app::{App, AppError};
use crate::domain::comparison::Change;
use crate::domain::document::DocumentState;
use crate::store::entity::{documents, versions};
use crate::web::pages::documents::files;
use crate::web::pagination::{IfMatch, PageQuery};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, PostedForm, present, upload};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    get_documents,
    post_document,
    get_document,
    put_document,
    post_version,
    get_comparison,
    get_history,
    get_file,
    get_attachment,
    get_page
))]
pub struct Api;

/// Which documents.
#[derive(Debug, Deserialize, IntoParams)]
struct DocumentsQuery {
    /// Words in title, number or counterparty.
    q: Option<String>,
    /// Only of this kind.
    kind: Option<String>,
    /// Only in this state.
    state: Option<String>,
    /// `true`: only the caller's own.
    mine: Option<bool>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many rows.
    limit: Option<u64>,
}

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
    /// `draft`, `in_run`, `rework`, `effective`, `rejected`, `withdrawn` or `annulled`.
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
}

impl DocumentView {
    fn new(sheet: &DocumentSheet) -> Result<Self, AppError> {
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
struct DocumentForm {
    /// The kind.
    kind: String,
    /// The title.
    title: String,
    /// The card: one field `card.<name>` each; money also has `card.<name>.currency`.
    #[schema(value_type = Object)]
    card: BTreeMap<String, String>,
    /// `accept`: keep a repaired copy of a main file whose table is wrong.
    repair: Option<String>,
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
struct VersionForm {
    /// What changed.
    comment: Option<String>,
    /// `accept`: keep a repaired copy of a main file whose table is wrong.
    repair: Option<String>,
    /// The main file.
    #[schema(value_type = String, format = Binary)]
    main: Vec<u8>,
    /// Further files; they replace those of the version before.
    #[schema(value_type = Vec<String>)]
    attachments: Vec<Vec<u8>>,
}

/// A title and a card.
#[derive(Debug, Deserialize, ToSchema)]
struct EditBody {
    /// The title.
    title: String,
    /// The card as text, by field; money as `1250000.00 RUB`.
    card: BTreeMap<String, String>,
}

fn repair_of(form: &PostedForm) -> Repair {
    match form.text("repair") {
        "accept" => Repair::Accept,
        _ => Repair::Offer,
    }
}

/// The documents that the caller may see.
#[utoipa::path(get, path = "/api/v1/documents", tag = "documents", params(DocumentsQuery),
    responses((status = 200, description = "A page of documents", body = DocumentsView)))]
async fn get_documents(app: Data<App>, caller: PersonOnly, query: Query<DocumentsQuery>) -> Answer {
    let query = query.into_inner();
    let state = match query.state.as_deref() {
        None => None,
        Some(code) => Some(
            DocumentState::from_code(code)
                .ok_or_else(|| AppError::invalid("state", "not-a-choice"))?,
        ),
    };
    let wanted = DocumentQuery {
        is_mine: query.mine.unwrap_or(false),
        kind: query.kind,
        state,
        words: query.q.unwrap_or_default(),
    };
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let found = app
        .list_documents(&caller.actor, &wanted, &page.request(&app)?)
        .await?;
    present::json(&DocumentsView {
        rows: found.rows.iter().map(DocumentRow::from).collect(),
        next: found.next.as_ref().map(Cursor::encode),
    })
}

/// Creates a draft with its first version.
#[utoipa::path(post, path = "/api/v1/documents", tag = "documents",
    request_body(content = DocumentForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Created", body = CreatedView),
        (status = 413, description = "A file is too large"),
        (status = 422, description = "Wrong fields or files")))]
async fn post_document(app: Data<App>, caller: PersonOnly, parts: Multipart) -> Answer {
    let posted = upload::read_call(&app, parts).await?;
    posted.check(&app)?;
    let (form, main, attachments) = posted.split();
    let new = NewDocument {
        kind: form.text("kind").to_owned(),
        title: form.text("title").to_owned(),
        card: form.under("card."),
        main,
        attachments,
        repair: repair_of(&form),
    };
    let created = app.create_document(&caller.actor, new).await?;
    let path = format!("/api/v1/documents/{}", created.id);
    present::created(&path, &CreatedView::from(&created))
}

/// One document; its `ETag` is what an edit sends as `If-Match`.
#[utoipa::path(get, path = "/api/v1/documents/{document}", tag = "documents",
    params(("document" = String, Path)),
    responses((status = 200, description = "The document", body = DocumentView),
        (status = 404, description = "Absent or hidden")))]
async fn get_document(app: Data<App>, caller: PersonOnly, id: Path<DocumentId>) -> Answer {
    let sheet = app.document_sheet(&caller.actor, *id, None).await?;
    present::json_with_tag(sheet.document.row_version, &DocumentView::new(&sheet)?)
}

/// Changes title and card of a draft; a material change is a new version with the same files.
#[utoipa::path(put, path = "/api/v1/documents/{document}", tag = "documents",
    params(("document" = String, Path), ("If-Match" = String, Header)),
    request_body = EditBody,
    responses((status = 200, description = "As it is now", body = DocumentRow),
        (status = 412, description = "Changed since it was read")))]
async fn put_document(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<DocumentId>,
    expected: IfMatch,
    body: Json<EditBody>,
) -> Answer {
    let row = app
        .edit_document(&caller.actor, *id, expected.0, &body.title, &body.card)
        .await?;
    present::json_with_tag(row.row_version, &DocumentRow::from(&row))
}

/// Brings a new version.
#[utoipa::path(post, path = "/api/v1/documents/{document}/versions", tag = "documents",
    params(("document" = String, Path), ("If-Match" = String, Header)),
    request_body(content = VersionForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Added", body = CreatedView),
        (status = 409, description = "The document takes no changes now")))]
async fn post_version(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<DocumentId>,
    expected: IfMatch,
    parts: Multipart,
) -> Answer {
    let posted = upload::read_call(&app, parts).await?;
    posted.check(&app)?;
    let (form, main, attachments) = posted.split();
    let new = VersionUpload {
        main,
        attachments,
        comment: form.text("comment").to_owned(),
        repair: repair_of(&form),
    };
    let created = app.add_version(&caller.actor, *id, expected.0, new).await?;
    let path = format!("/api/v1/documents/{id}");
    present::created(&path, &CreatedView::from(&created))
}

/// Which versions.
#[derive(Debug, Deserialize, IntoParams)]
struct ComparisonQuery {
    /// The older version; by default the one the caller last acted on.
    from: Option<i64>,
    /// The newer version; by default the current one.
    to: Option<i64>,
}

/// What changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonView {
    /// The older version.
    pub from: i64,
    /// The newer version.
    pub to: i64,
    /// The newer version's pages that differ.
    pub pages: Vec<ComparedPageView>,
}

/// One page that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedPageView {
    /// The page, from 1.
    pub number: usize,
    /// Its text in order.
    pub pieces: Vec<PieceView>,
}

/// A run of words.
#[derive(Debug, Serialize, ToSchema)]
pub struct PieceView {
    /// `same`, `added` or `removed`.
    pub change: &'static str,
    /// The words.
    pub text: String,
}

/// The text comparison of two versions.
#[utoipa::path(get, path = "/api/v1/documents/{document}/comparison", tag = "documents",
    params(("document" = String, Path), ComparisonQuery),
    responses((status = 200, description = "What changed", body = ComparisonView)))]
async fn get_comparison(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<DocumentId>,
    query: Query<ComparisonQuery>,
) -> Answer {
    let found = app
        .compare_versions(&caller.actor, *id, query.from, query.to)
        .await?;
    let piece = |piece: crate::domain::comparison::Piece| PieceView {
        change: match piece.change {
            Change::Same => "same",
            Change::Added => "added",
            Change::Removed => "removed",
        },
        text: piece.text,
    };
    let changed = found.pages.into_iter().filter(|page| page.is_changed());
    present::json(&ComparisonView {
        from: found.from.number,
        to: found.to.number,
        pages: changed
            .map(|page| ComparedPageView {
                number: page.number,
                pieces: page.pieces.into_iter().map(piece).collect(),
            })
            .collect(),
    })
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

/// What happened to a document, newest first, at most 500 events.
#[utoipa::path(get, path = "/api/v1/documents/{document}/history", tag = "documents",
    params(("document" = String, Path)),
    responses((status = 200, description = "The events", body = Vec<EventRow>)))]
async fn get_history(app: Data<App>, caller: PersonOnly, id: Path<DocumentId>) -> Answer {
    let events = app.document_history(&caller.actor, *id).await?;
    let rows: Vec<EventRow> = events.into_iter().map(EventRow::from).collect();
    present::json(&rows)
}

/// A version's main file as it was sent.
#[utoipa::path(get, path = "/api/v1/documents/{document}/versions/{version}/file",
    tag = "documents", params(("document" = String, Path), ("version" = i64, Path)),
    responses((status = 200, description = "The file", content_type = "application/pdf")))]
async fn get_file(app: Data<App>, caller: PersonOnly, path: Path<(DocumentId, i64)>) -> Answer {
    files::get_file(app, caller, path).await
}

/// A version's attachment.
#[utoipa::path(get,
    path = "/api/v1/documents/{document}/versions/{version}/attachments/{position}",
    tag = "documents",
    params(("document" = String, Path), ("version" = i64, Path), ("position" = i64, Path)),
    responses((status = 200, description = "The file")))]
async fn get_attachment(
    app: Data<App>,
    caller: PersonOnly,
    path: Path<(DocumentId, i64, i64)>,
) -> Answer {
    files::get_attachment(app, caller, path).await
}

/// A page as an image.
#[utoipa::path(get, path = "/api/v1/documents/{document}/pages/{page}.png", tag = "documents",
    params(("document" = String, Path), ("page" = i64, Path)),
    responses((status = 200, description = "The image", content_type = "image/png")))]
async fn get_page(
    app: Data<App>,
    caller: PersonOnly,
    path: Path<(DocumentId, i64)>,
    query: Query<files::VersionQuery>,
    request: HttpRequest,
) -> Answer {
    files::get_page(app, caller, path, query, request).await
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/documents", Audience::Person, || {
        web::get().to(get_documents)
    }),
    Route::post("/api/v1/documents", Audience::Person, || {
        web::post().to(post_document)
    }),
    Route::get("/api/v1/documents/{document}", Audience::Person, || {
        web::get().to(get_document)
    }),
    Route::put("/api/v1/documents/{document}", Audience::Person, || {
        web::put().to(put_document)
    }),
    Route::post(
        "/api/v1/documents/{document}/versions",
        Audience::Person,
        || web::post().to(post_version),
    ),
    Route::get(
        "/api/v1/documents/{document}/comparison",
        Audience::Person,
        || web::get().to(get_comparison),
    ),
    Route::get(
        "/api/v1/documents/{document}/history",
        Audience::Person,
        || web::get().to(get_history),
    ),
    Route::get(
        "/api/v1/documents/{document}/versions/{version}/file",
        Audience::Person,
        || web::get().to(get_file),
    ),
    Route::get(
        "/api/v1/documents/{document}/versions/{version}/attachments/{position}",
        Audience::Person,
        || web::get().to(get_attachment),
    ),
    Route::get(
        "/api/v1/documents/{document}/pages/{page}.png",
        Audience::Person,
        || web::get().to(get_page),
    ),
];
