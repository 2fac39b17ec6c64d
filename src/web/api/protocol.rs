//! The protocol of the check of a stored version or of a detached signature, as a file.

use actix_web::web::{self, Data, Path, Query};
use chancery_types::id::DocumentId;
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};
use uuid::Uuid;

use crate::app::App;
use crate::i18n::Formats;
use crate::web::protocol::{Beside, Form, of_stored};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(get_protocol, get_detached_protocol))]
pub struct Api;

/// How the protocol is written.
#[derive(Debug, Deserialize, IntoParams)]
struct ProtocolQuery {
    /// `pdf` (the default), `html` or `json`.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    form: Form,
}

/// The protocol of the check of a version's file: of its signed copy, or of the file as it came in.
#[utoipa::path(get, path = "/api/v1/documents/{document}/versions/{number}/protocol",
    tag = "signing",
    params(("document" = String, Path), ("number" = i64, Path), ProtocolQuery),
    responses((status = 200, description = "PDF, HTML or JSON", content_type = "application/pdf"),
        (status = 404, description = "Absent or hidden"),
        (status = 409, description = "Refused by name: verdict-later, verdict-too-large")))]
async fn get_protocol(
    app: Data<App>,
    caller: PersonOnly,
    path: Path<(DocumentId, i64)>,
    query: Query<ProtocolQuery>,
) -> Answer {
    let (id, number) = path.into_inner();
    let verdict = app.version_verdict(&caller.actor, id, Some(number)).await?;
    let beside = Beside::load(&app, &caller.actor, id, &verdict).await?;
    let formats = Formats::new(caller.actor.locale, "UTC");
    let by = (&formats, app.config.server.public_url.as_str());
    of_stored(&verdict, beside, by, query.form)
}

/// The protocol of the check of a detached signature over the file that it covers.
#[utoipa::path(get,
    path = "/api/v1/documents/{document}/detached-signatures/{signature}/protocol",
    tag = "signing",
    params(("document" = String, Path), ("signature" = String, Path), ProtocolQuery),
    responses((status = 200, description = "PDF, HTML or JSON", content_type = "application/pdf"),
        (status = 404, description = "Absent or hidden"),
        (status = 409, description = "Refused by name: verdict-later")))]
async fn get_detached_protocol(
    app: Data<App>,
    caller: PersonOnly,
    path: Path<(Uuid, Uuid)>,
    query: Query<ProtocolQuery>,
) -> Answer {
    let (id, signature) = path.into_inner();
    let id = DocumentId::from(id);
    let verdict = app.detached_verdict(&caller.actor, id, signature).await?;
    let beside = Beside::load(&app, &caller.actor, id, &verdict).await?;
    let formats = Formats::new(caller.actor.locale, "UTC");
    let by = (&formats, app.config.server.public_url.as_str());
    of_stored(&verdict, beside, by, query.form)
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(
        "/api/v1/documents/{document}/versions/{number}/protocol",
        Audience::Person,
        || web::get().to(get_protocol),
    ),
    Route::get(
        "/api/v1/documents/{document}/detached-signatures/{signature}/protocol",
        Audience::Person,
        || web::get().to(get_detached_protocol),
    ),
];
