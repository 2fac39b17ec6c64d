//! A real browser walks the pages: headless Chromium through its driver.
//!
//! Every test runs in Russian first, then in English, takes screenshots at the width of its reader
//! into `tests/output/screenshots/`, and at its end demands: no console error, no request to any
//! other host, no serious finding of axe-core.

mod chromium;
mod compliance;
mod counterparty;
mod lawyer;

pub use chromium::{Browser, PHONE, WIDE};
