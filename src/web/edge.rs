//! The outermost step of every request: who asks from where, the same-site check, problems shown to
//! their reader, headers, one log line.

use std::net::{IpAddr, SocketAddr};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::uri::Authority;
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage as _, ResponseError as _};
use chancery_types::{Instant, Locale};

use super::{Hosts, Problem, csrf, flash, problem, security_headers, session};
use crate::app::App;
use crate::domain::actor::Origin;
use crate::entropy;

/// The cookie that holds the language chosen on a page.
pub const LANGUAGE_COOKIE: &str = "chancery_language";
/// The cookie of the language that the reader of a link was invited in. It outlives the visit, so
/// that whoever comes back without one is answered in the language of their letter.
pub const LINK_LANGUAGE_COOKIE: &str = "chancery_link_language";
/// The cookie of a visit through a link.
pub const VISIT: &str = "chancery_visit";

/// What is known of a request before anything is asked of the database.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// The request's identifier: in the log, in problems, in the audit log, in `X-Request-Id`.
    pub id: String,
    /// The network address, honouring trusted proxies.
    pub address: Option<String>,
    /// What the browser calls itself, cut.
    pub agent: Option<String>,
    /// The language by cookie, of a link also by that of its letter, then by the browser, then
    /// Russian.
    pub locale: Locale,
    /// When the request began.
    pub at: Instant,
    /// The path, without the query.
    pub path: String,
    /// The path with the query.
    pub path_and_query: String,
    /// Where the reader came from on this site, if they did: a path.
    pub from_path: Option<String>,
    /// GET or HEAD.
    pub is_reading: bool,
    /// Whether a script of ours asks, which reads problems as JSON: pages ask for HTML first.
    pub wants_json: bool,
    /// Whether people reach us by TLS: `Secure` cookies, HSTS.
    pub is_secure: bool,
    /// Whether the cookie of a visit through a link came along; the visit may have ended.
    pub has_visit: bool,
}

fn is_of_link(path: &str) -> bool {
    path == "/s" || path.starts_with("/s/")
}

impl RequestFacts {
    fn of(request: &ServiceRequest, app: &App) -> Self {
        let text = |name: header::HeaderName| {
            let value = request.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let language = |name: &str| Locale::from_code(request.cookie(name)?.value());
        let invited = || language(LINK_LANGUAGE_COOKIE).filter(|_| is_of_link(request.path()));
        let chosen = language(LANGUAGE_COOKIE).or_else(invited);
        // Whoever speaks neither language sooner reads English.
        let spoken = || {
            let asked = text(header::ACCEPT_LANGUAGE)?;
            let other = (!asked.trim_start().starts_with('*')).then_some(Locale::En);
            Locale::from_accept_language(&asked).or(other)
        };
        let at = app.now();
        let uri = request.uri();
        Self {
            id: entropy::id(at).to_string(),
            address: address_of(request, app),
            agent: text(header::USER_AGENT).map(|agent| cut(&agent, 200).to_owned()),
            locale: chosen.or_else(spoken).unwrap_or_default(),
            at,
            path: cut(uri.path(), 500).to_owned(),
            path_and_query: uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            from_path: text(header::REFERER)
                .and_then(|from| from.parse::<actix_web::http::Uri>().ok())
                .and_then(|from| from.path_and_query().map(|p| p.as_str().to_owned())),
            is_reading: request.method().is_safe(),
            wants_json: text(header::ACCEPT)
                .is_some_and(|asked| asked.starts_with("application/json")),
            is_secure: is_secure(app),
            has_visit: request
                .cookie(&session::cookie_name_by(is_secure(app), VISIT))
                .is_some(),
        }
    }

    /// Whether a counterparty's reader asks, who has a link and no login.
    #[must_use]
    pub fn is_of_link(&self) -> bool {
        is_of_link(&self.path)
    }

    /// Where from, for the audit log.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            address: self.address.clone(),
            request_id: Some(self.id.clone()),
            agent: self.agent.clone(),
            repeat: None,
        }
    }

    /// Whether programs, not people, read the answer.
    #[must_use]
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/v1/")
    }

    /// The login page that comes back here.
    #[must_use]
    pub fn login_path(&self) -> String {
        let back = if self.is_reading {
            Some(self.path_and_query.as_str())
        } else {
            self.from_path.as_deref()
        };
        match back.filter(|path| same_site_path(path) == Some(path) && *path != "/") {
            Some(path) => {
                let next = urlencode(path);
                format!("/login?next={next}")
            }
            None => "/login".to_owned(),
        }
    }
}

