//! "Check a signature": the page, its JSON twin and the command say the same and keep nothing.

pub mod ca;
mod given;
mod online;
mod outsiders;
mod peers;
mod powers;
pub mod responder;
mod revisions;
mod said;
mod schema;
pub mod signed;
mod terms;
mod told;
mod trust;

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use chancery::app::App;
use chancery::entropy;
use chancery::store::entity::authority_keys;
use chancery::web::Web;
use chancery_types::Instant;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::Value;

use crate::support::{Backend, START, TestApp, Traces, is_required, setting};
use signed::{Authority, small_pdf, tampered};

const BOUNDARY: &str = "chancery-test-boundary";

/// A house that trusts `authority`.
async fn house_of(authority: &Authority) -> TestApp {
    house_with(authority, None).await
}

/// A house that trusts `authority`, whose issuing key was replaced at `retired_at`.
async fn house_with(authority: &Authority, retired_at: Option<Instant>) -> TestApp {
    let house = TestApp::single().await;
    let anchors = [
        ("root", authority.root.clone()),
        ("issuing", authority.issuing.certificate().to_vec()),
    ];
    for (purpose, certificate) in anchors {
        let row = authority_keys::ActiveModel {
            id: Set(entropy::id(house.app.now())),
            organisation_id: Set(house.vector.organisation.uuid()),
            purpose: Set(purpose.to_owned()),
            algorithm: Set("ecdsa_p256".to_owned()),
            certificate: Set(certificate),
            sealed_key: Set(vec![0]),
            created_at: Set(house.app.now().micros()),
            retired_at: Set(retired_at
                .filter(|_| purpose == "issuing")
                .map(Instant::micros)),
        };
        row.insert(house.app.store.writer())
            .await
            .expect("an anchor");
    }
    house
}

/// A part of an upload: field, file name, bytes.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn multipart(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, file_name, bytes) in parts {
        body.extend(format!("--{BOUNDARY}\r\n").into_bytes());
        let file_name = file_name.map(|name| format!("; filename=\"{name}\""));
        let file_name = file_name.unwrap_or_default();
        let head = format!("Content-Disposition: form-data; name=\"{field}\"{file_name}\r\n\r\n");
        body.extend(head.into_bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

fn upload(path: &str, parts: &[Part<'_>]) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header((
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        ))
        .set_payload(multipart(parts))
}

