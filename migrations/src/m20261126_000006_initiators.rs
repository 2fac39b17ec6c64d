//! What an initiator has to do, found without reading every document: the desk asks on every page.

use sea_orm_migration::prelude::*;

/// Drafts and returned documents by initiator; questions without an answer.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name, and what of which table.
const INDEXES: [(&str, &str); 2] = [
    (
        "documents_owed",
        "documents (organisation_id, initiator_id, state, updated_at) \
         WHERE state IN ('draft', 'rework')",
    ),
    (
        "questions_open",
        "questions (organisation_id, document_id) WHERE answered_at IS NULL",
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, rows) in INDEXES {
            let sql = format!("CREATE INDEX {name} ON {rows}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _) in INDEXES {
            let sql = format!("DROP INDEX {name}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
