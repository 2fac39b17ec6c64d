//! Each bad input has its own message in both languages and leaves nothing behind.

use bytes::Bytes;
use chancery::app::AppError;
use chancery::app::intake::Repair;
use chancery::app::spool::Spool;
use chancery::app::tokens::Scope;
use chancery_types::Locale;
use futures::StreamExt as _;
use reqwest::multipart::{Form, Part};

use super::paper::{card, contract, create, rows, told, upload};
use crate::support::{TestApp, on_both, pdfs};

/// Goal: a bad file is refused by its own name. Method: one line a file, its message in ru and en.
#[tokio::test]
async fn a_bad_file_is_refused_by_name_and_leaves_nothing() {
    on_both(async |house: &TestApp| {
        let good = pdfs::contract("целый");
        let cut = good[..good.len() / 2].to_vec();
        let cases: [(&str, Vec<u8>, &str, &str); 6] = [
            (
                "a page of HTML",
                b"<!doctype html><script>alert(1)</script>".to_vec(),
                "main: Это не PDF. Сохраните документ как PDF и загрузите снова.",
                "main: This is not a PDF. Save the document as PDF and upload it again.",
            ),
            (
                "half a file",
                cut,
                "main: Файл обрезан: его конца нет. Скачайте или сохраните его заново.",
                "main: The file is cut off: its end is missing. Download or save it again.",
            ),
            (
                "a file with a password",
                pdfs::encrypted(),
                "main: Файл защищён паролем. Снимите пароль и загрузите снова.",
                "main: The file is protected by a password. Remove the password and upload it \
                 again.",
            ),
            (
                "pages in a circle",
                pdfs::page_tree_loop(),
                "main: Страницы файла замкнуты в кольцо. Сохраните PDF заново.",
                "main: The pages of the file run in a circle. Save the PDF again.",
            ),
            (
                "a script",
                pdfs::with_script(),
                "main: В файле есть скрипты или действия. Сохраните PDF без них: подписывают \
                 только то, что видно.",
                "main: The file has scripts or actions. Save the PDF without them: one signs only \
                 what one sees.",
            ),
            (
                "a lying table",
                pdfs::with_wrong_table(&good),
                "main: Таблица объектов в файле неверна. Отметьте «исправленную копию» или \
                 сохраните PDF заново.",
                "main: The table of objects in the file is wrong. Tick “repaired copy”, or save \
                 the PDF again.",
            ),
        ];
        let before = rows(house).await;
        for (what, bytes, ru, en) in cases {
            let error = create(house, &bytes).await.expect_err(what);
            assert_eq!(told(&error, Locale::Ru), [ru], "{what}");
            assert_eq!(told(&error, Locale::En), [en], "{what}");
            assert_eq!(rows(house).await, before, "{what}");
        }
        let empty = create(house, b"").await.expect_err("nothing");
        assert_eq!(
            told(&empty, Locale::Ru),
            ["main: Файл «Договор.pdf» пуст. Выберите другой."]
        );
        assert_eq!(rows(house).await, before);
    })
    .await;
}

/// Goal: who corrects a form is not told of the next mistake only then. Method: a wrong field, a
/// department that is not there, a file that is no PDF and one that is nothing we take, at once.
#[tokio::test]
async fn fields_references_and_files_are_told_all_at_once() {
    on_both(async |house: &TestApp| {
        let before = rows(house).await;
        let mut new = contract(&house.vector, b"<!doctype html>").expect("a contract");
        new.title = String::new();
        new.card.insert("amount".to_owned(), "much".to_owned());
        let nobody = chancery::entropy::id(house.app.now()).to_string();
        new.card.insert("department".to_owned(), nobody);
        new.attachments = vec![upload("attachments", "a.exe", b"MZ\x90\0").expect("a file")];
        let error = house
            .app
            .create_document(&house.actor("initiator"), new)
            .await
            .expect_err("wrong fields");
        let told = told(&error, Locale::En);
        for field in [
            "title",
            "card.amount",
            "card.department",
            "main",
            "attachments",
        ] {
            let start = format!("{field}: ");
            let count = told.iter().filter(|line| line.starts_with(&start)).count();
            assert_eq!(count, 1, "{field}: {told:#?}");
        }
        assert_eq!(told.len(), 5);
        assert_eq!(rows(house).await, before);
    })
    .await;
}

