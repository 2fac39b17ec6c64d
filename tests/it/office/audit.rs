//! The audit log: its words, its page, and that nothing in it changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chancery::app::AppError;
use chancery::app::audit::{self, Happening};
use chancery::app::counterparties::CounterpartyDraft;
use chancery::app::page::PageRequest;
use chancery::domain::audit_actions;
use chancery::i18n;
use chancery::store::entity::audit_events;
use chancery_types::Locale;
use sea_orm::{ConnectionTrait as _, DbBackend, EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::call;
use crate::guards::Browser;
use crate::runs::paper::Paper;
use crate::support::{TestApp, on_both};

/// Every source file of the program.
fn sources() -> Vec<(PathBuf, String)> {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = path.read_dir().expect("a folder");
            waiting.extend(entries.map(|entry| entry.expect("one").path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).expect("read");
            found.push((path, text));
        }
    }
    found
}

/// Goal: whatever the log holds, a reader sees a sentence. Method: every action, both languages;
/// then every sentence, that it has an action.
#[test]
fn every_action_has_words_in_both_languages_and_no_words_are_left_over() {
    let args = [
        ("version", i18n::Value::from(3)),
        ("decision", i18n::Value::from("approve")),
    ];
    let mut known: BTreeSet<String> = BTreeSet::from(["history-other".to_owned()]);
    for action in audit_actions::ALL {
        let key = audit_actions::key(action);
        for locale in Locale::ALL {
            let text = i18n::find(locale, &key, &args);
            assert!(text.is_some(), "{key} is missing in {}", locale.code());
            let noun = format!("audit-noun-{}", audit_actions::noun(action));
            assert!(
                i18n::find(locale, &noun, &[]).is_some(),
                "{noun} is missing"
            );
        }
        known.insert(key);
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/locales/ru/ui-audit.ftl");
    let text = std::fs::read_to_string(file).expect("read");
    let keys = text.lines().filter(|line| line.starts_with("history-"));
    for key in keys.filter_map(|line| line.split(" =").next()) {
        assert!(known.contains(key), "{key} belongs to no action");
    }
}

/// Goal: the list is what the code writes, no more and no less. Method: the source itself: every
/// action that is named where events are made, and every action of the list somewhere in it.
#[test]
fn the_code_names_every_action_of_the_list_and_no_other() {
    let files = sources();
    for (path, text) in &files {
        for call in ["Happening::to(", ".happening("] {
            for after in text.split(call).skip(1) {
                let Some(rest) = after.trim_start().strip_prefix('"') else {
                    continue;
                };
                let action = rest.split('"').next().expect("a text");
                let place = path.display();
                assert!(
                    audit_actions::is_known(action),
                    "{place}: `{action}` is not in domain::audit_actions::ALL"
                );
            }
        }
    }
    let elsewhere = files
        .iter()
        .filter(|(path, _)| !path.ends_with("audit_actions.rs"));
    let all: String = elsewhere.map(|(_, text)| text.as_str()).collect();
    for action in audit_actions::ALL {
        let named = all.contains(&format!("\"{action}\""));
        assert!(named, "nothing writes `{action}`");
    }
}

async fn count(house: &TestApp) -> u64 {
    let reader = house.app.store.reader();
    let found = audit_events::Entity::find().count(reader).await;
    found.expect("a count")
}

/// Goal: an action without words is never written, wherever its name comes from. Method: append
/// one.
#[tokio::test]
async fn an_action_that_is_not_in_the_list_is_not_written() {
    on_both(async |house: &TestApp| {
        let tx = house.app.store.begin().await.expect("a transaction");
        let happening = Happening::to("document.vanished", "document", Uuid::nil());
        let actor = house.actor("lawyer");
        let answer = audit::append(&tx, &actor, house.app.now(), happening).await;
        assert!(matches!(answer, Err(AppError::Internal(_))), "{answer:?}");
        drop(tx);
        assert_eq!(count(house).await, 0);
    })
    .await;
}

async fn befriend(house: &TestApp, name: &str) {
    let draft = CounterpartyDraft {
        name: name.to_owned(),
        tax_ids: chancery::app::checks::TaxIds {
            country: "DE".to_owned(),
            ..Default::default()
        },
        address: None,
    };
    let actor = house.actor("initiator");
    let made = house.app.create_counterparty(&actor, &draft).await;
    made.expect("a counterparty");
}

/// Goal: the database itself refuses to change the log. Method: statements past the program.
#[tokio::test]
async fn the_database_refuses_to_change_or_remove_an_event() {
    on_both(async |house: &TestApp| {
        befriend(house, "Contoso").await;
        let before = audit_events::Entity::find()
            .all(house.app.store.reader())
            .await
            .expect("events");
        assert_eq!(before.len(), 1);
        let mut statements = vec![
            "UPDATE audit_events SET actor_name = 'somebody else'",
            "UPDATE audit_events SET at = at + 1",
            "DELETE FROM audit_events",
        ];
        if house.app.store.backend() == DbBackend::Postgres {
            statements.push("TRUNCATE audit_events");
        }
        for statement in statements {
            let answer = house.app.store.writer().execute_unprepared(statement).await;
            let why = answer.expect_err(statement).to_string();
            assert!(
                why.contains("audit_events is append-only"),
                "{statement}: {why}"
            );
        }
        let after = audit_events::Entity::find()
            .all(house.app.store.reader())
            .await
            .expect("events");
        assert_eq!(before, after);
    })
    .await;
}

/// Goal: the log is the auditor's and the compliance officer's. Method: page and API by each role,
/// with a good and a bad question; and by another organisation's auditor.
#[tokio::test]
async fn only_auditors_and_compliance_officers_see_the_log_and_only_their_own() {
    on_both(async |house: &TestApp| {
        befriend(house, "Contoso").await;
        let served = house.serve();
        for (role, expected) in [
            ("auditor", 200),
            ("compliance", 200),
            ("administrator", 404),
            ("lawyer", 404),
            ("initiator", 404),
        ] {
            let browser = Browser::of(house, &served, house.vector.person(role)).await;
            assert_eq!(browser.get("/audit").await.status, expected, "{role}");
            let told = call(&browser, "GET", "/api/v1/audit", Value::Null).await;
            assert_eq!(told.status, expected, "{role} by the API");
            let wrong = browser.get("/audit?from=yesterday").await;
            let asked_badly = if expected == 200 { 422 } else { 404 };
            assert_eq!(wrong.status, asked_badly, "{role} asks badly");
            let menu = browser.get("/tasks").await.body;
            assert_eq!(menu.contains("href=\"/audit\""), expected == 200, "{role}");
        }
        let foreign = house.northwind.person("auditor");
        let foreign = Browser::of(house, &served, foreign).await;
        let page = foreign.get("/audit?action=counterparty.created").await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("Ольга Соколова"), "another's event");
        served.stop().await;
    })
    .await;
}

