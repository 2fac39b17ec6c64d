//! `/api/v1/session`: who the caller is.

use actix_web::web::{self};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(get_session))]
pub struct Api;

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// The person.
    pub person_id: String,
    /// Their name.
    pub name: String,
    /// Their organisation.
    pub organisation_id: String,
    /// `ru` or `en`.
    pub locale: String,
    /// Their roles.
    pub roles: Vec<String>,
    /// What the token may do; absent for a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

/// Who am I.
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = 200, description = "The caller", body = SessionView),
        (status = 401, description = "Nobody")))]
async fn get_session(caller: PersonOnly) -> Answer {
    let actor = caller.actor;
    let person = actor
        .person()
        .ok_or(crate::app::AppError::Unauthenticated)?;
    present::json(&SessionView {
        person_id: person.id.to_string(),
        name: person.name.clone(),
        organisation_id: actor.organisation.to_string(),
        locale: actor.locale.code().to_owned(),
        roles: person.roles.iter().map(|(role, _)| role.clone()).collect(),
        scopes: person.scopes.clone(),
    })
}

/// The routes.
pub const ROUTES: &[Route] = &[Route::get("/api/v1/session", Audience::Person, || {
    web::get().to(get_session)
})];
