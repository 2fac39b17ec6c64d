//! `/api/v1/tasks`, the route and the remarks of a document: what the pages do, as JSON.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path, Query};
use chancery_types::id::{DocumentId, PersonId, RemarkId, TaskId};
use chancery_workflow::{Decision, Phase};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::app::desk::{DeskQuery, DeskTask};
use crate::app::page::Cursor;
use crate::app::remarks::KnownRemark;
use crate::app::route::{DocumentRoute, RoutePerson, RouteStage};
use crate::app::tasks::{TaskDecision, TaskOutcome};
use crate::app::{App, AppError};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    get_tasks,
    post_decision,
    post_reassignment,
    post_reminder,
    get_route,
    post_run,
    post_withdrawal,
    post_resubmission,
    get_remarks,
    post_answer
))]
pub struct Api;

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
struct TasksQuery {
    /// Only documents of this kind.
    kind: Option<String>,
    /// `true`: only what is overdue or due within a day.
    urgent: Option<bool>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// The caller's open tasks.
#[derive(Debug, Serialize, ToSchema)]
pub struct TasksView {
    /// The tasks, the soonest due first.
    pub rows: Vec<TaskRow>,
    /// What to send as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many there are in all.
    pub open_count: i64,
    /// How many of them are urgent.
    pub urgent_count: i64,
}

/// One task.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskRow {
    /// The task.
    pub id: String,
    /// Its document.
    pub document_id: String,
    /// The document's title.
    pub title: String,
    /// The kind.
    pub kind: String,
    /// The registration number.
    pub registration_number: Option<String>,
    /// With whom.
    pub counterparty_name: Option<String>,
    /// The amount: `RUB 1250000.00`.
    pub amount: Option<String>,
    /// The stage's title in the caller's language.
    pub stage_title: String,
    /// `approve`, `sign` or `acknowledge`.
    pub stage_kind: String,
    /// The version asked about.
    pub version_number: i64,
    /// The version the caller decided on last, if the document changed since.
    pub changed_since: Option<i64>,
    /// Since when it waits (RFC 3339).
    pub opened_at: String,
    /// By when it is due (RFC 3339).
    pub due_at: Option<String>,
    /// Whether that has passed.
    pub is_overdue: bool,
}

impl From<DeskTask> for TaskRow {
    fn from(task: DeskTask) -> Self {
        Self {
            id: task.task_id.to_string(),
            document_id: task.document_id.to_string(),
            title: task.title,
            kind: task.kind,
            registration_number: task.registration_number,
            counterparty_name: task.counterparty_name,
            amount: task.amount.map(|amount| amount.to_string()),
            stage_title: task.stage_title,
            stage_kind: task.stage_kind,
            version_number: task.version_number,
            changed_since: task.changed_since,
            opened_at: task.opened_at.to_string(),
            due_at: task.due_at.map(|due| due.to_string()),
            is_overdue: task.is_overdue,
        }
    }
}

/// My open tasks.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", params(TasksQuery),
    responses((status = 200, description = "The tasks", body = TasksView)))]
async fn get_tasks(app: Data<App>, caller: PersonOnly, query: Query<TasksQuery>) -> Answer {
    let after = query.cursor.as_deref().map(Cursor::decode).transpose()?;
    let after = match after {
        Some(cursor) => {
            let due = cursor
                .key
                .parse()
                .map_err(|_| AppError::invalid("cursor", "cursor"))?;
            Some((due, cursor.id))
        }
        None => None,
    };
    let query = DeskQuery {
        kind: query.kind.clone(),
        only_urgent: query.urgent.unwrap_or(false),
        after,
    };
    let desk = app.list_my_tasks(&caller.actor, &query).await?;
    present::json(&TasksView {
        next: desk.next.map(|(due, id)| Cursor::after(due, id).encode()),
        open_count: desk.open_count,
        urgent_count: desk.urgent_count,
        rows: desk.tasks.into_iter().map(TaskRow::from).collect(),
    })
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    /// `approve`, `approve_with_remarks`, `return`, `reject` or `acknowledge`.
    #[schema(value_type = String)]
    pub decision: Decision,
    /// The digest of the version that was read: 64 hexadecimal digits.
    pub version_digest: String,
    /// Why; required with `return` and `reject`.
    pub comment: Option<String>,
    /// What should change; required with `approve_with_remarks`.
    #[serde(default)]
    pub remarks: Vec<String>,
}

/// What a decision led to.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomeView {
    /// The document.
    pub document_id: String,
    /// `running`, `rework`, `completed`, `rejected` or `withdrawn`.
    #[schema(value_type = String)]
    pub phase: Phase,
    /// Whose move it is now.
    pub waits_for: Vec<String>,
}

impl From<TaskOutcome> for OutcomeView {
    fn from(outcome: TaskOutcome) -> Self {
        Self {
            document_id: outcome.document_id.to_string(),
            phase: outcome.phase,
            waits_for: outcome.waits_for,
        }
    }
}

