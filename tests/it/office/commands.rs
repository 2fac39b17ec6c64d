//! The operator's commands: from an empty folder to a person who is logged in, and back out.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use chancery::store::entity::audit_events;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Backend, TestApp};

/// A house that only the program itself has touched.
struct Fresh {
    folder: TempDir,
    place: crate::support::Configured,
}

/// What the program printed.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Fresh {
    async fn on(backend: &Backend) -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
            place: TestApp::configure(backend).await,
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        let config = &self.place.config;
        command
            .current_dir(&self.folder)
            .env_clear()
            .env("CHANCERY__SERVER__LISTEN", "127.0.0.1:0")
            .env("CHANCERY__LOG__FORMAT", "json")
            .env("CHANCERY__DATABASE__URL", config.database.url.reveal())
            .env(
                "CHANCERY__SECRETS__MASTER_KEY",
                config.secrets.master_key.reveal(),
            )
            .env(
                "CHANCERY__WORKFLOWS__DIRECTORY",
                concat!(env!("CARGO_MANIFEST_DIR"), "/workflows"),
            );
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let output = self.command().args(arguments).output().expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Said {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    fn good(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(
            said.code,
            Some(0),
            "{arguments:?}: {}{}",
            said.out,
            said.err
        );
        said.out
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(
            said.code,
            Some(1),
            "{arguments:?}: {}{}",
            said.out,
            said.err
        );
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
        said.err
    }
}

/// A running server: ended with this value, whatever happens to the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Serving {
    running: Running,
    base_url: String,
    first_lines: Vec<Value>,
}

fn serve(fresh: &Fresh) -> Serving {
    let mut command = fresh.command();
    command.arg("serve").stderr(Stdio::piped());
    let mut running = Running(command.spawn().expect("it starts"));
    let mut lines = BufReader::new(running.0.stderr.take().expect("its log")).lines();
    let mut first_lines = Vec::new();
    while let Some(line) = lines.next() {
        let entry: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let address = entry["address"].as_str().map(str::to_owned);
        let is_serving = entry["message"] == "serving";
        first_lines.push(entry);
        if let Some(address) = address.filter(|_| is_serving) {
            // It must find a reader for what it says until it ends.
            std::thread::spawn(move || lines.count());
            return Serving {
                running,
                base_url: format!("http://{address}"),
                first_lines,
            };
        }
    }
    panic!("it did not serve: {first_lines:?}");
}

impl Serving {
    fn hints(&self) -> bool {
        let hint = |line: &Value| {
            line["message"]
                .as_str()
                .is_some_and(|m| m.contains("chancery user create"))
        };
        self.first_lines.iter().any(hint)
    }

    async fn post(&self, path: &str, body: &Value) -> u16 {
        let client = reqwest::Client::new();
        let answer = client.post(format!("{}{path}", self.base_url));
        let answer = answer.json(body).send().await;
        answer.expect("an answer").status().as_u16()
    }

