//! Whom the checks of this server trust beside its own roots, what is known of revocation, and by
//! which rules: from files that the administrator keeps and that may change while we run.

use std::sync::{Arc, Mutex, PoisonError};

use chancery_signature::{Anchors, GivenEvidence, ValidationPolicy};
use chancery_types::Instant;
use chancery_types::id::OrganisationId;

use crate::app::build::StartError;
use crate::app::stamps::Stamps;
use crate::app::validation::Basis;
use crate::app::{App, AppError};
use crate::config;
use crate::trust_files::{Complaint, add_evidence, read_anchors, read_evidence, read_policy};

/// How long what was read is taken for what stands there, in seconds.
const FRESH_SECONDS: i64 = 60;

/// What was read.
#[derive(Clone, Debug)]
struct Given {
    anchors: Anchors,
    evidence: Arc<GivenEvidence>,
    policy: ValidationPolicy,
    read_at: Instant,
}

/// The files of `[trust]`. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Trusted {
    files: Arc<config::Trust>,
    given: Arc<Mutex<Given>>,
}

impl Trusted {
    /// Reads what the settings name.
    ///
    /// # Errors
    ///
    /// [`StartError::Trust`]: what is wrong with which file.
    pub fn open(files: &config::Trust, now: Instant) -> Result<Self, StartError> {
        let given = read(files, now);
        let given =
            given.map_err(|error| StartError::Trust(error.text(chancery_types::Locale::En)))?;
        Ok(Self {
            files: Arc::new(files.clone()),
            given: Arc::new(Mutex::new(given)),
        })
    }

    /// What the files say now, or said a minute ago. What cannot be read any more is told in the
    /// log and trusted no longer: an administrator takes trust away by taking the file away.
    async fn current(&self, now: Instant) -> Given {
        let known = self.known();
        let age = now.seconds_since(known.read_at);
        if (0..FRESH_SECONDS).contains(&age) || self.is_empty() {
            return known;
        }
        let files = Arc::clone(&self.files);
        let rules = known.policy.clone();
        let reading = tokio::task::spawn_blocking(move || read_again(&files, rules, now));
        let read = reading.await.unwrap_or_else(|error| {
            tracing::error!("[trust] cannot be read again: {error}; nobody else is trusted");
            Given::nobody(known.policy, now)
        });
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = read.clone();
        read
    }

    fn known(&self) -> Given {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.clone()
    }

    fn is_empty(&self) -> bool {
        let files = &self.files;
        files.anchors.is_empty() && files.evidence.is_empty() && files.policy.as_os_str().is_empty()
    }
}

/// What can still be read. Rules that cannot be read stay as they were: the built-in ones may be
/// laxer.
fn read_again(files: &config::Trust, rules: ValidationPolicy, now: Instant) -> Given {
    let mut given = Given::nobody(rules, now);
    let mut evidence = GivenEvidence::none();
    let told = |complaint: &Complaint| {
        let why = complaint.text(chancery_types::Locale::En);
        tracing::error!("[trust]: {why}; it is not trusted any more");
    };
    for path in &files.anchors {
        match read_anchors(std::slice::from_ref(path)) {
            Ok((anchors, passed_over)) => {
                given.anchors.extend(anchors);
                passed_over.iter().for_each(told);
            }
            Err(complaint) => told(&complaint),
        }
    }
    for path in &files.evidence {
        if let Err(complaint) = add_evidence(&mut evidence, path) {
            told(&complaint);
        }
    }
    if !files.policy.as_os_str().is_empty() {
        match read_policy(&files.policy) {
            Ok(policy) => given.policy = policy,
            Err(complaint) => told(&complaint),
        }
    }
    given.evidence = Arc::new(evidence);
    given
}

impl Given {
    /// Nobody is trusted and nothing is known.
    fn nobody(policy: ValidationPolicy, read_at: Instant) -> Self {
        Self {
            anchors: Anchors::none(),
            evidence: Arc::default(),
            policy,
            read_at,
        }
    }
}

fn read(files: &config::Trust, now: Instant) -> Result<Given, Complaint> {
    let (anchors, passed_over) = read_anchors(&files.anchors)?;
    for complaint in passed_over {
        let why = complaint.text(chancery_types::Locale::En);
        tracing::warn!("[trust]: {why}; it is passed over");
    }
    let policy = match files.policy.as_os_str().is_empty() {
        true => ValidationPolicy::default(),
        false => read_policy(&files.policy)?,
    };
    Ok(Given {
        anchors,
        evidence: Arc::new(read_evidence(&files.evidence)?),
        policy,
        read_at: now,
    })
}

impl App {
    /// What a signature that is made here must pass by: our own roots and the built-in rules; and,
    /// where somebody else gives the timestamps, what is trusted of them.
    ///
    /// # Errors
    ///
    /// If our roots cannot be read.
    pub(crate) async fn signing_basis(&self) -> Result<Basis, AppError> {
        let basis = match &self.stamps {
            Stamps::Own => {
                let mut basis = Basis::of(self.own_anchors().await?);
                self.add_own_lists(Arc::make_mut(&mut basis.evidence))
                    .await?;
                basis
            }
            Stamps::Asked(_) => self.basis().await?,
        };
        Ok(Basis {
            policy: ValidationPolicy::default(),
            ..basis
        })
    }

    /// What files are judged by: our own roots, and what the administrator trusts beside them.
    ///
    /// # Errors
    ///
    /// If our roots cannot be read.
    pub(crate) async fn basis(&self) -> Result<Basis, AppError> {
        self.basis_with(self.own_anchors().await?).await
    }

    /// What is raised is judged by: of ourselves the roots alone. Whoever checks it later has one
    /// of these and the file, so whatever lies between must be proven by what the file then holds.
    ///
    /// # Errors
    ///
    /// If our roots cannot be read.
    pub(crate) async fn raising_basis(
        &self,
        organisation: OrganisationId,
    ) -> Result<Basis, AppError> {
        let mut basis = self
            .basis_with(self.raising_anchors(organisation).await?)
            .await?;
        let evidence = Arc::make_mut(&mut basis.evidence);
        self.add_lists_of(organisation, evidence).await?;
        Ok(basis)
    }

    async fn basis_with(&self, mut anchors: Anchors) -> Result<Basis, AppError> {
        let given = self.trusted.current(self.now()).await;
        anchors.extend(given.anchors);
        let mut evidence = given.evidence;
        self.add_own_lists(Arc::make_mut(&mut evidence)).await?;
        Ok(Basis {
            anchors,
            policy: given.policy,
            evidence,
        })
    }
}
