//! `/api/v1/tasks`: what the desk and the decision bar do, as JSON.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Path, Query};
use chancery_types::id::{PersonId, TaskId};
use chancery_workflow::{Decision, Phase};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use crate::app::desk::{
    DeskQuery, DeskTask, DueSpan, HolderTasks, OwedWork, Want, cursor_of_place, place_of_cursor,
};
use crate::app::route::PoolMove;
use crate::app::tasks::{ApproverDraft, TaskDecision, TaskOutcome, place_of};
use crate::app::{App, AppError};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    get_tasks,
    post_decision,
    post_approver,
    post_reassignment,
    post_reminder,
    post_delegation,
    post_delegation_end,
    post_claim,
    post_unclaim,
    post_form
))]
pub struct Api;

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
struct TasksQuery {
    /// Only documents of this kind.
    kind: Option<String>,
    /// `true`: only what is overdue or due within a day.
    urgent: Option<bool>,
    /// Only what this person holds: the caller, or somebody in whose place they may decide.
    #[param(value_type = Option<String>)]
    holder: Option<PersonId>,
    /// `true`: by kind first, and by urgency within each.
    by_kind: Option<bool>,
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
    /// Whose they are: the caller's own, and those of people in whose place they may decide.
    pub holders: Vec<HolderRow>,
    /// What the caller's own documents want of them, the longest waiting first, drafts last; at
    /// most 50 of each sort.
    pub owed: Vec<OwedRow>,
}

/// Whose open tasks wait for the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct HolderRow {
    /// The holder.
    pub person_id: String,
    /// Their name.
    pub name: String,
    /// How many.
    pub tasks_count: i64,
}

impl From<HolderTasks> for HolderRow {
    fn from(holder: HolderTasks) -> Self {
        Self {
            person_id: holder.id.to_string(),
            name: holder.name,
            tasks_count: holder.tasks_count,
        }
    }
}

/// What a document of the caller's own wants of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwedRow {
    /// The document.
    pub document_id: String,
    /// Its title.
    pub title: String,
    /// Its registration number.
    pub registration_number: Option<String>,
    /// `rework` (it was returned, or refused with a way back), `answer` (a counterparty asks),
    /// `remarks` (some wait for an answer) or `start` (a draft).
    pub want: &'static str,
    /// The question to answer.
    pub question_id: Option<String>,
    /// How many remarks are open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks_count: Option<i64>,
    /// Who asks, or who returned it.
    pub name: Option<String>,
    /// What they ask, or why they returned it.
    pub text: Option<String>,
    /// Since when it waits (RFC 3339).
    pub since: String,
}

impl From<OwedWork> for OwedRow {
    fn from(work: OwedWork) -> Self {
        let remarks_count = match work.want {
            Want::Remarks { count } => Some(count),
            Want::Rework { .. } | Want::Start | Want::Answer { .. } => None,
        };
        let (want, question_id, name, text) = match work.want {
            Want::Rework { by, comment } => ("rework", None, Some(by), Some(comment)),
            Want::Start => ("start", None, None, None),
            Want::Remarks { .. } => ("remarks", None, None, None),
            Want::Answer {
                question_id,
                contact_name,
                text,
            } => (
                "answer",
                Some(question_id.to_string()),
                Some(contact_name),
                Some(text),
            ),
        };
        Self {
            document_id: work.document_id.to_string(),
            title: work.title,
            registration_number: work.registration_number,
            want,
            question_id,
            remarks_count,
            name,
            text,
            since: work.since.to_string(),
        }
    }
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
    /// Who holds it, if the caller may decide because they are away.
    pub in_place_of: Option<String>,
    /// Of a pool: `take` while others see it too, `give_back` when the caller has it.
    pub pool: Option<&'static str>,
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
            in_place_of: task.in_place_of,
            pool: task.pool.map(|may| match may {
                PoolMove::Take => "take",
                PoolMove::GiveBack => "give_back",
            }),
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
    let query = DeskQuery {
        kind: query.kind.clone(),
        due: DueSpan::urgent_only(query.urgent.unwrap_or(false)),
        holder: query.holder,
        is_by_kind: query.by_kind.unwrap_or(false),
        after: query.cursor.as_deref().map(place_of_cursor).transpose()?,
    };
    let desk = app.list_my_tasks(&caller.actor, &query).await?;
    present::json(&TasksView {
        next: desk.next.as_ref().map(cursor_of_place),
        open_count: desk.open_count,
        urgent_count: desk.urgent_count,
        holders: desk.holders.into_iter().map(HolderRow::from).collect(),
        rows: desk.tasks.into_iter().map(TaskRow::from).collect(),
        owed: desk.owed.into_iter().map(OwedRow::from).collect(),
    })
}

/// Whom to ask besides.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedBody {
    /// Who.
    #[schema(value_type = String)]
    pub person_id: PersonId,
    /// When they decide: `before`, `beside` (the default) or `after` the others.
    pub place: Option<String>,
    /// Whether the stage needs their agreement: yes, unless `false`.
    pub required: Option<bool>,
}

/// Ask one more person in the stage of my task, where its workflow lets me.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/approvers", tag = "tasks",
    params(("task" = String, Path, description = "The task")), request_body = AskedBody,
    responses((status = 204, description = "Asked")))]
