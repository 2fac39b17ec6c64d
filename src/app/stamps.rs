//! Where timestamps come from: our own authority, or one that the administrator chose.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chancery_signature::{
    AnswerError, TokenError, timestamp_answer, timestamp_query, verify_token,
};
use chancery_types::{Digest, Instant};

use crate::app::authority::Authority;
use crate::app::build::StartError;
use crate::app::error::{Cause, in_full};
use crate::app::{App, AppError};
use crate::config;
use crate::entropy;
use crate::outbound::{Authorities, Outbound, OutboundError, Question, Reach};

/// As RFC 3161, 3.4 has it. Real answers have 2 to 8 kilobytes.
const QUESTION: Question = Question {
    sent: Some("application/timestamp-query"),
    wanted: Some("application/timestamp-reply"),
    bytes_max: 64 * 1024,
};

/// By how much another authority's clock may differ from ours, in seconds. A timestamp that is
/// further off proves a time that was not.
const CLOCKS_DIFFER_MAX: i64 = 300;

/// A timestamp over a message.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    /// The token, DER.
    pub token: Vec<u8>,
    /// The moment that it names.
    pub gen_time: Instant,
}

/// Where timestamps come from. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Stamps {
    /// The organisation's own authority.
    Own,
    /// Somebody else's.
    Asked(Asked),
}

/// Somebody else's authority, and how it went lately. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Asked {
    outbound: Outbound,
    failures: Arc<Mutex<Option<Failures>>>,
}

/// Questions in a row that brought no timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Failures {
    count: u64,
    since: Instant,
    /// What the last one came to.
    why: String,
}

/// Why another authority gave no timestamp.
#[derive(Debug, thiserror::Error)]
enum StampError {
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    #[error("{host}")]
    Answer {
        host: String,
        #[source]
        why: AnswerError,
    },
    #[error("{host}")]
    Token {
        host: String,
        #[source]
        why: TokenError,
    },
    #[error("the clock of {host} says {theirs}, and ours {ours}")]
    Clock {
        host: String,
        theirs: Instant,
        ours: Instant,
    },
}

impl Stamps {
    /// As the settings say.
    ///
    /// # Errors
    ///
    /// [`StartError::Timestamps`] if their address cannot be used.
    pub fn open(signing: &config::Signing, trust: &config::Trust) -> Result<Self, StartError> {
        if signing.tsa_url.is_empty() {
            return Ok(Self::Own);
        }
        let reach = match signing.tsa_may_be_private {
            true => Reach::Anywhere,
            false => Reach::Public,
        };
        let outbound = Authorities::read(&trust.https_ca_file).and_then(|authorities| {
            let seconds = signing.tsa_seconds_max;
            Outbound::new(&signing.tsa_url, reach, seconds, authorities)
        });
        Ok(Self::Asked(Asked {
            outbound: outbound.map_err(StartError::Timestamps)?,
            failures: Arc::default(),
        }))
    }

    /// What is wrong with whoever gives them, by the last question: nobody is asked for this. Our
    /// own authority is always there.
    ///
    /// # Errors
    ///
    /// How many questions in a row failed, since when and why.
    pub fn check_lately(&self) -> Result<(), String> {
        let Self::Asked(asked) = self else {
            return Ok(());
        };
        match asked.failures().clone() {
            None => Ok(()),
            Some(Failures { count, since, why }) => Err(format!(
                "{} gave no timestamp {count} time(s) in a row, since {since}: {why}",
                asked.host()
            )),
        }
    }
}

impl Asked {
    /// Who is asked.
    #[must_use]
    pub fn host(&self) -> &str {
        self.outbound.host()
    }

    /// Asks for one timestamp and says which moment it names: whether the authority can be used as
    /// configured, save whom the checks trust.
    ///
    /// # Errors
    ///
    /// What came instead, in one line.
    pub async fn probe(&self, now: Instant) -> Result<Instant, String> {
        let message: [u8; 32] = entropy::bytes();
        let stamp = self.stamp(&message, || now).await;
        let stamp = stamp.map_err(|error| in_full(&error.into()))?;
        Ok(stamp.gen_time)
    }

    async fn stamp(&self, message: &[u8], now: impl Fn() -> Instant) -> Result<Stamp, StampError> {
        let imprint = *Digest::of(message).as_bytes();
        let token = ask(&self.outbound, imprint).await?;
        let host = || self.host().to_owned();
        let verified = verify_token(&token, &[message]);
        let verified = verified.map_err(|why| StampError::Token { host: host(), why })?;
        let gen_time = verified.gen_time;
        // Its answer took some of that time.
        let ours = now();
        if gen_time.seconds_since(ours).abs() > CLOCKS_DIFFER_MAX {
            return Err(StampError::Clock {
                host: host(),
                theirs: gen_time,
                ours,
            });
        }
        Ok(Stamp { token, gen_time })
    }

    fn failures(&self) -> MutexGuard<'_, Option<Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps in mind how it went.
    fn noted<T>(&self, outcome: Result<T, StampError>, now: Instant) -> Result<T, AppError> {
        let error = match outcome {
            Ok(given) => {
                *self.failures() = None;
                return Ok(given);
            }
            Err(error) => Cause::from(error),
        };
        let mut failures = self.failures();
        let (count, since) = failures
            .as_ref()
            .map_or((0, now), |known| (known.count, known.since));
        *failures = Some(Failures {
            count: count.saturating_add(1),
            since,
            why: in_full(&error),
        });
        Err(AppError::Unavailable {
            what: "timestamps",
            source: error,
        })
    }
}

impl App {
    /// A timestamp token over `message`.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if another authority gives none that is over this message.
    pub(crate) async fn stamp(
        &self,
        authority: &Authority,
        message: &[u8],
        now: Instant,
    ) -> Result<Stamp, AppError> {
        match &self.stamps {
            Stamps::Own => {
                let imprint = *Digest::of(message).as_bytes();
                let token = authority.stamp_imprint(imprint, now).await?;
                let gen_time = now;
                Ok(Stamp { token, gen_time })
            }
            Stamps::Asked(asked) => {
                let stamp = asked.stamp(message, || self.now()).await;
                asked.noted(stamp, now)
            }
        }
    }

    /// A token over a SHA-256 that was computed already; whoever gave the message verifies it.
    ///
    /// # Errors
    ///
    /// As [`App::stamp`].
    pub(crate) async fn stamp_imprint(
        &self,
        authority: &Authority,
        imprint: [u8; 32],
        now: Instant,
    ) -> Result<Vec<u8>, AppError> {
        match &self.stamps {
            Stamps::Own => authority.stamp_imprint(imprint, now).await,
            Stamps::Asked(asked) => asked.noted(ask(&asked.outbound, imprint).await, now),
        }
    }
}

async fn ask(outbound: &Outbound, imprint: [u8; 32]) -> Result<Vec<u8>, StampError> {
    let nonce: [u8; 8] = entropy::bytes();
    let query = timestamp_query(&imprint, &nonce);
    let answer = outbound.ask(QUESTION, query).await;
    let outcome = if answer.is_ok() { "answered" } else { "failed" };
    metrics::counter!("chancery_timestamps_asked_total", "outcome" => outcome).increment(1);
    let answer = answer?;
    timestamp_answer(&answer, &imprint, &nonce).map_err(|why| StampError::Answer {
        host: outbound.host().to_owned(),
        why,
    })
}
