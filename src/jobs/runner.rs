//! The worker's loops.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Job, JobError, JobFunction, Progress};
use crate::app::calls::{CallKind, ClaimedCall, Made};
use crate::app::work::{Attempt, ClaimedJob, ClaimedMail, Outcome};
use crate::app::{App, AppError};

const LOOK_SECONDS: u64 = 1;
/// Every how many looks today's sweep, this hour's checks and this hour's extensions are written
/// down, if they are not: some minutes.
const LOOKS_A_SCHEDULE: u64 = 300;
const MAILS_AT_ONCE: usize = 8;
const JOBS_AT_ONCE: usize = 2;
const CALLS_AT_ONCE: usize = 4;

/// What one draining did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Mails.
    pub mails: Counts,
    /// Jobs.
    pub jobs: Counts,
    /// Calls to systems outside.
    pub calls: Counts,
}

/// How attempts ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sent or done.
    pub done: u64,
    /// Put off.
    pub delayed: u64,
    /// Given up.
    pub failed: u64,
    /// Claimed by another meanwhile.
    pub lost: u64,
}

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            // Its end is counted, whoever comes to it.
            Outcome::Continued => return,
            Outcome::Done => &mut self.done,
            Outcome::Delayed => &mut self.delayed,
            Outcome::Failed => &mut self.failed,
            Outcome::Lost => &mut self.lost,
        };
        *count = count.saturating_add(1);
    }
}

/// Does what is due.
#[derive(Clone)]
pub struct Runner {
    app: App,
    kinds: BTreeMap<&'static str, JobFunction>,
}