/// What the JSON twin answers.
async fn ask(app: &App, parts: &[Part<'_>]) -> (StatusCode, Value) {
    let service = init_service(Web::new(app.clone()).service()).await;
    let answer = call_service(&service, upload("/api/v1/verify", parts).to_request()).await;
    let status = answer.status();
    let body = read_body(answer).await;
    let json = serde_json::from_slice(&body);
    let json: Value = json.unwrap_or_else(|_| panic!("JSON: {}", String::from_utf8_lossy(&body)));
    if status == StatusCode::OK && json.get("signatures").is_some() {
        schema::keeps_to_its_schema(&json);
    }
    (status, json)
}

/// What the page answers, in `language`, by the way a browser goes.
async fn ask_page(app: &App, language: &str, files: &[Part<'_>]) -> (StatusCode, String) {
    let service = init_service(Web::new(app.clone()).service()).await;
    let form = TestRequest::get()
        .uri("/verify")
        .insert_header(("accept-language", language));
    let answer = call_service(&service, form.to_request()).await;
    let cookies = answer
        .response()
        .cookies()
        .map(Cookie::into_owned)
        .collect::<Vec<_>>();
    let html = String::from_utf8(read_body(answer).await.to_vec()).expect("UTF-8");
    let token = html
        .split("name=\"_csrf\" value=\"")
        .nth(1)
        .expect("a token");
    let token = token.split('"').next().expect("its end");
    let parts = [&[("_csrf", None, token.as_bytes())], files].concat();
    let mut request = upload("/verify", &parts).insert_header(("accept-language", language));
    for cookie in cookies {
        request = request.cookie(cookie);
    }
    let answer = call_service(&service, request.to_request()).await;
    let status = answer.status();
    // A protocol may be a PDF.
    let html = String::from_utf8_lossy(&read_body(answer).await).into_owned();
    (status, html)
}

fn codes(report: &Value) -> Vec<&str> {
    let reasons = report["reasons"].as_array().expect("reasons");
    let signed = report["signatures"].as_array().expect("signatures").iter();
    let signed = signed.flat_map(|one| one["reasons"].as_array().expect("reasons"));
    reasons
        .iter()
        .chain(signed)
        .map(|one| one["code"].as_str().expect("a code"))
        .collect()
}

/// Goal: the three conclusions, each by its reason. Method: one signature of ours, whole and with a
/// line of the page redrawn, and files that have none.
#[actix_web::test]
async fn a_file_is_passed_failed_or_undecided_with_its_reason() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let asked = &house.app;
    let good = authority.sign_pdf(&small_pdf());

    let (status, report) = ask(asked, &[("file", Some("good.pdf"), &good)]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(report["indication"], "TOTAL-PASSED", "{report:#}");
    assert_eq!(
        (&report["intact"], &report["file"]),
        (&"yes".into(), &"good.pdf".into())
    );
    let signer = &report["signatures"][0]["signer"]["subject"];
    assert_eq!(signer["common_name"], "Иван Иванов");
    assert_eq!(report["signatures"][0]["covers"]["whole_file"], true);

    let (_, report) = ask(asked, &[("file", Some("bad.pdf"), &tampered(&good))]).await;
    assert_eq!(report["indication"], "TOTAL-FAILED");
    assert!(codes(&report).contains(&"digest_differs"), "{report:#}");

    let (_, report) = ask(asked, &[("file", Some("plain.pdf"), &small_pdf())]).await;
    assert_eq!(
        (&report["indication"], codes(&report)),
        (&"INDETERMINATE".into(), vec!["no_signature"])
    );

    for junk in [b"<html>hello</html>".as_slice(), b"", &[0x30, 0x80, 0xff]] {
        let (status, report) = ask(asked, &[("file", Some("junk.pdf"), junk)]).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            (&report["indication"], &report["intact"]),
            (&"INDETERMINATE".into(), &"undecided".into())
        );
        assert_eq!(codes(&report), ["unreadable"]);
    }
    house.close().await;
}

/// Goal: what a replaced issuing key signs afterwards, in the hands of whoever stole it, is trusted
/// no longer; what it signed before is. Method: the same file, the key replaced after and before.
#[actix_web::test]
async fn a_stolen_key_is_worth_nothing_after_it_was_replaced() {
    let authority = Authority::new();
    let good = authority.sign_pdf(&small_pdf());
    for (after, verdict) in [(3600, "TOTAL-PASSED"), (-3600, "INDETERMINATE")] {
        let at = signed::moment().plus_seconds(after);
        let house = house_with(&authority, Some(at)).await;
        let (_, report) = ask(&house.app, &[("file", Some("a.pdf"), &good)]).await;
        assert_eq!(report["indication"], verdict, "{report:#}");
        house.close().await;
    }
}

/// Goal: a signature of somebody whom nobody vouches for is not green. Method: the same file in a
/// house with another root.
#[actix_web::test]
async fn a_good_signature_of_a_stranger_is_undecided() {
    let house = TestApp::single().await;
    let good = Authority::new().sign_pdf(&small_pdf());
    let (_, report) = ask(&house.app, &[("file", Some("good.pdf"), &good)]).await;
    assert_eq!(
        (&report["indication"], &report["intact"]),
        (&"INDETERMINATE".into(), &"yes".into())
    );
    assert!(codes(&report).contains(&"chain_missing"), "{report:#}");
    house.close().await;
}

/// Goal: a detached signature needs its content, and the right one. Method: with it, without it,
/// with another.
#[actix_web::test]
async fn a_detached_signature_is_judged_with_what_it_signs() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let content = "Договор № 17".as_bytes();
    let signature = authority.sign(&[content]);
    let part: Part<'_> = ("file", Some("contract.txt.p7s"), &signature);

    let (_, report) = ask(
        &house.app,
        &[part, ("content", Some("contract.txt"), content)],
    )
    .await;
    assert_eq!(report["indication"], "TOTAL-PASSED", "{report:#}");
    let (_, report) = ask(&house.app, &[part]).await;
    assert_eq!(report["indication"], "INDETERMINATE");
    assert!(codes(&report).contains(&"content_missing"), "{report:#}");
    let (_, report) = ask(
        &house.app,
        &[part, ("content", Some("other.txt"), b"other")],
    )
    .await;
    assert_eq!(report["indication"], "TOTAL-FAILED");
    assert!(codes(&report).contains(&"digest_differs"), "{report:#}");
    house.close().await;
}

