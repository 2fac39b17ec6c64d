//! The rooms: HTTP. Handlers extract, call one use case, present; no SQL, no rules, no clock.
//!
//! # How to add a page
//!
//! 1. `src/web/pages/<area>.rs`: `pub const ROUTES: &[Route] = &[Route::get("/x/{id}",
//!    Audience::Person, || web::get().to(get_x)), Route::post("/x/{id}/close", …, ||
//!    web::post().to(post_close))];`, and one line in [`routes::TABLE`]. Guards walk that table.
//! 2. A page that shows: `async fn get_x(app: Data<App>, desk: Desk, path: Path<XId>) -> Answer`.
//!    [`Desk`] is `{ actor, shell }`; without a login it answers by the login page and comes back.
//!    For outsiders take [`Outsider`] (`{ shell }`): language, CSRF token, no person.
//! 3. `#[derive(Template)] #[template(path = "pages/x.html")] struct XPage { shell: Shell, … }`,
//!    then `present::page(&shell_of_page, &page)`: see [`present::page`]. The template extends
//!    `layout.html` (people) or `plain.html` (outsiders) and fills the blocks `title`, `main`.
//!    Texts: `{{ shell.t(KEY) }}`, `{{ shell.t1(KEY, "count", n) }}`; values:
//!    `shell.formats.moment(at)`; forms: the macros of `partials/forms.html`; every form has
//!    `{% include "partials/csrf.html" %}`.
//! 4. A form: `async fn post_x(app, desk: Desk, form: PostedForm) -> Answer`. [`PostedForm`] has
//!    already compared the CSRF token. On success
//!    `present::see_other("/x", "flash-x-saved", &[])`; on
//!    `AppError::Invalid` render the same page with `form.view(locale, &fields)` and 422
//!    ([`present::page_with_errors`]). A multipart upload checks its first field `_csrf` itself by
//!    [`csrf::check_token`].
//!
//! # How to add an API call
//!
//! `src/web/api/<area>.rs`: `#[utoipa::path(…)] async fn post_x(app: Data<App>, caller: PersonOnly,
//! body: Json<XBody>) -> Answer`, its line in `ROUTES` there (path `/api/v1/…`), and one line in
//! [`openapi::document`]. [`PersonOnly`] takes a session cookie (then an `X-CSRF-Token` header is
//! required on changes) or `Authorization: Bearer`. Every POST under `/api/v1` for persons requires
//! an `Idempotency-Key`; [`idempotency`] does that by itself. Lists: [`pagination::PageQuery`];
//! edits: [`pagination::IfMatch`] and `present::json_with_tag`.
//!
//! Every handler answers `Result<HttpResponse, Problem>` ([`Answer`]); `?` turns an
//! [`AppError`](crate::app::AppError) into a [`Problem`], and the edge shows it as a page or as
//! problem+json in the reader's language.

pub mod agent;
pub mod api;
pub mod assets;
pub mod csrf;
pub mod edge;
pub mod evidence_words;
pub mod extract;
pub mod flash;
pub mod form;
pub mod history;
pub mod i18n;
pub mod idempotency;
pub mod limits;
pub mod openapi;
pub mod ops;
pub mod pages;
pub mod pagination;
pub mod patience;
pub mod power;
pub mod present;
pub mod problem;
pub mod protocol;
pub mod routes;
pub mod security_headers;
pub mod session;
pub mod shell;
pub mod table;
pub mod upload;

use std::net::TcpListener;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{HttpResponse, HttpServer};

use crate::app::App;
pub use extract::{Desk, Outsider, PersonOnly};
pub use form::{FormView, PostedForm};
pub use problem::Problem;
pub use routes::{Audience, Route};
pub use shell::Shell;

/// What a handler answers.
pub type Answer = Result<HttpResponse, Problem>;

/// Which Host headers are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// Any: the proxy before us decides.
    Any,
    /// Only names of this machine: the demo, which has logins without passwords.
    Loopback,
}

/// The rooms of one process: the app and what only HTTP needs.
#[derive(Clone, Debug)]
pub struct Web {
    /// The use cases.
    pub app: App,
    /// Counters of requests a minute.
    pub limiter: Data<limits::Limiter>,
    /// Which hosts are served.
    pub hosts: Hosts,
    /// Routes beside [`routes::TABLE`]: the demo's.
    pub extra: &'static [Route],
}

impl Web {
    /// The rooms of an ordinary server.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self {
            app,
            limiter: Data::new(limits::Limiter::default()),
            hosts: Hosts::Any,
            extra: &[],
        }
    }

    /// Everything that answers requests: for [`Web::serve`], and for tests.
    pub fn service(
        &self,
    ) -> actix_web::App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        > + use<>,
    > {
        let extra = self.extra;
        actix_web::App::new()
            .app_data(Data::new(self.app.clone()))
            .app_data(self.limiter.clone())
            .app_data(Data::new(self.hosts))
            .configure(limits::configure)
            .configure(|config| routes::register(config, extra))
            .default_service(actix_web::web::to(problem::no_such_page))
            .wrap(from_fn(patience::body_in_time))
            .wrap(from_fn(edge::edge))
    }

    /// Serves on `listener` until the returned server is stopped; a stop waits
    /// `server.shutdown_seconds` for requests in flight.
    ///
    /// # Errors
    ///
    /// If the listener cannot be used.
    pub fn serve(self, listener: TcpListener) -> std::io::Result<Server> {
        let settings = self.app.config.server.clone();
        let mut server = HttpServer::new(move || self.service())
            .tcp_nodelay(true)
            .client_request_timeout(Duration::from_secs(30))
            .shutdown_timeout(settings.shutdown_seconds)
            .disable_signals();
        if settings.threads_count > 0 {
            server = server.workers(settings.threads_count);
        }
        Ok(server.listen(listener)?.run())
    }
}
