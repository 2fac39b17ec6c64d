//! Where timestamps come from: our own authority, or one that the administrator chose.

use chancery_signature::{
    AnswerError, TokenError, timestamp_answer, timestamp_query, verify_token,
};
use chancery_types::{Digest, Instant};

use crate::app::authority::Authority;
use crate::app::build::StartError;
use crate::app::error::Cause;
use crate::app::{App, AppError};
use crate::config;
use crate::entropy;
use crate::outbound::{Outbound, OutboundError, Question, Reach};

/// As RFC 3161, 3.4 has it. Real answers have 2 to 8 kilobytes.
const QUESTION: Question = Question {
    sent: "application/timestamp-query",
    wanted: "application/timestamp-reply",
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
    Asked(Outbound),
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
    pub fn open(signing: &config::Signing) -> Result<Self, StartError> {
        if signing.tsa_url.is_empty() {
            return Ok(Self::Own);
        }
        let reach = match signing.tsa_may_be_private {
            true => Reach::Anywhere,
            false => Reach::Public,
        };
        let asked = Outbound::new(&signing.tsa_url, reach, signing.tsa_seconds_max);
        Ok(Self::Asked(asked.map_err(StartError::Timestamps)?))
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
        let imprint = *Digest::of(message).as_bytes();
        let outbound = match &self.stamps {
            Stamps::Own => {
                let token = authority.stamp_imprint(imprint, now).await?;
                let gen_time = now;
                return Ok(Stamp { token, gen_time });
            }
            Stamps::Asked(outbound) => outbound,
        };
        let token = ask(outbound, imprint).await.map_err(unavailable)?;
        let host = || outbound.host().to_owned();
        let verified = verify_token(&token, &[message]);
        let verified =
            verified.map_err(|why| unavailable(StampError::Token { host: host(), why }))?;
        let gen_time = verified.gen_time;
        // Its answer took some of that time.
        if gen_time.seconds_since(self.now()).abs() > CLOCKS_DIFFER_MAX {
            return Err(unavailable(StampError::Clock {
                host: host(),
                theirs: gen_time,
                ours: self.now(),
            }));
        }
        Ok(Stamp { token, gen_time })
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
            Stamps::Asked(outbound) => ask(outbound, imprint).await.map_err(unavailable),
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

fn unavailable(error: impl Into<Cause>) -> AppError {
    AppError::Unavailable {
        what: "timestamps",
        source: error.into(),
    }
}
