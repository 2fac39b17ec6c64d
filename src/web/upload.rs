//! Forms with files: read field by field, files hashed on their way to the disk.

mod fingerprint;

use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::{HttpMessage as _, HttpRequest};
use bytes::BytesMut;
use chancery_types::Digest;
use futures::TryStreamExt as _;
use tokio::time::timeout;

use super::limits::FORM_BYTES_MAX;
use super::{PostedForm, Problem, csrf};
use crate::app::spool::{Spool, Upload};
use crate::app::{App, AppError, FieldProblem};
use crate::i18n;

pub use fingerprint::{Fingerprint, of_repetition};

/// The most fields of a form.
const FIELDS_MAX: usize = 500;
/// How much of a request that is refused already is still read, so that the answer arrives: a
/// browser shows no answer to a request that it could not finish.
const DRAINED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// What a part that is thrown away counts beside its bytes: an empty one is not free.
const PART_HEAD_BYTES: u64 = 1024;

/// A form with files.
#[derive(Debug, Default)]
pub struct PostedFiles {
    /// The fields that are not files.
    pub form: PostedForm,
    /// The files.
    pub files: Vec<Upload>,
    /// What is wrong with the files themselves.
    pub problems: Vec<FieldProblem>,
    /// What tells this form from another.
    pub fingerprint: Fingerprint,
}

impl PostedFiles {
    /// Takes the main file and leaves the attachments.
    pub fn split(self) -> (PostedForm, Option<Upload>, Vec<Upload>) {
        let mut files = self.files;
        let main = files.iter().position(|file| file.field == "main");
        let main = main.map(|at| files.swap_remove(at));
        let rest = files.into_iter().filter(|file| file.field == "attachments");
        (self.form, main, rest.collect())
    }

    /// Nothing, if the files were as they must be.
    ///
    /// # Errors
    ///
    /// [`AppError::TooLarge`], else [`AppError::Invalid`].
    pub fn check(&self, app: &App) -> Result<(), AppError> {
        if self.problems.is_empty() {
            return Ok(());
        }
        if self
            .problems
            .iter()
            .any(|problem| problem.code == "file-too-large")
        {
            return Err(AppError::TooLarge {
                max_bytes: app.config.limits.upload_bytes_max,
            });
        }
        Err(AppError::Invalid {
            fields: self.problems.clone(),
        })
    }
}

/// Reads a page's form; its first field is the CSRF token, compared before any file is read.
///
/// # Errors
///
/// 403 `csrf`, 400 `unreadable`, 408 `upload-slow`, 413, [`AppError::Unavailable`].
pub async fn read_page(
    app: &App,
    request: &HttpRequest,
    parts: Multipart,
) -> Result<PostedFiles, Problem> {
    read(app, parts, Some(request)).await
}

/// Reads an API call's form, and leaves its [`Fingerprint`] with the request for its idempotency
/// key.
///
/// # Errors
///
/// 400 `unreadable`, 408 `upload-slow`, 413, [`AppError::Unavailable`].
pub async fn read_call(
    app: &App,
    request: &HttpRequest,
    parts: Multipart,
) -> Result<PostedFiles, Problem> {
    let posted = read(app, parts, None).await?;
    request.extensions_mut().insert(posted.fingerprint.clone());
    Ok(posted)
}

async fn read(
    app: &App,
    parts: Multipart,
    page: Option<&HttpRequest>,
) -> Result<PostedFiles, Problem> {
    let reading = read_parts(app, parts, page);
    let patience = Duration::from_secs(app.config.limits.upload_seconds_max);
    timeout(patience, reading)
        .await
        .unwrap_or(Err(Problem::http(408, "upload-slow")))
}

async fn read_parts(
    app: &App,
    mut parts: Multipart,
    page: Option<&HttpRequest>,
) -> Result<PostedFiles, Problem> {
    let mut reader = Reader::new(app);
    let mut is_checked = page.is_none();
    while let Some(mut part) = parts.try_next().await.map_err(|_| Problem::unreadable())? {
        let name = part.name().unwrap_or("").to_owned();
        if let (false, Some(request)) = (is_checked, page) {
            let token = if name == csrf::FIELD {
                reader.text(&mut part).await?.unwrap_or_default()
            } else {
                String::new()
            };
            csrf::check_token(request, Some(&token)).await?;
            is_checked = true;
            continue;
        }
        if let Stop::Yes = reader.part(name, &mut part).await? {
            drop(part);
            reader.drain_rest(&mut parts).await;
            break;
        }
    }
    if let (false, Some(request)) = (is_checked, page) {
        csrf::check_token(request, None).await?;
    }
    reader.finish()
}

/// The places of the attachments that stay.
///
/// # Errors
///
/// `keep`: not a place.
pub fn kept_places(form: &PostedForm) -> Result<Vec<i64>, AppError> {
    let places = form.all("keep").map(|place| {
        let place = place.trim().parse();
        place.map_err(|_| AppError::invalid("keep", "not-a-choice"))
    });
    places.collect()
}

/// Whether reading the request goes on.
enum Stop {
    Yes,
    No,
}

