//! Indexes for the lists that grow: documents of a person, runs of a document, what hangs on a
//! task.

use sea_orm_migration::prelude::*;

/// Indexes, each with the query that it is for.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name, table and columns; the last words are a condition.
const INDEXES: [(&str, &str); 8] = [
    // Which documents somebody did something to: the list of those who may not see everything.
    (
        "audit_events_actor",
        "audit_events (organisation_id, actor_id, document_id) WHERE document_id IS NOT NULL",
    ),
    // Which documents somebody held a task on, and the tasks that are behind them.
    ("tasks_person", "tasks (person_id, closed_at)"),
    // The links of a document.
    ("links_document", "links (document_id)"),
    // The newest run of a document: `runs_one_live` knows only those that still run.
    ("runs_document", "runs (document_id, started_at, id)"),
    // What hangs on a task: preparations, consents, signatures.
    ("signings_task", "signings (task_id)"),
    ("consents_task", "consents (task_id)"),
    ("signatures_task", "signatures (task_id)"),
    // Unused invitations and resets of a person.
    ("person_links_person", "person_links (person_id)"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, on) in INDEXES {
            let statement = format!("CREATE INDEX {name} ON {on}");
            manager
                .get_connection()
                .execute_unprepared(&statement)
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _) in INDEXES.into_iter().rev() {
            let statement = format!("DROP INDEX {name}");
            manager
                .get_connection()
                .execute_unprepared(&statement)
                .await?;
        }
        Ok(())
    }
}
