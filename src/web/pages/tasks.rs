//! The desk, a task's own page, and the pages where decisions get their words.

mod approver;
pub mod decision;
mod desk;
mod form;
mod hand;
mod keeping;
mod moves;
mod news;
mod person;
pub mod remarks;
pub mod runs;
mod strip;
mod together;
pub mod view;
mod words;

use actix_web::web::{self, Data, Path};
use chancery_types::Digest;
use chancery_types::id::{RemarkId, TaskId};
use chancery_workflow::{Decision, Phase};
use uuid::Uuid;

use crate::app::tasks::{TaskDecision, TaskOutcome};
use crate::app::{App, AppError};
use crate::web::pages::documents;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, PostedForm, present};

/// `Договор поставки · Д-2026-00017`
fn titled(title: &str, number: Option<&str>) -> String {
    match number {
        Some(number) => format!("{title} · {number}"),
        None => title.to_owned(),
    }
}

/// `GET /tasks/{task}`: the document, with what is asked in the bar below it.
async fn get_task(app: Data<App>, desk: Desk, task: Path<TaskId>) -> Answer {
    let sheet = app.task_sheet(&desk.actor, *task).await?;
    documents::show(&app, &desk, sheet.document_id, None).await
}

/// What was said before and is a remark now.
fn said(form: &PostedForm) -> Result<Vec<Uuid>, AppError> {
    let said = form.all("said").map(|id| {
        id.parse::<Uuid>()
            .map_err(|_| AppError::invalid("said", "said-not-takeable"))
    });
    said.collect()
}

