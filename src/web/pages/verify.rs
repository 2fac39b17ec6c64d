//! "Check a signature": anybody brings a file and gets its verdict. Nothing is kept.

use std::sync::Arc;

use actix_multipart::{Field, Multipart};
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use futures::TryStreamExt as _;
use tokio::time::{Duration, timeout};

use crate::app::spool::Scratch;
use crate::app::validation::power::{GivenPower, PowerAsked};
use crate::app::validation::{CheckSeat, Checked};
use crate::app::{App, AppError, FieldProblem};
use crate::i18n::Formats;
use crate::i18n::authority::AuthorityWords;
use crate::i18n::verdict::{FileWords, file_words, shown};
use crate::web::edge::RequestFacts;
use crate::web::limits::{Limiter, OpenUpload};
use crate::web::power::{ANSWER_CHARACTERS_MAX, POWER_BYTES_MAX, SentPower, power_words};
use crate::web::protocol::{self, Form};
use crate::web::routes::{Audience, Route};
use crate::web::session::app_and_facts;
use crate::web::{Answer, FormView, Outsider, PostedForm, Problem, Shell, csrf, present};

/// How long an upload may take, in seconds: a seat in the queue is not to be sat out.
const UPLOAD_SECONDS_MAX: u64 = 120;
/// Bytes beyond the limit that are read and thrown away, so that a browser, which reads the answer
/// only after it has sent everything, sees why its file was refused.
const THROWN_AWAY_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// A signature beside a file of the largest size.
const BESIDE_BYTES_MAX: u64 = 1024 * 1024;
const TOKEN_BYTES_MAX: u64 = 200;
/// The longest name of a form of protocols.
const FORM_BYTES_MAX: u64 = 20;
/// Most parts of an upload; ours has seven after the token.
const PARTS_MAX: usize = 8;
/// A number or a code in letters of up to four bytes, with some white space.
const ANSWER_BYTES_MAX: u64 = 4 * ANSWER_CHARACTERS_MAX as u64 + 40;

/// A file to check, as it was sent, with its place in the queue.
#[derive(Debug)]
pub struct Upload {
    /// Its name, as far as it may be shown.
    pub name: String,
    /// Its bytes.
    pub file: Bytes,
    /// What a detached signature signs: name, as far as it may be shown, and bytes.
    pub content: Option<(String, Bytes)>,
    /// What is asked of a power of attorney beside it.
    pub power: Option<PowerAsked>,
    /// The verdict is wanted as a protocol in this form.
    pub form: Option<Form>,
    /// The place in the queue of checks.
    pub seat: CheckSeat,
    /// Counted among the files of its address until it was checked.
    pub open: OpenUpload,
}

/// What was read, on the disk; a power of attorney is small and in memory.
struct Spooled {
    name: String,
    file: Scratch,
    content: Option<(String, Scratch)>,
    power: Option<PowerAsked>,
    form: Option<Form>,
}

/// Counts the request, reads what it brings (`_csrf` first if a page sent it, then `file`, and
/// `content`, what belongs to a power of attorney, and `form` if there are such), and only then
/// takes a seat in the queue: who sends slowly holds nothing that others wait for.
///
/// # Errors
///
/// [`AppError::TooMany`]; 400, 403 `csrf`, 408, 413; [`AppError::Invalid`] without a file, and as
/// [`SentPower::asked`].
pub async fn receive(
    app: &App,
    limiter: &Arc<Limiter>,
    request: &HttpRequest,
    parts: Multipart,
) -> Result<Upload, Problem> {
    let (_, facts) = app_and_facts(request)?;
    limiter.check_address("verify", &facts, app.config.rate_limits.verify_per_minute)?;
    // Half the queue at most for one address.
    let of_address_max = app.check_seats_count().div_ceil(2);
    let open = limiter.open_upload(&facts, of_address_max)?;
    let limits = &app.config.limits;
    let reading = read_parts(request, &facts, parts, limits.verify_bytes_max);
    let seconds = limits.upload_seconds_max.min(UPLOAD_SECONDS_MAX);
    let spooled = timeout(Duration::from_secs(seconds), reading)
        .await
        .unwrap_or(Err(Problem::http(408, "upload-slow")))?;
    let seat = app.take_check_seat()?;
    let content = match spooled.content {
        Some((name, content)) => Some((name, content.bytes().await?)),
        None => None,
    };
    Ok(Upload {
        name: spooled.name,
        file: spooled.file.bytes().await?,
        content,
        power: spooled.power,
        form: spooled.form,
        seat,
        open,
    })
}