async fn post_approver(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<TaskId>,
    body: Json<AskedBody>,
) -> Answer {
    let draft = ApproverDraft {
        person: body.person_id,
        place: place_of(body.place.as_deref().unwrap_or("beside"))?,
        required: body.required.unwrap_or(true),
    };
    app.add_approver(&caller.actor, *task, draft).await?;
    Ok(HttpResponse::NoContent().finish())
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
    /// Comments of the caller's own on this version that become remarks as well, with their places;
    /// at most 50.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub comments: Vec<Uuid>,
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
        said: body.comments,
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

/// Who decides in the caller's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegationBody {
    /// The person.
    #[schema(value_type = String)]
    pub person_id: PersonId,
    /// What they should know.
    pub comment: Option<String>,
}

/// Hand a task on to somebody who decides in my name.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/delegation", tag = "tasks",
    params(("task" = String, Path, description = "The task")), request_body = DelegationBody,
    responses((status = 200, description = "Handed on", body = OutcomeView),
        (status = 409, description = "may-not-delegate, delegated-too-often, …")))]
async fn post_delegation(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<TaskId>,
    body: Json<DelegationBody>,
) -> Answer {
    let body = body.into_inner();
    let (to, comment) = (body.person_id, body.comment);
    let outcome = app.delegate_task(&caller.actor, *task, to, comment).await?;
    present::json(&OutcomeView::from(outcome))
}

/// Give a task back that was handed on to me, or take one back that I handed on.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/delegation/end", tag = "tasks",
    params(("task" = String, Path, description = "The task")),
    responses((status = 200, description = "It went back", body = OutcomeView),
        (status = 409, description = "not-delegated, …")))]
async fn post_delegation_end(app: Data<App>, caller: PersonOnly, task: Path<TaskId>) -> Answer {
    let outcome = app.end_delegation(&caller.actor, *task).await?;
    present::json(&OutcomeView::from(outcome))
}

/// Take a task out of its pool: the others see it no more.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/claim", tag = "tasks",
    params(("task" = String, Path, description = "The task")),
    responses((status = 200, description = "Taken", body = OutcomeView),
        (status = 409, description = "task-closed (somebody was faster), not-of-pool")))]
async fn post_claim(app: Data<App>, caller: PersonOnly, task: Path<TaskId>) -> Answer {
    let outcome = app.claim_task(&caller.actor, *task).await?;
    present::json(&OutcomeView::from(outcome))
}

/// Give a task back to its pool: the others see it again.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/unclaim", tag = "tasks",
    params(("task" = String, Path, description = "The task")),
    responses((status = 200, description = "Given back", body = OutcomeView),
        (status = 409, description = "not-of-pool")))]
async fn post_unclaim(app: Data<App>, caller: PersonOnly, task: Path<TaskId>) -> Answer {
    let outcome = app.unclaim_task(&caller.actor, *task).await?;
    present::json(&OutcomeView::from(outcome))
}

/// The fields that a stage fills.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskFormBody {
    /// The digest of the version that was read: 64 hexadecimal digits.
    pub version_digest: String,
    /// All of them, as a card has them: text by name.
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, String>,
}

/// Fill the form of a task's stage: nobody agrees in it before.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/form", tag = "tasks",
    params(("task" = String, Path, description = "The task")), request_body = TaskFormBody,
    responses((status = 200, description = "Filled", body = OutcomeView),
        (status = 409, description = "form-not-here, version-changed, …")))]
async fn post_form(
    app: Data<App>,
    caller: PersonOnly,
    task: Path<TaskId>,
    body: Json<TaskFormBody>,
) -> Answer {
    let digest = body.version_digest.parse();
    let digest = digest.map_err(|_| AppError::invalid("version_digest", "not-a-choice"))?;
    let outcome = app
        .fill_form(&caller.actor, *task, digest, &body.fields)
        .await?;
    present::json(&OutcomeView::from(outcome))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/tasks", Audience::Person, || {
        web::get().to(get_tasks)
    }),
    Route::post("/api/v1/tasks/{task}/decision", Audience::Person, || {
        web::post().to(post_decision)
    }),
    Route::post("/api/v1/tasks/{task}/approvers", Audience::Person, || {
        web::post().to(post_approver)
    }),
    Route::post(
        "/api/v1/tasks/{task}/reassignment",
        Audience::Person,
        || web::post().to(post_reassignment),
    ),
    Route::post("/api/v1/tasks/{task}/delegation", Audience::Person, || {
        web::post().to(post_delegation)
    }),
    Route::post(
        "/api/v1/tasks/{task}/delegation/end",
        Audience::Person,
        || web::post().to(post_delegation_end),
    ),
    Route::post("/api/v1/tasks/{task}/claim", Audience::Person, || {
        web::post().to(post_claim)
    }),
    Route::post("/api/v1/tasks/{task}/unclaim", Audience::Person, || {
        web::post().to(post_unclaim)
    }),
    Route::post("/api/v1/tasks/{task}/form", Audience::Person, || {
        web::post().to(post_form)
    }),
    Route::post("/api/v1/tasks/{task}/reminder", Audience::Person, || {
        web::post().to(post_reminder)
    }),
];
