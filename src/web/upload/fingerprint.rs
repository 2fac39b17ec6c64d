//! What tells one form with files from another, whatever boundary a client drew between its parts:
//! the digest of its parts' names and contents, in their order.

use std::time::Duration;

use actix_multipart::{Field, Multipart};
use chancery_types::Digest;
use futures::TryStreamExt as _;
use sha2::Digest as _;
use tokio::time::timeout;

use super::Problem;
use crate::app::App;

/// The most parts that are read of a repetition: more than any form that was accepted has.
const PARTS_MAX: usize = 1000;

/// The digest of a form as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct Fingerprint(sha2::Sha256);

impl Fingerprint {
    /// Takes the next part: a file if it has a name, else a text.
    pub fn add(&mut self, field: &str, file: Option<&str>, content: &Digest) {
        for word in [Some(field), file] {
            let length = word.map_or(u64::MAX, |word| word.len() as u64);
            self.0.update(length.to_be_bytes());
            self.0.update(word.unwrap_or(""));
        }
        self.0.update(content.hex());
    }

    /// Of what was taken so far.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::from_bytes(self.0.clone().finalize().into())
    }
}

/// The fingerprint of a form that is read only to be compared; nothing, if it is larger than any
/// that is accepted or cannot be read.
///
/// # Errors
///
/// 408 `upload-slow`.
pub async fn of_repetition(app: &App, parts: Multipart) -> Result<Option<Digest>, Problem> {
    let limits = &app.config.limits;
    let files_max = u64::try_from(limits.attachments_max.saturating_add(2)).unwrap_or(u64::MAX);
    let bytes_max = limits.upload_bytes_max.saturating_mul(files_max);
    let patience = Duration::from_secs(limits.upload_seconds_max);
    timeout(patience, read(parts, bytes_max))
        .await
        .map_err(|_| Problem::http(408, "upload-slow"))
}

async fn read(mut parts: Multipart, mut bytes_left: u64) -> Option<Digest> {
    let mut fingerprint = Fingerprint::default();
    for _ in 0..PARTS_MAX {
        let Some(mut part) = parts.try_next().await.ok()? else {
            return Some(fingerprint.digest());
        };
        let content = content(&mut part, &mut bytes_left).await?;
        let field = part.name().unwrap_or("").to_owned();
        let told = part.content_disposition();
        match told.and_then(|told| told.get_filename()) {
            Some("") => {}
            file => fingerprint.add(&field, file, &content),
        }
    }
    None
}

async fn content(part: &mut Field, bytes_left: &mut u64) -> Option<Digest> {
    let mut hasher = sha2::Sha256::new();
    while let Some(chunk) = part.try_next().await.ok()? {
        *bytes_left = bytes_left.checked_sub(chunk.len() as u64)?;
        hasher.update(&chunk);
    }
    Some(Digest::from_bytes(hasher.finalize().into()))
}
