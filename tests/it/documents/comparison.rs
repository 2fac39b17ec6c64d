//! Versions that differ beside their text: in the card, in the attachments, in nothing.

use chancery::app::intake::Repair;
use chancery::app::versions::VersionUpload;
use chancery::domain::access::Action;
use chancery_types::id::DocumentId;
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE};
use serde_json::{Value, json};

use super::paper::{card, contract, upload};
use crate::support::{Served, TestApp, on_both, pdfs};

/// A contract whose second version has another amount and a term, and whose third has another
/// estimate, no annex and a schedule.
async fn three_versions(house: &TestApp) -> DocumentId {
    let (app, olga) = (&house.app, house.actor("initiator"));
    let file = pdfs::contract("за 10 дней");
    let mut new = contract(&house.vector, &file).expect("a contract");
    new.attachments = [("смета.txt", b"1"), ("приложение.txt", b"2")]
        .map(|(name, bytes)| upload("attachments", name, bytes).expect("a file"))
        .into();
    let id = app.create_document(&olga, new).await.expect("made").id;
    let row_version = async || {
        let row = app.document_for(&olga, id, Action::SeeDocument).await;
        row.expect("a row").row_version
    };
    let mut changed = card(&house.vector);
    changed.insert("amount".to_owned(), "2 500 000,00".to_owned());
    changed.insert("valid_until".to_owned(), "2027-12-31".to_owned());
    app.edit_document(&olga, id, row_version().await, "Договор поставки", &changed)
        .await
        .expect("a version");
    let next = VersionUpload {
        main: Some(upload("main", "Договор.pdf", &file).expect("a file")),
        attachments: [("смета.txt", b"3"), ("график.txt", b"4")]
            .map(|(name, bytes)| upload("attachments", name, bytes).expect("a file"))
            .into(),
        comment: "Новая смета".to_owned(),
        keep: Vec::new(),
        repair: Repair::Offer,
    };
    app.add_version(&olga, id, row_version().await, next)
        .await
        .expect("a version");
    id
}

async fn got(house: &TestApp, served: &Served, path: &str, language: &str) -> String {
    let person = house.vector.person("initiator");
    let opened = house
        .app
        .open_session(person, crate::signing::contract::origin());
    let secret = opened.await.expect("a session").secret;
    let asked = reqwest::Client::new()
        .get(served.url(path))
        .header(ACCEPT_LANGUAGE, language)
        .header(
            COOKIE,
            format!("chancery_session={secret}; chancery_language={language}"),
        );
    let answer = asked.send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.text().await.expect("a text").replace('\u{a0}', " ")
}

/// Goal: whoever compares sees the changed amount and term and the changed attachments, on the page
/// and by the call; equal versions are said to be equal.
#[tokio::test]
async fn the_card_and_the_attachments_are_compared_too() {
    on_both(async |house: &TestApp| {
        let id = three_versions(house).await;
        let served = house.serve();
        let compared = async |from: i64, to: i64| {
            let path = format!("/api/v1/documents/{id}/comparison?from={from}&to={to}");
            let text = got(house, &served, &path, "ru").await;
            serde_json::from_str::<Value>(&text).expect("JSON")
        };
        let first = compared(1, 2).await;
        let names = |list: &Value| -> Vec<String> {
            let rows = list.as_array().expect("a list").iter();
            rows.map(|row| row["name"].as_str().expect("a name").to_owned())
                .collect()
        };
        assert_eq!(names(&first["fields"]), ["amount", "valid_until"]);
        assert_eq!(first["fields"][0]["label"], "Сумма");
        let amount = &first["fields"][0]["after"];
        assert_eq!(amount["value"]["amount"], "2500000.00", "{amount}");
        assert_eq!(first["fields"][1]["before"], Value::Null);
        assert_eq!(first["attachments"], json!([]));
        assert_eq!(first["is_main_replaced"], json!(false));

        let second = compared(2, 3).await;
        assert_eq!(second["fields"], json!([]));
        let files = second["attachments"].as_array().expect("a list").iter();
        let files: Vec<String> = files
            .map(|row| format!("{} {}", row["change"], row["name"]))
            .collect();
        assert_eq!(
            files,
            [
                "\"replaced\" \"смета.txt\"",
                "\"removed\" \"приложение.txt\"",
                "\"added\" \"график.txt\""
            ]
        );

        let page = async |from: i64, to: i64| {
            let path = format!("/documents/{id}/compare?from={from}&to={to}");
            got(house, &served, &path, "ru").await
        };
        let html = page(1, 2).await;
        for words in [
            "Сумма",
            "1 250 000,00",
            "2 500 000,00",
            "Действует до",
            "Основной файл тот же",
        ] {
            assert!(html.contains(words), "no {words:?} in {html}");
        }
        let html = page(2, 3).await;
        for words in [
            "смета.txt",
            "заменён",
            "убран",
            "добавлен",
            "Основной файл тот же",
        ] {
            assert!(html.contains(words), "no {words:?} in {html}");
        }
        let html = page(2, 2).await;
        assert!(html.contains("Версии одинаковы"), "{html}");
        served.stop().await;
    })
    .await;
}
