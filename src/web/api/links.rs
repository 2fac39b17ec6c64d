//! `/api/v1/tasks/{task}`: what the initiator does about a contact's link.

use actix_web::web::{self, Data, Json, Path};
use chancery_types::id::{ContactId, TaskId};
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};

use super::tasks::OutcomeView;
use crate::app::App;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(post_link, post_revocation, post_contact))]
pub struct Api;

/// Why a link is revoked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevocationBody {
    /// The reason; it stays inside the organisation.
    pub reason: String,
}

/// Who signs instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedContactBody {
    /// A contact of the same counterparty.
    #[schema(value_type = String)]
    pub contact_id: ContactId,
}

/// Sends a contact a new link: the one they have is revoked, and visits through it end.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/link", tag = "signing",
    params(("task" = String, Path, description = "A contact's sign task")),
    responses((status = 204, description = "Mailed"),
        (status = 409, description = "task-closed, task-not-of-contact"),
        (status = 429, description = "Too many links within the hour")))]
async fn post_link(app: Data<App>, caller: PersonOnly, task: Path<TaskId>) -> Answer {
    app.send_new_link(&caller.actor, *task).await?;
    present::no_content()
}

/// Revokes a contact's link. The task stays open: a new link can be sent.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/link/revocation", tag = "signing",
    params(("task" = String, Path, description = "A contact's sign task")),
    request_body = RevocationBody,
    responses((status = 204, description = "Revoked"),
        (status = 409, description = "link-none-active, task-closed, task-not-of-contact")))]
async fn post_revocation(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<TaskId>,
    body: Json<RevocationBody>,
) -> Answer {
    app.revoke_link(&caller.actor, *task, &body.reason).await?;
    present::no_content()
}

/// Gives a contact's task to another contact of the same counterparty, with a link of their own.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/contact", tag = "signing",
    params(("task" = String, Path, description = "A contact's sign task")),
    request_body = NamedContactBody,
    responses((status = 200, description = "Handed over", body = OutcomeView),
        (status = 409, description = "task-closed, task-not-of-contact, already-takes-part"),
        (status = 422, description = "contact-not-theirs")))]
async fn post_contact(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<TaskId>,
    body: Json<NamedContactBody>,
) -> Answer {
    let to = body.contact_id;
    let outcome = app.name_another_contact(&caller.actor, *task, to).await?;
    present::json(&OutcomeView::from(outcome))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::post("/api/v1/tasks/{task}/link", Audience::Person, || {
        web::post().to(post_link)
    }),
    Route::post(
        "/api/v1/tasks/{task}/link/revocation",
        Audience::Person,
        || web::post().to(post_revocation),
    ),
    Route::post("/api/v1/tasks/{task}/contact", Audience::Person, || {
        web::post().to(post_contact)
    }),
];
