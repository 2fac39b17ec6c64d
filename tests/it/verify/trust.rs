//! Whom checks trust: lists and powers of attorney by command, and the settings of the server.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chancery::app::trusted::Trusted;
use chancery::trust_files::read_anchors;
use chancery_signature::listed::ListedIssue;
use chancery_types::Locale;

use super::signed::{Authority, small_pdf};
use super::{Part, ask};
use crate::support::{Backend, TestApp};

const FIXTURES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/crates/chancery-trust/tests/fixtures"
);
const MOMENT: &str = "2026-07-01T12:00:00Z";
/// When the list of accredited centres among the fixtures is of its time.
const ISSUED: &str = "2026-09-01T12:00:00Z";
/// After the fixtures of powers were signed.
const SIGNED: &str = "2026-12-01T12:00:00Z";

fn fixture(name: &str) -> String {
    format!("{FIXTURES}/{name}")
}

fn trust(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chancery"))
        .arg("trust")
        .args(arguments)
        .output()
        .expect("the program")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Goal: a list gives its certificates only if one who may sign it did. Method: the right signer,
/// another one, a folder that is in use, a file that is no list.
#[test]
fn a_list_is_taken_from_its_signer_alone() {
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let into = folder.path().join("anchors").display().to_string();
    let list = fixture("list.xml");
    let (signer, other) = (fixture("list-signer.der"), fixture("other-signer.der"));
    let read = |signer: &str| {
        trust(&[
            "list", &list, "--signer", signer, "--into", &into, "--at", MOMENT,
        ])
    };
    let refused = read(&other);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let said = text(&refused.stdout);
    assert!(said.starts_with("✕ Do not trust this list."), "{said}");
    assert!(said.contains("Scheme operator"), "who signed it: {said}");
    assert!(
        said.contains("take it from where it is published"),
        "{said}"
    );
    assert!(!Path::new(&into).exists(), "nothing is taken");
    assert!(said.contains("Nothing was written to"), "{said}");
    let taken = read(&signer);
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    assert!(
        text(&taken.stdout).contains("The list is valid."),
        "{taken:?}"
    );
    let said = text(&taken.stdout);
    for told in [
        "Test scheme",
        "Issue number            17",
        "First provider: Qualified certificates (qualified certificates) — granted since",
        "First provider: Timestamps (qualified timestamps) — withdrawn since",
        "1 certificate of granted services written to",
        "and 1 of a service that was granted before",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let first = std::fs::read_to_string(Path::new(&into).join("0001.pem")).expect("an anchor");
    let anchors = chancery_signature::Anchors::from_pem_or_der(first.as_bytes());
    assert_eq!(anchors.expect("a certificate").len(), 1);
    // Of the service that ended, what is proven to be older counts, and it says until when.
    let ended = Path::new(&into).join("timestamps/ended/0001.pem");
    let written = std::fs::read_to_string(&ended).expect("an anchor that ended");
    assert!(
        written.starts_with(
            "Trusted-Until: 2023-12-31T23:59:59Z\nTrusted-For: timestamps\n-----BEGIN"
        ),
        "{written}"
    );
    let (anchors, warnings) = read_anchors(&[PathBuf::from(&into)]).expect("read");
    assert_eq!((anchors.len(), warnings.len()), (2, 0));
    let until = chancery_signature::Anchors::from_pem_or_der(written.as_bytes());
    let until = until.expect("a certificate").for_timestamps();
    let until = until.ended("2023-12-31T23:59:59Z".parse().expect("a moment"));
    let mut all = anchors.clone();
    all.extend(until);
    assert_eq!(
        all, anchors,
        "it is trusted so long, for times, and not longer"
    );
    let (_, without) = written.split_once('\n').expect("a line");
    std::fs::write(&ended, without).expect("written");
    let (anchors, warnings) = read_anchors(&[PathBuf::from(&into)]).expect("read");
    assert_eq!(anchors.len(), 1, "nobody knows until when");
    let said = warnings[0].text(Locale::En);
    assert!(
        said.contains("ended/0001.pem") && said.contains("Trusted-Until"),
        "{said}"
    );
    assert_eq!(read(&signer).status.code(), Some(2), "the folder is in use");
    let no_list = trust(&["list", &signer, "--signer", &signer, "--at", MOMENT]);
    assert_ne!(no_list.status.code(), Some(0), "{no_list:?}");
    let absent = trust(&["list", "absent.xml", "--signer", &signer]);
    assert_eq!(absent.status.code(), Some(2), "{absent:?}");
    assert_eq!(text(&absent.stderr).lines().count(), 1, "{absent:?}");
}

/// Goal: what lies in a folder of certificates and is no file holds nothing up, and is named.
/// Method: a pipe that nobody writes to, and a folder, called as certificates, beside one.
#[test]
fn what_is_no_file_in_a_folder_is_passed_over() {
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let pipe = folder.path().join("pipe.pem");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("run").success());
    std::fs::create_dir(folder.path().join("inner.crt")).expect("a folder");
    let refused = read_anchors(&[folder.path().to_owned()]).expect_err("nothing is read");
    assert!(refused.text(Locale::En).contains("is not a file"));
    std::fs::copy(fixture("list-signer.der"), folder.path().join("one.der")).expect("kept");
    let (anchors, warnings) = read_anchors(&[folder.path().to_owned()]).expect("read");
    assert_eq!((anchors.len(), warnings.len()), (1, 2));
    let said = warnings[1].text(Locale::Ru);
    assert!(
        said.contains("pipe.pem") && said.contains("не файл"),
        "{said}"
    );
}

/// Goal: a folder with too many files is refused by its name, whatever lies beside them. Method: a
/// list's file beside one more than are read, and alone.
#[test]
fn a_folder_of_too_many_files_is_refused() {
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let nobody = r#"{"law": "russia", "issued": "2026-01-01T00:00:00Z",
        "due": "2026-02-01T00:00:00Z", "authorities": []}"#;
    std::fs::write(folder.path().join("listed.json"), nobody).expect("written");
    let read = || chancery::trust_files::read_anchors(&[folder.path().to_owned()]);
    assert!(read().expect("nobody is trusted").0.is_empty());
    for number in 0..=10_000 {
        std::fs::write(folder.path().join(format!("{number}.pem")), "").expect("written");
    }
    let refused = read().expect_err("too many");
    assert!(refused.text(chancery_types::Locale::En).contains("10000"));
}

