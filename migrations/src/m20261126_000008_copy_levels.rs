//! How long a signed copy will carry by itself: its level, until when, and why it was not raised;
//! and the kind of job that raises it.

use sea_orm_migration::prelude::*;

use crate::m20261126_000007_signature_checks::take_kinds;

/// Four columns of `signed_copies`; `jobs.kind` takes `extend`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const BEFORE: &str = "'render_pages', 'sweep', 'recheck'";
const AFTER: &str = "'render_pages', 'sweep', 'recheck', 'extend'";

/// Name, and what it holds.
const COLUMNS: [(&str, &str); 4] = [
    (
        "level",
        "text NOT NULL DEFAULT 'B-T' CHECK (level IN ('B-T', 'B-LT', 'B-LTA'))",
    ),
    ("lasts_until", "bigint"),
    ("raise_after", "bigint NOT NULL DEFAULT 0"),
    ("raise_problem", "text"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, holds) in COLUMNS {
            let sql = format!("ALTER TABLE signed_copies ADD COLUMN {name} {holds}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        take_kinds(manager, AFTER).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for (name, _) in COLUMNS {
            let sql = format!("ALTER TABLE signed_copies DROP COLUMN {name}");
            connection.execute_unprepared(&sql).await?;
        }
        let forget = "DELETE FROM jobs WHERE kind = 'extend'";
        connection.execute_unprepared(forget).await?;
        take_kinds(manager, BEFORE).await
    }
}
