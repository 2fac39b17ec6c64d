//! The house: every table of the first release.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// See `m20261123_000001_house.sql`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = include_str!("m20261123_000001_house.sql");

/// Tables whose rows are written once. Everything else may change.
const APPEND_ONLY: [&str; 8] = [
    "audit_events",
    "run_events",
    "versions",
    "attachments",
    "certificates",
    "signatures",
    "consents",
    "definitions",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let connection = manager.get_connection();
        let (uuid, bytes) = match backend {
            DbBackend::Postgres => ("uuid", "bytea"),
            _ => ("blob", "blob"),
        };
        let tables = UP.replace("{uuid}", uuid).replace("{bytes}", bytes);
        connection.execute_unprepared(&tables).await?;
        for statement in append_only_triggers(backend) {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for table in tables().into_iter().rev() {
            connection
                .execute_unprepared(&format!("DROP TABLE {table}"))
                .await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            connection
                .execute_unprepared("DROP FUNCTION refuse_change()")
                .await?;
        }
        Ok(())
    }
}

/// The tables in the order of their creation, read from the statement itself.
fn tables() -> Vec<&'static str> {
    UP.lines()
        .filter_map(|line| line.strip_prefix("CREATE TABLE "))
        .filter_map(|rest| rest.split_whitespace().next())
        .collect()
}

fn append_only_triggers(backend: DbBackend) -> Vec<String> {
    if backend == DbBackend::Postgres {
        let function = "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS \
            $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME \
            USING ERRCODE = 'restrict_violation'; END $$";
        let triggers = APPEND_ONLY.iter().map(|table| {
            format!(
                "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
                 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        });
        return std::iter::once(function.to_owned())
            .chain(triggers)
            .collect();
    }
    let mut triggers = Vec::new();
    for table in APPEND_ONLY {
        for what in ["UPDATE", "DELETE"] {
            triggers.push(format!(
                "CREATE TRIGGER {table}_append_only_{} BEFORE {what} ON {table} \
                 BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
                what.to_lowercase()
            ));
        }
    }
    triggers
}
