//! Protocols of disagreements: files that a counterparty returns instead of a signature.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Table `disagreements`, written once.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "CREATE TABLE disagreements (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    document_id {uuid} NOT NULL REFERENCES documents (id),
    version_id {uuid} NOT NULL REFERENCES versions (id),
    run_id {uuid} NOT NULL REFERENCES runs (id),
    task_id {uuid} NOT NULL REFERENCES tasks (id),
    link_id {uuid} NOT NULL REFERENCES links (id),
    contact_id {uuid} NOT NULL REFERENCES contacts (id),
    comment text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    media_type text NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (task_id)
);
CREATE INDEX disagreements_document ON disagreements (document_id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let connection = manager.get_connection();
        let uuid = match backend {
            DbBackend::Postgres => "uuid",
            _ => "blob",
        };
        let table = UP.replace("{uuid}", uuid);
        connection.execute_unprepared(&table).await?;
        for trigger in append_only(backend) {
            connection.execute_unprepared(&trigger).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("DROP TABLE disagreements")
            .await?;
        Ok(())
    }
}

/// As the first migration makes them; on PostgreSQL its function `refuse_change` is there.
fn append_only(backend: DbBackend) -> Vec<String> {
    if backend == DbBackend::Postgres {
        return vec![
            "CREATE TRIGGER disagreements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE \
             ON disagreements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
                .to_owned(),
        ];
    }
    let trigger = |what: &str| {
        format!(
            "CREATE TRIGGER disagreements_append_only_{} BEFORE {what} ON disagreements \
             BEGIN SELECT RAISE(ABORT, 'disagreements is append-only'); END",
            what.to_lowercase()
        )
    };
    vec![trigger("UPDATE"), trigger("DELETE")]
}
