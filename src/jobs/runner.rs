//! The worker's loop.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt as _;
use tokio_util::sync::CancellationToken;

use super::{Job, JobError, JobFunction};
use crate::app::work::{Attempt, ClaimedJob, ClaimedMail, Outcome};
use crate::app::{App, AppError};

const LOOK_SECONDS: u64 = 1;
const MAILS_AT_ONCE: usize = 8;
const JOBS_AT_ONCE: usize = 2;

/// What one draining did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Mails.
    pub mails: Counts,
    /// Jobs.
    pub jobs: Counts,
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
            let mails = self.app.claim_mails(MAILS_AT_ONCE as u64).await?;
            let kinds: Vec<&'static str> = self.kinds.keys().copied().collect();
            let jobs = self.app.claim_jobs(&kinds, JOBS_AT_ONCE as u64).await?;
            if mails.is_empty() && jobs.is_empty() {
                break;
            }
            let sent = futures::stream::iter(mails.into_iter().map(|mail| self.send(mail)));
            let sent = sent.buffer_unordered(MAILS_AT_ONCE).collect::<Vec<_>>();
            let done = futures::stream::iter(jobs.into_iter().map(|job| self.run_one(job)));
            let done = done.buffer_unordered(JOBS_AT_ONCE).collect::<Vec<_>>();
            let (sent, done) = futures::join!(sent, done);
            for outcome in sent {
                drained.mails.add(outcome?);
            }
            for outcome in done {
                drained.jobs.add(outcome?);
            }
        }
        Ok(drained)
    }

    /// Works until `stop`: looks every second and whenever [`App::wake_jobs`] is called. What is in
    /// hand when the stop comes is finished.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.drain_until(&stop).await {
                tracing::error!(error = ?error, "the worker cannot reach its queue");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.app.wake.notified() => {}
                () = tokio::time::sleep(Duration::from_secs(LOOK_SECONDS)) => {}
            }
        }
    }

    async fn send(&self, mail: ClaimedMail) -> Result<Outcome, AppError> {
        let attempt = self.app.send_mail(&mail).await;
        let outcome = self.app.finish_mail(&mail, &attempt).await?;
        // A mail server's words hold addresses: they stay in the row, not in the log.
        report("mail", mail.id(), None, outcome);
        Ok(outcome)
    }

    async fn run_one(&self, job: ClaimedJob) -> Result<Outcome, AppError> {
        let attempt = self.attempt(&job).await;
        let outcome = self.app.finish_job(&job, &attempt).await?;
        let why = match &attempt {
            Attempt::Done => None,
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
            Ok(()) => Attempt::Done,
            Err(JobError::Later(why)) => Attempt::Later(why),
            Err(JobError::Never(why)) => Attempt::Never(why),
        }
    }
}

/// One line an attempt: ids and reasons, no address and no text.
fn report(what: &'static str, id: uuid::Uuid, why: Option<&str>, outcome: Outcome) {
    let word = match outcome {
        Outcome::Done => "done",
        Outcome::Delayed => "delayed",
        Outcome::Failed => "failed",
        Outcome::Lost => "lost",
    };
    metrics::counter!("chancery_attempts_total", "what" => what, "outcome" => word).increment(1);
    if outcome == Outcome::Done {
        tracing::debug!(what, %id, "an attempt succeeded");
    } else {
        tracing::warn!(what, %id, outcome = word, why, "an attempt failed");
    }
}
