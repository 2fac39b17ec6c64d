//! People: the list, one person, inviting, changing, disabling.

use actix_web::web::{self, Data, Path, Query};
use askama::Template;
use chancery_types::Locale;
use chancery_types::id::{DepartmentId, PersonId};
use chancery_workflow::Vocabulary;

use super::absences::AbsenceLine;
use crate::app::organisations::DepartmentRow;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::people::{OpenTask, PersonCard, PersonDraft, PersonState};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::web::pagination::PageQuery;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, FormView, PostedForm, Shell, present};

/// The most people that a choice offers.
const PEOPLE_MAX: u64 = 10_000;
/// Roles that are held in the whole organisation or not at all.
const EVERYWHERE: [&str; 2] = ["administrator", "employee"];

#[derive(Template)]
#[template(path = "pages/people.html")]
struct PeoplePage<'a> {
    shell: &'a Shell,
    vocabulary: &'a Vocabulary,
    people: Page<PersonCard>,
    next: String,
}

impl PeoplePage<'_> {
    /// The titles of a person's roles, each once.
    fn roles(&self, person: &PersonCard) -> String {
        let mut titles: Vec<String> = Vec::new();
        for (role, _) in person
            .draft
            .roles
            .iter()
            .filter(|(role, _)| role != "employee")
        {
            let title = role_title(self.vocabulary, self.shell, role);
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        titles.join(", ")
    }
}

/// A role that the vocabulary has no more is shown by its key.
fn role_title(vocabulary: &Vocabulary, shell: &Shell, role: &str) -> String {
    let title = vocabulary.roles().get(role);
    let title = title.and_then(|title| title.get(shell.locale()));
    title.unwrap_or(role).to_owned()
}

fn group_title(vocabulary: &Vocabulary, shell: &Shell, group: &str) -> String {
    let title = vocabulary.groups().get(group);
    let title = title.and_then(|title| title.get(shell.locale()));
    title.unwrap_or(group).to_owned()
}

/// How a person's state looks: pill and text.
fn state_pill(state: &PersonState) -> (&'static str, &'static str) {
    match state {
        PersonState::Invited => ("attention", "person-invited"),
        PersonState::Active => ("good", "person-active"),
        PersonState::Disabled => ("plain", "person-disabled"),
    }
}

/// `GET /people`
async fn get_people(app: Data<App>, desk: Desk, query: Query<PageQuery>) -> Answer {
    let people = app.list_people(&desk.actor, &query.request(&app)?).await?;
    let next = people.next.as_ref().map(Cursor::encode);
    let page = PeoplePage {
        shell: &desk.shell,
        vocabulary: app.chains.vocabulary(),
        next: next.map_or_else(String::new, |next| format!("/people?cursor={next}")),
        people,
    };
    present::page(&desk.shell, &page)
}

/// What a person's form needs beside its values.
struct Choices {
    departments: Vec<(String, String)>,
    managers: Vec<(String, String)>,
    roles: Vec<(String, String)>,
    /// By department: its name, and the roles that one may have within it.
    within: Vec<(String, Vec<(String, String)>)>,
    groups: Vec<(String, String)>,
    languages: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/person-form.html")]
struct PersonForm<'a> {
    shell: &'a Shell,
    form: FormView,
    choices: Choices,
    action: String,
    person: Option<PersonCard>,
}

#[derive(Template)]
#[template(path = "pages/person.html")]
struct PersonPage<'a> {
    shell: &'a Shell,
    person: PersonCard,
    roles: Vec<String>,
    groups: Vec<String>,
    /// What waits for them, and to whom it can be handed: an administrator's alone.
    open_tasks: Vec<OpenTask>,
    absences: Vec<AbsenceLine>,
    others: Vec<(String, String)>,
    /// Why the tasks were not handed over; empty if that was not tried.
    tasks_error: String,
}

