//! Runs that start by themselves when a document is brought.

use std::collections::BTreeMap;

use chancery::app::documents::NewDocument;
use chancery::jobs::Runner;
use chancery::mail::MailKind;
use chancery::store::entity::{audit_events, documents, jobs, outbox, runs};
use chancery_types::id::DocumentId;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _,
};

use super::own::house_like;
use crate::documents::paper::{card, contract};
use crate::guards::Browser;
use crate::signing::letters::check_letters;
use crate::support::{Backend, TestApp, pdfs};

/// One stage whose member may be anybody, and what starts a run.
fn with_start(start: &str) -> String {
    format!(
        "  - id: check
    type: approve
    title: {{ ru: Проверка, en: Check }}
    assignees: [{{ role: cfo }}]
    quorum: any
start: {{ event: document_brought{start} }}
"
    )
}

async fn drained(house: &TestApp) {
    let drained = Runner::new(house.app.clone()).drain().await;
    assert_eq!(drained.expect("drained").jobs.failed, 0);
}

/// Brings a contract that is to be paid in so many days.
async fn brought(house: &TestApp, days: &str) -> DocumentId {
    let mut card = card(&house.vector);
    card.insert("payment_days".to_owned(), days.to_owned());
    let file = pdfs::contract(&format!("{days} days"));
    let new = contract(&house.vector, &file).expect("a file");
    let new = NewDocument { card, ..new };
    let made = house
        .app
        .create_document(&house.actor("initiator"), new)
        .await;
    made.expect("made").id
}

async fn document(house: &TestApp, id: DocumentId) -> documents::Model {
    let found = documents::Entity::find_by_id(id.uuid()).one(house.app.store.reader());
    found.await.expect("rows").expect("a document")
}

/// The job of [`chancery::app::self_start`] once more, as if a worker had been lost after it.
async fn again(house: &TestApp, id: DocumentId) {
    let job = jobs::Entity::find().filter(jobs::Column::Key.eq(format!("start:{id}")));
    let job = job.one(house.app.store.writer()).await.expect("rows");
    let job = job.expect("a job");
    assert_eq!(job.state, "done", "{:?}", job.last_error);
    let mut job = job.into_active_model();
    job.state = Set("ready".to_owned());
    job.done_at = Set(None);
    job.update(house.app.store.writer()).await.expect("again");
    drained(house).await;
}

async fn events(house: &TestApp, id: DocumentId, action: &str) -> Vec<audit_events::Model> {
    let found = audit_events::Entity::find()
        .filter(audit_events::Column::DocumentId.eq(id.uuid()))
        .filter(audit_events::Column::Action.eq(action))
        .all(house.app.store.reader());
    found.await.expect("events")
}

async fn letters(house: &TestApp, id: DocumentId) -> Vec<outbox::Model> {
    let found = outbox::Entity::find()
        .filter(outbox::Column::DocumentId.eq(id.uuid()))
        .filter(outbox::Column::Kind.eq("not-started"))
        .all(house.app.store.reader());
    found.await.expect("letters")
}

