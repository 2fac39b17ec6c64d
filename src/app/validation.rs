//! Judging files: for anybody who brings one, and for the pages of stored documents.
//!
//! A check is pure computing. It runs off the threads that answer requests, a few at once, with a
//! short queue before them; whoever finds the queue full is asked to come back. Nothing of a file
//! that a stranger brought is kept, and nothing tells whether we hold the same file.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chancery_signature::{Anchors, Limits, ValidationPolicy, ValidationReport, gather, judge};
use chancery_types::{Digest, Instant};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::{App, AppError};
use crate::store::entity::authority_keys;

/// Checks that may wait, for each that runs.
const WAITING_PER_CHECK: usize = 4;
/// When to come back to a full queue, in seconds.
const RETRY_AFTER_SECONDS: u64 = 10;
/// Reports of stored copies that are remembered.
const REMEMBERED_MAX: usize = 500;
/// For how long, in seconds: certificates end, and a root may be added.
const REMEMBERED_SECONDS: i64 = 600;

/// Bounds the checks of this process and remembers those of stored copies. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Validator {
    seats: Arc<Semaphore>,
    running: Arc<Semaphore>,
    remembered: Arc<Mutex<HashMap<Digest, Remembered>>>,
}

#[derive(Clone, Debug)]
struct Remembered {
    at: Instant,
    report: Arc<ValidationReport>,
}

/// A place in the queue: taken before a file is even read, so that uploads are bounded too.
#[derive(Debug)]
pub struct CheckSeat {
    _permit: OwnedSemaphorePermit,
}

impl Validator {
    /// Runs at most `parallel_max` checks at once.
    #[must_use]
    pub fn new(parallel_max: usize) -> Self {
        let parallel_max = parallel_max.clamp(1, 1_000);
        Self {
            seats: Arc::new(Semaphore::new(
                parallel_max.saturating_mul(WAITING_PER_CHECK),
            )),
            running: Arc::new(Semaphore::new(parallel_max)),
            remembered: Arc::default(),
        }
    }

    /// Runs `check` off the threads that answer requests, when its turn comes.
    async fn run(
        &self,
        check: impl FnOnce() -> ValidationReport + Send + 'static,
    ) -> Result<ValidationReport, AppError> {
        let turn = Arc::clone(&self.running).acquire_owned().await;
        let turn = turn.map_err(|_| AppError::internal("the queue of checks is closed"))?;
        let checked = tokio::task::spawn_blocking(move || {
            let report = check();
            drop(turn);
            report
        });
        checked
            .await
            .map_err(|error| AppError::Internal(error.into()))
    }

    fn recall(&self, digest: &Digest, now: Instant) -> Option<Arc<ValidationReport>> {
        let remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let found = remembered.get(digest)?;
        let fresh = (0..REMEMBERED_SECONDS).contains(&now.seconds_since(found.at));
        fresh.then(|| Arc::clone(&found.report))
    }

    fn remember(&self, digest: Digest, at: Instant, report: &Arc<ValidationReport>) {
        let mut remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED_MAX {
            let fresh = |one: &Remembered| at.seconds_since(one.at) < REMEMBERED_SECONDS;
            remembered.retain(|_, one| fresh(one));
        }
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(
            digest,
            Remembered {
                at,
                report: Arc::clone(report),
            },
        );
    }
}

impl App {
    /// A place in the queue of checks.
    ///
    /// # Errors
    ///
    /// [`AppError::TooMany`] when the queue is full.
    pub fn take_check_seat(&self) -> Result<CheckSeat, AppError> {
        let permit = Arc::clone(&self.validator.seats).try_acquire_owned();
        permit
            .map(|permit| CheckSeat { _permit: permit })
            .map_err(|_| AppError::TooMany {
                retry_after_seconds: RETRY_AFTER_SECONDS,
            })
    }

    /// Judges a file that somebody brought, now, trusting the roots of this installation. `content`
    /// is what a detached signature signs. Keeps nothing.
    ///
    /// # Errors
    ///
    /// If the roots cannot be read; any file gets a report.
    pub async fn check_file(
        &self,
        seat: CheckSeat,
        file: Bytes,
        content: Option<Bytes>,
    ) -> Result<ValidationReport, AppError> {
        let anchors = self.own_anchors().await?;
        let now = self.now();
        let report = self
            .validator
            .run(move || validate(&file, content.as_deref(), &anchors, now))
            .await;
        drop(seat);
        report
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
        let now = self.now();
        if let Some(report) = self.validator.recall(&digest, now) {
            return Ok(report);
        }
        let anchors = self.own_anchors().await?;
        let report = self
            .validator
            .run(move || validate(&file, None, &anchors, now))
            .await?;
        let report = Arc::new(report);
        self.validator.remember(digest, now, &report);
        Ok(report)
    }

    async fn own_anchors(&self) -> Result<Anchors, AppError> {
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::Purpose.is_in(["root", "issuing"]))
            .all(self.store.reader())
            .await?;
        let mut anchors = Anchors::none();
        for row in rows {
            let read = Anchors::from_pem_or_der(&row.certificate);
            anchors.extend(read.map_err(|error| AppError::Internal(error.into()))?);
        }
        Ok(anchors)
    }
}

/// Judges bytes of any kind at `at`. Pure, bounded by [`Limits`].
#[must_use]
pub fn validate(
    file: &[u8],
    content: Option<&[u8]>,
    anchors: &Anchors,
    at: Instant,
) -> ValidationReport {
    let facts = gather(file, content, &Limits::default());
    judge(&facts, &ValidationPolicy::default(), at, anchors)
}
