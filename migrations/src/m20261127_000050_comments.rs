//! What people say about a document outside any decision, and whom they tell of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Tables `comments` and `comment_mentions`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 5] = [
    "CREATE TABLE comments (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    document_id {uuid} NOT NULL REFERENCES documents (id),
    version_id {uuid} NOT NULL REFERENCES versions (id),
    person_id {uuid} NOT NULL REFERENCES people (id),
    text text NOT NULL,
    audience text NOT NULL CHECK (audience IN ('inside', 'counterparty')),
    created_at bigint NOT NULL,
    struck_at bigint
)",
    "CREATE INDEX comments_of_document ON comments (document_id, created_at)",
    "CREATE INDEX comments_of_person ON comments (person_id, created_at)",
    "CREATE TABLE comment_mentions (
    comment_id {uuid} NOT NULL REFERENCES comments (id),
    person_id {uuid} NOT NULL REFERENCES people (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (comment_id, person_id)
)",
    "CREATE INDEX comment_mentions_of_person ON comment_mentions (person_id)",
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
        for table in ["comment_mentions", "comments"] {
            let sql = format!("DROP TABLE {table}");
            connection.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