impl Runner {
    /// A worker of every registered kind.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self::with_kinds(app, super::registry())
    }

    /// A worker of these kinds of jobs; mail is always among its work.
    #[must_use]
    pub const fn with_kinds(app: App, kinds: BTreeMap<&'static str, JobFunction>) -> Self {
        Self { app, kinds }
    }

    /// Does everything that is due now, and what that makes due. Waits for nothing.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn drain(&self) -> Result<Drained, AppError> {
        self.drain_until(&CancellationToken::new()).await
    }

    async fn drain_until(&self, stop: &CancellationToken) -> Result<Drained, AppError> {
        let mut drained = Drained::default();
        while !stop.is_cancelled() {
            let rung = self.app.ring_timers().await?;
            let begun = self.app.begin_absences().await?;
            let mails = self.send_some(&mut drained.mails).await?;
            let jobs = self.do_some(&mut drained.jobs).await?;
            let told = self.call_some(CallKind::Webhook, &mut drained.calls);
            let told = told.await?;
            let asked = self.call_some(CallKind::Lookup, &mut drained.calls);
            let found = [mails, jobs, told, asked.await?];
            if rung == 0 && begun == 0 && found.iter().all(|one| *one == Found::Nothing) {
                break;
            }
        }
        Ok(drained)
    }

    /// Works until `stop`: looks every second and whenever [`App::wake_jobs`] is called. Mails and
    /// jobs have a loop each, so that no mail waits for a drawing. What is in hand when the stop
    /// comes is finished.
    pub async fn run(&self, stop: CancellationToken) {
        let mails = async {
            while !stop.is_cancelled() {
                let found = self.send_some(&mut Counts::default()).await;
                rest(found, &stop, &self.app.wake.mails).await;
            }
        };
        let jobs = async {
            let mut look = 0_u64;
            while !stop.is_cancelled() {
                if look.is_multiple_of(LOOKS_A_SCHEDULE) {
                    self.write_schedule().await;
                }
                look = look.wrapping_add(1);
                if let Err(error) = self.app.ring_timers().await {
                    tracing::error!(error = ?error, "timers cannot be rung");
                }
                if let Err(error) = self.app.begin_absences().await {
                    tracing::error!(error = ?error, "nobody can be told of absences");
                }
                let found = self.do_some(&mut Counts::default()).await;
                rest(found, &stop, &self.app.wake.jobs).await;
            }
        };
        let webhooks = self.call(CallKind::Webhook, &stop, &self.app.wake.webhooks);
        let lookups = self.call(CallKind::Lookup, &stop, &self.app.wake.lookups);
        futures::join!(mails, jobs, webhooks, lookups);
    }

    /// Makes calls of a kind until `stop`.
    async fn call(&self, kind: CallKind, stop: &CancellationToken, wake: &Notify) {
        while !stop.is_cancelled() {
            let found = self.call_some(kind, &mut Counts::default()).await;
            rest(found, stop, wake).await;
        }
    }

    /// Writes down what is due by the calendar.
    async fn write_schedule(&self) {
        if let Err(error) = self.app.enqueue_sweeps().await {
            tracing::error!(error = ?error, "today's sweep cannot be written down");
        }
        if let Err(error) = self.app.enqueue_daily_letters().await {
            tracing::error!(error = ?error, "today's letters cannot be written down");
        }
        if let Err(error) = self.app.enqueue_rechecks().await {
            tracing::error!(error = ?error, "this hour's checks cannot be written down");
        }
        if let Err(error) = self.app.publish_lists().await {
            tracing::error!(error = ?error, "revocation lists cannot be published");
        }
        if let Err(error) = self.app.adopt_calendars().await {
            tracing::error!(error = ?error, "runs cannot take a changed calendar");
        }
        if let Err(error) = self.app.enqueue_extensions().await {
            tracing::error!(error = ?error, "this hour's extensions cannot be written down");
        }
    }

    /// Claims a few mails and sends them.
    async fn send_some(&self, counts: &mut Counts) -> Result<Found, AppError> {
        let mails = self.app.claim_mails(MAILS_AT_ONCE as u64).await?;
        let found = Found::of(&mails);
        let sent = futures::stream::iter(mails.into_iter().map(|mail| self.send(mail)));
        let sent = sent.buffer_unordered(MAILS_AT_ONCE).collect::<Vec<_>>();
        for outcome in sent.await {
            counts.add(outcome?);
        }
        Ok(found)
    }

    /// Claims a few jobs and does them.
    async fn do_some(&self, counts: &mut Counts) -> Result<Found, AppError> {
        let kinds: Vec<&'static str> = self.kinds.keys().copied().collect();
        let jobs = self.app.claim_jobs(&kinds, JOBS_AT_ONCE as u64).await?;
        let found = Found::of(&jobs);
        let done = futures::stream::iter(jobs.into_iter().map(|job| self.run_one(job)));
        let done = done.buffer_unordered(JOBS_AT_ONCE).collect::<Vec<_>>();
        for outcome in done.await {
            counts.add(outcome?);
        }
        Ok(found)
    }

    /// Claims a few calls of a kind and makes them.
    async fn call_some(&self, kind: CallKind, counts: &mut Counts) -> Result<Found, AppError> {
        let calls = self.app.claim_calls(kind, CALLS_AT_ONCE as u64).await?;
        let found = Found::of(&calls);
        let made = futures::stream::iter(calls.into_iter().map(|call| self.call_one(call)));
        let made = made.buffer_unordered(CALLS_AT_ONCE).collect::<Vec<_>>();
        for outcome in made.await {
            counts.add(outcome?);
        }
        Ok(found)
    }

    async fn call_one(&self, call: ClaimedCall) -> Result<Outcome, AppError> {
        let limit = self.app.call_time_max();
        let made = bounded(limit, self.app.make_call(&call), Made::Later).await;
        // What another system says stays in the row: it may quote what is nobody's to read.
        let outcome = self.app.finish_call(&call, made).await?;
        report("call", call.id(), None, outcome);
        Ok(outcome)
    }

    async fn send(&self, mail: ClaimedMail) -> Result<Outcome, AppError> {
        let attempt = bounded(
            self.app.mail_time_max(),
            self.app.send_mail(&mail),
            Attempt::Later,
        )
        .await;
        let outcome = self.app.finish_mail(&mail, &attempt).await?;
        // A mail server's words hold addresses: they stay in the row, not in the log.
        report("mail", mail.id(), None, outcome);
        Ok(outcome)
    }

    async fn run_one(&self, job: ClaimedJob) -> Result<Outcome, AppError> {
        let attempt = bounded(self.app.job_time_max(), self.attempt(&job), Attempt::Later).await;
        let outcome = self.app.finish_job(&job, &attempt).await?;
        let why = match &attempt {
            Attempt::Done | Attempt::Part => None,
            Attempt::Later(why) | Attempt::Never(why) => Some(why.as_str()),
        };
        report("job", job.id(), why, outcome);
        Ok(outcome)
    }

    async fn attempt(&self, claimed: &ClaimedJob) -> Attempt {
        if self.app.is_worn_out(claimed) {
            return Attempt::Never("every worker that tried it was lost".to_owned());
        }
        let Some(function) = self.kinds.get(claimed.kind()) else {
            return Attempt::Never(format!("no worker does `{}`", claimed.kind()));
        };
        let payload = match claimed.payload() {
            Ok(payload) => payload,
            Err(error) => return Attempt::Never(error.to_string()),
        };
        let job = Job {
            organisation: claimed.organisation(),
            payload,
        };
        match function(self.app.clone(), job).await {
            Ok(Progress::Finished) => Attempt::Done,
            Ok(Progress::Unfinished) => Attempt::Part,
            Err(JobError::Later(why)) => Attempt::Later(why),
            Err(JobError::Never(why)) => Attempt::Never(why),
        }
    }
}

