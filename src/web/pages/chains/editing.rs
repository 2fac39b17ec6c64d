//! A workflow's text is written: checked as often as one likes, saved, proposed.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;

use super::checked::{CheckedView, view};
use crate::app::editions::{Edition, EditionDraft, NOTE_MAX};
use crate::app::{App, AppError, FieldProblem};
use crate::web::limits::Limiter;
use crate::web::session::app_and_facts;
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

#[derive(Template)]
#[template(path = "pages/chain-edit.html")]
struct EditPage<'a> {
    shell: &'a Shell,
    id: String,
    title: String,
    form: FormView,
    note_max: usize,
    checked: CheckedView,
    /// Why what was asked for was not done.
    refusal: String,
    /// Why another administrator gave it back.
    returned: Option<(String, String)>,
    has_publisher: bool,
}

#[derive(Template)]
#[template(path = "partials/workflow/checked.html")]
struct CheckedPart<'a> {
    shell: &'a Shell,
    checked: CheckedView,
}

/// The reader's own edition that is open, if there is one.
async fn own(app: &App, desk: &Desk, id: &str) -> Result<Option<Edition>, AppError> {
    let mut open = app.open_editions(&desk.actor).await?;
    match open.remove(id) {
        Some(edition) if !desk.shell.is_reader(&edition.author) => {
            Err(AppError::refused("edition-open"))
        }
        other => Ok(other),
    }
}

async fn page<'a>(
    app: &App,
    desk: &'a Desk,
    (id, form): (&str, FormView),
    refusal: String,
) -> Result<EditPage<'a>, AppError> {
    let shell = &desk.shell;
    let sheet = app.load_workflow(&desk.actor, id).await?;
    let source = form.value("source").replace("\r\n", "\n");
    let checked = app.check_edition(&desk.actor, id, &source).await?;
    let mut open = sheet.editions.iter().filter(|one| one.state.is_open());
    let returned = open.find_map(|one| one.reason.clone().zip(one.decided_by_name.clone()));
    Ok(EditPage {
        title: sheet.file.definition.title(shell.locale()).to_owned(),
        id: id.to_owned(),
        checked: view(app, shell, &checked, &source),
        note_max: NOTE_MAX,
        form,
        refusal,
        returned,
        has_publisher: sheet.publishers > 0,
        shell,
    })
}

/// `GET /workflows/{workflow}/edit`
pub(super) async fn get_edit(app: Data<App>, desk: Desk, id: Path<String>) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    let sheet = app.load_workflow(&desk.actor, &id).await?;
    let form = match own(&app, &desk, &id).await? {
        None => FormView::of([("source", sheet.in_force.source)]),
        Some(own) => FormView::of([
            ("source", own.source),
            ("note", own.note),
            ("number", own.number.to_string()),
            ("row_version", own.row_version.to_string()),
        ]),
    };
    let page = page(&app, &desk, (&id, form), String::new()).await?;
    present::page(&desk.shell, &page)
}

fn draft_of(form: &PostedForm) -> Result<EditionDraft, AppError> {
    let number: Option<i64> = form.parse_optional("number")?;
    let row_version: Option<i64> = form.parse_optional("row_version")?;
    Ok(EditionDraft {
        source: form.text("source").to_owned(),
        note: form.text("note").to_owned(),
        opened: number.zip(row_version),
    })
}

/// `POST /workflows/{workflow}/edit`: whatever its button says. Whatever is refused, the text is
/// shown again: it may be the work of a day.
pub(super) async fn post_edit(
    app: Data<App>,
    desk: Desk,
    id: Path<String>,
    form: PostedForm,
) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    match done(&app, &desk, &id, &form).await {
        Ok(Done::Checked) => {
            let filled = form.view(desk.shell.locale(), &[]);
            let page = page(&app, &desk, (&id, filled), String::new()).await?;
            present::page(&desk.shell, &page)
        }
        Ok(Done::Saved(number)) => {
            let (path, number) = (format!("/workflows/{id}/edit"), number.to_string());
            present::see_other(&path, "flash-edition-saved", &[("number", &number)])
        }
        Ok(Done::Proposed(number)) => {
            let path = format!("/workflows/{id}/editions/{number}");
            let flash = match app.has_other_administrators(&desk.actor).await? {
                true => "flash-edition-proposed",
                false => "flash-edition-proposed-alone",
            };
            present::see_other(&path, flash, &[])
        }
        Err(error) => shown_again(&app, &desk, (&id, &form), error).await,
    }
}

/// What a button did.
enum Done {
    Checked,
    Saved(i64),
    Proposed(i64),
}

async fn done(app: &App, desk: &Desk, id: &str, form: &PostedForm) -> Result<Done, AppError> {
    let draft = draft_of(form)?;
    match form.text("action") {
        "save" => {
            let saved = app.save_edition(&desk.actor, id, &draft).await;
            saved.map(Done::Saved)
        }
        "propose" => {
            let proposed = app.propose_edition(&desk.actor, id, &draft).await;
            proposed.map(Done::Proposed)
        }
        _ => Ok(Done::Checked),
    }
}

async fn shown_again(
    app: &App,
    desk: &Desk,
    (id, form): (&str, &PostedForm),
    error: AppError,
) -> Answer {
    let (fields, refusal) = told(&desk.shell, error)?;
    let filled = form.view(desk.shell.locale(), &fields);
    let page = page(app, desk, (id, filled), refusal).await?;
    present::page_with_errors(&desk.shell, &page)
}

/// What is shown beside the text that was sent.
fn told(shell: &Shell, error: AppError) -> Result<(Vec<FieldProblem>, String), AppError> {
    match error {
        AppError::Invalid { fields } => Ok((fields, String::new())),
        AppError::Refused { code, .. } => Ok((Vec::new(), shell.t(&format!("problem-{code}")))),
        AppError::Stale => Ok((Vec::new(), shell.t("problem-stale"))),
        other => Err(other),
    }
}

/// `POST /workflows/{workflow}/check`: the same findings as a part of a page, for a text that is
/// being typed.
pub(super) async fn post_check(
    (app, limiter): (Data<App>, Data<Limiter>),
    request: HttpRequest,
    desk: Desk,
    id: Path<String>,
    form: PostedForm,
) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    let (_, facts) = app_and_facts(&request)?;
    limiter.check_text(&desk.actor, &facts)?;
    let source = form.text("source").replace("\r\n", "\n");
    let checked = app.check_edition(&desk.actor, &id, &source).await?;
    let part = CheckedPart {
        checked: view(&app, &desk.shell, &checked, &source),
        shell: &desk.shell,
    };
    present::page(&desk.shell, &part)
}
