//! What can go wrong in the database, by the way a caller must react.

use sea_orm::{DbErr, SqlErr};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key already has this value.
    #[error("a row with this key exists already")]
    Duplicate,
    /// Another row that this one needs is not there (or still needs this one).
    #[error("a referenced row is missing")]
    Reference,
    /// Somebody changed the row since it was read.
    #[error("the row changed since it was read")]
    Stale,
    /// The row that must be there is not.
    #[error("{table} has no such row")]
    Absent {
        /// The table.
        table: &'static str,
    },
    /// A row that cannot be what it should be: only a bug or a hand in the database makes one.
    #[error("{table} {id}: {why}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row's key.
        id: String,
        /// What is wrong with it.
        why: String,
    },
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] DbErr),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Duplicate,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::Reference,
            _ => Self::Database(error),
        }
    }
}