/// Goal: a reader sees the verdict first, in words of their language, with the name from the
/// certificate. Method: the pages of a good and of a tampered file, ru and en.
#[actix_web::test]
async fn the_page_says_the_verdict_in_words() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let good = authority.sign_pdf(&small_pdf());
    let (status, html) = ask_page(&house.app, "ru", &[("file", Some("<b>.pdf"), &good)]).await;
    assert_eq!(status, StatusCode::OK);
    let shows = |text: &str| assert!(html.contains(text), "{text} is missing in {html}");
    for text in [
        "Подпись действительна.",
        "Файл не менялся после подписания.",
        "Иван Иванов",
    ] {
        shows(text);
    }
    shows("23\u{a0}ноября 2026, 09:50:00 МСК");
    // What it can be checked by elsewhere: the root of whose authority certified the signer.
    let root = chancery_types::Digest::of(&authority.root).hex();
    shows(&root);
    shows(&format!("/roots/{root}.cer"));
    assert!(!html.contains("<b>.pdf"), "a file name is markup");

    let bad = tampered(&good);
    let (_, html) = ask_page(&house.app, "en", &[("file", Some("bad.pdf"), &bad)]).await;
    assert!(html.contains("Do not trust this file."), "{html}");
    assert!(
        html.contains("The content was changed after signing"),
        "{html}"
    );
    let (status, html) = ask_page(&house.app, "en", &[("file", Some(""), b"")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("Choose a file."), "{html}");
    // Of a stranger's file we have no root to give.
    let other = signed::signed_by(&small_pdf(), |spans| {
        ca::Draft::new("A stranger", 9).by(None).signs(spans)
    });
    let (_, html) = ask_page(&house.app, "en", &[("file", Some("other.pdf"), &other)]).await;
    assert!(
        html.contains("A stranger") && !html.contains("/roots/"),
        "{html}"
    );
    house.close().await;
}

/// Goal: a form of another site checks nothing. Method: no token, a wrong one.
#[actix_web::test]
async fn the_page_takes_only_its_own_form() {
    let house = TestApp::single().await;
    let service = init_service(Web::new(house.app.clone()).service()).await;
    let file: Part<'_> = ("file", Some("x.pdf"), b"%PDF-");
    for parts in [vec![file], vec![("_csrf", None, b"wrong".as_slice()), file]] {
        let answer = call_service(&service, upload("/verify", &parts).to_request()).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
    house.close().await;
}

/// Goal: limits hold. Method: a limit of a thousand bytes, a full queue, a minute's count.
#[actix_web::test]
async fn too_large_is_413_and_too_many_is_429() {
    let house = TestApp::single().await;
    let mut app = house.app.clone();
    let mut config = (*app.config).clone();
    config.limits.verify_bytes_max = 1_000;
    config.rate_limits.verify_per_minute = 4;
    app.config = Arc::new(config);
    let asked = &app;

    let (status, problem) = ask(asked, &[("file", Some("x.pdf"), &[b' '; 1_001])]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(problem["code"], "too-large");
    assert_eq!(
        ask(asked, &[("file", Some("x.pdf"), &[b' '; 1_000])])
            .await
            .0,
        StatusCode::OK
    );
    assert_eq!(
        ask(asked, &[("other", None, b"x")]).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let mut seats = Vec::new();
    while let Ok(seat) = app.take_check_seat() {
        seats.push(seat);
        assert!(seats.len() < 100, "the queue has no end");
    }
    let (status, problem) = ask(asked, &[("file", Some("x.pdf"), b"x")]).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::TOO_MANY_REQUESTS, &"too-many".into())
    );
    drop(seats);
    assert_eq!(
        ask(asked, &[("file", Some("x.pdf"), b"x")]).await.0,
        StatusCode::OK
    );

    let service = init_service(Web::new(app.clone()).service()).await;
    for count in 1..=5 {
        let one = upload("/api/v1/verify", &[("file", Some("x.pdf"), b"x")]).to_request();
        let status = call_service(&service, one).await.status();
        assert_eq!(
            status == StatusCode::TOO_MANY_REQUESTS,
            count == 5,
            "{count}: {status}"
        );
    }
    house.close().await;
}

/// Goal: nothing of a checked file stays. Method: rows of all tables and stored files, before and
/// after a passed, a failed and a refused check.
#[actix_web::test]
async fn a_check_leaves_no_row_and_no_file() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let good = authority.sign_pdf(&small_pdf());
    let before = Traces::of(&house).await;
    ask_page(&house.app, "ru", &[("file", Some("good.pdf"), &good)]).await;
    ask_page(
        &house.app,
        "ru",
        &[("file", Some("bad.pdf"), &tampered(&good))],
    )
    .await;
    ask(&house.app, &[("file", Some("good.pdf"), &good)]).await;
    ask(&house.app, &[("other", None, &good)]).await;
    assert_eq!(Traces::of(&house).await, before);
    house.close().await;
}