async fn choices(app: &App, actor: &Actor, shell: &Shell) -> Result<Choices, AppError> {
    let departments = app.list_departments(actor).await?;
    let everybody = PageRequest {
        after: None,
        rows_max: PEOPLE_MAX,
    };
    let people = app.list_people(actor, &everybody).await?;
    let there = |person: &&PersonCard| person.state != PersonState::Disabled;
    let managers = people.rows.iter().filter(there);
    let vocabulary = app.chains.vocabulary();
    let titled = |role: &String| (role.clone(), role_title(vocabulary, shell, role));
    let grouped = |group: &String| (group.clone(), group_title(vocabulary, shell, group));
    let within = |department: &DepartmentRow| {
        let roles = vocabulary.roles().keys();
        let roles = roles.filter(|role| !EVERYWHERE.contains(&role.as_str()));
        let roles = roles.map(|role| {
            let title = role_title(vocabulary, shell, role);
            (format!("{role}@{}", department.id), title)
        });
        (department.draft.name.clone(), by_title(roles))
    };
    Ok(Choices {
        departments: departments
            .iter()
            .map(|row| (row.id.to_string(), row.draft.name.clone()))
            .collect(),
        managers: managers
            .map(|person| (person.id.to_string(), person.draft.name.clone()))
            .collect(),
        roles: by_title(vocabulary.roles().keys().map(titled)),
        within: departments.iter().map(within).collect(),
        groups: by_title(vocabulary.groups().keys().map(grouped)),
        languages: super::languages(shell),
    })
}

/// Words with their titles, as somebody who looks for one reads them.
fn by_title(titled: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut titled: Vec<(String, String)> = titled.collect();
    titled.sort_by_key(|(_, title)| title.to_lowercase());
    titled
}

fn draft_of(form: &PostedForm) -> Result<PersonDraft, AppError> {
    let role = |text: &str| -> Result<(String, Option<DepartmentId>), AppError> {
        let (role, department) = text.split_once('@').unwrap_or((text, ""));
        let department = Some(department).filter(|text| !text.is_empty());
        let department = department
            .map(str::parse)
            .transpose()
            .map_err(|_| AppError::invalid("role", "not-a-choice"))?;
        Ok((role.to_owned(), department))
    };
    Ok(PersonDraft {
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        position: form.optional("position").map(str::to_owned),
        department: form.parse_optional("department")?,
        manager: form.parse_optional("manager")?,
        roles: form.all("role").map(role).collect::<Result<_, _>>()?,
        groups: form.all("groups").map(str::to_owned).collect(),
        locale: Locale::from_code(form.text("locale")),
    })
}

fn filled(draft: &PersonDraft, row_version: i64) -> FormView {
    let id = |id: Option<String>| id.unwrap_or_default();
    let mut values = vec![
        ("row_version", row_version.to_string()),
        ("name", draft.name.clone()),
        ("email", draft.email.clone()),
        ("position", id(draft.position.clone())),
        ("department", id(draft.department.map(|id| id.to_string()))),
        ("manager", id(draft.manager.map(|id| id.to_string()))),
        (
            "locale",
            id(draft.locale.map(|locale| locale.code().to_owned())),
        ),
    ];
    let role = |(role, within): &(String, Option<DepartmentId>)| {
        let within = within.map_or_else(String::new, |id| format!("@{id}"));
        ("role", format!("{role}{within}"))
    };
    values.extend(draft.roles.iter().map(role));
    values.extend(draft.groups.iter().map(|key| ("groups", key.clone())));
    FormView::of(values)
}

/// `GET /people/new`
async fn get_new(app: Data<App>, desk: Desk) -> Answer {
    super::require_administrator(&desk)?;
    let page = PersonForm {
        choices: choices(&app, &desk.actor, &desk.shell).await?,
        form: FormView::of([("role", "employee")]),
        action: "/people".to_owned(),
        person: None,
        shell: &desk.shell,
    };
    present::page(&desk.shell, &page)
}

