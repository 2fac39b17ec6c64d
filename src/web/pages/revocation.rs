//! The revocation lists of our authorities, for anybody's checks.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{self, Data, Path};

use crate::app::{App, AppError};
use crate::web::Answer;
use crate::web::routes::{Audience, Route};

/// The longest that others keep a list, in seconds: a revocation is to be heard of within the hour.
const KEPT_SECONDS_MAX: i64 = 3600;

/// `GET /crl/{file}`: the newest list of the issuer whose certificate has the SHA-256 that the file
/// is called by (RFC 5280, 5; RFC 2585, 4.2).
async fn get_list(app: Data<App>, file: Path<String>) -> Answer {
    let fingerprint = file.strip_suffix(".crl").ok_or(AppError::Hidden)?;
    let list = app.published_list(fingerprint).await?;
    let left = list.next_at.seconds_since(app.now());
    let age = left.clamp(0, KEPT_SECONDS_MAX);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/pkix-crl"))
        .insert_header((CACHE_CONTROL, format!("public, max-age={age}")))
        .body(list.der))
}

/// The routes.
pub const ROUTES: &[Route] = &[Route::get("/crl/{file}", Audience::Everyone, || {
    web::get().to(get_list)
})];
