//! The daily sweep: a kind of job, and indexes by which it finds who names a file.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// `jobs.kind` takes `sweep`; whatever names a file is found by its digest.
#[derive(DeriveMigrationName)]
pub struct Migration;

const BEFORE: &str = "'render_pages'";
const AFTER: &str = "'render_pages', 'sweep'";

/// Name, table and columns.
const INDEXES: [(&str, &str); 8] = [
    ("blobs_age", "blobs (organisation_id, created_at)"),
    (
        "attachments_digest",
        "attachments (organisation_id, digest)",
    ),
    (
        "signed_copies_digest",
        "signed_copies (organisation_id, digest)",
    ),
    (
        "page_images_digest",
        "page_images (organisation_id, image_digest)",
    ),
    (
        "disagreements_digest",
        "disagreements (organisation_id, digest)",
    ),
    (
        "signatures_base",
        "signatures (organisation_id, base_digest)",
    ),
    (
        "signatures_copy",
        "signatures (organisation_id, copy_digest)",
    ),
    (
        "signings_prepared",
        "signings (organisation_id, prepared_digest)",
    ),
];

/// SQLite changes no CHECK: the table is made anew. As the first migration has it.
const JOBS: &str = "CREATE TABLE jobs (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    kind text NOT NULL CHECK (kind IN ({kinds})),
    key text NOT NULL,
    payload text NOT NULL,
    state text NOT NULL CHECK (state IN ('ready', 'running', 'done', 'failed')),
    attempts bigint NOT NULL DEFAULT 0,
    next_at bigint NOT NULL,
    lease_until bigint,
    fence bigint NOT NULL DEFAULT 0,
    last_error text,
    created_at bigint NOT NULL,
    done_at bigint,
    UNIQUE (organisation_id, key)
)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        take_kinds(manager, AFTER).await?;
        for (name, on) in INDEXES {
            let statement = format!("CREATE INDEX {name} ON {on}");
            manager
                .get_connection()
                .execute_unprepared(&statement)
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for (name, _) in INDEXES.into_iter().rev() {
            let statement = format!("DROP INDEX {name}");
            connection.execute_unprepared(&statement).await?;
        }
        let sweeps = "DELETE FROM jobs WHERE kind = 'sweep'";
        connection.execute_unprepared(sweeps).await?;
        take_kinds(manager, BEFORE).await
    }
}

async fn take_kinds(manager: &SchemaManager<'_>, kinds: &str) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DbBackend::Postgres => vec![
            "ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check".to_owned(),
            format!("ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ({kinds}))"),
        ],
        _ => vec![
            "DROP INDEX jobs_ready".to_owned(),
            "ALTER TABLE jobs RENAME TO jobs_before".to_owned(),
            JOBS.replace("{kinds}", kinds),
            "INSERT INTO jobs SELECT * FROM jobs_before".to_owned(),
            "DROP TABLE jobs_before".to_owned(),
            "CREATE INDEX jobs_ready ON jobs (next_at) WHERE state IN ('ready', 'running')"
                .to_owned(),
        ],
    };
    for statement in statements {
        manager
            .get_connection()
            .execute_unprepared(&statement)
            .await?;
    }
    Ok(())
}
