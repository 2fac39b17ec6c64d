//! What SQLite and PostgreSQL say of their own tables.

use std::collections::{BTreeMap, BTreeSet};

use chancery::store::Store;
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement};

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub type_name: String,
    pub is_null: bool,
}

async fn rows(store: &Store, sql: &str) -> Vec<QueryResult> {
    let asked = Statement::from_string(store.backend(), sql.to_owned());
    store.reader().query_all_raw(asked).await.expect("rows")
}

fn text(row: &QueryResult, column: &str) -> String {
    row.try_get("", column).expect("text")
}

fn is_postgres(store: &Store) -> bool {
    store.backend() == DbBackend::Postgres
}

/// Every table with its columns in order.
pub async fn columns(store: &Store) -> BTreeMap<String, Vec<Column>> {
    let sql = if is_postgres(store) {
        "SELECT table_name AS tab, column_name AS col, data_type AS kind, \
         CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS may_be_null \
         FROM information_schema.columns WHERE table_schema = current_schema() \
         ORDER BY table_name, ordinal_position"
    } else {
        "SELECT m.name AS tab, c.name AS col, lower(c.type) AS kind, \
         CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 0 ELSE 1 END AS may_be_null \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
    };
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for row in rows(store, sql).await {
        let column = Column {
            name: text(&row, "col"),
            type_name: text(&row, "kind"),
            is_null: row.try_get::<i32>("", "may_be_null").expect("a number") == 1,
        };
        tables.entry(text(&row, "tab")).or_default().push(column);
    }
    tables
}

/// Foreign keys: table, column, the table referred to.
pub async fn references(store: &Store) -> BTreeSet<(String, String, String)> {
    let sql = if is_postgres(store) {
        "SELECT c.conrelid::regclass::text AS tab, a.attname::text AS col, \
         c.confrelid::regclass::text AS target FROM pg_constraint c \
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
         WHERE c.contype = 'f'"
    } else {
        "SELECT m.name AS tab, f.\"from\" AS col, f.\"table\" AS target \
         FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
    };
    let key = |row: &QueryResult| (text(row, "tab"), text(row, "col"), text(row, "target"));
    rows(store, sql).await.iter().map(key).collect()
}

/// The words between single quotes.
fn quoted(text: &str) -> Vec<String> {
    let odd = text.split('\'').skip(1).step_by(2);
    odd.map(str::to_owned).collect()
}

/// Columns that take only certain words: `table.column` and the words.
pub async fn checks(store: &Store) -> Vec<(String, Vec<String>)> {
    if is_postgres(store) {
        let sql = "SELECT c.conrelid::regclass::text AS tab, a.attname::text AS col, \
             pg_get_constraintdef(c.oid) AS rule FROM pg_constraint c \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
             WHERE c.contype = 'c' AND array_length(c.conkey, 1) = 1";
        let found = rows(store, sql).await;
        let check = |row: &QueryResult| {
            let column = format!("{}.{}", text(row, "tab"), text(row, "col"));
            (column, quoted(&text(row, "rule")))
        };
        return found.iter().map(check).collect();
    }
    let sql = "SELECT name AS tab, sql AS rule FROM sqlite_master WHERE type = 'table'";
    let mut found = Vec::new();
    for row in rows(store, sql).await {
        let rule = text(&row, "rule");
        for after in rule.split("CHECK (").skip(1) {
            let (column, rest) = after.split_once(" IN (").unwrap_or((after, ""));
            // A rule of several columns is no list of words: it stands in the golden schema.
            if column.contains(' ') {
                continue;
            }
            let (list, _) = rest.split_once("))").expect("its end");
            found.push((format!("{}.{column}", text(&row, "tab")), quoted(list)));
        }
    }
    found
}

/// Tables whose triggers refuse an update and a deletion (on PostgreSQL, emptying too).
pub async fn guarded(store: &Store) -> BTreeSet<String> {
    let sql = if is_postgres(store) {
        // tgtype: 2 before, 8 delete, 16 update, 32 truncate; row level (1) is not set.
        "SELECT tgrelid::regclass::text AS tab, 2::bigint AS parts FROM pg_trigger \
         WHERE NOT tgisinternal AND tgtype = 58 AND tgenabled = 'O'"
    } else {
        "SELECT tbl_name AS tab, count(*) AS parts FROM sqlite_master \
         WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%' GROUP BY tbl_name"
    };
    let found = rows(store, sql).await;
    let whole = found
        .iter()
        .filter(|row| row.try_get::<i64>("", "parts").expect("a number") == 2);
    whole.map(|row| text(row, "tab")).collect()
}

/// How many rows a table has.
pub async fn count(store: &Store, table: &str) -> i64 {
    let found = rows(
        store,
        &format!("SELECT count(*) AS rows_count FROM {table}"),
    )
    .await;
    found[0].try_get("", "rows_count").expect("a number")
}

/// Everything but the table of migrations, as text; empty for an empty database.
pub async fn sum(store: &Store) -> String {
    if is_postgres(store) {
        return sum_of_postgres(store).await;
    }
    let sql = "SELECT sql AS made FROM sqlite_master WHERE sql IS NOT NULL \
         AND tbl_name NOT LIKE 'sqlite_%' AND tbl_name <> 'seaql_migrations' \
         ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, name";
    let found = rows(store, sql).await;
    found
        .iter()
        .map(|row| format!("{};\n\n", text(row, "made")))
        .collect()
}

async fn sum_of_postgres(store: &Store) -> String {
    let mut sum = String::new();
    for part in [
        // Columns, with their defaults.
        "SELECT format('-- %s.%s %s%s%s', c.table_name, c.column_name, c.data_type, \
           CASE c.is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END, \
           coalesce(' DEFAULT ' || c.column_default, '')) AS made \
         FROM information_schema.columns c WHERE c.table_schema = current_schema() \
         AND c.table_name <> 'seaql_migrations' ORDER BY c.table_name, c.ordinal_position",
        "SELECT format('ALTER TABLE %s ADD CONSTRAINT %s %s;', conrelid::regclass, conname, \
           pg_get_constraintdef(oid)) AS made FROM pg_constraint \
         WHERE connamespace = current_schema()::regnamespace AND contype IN ('p', 'u', 'f', 'c') \
         AND conrelid::regclass::text <> 'seaql_migrations' \
         ORDER BY conrelid::regclass::text COLLATE \"C\", conname COLLATE \"C\"",
        "SELECT indexdef || ';' AS made FROM pg_indexes WHERE schemaname = current_schema() \
         AND tablename <> 'seaql_migrations' ORDER BY indexname COLLATE \"C\"",
        "SELECT pg_get_functiondef(oid) || ';' AS made FROM pg_proc \
         WHERE pronamespace = current_schema()::regnamespace ORDER BY proname COLLATE \"C\"",
        "SELECT pg_get_triggerdef(oid) || ';' AS made FROM pg_trigger WHERE NOT tgisinternal \
         ORDER BY tgname COLLATE \"C\"",
    ] {
        for row in rows(store, part).await {
            sum.push_str(&text(&row, "made"));
            sum.push('\n');
        }
    }
    sum
}