async fn read_parts(
    request: &HttpRequest,
    facts: &RequestFacts,
    mut parts: Multipart,
    bytes_max: u64,
) -> Result<Spooled, Problem> {
    if !facts.is_api() {
        check_csrf(request, &mut parts).await?;
    }
    let mut left = bytes_max.saturating_add(BESIDE_BYTES_MAX);
    let (mut file, mut content, mut form) = (None, None, None);
    let mut power = PowerParts::default();
    for _ in 0..PARTS_MAX {
        let Some(mut part) = parts.try_next().await.map_err(|_| Problem::unreadable())? else {
            break;
        };
        let file_name = part
            .content_disposition()
            .and_then(|one| one.get_filename());
        let file_name = file_name.unwrap_or_default().to_owned();
        let place = part.name().unwrap_or_default().to_owned();
        if power.takes(&place, &mut part).await? {
            continue;
        }
        let bytes = read_part(&mut part, left.min(bytes_max), bytes_max).await?;
        left = left.saturating_sub(bytes.size_bytes());
        // A browser sends an empty part without a name for a file that was not chosen.
        let is_chosen = bytes.size_bytes() > 0 || !file_name.is_empty();
        match place.as_str() {
            "file" if is_chosen => file = file.or(Some((file_name, bytes))),
            "content" if is_chosen => content = content.or(Some((shown(&file_name), bytes))),
            "form" => form = form_of(bytes).await?,
            _ => {}
        }
    }
    let (name, file) = file.ok_or_else(|| AppError::invalid("file", "no-file"))?;
    Ok(Spooled {
        name: shown(&name),
        file,
        content,
        power: power.sent().asked()?,
        form,
    })
}

/// The parts that belong to a power of attorney. Its limits are its own: it takes nothing from the
/// file's.
#[derive(Default)]
struct PowerParts {
    power: Option<Bytes>,
    signature: Option<Bytes>,
    organisation: String,
    code: String,
}

impl PowerParts {
    /// Reads the part if it is one of these; of several the first counts.
    async fn takes(&mut self, place: &str, part: &mut Field) -> Result<bool, Problem> {
        match place {
            "power" => {
                let read = read_power_part(part, "power").await?;
                self.power = self.power.take().or(read);
            }
            "power_signature" => {
                let read = read_power_part(part, "power_signature").await?;
                self.signature = self.signature.take().or(read);
            }
            "organisation" => self.organisation = read_answer(part, "organisation").await?,
            "power_code" => self.code = read_answer(part, "power_code").await?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn sent(self) -> SentPower {
        let signature = self.signature;
        SentPower {
            has_more: signature.is_some(),
            given: self.power.map(|power| GivenPower { power, signature }),
            organisation: self.organisation,
            code: self.code,
        }
    }
}

/// Reads a small part; one that is too large is what `problem` says.
async fn read_small(
    part: &mut Field,
    bytes_max: u64,
    problem: FieldProblem,
) -> Result<Bytes, Problem> {
    match read_part(part, bytes_max, bytes_max).await {
        Ok(read) => Ok(read.bytes().await?),
        Err(Problem::App(AppError::TooLarge { .. })) => {
            let fields = vec![problem];
            Err(AppError::Invalid { fields }.into())
        }
        Err(problem) => Err(problem),
    }
}

/// A file of a power of attorney, if one was chosen.
async fn read_power_part(part: &mut Field, name: &str) -> Result<Option<Bytes>, Problem> {
    let problem = FieldProblem::new(name, "power-too-large");
    let problem = problem.with("kilobytes", POWER_BYTES_MAX / 1024);
    let named = part
        .content_disposition()
        .and_then(|one| one.get_filename());
    let is_named = named.is_some_and(|name| !name.is_empty());
    let read = read_small(part, POWER_BYTES_MAX, problem).await?;
    Ok(Some(read).filter(|read| is_named || !read.is_empty()))
}

async fn read_answer(part: &mut Field, name: &str) -> Result<String, Problem> {
    let problem = FieldProblem::new(name, "too-long").with("max", ANSWER_CHARACTERS_MAX);
    let read = read_small(part, ANSWER_BYTES_MAX, problem).await?;
    let text = String::from_utf8(read.to_vec());
    text.map_err(|_| Problem::unreadable())
}

/// `page` or nothing for a page, else the form of a protocol.
async fn form_of(part: Scratch) -> Result<Option<Form>, Problem> {
    let wrong = || AppError::invalid("form", "not-a-choice");
    if part.size_bytes() > FORM_BYTES_MAX {
        return Err(wrong().into());
    }
    match part.bytes().await?.as_ref() {
        b"" | b"page" => Ok(None),
        code => {
            let code = std::str::from_utf8(code).unwrap_or_default();
            Ok(Some(Form::from_code(code).ok_or_else(wrong)?))
        }
    }
}

/// The first part must be the token, so that nothing of a stranger's form is read.
async fn check_csrf(request: &HttpRequest, parts: &mut Multipart) -> Result<(), Problem> {
    let first = parts.try_next().await.map_err(|_| Problem::unreadable())?;
    let mut token = None;
    if let Some(mut part) = first.filter(|part| part.name() == Some(csrf::FIELD)) {
        let read = read_part(&mut part, TOKEN_BYTES_MAX, TOKEN_BYTES_MAX).await?;
        token = Some(read.bytes().await?);
    }
    let token = token
        .as_deref()
        .and_then(|bytes| std::str::from_utf8(bytes).ok());
    csrf::check_token(request, token).await
}

/// Reads a part up to `left` bytes; `bytes_max` is the limit that the reader is told.
async fn read_part(part: &mut Field, left: u64, bytes_max: u64) -> Result<Scratch, Problem> {
    let mut kept = Some(Scratch::new()?);
    let mut length = 0_u64;
    while let Some(chunk) = part.try_next().await.map_err(|_| Problem::unreadable())? {
        length = length.saturating_add(chunk.len() as u64);
        if length > left.saturating_add(THROWN_AWAY_BYTES_MAX) {
            break;
        }
        kept = kept.filter(|_| length <= left);
        if let Some(kept) = &mut kept {
            kept.write(&chunk)?;
        }
    }
    let too_large = AppError::TooLarge {
        max_bytes: bytes_max,
    };
    Ok(kept.filter(|_| length <= left).ok_or(too_large)?)
}

#[derive(Template)]
#[template(path = "pages/verify.html")]
struct VerifyPage<'a> {
    shell: &'a Shell,
    form: FormView,
    size_max: String,
    power_size_max: String,
    /// The key of the sentence that says whom we trust.
    trusted: &'static str,
}

/// The key of the sentence that says whom we trust.
fn trusted(app: &App) -> &'static str {
    match app.config.trust.anchors.is_empty() {
        true => "verify-trusted",
        false => "verify-trusted-also",
    }
}

