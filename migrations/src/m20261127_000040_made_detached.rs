//! Signatures that are made here and stand in files of their own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// `signings.form` says where a signature is to stand. `detached_signatures` takes those that were
/// made here: by a contact where no person of ours made them, and with the signing that led to
/// them.
#[derive(DeriveMigrationName)]
pub struct Migration;

const FORM: &str = "ALTER TABLE signings ADD COLUMN form text NOT NULL DEFAULT 'embedded' \
    CHECK (form IN ('embedded', 'detached'))";

const MORE: [&str; 3] = [
    "ALTER TABLE detached_signatures ADD COLUMN contact_id {uuid} REFERENCES contacts (id)",
    "ALTER TABLE detached_signatures ADD COLUMN signing_id {uuid} REFERENCES signings (id)",
    "CREATE UNIQUE INDEX detached_signatures_signing ON detached_signatures (signing_id)",
];

const LESS: [&str; 4] = [
    "DROP INDEX detached_signatures_signing",
    "ALTER TABLE detached_signatures DROP COLUMN signing_id",
    "ALTER TABLE detached_signatures DROP COLUMN contact_id",
    "ALTER TABLE signings DROP COLUMN form",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let uuid = match backend {
            DbBackend::Postgres => "uuid",
            _ => "blob",
        };
        let mut statements = vec![FORM.to_owned()];
        statements.extend(person(backend, Way::Up));
        statements.extend(MORE.map(|sql| sql.replace("{uuid}", uuid)));
        run(manager, &statements).await
    }

    /// Signatures that contacts made have no place in the schema before: whoever has some stays
    /// here.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut statements: Vec<String> = LESS.map(str::to_owned).into();
        statements.extend(person(manager.get_database_backend(), Way::Down));
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// Whether a person must be named. SQLite knows no statement for it: the text of the table changes,
/// as in `m20261127_000001_remote_signing`.
fn person(backend: DbBackend, way: Way) -> Vec<String> {
    if backend == DbBackend::Postgres {
        let verb = if way == Way::Up { "DROP" } else { "SET" };
        return vec![format!(
            "ALTER TABLE detached_signatures ALTER COLUMN person_id {verb} NOT NULL"
        )];
    }
    let required = "person_id blob NOT NULL REFERENCES";
    let optional = "person_id blob REFERENCES";
    let (from, to) = match way {
        Way::Up => (required, optional),
        Way::Down => (optional, required),
    };
    vec![
        "PRAGMA writable_schema = ON".to_owned(),
        format!(
            "UPDATE sqlite_schema SET sql = replace(sql, '{from}', '{to}') \
             WHERE type = 'table' AND name = 'detached_signatures'"
        ),
        "PRAGMA writable_schema = RESET".to_owned(),
        "CREATE TABLE schema_was_changed (id bigint)".to_owned(),
        "DROP TABLE schema_was_changed".to_owned(),
    ]
}
