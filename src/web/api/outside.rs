//! `/api/v1`: protocols of disagreements that came to a document.

use actix_web::web::{self, Data, Path};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::app::App;
use crate::app::links::disagreement::DisagreementRow;
use crate::web::pages::documents::files::download;
use crate::web::pages::documents::outside::moment;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(get_disagreements, get_disagreement))]
pub struct Api;

/// A protocol of disagreements that came back instead of a signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisagreementView {
    /// The protocol.
    pub id: Uuid,
    /// The version that it disagrees with.
    pub version_id: Uuid,
    /// Who sent it.
    pub contact_name: String,
    /// What they say of it.
    pub comment: String,
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
    /// When it came, RFC 3339.
    pub created_at: String,
}

impl From<DisagreementRow> for DisagreementView {
    fn from(row: DisagreementRow) -> Self {
        let file = row.protocol;
        Self {
            id: file.id,
            version_id: file.version_id,
            contact_name: row.contact_name,
            comment: file.comment,
            name: file.name,
            media_type: file.media_type,
            size_bytes: file.size_bytes,
            sha256: file.digest,
            created_at: moment(file.created_at),
        }
    }
}

/// The protocols of disagreements that came to a document, newest first: the newest 200, with the
/// header `X-Has-More` if there are older ones.
#[utoipa::path(get, path = "/api/v1/documents/{document}/disagreements", tag = "signing",
    responses((status = 200, description = "Protocols", body = Vec<DisagreementView>),
        (status = 404, description = "Absent or hidden")))]
async fn get_disagreements(app: Data<App>, caller: PersonOnly, document: Path<Uuid>) -> Answer {
    let (found, has_more) = app
        .list_disagreements(&caller.actor, (*document).into())
        .await?;
    let views: Vec<DisagreementView> = found.into_iter().map(Into::into).collect();
    present::json_rows(&views, has_more)
}

/// The file of a protocol of disagreements.
#[utoipa::path(get, path = "/api/v1/documents/{document}/disagreements/{disagreement}/file",
    tag = "signing",
    responses((status = 200, description = "The file", content_type = "application/octet-stream"),
        (status = 404, description = "Absent or hidden")))]
async fn get_disagreement(app: Data<App>, caller: PersonOnly, path: Path<(Uuid, Uuid)>) -> Answer {
    let (document, id) = path.into_inner();
    Ok(download(
        app.open_disagreement(&caller.actor, document.into(), id)
            .await?,
    ))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(
        "/api/v1/documents/{document}/disagreements",
        Audience::Person,
        || web::get().to(get_disagreements),
    ),
    Route::get(
        "/api/v1/documents/{document}/disagreements/{disagreement}/file",
        Audience::Person,
        || web::get().to(get_disagreement),
    ),
];