/// Goal: a list that is taken tells of an authority what it may issue from when until when, and
/// what is read back is that; what is no such file is refused by its name, and a folder of an
/// earlier version is trusted, confirms nothing, and says what to do. Method: `listed.json` as
/// written, with a history, and read; spoilt; and a folder with `qualified-eu`.
#[test]
fn what_a_list_says_of_authorities_is_kept_beside_its_certificates() {
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let into = folder.path().join("accredited");
    let shown = into.display().to_string();
    let (list, signer) = (fixture("accredited.xml"), fixture("list-signer.der"));
    let taken = trust(&[
        "list", &list, "--signer", &signer, "--into", &shown, "--at", ISSUED, "--json",
    ]);
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    let report: serde_json::Value = serde_json::from_slice(&taken.stdout).expect("JSON alone");
    assert_eq!(report["result"], "confirmed");
    let path = into.join("listed.json");
    let written = std::fs::read_to_string(&path).expect("written");
    let listed: ListedIssue = serde_json::from_str(&written).expect("a list");
    assert_eq!(listed.territory.as_deref(), Some("RU"));
    assert_eq!(listed.due.seconds_since(listed.issued), 31 * 24 * 60 * 60);
    let [centre] = listed.authorities.as_slice() else {
        panic!("{written}");
    };
    let spans: Vec<_> = centre
        .spans
        .iter()
        .map(|one| {
            (
                one.since.to_string(),
                one.until.is_none(),
                one.signatures,
                one.seals,
            )
        })
        .collect();
    let year = |index: usize| spans[index].0.get(..7);
    assert_eq!(
        [year(0), year(1), year(2)],
        [Some("2015-01"), Some("2021-07"), Some("2022-03")],
        "{spans:?}"
    );
    let states: Vec<_> = spans.iter().map(|one| (one.1, one.2, one.3)).collect();
    let expected = [
        (false, true, false),
        (false, false, false),
        (true, true, false),
    ];
    assert_eq!(states, expected, "granted, withdrawn, and granted anew");
    let (anchors, warnings) = read_anchors(std::slice::from_ref(&into)).expect("read");
    assert!(!anchors.is_empty() && warnings.is_empty());

    std::fs::write(&path, "[{}]").expect("spoilt");
    let refused = read_anchors(std::slice::from_ref(&into)).expect_err("spoilt");
    let said = refused.text(Locale::En);
    assert!(
        said.contains("listed.json") && said.contains("trust list --into"),
        "{said}"
    );

    let undated = folder.path().join("undated");
    std::fs::create_dir_all(undated.join("qualified-eu")).expect("a folder");
    std::fs::copy(&signer, undated.join("qualified-eu/0001.der")).expect("kept");
    let (anchors, warnings) = read_anchors(&[undated]).expect("read");
    assert_eq!(anchors.len(), 1, "trusted as before");
    let [warning] = warnings.as_slice() else {
        panic!("{} warnings", warnings.len());
    };
    let said = warning.text(Locale::Ru);
    assert!(
        said.contains("Запишите её заново: chancery trust list --into"),
        "{said}"
    );
}

