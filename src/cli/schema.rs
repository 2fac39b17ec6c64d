//! The database's schema: only the entrance changes it.

use chancery_migrations::{Migrator, MigratorTrait as _};

use crate::app::build::{StartError, open_store};
use crate::config::Config;
use crate::store::{Store, StoreError};

/// What to do when the database's schema is older than this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrate {
    /// Bring it up to date.
    Always,
    /// Bring it up to date if it is SQLite, which nobody else uses; else refuse to start.
    EmbeddedOnly,
}

/// Opens the configured database with its schema up to date.
///
/// # Errors
///
/// [`StartError::Database`], [`StartError::Folder`]; [`StartError::SchemaBehind`] if it is behind
/// and may not be changed.
pub async fn prepare(config: &Config, migrate: Migrate) -> Result<Store, StartError> {
    let store = open_store(config).await?;
    if migrate == Migrate::Always || config.database.url.reveal().starts_with("sqlite:") {
        run(&store).await?;
        return Ok(store);
    }
    match count_missing(&store).await? {
        0 => Ok(store),
        count => Err(StartError::SchemaBehind { count }),
    }
}

/// How many migrations the database lacks. Changes nothing.
///
/// # Errors
///
/// [`StartError::Database`].
pub async fn count_missing(store: &Store) -> Result<usize, StartError> {
    let missing = Migrator::get_pending_migrations_read_only(store.reader()).await;
    Ok(missing.map_err(StoreError::from)?.len())
}

/// Runs the migrations that the database lacks, and says how many that were.
///
/// # Errors
///
/// [`StartError::Database`].
pub async fn run(store: &Store) -> Result<usize, StartError> {
    let count = count_missing(store).await?;
    if count > 0 {
        let done = Migrator::up(store.writer(), None).await;
        done.map_err(StoreError::from)?;
    }
    Ok(count)
}
