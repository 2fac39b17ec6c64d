//! Judging what is stored: a file by itself, or a detached signature over the file that it is over.

use std::sync::Arc;

use bytes::Bytes;
use chancery_signature::{Facts, GivenEvidence, ValidationReport, gather_cms_with};
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use tokio::time::timeout;

use super::matter::gather_any;
use super::{Basis, Judgement, Matter, PAGE_WAITS, limits_for};
use crate::app::{App, AppError};
use crate::blob::BlobError;

/// What is judged, by the digests of its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// A file with its signatures inside.
    File(Digest),
    /// A detached signature over a file.
    Detached {
        /// The signature.
        signature: Digest,
        /// What it is over.
        content: Digest,
        /// Whether that is a signed copy, which may be larger than what came in.
        is_over_copy: bool,
    },
}

impl Stored {
    /// What its judgement is remembered by. The same bytes may be remembered as a file by
    /// themselves: a pair has a name of its own.
    fn key(self) -> Digest {
        match self {
            Self::File(digest) => digest,
            Self::Detached {
                signature, content, ..
            } => Digest::of(&[signature.as_bytes().as_slice(), content.as_bytes()].concat()),
        }
    }
}

/// The bytes that are judged: a file, and what it is over where it stands beside it.
type Files = (Bytes, Option<Bytes>);

impl App {
    /// Reads what is stored and judges it as [`App::check_stored`]; waits for it no longer than a
    /// page may. However many pages ask for one thing at once, it is read and judged once.
    ///
    /// # Errors
    ///
    /// If a file or the roots cannot be read.
    pub async fn judge_stored(
        &self,
        organisation: OrganisationId,
        stored: Stored,
    ) -> Result<Judgement, AppError> {
        let key = stored.key();
        if let Some(report) = self.validator.recall(&key, self.now()) {
            return Ok(Judgement::Done(report));
        }
        let app = self.clone();
        let judging = tokio::spawn(async move {
            let cell = app.validator.join(key);
            let judged = cell.get_or_try_init(|| app.read_and_judge(organisation, stored));
            let judged = judged.await.cloned();
            app.validator.leave(&key);
            judged
        });
        match timeout(PAGE_WAITS, judging).await {
            Ok(joined) => {
                let judged = joined.map_err(|error| AppError::Internal(error.into()))?;
                judged.map(Judgement::Done)
            }
            Err(_) => Ok(Judgement::GoesOn),
        }
    }

    async fn read_and_judge(
        &self,
        organisation: OrganisationId,
        stored: Stored,
    ) -> Result<Arc<ValidationReport>, AppError> {
        let turn = Arc::clone(&self.validator.stored).acquire_owned().await;
        let _turn = turn.map_err(|_| AppError::internal("the queue of checks is closed"))?;
        let files = self.read_stored(organisation, stored).await?;
        match self.validator.recall(&stored.key(), self.now()) {
            Some(report) => Ok(report),
            None => self.judge_and_remember(stored.key(), files).await,
        }
    }

    async fn read_stored(
        &self,
        organisation: OrganisationId,
        stored: Stored,
    ) -> Result<Files, BlobError> {
        Ok(match stored {
            Stored::File(digest) => (self.blobs.get(organisation, &digest).await?, None),
            Stored::Detached {
                signature,
                content,
                is_over_copy,
            } => {
                let bytes_max = self.judged_bytes_max(is_over_copy);
                let content = self.blobs.get_up_to(organisation, &content, bytes_max);
                let content = content.await?;
                (
                    self.blobs.get(organisation, &signature).await?,
                    Some(content),
                )
            }
        })
    }

    /// Judges a stored copy, now, or recalls the judgement of the last minutes. Who may see the
    /// copy was decided by whoever read it.
    ///
    /// # Errors
    ///
    /// If the roots cannot be read.
    pub async fn check_stored(
        &self,
        digest: Digest,
        file: Bytes,
    ) -> Result<Arc<ValidationReport>, AppError> {
        if let Some(report) = self.validator.recall(&digest, self.now()) {
            return Ok(report);
        }
        self.judge_and_remember(digest, (file, None)).await
    }

    /// Reads what is stored and judges it, now, whatever is remembered of it: what comes out is
    /// remembered. The inner error says why a file cannot be had.
    ///
    /// # Errors
    ///
    /// If the roots cannot be read.
    pub async fn judge_afresh(
        &self,
        organisation: OrganisationId,
        stored: Stored,
    ) -> Result<Result<Arc<ValidationReport>, BlobError>, AppError> {
        let turn = Arc::clone(&self.validator.stored).acquire_owned().await;
        let _turn = turn.map_err(|_| AppError::internal("the queue of checks is closed"))?;
        match self.read_stored(organisation, stored).await {
            Ok(files) => Ok(Ok(self.judge_and_remember(stored.key(), files).await?)),
            Err(error) => Ok(Err(error)),
        }
    }

    /// What the signatures of what is stored bring, read anew.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if a file cannot be had.
    pub(crate) async fn gather_stored(
        &self,
        organisation: OrganisationId,
        stored: Stored,
    ) -> Result<Facts, AppError> {
        let turn = Arc::clone(&self.validator.stored).acquire_owned().await;
        let _turn = turn.map_err(|_| AppError::internal("the queue of checks is closed"))?;
        let files = self.read_stored(organisation, stored).await?;
        let evidence = self.basis().await?.evidence;
        let read = move || gather_files(&files, &evidence);
        self.validator.run(read).await
    }

    async fn judge_and_remember(
        &self,
        key: Digest,
        files: Files,
    ) -> Result<Arc<ValidationReport>, AppError> {
        let now = self.now();
        let basis = self.basis().await?;
        let read = self.validator.run(move || read_files(&files, basis, now));
        let matter = self.ask_for(read.await?).await?;
        let report = Arc::new(self.validator.run(move || matter.judge()).await?);
        self.validator.remember(key, now, &report);
        Ok(report)
    }
}

fn read_files(files: &Files, basis: Basis, at: Instant) -> Matter {
    Matter::of(gather_files(files, &basis.evidence), basis, at)
}

/// Reads stored files, which may be larger than what comes in. XML is told by its first bytes.
fn gather_files((file, content): &Files, evidence: &GivenEvidence) -> Facts {
    match content {
        None => gather_any(file, None, evidence, &limits_for(file.len())),
        Some(content) => {
            let limits = limits_for(content.len());
            gather_cms_with(file, Some(content), evidence, &limits)
        }
    }
}
