//! `chancery serve`: pages, API and background work, until it is told to stop.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::rt::System;
use actix_web::{HttpServer, web};
use anyhow::{Context as _, bail};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::people::told;
use super::{Migrate, Role, Serve};
use crate::app::App;
use crate::clock::Clock;
use crate::jobs::Runner;
use crate::web::{Web, ops};
use crate::{entropy, telemetry};

/// Serves until SIGTERM or SIGINT; then takes no new requests, finishes those in flight and the
/// work in hand.
///
/// # Errors
///
/// Why it did not start, in one line.
pub fn run(arguments: &Serve) -> anyhow::Result<()> {
    let config = arguments.settings.load()?;
    telemetry::start(&config.log)?;
    for found in super::configuration::open_secrets(&config) {
        tracing::warn!("{found}");
    }
    let migrate = if arguments.migrate {
        Migrate::Always
    } else {
        Migrate::EmbeddedOnly
    };
    let roles = arguments.roles.clone();
    let system = System::with_tokio_rt(runtime);
    system.block_on(async move {
        let app = super::start(config, Clock::System, migrate).await?;
        tell_storage(&app).await?;
        tell_emptiness(&app).await?;
        // Before any is made: a folder that is not there is to be put back, not begun anew.
        app.check_key_files().await.map_err(told)?;
        app.make_authorities().await?;
        serve(app, &roles).await
    })
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

/// Says in the log what the bucket honours.
async fn tell_storage(app: &App) -> anyhow::Result<()> {
    let report = app.blobs.probe(&entropy::secret()).await?;
    if report.is_complete() {
        tracing::info!(%report, "the bucket honours everything we ask of it");
    } else {
        tracing::warn!(
            %report,
            "the bucket does not honour everything; digests are checked on every read"
        );
    }
    Ok(())
}

/// Says in the log how the first person comes in, while there is nobody.
async fn tell_emptiness(app: &App) -> anyhow::Result<()> {
    if app.list_organisations().await?.is_empty() {
        tracing::warn!(
            "nobody can log in yet: make the organisation and its administrator by \
             `chancery user create --organisation NAME --name NAME --email ADDRESS …`"
        );
    }
    Ok(())
}

async fn serve(app: App, roles: &[Role]) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut servers = Vec::new();
    if roles.contains(&Role::Web) {
        let listener = listen("server.listen", &app.config.server.listen)?;
        // The address as it came out: the configured port may be 0.
        let address = listener.local_addr()?;
        servers.push(Web::new(app.clone()).serve(listener)?);
        tracing::info!(%address, "serving");
    }
    if !app.config.server.metrics_listen.is_empty() {
        servers.push(metrics_server(&app)?);
    }
    let handles: Vec<ServerHandle> = servers.iter().map(Server::handle).collect();
    let mut running: Vec<_> = servers.into_iter().map(tokio::spawn).collect();
    let stop = CancellationToken::new();
    let mut worker = roles.contains(&Role::Worker).then(|| {
        let (runner, stop) = (Runner::new(app.clone()), stop.clone());
        tokio::spawn(async move { runner.run(stop).await })
    });
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        ended = any(&mut running) => bail!("a server ended by itself: {ended}"),
        // Without its worker a process would look sound while no mail leaves.
        ended = ended(&mut worker) => bail!("the worker ended by itself: {ended}"),
    }
    tracing::info!("stopping: no new requests; those in flight are finished");
    for handle in &handles {
        handle.pause().await;
    }
    // The worker first: it may use database connections that the servers' threads opened.
    stop.cancel();
    if let Some(worker) = worker {
        let limit = Duration::from_secs(app.config.server.shutdown_seconds);
        match tokio::time::timeout(limit, worker).await {
            Ok(ended) => ended?,
            // Its leases run out, and another worker takes what it had in hand.
            Err(_) => tracing::warn!("the worker's work in hand was given up"),
        }
    }
    for handle in &handles {
        handle.stop(true).await;
    }
    Ok(())
}

async fn any(running: &mut [JoinHandle<std::io::Result<()>>]) -> String {
    if running.is_empty() {
        std::future::pending::<()>().await;
    }
    match futures::future::select_all(running.iter_mut()).await.0 {
        Ok(Ok(())) => "it was stopped".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    }
}

/// Waits for a worker that ends though nobody told it to; for ever, if there is none.
async fn ended(worker: &mut Option<JoinHandle<()>>) -> String {
    match worker {
        None => std::future::pending().await,
        Some(worker) => match worker.await {
            Ok(()) => "it was stopped".to_owned(),
            Err(error) => error.to_string(),
        },
    }
}

fn listen(setting: &str, address: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address)
        .with_context(|| format!("{setting}: cannot listen on {address}; choose a free one"))?;
    Ok(listener)
}

fn metrics_server(app: &App) -> anyhow::Result<Server> {
    let listener = listen("server.metrics_listen", &app.config.server.metrics_listen)?;
    let server = HttpServer::new(|| {
        actix_web::App::new().route("/metrics", web::get().to(ops::get_counters))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_worker_that_panics_is_noticed() {
        let mut worker = Some(tokio::spawn(async { panic!("a fault") }));
        assert!(ended(&mut worker).await.contains("panic"));
    }
}
