//! Settings that cannot be used: what the check and the server say, and who may read what they
//! leave on the disk.

mod calls;

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{TestApp, files_beneath};

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const WORKFLOWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/workflows");

/// The program in a folder of its own, as an operator starts it: code, what it said, and what it
/// complained of.
fn chancery(
    folder: &TempDir,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (Option<i32>, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .current_dir(folder)
        .env_clear()
        .env("CHANCERY__SECRETS__MASTER_KEY", KEY)
        .env("CHANCERY__WORKFLOWS__DIRECTORY", WORKFLOWS)
        .envs(variables.iter().copied())
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// Goal: what the server refuses the check refuses too, by the setting's name.
#[test]
fn the_check_refuses_what_the_server_refuses() {
    let folder = TempDir::new().expect("a folder");
    let bare = [
        ("CHANCERY__MAIL__TRANSPORT", "smtp"),
        ("CHANCERY__MAIL__SMTP_TLS", "none"),
        ("CHANCERY__MAIL__SMTP_HOST", "mail.example.org"),
    ];
    let address = [("CHANCERY__MAIL__FROM_ADDRESS", "not an address")];
    let nowhere = [("CHANCERY__KEYS__STORE", "file")];
    let open = [
        ("CHANCERY__KEYS__STORE", "file"),
        ("CHANCERY__KEYS__FILE_DIRECTORY", "keys"),
        ("CHANCERY__KEYS__FILE_PASSPHRASE", "elevenchars"),
    ];
    for (variables, setting) in [
        (bare.as_slice(), "mail.smtp_tls"),
        (&address, "mail.from_address"),
        (&nowhere, "keys.file_directory"),
        (&open, "keys.file_passphrase"),
    ] {
        for arguments in [["config", "check"].as_slice(), &["serve"]] {
            let (code, said, wrong) = chancery(&folder, arguments, variables);
            assert_eq!(code, Some(1), "{arguments:?}: {said}{wrong}");
            let told = format!("{said}{wrong}");
            assert!(told.contains(setting), "{arguments:?}: {told}");
        }
    }
}

/// Goal: what does not answer is named with its cause, in an operator's words. Method: a port where
/// nobody listens.
#[test]
fn a_server_that_is_not_there_is_named_with_its_cause() {
    let folder = TempDir::new().expect("a folder");
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("its address").port();
    drop(free);
    let database = format!("postgres://chancery:hidden@127.0.0.1:{port}/chancery");
    let variables = [
        ("CHANCERY__DATABASE__URL", database.as_str()),
        ("CHANCERY__DATABASE__ACQUIRE_TIMEOUT_MS", "200"),
    ];
    for arguments in [["serve"].as_slice(), &["migrate"]] {
        let (code, _, said) = chancery(&folder, arguments, &variables);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("Connection refused"), "{said}");
        assert!(
            said.contains("database.url") && !said.contains("hidden"),
            "{said}"
        );
    }
    let endpoint = format!("http://127.0.0.1:{port}");
    let variables = [
        ("CHANCERY__BLOBS__ENDPOINT", endpoint.as_str()),
        ("CHANCERY__BLOBS__ACCESS_KEY", "key"),
        ("CHANCERY__BLOBS__SECRET_KEY", "secret"),
    ];
    let (code, _, said) = chancery(&folder, &["serve"], &variables);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("blobs.endpoint does not answer"), "{said}");
    assert!(said.contains("Connection refused"), "{said}");
    assert!(!said.contains("DispatchFailure"), "{said}");
}

/// Goal: a finding of a workflow is told once where the server does not start.
#[test]
fn a_broken_workflow_is_told_once() {
    let folder = TempDir::new().expect("a folder");
    std::fs::create_dir(folder.path().join("broken")).expect("made");
    std::fs::write(folder.path().join("broken/vocabulary.yaml"), "a: [\n").expect("written");
    let variables = [("CHANCERY__WORKFLOWS__DIRECTORY", "broken")];
    let (code, _, said) = chancery(&folder, &["serve"], &variables);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(said.matches("vocabulary.yaml:").count(), 1, "{said}");
    let short = [("CHANCERY__SECRETS__MASTER_KEY", "c0ffee")];
    let (_, _, said) = chancery(&folder, &["serve"], &short);
    assert_eq!(said.matches("64 hexadecimal digits").count(), 1, "{said}");
}

