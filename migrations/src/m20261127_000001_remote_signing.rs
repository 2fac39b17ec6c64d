//! Signatures by keys that stay outside: their certificates, which we did not issue, and detached
//! signatures that were made elsewhere and brought here.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Tables `outside_certificates` and `detached_signatures`, written once; `signings` and
/// `signatures` take a third place of a key, its algorithms, and no certificate of ours.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [(&str, &str); 2] = [
    (
        "outside_certificates",
        "CREATE TABLE outside_certificates (
    signing_id {uuid} PRIMARY KEY REFERENCES signings (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    serial text NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    issuer text NOT NULL,
    key_digest text NOT NULL,
    der {bytes} NOT NULL,
    chain text NOT NULL,
    not_before bigint NOT NULL,
    not_after bigint NOT NULL,
    presented_at bigint NOT NULL
)",
    ),
    (
        "detached_signatures",
        "CREATE TABLE detached_signatures (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    document_id {uuid} NOT NULL REFERENCES documents (id),
    version_id {uuid} NOT NULL REFERENCES versions (id),
    task_id {uuid} REFERENCES tasks (id),
    person_id {uuid} NOT NULL REFERENCES people (id),
    covers text NOT NULL CHECK (covers IN ('main', 'signed_copy')),
    covered_digest text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    signer_name text NOT NULL,
    indication text NOT NULL CHECK (indication IN ('TOTAL-PASSED', 'INDETERMINATE')),
    evidence text NOT NULL,
    received_at bigint NOT NULL,
    UNIQUE (version_id, digest)
);
CREATE INDEX detached_signatures_document ON detached_signatures (document_id)",
    ),
];

/// A column of `signings` and `signatures`, and the words that it took and takes.
const WORDS: [(&str, &str, &str); 2] = [
    (
        "key_place",
        "'browser', 'server'",
        "'browser', 'server', 'outside'",
    ),
    (
        "algorithm",
        "'ecdsa_p256', 'ed25519'",
        "'ecdsa_p256', 'ed25519', 'ecdsa_p384', 'ecdsa_p521', 'rsa_pkcs1', 'rsa_pss'",
    ),
];

const TABLES: [&str; 2] = ["signings", "signatures"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let (uuid, bytes) = match backend {
            DbBackend::Postgres => ("uuid", "bytea"),
            _ => ("blob", "blob"),
        };
        let connection = manager.get_connection();
        for (table, sql) in UP {
            let sql = sql.replace("{uuid}", uuid).replace("{bytes}", bytes);
            connection.execute_unprepared(&sql).await?;
            for trigger in append_only(backend, table) {
                connection.execute_unprepared(&trigger).await?;
            }
        }
        loosen(manager, Way::Up).await
    }

    /// Rows by outside keys have no place in the schema before: whoever has some stays here.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        loosen(manager, Way::Down).await?;
        for (table, _) in UP {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// Changes the rules of two tables.
async fn loosen(manager: &SchemaManager<'_>, way: Way) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DbBackend::Postgres => TABLES
            .iter()
            .flat_map(|table| of_postgres(table, way))
            .collect(),
        _ => of_sqlite(way),
    };
    for statement in statements {
        manager
            .get_connection()
            .execute_unprepared(&statement)
            .await?;
    }
    Ok(())
}

fn of_postgres(table: &str, way: Way) -> Vec<String> {
    let mut statements = Vec::new();
    for (column, before, after) in WORDS {
        let words = if way == Way::Up { after } else { before };
        let name = format!("{table}_{column}_check");
        statements.push(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
        statements.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({words}))"
        ));
    }
    let verb = if way == Way::Up { "DROP" } else { "SET" };
    statements.push(format!(
        "ALTER TABLE {table} ALTER COLUMN certificate_id {verb} NOT NULL"
    ));
    statements
}

/// SQLite knows no statement for it: no row changes, so the text of the tables does
/// (<https://sqlite.org/lang_altertable.html>, section 7), and a table that is made and dropped
/// tells other connections to read the schema again.
fn of_sqlite(way: Way) -> Vec<String> {
    let required = "certificate_id blob NOT NULL REFERENCES";
    let optional = "certificate_id blob REFERENCES";
    let mut changes = vec![(required.to_owned(), optional.to_owned())];
    for (column, before, after) in WORDS {
        let list = |words: &str| format!("{column} IN ({words})");
        changes.push((list(before), list(after)));
    }
    let mut statements = vec!["PRAGMA writable_schema = ON".to_owned()];
    for (before, after) in changes {
        let (from, to) = match way {
            Way::Up => (before, after),
            Way::Down => (after, before),
        };
        statements.push(format!(
            "UPDATE sqlite_schema SET sql = replace(sql, '{}', '{}') \
             WHERE type = 'table' AND name IN ('signings', 'signatures')",
            from.replace('\'', "''"),
            to.replace('\'', "''")
        ));
    }
    statements.extend([
        "PRAGMA writable_schema = RESET".to_owned(),
        "CREATE TABLE schema_was_changed (id bigint)".to_owned(),
        "DROP TABLE schema_was_changed".to_owned(),
    ]);
    statements
}

/// As the first migration makes them; on PostgreSQL its function `refuse_change` is there.
fn append_only(backend: DbBackend, table: &str) -> Vec<String> {
    if backend == DbBackend::Postgres {
        return vec![format!(
            "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE \
             ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )];
    }
    let trigger = |what: &str| {
        format!(
            "CREATE TRIGGER {table}_append_only_{} BEFORE {what} ON {table} \
             BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
            what.to_lowercase()
        )
    };
    vec![trigger("UPDATE"), trigger("DELETE")]
}
