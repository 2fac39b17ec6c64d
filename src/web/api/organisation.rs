//! `/api/v1/organisation` and `/api/v1/departments`.

use actix_web::web::{self, Data, Json, Path, Query};
use chancery_types::Locale;
use chancery_types::id::{DepartmentId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::app::checks::TaxIds;
use crate::app::organisations::{
    DepartmentDraft, DepartmentRow, OrganisationCard, OrganisationDraft,
};
use crate::web::api::archive::ArchivedQuery;
use crate::web::pagination::{IfMatch, ListBody};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        get_organisation,
        put_organisation,
        get_departments,
        post_department,
        get_department,
        put_department
    ),
    components(schemas(OrganisationBody, OrganisationView, DepartmentBody, DepartmentView))
)]
pub struct Api;

/// An organisation to be changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationBody {
    /// Its name.
    name: String,
    /// ISO 3166, two letters.
    country: String,
    /// In Russia.
    inn: Option<String>,
    /// In Russia.
    kpp: Option<String>,
    /// Outside Russia.
    vat_id: Option<String>,
    /// `ru` or `en`: of mails to people who chose none.
    #[schema(value_type = String)]
    locale: Locale,
    /// An IANA name: `Europe/Moscow`.
    time_zone: String,
    /// The published rules of electronic signing, Russian.
    signing_rules_ru: String,
    /// The same, English.
    signing_rules_en: String,
    /// The consent to the processing of personal data, Russian.
    personal_data_ru: String,
    /// The same, English.
    personal_data_en: String,
}

impl From<OrganisationBody> for OrganisationDraft {
    fn from(body: OrganisationBody) -> Self {
        Self {
            name: body.name,
            tax_ids: TaxIds {
                country: body.country,
                inn: body.inn,
                kpp: body.kpp,
                vat_id: body.vat_id,
            },
            locale: body.locale,
            time_zone: body.time_zone,
            signing_rules_ru: body.signing_rules_ru,
            signing_rules_en: body.signing_rules_en,
            personal_data_ru: body.personal_data_ru,
            personal_data_en: body.personal_data_en,
        }
    }
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationView {
    id: String,
    name: String,
    country: String,
    inn: Option<String>,
    kpp: Option<String>,
    vat_id: Option<String>,
    locale: String,
    time_zone: String,
    signing_rules_ru: String,
    signing_rules_en: String,
    personal_data_ru: String,
    personal_data_en: String,
}

impl From<OrganisationCard> for OrganisationView {
    fn from(card: OrganisationCard) -> Self {
        let draft = card.draft;
        Self {
            id: card.id.to_string(),
            name: draft.name,
            country: draft.tax_ids.country,
            inn: draft.tax_ids.inn,
            kpp: draft.tax_ids.kpp,
            vat_id: draft.tax_ids.vat_id,
            locale: draft.locale.code().to_owned(),
            time_zone: draft.time_zone,
            signing_rules_ru: draft.signing_rules_ru,
            signing_rules_en: draft.signing_rules_en,
            personal_data_ru: draft.personal_data_ru,
            personal_data_en: draft.personal_data_en,
        }
    }
}

/// A department to be made or changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentBody {
    /// What workflows call it: `legal`. Given once; a change leaves it as it is.
    #[serde(default)]
    key: String,
    /// Its name.
    name: String,
    /// The one above it.
    #[schema(value_type = Option<String>)]
    parent_id: Option<DepartmentId>,
    /// Who heads it.
    #[schema(value_type = Option<String>)]
    head_id: Option<PersonId>,
}

impl From<DepartmentBody> for DepartmentDraft {
    fn from(body: DepartmentBody) -> Self {
        Self {
            key: body.key,
            name: body.name,
            parent: body.parent_id,
            head: body.head_id,
        }
    }
}

/// A department.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentView {
    id: String,
    key: String,
    name: String,
    parent_id: Option<String>,
    head_id: Option<String>,
    head_name: Option<String>,
    /// What an edit must send as `If-Match`.
    row_version: i64,
}

impl From<DepartmentRow> for DepartmentView {
    fn from(row: DepartmentRow) -> Self {
        Self {
            id: row.id.to_string(),
            key: row.draft.key,
            name: row.draft.name,
            parent_id: row.draft.parent.map(|id| id.to_string()),
            head_id: row.draft.head.map(|id| id.to_string()),
            head_name: row.head_name,
            row_version: row.row_version,
        }
    }
}

