//! How long decisions took lately, for heads of departments.

use sea_orm_migration::prelude::*;

/// An index of the tasks that were done, by when.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared(
                "CREATE INDEX tasks_done ON tasks (organisation_id, closed_at) \
                 WHERE state = 'done'",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("DROP INDEX tasks_done")
            .await?;
        Ok(())
    }
}
