//! Our own S3 service over a directory, called in this process: no socket, no other program.
//!
//! The same client and the same protocol as with any S3 in production; requests are really signed
//! and checked. What it promises beyond many servers: an object appears whole or not at all, after
//! its bytes are on the disk; a wrong digest is refused before anything appears; of racing
//! conditional puts exactly one wins. Operations that are not here answer `NotImplemented`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_types::Digest;
use futures::StreamExt as _;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CreateBucketInput, CreateBucketOutput,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, DeleteObjectInput, DeleteObjectOutput,
    ETag, ETagCondition, GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput,
    HeadObjectInput, HeadObjectOutput, ListObjectsV2Input, ListObjectsV2Output, Object,
    PutObjectInput, PutObjectOutput, StreamingBlob, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Error, S3Request, S3Response, S3Result, s3_error};
use sha2::Digest as _;
use tokio::fs;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use super::files::{Files, Meta, Place, Publish, PublishError, sync};
use crate::private;

const CHUNK_BYTES: usize = 64 * 1024;
const LIST_COUNT_MAX: usize = 1000;

/// The service.
#[derive(Clone, Debug)]
pub struct EmbeddedS3 {
    files: Arc<Files>,
    names: Arc<Names>,
}

/// Names in the spool that no other process draws: 16 digits of the process, then a count.
#[derive(Debug)]
struct Names {
    process: String,
    next: AtomicU64,
}

impl Names {
    fn fresh(&self) -> String {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        format!("{}{count:016x}", self.process)
    }
}

/// A body that was written to the spool.
struct Spooled {
    path: PathBuf,
    bytes: u64,
    digest: Digest,
}

impl EmbeddedS3 {
    /// Opens the store in `root`. `process_secret` is a random text of this process.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub fn open(root: PathBuf, process_secret: &str) -> io::Result<Self> {
        let digest = Digest::of(process_secret.as_bytes()).hex();
        Ok(Self {
            files: Arc::new(Files::open(root)?),
            names: Arc::new(Names {
                process: digest.chars().take(16).collect(),
                next: AtomicU64::new(0),
            }),
        })
    }

    fn place(&self, bucket: &str, key: &str) -> S3Result<Place> {
        self.files
            .place(bucket, key)
            .ok_or_else(|| s3_error!(KeyTooLongError))
    }

    async fn spool(&self, mut body: StreamingBlob) -> S3Result<Spooled> {
        let path = self.files.spool(&self.names.fresh());
        let mut file = private::create_async(&path).await.map_err(failed)?;
        let mut hasher = sha2::Sha256::new();
        let mut bytes = 0_u64;
        while let Some(chunk) = body.next().await {
            let written = match chunk {
                Ok(chunk) => {
                    hasher.update(&chunk);
                    bytes = bytes.saturating_add(chunk.len() as u64);
                    file.write_all(&chunk).await.map_err(failed)
                }
                Err(error) => Err(failed(error)),
            };
            if let Err(error) = written {
                drop_spooled(&path).await;
                return Err(error);
            }
        }
        file.flush().await.map_err(failed)?;
        file.sync_all().await.map_err(failed)?;
        let digest = Digest::from_bytes(hasher.finalize().into());
        Ok(Spooled {
            path,
            bytes,
            digest,
        })
    }

    async fn publish(
        &self,
        place: &Place,
        spooled: Spooled,
        media_type: Option<String>,
        condition: Option<&ETagCondition>,
    ) -> S3Result<ETag> {
        let how = match condition {
            None => Publish::Replace,
            Some(ETagCondition::Any) => Publish::New,
            Some(ETagCondition::ETag(_)) => {
                return Err(s3_error!(NotImplemented, "If-None-Match takes only *"));
            }
        };
        let tag: String = spooled.digest.hex().chars().take(32).collect();
        let meta = Meta {
            media_type,
            tag: Some(tag.clone()),
        };
        let answer = place.publish(&spooled.path, &meta, how).await;
        if answer.is_err() {
            drop_spooled(&spooled.path).await;
        }
        match answer {
            Ok(()) => Ok(ETag::Strong(tag)),
            Err(PublishError::Exists) => Err(s3_error!(PreconditionFailed)),
            Err(PublishError::Io(error)) => Err(failed(error)),
        }
    }

    fn upload_folder(&self, upload_id: &str) -> S3Result<PathBuf> {
        let is_ours = upload_id.len() == 32 && upload_id.bytes().all(|b| b.is_ascii_hexdigit());
        let folder = self.files.spool(&format!("upload-{upload_id}"));
        if is_ours && folder.is_dir() {
            Ok(folder)
        } else {
            Err(s3_error!(NoSuchUpload))
        }
    }
}

