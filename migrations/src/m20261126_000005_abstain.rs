//! A task may be decided by abstaining.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// One word more in the CHECK of `tasks.decision`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const BEFORE: [&str; 6] = [
    "approve",
    "approve_with_remarks",
    "return",
    "reject",
    "sign",
    "acknowledge",
];
const AFTER: [&str; 7] = [
    "approve",
    "approve_with_remarks",
    "return",
    "reject",
    "sign",
    "acknowledge",
    "abstain",
];

fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    format!("decision IN ({})", quoted.join(", "))
}

/// Replaces one CHECK by another. SQLite knows no statement for it: no row changes, so the text of
/// the table does (<https://sqlite.org/lang_altertable.html>, section 7), and a table that is made
/// and dropped tells other connections to read the schema again.
async fn replace(manager: &SchemaManager<'_>, from: &[&str], to: &[&str]) -> Result<(), DbErr> {
    let (from, to) = (list(from), list(to));
    let statements: Vec<String> = match manager.get_database_backend() {
        DbBackend::Postgres => vec![
            "ALTER TABLE tasks DROP CONSTRAINT tasks_decision_check".to_owned(),
            format!("ALTER TABLE tasks ADD CONSTRAINT tasks_decision_check CHECK ({to})"),
        ],
        _ => vec![
            "PRAGMA writable_schema = ON".to_owned(),
            format!(
                "UPDATE sqlite_schema SET sql = replace(sql, '{}', '{}') \
                 WHERE type = 'table' AND name = 'tasks'",
                from.replace('\'', "''"),
                to.replace('\'', "''")
            ),
            "PRAGMA writable_schema = RESET".to_owned(),
            "CREATE TABLE schema_was_changed (id bigint)".to_owned(),
            "DROP TABLE schema_was_changed".to_owned(),
        ],
    };
    for statement in statements {
        let connection = manager.get_connection();
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, &BEFORE, &AFTER).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, &AFTER, &BEFORE).await
    }
}
