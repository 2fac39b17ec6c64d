//! OpenAPI 3.1 of `/api/v1`, gathered from the handlers and completed from the table of routes.

mod complete;

use actix_web::web;
use serde_json::Value;
use utoipa::OpenApi;

use super::routes::{self, Audience, Route};
use super::{Answer, api};
use crate::app::AppError;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Chancery",
        description = "Documents, approval, signatures and evidence. Errors are problem+json \
            (RFC 9457). Every POST takes an Idempotency-Key.",
    ),
    paths(get_document),
    components(schemas(super::problem::ProblemBody))
)]
struct Base;

/// The document of each area: one line each.
#[must_use]
pub fn areas() -> Vec<utoipa::openapi::OpenApi> {
    vec![
        Base::openapi(),
        api::absences::Api::openapi(),
        api::archive::Api::openapi(),
        api::audit::Api::openapi(),
        api::calls::Api::openapi(),
        api::comments::Api::openapi(),
        api::counterparties::Api::openapi(),
        api::detached::Api::openapi(),
        api::documents::Api::openapi(),
        api::journals::Api::openapi(),
        api::mandates::Api::openapi(),
        api::link::Api::openapi(),
        api::links::Api::openapi(),
        api::mail::Api::openapi(),
        api::news::Api::openapi(),
        api::organisation::Api::openapi(),
        api::outside::Api::openapi(),
        api::passwords::Api::openapi(),
        api::people::Api::openapi(),
        api::powers::Api::openapi(),
        api::profile::Api::openapi(),
        api::questions::Api::openapi(),
        api::remote::Api::openapi(),
        api::runs::Api::openapi(),
        api::session::Api::openapi(),
        api::signatures::Api::openapi(),
        api::signing::Api::openapi(),
        api::protocol::Api::openapi(),
        api::revisions::Api::openapi(),
        api::tasks::Api::openapi(),
        api::verify::Api::openapi(),
        api::workflows::Api::openapi(),
        api::moves::Api::openapi(),
    ]
}

/// The whole document.
///
/// # Errors
///
/// [`AppError::Internal`] if an area cannot be written as JSON.
pub fn document() -> Result<Value, AppError> {
    let mut areas = areas().into_iter();
    let mut whole = areas.next().unwrap_or_else(Base::openapi);
    areas.for_each(|area| whole.merge(area));
    let written = serde_json::to_value(&whole);
    let mut written = written.map_err(|error| AppError::Internal(error.into()))?;
    complete::complete(&mut written, routes::all());
    Ok(written)
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "session",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
async fn get_document() -> Answer {
    super::present::json(&document()?)
}

/// The document.
pub const ROUTES: &[Route] = &[Route::get(
    "/api/v1/openapi.json",
    Audience::Everyone,
    || web::get().to(get_document),
)];
