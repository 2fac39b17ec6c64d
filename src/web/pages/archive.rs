//! Into the archive and out of it: counterparties, contacts, departments.

use actix_web::web::{self, Data, Path};
use chancery_types::id::{ContactId, CounterpartyId, DepartmentId};

use crate::app::App;
use crate::app::archive::Way;
use crate::web::routes::{Audience, Route};
use crate::web::{Answer, Desk, PostedForm, present};

fn done(path: &str, way: Way) -> Answer {
    let said = match way {
        Way::In => "flash-archived",
        Way::Out => "flash-restored",
    };
    present::see_other(path, said, &[])
}

async fn move_counterparty(
    app: &App,
    desk: &Desk,
    id: CounterpartyId,
    form: &PostedForm,
    way: Way,
) -> Answer {
    let version = form.parse("row_version")?;
    app.archive_counterparty(&desk.actor, id, version, way)
        .await?;
    done(&format!("/counterparties/{id}"), way)
}

async fn move_contact(
    app: &App,
    desk: &Desk,
    id: ContactId,
    form: &PostedForm,
    way: Way,
) -> Answer {
    let version = form.parse("row_version")?;
    let counterparty = app.load_contact(&desk.actor, id).await?.counterparty;
    app.archive_contact(&desk.actor, id, version, way).await?;
    done(&format!("/counterparties/{counterparty}"), way)
}

async fn move_department(
    app: &App,
    desk: &Desk,
    id: DepartmentId,
    form: &PostedForm,
    way: Way,
) -> Answer {
    super::require_administrator(desk)?;
    let version = form.parse("row_version")?;
    app.archive_department(&desk.actor, id, version, way)
        .await?;
    done("/organisation", way)
}

/// `POST /counterparties/{counterparty}/archive`
async fn post_archive_counterparty(
    app: Data<App>,
    desk: Desk,
    id: Path<CounterpartyId>,
    form: PostedForm,
) -> Answer {
    move_counterparty(&app, &desk, *id, &form, Way::In).await
}

/// `POST /counterparties/{counterparty}/restore`
async fn post_restore_counterparty(
    app: Data<App>,
    desk: Desk,
    id: Path<CounterpartyId>,
    form: PostedForm,
) -> Answer {
    move_counterparty(&app, &desk, *id, &form, Way::Out).await
}

/// `POST /contacts/{contact}/archive`
async fn post_archive_contact(
    app: Data<App>,
    desk: Desk,
    id: Path<ContactId>,
    form: PostedForm,
) -> Answer {
    move_contact(&app, &desk, *id, &form, Way::In).await
}

/// `POST /contacts/{contact}/restore`
async fn post_restore_contact(
    app: Data<App>,
    desk: Desk,
    id: Path<ContactId>,
    form: PostedForm,
) -> Answer {
    move_contact(&app, &desk, *id, &form, Way::Out).await
}

/// `POST /departments/{department}/archive`
async fn post_archive_department(
    app: Data<App>,
    desk: Desk,
    id: Path<DepartmentId>,
    form: PostedForm,
) -> Answer {
    move_department(&app, &desk, *id, &form, Way::In).await
}

/// `POST /departments/{department}/restore`
async fn post_restore_department(
    app: Data<App>,
    desk: Desk,
    id: Path<DepartmentId>,
    form: PostedForm,
) -> Answer {
    move_department(&app, &desk, *id, &form, Way::Out).await
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::post(
        "/counterparties/{counterparty}/archive",
        Audience::Person,
        || web::post().to(post_archive_counterparty),
    ),
    Route::post(
        "/counterparties/{counterparty}/restore",
        Audience::Person,
        || web::post().to(post_restore_counterparty),
    ),
    Route::post("/contacts/{contact}/archive", Audience::Person, || {
        web::post().to(post_archive_contact)
    }),
    Route::post("/contacts/{contact}/restore", Audience::Person, || {
        web::post().to(post_restore_contact)
    }),
    Route::post(
        "/departments/{department}/archive",
        Audience::Person,
        || web::post().to(post_archive_department),
    ),
    Route::post(
        "/departments/{department}/restore",
        Audience::Person,
        || web::post().to(post_restore_department),
    ),
];
