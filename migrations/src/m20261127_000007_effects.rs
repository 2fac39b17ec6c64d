//! What effects of workflows leave: entries in journals, calls to other systems; which runs stand
//! still.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Tables `journal_entries` and `calls`; `runs` says since when a run has stood still.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 10] = [
    "CREATE TABLE journal_entries (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    key text NOT NULL,
    journal text NOT NULL,
    year bigint NOT NULL,
    number bigint NOT NULL,
    text text NOT NULL,
    document_id {uuid} NOT NULL REFERENCES documents (id),
    run_id {uuid} NOT NULL REFERENCES runs (id),
    version_id {uuid} NOT NULL REFERENCES versions (id),
    entered_at bigint NOT NULL
)",
    "CREATE UNIQUE INDEX journal_entries_key ON journal_entries (organisation_id, key)",
    "CREATE UNIQUE INDEX journal_entries_number
    ON journal_entries (organisation_id, journal, year, number)",
    "CREATE INDEX journal_entries_document ON journal_entries (document_id)",
    "CREATE TABLE calls (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    key text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('webhook', 'lookup')),
    name text NOT NULL,
    document_id {uuid} NOT NULL REFERENCES documents (id),
    run_id {uuid} NOT NULL REFERENCES runs (id),
    payload text NOT NULL,
    until bigint,
    state text NOT NULL CHECK (state IN ('ready', 'calling', 'done', 'failed')),
    attempts bigint NOT NULL,
    next_at bigint NOT NULL,
    lease_until bigint,
    fence bigint NOT NULL,
    last_error text,
    created_at bigint NOT NULL,
    done_at bigint
)",
    "CREATE UNIQUE INDEX calls_key ON calls (organisation_id, key)",
    "CREATE INDEX calls_due ON calls (kind, next_at) WHERE state IN ('ready', 'calling')",
    "CREATE INDEX calls_document ON calls (document_id)",
    "ALTER TABLE runs ADD COLUMN incident_at bigint",
    "CREATE INDEX runs_incident ON runs (organisation_id, incident_at)
    WHERE incident_at IS NOT NULL",
];
const DOWN: [&str; 4] = [
    "DROP INDEX runs_incident",
    "ALTER TABLE runs DROP COLUMN incident_at",
    "DROP TABLE calls",
    "DROP TABLE journal_entries",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let uuid = match manager.get_database_backend() {
            DbBackend::Postgres => "uuid",
            _ => "blob",
        };
        for statement in UP {
            let sql = statement.replace("{uuid}", uuid);
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in DOWN {
            let connection = manager.get_connection();
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
