//! Limits of what comes from outside: sizes of bodies, requests a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use actix_web::web::{
    FormConfig, JsonConfig, PathConfig, PayloadConfig, QueryConfig, ServiceConfig,
};
use chancery_types::Instant;

use super::Problem;
use super::edge::RequestFacts;
use crate::app::AppError;

/// The largest form, in bytes: two texts of published rules in two languages fit.
pub const FORM_BYTES_MAX: usize = 512 * 1024;
/// The largest JSON body, in bytes.
pub const JSON_BYTES_MAX: usize = 512 * 1024;
/// Counters kept at once; beyond, those of past minutes are forgotten.
const COUNTERS_MAX: usize = 100_000;
const WINDOW_SECONDS: i64 = 60;

/// Sizes, and our own problems for what cannot be read.
pub fn configure(config: &mut ServiceConfig) {
    config
        .app_data(PayloadConfig::new(FORM_BYTES_MAX))
        .app_data(FormConfig::default().limit(FORM_BYTES_MAX))
        .app_data(
            JsonConfig::default()
                .limit(JSON_BYTES_MAX)
                .error_handler(|error, _| {
                    use actix_web::error::JsonPayloadError as Json;
                    match error {
                        Json::Overflow { .. } | Json::OverflowKnownLength { .. } => {
                            Problem::http(413, "body-too-large").into()
                        }
                        Json::ContentType => Problem::App(AppError::UnsupportedMedia).into(),
                        Json::Deserialize(cause) => {
                            let problem = crate::app::FieldProblem::new("", "json");
                            let problem = problem.with("why", cause.to_string());
                            let fields = vec![problem];
                            Problem::App(AppError::Invalid { fields }).into()
                        }
                        _ => Problem::unreadable().into(),
                    }
                }),
        )
        .app_data(PathConfig::default().error_handler(|_, _| {
            // An identifier that is none names nothing.
            Problem::App(AppError::Hidden).into()
        }))
        .app_data(QueryConfig::default().error_handler(|_, _| Problem::unreadable().into()));
}

/// By what is limited and for whom: the minute, and how many in it.
type Counters = HashMap<(&'static str, String), (i64, u32)>;

/// Counts requests in windows of a minute, in this process's memory.
#[derive(Debug, Default)]
pub struct Limiter {
    counters: Mutex<Counters>,
}

impl Limiter {
    /// Counts a request of `kind` by its reader's address; at most `per_minute` pass.
    ///
    /// # Errors
    ///
    /// As [`Limiter::check`].
    pub fn check_address(
        &self,
        kind: &'static str,
        facts: &RequestFacts,
        per_minute: u32,
    ) -> Result<(), AppError> {
        let address = facts.address.as_deref().unwrap_or("");
        self.check(kind, address, per_minute, facts.at)
    }

    /// Counts one request of `kind` by `key` (an address, a login); at most `per_minute` pass.
    ///
    /// # Errors
    ///
    /// [`AppError::TooMany`] with the seconds until the next window.
    pub fn check(
        &self,
        kind: &'static str,
        key: &str,
        per_minute: u32,
        now: Instant,
    ) -> Result<(), AppError> {
        let window = now.seconds().div_euclid(WINDOW_SECONDS);
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= COUNTERS_MAX {
            counters.retain(|_, (began, _)| *began == window);
        }
        let key: String = key.chars().take(200).collect();
        let counter = counters.entry((kind, key)).or_insert((window, 0));
        if counter.0 != window {
            *counter = (window, 0);
        }
        counter.1 = counter.1.saturating_add(1);
        if counter.1 <= per_minute {
            return Ok(());
        }
        let left = WINDOW_SECONDS - now.seconds().rem_euclid(WINDOW_SECONDS);
        Err(AppError::TooMany {
            retry_after_seconds: u64::try_from(left).unwrap_or(60),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_in_a_minute_waits_for_the_next_one() {
        let limiter = Limiter::default();
        let at = |seconds: i64| Instant::from_seconds(600 + seconds);
        let passes = |key: &str, now| limiter.check("login", key, 10, now).is_ok();
        assert!((0..10).all(|second: i64| passes("a", at(second))));
        assert!(!passes("a", at(10)));
        assert!(passes("b", at(10)));
        assert!(passes("a", at(60)));
        let refused = (0..20).find_map(|_| limiter.check("login", "c", 10, at(45)).err());
        assert!(matches!(
            refused,
            Some(AppError::TooMany {
                retry_after_seconds: 15
            })
        ));
    }
}
