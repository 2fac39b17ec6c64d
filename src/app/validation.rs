//! Judging files: for anybody who brings one, and for the pages of stored documents.
//!
//! A check is pure computing. It runs off the threads that answer requests, a few at once, with a
//! short queue before them; whoever finds the queue full is asked to come back. Nothing of a file
//! that a stranger brought is kept, and nothing tells whether we hold the same file.

mod kept_power;
mod matter;
pub mod power;
#[cfg(test)]
pub mod sample;
mod stored;
mod written;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chancery_signature::{Anchors, Limits, ValidationReport};
use chancery_types::id::OrganisationId;
use chancery_types::{Digest, Instant};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use crate::app::{App, AppError};
use crate::store;
use crate::store::entity::authority_keys;
use kept_power::RememberedPowers;
pub use matter::{Basis, Checked, CoveredFile, Matter, NotCompared};
use power::PowerAsked;
pub use stored::Stored;
pub use written::{Entry, REPORT_FORM, UnreadFile, WrittenReport, report_schema};

/// Checks that may wait, for each that runs.
const WAITING_PER_CHECK: usize = 4;
/// When to come back to a full queue, in seconds.
const RETRY_AFTER_SECONDS: u64 = 10;
/// Reports of stored copies that are remembered.
const REMEMBERED_MAX: usize = 500;
/// For how long, in seconds: certificates end, and a root may be added.
const REMEMBERED_SECONDS: i64 = 600;

/// How long a page waits for the judgement of a stored copy.
const PAGE_WAITS: Duration = Duration::from_secs(4);

/// A judgement that several pages may wait for at once.
type Judging = Arc<OnceCell<Arc<ValidationReport>>>;

/// Bounds the checks of this process and remembers those of stored copies. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Validator {
    seats: Arc<Semaphore>,
    running: Arc<Semaphore>,
    /// Stored files in memory at once.
    stored: Arc<Semaphore>,
    remembered: Arc<Mutex<HashMap<Digest, Remembered>>>,
    judging: Arc<Mutex<HashMap<Digest, Judging>>>,
    powers: RememberedPowers,
}

/// What a page learns of a stored copy.
#[derive(Clone, Debug)]
pub enum Judgement {
    /// Judged.
    Done(Arc<ValidationReport>),
    /// It takes longer than a page waits. The check goes on, and its report is remembered.
    GoesOn,
}

#[derive(Clone, Debug)]
struct Remembered {
    at: Instant,
    report: Arc<ValidationReport>,
}

/// A place in the queue: taken when a file has come whole, so that nobody holds one by sending
/// slowly.
#[derive(Debug)]
pub struct CheckSeat {
    _permit: OwnedSemaphorePermit,
}

fn seats_count(parallel_max: usize) -> usize {
    parallel_max.saturating_mul(WAITING_PER_CHECK)
}

impl Validator {
    /// Runs at most `parallel_max` checks at once.
    #[must_use]
    pub fn new(parallel_max: usize) -> Self {
        let parallel_max = parallel_max.clamp(1, 1_000);
        Self {
            seats: Arc::new(Semaphore::new(seats_count(parallel_max))),
            running: Arc::new(Semaphore::new(parallel_max)),
            stored: Arc::new(Semaphore::new(parallel_max)),
            remembered: Arc::default(),
            judging: Arc::default(),
            powers: RememberedPowers::default(),
        }
    }

    /// Runs `check` off the threads that answer requests, when its turn comes.
    async fn run<T: Send + 'static>(
        &self,
        check: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
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

    /// The judgement of this copy that is going on, or a new one.
    fn join(&self, digest: Digest) -> Judging {
        let mut judging = self.judging.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(judging.entry(digest).or_default())
    }

