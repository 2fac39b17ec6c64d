//! Powers of attorney beside stored signatures, with what their last checks came to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Tables `signature_powers` and `signature_power_files`, written once, and `power_checks`. A power
/// goes by the file that the signature stands in (`subject_id`: a version or a detached signature)
/// and by the signature's place there; the one with the highest ordinal counts.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 5] = [
    "CREATE TABLE signature_powers (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    document_id {uuid} NOT NULL REFERENCES documents (id),
    version_id {uuid} NOT NULL REFERENCES versions (id),
    detached_id {uuid} REFERENCES detached_signatures (id),
    subject_id {uuid} NOT NULL,
    place bigint NOT NULL,
    ordinal bigint NOT NULL,
    person_id {uuid} NOT NULL REFERENCES people (id),
    field_name text,
    signer_name text NOT NULL,
    signers text NOT NULL,
    number text,
    asked_organisation text,
    asked_code text,
    added_at bigint NOT NULL,
    UNIQUE (subject_id, place, ordinal)
)",
    "CREATE INDEX signature_powers_document ON signature_powers (document_id)",
    "CREATE TABLE signature_power_files (
    power_id {uuid} NOT NULL REFERENCES signature_powers (id),
    position bigint NOT NULL,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    role text NOT NULL CHECK (role IN ('power', 'signature', 'parent', 'parent_signature')),
    signs_position bigint,
    name text NOT NULL,
    digest text NOT NULL,
    size_bytes bigint NOT NULL,
    PRIMARY KEY (power_id, position)
)",
    "CREATE INDEX signature_power_files_digest ON signature_power_files (organisation_id, digest)",
    "CREATE TABLE power_checks (
    power_id {uuid} PRIMARY KEY REFERENCES signature_powers (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    result text NOT NULL CHECK (result IN ('confirmed', 'undecided', 'refused')),
    reason text,
    checked_at bigint NOT NULL,
    previous_result text CHECK (previous_result IN ('confirmed', 'undecided', 'refused')),
    changed_at bigint
)",
];

const WRITTEN_ONCE: [&str; 2] = ["signature_powers", "signature_power_files"];

const DOWN: [&str; 3] = [
    "DROP TABLE power_checks",
    "DROP TABLE signature_power_files",
    "DROP TABLE signature_powers",
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
        let connection = manager.get_connection();
        for statement in UP {
            let sql = statement.replace("{uuid}", uuid);
            connection.execute_unprepared(&sql).await?;
        }
        for table in WRITTEN_ONCE {
            for trigger in append_only(backend, table) {
                connection.execute_unprepared(&trigger).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in DOWN {
            let connection = manager.get_connection();
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
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
