//! Files and page images, served so that nothing of them can run in our origin.

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpResponse, HttpResponseBuilder};
use chancery_types::id::DocumentId;
use serde::Deserialize;

use crate::app::App;
use crate::app::pages::ShownPage;
use crate::app::versions::FileToServe;
use crate::web::edge::urlencode;
use crate::web::{Answer, PersonOnly};

/// Which version; the current one without.
#[derive(Debug, Deserialize)]
pub struct VersionQuery {
    /// Its number.
    pub version: Option<i64>,
}

/// What a served file may do: nothing, not even as a page of its own.
const SANDBOX: &str = "sandbox; default-src 'none'";
/// Content never changes under its digest, but who may see it does: ask each time.
const REVALIDATE: &str = "private, no-cache";

/// `GET /documents/{document}/pages/{page}.png`: an image of ours, drawn from the file.
pub async fn get_page(
    app: Data<App>,
    reader: PersonOnly,
    path: Path<(DocumentId, i64)>,
    query: Query<VersionQuery>,
    request: actix_web::HttpRequest,
) -> Answer {
    let (id, page) = path.into_inner();
    let shown = app
        .show_page(&reader.actor, id, query.version, page)
        .await?;
    Ok(image(&request, shown))
}

/// A page's image as an answer; 304 if the browser has it.
pub fn image(request: &actix_web::HttpRequest, shown: ShownPage) -> HttpResponse {
    let tag = format!("\"{}\"", shown.digest);
    let known = request.headers().get(header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return HttpResponse::NotModified()
            .insert_header((header::ETAG, tag))
            .insert_header((header::CACHE_CONTROL, REVALIDATE))
            .finish();
    }
    HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, REVALIDATE))
        .body(shown.png)
}

/// `GET /documents/{document}/versions/{version}/file`
pub async fn get_file(app: Data<App>, reader: PersonOnly, path: Path<(DocumentId, i64)>) -> Answer {
    let (id, version) = path.into_inner();
    Ok(download(
        app.open_main_file(&reader.actor, id, version).await?,
    ))
}

/// `GET /documents/{document}/versions/{version}/attachments/{position}`
pub async fn get_attachment(
    app: Data<App>,
    reader: PersonOnly,
    path: Path<(DocumentId, i64, i64)>,
) -> Answer {
    let (id, version, position) = path.into_inner();
    let file = app
        .open_attachment(&reader.actor, id, version, position)
        .await?;
    Ok(download(file))
}

/// What makes a browser save a file under its name, in both forms of RFC 6266.
#[must_use]
pub fn to_save(name: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || " .-_".contains(c);
    let plain: String = name
        .chars()
        .map(|c| if harmless(c) { c } else { '_' })
        .collect();
    let exact = urlencode(name).replace('/', "%2F");
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

fn saved(name: &str, media_type: &str) -> HttpResponseBuilder {
    let mut builder = HttpResponse::Ok();
    builder
        .content_type(media_type)
        .insert_header((header::CONTENT_DISPOSITION, to_save(name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, SANDBOX))
        .insert_header((header::CACHE_CONTROL, REVALIDATE))
        .insert_header((header::CONTENT_ENCODING, "identity"));
    builder
}

/// As [`download`], of bytes that are no stored file.
pub fn download_bytes(name: &str, media_type: &str, bytes: Bytes) -> HttpResponse {
    saved(name, media_type).body(bytes)
}

/// A file as an answer that a browser saves and never shows: its exact type, no sniffing, a
/// sandbox, and its name in both forms of RFC 6266.
pub fn download(file: FileToServe) -> HttpResponse {
    saved(&file.name, &file.media_type)
        .insert_header((header::ETAG, format!("\"{}\"", file.digest)))
        .body(actix_web::body::SizedStream::new(
            file.stream.size(),
            file.stream.into_stream(),
        ))
}