/// The actions that a question finds, newest first.
async fn found(browser: &Browser<'_>, question: &str) -> Vec<String> {
    let path = format!("/api/v1/audit?{question}");
    let told = call(browser, "GET", &path, Value::Null).await;
    assert_eq!(told.status, 200, "{question}: {}", told.body);
    let rows = told.body["rows"].as_array().expect("rows");
    let action = |row: &Value| row["action"].as_str().expect("an action").to_owned();
    rows.iter().map(action).collect()
}

/// Goal: who, what, document and days each find what they should. Method: events of three days.
#[tokio::test]
async fn the_log_is_asked_by_who_what_document_and_day() {
    on_both(async |house: &TestApp| {
        // 10:00 in Moscow on the 23rd.
        befriend(house, "Contoso").await;
        let paper = Paper::started(house, "10000").await;
        // 00:30 in Moscow on the 24th, still the 23rd in UTC.
        house.advance_seconds(14 * 3600 + 1800);
        befriend(house, "Fabrikam").await;
        let served = house.serve();
        let auditor = Browser::of(house, &served, house.vector.person("auditor")).await;
        let created = "counterparty.created";
        assert_eq!(found(&auditor, "action=run.started").await, ["run.started"]);
        let who = "who=%D0%BE%D0%BB%D1%8C%D0%B3%D0%B0&action=counterparty.created";
        assert_eq!(
            found(&auditor, who).await,
            [created, created],
            "ольга in small letters"
        );
        assert!(found(&auditor, "who=nobody").await.is_empty());
        assert!(
            found(&auditor, "who=%25").await.is_empty(),
            "a sign of LIKE means itself"
        );
        let by_id = format!("document={}", paper.id);
        assert_eq!(found(&auditor, &by_id).await, ["run.started"]);
        let words = "document=%D0%9F%D0%9E%D0%A1%D0%A2%D0%90%D0%92%D0%9A%D0%98";
        assert_eq!(found(&auditor, words).await, ["run.started"], "ПОСТАВКИ");
        let second = format!("action={created}&from=2026-11-24&until=2026-11-24");
        assert_eq!(found(&auditor, &second).await.len(), 1);
        let first = format!("action={created}&from=2026-11-23&until=2026-11-23");
        assert_eq!(found(&auditor, &first).await.len(), 1);
        assert!(found(&auditor, "until=2026-11-22").await.is_empty());
        for wrong in ["action=document.vanished", "until=2026-13-01", "cursor=%21"] {
            let path = format!("/api/v1/audit?{wrong}");
            let told = call(&auditor, "GET", &path, Value::Null).await;
            assert_eq!(told.status, 422, "{wrong}");
        }
        let page = auditor.get("/audit?who=nobody&from=2026-11-24").await.body;
        assert!(page.contains("value=\"nobody\"") && page.contains("value=\"2026-11-24\""));
        assert!(page.contains("Событий нет"), "{page}");
        let page = auditor.get("/audit?action=run.started").await.body;
        assert!(page.contains("Согласование запущено"), "{page}");
        assert!(
            page.contains(&format!("href=\"/documents/{}\"", paper.id)),
            "{page}"
        );
        served.stop().await;
    })
    .await;
}