/// Goal: a stored copy's judgement is remembered for minutes, not for ever. Method: the clock.
#[actix_web::test]
async fn the_judgement_of_a_stored_copy_is_remembered_for_a_while() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let good = bytes::Bytes::from(authority.sign_pdf(&small_pdf()));
    let digest = chancery_types::Digest::of(&good);
    let check = || house.app.check_stored(digest, good.clone());
    let first = check().await.expect("a report");
    assert!(Arc::ptr_eq(&first, &check().await.expect("the same")));
    house.advance_seconds(601);
    let later = check().await.expect("a new one");
    assert!(later.judged_at > first.judged_at);
    house.close().await;
}

fn chancery(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command
        .arg("verify")
        .args(arguments)
        .output()
        .expect("the program")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Goal: exit codes and words of the command, without configuration. Method: each kind of file.
#[test]
fn the_command_exits_by_the_verdict() {
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let keep = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    let authority = Authority::new();
    let signed = authority.sign_pdf(&small_pdf());
    let (good, bad) = (
        keep("good.pdf", &signed),
        keep("bad.pdf", &tampered(&signed)),
    );
    let (plain, root) = (
        keep("plain.pdf", &small_pdf()),
        keep("ca.pem", authority.root_pem().as_bytes()),
    );
    let trusting = ["--trust", root.as_str(), "--at", START];
    let run = |files: &[&str]| chancery(&[&trusting[..], files].concat());

    let passed = run(&["--lang", "ru", &good]);
    assert_eq!(passed.status.code(), Some(0), "{passed:?}");
    assert!(
        text(&passed.stdout).starts_with("✓ Подпись действительна."),
        "{passed:?}"
    );
    let two_years_on = chancery(&["--trust", &root, "--at", "2028-11-23T07:00:00Z", &good]);
    // What is good by what is known today is no verdict of a day to come.
    assert_eq!(two_years_on.status.code(), Some(3), "{two_years_on:?}");
    let told = text(&two_years_on.stdout);
    assert!(
        told.contains("The moment that was chosen has not come."),
        "{told}"
    );
    assert!(!told.contains('✓'), "{told}");
    let failed = run(&[&good, &bad]);
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    assert!(
        text(&failed.stdout).contains("✕ Do not trust this file."),
        "{failed:?}"
    );
    assert_eq!(run(&[&plain, &good]).status.code(), Some(3));
    assert_eq!(chancery(&["--at", START, &good]).status.code(), Some(3));

    let missing = run(&["no-such-file.pdf"]);
    assert_eq!(missing.status.code(), Some(2), "{missing:?}");
    assert_eq!(text(&missing.stderr).lines().count(), 1, "{missing:?}");
    assert!(text(&missing.stderr).contains("no-such-file.pdf"));
    assert_eq!(chancery(&["--trust", &plain, &good]).status.code(), Some(2));
    assert_eq!(
        chancery(&["--at", "yesterday", &good]).status.code(),
        Some(2)
    );

    let json = run(&["--json", &good, &bad]);
    assert_eq!(json.status.code(), Some(1));
    let reports: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let intact: Vec<&Value> = reports
        .as_array()
        .expect("an array")
        .iter()
        .map(|one| &one["intact"])
        .collect();
    assert_eq!(intact, ["yes", "no"]);
    assert_eq!(reports[0]["file"].as_str(), Some(good.as_str()));
}

/// Goal: protocols of many files lie in a new folder in their order, the policy of a file is named
/// in each, and what is wrong with either is said in a line. Method: five files of two verdicts.
#[test]
fn the_command_writes_protocols_by_a_policy() {
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let keep = |name: &str, bytes: &[u8]| {
        std::fs::write(path(name), bytes).expect("written");
        path(name)
    };
    let authority = Authority::new();
    let signed = authority.sign_pdf(&small_pdf());
    let files: Vec<String> = (1..=5)
        .map(|number| match number {
            3 => keep("3.pdf", &tampered(&signed)),
            _ => keep(&format!("{number}.pdf"), &signed),
        })
        .collect();
    let root = keep("ca.pem", authority.root_pem().as_bytes());
    let policy = keep("strict.toml", b"rsa_bits_min = 3072\n");
    let out = path("protocols");
    let mut arguments = vec!["--json", "--trust", &root, "--at", START, "--lang", "ru"];
    arguments.extend(["--policy", &policy, "--report", &out]);
    arguments.extend(files.iter().map(String::as_str));
    let judged = chancery(&arguments);
    assert_eq!(judged.status.code(), Some(1), "{judged:?}");
    let reports: Value = serde_json::from_slice(&judged.stdout).expect("JSON");
    for (index, report) in reports.as_array().expect("an array").iter().enumerate() {
        assert_eq!(report["file"].as_str(), Some(files[index].as_str()));
        assert_eq!(report["policy"], "strict");
        let number = index + 1;
        let read = |ending: &str| {
            let name = format!("protocols/{number}-{number}.{ending}");
            std::fs::read(path(&name)).expect("a protocol")
        };
        let html = text(&read("html"));
        let headline = match number {
            3 => "Не доверяйте этому файлу.",
            _ => "Подпись действительна.",
        };
        assert!(html.contains(headline) && html.contains("strict"), "{html}");
        assert!(read("pdf").starts_with(b"%PDF-1.7"));
        let json: Value = serde_json::from_slice(&read("json")).expect("JSON");
        assert_eq!(json["sha256"], report["sha256"]);
    }
    let again = chancery(&arguments);
    assert_eq!(again.status.code(), Some(2), "{again:?}");
    assert!(text(&again.stderr).contains("папка не пуста"), "{again:?}");
    let wrong = keep("wrong.toml", b"rsa_bits = 3072\n");
    let refused = chancery(&["--policy", &wrong, &files[0]]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let said = text(&refused.stderr);
    assert!(
        said.contains("wrong.toml") && said.contains("rsa_bits"),
        "{said}"
    );
}

/// Goal: files by other makers get the verdict that the corpus knows. Method: a handful, one of
/// each attack that other programs fall for.
#[test]
fn the_command_judges_files_of_the_corpus() {
    let Some(corpus) = setting("CHANCERY_CORPUS").map(PathBuf::from) else {
        is_required("CHANCERY_CORPUS");
        return;
    };
    let expected = [
        ("gen/valid_pades_bt_ecdsa_p256.pdf", None, true),
        ("gen/valid_two_sigs_p256_ed25519.pdf", None, true),
        ("pyhanko/minimal-two-fields-signed-twice.pdf", None, true),
        ("gen/ed_valid.p7s", Some("gen/content/doc.txt"), true),
        ("gen/isa_no_xref_no_trailer.pdf", None, false),
        ("gen/isa_garbage_after_eof.pdf", None, false),
        ("gen/tampered_content.pdf", None, false),
        ("gen/usf_contents_null.pdf", None, false),
        ("gen/eaa_freetext_overlay_P1.pdf", None, false),
        ("gen/ed_sig_flipped.p7s", Some("gen/content/doc.txt"), false),
    ];
    let place = |name: &str| corpus.join("signatures").join(name).display().to_string();
    for (name, content, is_good) in expected {
        let file = place(name);
        let content = content.map(place);
        let mut arguments = vec!["--json", "--at", START];
        if let Some(content) = &content {
            arguments.extend(["--content", content.as_str()]);
        }
        arguments.push(&file);
        let answer = chancery(&arguments);
        let reports: Value = serde_json::from_slice(&answer.stdout).expect("JSON");
        assert_eq!(
            reports[0]["intact"] == "yes",
            is_good,
            "{name}: {:#}",
            reports[0]
        );
        assert_ne!(
            answer.status.code(),
            Some(0),
            "{name}: nobody vouches for its signer"
        );
    }
}

/// Goal: on PostgreSQL the roots are read too. Method: one check there.
#[actix_web::test]
async fn a_check_works_on_postgres() {
    let Some(backend) = Backend::postgres() else {
        return;
    };
    let house = TestApp::start(&backend).await;
    let (status, report) = ask(&house.app, &[("file", Some("x.pdf"), &small_pdf())]).await;
    assert_eq!(
        (status, &report["indication"]),
        (StatusCode::OK, &"INDETERMINATE".into())
    );
    house.close().await;
}
