//! `/api/v1/documents`: what the pages do, as JSON; files come and go as they are.

pub(super) mod views;

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::{self, Data, Json, Path, Query};
use chancery_types::id::DocumentId;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::app::documents::{DocumentQuery, NewDocument};
use crate::app::intake::Repair;
use crate::app::page::Cursor;
use crate::app::versions::VersionUpload;
use crate::app::{App, AppError};
use crate::domain::document::DocumentState;
use crate::web::pages::documents::files;
use crate::web::pagination::{IfMatch, PageQuery};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, PostedForm, present, upload};
use views::{
    ComparisonView, CreatedView, DocumentForm, DocumentRow, DocumentView, DocumentsView, EventRow,
    VersionForm,
};

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
async fn post_document(
    app: Data<App>,
    caller: PersonOnly,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let posted = upload::read_call(&app, &request, parts).await?;
    posted.check(&app)?;
    let (form, main, attachments) = posted.split();
    let parent = form.parse_optional("parent")?;
    let new = NewDocument {
        parent,
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
    let edited = app.edit_document(&caller.actor, *id, expected.0, &body.title, &body.card);
    let row = edited.await?.row;
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
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let posted = upload::read_call(&app, &request, parts).await?;
    posted.check(&app)?;
    let (form, main, attachments) = posted.split();
    let new = VersionUpload {
        main,
        attachments,
        keep: upload::kept_places(&form)?,
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

/// What differs between two versions: text, card, attachments.
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
    let kind = app.kind_of_row(&found.document.kind)?;
    let view = ComparisonView::new(kind, caller.actor.locale, found)?;
    present::json(&view)
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
