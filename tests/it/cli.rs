//! The program itself: what it says, and how it starts and stops.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};

use chancery::app::chains::Chains;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{workflows_like, write_workflows};

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

pub fn chancery(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command
        .current_dir(folder)
        .env_clear()
        .env("CHANCERY__SERVER__LISTEN", "127.0.0.1:0")
        .env("CHANCERY__LOG__FORMAT", "json")
        .env(
            "CHANCERY__WORKFLOWS__DIRECTORY",
            concat!(env!("CARGO_MANIFEST_DIR"), "/workflows"),
        );
    command
}

pub fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn without_a_key_it_ends_with_one_line_that_says_what_to_do() {
    let folder = TempDir::new().expect("a folder");
    let (code, _, said) = run(chancery(&folder).arg("serve"));
    assert_eq!(code, Some(1));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("chancery config new-key"), "{said}");
    assert!(!folder.path().join("data").exists(), "it touched nothing");
}

#[test]
fn a_misspelt_setting_is_named_with_the_nearest() {
    let folder = TempDir::new().expect("a folder");
    let (code, _, said) = run(chancery(&folder)
        .args(["config", "show"])
        .env("CHANCERY__SERVER__LISTN", "x"));
    assert_eq!(code, Some(1));
    assert!(said.contains("did you mean `server.listen`?"), "{said}");
}

#[test]
fn new_keys_differ_and_the_check_takes_them_without_showing_them() {
    let folder = TempDir::new().expect("a folder");
    let (_, first, _) = run(chancery(&folder).args(["config", "new-key"]));
    let (_, second, _) = run(chancery(&folder).args(["config", "new-key"]));
    assert_ne!(first, second);
    std::fs::create_dir(folder.path().join("workflows")).expect("made");
    for arguments in [
        ["config", "check", "--probe"].as_slice(),
        &["config", "show"],
    ] {
        let (code, said, wrong) = run(chancery(&folder)
            .args(arguments)
            .env("CHANCERY__SECRETS__MASTER_KEY", first.trim()));
        assert_eq!(code, Some(0), "{said}{wrong}");
        assert!(!said.contains(first.trim()), "{said}");
    }
}

/// Reads log lines until one says `message`; answers that line.
fn wait_for(lines: &mut impl Iterator<Item = std::io::Result<String>>, message: &str) -> Value {
    loop {
        let line = lines.next().expect("more lines").expect("a line");
        let entry: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("JSON: {line}"));
        if entry["message"] == message {
            return entry;
        }
    }
}

fn stop(child: &Child) {
    let done = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(done.expect("kill runs").success());
}

#[test]
fn it_serves_is_probed_and_stops_when_told() {
    let folder = TempDir::new().expect("a folder");
    let mut child = chancery(&folder)
        .arg("serve")
        .env("CHANCERY__SECRETS__MASTER_KEY", KEY)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
    let serving = wait_for(&mut lines, "serving");
    let address = serving["address"].as_str().expect("an address");
    let probe = |path: &str| {
        let url = format!("http://{address}{path}");
        run(chancery(&folder).args(["probe", &url])).0
    };
    assert_eq!(probe("/readyz"), Some(0));
    assert_eq!(probe("/no-such-page"), Some(1));
    stop(&child);
    wait_for(
        &mut lines,
        "stopping: no new requests; those in flight are finished",
    );
    assert!(child.wait().expect("it ends").success());
    assert_eq!(probe("/healthz"), Some(1));
}

