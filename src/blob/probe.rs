//! What a bucket really honours: asked of it at start, because servers differ and do not say.
//!
//! Nothing depends on the answers (names are digests, digests are checked on every read), but an
//! operator must know them.

use std::fmt;

use aws_sdk_s3::primitives::ByteStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_types::Digest;

use super::{BlobError, Blobs, http_status, unavailable};

/// Whether the bucket does what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Honoured {
    /// It does.
    Yes,
    /// It says nothing and does not.
    No,
}

/// What the bucket honours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeReport {
    /// A second put with `If-None-Match: *` is refused.
    pub conditional_put: Honoured,
    /// A put with a wrong SHA-256 is refused.
    pub digest_check: Honoured,
    /// A range is answered with that range.
    pub range: Honoured,
}

impl ProbeReport {
    /// Whether the bucket honours everything.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        [self.conditional_put, self.digest_check, self.range]
            .iter()
            .all(|each| *each == Honoured::Yes)
    }
}

impl fmt::Display for ProbeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |honoured| match honoured {
            Honoured::Yes => "yes",
            Honoured::No => "no",
        };
        write!(
            f,
            "conditional put: {}, digest check: {}, range: {}",
            word(self.conditional_put),
            word(self.digest_check),
            word(self.range)
        )
    }
}

const CONTENT: &[u8] = b"Chancery asks what this bucket honours.";

impl Blobs {
    /// Writes, rereads and removes two objects under `probe/`. `name` is a random text, so that two
    /// probes do not meet.
    ///
    /// # Errors
    ///
    /// [`BlobError::NoBucket`]; [`BlobError::Unavailable`] if plain writing or reading fails.
    pub async fn probe(&self, name: &str) -> Result<ProbeReport, BlobError> {
        self.check_bucket().await?;
        let (right, wrong) = (format!("probe/{name}"), format!("probe/{name}-wrong"));
        let digest = Digest::of(CONTENT);
        self.put_probe(&right, digest)
            .await
            .map_err(|failure| failure.error)?;
        let report = ProbeReport {
            conditional_put: refused_with(self.put_probe(&right, digest).await, &[409, 412])?,
            digest_check: refused_with(
                self.put_probe(&wrong, Digest::of(b"something else")).await,
                &[400, 403, 422],
            )?,
            range: self.ask_range(&right).await?,
        };
        for key in [right, wrong] {
            let removed = self.client.delete_object().bucket(&self.bucket).key(key);
            removed.send().await.map_err(|error| unavailable(&error))?;
        }
        Ok(report)
    }

    async fn put_probe(&self, key: &str, digest: Digest) -> Result<(), Failure> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .checksum_sha256(STANDARD.encode(digest.as_bytes()))
            .if_none_match("*")
            .body(ByteStream::from_static(CONTENT))
            .send()
            .await
            .map_err(|error| Failure {
                http_status: http_status(&error),
                error: unavailable(&error),
            })?;
        Ok(())
    }

    async fn ask_range(&self, key: &str) -> Result<Honoured, BlobError> {
        let asked = self.client.get_object().bucket(&self.bucket).key(key);
        let answer = asked.range("bytes=0-7").send().await;
        let answer = answer.map_err(|error| unavailable(&error))?;
        let body = answer.body.collect().await;
        let body = body.map_err(|error| BlobError::Unavailable {
            why: error.to_string(),
        })?;
        let right = body.into_bytes().as_ref() == b"Chancery";
        Ok(if right { Honoured::Yes } else { Honoured::No })
    }
}

struct Failure {
    http_status: Option<u16>,
    error: BlobError,
}

fn refused_with(answer: Result<(), Failure>, expected: &[u16]) -> Result<Honoured, BlobError> {
    match answer {
        Ok(()) => Ok(Honoured::No),
        Err(failure) if failure.http_status.is_some_and(|n| expected.contains(&n)) => {
            Ok(Honoured::Yes)
        }
        Err(failure) => Err(failure.error),
    }
}
