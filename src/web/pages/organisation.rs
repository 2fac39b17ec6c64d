//! The organisation and its departments.

use actix_web::web::{self, Data, Path};
use askama::Template;
use chancery_types::Locale;
use chancery_types::id::DepartmentId;

use crate::app::checks::TaxIds;
use crate::app::organisations::{
    DepartmentDraft, DepartmentRow, OfferedText, OrganisationCard, OrganisationDraft,
};
use crate::app::page::PageRequest;
use crate::app::people::PersonState;
use crate::app::{App, AppError};
use crate::domain::comparison::Change;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

#[derive(Template)]
#[template(path = "pages/organisation.html")]
struct OrganisationPage<'a> {
    shell: &'a Shell,
    form: FormView,
    languages: Vec<(String, String)>,
    departments: Vec<DepartmentRow>,
    archived: Vec<DepartmentRow>,
    /// Published texts for which this release has others.
    offered: Vec<OfferedText>,
    /// The form as it would be with them.
    taken: Vec<(&'static str, String)>,
}

/// Identifiers as a form sends them.
pub(crate) fn tax_ids_of(form: &PostedForm) -> TaxIds {
    let given = |name: &str| form.optional(name).map(str::to_owned);
    TaxIds {
        country: form.text("country").to_owned(),
        inn: given("inn"),
        kpp: given("kpp"),
        vat_id: given("vat_id"),
    }
}

/// Identifiers as a form shows them.
pub(crate) fn tax_id_values(ids: &TaxIds) -> [(&'static str, String); 4] {
    [
        ("country", ids.country.clone()),
        ("inn", ids.inn.clone().unwrap_or_default()),
        ("kpp", ids.kpp.clone().unwrap_or_default()),
        ("vat_id", ids.vat_id.clone().unwrap_or_default()),
    ]
}

/// What the form holds of an organisation.
fn values_of(card: OrganisationCard) -> Vec<(&'static str, String)> {
    let draft = card.draft;
    let mut values = vec![
        ("row_version", card.row_version.to_string()),
        ("name", draft.name),
        ("locale", draft.locale.code().to_owned()),
        ("time_zone", draft.time_zone),
        ("signing_rules_ru", draft.signing_rules_ru),
        ("signing_rules_en", draft.signing_rules_en),
        ("personal_data_ru", draft.personal_data_ru),
        ("personal_data_en", draft.personal_data_en),
    ];
    values.extend(tax_id_values(&draft.tax_ids));
    values
}

/// `GET /organisation`
async fn get_organisation(app: Data<App>, desk: Desk) -> Answer {
    super::require_administrator(&desk)?;
    let card = app.load_organisation(&desk.actor).await?;
    let offered = card.draft.offered();
    let taken = OrganisationCard {
        draft: card.draft.clone().with_own_texts(),
        ..card.clone()
    };
    let page = OrganisationPage {
        shell: &desk.shell,
        form: FormView::of(values_of(card)),
        languages: super::languages(&desk.shell),
        departments: app.list_departments(&desk.actor).await?,
        archived: app.list_archived_departments(&desk.actor).await?,
        offered,
        taken: values_of(taken),
    };
    present::page(&desk.shell, &page)
}

fn organisation_of(form: &PostedForm) -> OrganisationDraft {
    let text = |name: &str| form.text(name).to_owned();
    OrganisationDraft {
        name: text("name"),
        tax_ids: tax_ids_of(form),
        locale: Locale::from_code(form.text("locale")).unwrap_or_default(),
        time_zone: text("time_zone"),
        signing_rules_ru: text("signing_rules_ru"),
        signing_rules_en: text("signing_rules_en"),
        personal_data_ru: text("personal_data_ru"),
        personal_data_en: text("personal_data_en"),
    }
}

/// `POST /organisation`
async fn post_organisation(app: Data<App>, desk: Desk, form: PostedForm) -> Answer {
    let draft = organisation_of(&form);
    let version = form.parse("row_version")?;
    match app.edit_organisation(&desk.actor, version, &draft).await {
        Ok(()) => present::see_other("/organisation", "flash-saved", &[]),
        Err(AppError::Invalid { fields }) => {
            let page = OrganisationPage {
                form: form.view(desk.shell.locale(), &fields),
                languages: super::languages(&desk.shell),
                departments: app.list_departments(&desk.actor).await?,
                archived: app.list_archived_departments(&desk.actor).await?,
                offered: Vec::new(),
                taken: Vec::new(),
                shell: &desk.shell,
            };
            present::page_with_errors(&desk.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "pages/department-form.html")]
struct DepartmentForm<'a> {
    shell: &'a Shell,
    form: FormView,
    parents: Vec<(String, String)>,
    heads: Vec<(String, String)>,
    action: String,
    is_new: bool,
}

async fn form_page<'a>(
    app: &App,
    desk: &'a Desk,
    id: Option<DepartmentId>,
    form: FormView,
) -> Result<DepartmentForm<'a>, AppError> {
    let departments = app.list_departments(&desk.actor).await?;
    let everybody = PageRequest {
        after: None,
        rows_max: 10_000,
    };
    let people = app.list_people(&desk.actor, &everybody).await?;
    let heads = people
        .rows
        .iter()
        .filter(|p| p.state != PersonState::Disabled);
    let parents = departments.iter().filter(|row| Some(row.id) != id);
    Ok(DepartmentForm {
        shell: &desk.shell,
        form,
        parents: parents
            .map(|row| (row.id.to_string(), row.draft.name.clone()))
            .collect(),
        heads: heads
            .map(|person| (person.id.to_string(), person.draft.name.clone()))
            .collect(),
        action: id.map_or_else(
            || "/departments".to_owned(),
            |id| format!("/departments/{id}"),
        ),
        is_new: id.is_none(),
    })
}

