//! What effects do: entries in journals, letters, webhooks, each once.

use std::collections::BTreeSet;

use chancery::app::calls::{CallKind, signature};
use chancery::app::journals::EntryQuery;
use chancery::app::page::PageRequest;
use chancery::config::Secret;
use chancery::jobs::{Drained, Runner};
use chancery::store::entity::{
    audit_events, calls, document_origins, documents, jobs, journal_entries, outbox,
};
use chancery_workflow::Decision;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _,
};
use serde_json::Value;

use super::own::house_like;
use super::paper::{Paper, code};
use super::peer::{Manner, Peer, SECRET};
use crate::guards::Browser;
use crate::support::{Backend, TestApp};

const ONE_STAGE: &str = "  - id: check
    type: approve
    title: { ru: Проверка, en: Check }
    assignees: [{ role: cfo }]
    quorum: any
";

/// One stage with these effects.
fn with_effects(effects: &str) -> String {
    format!("{ONE_STAGE}effects:\n{effects}")
}

async fn drained(house: &TestApp) -> Drained {
    let drained = Runner::new(house.app.clone()).drain().await;
    drained.expect("drained")
}

async fn entries(house: &TestApp) -> Vec<journal_entries::Model> {
    let rows = journal_entries::Entity::find()
        .order_by_asc(journal_entries::Column::Number)
        .all(house.app.store.writer());
    rows.await.expect("entries")
}

async fn all_calls(house: &TestApp) -> Vec<calls::Model> {
    let rows = calls::Entity::find().all(house.app.store.writer());
    rows.await.expect("calls")
}

/// Goal: numbers in a journal have neither gap nor double however many runs end at once, and the
/// document, the log, the letter and the journal's page say them. Method: twelve contracts, decided
/// all at the same moment, on both databases.
#[tokio::test]
async fn documents_are_entered_without_gap_or_double() {
    for backend in Backend::all() {
        let effects = "  completed:\n    - notify: { to: [initiator], template: contract_in_force }\n    \
                       - register: { journal: contracts_in_force }\n";
        let (house, _folder) = house_like(&backend, &with_effects(effects), |_| {}).await;
        let mut papers = Vec::new();
        for _ in 0..12 {
            papers.push(Paper::started(&house, "50000.00").await);
        }
        let decided = papers.iter().map(|paper| paper.approves("cfo"));
        futures::future::join_all(decided).await;
        let rows = entries(&house).await;
        let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, (1..=12).collect::<Vec<i64>>());
        let documents: BTreeSet<_> = rows.iter().map(|row| row.document_id).collect();
        assert_eq!(documents.len(), 12);
        assert_eq!(rows[0].text, "РД-2026-00001");

        let paper = &papers[3];
        let initiator = house.actor("initiator");
        let own = house.app.document_entries(&initiator, paper.id).await;
        let own = own.expect("entries");
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].title, "Реестр действующих договоров");
        let accountant = house.actor("accountant");
        let stranger = house.app.document_entries(&accountant, paper.id).await;
        assert_eq!(code(&stranger.expect_err("not theirs")), "hidden");
        let events = audit_events::Entity::find()
            .filter(audit_events::Column::DocumentId.eq(paper.id.uuid()))
            .filter(audit_events::Column::Action.eq("task.decided"))
            .one(house.app.store.reader());
        let event = events.await.expect("rows").expect("an event");
        assert!(event.details.contains(&own[0].number), "{}", event.details);
        let letter = outbox::Entity::find()
            .filter(outbox::Column::DocumentId.eq(paper.id.uuid()))
            .filter(outbox::Column::Kind.eq("notice"))
            .all(house.app.store.reader());
        let letters = letter.await.expect("letters");
        assert_eq!(letters.len(), 1);
        let said: Value = serde_json::from_str(&letters[0].payload).expect("JSON");
        assert_eq!(said["subject"], "Вступил в силу: Договор поставки");
        assert_eq!(said["entries"][0]["number"], own[0].number.as_str());
        house.close().await;
    }
}

