//! Detached signatures are raised to a level that lasts, as signed copies are.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Table `raised_signatures`: one row beside each of `detached_signatures`, with what became of it.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 3] = [
    "CREATE TABLE raised_signatures (
    detached_id {uuid} PRIMARY KEY REFERENCES detached_signatures (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    level text CHECK (level IN ('B-LT', 'B-LTA')),
    lasts_until bigint,
    raise_after bigint NOT NULL,
    raise_problem text,
    updated_at bigint NOT NULL,
    row_version bigint NOT NULL
)",
    // What is there already is raised as what comes from now on.
    "INSERT INTO raised_signatures (detached_id, organisation_id, digest, size_bytes, level, \
     lasts_until, raise_after, raise_problem, updated_at, row_version) \
     SELECT id, organisation_id, digest, size_bytes, NULL, NULL, 0, NULL, received_at, 0 \
     FROM detached_signatures",
    "CREATE INDEX raised_signatures_due ON raised_signatures (organisation_id, raise_after)",
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
        connection
            .execute_unprepared("DROP TABLE raised_signatures")
            .await?;
        Ok(())
    }
}
