//! What a running process tells about itself: log lines and counters.
//!
//! Log lines hold ids, never names, addresses, bodies or secrets.

use std::fmt;
use std::io::{self, IsTerminal as _};
use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{Log, LogFormat};

/// Counters are the process's own, as the `metrics` crate has it: there is one recorder.
static COUNTERS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Why telemetry does not start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("log.filter: {0}; write it like `info` or `chancery=debug,info`")]
    Filter(String),
    /// Another has taken the process's log or counters.
    #[error("log lines or counters are set up already: {0}")]
    Taken(String),
}

fn filter_of(settings: &Log) -> Result<EnvFilter, TelemetryError> {
    let filter = EnvFilter::try_new(&settings.filter);
    filter.map_err(|error| TelemetryError::Filter(error.to_string()))
}

/// Whether log lines could be started so. Starts nothing.
///
/// # Errors
///
/// [`TelemetryError::Filter`].
pub fn check(settings: &Log) -> Result<(), TelemetryError> {
    filter_of(settings).map(|_| ())
}

/// Drops the server library's line about a reader who closed the connection: it stands there as an
/// error, and is none of ours.
struct ReadersWhoLeft;

/// Where that line is written.
const DISPATCHER: &str = "actix_http::h1::dispatcher";

impl<S: Subscriber> Layer<S> for ReadersWhoLeft {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        if event.metadata().target() != DISPATCHER {
            return true;
        }
        let mut message = Message::default();
        event.record(&mut message);
        !message.0.starts_with("stream error:")
    }
}

/// The words of an event.
#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

/// Starts log lines on standard error, and counters. Once a process.
///
/// # Errors
///
/// [`TelemetryError`].
pub fn start(settings: &Log) -> Result<(), TelemetryError> {
    let filter = filter_of(settings)?;
    let lines = layer()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    let lines = match settings.format {
        LogFormat::Human => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let all = tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .with(ReadersWhoLeft);
    let started = all.try_init();
    started.map_err(|error| TelemetryError::Taken(error.to_string()))?;
    let counters = PrometheusBuilder::new().install_recorder();
    let counters = counters.map_err(|error| TelemetryError::Taken(error.to_string()))?;
    // A second start was refused above.
    let _ = COUNTERS.set(counters);
    Ok(())
}

/// The counters as Prometheus reads them; empty before [`start`].
#[must_use]
pub fn counters() -> String {
    COUNTERS
        .get()
        .map(PrometheusHandle::render)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("one thread").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_who_left_is_no_error_and_a_broken_answer_is_one() {
        let kept = Kept::default();
        let writer = kept.clone();
        let lines = layer().with_ansi(false).with_writer(move || writer.clone());
        let all = tracing_subscriber::registry()
            .with(lines)
            .with(ReadersWhoLeft);
        tracing::subscriber::with_default(all, || {
            tracing::error!(target: DISPATCHER, "stream error: {}", "Connection reset");
            tracing::error!(target: DISPATCHER, "Response payload stream error: {}", "x");
            tracing::error!("stream error: {}", "ours");
        });
        let written = String::from_utf8(kept.0.lock().expect("one thread").clone()).expect("text");
        assert_eq!(written.lines().count(), 2, "{written}");
        assert!(!written.contains("Connection reset"), "{written}");
    }
}
