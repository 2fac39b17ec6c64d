//! What was asked and came, in memory: a list of a hundred signatures asks once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chancery_signature::{Came, Fetched, RevocationQuestion};
use chancery_types::Instant;
use tokio::sync::Mutex as AsyncMutex;

/// How long an answer is kept at most, in seconds, whenever the next one is to come: a revocation
/// of today must not wait for the list of next week.
const KEPT_SECONDS_MAX: i64 = 3_600;
/// How long an answer is kept that does not say when the next one comes, in seconds.
const KEPT_SECONDS: i64 = 300;
/// How long it is remembered that none came, in seconds: a host that is down holds nobody up twice.
const SILENT_SECONDS: i64 = 60;
/// Most answers that are kept.
const ANSWERS_MAX: usize = 1_024;
/// Most bytes of all of them.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// What came, until when that is taken for what would come.
type Answer = (Instant, Result<Arc<Fetched>, Came>);

/// The answers of the last hour, and whoever is being asked.
#[derive(Debug, Default)]
pub(super) struct Kept {
    answers: Mutex<Answers>,
    gates: Mutex<HashMap<RevocationQuestion, Arc<AsyncMutex<()>>>>,
}

#[derive(Debug, Default)]
struct Answers {
    by_question: HashMap<RevocationQuestion, Answer>,
    bytes: usize,
}

impl Kept {
    /// What came, if that is still fresh.
    pub fn recall(
        &self,
        question: &RevocationQuestion,
        now: Instant,
    ) -> Option<Result<Arc<Fetched>, Came>> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, came) = answers.by_question.get(question)?;
        (now < *until).then(|| came.clone())
    }

    /// Whoever holds it asks this question alone.
    pub fn gate(&self, question: &RevocationQuestion) -> Arc<AsyncMutex<()>> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        if gates.len() >= ANSWERS_MAX {
            gates.retain(|_, gate| Arc::strong_count(gate) > 1);
        }
        Arc::clone(gates.entry(question.clone()).or_default())
    }

    pub fn keep(
        &self,
        question: &RevocationQuestion,
        came: &Result<Arc<Fetched>, Came>,
        now: Instant,
    ) {
        let bytes = came.as_ref().map_or(0, |fetched| fetched.der.len());
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |answers: &Answers| {
            answers.by_question.len() >= ANSWERS_MAX
                || answers.bytes.saturating_add(bytes) > BYTES_MAX
        };
        if full(&answers) {
            answers.forget(|(until, _)| *until <= now);
        }
        if full(&answers) {
            answers.forget(|_| true);
        }
        let answer = (until(came, now), came.clone());
        let before = answers.by_question.insert(question.clone(), answer);
        let before = before.map_or(0, |before| size_of_answer(&before));
        answers.bytes = answers.bytes.saturating_sub(before).saturating_add(bytes);
    }
}

impl Answers {
    fn forget(&mut self, is_over: impl Fn(&Answer) -> bool) {
        self.by_question.retain(|_, answer| !is_over(answer));
        self.bytes = self.by_question.values().map(size_of_answer).sum();
    }
}

fn size_of_answer((_, came): &Answer) -> usize {
    came.as_ref().map_or(0, |fetched| fetched.der.len())
}

/// Until when what came is kept. One that is stale already is asked for again soon.
fn until(came: &Result<Arc<Fetched>, Came>, now: Instant) -> Instant {
    let Ok(fetched) = came else {
        return now.plus_seconds(SILENT_SECONDS);
    };
    match fetched.next_update {
        Some(next) => next
            .min(now.plus_seconds(KEPT_SECONDS_MAX))
            .max(now.plus_seconds(SILENT_SECONDS)),
        None => now.plus_seconds(KEPT_SECONDS),
    }
}
