//! What happened since a person's last visit.

use chancery::app::news::News;
use chancery_types::Instant;
use chancery_workflow::Decision;

use super::discussion::{says, says_as};
use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::support::{TestApp, on_both};

async fn news(house: &TestApp, key: &str) -> News {
    let news = house.app.list_news(&house.actor(key)).await;
    news.expect("news")
}

/// What is told, newest first: who did what.
async fn told(house: &TestApp, key: &str) -> Vec<(String, String)> {
    let documents = news(house, key).await.documents.into_iter();
    let events = documents.flat_map(|document| document.events);
    events
        .map(|event| (event.actor_name, event.action))
        .collect()
}

async fn sees(house: &TestApp, key: &str, until: Option<Instant>) {
    let seen = house.app.see_news(&house.actor(key), until).await;
    seen.expect("kept");
}

fn event(name: &str, action: &str) -> (String, String) {
    (name.to_owned(), action.to_owned())
}

/// Goal: an initiator is told what others did and not what they did themselves; whoever holds a
/// task what changes their decision; whoever has decided how it went on; nobody else anything.
/// Method: a contract that the head approves and a lawyer returns, on both databases.
#[tokio::test]
async fn everybody_is_told_what_concerns_them_and_what_others_did() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        assert!(told(house, "initiator").await.is_empty(), "their own step");
        house.advance_seconds(60);
        paper.decides("head", Decision::Approve, "").await;
        let approved = event("Павел Громов", "task.decided");
        for concerned in ["initiator", "lawyer"] {
            let news = told(house, concerned).await;
            assert_eq!(news, std::slice::from_ref(&approved), "{concerned}");
        }
        for nobody in ["head", "accountant", "administrator"] {
            assert!(told(house, nobody).await.is_empty(), "{nobody}");
        }
        let stranger = house.northwind.actor("initiator");
        let theirs = house.app.list_news(&stranger).await.expect("news");
        assert_eq!(theirs.events_count, 0);

        house.advance_seconds(60);
        paper.decides("lawyer", Decision::Return, "Срок").await;
        let returned = event("Ирина Орлова", "task.decided");
        assert_eq!(told(house, "initiator").await, [returned.clone(), approved]);
        assert_eq!(
            told(house, "head").await,
            [returned],
            "who agreed is told that others did not"
        );
        house.advance_seconds(60);
        let initiator = house.actor("initiator");
        let again = house
            .app
            .resubmit_run(&initiator, paper.id, Some("Поправили"));
        again.await.expect("resubmitted");
        let resubmitted = event("Ольга Соколова", "run.resubmitted");
        assert!(told(house, "head").await.contains(&resubmitted));
        assert!(told(house, "lawyer").await.contains(&resubmitted));

        house.advance_seconds(60);
        let named = says("@Павел Громов, посмотрите");
        let named = says_as(house, "initiator", paper.id, named).await;
        named.expect("said");
        let said = event("Ольга Соколова", "comment.added");
        assert!(told(house, "head").await.contains(&said));
    })
    .await;
}

/// Goal: the mark is the person's own, moves by what they say alone, never back and never past now.
/// Method: reading twice, saying so, saying an older and a later moment, another person's list.
#[tokio::test]
async fn the_mark_moves_on_by_what_the_person_says_and_never_back() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        house.advance_seconds(60);
        paper.decides("head", Decision::Approve, "").await;
        let first = news(house, "initiator").await;
        assert_eq!(first.events_count, 1);
        assert_eq!(news(house, "initiator").await.events_count, 1, "read twice");
        sees(house, "initiator", Some(first.until)).await;
        assert_eq!(news(house, "initiator").await.events_count, 0);
        assert_eq!(news(house, "lawyer").await.events_count, 1, "not theirs");
        sees(house, "initiator", Some(first.since)).await;
        assert_eq!(news(house, "initiator").await.events_count, 0, "not back");
        let far = house.app.now().plus_seconds(365 * 86_400);
        sees(house, "initiator", Some(far)).await;
        house.advance_seconds(60);
        paper.decides("lawyer", Decision::Return, "Срок").await;
        let later = news(house, "initiator").await;
        assert_eq!(later.events_count, 1, "a mark is never past now");
        house.advance_seconds(40 * 86_400);
        let old = news(house, "initiator").await;
        assert_eq!(old.events_count, 0, "older than a month is history");
        let mut reader = house.actor("initiator");
        if let chancery::domain::actor::Who::Person(person) = &mut reader.who {
            person.scopes = Some(vec!["read".to_owned()]);
        }
        let refused = house.app.see_news(&reader, None).await;
        assert_eq!(code(&refused.expect_err("reads only")), "token-only-reads");
    })
    .await;
}

/// Goal: the desk tells it, opening the desk moves nothing, the button does. Method: the page,
/// twice, then its form, then the call.
#[actix_web::test]
async fn the_desk_tells_what_happened_until_it_is_marked_as_seen() {
    let house = TestApp::single().await;
    let served = house.serve();
    let paper = Paper::started(&house, "50000.00").await;
    house.advance_seconds(60);
    paper
        .decides("head", Decision::Return, "Слишком <дорого>")
        .await;
    let reader = Browser::of(&house, &served, house.vector.person("initiator")).await;
    for _ in 0..2 {
        let desk = reader.get("/tasks").await.body;
        for words in [
            "Пока вас не было",
            "Павел Громов",
            "Слишком &#60;дорого&#62;",
        ] {
            assert!(desk.contains(words), "{words}: {desk}");
        }
    }
    let until = news(&house, "initiator").await.until.micros();
    assert_eq!(
        reader
            .post("/tasks/news/seen", "seen_until=soon")
            .await
            .status,
        422
    );
    let form = format!("seen_until={until}");
    let seen = reader.post("/tasks/news/seen", &form).await;
    assert_eq!(seen.status, 303);
    let desk = reader.get("/tasks").await.body;
    assert!(!desk.contains("Пока вас не было"), "{desk}");
    let call = reader.get("/api/v1/news").await.body;
    assert!(call.contains("\"documents\":[]"), "{call}");
    served.stop().await;
    house.close().await;
}