#[tokio::test]
async fn wrong_fields_are_told_all_at_once_and_leave_nothing() {
    on_both(async |house: &TestApp| {
        let before = rows(house).await;
        let mut new = contract(&house.vector, &pdfs::contract("поля")).expect("a contract");
        new.title = "Договор\r\nBcc: x".to_owned();
        for (field, value) in [
            ("amount", "1E+100"),
            ("payment_days", "ten"),
            ("subject", "Бумага\u{202e}fdp"),
            ("counterparty", "no-one"),
            ("colour", "red"),
        ] {
            new.card.insert(field.to_owned(), value.to_owned());
        }
        new.card.remove("department");
        let error = house
            .app
            .create_document(&house.actor("initiator"), new)
            .await
            .expect_err("wrong fields");
        let mut ru = told(&error, Locale::Ru);
        ru.sort();
        assert_eq!(
            ru,
            [
                "card.amount: Напишите сумму цифрами, например 1250000,00.",
                "card.colour: Такого поля у этого вида документов нет.",
                "card.counterparty: Выберите из списка.",
                "card.department: Заполните это поле.",
                "card.payment_days: Нужно целое число.",
                "card.subject: Уберите невидимый знак U+202E: он подменяет вид текста.",
                "title: Уберите переносы строк и другие управляющие знаки.",
            ]
        );
        let en = told(&error, Locale::En);
        assert!(
            en.contains(&"card.amount: Write the amount in digits, like 1250000.00.".to_owned())
        );
        assert_eq!(rows(house).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_reference_to_another_organisation_is_no_choice() {
    let house = TestApp::single().await;
    let mut new = contract(&house.vector, &pdfs::contract("чужой")).expect("a contract");
    new.card.extend(card(&house.northwind));
    let error = house
        .app
        .create_document(&house.actor("initiator"), new)
        .await;
    let told = told(&error.expect_err("another's"), Locale::En);
    assert!(
        told.contains(&"card.counterparty: Choose from the list.".to_owned()),
        "{told:?}"
    );
    house.close().await;
}

#[test]
fn a_name_that_lies_is_refused_before_a_byte_is_written() {
    for name in ["договор\u{202e}fdp.exe", "a\r\nSet-Cookie: x.pdf"] {
        assert!(matches!(
            Spool::new("main", name, 10),
            Err(AppError::Invalid { .. })
        ));
    }
}

#[tokio::test]
async fn an_attachment_of_another_kind_than_its_name_is_refused() {
    let house = TestApp::single().await;
    let before = rows(&house).await;
    let mut new = contract(&house.vector, &pdfs::contract("приложение")).expect("a contract");
    new.attachments = vec![
        upload("attachments", "смета.txt", "Смета".as_bytes()).expect("a file"),
        upload("attachments", "смета.docx", b"MZ\x90\0").expect("a file"),
    ];
    let error = house
        .app
        .create_document(&house.actor("initiator"), new)
        .await;
    assert_eq!(
        told(&error.expect_err("a program"), Locale::En),
        [
            "attachments: The file “смета.docx” is not taken: its content is of another kind or does \
          not agree with its name."
        ]
    );
    assert_eq!(rows(&house).await, before);
    house.close().await;
}

/// Goal: a stream that does not end is not read to its end. Method: over HTTP, a body of 2 GB that
/// is made as it is read; the answer comes long before.
#[tokio::test]
async fn a_stream_past_the_limit_is_refused_while_it_flows() {
    let house = TestApp::start_with(&crate::support::Backend::single(), |config| {
        config.limits.upload_bytes_max = 1_000_000;
    })
    .await;
    let before = rows(&house).await;
    let person = house.actor("initiator");
    let token = house
        .app
        .create_token(&person, "tests", Scope::Write, 1)
        .await
        .expect("a token");
    let events = rows(&house).await[5];
    let served = house.serve();
    let chunk = Bytes::from(vec![b'x'; 64 * 1024]);
    let sent = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = sent.clone();
    let endless = futures::stream::repeat(chunk)
        .take(2 * 1024 * 16)
        .map(move |chunk| {
            counter.fetch_add(chunk.len(), std::sync::atomic::Ordering::SeqCst);
            Ok::<_, std::io::Error>(chunk)
        });
    let part = Part::stream(reqwest::Body::wrap_stream(endless)).file_name("a.pdf");
    let form = Form::new().text("kind", "contract").part("main", part);
    let answer = reqwest::Client::new()
        .post(format!("{}/api/v1/documents", served.base_url))
        .bearer_auth(&token.secret)
        .header("Idempotency-Key", "endless")
        .multipart(form)
        .send()
        .await;
    // The server may close before the client has read its answer; either way nothing came in.
    if let Ok(answer) = answer {
        assert_eq!(answer.status().as_u16(), 413);
    }
    let sent = sent.load(std::sync::atomic::Ordering::SeqCst);
    assert!(sent < 200_000_000, "{sent} bytes were taken");
    let after = rows(&house).await;
    assert_eq!(after[..5], before[..5]);
    assert_eq!(after[5], events);
    served.stop().await;
    house.close().await;
}

#[tokio::test]
async fn a_lying_table_becomes_a_repaired_copy_only_by_choice() {
    let house = TestApp::single().await;
    let lying = pdfs::with_wrong_table(&pdfs::contract("починка"));
    let mut new = contract(&house.vector, &lying).expect("a contract");
    new.repair = Repair::Accept;
    let created = house
        .app
        .create_document(&house.actor("initiator"), new)
        .await
        .expect("a repaired copy");
    assert!(created.is_repaired);
    let text = house
        .app
        .texts_of_version(
            &house
                .app
                .see_version(&house.actor("initiator"), created.id, None)
                .await
                .expect("a version"),
        )
        .await
        .expect("texts");
    assert!(text[0].contains("Договор поставки"), "{text:?}");
    house.close().await;
}

/// Goal: a spooled file has no name that a killed process could leave behind. Method: its place is
/// asked of the system while it is open, and it is put into storage from there.
#[tokio::test]
async fn nothing_stays_in_the_spool() {
    let house = TestApp::single().await;
    let bytes = pdfs::contract("спул");
    let upload = upload("main", "a.pdf", &bytes).expect("a file");
    let place = std::fs::read_link(upload.path()).expect("an open file");
    assert!(!place.exists(), "{}", place.display());
    assert_eq!(std::fs::read(upload.path()).expect("readable"), bytes);
    let mut new = contract(&house.vector, &bytes).expect("a contract");
    new.main = Some(upload);
    house
        .app
        .create_document(&house.actor("initiator"), new)
        .await
        .expect("a document");
    house.close().await;
}
