//! What the command is given beside the files, and what it must not pass over in silence.

use actix_web::http::StatusCode;
use serde_json::Value;
use tempfile::TempDir;

use super::signed::{Authority, small_pdf, tampered};
use super::{Part, ask, ask_page, chancery, house_of, text};
use crate::support::START;

/// A folder with files by name.
pub(super) struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(TempDir::with_prefix("chancery-test-").expect("a folder"))
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub fn keep(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, bytes).expect("written");
        self.path(name)
    }
}

/// Of 1,048,577 zeroes, by another program.
const ZEROES_SHA256: &str = "2cb74edba754a81d121c9db6833704a8e7d417e5b13d1a19f4a52f007d644264";

const XML: &[u8] = br#"<a xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Signature/></a>"#;

/// Goal: a content that cannot be compared with anything is refused, and no green verdict seems to
/// be about it, by command, call and page. Method: another text beside a signed PDF.
#[actix_web::test]
async fn a_content_beside_a_file_that_holds_its_own_is_refused() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let signed = authority.sign_pdf(&small_pdf());
    let parts: [Part<'_>; 2] = [
        ("file", Some("signed.pdf"), &signed),
        ("content", Some("other.txt"), b"other"),
    ];
    let (status, problem) = ask(&house.app, &parts).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem:#}");
    assert_eq!(problem["fields"][0]["field"], "content", "{problem:#}");
    assert_eq!(problem["fields"][0]["code"], "content-not-compared");
    let (status, html) = ask_page(&house.app, "ru", &parts).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("сравнивать не с чем"), "{html}");
    let (status, report) = ask(&house.app, &parts[..1]).await;
    assert_eq!(
        (status, &report["indication"]),
        (StatusCode::OK, &"TOTAL-PASSED".into())
    );

    let folder = Folder::new();
    let (root, other) = (
        folder.keep("ca.pem", authority.root_pem().as_bytes()),
        folder.keep("other.txt", b"other"),
    );
    for (name, bytes) in [("signed.pdf", signed.as_slice()), ("signed.xml", XML)] {
        let file = folder.keep(name, bytes);
        let beside = ["--trust", &root, "--at", START, "--content", &other, &file];
        let refused = chancery(&beside);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let said = text(&refused.stderr);
        assert!(said.contains(name) && said.contains("--content"), "{said}");
    }
    house.close().await;
}

/// Goal: a check as of a chosen moment is never taken for one that was made then. Method: a moment
/// in the future; the text, the JSON and the protocols.
#[test]
fn a_chosen_moment_is_told_as_chosen_with_the_real_one() {
    let folder = Folder::new();
    let authority = Authority::new();
    let file = folder.keep("good.pdf", &authority.sign_pdf(&small_pdf()));
    let out = folder.path("protocols");
    let at = ["--at", "2029-01-01T00:00:00Z"];
    let chosen = chancery(&[&at[..], &["--report", &out, &file]].concat());
    let said = text(&chosen.stdout);
    let html = std::fs::read_to_string(folder.path("protocols/1-good.html")).expect("a protocol");
    for told in [&said, &html] {
        assert!(told.contains("Judged as of (chosen)"), "{told}");
        assert!(told.contains("January 2029"), "{told}");
        assert!(told.contains("Made on"), "{told}");
    }
    let row = said.lines().find(|line| line.contains("Made on"));
    assert!(!row.expect("a row").contains("2029"), "{said}");
    let kept = std::fs::read(folder.path("protocols/1-good.json")).expect("a protocol");
    let kept: Value = serde_json::from_slice(&kept).expect("JSON");
    let printed = chancery(&[&at[..], &["--json", &file]].concat());
    let printed: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
    for report in [&kept, &printed[0]] {
        assert_eq!(report["judged_at"], "2029-01-01T00:00:00Z", "{report:#}");
        let made_at = report["made_at"].as_str().expect("when it was made");
        assert!(!made_at.starts_with("2029"), "{made_at}");
    }
    let now = chancery(&["--json", &file]);
    let now: Value = serde_json::from_slice(&now.stdout).expect("JSON");
    assert!(now[0].get("made_at").is_none());
}

