//! What proves a document's signatures, to be kept: the protocol of a version's check, and the
//! evidence of every signature.

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::{Data, Path, Query};
use chancery_types::id::DocumentId;
use serde::Deserialize;

use crate::app::App;
use crate::web::api::signing::signatures_of;
use crate::web::protocol::{Form, of_version};
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
    of_version(&verdict, &desk.shell.formats, query.form)
}
