//! The register of mandates, for administrators: who may act for which of our legal entities.

use actix_web::web::{self, Data, Path};
use askama::Template;
use chancery_types::Money;
use chancery_types::id::MandateId;
use jiff::civil::Date;

use crate::app::mandates::{MandateDraft, MandateRow};
use crate::app::page::PageRequest;
use crate::app::people::PersonState;
use crate::app::{App, AppError, FieldProblem};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

/// The most people that the form offers.
const PEOPLE_MAX: u64 = 1_000;

/// A mandate, ready to print.
struct Line {
    id: String,
    name: String,
    entity: String,
    role: String,
    limit: String,
    term: String,
    basis: String,
    /// Whether it stands, in words.
    state: String,
    may_end: bool,
}

#[derive(Template)]
#[template(path = "pages/mandates.html")]
struct MandatesPage<'a> {
    shell: &'a Shell,
    form: FormView,
    lines: Vec<Line>,
    people: Vec<(String, String)>,
    roles: Vec<(String, String)>,
}

fn line(app: &App, shell: &Shell, row: &MandateRow) -> Line {
    let draft = &row.draft;
    let day = |at| shell.formats.date(at);
    let roles = app.chains.vocabulary().roles();
    let role = draft.role.as_ref().map(|role| {
        let title = roles.get(role).and_then(|title| title.get(shell.locale()));
        title.unwrap_or(role).to_owned()
    });
    let until = row.ended_at.or(draft.until);
    let is_over = until.is_some_and(|until| until <= shell.now);
    let state = match (is_over, row.stands) {
        (true, _) => "mandate-over",
        (false, true) => "mandate-stands",
        (false, false) => "mandate-to-come",
    };
    Line {
        id: row.id.to_string(),
        name: row.name.clone(),
        entity: draft
            .entity
            .clone()
            .unwrap_or_else(|| shell.t("mandate-each-entity")),
        role: role.unwrap_or_else(|| shell.t("mandate-signs")),
        limit: match &draft.limit {
            Some(limit) => shell.formats.money(limit),
            None => shell.t("mandate-any-amount"),
        },
        term: match until {
            Some(until) => {
                // The last day is the one before the instant at which it is over.
                let last = until.plus_seconds(-1);
                let (from, last) = (day(draft.from), day(last));
                shell.t2("mandate-from-until", "from", from, "until", last)
            }
            None => shell.t1("mandate-from", "from", day(draft.from)),
        },
        basis: draft.basis.clone(),
        state: shell.t(state),
        may_end: !is_over,
    }
}

async fn page<'a>(app: &App, desk: &'a Desk, form: FormView) -> Result<MandatesPage<'a>, AppError> {
    let shell = &desk.shell;
    let rows = app.list_mandates(&desk.actor).await?;
    let wanted = PageRequest {
        after: None,
        rows_max: PEOPLE_MAX,
    };
    let people = app.list_people(&desk.actor, &wanted).await?.rows;
    let active = people.into_iter();
    let active = active.filter(|person| person.state == PersonState::Active);
    let roles = app.chains.vocabulary().roles().iter().map(|(role, title)| {
        let title = title.get(shell.locale()).unwrap_or(role);
        (role.clone(), title.to_owned())
    });
    Ok(MandatesPage {
        lines: rows.iter().map(|row| line(app, shell, row)).collect(),
        people: active
            .map(|person| (person.id.to_string(), person.draft.name))
            .collect(),
        roles: roles.collect(),
        form,
        shell,
    })
}

/// `GET /mandates`
async fn get_mandates(app: Data<App>, desk: Desk) -> Answer {
    super::require_administrator(&desk)?;
    let page = page(&app, &desk, FormView::of::<String, String>([])).await?;
    present::page(&desk.shell, &page)
}

/// A mandate as the form has it: whole days, the last one its own.
async fn draft_of(app: &App, desk: &Desk, form: &PostedForm) -> Result<MandateDraft, AppError> {
    let mut fields = Vec::new();
    let mut day = |field: &str| -> Option<Date> {
        let text = form.text(field).trim();
        let read = text.parse().ok();
        if read.is_none() && !text.is_empty() {
            fields.push(FieldProblem::new(field, "not-a-date"));
        }
        read
    };
    let (first, last) = (day("from"), day("until"));
    if first.is_none() && form.text("from").trim().is_empty() {
        fields.push(FieldProblem::new("from", "empty"));
    }
    let limit = match form.optional("limit") {
        Some(amount) => Money::parse(amount, form.text("currency"))
            .map_err(|_| fields.push(FieldProblem::new("limit", "mandate-limit")))
            .ok(),
        None => None,
    };
    let person = form.parse("person");
    if person.is_err() {
        fields.push(FieldProblem::new("person", "not-a-choice"));
    }
    let (Some(first), Ok(person), true) = (first, person, fields.is_empty()) else {
        return Err(AppError::Invalid { fields });
    };
    let (from, until) = app.days_of_mandate(&desk.actor, first, last).await?;
    Ok(MandateDraft {
        person,
        entity: form.optional("entity").map(str::to_owned),
        role: form.optional("role").map(str::to_owned),
        limit,
        from,
        until,
        basis: form.text("basis").to_owned(),
    })
}

/// `POST /mandates`: enters one.
async fn post_mandate(app: Data<App>, desk: Desk, form: PostedForm) -> Answer {
    super::require_administrator(&desk)?;
    let recorded = match draft_of(&app, &desk, &form).await {
        Ok(draft) => app.record_mandate(&desk.actor, &draft).await,
        Err(error) => Err(error),
    };
    match recorded {
        Ok(_) => present::see_other("/mandates", "flash-mandate-recorded", &[]),
        Err(AppError::Invalid { fields }) => {
            let filled = form.view(desk.shell.locale(), &fields);
            let page = page(&app, &desk, filled).await?;
            present::page_with_errors(&desk.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /mandates/{mandate}/end`
async fn post_end(app: Data<App>, desk: Desk, id: Path<MandateId>, _form: PostedForm) -> Answer {
    app.end_mandate(&desk.actor, *id).await?;
    present::see_other("/mandates", "flash-mandate-ended", &[])
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/mandates", Audience::Person, || {
        web::get().to(get_mandates)
    }),
    Route::post("/mandates", Audience::Person, || {
        web::post().to(post_mandate)
    }),
    Route::post("/mandates/{mandate}/end", Audience::Person, || {
        web::post().to(post_end)
    }),
];
