//! The protocol of a check as a file that a browser saves.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Deserialize;

use super::Answer;
use super::edge::urlencode;
use super::power::power_words;
use crate::app::AppError;
use crate::app::signing::judged::{FileVerdict, Known};
use crate::app::validation::Checked;
use crate::app::validation::power::JudgedPower;
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
    /// For programs: the report itself.
    Json,
}

impl Form {
    /// From a field of a form.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "pdf" => Some(Self::Pdf),
            "html" => Some(Self::Html),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// The protocol of the check of a stored version or of a detached signature, with what the powers
/// beside its signatures come to.
///
/// # Errors
///
/// `verdict-later` while the check goes on, `verdict-too-large`; 503 if the file cannot be had.
pub fn of_stored(
    verdict: &FileVerdict,
    authorities: Vec<JudgedPower>,
    formats: &Formats,
    form: Form,
) -> Answer {
    match &verdict.known {
        Known::Report(report) => {
            let checked = Checked {
                authorities,
                covered_file: verdict.covered.clone(),
                ..Checked::of(report.as_ref().clone())
            };
            answer(&checked, &verdict.name, verdict.size_bytes, formats, form)
        }
        Known::Later => Err(AppError::refused("verdict-later").into()),
        Known::TooLarge => Err(AppError::refused("verdict-too-large").into()),
        Known::Unreadable => Err(AppError::Unavailable {
            what: "file",
            source: "a stored file cannot be judged".into(),
        }
        .into()),
    }
}

/// The protocol of what was checked: a file called `name`.
///
/// # Errors
///
/// If the report is longer than a paper may be.
pub fn answer(
    checked: &Checked,
    name: &str,
    size_bytes: u64,
    formats: &Formats,
    form: Form,
) -> Answer {
    let words = file_words(&checked.report, formats);
    let judged = checked.authority.iter().chain(&checked.authorities);
    let authorities: Vec<_> = judged
        .map(|judged| power_words(judged, &words.signatures, formats))
        .collect();
    let protocol = Protocol {
        words: &words,
        name,
        size_bytes,
        covered: checked
            .covered_file
            .as_ref()
            .map(|file| (file.name.as_str(), file.bytes, file.sha256.as_str())),
        locale: formats.locale,
        authorities: &authorities,
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
        Form::Json => (json_of(checked, name)?, "application/json", "json"),
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

/// The object that `chancery verify --json` prints for one file.
fn json_of(checked: &Checked, name: &str) -> Result<Vec<u8>, AppError> {
    let mut named = checked.clone();
    named.report.file = Some(name.to_owned());
    let written = serde_json::to_vec_pretty(&named);
    written.map_err(|error| AppError::Internal(error.into()))
}
