//! Texts of workflows that an organisation keeps in place of the files: written by one person,
//! published by another.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Table `editions`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 3] = [
    "CREATE TABLE editions (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    workflow_id text NOT NULL,
    number bigint NOT NULL,
    source text NOT NULL,
    note text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'proposed', 'published', 'discarded')),
    author_id {uuid} NOT NULL REFERENCES people (id),
    created_at bigint NOT NULL,
    saved_at bigint NOT NULL,
    decided_by_id {uuid} REFERENCES people (id),
    decided_at bigint,
    reason text,
    effective_at bigint,
    row_version bigint NOT NULL,
    UNIQUE (organisation_id, workflow_id, number),
    CHECK (state <> 'published' OR (decided_by_id IS NOT NULL AND decided_by_id <> author_id
        AND effective_at IS NOT NULL))
)",
    "CREATE UNIQUE INDEX editions_open ON editions (organisation_id, workflow_id)
    WHERE state IN ('draft', 'proposed')",
    "CREATE INDEX editions_in_force ON editions (organisation_id, effective_at)
    WHERE state = 'published'",
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
        let connection = manager.get_connection();
        connection.execute_unprepared("DROP TABLE editions").await?;
        Ok(())
    }
}
