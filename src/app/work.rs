//! Work that a worker claims: leases, fences, back-off, giving up. Mails and jobs alike.
//!
//! A claim is a row with a lease and a fence. Whoever claims counts the fence up; whoever finishes
//! says which fence it held, and learns if another has claimed since. Waiting is data (`next_at`),
//! never a sleeping thread.

use std::time::Duration;

use chancery_types::Instant;
use chancery_types::id::OrganisationId;
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::app::{App, AppError};
use crate::entropy;
use crate::mail::{Attached, MailKind, Outgoing, attachments_of};
use crate::store::entity::{jobs, outbox};
use crate::store::{self, StoreError};

/// The first wait after a failure, in seconds; each next one is twice as long …
const WAIT_SECONDS: i64 = 30;
/// … up to this.
const WAIT_SECONDS_MAX: i64 = 6 * 3600;
/// How long one attempt at a job may run before it is given up, in seconds.
const JOB_SECONDS_MAX: u64 = 840;
/// What one attempt at a mail may take beside its conversation with the server, in seconds: its
/// attachment is fetched.
const MAIL_MARGIN_SECONDS: u64 = 60;
/// By how much a lease outlives the attempt that it was taken for, in seconds: what became of the
/// attempt is written down before another worker may take the row.
const LEASE_MARGIN_SECONDS: u64 = 60;
const ERROR_CHARS_MAX: usize = 500;

/// What the loops of this process's worker are woken by: mails wait for no job, and nobody for a
/// system outside that is slow.
#[derive(Debug, Default)]
pub struct Wake {
    /// There is mail.
    pub mails: Notify,
    /// There is a job.
    pub jobs: Notify,
    /// There is a webhook to be told.
    pub webhooks: Notify,
    /// There is somebody to be asked.
    pub lookups: Notify,
}

/// A mail that this worker must send before its lease ends.
#[derive(Debug)]
pub struct ClaimedMail(outbox::Model);

/// A job that this worker must do before its lease ends.
#[derive(Debug)]
pub struct ClaimedJob(jobs::Model);

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Done.
    Done,
    /// A part is done; the rest is done by the next claim, which may be another worker's.
    Part,
    /// Not now: try again later.
    Later(String),
    /// Never: trying again will not help.
    Never(String),
}

/// How far a job came that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// To its end.
    Finished,
    /// It made way for others; the rest is to be done by the next claim.
    Unfinished,
}

/// What the row says after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// A part is done; the row is ready for the next.
    Continued,
    /// Waits for its next attempt.
    Delayed,
    /// Given up, visibly.
    Failed,
    /// Somebody else claimed it meanwhile; nothing was written.
    Lost,
}

impl ClaimedMail {
    /// The mail's row, for a log line.
    #[must_use]
    pub const fn id(&self) -> uuid::Uuid {
        self.0.id
    }
}

impl ClaimedJob {
    /// The job's row, for a log line.
    #[must_use]
    pub const fn id(&self) -> uuid::Uuid {
        self.0.id
    }

    /// Which work it is.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// Whose it is.
    #[must_use]
    pub fn organisation(&self) -> OrganisationId {
        self.0.organisation_id.into()
    }

    /// What it is about.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`] if the row is not JSON.
    pub fn payload(&self) -> Result<Value, AppError> {
        serde_json::from_str(&self.0.payload).map_err(|error| AppError::internal(error.to_string()))
    }
}

/// Writes a job in the caller's transaction. `key` is made of meaning: the same is written once.
/// Call [`App::wake_jobs`] after the commit.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub async fn enqueue_job(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    now: Instant,
    kind: &'static str,
    key: String,
    payload: &Value,
) -> Result<(), AppError> {
    let row = jobs::ActiveModel {
        id: Set(entropy::id(now)),
        organisation_id: Set(organisation.uuid()),
        kind: Set(kind.to_owned()),
        key: Set(key),
        payload: Set(payload.to_string()),
        state: Set("ready".to_owned()),
        attempts: Set(0),
        next_at: Set(now.micros()),
        lease_until: Set(None),
        fence: Set(0),
        last_error: Set(None),
        created_at: Set(now.micros()),
        done_at: Set(None),
    };
    Ok(store::jobs::insert_once(connection, row).await?)
}

