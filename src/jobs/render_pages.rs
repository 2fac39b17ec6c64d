//! Draws the pages of a new version, so that the first reader does not wait for them.

use futures::future::BoxFuture;

use super::{Job, JobError, Progress};
use crate::app::App;

/// Does a part of one job; pages that are drawn already are passed over.
pub fn run(app: App, job: Job) -> BoxFuture<'static, Result<Progress, JobError>> {
    Box::pin(async move { Ok(app.draw_pages(job.organisation, &job.payload).await?) })
}
