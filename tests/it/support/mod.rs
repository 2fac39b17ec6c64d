//! The house under test: a real [`App`] on its own database, files, mail and clock.
//!
//! ```text
//! on_both(async |house: &TestApp| { house.app.list_documents(&house.actor("lawyer"), …) … }).await
//! ```

mod backend;
pub mod cut;
pub mod der;
pub mod faults;
pub mod pdfs;
pub mod powers;
mod seed;
mod template;
mod traces;

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use actix_web::dev::ServerHandle;
use chancery::app::App;
use chancery::cli::{self, Migrate};
use chancery::clock::Clock;
use chancery::config::Config;
use chancery::domain::actor::Actor;
use chancery::pdf_worker::{PdfWorker, WorkerSettings};
use chancery::web::Web;
use chancery_types::Instant;
use tempfile::TempDir;

pub use backend::{Backend, has_openssl, is_required, setting};
pub use seed::House;
pub use traces::{Traces, files_beneath};

use backend::Place;
use template::Template;

/// The workflows that come with the program, in a folder of their own. `change` has each file by
/// its path in the folder, `chains/contract.yaml`, and answers what it says there.
pub fn workflows_like(change: impl Fn(&str, String) -> String) -> TempDir {
    let folder = TempDir::with_prefix("chancery-workflows-").expect("a folder");
    write_workflows(folder.path(), change);
    folder
}

/// As [`workflows_like`], into a folder that the test has; it is made if it is not there.
pub fn write_workflows(folder: &Path, change: impl Fn(&str, String) -> String) {
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    for part in ["", "chains/", "kinds/", "calendars/", "packs/"] {
        std::fs::create_dir_all(folder.join(part)).expect("made");
        for entry in std::fs::read_dir(house.join(part)).expect("read") {
            let entry = entry.expect("an entry");
            if entry.path().is_file() {
                let path = format!("{part}{}", entry.file_name().display());
                let text = std::fs::read_to_string(entry.path()).expect("a text");
                std::fs::write(folder.join(&path), change(&path, text)).expect("written");
            }
        }
    }
}

/// When every test begins: a Monday morning in Moscow.
pub const START: &str = "2026-11-23T07:00:00Z";

/// One house: an app, two organisations with their people, and everything they leave behind.
pub struct TestApp {
    /// The app itself: call its use cases.
    pub app: App,
    /// The organisation most tests use; Russian.
    pub vector: House,
    /// The other one, which must never see anything of the first; English.
    pub northwind: House,
    place: Place,
}

/// A place without an app: for tests of the start itself.
pub struct Configured {
    /// What the app would be built of.
    pub config: Config,
    place: Place,
}

impl TestApp {
    /// A new house on `backend`, migrated and seeded; its clock stands at [`START`].
    pub async fn start(backend: &Backend) -> Self {
        Self::start_with(backend, |_| {}).await
    }

    /// As [`TestApp::start`], with settings changed by `change`.
    pub async fn start_with(backend: &Backend, change: impl FnOnce(&mut Config)) -> Self {
        let template = Template::of(backend).await;
        let place = Place::like(&template.copied).await;
        let mut config = place.config();
        change(&mut config);
        let mut app = start_app(config).await;
        // This program is the tests', so the worker's is named.
        app.pdf = PdfWorker::new(WorkerSettings {
            program: Some(PathBuf::from(env!("CARGO_BIN_EXE_chancery"))),
            ..WorkerSettings::of(&app.config)
        });
        Self {
            app,
            vector: template.vector.clone(),
            northwind: template.northwind.clone(),
            place,
        }
    }

    /// A new house on [`Backend::single`], for what does not touch the database's own ways.
    pub async fn single() -> Self {
        Self::start(&Backend::single()).await
    }

    /// A configuration with an empty database, empty folders and a random master key.
    pub async fn configure(backend: &Backend) -> Configured {
        let place = Place::make(backend).await;
        let config = place.config();
        Configured { config, place }
    }

    /// A person of «Вектор» by the key of `seed`, as a logged-in actor.
    pub fn actor(&self, key: &str) -> Actor {
        self.vector.actor(key)
    }

    /// Serves this house on a free port of this machine, with every route of an ordinary server.
    pub fn serve(&self) -> Served {
        self.serve_on(TcpListener::bind("127.0.0.1:0").expect("a free port"))
    }

    /// As [`TestApp::serve`], on a port that was taken before the house was built.
    pub fn serve_on(&self, listener: TcpListener) -> Served {
        let address = listener.local_addr().expect("its address");
        let server = Web::new(self.app.clone()).serve(listener);
        let server = server.expect("a server");
        let handle = server.handle();
        tokio::spawn(server);
        Served {
            base_url: format!("http://{address}"),
            handle,
        }
    }

    /// Moves the clock.
    pub fn advance_seconds(&self, seconds: i64) {
        self.app.clock.advance_seconds(seconds);
    }

    /// The folder that delivered mail lies in.
    pub fn mail_folder(&self) -> PathBuf {
        self.app.config.mail.directory.clone()
    }

    /// Every delivered mail, as its bytes in text, in the order of file names.
    pub fn mails(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.mail_folder()) else {
            return Vec::new();
        };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|end| end == "eml"));
        files.sort();
        files
            .iter()
            .map(|path| std::fs::read_to_string(path).expect("a mail"))
            .collect()
    }

    /// Ends the house and removes what it left. (After a panic the folder goes too; a PostgreSQL
    /// database then stays in the throw-away cluster.)
    pub async fn close(self) {
        self.app.store.close().await.expect("closed");
        self.place.remove().await;
    }
}

/// An app of these settings, its clock at [`START`].
async fn start_app(config: Config) -> App {
    let start: Instant = START.parse().expect("a moment");
    cli::start(config, Clock::held(start), Migrate::Always)
        .await
        .expect("an app")
}

/// A house that answers requests, until this is stopped or the test ends.
pub struct Served {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    handle: ServerHandle,
}

impl Served {
    /// The address of `path`, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Finishes requests in flight and ends.
    pub async fn stop(self) {
        self.handle.stop(true).await;
    }
}

impl Configured {
    /// Removes what was made.
    pub async fn remove(self) {
        self.place.remove().await;
    }
}

/// Runs `body` in a new house on SQLite, and in another on PostgreSQL when there is one.
pub async fn on_both(body: impl AsyncFn(&TestApp)) {
    for backend in Backend::all() {
        eprintln!("on {backend:?}");
        let house = TestApp::start(&backend).await;
        body(&house).await;
        house.close().await;
    }
}
