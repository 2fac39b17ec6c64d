//! `/api/v1/counterparties` and their contacts.

use actix_web::web::{self, Data, Json, Path, Query};
use chancery_types::Locale;
use chancery_types::id::{ContactId, CounterpartyId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::app::checks::TaxIds;
use crate::app::counterparties::{ContactCard, ContactDraft, CounterpartyCard, CounterpartyDraft};
use crate::web::api::archive::ArchivedQuery;
use crate::web::pagination::{IfMatch, ListBody, PageQuery};
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        get_counterparties,
        post_counterparty,
        get_counterparty,
        put_counterparty,
        get_contacts,
        post_contact,
        get_contact,
        put_contact
    ),
    components(schemas(CounterpartyView, ContactView, CounterpartyBody, ContactBody))
)]
pub struct Api;

/// A counterparty to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterpartyBody {
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
    /// Its address.
    address: Option<String>,
}

impl From<CounterpartyBody> for CounterpartyDraft {
    fn from(body: CounterpartyBody) -> Self {
        Self {
            name: body.name,
            tax_ids: TaxIds {
                country: body.country,
                inn: body.inn,
                kpp: body.kpp,
                vat_id: body.vat_id,
            },
            address: body.address,
        }
    }
}

/// A counterparty.
#[derive(Debug, Serialize, ToSchema)]
pub struct CounterpartyView {
    id: String,
    name: String,
    country: String,
    inn: Option<String>,
    kpp: Option<String>,
    vat_id: Option<String>,
    address: Option<String>,
    /// Since when it lies in the archive, RFC 3339.
    archived_at: Option<String>,
}

impl From<CounterpartyCard> for CounterpartyView {
    fn from(card: CounterpartyCard) -> Self {
        Self {
            id: card.id.to_string(),
            name: card.draft.name,
            country: card.draft.tax_ids.country,
            inn: card.draft.tax_ids.inn,
            kpp: card.draft.tax_ids.kpp,
            vat_id: card.draft.tax_ids.vat_id,
            address: card.draft.address,
            archived_at: card.archived_at.map(|at| at.to_string()),
        }
    }
}

/// A contact to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    /// Their name, as their certificate will bear it.
    name: String,
    /// What they are.
    position: Option<String>,
    /// Where links and codes go.
    email: String,
    /// `ru` or `en`.
    #[schema(value_type = String)]
    locale: Locale,
}

impl From<ContactBody> for ContactDraft {
    fn from(body: ContactBody) -> Self {
        Self {
            name: body.name,
            position: body.position,
            email: body.email,
            locale: body.locale,
        }
    }
}

/// A contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    id: String,
    counterparty_id: String,
    name: String,
    position: Option<String>,
    email: String,
    locale: String,
    /// Since when they lie in the archive, RFC 3339.
    archived_at: Option<String>,
}

impl From<ContactCard> for ContactView {
    fn from(card: ContactCard) -> Self {
        Self {
            id: card.id.to_string(),
            counterparty_id: card.counterparty.to_string(),
            name: card.draft.name,
            position: card.draft.position,
            email: card.draft.email,
            locale: card.draft.locale.code().to_owned(),
            archived_at: card.archived_at.map(|at| at.to_string()),
        }
    }
}

/// Counterparties by name; those in the archive with `archived=true`.
#[utoipa::path(get, path = "/api/v1/counterparties", tag = "counterparties",
    params(PageQuery, ArchivedQuery),
    responses((status = 200, description = "A page", body = ListBody<CounterpartyView>)))]
async fn get_counterparties(
    app: Data<App>,
    caller: PersonOnly,
    query: Query<PageQuery>,
    archived: Query<ArchivedQuery>,
) -> Answer {
    let page = query.request(&app)?;
    let found = app
        .list_counterparties_of(&caller.actor, &page, archived.archived)
        .await?;
    present::json(&ListBody::<CounterpartyView>::from(found))
}

/// Writes a counterparty down.
#[utoipa::path(post, path = "/api/v1/counterparties", tag = "counterparties",
    params(("Idempotency-Key" = String, Header)), request_body = CounterpartyBody,
    responses((status = 201, description = "Written", body = CounterpartyView)))]
async fn post_counterparty(
    app: Data<App>,
    caller: PersonOnly,
    body: Json<CounterpartyBody>,
) -> Answer {
    let draft = body.into_inner().into();
    let id = app.create_counterparty(&caller.actor, &draft).await?;
    let (card, _) = app.load_counterparty(&caller.actor, id).await?;
    let path = format!("/api/v1/counterparties/{id}");
    present::created(&path, &CounterpartyView::from(card))
}

/// One counterparty; its version is the ETag.
#[utoipa::path(get, path = "/api/v1/counterparties/{counterparty}", tag = "counterparties",
    params(("counterparty" = String, Path)),
    responses((status = 200, description = "The counterparty", body = CounterpartyView)))]
