//! Revocation asked for on the network: only where the administrator allows it, only hosts on the
//! list, never in our own network unless that is allowed too.
//!
//! What a check lacks is worked out by the library (`needed_revocation`); here it is asked for, in
//! bounded time, number and size, and laid beside the evidence at hand. It is judged like that:
//! nothing is believed because it came from the right place. Who was asked, and what came, stands
//! in the report wherever a revocation stays open.
//!
//! ```text
//! needs ─► the next question about each certificate ─► evidence ─► needs ─► … until nothing is new
//! ```

mod kept;

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chancery_signature::{
    Asked, Came, Fetched, GivenEvidence, RevocationNeed, RevocationQuestion, read_fetched,
};
use chancery_types::Instant;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::sync::Semaphore;
use tokio::time::Sleep;

use crate::config;
use crate::domain::hosts::{Hosts, HostsError};
use crate::outbound::{Asker, Authorities, OutboundError, Question, Reach};
use kept::Kept;

/// Questions that this process asks at once.
const AT_ONCE: usize = 8;
/// Questions that are really asked for one file; what is known already is not counted, so that a
/// file of many signers is settled by checks one after another.
const QUESTIONS_MAX: usize = 32;
/// How often it is looked what is still open: the addresses of one certificate, and those of a
/// responder that must be asked about itself.
const ROUNDS_MAX: usize = 8;
/// How many times as long as one answer all questions of one file may take.
const ANSWERS_LONG: u64 = 3;

