//! Who is away and who stands in for them; which tasks they were told of; who decided in whose
//! place.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Tables `absences` and `stand_ins`; `tasks` says who decided, if not whoever holds it.
#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 6] = [
    "CREATE TABLE absences (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    person_id {uuid} NOT NULL REFERENCES people (id),
    substitute_id {uuid} REFERENCES people (id),
    kinds text NOT NULL,
    powers text NOT NULL CHECK (powers IN ('decide', 'sign')),
    from_at bigint NOT NULL,
    until_at bigint NOT NULL,
    recorded_at bigint NOT NULL,
    ended_at bigint,
    told_at bigint
)",
    "CREATE INDEX absences_until ON absences (organisation_id, until_at)",
    "CREATE INDEX absences_untold ON absences (from_at) WHERE told_at IS NULL",
    "CREATE TABLE stand_ins (
    task_id {uuid} NOT NULL REFERENCES tasks (id),
    person_id {uuid} NOT NULL REFERENCES people (id),
    organisation_id {uuid} NOT NULL REFERENCES organisations (id),
    told_at bigint NOT NULL,
    PRIMARY KEY (task_id, person_id)
)",
    "CREATE INDEX stand_ins_person ON stand_ins (person_id)",
    "ALTER TABLE tasks ADD COLUMN decided_by_id {uuid} REFERENCES people (id)",
];
const DOWN: [&str; 3] = [
    "ALTER TABLE tasks DROP COLUMN decided_by_id",
    "DROP TABLE stand_ins",
    "DROP TABLE absences",
];

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
        for statement in UP {
            let sql = statement.replace("{uuid}", uuid);
            manager.get_connection().execute_unprepared(&sql).await?;
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
