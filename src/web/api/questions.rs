//! What a document's signing part shows beside signatures: its links, and questions asked by them.

use actix_web::web::{self, Data, Path};
use chancery_types::Instant;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::app::App;
use crate::app::signing::list::{LinkRow, QuestionRow};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(get_questions, get_links))]
pub struct Api;

/// A question from a link's reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionView {
    /// The question.
    pub id: Uuid,
    /// Who asked.
    pub contact_name: String,
    /// What.
    pub text: String,
    /// When, RFC 3339.
    pub asked_at: String,
    /// The answer, once there is one.
    pub answer: Option<String>,
    /// When it was answered, RFC 3339.
    pub answered_at: Option<String>,
    /// Whether the caller may answer it.
    pub can_answer: bool,
}

fn moment(micros: i64) -> String {
    Instant::from_micros(micros).to_string()
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
            can_answer: row.can_answer,
        }
    }
}

/// A link, without anything that opens it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    /// The link.
    pub id: Uuid,
    /// The sign task that it leads to.
    pub task_id: Uuid,
    /// Whom it was sent to.
    pub contact_name: String,
    /// Where it was sent.
    pub contact_email: String,
    /// Why it was revoked, if somebody said.
    pub close_reason: Option<String>,
    /// `active`, `signed`, `refused`, `returned`, `handed_over`, `expired` or `revoked`.
    pub state: String,
    /// When it was sent, RFC 3339.
    pub created_at: String,
    /// Until when it works, RFC 3339.
    pub expires_at: String,
    /// When it was first opened, RFC 3339.
    pub opened_at: Option<String>,
}

impl From<LinkRow> for LinkView {
    fn from(row: LinkRow) -> Self {
        Self {
            id: row.link.id,
            task_id: row.link.task_id,
            contact_name: row.contact_name,
            contact_email: row.link.contact_email,
            close_reason: row.link.close_reason,
            state: row.link.state,
            created_at: moment(row.link.created_at),
            expires_at: moment(row.link.expires_at),
            opened_at: row.link.opened_at.map(moment),
        }
    }
}

/// The questions asked through a document's links, newest first: the newest 200, with the header
/// `X-Has-More` if there are older ones.
#[utoipa::path(get, path = "/api/v1/documents/{document}/questions", tag = "signing",
    responses((status = 200, description = "The questions", body = [QuestionView])))]
async fn get_questions(app: Data<App>, caller: PersonOnly, document: Path<Uuid>) -> Answer {
    let found = app.document_signatures(&caller.actor, *document).await?;
    let views: Vec<QuestionView> = found.questions.into_iter().map(Into::into).collect();
    present::json_rows(&views, found.has_more_questions)
}

/// A document's signing links, newest first: the newest 200, with the header `X-Has-More` if there
/// are older ones.
#[utoipa::path(get, path = "/api/v1/documents/{document}/links", tag = "signing",
    responses((status = 200, description = "The links", body = [LinkView])))]
async fn get_links(app: Data<App>, caller: PersonOnly, document: Path<Uuid>) -> Answer {
    let found = app.document_signatures(&caller.actor, *document).await?;
    let views: Vec<LinkView> = found.links.into_iter().map(Into::into).collect();
    present::json_rows(&views, found.has_more_links)
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(
        "/api/v1/documents/{document}/questions",
        Audience::Person,
        || web::get().to(get_questions),
    ),
    Route::get(
        "/api/v1/documents/{document}/links",
        Audience::Person,
        || web::get().to(get_links),
    ),
];
