//! The demo through the program itself: where it listens, what only it serves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{TestApp, is_required, setting};

fn chancery(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(arguments)
        .output()
        .expect("the program runs")
}

/// Goal: the logins without passwords exist in the demo only. Method: an ordinary server's answers.
#[tokio::test]
async fn an_ordinary_server_has_no_login_by_one_click_and_no_mailbox() {
    let house = TestApp::sqlite().await;
    let served = house.serve();
    let client = reqwest::Client::new();
    for path in ["/demo", "/demo/mail", "/demo/mail/x"] {
        let answer = client
            .get(served.url(path))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
    }
    let login = client.post(served.url("/demo/login")).body("person=x");
    assert_eq!(login.send().await.expect("an answer").status(), 404);
    served.stop().await;
    house.close().await;
}

/// Goal: nobody but this machine reaches the demo. Method: other addresses are refused in one line.
#[test]
fn the_demo_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let output = chancery(&["demo", "--listen", address]);
        let line = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(line.contains("loopback only"), "{line}");
        assert_eq!(line.trim().lines().count(), 1, "{line}");
    }
}

/// Goal: wrong combinations are told, not guessed. Method: exit code 2.
#[test]
fn a_walk_needs_a_file_and_a_place_for_its_results() {
    for arguments in [
        ["demo", "--walk", "--out", "x"],
        ["demo", "--walk", "--file", "x"],
        ["demo", "--file", "x", "--out=x"],
    ] {
        assert_eq!(chancery(&arguments).status.code(), Some(2), "{arguments:?}");
    }
}

/// One file of each maker among the invoices of others, by name: maker and path.
fn one_file_a_maker() -> Option<BTreeMap<String, PathBuf>> {
    let root = setting("CHANCERY_CORPUS").unwrap_or_else(|| "../shared/corpus".to_owned());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let root = root.join("invoices");
    if !root.is_dir() {
        is_required("the corpus (CHANCERY_CORPUS)");
        return None;
    }
    let mut folders = vec![root];
    let mut found = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "pdf") {
                let bytes = std::fs::read(&path).expect("a file");
                let known = found.entry(maker(&bytes)).or_insert_with(|| path.clone());
                *known = std::cmp::Ord::min(known.clone(), path);
            }
        }
    }
    Some(found)
}

/// The first word of what the file says of its maker.
fn maker(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file);
    let named = ["<pdf:Producer>", "/Producer(", "/Producer ("];
    let named = named.iter().find_map(|before| text.split_once(before));
    let (_, after) = named.unwrap_or_default();
    let words = after.split([' ', ')', '<', '.', '-']);
    words.into_iter().next().unwrap_or_default().to_lowercase()
}

/// Goal: the whole life works on real files of different makers, and programs of others accept
/// both signatures. Method: the program plays it; pyHanko and pdfsig look at what it left.
#[test]
fn a_walk_leads_files_of_five_makers_to_two_signatures_that_others_accept() {
    let (Some(files), Some(pyhanko), Some(pdfsig)) = (
        one_file_a_maker(),
        tool("CHANCERY_TEST_PYHANKO"),
        tool("CHANCERY_TEST_PDFSIG"),
    ) else {
        return;
    };
    assert!(files.len() >= 5, "{files:?}");
    let files: Vec<_> = files.into_iter().take(6).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let mut walk = Command::new(env!("CARGO_BIN_EXE_chancery"));
    walk.args(["demo", "--walk", "--out"]).arg(&out);
    for (_, file) in &files {
        walk.arg("--file").arg(file);
    }
    let output = walk.output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    for (number, (maker, file)) in (1..).zip(&files) {
        let stem = file.file_stem().expect("a stem").to_string_lossy();
        let results = out.join(format!("{number}-{stem}"));
        let signed = results.join("signed.pdf");
        let original = std::fs::read(file).expect("the original");
        let copy = std::fs::read(&signed).expect("the signed file");
        assert!(copy.starts_with(&original), "{maker}: bytes were rewritten");
        let said = Command::new(&pyhanko)
            .args([
                "sign",
                "validate",
                "--no-revocation-check",
                "--executive-summary",
                "--trust",
            ])
            .args([results.join("ca.pem"), signed.clone()])
            .output()
            .expect("pyHanko runs");
        let said = String::from_utf8_lossy(&said.stdout);
        assert_eq!(
            said.matches(":VALID").count(),
            2,
            "{maker}, pyHanko: {said}"
        );
        let said = Command::new(&pdfsig)
            .arg("-nocert")
            .arg(&signed)
            .output()
            .expect("pdfsig runs");
        let said = String::from_utf8_lossy(&said.stdout);
        let valid = said.matches("Signature is Valid").count();
        assert_eq!(valid, 2, "{maker}, pdfsig: {said}");
        let verdict = std::fs::read_to_string(results.join("verdict.json")).expect("a verdict");
        assert!(verdict.contains("\"TOTAL-PASSED\""), "{maker}: {verdict}");
        eprintln!("{maker}: two signatures, accepted by pyHanko and pdfsig");
    }
}

fn tool(variable: &str) -> Option<String> {
    let found = setting(variable);
    if found.is_none() {
        is_required(variable);
    }
    found
}

/// Goal: what must be refused is refused by name, and the walk goes on to the next file. Method:
/// three bad files and exit code 1; the transcript of each says why.
#[test]
fn a_walk_refuses_by_name_what_must_be_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let bad: [(&str, &[u8]); 3] = [
        ("page.pdf", b"<html><body>a page</body></html>"),
        ("empty.pdf", b""),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog"),
    ];
    let mut walk = Command::new(env!("CARGO_BIN_EXE_chancery"));
    walk.args(["demo", "--walk", "--out"]).arg(&out);
    for (name, bytes) in bad {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        walk.arg("--file").arg(path);
    }
    let output = walk.output().expect("the program runs");
    let line = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{line}");
    assert_eq!(line.trim().lines().count(), 1, "{line}");
    for (name, _) in bad {
        assert!(line.contains(&format!("{name}: refused: ")), "{line}");
    }
}
