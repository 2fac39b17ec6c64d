//! The protocol of a check as a file that a browser saves.

use actix_web::HttpResponse;
use actix_web::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use serde::Deserialize;

use super::Answer;
use super::edge::urlencode;
use super::evidence_words::EvidenceWords;
use super::power::power_words;
use crate::app::signing::judged::{FileVerdict, Known};
use crate::app::validation::power::JudgedPower;
use crate::app::validation::{Checked, WrittenReport};
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::i18n::authority::AuthorityWords;
use crate::i18n::verdict::{FileWords, MakingWords, Origin, Protocol, file_words};
use crate::i18n::{Formats, t};

/// The longest protocol that a page holds, in bytes: browsers save no link that is longer than
/// 2 MiB, and in Base64 it is a third longer.
const HELD_BYTES_MAX: usize = 1024 * 1024;
/// The endings of files that are checked, which their protocols do not go by.
const CHECKED_ENDINGS: [&str; 6] = [".pdf", ".p7s", ".p7m", ".sig", ".sgn", ".xml"];
/// Most signatures of a report whose protocols are written before anybody asks for them.
const HELD_SIGNATURES_MAX: usize = 100;

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

    const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}

/// What stands beside the signatures of a stored file.
#[derive(Debug)]
pub struct Beside {
    /// What the powers beside them come to.
    pub authorities: Vec<JudgedPower>,
    /// What is known of the making of each, by its place in the report.
    pub evidence: Vec<(usize, serde_json::Value)>,
}

impl Beside {
    /// All that stands beside the signatures of a judged file.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if the actor may not see the document.
    pub async fn load(
        app: &App,
        actor: &Actor,
        document: DocumentId,
        verdict: &FileVerdict,
    ) -> Result<Self, AppError> {
        Ok(Self {
            authorities: app.authorities_of(actor, document, verdict).await?,
            evidence: app.making_of(actor, document, verdict).await?,
        })
    }
}