/// Goal: a document that fulfils the condition starts its run a moment after it was brought, once
/// however often the job runs, with its number, in the name of whoever brought it, who decides
/// nothing in it; another one stays a draft, and nobody is told anything. Method: two contracts on
/// both databases, the job run again; the page of the template says it.
#[actix_web::test]
async fn a_document_that_is_brought_starts_its_run() {
    for backend in Backend::all() {
        let start = with_start(", when: \"doc.payment_days <= 10\"");
        let (house, _folder) = house_like(&backend, &start, |_| {}).await;
        let (soon, late) = (brought(&house, "10").await, brought(&house, "11").await);
        assert_eq!(document(&house, soon).await.state, "draft", "not within it");
        drained(&house).await;
        let row = document(&house, soon).await;
        assert_eq!(row.state, "in_run");
        assert!(row.registration_number.is_some());
        again(&house, soon).await;
        again(&house, late).await;
        let all = runs::Entity::find().all(house.app.store.reader()).await;
        let all = all.expect("runs");
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].document_id, soon.uuid());
        let initiator = house.vector.person("initiator");
        assert_eq!(all[0].initiator_id, initiator.uuid());
        let started = events(&house, soon, "run.started").await;
        assert_eq!(started.len(), 1);
        assert_eq!(started[0].actor_kind, "system");
        assert!(
            started[0]
                .details
                .contains("\"event\":\"document_brought\"")
        );
        assert_eq!(document(&house, late).await.state, "draft");
        for id in [soon, late] {
            assert!(letters(&house, id).await.is_empty());
        }
        // What starts no run by itself is started by hand as ever.
        let by_hand = house.app.start_run(&house.actor("initiator"), late).await;
        by_hand.expect("started");
        let served = house.serve();
        let browser = Browser::of(&house, &served, initiator).await;
        let page = browser.get("/templates/contract").await.body;
        assert!(page.contains("Согласование начинается само"), "{page}");
        house.close().await;
    }
}

/// Goal: a run that cannot start leaves a draft without a number, and its initiator is told why,
/// once, in their language, by letter and in the history. Method: a workflow that others start, a
/// condition that cannot be computed; the job run again, on both databases.
#[actix_web::test]
async fn an_initiator_is_told_why_it_did_not_start() {
    let overflow = ", when: \"doc.payment_days * 9223372036854775807 > 0\"";
    for backend in Backend::all() {
        for (start, code, words) in [
            (", who: [{ role: cfo }]", "may-not-start", "назыв"),
            (overflow, "condition-not-evaluated", "start"),
        ] {
            let (house, _folder) = house_like(&backend, &with_start(start), |_| {}).await;
            let id = brought(&house, "10").await;
            drained(&house).await;
            again(&house, id).await;
            let row = document(&house, id).await;
            assert_eq!(row.state, "draft", "{code}");
            assert_eq!(row.registration_number, None);
            let count = runs::Entity::find().count(house.app.store.reader()).await;
            assert_eq!(count.expect("a count"), 0);
            let told = letters(&house, id).await;
            assert_eq!(told.len(), 1, "{code}");
            assert_eq!(told[0].person_id, Some(row.initiator_id));
            assert!(told[0].payload.contains(words), "{}", told[0].payload);
            let said = events(&house, id, "document.not_started").await;
            assert_eq!(said.len(), 1);
            assert!(said[0].details.contains(code), "{}", said[0].details);
            let (seen, _) = check_letters(&house).await;
            assert!(seen.contains(&MailKind::NotStarted));
            house.close().await;
        }
    }
}

/// Goal: a draft that its initiator goes on with is left to them. Method: an edit that makes a new
/// version, and a start by hand, each before the job.
#[tokio::test]
async fn a_draft_in_hand_is_left_alone() {
    let (house, _folder) = house_like(&Backend::single(), &with_start(""), |_| {}).await;
    let initiator = house.actor("initiator");
    let edited = brought(&house, "10").await;
    let row = document(&house, edited).await;
    let mut card: BTreeMap<String, String> = card(&house.vector);
    card.insert("payment_days".to_owned(), "20".to_owned());
    let edit = house
        .app
        .edit_document(&initiator, edited, row.row_version, &row.title, &card);
    assert_eq!(edit.await.expect("edited").new_version, Some(2));
    let started = brought(&house, "12").await;
    let by_hand = house.app.start_run(&initiator, started).await;
    by_hand.expect("started");
    drained(&house).await;
    assert_eq!(document(&house, edited).await.state, "draft");
    assert!(letters(&house, edited).await.is_empty());
    assert_eq!(document(&house, started).await.state, "in_run");
    let said = events(&house, started, "run.started").await;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].actor_kind, "person");
    house.close().await;
}
