//! Every route in one table: method, path, who may, handler. Guards walk it.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::edge::urlencode;
use super::{api, assets, csrf, extract, idempotency, openapi, ops, pages, problem};

/// Who a route is for. What exactly they may do there is decided by `access::decide`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody, without a login.
    Everyone,
    /// A person with a session or token.
    Person,
    /// An outsider with a link, or on the way to one.
    Link,
    /// Probes and scrapers.
    Operation,
}

/// One route.
#[derive(Clone, Copy)]
pub struct Route {
    /// GET, POST, PUT or DELETE.
    pub method: Verb,
    /// As actix writes it: `/people/{person}`.
    pub path: &'static str,
    /// Who it is for.
    pub audience: Audience,
    /// Makes the handler.
    pub make: fn() -> actix_web::Route,
}

/// The methods we speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads; changes nothing.
    Get,
    /// Does something.
    Post,
    /// Replaces what is there.
    Put,
    /// Takes away.
    Delete,
}

impl Verb {
    /// As HTTP has it.
    #[must_use]
    pub const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Delete => Method::DELETE,
        }
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.method(), self.path)
    }
}

impl Route {
    /// A GET route.
    #[must_use]
    pub const fn get(
        path: &'static str,
        audience: Audience,
        make: fn() -> actix_web::Route,
    ) -> Self {
        Self::new(Verb::Get, path, audience, make)
    }

    /// A POST route.
    #[must_use]
    pub const fn post(
        path: &'static str,
        audience: Audience,
        make: fn() -> actix_web::Route,
    ) -> Self {
        Self::new(Verb::Post, path, audience, make)
    }

    /// A PUT route.
    #[must_use]
    pub const fn put(
        path: &'static str,
        audience: Audience,
        make: fn() -> actix_web::Route,
    ) -> Self {
        Self::new(Verb::Put, path, audience, make)
    }

    /// A DELETE route.
    #[must_use]
    pub const fn delete(
        path: &'static str,
        audience: Audience,
        make: fn() -> actix_web::Route,
    ) -> Self {
        Self::new(Verb::Delete, path, audience, make)
    }

    const fn new(
        method: Verb,
        path: &'static str,
        audience: Audience,
        make: fn() -> actix_web::Route,
    ) -> Self {
        Self {
            method,
            path,
            audience,
            make,
        }
    }

    /// Whether it is an API call.
    #[must_use]
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/v1/")
    }

    /// The handler behind what must hold before it reads anything: who asks is settled, a page's
    /// change carries its token, a repeated call of the API is answered as the first time.
    fn guarded(&self) -> actix_web::Route {
        let made = (self.make)().method(self.method.method());
        match (self.method, self.is_api(), self.audience) {
            (Verb::Get, _, _) | (_, true, Audience::Everyone | Audience::Operation) => made,
            (Verb::Post, true, Audience::Person) => made.wrap(from_fn(idempotency::guard)),
            (_, true, Audience::Link) => made.wrap(from_fn(idempotency::guard_of_visit)),
            (_, true, Audience::Person) => made.wrap(from_fn(extract::person_first)),
            (_, false, Audience::Person) => made.wrap(from_fn(csrf::guard_of_person)),
            (_, false, _) => made.wrap(from_fn(csrf::guard)),
        }
    }
}

/// One line an area.
pub const TABLE: &[&[Route]] = &[
    assets::ROUTES,
    problem::ROUTES,
    openapi::ROUTES,
    ops::ROUTES,
    pages::absences::ROUTES,
    api::absences::ROUTES,
    pages::archive::ROUTES,
    pages::audit::ROUTES,
    pages::calls::ROUTES,
    pages::journals::ROUTES,
    pages::mandates::ROUTES,
    api::calls::ROUTES,
    api::journals::ROUTES,
    api::mandates::ROUTES,
    pages::chains::ROUTES,
    api::archive::ROUTES,
    api::audit::ROUTES,
    pages::counterparties::ROUTES,
    pages::documents::ROUTES,
    pages::links::ROUTES,
    pages::links::resend::ROUTES,
    pages::login::ROUTES,
    pages::mail::ROUTES,
    api::mail::ROUTES,
    pages::organisation::ROUTES,
    pages::passwords::ROUTES,
    pages::people::ROUTES,
    pages::profile::ROUTES,
    pages::progress::ROUTES,
    pages::reference::ROUTES,
    api::comments::ROUTES,
    api::counterparties::ROUTES,
    api::news::ROUTES,
    api::organisation::ROUTES,
    api::passwords::ROUTES,
    api::people::ROUTES,
    api::profile::ROUTES,
    pages::signatures::ROUTES,
    pages::signing::ROUTES,
    pages::tasks::ROUTES,
    pages::templates::ROUTES,
    api::detached::ROUTES,
    api::documents::ROUTES,
    api::powers::ROUTES,
    api::outside::ROUTES,
    api::link::ROUTES,
    api::links::ROUTES,
    api::questions::ROUTES,
    api::remote::ROUTES,
    api::session::ROUTES,
    api::signatures::ROUTES,
    api::signing::ROUTES,
    api::protocol::ROUTES,
    api::revisions::ROUTES,
    api::runs::ROUTES,
    api::tasks::ROUTES,
    pages::revocation::ROUTES,
    pages::verify::ROUTES,
    api::verify::ROUTES,
    api::workflows::ROUTES,
    api::moves::ROUTES,
];

