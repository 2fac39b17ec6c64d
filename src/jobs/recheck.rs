//! Every hour, and when somebody asks: stored signatures whose last check is too old.

use futures::future::BoxFuture;

use super::{Job, JobError, Progress};
use crate::app::App;

/// Does a part of one job.
pub fn run(app: App, job: Job) -> BoxFuture<'static, Result<Progress, JobError>> {
    Box::pin(async move { Ok(app.recheck(job.organisation, &job.payload).await?) })
}
