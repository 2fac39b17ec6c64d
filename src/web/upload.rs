//! Forms with files: read field by field, files hashed on their way to the disk.

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use bytes::BytesMut;
use futures::TryStreamExt as _;

use super::{PostedForm, Problem, csrf};
use crate::app::spool::{Spool, Upload};
use crate::app::{App, AppError, FieldProblem};

/// The longest value of a field that is not a file, in bytes.
const VALUE_BYTES_MAX: usize = 256 * 1024;
/// The most fields of a form.
const FIELDS_MAX: usize = 500;
/// How much of a file that is too large is still read, so that the answer arrives: a browser shows
/// no answer to a request that it could not finish.
const DRAINED_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A form with files.
#[derive(Debug, Default)]
pub struct PostedFiles {
    /// The fields that are not files.
    pub form: PostedForm,
    /// The files.
    pub files: Vec<Upload>,
    /// What is wrong with the files themselves.
    pub problems: Vec<FieldProblem>,
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
/// 403 `csrf`, 400 `unreadable`, [`AppError::Unavailable`].
pub async fn read_page(
    app: &App,
    request: &HttpRequest,
    parts: Multipart,
) -> Result<PostedFiles, Problem> {
    read(app, parts, Some(request)).await
}

/// Reads an API call's form.
///
/// # Errors
///
/// 400 `unreadable`, [`AppError::Unavailable`].
pub async fn read_call(app: &App, parts: Multipart) -> Result<PostedFiles, Problem> {
    read(app, parts, None).await
}

async fn read(
    app: &App,
    mut parts: Multipart,
    page: Option<&HttpRequest>,
) -> Result<PostedFiles, Problem> {
    let files_max = app.config.limits.attachments_max.saturating_add(1);
    let (mut fields, mut read) = (Vec::new(), PostedFiles::default());
    let mut is_checked = page.is_none();
    while let Some(mut part) = parts.try_next().await.map_err(|_| Problem::unreadable())? {
        let name = part.name().unwrap_or("").to_owned();
        let filename = part
            .content_disposition()
            .and_then(|told| told.get_filename());
        let filename = filename.map(str::to_owned);
        if let (false, Some(request)) = (is_checked, page) {
            let token = if name == csrf::FIELD {
                text(&mut part).await?
            } else {
                String::new()
            };
            csrf::check_token(request, Some(&token)).await?;
            is_checked = true;
            continue;
        }
        match filename {
            // A browser sends a nameless file for a field where none was chosen.
            Some(filename) if filename.is_empty() => drain(&mut part, DRAINED_BYTES_MAX).await?,
            Some(filename) => {
                if read.files.len() > files_max {
                    let code = "attachments-too-many";
                    let max = app.config.limits.attachments_max;
                    read.problems
                        .push(FieldProblem::new("attachments", code).with("max", max));
                    break;
                }
                if let Stop::Yes = file(app, &name, &filename, &mut part, &mut read).await? {
                    break;
                }
            }
            None => {
                if fields.len() >= FIELDS_MAX {
                    return Err(Problem::unreadable());
                }
                fields.push((name, text(&mut part).await?));
            }
        }
    }
    if let (false, Some(request)) = (is_checked, page) {
        csrf::check_token(request, None).await?;
    }
    read.form = PostedForm::of(fields);
    Ok(read)
}

/// Whether reading the request goes on.
enum Stop {
    Yes,
    No,
}

async fn file(
    app: &App,
    field: &str,
    filename: &str,
    part: &mut Field,
    read: &mut PostedFiles,
) -> Result<Stop, Problem> {
    let bytes_max = app.config.limits.upload_bytes_max;
    let mut spool = match Spool::new(field, filename, bytes_max) {
        Ok(spool) => spool,
        Err(AppError::Invalid { fields }) => {
            read.problems.extend(fields);
            drain(part, bytes_max).await?;
            return Ok(Stop::No);
        }
        Err(error) => return Err(error.into()),
    };
    while let Some(chunk) = part.try_next().await.map_err(|_| Problem::unreadable())? {
        match spool.write(&chunk) {
            Ok(()) => {}
            Err(AppError::TooLarge { max_bytes }) => {
                drop(spool);
                let megabytes = max_bytes / 1_000_000;
                let problem = FieldProblem::new(field, "file-too-large");
                read.problems.push(problem.with("megabytes", megabytes));
                drain(part, DRAINED_BYTES_MAX).await?;
                return Ok(Stop::Yes);
            }
            Err(error) => return Err(error.into()),
        }
    }
    match spool.finish() {
        Ok(upload) => read.files.push(upload),
        Err(AppError::Invalid { fields }) => read.problems.extend(fields),
        Err(error) => return Err(error.into()),
    }
    Ok(Stop::No)
}

async fn text(part: &mut Field) -> Result<String, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = part.try_next().await.map_err(|_| Problem::unreadable())? {
        if bytes.len().saturating_add(chunk.len()) > VALUE_BYTES_MAX {
            return Err(Problem::http(413, "body-too-large"));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes.into()).map_err(|_| Problem::unreadable())
}

async fn drain(part: &mut Field, bytes_max: u64) -> Result<(), Problem> {
    let mut left = bytes_max;
    while let Some(chunk) = part.try_next().await.map_err(|_| Problem::unreadable())? {
        match left.checked_sub(chunk.len() as u64) {
            Some(rest) => left = rest,
            None => return Ok(()),
        }
    }
    Ok(())
}
