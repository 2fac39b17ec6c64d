//! A database that fails the row whose turn it is: what a crash between two statements leaves.

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use super::TestApp;

/// Tables that are no part of the house.
const OTHERS: [&str; 2] = ["faults", "seaql_migrations"];

/// Runs a statement outside every transaction.
pub async fn run(house: &TestApp, statement: &str) {
    let writer = house.app.store.writer();
    writer
        .execute_unprepared(statement)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}

async fn tables(house: &TestApp) -> Vec<String> {
    let list = match house.app.store.backend() {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        _ => {
            "SELECT table_name::text AS name FROM information_schema.tables \
              WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        }
    };
    let statement = Statement::from_string(house.app.store.backend(), list);
    let rows = house.app.store.writer().query_all_raw(statement).await;
    let names = rows.expect("rows").into_iter();
    let names = names.map(|row| row.try_get::<String>("", "name").expect("a name"));
    names
        .filter(|name| !OTHERS.contains(&name.as_str()) && !name.starts_with("sqlite_"))
        .collect()
}

/// Counts the rows that are written, in whatever table, and fails the one whose turn it is.
pub async fn arm(house: &TestApp) {
    let is_sqlite = house.app.store.backend() == DbBackend::Sqlite;
    run(
        house,
        "CREATE TABLE faults (seen bigint NOT NULL, turn bigint NOT NULL)",
    )
    .await;
    run(house, "INSERT INTO faults VALUES (0, 0)").await;
    if !is_sqlite {
        // A sequence, so that two transactions do not wait for each other because of this.
        run(house, "CREATE SEQUENCE faults_seen").await;
        let function = "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
            IF nextval('faults_seen') = (SELECT turn FROM faults) THEN RAISE 'fault'; END IF; \
            RETURN COALESCE(NEW, OLD); END $$";
        run(house, function).await;
    }
    for table in tables(house).await {
        for verb in ["INSERT", "UPDATE", "DELETE"] {
            let name = format!("fault_{table}_{verb}");
            let head = format!("CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW");
            let trigger = if is_sqlite {
                format!(
                    "{head} BEGIN UPDATE faults SET seen = seen + 1; \
                     SELECT RAISE(ABORT, 'fault') FROM faults WHERE seen = turn; END"
                )
            } else {
                format!("{head} EXECUTE FUNCTION fault()")
            };
            run(house, &trigger).await;
        }
    }
}

/// From now on, the `turn`-th row that is written fails; none at 0.
pub async fn set(house: &TestApp, turn: u64) {
    run(house, &format!("UPDATE faults SET seen = 0, turn = {turn}")).await;
    if house.app.store.backend() != DbBackend::Sqlite {
        run(house, "ALTER SEQUENCE faults_seen RESTART WITH 1").await;
    }
}