/// Goal: an end that does not come to be takes no number. Method: a decision that loses its race
/// again and again is refused; here, one that the engine refuses.
#[tokio::test]
async fn a_refused_decision_takes_no_number() {
    for backend in Backend::all() {
        let effects = "  rejected:\n    - register: { journal: contracts_in_force }\n";
        let (house, _folder) = house_like(&backend, &with_effects(effects), |_| {}).await;
        let first = Paper::started(&house, "50000.00").await;
        let refused = first.try_decide("cfo", Decision::Reject, "").await;
        refused.expect_err("a rejection without words");
        assert!(entries(&house).await.is_empty());
        first.decides("cfo", Decision::Reject, "Дорого").await;
        let second = Paper::started(&house, "50000.00").await;
        second.approves("cfo").await;
        let third = Paper::started(&house, "50000.00").await;
        third.decides("cfo", Decision::Reject, "Дорого").await;
        let rows = entries(&house).await;
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row.number, row.document_id))
            .collect();
        assert_eq!(seen, [(1, first.id.uuid()), (2, third.id.uuid())]);
        house.close().await;
    }
}

/// Goal: the journal's page lists, filters and saves entries, for whoever sees every document, and
/// is not there for anybody else. Method: pages and the API, by role.
#[actix_web::test]
async fn a_journal_is_read_by_whoever_sees_every_document() {
    let effects = "  completed:\n    - register: { journal: contracts_in_force }\n";
    let (house, _folder) = house_like(&Backend::single(), &with_effects(effects), |_| {}).await;
    for _ in 0..3 {
        Paper::started(&house, "50000.00")
            .await
            .approves("cfo")
            .await;
        house.advance_seconds(86_400);
    }
    let served = house.serve();
    let clerk = Browser::of(&house, &served, house.vector.person("clerk")).await;
    let list = clerk.get("/journals").await;
    assert_eq!(list.status, 200);
    assert!(
        list.body.contains("Реестр действующих договоров"),
        "{}",
        list.body
    );
    let place = "/journals/contracts_in_force";
    let page = clerk.get(place).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("РД-2026-00003"), "{}", page.body);
    let day = clerk
        .get(&format!("{place}?from=2026-11-24&until=2026-11-24"))
        .await;
    assert!(day.body.contains("РД-2026-00002"), "{}", day.body);
    assert!(!day.body.contains("РД-2026-00001"), "{}", day.body);
    let other_year = clerk.get(&format!("{place}?year=2025")).await;
    assert!(
        other_year.body.contains("Таких записей нет"),
        "{}",
        other_year.body
    );
    let wrong = clerk.get(&format!("{place}?from=yesterday")).await;
    assert_eq!(wrong.status, 422);
    let saved = clerk.get(&format!("{place}/export.csv?year=2026")).await;
    assert_eq!(saved.status, 200);
    let lines: Vec<&str> = saved.body.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[1].starts_with("\"РД-2026-00003\";"), "{}", lines[1]);
    assert!(lines[1].contains("\"Договор поставки\""), "{}", lines[1]);
    assert_eq!(clerk.get("/journals/nothing").await.status, 404);
    for (key, status) in [
        ("auditor", 200),
        ("compliance", 200),
        ("administrator", 404),
        ("initiator", 404),
        ("cfo", 404),
    ] {
        let browser = Browser::of(&house, &served, house.vector.person(key)).await;
        for path in [
            "/journals".to_owned(),
            place.to_owned(),
            format!("{place}/export.csv"),
            "/api/v1/journals".to_owned(),
            format!("/api/v1{place}"),
        ] {
            assert_eq!(browser.get(&path).await.status, status, "{key} {path}");
        }
    }
    // The other organisation has the journal, and nothing in it.
    let query = EntryQuery::default();
    let page = PageRequest {
        after: None,
        rows_max: 10,
    };
    let theirs = house.northwind.actor("clerk");
    let sheet = house
        .app
        .load_journal(&theirs, "contracts_in_force", &query, &page);
    assert!(sheet.await.expect("a journal").entries.rows.is_empty());
    let journals = house.app.list_journals(&house.actor("head")).await;
    assert_eq!(code(&journals.expect_err("not theirs")), "hidden");
    served.stop().await;
    house.close().await;
}

