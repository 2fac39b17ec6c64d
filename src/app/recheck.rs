//! Stored signatures are checked: as soon as they are stored, by schedule, and when a compliance
//! officer asks.
//!
//! A version's file (its signed copy, or its main file as it came in), or a detached signature with
//! the file that it is over, is due when it was never checked, when it is another file since, or
//! when its last check is too old. A worker takes one in hand with a fence, judges it outside of
//! any transaction, and writes what it came to only if the fence still holds: two workers never
//! report one change twice. A verdict that is not the one before it is an event and letters, in the
//! transaction that writes it. The powers of attorney beside its signatures are judged after them;
//! one that comes to something else is an event and letters too.

mod found;
mod tell;

use std::fmt::Display;
use std::sync::Arc;

use chancery_signature::ValidationReport;
use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::{Value, json};

use crate::app::audit::{self, Happening};
use crate::app::signing::detached::Covers;
use crate::app::signing::powers::PowerSeen;
use crate::app::validation::Stored;
use crate::app::versions::parse_digest;
use crate::app::work::{Progress, enqueue_job};
use crate::app::{App, AppError};
use crate::blob::BlobError;
use crate::domain::actor::Actor;
use crate::store::checked_files::{self, DueFile, DueForm, FileResult};
use crate::store::signature_checks as rows;
use crate::store::{self, StoreError};
use found::{Change, changes, found};

pub use found::indication_code;

/// The kind of job.
pub const KIND: &str = "recheck";
/// How the key of a check begins that somebody asked for.
pub(super) const ASKED: &str = "recheck:asked:";
/// How the key of a check begins that comes with a signature.
const STORED: &str = "recheck:stored:";
const HOUR_SECONDS: i64 = 3600;
const DAY_SECONDS: i64 = 24 * 3600;
/// How many files one claim of the job checks before it makes way for others.
const FILES_AT_ONCE: u64 = 16;
/// How long a file stays in hand, in seconds: longer than reading and judging the largest.
const IN_HAND_SECONDS: i64 = 900;

/// What the verdict of a file rests on.
enum Seen {
    /// The file was judged.
    Judged(Arc<ValidationReport>),
    /// It is not there, or not what was stored.
    Unreadable,
    /// It is larger than what is checked.
    TooLarge,
}

impl Seen {
    const fn outcome(&self) -> &'static str {
        match self {
            Self::Judged(_) => "judged",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too_large",
        }
    }
}

/// Writes a look at what is due down in the transaction that stores a signature: it is checked as
/// soon as a worker comes by, not within the hour. `what` is the identifier or the digest of what
/// was stored: the same is written once. Call [`App::wake_jobs`] after the commit.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub(crate) async fn enqueue_check(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    what: impl Display,
    now: Instant,
) -> Result<(), AppError> {
    let key = format!("{STORED}{what}");
    enqueue_job(connection, organisation, now, KIND, key, &json!({})).await
}

