//! All SQL. Functions over `&impl ConnectionTrait`; no business decisions.
//!
//! Two backends, one schema. SQLite has one writer connection (every write transaction begins
//! IMMEDIATE, so that two never wait for each other half way) and readers beside it; PostgreSQL has
//! one pool, and correctness rests on compare-and-set and unique keys.

pub mod absences;
pub mod audit;
pub mod blobs;
mod called;
pub mod calls;
pub mod checked_files;
pub mod choices;
pub mod comments;
pub mod counterparties;
pub mod definitions;
pub mod desk;
pub mod detached_signatures;
pub mod disagreements;
pub mod document_origins;
pub mod documents;
pub mod editions;
pub mod entity;
pub mod error;
pub mod idempotency;
pub mod jobs;
pub mod journal_entries;
pub mod journals;
pub mod kept_evidence;
mod leases;
pub mod links;
pub mod mandates;
pub mod names;
pub mod news;
pub mod organisations;
pub mod outbox;
pub mod outside_certificates;
pub mod owed;
pub mod owners;
pub mod pages;
pub mod people;
pub mod progress;
pub mod raised;
pub mod raised_signatures;
pub mod remains;
pub mod remarks;
pub mod revocations;
pub mod reworkers;
mod rows;
pub mod runs;
pub mod sessions;
pub mod signature_checks;
pub mod signature_powers;
pub mod signed_copies;
pub mod stand_ins;
pub mod tasks;
pub mod timers;
pub mod tokens;
pub mod versions;

use std::time::Duration;

use log::LevelFilter;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use tokio::time::timeout;
use tracing::Instrument as _;

pub use error::StoreError;

/// How long the cause of a failure is looked for.
const CAUSE_SECONDS_MAX: Duration = Duration::from_secs(5);

/// The database: a connection pool to write through and one to read through.
#[derive(Clone, Debug)]
pub struct Store {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

/// Why PostgreSQL cannot be reached. The pool tries again and again, and in the end only says that
/// its time is up: one try more tells the cause.
async fn why_not(url: &str, error: DbErr) -> DbErr {
    use sea_orm::sqlx::{Connection as _, PgConnection};
    let tried = timeout(CAUSE_SECONDS_MAX, PgConnection::connect(url)).await;
    match tried {
        Ok(Err(cause)) => DbErr::Conn(RuntimeErr::Internal(cause.to_string())),
        Ok(Ok(_)) | Err(_) => error,
    }
}

impl Store {
    /// Connects to `url` (`sqlite://…` or `postgres://…`) with at most `connections_max` readers.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`] if the database cannot be reached or opened.
    pub async fn connect(
        url: &str,
        connections_max: u32,
        acquire_timeout: Duration,
    ) -> Result<Self, StoreError> {
        let options = |max: u32| {
            let mut options = ConnectOptions::new(url.to_owned());
            options
                // `log.filter = "sqlx::query=debug"` shows statements, never their values.
                .sqlx_logging_level(LevelFilter::Debug)
                .max_connections(max)
                .acquire_timeout(acquire_timeout)
                .map_sqlx_sqlite_opts(|sqlite| {
                    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
                    sqlite
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .foreign_keys(true)
                        .busy_timeout(Duration::from_secs(10))
                        .create_if_missing(true)
                });
            options
        };
        if url.starts_with("sqlite:") {
            let writer = Database::connect(options(1)).await?;
            let reader = Database::connect(options(connections_max)).await?;
            return Ok(Self { writer, reader });
        }
        let pool = match Database::connect(options(connections_max)).await {
            Ok(pool) => pool,
            Err(error) => return Err(why_not(url, error).await.into()),
        };
        Ok(Self {
            writer: pool.clone(),
            reader: pool,
        })
    }

    /// A write transaction. Dropped without `commit`, it is rolled back.
    ///
    /// It begins in a task of its own: whoever is dropped while they wait for it (their client went
    /// away) lets it begin and be rolled back. The driver of PostgreSQL would give the connection
    /// back within a transaction that nobody ends, and the next statement on it would be lost.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`] if no connection is free in time.
    pub async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let writer = self.writer.clone();
        let begun = async move { writer.begin_with_options(options).await };
        let begun = tokio::spawn(begun.in_current_span()).await;
        // It failed by a panic, or the program ends.
        let begun = begun.map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(begun?)
    }

    /// The connection for reading outside a transaction.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// The connection for a single writing statement outside a transaction.
    #[must_use]
    pub const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Which backend this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    /// Closes both pools.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`] if closing fails.
    pub async fn close(self) -> Result<(), StoreError> {
        self.writer.close().await?;
        self.reader.close().await?;
        Ok(())
    }
}
