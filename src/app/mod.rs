//! Use cases: one transaction each. `transition` is the one place where runs move.

pub mod absences;
pub mod archive;
pub mod audit;
pub mod audit_log;
pub mod authority;
pub mod build;
pub mod calls;
pub mod catalogue;
pub mod chains;
pub mod checks;
pub mod children;
pub mod choices;
pub mod comments;
pub mod comparison;
pub mod container;
pub mod counterparties;
pub mod created;
pub mod daily;
pub mod desk;
pub mod directory;
pub mod documents;
pub mod editions;
pub mod error;
pub mod event_names;
pub mod extend;
pub mod idempotency;
pub mod intake;
pub mod journals;
pub mod keeping;
pub mod links;
pub mod mail;
pub mod mandates;
pub mod material;
pub mod moves;
pub mod names;
pub mod news;
pub mod online;
pub mod operator;
pub mod organisations;
pub mod outbox;
pub mod page;
pub mod pages;
pub mod people;
pub mod progress;
pub mod readiness;
pub mod reading;
pub mod recheck;
pub mod refusal;
pub mod registration;
pub mod remarks;
pub mod revisions;
pub mod route;
pub mod runs;
pub mod self_start;
pub mod sessions;
pub mod signing;
pub mod spool;
pub mod stamps;
pub mod sweep;
pub mod tasks;
pub mod together;
pub mod tokens;
pub mod transition;
pub mod trusted;
pub mod validation;
pub mod vault;
pub mod versions;
pub mod work;
pub mod worklist;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chancery_types::Instant;
use tokio::sync::Semaphore;

pub use error::{AppError, FieldProblem, allow, name_problem};

use crate::blob::Blobs;
use crate::clock::Clock;
use crate::config::Config;
use crate::key_file::KeyFolder;
use crate::key_token::KeyToken;
use crate::mail::Mailer;
use crate::pdf_worker::PdfWorker;
use crate::store::Store;
use calls::Peers;
use chains::Chains;
use online::Online;
use stamps::Stamps;
use trusted::Trusted;
use validation::Validator;
use vault::Vault;
use work::Wake;

/// What a use case needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// Every setting.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub store: Store,
    /// Where files are.
    pub blobs: Blobs,
    /// Sends mail; only the worker does.
    pub mailer: Mailer,
    /// Renders, reads and repairs PDFs in processes of their own.
    pub pdf: PdfWorker,
    /// Seals secrets at rest.
    pub vault: Vault,
    /// The token that keys of the authority may be kept in.
    pub key_token: Option<KeyToken>,
    /// The folder of files that they may be kept in.
    pub key_folder: Option<KeyFolder>,
    /// The workflows, kinds and vocabulary of the house.
    pub chains: Arc<Chains>,
    /// Whom the checks trust beside our own roots.
    pub trusted: Trusted,
    /// Where timestamps come from.
    pub stamps: Stamps,
    /// Judges files, a few at once.
    pub validator: Validator,
    /// Asks about revocation on the network, or asks nobody.
    pub online: Online,
    /// Systems outside that workflows call.
    pub peers: Peers,
    /// Turns to hold whole files while a signature is prepared or completed: one a core.
    pub signing_turns: Arc<Semaphore>,
    /// Whether what the house holds is still being made: the demo seeds. It is not ready then.
    pub is_seeding: Arc<AtomicBool>,
    /// Wakes this process's worker: there is mail or a job.
    pub wake: Arc<Wake>,
}

impl App {
    /// The present moment: read once a request and once a job.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Tells this process's worker to look for work now. Only a hint: a worker also looks every
    /// second, and workers of other processes do not hear it. Call it after a commit.
    pub fn wake_jobs(&self) {
        self.wake.mails.notify_one();
        self.wake.jobs.notify_one();
        self.wake.webhooks.notify_one();
        self.wake.lookups.notify_one();
    }

    /// The domain of our Message-IDs: that of the sender's address.
    #[must_use]
    pub fn mail_domain(&self) -> &str {
        self.config
            .mail
            .from_address
            .rsplit('@')
            .next()
            .unwrap_or("localhost")
    }

    /// An address on this server: `path` begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config.server.public_url)
    }
}
