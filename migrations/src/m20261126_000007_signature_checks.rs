//! What the checks of stored signatures came to, so that they can be asked for and compared; and
//! the kind of job that makes them again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Tables `checked_files` and `signature_checks`; `jobs.kind` takes `recheck`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const BEFORE: &str = "'render_pages', 'sweep'";
const AFTER: &str = "'render_pages', 'sweep', 'recheck'";

const VERDICTS: &str = "'TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED'";

/// Both are derived: emptied, they are filled again by the next checks.
const UP: &str = "CREATE TABLE checked_files (
    version_id {uuid} PRIMARY KEY REFERENCES versions (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    digest text,
    outcome text CHECK (outcome IN ('judged', 'unreadable', 'too_large')),
    signatures_count bigint NOT NULL DEFAULT 0,
    checked_at bigint,
    claimed_until bigint,
    fence bigint NOT NULL DEFAULT 0
);
CREATE INDEX checked_files_age ON checked_files (organisation_id, checked_at);
CREATE TABLE signature_checks (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    document_id {uuid} NOT NULL REFERENCES documents (id),
    version_id {uuid} NOT NULL REFERENCES versions (id),
    version_number bigint NOT NULL,
    ordinal bigint NOT NULL,
    digest text NOT NULL,
    indication text NOT NULL CHECK (indication IN ({verdicts})),
    sub_indication text,
    reason text,
    signer_name text,
    signer_organisation text,
    certificate_ends_at bigint,
    revoked_at bigint,
    proven_at bigint,
    claimed_at text,
    weak_algorithm text,
    checked_at bigint NOT NULL,
    previous_indication text CHECK (previous_indication IN ({verdicts})),
    changed_at bigint,
    created_at bigint NOT NULL,
    UNIQUE (version_id, ordinal)
);
CREATE INDEX signature_checks_list ON signature_checks (organisation_id, created_at, id);
CREATE INDEX signature_checks_verdict ON signature_checks (organisation_id, indication)";

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
        let uuid = match manager.get_database_backend() {
            DbBackend::Postgres => "uuid",
            _ => "blob",
        };
        let tables = UP.replace("{uuid}", uuid);
        let tables = tables.replace("{verdicts}", VERDICTS);
        manager.get_connection().execute_unprepared(&tables).await?;
        take_kinds(manager, AFTER).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            "DROP TABLE signature_checks",
            "DROP TABLE checked_files",
            "DELETE FROM jobs WHERE kind = 'recheck'",
        ] {
            let connection = manager.get_connection();
            connection.execute_unprepared(statement).await?;
        }
        take_kinds(manager, BEFORE).await
    }
}

/// Lets `jobs.kind` hold these and no others.
pub(crate) async fn take_kinds(manager: &SchemaManager<'_>, kinds: &str) -> Result<(), DbErr> {
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
        let connection = manager.get_connection();
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}
