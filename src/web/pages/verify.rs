//! "Check a signature": anybody brings a file and gets its verdict. Nothing is kept.

use std::sync::Arc;

use actix_multipart::{Field, Multipart};
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use futures::TryStreamExt as _;
use tokio::time::{Duration, timeout};

use crate::app::spool::Scratch;
use crate::app::validation::CheckSeat;
use crate::app::{App, AppError, FieldProblem};
use crate::i18n::Formats;
use crate::i18n::verdict::{FileWords, file_words, shown};
use crate::web::edge::RequestFacts;
use crate::web::limits::{Limiter, OpenUpload};
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
/// Most parts of an upload; ours has three.
const PARTS_MAX: usize = 8;

/// A file to check, as it was sent, with its place in the queue.
#[derive(Debug)]
pub struct Upload {
    /// Its name, as far as it may be shown.
    pub name: String,
    /// Its bytes.
    pub file: Bytes,
    /// What a detached signature signs: name, as far as it may be shown, and bytes.
    pub content: Option<(String, Bytes)>,
    /// The place in the queue of checks.
    pub seat: CheckSeat,
    /// Counted among the files of its address until it was checked.
    pub open: OpenUpload,
}

/// What was read, on the disk.
struct Spooled {
    name: String,
    file: Scratch,
    content: Option<(String, Scratch)>,
}

/// Counts the request, reads what it brings (`_csrf` first if a page sent it, then `file`, and
/// `content` if there is one), and only then takes a seat in the queue: who sends slowly holds
/// nothing that others wait for.
///
/// # Errors
///
/// [`AppError::TooMany`]; 400, 403 `csrf`, 408, 413; [`AppError::Invalid`] without a file.
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
    let (mut file, mut content) = (None, None);
    for _ in 0..PARTS_MAX {
        let Some(mut part) = parts.try_next().await.map_err(|_| Problem::unreadable())? else {
            break;
        };
        let file_name = part
            .content_disposition()
            .and_then(|one| one.get_filename());
        let file_name = file_name.unwrap_or_default().to_owned();
        let place = part.name().unwrap_or_default().to_owned();
        let bytes = read_part(&mut part, left.min(bytes_max), bytes_max).await?;
        left = left.saturating_sub(bytes.size_bytes());
        // A browser sends an empty part without a name for a file that was not chosen.
        let is_chosen = bytes.size_bytes() > 0 || !file_name.is_empty();
        match place.as_str() {
            "file" if is_chosen => file = file.or(Some((file_name, bytes))),
            "content" if is_chosen => content = content.or(Some((shown(&file_name), bytes))),
            _ => {}
        }
    }
    let (name, file) = file.ok_or_else(|| AppError::invalid("file", "no-file"))?;
    Ok(Spooled {
        name: shown(&name),
        file,
        content,
    })
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
}

impl<'a> VerifyPage<'a> {
    fn new(shell: &'a Shell, app: &App, problems: &[FieldProblem]) -> Self {
        let size_max = shell.formats.size(app.config.limits.verify_bytes_max);
        let form = PostedForm::default().view(shell.locale(), problems);
        Self {
            shell,
            form,
            size_max,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/verify-verdict.html")]
struct VerdictPage<'a> {
    shell: &'a Shell,
    verdict: FileWords,
    file_name: String,
    size: String,
    is_swapped: bool,
}

/// `GET /verify`
async fn get_verify(app: Data<App>, outsider: Outsider) -> Answer {
    present::page(
        &outsider.shell,
        &VerifyPage::new(&outsider.shell, &app, &[]),
    )
}

/// Judges what was sent, and says so in words.
async fn verdict_page<'a>(
    app: &App,
    shell: &'a Shell,
    upload: Upload,
) -> Result<VerdictPage<'a>, AppError> {
    let (mut file_name, mut bytes) = (upload.name, upload.file.len());
    let (beside, content) = match upload.content {
        Some((name, content)) => (Some((name, content.len())), Some(content)),
        None => (None, None),
    };
    let checked = app.check_file(upload.seat, upload.file, content).await?;
    if let Some(signature) = beside.filter(|_| checked.swapped) {
        (file_name, bytes) = signature;
    }
    // Nobody knows where an outsider reads: times are told as the house has them.
    let formats = match shell.reader {
        Some(_) => shell.formats.clone(),
        None => Formats::new(shell.locale(), &app.shared_zone().await?),
    };
    Ok(VerdictPage {
        shell,
        verdict: file_words(&checked.report, &formats),
        file_name,
        size: formats.size(bytes as u64),
        is_swapped: checked.swapped,
    })
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
    let judged = match receive(&app, &limiter, &request, parts).await {
        Ok(upload) => verdict_page(&app, shell, upload)
            .await
            .map_err(Problem::App),
        Err(problem) => Err(problem),
    };
    match judged {
        Ok(page) => present::page_with(HttpResponse::Ok(), shell, &page),
        Err(Problem::App(AppError::Invalid { fields })) => {
            present::page_with_errors(shell, &VerifyPage::new(shell, &app, &fields))
        }
        Err(problem) => Err(problem),
    }
}

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/verify", Audience::Everyone, || web::get().to(get_verify)),
    Route::post("/verify", Audience::Everyone, || {
        web::post().to(post_verify)
    }),
];
