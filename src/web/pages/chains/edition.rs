//! One edition: what it changes, what it weakens, and the decision of a second person.

use actix_web::web::{Data, Path};
use askama::Template;
use chancery_types::Instant;
use jiff::civil::Date;

use super::checked::{CheckedView, view};
use super::{EditionLine, edition_line};
use crate::app::editions::{Edition, EditionState, NOTE_MAX, Publishing, digest};
use crate::app::{App, AppError, FieldProblem};
use crate::domain::comparison::Change;
use crate::domain::comparison::lines::{ComparedLine, compare_lines};
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

/// How many lines stand around a change.
const AROUND: usize = 4;

#[derive(Template)]
#[template(path = "pages/edition.html")]
struct EditionPage<'a> {
    shell: &'a Shell,
    id: String,
    title: String,
    form: FormView,
    line: EditionLine,
    edition: Edition,
    /// Who decided last and when, in words; empty while nobody did.
    decided: String,
    effective: String,
    /// What it changes in what is in force; only while it is open.
    hunks: Vec<Vec<LineView>>,
    against: String,
    checked: CheckedView,
    /// How many documents are on their way by this workflow, and stay on what they started with.
    running: u64,
    is_own: bool,
    is_open: bool,
    may_decide: bool,
    /// It is published for a moment that has not come.
    is_ahead: bool,
    /// Another one that is, and in words when it comes into force: until then this one waits.
    first: Option<(i64, String)>,
    has_publisher: bool,
    note_max: usize,
}

type Place = Path<(String, i64)>;

async fn page<'a>(
    app: &App,
    desk: &'a Desk,
    (id, number): (&str, i64),
    form: FormView,
) -> Result<EditionPage<'a>, AppError> {
    let shell = &desk.shell;
    let edition = app.load_edition(&desk.actor, id, number).await?;
    let sheet = app.load_workflow(&desk.actor, id).await?;
    let checked = app.check_edition(&desk.actor, id, &edition.source).await?;
    let is_open = edition.state.is_open();
    let is_own = shell.is_reader(&edition.author);
    let decided = edition.decided_by_name.as_deref().zip(edition.decided_at);
    let decided = decided.map(|(name, at)| {
        let key = match edition.state {
            EditionState::Published => "edition-published-by",
            EditionState::Discarded => "edition-discarded-by",
            EditionState::Draft | EditionState::Proposed => "edition-returned-by",
        };
        shell.t2(key, "name", name, "at", shell.formats.moment(at))
    });
    let effective = edition.effective_at.map(|at| shell.formats.moment(at));
    let effective = effective.filter(|_| edition.state == EditionState::Published);
    let ahead = sheet.editions.iter().find(|one| one.is_ahead(shell.now));
    let first = ahead.zip(ahead.and_then(|one| one.effective_at));
    let first = first.map(|(ahead, at)| {
        let (number, at) = (ahead.number.to_string(), shell.formats.moment(at));
        (
            ahead.number,
            shell.t2("edition-ahead-first", "number", number.as_str(), "at", at),
        )
    });
    let hunks = match is_open {
        true => compare_lines(&sheet.in_force.source, &edition.source, AROUND),
        false => Vec::new(),
    };
    let hunks = hunks.into_iter();
    let hunks = hunks.map(|hunk| hunk.into_iter().map(LineView::of).collect());
    Ok(EditionPage {
        title: sheet.file.definition.title(shell.locale()).to_owned(),
        id: id.to_owned(),
        line: edition_line(shell, &edition),
        decided: decided.unwrap_or_default(),
        effective: effective.unwrap_or_default(),
        against: digest(&sheet.in_force.source),
        checked: view(app, shell, &checked, &edition.source),
        running: app.count_running(&desk.actor, id).await?,
        may_decide: edition.state == EditionState::Proposed && !is_own,
        is_ahead: edition.is_ahead(shell.now),
        first: first.filter(|_| is_open),
        has_publisher: sheet.publishers > 0,
        note_max: NOTE_MAX,
        is_own,
        is_open,
        hunks: hunks.collect(),
        edition,
        form,
        shell,
    })
}

