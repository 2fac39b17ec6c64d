//! A forgotten password, and setting one by a mailed link.

use actix_web::HttpRequest;
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
    limiter.check_address("reset-address", &facts, per_minute)?;
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
    limiter.check_address("set-address", &facts, per_minute)?;
    // The whole link may have been pasted.
    let secret = form.text("code").rsplit('#').next().unwrap_or("");
    let locale = outsider.shell.locale();
    let (form, failed) = match app
        .set_password(secret, form.text("password"), facts.origin())
        .await
    {
        Ok(person) => {
            let opened = app.open_session(person, facts.origin()).await?;
            let mut answer = session::enter(&request, &facts, &opened, "/");
            answer.cookie(flash::cookie("flash-password-set", &[]));
            return Ok(answer.finish());
        }
        Err(AppError::Invalid { fields }) => (form.view(locale, &fields), false),
        Err(AppError::Refused { .. }) => (form.view(locale, &[]), true),
        Err(error) => return Err(error.into()),
    };
    show_set(&outsider.shell, form, failed)
}

fn show_set(shell: &Shell, form: FormView, failed: bool) -> Answer {
    let page = SetPage {
        shell,
        form,
        failed,
    };
    present::page_with_errors(shell, &page)
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