/// `POST /people`: invites.
async fn post_person(app: Data<App>, desk: Desk, form: PostedForm) -> Answer {
    let created = match draft_of(&form) {
        Ok(draft) => app.create_person(&desk.actor, &draft).await,
        Err(error) => Err(error),
    };
    match created {
        Ok(id) => {
            let name = form.text("name");
            present::see_other(
                &format!("/people/{id}"),
                "flash-person-invited",
                &[("name", name)],
            )
        }
        Err(error) => show_again(&app, &desk, &form, None, error).await,
    }
}

async fn show_again(
    app: &App,
    desk: &Desk,
    form: &PostedForm,
    person: Option<PersonCard>,
    error: AppError,
) -> Answer {
    let AppError::Invalid { fields } = error else {
        return Err(error.into());
    };
    let action = person.as_ref().map_or_else(
        || "/people".to_owned(),
        |person| format!("/people/{}/edit", person.id),
    );
    let page = PersonForm {
        choices: choices(app, &desk.actor, &desk.shell).await?,
        form: form.view(desk.shell.locale(), &fields),
        action,
        person,
        shell: &desk.shell,
    };
    present::page_with_errors(&desk.shell, &page)
}

/// `GET /people/{person}`
async fn get_person(app: Data<App>, desk: Desk, id: Path<PersonId>) -> Answer {
    show_person(&app, &desk, *id, None).await
}

/// A person's page; `wrong` says why their tasks were not handed over.
async fn show_person(app: &App, desk: &Desk, id: PersonId, wrong: Option<&str>) -> Answer {
    let person = app.load_person(&desk.actor, id).await?;
    let vocabulary = app.chains.vocabulary();
    let roles = roles_held(app, desk, &person).await?;
    let groups = person.draft.groups.iter();
    let groups = groups.map(|group| group_title(vocabulary, &desk.shell, group));
    let absences = app.list_absences(&desk.actor, id).await?;
    let (mut open_tasks, mut others) = (Vec::new(), Vec::new());
    if desk.shell.is_administrator() {
        open_tasks = app.list_open_tasks_of(&desk.actor, id).await?;
        others = colleagues(app, &desk.actor, id).await?;
    }
    let page = PersonPage {
        shell: &desk.shell,
        roles,
        groups: groups.collect(),
        open_tasks,
        absences: super::absences::lines(app, &desk.shell, &absences),
        others,
        person,
        tasks_error: wrong.map_or_else(String::new, |key| desk.shell.t(key)),
    };
    match wrong {
        None => present::page(&desk.shell, &page),
        Some(_) => present::page_with_errors(&desk.shell, &page),
    }
}

/// The titles of a person's roles, with the department that limits one.
async fn roles_held(app: &App, desk: &Desk, person: &PersonCard) -> Result<Vec<String>, AppError> {
    let departments = app.list_departments(&desk.actor).await?;
    let vocabulary = app.chains.vocabulary();
    let within = |id: DepartmentId| {
        let found = departments.iter().find(|row| row.id == id);
        found.map_or_else(String::new, |row| format!(": {}", row.draft.name))
    };
    let titled = |(role, department): &(String, Option<DepartmentId>)| {
        let title = role_title(vocabulary, &desk.shell, role);
        format!("{title}{}", department.map_or_else(String::new, within))
    };
    Ok(person.draft.roles.iter().map(titled).collect())
}

/// Who else can take tasks, or stand in.
pub(super) async fn colleagues(
    app: &App,
    actor: &Actor,
    id: PersonId,
) -> Result<Vec<(String, String)>, AppError> {
    let everybody = PageRequest {
        after: None,
        rows_max: PEOPLE_MAX,
    };
    let people = app.list_people(actor, &everybody).await?;
    let active = |person: &PersonCard| person.state == PersonState::Active && person.id != id;
    let named = |person: PersonCard| (person.id.to_string(), person.draft.name);
    Ok(people.rows.into_iter().filter(active).map(named).collect())
}

