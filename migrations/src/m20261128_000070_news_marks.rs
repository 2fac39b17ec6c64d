//! Until when somebody has seen what happened on the documents that concern them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Table `news_marks`: one row a person, moved on by them alone.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "CREATE TABLE news_marks (
    person_id {uuid} PRIMARY KEY REFERENCES people (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    seen_at bigint NOT NULL
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
        let sql = UP.replace("{uuid}", uuid);
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("DROP TABLE news_marks")
            .await?;
        Ok(())
    }
}
