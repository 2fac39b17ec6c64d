//! What "Check a signature" is sent, read part by part: each with its limit, and what was typed
//! kept for a form that is shown again.

use std::sync::Arc;

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::web::Bytes;
use futures::TryStreamExt as _;
use tokio::time::{Duration, timeout};

use super::held::decoded;
use crate::app::spool::Scratch;
use crate::app::validation::CheckSeat;
use crate::app::validation::power::{
    ANSWER_CHARACTERS_MAX, GivenPower, PARENT_FILES_MAX, PARENTS_FIELD, PARENTS_MAX,
    POWER_BYTES_MAX, PowerAsked, Sent, SentPower,
};
use crate::app::{App, AppError, FieldProblem};
use crate::i18n::verdict::shown;
use crate::web::edge::RequestFacts;
use crate::web::limits::{Limiter, OpenUpload};
use crate::web::protocol::Form;
use crate::web::session::app_and_facts;
use crate::web::{PostedForm, Problem, csrf};

/// How long an upload may take, in seconds: a seat in the queue is not to be sat out.
const UPLOAD_SECONDS_MAX: u64 = 120;
/// Bytes beyond the limit that are read and thrown away, so that a browser, which reads the answer
/// only after it has sent everything, sees why its file was refused.
const THROWN_AWAY_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// A signature beside a file of the largest size.
const BESIDE_BYTES_MAX: u64 = 1024 * 1024;
const TOKEN_BYTES_MAX: u64 = 200;
/// The longest name of a form, and the longest number of a signature.
const FORM_BYTES_MAX: u64 = 20;
/// The longest name of a file that a page held: as far as it is shown, in letters of four bytes.
const HELD_NAME_BYTES_MAX: u64 = 1000;
/// Most parts of an upload beside the files of powers that one was passed on from; ours has eight
/// after the token.
const PARTS_MAX: usize = 9;
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
    /// What is wanted.
    pub wanted: Wanted,
    /// The place in the queue of checks.
    pub seat: CheckSeat,
    /// Counted among the files of its address until it was answered.
    pub open: OpenUpload,
}

/// What somebody wants of a file that they bring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// The verdict.
    #[default]
    Page,
    /// The verdict as a protocol in this form.
    Protocol(Form),
    /// What is seen otherwise since the signature with this number (from 0) was made; without a
    /// number, since the first one was.
    Comparison(Option<usize>),
    /// The file as that signature found it.
    Revision(Option<usize>),
}

/// What was read, on the disk.
struct Spooled {
    name: String,
    file: Scratch,
    content: Option<(String, Scratch)>,
    power: PowerParts,
    wanted: Wanted,
}

/// Counts the request, reads what it brings (`_csrf` first if a page sent it, then `file`, or
/// `held_name` and `held` of a page that holds it, and
/// `content`, what belongs to a power of attorney, `form` and `signature_number` if there are
/// such), and only then takes a seat in the queue: who sends slowly holds nothing that others wait
/// for. What was typed is left in `typed`, whatever comes of the rest.
///
/// # Errors
///
/// [`AppError::TooMany`]; 400, 403 `csrf`, 408, 413; [`AppError::Invalid`] without a file, for
/// parts that are too large, and as [`SentPower::asked`].
pub async fn receive(
    app: &App,
    limiter: &Arc<Limiter>,
    request: &HttpRequest,
    parts: Multipart,
    typed: &mut PostedForm,
) -> Result<Upload, Problem> {
    let (_, facts) = app_and_facts(request)?;
    limiter.check_address("verify", &facts, app.config.rate_limits.verify_per_minute)?;
    // Half the queue at most for one address.
    let of_address_max = app.check_seats_count().div_ceil(2);
    let open = limiter.open_upload(&facts, of_address_max)?;
    let limits = &app.config.limits;
    let reading = read_parts(request, &facts, parts, limits.verify_bytes_max, typed);
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
        power: spooled.power.sent(typed).await?.asked()?,
        wanted: spooled.wanted,
        seat,
        open,
    })
}

