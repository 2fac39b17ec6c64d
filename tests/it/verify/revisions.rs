//! The file as it was signed, and what is seen otherwise in it now: by command, call and page.

use std::time::Duration;

use actix_web::http::StatusCode;
use bytes::Bytes;
use chancery::app::revisions::{Share, States};
use chancery::clock::Stopwatch;
use chancery::domain::comparison::looks::Look;
use chancery_pdf::sign::{Certification, SubFilter};
use chancery_pdf::{
    FieldLock, FieldTarget, Limits, LockedFields, SignaturePlan, prepare_signature,
};
use futures::future::{Either, select};
use tempfile::TempDir;
use uuid::Uuid;

use super::signed::{Authority, DRAWN, small_pdf, tampered};
use super::{Part, ask, ask_page, chancery, house_of, text};
use crate::support::{Traces, pdfs};

/// `pdf` with one more revision in which object `number` is `object`.
pub(super) fn grown(pdf: &[u8], number: usize, object: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let after = text.rsplit("startxref\n").next().expect("a table");
    let previous = after.lines().next().expect("its place");
    let mut file = pdf.to_vec();
    let place = file.len();
    file.extend(format!("{number} 0 obj\n{object}\nendobj\n").into_bytes());
    let table = file.len();
    file.extend(
        format!(
            "xref\n{number} 1\n{place:010} 00000 n\r\ntrailer\n<</Size 20/Root 1 0 R\
             /Prev {previous}>>\nstartxref\n{table}\n%%EOF\n"
        )
        .into_bytes(),
    );
    file
}

/// `pdf` with a page behind the one of [`small_pdf`].
pub(super) fn with_a_page_more(pdf: &[u8]) -> Vec<u8> {
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>>>";
    let tree = "<</Type/Pages/Kids[3 0 R 15 0 R]/Count 2/MediaBox[0 0 595 842]>>";
    grown(&grown(pdf, 15, page), 2, tree)
}

fn drawing(line: &str) -> String {
    format!("<</Length {}>>\nstream\n{line}\nendstream", line.len())
}

fn asked<'p>(file: &'p [u8], form: &'p str, number: &'p str) -> Vec<Part<'p>> {
    vec![
        ("file", Some("contract.pdf"), file),
        ("form", None, form.as_bytes()),
        ("signature_number", None, number.as_bytes()),
    ]
}

/// Goal: the signed bytes to the byte, and of the present file what is seen otherwise, said in a
/// sentence; what cannot be compared is refused with its reason; nothing of a stranger's file
/// stays. Method: a page redrawn after signing, an object that nobody sees, nothing added.
#[actix_web::test]
async fn a_file_that_was_brought_is_compared_with_what_was_signed() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let signed = authority.sign_pdf(&small_pdf());
    let redrawn = grown(&signed, 4, &drawing("0 0 m 500 700 l S    "));
    let unseen = grown(&signed, 19, "<</Nothing true>>");
    let before = Traces::of(&house).await;
    for (file, looks, ru, en) in [
        (
            &redrawn,
            vec!["differs"],
            "Страница 1 выглядит иначе",
            "Page 1 looks different",
        ),
        (
            &unseen,
            vec!["same"],
            "Видимого после этой подписи ничего не изменилось.",
            "Nothing visible changed after this signature.",
        ),
        (
            &signed,
            vec![],
            "После этой подписи к файлу ничего не добавлено",
            "Nothing was added to the file after this signature",
        ),
    ] {
        let (status, seen) = ask(&house.app, &asked(file, "comparison", "1")).await;
        assert_eq!(status, StatusCode::OK, "{seen:#}");
        let told = seen["pages"].as_array().expect("pages").iter();
        let told: Vec<&str> = told
            .map(|one| one["look"].as_str().expect("a look"))
            .collect();
        assert_eq!(told, looks);
        assert_eq!(seen["is_same"], looks != ["differs"], "{seen:#}");
        assert_eq!(seen["is_whole"], looks.is_empty(), "{seen:#}");
        let indication = match looks.as_slice() {
            ["differs"] => "TOTAL-FAILED",
            ["same"] => "INDETERMINATE",
            _ => "TOTAL-PASSED",
        };
        assert_eq!(seen["indication"], indication, "{seen:#}");
        for (language, sentence) in [("ru", ru), ("en", en)] {
            let page = ask_page(&house.app, language, &asked(file, "comparison", "")).await;
            assert_eq!(page.0, StatusCode::OK);
            assert!(page.1.contains(sentence), "{sentence}: {}", page.1);
            // What is seen never stands without the verdict on the file.
            let (verdict, headline) = match looks.as_slice() {
                ["differs"] if language == "ru" => ("bad", "Не доверяйте этому файлу."),
                ["differs"] => ("bad", "Do not trust this file."),
                ["same"] => ("attention", ""),
                _ => ("good", ""),
            };
            let verdict = format!("data-verdict=\"{verdict}\"");
            for words in [verdict.as_str(), headline] {
                assert!(page.1.contains(words), "{words}: {}", page.1);
            }
            let marked = page.1.matches("<svg class=\"marks\"").count();
            assert_eq!(marked, if looks == ["differs"] { 2 } else { 0 });
            let pictures = page.1.matches("data:image/png;base64,").count();
            assert_eq!(pictures, looks.len() * 2);
        }
        let saved = ask_page(&house.app, "ru", &asked(file, "revision", "1")).await;
        assert_eq!(saved.0, StatusCode::OK);
        assert_eq!(saved.1, String::from_utf8_lossy(&signed));
    }
    let beside = authority.sign(&[b"a text"]);
    let text = b"a text".to_vec();
    // A page of another size than the one that was signed.
    let mut changed = signed.clone();
    let page = changed.windows(9).position(|part| part == b"/MediaBox");
    let page = page.expect("a page");
    let digit = changed[page..]
        .iter()
        .position(|byte| (b'1'..=b'8').contains(byte));
    changed[page + digit.expect("a number")] += 1;
    for (file, number, field, code) in [
        (&signed, "2", "signature_number", "no-such-signature"),
        (&signed, "0", "signature_number", "not-a-number"),
        (&signed, "first", "signature_number", "not-a-number"),
        (&small_pdf(), "1", "file", "comparison-no-signature"),
        (&text, "1", "file", "comparison-no-pdf"),
        (&beside, "1", "file", "comparison-beside"),
        (&changed, "1", "file", "comparison-changed"),
    ] {
        let (status, problem) = ask(&house.app, &asked(file, "comparison", number)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem:#}");
        assert_eq!(problem["fields"][0]["field"], field, "{problem:#}");
        assert_eq!(problem["fields"][0]["code"], code, "{problem:#}");
    }
    assert_eq!(Traces::of(&house).await, before);
    house.close().await;
}

