//! Fields that are not what they should be.

use serde_json::{Value, json};

use super::door::{Door, Sent, answer, told};
use crate::documents::paper::create;
use crate::support::{TestApp, Traces, on_both, pdfs};

const NOT_AN_AMOUNT: [&str; 2] = [
    "Напишите сумму цифрами, например 1250000,00.",
    "Write the amount in digits, like 1250000.00.",
];
const TOO_LARGE: [&str; 2] = [
    "В сумме не больше 15 цифр до запятой.",
    "An amount has at most 15 digits before the point.",
];

/// Goal: each wrong value is named at its field, in words, by both doors, and nothing is left.
#[tokio::test]
async fn a_wrong_value_is_named_by_both_doors_and_leaves_nothing() {
    let digits = "9".repeat(10_000);
    let cases: Vec<(&str, &str, [&str; 2])> = vec![
        ("amount", "1E+100", NOT_AN_AMOUNT),
        ("amount", "1e400", NOT_AN_AMOUNT),
        ("amount", "NaN", NOT_AN_AMOUNT),
        ("amount", "-Infinity", NOT_AN_AMOUNT),
        ("amount", &digits, TOO_LARGE),
        (
            "payment_days",
            "ten",
            ["Нужно целое число.", "A whole number is needed."],
        ),
        (
            "payment_days",
            "99999999999999999999",
            ["Нужно целое число.", "A whole number is needed."],
        ),
        (
            "valid_until",
            "2026-02-30",
            [
                "Нужна дата вида 2026-11-23.",
                "A date like 2026-11-23 is needed.",
            ],
        ),
        (
            "urgent",
            "maybe",
            [
                "Нужно «да» или «нет»: true или false.",
                "Yes or no is needed: true or false.",
            ],
        ),
        (
            "subject",
            "Бумага\u{202e}fdp",
            [
                "Уберите невидимый знак U+202E: он подменяет вид текста.",
                "Remove the invisible character U+202E: it makes text look like other text.",
            ],
        ),
        (
            "counterparty",
            "no-one",
            ["Выберите из списка.", "Choose from the list."],
        ),
    ];
    on_both(async |app: &TestApp| {
        let houses = [&app.vector, &app.northwind];
        let doors = [
            Door::of(app, houses[0]).await,
            Door::of(app, houses[1]).await,
        ];
        for (place, (house, door)) in houses.into_iter().zip(&doors).enumerate() {
            let before = Traces::of(app).await;
            for (field, value, words) in &cases {
                let sent = Sent::contract(house, pdfs::contract("поле")).with(field, value);
                let start: String = value.chars().take(40).collect();
                let (status, page) = door.by_page(&sent).await;
                assert_eq!(status, 422, "{field}={start}");
                assert!(page.contains(words[place]), "{field}={start}: {page}");
                let (status, fields) = door.by_call(&sent).await;
                assert_eq!(status, 422, "{field}={start}");
                let expected = (format!("card.{field}"), words[place].to_owned());
                assert_eq!(fields, [expected], "{field}={start}");
                assert_eq!(Traces::of(app).await, before, "{field}={start}");
            }
        }
        // Not before: connections of the pool live in the threads of a server.
        for door in doors {
            door.served.stop().await;
        }
    })
    .await;
}

/// Goal: a title that lies, breaks lines or does not end is refused by name.
#[tokio::test]
async fn a_wrong_title_is_named_by_both_doors_and_leaves_nothing() {
    let app = TestApp::single().await;
    let door = Door::of(&app, &app.vector).await;
    let before = Traces::of(&app).await;
    let long = "Д".repeat(10_000);
    let cases = [
        ("Договор\u{202e}fdp", "Уберите невидимый знак U+202E"),
        ("Договор\r\nBcc: x", "Уберите переносы строк"),
        (long.as_str(), "Не длиннее"),
        (" ", "Заполните это поле."),
    ];
    for (title, words) in cases {
        let mut sent = Sent::contract(&app.vector, pdfs::contract("имя"));
        title.clone_into(&mut sent.title);
        let (status, page) = door.by_page(&sent).await;
        assert_eq!(status, 422, "{words}");
        assert!(page.contains(words), "{words}: {page}");
        let (status, fields) = door.by_call(&sent).await;
        assert_eq!((status, fields.len()), (422, 1), "{fields:?}");
        assert_eq!(fields[0].0, "title");
        assert!(fields[0].1.starts_with(words), "{fields:?}");
        assert_eq!(Traces::of(&app).await, before, "{words}");
    }
    door.served.stop().await;
    app.close().await;
}