/// Goal: other rules never stand in a report under the name of the built-in ones. Method: by the
/// name within and by the file's; the built-in rules themselves are theirs to name.
#[test]
fn other_rules_do_not_take_the_built_in_name() {
    let folder = Folder::new();
    let file = folder.keep("good.pdf", &Authority::new().sign_pdf(&small_pdf()));
    let lax = b"name = \"Chancery-1 \"\nrevocation_required = false\n";
    for policy in [
        folder.keep("lax.toml", lax),
        folder.keep("chancery-1.toml", b"revocation_required = false\n"),
    ] {
        let refused = chancery(&["--policy", &policy, &file]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let said = text(&refused.stderr);
        assert!(
            said.contains("chancery-1") && said.contains("name = "),
            "{said}"
        );
    }
    let same = folder.keep("same.toml", b"name = \"chancery-1\"\n");
    let judged = chancery(&["--policy", &same, "--json", &file]);
    assert_eq!(judged.status.code(), Some(3), "{judged:?}");
}

/// Goal: one certificate that we cannot read stops no check, is named, and a folder of nothing else
/// is an error. Method: a folder with a root and with junk; junk alone; junk named itself.
#[test]
fn an_unreadable_certificate_among_others_is_named_and_passed_over() {
    let folder = Folder::new();
    let authority = Authority::new();
    let file = folder.keep("good.pdf", &authority.sign_pdf(&small_pdf()));
    folder.keep("roots/ca.pem", authority.root_pem().as_bytes());
    let junk = folder.keep("roots/junk.crt", b"\x30\x03junk");
    folder.keep("junk/junk.crt", b"\x30\x03junk");
    let trusting =
        |roots: &str| chancery(&["--trust", roots, "--at", START, "--lang", "ru", &file]);
    let judged = trusting(&folder.path("roots"));
    assert_eq!(judged.status.code(), Some(0), "{judged:?}");
    let said = text(&judged.stderr);
    assert!(
        said.contains("пропущено") && said.contains("junk.crt"),
        "{said}"
    );
    for alone in [folder.path("junk"), junk] {
        let refused = trusting(&alone);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    }
}

/// Goal: a container is called one; the advice is the command's and is said once; what is wrong
/// with a file is said in the language that was asked for.
#[test]
fn the_command_speaks_of_itself_once_and_in_one_language() {
    let folder = Folder::new();
    let authority = Authority::new();
    let container = folder.keep("c.asice", b"PK\x03\x04....META-INF/signatures0.xml....");
    let told = text(&chancery(&[&container]).stdout);
    assert!(
        told.contains("This is a container with signatures"),
        "{told}"
    );
    let told = text(&chancery(&["--lang", "ru", &container]).stdout);
    assert!(told.contains("Это контейнер с подписями внутри"), "{told}");

    let bare = folder.keep("c.p7s", &authority.sign(&[b"content"]));
    let told = text(&chancery(&[&bare]).stdout);
    assert_eq!(
        told.matches("chancery verify --content").count(),
        1,
        "{told}"
    );
    assert!(!told.contains("Upload"), "{told}");
    let plain = folder.keep("plain.pdf", &small_pdf());
    let told = text(&chancery(&[&plain]).stdout);
    assert!(
        told.contains("--content") && !told.contains("upload"),
        "{told}"
    );

    for missing in [
        ["--lang", "ru", "nofile"],
        ["--lang=ru", "--trust=nofile", &plain],
    ] {
        let refused = chancery(&missing);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let said = text(&refused.stderr);
        assert_eq!(said, "chancery verify: nofile: такого файла нет\n");
    }
    let help = text(&chancery(&["--help"]).stdout);
    assert!(help.contains("XML with its signature inside"), "{help}");
}

/// Goal: after many files one line tells how they came out, to people and not among the reports.
/// Method: one file of each kind, in both languages and as JSON; a single file needs no line.
#[test]
fn many_files_end_with_how_they_came_out() {
    let folder = Folder::new();
    let authority = Authority::new();
    let root = folder.keep("ca.pem", authority.root_pem().as_bytes());
    let signed = authority.sign_pdf(&small_pdf());
    let good = folder.keep("good.pdf", &signed);
    let bad = folder.keep("bad.pdf", &tampered(&signed));
    let alone = folder.keep("alone.p7s", &authority.sign(&[b"content"]));
    let plain = folder.keep("plain.pdf", &small_pdf());
    let judge = |more: &[&str]| chancery(&[&["--trust", &root, "--at", START], more].concat());
    let files = [&good, &good, &bad, &alone, &plain, "nofile"];
    for (language, told) in [
        (
            "ru",
            "Файлов: 6. Подписи действительны: 2. Проверить до конца нельзя: 1. \
             Подпись недействительна: 1. Без подписи: 1. Не прочитано: 1.",
        ),
        (
            "en",
            "Files: 6. Valid: 2. Could not be checked to the end: 1. \
             Not valid: 1. Without a signature: 1. Not read: 1.",
        ),
    ] {
        let judged = judge(&[&["--lang", language], &files[..]].concat());
        assert_eq!(judged.status.code(), Some(2), "{judged:?}");
        let said = text(&judged.stderr);
        assert_eq!(said.lines().last(), Some(told), "{said}");
        assert!(!text(&judged.stdout).contains(told));
    }
    let json = judge(&["--json", &good, &plain]);
    assert_eq!(text(&json.stderr), "", "{json:?}");
    assert_eq!(text(&judge(&[&good]).stderr), "");
}

/// Goal: the array has an object for each file, whatever it is, in their order; a file that is too
/// large is named by its digest and undecided, with how to have it checked. Method: a file of
/// over a megabyte between a missing and a signed one; the same allowed.
#[test]
fn every_file_has_its_object_whether_it_is_judged_or_not() {
    let folder = Folder::new();
    let authority = Authority::new();
    let root = folder.keep("ca.pem", authority.root_pem().as_bytes());
    let good = folder.keep("good.pdf", &authority.sign_pdf(&small_pdf()));
    let zeroes = vec![0; 1_048_577];
    let large = folder.keep("large.pdf", &zeroes);
    let judge = |more: &[&str]| {
        let usual = ["--trust", &root, "--at", START, "--json"];
        chancery(&[&usual, more].concat())
    };
    let all = judge(&[
        "--max-megabytes",
        "1",
        "--lang",
        "ru",
        "nofile",
        &large,
        &good,
    ]);
    assert_eq!(all.status.code(), Some(2), "{all:?}");
    let told: Value = serde_json::from_slice(&all.stdout).expect("JSON");
    assert_eq!(told.as_array().map(Vec::len), Some(3), "{told:#}");
    let missing = serde_json::json!({
        "schema": "chancery/verification-report/1",
        "summary": "nofile: такого файла нет",
        "file": "nofile",
        "error": "nofile: такого файла нет",
    });
    assert_eq!(told[0], missing);
    assert_eq!(told[1]["file"], large.as_str());
    assert_eq!(told[1]["bytes"], 1_048_577);
    assert_eq!(told[1]["sha256"], ZEROES_SHA256);
    let verdict = ["indication", "sub_indication", "intact", "crypto"].map(|key| &told[1][key]);
    let undecided = [
        "INDETERMINATE",
        "SIGNED_DATA_NOT_FOUND",
        "undecided",
        "undecided",
    ];
    assert_eq!(verdict, undecided, "{told:#}");
    let why = serde_json::json!({ "why": "too_large", "megabytes_max": "1" });
    assert_eq!(told[1]["reasons"][0]["args"], why);
    assert_eq!(told[2]["indication"], "TOTAL-PASSED");

    let alone = [
        "--at",
        START,
        "--lang",
        "ru",
        "--max-megabytes",
        "1",
        &large,
    ];
    let alone = chancery(&alone);
    assert_eq!(alone.status.code(), Some(3), "{alone:?}");
    let said = text(&alone.stdout);
    assert!(said.contains("больше 1 МБ"), "{said}");
    assert!(said.contains("--max-megabytes"), "{said}");
    let allowed = judge(&["--max-megabytes", "2", &large]);
    let told: Value = serde_json::from_slice(&allowed.stdout).expect("JSON");
    assert_ne!(
        told[0]["reasons"][0]["args"]["why"], "too_large",
        "{told:#}"
    );
}

/// Goal: a wrong argument is told in the reader's language: where, what, what to do; no library
/// speaks. Method: moments and policies that are none, and folders without a certificate.
#[test]
fn a_wrong_argument_is_told_in_the_readers_language() {
    let folder = Folder::new();
    let file = folder.keep("good.pdf", &Authority::new().sign_pdf(&small_pdf()));
    let policy = |name: &str, written: &str| {
        let path = folder.keep(name, written.as_bytes());
        ("--policy", path)
    };
    std::fs::create_dir(folder.path("empty")).expect("made");
    let wrong = [
        (
            ("--at", "вчера".to_owned()),
            ["--at", "вчера", "2026-11-23T18:40:00Z"],
        ),
        (
            policy("a.toml", "# лимит\nrsa_bits = 3\n"),
            ["a.toml", "rsa_bits", "rsa_bits_min"],
        ),
        (
            policy("b.toml", "\nrsa_bits_min = \"x\"\n"),
            ["b.toml", "rsa_bits_min", "2048"],
        ),
        (
            policy(
                "d.toml",
                "rsa_until = [{ bits = 1024, until = \"2014\" }]\n",
            ),
            ["d.toml", "rsa_until", "2014-01-01T00:00:00Z"],
        ),
        (
            policy(
                "e.toml",
                "rsa_until = [{ bits = 2049, until = \"2031-01-01T00:00:00Z\" }]\n",
            ),
            ["e.toml", "2049", "rsa_bits_min"],
        ),
        (
            policy("c.toml", "\n\nrsa_bits_min 3\n"),
            ["c.toml", "3", "="],
        ),
        (("--trust", folder.path("empty")), ["empty", "pem", "crt"]),
        (
            ("--trust", folder.keep("none.pem", b"nothing")),
            ["none.pem", "PEM", "DER"],
        ),
    ];
    for ((option, value), parts) in &wrong {
        for language in ["ru", "en"] {
            let refused = chancery(&["--lang", language, option, value, &file]);
            assert_eq!(refused.status.code(), Some(2), "{refused:?}");
            let said = text(&refused.stderr);
            assert_eq!(said.lines().count(), 1, "{said}");
            assert!(parts.iter().all(|part| said.contains(part)), "{said}");
            let words = said.replace(&folder.path(""), "");
            let words = words
                .strip_prefix("chancery verify: ")
                .expect("who says it");
            let foreign = match language {
                "ru" => ["expected", "invalid", " is ", "unknown", " the "],
                _ => ["нет", "это", "укаж", "напиш", "поле"],
            };
            assert!(!foreign.iter().any(|word| words.contains(word)), "{words}");
        }
    }
}

/// Goal: protocols sort as their files were named. Method: ten files.
#[test]
fn protocols_of_many_files_sort_in_their_order() {
    let folder = Folder::new();
    let file = folder.keep("plain.pdf", &small_pdf());
    let out = folder.path("protocols");
    chancery(&[&["--report", out.as_str()][..], &[file.as_str(); 10]].concat());
    for number in ["01", "09", "10"] {
        let name = folder.path(&format!("protocols/{number}-plain.json"));
        assert!(std::fs::exists(&name).expect("told"), "{name}");
    }
}