async fn get_counterparty(app: Data<App>, caller: PersonOnly, id: Path<CounterpartyId>) -> Answer {
    let (card, _) = app.load_counterparty(&caller.actor, *id).await?;
    present::json_with_tag(card.row_version, &CounterpartyView::from(card))
}

/// Changes a counterparty.
#[utoipa::path(put, path = "/api/v1/counterparties/{counterparty}", tag = "counterparties",
    params(("counterparty" = String, Path), ("If-Match" = String, Header)),
    request_body = CounterpartyBody,
    responses((status = 200, description = "As it is now", body = CounterpartyView),
        (status = 412, description = "Changed meanwhile")))]
async fn put_counterparty(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<CounterpartyId>,
    version: IfMatch,
    body: Json<CounterpartyBody>,
) -> Answer {
    let draft = body.into_inner().into();
    app.edit_counterparty(&caller.actor, *id, version.0, &draft)
        .await?;
    let (card, _) = app.load_counterparty(&caller.actor, *id).await?;
    present::json_with_tag(card.row_version, &CounterpartyView::from(card))
}

/// The contacts of a counterparty; those in the archive with `archived=true`.
#[utoipa::path(get, path = "/api/v1/counterparties/{counterparty}/contacts", tag = "counterparties",
    params(("counterparty" = String, Path), ArchivedQuery),
    responses((status = 200, description = "All of them", body = ListBody<ContactView>)))]
async fn get_contacts(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<CounterpartyId>,
    archived: Query<ArchivedQuery>,
) -> Answer {
    let (_, mut contacts) = app.load_counterparty(&caller.actor, *id).await?;
    if archived.archived {
        contacts = app.list_archived_contacts(&caller.actor, *id).await?;
    }
    present::json(&ListBody {
        rows: contacts.into_iter().map(ContactView::from).collect(),
        next: None,
    })
}

/// Writes a contact down.
#[utoipa::path(post, path = "/api/v1/counterparties/{counterparty}/contacts",
    tag = "counterparties",
    params(("counterparty" = String, Path), ("Idempotency-Key" = String, Header)),
    request_body = ContactBody,
    responses((status = 201, description = "Written", body = ContactView)))]
async fn post_contact(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<CounterpartyId>,
    body: Json<ContactBody>,
) -> Answer {
    let draft = body.into_inner().into();
    let contact = app.create_contact(&caller.actor, *id, &draft).await?;
    let card = app.load_contact(&caller.actor, contact).await?;
    present::created(
        &format!("/api/v1/contacts/{contact}"),
        &ContactView::from(card),
    )
}

/// One contact; its version is the ETag.
#[utoipa::path(get, path = "/api/v1/contacts/{contact}", tag = "counterparties",
    params(("contact" = String, Path)),
    responses((status = 200, description = "The contact", body = ContactView)))]
async fn get_contact(app: Data<App>, caller: PersonOnly, id: Path<ContactId>) -> Answer {
    let card = app.load_contact(&caller.actor, *id).await?;
    present::json_with_tag(card.row_version, &ContactView::from(card))
}

/// Changes a contact.
#[utoipa::path(put, path = "/api/v1/contacts/{contact}", tag = "counterparties",
    params(("contact" = String, Path), ("If-Match" = String, Header)), request_body = ContactBody,
    responses((status = 200, description = "As it is now", body = ContactView),
        (status = 412, description = "Changed meanwhile")))]
async fn put_contact(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<ContactId>,
    version: IfMatch,
    body: Json<ContactBody>,
) -> Answer {
    let draft = body.into_inner().into();
    app.edit_contact(&caller.actor, *id, version.0, &draft)
        .await?;
    let card = app.load_contact(&caller.actor, *id).await?;
    present::json_with_tag(card.row_version, &ContactView::from(card))
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/api/v1/counterparties", Audience::Person, || {
        web::get().to(get_counterparties)
    }),
    Route::post("/api/v1/counterparties", Audience::Person, || {
        web::post().to(post_counterparty)
    }),
    Route::get(
        "/api/v1/counterparties/{counterparty}",
        Audience::Person,
        || web::get().to(get_counterparty),
    ),
    Route::put(
        "/api/v1/counterparties/{counterparty}",
        Audience::Person,
        || web::put().to(put_counterparty),
    ),
    Route::get(
        "/api/v1/counterparties/{counterparty}/contacts",
        Audience::Person,
        || web::get().to(get_contacts),
    ),
    Route::post(
        "/api/v1/counterparties/{counterparty}/contacts",
        Audience::Person,
        || web::post().to(post_contact),
    ),
    Route::get("/api/v1/contacts/{contact}", Audience::Person, || {
        web::get().to(get_contact)
    }),
    Route::put("/api/v1/contacts/{contact}", Audience::Person, || {
        web::put().to(put_contact)
    }),
];
