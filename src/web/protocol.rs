//! The protocol of a check as a file that a browser saves.

use actix_web::HttpResponse;
use actix_web::http::header;
use chancery_signature::ValidationReport;
use serde::Deserialize;

use super::Answer;
use super::edge::urlencode;
use crate::app::AppError;
use crate::app::signing::judged::{FileVerdict, Known};
use crate::i18n::Formats;
use crate::i18n::verdict::{Protocol, file_words};

/// How a protocol is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// To print and to keep.
    #[default]
    Pdf,
    /// To read on a screen.
    Html,
}

/// The protocol of a stored version's check.
///
/// # Errors
///
/// `verdict-later` while the check goes on, `verdict-too-large`; 503 if the file cannot be had.
pub fn of_version(verdict: &FileVerdict, formats: &Formats, form: Form) -> Answer {
    match &verdict.known {
        Known::Report(report) => answer(report, &verdict.name, verdict.size_bytes, formats, form),
        Known::Later => Err(AppError::refused("verdict-later").into()),
        Known::TooLarge => Err(AppError::refused("verdict-too-large").into()),
        Known::Unreadable => Err(AppError::Unavailable {
            what: "file",
            source: "a stored file cannot be judged".into(),
        }
        .into()),
    }
}

/// The protocol of `report` on a file called `name`.
///
/// # Errors
///
/// If the report is longer than a paper may be.
pub fn answer(
    report: &ValidationReport,
    name: &str,
    size_bytes: u64,
    formats: &Formats,
    form: Form,
) -> Answer {
    let words = file_words(report, formats);
    let protocol = Protocol {
        words: &words,
        name,
        size_bytes,
        locale: formats.locale,
    };
    let (content, media_type, ending) = match form {
        Form::Pdf => {
            let pdf = protocol.pdf();
            let pdf = pdf.map_err(|error| AppError::Internal(error.into()))?;
            (pdf, "application/pdf", "pdf")
        }
        Form::Html => (
            protocol.html().into_bytes(),
            "text/html; charset=utf-8",
            "html",
        ),
    };
    // Nothing of ours runs in it; saved, it stands alone.
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"protocol.{ending}\"; filename*=UTF-8''{}.protocol.{ending}",
                urlencode(name).replace('/', "%2F")
            ),
        ))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        ))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(content))
}
