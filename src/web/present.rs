//! Answers: pages, redirects after a form, JSON.

use actix_web::HttpResponse;
use actix_web::http::header::{ETAG, LOCATION};
use askama::Template;
use serde::Serialize;

use super::{Answer, Problem, Shell, flash};
use crate::app::AppError;

/// A page.
///
/// # Errors
///
/// 500 if the template fails.
pub fn page(shell: &Shell, page: &impl Template) -> Answer {
    page_with(HttpResponse::Ok(), shell, page)
}

/// The page of a form that is shown again with what is wrong (422).
///
/// # Errors
///
/// 500 if the template fails.
pub fn page_with_errors(shell: &Shell, page: &impl Template) -> Answer {
    page_with(HttpResponse::UnprocessableEntity(), shell, page)
}

/// A page with a status of its own.
///
/// # Errors
///
/// 500 if the template fails.
pub fn page_with(
    mut builder: actix_web::HttpResponseBuilder,
    shell: &Shell,
    page: &impl Template,
) -> Answer {
    let html = page
        .render()
        .map_err(|error| Problem::App(AppError::Internal(error.into())))?;
    if shell.flash.is_some() {
        builder.cookie(flash::no_cookie());
    }
    if let Some(cookie) = &shell.visitor_cookie {
        builder.cookie(cookie.clone());
    }
    Ok(builder.content_type("text/html; charset=utf-8").body(html))
}

/// Rows, with a header that says whether there are more than are shown.
///
/// # Errors
///
/// 500 if they cannot be written.
pub fn json_rows(rows: &impl Serialize, has_more: bool) -> Answer {
    let mut answer = json(rows)?;
    if has_more {
        let name = actix_web::http::header::HeaderName::from_static("x-has-more");
        let value = actix_web::http::header::HeaderValue::from_static("true");
        answer.headers_mut().insert(name, value);
    }
    Ok(answer)
}

/// After a form: go there and say `key` (`flash-…`) with `args`.
///
/// # Errors
///
/// Never; the type is that of handlers.
pub fn see_other(path: &str, key: &str, args: &[(&str, &str)]) -> Answer {
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, path))
        .cookie(flash::cookie(key, args))
        .finish())
}

/// JSON, 200, for a page's own script, which goes to another page next: that one says `key`.
///
/// # Errors
///
/// Never; the type is that of handlers.
pub fn json_with_flash(body: &impl Serialize, key: &str) -> Answer {
    Ok(HttpResponse::Ok()
        .cookie(flash::cookie(key, &[]))
        .json(body))
}

/// JSON, 200.
///
/// # Errors
///
/// Never; the type is that of handlers.
pub fn json(body: &impl Serialize) -> Answer {
    Ok(HttpResponse::Ok().json(body))
}

/// JSON, 201 with a Location.
///
/// # Errors
///
/// Never; the type is that of handlers.
pub fn created(path: &str, body: &impl Serialize) -> Answer {
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, path))
        .json(body))
}

/// JSON with the row's version as ETag.
///
/// # Errors
///
/// Never; the type is that of handlers.
pub fn json_with_tag(row_version: i64, body: &impl Serialize) -> Answer {
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, format!("\"{row_version}\"")))
        .json(body))
}

/// 204.
///
/// # Errors
///
/// Never; the type is that of handlers.
pub fn no_content() -> Answer {
    Ok(HttpResponse::NoContent().finish())
}