impl App {
    /// Writes a job of this kind down for every organisation, once in each stretch of `seconds`
    /// however many processes ask.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub(crate) async fn enqueue_every(
        &self,
        kind: &'static str,
        seconds: i64,
    ) -> Result<(), AppError> {
        let now = self.now();
        let stretch = now.micros().div_euclid(seconds.saturating_mul(1_000_000));
        for organisation in self.list_organisations().await? {
            let key = format!("{kind}:{stretch}");
            let id = organisation.id;
            enqueue_job(self.store.writer(), id, now, kind, key, &json!({})).await?;
        }
        Ok(())
    }

    /// How long one attempt at a mail may take. Its lease is longer.
    #[must_use]
    pub fn mail_time_max(&self) -> Duration {
        let seconds = self.config.mail.smtp_timeout_seconds;
        Duration::from_secs(seconds.saturating_add(MAIL_MARGIN_SECONDS))
    }

    /// How long one attempt at a job may take. Its lease is longer.
    #[must_use]
    pub const fn job_time_max(&self) -> Duration {
        Duration::from_secs(JOB_SECONDS_MAX)
    }

    /// Claims up to `count_max` mails that are due.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn claim_mails(&self, count_max: u64) -> Result<Vec<ClaimedMail>, AppError> {
        let now = self.now();
        let lease = lease_until(now, self.mail_time_max());
        let tx = self.store.begin().await?;
        let rows = store::outbox::lock_due(&tx, now.micros(), lease.micros(), count_max).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(ClaimedMail).collect())
    }

    /// Opens a claimed mail's seal, fetches its attachment and sends it. The attempt's text never
    /// holds the sealed part.
    pub async fn send_mail(&self, mail: &ClaimedMail) -> Attempt {
        if mail.0.attempts > self.config.mail.attempts_max {
            return Attempt::Never("every worker that tried it was lost".to_owned());
        }
        let outgoing = match self.open_mail(&mail.0).await {
            Ok(outgoing) => outgoing,
            Err(attempt) => return attempt,
        };
        match self.mailer.send(&outgoing).await {
            Ok(()) => Attempt::Done,
            Err(error @ crate::mail::MailError::Unwritable { .. }) => {
                Attempt::Never(error.to_string())
            }
            Err(error) => Attempt::Later(error.to_string()),
        }
    }

    async fn open_mail(&self, row: &outbox::Model) -> Result<Outgoing, Attempt> {
        let never = |why: String| Attempt::Never(why);
        let kind = MailKind::from_code(&row.kind)
            .ok_or_else(|| never(format!("`{}` is no kind of mail", row.kind)))?;
        let payload: Value =
            serde_json::from_str(&row.payload).map_err(|error| never(error.to_string()))?;
        let secret = match &row.sealed {
            None => None,
            Some(sealed) => {
                let opened = self.vault.open(row.id.as_bytes(), sealed);
                let opened = opened.map_err(|error| never(error.to_string()))?;
                // The parser's words could quote the secret: say only that it failed.
                let secret = serde_json::from_slice(&opened);
                Some(secret.map_err(|_| never("the sealed part is not JSON".to_owned()))?)
            }
        };
        let mut attached = Vec::new();
        for (asked, media_type) in attachments_of(kind, &payload) {
            let organisation = row.organisation_id.into();
            let content = self.blobs.get(organisation, &asked.digest).await;
            let content = content.map_err(|error| Attempt::Later(error.to_string()))?;
            attached.push(Attached {
                name: asked.name,
                media_type: media_type.to_owned(),
                content,
            });
        }
        Ok(Outgoing {
            kind,
            locale: chancery_types::Locale::from_code(&row.locale).unwrap_or_default(),
            to_address: row.to_address.clone(),
            to_name: row.to_name.clone(),
            payload,
            secret,
            message_id: row.message_id.clone(),
            written_at: Instant::from_micros(row.created_at),
            sent_at: self.now(),
            attached,
        })
    }

    /// Writes down how a mail's attempt ended. When it was sent, its sealed part is erased.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails: the lease then runs out, and the mail is
    /// sent again under the same Message-ID.
    pub async fn finish_mail(
        &self,
        mail: &ClaimedMail,
        attempt: &Attempt,
    ) -> Result<Outcome, AppError> {
        let now = self.now();
        let verdict = judge(attempt, mail.0.attempts, self.config.mail.attempts_max, now);
        let mut change = outbox::ActiveModel {
            lease_until: Set(None),
            last_error: Set(verdict.error),
            ..Default::default()
        };
        match verdict.outcome {
            Outcome::Done => {
                change.state = Set("sent".to_owned());
                change.sent_at = Set(Some(now.micros()));
                change.sealed = Set(None);
            }
            Outcome::Delayed | Outcome::Continued => {
                change.state = Set("ready".to_owned());
                change.next_at = Set(verdict.next_at.micros());
            }
            Outcome::Failed | Outcome::Lost => change.state = Set("failed".to_owned()),
        }
        let written = store::outbox::update_claimed(self.store.writer(), &mail.0, change).await;
        fenced(written, verdict.outcome)
    }

    /// Claims up to `count_max` jobs of `kinds` that are due.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn claim_jobs(
        &self,
        kinds: &[&'static str],
        count_max: u64,
    ) -> Result<Vec<ClaimedJob>, AppError> {
        let now = self.now();
        let lease = lease_until(now, self.job_time_max());
        let tx = self.store.begin().await?;
        let rows =
            store::jobs::lock_due(&tx, kinds, now.micros(), lease.micros(), count_max).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(ClaimedJob).collect())
    }

    /// Whether a claimed job was tried too often by workers that were lost (it kills them).
    #[must_use]
    pub fn is_worn_out(&self, job: &ClaimedJob) -> bool {
        job.0.attempts > self.config.worker.attempts_max
    }

    /// Writes down how a job's attempt ended.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn finish_job(
        &self,
        job: &ClaimedJob,
        attempt: &Attempt,
    ) -> Result<Outcome, AppError> {
        let now = self.now();
        let verdict = judge(
            attempt,
            job.0.attempts,
            self.config.worker.attempts_max,
            now,
        );
        let mut change = jobs::ActiveModel {
            lease_until: Set(None),
            last_error: Set(verdict.error),
            ..Default::default()
        };
        match verdict.outcome {
            Outcome::Done => {
                change.state = Set("done".to_owned());
                change.done_at = Set(Some(now.micros()));
            }
            Outcome::Continued => {
                change.state = Set("ready".to_owned());
                change.next_at = Set(now.micros());
                // It got on: attempts count what did not.
                change.attempts = Set(0);
            }
            Outcome::Delayed => {
                change.state = Set("ready".to_owned());
                change.next_at = Set(verdict.next_at.micros());
            }
            Outcome::Failed | Outcome::Lost => change.state = Set("failed".to_owned()),
        }
        let written = store::jobs::update_claimed(self.store.writer(), &job.0, change).await;
        fenced(written, verdict.outcome)
    }
}

