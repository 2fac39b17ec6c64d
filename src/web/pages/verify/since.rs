//! What was signed of a file that somebody brought, and what is seen otherwise in it now. The file
//! is in memory while the answer is made, and nowhere after.

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use askama::Template;
use chancery_signature::facts::{FileFormat, SignatureForm};
use chancery_signature::report::SignatureReport;

use super::held::HeldFile;
use super::{JudgedUpload, Upload, judge_upload};
use crate::app::revisions::{Seen, Share, States};
use crate::app::signing::revision::revision_name;
use crate::app::{App, AppError, FieldProblem};
use crate::domain::comparison::Change;
use crate::i18n::Formats;
use crate::i18n::verdict::{FileWords, file_words};
use crate::web::pages::documents::files::download_bytes;
use crate::web::pages::revision::{SeenView, about_key};
use crate::web::{Answer, Shell, present};

#[derive(Template)]
#[template(path = "pages/verify-seen.html")]
struct SeenPage<'a> {
    shell: &'a Shell,
    /// Whose signature, and when it was made.
    about: String,
    /// The verdict on the file, and the place of the signature in it.
    verdict: FileWords,
    place: usize,
    seen: SeenView,
    /// What our validator says was added, in words.
    changes: Vec<String>,
    /// The file, to go on with.
    held: Option<HeldFile>,
}

/// What was sent and judged, with the two states that one of its signatures tells apart.
#[derive(Debug)]
pub struct Since {
    judged: JudgedUpload,
    /// Its place in the report.
    place: usize,
    states: States,
}

impl Since {
    /// Judges what was sent, and finds what its signature number `number` (from 0, timestamps not
    /// counted, as the report numbers them for people) covers; without a number, the one that was
    /// made first, which covers least.
    ///
    /// # Errors
    ///
    /// As [`judge_upload`]; [`AppError::Invalid`] on `file` if there is no signature in a PDF to
    /// compare with, on `signature_number` if that one is not there or covers no sound range.
    pub async fn read(app: &App, upload: Upload, number: Option<usize>) -> Result<Self, AppError> {
        let is_beside = upload.content.is_some();
        let file = upload.file.clone();
        let judged = judge_upload(app, upload).await?;
        let report = &judged.checked.report;
        if is_beside || report.format != FileFormat::Pdf {
            return Err(not_comparable(is_beside, report.format));
        }
        let all = report.signatures.iter().enumerate();
        let own: Vec<_> = all
            .filter(|(_, one)| one.form == SignatureForm::Pdf)
            .collect();
        if own.is_empty() {
            return Err(AppError::invalid("file", "comparison-no-signature"));
        }
        let length = |one: &SignatureReport| one.signed_revision(&file).map(<[u8]>::len);
        let found = match number {
            Some(number) => own.get(number),
            None => own
                .iter()
                .min_by_key(|(_, one)| length(one).unwrap_or(usize::MAX)),
        };
        let (place, one) = *found.ok_or_else(|| no_such(own.len()))?;
        // What it covers was changed: those bytes are not what was signed.
        if one.is_content_changed() {
            return Err(AppError::invalid("file", "comparison-changed"));
        }
        let signed: Bytes = file.slice(..length(one).ok_or_else(none)?);
        Ok(Self {
            judged,
            place,
            states: States { signed, now: file },
        })
    }

    /// The place of the signature in the report.
    #[must_use]
    pub const fn place(&self) -> usize {
        self.place
    }

    /// Exactly the bytes that were signed, to be saved.
    #[must_use]
    pub fn revision(self) -> HttpResponse {
        let name = revision_name(&self.judged.name, &self.judged.checked.report, self.place);
        download_bytes(&name, "application/pdf", self.states.signed)
    }

    /// What is seen otherwise.
    ///
    /// # Errors
    ///
    /// As [`App::see_changes`].
    pub async fn seen(self, app: &App, share: &Share) -> Result<(JudgedUpload, Seen), AppError> {
        let seen = app.see_changes(share, self.states).await?;
        Ok((self.judged, seen))
    }

    /// The same as a page.
    ///
    /// # Errors
    ///
    /// As [`Since::seen`].
    pub async fn page(
        self,
        app: &App,
        shell: &Shell,
        (share, formats): (&Share, &Formats),
    ) -> Answer {
        let (place, file) = (self.place, self.states.now.clone());
        let (judged, seen) = self.seen(app, share).await?;
        let verdict = file_words(&judged.checked.report, formats);
        let one = verdict.signatures.get(place).ok_or_else(none)?;
        let since = judged.checked.report.signatures.get(place);
        let since = since.ok_or_else(none)?;
        let page = SeenPage {
            shell,
            about: shell.t2(
                about_key(&seen),
                "who",
                one.who.as_str(),
                "when",
                one.when.as_str(),
            ),
            seen: SeenView::new(shell, &seen, since),
            changes: one.after.clone(),
            held: HeldFile::of(&judged.name, &file, &judged.checked.report),
            verdict,
            place,
        };
        present::page_with(HttpResponse::Ok(), shell, &page)
    }
}

/// Why a file has nothing that could be compared.
fn not_comparable(is_beside: bool, format: FileFormat) -> AppError {
    let code = match format {
        _ if is_beside => "comparison-beside",
        FileFormat::Cms => "comparison-beside",
        FileFormat::Pdf | FileFormat::Xml | FileFormat::Unknown => "comparison-no-pdf",
    };
    AppError::invalid("file", code)
}

fn no_such(count: usize) -> AppError {
    let problem = FieldProblem::new("signature_number", "no-such-signature");
    AppError::Invalid {
        fields: vec![problem.with("count", count)],
    }
}

fn none() -> AppError {
    AppError::invalid("signature_number", "no-revision")
}