/// Goal: a webhook is told once a key, signed, of the document as it then is, and again under the
/// same key when its worker was lost. Method: a peer on this machine; a claim whose lease runs out;
/// the log and the row hold no secret.
#[actix_web::test]
async fn a_webhook_is_told_under_one_key() {
    for backend in Backend::all() {
        let peer = Peer::open(Manner::Takes);
        let effects = "  completed:\n    - webhook: erp\n    \
                       - register: { journal: contracts_in_force }\n";
        let known = |config: &mut _| peer.is_known_to(config);
        let (house, _folder) = house_like(&backend, &with_effects(effects), known).await;
        let paper = Paper::started(&house, "50000.00").await;
        paper.approves("cfo").await;
        assert!(
            peer.heard().is_empty(),
            "nothing is told in the step itself"
        );
        // A worker claims it, tells it, and is lost before it can say so.
        let claimed = house.app.claim_calls(CallKind::Webhook, 8).await;
        let claimed = claimed.expect("claimed");
        assert_eq!(claimed.len(), 1);
        let _lost = house.app.make_call(&claimed[0]).await;
        assert_eq!(drained(&house).await.calls.done, 0, "the lease holds");
        house.advance_seconds(600);
        assert_eq!(drained(&house).await.calls.done, 1);
        let heard = peer.heard();
        assert_eq!(heard.len(), 2);
        assert_eq!(heard[0].key, heard[1].key);
        assert_eq!(heard[0].body, heard[1].body);
        let run = paper.run().await;
        assert!(
            heard[0]
                .key
                .starts_with(&format!("w:{}:completed:1:0:", run.id))
        );
        let body = heard[1].json();
        assert_eq!(body["schema"], 1);
        assert_eq!(body["event"], "run.completed");
        assert_eq!(body["document"]["state"], "effective");
        assert_eq!(body["document"]["card"]["amount"]["amount"], "50000.00");
        assert_eq!(
            body["document"]["card"]["counterparty"]["name"],
            "ООО «Ромашка»"
        );
        assert_eq!(body["document"]["entries"][0]["number"], "РД-2026-00001");
        let secret = Secret::new(SECRET.to_owned());
        let now = house.app.now();
        let expected = signature(&secret, now, heard[1].body.as_bytes());
        assert_eq!(heard[1].signature, expected);
        let row = all_calls(&house).await.remove(0);
        assert_eq!((row.state.as_str(), row.attempts), ("done", 2));
        assert!(!format!("{row:?}").contains(SECRET));
        assert!(!format!("{:?}", house.app.config).contains(SECRET));
        assert!(!format!("{:?}", house.app.peers).contains(SECRET));
        peer.stop().await;
        house.close().await;
    }
}

