//! Keys of requests that may be repeated: see `web::idempotency`.

use uuid::Uuid;

use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::idempotency_keys;

/// After so many seconds without an answer the first request is given up (its process died).
const ABANDONED_SECONDS: i64 = 300;
/// After so many seconds a key may be used for something else.
const KEPT_SECONDS: i64 = 24 * 3600;

/// What a key stands for when it comes.
#[derive(Clone, Debug)]
pub enum Repeated {
    /// The first request with it.
    New(Begun),
    /// It was answered already.
    Answered {
        /// The status.
        status: u16,
        /// The body.
        body: String,
    },
}

/// A request that has begun under a key.
#[derive(Clone, Debug)]
pub struct Begun {
    organisation: Uuid,
    actor: Uuid,
    key: String,
    created_at: i64,
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
        let person = actor.person().ok_or(AppError::Unauthenticated)?.id.uuid();
        let begun = Begun {
            organisation: actor.organisation.uuid(),
            actor: person,
            key: key.to_owned(),
            created_at: self.now().micros(),
        };
        let writer = self.store.writer();
        let row = idempotency_keys::Model {
            organisation_id: begun.organisation,
            actor_id: person,
            key: begun.key.clone(),
            route: route.to_owned(),
            request_digest: request_digest.to_owned(),
            status_code: None,
            response: None,
            created_at: begun.created_at,
        };
        if store::idempotency::insert_if_absent(writer, row.clone()).await? {
            return Ok(Repeated::New(begun));
        }
        let first = store::idempotency::find(writer, begun.organisation, person, key).await?;
        let Some(first) = first else {
            return Err(AppError::refused("idempotency-key-in-use"));
        };
        if is_over(&first, begun.created_at) {
            let (organisation, created_at) = (begun.organisation, first.created_at);
            let mine =
                store::idempotency::delete_as_of(writer, organisation, person, key, created_at)
                    .await?;
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
                body: first.response.unwrap_or_default(),
            }),
            None => Err(AppError::refused("idempotency-key-in-use")),
        }
    }

    /// Keeps the answer to a request. What was done stays done if this fails: the failure is
    /// logged.
    pub async fn finish_idempotent(&self, begun: &Begun, status: u16, body: String) {
        let kept = store::idempotency::update_answer(
            self.store.writer(),
            begun.organisation,
            begun.actor,
            &begun.key,
            i64::from(status),
            body,
        )
        .await;
        if let Err(error) = kept {
            tracing::error!(%error, "an answer could not be kept under its idempotency key");
        }
    }

    /// Forgets a key whose request failed, so that it can be repeated.
    pub async fn forget_idempotent(&self, begun: &Begun) {
        let forgotten = store::idempotency::delete_as_of(
            self.store.writer(),
            begun.organisation,
            begun.actor,
            &begun.key,
            begun.created_at,
        )
        .await;
        if let Err(error) = forgotten {
            tracing::error!(%error, "an idempotency key could not be forgotten");
        }
    }
}

fn is_over(first: &idempotency_keys::Model, now: i64) -> bool {
    let seconds = now.saturating_sub(first.created_at) / 1_000_000;
    let limit = if first.status_code.is_some() {
        KEPT_SECONDS
    } else {
        ABANDONED_SECONDS
    };
    seconds >= limit
}