    fn leave(&self, digest: &Digest) {
        let mut judging = self.judging.lock().unwrap_or_else(PoisonError::into_inner);
        judging.remove(digest);
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
    /// How many checks may run and wait at once.
    #[must_use]
    pub fn check_seats_count(&self) -> usize {
        seats_count(self.config.limits.verify_parallel_max)
    }

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
    /// is what a detached signature signs, `power` a power of attorney of its signer. Keeps
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] on `content` if the file holds what it signs itself, on `power` if
    /// that is none; else if the roots cannot be read: any file gets a report.
    pub async fn check_file(
        &self,
        seat: CheckSeat,
        file: Bytes,
        content: Option<Bytes>,
        power: Option<PowerAsked>,
    ) -> Result<Checked, AppError> {
        let basis = self.basis().await?;
        let now = self.now();
        let read = self
            .validator
            .run(move || Matter::read(&file, content.as_deref(), basis, now));
        let matter = read
            .await?
            .map_err(|NotCompared| AppError::invalid("content", "content-not-compared"))?;
        let matter = self.ask_for(matter).await?;
        let power = match power {
            Some(asked) => {
                let basis = matter.basis().clone();
                let basis = self.informed_of_power(basis, &asked, now).await?;
                Some((asked, basis))
            }
            None => None,
        };
        let judged = self
            .validator
            .run(move || matter.check_with(power.as_ref()));
        let checked = judged.await;
        drop(seat);
        checked?
    }

    /// The time zone that all organisations of this server share: what an outsider's times are told
    /// in. UTC if they share none.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn shared_zone(&self) -> Result<String, AppError> {
        let rows = store::organisations::list_all(self.store.reader()).await?;
        let mut zones = rows.into_iter().map(|row| row.time_zone);
        let first = zones.next().unwrap_or_default();
        Ok(match zones.all(|zone| zone == first) {
            true => first,
            false => "UTC".to_owned(),
        })
    }

    /// Our own roots and, as long as they are not revoked, those that they let issue.
    pub(crate) async fn own_anchors(&self) -> Result<Anchors, AppError> {
        self.anchors_of(|_| true).await
    }

    /// The same, but of this organisation the roots alone: all that others are given of it to
    /// trust.
    pub(crate) async fn raising_anchors(
        &self,
        organisation: OrganisationId,
    ) -> Result<Anchors, AppError> {
        let own = organisation.uuid();
        self.anchors_of(|row| row.purpose == "root" || row.organisation_id != own)
            .await
    }

    async fn anchors_of(
        &self,
        is_meant: impl Fn(&authority_keys::Model) -> bool,
    ) -> Result<Anchors, AppError> {
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::Purpose.is_in(["root", "issuing"]))
            .all(self.store.reader())
            .await?;
        let revoked = self.revoked_authorities().await?;
        let mut anchors = Anchors::none();
        for row in rows.into_iter().filter(|row| is_meant(row)) {
            if revoked.contains(&row.id) {
                // Its signatures are judged by the root, and by the root's list.
                continue;
            }
            let read = Anchors::from_pem_or_der(&row.certificate);
            let read = read.map_err(|error| AppError::Internal(error.into()))?;
            anchors.extend(match row.retired_at {
                Some(at) if row.purpose == "issuing" => {
                    let at = Instant::from_micros(at);
                    read.trusted_until(at.plus_seconds(RETIREMENT_GRACE_SECONDS))
                }
                _ => read,
            });
        }
        Ok(anchors)
    }
}

/// How long after its retirement an issuing authority is still trusted, in seconds: a signature
/// that was being made then is stamped a little later.
const RETIREMENT_GRACE_SECONDS: i64 = 300;

/// The usual limits, for a file of ours that has `length` bytes: a signed copy is larger than what
/// may come in.
#[must_use]
pub fn limits_for(length: usize) -> Limits {
    let usual = Limits::default();
    let pdf = chancery_pdf::Limits {
        bytes_max: usual
            .pdf
            .bytes_max
            .max(u64::try_from(length).unwrap_or(u64::MAX)),
        ..usual.pdf
    };
    Limits { pdf, ..usual }
}
