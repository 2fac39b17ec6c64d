//! Who reworks a returned document beside its initiator, while it is returned.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Table `reworkers`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 3] = [
    "CREATE TABLE reworkers (
    run_id {uuid} NOT NULL REFERENCES runs (id),
    person_id {uuid} NOT NULL REFERENCES people (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    document_id {uuid} NOT NULL REFERENCES documents (id),
    asked_at bigint NOT NULL,
    PRIMARY KEY (run_id, person_id)
)",
    "CREATE INDEX reworkers_person ON reworkers (person_id)",
    "CREATE INDEX reworkers_document ON reworkers (document_id)",
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
            .execute_unprepared("DROP TABLE reworkers")
            .await?;
        Ok(())
    }
}
