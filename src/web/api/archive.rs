//! Into the archive and out of it: `/api/v1/…/archive` and `…/restore`.

use actix_web::web::{self, Data, Path};
use chancery_types::id::{ContactId, CounterpartyId, DepartmentId};
use serde::Deserialize;
use utoipa::OpenApi;

use crate::app::App;
use crate::app::archive::Way;
use crate::web::pagination::IfMatch;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, PersonOnly, present};

/// This area's calls.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    post_archive_counterparty,
    post_restore_counterparty,
    post_archive_contact,
    post_restore_contact,
    post_archive_department,
    post_restore_department
))]
pub struct Api;

/// `?archived=true`
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct ArchivedQuery {
    /// Those in the archive, in place of those that are not.
    #[serde(default)]
    pub archived: bool,
}

/// Archives a counterparty: it and its contacts are offered no more.
#[utoipa::path(post, path = "/api/v1/counterparties/{counterparty}/archive",
    tag = "counterparties", params(("counterparty" = String, Path),
        ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Archived"), (status = 409, description = "It was"),
        (status = 412, description = "Changed meanwhile")))]
async fn post_archive_counterparty(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<CounterpartyId>,
    version: IfMatch,
) -> Answer {
    app.archive_counterparty(&caller.actor, *id, version.0, Way::In)
        .await?;
    present::no_content()
}

/// Takes a counterparty out of the archive.
#[utoipa::path(post, path = "/api/v1/counterparties/{counterparty}/restore",
    tag = "counterparties", params(("counterparty" = String, Path),
        ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Restored"), (status = 409, description = "It was not"),
        (status = 412, description = "Changed meanwhile")))]
async fn post_restore_counterparty(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<CounterpartyId>,
    version: IfMatch,
) -> Answer {
    app.archive_counterparty(&caller.actor, *id, version.0, Way::Out)
        .await?;
    present::no_content()
}

/// Archives a contact: they are offered no more; links that were sent still work.
#[utoipa::path(post, path = "/api/v1/contacts/{contact}/archive", tag = "counterparties",
    params(("contact" = String, Path), ("If-Match" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Archived"), (status = 409, description = "They were"),
        (status = 412, description = "Changed meanwhile")))]
async fn post_archive_contact(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<ContactId>,
    version: IfMatch,
) -> Answer {
    app.archive_contact(&caller.actor, *id, version.0, Way::In)
        .await?;
    present::no_content()
}

/// Takes a contact out of the archive.
#[utoipa::path(post, path = "/api/v1/contacts/{contact}/restore", tag = "counterparties",
    params(("contact" = String, Path), ("If-Match" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Restored"), (status = 409, description = "It was not"),
        (status = 412, description = "Changed meanwhile")))]
async fn post_restore_contact(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<ContactId>,
    version: IfMatch,
) -> Answer {
    app.archive_contact(&caller.actor, *id, version.0, Way::Out)
        .await?;
    present::no_content()
}

/// Archives a department in which nobody and no other department stands. For administrators.
#[utoipa::path(post, path = "/api/v1/departments/{department}/archive", tag = "organisation",
    params(("department" = String, Path), ("If-Match" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Archived"),
        (status = 409, description = "It was, or somebody stands in it"),
        (status = 412, description = "Changed meanwhile")))]
async fn post_archive_department(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<DepartmentId>,
    version: IfMatch,
) -> Answer {
    app.archive_department(&caller.actor, *id, version.0, Way::In)
        .await?;
    present::no_content()
}

/// Takes a department out of the archive. For administrators.
#[utoipa::path(post, path = "/api/v1/departments/{department}/restore", tag = "organisation",
    params(("department" = String, Path), ("If-Match" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Restored"),
        (status = 409, description = "It was not, or the one above it is archived"),
        (status = 412, description = "Changed meanwhile")))]
async fn post_restore_department(
    app: Data<App>,
    caller: PersonOnly,
    id: Path<DepartmentId>,
    version: IfMatch,
) -> Answer {
    app.archive_department(&caller.actor, *id, version.0, Way::Out)
        .await?;
    present::no_content()
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::post(
        "/api/v1/counterparties/{counterparty}/archive",
        Audience::Person,
        || web::post().to(post_archive_counterparty),
    ),
    Route::post(
        "/api/v1/counterparties/{counterparty}/restore",
        Audience::Person,
        || web::post().to(post_restore_counterparty),
    ),
    Route::post(
        "/api/v1/contacts/{contact}/archive",
        Audience::Person,
        || web::post().to(post_archive_contact),
    ),
    Route::post(
        "/api/v1/contacts/{contact}/restore",
        Audience::Person,
        || web::post().to(post_restore_contact),
    ),
    Route::post(
        "/api/v1/departments/{department}/archive",
        Audience::Person,
        || web::post().to(post_archive_department),
    ),
    Route::post(
        "/api/v1/departments/{department}/restore",
        Audience::Person,
        || web::post().to(post_restore_department),
    ),
];
