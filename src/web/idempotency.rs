//! `Idempotency-Key`: a POST that is repeated is done once and answered as the first time.
//!
//! Wrapped around every POST of the API for persons and for visits. The key belongs to the means by
//! which somebody asks: a person's session, one token, one visit. The first request writes it down,
//! works, and keeps its answer; a repetition gets that answer; one that comes while the first still
//! works gets 409; the same key with another body gets 422. An answer of 5xx is not kept. A JSON
//! body is compared by its digest before anything is done; a form with
//! files, which is streamed and whose boundary a client may draw anew, by the digest of its parts:
//! the first one's is kept with the answer, and a repetition is read whole before it is answered.

use actix_multipart::Multipart;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderName, LOCATION};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, FromRequest as _, HttpMessage as _, HttpResponse};
use chancery_types::Digest;

use super::api::link::VisitOnly;
use super::session::app_and_facts;
use super::upload::{self, Fingerprint};
use super::{PersonOnly, Problem};
use crate::app::AppError;
use crate::app::idempotency::{Begun, KeptAnswer, Repeated};
use crate::domain::actor::Actor;

/// The longest key, in bytes.
pub const KEY_BYTES_MAX: usize = 200;
/// The headers that belong to an answer's meaning.
const KEPT_HEADERS: [HeaderName; 3] = [LOCATION, ETAG, CONTENT_TYPE];

/// The middleware, for persons.
///
/// # Errors
///
/// Only what actix itself cannot answer.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let caller = PersonOnly::of(request.request()).await;
    once(request, next, caller.map(|caller| caller.actor)).await
}

/// The middleware, for visits through a link.
///
/// # Errors
///
/// Only what actix itself cannot answer.
pub async fn guard_of_visit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let caller = VisitOnly::of(request.request()).await;
    once(request, next, caller.map(|caller| caller.actor)).await
}

async fn once(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    caller: Result<Actor, Problem>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = match caller {
        Ok(actor) => begin(&mut request, &actor).await,
        Err(problem) => Err(problem),
    };
    let begun = match begun {
        Ok(begun) => begun,
        Err(problem) => return Ok(request.error_response(problem).map_into_boxed_body()),
    };
    let (status, answer) = match begun {
        Repeated::New(key) => return finish(request, next, key).await,
        Repeated::Answered { status, answer } => (status, answer),
    };
    if let Err(problem) = compare_forms(&mut request, &answer).await {
        return Ok(request.error_response(problem).map_into_boxed_body());
    }
    Ok(request
        .into_response(replay(status, answer))
        .map_into_boxed_body())
}

/// Nothing, if the request is no form or the one that was answered.
async fn compare_forms(request: &mut ServiceRequest, answer: &KeptAnswer) -> Result<(), Problem> {
    let Some(first) = &answer.form_digest else {
        return Ok(());
    };
    let (app, _) = app_and_facts(request.request())?;
    let (head, payload) = request.parts_mut();
    let parts = Multipart::from_request(head, payload).await;
    let parts = parts.map_err(|_| Problem::unreadable())?;
    match upload::of_repetition(&app, parts).await? {
        Some(digest) if digest.hex() == *first => Ok(()),
        _ => Err(AppError::invalid("Idempotency-Key", "key-reused").into()),
    }
}

async fn begin(request: &mut ServiceRequest, actor: &Actor) -> Result<Repeated, Problem> {
    let key = request.headers().get("idempotency-key");
    let key = key.and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        return Err(Problem::http(400, "idempotency-key-missing"));
    }
    let (app, facts) = app_and_facts(request.request())?;
    let media_type = request.headers().get(CONTENT_TYPE);
    let media_type = media_type.and_then(|v| v.to_str().ok()).unwrap_or("");
    let digest = if media_type.starts_with("multipart/") {
        Digest::of(b"multipart")
    } else {
        let (head, payload) = request.parts_mut();
        let body = Bytes::from_request(head, payload)
            .await
            .map_err(|_| Problem::http(413, "body-too-large"))?;
        let digest = Digest::of(&body);
        request.set_payload(Payload::from(body));
        digest
    };
    let begun = app
        .begin_idempotent(actor, &key, &facts.path, &digest.hex())
        .await?;
    if let Repeated::New(begun) = &begun {
        request.extensions_mut().insert(begun.repeat_key());
    }
    Ok(begun)
}

async fn finish(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    key: Begun,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Ok((app, _)) = app_and_facts(request.request()) else {
        return Ok(request
            .error_response(Problem::http(500, "internal"))
            .map_into_boxed_body());
    };
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    // Problems are shown at the edge: they are answered anew, and change nothing when repeated.
    if response.response().error().is_some() || status.is_server_error() {
        app.forget_idempotent(&key, status.is_client_error()).await;
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let form = request.extensions().get::<Fingerprint>().cloned();
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body).await.unwrap_or_default();
    let kept = KEPT_HEADERS.iter().filter_map(|name| {
        let value = head.headers().get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let answer = KeptAnswer {
        headers: kept.collect(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
        form_digest: form.map(|form| form.digest().hex()),
    };
    app.finish_idempotent(&key, status.as_u16(), &answer).await;
    let response = head.set_body(BoxBody::new(bytes));
    Ok(ServiceResponse::new(request, response))
}

fn replay(status: u16, answer: KeptAnswer) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut builder = HttpResponse::build(status);
    for (name, value) in answer.headers {
        builder.insert_header((name, value));
    }
    builder.insert_header(("Idempotent-Replayed", "true"));
    builder.body(answer.body)
}
