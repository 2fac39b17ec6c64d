//! Lists by cursor, edits by ETag: what the API's queries and headers mean.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Problem;
use super::edge::urlencode;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::{App, AppError, FieldProblem};

/// `?cursor=…&limit=…`
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct PageQuery {
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many rows (50; `limits.page_rows_max` at most).
    pub limit: Option<u64>,
}

/// The address of a list's next page: the fields of its filter that are filled in, and the cursor.
#[must_use]
pub fn next_path(list: &str, fields: &[(String, String)], cursor: &str) -> String {
    let given = fields.iter().filter(|(_, text)| !text.is_empty());
    let given = given.map(|(name, text)| format!("{name}={}&", urlencode(text)));
    format!("{list}?{}cursor={cursor}", given.collect::<String>())
}

/// The address of what belongs to a list as it is filtered: an export.
#[must_use]
pub fn filtered_path(path: &str, fields: &[(String, String)]) -> String {
    let given = fields.iter().filter(|(_, text)| !text.is_empty());
    let given: Vec<String> = given
        .map(|(name, text)| format!("{name}={}", urlencode(text)))
        .collect();
    match given.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", given.join("&")),
    }
}

/// The first and the last day of a time that a list is narrowed to (YYYY-MM-DD; empty if it is open
/// there), with what is wrong with them.
pub fn period(
    from: &str,
    until: &str,
    problems: &mut Vec<FieldProblem>,
) -> (Option<Date>, Option<Date>) {
    let mut day = |field: &str, text: &str| -> Option<Date> {
        let text = text.trim();
        let read = text.parse().ok();
        if read.is_none() && !text.is_empty() {
            problems.push(FieldProblem::new(field, "not-a-date"));
        }
        read
    };
    let (from, until) = (day("from", from), day("until", until));
    if from.zip(until).is_some_and(|(from, until)| from > until) {
        problems.push(FieldProblem::new("until", "before-from"));
    }
    (from, until)
}

/// Rows of a page when the reader does not say.
const ROWS: u64 = 50;

impl PageQuery {
    /// What is asked of the use case.
    ///
    /// # Errors
    ///
    /// 422 for a cursor that is none.
    pub fn request(&self, app: &App) -> Result<PageRequest, AppError> {
        let rows_max = self
            .limit
            .unwrap_or(ROWS)
            .clamp(1, app.config.limits.page_rows_max);
        Ok(PageRequest {
            after: self.cursor.as_deref().map(Cursor::decode).transpose()?,
            rows_max,
        })
    }
}

/// A page on the wire.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ListBody<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// What to send as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T, U: From<T>> From<Page<T>> for ListBody<U> {
    fn from(page: Page<T>) -> Self {
        Self {
            next: page.next.as_ref().map(Cursor::encode),
            rows: page.rows.into_iter().map(U::from).collect(),
        }
    }
}

/// The row version that an edit was made of: `If-Match: "7"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let given = request.headers().get(header::IF_MATCH);
        let Some(given) = given else {
            return ready(Err(Problem::http(428, "if-match-missing")));
        };
        let version = given.to_str().ok().and_then(|text| {
            text.trim()
                .strip_prefix('"')?
                .strip_suffix('"')?
                .parse()
                .ok()
        });
        ready(version.map(Self).ok_or(Problem::App(AppError::Stale)))
    }
}
