//! Background work: mails and jobs, claimed from the database, tried, put off, given up visibly.

mod count_children;
mod create_document;
mod daily_letters;
mod extend;
mod recheck;
mod render_pages;
mod runner;
mod start_run;
mod sweep;

use std::collections::BTreeMap;

use chancery_types::id::OrganisationId;
use futures::future::BoxFuture;
use serde_json::Value;

use crate::app::error::in_full;
pub use crate::app::work::Progress;
use crate::app::{App, AppError};

pub use runner::{Counts, Drained, Runner};

/// One job to do.
#[derive(Clone, Debug)]
pub struct Job {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What it is about, as it was enqueued.
    pub payload: Value,
}

/// Why a job was not done.
#[derive(Debug)]
pub enum JobError {
    /// It may go better later.
    Later(String),
    /// It never will.
    Never(String),
}

impl From<AppError> for JobError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Unavailable { what, source } => {
                Self::Later(format!("{what}: {}", in_full(&source)))
            }
            AppError::Internal(cause) => Self::Later(in_full(&cause)),
            AppError::Stale | AppError::TooMany { .. } => Self::Later(error.to_string()),
            AppError::Unauthenticated
            | AppError::Denied
            | AppError::OutOfScope
            | AppError::Hidden
            | AppError::Refused { .. }
            | AppError::Invalid { .. }
            | AppError::TooLarge { .. }
            | AppError::UnsupportedMedia => Self::Never(error.to_string()),
        }
    }
}

/// Does jobs of one kind. It may run twice for one job: it must find its own traces. What takes
/// long is done in parts, so that others have their turn.
pub type JobFunction = fn(App, Job) -> BoxFuture<'static, Result<Progress, JobError>>;

/// Every kind of job and what does it: one line a kind.
#[must_use]
pub fn registry() -> BTreeMap<&'static str, JobFunction> {
    BTreeMap::from([
        ("render_pages", render_pages::run as JobFunction),
        (crate::app::created::KIND, create_document::run),
        (crate::app::children::KIND, count_children::run),
        (crate::app::daily::KIND, daily_letters::run),
        (crate::app::extend::KIND, extend::run),
        (crate::app::recheck::KIND, recheck::run),
        (crate::app::self_start::KIND, start_run::run),
        (crate::app::sweep::KIND, sweep::run),
    ])
}
