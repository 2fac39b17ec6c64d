//! The route, the run and the remarks of a document, as JSON.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path};
use chancery_types::id::{DocumentId, PersonId, RemarkId};
use chancery_workflow::{Decision, Phase};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::comments::PlaceView;
use crate::app::App;
use crate::app::remarks::KnownRemark;
use crate::app::route::{DocumentRoute, RoutePerson, RouteStage};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    get_route,
    post_run,
    post_withdrawal,
    post_resubmission,
    post_suspension,
    post_resumption,
    post_cancellation,
    post_retry,
    post_drop,
    get_remarks,
    post_answer
))]
pub struct Api;

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
    /// The open task that the caller may decide.
    pub my_task_id: Option<String>,
    /// The fields of the card that its stage fills before it agrees.
    pub form: Vec<String>,
    /// What a decision on it must carry.
    pub version_digest: Option<String>,
    /// The code of what keeps a run from starting.
    pub obstacle: Option<String>,
    /// Whether the caller may take the document back.
    pub may_withdraw: bool,
    /// Whether the caller may suspend the run, let it go on, and end it.
    pub may_keep: bool,
    /// Why the run was suspended; absent if it was not.
    pub suspended_because: Option<String>,
    /// Whether it stands still since an incident.
    pub has_incident: bool,
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
    /// `pending`, `active`, `satisfied`, `returned`, `rejected`, `skipped` or `cancelled`. What was
    /// not reached is pending, skipped if its condition would skip it as things are now, cancelled
    /// once the run is over.
    pub state: &'static str,
    /// By when (RFC 3339).
    pub due_at: Option<String>,
    /// Its people.
    pub people: Vec<StagePersonBody>,
}

/// One person of a stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct StagePersonBody {
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
    /// In whose name they decide or decided: of those who handed it on, and of those who are away.
    pub on_behalf_of: Vec<String>,
    /// Who may decide as well, because they are away.
    pub stand_ins: Vec<String>,
}

impl From<RoutePerson> for StagePersonBody {
    fn from(person: RoutePerson) -> Self {
        Self {
            task_id: person.task_id.map(|id| id.to_string()),
            name: person.name,
            decision: person.decision,
            at: person.at.map(|at| at.to_string()),
            comment: person.comment,
            is_open: person.is_open,
            on_behalf_of: person.on_behalf_of,
            stand_ins: person.stand_ins,
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
            people: stage
                .people
                .into_iter()
                .map(StagePersonBody::from)
                .collect(),
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
            form: route
                .my_task
                .as_ref()
                .map_or_else(Vec::new, |task| task.form.clone()),
            version_digest: route.my_task.map(|task| task.version_digest),
            obstacle: route.obstacle.map(|obstacle| obstacle.code.to_owned()),
            may_withdraw: route.may.withdraw,
            may_keep: route.keeping.may_keep,
            suspended_because: route.keeping.stopped.map(|stopped| stopped.reason),
            has_incident: route.keeping.has_incident,
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

/// Take the document back: a run needs a reason, a draft none.
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
    app.withdraw_document(&caller.actor, *document, reason)
        .await?;
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

/// Suspend the run: nothing is decided until it goes on. For administrators and the owner of its
/// workflow; it needs a reason.
#[utoipa::path(post, path = "/api/v1/documents/{document}/run/suspension", tag = "runs",
    params(("document" = String, Path, description = "The document")), request_body = CommentBody,
    responses((status = 204, description = "Suspended")))]
async fn post_suspension(
    app: Data<App>,
    caller: PersonOnly,
    document: Path<DocumentId>,
    body: Json<CommentBody>,
) -> Answer {
    let reason = body.comment.as_deref().unwrap_or("");
    app.suspend_run(&caller.actor, *document, reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Let a suspended run go on. For administrators and the owner of its workflow.
#[utoipa::path(post, path = "/api/v1/documents/{document}/run/resumption", tag = "runs",
    params(("document" = String, Path, description = "The document")),
    responses((status = 204, description = "It goes on")))]
async fn post_resumption(app: Data<App>, caller: PersonOnly, document: Path<DocumentId>) -> Answer {
    app.resume_run(&caller.actor, *document).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End the run for good, whatever it waits for. For administrators and the owner of its workflow;
/// it needs a reason.
#[utoipa::path(post, path = "/api/v1/documents/{document}/run/cancellation", tag = "runs",
    params(("document" = String, Path, description = "The document")), request_body = CommentBody,
    responses((status = 204, description = "Ended")))]
