//! A file that the page of its verdict holds: whoever reads the page goes on with the same file,
//! although the server kept nothing of it.

use actix_web::web::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_signature::ValidationReport;
use chancery_signature::facts::{FileFormat, SignatureForm};

use crate::app::AppError;
use crate::app::spool::Scratch;

/// The largest file that a page holds, in bytes: in Base64 it is a third longer.
const HELD_BYTES_MAX: usize = 4 * 1024 * 1024;

/// `partials/held.html` takes it as `held`.
#[derive(Debug)]
pub struct HeldFile {
    /// The file's name, as far as it may be shown.
    pub name: String,
    /// Its bytes, in Base64.
    pub content: String,
    /// How many of its signatures it may be compared with.
    pub signatures_count: usize,
}

impl HeldFile {
    /// Of a file that may be compared with what was signed; nothing of any other, and of one that
    /// is too large for a page.
    #[must_use]
    pub fn of(name: &str, file: &Bytes, report: &ValidationReport) -> Option<Self> {
        let own = report.signatures.iter();
        let signatures_count = own.filter(|one| one.form == SignatureForm::Pdf).count();
        let may = report.format == FileFormat::Pdf
            && signatures_count > 0
            && file.len() <= HELD_BYTES_MAX;
        may.then(|| Self {
            name: name.to_owned(),
            content: STANDARD.encode(file),
            signatures_count,
        })
    }
}

/// The file that a page held, as it comes back; nothing for what is none.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the disk has no room.
pub async fn decoded(part: Scratch) -> Result<Option<Scratch>, AppError> {
    let Ok(bytes) = STANDARD.decode(part.bytes().await?) else {
        return Ok(None);
    };
    if bytes.is_empty() || bytes.len() > HELD_BYTES_MAX {
        return Ok(None);
    }
    let mut file = Scratch::new()?;
    file.write(&Bytes::from(bytes))?;
    Ok(Some(file))
}
