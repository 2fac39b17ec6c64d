//! Calls to systems outside, for administrators: what waits, what was given up and why, try again;
//! and the runs that stand still.

use actix_web::web::{self, Data, Path, Query};
use askama::Template;
use chancery_types::id::{CallId, RunId};
use serde::Deserialize;

use crate::app::calls::{CallKind, CallLine, CallSheet, Incident, STATES};
use crate::app::page::Cursor;
use crate::app::{App, AppError};
use crate::web::pagination::PageQuery;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, PostedForm, Shell, present};

/// What is asked for: `?state=…&cursor=…`.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct CallParameters {
    /// Only calls in this state: `ready`, `calling`, `done` or `failed`.
    #[serde(default)]
    pub state: String,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many rows.
    pub limit: Option<u64>,
}

impl CallParameters {
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

/// How a call's state looks: pill and text.
pub(super) fn state_pill(shell: &Shell, line: &CallLine) -> (&'static str, String) {
    let (pill, name) = match line.state.as_str() {
        "done" => ("good", "done"),
        "failed" => ("bad", "failed"),
        "calling" => ("going", "calling"),
        _ if line.attempts > 0 => ("attention", "delayed"),
        _ => ("plain", "ready"),
    };
    (pill, shell.t(&format!("calls-state-{name}")))
}

fn kind_title(shell: &Shell, kind: Option<CallKind>) -> String {
    kind.map_or_else(String::new, |kind| {
        shell.t(&format!("calls-kind-{}", kind.code()))
    })
}

/// A call in the reader's words.
struct Line {
    kind: String,
    pill: (&'static str, String),
    call: CallLine,
}

impl Line {
    fn new(shell: &Shell, call: CallLine) -> Self {
        Self {
            kind: kind_title(shell, call.kind),
            pill: state_pill(shell, &call),
            call,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/calls.html")]
struct ListPage<'a> {
    shell: &'a Shell,
    state: String,
    states: Vec<(&'static str, String)>,
    incidents: Vec<Incident>,
    lines: Vec<Line>,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/call.html")]
struct CallPage<'a> {
    shell: &'a Shell,
    line: Line,
    key: String,
    /// What is sent; empty if it is not the reader's to see.
    body: String,
}

/// `GET /calls`
async fn get_calls(app: Data<App>, desk: Desk, query: Query<CallParameters>) -> Answer {
    let page = query.page().request(&app)?;
    let found = app.list_calls(&desk.actor, query.state(), &page).await?;
    let shell = &desk.shell;
    let next = found.next.as_ref().map(Cursor::encode);
    let page = ListPage {
        state: query.state.clone(),
        states: STATES
            .map(|state| (state, shell.t(&format!("calls-state-{state}"))))
            .into(),
        incidents: app.list_incidents(&desk.actor).await?,
        next: next.map_or_else(String::new, |next| {
            format!("/calls?state={}&cursor={next}", query.state)
        }),
        lines: found
            .rows
            .into_iter()
            .map(|call| Line::new(shell, call))
            .collect(),
        shell,
    };
    present::page(shell, &page)
}

/// `GET /calls/{call}`
async fn get_call(app: Data<App>, desk: Desk, id: Path<CallId>) -> Answer {
    let CallSheet { line, key, body } = app.load_call(&desk.actor, *id).await?;
    let shell = &desk.shell;
    let body = body.and_then(|body| serde_json::to_string_pretty(&body).ok());
    let page = CallPage {
        line: Line::new(shell, line),
        key,
        body: body.unwrap_or_default(),
        shell,
    };
    present::page(shell, &page)
}

/// `POST /calls/{call}/repeat`: a second click finds it waiting, and changes nothing.
async fn post_repeat(app: Data<App>, desk: Desk, id: Path<CallId>, _form: PostedForm) -> Answer {
    let said = match app.repeat_call(&desk.actor, *id).await {
        Ok(_) => "flash-call-repeated",
        Err(AppError::Refused {
            code: "call-not-failed",
            ..
        }) => "flash-call-not-failed",
        Err(error) => return Err(error.into()),
    };
    present::see_other(&format!("/calls/{id}"), said, &[])
}

/// `POST /runs/{run}/retry`: a second click finds that it goes on, and changes nothing.
async fn post_retry(app: Data<App>, desk: Desk, run: Path<RunId>, form: PostedForm) -> Answer {
    let done = app.retry_run(&desk.actor, *run).await;
    let (said, document) = match done {
        Ok(document) => ("flash-run-retried", Some(document)),
        Err(AppError::Refused {
            code: "no-incident",
            ..
        }) => ("flash-run-goes-on", None),
        Err(error) => return Err(error.into()),
    };
    // Back to where the button stood: to the document, if whoever pressed it reads it.
    let back = document.filter(|_| form.text("back") == "document");
    let path = back.map_or_else(|| "/calls".to_owned(), |id| format!("/documents/{id}"));
    present::see_other(&path, said, &[])
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/calls", Audience::Person, || web::get().to(get_calls)),
    Route::get("/calls/{call}", Audience::Person, || {
        web::get().to(get_call)
    }),
    Route::post("/calls/{call}/repeat", Audience::Person, || {
        web::post().to(post_repeat)
    }),
    Route::post("/runs/{run}/retry", Audience::Person, || {
        web::post().to(post_retry)
    }),
];
