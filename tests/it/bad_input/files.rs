//! Files that are not what they should be.

use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::door::{Door, Sent, answer};
use crate::support::{TestApp, Traces, on_both, pdfs};

/// A bad file with what is said of it.
struct Bad {
    what: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
    ru: &'static str,
    en: &'static str,
}

fn bad_files() -> Vec<Bad> {
    let bad = |what, name, bytes, ru, en| Bad {
        what,
        name,
        bytes,
        ru,
        en,
    };
    let good = pdfs::contract("плохой");
    vec![
        bad(
            "0 bytes",
            "a.pdf",
            Vec::new(),
            "Файл «a.pdf» пуст. Выберите другой.",
            "The file “a.pdf” is empty. Choose another.",
        ),
        bad(
            "HTML named .pdf",
            "a.pdf",
            b"<!doctype html><script>alert(1)</script>".to_vec(),
            "Это не PDF. Сохраните документ как PDF и загрузите снова.",
            "This is not a PDF. Save the document as PDF and upload it again.",
        ),
        bad(
            "half a file",
            "a.pdf",
            good[..good.len() / 2].to_vec(),
            "Файл обрезан: его конца нет. Скачайте или сохраните его заново.",
            "The file is cut off: its end is missing. Download or save it again.",
        ),
        bad(
            "a password",
            "a.pdf",
            pdfs::encrypted(),
            "Файл защищён паролем. Снимите пароль и загрузите снова.",
            "The file is protected by a password. Remove the password and upload it again.",
        ),
        bad(
            "a loop of pages",
            "a.pdf",
            pdfs::page_tree_loop(),
            "Страницы файла замкнуты в кольцо. Сохраните PDF заново.",
            "The pages of the file run in a circle. Save the PDF again.",
        ),
        bad(
            "a name that turns round",
            "договор\u{202e}fdp.exe",
            good.clone(),
            "Уберите невидимый знак U+202E: он подменяет вид текста.",
            "Remove the invisible character U+202E: it makes text look like other text.",
        ),
    ]
}

/// Goal: each bad file is refused by its own words, at its field, by page and by API, and neither a
/// row nor a file stays, not even of the good attachment that came along. Method: one line a file.
#[tokio::test]
async fn a_bad_file_is_refused_by_both_doors_and_leaves_nothing() {
    on_both(async |app: &TestApp| {
        let houses = [&app.vector, &app.northwind];
        let doors = [
            Door::of(app, houses[0]).await,
            Door::of(app, houses[1]).await,
        ];
        for (house, door) in houses.into_iter().zip(&doors) {
            let before = Traces::of(app).await;
            for bad in bad_files() {
                let mut sent = Sent::contract(house, Vec::new());
                let annex = ("attachments", "смета.txt".to_owned(), "Смета".into());
                sent.files = vec![annex, ("main", bad.name.to_owned(), bad.bytes.clone())];
                let words = match door.locale.code() {
                    "ru" => bad.ru,
                    _ => bad.en,
                };
                let (status, page) = door.by_page(&sent).await;
                assert_eq!(status, 422, "{}: {page}", bad.what);
                assert!(page.contains(words), "{}: {page}", bad.what);
                let (status, fields) = door.by_call(&sent).await;
                assert_eq!(status, 422, "{}: {fields:?}", bad.what);
                let expected = [("main".to_owned(), words.to_owned())];
                assert_eq!(fields, expected, "{}", bad.what);
                assert_eq!(Traces::of(app).await, before, "{}", bad.what);
            }
        }
        // Not before: connections of the pool live in the threads of a server.
        for door in doors {
            door.served.stop().await;
        }
    })
    .await;
}

/// Goal: a line break in a file's name never gets further than the parser. Method: raw in the
/// header (a broken form), and as browsers send it, escaped (plain characters then).
#[tokio::test]
async fn a_line_break_in_a_file_name_breaks_nothing_but_its_own_form() {
    let app = TestApp::single().await;
    let door = Door::of(&app, &app.vector).await;
    let before = Traces::of(&app).await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"main\"; \
                filename=\"a\r\nSet-Cookie: x=1\r\n.pdf\"\r\n\r\n%PDF-1.7\r\n--b--\r\n";
    let request = door.post_call("/api/v1/documents");
    let request = request.header("Content-Type", "multipart/form-data; boundary=b");
    let (status, problem) = answer(request.body(body)).await;
    assert!(matches!(status, 400 | 404 | 422), "{status} {problem}");
    assert!(!problem.contains("Set-Cookie"), "{problem}");
    assert_eq!(Traces::of(&app).await, before);
    door.served.stop().await;
    app.close().await;
}

/// Goal: "Check a signature" answers every bad file with a verdict or a problem, never green and
/// never a failure of the server, and keeps nothing.
#[tokio::test]
async fn a_bad_file_to_check_is_never_green_and_leaves_nothing() {
    let app = TestApp::start_with(&crate::support::Backend::single(), |config| {
        config.rate_limits.verify_per_minute = 1_000;
    })
    .await;
    let door = Door::of(&app, &app.vector).await;
    let before = Traces::of(&app).await;
    for bad in bad_files() {
        let part = || Part::bytes(bad.bytes.clone()).file_name(bad.name);
        let request = door.client.post(door.served.url("/api/v1/verify"));
        let (status, body) = answer(request.multipart(Form::new().part("file", part()))).await;
        assert_eq!(status, 200, "{}: {body}", bad.what);
        let report: Value = serde_json::from_str(&body).expect("JSON");
        let indication = report["indication"].as_str().expect("a verdict");
        assert_ne!(indication, "TOTAL-PASSED", "{}: {body}", bad.what);
        assert!(!body.contains('\u{202e}'), "{}: {body}", bad.what);
        let form = Form::new().text("_csrf", door.csrf.clone());
        let request = door
            .post_page("/verify")
            .multipart(form.part("file", part()));
        let (status, page) = answer(request).await;
        assert_eq!(status, 200, "{}: {page}", bad.what);
        assert!(!page.contains('\u{202e}'), "{}: {page}", bad.what);
        assert_eq!(Traces::of(&app).await, before, "{}", bad.what);
    }
    door.served.stop().await;
    app.close().await;
}