/// The protocol of the check of a stored version or of a detached signature, with what stands
/// beside its signatures.
///
/// # Errors
///
/// `verdict-later` while the check goes on, `verdict-too-large`; 503 if the file cannot be had.
pub fn of_stored(
    verdict: &FileVerdict,
    beside: Beside,
    (formats, server): (&Formats, &str),
    form: Form,
) -> Answer {
    match &verdict.known {
        Known::Report(report) => {
            let checked = Checked {
                authorities: beside.authorities,
                covered_file: verdict.covered.clone(),
                ..Checked::of(report.as_ref().clone())
            };
            let words = file_words(&checked.report, formats);
            let file = (verdict.name.as_str(), verdict.size_bytes);
            let mut written = Written::new(&checked, &words, file, (formats, server));
            let made = beside.evidence.iter();
            written.making = made.filter_map(|one| making(one, formats)).collect();
            written.answer(form)
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
    (formats, server): (&Formats, &str),
    form: Form,
) -> Answer {
    let words = file_words(&checked.report, formats);
    let file = (name, size_bytes);
    Written::new(checked, &words, file, (formats, server)).answer(form)
}

/// What the protocol of the check of a file called `name` is saved as: `contract.pdf` has
/// `contract – signature check.pdf`.
fn protocol_name(name: &str, ending: &str, locale: Locale) -> String {
    let lower = name.to_ascii_lowercase();
    let known = CHECKED_ENDINGS.iter().find(|end| lower.ends_with(*end));
    let length = known.map_or(0, |end| end.len());
    let stem = name
        .get(..name.len().saturating_sub(length))
        .unwrap_or(name);
    format!("{stem} – {}.{ending}", t(locale, "protocol-file", &[]))
}

/// A protocol that a page itself holds, so that whoever reads the page can save it although the
/// server keeps neither the file nor the report.
#[derive(Debug)]
pub struct HeldProtocol {
    /// How it is written: `PDF`, `HTML` or `JSON`.
    pub label: &'static str,
    /// What it is saved as.
    pub name: String,
    /// All of it, as a `data:` address (RFC 2397).
    pub href: String,
}

/// The protocols of what was checked in every form, for a page that holds them; without those that
/// are too long for it, so none of a report on very many signatures.
#[must_use]
pub fn held(
    checked: &Checked,
    words: &FileWords,
    (name, size_bytes): (&str, u64),
    (formats, server): (&Formats, &str),
) -> Vec<HeldProtocol> {
    if words.signatures.len() > HELD_SIGNATURES_MAX {
        return Vec::new();
    }
    let written = Written::new(checked, words, (name, size_bytes), (formats, server));
    let held = |(form, label): (Form, &'static str)| {
        // One that cannot be written is longer than a paper may be.
        let content = written.content(form).ok()?;
        (content.len() <= HELD_BYTES_MAX).then(|| {
            let media_type = form.media_type().replace(' ', "");
            HeldProtocol {
                label,
                name: protocol_name(name, form.ending(), formats.locale),
                href: format!("data:{media_type};base64,{}", STANDARD.encode(content)),
            }
        })
    };
    let forms = [
        (Form::Pdf, "PDF"),
        (Form::Html, "HTML"),
        (Form::Json, "JSON"),
    ];
    forms.into_iter().filter_map(held).collect()
}

/// What was checked, with its words, to be written in any form.
struct Written<'a> {
    checked: &'a Checked,
    words: &'a FileWords,
    authorities: Vec<AuthorityWords>,
    making: Vec<MakingWords>,
    name: &'a str,
    size_bytes: u64,
    formats: &'a Formats,
    server: &'a str,
}

impl<'a> Written<'a> {
    fn new(
        checked: &'a Checked,
        words: &'a FileWords,
        (name, size_bytes): (&'a str, u64),
        (formats, server): (&'a Formats, &'a str),
    ) -> Self {
        let judged = checked.authority.iter().chain(&checked.authorities);
        let authorities = judged.map(|judged| power_words(judged, &words.signatures, formats));
        Self {
            checked,
            words,
            authorities: authorities.collect(),
            making: Vec::new(),
            name,
            size_bytes,
            formats,
            server,
        }
    }

    /// As a file that is saved.
    fn answer(&self, form: Form) -> Answer {
        let content = self.content(form)?;
        let (media_type, ending) = (form.media_type(), form.ending());
        // Nothing of ours runs in it; saved, it stands alone.
        Ok(HttpResponse::Ok()
            .content_type(media_type)
            .insert_header((
                header::CONTENT_DISPOSITION,
                format!(
                    "attachment; filename=\"protocol.{ending}\"; filename*=UTF-8''{}",
                    urlencode(&protocol_name(self.name, ending, self.formats.locale))
                        .replace('/', "%2F")
                ),
            ))
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                "sandbox; default-src 'none'; style-src 'unsafe-inline'",
            ))
            .insert_header((header::CACHE_CONTROL, "private, no-store"))
            .body(content))
    }

    fn content(&self, form: Form) -> Result<Vec<u8>, AppError> {
        let covered = self.checked.covered_file.as_ref();
        let protocol = Protocol {
            words: self.words,
            name: self.name,
            size_bytes: self.size_bytes,
            covered: covered.map(|file| (file.name.as_str(), file.bytes, file.sha256.as_str())),
            locale: self.formats.locale,
            origin: Origin::Server(self.server),
            authorities: &self.authorities,
            making: &self.making,
        };
        match form {
            Form::Pdf => protocol
                .pdf()
                .map_err(|error| AppError::Internal(error.into())),
            Form::Html => Ok(protocol.html().into_bytes()),
            Form::Json => json_of(self.checked, self.name, self.formats),
        }
    }
}

/// What is known of a signature's making, if anything is.
fn making(
    (place, evidence): &(usize, serde_json::Value),
    formats: &Formats,
) -> Option<MakingWords> {
    let told = EvidenceWords::of(evidence, formats);
    if told.is_empty() {
        return None;
    }
    let identity = Some(told.identity).filter(|text| !text.is_empty());
    Some(MakingWords {
        place: *place,
        said: identity.into_iter().chain(told.story).collect(),
    })
}

/// The object that `chancery verify --json` prints for one file.
fn json_of(checked: &Checked, name: &str, formats: &Formats) -> Result<Vec<u8>, AppError> {
    let mut named = checked.clone();
    named.report.file = Some(name.to_owned());
    let written = serde_json::to_vec_pretty(&WrittenReport::of(named, formats));
    written.map_err(|error| AppError::Internal(error.into()))
}
