//! What readers who know nothing of signatures bring to the check, and what they are told.

use actix_web::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_types::Digest;
use serde_json::Value;

use super::signed::{Authority, small_pdf};
use super::{Part, ask, ask_page, chancery, codes, house_of, text};
use crate::support::{START, TestApp};

/// Goal: a signature and its file in each other's places are recognised, judged and told, by page,
/// call and command. Method: the same two files both ways round.
#[actix_web::test]
async fn a_signature_in_the_place_of_its_file_is_found_and_told() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let content = "Договор № 17".as_bytes();
    let signature = authority.sign(&[content]);
    let straight: [Part<'_>; 2] = [
        ("file", Some("c.p7s"), &signature),
        ("content", Some("c.txt"), content),
    ];
    let swapped: [Part<'_>; 2] = [
        ("file", Some("c.txt"), content),
        ("content", Some("c.p7s"), &signature),
    ];
    let (_, right) = ask(&house.app, &straight).await;
    assert!(right.get("swapped").is_none(), "{right:#}");
    let (_, found) = ask(&house.app, &swapped).await;
    assert_eq!(found["swapped"], true, "{found:#}");
    for name in ["indication", "sha256", "format", "file", "intact", "crypto"] {
        assert_eq!(found[name], right[name], "{name}");
    }
    assert_eq!(found["indication"], "TOTAL-PASSED");
    for (language, told) in [
        ("ru", "Файлы стояли не на своих местах"),
        ("en", "The files were in each other"),
    ] {
        let (_, html) = ask_page(&house.app, language, &swapped).await;
        assert!(html.contains(told) && html.contains("c.p7s"), "{html}");
        let (_, html) = ask_page(&house.app, language, &straight).await;
        assert!(!html.contains(told), "{html}");
    }
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let keep = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    let root = keep("ca.pem", authority.root_pem().as_bytes());
    let (file, beside) = (keep("c.txt", content), keep("c.p7s", &signature));
    let trusting = ["--trust", &root, "--at", START, "--content", &beside, &file];
    let answer = chancery(&trusting);
    assert_eq!(answer.status.code(), Some(0), "{answer:?}");
    assert!(text(&answer.stdout).contains("The files were in each other"));
    house.close().await;
}

/// Goal: what bears no signature is not said to bear a wrong one, and is called what it is. Method:
/// files of several kinds without any.
#[actix_web::test]
async fn a_file_without_a_signature_is_not_said_to_have_a_wrong_one() {
    let house = TestApp::single().await;
    let page = b"<!DOCTYPE html><html><body>Invoice</body></html>".as_slice();
    let cases: [(&str, &[u8], &str, &str); 8] = [
        ("empty.pdf", b"", "unknown", "unreadable"),
        (
            "words.txt",
            "Просто слова".as_bytes(),
            "unknown",
            "unreadable",
        ),
        (
            "base64.txt",
            b"SGVsbG8sIHdvcmxkIQ==",
            "unknown",
            "unreadable",
        ),
        ("invoice.pdf", page, "unknown", "unreadable"),
        ("page.pdf", b"<!-- x --> <HTML><p>", "unknown", "unreadable"),
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n\0\0",
            "unknown",
            "unreadable",
        ),
        (
            "data.xml",
            b"<?xml version=\"1.0\"?><a/>",
            "xml",
            "no_signature",
        ),
        ("plain.pdf", &small_pdf(), "pdf", "no_signature"),
    ];
    for (name, file, format, code) in cases {
        let (status, report) = ask(&house.app, &[("file", Some(name), file)]).await;
        assert_eq!(status, StatusCode::OK);
        let said = [&report["format"], &report["intact"], &report["crypto"]];
        assert_eq!(
            said,
            [format, "undecided", "undecided"],
            "{name}: {report:#}"
        );
        assert_eq!(codes(&report), [code], "{name}");
    }
    let (_, html) = ask_page(&house.app, "ru", &[("file", Some("invoice.pdf"), page)]).await;
    assert!(html.contains("Это не PDF и не подпись."), "{html}");
    assert!(!words_of(&html).contains("XML"), "{html}");
    // What begins as a signature and is none is a wrong one.
    let (_, report) = ask(&house.app, &[("file", Some("x.p7s"), &[0x30, 0x80, 0xff])]).await;
    assert_eq!(report["crypto"], "no", "{report:#}");
    house.close().await;
}