/// What was read of a form, and how much more may come.
struct Reader<'a> {
    app: &'a App,
    fields: Vec<(String, String)>,
    read: PostedFiles,
    files_seen: usize,
    text_bytes_left: usize,
    drained_bytes_left: u64,
    is_too_large: bool,
}

impl<'a> Reader<'a> {
    fn new(app: &'a App) -> Self {
        Self {
            app,
            fields: Vec::new(),
            read: PostedFiles::default(),
            files_seen: 0,
            text_bytes_left: FORM_BYTES_MAX,
            drained_bytes_left: DRAINED_BYTES_MAX,
            is_too_large: false,
        }
    }

    async fn part(&mut self, name: String, part: &mut Field) -> Result<Stop, Problem> {
        let told = part.content_disposition();
        let filename = told.and_then(|told| told.get_filename().map(str::to_owned));
        match filename {
            // A browser sends a nameless file for a field where none was chosen.
            Some(filename) if filename.is_empty() => self.drain(part).await,
            Some(filename) => {
                self.files_seen = self.files_seen.saturating_add(1);
                let max = self.app.config.limits.attachments_max;
                if self.files_seen > max.saturating_add(1) {
                    let problem = FieldProblem::new("attachments", "attachments-too-many");
                    self.read.problems.push(problem.with("max", max));
                    self.drain(part).await?;
                    return Ok(Stop::Yes);
                }
                self.file(&name, &filename, part).await
            }
            None if self.fields.len() >= FIELDS_MAX => {
                self.is_too_large = true;
                self.drain(part).await?;
                Ok(Stop::Yes)
            }
            None => match self.text(part).await? {
                Some(text) => {
                    let content = Digest::of(text.as_bytes());
                    self.read.fingerprint.add(&name, None, &content);
                    self.fields.push((name, text));
                    Ok(Stop::No)
                }
                None => Ok(Stop::Yes),
            },
        }
    }

    async fn file(
        &mut self,
        field: &str,
        filename: &str,
        part: &mut Field,
    ) -> Result<Stop, Problem> {
        let mut spool = match Spool::new(field, filename, self.app.config.limits.upload_bytes_max) {
            Ok(spool) => spool,
            Err(AppError::Invalid { fields }) => {
                self.read.problems.extend(fields);
                return self.drain(part).await;
            }
            Err(error) => return Err(error.into()),
        };
        while let Some(chunk) = part.try_next().await.map_err(|_| Problem::unreadable())? {
            match spool.write(&chunk) {
                Ok(()) => {}
                Err(AppError::TooLarge { max_bytes }) => {
                    drop(spool);
                    let problem = FieldProblem::new(field, "file-too-large");
                    let problem = problem.with("megabytes", max_bytes / i18n::MEGABYTE);
                    self.read.problems.push(problem);
                    self.drain(part).await?;
                    return Ok(Stop::Yes);
                }
                Err(error) => return Err(error.into()),
            }
        }
        match spool.finish() {
            Ok(upload) => {
                let fingerprint = &mut self.read.fingerprint;
                fingerprint.add(field, Some(filename), &upload.digest);
                self.read.files.push(upload);
            }
            Err(AppError::Invalid { fields }) => self.read.problems.extend(fields),
            Err(error) => return Err(error.into()),
        }
        Ok(Stop::No)
    }

    /// A part that is text; nothing, if all texts together are too long.
    async fn text(&mut self, part: &mut Field) -> Result<Option<String>, Problem> {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = part.try_next().await.map_err(|_| Problem::unreadable())? {
            let Some(left) = self.text_bytes_left.checked_sub(chunk.len()) else {
                self.is_too_large = true;
                self.drain(part).await?;
                return Ok(None);
            };
            self.text_bytes_left = left;
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes.into()).map_err(|_| Problem::unreadable())?;
        Ok(Some(text))
    }

    /// Reads a part and throws it away.
    async fn drain(&mut self, part: &mut Field) -> Result<Stop, Problem> {
        self.count_drained(PART_HEAD_BYTES);
        while let Some(chunk) = part.try_next().await.map_err(|_| Problem::unreadable())? {
            self.count_drained(chunk.len() as u64);
            if self.drained_bytes_left == 0 {
                break;
            }
        }
        Ok(match self.drained_bytes_left {
            0 => Stop::Yes,
            _ => Stop::No,
        })
    }

    fn count_drained(&mut self, bytes: u64) {
        self.drained_bytes_left = self.drained_bytes_left.saturating_sub(bytes);
    }

    /// Throws the rest of the request away: what is wrong with it is known.
    async fn drain_rest(&mut self, parts: &mut Multipart) {
        while self.drained_bytes_left > 0 {
            let Ok(Some(mut part)) = parts.try_next().await else {
                return;
            };
            if self.drain(&mut part).await.is_err() {
                return;
            }
        }
    }

    fn finish(mut self) -> Result<PostedFiles, Problem> {
        if self.is_too_large {
            return Err(Problem::http(413, "body-too-large"));
        }
        self.read.form = PostedForm::of(self.fields);
        Ok(self.read)
    }
}
