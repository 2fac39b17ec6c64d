//! Whether a detached signature passed although nobody knew whether its certificates were revoked.

use sea_orm_migration::prelude::*;

/// `detached_signatures.revocation`. Nothing for what is there: what its last check came to tells
/// it.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = "ALTER TABLE detached_signatures ADD COLUMN revocation text \
                   CHECK (revocation IN ('known', 'open'))";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = "ALTER TABLE detached_signatures DROP COLUMN revocation";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}