/// Goal: pages of the log lose and repeat nothing. Method: walk it two at a time.
#[tokio::test]
async fn walking_the_log_by_its_cursor_shows_each_event_once() {
    on_both(async |house: &TestApp| {
        for number in 0..7 {
            befriend(house, &format!("Contoso {number}")).await;
        }
        let auditor = house.actor("auditor");
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = PageRequest { after, rows_max: 2 };
            let wanted = chancery::app::audit_log::AuditQuery::default();
            let page = house.app.list_audit(&auditor, &wanted, &page).await;
            let page = page.expect("a page");
            seen.extend(page.rows.iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let once: BTreeSet<_> = seen.iter().copied().collect();
        assert_eq!((seen.len(), once.len()), (7, 7));
    })
    .await;
}

/// Goal: a document's history speaks, whatever happened. Method: a decision by the API, then the
/// page in both languages.
#[tokio::test]
async fn a_document_s_history_says_what_was_decided() {
    let house = TestApp::single().await;
    let paper = Paper::started(&house, "10000").await;
    let tx = house.app.store.begin().await.expect("a transaction");
    let happening = Happening::to("task.decided", "run", Uuid::nil())
        .on_document(paper.id)
        .with(json!({ "decision": "return" }));
    let actor = house.actor("lawyer");
    let appended = audit::append(&tx, &actor, house.app.now(), happening).await;
    appended.expect("appended");
    tx.commit().await.expect("committed");
    let served = house.serve();
    let initiator = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let page = initiator
        .get(&format!("/documents/{}", paper.id))
        .await
        .body;
    assert!(page.contains("Возвращено на доработку"), "{page}");
    assert!(!page.contains("task.decided"), "{page}");
    served.stop().await;
    house.close().await;
}
