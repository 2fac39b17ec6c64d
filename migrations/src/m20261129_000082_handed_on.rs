//! An index for the tasks that somebody handed on.

use sea_orm_migration::prelude::*;

/// `audit_events_handed`: who handed what on. A desk asks it at every visit.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = "CREATE INDEX audit_events_handed \
            ON audit_events (organisation_id, actor_id, subject_id) \
            WHERE action = 'task.delegated'";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = "DROP INDEX audit_events_handed";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}
