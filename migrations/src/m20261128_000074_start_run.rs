//! Runs that start by themselves.

use sea_orm_migration::prelude::*;

use crate::m20261126_000007_signature_checks::take_kinds;

/// `jobs.kind` takes `start_run`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const BEFORE: &str = "'render_pages', 'sweep', 'recheck', 'extend', 'daily_letters', \
     'create_document', 'count_children'";
const AFTER: &str = "'render_pages', 'sweep', 'recheck', 'extend', 'daily_letters', \
     'create_document', 'count_children', 'start_run'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        take_kinds(manager, AFTER).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let forget = "DELETE FROM jobs WHERE kind = 'start_run'";
        let connection = manager.get_connection();
        connection.execute_unprepared(forget).await?;
        take_kinds(manager, BEFORE).await
    }
}