impl App {
    /// Writes this hour's look at the stored signatures down for every organisation, once however
    /// many processes ask. What was checked less than `checks.recheck_days` ago is passed over.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn enqueue_rechecks(&self) -> Result<(), AppError> {
        self.enqueue_every(KIND, HOUR_SECONDS).await
    }

    /// Checks some of what is due: the job `recheck`. It may run twice, and beside another.
    /// `payload.before` (microseconds) makes everything due that was checked before.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`]; what it has in hand is due again when the hand is empty.
    pub async fn recheck(
        &self,
        organisation: OrganisationId,
        payload: &Value,
    ) -> Result<Progress, AppError> {
        let now = self.now();
        let days = self.config.checks.recheck_days;
        let by_age = now.plus_seconds(-days.saturating_mul(DAY_SECONDS)).micros();
        let asked = payload.get("before").and_then(Value::as_i64);
        let before = asked.unwrap_or(by_age);
        let (reader, id) = (self.store.reader(), organisation.uuid());
        let files =
            checked_files::list_due(reader, id, before, now.micros(), FILES_AT_ONCE).await?;
        for file in &files {
            self.recheck_file(organisation, file).await?;
        }
        metrics::counter!("chancery_rechecked_files_total").increment(files.len() as u64);
        Ok(match files.is_empty() {
            true => Progress::Finished,
            false => Progress::Unfinished,
        })
    }

    /// Takes one file in hand, judges it, and writes down what it came to.
    async fn recheck_file(
        &self,
        organisation: OrganisationId,
        file: &DueFile,
    ) -> Result<(), AppError> {
        let now = self.now();
        let until = now.plus_seconds(IN_HAND_SECONDS).micros();
        let tx = self.store.begin().await?;
        let fence =
            checked_files::claim(&tx, organisation.uuid(), file, now.micros(), until).await?;
        tx.commit().await?;
        let Some(fence) = fence else {
            return Ok(());
        };
        let seen = self.see_file(organisation, file).await?;
        let powers = match &seen {
            Seen::Judged(report) => {
                let powers = self
                    .powers_of_subject(organisation, file.subject_id)
                    .await?;
                self.see_powers(powers, report).await
            }
            // Nothing is learnt of who may sign from a file that cannot be read.
            Seen::Unreadable | Seen::TooLarge => Vec::new(),
        };
        let kept = self.keep_check(organisation, file, fence, &seen, &powers);
        match kept.await {
            // Whoever took it over writes it down.
            Err(AppError::Stale) => Ok(()),
            kept => kept,
        }
    }

    async fn see_file(
        &self,
        organisation: OrganisationId,
        file: &DueFile,
    ) -> Result<Seen, AppError> {
        let digest = parse_digest(&file.digest)?;
        let bytes_max = self.judged_bytes_max(file.form == DueForm::Copy);
        if u64::try_from(file.size_bytes).is_ok_and(|size| size > bytes_max) {
            return Ok(Seen::TooLarge);
        }
        let stored = match &file.form {
            DueForm::Main | DueForm::Copy => Stored::File(digest),
            DueForm::Detached {
                covered_digest,
                covers,
                ..
            } => Stored::Detached {
                signature: digest,
                content: parse_digest(covered_digest)?,
                is_over_copy: covers == Covers::SignedCopy.code(),
            },
        };
        match self.judge_afresh(organisation, stored).await? {
            Ok(report) => Ok(Seen::Judged(report)),
            Err(BlobError::TooLarge { .. }) => Ok(Seen::TooLarge),
            // Nothing may look proven by a file that is not there any more.
            Err(BlobError::Absent { .. } | BlobError::Damaged { .. }) => {
                tracing::error!(%digest, "a stored file cannot be judged: it is absent or damaged");
                Ok(Seen::Unreadable)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Rows, events and letters of one check, in one transaction.
    async fn keep_check(
        &self,
        organisation: OrganisationId,
        file: &DueFile,
        fence: i64,
        seen: &Seen,
        powers: &[PowerSeen],
    ) -> Result<(), AppError> {
        let now = self.now();
        let tx = self.store.begin().await?;
        let known = rows::list_of_subject(&tx, file.subject_id).await?;
        let found = found(organisation.uuid(), file, seen, &known, now);
        let result = FileResult {
            digest: &file.digest,
            outcome: seen.outcome(),
            signatures_count: i64::try_from(found.len()).unwrap_or(i64::MAX),
            checked_at: now.micros(),
        };
        let held = checked_files::update_claimed(&tx, file.subject_id, fence, &result).await;
        held.map_err(|error| match error {
            StoreError::Stale => AppError::Stale,
            error => error.into(),
        })?;
        let changes = changes(&known, &found);
        for row in found {
            rows::put(&tx, row).await?;
        }
        let powers = self
            .keep_power_checks(&tx, organisation, powers, now)
            .await?;
        if !changes.is_empty() {
            self.tell_changes(&tx, organisation, file, &changes, now)
                .await?;
        }
        if !powers.is_empty() {
            self.write_of_powers(&tx, organisation, file, &powers, now)
                .await?;
        }
        tx.commit().await?;
        if !changes.is_empty() || !powers.is_empty() {
            self.wake_jobs();
        }
        Ok(())
    }

    async fn tell_changes(
        &self,
        tx: &DatabaseTransaction,
        organisation: OrganisationId,
        file: &DueFile,
        changes: &[Change],
        now: Instant,
    ) -> Result<(), AppError> {
        let version =
            store::versions::load_version(tx, organisation.uuid(), file.version_id).await?;
        let told: Vec<Value> = changes.iter().map(Change::value).collect();
        let (kind, details) = match &file.form {
            DueForm::Main | DueForm::Copy => (
                "version",
                json!({
                    "version": file.number,
                    "copy_sha256": file.digest,
                    "changes": told,
                }),
            ),
            DueForm::Detached {
                name,
                covered_digest,
                ..
            } => (
                "signature",
                json!({
                    "version": file.number,
                    "came_as": "detached",
                    "name": name,
                    "sha256": file.digest,
                    "covered_sha256": covered_digest,
                    "changes": told,
                }),
            ),
        };
        let happening = Happening::to("signature.verdict_changed", kind, file.subject_id)
            .on_document(file.document_id)
            .at_version(&version.digest)
            .with(details);
        audit::append(tx, &Actor::system(organisation), now, happening).await?;
        self.write_to_officers(tx, organisation, file, changes, now)
            .await
    }
}
