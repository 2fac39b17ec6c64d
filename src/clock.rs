//! The only place that reads the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chancery_types::Instant;

/// Where "now" comes from. Read once a request and once a job.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is moved: tests and the demo's history.
    Held(Arc<AtomicI64>),
    /// The machine's clock, shifted by so many microseconds: "two years on" in a running server.
    Shifted(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn held(start: Instant) -> Self {
        Self::Held(Arc::new(AtomicI64::new(start.micros())))
    }

    /// The present moment, in whole microseconds.
    #[must_use]
    pub fn now(&self) -> Instant {
        match self {
            Self::System => system_now(),
            Self::Held(micros) => Instant::from_micros(micros.load(Ordering::SeqCst)),
            Self::Shifted(by) => Instant::from_micros(
                system_now()
                    .micros()
                    .saturating_add(by.load(Ordering::SeqCst)),
            ),
        }
    }

    /// Moves a held or shifted clock by `seconds`; the machine's clock does not move.
    pub fn advance_seconds(&self, seconds: i64) {
        match self {
            Self::System => {}
            Self::Held(micros) | Self::Shifted(micros) => {
                micros.fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
            }
        }
    }
}

/// Measures how long something has taken, by the machine's steady clock: for bounds on our own
/// work, which no test moves.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Begins to measure.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that measures durations"
    )]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// What has passed since.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
fn system_now() -> Instant {
    jiff::Timestamp::now().into()
}
