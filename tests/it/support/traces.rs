//! What a request may leave behind: rows of any table, stored files, delivered mail.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use super::TestApp;

/// Counts at a moment; two that are equal say that nothing came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traces {
    rows: BTreeMap<String, i64>,
    stored_files: usize,
    mails: usize,
}

impl Traces {
    /// Of everything that belongs to the house.
    pub async fn of(house: &TestApp) -> Self {
        Self {
            rows: rows(house).await,
            stored_files: files_beneath(house.app.config.blobs.directory.clone()),
            mails: house.mails().len(),
        }
    }

    /// The same without the rows of these tables.
    pub fn without(mut self, tables: &[&str]) -> Self {
        self.rows
            .retain(|table, _| !tables.contains(&table.as_str()));
        self
    }
}

/// Every table with its number of rows.
async fn rows(house: &TestApp) -> BTreeMap<String, i64> {
    let reader = house.app.store.reader();
    let backend = reader.get_database_backend();
    let tables = match backend {
        DbBackend::Postgres => {
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table'",
    };
    let asked = reader.query_all_raw(Statement::from_string(backend, tables));
    let mut counts = BTreeMap::new();
    for table in asked.await.expect("tables") {
        let name: String = table.try_get("", "name").expect("a name");
        let sql = format!("SELECT count(*) AS count FROM \"{name}\"");
        let row = reader.query_one_raw(Statement::from_string(backend, sql));
        let row = row.await.expect("a count").expect("a row");
        counts.insert(name, row.try_get("", "count").expect("a number"));
    }
    assert!(counts.len() > 20, "{counts:?}");
    counts
}

/// How many files there are in a folder and the folders in it.
pub fn files_beneath(folder: PathBuf) -> usize {
    let mut waiting = vec![folder];
    let mut count = 0;
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path().is_dir() {
                true => waiting.push(entry.path()),
                false => count += 1,
            }
        }
    }
    count
}
