//! The one table from what went wrong to a status, a code and a text (RFC 9457).
//!
//! A handler answers `Err(problem)`; the edge ([`present`]) shows it as `application/problem+json`
//! under
//! `/api` and as a page elsewhere, in the reader's language. Texts: `problem-<code>-title` and
//! `problem-<code>` in `locales/*/problem*.ftl`, `problem-field-<code>` for fields.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::Path;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;
use chancery_types::Locale;
use serde::Serialize;

use super::edge::RequestFacts;
use super::pages::links::enter::known_words;
use super::routes::{Audience, Route};
use super::{Answer, Outsider, Shell, i18n, present};
use crate::app::error::{Args, args_for, in_full};
use crate::app::{AppError, FieldProblem};

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A use case did not do it.
    #[error(transparent)]
    App(#[from] AppError),
    /// Somebody else is asked to sign, and only they may.
    #[error("{name} is asked to sign")]
    NotAsked {
        /// Who.
        name: String,
    },
    /// HTTP itself says no, before any use case.
    #[error("{status}: {code}")]
    Http {
        /// The status.
        status: u16,
        /// The code.
        code: &'static str,
    },
}

impl Problem {
    /// The body or query cannot be read (400).
    #[must_use]
    pub const fn unreadable() -> Self {
        Self::http(400, "unreadable")
    }

    /// A problem of HTTP itself.
    #[must_use]
    pub const fn http(status: u16, code: &'static str) -> Self {
        Self::Http { status, code }
    }

    /// The one table.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        let plain = |status: u16, code: &'static str| Facts {
            status,
            code,
            args: Args::new(),
            fields: &[],
        };
        match self {
            Self::Http { status, code } => plain(*status, code),
            Self::NotAsked { name } => Facts {
                args: Args::from([("name", name.clone())]),
                ..plain(403, "sign-not-asked")
            },
            Self::App(error) => match error {
                AppError::Unauthenticated => plain(401, "unauthenticated"),
                AppError::Denied => plain(403, "denied"),
                AppError::OutOfScope => plain(403, "token-only-reads"),
                AppError::Hidden => plain(404, "not-found"),
                AppError::Refused { code, args } => Facts {
                    args: args.clone(),
                    ..plain(409, code)
                },
                AppError::Invalid { fields } => Facts {
                    fields,
                    ..plain(422, "invalid")
                },
                AppError::Stale => plain(412, "stale"),
                AppError::TooLarge { max_bytes } => Facts {
                    args: Args::from([(
                        "megabytes",
                        (max_bytes / crate::i18n::MEGABYTE).to_string(),
                    )]),
                    ..plain(413, "too-large")
                },
                AppError::UnsupportedMedia => plain(415, "unsupported-media"),
                AppError::TooMany {
                    retry_after_seconds,
                } => Facts {
                    args: Args::from([
                        ("seconds", retry_after_seconds.to_string()),
                        ("minutes", minutes_of(*retry_after_seconds).to_string()),
                    ]),
                    ..plain(429, "too-many")
                },
                // Of all that may fail for a while, this one is not ours, and its users can wait.
                AppError::Unavailable {
                    what: "timestamps", ..
                } => plain(503, "timestamps-unavailable"),
                AppError::Unavailable { .. } => plain(503, "unavailable"),
                AppError::Internal(_) => plain(500, "internal"),
            },
        }
    }

    /// What HTTP answered without one of our problems: a path or body that actix refused.
    fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            404 => Self::App(AppError::Hidden),
            405 => Self::http(405, "no-such-method"),
            413 => Self::http(413, "body-too-large"),
            415 => Self::App(AppError::UnsupportedMedia),
            500.. => Self::http(500, "internal"),
            _ => Self::unreadable(),
        }
    }
}

/// So many whole minutes to wait, as people say it; 0 for less than a minute and a half.
#[must_use]
pub const fn minutes_of(seconds: u64) -> u64 {
    if seconds < 90 {
        0
    } else {
        seconds.div_ceil(60)
    }
}

/// What the table says of a problem.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The status.
    pub status: u16,
    /// The code that machines keep.
    pub code: &'static str,
    /// Values for the text.
    pub args: Args,
    /// What is wrong with each field.
    pub fields: &'a [FieldProblem],
}

impl Facts<'_> {
    /// The short text.
    #[must_use]
    pub fn title(&self, locale: Locale) -> String {
        let key = format!("problem-{}-title", self.code);
        i18n::find(locale, &key, &[])
            .unwrap_or_else(|| i18n::t(locale, "problem-refused-title", &[]))
    }

    /// What, where, what to do.
    #[must_use]
    pub fn detail(&self, locale: Locale) -> String {
        let args = args_for(&self.args, locale);
        i18n::t_named(locale, &format!("problem-{}", self.code), args)
    }
}

