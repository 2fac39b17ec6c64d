//! Evidence of revocation is kept beside signed copies that still wait for signatures.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Table `kept_evidence`, and `signed_copies.evidence_after`: when it is looked for next.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 3] = [
    "CREATE TABLE kept_evidence (
    version_id {uuid} NOT NULL REFERENCES versions (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    kept_at bigint NOT NULL,
    PRIMARY KEY (version_id, digest)
)",
    "CREATE INDEX kept_evidence_files ON kept_evidence (organisation_id, digest)",
    "ALTER TABLE signed_copies ADD COLUMN evidence_after bigint NOT NULL DEFAULT 0",
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
        for statement in [
            "DROP TABLE kept_evidence",
            "ALTER TABLE signed_copies DROP COLUMN evidence_after",
        ] {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
