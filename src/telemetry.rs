//! What a running process tells about itself: log lines and counters.
//!
//! Log lines hold ids, never names, addresses, bodies or secrets.

use std::io::{self, IsTerminal as _};
use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

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

/// Starts log lines on standard error, and counters. Once a process.
///
/// # Errors
///
/// [`TelemetryError`].
pub fn start(settings: &Log) -> Result<(), TelemetryError> {
    let filter = filter_of(settings)?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    let started = match settings.format {
        LogFormat::Human => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
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