/// Goal: the check tells of each part what it would use, and of each fault where and what; it ends
/// with 1. Method: a good configuration, then one fault after the other.
#[test]
fn the_check_tells_every_part_and_every_fault() {
    let folder = TempDir::new().expect("a folder");
    let check = |variable: &str, value: &str| {
        let mut command = chancery(&folder);
        command.args(["config", "check"]);
        command.env("CHANCERY__SECRETS__MASTER_KEY", KEY);
        run(command.env(variable, value))
    };
    let (code, said, wrong) = check("HOME", "/");
    assert_eq!(code, Some(0), "{said}{wrong}");
    for part in [
        "server",
        "master key",
        "database",
        "blobs",
        "mail",
        "workflows",
        "sessions",
        "links",
        "signing",
        "limits",
        "rate limits",
        "worker",
        "retention",
        "log",
    ] {
        let mut lines = said.lines();
        assert!(
            lines.any(|line| line.starts_with(part) && line.contains(" ok ")),
            "{part} is not told of: {said}"
        );
    }
    let broken = folder.path().join("broken");
    std::fs::create_dir_all(broken.join("chains")).expect("made");
    std::fs::create_dir_all(broken.join("kinds")).expect("made");
    let vocabulary = concat!(env!("CARGO_MANIFEST_DIR"), "/workflows/vocabulary.yaml");
    std::fs::copy(vocabulary, broken.join("vocabulary.yaml")).expect("copied");
    std::fs::write(broken.join("kinds/x.yaml"), "knd: x\n").expect("written");
    let broken = broken.display().to_string();
    for (variable, value, told) in [
        ("CHANCERY__LOG__FILTER", "chancery=lou=d", "log.filter"),
        ("CHANCERY__SERVER__LISTEN", "nowhere", "server.listen"),
        ("CHANCERY__BLOBS__ENDPOINT", "s3.example", "blobs.endpoint"),
        ("CHANCERY__DATABASE__URL", "mysql://x", "database.url"),
        ("CHANCERY__WORKFLOWS__DIRECTORY", &broken, "kinds/x.yaml"),
        ("CHANCERY__LINKS__EXPIRES_DAYS", "-1", "between 1 and 3650"),
    ] {
        let (code, said, wrong) = check(variable, value);
        assert_eq!(code, Some(1), "{variable}: {said}{wrong}");
        assert!(
            said.contains(told) || wrong.contains(told),
            "{variable}: {said}{wrong}"
        );
    }
}

/// Goal: a stop finishes the request in flight. Method: half a login is sent, the stop is told,
/// then the other half comes: it is answered, and only then the program ends.
#[test]
fn a_stop_finishes_the_request_in_flight() {
    use std::io::{Read as _, Write as _};
    let folder = TempDir::new().expect("a folder");
    let mut child = chancery(&folder)
        .arg("serve")
        .env("CHANCERY__SECRETS__MASTER_KEY", KEY)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
    let serving = wait_for(&mut lines, "serving");
    let address = serving["address"].as_str().expect("an address").to_owned();
    let mut stream = std::net::TcpStream::connect(&address).expect("connected");
    let head = format!(
        "POST /login HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nExpect: 100-continue\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    // The server asks for the rest: from here on the request is in its hands.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).expect("an interim answer");
    assert!(asked.starts_with(b"HTTP/1.1 100 Continue"));
    stop(&child);
    wait_for(
        &mut lines,
        "stopping: no new requests; those in flight are finished",
    );
    assert!(child.try_wait().expect("asked").is_none(), "it waits");
    stream.write_all(b"login=who").expect("the rest");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    // Without a token of its page: what counts is that it was answered whole.
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("</html>"), "{answer}");
    assert!(child.wait().expect("it ends").success());
}

