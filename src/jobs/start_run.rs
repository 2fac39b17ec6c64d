//! Starts a run of a document that was brought, where its workflow says so.

use futures::future::BoxFuture;

use super::{Job, JobError, Progress};
use crate::app::App;

/// Does one job; what has started already stays as it is.
pub fn run(app: App, job: Job) -> BoxFuture<'static, Result<Progress, JobError>> {
    Box::pin(async move { Ok(app.start_ordered(job.organisation, &job.payload).await?) })
}
