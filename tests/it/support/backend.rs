//! Where a house under test keeps its rows, files and mail.

use std::sync::LazyLock;

use chancery::config::{self, Config};
use chancery::entropy;
use sea_orm::{ConnectionTrait as _, Database};
use tempfile::TempDir;

/// A database that tests run on.
#[derive(Clone, Debug)]
pub enum Backend {
    /// A file in a temporary folder.
    Sqlite,
    /// A new database of the cluster at this address.
    Postgres(String),
}

/// A setting of the test run: `CHANCERY_TEST_…`.
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// Whether a missing `what` (a variable, a program) must fail the test rather than skip it.
pub fn is_required(what: &str) -> bool {
    let required = setting("CHANCERY_REQUIRE").is_some_and(|level| level == "all");
    assert!(!required, "CHANCERY_REQUIRE=all, but there is no {what}");
    eprintln!("skipped: there is no {what}");
    required
}

/// Whether there is OpenSSL's program; where there must be, its absence fails the test.
pub fn has_openssl() -> bool {
    let mut program = std::process::Command::new("openssl");
    let is_there = program.arg("version").output().is_ok();
    if !is_there {
        is_required("openssl");
    }
    is_there
}

impl Backend {
    /// PostgreSQL, if `CHANCERY_TEST_POSTGRES` names a cluster.
    pub fn postgres() -> Option<Self> {
        let found = setting("CHANCERY_TEST_POSTGRES").map(Self::Postgres);
        if found.is_none() {
            is_required("CHANCERY_TEST_POSTGRES");
        }
        found
    }

    /// The one backend of tests that do not touch the database's own ways: SQLite, or PostgreSQL
    /// where `CHANCERY_TEST_DATABASE` says `postgres`, as `cargo xtask test --database` does.
    pub fn single() -> Self {
        match setting("CHANCERY_TEST_DATABASE").as_deref() {
            None | Some("sqlite") => Self::Sqlite,
            Some("postgres") => Self::postgres().expect("CHANCERY_TEST_POSTGRES names a cluster"),
            Some(other) => panic!("CHANCERY_TEST_DATABASE={other}: sqlite or postgres"),
        }
    }

    /// Every backend of this run.
    pub fn all() -> Vec<Self> {
        std::iter::once(Self::Sqlite)
            .chain(Self::postgres())
            .collect()
    }
}

/// The key of every house of this process: what one house sealed, its copies can open.
static MASTER_KEY: LazyLock<String> = LazyLock::new(|| hex(&entropy::bytes::<32>()));

/// The file of an embedded database, in its folder.
const DATABASE_FILE: &str = "chancery.db";

/// The rows of a place that nobody is connected to any more, to make others like it.
pub enum Copied {
    /// The file of an embedded database.
    Sqlite(Vec<u8>),
    /// A database of this cluster.
    Postgres {
        /// The cluster's address.
        cluster: String,
        /// The database's name.
        name: String,
    },
}

/// The folder and database of one house.
pub struct Place {
    folder: TempDir,
    database_url: String,
    cluster: Option<(String, String)>,
}

impl Place {
    /// Makes an empty folder and an empty database.
    pub async fn make(backend: &Backend) -> Self {
        let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
        let Backend::Postgres(cluster) = backend else {
            return Self::on_sqlite(folder);
        };
        Self::on_postgres(folder, cluster, "").await
    }

    /// Makes a place with the rows of `copied`.
    pub async fn like(copied: &Copied) -> Self {
        let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
        match copied {
            Copied::Sqlite(bytes) => {
                std::fs::write(folder.path().join(DATABASE_FILE), bytes).expect("a file");
                Self::on_sqlite(folder)
            }
            Copied::Postgres { cluster, name } => {
                Self::on_postgres(folder, cluster, &format!(" TEMPLATE {name}")).await
            }
        }
    }

    /// The rows of this place, of which nothing else stays.
    pub fn copied(self) -> Copied {
        if let Some((cluster, name)) = self.cluster {
            return Copied::Postgres { cluster, name };
        }
        let beside = self.folder.path().join(format!("{DATABASE_FILE}-wal"));
        assert!(
            !beside.exists(),
            "everything is in one file once it is closed"
        );
        let file = self.folder.path().join(DATABASE_FILE);
        Copied::Sqlite(std::fs::read(file).expect("a database"))
    }

    fn on_sqlite(folder: TempDir) -> Self {
        let file = folder.path().join(DATABASE_FILE);
        Self {
            database_url: format!("sqlite://{}?mode=rwc", file.display()),
            folder,
            cluster: None,
        }
    }

    async fn on_postgres(folder: TempDir, cluster: &str, like: &str) -> Self {
        let name = format!("chancery_test_{}", hex(&entropy::bytes::<8>()));
        run(cluster, &format!("CREATE DATABASE {name}{like}")).await;
        Self {
            database_url: in_cluster(cluster, &name),
            folder,
            cluster: Some((cluster.to_owned(), name)),
        }
    }

    /// The configuration of a house in this place.
    pub fn config(&self) -> Config {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let variables = [
            ("CHANCERY__DATABASE__URL", self.database_url.clone()),
            ("CHANCERY__DATABASE__CONNECTIONS_MAX", "6".to_owned()),
            ("CHANCERY__BLOBS__DIRECTORY", path("blobs")),
            ("CHANCERY__MAIL__DIRECTORY", path("mail")),
            (
                "CHANCERY__MAIL__FROM_ADDRESS",
                "chancery@vector.example".to_owned(),
            ),
            ("CHANCERY__SECRETS__MASTER_KEY", MASTER_KEY.clone()),
            ("CHANCERY__WORKFLOWS__DIRECTORY", workflows()),
        ];
        let given = variables.map(|(name, value)| (name.to_owned(), value));
        config::load(None, given).expect("a configuration")
    }

    /// Drops the database; the folder goes with this value.
    pub async fn remove(self) {
        if let Some((cluster, name)) = &self.cluster {
            run(cluster, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

fn workflows() -> String {
    format!("{}/workflows", env!("CARGO_MANIFEST_DIR"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn run(url: &str, statement: &str) {
    let connection = Database::connect(url).await.expect("the cluster");
    connection
        .execute_unprepared(statement)
        .await
        .expect("the statement");
    connection.close().await.expect("closed");
}

/// The address of database `name` in the cluster at `url`.
fn in_cluster(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let host_end = address[after_scheme..]
        .find('/')
        .map_or(address.len(), |at| after_scheme + at);
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}/{name}{mark}{query}", &address[..host_end])
}