/// Decide a task of mine.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/decision", tag = "tasks",
    params(("task" = String, Path, description = "The task")), request_body = DecisionBody,
    responses((status = 200, description = "Recorded", body = OutcomeView),
        (status = 409, description = "Refused by name: already-decided, version-changed, …")))]
async fn post_decision(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<TaskId>,
    body: Json<DecisionBody>,
) -> Answer {
    let body = body.into_inner();
    let digest = body.version_digest.parse();
    let given = TaskDecision {
        decision: body.decision,
        version_digest: digest.map_err(|_| AppError::invalid("version_digest", "not-a-choice"))?,
        comment: body.comment,
        remarks: body.remarks,
    };
    let outcome = app.decide_task(&caller.actor, *task, given).await?;
    present::json(&OutcomeView::from(outcome))
}

/// Whom a task goes to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignmentBody {
    /// The person.
    #[schema(value_type = String)]
    pub person_id: PersonId,
}

/// Hand a task over.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/reassignment", tag = "tasks",
    params(("task" = String, Path, description = "The task")), request_body = ReassignmentBody,
    responses((status = 200, description = "Handed over", body = OutcomeView)))]
async fn post_reassignment(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<TaskId>,
    body: Json<ReassignmentBody>,
) -> Answer {
    let outcome = app
        .reassign_task(&caller.actor, *task, body.person_id)
        .await?;
    present::json(&OutcomeView::from(outcome))
}

/// Remind the holder of a task.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/reminder", tag = "tasks",
    params(("task" = String, Path, description = "The task")),
    responses((status = 204, description = "The mail is written"),
        (status = 409, description = "reminded-lately, task-closed")))]
async fn post_reminder(app: Data<App>, caller: PersonOnly, task: Path<TaskId>) -> Answer {
    app.remind_task(&caller.actor, *task).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A document's route.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouteBody {
    /// The run; absent before the start.
    pub run_id: Option<String>,
    /// Where it stands; absent before the start.
    #[schema(value_type = Option<String>)]
    pub phase: Option<Phase>,
    /// The round, from one; 0 before the start.
    pub round: u32,
    /// Whose move it is.
    pub waits_for: Vec<String>,
    /// The caller's own open task.
    pub my_task_id: Option<String>,
    /// What a decision on it must carry.
    pub version_digest: Option<String>,
    /// The code of what keeps a run from starting.
    pub obstacle: Option<String>,
    /// The stages in order.
    pub stages: Vec<StageBody>,
}

/// One stage of a route.
#[derive(Debug, Serialize, ToSchema)]
pub struct StageBody {
    /// The path: `expertise/legal`.
    pub path: String,
    /// The title in the caller's language.
    pub title: String,
    /// `approve`, `sign` or `acknowledge`.
    #[schema(value_type = String)]
    pub kind: chancery_workflow::StageKind,
    /// `pending`, `active`, `satisfied`, `returned`, `rejected`, `skipped` or `cancelled`.
    pub state: &'static str,
    /// By when (RFC 3339).
    pub due_at: Option<String>,
    /// Its people.
    pub people: Vec<PersonBody>,
}

/// One person of a stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonBody {
    /// The task; absent in a forecast.
    pub task_id: Option<String>,
    /// The name.
    pub name: String,
    /// The decision.
    #[schema(value_type = Option<String>)]
    pub decision: Option<Decision>,
    /// When (RFC 3339).
    pub at: Option<String>,
    /// What was said.
    pub comment: Option<String>,
    /// Whether the task waits.
    pub is_open: bool,
}

impl From<RoutePerson> for PersonBody {
    fn from(person: RoutePerson) -> Self {
        Self {
            task_id: person.task_id.map(|id| id.to_string()),
            name: person.name,
            decision: person.decision,
            at: person.at.map(|at| at.to_string()),
            comment: person.comment,
            is_open: person.is_open,
        }
    }
}

impl From<RouteStage> for StageBody {
    fn from(stage: RouteStage) -> Self {
        Self {
            state: stage.state_code(),
            path: stage.path,
            title: stage.title,
            kind: stage.kind,
            due_at: stage.due_at.map(|due| due.to_string()),
            people: stage.people.into_iter().map(PersonBody::from).collect(),
        }
    }
}

impl From<DocumentRoute> for RouteBody {
    fn from(route: DocumentRoute) -> Self {
        let run = route.run.as_ref();
        Self {
            run_id: run.map(|run| run.id.to_string()),
            phase: run.map(|run| run.phase),
            round: run.map_or(0, |run| run.round),
            waits_for: route.waits_for,
            my_task_id: route.my_task.as_ref().map(|task| task.id.to_string()),
            version_digest: route.my_task.map(|task| task.version_digest),
            obstacle: route.obstacle.map(|obstacle| obstacle.code.to_owned()),
            stages: route
                .nodes
                .into_iter()
                .flat_map(|node| node.stages)
                .map(StageBody::from)
                .collect(),
        }
    }
}

/// The route of a document: what was decided, what waits, what is to come.
#[utoipa::path(get, path = "/api/v1/documents/{document}/route", tag = "runs",
    params(("document" = String, Path, description = "The document")),
    responses((status = 200, description = "The route", body = RouteBody)))]
