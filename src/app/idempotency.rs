//! Keys of requests that may be repeated: see `web::idempotency`.
//!
//! An answer may hold what is told once (a token), and a request a password: the answer is kept
//! sealed, and the request's digest keyed, so that neither can be guessed from the row.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::domain::actor::{Actor, RepeatKey, Who};
use crate::store;
use crate::store::entity::idempotency_keys;

/// After so many seconds without an answer, and longer than any upload may take, the first request
/// is given up (its process died).
const ABANDONED_SECONDS_MIN: i64 = 300;
/// After so many seconds a key may be used for something else.
pub(crate) const KEPT_SECONDS: i64 = 24 * 3600;

/// What a key stands for when it comes.
#[derive(Clone, Debug)]
pub enum Repeated {
    /// The first request with it.
    New(Begun),
    /// It was answered already.
    Answered {
        /// The status.
        status: u16,
        /// The rest of it.
        answer: KeptAnswer,
    },
}

/// What is kept of an answer beside its status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// Headers by their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, JSON or empty.
    pub body: String,
    /// The hexadecimal digest of the form that was answered, if the request was one: the parts of
    /// a form are known only when it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_digest: Option<String>,
}

/// A request that has begun under a key.
#[derive(Clone, Debug)]
pub struct Begun {
    organisation: Uuid,
    actor: Uuid,
    key: String,
    created_at: i64,
}

/// Whose a key is: a person's who is logged in, that of one token, or that of one visit through a
/// link. What one of them may do another may not, so an answer never crosses from one to another.
fn owner(actor: &Actor) -> Result<Uuid, AppError> {
    match &actor.who {
        Who::Person(person) => Ok(person.token.unwrap_or_else(|| person.id.uuid())),
        Who::Contact(contact) => Ok(contact.visit),
        Who::System | Who::Operator => Err(AppError::Unauthenticated),
    }
}

const PLACE: &[u8] = b"idempotency";

impl Begun {
    /// What the request's actor carries, so that its change marks the key.
    #[must_use]
    pub fn repeat_key(&self) -> RepeatKey {
        RepeatKey {
            owner: self.actor,
            key: self.key.clone(),
            begun_at: self.created_at,
        }
    }

    /// What a sealed answer is bound to.
    fn place(&self) -> Vec<u8> {
        let key = self.key.as_bytes();
        [
            PLACE,
            self.organisation.as_bytes(),
            self.actor.as_bytes(),
            key,
        ]
        .concat()
    }
}

impl App {
    /// Writes a key down, or finds how it was answered. `request_digest` tells requests apart.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `idempotency-key-in-use` while the first request works;
    /// [`AppError::Invalid`] when the key came with another request.
    pub async fn begin_idempotent(
        &self,
        actor: &Actor,
        key: &str,
        route: &str,
        request_digest: &str,
    ) -> Result<Repeated, AppError> {
        let owner = owner(actor)?;
        let request_digest = self.vault.keyed_hash(PLACE, request_digest.as_bytes());
        let begun = Begun {
            organisation: actor.organisation.uuid(),
            actor: owner,
            key: key.to_owned(),
            created_at: self.now().micros(),
        };
        let writer = self.store.writer();
        let row = idempotency_keys::Model {
            organisation_id: begun.organisation,
            actor_id: owner,
            key: begun.key.clone(),
            route: route.to_owned(),
            request_digest: request_digest.clone(),
            status_code: None,
            response: None,
            created_at: begun.created_at,
            event_id: None,
        };
        if store::idempotency::insert_if_absent(writer, row.clone()).await? {
            return Ok(Repeated::New(begun));
        }
        let first = store::idempotency::find(writer, begun.organisation, owner, key).await?;
        let Some(first) = first else {
            return Err(AppError::refused("idempotency-key-in-use"));
        };
        let limit = self.abandoned_seconds();
        if is_over(&first, begun.created_at, limit) {
            let (organisation, created_at) = (begun.organisation, first.created_at);
            // An undone one goes only while it is undone: its process may live and mark it.
            let mine = if first.event_id.is_none() && first.status_code.is_none() {
                store::idempotency::delete_undone(writer, organisation, owner, key, created_at)
                    .await?
            } else {
                store::idempotency::delete_as_of(writer, organisation, owner, key, created_at)
                    .await?
            };
            if mine && store::idempotency::insert_if_absent(writer, row).await? {
                return Ok(Repeated::New(begun));
            }
            return Err(AppError::refused("idempotency-key-in-use"));
        }
        if first.route != route || first.request_digest != request_digest {
            return Err(AppError::invalid("Idempotency-Key", "key-reused"));
        }
        match first.status_code {
            Some(status) => Ok(Repeated::Answered {
                status: u16::try_from(status).unwrap_or(200),
                answer: self.open_answer(&begun, first.response.as_deref())?,
            }),
            // The change is there, its answer is not (yet): it must never be made again.
            None if first.event_id.is_some() && is_abandoned(&first, begun.created_at, limit) => {
                Err(AppError::refused("idempotency-answer-lost"))
            }
            None => Err(AppError::refused("idempotency-key-in-use")),
        }
    }

