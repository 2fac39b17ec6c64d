//! A thousand pairs of simultaneous decisions on the same stage: none lost, none double, every
//! answer true. Within one process on SQLite, and from two server processes on one PostgreSQL.
//!
//! Three sorts of pairs take turns: both lawyers where both are needed (both count), both where one
//! is enough (one counts, the other is told that the task is closed), and one lawyer twice (one
//! counts, the other is told that it was decided already).

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use chancery::app::tasks::TaskDecision;
use chancery::app::tokens::Scope;
use chancery::app::{App, AppError};
use chancery::clock::Clock;
use chancery::entropy;
use chancery::store::entity::{audit_events, documents, run_events, tasks, versions};
use chancery_types::Digest;
use chancery_types::id::{DocumentId, TaskId};
use chancery_workflow::Decision;
use futures::StreamExt as _;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _,
};
use serde_json::{Value, json};

use crate::support::{Backend, TestApp};

/// How many pairs.
const PAIRS: usize = 1000;
/// How many pairs are decided at once.
const AT_ONCE: usize = 8;
const PEOPLE: [&str; 2] = ["lawyer", "second_lawyer"];

fn folder() -> String {
    format!("{}/tests/it/pairs", env!("CARGO_MANIFEST_DIR"))
}

/// Two decisions that are given at the same moment.
struct Pair {
    digest: Digest,
    /// Task and key of whoever decides.
    moves: [(TaskId, &'static str); 2],
    sort: Sort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    BothNeeded,
    OneEnough,
    TwoClicks,
}

impl Sort {
    const fn of(number: usize) -> Self {
        match number % 3 {
            0 => Self::BothNeeded,
            1 => Self::OneEnough,
            _ => Self::TwoClicks,
        }
    }

    /// The two answers, in alphabetical order.
    const fn answers(self) -> [&'static str; 2] {
        match self {
            Self::BothNeeded => ["ok", "ok"],
            Self::OneEnough => ["ok", "task-closed"],
            Self::TwoClicks => ["already-decided", "ok"],
        }
    }
}

/// Starts the run of a new document, and tells what the two will do.
async fn prepare(house: &TestApp, number: usize) -> Pair {
    let sort = Sort::of(number);
    let app = &house.app;
    let (id, version) = (entropy::id(app.now()), entropy::id(app.now()));
    let digest = Digest::of(id.as_bytes());
    let home = &house.vector;
    let card = json!({ "both": { "type": "boolean", "value": sort == Sort::BothNeeded } });
    let tx = app.store.begin().await.expect("a transaction");
    let row = documents::ActiveModel {
        id: Set(id),
        organisation_id: Set(home.organisation.uuid()),
        kind: Set("pair".to_owned()),
        title: Set(format!("{number}")),
        card: Set(card.to_string()),
        state: Set("draft".to_owned()),
        initiator_id: Set(home.person("initiator").uuid()),
        department_id: Set(None),
        counterparty_id: Set(None),
        registration_number: Set(None),
        registered_at: Set(None),
        current_version_id: Set(Some(version)),
        search_text: Set(String::new()),
        created_at: Set(0),
        updated_at: Set(0),
        row_version: Set(0),
    };
    row.insert(&tx).await.expect("a document");
    let row = versions::ActiveModel {
        id: Set(version),
        organisation_id: Set(home.organisation.uuid()),
        document_id: Set(id),
        number: Set(1),
        digest: Set(digest.hex()),
        author_id: Set(home.person("initiator").uuid()),
        comment: Set(None),
        card: Set(card.to_string()),
        main_digest: Set(digest.hex()),
        main_name: Set("pair.pdf".to_owned()),
        main_size_bytes: Set(1),
        pages_count: Set(1),
        created_at: Set(0),
    };
    row.insert(&tx).await.expect("a version");
    tx.commit().await.expect("committed");
    let document = DocumentId::from(id);
    app.start_run(&house.actor("initiator"), document)
        .await
        .expect("started");
    let rows = tasks::Entity::find().filter(tasks::Column::DocumentId.eq(id));
    let rows = rows.all(app.store.reader()).await.expect("tasks");
    let task_of = |key: &'static str| {
        let person = house.vector.person(key).uuid();
        let row = rows.iter().find(|row| row.person_id == Some(person));
        (TaskId::from(row.expect("a task").id), key)
    };
    let [first, second] = PEOPLE.map(task_of);
    let moves = if sort == Sort::TwoClicks {
        [first, first]
    } else {
        [first, second]
    };
    Pair {
        digest,
        moves,
        sort,
    }
}

async fn prepare_all(house: &TestApp) -> Vec<Pair> {
    futures::stream::iter(0..PAIRS)
        .map(|number| prepare(house, number))
        .buffer_unordered(4)
        .collect()
        .await
}

/// Compares every answer with its sort, and the rows with the answers.
async fn check(house: &TestApp, answers: Vec<(Sort, [String; 2])>) {
    let mut odd: BTreeMap<String, usize> = BTreeMap::new();
    let mut accepted = 0;
    for (sort, mut given) in answers {
        given.sort();
        accepted += given.iter().filter(|answer| *answer == "ok").count();
        if given != sort.answers() {
            *odd.entry(format!("{sort:?}: {given:?}")).or_default() += 1;
        }
    }
    assert_eq!(odd, BTreeMap::new(), "answers that are not true");
    let reader = house.app.store.reader();
    let expected = u64::try_from(accepted).expect("a number");
    let decided = tasks::Entity::find()
        .filter(tasks::Column::State.eq("done"))
        .count(reader);
    assert_eq!(decided.await.expect("counted"), expected, "tasks");
    let events = run_events::Entity::find()
        .count(reader)
        .await
        .expect("counted");
    assert_eq!(
        events,
        expected + PAIRS as u64,
        "events: starts and decisions"
    );
    let audited = audit_events::Entity::find()
        .filter(audit_events::Column::Action.eq("task.decided"))
        .count(reader);
    assert_eq!(audited.await.expect("counted"), expected, "audit events");
    let next = tasks::Entity::find()
        .filter(tasks::Column::Path.eq("last"))
        .filter(tasks::Column::State.eq("open"))
        .count(reader);
    assert_eq!(
        next.await.expect("counted"),
        PAIRS as u64,
        "the next stage opens once a run"
    );
}

async fn decide(app: &App, house: &TestApp, pair: &Pair, place: usize) -> String {
    let (task, key) = pair.moves[place];
    let given = TaskDecision {
        decision: Decision::Approve,
        version_digest: pair.digest,
        comment: None,
        remarks: Vec::new(),
        said: Vec::new(),
    };
    match app.decide_task(&house.actor(key), task, given).await {
        Ok(_) => "ok".to_owned(),
        Err(AppError::Refused { code, .. }) => code.to_owned(),
        Err(other) => format!("{other:?}"),
    }
}

/// Goal: see above, in one process on SQLite. Method: both decisions of a pair are polled at once,
/// on a runtime of several threads, eight pairs at a time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_pairs_in_one_process_are_all_answered_truly() {
    let house = TestApp::start_with(&Backend::Sqlite, |config| {
        config.workflows.directory = folder().into();
    })
    .await;
    let pairs = prepare_all(&house).await;
    let answers = futures::stream::iter(&pairs)
        .map(|pair| async {
            let (first, second) = tokio::join!(
                decide(&house.app, &house, pair, 0),
                decide(&house.app, &house, pair, 1)
            );
            (pair.sort, [first, second])
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    check(&house, answers).await;
    house.close().await;
}

/// A server process of its own.
struct Process {
    child: Child,
    base_url: String,
}

impl Process {
    fn start(house: &TestApp) -> Self {
        let config = &house.app.config;
        let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .arg("serve")
            .current_dir(house.mail_folder().parent().unwrap_or(Path::new("/")))
            .env_clear()
            .env("CHANCERY__SERVER__LISTEN", "127.0.0.1:0")
            .env("CHANCERY__LOG__FORMAT", "json")
            .env("CHANCERY__DATABASE__URL", config.database.url.reveal())
            .env(
                "CHANCERY__SECRETS__MASTER_KEY",
                config.secrets.master_key.reveal(),
            )
            .env("CHANCERY__BLOBS__DIRECTORY", &config.blobs.directory)
            .env("CHANCERY__MAIL__DIRECTORY", &config.mail.directory)
            .env("CHANCERY__WORKFLOWS__DIRECTORY", folder())
            .args(["--roles", "web"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        let address = loop {
            let line = lines
                .next()
                .expect("it says that it serves")
                .expect("a line");
            let entry: Value = serde_json::from_str(&line).expect("JSON");
            if entry["message"] == "serving" {
                break entry["address"].as_str().expect("an address").to_owned();
            }
        };
        // Its log is read to the end, so that it never waits for a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            base_url: format!("http://{address}"),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One decision over HTTP.
async fn post_decision(
    client: &reqwest::Client,
    base_url: &str,
    token: &str,
    task: TaskId,
    digest: Digest,
) -> String {
    let key = hex_of(&entropy::bytes::<16>());
    let body = json!({ "decision": "approve", "version_digest": digest.hex() });
    let sent = client
        .post(format!("{base_url}/api/v1/tasks/{task}/decision"))
        .bearer_auth(token)
        .header("Idempotency-Key", key)
        .json(&body)
        .send()
        .await
        .expect("an answer");
    let status = sent.status().as_u16();
    let body: Value = sent.json().await.expect("JSON");
    match (status, body["code"].as_str()) {
        (200, _) => "ok".to_owned(),
        (409, Some(code)) => code.to_owned(),
        _ => format!("{status} {body}"),
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Goal: see above, from two server processes on one PostgreSQL. Method: the two decisions of a
/// pair go to different processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_pairs_from_two_processes_are_all_answered_truly() {
    let Some(backend) = Backend::postgres() else {
        return;
    };
    let house = TestApp::start_with(&backend, |config| {
        config.workflows.directory = folder().into();
    })
    .await;
    let pairs = prepare_all(&house).await;
    let mut tokens = BTreeMap::new();
    // The processes have the machine's clock, so the tokens must be of today.
    let today = App {
        clock: Clock::System,
        ..house.app.clone()
    };
    for key in PEOPLE {
        let made = today
            .create_token(&house.actor(key), "pairs", Scope::Write, 1)
            .await;
        tokens.insert(key, made.expect("a token").secret);
    }
    let servers = Arc::new([Process::start(&house), Process::start(&house)]);
    let client = reqwest::Client::new();
    let answers = futures::stream::iter(&pairs)
        .map(|pair| {
            let [(first, one), (second, other)] = pair.moves;
            let (here, there) = (&servers[0].base_url, &servers[1].base_url);
            let (client, tokens) = (&client, &tokens);
            async move {
                let (a, b) = tokio::join!(
                    post_decision(client, here, &tokens[one], first, pair.digest),
                    post_decision(client, there, &tokens[other], second, pair.digest)
                );
                (pair.sort, [a, b])
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    check(&house, answers).await;
    drop(servers);
    house.close().await;
}
