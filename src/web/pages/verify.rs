//! "Check a signature": anybody brings a file and gets its verdict. Nothing is kept.

mod held;
mod since;
mod upload;

use actix_multipart::Multipart;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::app::revisions::Share;
use crate::app::validation::Checked;
use crate::app::validation::power::{PARENTS_FIELD, PARENTS_MAX, POWER_BYTES_MAX};
use crate::app::{App, AppError, FieldProblem};
use crate::i18n::Formats;
use crate::i18n::authority::AuthorityWords;
use crate::i18n::verdict::{FileWords, file_words};
use crate::web::edge::RequestFacts;
use crate::web::limits::{Limiter, OpenUpload, network_of};
use crate::web::pages::revocation::RootView;
use crate::web::power::power_words;
use crate::web::protocol::{self, HeldProtocol};
use crate::web::routes::{Audience, Route};
use crate::web::session::app_and_facts;
use crate::web::{Answer, FormView, Outsider, PostedForm, Problem, Shell, present};
use held::HeldFile;
pub use since::Since;
pub use upload::{Upload, Wanted, receive};

#[derive(Template)]
#[template(path = "pages/verify.html")]
struct VerifyPage<'a> {
    shell: &'a Shell,
    form: FormView,
    size_max: String,
    power_size_max: String,
    parents_max: usize,
    /// Whether the power must be there: only what belongs to it asks for it.
    is_needed: bool,
    /// The key of the sentence that says whom we trust.
    trusted: &'static str,
    /// What others check our signatures by.
    roots: Vec<RootView>,
}

/// The key of the sentence that says whom we trust.
fn trusted(app: &App) -> &'static str {
    match app.config.trust.anchors.is_empty() {
        true => "verify-trusted",
        false => "verify-trusted-also",
    }
}

impl<'a> VerifyPage<'a> {
    /// Whether something is wrong with what is asked of a power, or was typed of it, so that its
    /// fields are seen.
    fn has_power(&self) -> bool {
        let typed = ["organisation", "power_code"];
        let fields = ["power", "power_signature", PARENTS_FIELD];
        let mut fields = fields.iter().chain(&typed);
        fields.any(|name| !self.form.error(name).is_empty())
            || typed.iter().any(|name| !self.form.value(name).is_empty())
    }

    /// Whether a signature was named, or what is asked of it is wrong.
    fn has_place(&self) -> bool {
        !self.form.error("signature_number").is_empty()
            || !self.form.value("signature_number").is_empty()
    }

    async fn new(
        shell: &'a Shell,
        app: &App,
        typed: &PostedForm,
        problems: &[FieldProblem],
    ) -> Result<Self, AppError> {
        let roots = app.roots_for_anybody().await?;
        let size_max = shell.formats.size(app.config.limits.verify_bytes_max);
        let form = typed.view(shell.locale(), problems);
        Ok(Self {
            shell,
            form,
            size_max,
            power_size_max: shell.formats.size(POWER_BYTES_MAX),
            parents_max: PARENTS_MAX,
            is_needed: false,
            trusted: trusted(app),
            roots: RootView::all(&shell.formats, roots),
        })
    }
}

#[derive(Template)]
#[template(path = "pages/verify-verdict.html")]
struct VerdictPage<'a> {
    shell: &'a Shell,
    verdict: FileWords,
    /// What a power of attorney allows the signer: a block of its own.
    authority: Option<AuthorityWords>,
    file_name: String,
    size: String,
    /// What a detached signature was checked with: its name and size, and its digest.
    covered: Option<(String, String)>,
    is_swapped: bool,
    /// The protocol in every form that the page can hold.
    protocols: Vec<HeldProtocol>,
    /// The file, to go on with.
    held: Option<HeldFile>,
    trusted: &'static str,
    /// What others check signatures of this house in the file by.
    roots: Vec<RootView>,
}

/// `GET /verify`
async fn get_verify(app: Data<App>, outsider: Outsider) -> Answer {
    let page = VerifyPage::new(&outsider.shell, &app, &PostedForm::default(), &[]).await?;
    present::page(&outsider.shell, &page)
}

/// What was sent, judged: with the name and the size of the signature's file.
#[derive(Debug)]
pub struct JudgedUpload {
    /// The judgement.
    pub checked: Checked,
    /// The name of the file that holds the signature, as far as it may be shown.
    pub name: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Counted among the files of its address as long as this is here: so long they may be in
    /// memory.
    _open: OpenUpload,
}

