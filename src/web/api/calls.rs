//! `/api/v1/calls`: calls to systems outside, and runs that stand still, for administrators.

use actix_web::web::{self, Data, Path, Query};
use chancery_types::id::{CallId, RunId};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::app::calls::{CallLine, CallSheet, Incident};
use crate::web::pages::calls::CallParameters;
use crate::web::pagination::ListBody;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(get_calls, get_call, post_repeat, get_incidents, post_retry),
    components(schemas(CallView, CallSheetView, IncidentView, RetriedView))
)]
pub struct Api;

/// A call.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallView {
    /// The call.
    id: String,
    /// `webhook` or `lookup`.
    kind: Option<&'static str>,
    /// Whom it goes to, by the name of the configuration.
    name: String,
    /// The document it is about.
    document_id: String,
    /// `ready`, `calling`, `done` or `failed`.
    state: String,
    /// How often it was tried.
    attempts: i64,
    /// When it is tried next, RFC 3339.
    next_at: Option<String>,
    /// What the last try failed with.
    last_error: Option<String>,
    /// When it was written down, RFC 3339.
    created_at: String,
    /// When it was made, RFC 3339.
    done_at: Option<String>,
    /// Whether it may be made again by hand.
    may_repeat: bool,
}

impl From<CallLine> for CallView {
    fn from(line: CallLine) -> Self {
        Self {
            id: line.id.to_string(),
            kind: line.kind.map(|kind| kind.code()),
            name: line.name,
            document_id: line.document_id.to_string(),
            state: line.state,
            attempts: line.attempts,
            next_at: line.next_at.map(|at| at.to_string()),
            last_error: line.last_error,
            created_at: line.created_at.to_string(),
            done_at: line.done_at.map(|at| at.to_string()),
            may_repeat: line.may_repeat,
        }
    }
}

/// A call with what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallSheetView {
    /// The call.
    #[serde(flatten)]
    call: CallView,
    /// What goes with every try as `Idempotency-Key`.
    key: String,
    /// What is sent; absent if its document is not the caller's to see.
    #[schema(value_type = Option<Object>)]
    body: Option<serde_json::Value>,
}

/// A run that stands still.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentView {
    /// The run.
    run_id: String,
    /// Its document.
    document_id: String,
    /// The workflow's title.
    workflow: String,
    /// The stage's title.
    stage: String,
    /// What happened.
    why: String,
    /// When, RFC 3339.
    at: String,
}

impl From<Incident> for IncidentView {
    fn from(incident: Incident) -> Self {
        Self {
            run_id: incident.run_id.to_string(),
            document_id: incident.document_id.to_string(),
            workflow: incident.workflow,
            stage: incident.stage,
            why: incident.why,
            at: incident.at.to_string(),
        }
    }
}

/// What was tried again.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetriedView {
    /// The run's document.
    document_id: String,
}

/// The organisation's calls, newest first.
#[utoipa::path(get, path = "/api/v1/calls", tag = "calls", params(CallParameters),
    responses((status = 200, description = "A page", body = ListBody<CallView>),
        (status = 404, description = "Not for this role")))]
async fn get_calls(app: Data<App>, caller: PersonOnly, query: Query<CallParameters>) -> Answer {
    let page = query.page().request(&app)?;
    let found = app.list_calls(&caller.actor, query.state(), &page).await?;
    present::json(&ListBody::<CallView>::from(found))
}

/// One call.
#[utoipa::path(get, path = "/api/v1/calls/{call}", tag = "calls",
    params(("call" = String, Path)),
    responses((status = 200, description = "The call", body = CallSheetView)))]
async fn get_call(app: Data<App>, caller: PersonOnly, id: Path<CallId>) -> Answer {
    let CallSheet { line, key, body } = app.load_call(&caller.actor, *id).await?;
    let call = line.into();
    present::json(&CallSheetView { call, key, body })
}

/// Has a webhook that was given up told again, under the same key.
#[utoipa::path(post, path = "/api/v1/calls/{call}/repeat", tag = "calls",
    params(("call" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, description = "It waits to be told", body = CallView),
        (status = 409, description = "It was not given up, or it is a lookup, which its run asks \
            again")))]
async fn post_repeat(app: Data<App>, caller: PersonOnly, id: Path<CallId>) -> Answer {
    let line = app.repeat_call(&caller.actor, *id).await?;
    present::json(&CallView::from(line))
}

/// The runs that stand still, the longest first.
#[utoipa::path(get, path = "/api/v1/incidents", tag = "calls",
    responses((status = 200, description = "All of them", body = Vec<IncidentView>),
        (status = 404, description = "Not for this role")))]
async fn get_incidents(app: Data<App>, caller: PersonOnly) -> Answer {
    let found = app.list_incidents(&caller.actor).await?;
    let all: Vec<IncidentView> = found.into_iter().map(IncidentView::from).collect();
    present::json(&all)
}

/// Lets a run that stands still try again what it could not do.
#[utoipa::path(post, path = "/api/v1/runs/{run}/retry", tag = "calls",
    params(("run" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, description = "It tries again", body = RetriedView),
        (status = 409, description = "It does not stand still")))]
async fn post_retry(app: Data<App>, caller: PersonOnly, run: Path<RunId>) -> Answer {
    let document = app.retry_run(&caller.actor, *run).await?;
    let document_id = document.to_string();
    present::json(&RetriedView { document_id })
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/calls", Audience::Person, || {
        web::get().to(get_calls)
    }),
    Route::get("/api/v1/calls/{call}", Audience::Person, || {
        web::get().to(get_call)
    }),
    Route::post("/api/v1/calls/{call}/repeat", Audience::Person, || {
        web::post().to(post_repeat)
    }),
    Route::get("/api/v1/incidents", Audience::Person, || {
        web::get().to(get_incidents)
    }),
    Route::post("/api/v1/runs/{run}/retry", Audience::Person, || {
        web::post().to(post_retry)
    }),
];
