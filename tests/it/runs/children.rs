//! Runs that wait for documents that belong to their own.

use std::collections::BTreeMap;

use chancery::app::AppError;
use chancery::app::documents::{Created, NewDocument};
use chancery::app::intake::Repair;
use chancery::jobs::Runner;
use chancery::store::entity::{jobs, outbox};
use chancery_workflow::{Decision, WaitPhase};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _,
};
use tempfile::TempDir;

use super::own::chains_like;
use super::paper::{Paper, code};
use crate::documents::paper::upload;
use crate::guards::Browser;
use crate::support::{Backend, TestApp, pdfs};

/// A contract that is signed off when its invoices are through.
const STAGES: &str = "  - id: check
    type: approve
    title: { ru: Проверка, en: Check }
    assignees: [{ role: cfo }]
    quorum: any
  - id: last
    type: approve
    title: { ru: Итог, en: Last }
    assignees: [{ role: accountant }]
    quorum: any
";

const INVOICES: &str = "apiVersion: approvals/v1
id: invoice
version: 1
title: { ru: Счёт, en: Invoice }
document: { type: invoice }
stages:
  - id: look
    type: approve
    title: { ru: Взгляд, en: Look }
    assignees: [{ role: cfo }]
    quorum: any
";

async fn house_that_waits(backend: &Backend, more: &str) -> (TestApp, TempDir) {
    let folder = chains_like(|chain| {
        let (head, _) = chain.split_once("\nstages:\n").expect("stages");
        let head = head.replace("withdraw: { until: sign_internal }\n", "");
        let (head, _) = head.split_once("\nparticipants:\n").expect("participants");
        let waits = format!("  bills: {{ kind: invoice, wait: {{ before: last }}{more} }}\n");
        format!("{head}\nstages:\n{STAGES}subdocuments:\n{waits}")
    });
    std::fs::write(folder.path().join("chains/invoice.yaml"), INVOICES).expect("written");
    let directory = folder.path().to_owned();
    let house = TestApp::start_with(backend, |config| {
        config.workflows.directory = directory;
    })
    .await;
    (house, folder)
}

async fn drain(house: &TestApp) {
    let drained = Runner::new(house.app.clone()).drain().await;
    drained.expect("drained");
}

/// An invoice that belongs to a contract, by one of the house.
async fn bill(house: &TestApp, key: &str, parent: &Paper<'_>) -> Result<Created, AppError> {
    let home = &house.vector;
    let card: BTreeMap<String, String> = [
        ("counterparty", home.counterparty.to_string()),
        ("invoice_number", "17".to_owned()),
        ("invoice_date", "2026-02-01".to_owned()),
        ("amount", "100,00".to_owned()),
        ("amount.currency", "RUB".to_owned()),
        ("due_date", "2026-12-01".to_owned()),
        ("subject", "Бумага".to_owned()),
        ("department", home.departments["sales"].to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let known = &house.app.chains.kinds()["invoice"];
    let is_known = |name: &str| known.field(name.trim_end_matches(".currency")).is_some();
    let new = NewDocument {
        parent: Some(parent.id),
        kind: "invoice".to_owned(),
        title: "Тайный счёт".to_owned(),
        card: card
            .into_iter()
            .filter(|(name, _)| is_known(name))
            .collect(),
        main: Some(upload("main", "Счёт.pdf", &pdfs::contract(key)).expect("a file")),
        attachments: Vec::new(),
        repair: Repair::Offer,
    };
    house.app.create_document(&house.actor(key), new).await
}

async fn started<'h>(house: &'h TestApp, made: &Created) -> Paper<'h> {
    let paper = Paper { house, id: made.id };
    let begun = house
        .app
        .start_run(&house.actor("initiator"), made.id)
        .await;
    begun.expect("started");
    paper
}

/// Where the one wait of a document stands, and how many documents it has counted: open, completed,
/// ended otherwise.
async fn wait(house: &TestApp, paper: &Paper<'_>) -> (WaitPhase, [u32; 3]) {
    let sheet = house
        .app
        .document_sheet(&house.actor("initiator"), paper.id, None)
        .await;
    let waits = sheet.expect("their own").relatives.waits;
    (
        waits[0].phase,
        [waits[0].open, waits[0].completed, waits[0].lost],
    )
}

