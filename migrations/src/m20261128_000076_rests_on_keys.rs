//! On how long a key a raised signature rests, so that it is raised again before such keys are not
//! accepted any more.

use sea_orm_migration::prelude::*;

/// `signed_copies.rests_on_rsa_bits`, `raised_signatures.rests_on_rsa_bits`. Nothing for what is
/// there: it becomes known when it is raised again.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["signed_copies", "raised_signatures"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let sql = format!("ALTER TABLE {table} ADD COLUMN rests_on_rsa_bits bigint");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let sql = format!("ALTER TABLE {table} DROP COLUMN rests_on_rsa_bits");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
