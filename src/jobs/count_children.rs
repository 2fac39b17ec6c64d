//! Counts documents that a run waits for.

use futures::future::BoxFuture;

use super::{Job, JobError, Progress};
use crate::app::App;

/// Does one job; to a run that waits for none it means nothing.
pub fn run(app: App, job: Job) -> BoxFuture<'static, Result<Progress, JobError>> {
    Box::pin(async move { Ok(app.count_children(job.organisation, &job.payload).await?) })
}