/// Goal: a run waits, its initiator is told, and it goes on when what belongs to it is through;
/// nothing of that is done twice when jobs run again. Method: a contract with two invoices, on both
/// databases, every counting job run a second time.
#[tokio::test]
async fn a_contract_waits_until_its_invoices_are_through() {
    for backend in Backend::all() {
        let (house, _folder) = house_that_waits(&backend, "").await;
        let contract = Paper::started(&house, "50000.00").await;
        assert_eq!(wait(&house, &contract).await, (WaitPhase::Pending, [0; 3]));
        let early = bill(&house, "initiator", &contract)
            .await
            .expect("made before the wait");
        contract.approves("cfo").await;
        assert_eq!(contract.waiting().await, "");
        drain(&house).await;
        assert_eq!(
            wait(&house, &contract).await,
            (WaitPhase::Waiting, [1, 0, 0])
        );
        let told = outbox::Entity::find()
            .filter(outbox::Column::DocumentId.eq(contract.id.uuid()))
            .filter(outbox::Column::Kind.eq("notice"))
            .all(house.app.store.writer());
        let told = told.await.expect("letters");
        assert_eq!(told.len(), 1);
        assert!(
            told[0].payload.contains("Входящий счёт"),
            "{}",
            told[0].payload
        );

        let first = started(&house, &early).await;
        let late = bill(&house, "initiator", &contract)
            .await
            .expect("made while it waits");
        first.approves("cfo").await;
        drain(&house).await;
        assert_eq!(
            wait(&house, &contract).await,
            (WaitPhase::Waiting, [1, 1, 0])
        );
        // Everybody who sees the contract sees how many there are, and no title of theirs.
        let sheet = house
            .app
            .document_sheet(&house.actor("cfo"), contract.id, None)
            .await;
        let relatives = sheet.expect("their contract").relatives;
        assert_eq!(relatives.waits[0].completed, 1);
        let others: Vec<_> = relatives
            .created
            .iter()
            .map(|one| one.document.id)
            .collect();
        assert_eq!(others, [first.id], "the second is not theirs to see");

        let second = started(&house, &late).await;
        second.approves("cfo").await;
        let before = contract.run().await.seq;
        drain(&house).await;
        assert_eq!(contract.waiting().await, "last: accountant");
        let after = contract.run().await.seq;
        assert_eq!(after, before + 1, "one count moved it");
        let counting = jobs::Entity::find()
            .filter(jobs::Column::Kind.eq("count_children"))
            .all(house.app.store.writer());
        for job in counting.await.expect("jobs") {
            assert_eq!(job.state, "done", "{:?}", job.last_error);
            let mut again = job.into_active_model();
            again.state = Set("ready".to_owned());
            again.done_at = Set(None);
            again.update(house.app.store.writer()).await.expect("again");
        }
        drain(&house).await;
        assert_eq!(contract.run().await.seq, after, "the same jobs again");
        let counts = contract.events().await;
        let counts = counts.iter().filter(|one| *one == "run.children_counted");
        assert_eq!(counts.count(), 3, "a line for each change, and no other");
        contract.approves("accountant").await;
        assert_eq!(contract.document().await.state, "effective");
        house.close().await;
    }
}

/// Goal: a rejected document stops the run where its keepers see it, and they let it go on without;
/// where the file says so it ends the run. Method: both files, on both databases.
#[tokio::test]
async fn a_rejected_invoice_stops_its_contract_or_ends_it() {
    for backend in Backend::all() {
        let (house, _folder) = house_that_waits(&backend, "").await;
        let contract = Paper::started(&house, "50000.00").await;
        contract.approves("cfo").await;
        let (one, other) = (
            bill(&house, "initiator", &contract).await.expect("made"),
            bill(&house, "initiator", &contract).await.expect("made"),
        );
        let (one, other) = (started(&house, &one).await, started(&house, &other).await);
        one.decides("cfo", Decision::Reject, "Дорого").await;
        drain(&house).await;
        assert_eq!(
            wait(&house, &contract).await,
            (WaitPhase::Refused, [1, 0, 1])
        );
        let run = contract.run().await;
        assert!(
            run.incident_at.is_some(),
            "it is listed among those that stand still"
        );
        let by_initiator = house
            .app
            .retry_run(&house.actor("initiator"), run.id.into())
            .await;
        by_initiator.expect_err("not a keeper");
        let retried = house
            .app
            .retry_run(&house.actor("administrator"), run.id.into())
            .await;
        retried.expect("a keeper");
        assert_eq!(
            wait(&house, &contract).await,
            (WaitPhase::Waiting, [1, 0, 0])
        );
        other.approves("cfo").await;
        drain(&house).await;
        assert_eq!(contract.waiting().await, "last: accountant");
        house.close().await;

        let (house, _folder) = house_that_waits(&backend, ", on_child_rejected: reject").await;
        let contract = Paper::started(&house, "50000.00").await;
        contract.approves("cfo").await;
        let made = bill(&house, "initiator", &contract).await.expect("made");
        let one = started(&house, &made).await;
        one.decides("cfo", Decision::Reject, "Дорого").await;
        drain(&house).await;
        assert_eq!(contract.document().await.state, "rejected");
        let late = bill(&house, "initiator", &contract).await;
        assert_eq!(
            code(&late.expect_err("it is over")),
            "parent-takes-no-children"
        );
        house.close().await;
    }
}