fn draft_of(form: &PostedForm) -> Result<DepartmentDraft, AppError> {
    Ok(DepartmentDraft {
        key: form.text("key").trim().to_owned(),
        name: form.text("name").to_owned(),
        parent: form.parse_optional("parent")?,
        head: form.parse_optional("head")?,
    })
}

/// `GET /departments/new`
async fn get_new_department(app: Data<App>, desk: Desk) -> Answer {
    super::require_administrator(&desk)?;
    let page = form_page(&app, &desk, None, FormView::default()).await?;
    present::page(&desk.shell, &page)
}

/// `POST /departments`
async fn post_department(app: Data<App>, desk: Desk, form: PostedForm) -> Answer {
    let draft = draft_of(&form)?;
    match app.create_department(&desk.actor, &draft).await {
        Ok(_) => present::see_other("/organisation", "flash-saved", &[]),
        Err(AppError::Invalid { fields }) => {
            let form = form.view(desk.shell.locale(), &fields);
            let page = form_page(&app, &desk, None, form).await?;
            present::page_with_errors(&desk.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /departments/{department}`
async fn get_department(app: Data<App>, desk: Desk, id: Path<DepartmentId>) -> Answer {
    super::require_administrator(&desk)?;
    let row = app.load_department(&desk.actor, *id).await?;
    let form = FormView::of([
        ("row_version", row.row_version.to_string()),
        ("key", row.draft.key),
        ("name", row.draft.name),
        (
            "parent",
            row.draft
                .parent
                .map(|id| id.to_string())
                .unwrap_or_default(),
        ),
        (
            "head",
            row.draft.head.map(|id| id.to_string()).unwrap_or_default(),
        ),
    ]);
    let page = form_page(&app, &desk, Some(*id), form).await?;
    present::page(&desk.shell, &page)
}

/// `POST /departments/{department}`
async fn post_edit_department(
    app: Data<App>,
    desk: Desk,
    id: Path<DepartmentId>,
    form: PostedForm,
) -> Answer {
    let draft = draft_of(&form)?;
    let version = form.parse("row_version")?;
    match app.edit_department(&desk.actor, *id, version, &draft).await {
        Ok(()) => present::see_other("/organisation", "flash-saved", &[]),
        Err(AppError::Invalid { fields }) => {
            let form = form.view(desk.shell.locale(), &fields);
            let page = form_page(&app, &desk, Some(*id), form).await?;
            present::page_with_errors(&desk.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/organisation", Audience::Person, || {
        web::get().to(get_organisation)
    }),
    Route::post("/organisation", Audience::Person, || {
        web::post().to(post_organisation)
    }),
    Route::post("/departments", Audience::Person, || {
        web::post().to(post_department)
    }),
    Route::get("/departments/new", Audience::Person, || {
        web::get().to(get_new_department)
    }),
    Route::get("/departments/{department}", Audience::Person, || {
        web::get().to(get_department)
    }),
    Route::post("/departments/{department}", Audience::Person, || {
        web::post().to(post_edit_department)
    }),
];