async fn read_parts(
    request: &HttpRequest,
    facts: &RequestFacts,
    mut parts: Multipart,
    bytes_max: u64,
    typed: &mut PostedForm,
) -> Result<Spooled, Problem> {
    if !facts.is_api() {
        check_csrf(request, &mut parts).await?;
    }
    let mut left = bytes_max.saturating_add(BESIDE_BYTES_MAX);
    let (mut file, mut content, mut wanted) = (None, None, Wanted::default());
    let (mut number, mut held_name) = (None, String::new());
    let mut texts = Vec::new();
    let mut power = PowerParts::default();
    for _ in 0..PARTS_MAX.saturating_add(PARENT_FILES_MAX) {
        let Some(mut part) = parts.try_next().await.map_err(|_| Problem::unreadable())? else {
            break;
        };
        let file_name = part
            .content_disposition()
            .and_then(|one| one.get_filename());
        let file_name = file_name.unwrap_or_default().to_owned();
        let field = part.name().unwrap_or_default().to_owned();
        if power
            .takes(&field, &file_name, &mut part, &mut texts)
            .await?
        {
            continue;
        }
        let bytes = read_part(&mut part, left.min(bytes_max), bytes_max).await?;
        left = left.saturating_sub(bytes.size_bytes());
        // A browser sends an empty part without a name for a file that was not chosen.
        let is_chosen = bytes.size_bytes() > 0 || !file_name.is_empty();
        match field.as_str() {
            "file" if is_chosen => file = file.or(Some((file_name, bytes))),
            "content" if is_chosen => content = content.or(Some((shown(&file_name), bytes))),
            "held" => {
                let held = decoded(bytes).await?;
                file = file.or(held.map(|held| (std::mem::take(&mut held_name), held)));
            }
            "held_name" if bytes.size_bytes() <= HELD_NAME_BYTES_MAX => {
                let name = bytes.bytes().await?;
                held_name = String::from_utf8_lossy(&name).into_owned();
            }
            "form" => wanted = wanted_of(bytes, &mut texts, &mut power.problems).await?,
            "signature_number" => {
                number = number_of(bytes, &mut texts, &mut power.problems).await?
            }
            _ => {}
        }
    }
    *typed = PostedForm::of(texts);
    let mut problems = std::mem::take(&mut power.problems);
    if file.is_none() {
        problems.insert(0, FieldProblem::new("file", "no-file"));
    }
    match file.filter(|_| problems.is_empty()) {
        Some((name, file)) => Ok(Spooled {
            name: shown(&name),
            file,
            content,
            power,
            wanted: wanted.at(number),
        }),
        None => Err(AppError::Invalid { fields: problems }.into()),
    }
}

/// The parts that belong to a power of attorney. Their limits are their own: they take nothing from
/// the file's.
#[derive(Default)]
struct PowerParts {
    power: Option<Scratch>,
    signature: Option<Scratch>,
    parents: Vec<(String, Scratch)>,
    problems: Vec<FieldProblem>,
}