    /// Keeps the answer to a request. What was done stays done if this fails: the failure is
    /// logged.
    pub async fn finish_idempotent(&self, begun: &Begun, status: u16, answer: &KeptAnswer) {
        let plain = serde_json::to_vec(answer).unwrap_or_default();
        let sealed = self.vault.seal(&begun.place(), &plain);
        let kept = store::idempotency::update_answer(
            self.store.writer(),
            begun.organisation,
            begun.actor,
            &begun.key,
            begun.created_at,
            i64::from(status),
            URL_SAFE_NO_PAD.encode(sealed),
        )
        .await;
        if let Err(error) = kept {
            tracing::error!(%error, "an answer could not be kept under its idempotency key");
        }
    }

    fn abandoned_seconds(&self) -> i64 {
        let uploading = i64::try_from(self.config.limits.upload_seconds_max).unwrap_or(i64::MAX);
        uploading.saturating_add(60).max(ABANDONED_SECONDS_MIN)
    }

    fn open_answer(&self, begun: &Begun, kept: Option<&str>) -> Result<KeptAnswer, AppError> {
        let corrupt = || AppError::internal("a kept answer cannot be read");
        let sealed = URL_SAFE_NO_PAD.decode(kept.unwrap_or_default());
        let sealed = sealed.map_err(|_| corrupt())?;
        let plain = self.vault.open(&begun.place(), &sealed);
        serde_json::from_slice(&plain.map_err(|_| corrupt())?).map_err(|_| corrupt())
    }

    /// Forgets a key whose request was refused (`is_refused`) or failed, so that it can be made
    /// again. One that failed after it had changed something is remembered.
    pub async fn forget_idempotent(&self, begun: &Begun, is_refused: bool) {
        let writer = self.store.writer();
        let (organisation, actor, created_at) = (begun.organisation, begun.actor, begun.created_at);
        let forgotten = if is_refused {
            store::idempotency::delete_as_of(writer, organisation, actor, &begun.key, created_at)
                .await
                .map(drop)
        } else {
            store::idempotency::delete_undone(writer, organisation, actor, &begun.key, created_at)
                .await
                .map(drop)
        };
        if let Err(error) = forgotten {
            tracing::error!(%error, "an idempotency key could not be forgotten");
        }
    }
}

fn seconds_since(first: &idempotency_keys::Model, now: i64) -> i64 {
    now.saturating_sub(first.created_at) / 1_000_000
}

fn is_abandoned(first: &idempotency_keys::Model, now: i64, limit_seconds: i64) -> bool {
    first.status_code.is_none() && seconds_since(first, now) >= limit_seconds
}

/// Whether the key may stand for a new request. What was done is remembered for the whole time,
/// even if the process died before its answer was kept.
fn is_over(first: &idempotency_keys::Model, now: i64, limit_seconds: i64) -> bool {
    let undone = first.event_id.is_none();
    (undone && is_abandoned(first, now, limit_seconds)) || seconds_since(first, now) >= KEPT_SECONDS
}
