//! `/api/v1/mail`: the outbox, for administrators.

use actix_web::web::{self, Data, Path, Query};
use chancery_types::id::OutboxId;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::app::mail::{MailRow, MailSheet, MailWords};
use crate::web::pages::mail::MailParameters;
use crate::web::pagination::ListBody;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(get_mail, get_letter, post_resend),
    components(schemas(MailView, LetterView))
)]
pub struct Api;

/// A mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailView {
    /// The mail.
    id: String,
    /// `task-opened`, `code` …
    kind: String,
    /// The language it is written in.
    locale: String,
    /// Its subject; a link or code in it is masked. None of a document that one may not see.
    subject: Option<String>,
    /// To which address.
    to_address: String,
    /// To whom.
    to_name: String,
    /// The document it is about.
    document_id: Option<String>,
    /// `ready`, `sending`, `sent` or `failed`.
    state: String,
    /// How often it was tried.
    attempts: i64,
    /// When it is tried next, RFC 3339.
    next_at: Option<String>,
    /// What the last attempt failed with.
    last_error: Option<String>,
    /// When it was written down, RFC 3339.
    created_at: String,
    /// When it was sent last, RFC 3339.
    sent_at: Option<String>,
    /// The same on every attempt.
    message_id: String,
    /// Whether it can be sent again: `possible`, `waiting`, `secret-erased` or `secret-expired`.
    again: String,
}

impl From<MailRow> for MailView {
    fn from(row: MailRow) -> Self {
        Self {
            id: row.id.to_string(),
            kind: row.kind,
            locale: row.locale.code().to_owned(),
            subject: row.subject,
            to_address: row.to_address,
            to_name: row.to_name,
            document_id: row.document_id.map(|id| id.to_string()),
            state: row.state,
            attempts: row.attempts,
            next_at: row.next_at.map(|at| at.to_string()),
            last_error: row.last_error,
            created_at: row.created_at.to_string(),
            sent_at: row.sent_at.map(|at| at.to_string()),
            message_id: row.message_id,
            again: row.again.code().to_owned(),
        }
    }
}

/// A mail with what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterView {
    /// The mail.
    #[serde(flatten)]
    mail: MailView,
    /// Its words; absent if they are not for the caller.
    text: Option<String>,
    /// Why the words are absent: `holds-secret`, `hidden-document` or `unreadable`.
    text_withheld: Option<&'static str>,
}

impl From<MailSheet> for LetterView {
    fn from(sheet: MailSheet) -> Self {
        let (text, text_withheld) = match sheet.words {
            MailWords::Shown(text) => (Some(text), None),
            MailWords::HoldsSecret => (None, Some("holds-secret")),
            MailWords::OfHiddenDocument => (None, Some("hidden-document")),
            MailWords::Unreadable => (None, Some("unreadable")),
        };
        Self {
            mail: sheet.row.into(),
            text,
            text_withheld,
        }
    }
}

/// The organisation's mails, newest first.
#[utoipa::path(get, path = "/api/v1/mail", tag = "mail", params(MailParameters),
    responses((status = 200, description = "A page", body = ListBody<MailView>),
        (status = 404, description = "Not for this role")))]
async fn get_mail(app: Data<App>, caller: PersonOnly, query: Query<MailParameters>) -> Answer {
    let page = query.page().request(&app)?;
    let found = app.list_mail(&caller.actor, query.state(), &page).await?;
    present::json(&ListBody::<MailView>::from(found))
}

/// One mail. Words that hold a link or a code are never told.
#[utoipa::path(get, path = "/api/v1/mail/{letter}", tag = "mail",
    params(("letter" = String, Path)),
    responses((status = 200, description = "The mail", body = LetterView)))]
async fn get_letter(app: Data<App>, caller: PersonOnly, id: Path<OutboxId>) -> Answer {
    let sheet = app.load_mail(&caller.actor, *id).await?;
    present::json(&LetterView::from(sheet))
}

/// Sends a mail again that was sent or given up, under the same Message-ID.
#[utoipa::path(post, path = "/api/v1/mail/{letter}/resend", tag = "mail",
    params(("letter" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, description = "It waits to be sent", body = MailView),
        (status = 409, description = "It waits already, or its link or code is gone")))]
async fn post_resend(app: Data<App>, caller: PersonOnly, id: Path<OutboxId>) -> Answer {
    let row = app.resend_mail(&caller.actor, *id).await?;
    present::json(&MailView::from(row))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/mail", Audience::Person, || web::get().to(get_mail)),
    Route::get("/api/v1/mail/{letter}", Audience::Person, || {
        web::get().to(get_letter)
    }),
    Route::post("/api/v1/mail/{letter}/resend", Audience::Person, || {
        web::post().to(post_resend)
    }),
];