/// Goal: whatever the peer does, the run is where it was, the call is tried again in time and then
/// given up where the administrator sees it, who has it told again once. Method: a dead, slow,
/// failing and redirecting peer, and one that answers ten megabytes of nothing.
#[actix_web::test]
async fn a_webhook_that_fails_is_given_up_visibly() {
    let peer = Peer::open(Manner::Fails);
    let elsewhere = Peer::open(Manner::Takes);
    let effects = "  started:\n    - webhook: erp\n";
    let known = |config: &mut _| peer.is_known_to(config);
    let (house, _folder) = house_like(&Backend::single(), &with_effects(effects), known).await;
    let paper = Paper::started(&house, "50000.00").await;
    let manners = [
        (Manner::Fails, "answers 503"),
        (Manner::Never, "does not answer"),
        (
            Manner::Redirect(format!("http://{}/", elsewhere.host)),
            "answers 302",
        ),
    ];
    for (number, (manner, said)) in (1..).zip(manners) {
        peer.will(manner);
        let counts = drained(&house).await.calls;
        let row = all_calls(&house).await.remove(0);
        assert_eq!(row.attempts, number);
        let why = row.last_error.unwrap_or_default();
        assert!(why.contains(said), "{why}");
        let expected = if number == 3 { (0, 1) } else { (1, 0) };
        assert_eq!((counts.delayed, counts.failed), expected);
        house.advance_seconds(3600);
    }
    assert!(elsewhere.heard().is_empty(), "redirects are not followed");
    assert_eq!(drained(&house).await.calls.done, 0, "it was given up");
    assert_eq!(paper.waiting().await, "check: cfo");

    let served = house.serve();
    let administrator = house.vector.person("administrator");
    let browser = Browser::of(&house, &served, administrator).await;
    let page = browser.get("/calls?state=failed").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("answers 302"), "{}", page.body);
    let id = all_calls(&house).await[0].id;
    let sheet = browser.get(&format!("/calls/{id}")).await;
    assert!(sheet.body.contains("Повторить вызов"), "{}", sheet.body);
    // The administrator does not read the contract: nor what is told of it.
    assert!(sheet.body.contains("нет доступа"), "{}", sheet.body);
    assert!(!sheet.body.contains("50000"), "{}", sheet.body);
    for key in ["initiator", "auditor", "clerk", "cfo"] {
        let other = Browser::of(&house, &served, house.vector.person(key)).await;
        for path in [
            "/calls".to_owned(),
            format!("/calls/{id}"),
            "/api/v1/calls".to_owned(),
        ] {
            assert_eq!(other.get(&path).await.status, 404, "{key} {path}");
        }
        let asked = house.app.repeat_call(&house.actor(key), id.into()).await;
        assert_eq!(code(&asked.expect_err("not theirs")), "hidden");
    }
    let foreign = house.northwind.actor("administrator");
    let asked = house.app.repeat_call(&foreign, id.into()).await;
    assert_eq!(code(&asked.expect_err("another house")), "hidden");

    // What is answered beside a success is not read.
    peer.will(Manner::Heap);
    let actor = house.actor("administrator");
    house
        .app
        .repeat_call(&actor, id.into())
        .await
        .expect("again");
    let twice = house.app.repeat_call(&actor, id.into()).await;
    assert_eq!(code(&twice.expect_err("it waits")), "call-not-failed");
    assert_eq!(drained(&house).await.calls.done, 1);
    let keys: BTreeSet<String> = peer.heard().into_iter().map(|heard| heard.key).collect();
    assert_eq!(keys.len(), 1);
    served.stop().await;
    peer.stop().await;
    elsewhere.stop().await;
    house.close().await;
}

/// Goal: a dead peer, and a host that leads into our own network without being listed for it, are
/// failures of the call alone. Method: a port where nobody listens; the public list naming
/// `localhost`.
#[actix_web::test]
async fn nobody_there_and_a_private_address_are_failures() {
    let effects = "  started:\n    - webhook: erp\n";
    let peer = Peer::open(Manner::Takes);
    let private = |config: &mut chancery::config::Config| {
        peer.is_known_to(config);
        config.webhooks.private_hosts.clear();
        config.webhooks.hosts = vec!["localhost:8443".to_owned()];
        let call = config.webhooks.calls.get_mut("erp").expect("a call");
        call.url = "https://localhost:8443/".to_owned();
    };
    let (house, _folder) = house_like(&Backend::single(), &with_effects(effects), private).await;
    Paper::started(&house, "50000.00").await;
    drained(&house).await;
    let why = all_calls(&house)
        .await
        .remove(0)
        .last_error
        .unwrap_or_default();
    assert!(why.contains("private network"), "{why}");
    house.close().await;

    let host = peer.host.clone();
    let known = |config: &mut _| peer.is_known_to(config);
    let (house, _folder) = house_like(&Backend::single(), &with_effects(effects), known).await;
    peer.handle_stop().await;
    Paper::started(&house, "50000.00").await;
    drained(&house).await;
    let row = all_calls(&house).await.remove(0);
    let why = row.last_error.unwrap_or_default();
    assert!(why.contains("127.0.0.1 does not answer"), "{host}: {why}");
    assert_eq!(row.state, "ready");
    house.close().await;
}

