//! The outbox, for administrators: what waits, what failed and why, send again.

use actix_web::web::{self, Data, Path, Query};
use askama::Template;
use chancery_types::id::OutboxId;
use serde::Deserialize;

use crate::app::mail::{Again, MailRow, MailSheet, MailWords, STATES};
use crate::app::page::Cursor;
use crate::app::{App, AppError};
use crate::web::pagination::PageQuery;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, PostedForm, Shell, present};

/// What is asked for: `?state=…&cursor=…`.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct MailParameters {
    /// Only mails in this state: `ready`, `sending`, `sent` or `failed`.
    #[serde(default)]
    pub state: String,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many rows.
    pub limit: Option<u64>,
}

impl MailParameters {
    /// The state, if one is asked for.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        Some(self.state.as_str()).filter(|state| !state.is_empty())
    }

    /// Which rows of the list are asked for.
    #[must_use]
    pub fn page(&self) -> PageQuery {
        PageQuery {
            cursor: self.cursor.clone(),
            limit: self.limit,
        }
    }
}

/// How a mail's state looks: pill and text.
fn state_pill(shell: &Shell, row: &MailRow) -> (&'static str, String) {
    let (pill, name) = match row.state.as_str() {
        "sent" => ("good", "sent"),
        "failed" => ("bad", "failed"),
        "sending" => ("going", "sending"),
        _ if row.attempts > 0 => ("attention", "delayed"),
        _ => ("plain", "ready"),
    };
    (pill, shell.t(&format!("mailroom-state-{name}")))
}

fn kind_title(shell: &Shell, row: &MailRow) -> String {
    shell.t(&format!("mailroom-kind-{}", row.kind))
}

/// A mail in the reader's words.
struct MailLine {
    subject: String,
    kind: String,
    pill: (&'static str, String),
    row: MailRow,
}

fn line(shell: &Shell, row: MailRow) -> MailLine {
    MailLine {
        subject: row
            .subject
            .clone()
            .unwrap_or_else(|| kind_title(shell, &row)),
        kind: kind_title(shell, &row),
        pill: state_pill(shell, &row),
        row,
    }
}

#[derive(Template)]
#[template(path = "pages/mail-list.html")]
struct ListPage<'a> {
    shell: &'a Shell,
    state: String,
    states: Vec<(&'static str, String)>,
    lines: Vec<MailLine>,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/mail-letter.html")]
struct LetterPage<'a> {
    shell: &'a Shell,
    line: MailLine,
    language: String,
    words: MailWords,
    sees_document: bool,
}

/// `GET /mail`
async fn get_mail(app: Data<App>, desk: Desk, query: Query<MailParameters>) -> Answer {
    let page = query.page().request(&app)?;
    let found = app.list_mail(&desk.actor, query.state(), &page).await?;
    let shell = &desk.shell;
    let next = found.next.as_ref().map(Cursor::encode);
    let page = ListPage {
        state: query.state.clone(),
        states: STATES
            .map(|state| (state, shell.t(&format!("mailroom-state-{state}"))))
            .into(),
        next: next.map_or_else(String::new, |next| {
            format!("/mail?state={}&cursor={next}", query.state)
        }),
        lines: found.rows.into_iter().map(|row| line(shell, row)).collect(),
        shell,
    };
    present::page(shell, &page)
}

/// `GET /mail/{letter}`
async fn get_letter(app: Data<App>, desk: Desk, id: Path<OutboxId>) -> Answer {
    let MailSheet {
        row,
        words,
        sees_document,
    } = app.load_mail(&desk.actor, *id).await?;
    let shell = &desk.shell;
    let page = LetterPage {
        language: shell.t(&format!("language-{}", row.locale.code())),
        line: line(shell, row),
        words,
        sees_document,
        shell,
    };
    present::page(shell, &page)
}

/// `POST /mail/{letter}/resend`: a second click finds it waiting, and changes nothing.
async fn post_resend(app: Data<App>, desk: Desk, id: Path<OutboxId>, _form: PostedForm) -> Answer {
    let said = match app.resend_mail(&desk.actor, *id).await {
        Ok(_) => "flash-mail-resent",
        Err(AppError::Refused {
            code: "mail-waiting",
            ..
        }) => "flash-mail-waiting",
        Err(error) => return Err(error.into()),
    };
    present::see_other(&format!("/mail/{id}"), said, &[])
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/mail", Audience::Person, || web::get().to(get_mail)),
    Route::get("/mail/{letter}", Audience::Person, || {
        web::get().to(get_letter)
    }),
    Route::post("/mail/{letter}/resend", Audience::Person, || {
        web::post().to(post_resend)
    }),
];
