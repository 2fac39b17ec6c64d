//! Tasks that go back to whoever handed them on, and tasks of a pool that are taken or given back.

use actix_web::web::{Data, Path};
use chancery_types::id::TaskId;

use crate::app::{App, AppError};
use crate::web::{Answer, Desk, PostedForm, present};

/// `POST /tasks/{task}/delegation/end`
pub(super) async fn post_delegation_end(
    app: Data<App>,
    desk: Desk,
    task: Path<TaskId>,
    _form: PostedForm,
) -> Answer {
    let outcome = app.end_delegation(&desk.actor, *task).await?;
    let path = format!("/documents/{}", outcome.document_id);
    let args = [("title", outcome.title.as_str())];
    if outcome.title.is_empty() {
        return present::see_other("/tasks", "flash-task-went-back-unread", &[]);
    }
    present::see_other(&path, "flash-task-went-back", &args)
}

/// `POST /tasks/{task}/claim`
pub(super) async fn post_claim(
    app: Data<App>,
    desk: Desk,
    task: Path<TaskId>,
    _form: PostedForm,
) -> Answer {
    match app.claim_task(&desk.actor, *task).await {
        Ok(outcome) => {
            let args = [("title", outcome.title.as_str())];
            present::see_other(&format!("/tasks/{task}"), "flash-task-claimed", &args)
        }
        // Somebody was faster: the document says who.
        Err(AppError::Refused {
            code: "task-closed",
            ..
        }) => present::see_other(&format!("/tasks/{task}"), "flash-task-claimed-before", &[]),
        Err(other) => Err(other.into()),
    }
}

/// `POST /tasks/{task}/unclaim`
pub(super) async fn post_unclaim(
    app: Data<App>,
    desk: Desk,
    task: Path<TaskId>,
    _form: PostedForm,
) -> Answer {
    let outcome = app.unclaim_task(&desk.actor, *task).await?;
    let args = [("title", outcome.title.as_str())];
    present::see_other("/tasks", "flash-task-unclaimed", &args)
}
