//! No other site may act in a reader's name: a same-site check on every change, and a token in
//! every form (of the session; before login, of a cookie that the form repeats).
//!
//! [`guard`] stands before every change that a page asks for, whatever its handler reads: the token
//! is in the header, in the form's field, or in the first part of an upload, and is compared before
//! anything else of the request is looked at.

use std::future::ready;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data, Form};
use actix_web::{Error, FromRequest as _, HttpMessage as _, HttpRequest};
use futures::StreamExt as _;
use futures::stream::once;
use subtle::ConstantTimeEq as _;
use tokio::time::{Duration, timeout};

use super::edge::RequestFacts;
use super::{Problem, session};
use crate::app::{App, AppError};
use crate::entropy;

/// The field of every form.
pub const FIELD: &str = "_csrf";
/// The header of API calls that come with a cookie.
pub const HEADER: &str = "X-CSRF-Token";
/// How far into an upload its token must have ended, in bytes.
const FIRST_PART_BYTES_MAX: usize = 4096;

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

/// Lets a change through only with its token: for pages that anybody may open, and for links.
///
/// # Errors
///
/// Only what actix itself cannot answer.
pub async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match compare(&mut request).await {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(problem) => Ok(request.error_response(problem).map_into_boxed_body()),
    }
}

/// As [`guard`], for pages of persons: who has no session any more is told so first.
///
/// # Errors
///
/// Only what actix itself cannot answer.
pub async fn guard_of_person(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match session::current(request.request()).await {
        Ok(Some(_)) => guard(request, next).await,
        Ok(None) => {
            let problem = Problem::App(AppError::Unauthenticated);
            Ok(request.error_response(problem).map_into_boxed_body())
        }
        Err(problem) => Ok(request.error_response(problem).map_into_boxed_body()),
    }
}

async fn compare(request: &mut ServiceRequest) -> Result<(), Problem> {
    if request.headers().contains_key(HEADER) {
        return check_header(request.request()).await;
    }
    let given = match request.content_type() {
        "application/x-www-form-urlencoded" => token_of_form(request).await?,
        "multipart/form-data" => {
            let app = request.app_data::<Data<App>>().cloned();
            let seconds = app.map_or(0, |app| app.config.limits.upload_seconds_max);
            let reading = token_of_upload(request);
            let read = timeout(Duration::from_secs(seconds), reading).await;
            read.map_err(|_| Problem::http(408, "upload-slow"))?
        }
        _ => None,
    };
    check_token(request.request(), given.as_deref()).await
}

async fn token_of_form(request: &mut ServiceRequest) -> Result<Option<String>, Problem> {
    let (head, payload) = request.parts_mut();
    let body = Bytes::from_request(head, payload).await;
    let body = body.map_err(|_| Problem::http(413, "body-too-large"))?;
    let mut again = Payload::from(body.clone());
    let fields = Form::<Vec<(String, String)>>::from_request(head, &mut again).await;
    request.set_payload(Payload::from(body));
    let fields = fields.map(Form::into_inner).unwrap_or_default();
    let found = fields.into_iter().find(|(name, _)| name == FIELD);
    Ok(found.map(|(_, token)| token))
}

/// Reads an upload only as far as its first part, and puts what was read back.
async fn token_of_upload(request: &mut ServiceRequest) -> Option<String> {
    let mut payload = request.take_payload();
    let mut start = BytesMut::new();
    let mut token = None;
    while token.is_none() && start.len() < FIRST_PART_BYTES_MAX {
        let Some(Ok(chunk)) = payload.next().await else {
            break;
        };
        start.extend_from_slice(&chunk);
        token = token_of_first_part(&start);
    }
    let read = once(ready(Ok(start.freeze())));
    request.set_payload(Payload::Stream {
        payload: Box::pin(read.chain(payload)),
    });
    token
}

/// The value of the first part (RFC 7578) if that is the token and has come whole.
fn token_of_first_part(start: &[u8]) -> Option<String> {
    let start = start.get(..FIRST_PART_BYTES_MAX).unwrap_or(start);
    let text = String::from_utf8_lossy(start);
    let (boundary, rest) = text.split_once("\r\n")?;
    let (head, rest) = rest.split_once("\r\n\r\n")?;
    let named = head.contains(&format!("name=\"{FIELD}\""));
    let (value, _) = rest.split_once(&format!("\r\n{boundary}"))?;
    (named && boundary.starts_with("--")).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::token_of_first_part;

    fn upload(name: &str, value: &str) -> String {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--x\r\n")
    }

    #[test]
    fn only_a_whole_first_part_of_the_right_name_is_a_token() {
        let whole = upload("_csrf", "abc");
        assert_eq!(
            token_of_first_part(whole.as_bytes()).as_deref(),
            Some("abc")
        );
        for cut in 0..whole.len() - 2 {
            assert_eq!(token_of_first_part(&whole.as_bytes()[..cut]), None, "{cut}");
        }
        let later = upload("file", "x") + &upload("_csrf", "abc");
        assert_eq!(token_of_first_part(later.as_bytes()), None);
        let far = upload("_csrf", &"a".repeat(5000));
        assert_eq!(token_of_first_part(far.as_bytes()), None);
    }
}
