//! The page on which somebody of a stage asks for one more person in it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use chancery_types::id::TaskId;

use super::titled;
use crate::app::tasks::{ApproverDraft, PLACES, place_of};
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::web::{Answer, Desk, FormView, PostedForm, Problem, Shell, present};

#[derive(Template)]
#[template(path = "pages/task/approver.html")]
struct ApproverPage<'a> {
    shell: &'a Shell,
    form: FormView,
    title: String,
    task: TaskId,
    /// Whom one may ask for: identifier and name.
    people: Vec<(String, String)>,
    /// When they decide: code and words.
    places: Vec<(String, String)>,
    refused: String,
}

async fn page<'a>(
    app: &App,
    desk: &'a Desk,
    task: TaskId,
    form: FormView,
) -> Result<ApproverPage<'a>, AppError> {
    app.require_open_task(&desk.actor, task, Action::ActOnTask)
        .await?;
    let sheet = app.task_sheet(&desk.actor, task).await?;
    let mine = sheet.route.my_task.filter(|mine| mine.id == task);
    if mine.is_none_or(|mine| !mine.may_add) {
        return Err(AppError::refused("may-not-add-approver"));
    }
    let people = app.list_colleagues(&desk.actor, task).await?;
    let named = people.into_iter().map(|person| {
        let beside = person.position.map(|position| format!(" · {position}"));
        let name = format!("{}{}", person.name, beside.unwrap_or_default());
        (person.id.to_string(), name)
    });
    let places = PLACES.map(|(code, _)| {
        let words = desk.shell.t(&format!("approver-{code}"));
        (code.to_owned(), words)
    });
    Ok(ApproverPage {
        form,
        title: titled(&sheet.title, sheet.registration_number.as_deref()),
        task,
        people: named.collect(),
        places: places.into(),
        refused: String::new(),
        shell: &desk.shell,
    })
}

/// `GET /tasks/{task}/approver`
pub(super) async fn get_approver(app: Data<App>, desk: Desk, task: Path<TaskId>) -> Answer {
    let form = FormView::of([
        ("place", "beside".to_owned()),
        ("required", "yes".to_owned()),
    ]);
    let page = page(&app, &desk, *task, form).await?;
    present::page(&desk.shell, &page)
}

fn posted(form: &PostedForm) -> Result<ApproverDraft, AppError> {
    Ok(ApproverDraft {
        person: form.parse("person")?,
        place: place_of(form.text("place"))?,
        required: form.text("required") == "yes",
    })
}

/// `POST /tasks/{task}/approver`
pub(super) async fn post_approver(
    app: Data<App>,
    desk: Desk,
    task: Path<TaskId>,
    form: PostedForm,
) -> Answer {
    let done = match posted(&form) {
        Ok(draft) => app.add_approver(&desk.actor, *task, draft).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(outcome) => {
            let (to, title) = (outcome.given_to.as_str(), outcome.title.as_str());
            let args = [("title", title), ("names", to)];
            present::see_other(&format!("/tasks/{task}"), "flash-approver-added", &args)
        }
        Err(error) => again(&app, &desk, *task, &form, error).await,
    }
}

/// The form again, with what went wrong.
async fn again(app: &App, desk: &Desk, task: TaskId, form: &PostedForm, error: AppError) -> Answer {
    let locale = desk.shell.locale();
    match error {
        AppError::Invalid { fields } => {
            let page = page(app, desk, task, form.view(locale, &fields)).await?;
            present::page_with_errors(&desk.shell, &page)
        }
        AppError::Refused { .. } => {
            let mut page = page(app, desk, task, form.view(locale, &[])).await?;
            page.refused = Problem::from(error).facts().detail(locale);
            present::page_with(HttpResponse::Conflict(), &desk.shell, &page)
        }
        other => Err(other.into()),
    }
}
