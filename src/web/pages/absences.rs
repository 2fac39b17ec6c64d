//! A person's absences: when they are away, who stands in, and for what.

use actix_web::web::{self, Data, Path};
use askama::Template;
use chancery_types::Instant;
use chancery_types::id::{AbsenceId, PersonId};
use jiff::civil::Date;

use super::people::colleagues;
use crate::app::absences::{AbsenceDraft, AbsenceRow, Powers};
use crate::app::{App, AppError, FieldProblem};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

/// One absence, ready to print.
#[derive(Clone, Debug)]
pub struct AbsenceLine {
    /// The absence.
    pub id: String,
    /// From when to when.
    pub when: String,
    /// Who stands in, and for what; or that nobody does.
    pub substitute: String,
    /// Whether it lasts now.
    pub has_begun: bool,
}

/// The absences that last or are to come, ready to print.
pub fn lines(app: &App, shell: &Shell, rows: &[AbsenceRow]) -> Vec<AbsenceLine> {
    rows.iter().map(|row| line(app, shell, row)).collect()
}

fn line(app: &App, shell: &Shell, row: &AbsenceRow) -> AbsenceLine {
    let draft = &row.draft;
    let formats = &shell.formats;
    // A midnight ends the day before it: nobody reads it as a moment of the next one.
    let begins_a_day = |at: Instant| formats.day(at) != formats.day(at.plus_seconds(-1));
    let when = match begins_a_day(draft.from) && begins_a_day(draft.until) {
        true => {
            let (from, last) = (
                formats.date(draft.from),
                formats.date(draft.until.plus_seconds(-1)),
            );
            shell.t2("absence-days", "from", from, "last", last)
        }
        false => {
            let (from, until) = (formats.moment(draft.from), formats.moment(draft.until));
            shell.t2("absence-when", "from", from, "until", until)
        }
    };
    let kinds = draft.kinds.iter().map(|id| {
        let kind = app.chains.kinds().get(id);
        kind.map_or(id.as_str(), |kind| kind.title(shell.locale()))
    });
    let mut for_what: Vec<String> = kinds.map(str::to_owned).collect();
    if draft.powers == Powers::Sign {
        for_what.push(shell.t("absence-signs-too"));
    }
    let substitute = match &row.substitute_name {
        None => shell.t("absence-nobody"),
        Some(name) if for_what.is_empty() => {
            shell.t1("absence-substitute-is", "name", name.as_str())
        }
        Some(name) => {
            let name = shell.t1("absence-substitute-is", "name", name.as_str());
            format!("{name} ({})", for_what.join(", "))
        }
    };
    AbsenceLine {
        id: row.id.to_string(),
        when,
        substitute,
        has_begun: row.has_begun,
    }
}

#[derive(Template)]
#[template(path = "pages/absences.html")]
struct AbsencesPage<'a> {
    shell: &'a Shell,
    form: FormView,
    person: PersonId,
    name: String,
    is_own: bool,
    may_record: bool,
    absences: Vec<AbsenceLine>,
    people: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
}

async fn page<'a>(
    app: &App,
    desk: &'a Desk,
    person: PersonId,
    form: FormView,
) -> Result<AbsencesPage<'a>, AppError> {
    let shell = &desk.shell;
    let absences = app.list_absences(&desk.actor, person).await?;
    let is_own = desk.actor.person().is_some_and(|own| own.id == person);
    let may_record = is_own || shell.is_administrator();
    let people = match may_record {
        true => colleagues(app, &desk.actor, person).await?,
        false => Vec::new(),
    };
    Ok(AbsencesPage {
        absences: lines(app, shell, &absences),
        name: app.load_person(&desk.actor, person).await?.draft.name,
        kinds: super::documents::view::kinds(app, shell.locale()),
        form,
        person,
        is_own,
        may_record,
        people,
        shell,
    })
}

/// `GET /people/{person}/absences`
async fn get_absences(app: Data<App>, desk: Desk, id: Path<PersonId>) -> Answer {
    let page = page(&app, &desk, *id, FormView::of::<String, String>([])).await?;
    present::page(&desk.shell, &page)
}

/// Days as they were typed, whole: the last one belongs to the absence.
async fn draft_of(app: &App, desk: &Desk, form: &PostedForm) -> Result<AbsenceDraft, AppError> {
    let mut fields = Vec::new();
    let mut day = |field: &str| -> Option<Date> {
        let read = form.text(field).trim().parse().ok();
        if read.is_none() {
            fields.push(FieldProblem::new(field, "not-a-date"));
        }
        read
    };
    let days = day("away_from").zip(day("away_until"));
    let Some((first, last)) = days.filter(|_| fields.is_empty()) else {
        return Err(AppError::Invalid { fields });
    };
    let (from, until) = app.whole_days(&desk.actor, first, last).await?;
    Ok(AbsenceDraft {
        from,
        until,
        substitute: form.parse_optional("substitute")?,
        kinds: form.all("kinds").map(str::to_owned).collect(),
        powers: match form.text("signs") {
            "" => Powers::Decide,
            _ => Powers::Sign,
        },
    })
}

/// `POST /people/{person}/absences`: records one.
async fn post_absence(app: Data<App>, desk: Desk, id: Path<PersonId>, form: PostedForm) -> Answer {
    let recorded = match draft_of(&app, &desk, &form).await {
        Ok(draft) => app.record_absence(&desk.actor, *id, &draft).await,
        Err(error) => Err(error),
    };
    match recorded {
        Ok(_) => {
            let path = format!("/people/{id}/absences");
            present::see_other(&path, "flash-absence-recorded", &[])
        }
        Err(AppError::Invalid { fields }) => {
            let filled = form.view(desk.shell.locale(), &fields);
            let page = page(&app, &desk, *id, filled).await?;
            present::page_with_errors(&desk.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /absences/{absence}/end`
async fn post_end(app: Data<App>, desk: Desk, id: Path<AbsenceId>, _form: PostedForm) -> Answer {
    let person = app.end_absence(&desk.actor, *id).await?;
    let path = format!("/people/{person}/absences");
    present::see_other(&path, "flash-absence-ended", &[])
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/people/{person}/absences", Audience::Person, || {
        web::get().to(get_absences)
    }),
    Route::post("/people/{person}/absences", Audience::Person, || {
        web::post().to(post_absence)
    }),
    Route::post("/absences/{absence}/end", Audience::Person, || {
        web::post().to(post_end)
    }),
];
