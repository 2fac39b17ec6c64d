//! What the verdict says, where it is said of several things at once.

use actix_web::http::StatusCode;
use chancery::i18n::Formats;
use chancery::i18n::verdict::file_words;
use chancery_signature::facts::Change;
use chancery_signature::{Anchors, Limits, ValidationPolicy, gather_pdf, judge};
use chancery_types::Locale;

use super::revisions::with_a_page_more;
use super::signed::{Authority, moment, small_pdf};
use super::{Part, ask_page, ca, house_of, signed};

/// Goal: of several signatures the first sentence says whose is not in order; of one it needs not.
/// Method: ours and a stranger's over one file, ours alone with a page put in; both languages.
#[actix_web::test]
async fn the_first_sentence_names_whose_signature_it_is() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let ours = authority.sign_pdf(&small_pdf());
    let both = signed::signed_by(&ours, |spans| {
        ca::Draft::new("Чужой Пётр", 9).by(None).signs(spans)
    });
    for (language, words) in [
        ("ru", "Не проверено до конца: Чужой Пётр (Подпись 2)."),
        ("en", "Not fully checked: Чужой Пётр (Signature 2)."),
    ] {
        let parts: [Part<'_>; 1] = [("file", Some("both.pdf"), &both)];
        let (status, html) = ask_page(&house.app, language, &parts).await;
        assert_eq!(status, StatusCode::OK);
        let html = html.replace('\u{a0}', " ");
        assert!(html.contains(words), "{words}: {html}");
    }
    let failed = with_a_page_more(&ours);
    let parts: [Part<'_>; 1] = [("file", Some("failed.pdf"), &failed)];
    let (_, html) = ask_page(&house.app, "ru", &parts).await;
    assert!(html.contains("Не доверяйте этому файлу."), "{html}");
    assert!(!html.contains("Недействительно:"), "{html}");
    house.close().await;
}

/// Goal: what is told by numbers of objects is told once, of all of them, and with what to do.
/// Method: a report with one such change more, in the same revision and in another one.
#[test]
fn objects_that_nobody_explains_are_told_together() {
    let authority = Authority::new();
    let file = with_a_page_more(&authority.sign_pdf(&small_pdf()));
    let facts = gather_pdf(&file, &Limits::default());
    let anchors = Anchors::from_pem_or_der(&authority.root).expect("a root");
    let policy = ValidationPolicy::default();
    let mut report = judge(&facts, &policy, moment().plus_seconds(600), &anchors);
    let one = report.signatures.first_mut().expect("a signature");
    let template = one.changes.first().expect("a change").clone();
    one.changes = [(3, 10), (3, 12), (3, 10), (4, 13)]
        .into_iter()
        .map(|(revision, object)| {
            let mut change = template.clone();
            change.revision = revision;
            change.change = Change::OrphanAdded { object };
            change
        })
        .collect();
    for (locale, together, alone) in [
        (Locale::Ru, "(объекты 10, 12)", "(объект 13)"),
        (Locale::En, "(objects 10, 12)", "(object 13)"),
    ] {
        let words = file_words(&report, &Formats::new(locale, "UTC"));
        let after = &words.signatures[0].after;
        let told = |words: &str| after.iter().filter(|text| text.contains(words)).count();
        assert_eq!((told(together), told(alone)), (1, 1), "{after:?}");
        assert_eq!(told("объект") + told("object"), 2, "{after:?}");
        assert!(!words.signatures[0].advice.is_empty());
    }
}

/// Goal: what should be known of a file that passed stands in its banner, once. Method: a document
/// with a script, signed; the same without.
#[actix_web::test]
async fn what_should_be_known_of_a_file_that_passed_stands_in_its_banner() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let plain = small_pdf();
    let text = String::from_utf8_lossy(&plain).into_owned();
    let at = text.find("/Pages 2 0 R>>").expect("the catalogue");
    assert!(at < plain.len());
    let scripted = super::revisions::grown(
        &plain,
        1,
        "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.beep\\(\\))>>>>",
    );
    for (language, words) in [
        ("ru", "Сценарии в документе могут"),
        ("en", "Scripts in the document may change what it shows"),
    ] {
        for (file, notes) in [(&scripted, 1), (&plain, 0)] {
            let signed = authority.sign_pdf(file);
            let parts: [Part<'_>; 1] = [("file", Some("c.pdf"), &signed)];
            let (_, html) = ask_page(&house.app, language, &parts).await;
            assert!(html.contains("data-verdict=\"good\""), "{html}");
            assert_eq!(html.matches("<p data-note>").count(), notes, "{html}");
            assert_eq!(html.contains(words), notes == 1, "{html}");
        }
    }
    house.close().await;
}

/// Goal: a protocol goes by the name of its file, in the reader's language, and its codes hold no
/// prose of another one. Method: the page of a checked file, and of one that breaks off.
#[actix_web::test]
async fn a_protocol_is_named_and_written_in_one_language() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let good = authority.sign_pdf(&small_pdf());
    for (language, name) in [
        ("ru", "Договор – проверка подписи.pdf"),
        ("en", "Договор – signature check.pdf"),
    ] {
        let parts: [Part<'_>; 1] = [("file", Some("Договор.pdf"), &good)];
        let (_, html) = ask_page(&house.app, language, &parts).await;
        let named = format!("download=\"{name}\"");
        assert!(html.contains(&named), "{named}: {html}");
        let broken = &good[..good.len() / 3];
        let parts: [Part<'_>; 1] = [("file", Some("broken.pdf"), broken)];
        let (_, html) = ask_page(&house.app, language, &parts).await;
        assert!(html.contains("why=truncated"), "{html}");
        assert_eq!(html.contains("detail="), language == "en", "{html}");
    }
    house.close().await;
}

/// Goal: who read a verdict goes on with the same file without choosing it again: compares it with
/// what was signed, or takes what was signed. Method: what the page holds, sent back as its form
/// does, by buttons of both sorts; what is no file.
#[actix_web::test]
async fn a_verdict_goes_on_with_its_file() {
    let authority = Authority::new();
    let house = house_of(&authority).await;
    let first = authority.sign_pdf(&small_pdf());
    let both = authority.sign_pdf(&first);
    let parts: [Part<'_>; 1] = [("file", Some("Договор.pdf"), &both)];
    let (_, html) = ask_page(&house.app, "ru", &parts).await;
    let hidden = |name: &str| {
        let start = format!("name=\"{name}\" value=\"");
        let rest = html.split(&start).nth(1).expect("held");
        rest.split('"').next().expect("its end").to_owned()
    };
    let (name, held) = (hidden("held_name"), hidden("held"));
    assert_eq!(name, "Договор.pdf");
    let goes_on = |form: &'static str, held: &str| {
        let parts = [
            ("held_name", None, name.as_bytes().to_vec()),
            ("held", None, held.as_bytes().to_vec()),
            ("signature_number", None, b"1".to_vec()),
            ("form", None, form.as_bytes().to_vec()),
        ];
        let app = house.app.clone();
        async move {
            let parts: Vec<Part<'_>> = parts
                .iter()
                .map(|(name, file, bytes)| (*name, *file, bytes.as_slice()))
                .collect();
            ask_page(&app, "ru", &parts).await
        }
    };
    let (status, seen) = goes_on("comparison", &held).await;
    assert_eq!(status, StatusCode::OK, "{seen}");
    assert!(
        seen.contains("data-seen=") && seen.contains(&held),
        "{seen}"
    );
    let (status, signed) = goes_on("revision", &held).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(signed, String::from_utf8_lossy(&first));
    let (status, again) = goes_on("page", &held).await;
    assert_eq!(status, StatusCode::OK);
    assert!(again.contains("Договор.pdf"), "{again}");
    for nothing in ["", "no Base64!"] {
        let (status, refused) = goes_on("comparison", nothing).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
        assert!(refused.contains("Выберите файл"), "{refused}");
    }
    house.close().await;
}
