//! `GET /documents/{document}/versions/{version}/protocol`: the protocol of a version's check.

use actix_web::web::{Data, Path, Query};
use chancery_types::id::DocumentId;
use serde::Deserialize;

use crate::app::App;
use crate::web::protocol::{Form, of_version};
use crate::web::{Answer, Desk};

#[derive(Debug, Deserialize)]
pub struct FormQuery {
    #[serde(default)]
    form: Form,
}

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
