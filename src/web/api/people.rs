//! `/api/v1/people`.

use actix_web::web::{self, Data, Json, Path, Query};
use chancery_types::Locale;
use chancery_types::id::{DepartmentId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::app::people::{OpenTask, PersonCard, PersonDraft};
use crate::web::pagination::{IfMatch, ListBody, PageQuery};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        get_people,
        post_person,
        get_person,
        put_person,
        post_invitation,
        post_disable,
        post_enable,
        get_tasks,
        post_reassignment
    ),
    components(schemas(
        PersonView,
        PersonBody,
        RoleBody,
        OpenTaskView,
        TaskTakerBody,
        TasksMovedView
    ))
)]
pub struct Api;

/// A role, in the whole organisation or in one department.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleBody {
    /// `lawyer`, `administrator` …
    role: String,
    /// The department; everywhere without one.
    #[schema(value_type = Option<String>)]
    department_id: Option<DepartmentId>,
}

/// A person to be invited or changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    /// Their name.
    name: String,
    /// Their address, with which they log in.
    email: String,
    /// What they are.
    position: Option<String>,
    /// Where they work.
    #[schema(value_type = Option<String>)]
    department_id: Option<DepartmentId>,
    /// Whom they report to.
    #[schema(value_type = Option<String>)]
    manager_id: Option<PersonId>,
    /// What they may do.
    roles: Vec<RoleBody>,
    /// Groups that workflows name.
    #[serde(default)]
    groups: Vec<String>,
    /// `ru` or `en`; the browser's without one.
    #[schema(value_type = Option<String>)]
    locale: Option<Locale>,
}

impl From<PersonBody> for PersonDraft {
    fn from(body: PersonBody) -> Self {
        let roles = body.roles.into_iter();
        Self {
            name: body.name,
            email: body.email,
            position: body.position,
            department: body.department_id,
            manager: body.manager_id,
            roles: roles.map(|role| (role.role, role.department_id)).collect(),
            groups: body.groups,
            locale: body.locale,
        }
    }
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    id: String,
    name: String,
    email: String,
    position: Option<String>,
    department_id: Option<String>,
    manager_id: Option<String>,
    roles: Vec<RoleBody>,
    groups: Vec<String>,
    locale: Option<String>,
    state: String,
}

impl From<PersonCard> for PersonView {
    fn from(card: PersonCard) -> Self {
        let draft = card.draft;
        let roles = draft.roles.into_iter();
        Self {
            id: card.id.to_string(),
            name: draft.name,
            email: draft.email,
            position: draft.position,
            department_id: draft.department.map(|id| id.to_string()),
            manager_id: draft.manager.map(|id| id.to_string()),
            roles: roles
                .map(|(role, department_id)| RoleBody {
                    role,
                    department_id,
                })
                .collect(),
            groups: draft.groups,
            locale: draft.locale.map(|locale| locale.code().to_owned()),
            state: card.state.code().to_owned(),
        }
    }
}

/// People by name. Groups are given for one person only.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(PageQuery),
    responses((status = 200, description = "A page", body = ListBody<PersonView>)))]
async fn get_people(app: Data<App>, caller: PersonOnly, query: Query<PageQuery>) -> Answer {
    let found = app
        .list_people(&caller.actor, &query.request(&app)?)
        .await?;
    present::json(&ListBody::<PersonView>::from(found))
}

/// Invites a person by mail.
#[utoipa::path(post, path = "/api/v1/people", tag = "people",
    params(("Idempotency-Key" = String, Header)), request_body = PersonBody,
    responses((status = 201, description = "Invited", body = PersonView)))]
async fn post_person(app: Data<App>, caller: PersonOnly, body: Json<PersonBody>) -> Answer {
    let draft = body.into_inner().into();
    let id = app.create_person(&caller.actor, &draft).await?;
    let card = app.load_person(&caller.actor, id).await?;
    present::created(&format!("/api/v1/people/{id}"), &PersonView::from(card))
}

/// One person; their version is the ETag.
#[utoipa::path(get, path = "/api/v1/people/{person}", tag = "people",
    params(("person" = String, Path)),
    responses((status = 200, description = "The person", body = PersonView)))]
async fn get_person(app: Data<App>, caller: PersonOnly, id: Path<PersonId>) -> Answer {
    answer(&app, &caller, *id).await
}

async fn answer(app: &App, caller: &PersonOnly, id: PersonId) -> Answer {
    let card = app.load_person(&caller.actor, id).await?;
    present::json_with_tag(card.row_version, &PersonView::from(card))
}

/// Changes a person, their roles and groups.
#[utoipa::path(put, path = "/api/v1/people/{person}", tag = "people",
    params(("person" = String, Path), ("If-Match" = String, Header)), request_body = PersonBody,
    responses((status = 200, description = "As they are now", body = PersonView),
        (status = 412, description = "Changed meanwhile")))]