/// Goal: a run goes on when the webhook that it names is gone from the configuration, and the call
/// is given up with the cure. Method: the same files, a configuration without it.
#[actix_web::test]
async fn a_webhook_that_is_gone_is_told_of_with_its_cure() {
    let peer = Peer::open(Manner::Takes);
    let effects = "  completed:\n    - webhook: erp\n";
    let known = |config: &mut _| peer.is_known_to(config);
    let (mut house, folder) = house_like(&Backend::single(), &with_effects(effects), known).await;
    let id = Paper::started(&house, "50000.00").await.id;
    let chain = folder.path().join("chains/contract.yaml");
    let text = std::fs::read_to_string(&chain).expect("a chain");
    let (text, _) = text.split_once("effects:\n").expect("effects");
    std::fs::write(&chain, text).expect("written");
    let chains = chancery::app::chains::Chains::load(folder.path()).expect("chains");
    house.app.chains = std::sync::Arc::new(chains);
    house.app.peers = chancery::app::calls::Peers::default();
    let paper = Paper { house: &house, id };
    paper.approves("cfo").await;
    assert_eq!(paper.document().await.state, "effective");
    drained(&house).await;
    let row = all_calls(&house).await.remove(0);
    let why = row.last_error.unwrap_or_default();
    assert_eq!(row.state, "failed");
    assert!(why.contains("[webhooks.calls.erp]"), "{why}");
    assert!(peer.heard().is_empty());
    peer.stop().await;
    house.close().await;
}

/// An invoice drafted of what an approved contract says.
const DRAFTS: &str = "  completed:
    - create:
        type: invoice
        fields:
          counterparty: doc.counterparty
          amount: doc.amount
          invoice_number: doc.account
          due_date: doc.valid_until
          department: doc.department
";