/// Percent-encodes everything but unreserved characters and slashes (RFC 3986, 2.3).
#[must_use]
pub fn urlencode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// `path` if it leads nowhere but to this site: one slash at the start, no second slash or
/// backslash after it, no control character. Everything else could be read as another host.
#[must_use]
pub fn same_site_path(path: &str) -> Option<&str> {
    let mut bytes = path.bytes();
    let starts = bytes.next() == Some(b'/');
    let second = bytes.next();
    let clean = !path.contains('\\') && !path.chars().any(char::is_control);
    (starts && second != Some(b'/') && clean && path.len() <= 2_000).then_some(path)
}

/// Whether people reach this server by TLS.
#[must_use]
pub fn is_secure(app: &App) -> bool {
    app.config.server.public_url.starts_with("https://")
}

fn cut(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max))
        .unwrap_or("")
}

/// The most hops that are followed back, from the last one.
const HOPS_MAX: usize = 32;

/// The peer, or the last address in X-Forwarded-For that no trusted proxy has.
fn address_of(request: &ServiceRequest, app: &App) -> Option<String> {
    let peer = request.peer_addr()?.ip();
    let forwarded = request.headers().get_all("x-forwarded-for");
    let lines: Vec<&str> = forwarded
        .map(|line| line.to_str().unwrap_or("not text"))
        .collect();
    Some(client_of(peer, &lines, &app.config.server.trusted_proxies).to_string())
}

/// Walks back from the end, where the nearest proxy wrote, as long as hops are trusted: everything
/// before the first that is not may be invented. A hop that cannot be read ends the walk at the
/// last one that was known.
fn client_of(peer: IpAddr, lines: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let mut known = peer;
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    for hop in hops.take(HOPS_MAX) {
        if !trusted.contains(&known) {
            return known;
        }
        match hop_of(hop.trim()) {
            Some(address) => known = address,
            None => return known,
        }
    }
    known
}

/// An address as proxies write it: bare, in brackets, with a port.
fn hop_of(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let with_port = |text: &str| text.parse::<SocketAddr>().map(|address| address.ip());
    bare.unwrap_or(text)
        .parse()
        .ok()
        .or_else(|| with_port(text).ok())
}

/// The middleware.
///
/// # Errors
///
/// Only what actix itself cannot answer.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut request = request;
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return Ok(request.into_response(Problem::http(500, "internal").error_response()));
    };
    let mut facts = RequestFacts::of(&request, &app);
    request.extensions_mut().insert(facts.clone());
    let method = request.method().clone();
    if method == Method::HEAD && !gives_file(request.path()) {
        // Answered as GET is; the protocol's own layer leaves the body out.
        request.head_mut().method = Method::GET;
    }
    let refusal = check_host(&request)
        .and_then(|()| check_path(request.uri().path()))
        .and_then(|()| csrf::check_site(&request, &app));
    let response = match refusal {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(problem) => request.error_response(problem).map_into_boxed_body(),
    };
    // An extractor may have learnt the language of the profile.
    if let Some(known) = response.request().extensions().get::<Locale>() {
        facts.locale = *known;
    }
    let mut response = problem::present(response, &facts);
    security_headers::apply(&mut response, &facts);
    if facts.is_secure {
        flash::secure(response.headers_mut());
    }
    let route = response.request().match_pattern();
    let route = route.as_deref().unwrap_or("unmatched").to_owned();
    let milliseconds = app.now().micros().saturating_sub(facts.at.micros()) / 1000;
    let status = response.status().as_u16();
    tracing::info!(
        request_id = %facts.id, %method, route, status, milliseconds,
        "{method} {route} answered {status} in {milliseconds} ms"
    );
    metrics::counter!("http_requests_total", "method" => method.to_string(), "route" => route,
        "status" => status.to_string())
    .increment(1);
    Ok(response)
}