/// `POST /people/{person}/tasks`: hands the open tasks over.
async fn post_tasks(app: Data<App>, desk: Desk, id: Path<PersonId>, form: PostedForm) -> Answer {
    let done = match form.parse("person") {
        Ok(to) => app.hand_over_tasks(&desk.actor, *id, to).await,
        Err(error) => Err(error),
    };
    let done = match done {
        Ok(done) => done,
        Err(AppError::Invalid { .. }) => {
            return show_person(&app, &desk, *id, Some("person-tasks-to-whom")).await;
        }
        Err(other) => return Err(other.into()),
    };
    let counts = [
        ("moved", done.moved.to_string()),
        ("stayed", done.stayed.len().to_string()),
    ];
    let counts = counts
        .each_ref()
        .map(|(name, count)| (*name, count.as_str()));
    let flash = if done.stayed.is_empty() {
        "flash-tasks-moved"
    } else {
        "flash-tasks-stayed"
    };
    present::see_other(&format!("/people/{id}"), flash, &counts)
}

/// `GET /people/{person}/edit`
async fn get_edit(app: Data<App>, desk: Desk, id: Path<PersonId>) -> Answer {
    super::require_administrator(&desk)?;
    let person = app.load_person(&desk.actor, *id).await?;
    let page = PersonForm {
        choices: choices(&app, &desk.actor, &desk.shell).await?,
        form: filled(&person.draft, person.row_version),
        action: format!("/people/{id}/edit"),
        person: Some(person),
        shell: &desk.shell,
    };
    present::page(&desk.shell, &page)
}

/// `POST /people/{person}/edit`
async fn post_edit(app: Data<App>, desk: Desk, id: Path<PersonId>, form: PostedForm) -> Answer {
    let edited = match draft_of(&form).and_then(|draft| Ok((draft, form.parse("row_version")?))) {
        Ok((draft, version)) => app.edit_person(&desk.actor, *id, version, &draft).await,
        Err(error) => Err(error),
    };
    match edited {
        Ok(()) => present::see_other(&format!("/people/{id}"), "flash-saved", &[]),
        Err(error @ AppError::Invalid { .. }) => {
            let person = app.load_person(&desk.actor, *id).await?;
            show_again(&app, &desk, &form, Some(person), error).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /people/{person}/invitation`: mails it again.
async fn post_invitation(
    app: Data<App>,
    desk: Desk,
    id: Path<PersonId>,
    _form: PostedForm,
) -> Answer {
    app.resend_invitation(&desk.actor, *id).await?;
    present::see_other(&format!("/people/{id}"), "flash-invitation-resent", &[])
}

/// `POST /people/{person}/disable`
async fn post_disable(app: Data<App>, desk: Desk, id: Path<PersonId>, form: PostedForm) -> Answer {
    let version = form.parse("row_version")?;
    app.disable_person(&desk.actor, *id, version).await?;
    present::see_other(&format!("/people/{id}"), "flash-person-disabled", &[])
}

/// `POST /people/{person}/enable`
async fn post_enable(app: Data<App>, desk: Desk, id: Path<PersonId>, form: PostedForm) -> Answer {
    let version = form.parse("row_version")?;
    app.enable_person(&desk.actor, *id, version).await?;
    present::see_other(&format!("/people/{id}"), "flash-person-enabled", &[])
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/people", Audience::Person, || web::get().to(get_people)),
    Route::post("/people", Audience::Person, || web::post().to(post_person)),
    Route::get("/people/new", Audience::Person, || web::get().to(get_new)),
    Route::get("/people/{person}", Audience::Person, || {
        web::get().to(get_person)
    }),
    Route::get("/people/{person}/edit", Audience::Person, || {
        web::get().to(get_edit)
    }),
    Route::post("/people/{person}/edit", Audience::Person, || {
        web::post().to(post_edit)
    }),
    Route::post("/people/{person}/invitation", Audience::Person, || {
        web::post().to(post_invitation)
    }),
    Route::post("/people/{person}/tasks", Audience::Person, || {
        web::post().to(post_tasks)
    }),
    Route::post("/people/{person}/disable", Audience::Person, || {
        web::post().to(post_disable)
    }),
    Route::post("/people/{person}/enable", Audience::Person, || {
        web::post().to(post_enable)
    }),
];
