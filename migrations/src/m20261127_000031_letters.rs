//! Whether a person is told of each task by a letter, or of all of them once a day.

use sea_orm_migration::prelude::*;

use crate::m20261126_000007_signature_checks::take_kinds;

/// Column `people.letters`: `each` or `daily`; `jobs.kind` takes `daily_letters`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const BEFORE: &str = "'render_pages', 'sweep', 'recheck', 'extend'";
const AFTER: &str = "'render_pages', 'sweep', 'recheck', 'extend', 'daily_letters'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared(
                "ALTER TABLE people ADD COLUMN letters text NOT NULL DEFAULT 'each' \
                 CHECK (letters IN ('each', 'daily'))",
            )
            .await?;
        take_kinds(manager, AFTER).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("ALTER TABLE people DROP COLUMN letters")
            .await?;
        let forget = "DELETE FROM jobs WHERE kind = 'daily_letters'";
        connection.execute_unprepared(forget).await?;
        take_kinds(manager, BEFORE).await
    }
}