/// Goal: a reader of the page is told what a person can do, one of the command what to type; both
/// see how many bytes the signature itself takes. Method: a stranger's good signature.
#[actix_web::test]
async fn advice_is_for_who_reads_it_and_the_bytes_add_up() {
    let house = TestApp::single().await;
    let good = Authority::new().sign_pdf(&small_pdf());
    let file: Part<'_> = ("file", Some("good.pdf"), &good);
    for (language, advice) in [("ru", "Спросите отправителя"), ("en", "Ask the sender")]
    {
        let (_, html) = ask_page(&house.app, language, &[file]).await;
        assert!(html.contains(advice), "{html}");
        assert!(!html.contains("chancery verify"), "{html}");
    }
    let (_, report) = ask(&house.app, &[file]).await;
    let range = &report["signatures"][0]["covers"]["byte_range"];
    let at = |index: usize| range[index].as_u64().expect("a number");
    let (signed, own) = (at(1) + at(3), at(2) - at(1));
    assert_eq!(signed + own, good.len() as u64);
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let path = folder.path().join("good.pdf");
    std::fs::write(&path, &good).expect("written");
    let answer = chancery(&["--at", START, &path.display().to_string()]);
    let said = text(&answer.stdout).replace(['\u{a0}', ','], "");
    assert!(said.contains("chancery verify --trust"), "{said}");
    let words = format!("{signed} bytes are signed the signature itself takes another {own}");
    assert!(said.contains(&words), "{words}: {said}");
    house.close().await;
}

/// Goal: a Russian verdict has no English words for Russian standards. Method: a file of the corpus
/// signed by a key of GOST R 34.10-2012.
#[test]
fn a_russian_verdict_names_russian_standards_in_russian() {
    let Some(corpus) = crate::support::setting("CHANCERY_CORPUS") else {
        crate::support::is_required("CHANCERY_CORPUS");
        return;
    };
    let file = format!("{corpus}/signatures/gen/g256_A_flipped.p7s");
    let answer = chancery(&["--lang", "ru", "--at", START, &file]);
    let said = text(&answer.stdout);
    assert!(said.contains("ГОСТ Р 34.10-2012"), "{said}");
    for foreign in ["GOST R", " bits", "отпечат"] {
        assert!(!said.contains(foreign), "{foreign}: {said}");
    }
}

/// Goal: who is not logged in reads times as the house has them. Method: a house of one zone.
#[actix_web::test]
async fn an_outsider_reads_times_of_the_house() {
    use chancery::store::entity::organisations;
    use sea_orm::sea_query::Expr;
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

    let house = TestApp::single().await;
    let good = Authority::new().sign_pdf(&small_pdf());
    let file: Part<'_> = ("file", Some("a.pdf"), &good);
    let (_, html) = ask_page(&house.app, "ru", &[file]).await;
    assert!(html.contains("МСК") && !html.contains(" UTC"), "{html}");
    organisations::Entity::update_many()
        .col_expr(organisations::Column::TimeZone, Expr::value("Asia/Omsk"))
        .filter(organisations::Column::Id.eq(house.northwind.organisation.uuid()))
        .exec(house.app.store.writer())
        .await
        .expect("another zone");
    let (_, html) = ask_page(&house.app, "ru", &[file]).await;
    assert!(html.contains(" UTC") && !html.contains("МСК"), "{html}");
    house.close().await;
}

