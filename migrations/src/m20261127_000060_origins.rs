//! Documents that a workflow has drafted from another one: which, and from which.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::m20261126_000007_signature_checks::take_kinds;

/// Table `document_origins`; `jobs.kind` takes `create_document`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const BEFORE: &str = "'render_pages', 'sweep', 'recheck', 'extend', 'daily_letters'";
const AFTER: &str =
    "'render_pages', 'sweep', 'recheck', 'extend', 'daily_letters', 'create_document'";

const UP: [&str; 2] = [
    "CREATE TABLE document_origins (
    document_id {uuid} PRIMARY KEY REFERENCES documents (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    origin_id {uuid} NOT NULL REFERENCES documents (id),
    run_id {uuid} NOT NULL REFERENCES runs (id),
    key text NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (organisation_id, key),
    CHECK (document_id <> origin_id)
)",
    "CREATE INDEX document_origins_of ON document_origins (origin_id)",
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
        take_kinds(manager, AFTER).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("DROP TABLE document_origins")
            .await?;
        let forget = "DELETE FROM jobs WHERE kind = 'create_document'";
        connection.execute_unprepared(forget).await?;
        take_kinds(manager, BEFORE).await
    }
}