/// Refuses a path that is written otherwise than it is read: routes are found by the decoded path,
/// and what is decided by the path as it came (the token of a change, what a HEAD gives) must be
/// decided by the same one. No program needs to encode what stands for itself, and no path of ours
/// has a separator within a part.
fn check_path(path: &str) -> Result<(), Problem> {
    let bytes = path.as_bytes();
    let hexadecimal = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    let mut encoded = (0..bytes.len()).filter(|at| bytes[*at] == b'%');
    let is_other = encoded.any(|at| match (hexadecimal(at + 1), hexadecimal(at + 2)) {
        (Some(high), Some(low)) => {
            let byte = char::from_u32(high * 16 + low).unwrap_or('\0');
            byte.is_ascii_alphanumeric()
                || byte.is_ascii_control()
                || matches!(byte, '-' | '.' | '_' | '~' | '/' | '\\')
        }
        _ => true,
    });
    match is_other {
        true => Err(Problem::http(400, "path-encoded")),
        false => Ok(()),
    }
}

/// Whether a path gives a page's image or a file. That one was given is noted as evidence, and a
/// HEAD gives nothing.
fn gives_file(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    last.contains('.') || last == "file"
}

/// Whether a Host, with or without its port, is this machine by name.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

fn check_host(request: &ServiceRequest) -> Result<(), Problem> {
    let hosts = request
        .app_data::<Data<Hosts>>()
        .map_or(Hosts::Any, |h| ***h);
    // Not what `Forwarded` headers claim: a page under a rebound name may send those itself.
    let header = request.headers().get(header::HOST);
    let header = header.and_then(|value| value.to_str().ok());
    let authority = request.uri().authority().map(Authority::as_str);
    let host = authority.or(header).unwrap_or_default();
    if hosts == Hosts::Loopback && !is_loopback(host) {
        return Err(Problem::http(421, "wrong-host"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_invent_its_address() {
        let proxy: IpAddr = "10.0.0.1".parse().expect("an address");
        let second: IpAddr = "10.0.0.2".parse().expect("an address");
        let trusted = [proxy, second];
        let read = |peer, lines: &[&str]| client_of(peer, lines, &trusted).to_string();
        let outside: IpAddr = "203.0.113.9".parse().expect("an address");
        assert_eq!(read(outside, &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(read(proxy, &[]), "10.0.0.1");
        assert_eq!(read(proxy, &["198.51.100.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(
            read(proxy, &["198.51.100.1", "203.0.113.9:4711"]),
            "203.0.113.9"
        );
        assert_eq!(read(proxy, &["203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(read(proxy, &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(read(proxy, &["[2001:db8::1]"]), "2001:db8::1");
        let many = vec!["198.51.100.1"; 40].join(", ");
        assert_eq!(
            read(proxy, &[&format!("{many}, 203.0.113.9")]),
            "203.0.113.9"
        );
        let lines: Vec<&str> = std::iter::repeat_n("198.51.100.1", 20)
            .chain(["203.0.113.9"])
            .collect();
        assert_eq!(read(proxy, &lines), "203.0.113.9");
        assert_eq!(read(proxy, &["198.51.100.1, unknown"]), "10.0.0.1");
    }

    #[test]
    fn a_path_that_is_written_otherwise_than_it_is_read_is_refused() {
        for good in ["/", "/api/v1/people", "/people/%D0%B0%20%3A", "/a%25b"] {
            assert!(check_path(good).is_ok(), "{good}");
        }
        for bad in [
            "/%61pi/v1/people",
            "/pages/1%2Epng",
            "/pages/1%2epng",
            "/a%2Fb",
            "/a%2fb",
            "/a%5Cb",
            "/a%00",
            "/a%7F",
            "/a%7e",
            "/a%2",
            "/a%zz",
            "/a%",
        ] {
            assert!(check_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_paths_of_this_site_are_gone_to_after_login() {
        for good in ["/", "/people?x=1", "/documents/1/history"] {
            assert_eq!(same_site_path(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil",
            "https://e",
            "/a\r\nb",
            "/\t/evil",
        ] {
            assert_eq!(same_site_path(bad), None, "{bad}");
        }
    }
}
