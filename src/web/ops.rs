//! For probes and scrapers: alive, ready, counters. No login, nothing of anybody's documents.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HOST};
use actix_web::http::uri::Authority;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::edge::{is_loopback, is_secure};
use super::routes::{Audience, Route};
use super::{Answer, Problem};
use crate::app::{App, AppError};
use crate::telemetry;

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/healthz", Audience::Operation, || {
        web::get().to(get_healthz)
    }),
    Route::get("/readyz", Audience::Operation, || web::get().to(get_readyz)),
    Route::get("/metrics", Audience::Operation, || {
        web::get().to(get_metrics)
    }),
];

/// `GET /healthz`: the process answers.
async fn get_healthz() -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "alive": true })))
}

/// `GET /readyz`: 200 if every needed part is usable, else 503; which parts are not. `degraded`
/// says that something cannot be done all the same: nothing can be signed. Callers on this machine
/// also learn why.
async fn get_readyz(app: Data<App>, request: HttpRequest) -> Answer {
    let parts = app.readiness().await;
    let is_wrong = |needed: bool| {
        let mut parts = parts.iter();
        parts.any(|part| part.is_needed == needed && part.problem.is_some())
    };
    let (is_ready, is_degraded) = (!is_wrong(true), is_wrong(false));
    let tells_why = is_local(&request);
    let parts: Map<String, Value> = parts
        .into_iter()
        .map(|part| {
            let word = match part.problem {
                None => "ready".to_owned(),
                Some(why) if tells_why => why,
                Some(_) => "not ready".to_owned(),
            };
            (part.part.to_owned(), word.into())
        })
        .collect();
    let code = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let told = json!({ "ready": is_ready, "degraded": is_degraded, "parts": parts });
    Ok(HttpResponse::build(code).json(told))
}

/// `GET /metrics`: counters for Prometheus. On the main port only without an address of its own,
/// and only to this machine.
async fn get_metrics(app: Data<App>, request: HttpRequest) -> Answer {
    if !app.config.server.metrics_listen.is_empty() || !is_local(&request) {
        return Err(Problem::from(AppError::Hidden));
    }
    get_counters().await
}

/// The counters themselves, for the address of their own.
///
/// # Errors
///
/// None; the type is that of every handler.
pub async fn get_counters() -> Answer {
    let text = "text/plain; version=0.0.4; charset=utf-8";
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, text))
        .body(telemetry::counters()))
}

/// Whether the caller is on this machine and came through no proxy: behind one, everybody would
/// seem to be. One that tells neither whom it speaks for nor the name it was asked by is known by
/// what people reach us as: this server speaks no TLS, so before `https://` there is a proxy.
fn is_local(request: &HttpRequest) -> bool {
    let peer = request
        .peer_addr()
        .is_some_and(|peer| peer.ip().is_loopback());
    let headers = request.headers();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = request.uri().authority().map(Authority::as_str);
    let is_behind_tls = request
        .app_data::<Data<App>>()
        .is_some_and(|app| is_secure(app));
    peer && !is_behind_tls
        && authority.or(host).is_some_and(is_loopback)
        && !headers.contains_key("x-forwarded-for")
        && !headers.contains_key("forwarded")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn from(peer: &str, host: &'static str, header: Option<&'static str>) -> bool {
        let mut request = TestRequest::get()
            .peer_addr(peer.parse().expect("an address"))
            .insert_header((HOST, host));
        if let Some(name) = header {
            request = request.insert_header((name, "203.0.113.9"));
        }
        is_local(&request.to_http_request())
    }

    #[test]
    fn only_callers_on_this_machine_without_a_proxy_are_local() {
        let here = "127.0.0.1:8080";
        assert!(from("127.0.0.1:9", here, None) && from("[::1]:9", "localhost", None));
        assert!(!from("192.0.2.1:9", here, None));
        assert!(!from("127.0.0.1:9", here, Some("x-forwarded-for")));
        assert!(!from("127.0.0.1:9", here, Some("forwarded")));
        assert!(!from("127.0.0.1:9", "chancery.example.org", None));
    }
}
