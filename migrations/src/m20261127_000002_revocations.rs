//! Certificates that the authorities of organisations revoked, and the lists that say so.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Tables `revoked_certificates` and `revocation_lists`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 2] = [
    "CREATE TABLE revoked_certificates (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    authority_key_id {uuid} NOT NULL REFERENCES authority_keys (id),
    revoked_key_id {uuid} REFERENCES authority_keys (id),
    serial text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('key_compromise', 'affiliation_changed', \
     'superseded', 'cessation_of_operation')),
    since bigint NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (authority_key_id, serial)
)",
    "CREATE TABLE revocation_lists (
    authority_key_id {uuid} PRIMARY KEY REFERENCES authority_keys (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    fingerprint text NOT NULL UNIQUE,
    number bigint NOT NULL,
    entries_count bigint NOT NULL,
    der {bytes} NOT NULL,
    made_at bigint NOT NULL,
    next_at bigint NOT NULL
)",
];

const TABLES: [&str; 2] = ["revocation_lists", "revoked_certificates"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (uuid, bytes) = match manager.get_database_backend() {
            DbBackend::Postgres => ("uuid", "bytea"),
            _ => ("blob", "blob"),
        };
        for sql in UP {
            let sql = sql.replace("{uuid}", uuid).replace("{bytes}", bytes);
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