/// A decision as the form has it.
fn posted(form: &PostedForm, decision: Decision) -> Result<TaskDecision, AppError> {
    let lines = |field: &str| -> Vec<String> {
        form.text(field)
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let version_digest: Digest = form.parse("version_digest")?;
    Ok(TaskDecision {
        decision,
        version_digest,
        comment: form.optional("comment").map(str::to_owned),
        remarks: lines("remarks"),
        said: said(form)?,
    })
}

/// After a decision: back to the desk, with whose move it is now.
fn decided(decision: Decision, outcome: &TaskOutcome) -> Answer {
    let key = match decision {
        Decision::Approve => "flash-task-approve",
        Decision::ApproveWithRemarks => "flash-task-approve-with-remarks",
        // The others of the block decide to the end: only then does it go back, or end.
        Decision::Return if outcome.phase == Phase::Running => "flash-task-return-waits",
        Decision::Return => "flash-task-return",
        Decision::Reject if outcome.phase == Phase::Running => "flash-task-reject-waits",
        Decision::Reject => "flash-task-reject",
        Decision::Abstain => "flash-task-abstain",
        Decision::Hold => "flash-task-hold",
        Decision::Acknowledge | Decision::Sign => "flash-task-acknowledge",
    };
    let over = matches!(
        outcome.phase,
        Phase::Completed | Phase::Rejected | Phase::Withdrawn
    );
    let names = outcome.waits_for.join(", ");
    let names = if over || names.is_empty() {
        "none"
    } else {
        &names
    };
    let args = [("title", outcome.title.as_str()), ("names", names)];
    present::see_other("/tasks", key, &args)
}

/// `POST /tasks/{task}/remind`
async fn post_remind(app: Data<App>, desk: Desk, task: Path<TaskId>, _form: PostedForm) -> Answer {
    let sheet = app.task_sheet(&desk.actor, *task).await?;
    // Neither refusal leaves anything to fill in: the route says how things are.
    let said = match app.remind_task(&desk.actor, *task).await {
        Ok(()) => "flash-task-reminded",
        Err(AppError::Refused {
            code: "reminded-lately",
            ..
        }) => "flash-task-reminded-lately",
        Err(AppError::Refused {
            code: "task-closed",
            ..
        }) => "flash-task-closed",
        Err(other) => return Err(other.into()),
    };
    present::see_other(&format!("/documents/{}", sheet.document_id), said, &[])
}

/// `POST /remarks/{remark}/close`
async fn post_close_remark(
    app: Data<App>,
    desk: Desk,
    remark: Path<RemarkId>,
    form: PostedForm,
) -> Answer {
    let document = app
        .close_remark(&desk.actor, *remark, form.text("answer"))
        .await?;
    present::see_other(
        &format!("/documents/{document}#remarks"),
        "flash-remark-closed",
        &[],
    )
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/tasks", Audience::Person, || web::get().to(desk::get_desk)),
    Route::post("/tasks/news/seen", Audience::Person, || {
        web::post().to(news::post_seen)
    }),
    Route::get("/tasks/together", Audience::Person, || {
        web::get().to(together::get_together)
    }),
    Route::post("/tasks/together", Audience::Person, || {
        web::post().to(together::post_together)
    }),
    Route::get("/tasks/{task}", Audience::Person, || {
        web::get().to(get_task)
    }),
    Route::get("/tasks/{task}/approve", Audience::Person, || {
        web::get().to(words::get_approve)
    }),
    Route::post("/tasks/{task}/approve", Audience::Person, || {
        web::post().to(words::post_approve)
    }),
    Route::get("/tasks/{task}/acknowledge", Audience::Person, || {
        web::get().to(words::get_acknowledge)
    }),
    Route::post("/tasks/{task}/acknowledge", Audience::Person, || {
        web::post().to(words::post_acknowledge)
    }),
    Route::post("/tasks/{task}/remind", Audience::Person, || {
        web::post().to(post_remind)
    }),
    Route::get("/tasks/{task}/remarks", Audience::Person, || {
        web::get().to(words::get_remarks)
    }),
    Route::post("/tasks/{task}/remarks", Audience::Person, || {
        web::post().to(words::post_remarks)
    }),
    Route::get("/tasks/{task}/return", Audience::Person, || {
        web::get().to(words::get_return)
    }),
    Route::post("/tasks/{task}/return", Audience::Person, || {
        web::post().to(words::post_return)
    }),
    Route::get("/tasks/{task}/reject", Audience::Person, || {
        web::get().to(words::get_reject)
    }),
    Route::post("/tasks/{task}/reject", Audience::Person, || {
        web::post().to(words::post_reject)
    }),
    Route::get("/tasks/{task}/abstain", Audience::Person, || {
        web::get().to(words::get_abstain)
    }),
    Route::post("/tasks/{task}/abstain", Audience::Person, || {
        web::post().to(words::post_abstain)
    }),
    Route::get("/tasks/{task}/hold", Audience::Person, || {
        web::get().to(words::get_hold)
    }),
    Route::post("/tasks/{task}/hold", Audience::Person, || {
        web::post().to(words::post_hold)
    }),
    Route::get("/tasks/{task}/approver", Audience::Person, || {
        web::get().to(approver::get_approver)
    }),
    Route::post("/tasks/{task}/approver", Audience::Person, || {
        web::post().to(approver::post_approver)
    }),
    Route::get("/tasks/{task}/reassign", Audience::Person, || {
        web::get().to(words::get_reassign)
    }),
    Route::post("/tasks/{task}/reassign", Audience::Person, || {
        web::post().to(words::post_reassign)
    }),
    Route::get("/tasks/{task}/delegation", Audience::Person, || {
        web::get().to(words::get_delegation)
    }),
    Route::post("/tasks/{task}/delegation", Audience::Person, || {
        web::post().to(words::post_delegation)
    }),
    Route::post("/tasks/{task}/delegation/end", Audience::Person, || {
        web::post().to(hand::post_delegation_end)
    }),
    Route::post("/tasks/{task}/claim", Audience::Person, || {
        web::post().to(hand::post_claim)
    }),
    Route::post("/tasks/{task}/unclaim", Audience::Person, || {
        web::post().to(hand::post_unclaim)
    }),
    Route::get("/tasks/{task}/form", Audience::Person, || {
        web::get().to(form::get_form)
    }),
    Route::post("/tasks/{task}/form", Audience::Person, || {
        web::post().to(form::post_form)
    }),
    Route::post("/remarks/{remark}/close", Audience::Person, || {
        web::post().to(post_close_remark)
    }),
    Route::post("/documents/{document}/run", Audience::Person, || {
        web::post().to(runs::post_start)
    }),
    Route::get(
        "/documents/{document}/run/withdraw",
        Audience::Person,
        || web::get().to(runs::get_withdraw),
    ),
    Route::post(
        "/documents/{document}/run/withdraw",
        Audience::Person,
        || web::post().to(runs::post_withdraw),
    ),
    Route::get(
        "/documents/{document}/run/resubmit",
        Audience::Person,
        || web::get().to(runs::get_resubmit),
    ),
    Route::post(
        "/documents/{document}/run/resubmit",
        Audience::Person,
        || web::post().to(runs::post_resubmit),
    ),
    Route::get(
        "/documents/{document}/run/suspend",
        Audience::Person,
        || web::get().to(runs::get_suspend),
    ),
    Route::post(
        "/documents/{document}/run/suspend",
        Audience::Person,
        || web::post().to(runs::post_suspend),
    ),
    Route::get("/documents/{document}/run/cancel", Audience::Person, || {
        web::get().to(runs::get_cancel)
    }),
    Route::post("/documents/{document}/run/cancel", Audience::Person, || {
        web::post().to(runs::post_cancel)
    }),
    Route::post("/documents/{document}/run/resume", Audience::Person, || {
        web::post().to(runs::post_resume)
    }),
    Route::post("/documents/{document}/run/retry", Audience::Person, || {
        web::post().to(runs::post_retry)
    }),
    Route::post(
        "/documents/{document}/run/approvers/drop",
        Audience::Person,
        || web::post().to(runs::post_drop),
    ),
];