/// The paths whose changes may bring files, and so may take longer than a form.
pub const WITH_FILES: [&str; 12] = [
    "/api/v1/documents",
    "/api/v1/documents/{document}/detached-signatures",
    "/api/v1/documents/{document}/signatures/{signature}/powers",
    "/api/v1/documents/{document}/versions",
    "/api/v1/link/disagreements",
    "/api/v1/verify",
    "/documents",
    "/documents/{document}/detached-signatures",
    "/documents/{document}/signatures/{signature}/powers",
    "/documents/{document}/versions",
    "/s/disagree",
    "/verify",
];

/// Whether a change at this path of the table may bring files.
#[must_use]
pub fn takes_files(path: &str) -> bool {
    WITH_FILES.contains(&path)
}

/// Every route of an ordinary server.
pub fn all() -> impl Iterator<Item = Route> {
    TABLE.iter().flat_map(|area| area.iter().copied())
}

/// The paths that answer GET.
fn pages_of<'r>(routes: impl Iterator<Item = &'r Route>) -> BTreeSet<&'static str> {
    let pages = routes.filter(|route| route.method == Verb::Get);
    pages.map(|route| route.path).collect()
}

/// Forms whose page is not above them in the path.
const ELSEWHERE: [(&str, &str); 10] = [
    ("/absences/", "/profile"),
    ("/comments/", "/tasks"),
    ("/contacts/", "/counterparties"),
    ("/language", "/"),
    ("/logout", "/"),
    ("/remarks/", "/tasks"),
    ("/runs/", "/calls"),
    ("/s/code", "/s/document"),
    ("/s/consents", "/s/sign"),
    ("/s/renew", "/s/document"),
];

/// The page that an address of a form belongs to, for who comes there by GET: by the back button,
/// or after another language was chosen. `None` for an address that answers GET itself, and for
/// calls, which programs make.
#[must_use]
pub fn page_behind(
    pages: &BTreeSet<&'static str>,
    path: &'static str,
    routes: &[Route],
) -> Option<&'static str> {
    let is_form = routes
        .iter()
        .any(|route| route.method == Verb::Post && !route.is_api());
    if !is_form || pages.contains(path) {
        return None;
    }
    let page = |path: &str| pages.get(path).copied();
    let blank = page(&format!("{path}/new"));
    let above = || {
        let cuts = path.rmatch_indices('/').map(|(at, _)| at);
        cuts.filter(|at| *at > 0)
            .find_map(|at| page(path.get(..at)?))
            .filter(|page| *page != "/s")
    };
    let elsewhere = || ELSEWHERE.iter().find(|(start, _)| path.starts_with(start));
    let elsewhere = || elsewhere().map(|(_, page)| *page);
    blank.or_else(above).or_else(elsewhere)
}

/// To a page of the table, with the request's own values in its path.
fn to_page(request: &HttpRequest, page: &'static str) -> HttpResponse {
    let values = request.match_info();
    let filled = values.iter().fold(page.to_owned(), |path, (name, value)| {
        path.replace(&format!("{{{name}}}"), &urlencode(value))
    });
    HttpResponse::SeeOther()
        .insert_header((LOCATION, filled))
        .finish()
}

/// Registers the table and `extra`, one resource a path; another method answers 405, and the
/// address of a form leads GET to its page.
pub fn register(config: &mut ServiceConfig, extra: &'static [Route]) {
    let mut paths: BTreeMap<&'static str, Vec<Route>> = BTreeMap::new();
    for route in all().chain(extra.iter().copied()) {
        paths.entry(route.path).or_default().push(route);
    }
    // Literal paths before those with variables: `/people/new` before `/people/{person}`.
    let mut paths: Vec<_> = paths.into_iter().collect();
    paths.sort_by_key(|(path, _)| path.replace('{', "\u{10ffff}"));
    let pages = pages_of(paths.iter().flat_map(|(_, routes)| routes));
    for (path, routes) in paths {
        let mut resource = web::resource(path);
        for route in &routes {
            resource = resource.route(route.guarded());
        }
        if let Some(page) = page_behind(&pages, path, &routes) {
            let back = move |request: HttpRequest| async move { to_page(&request, page) };
            resource = resource.route(web::get().to(back));
        }
        config.service(resource.default_service(web::to(problem::no_such_method)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_takes_files_is_in_the_table() {
        for path in WITH_FILES {
            let posts = |route: &Route| route.path == path && route.method == Verb::Post;
            assert!(all().any(|route| posts(&route)), "{path}");
        }
    }

    #[test]
    fn no_route_is_there_twice() {
        let mut seen = BTreeSet::new();
        for route in all() {
            assert!(seen.insert(format!("{route:?}")), "{route:?} twice");
        }
    }
}
