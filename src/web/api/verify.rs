//! `/api/v1/verify`: a file's validation report, for anybody. Nothing is kept.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::{self, Data};
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::web::limits::Limiter;
use crate::web::pages::verify::receive;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(post_verify), components(schemas(VerifyBody)))]
pub struct Api;

/// The parts of an upload.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "describes a multipart body, which is read as a stream"
)]
struct VerifyBody {
    /// The signed file, or a detached signature.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    /// What a detached signature signs.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    content: Option<String>,
}

/// Check the signatures of a file.
///
/// The answer is the object that `chancery verify --json` prints for one file. It is judged now, by
/// the roots of this server; the file is not kept. `"swapped": true` says that the signature came
/// as `content` and what it signs as `file`, and that they were judged the right way round.
#[utoipa::path(post, path = "/api/v1/verify", tag = "verify",
    request_body(content = VerifyBody, content_type = "multipart/form-data"),
    responses((status = 200, description = "The validation report", body = Object),
        (status = 413, description = "Larger than limits.verify_bytes_max"),
        (status = 422, description = "No part named `file`; `content` beside a file with its own"),
        (status = 429, description = "Too many checks")))]
async fn post_verify(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let upload = receive(&app, &limiter, &request, parts).await?;
    let (name, content) = match upload.content {
        Some((name, content)) => (Some(name), Some(content)),
        None => (None, None),
    };
    let mut checked = app.check_file(upload.seat, upload.file, content).await?;
    let signature = name.filter(|_| checked.swapped).unwrap_or(upload.name);
    checked.report.file = Some(signature);
    present::json(&checked)
}

/// The routes.
pub const ROUTES: &[Route] = &[Route::post("/api/v1/verify", Audience::Everyone, || {
    web::post().to(post_verify)
})];