    /// Logs in by the page, as a browser does; says where it led.
    async fn log_in(&self, email: &str, password: &str) -> String {
        let token = "v".repeat(43);
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let encode = chancery::web::edge::urlencode;
        let (login, word) = (encode(email), encode(password));
        let answer = client
            .post(format!("{}/login", self.base_url))
            .header("cookie", format!("chancery_visitor={token}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("_csrf={token}&login={login}&password={word}"))
            .send()
            .await
            .expect("an answer");
        let place = answer.headers().get("location");
        place.map_or_else(
            || format!("stayed: {}", answer.status()),
            |place| place.to_str().expect("text").to_owned(),
        )
    }

    async fn session_of(&self, token: &str) -> u16 {
        let client = reqwest::Client::new();
        let request = client.get(format!("{}/api/v1/session", self.base_url));
        let answer = request.bearer_auth(token).send().await;
        answer.expect("an answer").status().as_u16()
    }

    fn stop(mut self) {
        let done = Command::new("kill")
            .args(["-TERM", &self.running.0.id().to_string()])
            .status();
        assert!(done.expect("kill runs").success());
        assert!(self.running.0.wait().expect("it ends").success());
    }
}

const CREATE: [&str; 13] = [
    "user",
    "create",
    "--organisation",
    "АО «Север»",
    "--inn",
    "7707083893",
    "--kpp",
    "773601001",
    "--name",
    "Вера Власова",
    "--email",
    "vera@sever.example",
    "--language=ru",
];

/// The secret in the link that a command printed.
fn link_of(printed: &str) -> String {
    let link = printed.lines().find(|line| line.contains("/password/set#"));
    link.unwrap_or_else(|| panic!("no link in {printed}"))
        .to_owned()
}

/// Goal: an administrator gets from nothing to a page that is theirs. Method: the commands in the
/// order that each names the next, then the link, then the login page; on both databases.
#[tokio::test]
async fn from_an_empty_database_to_a_logged_in_administrator() {
    for backend in Backend::all() {
        let fresh = Fresh::on(&backend).await;
        fresh.good(&["migrate"]);
        let serving = serve(&fresh);
        assert!(serving.hints(), "{:?}", serving.first_lines);
        assert!(
            fresh
                .refused(&["user", "list"])
                .contains("chancery user create")
        );
        let link = link_of(&fresh.good(&CREATE));
        let set = json!({ "code": link, "password": "длинный пароль" });
        assert_eq!(serving.post("/api/v1/password/set", &set).await, 204);
        assert_eq!(
            serving.post("/api/v1/password/set", &set).await,
            409,
            "once"
        );
        let place = serving.log_in("vera@sever.example", "длинный пароль").await;
        assert_eq!(place, "/tasks");
        let again = fresh.refused(&CREATE);
        assert!(
            again.contains("There is a person with this e-mail already"),
            "{again}"
        );
        serving.stop();
        let serving = serve(&fresh);
        assert!(!serving.hints(), "somebody is there now");
        serving.stop();
        fresh.place.remove().await;
    }
}

/// Goal: people come in, change roles, lose and get access; each change stands in the log under the
/// operator, once. Method: the commands against a running server; then the log's rows.
#[tokio::test]
async fn the_operator_adds_people_sets_roles_and_takes_access() {
    for backend in Backend::all() {
        let fresh = Fresh::on(&backend).await;
        fresh.good(&["migrate"]);
        fresh.good(&CREATE);
        let email = "oleg@sever.example";
        let add = [
            "user", "add", "--name", "Олег", "--email", email, "--role", "employee",
        ];
        let link = link_of(&fresh.good(&add));
        let serving = serve(&fresh);
        let set = json!({ "code": link, "password": "длинный пароль" });
        assert_eq!(serving.post("/api/v1/password/set", &set).await, 204);
        let unknown = fresh.refused(&["user", "roles", email, "--role", "king"]);
        assert!(
            unknown.contains("no role `king`; known: academic_office, accountant"),
            "{unknown}"
        );
        let unknown = fresh.refused(&["user", "roles", email, "--role", "lawyer@nowhere"]);
        assert!(unknown.contains("no department `nowhere`"), "{unknown}");
        fresh.good(&[
            "user", "roles", email, "--role", "employee", "--role", "auditor",
        ]);
        let listed = fresh.good(&["user", "list"]);
        let line = listed
            .lines()
            .find(|line| line.contains(email))
            .expect("Oleg");
        assert!(
            line.starts_with("active") && line.contains("[auditor, employee]"),
            "{line}"
        );
        fresh.good(&["user", "disable", email]);
        assert!(
            serving
                .log_in(email, "длинный пароль")
                .await
                .starts_with("stayed")
        );
        let twice = fresh.refused(&["user", "disable", email]);
        assert!(twice.contains("disabled already"), "{twice}");
        let last = fresh.refused(&["user", "disable", "vera@sever.example"]);
        assert!(last.contains("last administrator"), "{last}");
        fresh.good(&["user", "enable", email]);
        assert_eq!(serving.log_in(email, "длинный пароль").await, "/tasks");
        let link = link_of(&fresh.good(&["user", "invite", email]));
        let set = json!({ "code": link, "password": "совсем другой пароль" });
        assert_eq!(serving.post("/api/v1/password/set", &set).await, 204);
        assert_eq!(
            serving.log_in(email, "совсем другой пароль").await,
            "/tasks"
        );
        let nobody = fresh.refused(&["user", "disable", "nobody@sever.example"]);
        assert!(
            nobody.contains("nobody logs in with nobody@sever.example"),
            "{nobody}"
        );
        serving.stop();
        assert_eq!(
            operator_s_actions(&fresh).await,
            [
                "organisation.created",
                "person.invited",
                "person.edited",
                "person.disabled",
                "person.enabled",
                "person.link_issued"
            ]
        );
        fresh.place.remove().await;
    }
}

/// What stands in the log under the operator's name, oldest first.
async fn operator_s_actions(fresh: &Fresh) -> Vec<String> {
    let store = chancery::app::build::open_store(&fresh.place.config).await;
    let store = store.expect("the database");
    let mut events = audit_events::Entity::find()
        .all(store.reader())
        .await
        .expect("events");
    store.close().await.expect("closed");
    events.retain(|event| event.actor_kind == "operator");
    events.sort_by_key(|event| (event.at, event.id));
    events.into_iter().map(|event| event.action).collect()
}

/// Goal: a token is printed once, alone, works, is listed without its secret, and ends. Method: the
/// commands against a running server.
#[tokio::test]
async fn the_operator_makes_lists_and_revokes_tokens() {
    for backend in Backend::all() {
        let fresh = Fresh::on(&backend).await;
        fresh.good(&["migrate"]);
        fresh.good(&CREATE);
        let email = "vera@sever.example";
        let make = [
            "token",
            "create",
            email,
            "--name",
            "отчёты",
            "--scope",
            "read",
            "--days",
            "7",
        ];
        let early = fresh.refused(&make);
        assert!(early.contains("has no access"), "{early}");
        let link = link_of(&fresh.good(&["user", "invite", email]));
        let serving = serve(&fresh);
        let set = json!({ "code": link, "password": "длинный пароль" });
        assert_eq!(serving.post("/api/v1/password/set", &set).await, 204);
        let printed = fresh.good(&make);
        assert_eq!(printed.lines().count(), 1, "{printed}");
        let token = printed.trim();
        assert!(token.starts_with("chancery_"), "{token}");
        assert_eq!(serving.session_of(token).await, 200);
        let listed = fresh.good(&["token", "list", email]);
        assert!(
            listed.contains("отчёты") && listed.contains("read"),
            "{listed}"
        );
        assert!(!listed.contains(token), "{listed}");
        let id = listed.split_whitespace().next().expect("an identifier");
        fresh.good(&["token", "revoke", email, id]);
        assert_eq!(serving.session_of(token).await, 401);
        assert!(fresh.good(&["token", "list", email]).is_empty());
        let mut long = make;
        long[8] = "400";
        let long = fresh.refused(&long);
        assert!(long.contains("days: From 1 to 366"), "{long}");
        serving.stop();
        let actions = operator_s_actions(&fresh).await;
        let tokens = actions.iter().filter(|action| action.starts_with("token."));
        assert_eq!(
            tokens.collect::<Vec<_>>(),
            ["token.created", "token.revoked"]
        );
        fresh.place.remove().await;
    }
}

/// Goal: a password may come from a file, never from an argument. Method: a file, then the login
/// page.
#[tokio::test]
async fn an_administrator_s_password_may_come_from_a_file() {
    // An embedded database needs no migration by hand.
    let fresh = Fresh::on(&Backend::Sqlite).await;
    let file = fresh.folder.path().join("password");
    std::fs::write(&file, "длинный пароль\nвторая строка\n").expect("written");
    let file = file.display().to_string();
    let mut arguments = CREATE.to_vec();
    arguments.extend(["--password-file", &file]);
    let printed = fresh.good(&arguments);
    assert!(!printed.contains("/password/set#"), "{printed}");
    let serving = serve(&fresh);
    let place = serving.log_in("vera@sever.example", "длинный пароль").await;
    assert_eq!(place, "/tasks");
    serving.stop();
    fresh.place.remove().await;
}

/// Goal: the mandates of an organisation's file come into the register once, however often it is
/// brought; a file that is wrong says where, one that names nobody says whom. Method: a file with
/// two rows, twice; then each fault.
#[tokio::test]
async fn the_operator_brings_the_mandates_of_a_file() {
    for backend in Backend::all() {
        let fresh = Fresh::on(&backend).await;
        fresh.good(&["migrate"]);
        let file = |name: &str, text: &str| {
            let path = fresh.folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            path.display().to_string()
        };
        let password = file("password", "длинный пароль\n");
        let mut create = CREATE.to_vec();
        create.extend(["--password-file", &password]);
        fresh.good(&create);
        let mandates = "people: [{ login: vera@sever.example }]
mandates:
  - { person: vera@sever.example, entity: sever, limit: RUB 500000.00, from: 2026-01-01, until: 2099-12-31, basis: Доверенность № 7 }
  - { person: vera@sever.example, role: lawyer, from: 2026-01-01, basis: Приказ № 1 }
";
        let good = file("good.yaml", mandates);
        let said = fresh.good(&["user", "mandates", &good]);
        assert!(said.contains("2 mandates entered, 0 were there"), "{said}");
        let said = fresh.good(&["user", "mandates", &good]);
        assert!(said.contains("0 mandates entered, 2 were there"), "{said}");
        let recorded = operator_s_actions(&fresh).await;
        let recorded = recorded
            .iter()
            .filter(|action| *action == "mandate.recorded");
        assert_eq!(recorded.count(), 2);
        let nobody = file("nobody.yaml", &mandates.replace("vera@", "petr@"));
        let said = fresh.refused(&["user", "mandates", &nobody]);
        assert!(said.contains("petr@sever.example"), "{said}");
        let wrong = file("wrong.yaml", &mandates.replace("500000.00", "много"));
        let said = fresh.run(&["user", "mandates", &wrong]);
        assert_eq!(said.code, Some(1));
        assert!(
            said.err.contains("W204") && said.err.contains("wrong.yaml:3"),
            "{}",
            said.err
        );
    }
}
