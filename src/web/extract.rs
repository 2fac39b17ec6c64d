//! What handlers take: a person, a person's desk, an outsider.

use std::future::Future;
use std::pin::Pin;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest};
use chancery_types::id::SessionId;

use super::session::{self, app_and_facts};
use super::{Problem, Shell, csrf};
use crate::app::AppError;
use crate::domain::actor::{Actor, RepeatKey};

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// A person, by session cookie or by `Authorization: Bearer`. A change under `/api` that comes with
/// a cookie needs the `X-CSRF-Token` header too.
#[derive(Clone, Debug)]
pub struct PersonOnly {
    /// Who acts.
    pub actor: Actor,
    /// Their session; `None` with a token.
    pub session: Option<SessionId>,
}

impl PersonOnly {
    /// Finds out who acts.
    ///
    /// # Errors
    ///
    /// 401 for nobody, 403 `csrf` without the header.
    pub async fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let (app, facts) = app_and_facts(request)?;
        if let Some(token) = bearer(request).filter(|_| facts.is_api()) {
            let found = app
                .resume_token(&token, facts.origin(), facts.locale)
                .await?;
            let mut actor = found.ok_or(AppError::Unauthenticated)?;
            actor.origin.repeat = repeat_key(request);
            return Ok(Self {
                actor,
                session: None,
            });
        }
        let logged_in = session::current(request)
            .await?
            .ok_or(AppError::Unauthenticated)?;
        if facts.is_api() && !facts.is_reading {
            csrf::check_header(request).await?;
        }
        let mut actor = logged_in.actor.clone();
        actor.origin.repeat = repeat_key(request);
        Ok(Self {
            actor,
            session: Some(logged_in.session),
        })
    }
}

/// Lets a change through only once it is settled who asks: otherwise a body or header that cannot
/// be read would be answered to nobody.
///
/// # Errors
///
/// Only what actix itself cannot answer.
pub async fn person_first(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Err(problem) = PersonOnly::of(request.request()).await {
        return Ok(request.error_response(problem).map_into_boxed_body());
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// The key under which the guard of repeated requests has let this one through.
pub(super) fn repeat_key(request: &HttpRequest) -> Option<RepeatKey> {
    request.extensions().get::<RepeatKey>().cloned()
}

/// The secret of `Authorization: Bearer …`.
pub(super) fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?;
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

impl FromRequest for PersonOnly {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await })
    }
}

/// A logged-in person with what their pages need. Never by token.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Who acts.
    pub actor: Actor,
    /// Their session.
    pub session: SessionId,
    /// The frame of their pages.
    pub shell: Shell,
}

impl FromRequest for Desk {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let (app, facts) = app_and_facts(&request)?;
            let logged_in = session::current(&request)
                .await?
                .ok_or(AppError::Unauthenticated)?;
            let open_tasks = app.count_own_work(&logged_in.actor).await?;
            Ok(Self {
                actor: logged_in.actor.clone(),
                session: logged_in.session,
                shell: Shell::of_person(&request, &facts, &logged_in, open_tasks),
            })
        })
    }
}

/// Anybody, logged in or not: pages that need no person. Who is logged in reads them in the
/// language and time zone of their profile, with the way back to their desk.
#[derive(Clone, Debug)]
pub struct Outsider {
    /// The frame of their pages.
    pub shell: Shell,
}

impl FromRequest for Outsider {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let (_, facts) = app_and_facts(&request)?;
            let token = csrf::token(&request).await?;
            if let Some(logged_in) = session::current(&request).await? {
                let shell = Shell::of_person(&request, &facts, &logged_in, 0);
                return Ok(Self { shell });
            }
            let mut shell = Shell::plain(&facts, token);
            shell.visitor_cookie = csrf::new_visitor_cookie(&request, &facts);
            shell.read_flash(&request);
            Ok(Self { shell })
        })
    }
}