async fn get_route(app: Data<App>, caller: PersonOnly, document: Path<DocumentId>) -> Answer {
    let route = app.document_route(&caller.actor, *document).await?;
    present::json(&RouteBody::from(route))
}

/// A started run.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunBody {
    /// The run.
    pub run_id: String,
}

/// Start the run of a draft.
#[utoipa::path(post, path = "/api/v1/documents/{document}/run", tag = "runs",
    params(("document" = String, Path, description = "The document")),
    responses((status = 201, description = "Started", body = RunBody)))]
async fn post_run(app: Data<App>, caller: PersonOnly, document: Path<DocumentId>) -> Answer {
    let run = app.start_run(&caller.actor, *document).await?;
    let address = format!("/api/v1/documents/{document}/route");
    present::created(
        &address,
        &RunBody {
            run_id: run.to_string(),
        },
    )
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentBody {
    /// The words.
    #[serde(default)]
    pub comment: Option<String>,
}

/// Take the document back.
#[utoipa::path(post, path = "/api/v1/documents/{document}/run/withdrawal", tag = "runs",
    params(("document" = String, Path, description = "The document")), request_body = CommentBody,
    responses((status = 204, description = "Withdrawn")))]
async fn post_withdrawal(
    app: Data<App>,
    caller: PersonOnly,
    document: Path<DocumentId>,
    body: Json<CommentBody>,
) -> Answer {
    let reason = body.comment.as_deref().unwrap_or("");
    app.withdraw_run(&caller.actor, *document, reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Send a returned document round again.
#[utoipa::path(post, path = "/api/v1/documents/{document}/run/resubmission", tag = "runs",
    params(("document" = String, Path, description = "The document")), request_body = CommentBody,
    responses((status = 204, description = "Sent again")))]
async fn post_resubmission(
    app: Data<App>,
    caller: PersonOnly,
    document: Path<DocumentId>,
    body: Json<CommentBody>,
) -> Answer {
    app.resubmit_run(&caller.actor, *document, body.comment.as_deref())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// One remark.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemarkBody {
    /// The remark.
    pub id: String,
    /// Who wants it.
    pub author_name: String,
    /// The version it is about.
    pub version_number: i64,
    /// What.
    pub text: String,
    /// `open` or `closed`.
    pub state: String,
    /// The answer it was closed with.
    pub answer: Option<String>,
}

impl From<KnownRemark> for RemarkBody {
    fn from(remark: KnownRemark) -> Self {
        Self {
            id: remark.row.id.to_string(),
            author_name: remark.author_name,
            version_number: remark.version_number,
            text: remark.row.text,
            state: remark.row.state,
            answer: remark.row.answer,
        }
    }
}

/// The remarks on a document.
#[utoipa::path(get, path = "/api/v1/documents/{document}/remarks", tag = "runs",
    params(("document" = String, Path, description = "The document")),
    responses((status = 200, description = "The remarks", body = [RemarkBody])))]
async fn get_remarks(app: Data<App>, caller: PersonOnly, document: Path<DocumentId>) -> Answer {
    let remarks = app.list_remarks(&caller.actor, *document).await?;
    let rows: Vec<RemarkBody> = remarks.into_iter().map(RemarkBody::from).collect();
    present::json(&rows)
}

/// The answer to a remark.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// What was done.
    pub answer: String,
}

/// Close a remark with an answer.
#[utoipa::path(post, path = "/api/v1/remarks/{remark}/answer", tag = "runs",
    params(("remark" = String, Path, description = "The remark")), request_body = AnswerBody,
    responses((status = 204, description = "Closed")))]
async fn post_answer(
    app: Data<App>,
    caller: PersonOnly,
    remark: Path<RemarkId>,
    body: Json<AnswerBody>,
) -> Answer {
    app.close_remark(&caller.actor, *remark, &body.answer)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/tasks", Audience::Person, || {
        web::get().to(get_tasks)
    }),
    Route::post("/api/v1/tasks/{task}/decision", Audience::Person, || {
        web::post().to(post_decision)
    }),
    Route::post(
        "/api/v1/tasks/{task}/reassignment",
        Audience::Person,
        || web::post().to(post_reassignment),
    ),
    Route::post("/api/v1/tasks/{task}/reminder", Audience::Person, || {
        web::post().to(post_reminder)
    }),
    Route::get(
        "/api/v1/documents/{document}/route",
        Audience::Person,
        || web::get().to(get_route),
    ),
    Route::post("/api/v1/documents/{document}/run", Audience::Person, || {
        web::post().to(post_run)
    }),
    Route::post(
        "/api/v1/documents/{document}/run/withdrawal",
        Audience::Person,
        || web::post().to(post_withdrawal),
    ),
    Route::post(
        "/api/v1/documents/{document}/run/resubmission",
        Audience::Person,
        || web::post().to(post_resubmission),
    ),
    Route::get(
        "/api/v1/documents/{document}/remarks",
        Audience::Person,
        || web::get().to(get_remarks),
    ),
    Route::post("/api/v1/remarks/{remark}/answer", Audience::Person, || {
        web::post().to(post_answer)
    }),
];
