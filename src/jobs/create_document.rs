//! Drafts a document that a workflow's effect wants.

use futures::future::BoxFuture;

use super::{Job, JobError, Progress};
use crate::app::App;

/// Does one job; what is drafted already stays as it is.
pub fn run(app: App, job: Job) -> BoxFuture<'static, Result<Progress, JobError>> {
    Box::pin(async move { Ok(app.draft_ordered(job.organisation, &job.payload).await?) })
}