/// The text of one field's problem.
#[must_use]
pub fn field_text(locale: Locale, problem: &FieldProblem) -> String {
    let args = problem
        .args
        .iter()
        .map(|(name, text)| (*name, text.as_str()));
    i18n::t_named(locale, &format!("problem-field-{}", problem.code), args)
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.facts().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Bare: the edge, which knows the reader, fills it.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

/// `application/problem+json`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// `/problems/<code>`: a page that explains it.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is, in the reader's language.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What, where, what to do, in the reader's language.
    pub detail: String,
    /// The path of the request.
    pub instance: String,
    /// The code that programs compare.
    pub code: String,
    /// The identifier that stands in the server's log.
    pub request_id: String,
    /// What is wrong with each field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldBody>,
}

/// One field's problem on the wire.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldBody {
    /// The field's name, or a JSON pointer.
    pub field: String,
    /// The code that programs compare.
    pub code: String,
    /// The text, in the reader's language.
    pub detail: String,
}

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage<'a> {
    shell: &'a Shell,
    title: String,
    detail: String,
    fields: Vec<FieldBody>,
    request_id: &'a str,
    way: Way,
}

/// Where a reader goes on from a problem.
struct Way {
    href: String,
    label: &'static str,
    /// Whether it is the one thing to do.
    is_primary: bool,
}

impl Way {
    /// Whoever came through a link has no login: the way leads back to the document, or to the
    /// entrance once the visit is over.
    fn of(known: &Facts<'_>, facts: &RequestFacts) -> Self {
        let to = |href: &str, label, is_primary| Self {
            href: href.to_owned(),
            label,
            is_primary,
        };
        if facts.is_of_link() {
            let is_over =
                matches!(known.code, "link-visit-ended" | "link-revoked") || known.status == 401;
            return match facts.has_visit && !is_over {
                true => to("/s/document", "problem-to-document", true),
                false => to("/s", "problem-to-entrance", true),
            };
        }
        match known.status {
            401 => to(&facts.login_path(), "login-submit", true),
            // What could not be done to a document or a task is understood by looking at it.
            403 | 409 | 412 | 413 | 422 => match thing_of(&facts.path) {
                Some((href, label)) => to(href, label, true),
                None => to("/", "problem-home", false),
            },
            _ => to("/", "problem-home", false),
        }
    }
}

/// The pages of a link beside its first one.
const LINK_PAGES: [&str; 6] = [
    "/s/read",
    "/s/sign",
    "/s/ask",
    "/s/refuse",
    "/s/disagree",
    "/s/hand-over",
];

/// The page of the document or task that a path is about, and what the way to it is called.
fn thing_of(path: &str) -> Option<(&str, &'static str)> {
    let (section, rest) = path.strip_prefix('/')?.split_once('/')?;
    let label = match section {
        "documents" => "problem-to-document",
        "tasks" => "problem-to-task",
        _ => return None,
    };
    let id = rest.split('/').next()?;
    uuid::Uuid::try_parse(id).ok()?;
    let end = section.len().saturating_add(id.len()).saturating_add(2);
    Some((path.get(..end)?, label))
}

/// Shows a failed answer to its reader; leaves any other as it is.
pub fn present(response: ServiceResponse<BoxBody>, facts: &RequestFacts) -> ServiceResponse {
    let status = response.status();
    let Some(error) = response.response().error() else {
        return response;
    };
    let generic;
    let problem = if let Some(problem) = error.as_error::<Problem>() {
        problem
    } else {
        generic = Problem::of_status(status);
        &generic
    };
    log(problem, facts);
    let shown = if facts.is_api() || facts.wants_json {
        as_json(problem, facts)
    } else {
        as_page(problem, facts)
    };
    response.into_response(shown)
}

fn log(problem: &Problem, facts: &RequestFacts) {
    match problem {
        Problem::App(AppError::Internal(cause)) => {
            tracing::error!(request_id = %facts.id, cause = in_full(cause), "internal failure");
        }
        Problem::App(AppError::Unavailable { what, source }) => {
            tracing::error!(
                request_id = %facts.id, what, cause = in_full(source), "unavailable"
            );
        }
        Problem::App(_) | Problem::NotAsked { .. } | Problem::Http { .. } => {}
    }
}

fn fields_of(known: &Facts<'_>, locale: Locale) -> Vec<FieldBody> {
    let body = |problem: &FieldProblem| FieldBody {
        field: problem.field.clone(),
        code: problem.code.to_owned(),
        detail: field_text(locale, problem),
    };
    known.fields.iter().map(body).collect()
}

