//! Comments and remarks that are about a place on a page.

use sea_orm_migration::prelude::*;

/// Columns `page`, `place_x` and `place_y` of `comments`, a page alone for the page as a whole;
/// `place_x`, `place_y` and `comment_id` of `remarks`, which have had `page` from the first day.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Ten-thousandths of a page's width and height, from its upper left corner.
const UP: [&str; 7] = [
    "ALTER TABLE comments ADD COLUMN page bigint",
    "ALTER TABLE comments ADD COLUMN place_x bigint",
    "ALTER TABLE comments ADD COLUMN place_y bigint \
     CHECK ((place_x IS NULL) = (place_y IS NULL) AND (place_x IS NULL OR page IS NOT NULL))",
    "ALTER TABLE remarks ADD COLUMN place_x bigint",
    "ALTER TABLE remarks ADD COLUMN place_y bigint \
     CHECK ((place_x IS NULL) = (place_y IS NULL) AND (place_x IS NULL OR page IS NOT NULL))",
    "ALTER TABLE remarks ADD COLUMN comment_id {uuid} REFERENCES comments (id)",
    "CREATE UNIQUE INDEX remarks_comment ON remarks (comment_id) WHERE comment_id IS NOT NULL",
];

const DOWN: [&str; 7] = [
    "DROP INDEX remarks_comment",
    "ALTER TABLE remarks DROP COLUMN comment_id",
    "ALTER TABLE remarks DROP COLUMN place_y",
    "ALTER TABLE remarks DROP COLUMN place_x",
    "ALTER TABLE comments DROP COLUMN place_y",
    "ALTER TABLE comments DROP COLUMN place_x",
    "ALTER TABLE comments DROP COLUMN page",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let uuid = match manager.get_database_backend() {
            sea_orm_migration::sea_orm::DbBackend::Postgres => "uuid",
            _ => "blob",
        };
        for statement in UP {
            let sql = statement.replace("{uuid}", uuid);
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in DOWN {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        Ok(())
    }
}
