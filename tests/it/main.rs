//! The only integration binary: everything below runs against a real [`support::TestApp`].

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bad_input;
mod browser;
mod cli;
mod crash;
mod cut_off;
mod documents;
mod guards;
mod jobs;
mod locks;
mod mail;
mod month;
mod office;
mod ops;
mod pdf_worker;
mod people;
mod runs;
mod schema;
mod settings;
#[path = "../../crates/chancery-workflow/tests/shared/mod.rs"]
mod shared;
mod signing;
mod simultaneous;
mod sitting;
mod start;
mod support;
mod sweep;
mod templates;
mod trials;
mod verify;
mod walk;
