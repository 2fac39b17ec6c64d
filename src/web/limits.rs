//! Limits of what comes from outside: sizes of bodies, requests a minute.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::{
    FormConfig, JsonConfig, PathConfig, PayloadConfig, QueryConfig, ServiceConfig,
};
use chancery_types::Instant;

use super::Problem;
use super::edge::RequestFacts;
use crate::app::AppError;
use crate::domain::actor::Actor;

/// The largest form, in bytes: two texts of published rules in two languages fit.
pub const FORM_BYTES_MAX: usize = 512 * 1024;
/// The largest JSON body, in bytes.
pub const JSON_BYTES_MAX: usize = 512 * 1024;
/// Counters kept in one minute; beyond, who is not counted yet waits for the next.
const COUNTERS_MAX: usize = 100_000;
const WINDOW_SECONDS: i64 = 60;
/// Files of strangers that may be on their way in at once, from everywhere: each is on the disk.
const OPEN_UPLOADS_MAX: usize = 64;
/// When to come back if they are, in seconds.
const RETRY_AFTER_SECONDS: u64 = 10;
/// How many texts of workflows one person has checked in a minute: two a second is as fast as the
/// page asks.
const TEXTS_PER_MINUTE: u32 = 120;

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

/// How many of what, by whom, in one minute: begun anew with each.
#[derive(Debug, Default)]
struct Counters {
    window: i64,
    counts: HashMap<(&'static str, String), u32>,
}

/// Who is counted together: one IPv4 address, one /64 of IPv6, of which a household has 2^64
/// addresses.
#[must_use]
pub fn network_of(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// Counts requests in windows of a minute, in this process's memory.
#[derive(Debug, Default)]
pub struct Limiter {
    counters: Mutex<Counters>,
    open_uploads: Mutex<Vec<String>>,
}

/// A stranger's file on its way in, or being checked: counted until this is dropped.
#[derive(Debug)]
pub struct OpenUpload {
    limiter: Arc<Limiter>,
    network: String,
}

impl Drop for OpenUpload {
    fn drop(&mut self) {
        let open = self.limiter.open_uploads.lock();
        let mut open = open.unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = open.iter().position(|network| *network == self.network) {
            open.swap_remove(at);
        }
    }
}

impl Limiter {
    /// Counts a stranger's file that begins to come in; at most `of_address_max` from one address.
    ///
    /// # Errors
    ///
    /// [`AppError::TooMany`].
    pub fn open_upload(
        self: &Arc<Self>,
        facts: &RequestFacts,
        of_address_max: usize,
    ) -> Result<OpenUpload, AppError> {
        let network = network_of(facts.address.as_deref().unwrap_or(""));
        let open = self.open_uploads.lock();
        let mut open = open.unwrap_or_else(PoisonError::into_inner);
        let own = open.iter().filter(|other| **other == network).count();
        if own >= of_address_max || open.len() >= OPEN_UPLOADS_MAX {
            return Err(AppError::TooMany {
                retry_after_seconds: RETRY_AFTER_SECONDS,
            });
        }
        open.push(network.clone());
        Ok(OpenUpload {
            limiter: Arc::clone(self),
            network,
        })
    }

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
        let address = network_of(facts.address.as_deref().unwrap_or(""));
        self.check(kind, &address, per_minute, facts.at)
    }

    /// Counts a guess at the actor's own present password, by page or by call: a session that was
    /// left open, or stolen, is not to find it out.
    ///
    /// # Errors
    ///
    /// As [`Limiter::check`].
    pub fn check_password(
        &self,
        actor: &Actor,
        facts: &RequestFacts,
        per_minute: u32,
    ) -> Result<(), AppError> {
        self.check_person("own-password", actor, facts, per_minute)
    }

    /// Counts a request of `kind` by the person who sends it; at most `per_minute` pass.
    ///
    /// # Errors
    ///
    /// As [`Limiter::check`].
    pub fn check_person(
        &self,
        kind: &'static str,
        actor: &Actor,
        facts: &RequestFacts,
        per_minute: u32,
    ) -> Result<(), AppError> {
        let person = actor.person().map(|person| person.id.to_string());
        let person = person.unwrap_or_default();
        self.check(kind, &person, per_minute, facts.at)
    }

    /// Counts a workflow's text that is checked: while it is typed this is asked for by itself, and
    /// each time its examples are played.
    ///
    /// # Errors
    ///
    /// As [`Limiter::check`].
    pub fn check_text(&self, actor: &Actor, facts: &RequestFacts) -> Result<(), AppError> {
        self.check_person("workflow-check", actor, facts, TEXTS_PER_MINUTE)
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
        // A request that began just before the minute ended counts in the new one.
        if counters.window != window && counters.window != window.saturating_add(1) {
            *counters = Counters {
                window,
                ..Counters::default()
            };
        }
        let key: String = key.chars().take(200).collect();
        let is_full = counters.counts.len() >= COUNTERS_MAX;
        let passed = match counters.counts.entry((kind, key)) {
            Entry::Occupied(mut counter) => {
                let count = counter.get_mut();
                *count = count.saturating_add(1);
                *count <= per_minute
            }
            // Whoever floods with ever new keys must not make room for themselves.
            Entry::Vacant(_) if is_full => false,
            Entry::Vacant(place) => *place.insert(1) <= per_minute,
        };
        if passed {
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
        assert_eq!(
            network_of("2001:db8:1:2:3::9"),
            network_of("2001:db8:1:2:ffff::1")
        );
        assert_ne!(network_of("2001:db8:1:2::9"), network_of("2001:db8:1:3::9"));
        assert_eq!(network_of("192.0.2.1"), "192.0.2.1");
        let refused = (0..20).find_map(|_| limiter.check("login", "c", 10, at(45)).err());
        assert!(matches!(
            refused,
            Some(AppError::TooMany {
                retry_after_seconds: 15
            })
        ));
    }
}