/// The same file with the places of its two fields changed in the list that names them.
fn with_fields_turned(pdf: &[u8]) -> Vec<u8> {
    let at = pdf.windows(7).rposition(|window| window == b"/Fields");
    let at = at.expect("a list");
    let begin = at + pdf[at..].iter().position(|byte| *byte == b'[').expect("[") + 1;
    let end = begin
        + pdf[begin..]
            .iter()
            .position(|byte| *byte == b']')
            .expect("]");
    let list = std::str::from_utf8(&pdf[begin..end]).expect("text");
    let mut names: Vec<&str> = list.split('R').map(str::trim).collect();
    assert_eq!(names.pop(), Some(""));
    assert_eq!(names.len(), 2, "{list}");
    let turned = list.replacen(names[0], "@", 1);
    let turned = turned.replacen(names[1], names[0], 1);
    let turned = turned.replacen('@', names[1], 1);
    [&pdf[..begin], turned.as_bytes(), &pdf[end..]].concat()
}

/// Goal: without a number the comparison begins with the signature that was made first, whatever
/// the order of the fields. Method: two signatures, the later one named first.
#[actix_web::test]
async fn without_a_number_it_is_the_signature_that_was_made_first() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let first = authority.sign_pdf(&small_pdf());
    let both = with_fields_turned(&authority.sign_pdf(&first));
    let one = ask_page(&house.app, "en", &asked(&both, "revision", "1")).await;
    assert_ne!(one.1, String::from_utf8_lossy(&first), "they are turned");
    let earliest = ask_page(&house.app, "en", &asked(&both, "revision", "")).await;
    assert_eq!(earliest.1, String::from_utf8_lossy(&first));
    let named = ask_page(&house.app, "en", &asked(&both, "revision", "2")).await;
    assert_eq!(named.1, String::from_utf8_lossy(&first));
    house.close().await;
}

