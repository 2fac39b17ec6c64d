//! Powers of attorney on a document's page: the block beside each signature, the form that adds
//! one, and the files.

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use chancery_signature::ValidationReport;
use chancery_trust::Outcome;
use chancery_types::Instant;
use chancery_types::id::DocumentId;
use uuid::Uuid;

use super::files::download;
use super::view::When;
use crate::app::signing::powers::{
    AddedPower, KeptPower, PostedPower, PowersOfDocument, SignatureName, Subject,
};
use crate::app::validation::power::{PARENTS_MAX, POWER_BYTES_MAX};
use crate::app::{App, AppError};
use crate::i18n::authority::{AuthorityWords, kept_result_key};
use crate::i18n::verdict::SignatureWords;
use crate::web::power::power_words;
use crate::web::upload::PostedFiles;
use crate::web::{Answer, Desk, FormView, PersonOnly, Shell, present, upload};

/// A file of a power.
pub struct PowerFileLine {
    /// What it is, in words.
    pub role: String,
    /// Its name.
    pub name: String,
    /// Its size.
    pub size: String,
    /// SHA-256, hexadecimal.
    pub digest: String,
    /// Where it is saved from.
    pub url: String,
}

/// A power that another one has taken the place of.
pub struct EarlierPower {
    /// What its last check came to, in words.
    pub result: String,
    /// Who added it, in words.
    pub added: String,
    /// When.
    pub at: When,
    /// Its files.
    pub files: Vec<PowerFileLine>,
}

/// What stands of powers beside one signature: `partials/power.html` takes it as `power`.
pub struct PowerBlock {
    /// What names the block within the page.
    pub anchor: String,
    /// The judgement on the one that counts; nothing if there is none or it cannot be had.
    pub authority: Option<AuthorityWords>,
    /// What its last check came to, in words, where there is no judgement now.
    pub last: String,
    /// Who added it, in words; empty if there is none.
    pub added: String,
    /// When; nothing if there is none.
    pub at: Option<When>,
    /// Its files.
    pub files: Vec<PowerFileLine>,
    /// Those before it, the last one first.
    pub earlier: Vec<EarlierPower>,
    /// Where one is added; empty if the reader may not.
    pub add_url: String,
}

impl PowerBlock {
    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_none() && self.add_url.is_empty()
    }

    /// Whether one counts.
    #[must_use]
    pub const fn has_power(&self) -> bool {
        self.at.is_some()
    }
}

/// A signature that powers may stand beside.
pub struct Beside<'a> {
    /// How the form names it.
    pub name: SignatureName,
    /// What it stands in: the version or the detached signature.
    pub subject: Uuid,
    /// Its place there, from 0.
    pub place: usize,
    /// Who of ours made it or brought it.
    pub by: Option<Uuid>,
    /// The judgement on what it stands in, if there is one now.
    pub report: Option<&'a Arc<ValidationReport>>,
    /// The same in words.
    pub words: &'a [SignatureWords],
}

/// Makes blocks of powers for one page.
pub struct PowerDesk<'a> {
    /// The application.
    pub app: &'a App,
    /// The frame.
    pub shell: &'a Shell,
    /// The document.
    pub document: DocumentId,
    /// Its powers.
    pub powers: PowersOfDocument,
}

impl PowerDesk<'_> {
    /// The block beside one signature.
    pub async fn block(&self, beside: Beside<'_>) -> PowerBlock {
        let shell = self.shell;
        let mut own = self.powers.of(beside.subject, beside.place);
        let current = own.next();
        let authority = match (current, beside.report) {
            (Some(kept), Some(report)) => self.app.judged_power(kept, report).await,
            _ => None,
        };
        let may_add = self.powers.may_add(beside.by);
        PowerBlock {
            anchor: format!("power-{}", beside.name),
            authority: authority.map(|judged| power_words(&judged, beside.words, &shell.formats)),
            last: current.map_or_else(String::new, |kept| last(shell, kept)),
            added: current.map_or_else(String::new, |kept| added(shell, kept)),
            at: current.map(|kept| When::new(shell, kept.power.added_at)),
            files: current.map_or_else(Vec::new, |kept| self.files(kept)),
            earlier: own.map(|kept| self.earlier(kept)).collect(),
            add_url: match may_add {
                true => format!(
                    "/documents/{}/signatures/{}/powers",
                    self.document, beside.name
                ),
                false => String::new(),
            },
        }
    }

    fn earlier(&self, kept: &KeptPower) -> EarlierPower {
        EarlierPower {
            result: last(self.shell, kept),
            added: added(self.shell, kept),
            at: When::new(self.shell, kept.power.added_at),
            files: self.files(kept),
        }
    }

    fn files(&self, kept: &KeptPower) -> Vec<PowerFileLine> {
        let (shell, document) = (self.shell, self.document);
        let line = |file: &crate::store::entity::signature_power_files::Model| PowerFileLine {
            role: shell.t(&format!("power-file-{}", file.role.replace('_', "-"))),
            name: file.name.clone(),
            size: shell
                .formats
                .size(u64::try_from(file.size_bytes).unwrap_or(0)),
            digest: file.digest.clone(),
            url: format!(
                "/documents/{document}/powers/{}/files/{}",
                kept.power.id, file.position
            ),
        };
        kept.files.iter().map(line).collect()
    }
}

