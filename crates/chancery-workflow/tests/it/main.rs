//! The engine and its files, tested from outside: scripts, properties, diagnostics, conditions.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so and stops"
)]

mod blocks;
mod broken;
mod calendars;
mod card;
mod changes;
mod conditions;
mod diagnostics;
mod exploring;
mod files;
mod model;
mod properties;
mod quorums;
mod script;
mod support;
mod timers;