/// Goal: a file of a stranger that is drawn without end is told as not compared, in the time that a
/// file has, and meanwhile the house's own files are compared.
#[actix_web::test]
async fn what_is_drawn_without_end_costs_a_stranger_their_own_time() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let signed = authority.sign_pdf(&pdfs::painted_without_end());
    let grown = grown(&signed, 40, "<</Nothing true>>");
    let watch = Stopwatch::start();
    let parts = asked(&grown, "comparison", "1");
    let mut slow = Box::pin(ask(&house.app, &parts));
    let states = States {
        signed: Bytes::from(small_pdf()),
        now: Bytes::from(tampered(&small_pdf())),
    };
    let share = Share::Person(Uuid::from_u128(7));
    let seen = Box::pin(house.app.see_changes(&share, states));
    let seen = match select(seen, &mut slow).await {
        Either::Left((seen, _)) => seen.expect("compared"),
        Either::Right(_) => panic!("the endless one is first"),
    };
    let [page] = seen.pages.as_slice() else {
        panic!("one page: {seen:?}");
    };
    assert_eq!(page.seen.look, Look::Differs);
    assert!(!page.marks.is_empty());
    let (status, seen) = slow.await;
    assert_eq!(status, StatusCode::OK, "{seen:#}");
    assert_eq!(seen["pages"][0]["look"], "unknown", "{seen:#}");
    assert!(watch.elapsed() < Duration::from_secs(40));
    house.close().await;
}

/// Goal: the command writes each signature's revision to the byte, into a folder of their own.
#[test]
fn the_command_writes_what_each_signature_found() {
    let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let authority = Authority::new();
    let first = authority.sign_pdf(&small_pdf());
    let redrawn = grown(&first, 4, &drawing(&DRAWN.replace("100 100", "300 300")));
    std::fs::write(path("contract.pdf"), &redrawn).expect("written");
    let out = path("revisions");
    let file = path("contract.pdf");
    let written = chancery(&["--revisions", &out, &file]);
    assert_eq!(written.status.code(), Some(1), "{written:?}");
    let names: Vec<String> = std::fs::read_dir(&out)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .into_string()
                .expect("text")
        })
        .collect();
    assert_eq!(names, ["1-contract.signature-1.pdf"]);
    let kept = std::fs::read(path("revisions/1-contract.signature-1.pdf"));
    assert_eq!(kept.expect("the revision"), first);
    let again = chancery(&["--revisions", &out, &file]);
    assert_eq!(
        again.status.code(),
        Some(2),
        "nothing is written over: {again:?}"
    );
}

/// Goal: the command's text tells what a signature does to the file, as the pages do. Method: one
/// that certifies and locks.
#[test]
fn the_command_tells_of_certification_and_locked_fields() {
    let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
    let authority = Authority::new();
    let pdf = small_pdf();
    let plan = SignaturePlan {
        field_name: "Certifies".to_owned(),
        target: FieldTarget::New,
        contents_bytes: 8192,
        sub_filter: SubFilter::EtsiCadesDetached,
        signing_time: "D:20261123065000Z".to_owned(),
        name: None,
        reason: None,
        location: None,
        contact: None,
        certification: Some(Certification::FillAndSign),
        lock: Some(FieldLock {
            fields: LockedFields::Include(vec!["Account".to_owned()]),
            permission: None,
        }),
        mark: None,
        kept_fields: 0,
    };
    let mut prepared = prepare_signature(&pdf, &Limits::default(), &plan).expect("prepared");
    let cms = authority.sign(&prepared.signed_spans(&pdf));
    prepared.embed(&cms).expect("room");
    let file = folder.path().join("certified.pdf");
    std::fs::write(&file, [pdf.as_slice(), &prepared.tail].concat()).expect("written");
    let file = file.display().to_string();
    for (language, certifies, locks) in [
        ("en", "Certifies the file", "Account"),
        ("ru", "Заверяет файл", "Account"),
    ] {
        let told = text(&chancery(&["--lang", language, &file]).stdout);
        for word in [certifies, locks] {
            assert!(told.contains(word), "{word}: {told}");
        }
    }
}

/// Goal: nothing green stands beneath a verdict that is not to be trusted, and what was changed is
/// not shown as what was signed. Method: a drawing changed under a signature, and then a revision
/// that shows nothing; that revision alone.
#[actix_web::test]
async fn what_looks_the_same_is_no_good_news_of_a_file_that_failed() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let signed = authority.sign_pdf(&small_pdf());
    let unseen = "<</Nothing true>>";
    let file = grown(&tampered(&signed), 19, unseen);
    for wanted in ["comparison", "revision"] {
        let (status, page) = ask_page(&house.app, "en", &asked(&file, wanted, "1")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("was changed after signing"), "{page}");
    }
    let file = grown(&signed, 19, unseen);
    for language in ["ru", "en"] {
        let page = ask_page(&house.app, language, &asked(&file, "comparison", "1")).await;
        assert_eq!(page.0, StatusCode::OK);
        for words in [
            "data-verdict=\"attention\"",
            "<section class=\"verdict good\" data-seen=\"good\">",
        ] {
            assert!(page.1.contains(words), "{words}: {}", page.1);
        }
    }
    house.close().await;
}