fn builder(known: &Facts<'_>) -> actix_web::HttpResponseBuilder {
    let status = StatusCode::from_u16(known.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = HttpResponse::build(status);
    if let Some(seconds) = known.args.get("seconds").filter(|_| known.status == 429) {
        builder.insert_header((header::RETRY_AFTER, seconds.as_str()));
    }
    builder
}

fn as_json(problem: &Problem, facts: &RequestFacts) -> HttpResponse {
    let known = problem.facts();
    let locale = facts.locale;
    let body = ProblemBody {
        kind: format!("/problems/{}", known.code),
        title: known.title(locale),
        status: known.status,
        detail: known.detail(locale),
        instance: facts.path.clone(),
        code: known.code.to_owned(),
        request_id: facts.id.clone(),
        fields: fields_of(&known, locale),
    };
    builder(&known)
        .content_type("application/problem+json")
        .body(serde_json::to_string(&body).unwrap_or_default())
}

fn as_page(problem: &Problem, facts: &RequestFacts) -> HttpResponse {
    let known = problem.facts();
    let way = Way::of(&known, facts);
    if known.status == 401 && facts.is_reading && !facts.is_of_link() {
        return HttpResponse::SeeOther()
            .insert_header((header::LOCATION, way.href))
            .finish();
    }
    // A page of a link that has ended meanwhile, come back to: the first page says how it ended.
    let is_page = LINK_PAGES.contains(&facts.path.as_str());
    if known.code == "link-not-active" && facts.is_reading && is_page {
        return HttpResponse::SeeOther()
            .insert_header((header::LOCATION, "/s/document"))
            .finish();
    }
    // What was sent from such a page did nothing: the first page says why, and this that it did
    // not.
    if known.code == "link-not-active"
        && facts.is_of_link()
        && !facts.is_reading
        && let Ok(answer) = present::see_other("/s/document", "flash-link-not-active", &[])
    {
        return answer;
    }
    let shell = Shell::plain(facts, String::new());
    let page = ProblemPage {
        title: known.title(facts.locale),
        detail: before_detail(&shell, &known, facts) + &known.detail(facts.locale),
        fields: fields_of(&known, facts.locale),
        request_id: &facts.id,
        way,
        shell: &shell,
    };
    builder(&known)
        .content_type("text/html; charset=utf-8")
        .body(page.render().unwrap_or_default())
}

/// What a reader whose link was revoked while its page was open learns first: that nothing was
/// done, and which document it was.
fn before_detail(shell: &Shell, known: &Facts<'_>, facts: &RequestFacts) -> String {
    if known.code != "link-revoked" {
        return String::new();
    }
    let told = |name: &str| known.args.get(name).map_or("", String::as_str);
    let about = known_words(shell, told("title"), told("organisation"));
    match facts.is_reading {
        true => format!("{about} "),
        false => format!("{} {about} ", shell.t("link-nothing-done")),
    }
}

/// Answers what no route knows.
///
/// # Errors
///
/// Always: 404.
pub async fn no_such_page() -> Answer {
    Err(AppError::Hidden.into())
}

/// Answers a method that a path does not have.
///
/// # Errors
///
/// Always: 405.
pub async fn no_such_method() -> Answer {
    Err(Problem::http(405, "no-such-method"))
}

#[derive(Template)]
#[template(path = "pages/problem-code.html")]
struct CodePage<'a> {
    shell: &'a Shell,
    code: &'a str,
    title: String,
}

/// `GET /problems/{code}`: what a problem's `type` leads to.
async fn get_problem(outsider: Outsider, code: Path<String>) -> Answer {
    let locale = outsider.shell.formats.locale;
    let known = code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let text = i18n::find(locale, &format!("problem-{code}"), &[]);
    if !known || text.is_none() {
        return Err(AppError::Hidden.into());
    }
    let title = i18n::find(locale, &format!("problem-{code}-title"), &[])
        .unwrap_or_else(|| i18n::t(locale, "problem-refused-title", &[]));
    let page = CodePage {
        shell: &outsider.shell,
        code: &code,
        title,
    };
    present::page(&outsider.shell, &page)
}

/// The pages that explain problems.
pub const ROUTES: &[Route] = &[Route::get("/problems/{code}", Audience::Everyone, || {
    actix_web::web::get().to(get_problem)
})];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_for_a_timestamp_is_told_so() {
        let failed = |what| {
            Problem::from(AppError::Unavailable {
                what,
                source: AppError::Hidden.into(),
            })
        };
        assert_eq!(failed("timestamps").facts().code, "timestamps-unavailable");
        assert_eq!(failed("blobs").facts().code, "unavailable");
        for locale in Locale::ALL {
            let told = failed("timestamps").facts().detail(locale);
            assert_ne!(told, failed("blobs").facts().detail(locale));
        }
    }

    #[test]
    fn the_way_from_a_problem_leads_to_what_it_is_about() {
        let id = uuid::Uuid::nil();
        let document = format!("/documents/{id}");
        for (path, way) in [
            (format!("{document}/edit"), Some(document.as_str())),
            (document.clone(), Some(document.as_str())),
            ("/documents/new".to_owned(), None),
            ("/documents".to_owned(), None),
            ("/people/x".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(thing_of(&path).map(|(href, _)| href), way, "{path}");
        }
        let task = format!("/tasks/{id}/approve");
        assert_eq!(
            thing_of(&task).map(|(_, label)| label),
            Some("problem-to-task")
        );
    }
}
