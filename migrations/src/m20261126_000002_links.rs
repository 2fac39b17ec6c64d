//! A link keeps whom it was mailed to; a consent is given once; which page images were served.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Columns of `links`, one index of `consents`, table `shown_pages`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "ALTER TABLE links ADD COLUMN contact_name text NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN contact_email text NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN close_reason text;
UPDATE links SET
    contact_name = (SELECT name FROM contacts WHERE contacts.id = links.contact_id),
    contact_email = (SELECT email FROM contacts WHERE contacts.id = links.contact_id);
CREATE TABLE shown_pages (
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    viewer_id {uuid} NOT NULL,
    file_digest text NOT NULL,
    page bigint NOT NULL,
    image_digest text NOT NULL,
    shown_at bigint NOT NULL,
    PRIMARY KEY (viewer_id, file_digest, page, image_digest)
);
CREATE INDEX shown_pages_image ON shown_pages (organisation_id, image_digest)";

/// Two clicks at once wrote the same consent twice: the first counts, the others say nothing new.
const ONE_EACH: &str = "DELETE FROM consents WHERE id IN (
    SELECT id FROM (
        SELECT id, ROW_NUMBER() OVER (
            PARTITION BY task_id, version_id, kind, COALESCE(person_id, contact_id)
            ORDER BY given_at, id
        ) AS place FROM consents
    ) AS placed WHERE place > 1
)";

const ONCE: &str = "CREATE UNIQUE INDEX consents_once
ON consents (task_id, version_id, kind, COALESCE(person_id, contact_id))";

/// As the first migration makes it.
const SQLITE_GUARD: &str = "CREATE TRIGGER consents_append_only_delete BEFORE DELETE ON consents \
    BEGIN SELECT RAISE(ABORT, 'consents is append-only'); END";

const DOWN: [&str; 5] = [
    "DROP TABLE shown_pages",
    "DROP INDEX consents_once",
    "ALTER TABLE links DROP COLUMN contact_name",
    "ALTER TABLE links DROP COLUMN contact_email",
    "ALTER TABLE links DROP COLUMN close_reason",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let (uuid, unguard, guard) = match manager.get_database_backend() {
            DbBackend::Postgres => (
                "uuid",
                "ALTER TABLE consents DISABLE TRIGGER consents_append_only",
                "ALTER TABLE consents ENABLE TRIGGER consents_append_only",
            ),
            _ => (
                "blob",
                "DROP TRIGGER consents_append_only_delete",
                SQLITE_GUARD,
            ),
        };
        let tables = UP.replace("{uuid}", uuid);
        for statement in [tables.as_str(), unguard, ONE_EACH, guard, ONCE] {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for statement in DOWN {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