/// Goal: a minus before nothing is nothing, and is stored without it.
#[tokio::test]
async fn a_negative_nothing_is_stored_as_nothing() {
    let app = TestApp::single().await;
    let door = Door::of(&app, &app.vector).await;
    let sent = Sent::contract(&app.vector, pdfs::contract("ноль")).with("amount", "-0");
    let (status, created) = door.by_call(&sent).await;
    assert_eq!(status, 201, "{created:?}");
    let asked = door.client.get(door.served.url("/api/v1/documents"));
    let (_, list) = answer(asked.bearer_auth(&door.token)).await;
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let path = format!(
        "/api/v1/documents/{}",
        list["rows"][0]["id"].as_str().expect("one")
    );
    let asked = door.client.get(door.served.url(&path));
    let (_, document) = answer(asked.bearer_auth(&door.token)).await;
    assert!(
        document.contains("\"0\"") && !document.contains("\"-0\""),
        "{document}"
    );
    door.served.stop().await;
    app.close().await;
}

/// Goal: JSON of a wrong shape, of a wrong type or a hundred thousand levels deep is refused in
/// words, with the place, and does nothing.
#[tokio::test]
async fn json_of_a_wrong_shape_is_refused_with_its_place() {
    let app = TestApp::single().await;
    let created = create(&app, &pdfs::contract("джейсон"))
        .await
        .expect("a document");
    let door = Door::of(&app, &app.vector).await;
    let before = Traces::of(&app).await;
    let path = format!("/api/v1/documents/{}/run/withdrawal", created.id);
    let deep = "[".repeat(100_000);
    let deeper = format!("{{\"comment\":{deep}");
    let cases = [
        (deep.as_str(), "line 1 column"),
        (deeper.as_str(), "line 1 column"),
        ("{\"comment\":5}", "line 1 column 12"),
        (
            "{\"coment\":\"x\"}",
            "unknown field `coment`, expected `comment`",
        ),
        ("{", "line 1 column 1"),
        ("", "line 1 column 0"),
    ];
    for (body, words) in cases {
        let start: String = body.chars().take(20).collect();
        let request = door
            .post_call(&path)
            .header("Content-Type", "application/json");
        let (status, problem) = answer(request.body(body.to_owned())).await;
        assert_eq!(status, 422, "{start}: {problem}");
        let problem: Value = serde_json::from_str(&problem).expect("JSON");
        let fields = told(&problem);
        assert!(fields[0].1.contains(words), "{start}: {fields:?}");
        assert!(
            fields[0].1.starts_with("Не читается как ожидаемый JSON"),
            "{fields:?}"
        );
        assert_eq!(Traces::of(&app).await, before, "{start}");
    }
    let request = door.post_call(&path).body("{}");
    assert_eq!(answer(request).await.0, 415);
    let digest = json!({ "decision": "perhaps", "version_digest": "xyz" });
    let task = "/api/v1/tasks/0199c0de-0000-7000-8000-000000000000/decision";
    let (status, problem) = answer(door.post_call(task).json(&digest)).await;
    assert_eq!(status, 422, "{problem}");
    assert!(problem.contains("perhaps"), "{problem}");
    assert_eq!(Traces::of(&app).await, before);
    door.served.stop().await;
    app.close().await;
}
