//! What proves a document's signatures, to be kept: the protocol of the check of a version or of a
//! detached signature, and the evidence of every signature.

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::{Data, Path, Query};
use chancery_types::id::DocumentId;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::web::api::signing::signatures_of;
use crate::web::protocol::{Beside, Form, of_stored};
use crate::web::{Answer, Desk, present};

#[derive(Debug, Deserialize)]
pub struct FormQuery {
    #[serde(default)]
    form: Form,
}

/// `GET /documents/{document}/evidence.json`
pub async fn get_evidence(app: Data<App>, desk: Desk, id: Path<DocumentId>) -> Answer {
    let signatures = signatures_of(&app, &desk.actor, id.uuid()).await?;
    let mut answer = present::json(&signatures)?;
    let saved = HeaderValue::from_static("attachment; filename=\"evidence.json\"");
    answer.headers_mut().insert(CONTENT_DISPOSITION, saved);
    Ok(answer)
}

/// `GET /documents/{document}/versions/{version}/protocol`
pub async fn get_protocol(
    app: Data<App>,
    desk: Desk,
    path: Path<(DocumentId, i64)>,
    query: Query<FormQuery>,
) -> Answer {
    let (id, number) = path.into_inner();
    let verdict = app.version_verdict(&desk.actor, id, Some(number)).await?;
    let beside = Beside::load(&app, &desk.actor, id, &verdict).await?;
    let by = (&desk.shell.formats, app.config.server.public_url.as_str());
    of_stored(&verdict, beside, by, query.form)
}

/// `GET /documents/{document}/detached-signatures/{signature}/protocol`
pub async fn get_detached_protocol(
    app: Data<App>,
    desk: Desk,
    path: Path<(DocumentId, Uuid)>,
    query: Query<FormQuery>,
) -> Answer {
    let (id, signature) = path.into_inner();
    let verdict = app.detached_verdict(&desk.actor, id, signature).await?;
    let beside = Beside::load(&app, &desk.actor, id, &verdict).await?;
    let by = (&desk.shell.formats, app.config.server.public_url.as_str());
    of_stored(&verdict, beside, by, query.form)
}
