//! The fields that a stage fills: a page before the decision. What was typed is never lost.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use chancery_types::Digest;
use chancery_types::id::{DocumentId, TaskId};

use crate::app::choices::Asked;
use crate::app::tasks::TaskForm;
use crate::app::{App, AppError};
use crate::web::pages::documents::fields::{FieldInput, Input, card_values, inputs};
use crate::web::{Answer, Desk, FormView, PostedForm, Problem, Shell, present};

#[derive(Template)]
#[template(path = "pages/task/form.html")]
struct FormPage<'a> {
    shell: &'a Shell,
    form: FormView,
    title: String,
    back: String,
    fields: Vec<FieldInput>,
    /// Lists are of the whole house: no counterparty narrows them here.
    has_counterparty: bool,
    id: Option<DocumentId>,
    refused: String,
}

async fn page<'a>(
    app: &App,
    desk: &'a Desk,
    task: TaskId,
    asked: &TaskForm,
    form: FormView,
) -> Result<FormPage<'a>, AppError> {
    let shell = &desk.shell;
    let kind = app.kind_of_row(&asked.kind)?;
    let chosen = form.identifiers("card.");
    let lists = Asked {
        kept: chosen.clone(),
        chosen,
        counterparty: None,
        letters: form.under("find.card."),
    };
    let choices = app.card_choices(&desk.actor, kind, &lists).await?;
    let mut fields = inputs(kind, shell.locale(), &choices);
    fields.retain(|field| {
        let name = field.name.trim_start_matches("card.");
        asked.fields.iter().any(|own| own == name)
    });
    for field in &mut fields {
        field.is_required = true;
    }
    Ok(FormPage {
        form,
        title: asked.title.clone(),
        back: format!("/tasks/{task}"),
        fields,
        has_counterparty: false,
        id: Some(asked.document_id),
        refused: String::new(),
        shell,
    })
}

/// `GET /tasks/{task}/form`
pub(super) async fn get_form(app: Data<App>, desk: Desk, task: Path<TaskId>) -> Answer {
    let asked = app.task_form(&desk.actor, *task).await?;
    let mut values = card_values(&asked.card);
    values.push(("version_digest".to_owned(), asked.version_digest.clone()));
    let page = page(&app, &desk, *task, &asked, FormView::of(values)).await?;
    present::page(&desk.shell, &page)
}

/// `POST /tasks/{task}/form`
pub(super) async fn post_form(
    app: Data<App>,
    desk: Desk,
    task: Path<TaskId>,
    form: PostedForm,
) -> Answer {
    let asked = app.task_form(&desk.actor, *task).await?;
    if form.optional("find").is_some() {
        let view = form.view(desk.shell.locale(), &[]);
        let page = page(&app, &desk, *task, &asked, view).await?;
        return present::page(&desk.shell, &page);
    }
    let filled = match form.parse::<Digest>("version_digest") {
        Ok(digest) => {
            let typed = asked.own_of(form.under("card."));
            app.fill_form(&desk.actor, *task, digest, &typed).await
        }
        Err(error) => Err(error),
    };
    match filled {
        Ok(outcome) => {
            let args = [("title", outcome.title.as_str())];
            present::see_other(&format!("/tasks/{task}"), "flash-task-form", &args)
        }
        Err(error) => again(&app, &desk, *task, &asked, &form, error).await,
    }
}

/// The form as it was filled, with what is wrong.
async fn again(
    app: &App,
    desk: &Desk,
    task: TaskId,
    asked: &TaskForm,
    form: &PostedForm,
    error: AppError,
) -> Answer {
    let problems = match &error {
        AppError::Invalid { fields } => fields.clone(),
        _ => Vec::new(),
    };
    let view = form.view(desk.shell.locale(), &problems);
    let mut page = page(app, desk, task, asked, view).await?;
    match error {
        AppError::Invalid { .. } => present::page_with_errors(&desk.shell, &page),
        AppError::Refused { .. } => {
            page.refused = Problem::from(error).facts().detail(desk.shell.locale());
            present::page_with(HttpResponse::Conflict(), &desk.shell, &page)
        }
        other => Err(other.into()),
    }
}
