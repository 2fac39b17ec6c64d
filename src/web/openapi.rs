//! OpenAPI 3.1 of `/api/v1`, gathered from the handlers, and a page that shows it.

use actix_web::HttpResponse;
use actix_web::web;
use utoipa::OpenApi;

use super::Answer;
use super::routes::{Audience, Route};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Chancery",
        description = "Documents, approval, signatures and evidence. Errors are problem+json \
            (RFC 9457). Every POST takes an Idempotency-Key.",
    ),
    components(schemas(super::problem::ProblemBody))
)]
struct Base;

/// The whole document: one line an area.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut whole = Base::openapi();
    whole.merge(super::api::archive::Api::openapi());
    whole.merge(super::api::audit::Api::openapi());
    whole.merge(super::api::counterparties::Api::openapi());
    whole.merge(super::api::documents::Api::openapi());
    whole.merge(super::api::mail::Api::openapi());
    whole.merge(super::api::organisation::Api::openapi());
    whole.merge(super::api::passwords::Api::openapi());
    whole.merge(super::api::people::Api::openapi());
    whole.merge(super::api::profile::Api::openapi());
    whole.merge(super::api::session::Api::openapi());
    whole.merge(super::api::runs::Api::openapi());
    whole.merge(super::api::tasks::Api::openapi());
    whole.merge(super::api::signing::Api::openapi());
    whole.merge(super::api::verify::Api::openapi());
    whole
}

/// `GET /api/v1/openapi.json`
async fn get_document() -> Answer {
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .body(document().to_pretty_json().unwrap_or_default()))
}

/// The document.
pub const ROUTES: &[Route] = &[Route::get(
    "/api/v1/openapi.json",
    Audience::Everyone,
    || web::get().to(get_document),
)];
