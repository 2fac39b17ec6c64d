//! Logging in and out, and the choice of language.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header::LOCATION;
use actix_web::web::{self, Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chancery_types::Locale;
use serde::Deserialize;

use crate::app::people::ProfileDraft;
use crate::app::{App, AppError};
use crate::web::edge::{LANGUAGE_COOKIE, RequestFacts, same_site_path};
use crate::web::limits::{Limiter, network_of};
use crate::web::routes::{Audience, Route};
use crate::web::session::{self, app_and_facts};
use crate::web::{Answer, Desk, FormView, Outsider, PostedForm, Shell, present};

/// Where one lands after login.
const HOME: &str = "/tasks";
/// From how many addresses at once a login may be tried to the limit of one.
const ADDRESSES_PER_LOGIN: u32 = 10;

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LoginPage<'a> {
    shell: &'a Shell,
    form: FormView,
    next: String,
    failed: bool,
}

#[derive(Deserialize)]
struct NextQuery {
    next: Option<String>,
}

/// `GET /login`
async fn get_login(outsider: Outsider, query: Query<NextQuery>) -> Answer {
    let next = query
        .next
        .as_deref()
        .and_then(same_site_path)
        .unwrap_or(HOME);
    let page = LoginPage {
        shell: &outsider.shell,
        form: FormView::default(),
        next: next.to_owned(),
        failed: false,
    };
    present::page(&outsider.shell, &page)
}

/// Counts a login by its address, and by its name. The limit of a name slows strangers who guess
/// from many places; it does not stop whoever comes from where this person has logged in before, or
/// anybody could lock anybody out. There the limit of the address still holds.
async fn check_limits(
    app: &App,
    limiter: &Limiter,
    facts: &RequestFacts,
    login: &str,
) -> Result<(), AppError> {
    let per_minute = app.config.rate_limits.login_per_minute;
    limiter.check_address("login-address", facts, per_minute)?;
    let folded = login.trim().to_lowercase();
    // Far above the limit of one address, so that nobody slows another down from one place.
    let per_login = per_minute.saturating_mul(ADDRESSES_PER_LOGIN);
    let counted = limiter.check("login-name", &folded, per_login, facts.at);
    let Err(too_many) = counted else {
        return Ok(());
    };
    let known = app.list_login_addresses(&folded).await?;
    let here = network_of(facts.address.as_deref().unwrap_or(""));
    match known.iter().any(|known| network_of(known) == here) {
        true => Ok(()),
        false => Err(too_many),
    }
}

/// `POST /login`: a new session, and back to where the reader wanted to go.
async fn post_login(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    outsider: Outsider,
    form: PostedForm,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    let (login, next) = (form.text("login"), form.text("next"));
    check_limits(&app, &limiter, &facts, login).await?;
    let next = same_site_path(next).unwrap_or(HOME);
    match app
        .log_in(login, form.text("password"), facts.origin())
        .await
    {
        Ok(opened) => Ok(session::enter(&request, &facts, &opened, next).finish()),
        Err(AppError::Refused { .. }) => {
            let page = LoginPage {
                shell: &outsider.shell,
                form: FormView::of([("login", login)]),
                next: next.to_owned(),
                failed: true,
            };
            present::page_with_errors(&outsider.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /logout`
async fn post_logout(
    app: Data<App>,
    request: HttpRequest,
    desk: Desk,
    _form: PostedForm,
) -> Answer {
    let (_, facts) = app_and_facts(&request)?;
    app.close_session(&desk.actor, desk.session).await?;
    let mut answer = present::see_other("/login", "flash-logged-out", &[])?;
    // A cookie that cannot be written stays until it ends; the session is gone in any case.
    let _ = answer.add_cookie(&session::no_cookie(&request, &facts));
    Ok(answer)
}

/// `POST /language`: for a year, in this browser; of a person, also in their profile, which goes
/// first.
async fn post_language(request: HttpRequest, form: PostedForm) -> Answer {
    let (app, facts) = app_and_facts(&request)?;
    let locale = Locale::from_code(form.text("language"))
        .ok_or_else(|| AppError::invalid("language", "not-a-choice"))?;
    let back = same_site_path(form.text("back")).unwrap_or("/");
    if let Some(logged_in) = session::current(&request).await? {
        let draft = ProfileDraft {
            locale: Some(locale),
            ..ProfileDraft::default()
        };
        app.edit_own_profile(&logged_in.actor, draft).await?;
    }
    let cookie = Cookie::build(LANGUAGE_COOKIE, locale.code())
        .path("/")
        .secure(facts.is_secure)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(365))
        .finish();
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, back))
        .cookie(cookie)
        .finish())
}

/// `GET /`: the desk.
async fn get_root(_desk: Desk) -> Answer {
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, HOME))
        .finish())
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/", Audience::Person, || web::get().to(get_root)),
    Route::get("/login", Audience::Everyone, || web::get().to(get_login)),
    Route::post("/login", Audience::Everyone, || web::post().to(post_login)),
    Route::post("/logout", Audience::Person, || web::post().to(post_logout)),
    Route::post("/language", Audience::Everyone, || {
        web::post().to(post_language)
    }),
];