/// `GET /workflows/{workflow}/editions/{number}`
pub(super) async fn get_edition(app: Data<App>, desk: Desk, place: Place) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    let empty = FormView::of::<String, String>([]);
    let page = page(&app, &desk, (&place.0, place.1), empty).await?;
    present::page(&desk.shell, &page)
}

/// From the beginning of the day that was typed, in the organisation's zone.
async fn from_of(app: &App, desk: &Desk, form: &PostedForm) -> Result<Option<Instant>, AppError> {
    let Some(text) = form.optional("effective_from") else {
        return Ok(None);
    };
    let day: Date = text
        .trim()
        .parse()
        .map_err(|_| AppError::invalid("effective_from", "not-a-date"))?;
    let (from, _) = app.whole_days(&desk.actor, day, day).await?;
    Ok(Some(from))
}

async fn publish(app: &App, desk: &Desk, place: &Place, form: &PostedForm) -> Result<(), AppError> {
    let publishing = Publishing {
        row_version: form.parse("row_version")?,
        against: form.text("against").to_owned(),
        from: from_of(app, desk, form).await?,
        has_seen_weaker: form.text("weaker") == "yes",
    };
    app.publish_edition(&desk.actor, &place.0, place.1, &publishing)
        .await
}

/// `POST /workflows/{workflow}/editions/{number}/publish`
pub(super) async fn post_publish(
    app: Data<App>,
    desk: Desk,
    place: Place,
    form: PostedForm,
) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    let published = publish(&app, &desk, &place, &form).await;
    decided(
        &app,
        &desk,
        (&place, &form),
        published,
        "flash-edition-published",
    )
    .await
}

/// `POST /workflows/{workflow}/editions/{number}/return`
pub(super) async fn post_return(
    app: Data<App>,
    desk: Desk,
    place: Place,
    form: PostedForm,
) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    let words = (form.parse("row_version")?, form.text("reason"));
    let returned = app
        .return_edition(&desk.actor, &place.0, place.1, words)
        .await;
    decided(
        &app,
        &desk,
        (&place, &form),
        returned,
        "flash-edition-returned",
    )
    .await
}

/// `POST /workflows/{workflow}/editions/{number}/discard`
pub(super) async fn post_discard(
    app: Data<App>,
    desk: Desk,
    place: Place,
    form: PostedForm,
) -> Answer {
    crate::web::pages::require_administrator(&desk)?;
    let which = (place.1, form.parse("row_version")?);
    let was_ahead = app.discard_edition(&desk.actor, &place.0, which).await?;
    let path = format!("/workflows/{}", place.0);
    let flash = match was_ahead {
        true if app.has_other_administrators(&desk.actor).await? => "flash-edition-withdrawn",
        true => "flash-edition-withdrawn-alone",
        false => "flash-edition-discarded",
    };
    present::see_other(&path, flash, &[])
}

async fn decided(
    app: &App,
    desk: &Desk,
    (place, form): (&Place, &PostedForm),
    done: Result<(), AppError>,
    flash: &str,
) -> Answer {
    let fields: Vec<FieldProblem> = match done {
        Ok(()) => {
            let path = format!("/workflows/{}", place.0);
            return present::see_other(&path, flash, &[]);
        }
        Err(AppError::Invalid { fields }) => fields,
        Err(error) => return Err(error.into()),
    };
    let filled = form.view(desk.shell.locale(), &fields);
    let page = page(app, desk, (&place.0, place.1), filled).await?;
    present::page_with_errors(&desk.shell, &page)
}

/// A line of a comparison, ready to print.
struct LineView {
    class: &'static str,
    sign: &'static str,
    before: String,
    after: String,
    text: String,
}

impl LineView {
    fn of(line: ComparedLine) -> Self {
        let (class, sign) = match line.change {
            Change::Same => ("", " "),
            Change::Added => ("added", "+"),
            Change::Removed => ("removed", "−"),
        };
        let number = |number: Option<usize>| number.map(|n| n.to_string()).unwrap_or_default();
        Self {
            class,
            sign,
            before: number(line.before),
            after: number(line.after),
            text: line.text,
        }
    }
}