/// Goal: one thing has one word, that of the glossary. Method: the words that it refuses, in every
/// Russian sentence; the address that a wrong method leads to, in both languages.
#[test]
fn one_thing_has_one_word() {
    for language in ["ru", "en"] {
        let folder = format!("{}/locales/{language}", env!("CARGO_MANIFEST_DIR"));
        for file in std::fs::read_dir(folder).expect("a folder") {
            let path = file.expect("a file").path();
            let text = std::fs::read_to_string(&path).expect("text").to_lowercase();
            for refused in [
                "отпечат",
                "ключи программ",
                "токен api",
                "отделы",
                "fingerprint",
            ] {
                assert!(!text.contains(refused), "{}: {refused}", path.display());
            }
            assert!(!text.contains("/api."), "{}: no such page", path.display());
        }
    }
}

/// Goal: the verdict comes first and gives its protocol in every form, without the file being
/// brought again or anything being kept. Method: what the links of the page hold, in both
/// languages; the form before it asks for no protocol.
#[actix_web::test]
async fn the_verdict_gives_its_protocol_in_every_form() {
    let house = TestApp::single().await;
    let good = Authority::new().sign_pdf(&small_pdf());
    let file: Part<'_> = ("file", Some("<b>.pdf"), &good);
    for (language, title) in [
        ("ru", "Протокол проверки электронной подписи"),
        ("en", "Protocol of a signature check"),
    ] {
        let (status, page) = ask_page(&house.app, language, &[file]).await;
        assert_eq!(status, StatusCode::OK);
        let held = |media_type: &str| {
            let start = format!("href=\"data:{media_type};base64,");
            let coded = page.split(&start).nth(1).expect("a link");
            let coded = coded.split('"').next().expect("its end");
            STANDARD.decode(coded).expect("base64")
        };
        let html = String::from_utf8(held("text/html;charset=utf-8")).expect("UTF-8");
        assert!(html.contains(title) && !html.contains("_csrf"), "{html}");
        assert!(held("application/pdf").starts_with(b"%PDF-1.7"));
        let json: Value = serde_json::from_slice(&held("application/json")).expect("JSON");
        let (_, by_call) = ask(&house.app, &[file]).await;
        assert_eq!(without_summary(json), without_summary(by_call));
        assert_eq!(page.matches(" download=\"").count(), 3, "{page}");
        assert!(!page.contains("<b>.pdf"), "a file name is markup");
    }
    let (_, form) = ask_page(&house.app, "en", &[("file", Some(""), b"")]).await;
    for protocol in ["pdf", "html", "json"] {
        let choice = format!("<option value=\"{protocol}\"");
        assert!(!form.contains(&choice), "{protocol} before the check");
    }
    house.close().await;
}

/// A page without the protocols that it holds: in Base64 any three letters stand somewhere.
fn words_of(page: &str) -> String {
    let mut parts = page.split("href=\"data:");
    let first = parts.next().unwrap_or_default();
    let rest = parts.filter_map(|part| Some(part.split_once('"')?.1));
    std::iter::once(first).chain(rest).collect()
}

/// A report without its sentence, which is in its reader's language and time.
fn without_summary(mut report: Value) -> Value {
    let fields = report.as_object_mut().expect("a report");
    let summary = fields.remove("summary").expect("a sentence");
    assert!(summary.as_str().is_some_and(|text| text.ends_with('.')));
    report
}