/// Goal: a misspelt key is shown with its line, its column and the nearest known key, in the
/// reader's language, and the exit code says so. Method: the program itself on good and bad files.
#[test]
fn a_misspelt_key_of_a_workflow_is_shown_with_its_place() {
    let folder = TempDir::new().expect("a folder");
    let house = concat!(env!("CARGO_MANIFEST_DIR"), "/workflows");
    let good = format!("{house}/chains/contract.yaml");
    let kind = format!("{house}/kinds/invoice.yaml");
    let (code, said, wrong) =
        run(chancery(&folder).args(["workflow", "check", "--lang", "en", &good, &kind]));
    assert_eq!(code, Some(0), "{said}{wrong}");
    assert!(said.contains("contract.yaml: ok"), "{said}");

    let source = std::fs::read_to_string(&good).expect("read");
    let bad = folder.path().join("bad.yaml");
    std::fs::write(&bad, source.replacen("quorum: any", "quorm: any", 1)).expect("written");
    let bad = bad.display().to_string();
    let check = |lang: &str| {
        let arguments = [
            "workflow",
            "check",
            "--workflows",
            house,
            "--lang",
            lang,
            &bad,
        ];
        run(chancery(&folder).args(arguments))
    };
    let (code, said, _) = check("en");
    assert_eq!(code, Some(1));
    assert!(said.contains("did you mean `quorum`?"), "{said}");
    assert!(said.contains("| ") && said.contains("^^^^^"), "{said}");
    let (_, russian, _) = check("ru");
    assert!(
        russian.contains("ошибка") && russian.contains("`quorum`"),
        "{russian}"
    );
    let arguments = ["workflow", "check", "--json", "--workflows", house, &bad];
    let (_, said, _) = run(chancery(&folder).args(arguments));
    let findings: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(findings[0]["suggestion"], "quorum");
    assert!(findings[0]["line"].as_u64().expect("a line") > 1);

    let absent = run(chancery(&folder).args(["workflow", "check", "absent.yaml"]));
    assert_eq!(
        (absent.0, absent.2.lines().count()),
        (Some(1), 1),
        "{}",
        absent.2
    );
}

/// Goal: calendars are checked like everything else under `workflows/`: those of ours are whole, a
/// folder with a broken one is refused. Method: the program, and the reading of a folder.
#[test]
fn a_broken_calendar_is_shown_with_its_place_and_refuses_the_folder() {
    let folder = TempDir::new().expect("a folder");
    let house = concat!(env!("CARGO_MANIFEST_DIR"), "/workflows");
    for name in ["ru-5x8", "eu-5x8"] {
        let file = format!("{house}/calendars/{name}.yaml");
        let (code, said, wrong) = run(chancery(&folder).args(["workflow", "check", &file]));
        assert_eq!(code, Some(0), "{said}{wrong}");
    }
    let copy = folder.path().join("workflows");
    write_workflows(&copy, |_, text| text);
    assert!(Chains::load(&copy).is_ok());
    let bad = copy.join("calendars/ru-5x8.yaml");
    let source = std::fs::read_to_string(&bad).expect("read");
    std::fs::write(&bad, source.replace("09:00-13:00", "09:00-15:00")).expect("written");
    let file = bad.display().to_string();
    let arguments = ["workflow", "check", "--lang", "en", &file];
    let (code, said, _) = run(chancery(&folder).args(arguments));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("W411"), "{said}");
    let refused = Chains::load(&copy)
        .expect_err("stretches overlap")
        .to_string();
    assert!(refused.contains("ru-5x8.yaml"), "{refused}");
}

/// Goal: what is wrong with a chain is told beside what is wrong with the files that it leans on,
/// and nothing that only follows from those. Method: a kind with a bound that is none, one without
/// an identifier, one whose field is none, and a calendar that is none; a chain with a slip of its
/// own and without one.
#[test]
fn a_chain_is_checked_beside_a_kind_that_is_refused() {
    let kind = "kinds/contract.yaml";
    let bound = ("    min: \"0\"\n", "    min: RUB 0.00\n");
    let field = (
        "  - name: payment_days\n    type: integer\n",
        "  - name: payment_days\n    type: number\n",
    );
    let slip = ("assignees: [legal_hed]", "assignees: [lawyer]");
    for (file, (from, to), own, follows) in [
        (kind, bound, "W006", "ok"),
        (kind, field, "W006", "`contract` is refused"),
        (
            kind,
            ("\nid: contract\n", "\n"),
            "`id`",
            "`contract` is refused",
        ),
        (
            "calendars/ru-5x8.yaml",
            ("09:00-13:00", "09:00-15:00"),
            "W411",
            "`ru-5x8` is refused",
        ),
    ] {
        for is_slipped in [true, false] {
            // Without an identifier nothing of the kind can be read.
            let is_told = is_slipped && own != "`id`";
            let folder = workflows_like(|path, text| match path {
                path if path == file => {
                    assert!(text.contains(from), "{text}");
                    text.replace(from, to)
                }
                "chains/contract.yaml" if is_slipped => text.replace(slip.1, slip.0),
                _ => text,
            });
            let chain = folder
                .path()
                .join("chains/contract.yaml")
                .display()
                .to_string();
            let arguments = ["workflow", "check", "--lang", "en", &chain];
            let (code, said, wrong) = run(chancery(&folder).args(arguments));
            assert_eq!((code, wrong.as_str()), (Some(1), ""), "{said}");
            assert!(said.contains(own) && said.contains(file), "{to}: {said}");
            assert_eq!(said.contains("`legal_hed`"), is_told, "{to}: {said}");
            assert!(is_told || said.contains(follows), "{to}: {said}");
            // One at most of the chain: its own, or that it waits.
            let places = said.matches("chains/contract.yaml:").count();
            let is_ok = said.contains("chains/contract.yaml: ok");
            assert_eq!(places, 1, "{to}: {said}");
            assert_eq!(is_ok, follows == "ok" && !is_slipped, "{to}: {said}");
        }
    }
}

