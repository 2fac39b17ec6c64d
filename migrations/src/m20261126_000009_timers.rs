//! When runs are to be rung: one row a timer that stands in a run's state.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Table `timers`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "\
CREATE TABLE timers (
    run_id {uuid} NOT NULL REFERENCES runs (id),
    number bigint NOT NULL,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    generation bigint NOT NULL,
    task_id {uuid} NOT NULL REFERENCES tasks (id),
    due_at bigint NOT NULL,
    beyond bigint,
    rings_at bigint NOT NULL,
    PRIMARY KEY (run_id, number)
)";
const INDEX: &str = "CREATE INDEX timers_rings ON timers (rings_at)";
const OF_TASK: &str = "CREATE INDEX timers_task ON timers (task_id)";

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
        for statement in [&TABLE.replace("{uuid}", uuid), INDEX, OF_TASK] {
            let connection = manager.get_connection();
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared("DROP TABLE timers").await?;
        Ok(())
    }
}
