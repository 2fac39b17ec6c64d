//! The engine and its files, tested from outside: scripts, properties, diagnostics, conditions.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so and stops"
)]

mod absorbing;
mod allowed;
mod attachments;
mod blocks;
mod bpmn;
mod broken;
mod calendars;
mod card;
mod changes;
mod children;
mod conditions;
#[path = "../shared/crowd.rs"]
mod crowd;
mod crowds;
mod demands;
mod diagnostics;
mod elsewhere;
mod examples;
mod exploring;
mod extra_rounds;
mod files;
mod importing;
mod mandates;
mod model;
mod moving;
mod outside;
mod people;
mod pools;
mod properties;
mod quorums;
mod readme;
mod renaming;
mod reviews;
mod reworkers;
mod rights;
mod script;
#[path = "../shared/mod.rs"]
mod shared;
mod simulation;
mod support;
mod templates;
mod timers;
mod trials;
mod witness;
mod words;
