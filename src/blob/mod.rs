//! Files: one S3 client; by default against our own service over a directory.
//!
//! An object is named by its organisation and its digest, written once, and its digest is checked
//! on every read: what comes out is what went in, or an error.

mod client;
mod embedded;
mod files;
mod probe;
mod read;

use std::path::PathBuf;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chancery_types::Digest;
use chancery_types::id::OrganisationId;
use sha2::Digest as _;
use tokio::io::AsyncReadExt as _;

use crate::config;

pub use probe::{Honoured, ProbeReport};
pub use read::BlobStream;

const LIST_COUNT: i32 = 1000;
/// How often an object is put that the server refuses and does not have.
const PUTS_MAX: usize = 2;
const CHUNK_BYTES: usize = 64 * 1024;

/// Where files are. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs {
    client: Client,
    bucket: String,
    object_bytes_max: u64,
    is_embedded: bool,
}

/// Bytes to keep.
#[derive(Clone, Debug)]
pub enum BlobSource {
    /// In memory.
    Bytes(Bytes),
    /// In a file, which stays where it is.
    File(PathBuf),
}

/// What putting did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The object is new.
    New,
    /// These bytes were there already.
    AlreadyThere,
}

/// Why a file could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is no such object.
    #[error("no object {digest}")]
    Absent {
        /// Its digest.
        digest: Digest,
    },
    /// The stored bytes are not those that were put.
    #[error("the stored bytes of {digest} are damaged")]
    Damaged {
        /// Its digest.
        digest: Digest,
    },
    /// The bytes to put do not have the digest they are to be named by.
    #[error("these bytes are not {digest}")]
    WrongDigest {
        /// The digest that was claimed.
        digest: Digest,
    },
    /// Larger than `blobs.object_bytes_max`.
    #[error("an object is larger than {max_bytes} bytes")]
    TooLarge {
        /// The limit.
        max_bytes: u64,
    },
    /// The bucket is not there, or not ours to use.
    #[error("blobs.bucket: no usable bucket `{bucket}` ({why}); create it or check the keys")]
    NoBucket {
        /// Its name.
        bucket: String,
        /// The server's words.
        why: String,
    },
    /// The folder of the embedded store cannot be opened.
    #[error("blobs.directory: {path}: {why}; check the path and its rights")]
    Directory {
        /// Which.
        path: PathBuf,
        /// The operating system's words.
        why: String,
    },
    /// A local file cannot be read or written.
    #[error("a local file failed")]
    Local(#[source] std::io::Error),
    /// Nobody answers at the endpoint.
    #[error("blobs.endpoint does not answer ({why}); check the address and that the server runs")]
    Silent {
        /// Why, as the operating system says it.
        why: String,
    },
    /// The server failed or cannot be reached.
    #[error("the object storage failed: {why}")]
    Unavailable {
        /// Its words.
        why: String,
    },
}

impl Blobs {
    /// Opens the storage and checks that the bucket is there; the embedded one makes it.
    /// `process_secret` is a random text: the embedded service's key.
    ///
    /// # Errors
    ///
    /// [`BlobError::Directory`], [`BlobError::NoBucket`].
    pub async fn open(settings: &config::Blobs, process_secret: &str) -> Result<Self, BlobError> {
        let is_embedded = settings.endpoint.is_empty();
        let client = if is_embedded {
            let path = settings.directory.clone();
            let service =
                embedded::EmbeddedS3::open(path.clone(), process_secret).map_err(|error| {
                    BlobError::Directory {
                        path,
                        why: error.to_string(),
                    }
                })?;
            client::to_embedded(settings, service, process_secret)
        } else {
            client::to_server(settings)
        };
        let blobs = Self {
            client,
            bucket: settings.bucket.clone(),
            object_bytes_max: settings.object_bytes_max,
            is_embedded,
        };
        if is_embedded {
            let made = blobs.client.create_bucket().bucket(&blobs.bucket).send();
            made.await.map_err(|error| blobs.no_bucket(&error))?;
        }
        blobs.check_bucket().await?;
        Ok(blobs)
    }

