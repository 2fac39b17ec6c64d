//! The initiator's forms beside a contact's task: a new link, none at all, another contact.

use actix_web::web::{self, Data, Path};
use chancery_types::id::TaskId;

use crate::app::App;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, PostedForm, present};

async fn back(app: &App, desk: &Desk, task: TaskId, flash: &str, names: &str) -> Answer {
    let sheet = app.task_sheet(&desk.actor, task).await?;
    let page = format!("/documents/{}#outside", sheet.document_id);
    present::see_other(&page, flash, &[("names", names)])
}

/// `POST /tasks/{task}/link/send`
async fn post_link(app: Data<App>, desk: Desk, task: Path<TaskId>, _form: PostedForm) -> Answer {
    app.send_new_link(&desk.actor, *task).await?;
    back(&app, &desk, *task, "flash-link-sent", "").await
}

/// `POST /tasks/{task}/link/revoke`
async fn post_revoke(app: Data<App>, desk: Desk, task: Path<TaskId>, form: PostedForm) -> Answer {
    app.revoke_link(&desk.actor, *task, form.text("reason"))
        .await?;
    back(&app, &desk, *task, "flash-link-revoked", "").await
}

/// `POST /tasks/{task}/contact`
async fn post_contact(app: Data<App>, desk: Desk, task: Path<TaskId>, form: PostedForm) -> Answer {
    let to = form.parse("contact")?;
    let outcome = app.name_another_contact(&desk.actor, *task, to).await?;
    let to = outcome.given_to.as_str();
    back(&app, &desk, *task, "flash-contact-named", to).await
}

/// The routes of persons.
pub const ROUTES: &[Route] = &[
    Route::post("/tasks/{task}/link/send", Audience::Person, || {
        web::post().to(post_link)
    }),
    Route::post("/tasks/{task}/link/revoke", Audience::Person, || {
        web::post().to(post_revoke)
    }),
    Route::post("/tasks/{task}/contact", Audience::Person, || {
        web::post().to(post_contact)
    }),
];