async fn post_cancellation(
    app: Data<App>,
    caller: PersonOnly,
    document: Path<DocumentId>,
    body: Json<CommentBody>,
) -> Answer {
    let reason = body.comment.as_deref().unwrap_or("");
    app.cancel_run(&caller.actor, *document, reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Let a run that stands still since an incident try again. For administrators and the owner of its
/// workflow.
#[utoipa::path(post, path = "/api/v1/documents/{document}/run/retry", tag = "runs",
    params(("document" = String, Path, description = "The document")),
    responses((status = 204, description = "It tries again")))]
async fn post_retry(app: Data<App>, caller: PersonOnly, document: Path<DocumentId>) -> Answer {
    app.retry_run_of(&caller.actor, *document).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// An approver whom somebody asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproverBody {
    /// The path of the stage: `expertise/legal`.
    pub stage: String,
    /// Who.
    #[schema(value_type = String)]
    pub person_id: PersonId,
}

/// Drop an approver whom somebody asked for and who has not decided. For whoever asked for them,
/// administrators and the owner of the workflow.
#[utoipa::path(post, path = "/api/v1/documents/{document}/run/approvers/drop", tag = "runs",
    params(("document" = String, Path, description = "The document")), request_body = ApproverBody,
    responses((status = 204, description = "Dropped")))]
async fn post_drop(
    app: Data<App>,
    caller: PersonOnly,
    document: Path<DocumentId>,
    body: Json<ApproverBody>,
) -> Answer {
    app.drop_approver(&caller.actor, *document, &body.stage, body.person_id)
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
    /// The page, or the place on it, that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceView>,
    /// The answer it was closed with.
    pub answer: Option<String>,
}

impl From<KnownRemark> for RemarkBody {
    fn from(remark: KnownRemark) -> Self {
        Self {
            id: remark.row.id.to_string(),
            author_name: remark.author_name,
            version_number: remark.version_number,
            place: remark.place.map(PlaceView::from),
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
pub struct RemarkAnswerBody {
    /// What was done.
    pub answer: String,
}

/// Close a remark with an answer.
#[utoipa::path(post, path = "/api/v1/remarks/{remark}/answer", tag = "runs",
    params(("remark" = String, Path, description = "The remark")), request_body = RemarkAnswerBody,
    responses((status = 204, description = "Closed")))]
async fn post_answer(
    app: Data<App>,
    caller: PersonOnly,
    remark: Path<RemarkId>,
    body: Json<RemarkAnswerBody>,
) -> Answer {
    app.close_remark(&caller.actor, *remark, &body.answer)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub const ROUTES: &[Route] = &[
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
    Route::post(
        "/api/v1/documents/{document}/run/suspension",
        Audience::Person,
        || web::post().to(post_suspension),
    ),
    Route::post(
        "/api/v1/documents/{document}/run/resumption",
        Audience::Person,
        || web::post().to(post_resumption),
    ),
    Route::post(
        "/api/v1/documents/{document}/run/cancellation",
        Audience::Person,
        || web::post().to(post_cancellation),
    ),
    Route::post(
        "/api/v1/documents/{document}/run/retry",
        Audience::Person,
        || web::post().to(post_retry),
    ),
    Route::post(
        "/api/v1/documents/{document}/run/approvers/drop",
        Audience::Person,
        || web::post().to(post_drop),
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
