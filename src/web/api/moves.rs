//! `/api/v1/workflows/{workflow}/moves`: documents under way by other texts than the one in force.

use actix_web::web::{self, Data, Json, Path, Query};
use chancery_types::Locale;
use chancery_types::id::RunId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::app::moves::{MoveLine, MoveOutcome, MoveSheet, Moving, RouteText};
use crate::app::{App, AppError};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, Problem, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(get_moves, post_moves),
    components(schemas(
        MovesView,
        MoveView,
        RenamedView,
        RouteTextView,
        StayView,
        MoveBody,
        ChosenRun,
        MovedView,
        MoveResultView
    ))
)]
pub struct Api;

/// Which text of a workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouteTextView {
    /// `edition`, `file` (the server's), `same` (the text in force, read with kinds or parameters
    /// of before) or `earlier` (one that is listed no more).
    kind: &'static str,
    /// The number of the edition.
    edition: Option<i64>,
}

/// Why a document stays on what it goes by.
#[derive(Debug, Serialize, ToSchema)]
pub struct StayView {
    /// A code that stays: `stage-passed`.
    code: String,
    /// In the caller's language.
    detail: String,
}

/// A stage by two names.
#[derive(Debug, Serialize, ToSchema)]
pub struct RenamedView {
    /// Its title in what the document goes by.
    before: String,
    /// Its title in the text in force.
    after: String,
}

/// What would happen to one document.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoveView {
    run_id: String,
    /// The optimistic lock of the run.
    seq: i64,
    document_id: String,
    /// Its title; left out where the caller may not see the document.
    title: Option<String>,
    registration_number: Option<String>,
    /// When its run began (RFC 3339).
    started_at: String,
    goes_by: RouteTextView,
    /// The titles of the stages that are open; none while it is returned for rework.
    stands: Vec<String>,
    /// Who would get a task, by name.
    asked: Vec<String>,
    /// Whose task would close, by name.
    released: Vec<String>,
    /// Open stages that have other names in the text in force.
    renamed: Vec<RenamedView>,
    /// The titles of finished stages that are walked once more.
    reopened: Vec<String>,
    /// The titles of finished stages whose votes count no more.
    set_aside: Vec<String>,
    /// Why it stays; none if it can be moved.
    stays: Option<StayView>,
    /// The controls that become weaker for it, in words.
    weaker: Vec<String>,
}

/// The documents that run by another text than the one in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovesView {
    in_force: RouteTextView,
    /// `digest` of a move.
    digest: String,
    /// In the order of their start, at most 50.
    items: Vec<MoveView>,
    /// `after` of the next page, if there is one.
    next: Option<String>,
}

/// A document that is chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenRun {
    #[schema(value_type = String)]
    run_id: RunId,
    /// Its lock, as listed.
    seq: i64,
}

/// What is to be moved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBody {
    /// `digest` of the list.
    digest: String,
    /// From 1 to 50.
    runs: Vec<ChosenRun>,
    /// That note was taken of the controls that become weaker.
    #[serde(default)]
    weaker_noted: bool,
}

/// What became of one document.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovedView {
    run_id: String,
    document_id: String,
    is_moved: bool,
    /// Why it was not: `stale` if it has changed meanwhile.
    stays: Option<StayView>,
}

/// What became of each.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoveResultView {
    items: Vec<MovedView>,
}

/// Where the list goes on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct After {
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<RunId>,
}

impl From<RouteText> for RouteTextView {
    fn from(text: RouteText) -> Self {
        Self {
            kind: text.code(),
            edition: text.number(),
        }
    }
}

impl StayView {
    fn of(error: AppError, locale: Locale) -> Self {
        let problem = Problem::from(error);
        let facts = problem.facts();
        Self {
            code: facts.code.to_owned(),
            detail: facts.detail(locale),
        }
    }
}

impl MoveView {
    fn of(line: MoveLine, locale: Locale) -> Self {
        let (title, number) = line.about.unzip();
        let (fate, stays) = match line.fate {
            Ok(fate) => (fate, None),
            Err(error) => (
                crate::app::moves::Fate::default(),
                Some(StayView::of(error, locale)),
            ),
        };
        let weaker = line.weaker.iter();
        let renamed = fate.renamed.into_iter();
        Self {
            run_id: line.run.to_string(),
            seq: line.seq,
            document_id: line.document.to_string(),
            title,
            registration_number: number.flatten(),
            started_at: line.started_at.to_string(),
            goes_by: line.text.into(),
            stands: line.stands,
            asked: fate.asked.into_iter().collect(),
            released: fate.released.into_iter().collect(),
            renamed: renamed
                .map(|(before, after)| RenamedView { before, after })
                .collect(),
            reopened: fate.reopened,
            set_aside: fate.set_aside,
            stays,
            weaker: weaker.map(|finding| finding.text(locale)).collect(),
        }
    }
}

impl MovesView {
    fn of(sheet: MoveSheet, locale: Locale) -> Self {
        let lines = sheet.lines.into_iter();
        Self {
            in_force: sheet.text.into(),
            digest: sheet.digest,
            items: lines.map(|line| MoveView::of(line, locale)).collect(),
            next: sheet.next.map(|run| run.to_string()),
        }
    }
}

impl MovedView {
    fn of(outcome: MoveOutcome, locale: Locale) -> Self {
        Self {
            run_id: outcome.line.run.to_string(),
            document_id: outcome.line.document.to_string(),
            is_moved: outcome.done.is_ok(),
            stays: outcome.done.err().map(|why| StayView::of(why, locale)),
        }
    }
}

/// Lists the documents that run by another text than the one in force, and what would happen to
/// each; changes nothing.
#[utoipa::path(get, path = "/api/v1/workflows/{workflow}/moves", tag = "workflows",
    params(("workflow" = String, Path), After),
    responses((status = 200, description = "What would happen to each", body = MovesView),
        (status = 404, description = "Not for this role"),
        (status = 409, description = "edition-does-not-fit")))]
async fn get_moves(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<String>,
    query: Query<After>,
) -> Answer {
    let sheet = app.list_moves(&caller.actor, &id, query.after).await?;
    present::json(&MovesView::of(sheet, caller.actor.locale))
}

/// Lets documents go on by the text in force, each in a transaction of its own: one that stays
/// keeps none of the others back.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow}/moves", tag = "workflows",
    params(("workflow" = String, Path), ("Idempotency-Key" = String, Header)),
    request_body = MoveBody,
    responses((status = 200, description = "What became of each", body = MoveResultView),
        (status = 404, description = "Not for this role, or no such run"),
        (status = 409, description = "move-to-another, edition-does-not-fit"),
        (status = 422, description = "None, too many, or weaker controls without note of them")))]
async fn post_moves(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<String>,
    body: Json<MoveBody>,
) -> Answer {
    let body = body.into_inner();
    let runs = body.runs.into_iter();
    let moving = Moving {
        digest: body.digest,
        runs: runs.map(|run| (run.run_id, run.seq)).collect(),
        has_seen_weaker: body.weaker_noted,
    };
    let outcomes = app.move_documents(&caller.actor, &id, &moving).await?;
    let locale = caller.actor.locale;
    let items = outcomes.into_iter();
    let items = items.map(|one| MovedView::of(one, locale)).collect();
    present::json(&MoveResultView { items })
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(
        "/api/v1/workflows/{workflow}/moves",
        Audience::Person,
        || web::get().to(get_moves),
    ),
    Route::post(
        "/api/v1/workflows/{workflow}/moves",
        Audience::Person,
        || web::post().to(post_moves),
    ),
];