/// The caller's organisation; its version is the ETag.
#[utoipa::path(get, path = "/api/v1/organisation", tag = "organisation",
    responses((status = 200, description = "The organisation", body = OrganisationView)))]
async fn get_organisation(app: Data<App>, caller: PersonOnly) -> Answer {
    let card = app.load_organisation(&caller.actor).await?;
    present::json_with_tag(card.row_version, &OrganisationView::from(card))
}

/// Changes the organisation and its published texts. For administrators.
#[utoipa::path(put, path = "/api/v1/organisation", tag = "organisation",
    params(("If-Match" = String, Header)), request_body = OrganisationBody,
    responses((status = 200, description = "As it is now", body = OrganisationView),
        (status = 412, description = "Changed meanwhile")))]
async fn put_organisation(
    app: Data<App>,
    caller: PersonOnly,
    version: IfMatch,
    body: Json<OrganisationBody>,
) -> Answer {
    let draft = body.into_inner().into();
    app.edit_organisation(&caller.actor, version.0, &draft)
        .await?;
    get_organisation(app, caller).await
}

/// The departments by name; those in the archive with `archived=true`.
#[utoipa::path(get, path = "/api/v1/departments", tag = "organisation", params(ArchivedQuery),
    responses((status = 200, description = "All of them", body = ListBody<DepartmentView>)))]
async fn get_departments(
    app: Data<App>,
    caller: PersonOnly,
    query: Query<ArchivedQuery>,
) -> Answer {
    let found = if query.archived {
        app.list_archived_departments(&caller.actor).await?
    } else {
        app.list_departments(&caller.actor).await?
    };
    present::json(&ListBody {
        rows: found.into_iter().map(DepartmentView::from).collect(),
        next: None,
    })
}

/// Makes a department. For administrators.
#[utoipa::path(post, path = "/api/v1/departments", tag = "organisation",
    params(("Idempotency-Key" = String, Header)), request_body = DepartmentBody,
    responses((status = 201, description = "Made", body = DepartmentView)))]
async fn post_department(app: Data<App>, caller: PersonOnly, body: Json<DepartmentBody>) -> Answer {
    let draft = body.into_inner().into();
    let id = app.create_department(&caller.actor, &draft).await?;
    let row = app.load_department(&caller.actor, id).await?;
    let path = format!("/api/v1/departments/{id}");
    present::created(&path, &DepartmentView::from(row))
}

/// One department that is not in the archive; its version is the ETag.
#[utoipa::path(get, path = "/api/v1/departments/{department}", tag = "organisation",
    params(("department" = String, Path)),
    responses((status = 200, description = "The department", body = DepartmentView)))]
async fn get_department(app: Data<App>, caller: PersonOnly, id: Path<DepartmentId>) -> Answer {
    let row = app.load_department(&caller.actor, *id).await?;
    present::json_with_tag(row.row_version, &DepartmentView::from(row))
}

/// Changes a department; its key stays. For administrators.
#[utoipa::path(put, path = "/api/v1/departments/{department}", tag = "organisation",
    params(("department" = String, Path), ("If-Match" = String, Header)),
    request_body = DepartmentBody,
    responses((status = 200, description = "As it is now", body = DepartmentView),
        (status = 412, description = "Changed meanwhile")))]
async fn put_department(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<DepartmentId>,
    version: IfMatch,
    body: Json<DepartmentBody>,
) -> Answer {
    let draft = body.into_inner().into();
    app.edit_department(&caller.actor, *id, version.0, &draft)
        .await?;
    get_department(app, caller, id).await
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/organisation", Audience::Person, || {
        web::get().to(get_organisation)
    }),
    Route::put("/api/v1/organisation", Audience::Person, || {
        web::put().to(put_organisation)
    }),
    Route::get("/api/v1/departments", Audience::Person, || {
        web::get().to(get_departments)
    }),
    Route::post("/api/v1/departments", Audience::Person, || {
        web::post().to(post_department)
    }),
    Route::get("/api/v1/departments/{department}", Audience::Person, || {
        web::get().to(get_department)
    }),
    Route::put("/api/v1/departments/{department}", Audience::Person, || {
        web::put().to(put_department)
    }),
];
