//! Reading: the digest is checked every time, also while streaming.

use std::path::Path;

use aws_sdk_s3::primitives::ByteStream;
use bytes::{Bytes, BytesMut};
use chancery_types::Digest;
use chancery_types::id::OrganisationId;
use futures::Stream;
use sha2::Digest as _;
use tokio::io::AsyncWriteExt as _;

use super::{BlobError, Blobs, is_absent, key, unavailable};

/// An object on its way: its size, and chunks that are checked as they pass. The last chunk is
/// followed by an error if the bytes were not those of the digest, so a reader must reach the end.
pub struct BlobStream {
    size: u64,
    digest: Digest,
    left: u64,
    hasher: sha2::Sha256,
    body: ByteStream,
}

impl BlobStream {
    /// The size in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The next chunk; nothing at the end.
    ///
    /// # Errors
    ///
    /// [`BlobError::Damaged`] in place of the end; [`BlobError::Unavailable`].
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, BlobError> {
        let damaged = BlobError::Damaged {
            digest: self.digest,
        };
        let chunk = match self.body.next().await {
            Some(Ok(chunk)) => chunk,
            Some(Err(error)) => {
                return Err(BlobError::Unavailable {
                    why: error.to_string(),
                });
            }
            None => {
                let computed: [u8; 32] = self.hasher.finalize_reset().into();
                let whole = self.left == 0 && Digest::from_bytes(computed) == self.digest;
                return if whole { Ok(None) } else { Err(damaged) };
            }
        };
        let length = chunk.len() as u64;
        self.left = self.left.checked_sub(length).ok_or(damaged)?;
        self.hasher.update(&chunk);
        Ok(Some(chunk))
    }

    /// The chunks as a stream, for an HTTP answer: it ends with an error if they were not right.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + 'static {
        futures::stream::try_unfold(self, async |mut stream| {
            let chunk = stream.next_chunk().await?;
            Ok(chunk.map(|chunk| (chunk, stream)))
        })
    }
}

impl Blobs {
    /// The bytes of an object, all of them in memory.
    ///
    /// # Errors
    ///
    /// [`BlobError::Absent`], [`BlobError::Damaged`], [`BlobError::TooLarge`],
    /// [`BlobError::Unavailable`].
    pub async fn get(
        &self,
        organisation: OrganisationId,
        digest: &Digest,
    ) -> Result<Bytes, BlobError> {
        self.get_up_to(organisation, digest, u64::MAX).await
    }

    /// The same of an object of at most `bytes_max`: nothing of a larger one is read.
    ///
    /// # Errors
    ///
    /// As [`Blobs::get`].
    pub async fn get_up_to(
        &self,
        organisation: OrganisationId,
        digest: &Digest,
        bytes_max: u64,
    ) -> Result<Bytes, BlobError> {
        let mut stream = self.open_stream(organisation, digest).await?;
        if stream.size > bytes_max {
            return Err(BlobError::TooLarge {
                max_bytes: bytes_max,
            });
        }
        let capacity = usize::try_from(stream.size).unwrap_or(0);
        let mut bytes = BytesMut::with_capacity(capacity);
        while let Some(chunk) = stream.next_chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    /// Writes an object into the file `path`; when it fails the file is removed.
    ///
    /// # Errors
    ///
    /// As [`Blobs::get`], and [`BlobError::Local`].
    pub async fn get_to_file(
        &self,
        organisation: OrganisationId,
        digest: &Digest,
        path: &Path,
    ) -> Result<u64, BlobError> {
        let stream = self.open_stream(organisation, digest).await?;
        let size = stream.size;
        let written = write(stream, path).await;
        if written.is_err() {
            // The caller must not find half an object; that removing fails changes nothing.
            let _ = tokio::fs::remove_file(path).await;
        }
        written.map(|()| size)
    }

    /// Opens an object for streaming.
    ///
    /// # Errors
    ///
    /// [`BlobError::Absent`], [`BlobError::TooLarge`], [`BlobError::Unavailable`].
    pub async fn open_stream(
        &self,
        organisation: OrganisationId,
        digest: &Digest,
    ) -> Result<BlobStream, BlobError> {
        let asked = self.client.get_object().bucket(&self.bucket);
        let answer = match asked.key(key(organisation, digest)).send().await {
            Ok(answer) => answer,
            Err(error) if is_absent(&error) => {
                return Err(BlobError::Absent { digest: *digest });
            }
            Err(error) => return Err(unavailable(&error)),
        };
        let size = answer.content_length().and_then(|n| u64::try_from(n).ok());
        let size = size.ok_or_else(|| BlobError::Unavailable {
            why: "the answer has no length".to_owned(),
        })?;
        self.check_size(size)?;
        Ok(BlobStream {
            size,
            digest: *digest,
            left: size,
            hasher: sha2::Sha256::new(),
            body: answer.body,
        })
    }
}

async fn write(mut stream: BlobStream, path: &Path) -> Result<(), BlobError> {
    let file = crate::private::create_async(path).await;
    let mut file = file.map_err(BlobError::Local)?;
    while let Some(chunk) = stream.next_chunk().await? {
        file.write_all(&chunk).await.map_err(BlobError::Local)?;
    }
    file.flush().await.map_err(BlobError::Local)
}