/// What the last check came to, and when that was.
fn last(shell: &Shell, kept: &KeptPower) -> String {
    let Some(check) = &kept.check else {
        return String::new();
    };
    let result = shell.t(&kept_result_key(&check.result));
    let at = shell.formats.exact(Instant::from_micros(check.checked_at));
    shell.t2("power-last-check", "result", result, "at", at)
}

fn added(shell: &Shell, kept: &KeptPower) -> String {
    shell.t1("power-added-by", "name", kept.added_by.as_str())
}

#[derive(Template)]
#[template(path = "pages/documents/power.html")]
struct PowerPage<'a> {
    shell: &'a Shell,
    form: FormView,
    id: DocumentId,
    title: String,
    name: SignatureName,
    /// Whose signature it is.
    signer: String,
    /// What it stands in, in words.
    what: String,
    power_size_max: String,
    parents_max: usize,
    is_needed: bool,
    /// Whether files were sent and lost with an error.
    files_again: bool,
}

impl<'a> PowerPage<'a> {
    fn new(shell: &'a Shell, subject: Subject, name: SignatureName, form: FormView) -> Self {
        let what = match &subject.detached {
            Some(detached) => shell.t1("power-of-detached", "name", detached.name.as_str()),
            None => shell.t1("power-of-version", "number", subject.version.number),
        };
        Self {
            shell,
            id: subject.document.id.into(),
            title: subject.document.title,
            name,
            signer: subject.signer,
            what,
            power_size_max: shell.formats.size(POWER_BYTES_MAX),
            parents_max: PARENTS_MAX,
            is_needed: true,
            files_again: !form.errors.is_empty(),
            form,
        }
    }
}

/// `GET /documents/{document}/signatures/{signature}/powers`: the form.
pub async fn get_power(app: Data<App>, desk: Desk, path: Path<(DocumentId, String)>) -> Answer {
    let (id, name) = path.into_inner();
    let name = named(&name)?;
    let subject = app.power_subject(&desk.actor, id, name).await?;
    let page = PowerPage::new(&desk.shell, subject, name, FormView::default());
    present::page(&desk.shell, &page)
}

/// What names no signature is the path of nothing.
pub fn named(text: &str) -> Result<SignatureName, AppError> {
    text.parse().map_err(|_| AppError::Hidden)
}

/// What a form or a call brought of a power.
pub fn posted_power(posted: PostedFiles) -> PostedPower {
    PostedPower {
        organisation: posted.form.text("organisation").to_owned(),
        code: posted.form.text("power_code").to_owned(),
        files: posted.files,
        problems: posted.problems,
    }
}

/// `POST /documents/{document}/signatures/{signature}/powers`
pub async fn post_power(
    app: Data<App>,
    desk: Desk,
    path: Path<(DocumentId, String)>,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let (id, name) = path.into_inner();
    let name = named(&name)?;
    let posted = upload::read_page(&app, &request, parts).await?;
    let form = posted.form.clone();
    let added = app.add_power(&desk.actor, id, name, posted_power(posted));
    match added.await {
        Ok(added) => {
            let page = format!("/documents/{id}#power-{name}");
            present::see_other(&page, flash_of(&added), &[])
        }
        Err(AppError::Invalid { fields }) => {
            let subject = app.power_subject(&desk.actor, id, name).await?;
            let view = form.view(desk.shell.locale(), &fields);
            let page = PowerPage::new(&desk.shell, subject, name, view);
            present::page_with_errors(&desk.shell, &page)
        }
        Err(error) => Err(error.into()),
    }
}

const fn flash_of(added: &AddedPower) -> &'static str {
    match added.result {
        Outcome::Confirmed if added.is_of_proven_signer => "flash-power-confirmed",
        Outcome::Confirmed | Outcome::Undecided => "flash-power-undecided",
        Outcome::Refused => "flash-power-refused",
    }
}

/// `GET /documents/{document}/powers/{power}/files/{position}`: the file, to be saved.
pub async fn get_power_file(
    app: Data<App>,
    reader: PersonOnly,
    path: Path<(DocumentId, Uuid, i64)>,
) -> Answer {
    let (document, power, position) = path.into_inner();
    let file = app.open_power_file(&reader.actor, document, power, position);
    Ok(download(file.await?))
}