/// Goal: nobody learns of a document through another one, nor makes one belong to what they only
/// read; what is not waited for belongs to nothing. Method: the sheet, the page and the call, as
/// several people see them.
#[actix_web::test]
async fn whoever_may_not_see_the_invoice_sees_a_count() {
    let (house, _folder) = house_that_waits(&Backend::single(), "").await;
    let contract = Paper::started(&house, "50000.00").await;
    contract.approves("cfo").await;
    bill(&house, "initiator", &contract).await.expect("made");
    drain(&house).await;
    let served = house.serve();
    let at = format!("/documents/{}", contract.id);
    let new = format!("/documents/new?kind=invoice&parent={}", contract.id);
    for (key, sees) in [("initiator", true), ("cfo", false)] {
        let browser = Browser::of(&house, &served, house.vector.person(key)).await;
        let page = browser.get(&at).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.body.contains("Тайный счёт"), sees, "{key}");
        assert!(page.body.contains("в пути: 1"), "{key}: {}", page.body);
        assert!(
            page.body.contains(&new.replace('&', "&amp;")),
            "{key} took part"
        );
        let api = browser.get(&format!("/api/v1{at}")).await;
        assert_eq!(api.body.contains("\"created\":["), sees, "{key}");
        assert!(
            api.body.contains("\"phase\":\"waiting\",\"open\":1"),
            "{}",
            api.body
        );
        let form = browser.get(&new).await;
        assert_eq!(form.status, 200);
        assert!(form.body.contains("Будет относиться"), "{}", form.body);
    }
    // Who oversees everything reads the contract and adds nothing to it.
    let auditor = Browser::of(&house, &served, house.vector.person("auditor")).await;
    let page = auditor.get(&at).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("parent="), "no control for a reader");
    assert_eq!(auditor.get(&new).await.status, 403);
    let stranger = bill(&house, "accountant", &contract).await;
    assert_eq!(code(&stranger.expect_err("not seen")), "hidden");
    let reader = bill(&house, "auditor", &contract).await;
    assert_eq!(code(&reader.expect_err("only read")), "denied");
    let of_another = format!("/documents/new?kind=contract&parent={}", contract.id);
    let browser = Browser::of(&house, &served, house.vector.person("initiator")).await;
    assert_eq!(browser.get(&of_another).await.status, 409);
    // Nothing is made that belongs to nothing because its parent is no identifier.
    let parts = [
        ("_csrf", None, browser.token.as_str()),
        ("kind", None, "invoice"),
        ("parent", None, "contract"),
    ];
    let answer = browser.upload("/documents", &[], &parts).await;
    assert_eq!(answer.status, 404, "{}", answer.body);
    house.close().await;
}

/// Goal: files that wait for one another in a circle do not start a server.
#[tokio::test]
async fn a_circle_of_waits_is_refused_at_the_start() {
    let folder = chains_like(|chain| {
        format!("{chain}\nsubdocuments:\n  bills: {{ kind: invoice, wait: {{ before: ack }} }}\n")
    });
    let path = folder.path().join("chains/invoice.yaml");
    let back = "subdocuments: { papers: { kind: contract, wait: { before: look } } }\n";
    std::fs::write(path, format!("{INVOICES}{back}")).expect("written");
    let refused = chancery::app::chains::Chains::load(folder.path());
    let said = refused.expect_err("a circle").to_string();
    assert!(said.contains("W601"), "{said}");
}
