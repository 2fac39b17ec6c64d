//! Once a day: what nothing names any more, and rows that have served.

use futures::future::BoxFuture;

use super::{Job, JobError, Progress};
use crate::app::App;

/// Does a part of one job.
pub fn run(app: App, job: Job) -> BoxFuture<'static, Result<Progress, JobError>> {
    Box::pin(async move { Ok(app.sweep(job.organisation).await?) })
}