    /// Whether files are kept by our own service rather than by a server.
    #[must_use]
    pub const fn is_embedded(&self) -> bool {
        self.is_embedded
    }

    /// Asks whether the bucket is there and ours to use.
    ///
    /// # Errors
    ///
    /// [`BlobError::NoBucket`].
    pub async fn check_bucket(&self) -> Result<(), BlobError> {
        let asked = self.client.head_bucket().bucket(&self.bucket).send().await;
        asked.map_err(|error| self.no_bucket(&error))?;
        Ok(())
    }

    /// Keeps bytes under their digest, once. They are hashed here before anything leaves, and the
    /// server is told the digest too.
    ///
    /// # Errors
    ///
    /// [`BlobError::WrongDigest`]; [`BlobError::TooLarge`]; [`BlobError::Damaged`] if an object of
    /// this name has another size; [`BlobError::Local`]; [`BlobError::Unavailable`].
    pub async fn put(
        &self,
        organisation: OrganisationId,
        digest: &Digest,
        source: BlobSource,
        media_type: &str,
    ) -> Result<Stored, BlobError> {
        let (computed, size) = measure(&source).await?;
        if computed != *digest {
            return Err(BlobError::WrongDigest { digest: *digest });
        }
        self.check_size(size)?;
        for _ in 0..PUTS_MAX {
            match self
                .put_once(organisation, digest, &source, media_type)
                .await?
            {
                Stored::New => return Ok(Stored::New),
                Stored::AlreadyThere => match self.size(organisation, digest).await? {
                    Some(found) if found == size => return Ok(Stored::AlreadyThere),
                    Some(_) => return Err(BlobError::Damaged { digest: *digest }),
                    // Two puts met, and neither won (S3 answers 409 then), or the object was swept
                    // in between: it is put again.
                    None => {}
                },
            }
        }
        Err(BlobError::Unavailable {
            why: "the server refuses an object that it does not have".to_owned(),
        })
    }