/// Goal: an effect drafts a document of another kind once, however often its job runs, with what
/// the origin's card has and a file that can be read; it can be completed like any draft, and each
/// shows the other only to whoever may see it. Method: a contract approved on both databases, the
/// job run again by hand, the sheet and the page of both as several people see them.
#[actix_web::test]
async fn a_document_of_another_kind_is_drafted_once() {
    for backend in Backend::all() {
        let (house, _folder) = house_like(&backend, &with_effects(DRAFTS), |_| {}).await;
        let paper = Paper::started(&house, "50000.00").await;
        let app = &house.app;
        assert_eq!(drafts(&house).await.len(), 0);
        paper.approves("cfo").await;
        assert_eq!(drafts(&house).await.len(), 0, "not within the step");
        drained(&house).await;
        let made = drafts(&house).await;
        assert_eq!(made.len(), 1);
        let job = jobs::Entity::find()
            .filter(jobs::Column::Kind.eq("create_document"))
            .one(app.store.writer());
        let job = job.await.expect("rows").expect("a job");
        assert_eq!(job.state, "done", "{:?}", job.last_error);
        let mut again = job.into_active_model();
        again.state = Set("ready".to_owned());
        again.done_at = Set(None);
        again.update(app.store.writer()).await.expect("again");
        drained(&house).await;
        assert_eq!(drafts(&house).await, made, "the same job again");

        let (row, initiator) = (&made[0], house.actor("initiator"));
        assert_eq!(row.initiator_id, house.vector.person("initiator").uuid());
        assert_eq!(row.title, "Входящий счёт: Договор поставки");
        assert_eq!(row.counterparty_id, Some(house.vector.counterparty.uuid()));
        let sheet = app.document_sheet(&initiator, row.id.into(), None).await;
        let sheet = sheet.expect("their own draft");
        let known: Vec<&str> = sheet.card.keys().map(String::as_str).collect();
        assert_eq!(known, ["amount", "counterparty", "department"]);
        assert!(sheet.is_editable);
        assert_eq!(sheet.pages.len(), 1);
        let origin = sheet.relatives.origin.expect("the contract");
        assert_eq!(origin.id, paper.id);
        assert_eq!(origin.title, "Договор поставки");
        let file = app.open_main_file(&initiator, row.id.into(), 1).await;
        assert_eq!(file.expect("a file").name, "Входящий счёт.pdf");
        let refused = app.start_run(&initiator, row.id.into()).await;
        refused.expect_err("its card lacks what is required");
        let back = app.document_sheet(&initiator, paper.id, None).await;
        let back = back.expect("the contract").relatives;
        assert!(back.origin.is_none());
        let ids: Vec<_> = back
            .created
            .iter()
            .map(|one| one.document.id.uuid())
            .collect();
        assert_eq!(ids, [row.id]);
        let events = app.document_history(&initiator, row.id.into()).await;
        let actions: Vec<String> = events
            .expect("a history")
            .into_iter()
            .map(|event| event.action)
            .collect();
        assert_eq!(actions, ["document.drafted"]);

        // The chief financial officer decided on the contract and does not see the draft.
        let cfo = house.actor("cfo");
        let hidden = app.document_sheet(&cfo, row.id.into(), None).await;
        assert_eq!(code(&hidden.expect_err("not theirs")), "hidden");
        let seen = app.document_sheet(&cfo, paper.id, None).await;
        assert!(seen.expect("their contract").relatives.created.is_empty());
        let served = house.serve();
        for (key, at, sees) in [
            ("initiator", paper.id.uuid(), true),
            ("initiator", row.id, true),
            ("cfo", paper.id.uuid(), false),
        ] {
            let browser = Browser::of(&house, &served, house.vector.person(key)).await;
            let page = browser.get(&format!("/documents/{at}")).await;
            assert_eq!(page.status, 200);
            assert_eq!(page.body.contains("id=\"relatives\""), sees, "{key} {at}");
            let api = browser.get(&format!("/api/v1/documents/{at}")).await;
            let told = api.body.contains("\"origin_id\"") || api.body.contains("\"created\":[");
            assert_eq!(told, sees, "{key} {at}");
        }
        house.close().await;
    }
}

/// Goal: a run that goes on does so by the kinds it was pinned to, and a rejected one drafts
/// nothing. Method: a rejection; the definition is read from its row.
#[tokio::test]
async fn another_end_drafts_nothing() {
    let (house, _folder) = house_like(&Backend::single(), &with_effects(DRAFTS), |_| {}).await;
    let paper = Paper::started(&house, "50000.00").await;
    let run = paper.run().await;
    let kept = chancery::store::definitions::load_definition(
        house.app.store.reader(),
        run.organisation_id,
        &run.definition_digest,
    );
    let kept = kept.await.expect("a definition");
    let pinned: Value = serde_json::from_str(&kept.source).expect("JSON");
    let kinds = pinned["kinds"].as_object().expect("kinds");
    assert_eq!(
        kinds.keys().collect::<Vec<_>>(),
        ["contract", "invoice"],
        "what is drafted is pinned too"
    );
    paper.decides("cfo", Decision::Reject, "Дорого").await;
    drained(&house).await;
    assert_eq!(drafts(&house).await.len(), 0);
    house.close().await;
}

/// The documents that were drafted from others.
async fn drafts(house: &TestApp) -> Vec<documents::Model> {
    let origins = document_origins::Entity::find()
        .all(house.app.store.writer())
        .await
        .expect("origins");
    let ids = origins.into_iter().map(|origin| origin.document_id);
    let rows = documents::Entity::find()
        .filter(documents::Column::Id.is_in(ids))
        .all(house.app.store.writer());
    rows.await.expect("documents")
}