/// Goal: a power answers for the person and the organisation that are asked about, in words and as
/// JSON. Method: the representative, a stranger, another organisation.
#[test]
fn a_power_is_judged_for_whom_it_is_asked() {
    let power = fixture("power.xml");
    let (signature, root) = (fixture("power.p7s"), fixture("head.der"));
    let ask = |signer: &str, inn: &str, more: &[&str]| {
        let signer = fixture(signer);
        let mut arguments = vec!["power", &power, "--signature", &signature, "--trust", &root];
        arguments.extend(["--signer", &signer, "--organisation-inn", inn]);
        arguments.extend(["--code", "BBB_2_001", "--at", SIGNED]);
        arguments.extend(more);
        trust(&arguments)
    };
    let good = ask("representative.der", "7700000016", &["--lang", "ru"]);
    assert_eq!(good.status.code(), Some(3), "not asked: {good:?}");
    let help = trust(&["power", "--help"]);
    assert!(text(&help.stdout).contains("Exit codes:"), "{help:?}");
    // Nobody asked the register, and the headline says so and is not green.
    let said = text(&good.stdout);
    let headline = said.lines().next().expect("a headline");
    assert!(headline.contains("в реестре не спросили"), "{headline}");
    assert!(!headline.starts_with('✓'), "{headline}");
    for wrong in [
        ask("stranger.der", "7700000016", &[]),
        ask("representative.der", "7707083893", &[]),
    ] {
        assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
        assert!(
            text(&wrong.stdout).contains("There is no authority."),
            "{wrong:?}"
        );
    }
    let json = ask("representative.der", "7700000016", &["--json"]);
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(report["result"], "confirmed");
    assert_eq!(report["register_asked"], false);
    let unsigned = trust(&["power", &power, "--trust", &root, "--at", MOMENT]);
    assert_ne!(unsigned.status.code(), Some(0), "{unsigned:?}");
}

/// Goal: the server's checks trust what the settings name: now, and again once the files change;
/// one that cannot be read stops the start in one line, and later is trusted no longer.
/// Method: a stranger's file under an empty folder of ours, their root put there, taken away, and
/// rubbish in its place.
#[actix_web::test]
async fn the_checks_of_the_server_trust_what_the_settings_name() {
    let authority = Authority::new();
    let signed = authority.sign_pdf(&small_pdf());
    let parts: [Part<'_>; 1] = [("file", Some("c.pdf"), &signed)];
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let root = folder.path().join("stranger.pem");
    let other = folder.path().join("other.der");
    std::fs::copy(fixture("list-signer.der"), other).expect("kept");
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.trust.anchors = vec![folder.path().to_owned()];
    })
    .await;
    let verdict = async || {
        let (_, told) = ask(&house.app, &parts).await;
        told["indication"].as_str().expect("a verdict").to_owned()
    };
    assert_eq!(verdict().await, "INDETERMINATE");
    std::fs::write(&root, authority.root_pem()).expect("kept");
    assert_eq!(
        verdict().await,
        "INDETERMINATE",
        "read less than a minute ago"
    );
    house.advance_seconds(61);
    assert_eq!(verdict().await, "TOTAL-PASSED");
    std::fs::remove_dir_all(folder.path()).expect("gone");
    house.advance_seconds(61);
    assert_eq!(verdict().await, "INDETERMINATE", "a root that is gone");
    std::fs::create_dir(folder.path()).expect("a folder");
    std::fs::write(&root, "rubbish").expect("kept");
    let refused = Trusted::open(&house.app.config.trust, house.app.now());
    let why = refused.expect_err("no start").to_string();
    assert!(
        why.contains("[trust]") && why.contains("stranger.pem"),
        "{why}"
    );
    house.close().await;
}

/// Goal: rules and evidence of the settings are used too. Method: a policy that finds every key too
/// short.
#[actix_web::test]
async fn the_checks_of_the_server_go_by_the_rules_of_the_settings() {
    let authority = Authority::new();
    let signed = authority.sign_pdf(&small_pdf());
    let parts: [Part<'_>; 1] = [("file", Some("c.pdf"), &signed)];
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let root = folder.path().join("stranger.pem");
    std::fs::write(&root, authority.root_pem()).expect("kept");
    let policy = folder.path().join("ours.toml");
    std::fs::write(&policy, "no_revocation_seconds_max = 1\n").expect("kept");
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.trust.anchors = vec![root];
        config.trust.policy = policy;
    })
    .await;
    let (_, told) = ask(&house.app, &parts).await;
    assert_eq!(told["indication"], "INDETERMINATE", "{told:#}");
    assert_eq!(told["policy"], "ours", "{told:#}");
    house.close().await;
}