/// Judges what was sent.
///
/// # Errors
///
/// As [`App::check_file`].
pub async fn judge_upload(app: &App, upload: Upload) -> Result<JudgedUpload, AppError> {
    let mut named = (upload.name, upload.file.len());
    let (beside, content) = match upload.content {
        Some((name, content)) => (Some((name, content.len())), Some(content)),
        None => (None, None),
    };
    let checked = app.check_file(upload.seat, upload.file, content, upload.power);
    let mut checked = checked.await?;
    if let Some(mut other) = beside {
        if checked.swapped {
            std::mem::swap(&mut other, &mut named);
        }
        if let Some(covered) = &mut checked.covered_file {
            covered.name = other.0;
        }
    }
    let (name, bytes) = named;
    Ok(JudgedUpload {
        checked,
        name,
        size_bytes: bytes as u64,
        _open: upload.open,
    })
}

/// Whose share of the workers a file takes that is brought here: of who is logged in, their own.
fn share_of(shell: &Shell, facts: &RequestFacts) -> Share {
    match &shell.reader {
        Some(reader) => Share::Person(reader.id.uuid()),
        None => stranger(facts),
    }
}

/// The share of whoever comes from this address.
#[must_use]
pub fn stranger(facts: &RequestFacts) -> Share {
    Share::Stranger(network_of(facts.address.as_deref().unwrap_or_default()))
}

/// Judges what was sent, and says so: on a page, or in a protocol, which is kept nowhere here.
async fn tell(app: &App, shell: &Shell, upload: Upload, facts: &RequestFacts) -> Answer {
    // Nobody knows where an outsider reads: times are told as the house has them.
    let formats = match shell.reader {
        Some(_) => shell.formats.clone(),
        None => Formats::new(shell.locale(), &app.shared_zone().await?),
    };
    let form = match upload.wanted {
        Wanted::Comparison(place) => {
            let since = Since::read(app, upload, place).await?;
            let share = share_of(shell, facts);
            return since.page(app, shell, (&share, &formats)).await;
        }
        Wanted::Revision(place) => return Ok(Since::read(app, upload, place).await?.revision()),
        Wanted::Protocol(form) => Some(form),
        Wanted::Page => None,
    };
    let file = upload.content.is_none().then(|| upload.file.clone());
    let judged = judge_upload(app, upload).await?;
    if let Some(form) = form {
        let (name, size_bytes) = (&judged.name, judged.size_bytes);
        let by = (&formats, app.config.server.public_url.as_str());
        return protocol::answer(&judged.checked, name, size_bytes, by, form);
    }
    let verdict = file_words(&judged.checked.report, &formats);
    let authority = judged.checked.authority.as_ref();
    let named = (judged.name.as_str(), judged.size_bytes);
    let by = (&formats, app.config.server.public_url.as_str());
    let protocols = protocol::held(&judged.checked, &verdict, named, by);
    let page = VerdictPage {
        shell,
        authority: authority.map(|power| power_words(power, &verdict.signatures, &formats)),
        verdict,
        size: formats.size(judged.size_bytes),
        held: file.and_then(|file| HeldFile::of(&judged.name, &file, &judged.checked.report)),
        file_name: judged.name,
        covered: judged.checked.covered_file.as_ref().map(|covered| {
            let size = formats.size(covered.bytes);
            (format!("{}, {size}", covered.name), covered.sha256.clone())
        }),
        is_swapped: judged.checked.swapped,
        protocols,
        trusted: trusted(app),
        roots: RootView::all(&formats, app.roots_behind(&judged.checked.report).await?),
    };
    present::page_with(HttpResponse::Ok(), shell, &page)
}

/// `POST /verify`: the verdict, at once; there is nothing to come back to.
async fn post_verify(
    app: Data<App>,
    limiter: Data<Limiter>,
    request: HttpRequest,
    outsider: Outsider,
    parts: Multipart,
) -> Answer {
    let shell = &outsider.shell;
    let mut typed = PostedForm::default();
    let told = match receive(&app, &limiter, &request, parts, &mut typed).await {
        Ok(upload) => tell(&app, shell, upload, &app_and_facts(&request)?.1).await,
        Err(problem) => Err(problem),
    };
    match told {
        Err(Problem::App(AppError::Invalid { fields })) => {
            let page = VerifyPage::new(shell, &app, &typed, &fields).await?;
            present::page_with_errors(shell, &page)
        }
        told => told,
    }
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/verify", Audience::Everyone, || web::get().to(get_verify)),
    Route::post("/verify", Audience::Everyone, || {
        web::post().to(post_verify)
    }),
];