/// Why the list of hosts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OnlineError {
    /// An entry is no host.
    #[error(transparent)]
    Hosts(#[from] HostsError),
    /// No client can be made, or the authorities of its https cannot be read.
    #[error(transparent)]
    Client(#[from] OutboundError),
}

/// Asks for revocation, or asks nobody. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Online(Option<Arc<Desk>>);

#[derive(Debug)]
struct Desk {
    hosts: Hosts,
    asker: Asker,
    bytes_max: usize,
    seconds_max: u64,
    places: Semaphore,
    kept: Kept,
}

/// The questions of one file.
#[derive(Debug)]
pub struct Inquiry {
    desk: Arc<Desk>,
    /// Each question about each certificate is asked once.
    tried: HashSet<([u8; 32], RevocationQuestion)>,
    /// Those that count.
    asked: HashSet<RevocationQuestion>,
    deadline: Pin<Box<Sleep>>,
    is_late: bool,
    rounds: usize,
}

impl Online {
    /// As the settings say: without a host nobody is asked.
    ///
    /// # Errors
    ///
    /// [`OnlineError`].
    pub fn open(trust: &config::Trust) -> Result<Self, OnlineError> {
        let hosts = Hosts::read(&trust.online)?;
        if hosts.is_empty() {
            return Ok(Self::default());
        }
        let reach = match trust.online_may_be_private {
            true => Reach::Anywhere,
            false => Reach::Public,
        };
        let authorities = Authorities::read(&trust.https_ca_file)?;
        Ok(Self(Some(Arc::new(Desk {
            hosts,
            asker: Asker::new(reach, trust.online_seconds_max, authorities)?,
            bytes_max: trust.online_bytes_max,
            seconds_max: trust.online_seconds_max,
            places: Semaphore::new(AT_ONCE),
            kept: Kept::default(),
        }))))
    }

    /// Whether nobody may be asked.
    #[must_use]
    pub const fn is_off(&self) -> bool {
        self.0.is_none()
    }

    /// Begins with one file; nothing if nobody may be asked.
    #[must_use]
    pub fn begin(&self) -> Option<Inquiry> {
        let desk = Arc::clone(self.0.as_ref()?);
        let seconds = desk.seconds_max.saturating_mul(ANSWERS_LONG);
        Some(Inquiry {
            tried: HashSet::new(),
            asked: HashSet::new(),
            deadline: Box::pin(tokio::time::sleep(Duration::from_secs(seconds))),
            is_late: false,
            rounds: 0,
            desk,
        })
    }
}

impl Inquiry {
    /// Asks the next question about each certificate that still needs it, and lays what comes
    /// beside `evidence`; whether there may be more to learn.
    pub async fn ask(
        &mut self,
        needs: &[RevocationNeed],
        evidence: &mut GivenEvidence,
        now: Instant,
    ) -> bool {
        self.rounds = self.rounds.saturating_add(1);
        let mut questions = Vec::new();
        for need in needs {
            questions.extend(self.next_of(need, evidence, now));
        }
        if questions.is_empty() || self.is_late || self.rounds > ROUNDS_MAX {
            return false;
        }
        let desk = Arc::clone(&self.desk);
        let mut open: Vec<_> = questions.iter().map(Some).collect();
        let mut coming: FuturesUnordered<_> = questions
            .iter()
            .enumerate()
            .map(|(place, (_, question))| {
                let desk = &desk;
                async move { (place, desk.answer(question, now).await) }
            })
            .collect();
        while !self.is_late {
            tokio::select! {
                biased;
                next = coming.next() => {
                    let Some((place, came)) = next else { break };
                    let Some((certificate, question)) = open.get_mut(place).and_then(Option::take)
                    else {
                        continue;
                    };
                    let came = came.map(|fetched| {
                        // A heap of evidence that is too large stays as large as it is.
                        let _full = evidence.add(&fetched.der);
                    });
                    note(evidence, *certificate, question, came.err().unwrap_or(Came::Answered));
                }
                () = &mut self.deadline => self.is_late = true,
            }
        }
        for (certificate, question) in open.into_iter().flatten() {
            note(evidence, *certificate, question, Came::Silent);
        }
        true
    }

    /// The next question about a certificate that may be asked.
    fn next_of(
        &mut self,
        need: &RevocationNeed,
        evidence: &mut GivenEvidence,
        now: Instant,
    ) -> Option<([u8; 32], RevocationQuestion)> {
        for question in &need.questions {
            if !self.tried.insert((need.certificate, question.clone())) {
                continue;
            }
            match self.may_ask(question, now) {
                Ok(()) => return Some((need.certificate, question.clone())),
                Err(why) => note(evidence, need.certificate, question, why),
            }
        }
        None
    }

    fn may_ask(&mut self, question: &RevocationQuestion, now: Instant) -> Result<(), Came> {
        self.desk.check_address(question)?;
        if self.asked.contains(question) || self.desk.kept.recall(question, now).is_some() {
            return Ok(());
        }
        if self.asked.len() >= QUESTIONS_MAX {
            return Err(Came::TooMany);
        }
        self.asked.insert(question.clone());
        Ok(())
    }
}

impl Desk {
    fn check_address(&self, question: &RevocationQuestion) -> Result<reqwest::Url, Came> {
        // The list decides before anything else: of a host that is not on it nothing is told.
        let url = reqwest::Url::parse(&question.address).map_err(|_| Came::NoAddress)?;
        let host = url.host_str().ok_or(Came::NoAddress)?;
        let port = url.port_or_known_default().ok_or(Came::NoAddress)?;
        if !self.hosts.allow(host, port, url.port().is_none()) {
            return Err(Came::NotListed);
        }
        self.asker.address(&question.address).map_err(came_of)
    }

    /// What is known, or comes now. Whoever asks the same meanwhile waits for it.
    async fn answer(
        &self,
        question: &RevocationQuestion,
        now: Instant,
    ) -> Result<Arc<Fetched>, Came> {
        if let Some(known) = self.kept.recall(question, now) {
            return known;
        }
        let gate = self.kept.gate(question);
        let _alone = gate.lock().await;
        if let Some(known) = self.kept.recall(question, now) {
            return known;
        }
        let came = self.fetch(question).await.map(Arc::new);
        let outcome = came
            .as_ref()
            .map_or_else(|came| came.key(), |_| Came::Answered.key());
        metrics::counter!("chancery_revocation_asked_total", "outcome" => outcome).increment(1);
        self.kept.keep(question, &came, now);
        came
    }

    async fn fetch(&self, question: &RevocationQuestion) -> Result<Fetched, Came> {
        let url = self.check_address(question)?;
        let _place = self.places.acquire().await.map_err(|_| Came::Silent)?;
        let asked = Question {
            sent: question
                .request
                .as_ref()
                .map(|_| "application/ocsp-request"),
            // Places of lists name their type as they like; what came is read anyway.
            wanted: None,
            bytes_max: self.bytes_max,
        };
        let body = question.request.clone().unwrap_or_default();
        let came = self.asker.ask(&url, asked, body).await;
        let bytes = came.map_err(|error| {
            let host = url.host_str().unwrap_or_default();
            tracing::warn!(host, "revocation was asked for in vain: {error}");
            came_of(error)
        })?;
        read_fetched(question, &bytes)
    }
}

fn came_of(error: OutboundError) -> Came {
    match error {
        OutboundError::Address(_) => Came::NoAddress,
        OutboundError::Private(_) => Came::Private,
        OutboundError::Silent { source, .. } if is_private(&source) => Came::Private,
        OutboundError::Client(_)
        | OutboundError::Authorities { .. }
        | OutboundError::Silent { .. } => Came::Silent,
        OutboundError::Status { code, .. } => Came::Code(code),
        OutboundError::MediaType { .. } => Came::Unreadable,
        OutboundError::TooLarge { .. } => Came::TooLarge,
    }
}

/// Whether a name led into a private network: that is found while it is looked up.
fn is_private(error: &reqwest::Error) -> bool {
    let mut beneath: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = beneath {
        if let Some(OutboundError::Private(_)) = cause.downcast_ref() {
            return true;
        }
        beneath = cause.source();
    }
    false
}

fn note(
    evidence: &mut GivenEvidence,
    certificate: [u8; 32],
    question: &RevocationQuestion,
    came: Came,
) {
    let url = reqwest::Url::parse(&question.address).ok();
    let host = url.as_ref().and_then(reqwest::Url::host_str);
    evidence.note(Asked {
        certificate,
        host: host.unwrap_or_default().to_owned(),
        came,
    });
}
