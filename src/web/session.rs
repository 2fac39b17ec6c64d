//! The session cookie, and whom it stands for. Looked up once a request.

use std::rc::Rc;

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, HttpResponseBuilder};

use super::Problem;
use super::edge::{self, RequestFacts};
use crate::app::App;
use crate::app::sessions::{LoggedIn, OpenedSession};

const SESSION: &str = "chancery_session";

/// Remembers the answer of one lookup for the rest of the request.
#[derive(Clone)]
struct Looked(Option<Rc<LoggedIn>>);

/// The name of a cookie: with the `__Host-` prefix behind TLS (then no other host or path can set
/// it), without on plain loopback, where browsers refuse the prefix.
#[must_use]
pub fn cookie_name(request: &HttpRequest, name: &str) -> String {
    let secure = request
        .app_data::<Data<App>>()
        .is_some_and(|app| edge::is_secure(app));
    cookie_name_by(secure, name)
}

/// As [`cookie_name`], for who knows whether people reach us by TLS.
#[must_use]
pub fn cookie_name_by(is_secure: bool, name: &str) -> String {
    if is_secure {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// The app and the facts of this request.
///
/// # Errors
///
/// 500, if the request did not come through the edge.
pub fn app_and_facts(request: &HttpRequest) -> Result<(Data<App>, RequestFacts), Problem> {
    let app = request.app_data::<Data<App>>().cloned();
    let facts = request.extensions().get::<RequestFacts>().cloned();
    app.zip(facts).ok_or(Problem::http(500, "internal"))
}

/// Who is logged in by the cookie, if anybody.
///
/// # Errors
///
/// If the database fails.
pub async fn current(request: &HttpRequest) -> Result<Option<Rc<LoggedIn>>, Problem> {
    let looked = request.extensions().get::<Looked>().cloned();
    if let Some(Looked(found)) = looked {
        return Ok(found);
    }
    let (app, facts) = app_and_facts(request)?;
    let found = match request.cookie(&cookie_name(request, SESSION)) {
        Some(cookie) => {
            app.resume_session(cookie.value(), facts.origin(), facts.locale)
                .await?
        }
        None => None,
    };
    let found = found.map(Rc::new);
    let mut extensions = request.extensions_mut();
    if let Some(logged_in) = &found {
        extensions.insert(logged_in.actor.locale);
    }
    extensions.insert(Looked(found.clone()));
    Ok(found)
}

/// The cookie of a session that was just opened. It ends with the browser, or with the session.
#[must_use]
pub fn cookie(
    request: &HttpRequest,
    facts: &RequestFacts,
    opened: &OpenedSession,
) -> Cookie<'static> {
    let seconds = opened.expires_at.seconds_since(facts.at);
    Cookie::build(cookie_name(request, SESSION), opened.secret.clone())
        .path("/")
        .http_only(true)
        .secure(facts.is_secure)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(seconds))
        .finish()
}

/// After a login: go to `path`, with the session's cookie.
pub fn enter(
    request: &HttpRequest,
    facts: &RequestFacts,
    opened: &OpenedSession,
    path: &str,
) -> HttpResponseBuilder {
    let mut builder = HttpResponse::SeeOther();
    builder
        .insert_header((LOCATION, path))
        .cookie(cookie(request, facts, opened));
    builder
}

/// The cookie that takes the session's away.
#[must_use]
pub fn no_cookie(request: &HttpRequest, facts: &RequestFacts) -> Cookie<'static> {
    let mut cookie = Cookie::build(cookie_name(request, SESSION), "")
        .path("/")
        .http_only(true)
        .secure(facts.is_secure)
        .same_site(SameSite::Lax)
        .finish();
    cookie.make_removal();
    cookie
}
