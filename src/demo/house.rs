//! A demo's house: everything started in one process, on loopback, and stopped again.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use actix_web::web::Data;
use anyhow::anyhow;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::place::{Notes, Place, listen};
use super::{Options, pages, tell};
use crate::app::App;
use crate::cli::{self, Migrate};
use crate::clock::Clock;
use crate::config;
use crate::jobs::Runner;
use crate::telemetry;
use crate::web::limits::Limiter;
use crate::web::{Hosts, Web};

/// A running demo.
pub struct House {
    /// The use cases: for seeding only.
    pub app: App,
    /// By how many microseconds its clock is shifted.
    pub shift: Arc<AtomicI64>,
    place: Place,
    server: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    worker: Option<JoinHandle<()>>,
    stop: CancellationToken,
}

impl House {
    /// Opens everything and starts serving. An empty house is not seeded yet.
    ///
    /// # Errors
    ///
    /// Why it did not start.
    pub async fn open(options: &Options) -> anyhow::Result<Self> {
        let (listener, address) = listen(&options.listen)?;
        let place = Place::open(options.kept.as_deref())?;
        if place.begin_anew_if_unfinished()? {
            tell("the last start was ended while it seeded: beginning anew");
        }
        if let Some(name) = config::first_variable() {
            tell(&format!(
                "the demo has settings of its own: {name} is passed over"
            ));
        }
        let config = place.configure(address, options.workflows.as_deref())?;
        telemetry::start(&config.log)?;
        let shift = Arc::new(AtomicI64::new(0));
        let clock = Clock::Shifted(Arc::clone(&shift));
        let app = cli::start(config, clock, Migrate::EmbeddedOnly).await?;
        let web = Web {
            app: app.clone(),
            limiter: Data::new(Limiter::default()),
            hosts: Hosts::Loopback,
            extra: pages::ROUTES,
        };
        let running = web.serve(listener)?;
        let server = running.handle();
        let stop = CancellationToken::new();
        Ok(Self {
            app,
            shift,
            place,
            server,
            serving: tokio::spawn(running),
            worker: None,
            stop,
        })
    }

    /// Begins background work. Not before seeding: that moves the clock, and a lease would seem
    /// to have ended in the middle of its work.
    pub fn begin_work(&mut self) {
        let (runner, until) = (Runner::new(self.app.clone()), self.stop.clone());
        self.worker = Some(tokio::spawn(async move { runner.run(until).await }));
    }

    /// Where it is reached, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.app.config.server.public_url
    }

    /// Whether it was seeded, now or in an earlier start.
    #[must_use]
    pub fn notes(&self) -> Option<Notes> {
        Notes::find(&self.app.config)
    }

    /// Remembers that it is seeded.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub fn write_notes(&self, notes: Notes) -> anyhow::Result<()> {
        self.place.write_notes(notes)
    }

    /// Waits until the server ends by itself, and says why.
    pub async fn ended(&mut self) -> anyhow::Error {
        match (&mut self.serving).await {
            Ok(Ok(())) => anyhow!("the server ended by itself"),
            Ok(Err(error)) => error.into(),
            Err(error) => error.into(),
        }
    }

    /// Stops: no new requests, those in flight are finished, so is the work in hand. A temporary
    /// folder is removed.
    ///
    /// # Errors
    ///
    /// If the worker broke or the database does not close.
    pub async fn close(self) -> anyhow::Result<()> {
        self.server.pause().await;
        self.stop.cancel();
        if let Some(worker) = self.worker {
            worker.await?;
        }
        self.server.stop(true).await;
        self.app.store.close().await?;
        drop(self.place);
        Ok(())
    }
}

/// Runs `work` where servers can run, to its end.
///
/// # Errors
///
/// Those of `work`.
pub fn in_system<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    System::with_tokio_rt(runtime).block_on(work)
}

#[expect(
    clippy::expect_used,
    reason = "the signature leaves no other way to say that threads cannot be made"
)]
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the operating system makes threads")
}
