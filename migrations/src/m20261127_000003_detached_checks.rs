//! Detached signatures are checked by schedule as signed copies are: their checks stand in the same
//! tables.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// `checked_files` and `signature_checks` go by a subject, which is a version or a detached
/// signature; `signature_checks.detached_id` says which.
#[derive(DeriveMigrationName)]
pub struct Migration;

const POSTGRES_UP: [&str; 10] = [
    "ALTER TABLE checked_files DROP CONSTRAINT checked_files_version_id_fkey",
    "ALTER TABLE checked_files RENAME COLUMN version_id TO subject_id",
    "ALTER TABLE signature_checks ADD COLUMN subject_id uuid",
    "UPDATE signature_checks SET subject_id = version_id",
    "ALTER TABLE signature_checks ALTER COLUMN subject_id SET NOT NULL",
    "ALTER TABLE signature_checks ADD COLUMN detached_id uuid REFERENCES detached_signatures (id)",
    "ALTER TABLE signature_checks DROP CONSTRAINT signature_checks_version_id_ordinal_key",
    "ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_subject_id_ordinal_key \
     UNIQUE (subject_id, ordinal)",
    // As on SQLite: what a version's copies ask for goes by the version.
    "CREATE INDEX signature_checks_version ON signature_checks (version_id)",
    "CREATE INDEX detached_signatures_organisation ON detached_signatures (organisation_id)",
];

const POSTGRES_DOWN: [&str; 10] = [
    "DROP INDEX detached_signatures_organisation",
    "DROP INDEX signature_checks_version",
    "DELETE FROM signature_checks WHERE detached_id IS NOT NULL",
    "DELETE FROM checked_files WHERE subject_id NOT IN (SELECT id FROM versions)",
    "ALTER TABLE signature_checks DROP CONSTRAINT signature_checks_subject_id_ordinal_key",
    "ALTER TABLE signature_checks DROP COLUMN detached_id",
    "ALTER TABLE signature_checks DROP COLUMN subject_id",
    "ALTER TABLE signature_checks ADD CONSTRAINT signature_checks_version_id_ordinal_key \
     UNIQUE (version_id, ordinal)",
    "ALTER TABLE checked_files RENAME COLUMN subject_id TO version_id",
    "ALTER TABLE checked_files ADD CONSTRAINT checked_files_version_id_fkey \
     FOREIGN KEY (version_id) REFERENCES versions (id)",
];

const VERDICTS: &str = "'TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED'";

/// SQLite changes neither keys nor references: the tables are made anew.
const FILES: &str = "CREATE TABLE checked_files (
    {key},
    organisation_id blob NOT NULL REFERENCES organisations (id),
    digest text,
    outcome text CHECK (outcome IN ('judged', 'unreadable', 'too_large')),
    signatures_count bigint NOT NULL DEFAULT 0,
    checked_at bigint,
    claimed_until bigint,
    fence bigint NOT NULL DEFAULT 0
)";

const CHECKS: &str = "CREATE TABLE signature_checks (
    id blob PRIMARY KEY,
    organisation_id blob NOT NULL REFERENCES organisations (id),
    document_id blob NOT NULL REFERENCES documents (id),
    version_id blob NOT NULL REFERENCES versions (id),
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
    {keys}
)";

/// The columns that both shapes of `signature_checks` have, in their order.
const COLUMNS: &str = "id, organisation_id, document_id, version_id, version_number, ordinal, \
    digest, indication, sub_indication, reason, signer_name, signer_organisation, \
    certificate_ends_at, revoked_at, proven_at, claimed_at, weak_algorithm, checked_at, \
    previous_indication, changed_at, created_at";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES_UP.map(str::to_owned).into(),
            _ => sqlite_up(),
        };
        run(manager, &statements).await
    }

    /// Checks of detached signatures have no place in the schema before; they are made again.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES_DOWN.map(str::to_owned).into(),
            _ => sqlite_down(),
        };
        run(manager, &statements).await
    }
}

async fn run(manager: &SchemaManager<'_>, statements: &[String]) -> Result<(), DbErr> {
    for statement in statements {
        let connection = manager.get_connection();
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}

fn sqlite_up() -> Vec<String> {
    let files = "subject_id blob PRIMARY KEY";
    let checks = "subject_id blob NOT NULL,
    detached_id blob REFERENCES detached_signatures (id),
    UNIQUE (subject_id, ordinal)";
    let mut statements = anew(
        files,
        checks,
        "INSERT INTO checked_files SELECT * FROM checked_files_before",
        &format!(
            "INSERT INTO signature_checks ({COLUMNS}, subject_id) \
             SELECT {COLUMNS}, version_id FROM signature_checks_before"
        ),
    );
    statements
        .push("CREATE INDEX signature_checks_version ON signature_checks (version_id)".to_owned());
    statements.push(
        "CREATE INDEX detached_signatures_organisation ON detached_signatures (organisation_id)"
            .to_owned(),
    );
    statements
}

fn sqlite_down() -> Vec<String> {
    let files = "version_id blob PRIMARY KEY REFERENCES versions (id)";
    let checks = "UNIQUE (version_id, ordinal)";
    let mut statements = vec![
        "DROP INDEX detached_signatures_organisation".to_owned(),
        "DROP INDEX signature_checks_version".to_owned(),
    ];
    statements.extend(anew(
        files,
        checks,
        "INSERT INTO checked_files SELECT * FROM checked_files_before \
         WHERE subject_id IN (SELECT id FROM versions)",
        &format!(
            "INSERT INTO signature_checks SELECT {COLUMNS} FROM signature_checks_before \
             WHERE detached_id IS NULL"
        ),
    ));
    statements
}

fn anew(files: &str, checks: &str, copy_files: &str, copy_checks: &str) -> Vec<String> {
    let mut statements: Vec<String> = [
        "DROP INDEX checked_files_age",
        "DROP INDEX signature_checks_list",
        "DROP INDEX signature_checks_verdict",
        "ALTER TABLE checked_files RENAME TO checked_files_before",
        "ALTER TABLE signature_checks RENAME TO signature_checks_before",
    ]
    .map(str::to_owned)
    .into();
    statements.push(FILES.replace("{key}", files));
    statements.push(
        CHECKS
            .replace("{verdicts}", VERDICTS)
            .replace("{keys}", checks),
    );
    statements.extend([copy_files.to_owned(), copy_checks.to_owned()]);
    statements.extend(
        [
            "DROP TABLE checked_files_before",
            "DROP TABLE signature_checks_before",
            "CREATE INDEX checked_files_age ON checked_files (organisation_id, checked_at)",
            "CREATE INDEX signature_checks_list ON signature_checks \
             (organisation_id, created_at, id)",
            "CREATE INDEX signature_checks_verdict ON signature_checks \
             (organisation_id, indication)",
        ]
        .map(str::to_owned),
    );
    statements
}
