//! On weekday mornings: one letter about all tasks, to those who chose it.

use futures::future::BoxFuture;

use super::{Job, JobError, Progress};
use crate::app::App;

/// Does a part of one job.
pub fn run(app: App, job: Job) -> BoxFuture<'static, Result<Progress, JobError>> {
    Box::pin(async move {
        let written = app.write_daily_letters(job.organisation, &job.payload);
        Ok(written.await?)
    })
}
