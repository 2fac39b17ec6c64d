//! No other site may act in a reader's name: a same-site check on every change, and a token in
//! every form (of the session; before login, of a cookie that the form repeats).

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use actix_web::{HttpMessage as _, HttpRequest};
use subtle::ConstantTimeEq as _;

use super::edge::RequestFacts;
use super::{Problem, session};
use crate::app::App;
use crate::entropy;

/// The field of every form.
pub const FIELD: &str = "_csrf";
/// The header of API calls that come with a cookie.
pub const HEADER: &str = "X-CSRF-Token";

/// Refuses a change that a page of another site asked for.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site` and `Origin`; what says neither is
/// not a browser, and the token still stands in its way.
///
/// # Errors
///
/// 403 `cross-site`.
pub fn check_site(request: &ServiceRequest, app: &App) -> Result<(), Problem> {
    if request.method().is_safe() {
        return Ok(());
    }
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return Err(Problem::http(403, "cross-site")),
        None => {}
    }
    let Some(origin) = text("origin") else {
        return Ok(());
    };
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|v| v.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    if origin == app.config.server.public_url || (authority.is_some() && authority == host) {
        return Ok(());
    }
    Err(Problem::http(403, "cross-site"))
}

/// The token that forms for this reader carry: of their session, else of the visitor cookie (a new
/// one is remembered for [`new_visitor_cookie`]).
///
/// # Errors
///
/// If the session cannot be looked up.
pub async fn token(request: &HttpRequest) -> Result<String, Problem> {
    if let Some(logged_in) = session::current(request).await? {
        return Ok(logged_in.csrf_token.clone());
    }
    let kept = request.extensions().get::<NewVisitor>().cloned();
    if let Some(NewVisitor(token)) = kept {
        return Ok(token);
    }
    let name = session::cookie_name(request, VISITOR);
    if let Some(cookie) = request.cookie(&name).filter(|c| c.value().len() == 43) {
        return Ok(cookie.value().to_owned());
    }
    let fresh = entropy::secret();
    request.extensions_mut().insert(NewVisitor(fresh.clone()));
    Ok(fresh)
}

const VISITOR: &str = "chancery_visitor";

#[derive(Clone)]
struct NewVisitor(String);

/// The cookie of a visitor who had none, if [`token`] made one in this request.
#[must_use]
pub fn new_visitor_cookie(request: &HttpRequest, facts: &RequestFacts) -> Option<Cookie<'static>> {
    let extensions = request.extensions();
    let NewVisitor(token) = extensions.get::<NewVisitor>()?;
    let cookie = Cookie::build(session::cookie_name(request, VISITOR), token.clone())
        .path("/")
        .http_only(true)
        .secure(facts.is_secure)
        .same_site(SameSite::Lax)
        .finish();
    Some(cookie)
}

/// Compares a token that came in a form or header with the reader's own, in constant time.
///
/// # Errors
///
/// 403 `csrf`.
pub async fn check_token(request: &HttpRequest, given: Option<&str>) -> Result<(), Problem> {
    let expected = token(request).await?;
    let good = given.is_some_and(|given| bool::from(given.as_bytes().ct_eq(expected.as_bytes())));
    if good {
        Ok(())
    } else {
        Err(Problem::http(403, "csrf"))
    }
}

/// As [`check_header`], but only of who comes with a session: for calls that anybody may make.
///
/// # Errors
///
/// 403 `csrf`.
pub async fn check_header_of_session(request: &HttpRequest) -> Result<(), Problem> {
    match session::current(request).await? {
        Some(_) => check_header(request).await,
        None => Ok(()),
    }
}

/// As [`check_token`], with the token of the header: for scripts of our own pages.
///
/// # Errors
///
/// 403 `csrf`.
pub async fn check_header(request: &HttpRequest) -> Result<(), Problem> {
    let given = request.headers().get(HEADER).and_then(|v| v.to_str().ok());
    check_token(request, given).await
}