pub(crate) fn lease_until(now: Instant, attempt_max: Duration) -> Instant {
    let seconds = attempt_max.as_secs().saturating_add(LEASE_MARGIN_SECONDS);
    now.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

pub(crate) fn fenced(
    written: Result<(), StoreError>,
    outcome: Outcome,
) -> Result<Outcome, AppError> {
    match written {
        Ok(()) => Ok(outcome),
        Err(StoreError::Stale) => Ok(Outcome::Lost),
        Err(error) => Err(error.into()),
    }
}

/// What follows from an attempt.
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) error: Option<String>,
    pub(crate) next_at: Instant,
}

/// A reason as rows keep it.
pub(crate) fn cut(why: &str) -> Option<String> {
    Some(why.chars().take(ERROR_CHARS_MAX).collect())
}

/// Whether a row is done, tried again, or given up after the last attempt.
pub(crate) fn judge(attempt: &Attempt, attempts: i64, attempts_max: i64, now: Instant) -> Verdict {
    let (outcome, error) = match attempt {
        Attempt::Done => (Outcome::Done, None),
        Attempt::Part => (Outcome::Continued, None),
        Attempt::Later(why) if attempts < attempts_max => (Outcome::Delayed, cut(why)),
        Attempt::Later(why) | Attempt::Never(why) => (Outcome::Failed, cut(why)),
    };
    Verdict {
        outcome,
        error,
        next_at: now.plus_seconds(wait_seconds(attempts)),
    }
}

/// 30 s, 1 min, 2 min … 6 h.
fn wait_seconds(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 20)).unwrap_or(0);
    WAIT_SECONDS
        .saturating_mul(2_i64.saturating_pow(doublings))
        .min(WAIT_SECONDS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_six_hours() {
        let waits: Vec<i64> = [1, 2, 3, 10, 11, i64::MAX].map(wait_seconds).to_vec();
        assert_eq!(waits, [30, 60, 120, 15_360, 21_600, 21_600]);
    }

    #[test]
    fn the_last_attempt_gives_up_and_a_hopeless_one_at_once() {
        let now = Instant::from_micros(0);
        let later = Attempt::Later("busy".to_owned());
        assert_eq!(judge(&later, 11, 12, now).outcome, Outcome::Delayed);
        assert_eq!(judge(&later, 12, 12, now).outcome, Outcome::Failed);
        let never = Attempt::Never("no such mailbox".to_owned());
        let verdict = judge(&never, 1, 12, now);
        assert_eq!(verdict.outcome, Outcome::Failed);
        assert_eq!(verdict.error.as_deref(), Some("no such mailbox"));
    }
}
