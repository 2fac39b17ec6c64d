//! Every hour: signed copies that are to be raised, or to get a new timestamp.

use futures::future::BoxFuture;

use super::{Job, JobError, Progress};
use crate::app::App;

/// Does a part of one job.
pub fn run(app: App, job: Job) -> BoxFuture<'static, Result<Progress, JobError>> {
    Box::pin(async move { Ok(app.extend_due(job.organisation).await?) })
}