impl<'a> VerifyPage<'a> {
    /// Whether something is wrong with what is asked of a power, so that its fields are seen.
    fn has_wrong_power(&self) -> bool {
        let fields = ["power", "power_signature", "organisation", "power_code"];
        fields.iter().any(|name| !self.form.error(name).is_empty())
    }

    fn new(shell: &'a Shell, app: &App, problems: &[FieldProblem]) -> Self {
        let size_max = shell.formats.size(app.config.limits.verify_bytes_max);
        let form = PostedForm::default().view(shell.locale(), problems);
        Self {
            shell,
            form,
            size_max,
            power_size_max: shell.formats.size(POWER_BYTES_MAX),
            trusted: trusted(app),
        }
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
    is_swapped: bool,
    trusted: &'static str,
}

/// `GET /verify`
async fn get_verify(app: Data<App>, outsider: Outsider) -> Answer {
    present::page(
        &outsider.shell,
        &VerifyPage::new(&outsider.shell, &app, &[]),
    )
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
}

/// Judges what was sent.
///
/// # Errors
///
/// As [`App::check_file`].
pub async fn judge_upload(app: &App, upload: Upload) -> Result<JudgedUpload, AppError> {
    let (mut name, mut bytes) = (upload.name, upload.file.len());
    let (beside, content) = match upload.content {
        Some((name, content)) => (Some((name, content.len())), Some(content)),
        None => (None, None),
    };
    let checked = app.check_file(upload.seat, upload.file, content, upload.power);
    let checked = checked.await?;
    if let Some(signature) = beside.filter(|_| checked.swapped) {
        (name, bytes) = signature;
    }
    Ok(JudgedUpload {
        checked,
        name,
        size_bytes: bytes as u64,
    })
}

/// Judges what was sent, and says so: on a page, or in a protocol, which is kept nowhere here.
async fn tell(app: &App, shell: &Shell, upload: Upload) -> Answer {
    let form = upload.form;
    let judged = judge_upload(app, upload).await?;
    // Nobody knows where an outsider reads: times are told as the house has them.
    let formats = match shell.reader {
        Some(_) => shell.formats.clone(),
        None => Formats::new(shell.locale(), &app.shared_zone().await?),
    };
    if let Some(form) = form {
        let (name, size_bytes) = (&judged.name, judged.size_bytes);
        return protocol::answer(&judged.checked, name, size_bytes, &formats, form);
    }
    let verdict = file_words(&judged.checked.report, &formats);
    let authority = judged.checked.authority.as_ref();
    let page = VerdictPage {
        shell,
        authority: authority.map(|power| power_words(power, &verdict.signatures, &formats)),
        verdict,
        size: formats.size(judged.size_bytes),
        file_name: judged.name,
        is_swapped: judged.checked.swapped,
        trusted: trusted(app),
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
    let told = match receive(&app, &limiter, &request, parts).await {
        Ok(upload) => tell(&app, shell, upload).await,
        Err(problem) => Err(problem),
    };
    match told {
        Err(Problem::App(AppError::Invalid { fields })) => {
            present::page_with_errors(shell, &VerifyPage::new(shell, &app, &fields))
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