/// Goal: a chain of ours is drawn with its titles, an editor is told what this server accepts and
/// no more, and what is refused is shown as the check shows it. Method: the shipped contract, the
/// schema of the house, a chain with keys that are carried out and one with a key that is not.
#[test]
fn a_chain_is_drawn_and_an_editor_knows_what_is_accepted() {
    let folder = TempDir::new().expect("a folder");
    let house = concat!(env!("CARGO_MANIFEST_DIR"), "/workflows");
    let contract = format!("{house}/chains/contract.yaml");
    let diagram = ["workflow", "diagram", "--lang", "en", &contract];
    let (code, said, wrong) = run(chancery(&folder).args(diagram));
    assert_eq!((code, wrong.as_str()), (Some(0), ""), "{said}");
    insta::with_settings!({ snapshot_path => "../golden", prepend_module_to_snapshot => false,
        omit_expression => true }, { insta::assert_snapshot!("contract-diagram", said) });

    let (code, said, _) = run(chancery(&folder).args(["workflow", "schema", "--workflows", house]));
    assert_eq!(code, Some(0));
    let schema: Value = serde_json::from_str(&said).expect("JSON");
    let written = schema.to_string();
    for key in [
        "delegate",
        "least_loaded",
        "same_person",
        "required",
        "register",
        "contracts_in_force",
        "automatic",
        "create",
    ] {
        assert!(written.contains(&format!("\"{key}\"")), "{key}");
    }
    // Nobody is called by this configuration.
    for key in ["webhook", "call"] {
        assert!(!written.contains(&format!("\"{key}\"")), "{key}");
    }

    let text = std::fs::read_to_string(&contract).expect("a chain");
    let own = folder.path().join("own.yaml");
    let file = own.display().to_string();
    let check = [
        "workflow",
        "check",
        "--lang",
        "en",
        "--workflows",
        house,
        &file,
    ];
    let more = text.replace("{ role: lawyer }", "{ role: lawyer, pick: pool }");
    let more = more.replace(
        "{ role: accountant }",
        "{ role: accountant, pick: least_loaded }",
    );
    std::fs::write(&own, &more).expect("written");
    let (code, said, _) = run(chancery(&folder).args(check));
    assert_eq!(code, Some(0), "{said}");
    let register = "    - register: { journal: contracts_in_force }\n";
    assert!(more.contains(register));
    let drafts = "    - create: { type: invoice, fields: { amount: doc.amount } }\n";
    std::fs::write(&own, more.replace(register, drafts)).expect("written");
    let (code, said, _) = run(chancery(&folder).args(check));
    assert_eq!(code, Some(0), "{said}");
    let unknown = more.replace(register, "    - create: { type: invoce }\n");
    std::fs::write(&own, unknown).expect("written");
    for arguments in [
        check,
        [
            "workflow",
            "diagram",
            "--lang",
            "en",
            "--workflows",
            house,
            &file,
        ],
    ] {
        let (code, said, _) = run(chancery(&folder).args(arguments));
        assert_eq!(code, Some(1));
        assert!(
            said.contains("W201") && said.contains("`invoice`"),
            "{said}"
        );
    }
}