/// Goal: who brings a file may have the verdict as a protocol to keep, in every form and in their
/// language, although nothing is kept here; a form that is none is refused. Method: a stranger's
/// signature, by page and by call.
#[actix_web::test]
async fn the_verdict_on_a_file_comes_as_a_protocol_if_that_is_chosen() {
    let house = TestApp::single().await;
    let good = Authority::new().sign_pdf(&small_pdf());
    let file: Part<'_> = ("file", Some("good.pdf"), &good);
    let as_form = |form: &'static str| [file, ("form", None, form.as_bytes())];
    for (language, title) in [
        ("ru", "Протокол проверки электронной подписи"),
        ("en", "Protocol of a signature check"),
    ] {
        let (status, html) = ask_page(&house.app, language, &as_form("html")).await;
        assert_eq!(status, StatusCode::OK);
        let named = html.contains("good.pdf") && html.contains("INDETERMINATE");
        assert!(named && !html.contains("_csrf"), "{html}");
        assert!(html.contains(title), "{title}: {html}");
    }
    let (_, pdf) = ask_page(&house.app, "en", &as_form("pdf")).await;
    assert!(pdf.starts_with("%PDF-1.7"), "{pdf}");
    let (_, json) = ask_page(&house.app, "en", &as_form("json")).await;
    let (_, by_call) = ask(&house.app, &as_form("json")).await;
    let by_page: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(by_page["file"], "good.pdf");
    assert_eq!(without_summary(by_page), without_summary(by_call));
    let (_, page) = ask_page(&house.app, "en", &as_form("page")).await;
    assert!(page.contains("data-indication=\"INDETERMINATE"), "{page}");
    let (status, page) = ask_page(&house.app, "en", &as_form("docx")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("id=\"form-error\""), "{page}");
    let (status, refused) = ask(&house.app, &as_form("docx")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    house.close().await;
}

/// Goal: the protocol of a detached signature names the file that it was checked with, by name,
/// size and digest, in every form, and so does the page; also where the two were given the wrong
/// way round. Method: a signature over a text.
#[actix_web::test]
async fn a_protocol_of_a_detached_signature_names_the_file_that_it_covers() {
    let house = TestApp::single().await;
    let text = b"a text that was signed".as_slice();
    let signature = Authority::new().sign(&[text]);
    let digest = Digest::of(text).hex();
    let right = [
        ("file", Some("signature.p7s"), signature.as_slice()),
        ("content", Some("text.txt"), text),
    ];
    let swapped = [
        ("file", Some("text.txt"), text),
        ("content", Some("signature.p7s"), signature.as_slice()),
    ];
    for files in [right, swapped] {
        let as_form = |form: &'static str| {
            let form: Part<'_> = ("form", None, form.as_bytes());
            [files.as_slice(), &[form]].concat()
        };
        for form in ["html", "page"] {
            let (_, told) = ask_page(&house.app, "en", &as_form(form)).await;
            for words in ["text.txt", digest.as_str()] {
                assert!(told.contains(words), "{form}: {words}: {told}");
            }
        }
        let (_, json) = ask(&house.app, &as_form("json")).await;
        let covered = &json["covered_file"];
        assert_eq!(covered["name"], "text.txt", "{json:#}");
        assert_eq!(covered["sha256"], digest.as_str());
        assert_eq!(covered["bytes"], text.len());
        assert_eq!(json["file"], "signature.p7s");
        let (_, pdf) = ask_page(&house.app, "ru", &as_form("pdf")).await;
        assert!(pdf.starts_with("%PDF-1.7"));
    }
    // Of a signature alone nothing is named.
    let (_, json) = ask(&house.app, &right[..1]).await;
    assert_eq!(json["covered_file"], Value::Null, "{json:#}");
    house.close().await;
}

/// Goal: a value that was written over after signing is said first, in both languages, and never
/// that nothing came after. Method: a form of the corpus that was signed with an amount in it.
#[test]
fn a_value_that_was_replaced_after_signing_is_said_first() {
    let Some(corpus) = crate::support::setting("CHANCERY_CORPUS") else {
        crate::support::is_required("CHANCERY_CORPUS");
        return;
    };
    let file = format!("{corpus}/signatures/gen/approval_then_formfill.pdf");
    for (language, first, listed, never) in [
        (
            "en",
            "Values of the form that the signer saw were replaced after signing.",
            "field “Amount” got another value",
            "no harmful change",
        ),
        (
            "ru",
            "После подписания в форме документа заменили значения",
            "прежнее значение поля «Amount» заменено другим",
            "вредных изменений",
        ),
    ] {
        let said = text(&chancery(&["--lang", language, &file]).stdout).to_owned();
        assert!(said.contains(first) && said.contains(listed), "{said}");
        assert!(!said.contains(never), "{said}");
    }
}
