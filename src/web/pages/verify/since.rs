//! What was signed of a file that somebody brought, and what is seen otherwise in it now. The file
//! is in memory while the answer is made, and nowhere after.

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use askama::Template;
use chancery_signature::facts::SignatureForm;
use uuid::Uuid;

use super::{JudgedUpload, Upload, judge_upload};
use crate::app::revisions::{Seen, States};
use crate::app::signing::revision::revision_name;
use crate::app::{App, AppError};
use crate::domain::comparison::Change;
use crate::i18n::Formats;
use crate::i18n::verdict::file_words;
use crate::web::pages::documents::files::download_bytes;
use crate::web::pages::revision::SeenView;
use crate::web::{Answer, Shell, present};

/// Whose share of the workers the files of strangers take: one share for all of them.
const STRANGERS: Uuid = Uuid::nil();

#[derive(Template)]
#[template(path = "pages/verify-seen.html")]
struct SeenPage<'a> {
    shell: &'a Shell,
    /// Whose signature, and when it was made.
    about: String,
    seen: SeenView,
    /// What our validator says was added, in words.
    changes: Vec<String>,
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
    /// counted, as the report numbers them for people) covers.
    ///
    /// # Errors
    ///
    /// As [`judge_upload`]; [`AppError::Invalid`] on `signature_number` if there is none there that
    /// covers a sound range of a PDF.
    pub async fn read(app: &App, upload: Upload, number: usize) -> Result<Self, AppError> {
        let content = upload.content.as_ref().map(|(_, content)| content.clone());
        let file = upload.file.clone();
        let judged = judge_upload(app, upload).await?;
        // What a detached signature covers is the whole of the other file.
        if content.is_some() {
            return Err(none());
        }
        let all = judged.checked.report.signatures.iter().enumerate();
        let mut signatures = all.filter(|(_, one)| one.form == SignatureForm::Pdf);
        let (place, one) = signatures.nth(number).ok_or_else(none)?;
        let length = one.signed_revision(&file).map(<[u8]>::len);
        let signed: Bytes = file.slice(..length.ok_or_else(none)?);
        Ok(Self {
            judged,
            place,
            states: States { signed, now: file },
        })
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
    pub async fn seen(self, app: &App) -> Result<(JudgedUpload, Seen), AppError> {
        let seen = app.see_changes(STRANGERS, self.states).await?;
        Ok((self.judged, seen))
    }

    /// The same as a page.
    ///
    /// # Errors
    ///
    /// As [`Since::seen`].
    pub async fn page(self, app: &App, shell: &Shell, formats: &Formats) -> Answer {
        let place = self.place;
        let (judged, seen) = self.seen(app).await?;
        let words = file_words(&judged.checked.report, formats);
        let words = words.signatures.into_iter().nth(place).ok_or_else(none)?;
        let page = SeenPage {
            shell,
            about: shell.t2("revision-about", "who", words.who, "when", words.when),
            seen: SeenView::new(shell, &seen),
            changes: words.after,
        };
        present::page_with(HttpResponse::Ok(), shell, &page)
    }
}

fn none() -> AppError {
    AppError::invalid("signature_number", "no-revision")
}
