//! Calls as a worker makes them: claimed with a lease, sent, tried again, given up visibly. A
//! lookup's answer moves its run in the transaction that ends the call, so that it is heard once.

use std::time::Duration;

use chancery_types::Instant;
use chancery_types::field::Card;
use chancery_types::id::OrganisationId;
use chancery_workflow::{Actor as Cause, Event, EventKind, Heard, LookupAnswer, State};
use sea_orm::ActiveValue::Set;

use super::peers::Peer;
use super::{CallKind, LookupBody, SIGNATURE_HEADER, read_answer, signature};
use crate::app::error::in_full;
use crate::app::transition::LoadedRun;
use crate::app::work::{Attempt, Outcome, cut, fenced, judge, lease_until};
use crate::app::{App, AppError, audit};
use crate::domain::actor::Actor;
use crate::outbound::Question;
use crate::store;
use crate::store::entity::calls;

/// What a call may take beside its conversation, in seconds.
const MARGIN_SECONDS: u64 = 30;
/// The first wait of a question before it is asked again, in seconds; each next one is twice as
/// long …
const ASK_AGAIN_SECONDS: i64 = 2;
/// … up to this.
const ASK_AGAIN_SECONDS_MAX: i64 = 60;
/// The most tries of a question, also by workers that were lost.
const TRIES_MAX: i64 = 100;
/// The media type of both bodies and of answers.
const JSON: &str = "application/json";

/// A call that this worker must make before its lease ends.
#[derive(Debug)]
pub struct ClaimedCall(calls::Model);

/// What came of one try.
#[derive(Debug)]
pub enum Made {
    /// A webhook has taken it.
    Told,
    /// A lookup was answered.
    Answered(Card),
    /// Nobody waits for it any more.
    Unwanted,
    /// Not now.
    Later(String),
    /// Never.
    Never(String),
}

impl ClaimedCall {
    /// The call's row, for a log line.
    #[must_use]
    pub const fn id(&self) -> uuid::Uuid {
        self.0.id
    }
}

impl App {
    /// How long one try at a call may take. Its lease is longer.
    #[must_use]
    pub fn call_time_max(&self) -> Duration {
        let (webhooks, lookups) = (&self.config.webhooks, &self.config.lookups);
        let seconds = webhooks.seconds_max.max(lookups.seconds_max);
        Duration::from_secs(seconds.saturating_add(MARGIN_SECONDS))
    }