    /// Puts an object unless there is one, or another put of it is on its way.
    async fn put_once(
        &self,
        organisation: OrganisationId,
        digest: &Digest,
        source: &BlobSource,
        media_type: &str,
    ) -> Result<Stored, BlobError> {
        let body = match source {
            BlobSource::Bytes(bytes) => ByteStream::from(bytes.clone()),
            BlobSource::File(path) => ByteStream::from_path(path)
                .await
                .map_err(|error| BlobError::Local(std::io::Error::other(error.to_string())))?,
        };
        let put = self.client.put_object().bucket(&self.bucket);
        let answer = put
            .key(key(organisation, digest))
            .content_type(media_type)
            .checksum_sha256(STANDARD.encode(digest.as_bytes()))
            .if_none_match("*")
            .body(body)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(Stored::New),
            Err(error) if is_conflict(&error) => Ok(Stored::AlreadyThere),
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// Whether there is an object.
    ///
    /// # Errors
    ///
    /// [`BlobError::Unavailable`].
    pub async fn exists(
        &self,
        organisation: OrganisationId,
        digest: &Digest,
    ) -> Result<bool, BlobError> {
        Ok(self.size(organisation, digest).await?.is_some())
    }

    /// The size of an object in bytes, if there is one.
    ///
    /// # Errors
    ///
    /// [`BlobError::Unavailable`].
    pub async fn size(
        &self,
        organisation: OrganisationId,
        digest: &Digest,
    ) -> Result<Option<u64>, BlobError> {
        let head = self.client.head_object().bucket(&self.bucket);
        match head.key(key(organisation, digest)).send().await {
            Ok(head) => Ok(Some(
                head.content_length()
                    .and_then(|length| u64::try_from(length).ok())
                    .unwrap_or(0),
            )),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// Removes an object; one that is not there is removed already. Only sweeps call this.
    ///
    /// # Errors
    ///
    /// [`BlobError::Unavailable`].
    pub async fn delete(
        &self,
        organisation: OrganisationId,
        digest: &Digest,
    ) -> Result<(), BlobError> {
        let removed = self.client.delete_object().bucket(&self.bucket);
        let removed = removed.key(key(organisation, digest)).send().await;
        removed.map_err(|error| unavailable(&error))?;
        Ok(())
    }

    /// The next digests of an organisation's objects after `after`, at most 1000, in order.
    ///
    /// # Errors
    ///
    /// [`BlobError::Unavailable`].
    pub async fn list(
        &self,
        organisation: OrganisationId,
        after: Option<&Digest>,
    ) -> Result<Vec<Digest>, BlobError> {
        let page = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(format!("{organisation}/"))
            .set_start_after(after.map(|digest| key(organisation, digest)))
            .max_keys(LIST_COUNT)
            .send()
            .await
            .map_err(|error| unavailable(&error))?;
        let keys = page.contents().iter().filter_map(|object| object.key());
        let digests = keys.filter_map(|key| key.rsplit('/').next()?.parse().ok());
        Ok(digests.collect())
    }

    const fn check_size(&self, size: u64) -> Result<(), BlobError> {
        if size > self.object_bytes_max {
            return Err(BlobError::TooLarge {
                max_bytes: self.object_bytes_max,
            });
        }
        Ok(())
    }

    fn no_bucket<E>(&self, error: &SdkError<E>) -> BlobError
    where
        SdkError<E>: ProvideErrorMetadata + std::error::Error,
    {
        if let Some(silent) = silence(error) {
            return silent;
        }
        BlobError::NoBucket {
            bucket: self.bucket.clone(),
            why: words(error),
        }
    }
}

fn key(organisation: OrganisationId, digest: &Digest) -> String {
    format!("{organisation}/{digest}")
}

async fn measure(source: &BlobSource) -> Result<(Digest, u64), BlobError> {
    let path = match source {
        BlobSource::Bytes(bytes) => return Ok((Digest::of(bytes), bytes.len() as u64)),
        BlobSource::File(path) => path,
    };
    let mut file = tokio::fs::File::open(path)
        .await
        .map_err(BlobError::Local)?;
    let mut hasher = sha2::Sha256::new();
    let mut size = 0_u64;
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let count = file.read(&mut buffer).await.map_err(BlobError::Local)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            return Ok((Digest::from_bytes(hasher.finalize().into()), size));
        };
        hasher.update(read);
        size = size.saturating_add(read.len() as u64);
    }
}

fn http_status<E>(error: &SdkError<E>) -> Option<u16> {
    error.raw_response().map(|answer| answer.status().as_u16())
}

/// Whether the server says that there is an object already (or that another put won just now).
fn is_conflict<E>(error: &SdkError<E>) -> bool {
    matches!(http_status(error), Some(409 | 412))
}

fn is_absent<E>(error: &SdkError<E>) -> bool {
    http_status(error) == Some(404)
}

fn unavailable<E>(error: &SdkError<E>) -> BlobError
where
    SdkError<E>: ProvideErrorMetadata + std::error::Error,
{
    silence(error).unwrap_or_else(|| BlobError::Unavailable { why: words(error) })
}

/// That no answer came at all, by its first cause: the layers above it speak of themselves.
fn silence<E>(error: &SdkError<E>) -> Option<BlobError>
where
    SdkError<E>: std::error::Error,
{
    let why = match error {
        SdkError::TimeoutError(_) => "no answer in time".to_owned(),
        SdkError::DispatchFailure(_) => {
            let first: &dyn std::error::Error = error;
            let causes = std::iter::successors(Some(first), |cause| cause.source());
            causes.last().map_or_else(String::new, ToString::to_string)
        }
        _ => return None,
    };
    Some(BlobError::Silent { why })
}

/// The server's code and words, or the client's: one line, without request dumps.
fn words<E>(error: &SdkError<E>) -> String
where
    SdkError<E>: ProvideErrorMetadata + std::error::Error,
{
    match (error.code(), error.message(), http_status(error)) {
        (Some(code), message, _) => format!("{code} {}", message.unwrap_or(""))
            .trim()
            .to_owned(),
        (None, _, Some(number)) => format!("answer {number}"),
        _ => {
            let text = DisplayErrorContext(error).to_string();
            text.chars().filter(|c| *c != '\n').take(200).collect()
        }
    }
}

#[cfg(test)]
mod tests;
