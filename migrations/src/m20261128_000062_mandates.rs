//! The register of mandates: who may act for which of our legal entities, up to what amount, from
//! when until when.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Table `mandates`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 2] = [
    "CREATE TABLE mandates (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    person_id {uuid} NOT NULL REFERENCES people (id),
    entity text,
    role text,
    limit_amount text,
    limit_currency text,
    from_at bigint NOT NULL,
    until_at bigint,
    basis text NOT NULL,
    recorded_at bigint NOT NULL,
    ended_at bigint,
    CHECK ((limit_amount IS NULL) = (limit_currency IS NULL)),
    CHECK (until_at IS NULL OR until_at > from_at)
)",
    "CREATE INDEX mandates_of ON mandates (organisation_id, person_id)",
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
        connection.execute_unprepared("DROP TABLE mandates").await?;
        Ok(())
    }
}