/// Whether a look at the queue found something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Something,
    Nothing,
}

impl Found {
    const fn of<T>(claimed: &[T]) -> Self {
        if claimed.is_empty() {
            Self::Nothing
        } else {
            Self::Something
        }
    }
}

/// Waits for the next look, unless the last one says that there may be more.
async fn rest(found: Result<Found, AppError>, stop: &CancellationToken, wake: &Notify) {
    match found {
        Ok(Found::Something) => return,
        Ok(Found::Nothing) => {}
        Err(error) => tracing::error!(error = ?error, "the worker cannot reach its queue"),
    }
    tokio::select! {
        () = stop.cancelled() => {}
        () = wake.notified() => {}
        () = tokio::time::sleep(Duration::from_secs(LOOK_SECONDS)) => {}
    }
}

/// An attempt that ends before its lease does. A panic is a failed attempt, of this row and no
/// other.
async fn bounded<T>(
    limit: Duration,
    attempt: impl Future<Output = T>,
    later: impl Fn(String) -> T,
) -> T {
    // What a panic leaves half done in memory is dropped with the future; rows are in transactions.
    let attempt = AssertUnwindSafe(attempt).catch_unwind();
    match tokio::time::timeout(limit, attempt).await {
        Ok(Ok(attempt)) => attempt,
        Ok(Err(_)) => later("it panicked; the log says where".to_owned()),
        Err(_) => later(format!("it was not done within {} s", limit.as_secs())),
    }
}

/// One line an attempt: ids and reasons, no address and no text.
fn report(what: &'static str, id: uuid::Uuid, why: Option<&str>, outcome: Outcome) {
    let word = match outcome {
        Outcome::Done => "done",
        Outcome::Continued => "continued",
        Outcome::Delayed => "delayed",
        Outcome::Failed => "failed",
        Outcome::Lost => "lost",
    };
    metrics::counter!("chancery_attempts_total", "what" => what, "outcome" => word).increment(1);
    if matches!(outcome, Outcome::Done | Outcome::Continued) {
        tracing::debug!(what, %id, "an attempt succeeded");
    } else {
        tracing::warn!(what, %id, outcome = word, why, "an attempt failed");
    }
}