impl PowerParts {
    /// Reads the part if it is one of these; of several the first counts, but for powers that it
    /// was passed on from. What is wrong with one is noted, and the rest is read.
    async fn takes(
        &mut self,
        place: &str,
        file_name: &str,
        part: &mut Field,
        texts: &mut Vec<(String, String)>,
    ) -> Result<bool, Problem> {
        match place {
            "power" => {
                let read = self.file("power", file_name, part).await?;
                self.power = self.power.take().or(read);
            }
            "power_signature" => {
                let read = self.file("power_signature", file_name, part).await?;
                self.signature = self.signature.take().or(read);
            }
            PARENTS_FIELD => {
                let read = self.file(PARENTS_FIELD, file_name, part).await?;
                if self.parents.len() >= PARENT_FILES_MAX {
                    let problem = FieldProblem::new(PARENTS_FIELD, "power-parents-too-many");
                    self.note(problem.with("max", PARENTS_MAX));
                } else {
                    self.parents
                        .extend(read.map(|read| (shown(file_name), read)));
                }
            }
            "organisation" | "power_code" => {
                let problem = FieldProblem::new(place, "too-long");
                let problem = problem.with("max", ANSWER_CHARACTERS_MAX);
                if let Some(read) = self.small(part, ANSWER_BYTES_MAX, problem).await? {
                    let text = String::from_utf8(read.bytes().await?.to_vec());
                    let text = text.map_err(|_| Problem::unreadable())?;
                    texts.push((place.to_owned(), text));
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn note(&mut self, problem: FieldProblem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// A file of a power of attorney, if one was chosen.
    async fn file(
        &mut self,
        field: &str,
        file_name: &str,
        part: &mut Field,
    ) -> Result<Option<Scratch>, Problem> {
        let problem = FieldProblem::new(field, "power-too-large");
        let problem = problem.with("kilobytes", POWER_BYTES_MAX / 1024);
        let read = self.small(part, POWER_BYTES_MAX, problem).await?;
        Ok(read.filter(|read| !file_name.is_empty() || read.size_bytes() > 0))
    }

    /// Reads a small part; one that is too large is what `problem` says.
    async fn small(
        &mut self,
        part: &mut Field,
        bytes_max: u64,
        problem: FieldProblem,
    ) -> Result<Option<Scratch>, Problem> {
        match read_part(part, bytes_max, bytes_max).await {
            Ok(read) => Ok(Some(read)),
            Err(Problem::App(AppError::TooLarge { .. })) => {
                self.note(problem);
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    async fn sent(self, typed: &PostedForm) -> Result<SentPower, AppError> {
        let signature = match self.signature {
            Some(read) => Some(read.bytes().await?),
            None => None,
        };
        let mut sent = SentPower {
            has_signature: signature.is_some(),
            organisation: typed.text("organisation").to_owned(),
            code: typed.text("power_code").to_owned(),
            ..SentPower::default()
        };
        if let Some(read) = self.power {
            let power = read.bytes().await?;
            sent.given = Some(GivenPower { power, signature });
        }
        for (name, read) in self.parents {
            let bytes = read.bytes().await?;
            sent.parents.push(Sent { name, bytes });
        }
        Ok(sent)
    }
}

impl Wanted {
    fn from_code(code: &str) -> Option<Self> {
        match code {
            "" | "page" => Some(Self::Page),
            "comparison" => Some(Self::Comparison(None)),
            "revision" => Some(Self::Revision(None)),
            code => Form::from_code(code).map(Self::Protocol),
        }
    }

    /// Of the signature `number`, where one is meant.
    const fn at(self, number: Option<usize>) -> Self {
        match self {
            Self::Comparison(_) => Self::Comparison(number),
            Self::Revision(_) => Self::Revision(number),
            other => other,
        }
    }
}

/// `page` or nothing for a page, else what is wanted.
async fn wanted_of(
    part: Scratch,
    texts: &mut Vec<(String, String)>,
    problems: &mut Vec<FieldProblem>,
) -> Result<Wanted, Problem> {
    let code = short(part, "form", texts).await?;
    let wanted = code.as_deref().and_then(Wanted::from_code);
    if wanted.is_none() {
        problems.push(FieldProblem::new("form", "not-a-choice"));
    }
    Ok(wanted.unwrap_or_default())
}

/// Which signature is meant, by its number as the report has it, if one is. Answers the number from
/// 0.
async fn number_of(
    part: Scratch,
    texts: &mut Vec<(String, String)>,
    problems: &mut Vec<FieldProblem>,
) -> Result<Option<usize>, Problem> {
    let typed = short(part, "signature_number", texts).await?;
    let typed = typed.as_deref().map(str::trim);
    if typed == Some("") {
        return Ok(None);
    }
    let number = typed.and_then(|typed| typed.parse().ok());
    let number = number.and_then(|number: usize| number.checked_sub(1));
    if number.is_none() {
        problems.push(FieldProblem::new("signature_number", "not-a-number"));
    }
    Ok(number)
}

/// A short text, kept as it was typed; nothing if it is none.
async fn short(
    part: Scratch,
    field: &str,
    texts: &mut Vec<(String, String)>,
) -> Result<Option<String>, Problem> {
    if part.size_bytes() > FORM_BYTES_MAX {
        return Ok(None);
    }
    let bytes = part.bytes().await?;
    let text = std::str::from_utf8(&bytes).ok().map(str::to_owned);
    texts.extend(text.clone().map(|text| (field.to_owned(), text)));
    Ok(text)
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