async fn put_person(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<PersonId>,
    version: IfMatch,
    body: Json<PersonBody>,
) -> Answer {
    let draft = body.into_inner().into();
    app.edit_person(&caller.actor, *id, version.0, &draft)
        .await?;
    answer(&app, &caller, *id).await
}

/// Mails the invitation again.
#[utoipa::path(post, path = "/api/v1/people/{person}/invitation", tag = "people",
    params(("person" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Mailed")))]
async fn post_invitation(app: Data<App>, caller: PersonOnly, id: Path<PersonId>) -> Answer {
    app.resend_invitation(&caller.actor, *id).await?;
    present::no_content()
}

/// Takes a person's access away.
#[utoipa::path(post, path = "/api/v1/people/{person}/disable", tag = "people",
    params(("person" = String, Path), ("If-Match" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 200, description = "As they are now", body = PersonView)))]
async fn post_disable(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<PersonId>,
    version: IfMatch,
) -> Answer {
    app.disable_person(&caller.actor, *id, version.0).await?;
    answer(&app, &caller, *id).await
}

/// Gives a disabled person access again.
#[utoipa::path(post, path = "/api/v1/people/{person}/enable", tag = "people",
    params(("person" = String, Path), ("If-Match" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 200, description = "As they are now", body = PersonView)))]
async fn post_enable(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<PersonId>,
    version: IfMatch,
) -> Answer {
    app.enable_person(&caller.actor, *id, version.0).await?;
    answer(&app, &caller, *id).await
}

/// An open task of somebody: not what its document is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenTaskView {
    id: String,
    document_id: String,
    stage: String,
    opened_at: String,
    due_at: Option<String>,
}

impl From<OpenTask> for OpenTaskView {
    fn from(task: OpenTask) -> Self {
        Self {
            id: task.id.to_string(),
            document_id: task.document_id.to_string(),
            stage: task.stage,
            opened_at: task.opened_at.to_string(),
            due_at: task.due_at.map(|at| at.to_string()),
        }
    }
}

/// Who takes the tasks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskTakerBody {
    /// An active person.
    #[schema(value_type = String)]
    to: PersonId,
}

/// What became of the tasks.
#[derive(Debug, Serialize, ToSchema)]
pub struct TasksMovedView {
    /// How many are with the other person now.
    moved: usize,
    /// Those that stayed: task and the code of the refusal.
    stayed: Vec<(String, String)>,
}

/// A person's open tasks, the oldest first, at most 200: for an administrator.
#[utoipa::path(get, path = "/api/v1/people/{person}/tasks", tag = "people",
    params(("person" = String, Path)),
    responses((status = 200, description = "The tasks", body = ListBody<OpenTaskView>)))]
async fn get_tasks(app: Data<App>, caller: PersonOnly, id: Path<PersonId>) -> Answer {
    let found = app.list_open_tasks_of(&caller.actor, *id).await?;
    present::json(&ListBody {
        rows: found.into_iter().map(OpenTaskView::from).collect(),
        next: None,
    })
}

/// Gives a person's open tasks to another, each by itself: those that may not be given stay.
#[utoipa::path(post, path = "/api/v1/people/{person}/tasks/reassignment", tag = "people",
    params(("person" = String, Path), ("Idempotency-Key" = String, Header)),
    request_body = TaskTakerBody,
    responses((status = 200, description = "What became of them", body = TasksMovedView)))]
async fn post_reassignment(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<PersonId>,
    body: Json<TaskTakerBody>,
) -> Answer {
    // Every task is a change of its own: none of them speaks for the whole request.
    let actor = caller.actor.midway();
    let done = app.hand_over_tasks(&actor, *id, body.to).await?;
    let stayed = done.stayed.into_iter();
    present::json(&TasksMovedView {
        moved: done.moved,
        stayed: stayed.map(|(id, code)| (id.to_string(), code)).collect(),
    })
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/people", Audience::Person, || {
        web::get().to(get_people)
    }),
    Route::post("/api/v1/people", Audience::Person, || {
        web::post().to(post_person)
    }),
    Route::get("/api/v1/people/{person}", Audience::Person, || {
        web::get().to(get_person)
    }),
    Route::put("/api/v1/people/{person}", Audience::Person, || {
        web::put().to(put_person)
    }),
    Route::post(
        "/api/v1/people/{person}/invitation",
        Audience::Person,
        || web::post().to(post_invitation),
    ),
    Route::get("/api/v1/people/{person}/tasks", Audience::Person, || {
        web::get().to(get_tasks)
    }),
    Route::post(
        "/api/v1/people/{person}/tasks/reassignment",
        Audience::Person,
        || web::post().to(post_reassignment),
    ),
    Route::post("/api/v1/people/{person}/disable", Audience::Person, || {
        web::post().to(post_disable)
    }),
    Route::post("/api/v1/people/{person}/enable", Audience::Person, || {
        web::post().to(post_enable)
    }),
];
