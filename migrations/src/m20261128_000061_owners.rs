//! Who answers for a workflow, beside the text that says so: lists ask for it without reading
//! texts.

use sea_orm_migration::prelude::*;

/// Columns `owner_role` and `owner_department` of `definitions`. No kept text names an owner: the
/// key was refused.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            "ALTER TABLE definitions ADD COLUMN owner_role text",
            "ALTER TABLE definitions ADD COLUMN owner_department text",
        ] {
            let connection = manager.get_connection();
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            "ALTER TABLE definitions DROP COLUMN owner_department",
            "ALTER TABLE definitions DROP COLUMN owner_role",
        ] {
            let connection = manager.get_connection();
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