fn failed(error: impl std::fmt::Display) -> S3Error {
    S3Error::with_message(s3s::S3ErrorCode::InternalError, error.to_string())
}

fn absent_or_failed(error: io::Error) -> S3Error {
    if error.kind() == io::ErrorKind::NotFound {
        s3_error!(NoSuchKey)
    } else {
        failed(error)
    }
}

async fn drop_spooled(path: &Path) {
    // What stays here is removed at the next start.
    let _ = fs::remove_file(path).await;
}

fn part_name(number: i32, tag: &str) -> String {
    format!("{number:05}-{tag}")
}

fn length(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn media_type(meta: &Meta) -> Option<String> {
    meta.media_type.clone()
}

#[async_trait::async_trait]
impl S3 for EmbeddedS3 {
    async fn create_bucket(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        let folder = self.files.bucket(&request.input.bucket);
        super::files::make_folder_durably(&folder)
            .await
            .map_err(failed)?;
        Ok(S3Response::new(CreateBucketOutput::default()))
    }

    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        if !self.files.bucket(&request.input.bucket).is_dir() {
            return Err(s3_error!(NoSuchBucket));
        }
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let input = request.input;
        if !self.files.bucket(&input.bucket).is_dir() {
            return Err(s3_error!(NoSuchBucket));
        }
        let place = self.place(&input.bucket, &input.key)?;
        let body = input.body.ok_or_else(|| s3_error!(IncompleteBody))?;
        let spooled = self.spool(body).await?;
        let computed = STANDARD.encode(spooled.digest.as_bytes());
        if input
            .checksum_sha256
            .as_ref()
            .is_some_and(|given| *given != computed)
        {
            drop_spooled(&spooled.path).await;
            return Err(s3_error!(BadDigest));
        }
        let encoded = request.headers.contains_key("x-amz-decoded-content-length");
        let wrong_length = input
            .content_length
            .is_some_and(|given| given != length(spooled.bytes));
        if !encoded && wrong_length {
            drop_spooled(&spooled.path).await;
            return Err(s3_error!(IncompleteBody));
        }
        let media_type = input.content_type.map(|given| given.to_string());
        let condition = input.if_none_match.as_ref();
        let tag = self.publish(&place, spooled, media_type, condition).await?;
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(tag),
            checksum_sha256: Some(computed),
            ..PutObjectOutput::default()
        }))
    }

    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let place = self.place(&request.input.bucket, &request.input.key)?;
        let bytes = fs::metadata(place.blob())
            .await
            .map_err(absent_or_failed)?
            .len();
        let meta = place.meta().await;
        Ok(S3Response::new(HeadObjectOutput {
            content_length: Some(length(bytes)),
            content_type: media_type(&meta).and_then(|text| text.parse().ok()),
            e_tag: meta.tag.map(ETag::Strong),
            ..HeadObjectOutput::default()
        }))
    }

    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let input = request.input;
        let place = self.place(&input.bucket, &input.key)?;
        let mut file = fs::File::open(place.blob())
            .await
            .map_err(absent_or_failed)?;
        let total = file.metadata().await.map_err(failed)?.len();
        let meta = place.meta().await;
        let (start, count, content_range) = match input.range {
            None => (0, total, None),
            Some(range) => {
                let span = range.check(total)?;
                let last = span.end.saturating_sub(1);
                let text = format!("bytes {}-{last}/{total}", span.start);
                (span.start, span.end.saturating_sub(span.start), Some(text))
            }
        };
        if start > 0 {
            file.seek(io::SeekFrom::Start(start))
                .await
                .map_err(failed)?;
        }
        let stream = tokio_util::io::ReaderStream::with_capacity(file.take(count), CHUNK_BYTES);
        Ok(S3Response::new(GetObjectOutput {
            body: Some(StreamingBlob::wrap(stream)),
            content_length: Some(length(count)),
            content_range,
            accept_ranges: Some("bytes".to_owned()),
            content_type: media_type(&meta).and_then(|text| text.parse().ok()),
            e_tag: meta.tag.map(ETag::Strong),
            ..GetObjectOutput::default()
        }))
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let place = self.place(&request.input.bucket, &request.input.key)?;
        place.remove().await.map_err(failed)?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = request.input;
        if input.delimiter.is_some() {
            return Err(s3_error!(NotImplemented, "no delimiter"));
        }
        let asked = input.max_keys.and_then(|count| usize::try_from(count).ok());
        let count_max = asked.unwrap_or(LIST_COUNT_MAX).min(LIST_COUNT_MAX);
        let after = input.continuation_token.clone().or(input.start_after);
        let (files, bucket) = (Arc::clone(&self.files), input.bucket.clone());
        let prefix = input.prefix.clone().unwrap_or_default();
        let mut found = tokio::task::spawn_blocking(move || {
            files.list(&bucket, &prefix, &after.unwrap_or_default(), count_max + 1)
        })
        .await
        .map_err(failed)?
        .map_err(failed)?;
        let more = found.len() > count_max;
        found.truncate(count_max);
        let next = found.last().filter(|_| more).map(|(key, _)| key.clone());
        let objects: Vec<Object> = found
            .into_iter()
            .map(|(key, metadata)| Object {
                key: Some(key),
                size: Some(length(metadata.len())),
                last_modified: metadata.modified().ok().map(Into::into),
                ..Object::default()
            })
            .collect();
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: input.prefix,
            key_count: i32::try_from(objects.len()).ok(),
            max_keys: i32::try_from(count_max).ok(),
            is_truncated: Some(more),
            continuation_token: input.continuation_token,
            next_continuation_token: next,
            contents: Some(objects),
            ..ListObjectsV2Output::default()
        }))
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let input = request.input;
        self.place(&input.bucket, &input.key)?;
        let upload_id = self.names.fresh();
        let folder = self.files.spool(&format!("upload-{upload_id}"));
        private::make_folder_async(&folder).await.map_err(failed)?;
        if let Some(given) = input.content_type {
            let told = private::create_async(&folder.join("media-type")).await;
            let mut told = told.map_err(failed)?;
            let written = told.write_all(given.to_string().as_bytes()).await;
            written.map_err(failed)?;
            told.flush().await.map_err(failed)?;
        }
        Ok(S3Response::new(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(upload_id),
            ..CreateMultipartUploadOutput::default()
        }))
    }

    async fn upload_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        let input = request.input;
        let folder = self.upload_folder(&input.upload_id)?;
        let body = input.body.ok_or_else(|| s3_error!(IncompleteBody))?;
        let spooled = self.spool(body).await?;
        let tag: String = spooled.digest.hex().chars().take(32).collect();
        fs::rename(
            &spooled.path,
            folder.join(part_name(input.part_number, &tag)),
        )
        .await
        .map_err(failed)?;
        Ok(S3Response::new(UploadPartOutput {
            e_tag: Some(ETag::Strong(tag)),
            ..UploadPartOutput::default()
        }))
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let input = request.input;
        let folder = self.upload_folder(&input.upload_id)?;
        let place = self.place(&input.bucket, &input.key)?;
        let parts = input.multipart_upload.and_then(|upload| upload.parts);
        let mut paths = Vec::new();
        for part in parts.unwrap_or_default() {
            let tag = part.e_tag.as_ref().map_or("", ETag::value);
            let known = tag.len() == 32 && tag.bytes().all(|b| b.is_ascii_hexdigit());
            let path = folder.join(part_name(part.part_number.unwrap_or(0), tag));
            if !known || !path.is_file() {
                return Err(s3_error!(InvalidPart));
            }
            paths.push(path);
        }
        let spooled = join_parts(&paths, self.files.spool(&self.names.fresh())).await?;
        let media_type = fs::read_to_string(folder.join("media-type")).await.ok();
        let condition = input.if_none_match.as_ref();
        let tag = self.publish(&place, spooled, media_type, condition).await?;
        fs::remove_dir_all(folder).await.map_err(failed)?;
        Ok(S3Response::new(CompleteMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(tag),
            ..CompleteMultipartUploadOutput::default()
        }))
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let folder = self.upload_folder(&request.input.upload_id)?;
        fs::remove_dir_all(folder).await.map_err(failed)?;
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}

async fn join_parts(parts: &[PathBuf], path: PathBuf) -> S3Result<Spooled> {
    let mut whole = private::create_async(&path).await.map_err(failed)?;
    let mut hasher = sha2::Sha256::new();
    let mut bytes = 0_u64;
    let mut buffer = vec![0; CHUNK_BYTES];
    for part in parts {
        let mut file = fs::File::open(part).await.map_err(failed)?;
        loop {
            let count = file.read(&mut buffer).await.map_err(failed)?;
            let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
                break;
            };
            hasher.update(read);
            bytes = bytes.saturating_add(read.len() as u64);
            whole.write_all(read).await.map_err(failed)?;
        }
    }
    whole.flush().await.map_err(failed)?;
    sync(&path).await.map_err(failed)?;
    let digest = Digest::from_bytes(hasher.finalize().into());
    Ok(Spooled {
        path,
        bytes,
        digest,
    })
}
