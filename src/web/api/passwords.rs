//! `/api/v1/password`: a forgotten password, and setting one by a mailed link. For anybody.

use actix_web::HttpRequest;
use actix_web::web::{self, Bytes, Data};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::{OpenApi, ToSchema};

use crate::app::{App, AppError, FieldProblem};
use crate::web::limits::Limiter;
use crate::web::routes::{Audience, Route};
use crate::web::session::app_and_facts;
use crate::web::{Answer, Problem, csrf, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(post_reset, post_set), components(schemas(ResetBody, SetBody)))]
pub struct Api;

/// Whose password is forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetBody {
    /// The address they log in with.
    login: String,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBody {
    /// The mailed link, or what stands in it after `#`.
    code: String,
    /// The new password.
    password: String,
}

/// The body, looked at only when the caller may ask at all.
async fn admit<T: DeserializeOwned>(
    limiter: &Limiter,
    request: &HttpRequest,
    kind: &'static str,
    body: &Bytes,
) -> Result<T, Problem> {
    let (app, facts) = app_and_facts(request)?;
    csrf::check_header_of_session(request).await?;
    let per_minute = app.config.rate_limits.login_per_minute;
    limiter.check_address(kind, &facts, per_minute)?;
    let read = serde_json::from_slice(body);
    read.map_err(|error| {
        // The parser's words could quote a password: say where, not what.
        let place = format!("line {}, column {}", error.line(), error.column());
        let fields = vec![FieldProblem::new("", "json").with("why", place)];
        AppError::Invalid { fields }.into()
    })
}

/// Mails a link that sets a new password. The answer is the same for every address.
#[utoipa::path(post, path = "/api/v1/password/reset", tag = "password", request_body = ResetBody,
    responses((status = 204, description = "If the address is known, a link is on its way"),
        (status = 429, description = "Too many requests")))]
async fn post_reset(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    body: Bytes,
) -> Answer {
    let asked: ResetBody = admit(&limiter, &request, "reset-address", &body).await?;
    let (_, facts) = app_and_facts(&request)?;
    app.request_password_reset(&asked.login, facts.origin())
        .await?;
    present::no_content()
}

/// Sets the password of whom the link was mailed to; their sessions end. Works once.
#[utoipa::path(post, path = "/api/v1/password/set", tag = "password", request_body = SetBody,
    responses((status = 204, description = "Set: log in with it"),
        (status = 409, description = "The link was used, replaced or is too old"),
        (status = 422, description = "Too short or too easy"),
        (status = 429, description = "Too many requests")))]
async fn post_set(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    body: Bytes,
) -> Answer {
    let asked: SetBody = admit(&limiter, &request, "set-address", &body).await?;
    let (_, facts) = app_and_facts(&request)?;
    let secret = asked.code.rsplit('#').next().unwrap_or("");
    app.set_password(secret, &asked.password, facts.origin())
        .await?;
    present::no_content()
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::post("/api/v1/password/reset", Audience::Everyone, || {
        web::post().to(post_reset)
    }),
    Route::post("/api/v1/password/set", Audience::Everyone, || {
        web::post().to(post_set)
    }),
];
