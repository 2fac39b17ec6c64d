//! `/api/v1`: what came to a document from its counterparty: links, questions, protocols.

use actix_web::web::{self, Data, Path};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::app::App;
use crate::app::links::disagreement::DisagreementRow;
use crate::app::signing::list::{LinkRow, QuestionRow};
use crate::web::pages::documents::files::download;
use crate::web::pages::documents::outside::moment;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(get_links, get_questions, get_disagreements, get_disagreement))]
pub struct Api;

/// A signing link, without anything that opens it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    /// The link.
    pub id: Uuid,
    /// Whom it was mailed to.
    pub contact_name: String,
    /// `active`, `signed`, `refused`, `returned`, `handed_over`, `expired` or `revoked`.
    pub state: String,
    /// When it was mailed, RFC 3339.
    pub created_at: String,
    /// When it was first opened, RFC 3339.
    pub opened_at: Option<String>,
    /// Until when it works, RFC 3339.
    pub expires_at: String,
}

impl From<LinkRow> for LinkView {
    fn from(row: LinkRow) -> Self {
        Self {
            id: row.link.id,
            contact_name: row.contact_name,
            created_at: moment(row.link.created_at),
            opened_at: row.link.opened_at.map(moment),
            expires_at: moment(row.link.expires_at),
            state: row.link.state,
        }
    }
}

/// A question that was asked through a link.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionView {
    /// The question; it is answered under `/api/v1/questions/{question}/answer`.
    pub id: Uuid,
    /// Who asks.
    pub contact_name: String,
    /// What.
    pub text: String,
    /// When, RFC 3339.
    pub asked_at: String,
    /// The answer.
    pub answer: Option<String>,
    /// When it was answered, RFC 3339.
    pub answered_at: Option<String>,
}

impl From<QuestionRow> for QuestionView {
    fn from(row: QuestionRow) -> Self {
        Self {
            id: row.question.id,
            contact_name: row.contact_name,
            text: row.question.text,
            asked_at: moment(row.question.asked_at),
            answer: row.question.answer,
            answered_at: row.question.answered_at.map(moment),
        }
    }
}

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

/// The signing links of a document, newest first.
#[utoipa::path(get, path = "/api/v1/documents/{document}/links", tag = "signing",
    responses((status = 200, description = "Links", body = Vec<LinkView>),
        (status = 404, description = "Absent or hidden")))]
async fn get_links(app: Data<App>, caller: PersonOnly, document: Path<Uuid>) -> Answer {
    let found = app.document_signatures(&caller.actor, *document).await?;
    let views: Vec<LinkView> = found.links.into_iter().map(Into::into).collect();
    present::json(&views)
}

/// The questions that were asked about a document, newest first.
#[utoipa::path(get, path = "/api/v1/documents/{document}/questions", tag = "signing",
    responses((status = 200, description = "Questions", body = Vec<QuestionView>),
        (status = 404, description = "Absent or hidden")))]
async fn get_questions(app: Data<App>, caller: PersonOnly, document: Path<Uuid>) -> Answer {
    let found = app.document_signatures(&caller.actor, *document).await?;
    let views: Vec<QuestionView> = found.questions.into_iter().map(Into::into).collect();
    present::json(&views)
}

/// The protocols of disagreements that came to a document, newest first.
#[utoipa::path(get, path = "/api/v1/documents/{document}/disagreements", tag = "signing",
    responses((status = 200, description = "Protocols", body = Vec<DisagreementView>),
        (status = 404, description = "Absent or hidden")))]
async fn get_disagreements(app: Data<App>, caller: PersonOnly, document: Path<Uuid>) -> Answer {
    let found = app
        .list_disagreements(&caller.actor, (*document).into())
        .await?;
    let views: Vec<DisagreementView> = found.into_iter().map(Into::into).collect();
    present::json(&views)
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
        "/api/v1/documents/{document}/links",
        Audience::Person,
        || web::get().to(get_links),
    ),
    Route::get(
        "/api/v1/documents/{document}/questions",
        Audience::Person,
        || web::get().to(get_questions),
    ),
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
