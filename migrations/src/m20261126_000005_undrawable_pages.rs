//! Pages that the worker could not draw: a page that takes all of its time takes it once, not at
//! every look.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Table `undrawable_pages`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "CREATE TABLE undrawable_pages (
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    file_digest text NOT NULL,
    page bigint NOT NULL,
    renderer text NOT NULL,
    failed_at bigint NOT NULL,
    PRIMARY KEY (organisation_id, file_digest, page)
)";

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
        let connection = manager.get_connection();
        let table = UP.replace("{uuid}", uuid);
        connection.execute_unprepared(&table).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("DROP TABLE undrawable_pages")
            .await?;
        Ok(())
    }
}