    /// Claims up to `count_max` calls of a kind that are due.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn claim_calls(
        &self,
        kind: CallKind,
        count_max: u64,
    ) -> Result<Vec<ClaimedCall>, AppError> {
        let now = self.now();
        let lease = lease_until(now, self.call_time_max());
        let tx = self.store.begin().await?;
        let (at, until) = (now.micros(), lease.micros());
        let rows = store::calls::lock_due(&tx, kind.code(), at, until, count_max).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(ClaimedCall).collect())
    }

    /// Makes a claimed call. What failed never holds the secret, nor what was sent.
    pub async fn make_call(&self, call: &ClaimedCall) -> Made {
        let row = &call.0;
        match CallKind::from_code(&row.kind) {
            Some(CallKind::Webhook) => self.tell(row).await,
            Some(CallKind::Lookup) => match self.ask(row).await {
                Ok(made) => made,
                Err(AppError::Unavailable { what, source }) => {
                    Made::Later(format!("{what}: {}", in_full(&source)))
                }
                Err(error) => Made::Never(error.to_string()),
            },
            None => Made::Never(format!("`{}` is no kind of call", row.kind)),
        }
    }

    async fn tell(&self, row: &calls::Model) -> Made {
        if row.attempts > self.config.webhooks.attempts_max {
            return Made::Never("every worker that tried it was lost".to_owned());
        }
        let Some(peer) = self.peers.webhook(&row.name) else {
            return Made::Never(unknown("webhooks", &row.name));
        };
        let body = row.payload.clone().into_bytes();
        let headers = headers(peer, &row.key, self.now(), &body);
        match peer.asker.tell(&peer.url, &headers, JSON, body).await {
            Ok(()) => Made::Told,
            Err(error) => Made::Later(in_full(&error.into())),
        }
    }

    async fn ask(&self, row: &calls::Model) -> Result<Made, AppError> {
        if row.attempts > TRIES_MAX {
            return Ok(Made::Never("it was tried too often".to_owned()));
        }
        let body = read_body(row)?;
        let organisation = OrganisationId::from(row.organisation_id);
        let reader = self.store.reader();
        let run = self
            .load_run(reader, organisation, row.run_id.into())
            .await?;
        if !is_waited_for(&run.state, &body) {
            return Ok(Made::Unwanted);
        }
        let Some(peer) = self.peers.lookup(&row.name) else {
            return Ok(Made::Never(unknown("lookups", &row.name)));
        };
        let lookup = run.definition.lookups().get(&body.lookup);
        let wanted = lookup.ok_or_else(|| AppError::internal("a lookup without a definition"))?;
        let sent = row.payload.clone().into_bytes();
        let headers = headers(peer, &row.key, self.now(), &sent);
        let question = Question {
            sent: Some(JSON),
            wanted: Some(JSON),
            bytes_max: self.config.lookups.bytes_max,
        };
        let asked = peer.asker.ask_with(&peer.url, &headers, question, sent);
        Ok(match asked.await {
            Ok(bytes) => match read_answer(&bytes, &wanted.answer) {
                Ok(values) => Made::Answered(values),
                Err(why) => Made::Later(format!("{}: {why}", peer.host())),
            },
            Err(error) => Made::Later(in_full(&error.into())),
        })
    }

    /// Writes down what came of a call; an answer is heard by its run in the same transaction.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails: the lease then runs out, and the call is
    /// made again under the same key.
    pub async fn finish_call(&self, call: &ClaimedCall, made: Made) -> Result<Outcome, AppError> {
        let row = &call.0;
        match CallKind::from_code(&row.kind) {
            Some(CallKind::Lookup) => self.finish_lookup(row, made).await,
            Some(CallKind::Webhook) | None => self.finish_webhook(row, made).await,
        }
    }

    async fn finish_webhook(&self, row: &calls::Model, made: Made) -> Result<Outcome, AppError> {
        let attempt = match made {
            Made::Told | Made::Answered(_) | Made::Unwanted => Attempt::Done,
            Made::Later(why) => Attempt::Later(why),
            Made::Never(why) => Attempt::Never(why),
        };
        let (now, tries_max) = (self.now(), self.config.webhooks.attempts_max);
        let verdict = judge(&attempt, row.attempts, tries_max, now);
        let change = match verdict.outcome {
            Outcome::Done => done(now),
            Outcome::Delayed | Outcome::Continued => delayed(verdict.next_at, verdict.error),
            Outcome::Failed | Outcome::Lost => failed(verdict.error),
        };
        let written = store::calls::update_claimed(self.store.writer(), row, change).await;
        fenced(written, verdict.outcome)
    }

    async fn finish_lookup(&self, row: &calls::Model, made: Made) -> Result<Outcome, AppError> {
        let now = self.now();
        let writer = self.store.writer();
        let (answer, change, outcome) = match made {
            Made::Told | Made::Unwanted => {
                let written = store::calls::update_claimed(writer, row, done(now)).await;
                return fenced(written, Outcome::Done);
            }
            Made::Answered(values) => (LookupAnswer::Given { values }, done(now), Outcome::Done),
            Made::Later(why) => {
                let next_at = now.plus_seconds(ask_again_seconds(row.attempts));
                if row.until.is_some_and(|until| next_at.micros() < until) {
                    let change = delayed(next_at, cut(&why));
                    let written = store::calls::update_claimed(writer, row, change).await;
                    return fenced(written, Outcome::Delayed);
                }
                let change = failed(cut(&why));
                (LookupAnswer::Failed { why }, change, Outcome::Failed)
            }
            Made::Never(why) => {
                let change = failed(cut(&why));
                (LookupAnswer::Failed { why }, change, Outcome::Failed)
            }
        };
        match self.hear(row, answer, change, now).await {
            Ok(true) => Ok(outcome),
            Ok(false) => Ok(Outcome::Lost),
            Err(AppError::Stale) => {
                let change = delayed(now, None);
                let written = store::calls::update_claimed(writer, row, change).await;
                fenced(written, Outcome::Delayed)
            }
            Err(error @ AppError::Unavailable { .. }) => Err(error),
            // It will not be heard at the next try either: others do not wait for it.
            Err(error) => {
                tracing::error!(run = %row.run_id, error = ?error, "an answer cannot be heard");
                let change = failed(cut(&error.to_string()));
                let written = store::calls::update_claimed(writer, row, change).await;
                fenced(written, Outcome::Failed)
            }
        }
    }

    /// Lets the run hear an answer and ends the call, or neither; `false` if the call is somebody
    /// else's by now.
    async fn hear(
        &self,
        row: &calls::Model,
        answer: LookupAnswer,
        change: calls::ActiveModel,
        now: Instant,
    ) -> Result<bool, AppError> {
        let body = read_body(row)?;
        let tx = self.store.begin().await?;
        let moved = store::runs::lock_run(&tx, row.organisation_id, row.run_id).await?;
        let run: LoadedRun = self.complete_run(&tx, moved).await?;
        match store::calls::update_claimed(&tx, row, change).await {
            Ok(()) => {}
            Err(store::StoreError::Stale) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        if is_waited_for(&run.state, &body) {
            let event = Event {
                at: now,
                actor: Cause::System,
                kind: EventKind::LookupAnswered {
                    lookup: body.lookup,
                    times: body.times,
                    answer,
                },
            };
            let advanced = self.advance_alone(&tx, &run, &[event]).await?;
            let actor = Actor::system(row.organisation_id.into());
            audit::append(&tx, &actor, now, advanced.happening).await?;
        }
        tx.commit().await?;
        self.wake_jobs();
        Ok(true)
    }
}

