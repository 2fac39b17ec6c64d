//! Stages that ask other systems: the answer chooses the way, what fails is an incident that an
//! administrator lets try again, and nothing is heard twice.

use chancery::app::calls::CallKind;
use chancery::jobs::{Drained, Runner};
use chancery::mail::MailKind;
use chancery::store::entity::{calls, outbox, run_events};
use chancery_types::FieldValue;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::own::house_like;
use super::paper::{Paper, code};
use super::peer::{Manner, Peer};
use crate::guards::Browser;
use crate::signing::letters::check_letters;
use crate::support::{Backend, TestApp};

const GOOD: Manner = Manner::Answers(r#"{"ok":true,"score":7,"more":{"deep":[1,2]}}"#);
const BAD: Manner = Manner::Answers(r#"{"ok":false,"score":-1}"#);

/// Asks the bank, and lets the security officer look at it only where it says no.
fn asking(on_error: &str) -> String {
    format!(
        "  - id: account
    type: automatic
    title: {{ ru: Проверка счёта, en: Account check }}
    need: [bank]
    route:
      - {{ when: \"facts.bank.ok && facts.bank.score > 5\", goto: check }}
      - {{ else: continue }}
  - id: fraud
    type: approve
    title: {{ ru: Безопасность, en: Security }}
    assignees: [{{ role: lawyer }}]
    quorum: any
  - id: check
    type: approve
    title: {{ ru: Проверка, en: Check }}
    assignees: [{{ role: cfo }}]
    quorum: any
facts:
  bank: {{ call: bank, args: {{ sum: doc.amount, who: doc.counterparty }}, timeout: 20s, on_error: {on_error} }}
"
    )
}

async fn drained(house: &TestApp) -> Drained {
    let drained = Runner::new(house.app.clone()).drain().await;
    drained.expect("drained")
}

async fn all_calls(house: &TestApp) -> Vec<calls::Model> {
    let rows = calls::Entity::find().all(house.app.store.writer());
    rows.await.expect("calls")
}

/// How often the run has heard an answer, by its own events.
async fn heard(house: &TestApp, paper: &Paper<'_>) -> u64 {
    let run = paper.run().await.id;
    run_events::Entity::find()
        .filter(run_events::Column::RunId.eq(run))
        .filter(run_events::Column::Body.contains("lookup_answered"))
        .count(house.app.store.writer())
        .await
        .expect("a count")
}

/// Goal: a question goes out with what the file names, and its answer, recorded, chooses the way.
/// Method: a bank that says yes, then one that says no, on both databases.
#[actix_web::test]
async fn an_answer_chooses_the_way() {
    for backend in Backend::all() {
        let peer = Peer::open(GOOD);
        let known = |config: &mut _| peer.is_known_to(config);
        let (house, _folder) = house_like(&backend, &asking("incident"), known).await;
        let paper = Paper::started(&house, "50000.00").await;
        assert_eq!(paper.waiting().await, "", "it waits for the bank alone");
        let before = house
            .app
            .document_route(&house.actor("initiator"), paper.id)
            .await;
        let before = before.expect("a route");
        assert_eq!(before.nodes[0].automatics.len(), 1);
        drained(&house).await;
        assert_eq!(paper.waiting().await, "check: cfo");
        let asked = peer.heard();
        assert_eq!(asked.len(), 1);
        let body = asked[0].json();
        assert_eq!(body["lookup"], "bank");
        assert_eq!(body["args"]["sum"]["amount"], "50000.00");
        assert_eq!(body["args"]["who"]["name"], "ООО «Ромашка»");
        let run = paper.run().await;
        assert_eq!(asked[0].key, format!("l:{}:bank:1", run.id));
        let initiator = house.actor("initiator");
        let calls = house.app.document_calls(&initiator, paper.id).await;
        let calls = calls.expect("calls");
        let values = calls.asked[0].values().expect("an answer");
        assert_eq!(values.get("score"), Some(&FieldValue::Integer(7)));
        assert_eq!(values.len(), 2, "what was not asked for is passed over");
        assert_eq!(heard(&house, &paper).await, 1);
        assert!(
            paper
                .events()
                .await
                .contains(&"run.lookup_answered".to_owned())
        );

        peer.will(BAD);
        let other = Paper::started(&house, "50000.00").await;
        drained(&house).await;
        assert_eq!(other.waiting().await, "fraud: lawyer, fraud: second_lawyer");
        peer.stop().await;
        house.close().await;
    }
}

/// Goal: a worker that is lost anywhere between the question and the end of it leaves nothing
/// doubled. Method: it is lost before and after it asked; two workers finish at once; the answer of
/// a run that was withdrawn meanwhile is not heard.
#[actix_web::test]
async fn an_answer_is_heard_once() {
    for backend in Backend::all() {
        let peer = Peer::open(GOOD);
        let known = |config: &mut _| peer.is_known_to(config);
        let (house, _folder) = house_like(&backend, &asking("incident"), known).await;
        let app = &house.app;
        let paper = Paper::started(&house, "50000.00").await;
        let first = app.claim_calls(CallKind::Lookup, 8).await.expect("claimed");
        let first = first.first().expect("a call");
        let lost = app.make_call(first).await;
        house.advance_seconds(600);
        let second = app.claim_calls(CallKind::Lookup, 8).await.expect("claimed");
        let second = second.first().expect("the call again");
        let made = app.make_call(second).await;
        let ended =
            futures::future::join(app.finish_call(first, lost), app.finish_call(second, made));
        let (one, other) = ended.await;
        let outcomes = [one.expect("ended"), other.expect("ended")];
        use chancery::app::work::Outcome;
        assert!(outcomes.contains(&Outcome::Lost), "{outcomes:?}");
        assert!(outcomes.contains(&Outcome::Done), "{outcomes:?}");
        assert_eq!(heard(&house, &paper).await, 1);
        assert_eq!(paper.waiting().await, "check: cfo");
        let answered = paper.events().await;
        let answered = answered.iter().filter(|one| *one == "run.lookup_answered");
        assert_eq!(answered.count(), 1);
        let keys: Vec<String> = peer.heard().into_iter().map(|heard| heard.key).collect();
        assert_eq!(keys.len(), 2);
        assert_eq!(keys[0], keys[1]);

        let gone = Paper::started(&house, "50000.00").await;
        let claimed = app.claim_calls(CallKind::Lookup, 8).await.expect("claimed");
        let made = app.make_call(&claimed[0]).await;
        let initiator = house.actor("initiator");
        app.withdraw_document(&initiator, gone.id, "Передумали")
            .await
            .expect("withdrawn");
        app.finish_call(&claimed[0], made).await.expect("ended");
        assert_eq!(heard(&house, &gone).await, 0);
        assert_eq!(gone.document().await.state, "withdrawn");
        peer.stop().await;
        house.close().await;
    }
}

/// Goal: whatever else comes than an answer, the run stands still, says why on the document's page,
/// tells administrators, and goes on when one of them lets it try again; nobody else may. Method: a
/// slow, failing, redirecting peer, garbage and ten megabytes; then a right answer.
#[actix_web::test]
async fn what_fails_stands_still_until_an_administrator_tries_again() {
    for backend in Backend::all() {
        let peer = Peer::open(Manner::Fails);
        let known = |config: &mut _| peer.is_known_to(config);
        let (house, _folder) = house_like(&backend, &asking("incident"), known).await;
        let paper = Paper::started(&house, "50000.00").await;
        let app = &house.app;
        let administrator = house.actor("administrator");
        let elsewhere = "http://127.0.0.1:1/".to_owned();
        for (times, (manner, said)) in (1..).zip([
            (Manner::Fails, "answers 503"),
            (Manner::Never, "does not answer"),
            (Manner::Garbage, "is not JSON"),
            (Manner::Heap, "more than 65536 bytes"),
            (Manner::Redirect(elsewhere), "answers 302"),
            (
                Manner::Answers("{\"ok\":\"yes\",\"score\":1}"),
                "`ok` of the answer",
            ),
        ]) {
            peer.will(manner);
            let before = drained(&house).await.calls;
            assert_eq!((before.delayed, before.failed), (1, 0), "{said}");
            assert!(
                paper.run().await.incident_at.is_none(),
                "it is asked again first"
            );
            house.advance_seconds(60);
            assert_eq!(drained(&house).await.calls.failed, 1);
            let calls = app
                .document_calls(&house.actor("initiator"), paper.id)
                .await;
            let stands = calls.expect("calls").stands.expect("it stands still");
            assert!(stands.why.contains(said), "{}", stands.why);
            assert!(!stands.may_retry);
            let run = stands.run_id;
            for key in ["initiator", "cfo", "auditor"] {
                let tried = app.retry_run(&house.actor(key), run).await;
                assert_eq!(code(&tried.expect_err("not theirs")), "hidden");
            }
            let foreign = house.northwind.actor("administrator");
            let tried = app.retry_run(&foreign, run).await;
            assert_eq!(code(&tried.expect_err("another house")), "hidden");
            let told = outbox::Entity::find()
                .filter(outbox::Column::Kind.eq("incident"))
                .filter(outbox::Column::DocumentId.eq(paper.id.uuid()))
                .count(app.store.reader());
            assert_eq!(told.await.expect("a count"), times);
            if said.contains("`ok`") {
                break;
            }
            app.retry_run(&administrator, run).await.expect("again");
            let twice = app.retry_run(&administrator, run).await;
            assert_eq!(code(&twice.expect_err("it goes on")), "no-incident");
        }
        assert_eq!(
            app.list_incidents(&administrator)
                .await
                .expect("a list")
                .len(),
            1
        );
        let (seen, _) = check_letters(&house).await;
        assert!(seen.contains(&MailKind::Incident));
        peer.will(GOOD);
        let run = paper.run().await.id;
        app.retry_run(&administrator, run.into())
            .await
            .expect("again");
        drained(&house).await;
        assert_eq!(paper.waiting().await, "check: cfo");
        assert!(paper.run().await.incident_at.is_none());
        // Whoever only let it go on has no part in the document.
        let seen = app.document_calls(&administrator, paper.id).await;
        assert_eq!(code(&seen.expect_err("not theirs")), "hidden");
        assert!(
            app.list_incidents(&administrator)
                .await
                .expect("a list")
                .is_empty()
        );
        let keys = all_calls(&house).await;
        assert_eq!(keys.len(), 7, "each asking is a call of its own");
        peer.stop().await;
        house.close().await;
    }
}

/// Goal: an incident is told to whoever answers for the workflow, once, with the way to the
/// document, and to administrators with the way to the calls. Method: a bank that does not
/// answer, a workflow with an owner.
#[actix_web::test]
async fn an_incident_is_told_to_the_owner() {
    for backend in Backend::all() {
        let peer = Peer::open(Manner::Fails);
        let known = |config: &mut _| peer.is_known_to(config);
        let owned = format!("{}owner: {{ role: accountant }}\n", asking("incident"));
        let (house, _folder) = house_like(&backend, &owned, known).await;
        let paper = Paper::started(&house, "50000.00").await;
        drained(&house).await;
        house.advance_seconds(60);
        drained(&house).await;
        drained(&house).await;
        assert!(paper.run().await.incident_at.is_some());
        let letters = outbox::Entity::find()
            .filter(outbox::Column::Kind.eq("incident"))
            .filter(outbox::Column::DocumentId.eq(paper.id.uuid()))
            .all(house.app.store.reader());
        let letters = letters.await.expect("letters");
        let of = |key: &str| {
            let person = Some(house.vector.person(key).uuid());
            let own = letters.iter().filter(|letter| letter.person_id == person);
            own.map(|letter| letter.payload.clone()).collect::<Vec<_>>()
        };
        let (owner, administrator) = (of("accountant"), of("administrator"));
        assert_eq!((owner.len(), administrator.len()), (1, 1));
        assert!(
            owner[0].contains(&format!("/documents/{}\"", paper.id)),
            "{owner:?}"
        );
        assert!(administrator[0].contains("/calls\""), "{administrator:?}");
        check_letters(&house).await;
        peer.stop().await;
        house.close().await;
    }
}

/// Goal: where the file says what to take for an answer, nobody waits; the history says that it was
/// assumed. Method: a peer that is down.
#[actix_web::test]
async fn an_assumed_answer_lets_the_run_go_on() {
    let peer = Peer::open(Manner::Fails);
    let known = |config: &mut _| peer.is_known_to(config);
    let stages = asking("{ value: { ok: false, score: 0 } }");
    let (house, _folder) = house_like(&Backend::single(), &stages, known).await;
    let paper = Paper::started(&house, "50000.00").await;
    drained(&house).await;
    house.advance_seconds(60);
    drained(&house).await;
    assert_eq!(paper.waiting().await, "fraud: lawyer, fraud: second_lawyer");
    let calls = house
        .app
        .document_calls(&house.actor("initiator"), paper.id)
        .await;
    let calls = calls.expect("calls");
    assert!(calls.stands.is_none());
    assert!(
        matches!(&calls.asked[0].heard, chancery_workflow::Heard::Assumed { why, .. }
            if why.contains("answers 503")),
        "{:?}",
        calls.asked[0]
    );
    peer.stop().await;
    house.close().await;
}

/// Goal: the pages say what is waited for, why a run stands still and whose move that is, and give
/// the button to administrators alone. Method: the document's page as its initiator, the list of
/// calls as an administrator, who presses it.
#[actix_web::test]
async fn pages_show_questions_incidents_and_the_button() {
    let peer = Peer::open(Manner::Fails);
    let known = |config: &mut _| peer.is_known_to(config);
    let (house, _folder) = house_like(&Backend::single(), &asking("incident"), known).await;
    let served = house.serve();
    let paper = Paper::started(&house, "50000.00").await;
    let initiator = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let place = format!("/documents/{}", paper.id);
    let page = initiator.get(&place).await.body;
    assert!(
        page.contains("Ждёт других систем: «Проверка счёта»."),
        "{page}"
    );
    assert!(page.contains("Ждём ответа"), "{page}");
    drained(&house).await;
    house.advance_seconds(60);
    drained(&house).await;
    let page = initiator.get(&place).await.body;
    assert!(
        page.contains("Остановилось на этапе «Проверка счёта»"),
        "{page}"
    );
    assert!(page.contains("answers 503"), "{page}");
    assert!(!page.contains("/retry"), "{page}");
    let run = paper.run().await.id;
    let administrator = house.vector.person("administrator");
    let administrator = Browser::of(&house, &served, administrator).await;
    let list = administrator.get("/calls").await.body;
    assert!(list.contains(&format!("/runs/{run}/retry")), "{list}");
    let path = format!("/runs/{run}/retry");
    assert_eq!(initiator.post(&path, "back=calls").await.status, 404);
    peer.will(GOOD);
    let pressed = administrator.post(&path, "back=calls").await;
    assert_eq!(pressed.status, 303);
    drained(&house).await;
    assert_eq!(paper.waiting().await, "check: cfo");
    let page = initiator.get(&place).await.body;
    assert!(page.contains("Ответ получен"), "{page}");
    assert!(page.contains("Внешняя справка: bank"), "{page}");
    let again = administrator.post(&path, "back=calls").await;
    assert_eq!(again.status, 303, "a second click changes nothing");
    served.stop().await;
    peer.stop().await;
    house.close().await;
}