/// Goal: a folder of workflows is checked as a whole, and a file that is not text is a finding with
/// its place, in both languages and as JSON.
#[test]
fn a_folder_is_walked_and_bytes_that_are_no_text_have_a_place() {
    let folder = TempDir::new().expect("a folder");
    let (code, said, wrong) = chancery(&folder, &["workflow", "check", WORKFLOWS], &[]);
    assert_eq!(code, Some(0), "{said}{wrong}");
    for file in [
        "vocabulary.yaml",
        "chains/contract.yaml",
        "chains/invoice.yaml",
        "kinds/contract.yaml",
        "kinds/invoice.yaml",
    ] {
        assert!(said.contains(&format!("{file}: ok")), "{file}: {said}");
    }
    // Without a file it is the same folder; where there is none, it is said what to name.
    let (code, whole, wrong) = chancery(
        &folder,
        &["workflow", "check", "--workflows", WORKFLOWS],
        &[],
    );
    assert_eq!((code, whole), (Some(0), said), "{wrong}");
    let (code, _, wrong) = chancery(&folder, &["workflow", "check", "--lang", "en"], &[]);
    assert_eq!(code, Some(1), "{wrong}");
    assert!(
        wrong.contains("workflows: there is no such folder here"),
        "{wrong}"
    );
    std::fs::write(folder.path().join("bad.yaml"), b"a: 1\nb: \xff\xfe\n").expect("written");
    let check = |arguments: &[&str]| {
        let whole = [&["workflow", "check"], arguments, &["bad.yaml"]].concat();
        chancery(&folder, &whole, &[])
    };
    for (lang, words) in [
        ("en", "error[W001]: the file is not text in UTF-8"),
        ("ru", "ошибка[W001]: файл — не текст в UTF-8"),
    ] {
        let (code, said, _) = check(&["--lang", lang]);
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains(words) && said.contains("--> bad.yaml:2:4"),
            "{said}"
        );
    }
    let (_, said, _) = check(&["--json"]);
    let found: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&found[0]["code"], &found[0]["line"], &found[0]["column"]),
        (&"W001".into(), &2.into(), &4.into())
    );
    let absent = ["workflow", "check", "--lang", "ru", "absent"];
    let (code, _, said) = chancery(&folder, &absent, &[]);
    assert_eq!(
        (code, said.as_str()),
        (Some(1), "chancery: absent: такого файла нет\n")
    );
}

/// Goal: the lines of the README work as they stand, in an empty folder. Method: those lines, by a
/// shell; a server is not started.
#[test]
fn the_lines_of_the_readme_work() {
    let readme = include_str!("../../README.md");
    let everyday = readme.split("## Everyday use").nth(1).expect("the section");
    let lines = everyday.split("```").nth(1).expect("the lines");
    let lines: Vec<&str> = lines
        .lines()
        .skip(1)
        .filter(|line| !line.starts_with("chancery serve"))
        .collect();
    assert!(lines.iter().any(|line| line.contains("config new-key")));
    let folder = TempDir::new().expect("a folder");
    std::os::unix::fs::symlink(WORKFLOWS, folder.path().join("workflows")).expect("linked");
    let program = Path::new(env!("CARGO_BIN_EXE_chancery"));
    let folders = program.parent().expect("a folder").display().to_string();
    let script = lines.join("\n");
    let done = Command::new("/bin/sh")
        .args(["-e", "-c", &script])
        .current_dir(&folder)
        .env_clear()
        .env("PATH", format!("{folders}:/usr/bin:/bin"))
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{script}\n{said}{done:?}");
    assert!(!said.contains("other accounts"), "{said}");
    let mode = |name: &str| {
        let found = std::fs::metadata(folder.path().join(name)).expect(name);
        found.permissions().mode() & 0o777
    };
    assert_eq!(mode("master.key"), 0o600);
    assert_eq!((mode("data"), mode("data/chancery.db")), (0o700, 0o600));
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.path().join("master.key"), open).expect("set");
    let file = [
        ("CHANCERY__SECRETS__MASTER_KEY", ""),
        ("CHANCERY__SECRETS__MASTER_KEY_FILE", "master.key"),
    ];
    let (code, said, _) = chancery(&folder, &["config", "check"], &file);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("chmod 600 master.key"), "{said}");
}

/// Goal: documents and mails lie where nobody else reads them, whatever the umask. Method: a mail
/// and a document of an ordinary house.
#[tokio::test]
async fn what_the_house_keeps_is_nobody_elses() {
    let house = TestApp::single().await;
    let pdf = crate::support::pdfs::contract("права");
    crate::documents::paper::create(&house, &pdf)
        .await
        .expect("a document");
    let lawyer = house
        .app
        .request_password_reset("lawyer@vector.example", Default::default());
    lawyer.await.expect("asked");
    chancery::jobs::Runner::new(house.app.clone())
        .drain()
        .await
        .expect("sent");
    let blobs = house.app.config.blobs.directory.clone();
    assert!(files_beneath(blobs.clone()) > 0 && !house.mails().is_empty());
    for root in [blobs, house.mail_folder()] {
        let mut folders = vec![root];
        while let Some(folder) = folders.pop() {
            assert_eq!(rights(&folder), 0o700, "{}", folder.display());
            for entry in std::fs::read_dir(&folder).expect("readable") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    assert_eq!(rights(&path), 0o600, "{}", path.display());
                }
            }
        }
    }
    house.close().await;
}

fn rights(path: &Path) -> u32 {
    let found = std::fs::metadata(path).expect("it is there");
    found.permissions().mode() & 0o777
}