fn unknown(section: &str, name: &str) -> String {
    format!(
        "the configuration has no [{section}.calls.{name}] any more: add it, restart, and try again"
    )
}

fn read_body(row: &calls::Model) -> Result<LookupBody, AppError> {
    serde_json::from_str(&row.payload).map_err(|error| AppError::internal(error.to_string()))
}

/// Whether the run still waits for the answer to this asking.
fn is_waited_for(state: &State, body: &LookupBody) -> bool {
    let asked = state.asked.get(&body.lookup);
    asked.is_some_and(|asked| asked.times == body.times && asked.heard == Heard::Nothing)
}

fn headers(peer: &Peer, key: &str, now: Instant, body: &[u8]) -> [(&'static str, String); 2] {
    [
        ("Idempotency-Key", key.to_owned()),
        (SIGNATURE_HEADER, signature(&peer.secret, now, body)),
    ]
}

fn done(now: Instant) -> calls::ActiveModel {
    calls::ActiveModel {
        state: Set("done".to_owned()),
        done_at: Set(Some(now.micros())),
        lease_until: Set(None),
        last_error: Set(None),
        ..Default::default()
    }
}

fn delayed(next_at: Instant, error: Option<String>) -> calls::ActiveModel {
    calls::ActiveModel {
        state: Set("ready".to_owned()),
        next_at: Set(next_at.micros()),
        lease_until: Set(None),
        last_error: Set(error),
        ..Default::default()
    }
}

fn failed(error: Option<String>) -> calls::ActiveModel {
    calls::ActiveModel {
        state: Set("failed".to_owned()),
        lease_until: Set(None),
        last_error: Set(error),
        ..Default::default()
    }
}

/// 2 s, 4 s, 8 s … a minute.
fn ask_again_seconds(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 10)).unwrap_or(0);
    ASK_AGAIN_SECONDS
        .saturating_mul(2_i64.saturating_pow(doublings))
        .min(ASK_AGAIN_SECONDS_MAX)
}
