//! A forgotten password, and setting one by a mailed link.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::{self, Data};
use askama::Template;

use crate::app::{App, AppError};
use crate::web::limits::Limiter;
use crate::web::routes::{Audience, Route};
use crate::web::session::{self, app_and_facts};
use crate::web::{Answer, FormView, Outsider, PostedForm, Shell, flash, present};

#[derive(Template)]
#[template(path = "pages/password-reset.html")]
struct ResetPage<'a> {
    shell: &'a Shell,
}

#[derive(Template)]
#[template(path = "pages/password-set.html")]
struct SetPage<'a> {
    shell: &'a Shell,
    form: FormView,
    failed: bool,
}

/// `GET /password/reset`
async fn get_reset(outsider: Outsider) -> Answer {
    let page = ResetPage {
        shell: &outsider.shell,
    };
    present::page(&outsider.shell, &page)
}

/// `POST /password/reset`: the same answer for every address.
async fn post_reset(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    form: PostedForm,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    let per_minute = app.config.rate_limits.login_per_minute;
    let address = facts.address.as_deref().unwrap_or("");
    limiter.check("reset-address", address, per_minute, facts.at)?;
    app.request_password_reset(form.text("login"), facts.origin())
        .await?;
    present::see_other("/login", "flash-reset-mailed", &[])
}

/// `GET /password/set`: the secret is in the fragment, or pasted.
async fn get_set(outsider: Outsider) -> Answer {
    let page = SetPage {
        shell: &outsider.shell,
        form: FormView::default(),
        failed: false,
    };
    present::page(&outsider.shell, &page)
}

/// `POST /password/set`: sets it and logs in.
async fn post_set(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    outsider: Outsider,
    form: PostedForm,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    let per_minute = app.config.rate_limits.login_per_minute;
    let address = facts.address.as_deref().unwrap_or("");
    limiter.check("set-address", address, per_minute, facts.at)?;
    // The whole link may have been pasted.
    let secret = form.text("code").rsplit('#').next().unwrap_or("");
    let locale = outsider.shell.locale();
    let (form, failed) = match app
        .set_password(secret, form.text("password"), facts.origin())
        .await
    {
        Ok(person) => {
            let opened = app.open_session(person, facts.origin()).await?;
            return Ok(HttpResponse::SeeOther()
                .insert_header((LOCATION, "/"))
                .cookie(session::cookie(&request, &facts, &opened))
                .cookie(flash::cookie("flash-password-set", &[]))
                .finish());
        }
        Err(AppError::Invalid { fields }) => (form.view(locale, &fields), false),
        Err(AppError::Refused { .. }) => (form.view(locale, &[]), true),
        Err(error) => return Err(error.into()),
    };
    let page = SetPage {
        shell: &outsider.shell,
        form,
        failed,
    };
    present::page_with_errors(&outsider.shell, &page)
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/password/reset", Audience::Everyone, || {
        web::get().to(get_reset)
    }),
    Route::post("/password/reset", Audience::Everyone, || {
        web::post().to(post_reset)
    }),
    Route::get("/password/set", Audience::Everyone, || {
        web::get().to(get_set)
    }),
    Route::post("/password/set", Audience::Everyone, || {
        web::post().to(post_set)
    }),
];
