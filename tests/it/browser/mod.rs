//! A real browser walks the pages: headless Chromium through its driver.
//!
//! Every test runs in Russian first, then in English, takes screenshots at the widths of its
//! readers into `tests/output/screenshots/`, and at its end demands: no console error, no request
//! to any other host. On every page that it visits axe-core finds nothing serious.

mod chromium;
mod compliance;
mod counterparty;
mod desk;
mod discussion;
mod editor;
mod keyboard;
mod lawyer;
mod letter;
pub mod others;
mod outside;
mod pages;
mod paper;
mod places;
mod post;
mod powers;
mod progress;
mod reference;
mod revisions;
mod signatory;
mod window;
mod worklist;

use std::net::TcpListener;

use chancery::config::Config;

use crate::support::{Backend, Served, TestApp};

pub use chromium::{Browser, PHONE, WIDE};

/// A house that a browser reaches, and whose mailed links lead to where it is served.
pub async fn open_house() -> (TestApp, Served) {
    open_house_with(|_| {}).await
}

/// The same by other settings.
pub async fn open_house_with(change: impl FnOnce(&mut Config)) -> (TestApp, Served) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.server.public_url = format!("http://{address}");
        // One browser is many people here, and all of them come from one address.
        config.rate_limits.login_per_minute = 100;
        change(config);
    })
    .await;
    let served = house.serve_on(listener);
    (house, served)
}
