//! The register of mandates: kept by administrators, asked when a stage opens and again when
//! somebody signs.

use chancery::app::App;
use chancery::app::mandates::MandateDraft;
use chancery::domain::actor::Actor;
use chancery::store::entity::{audit_events, mandates};
use chancery_types::id::MandateId;
use chancery_types::{Instant, Money};
use chancery_workflow::Decision;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::Value;

use super::own::house_with;
use super::paper::{Paper, code};
use crate::guards::Browser;
use crate::signing::contract::{Contract, code as signing_code};
use crate::support::{Backend, TestApp, on_both};

const SIGNING: &str = "  - id: legal
    type: approve
    title: { ru: Юристы, en: Legal }
    assignees: [{ head_of: legal }]
  - id: sign
    type: sign
    title: { ru: Подписание, en: Signing }
    assignees: [{ signatory: { entity: vektor, amount: doc.amount } }]
    quorum: any
";

const APPROVING: &str = "  - id: pay
    type: approve
    title: { ru: Оплата, en: Payment }
    assignees: [{ signatory: { entity: vektor, amount: doc.amount } }]
    quorum: any
";

fn draft(house: &TestApp, key: &str, limit: Option<&str>) -> MandateDraft {
    MandateDraft {
        person: house.vector.person(key),
        entity: Some("vektor".to_owned()),
        role: None,
        limit: limit.map(|limit| Money::parse(limit, "RUB").expect("an amount")),
        from: house.app.now(),
        until: None,
        basis: format!("Доверенность {key}"),
    }
}

async fn enters(house: &TestApp, key: &str, limit: Option<&str>) -> MandateId {
    let administrator = house.actor("administrator");
    let mandate = draft(house, key, limit);
    let entered = house.app.record_mandate(&administrator, &mandate).await;
    entered.expect("entered")
}

async fn ends(app: &App, administrator: &Actor, id: MandateId) {
    app.end_mandate(administrator, id).await.expect("ended");
}

/// Goal: administrators keep the register and nobody else; what is wrong is told at each field; a
/// mandate ends once; each change is one event. Method: every draft that is wrong in one field.
#[tokio::test]
async fn administrators_keep_the_register() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let administrator = house.actor("administrator");
        for key in ["signatory", "compliance", "initiator"] {
            let actor = house.actor(key);
            let tried = app.list_mandates(&actor).await;
            assert_eq!(code(&tried.expect_err(key)), "hidden");
            let tried = app.record_mandate(&actor, &draft(house, key, None)).await;
            assert_eq!(code(&tried.expect_err(key)), "hidden");
        }
        let good = draft(house, "cfo", Some("500000.00"));
        let now = app.now();
        let wrong = [
            (
                MandateDraft {
                    basis: " ".to_owned(),
                    ..good.clone()
                },
                "basis: empty",
            ),
            (
                MandateDraft {
                    entity: Some("ООО".to_owned()),
                    ..good.clone()
                },
                "entity: key-form",
            ),
            (
                MandateDraft {
                    role: Some("nobody".to_owned()),
                    limit: None,
                    ..good.clone()
                },
                "role: not-a-choice",
            ),
            (
                MandateDraft {
                    limit: Money::parse("0", "RUB").ok(),
                    ..good.clone()
                },
                "limit: mandate-limit",
            ),
            (
                MandateDraft {
                    role: Some("lawyer".to_owned()),
                    ..good.clone()
                },
                "limit: mandate-limit-of-role",
            ),
            (
                MandateDraft {
                    until: Some(now),
                    ..good.clone()
                },
                "until: before-from",
            ),
            (
                MandateDraft {
                    from: now.plus_seconds(-9),
                    until: Some(now.plus_seconds(-1)),
                    ..good.clone()
                },
                "until: mandate-over",
            ),
            (
                MandateDraft {
                    person: house.northwind.person("cfo"),
                    ..good.clone()
                },
                "person: not-a-choice",
            ),
        ];
        for (draft, problem) in wrong {
            let tried = app.record_mandate(&administrator, &draft).await;
            assert_eq!(code(&tried.expect_err(problem)), problem);
        }
        let id = app
            .record_mandate(&administrator, &good)
            .await
            .expect("entered");
        let rows = app.list_mandates(&administrator).await.expect("read");
        assert_eq!(rows.len(), 1);
        assert!(rows[0].stands && rows[0].id == id);
        assert_eq!(rows[0].draft, good, "exact");
        let other = house.northwind.actor("administrator");
        assert!(app.list_mandates(&other).await.expect("read").is_empty());
        let tried = app.end_mandate(&other, id).await;
        assert_eq!(code(&tried.expect_err("not theirs")), "hidden");
        ends(app, &administrator, id).await;
        let tried = app.end_mandate(&administrator, id).await;
        assert_eq!(code(&tried.expect_err("twice")), "mandate-is-over");
        let rows = app.list_mandates(&administrator).await.expect("read");
        assert!(!rows[0].stands && rows[0].ended_at.is_some());
        let told = audit_events::Entity::find()
            .filter(audit_events::Column::Action.is_in(["mandate.recorded", "mandate.ended"]));
        let told = told.all(app.store.reader()).await.expect("events");
        assert_eq!(told.len(), 2);
    })
    .await;
}

/// Goal: who signs is said by the register as it is when the stage opens, and by its amounts to the
/// kopeck; the preview and the history name the row. Method: two people with mandates around the
/// amount; then both end, and a third document finds nobody.
#[tokio::test]
async fn the_register_says_who_is_asked() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, APPROVING).await;
        let app = &house.app;
        let administrator = house.actor("administrator");
        let nobody = Paper::draft(&house, "50000.00").await;
        let initiator = house.actor("initiator");
        let tried = app.start_run(&initiator, nobody.id).await;
        assert_eq!(code(&tried.expect_err("nobody")), "mandate-absent");
        let small = enters(&house, "cfo", Some("50000.00")).await;
        let large = enters(&house, "signatory", None).await;
        // The route that is foreseen names the rows, before anything starts.
        let served = house.serve();
        let browser = Browser::of(&house, &served, house.vector.person("initiator")).await;
        let page = browser.get(&format!("/documents/{}", nobody.id)).await.body;
        assert_eq!(page.matches("по полномочию: ").count(), 2, "{page}");
        assert!(
            page.contains("50\u{a0}000,00"),
            "up to which amount: {page}"
        );
        app.start_run(&initiator, nobody.id).await.expect("started");
        assert_eq!(nobody.waiting().await, "pay: cfo, pay: signatory");
        let above = Paper::started(&house, "50000.01").await;
        assert_eq!(above.waiting().await, "pay: signatory");
        let started = audit_events::Entity::find()
            .filter(audit_events::Column::DocumentId.eq(above.id.uuid()))
            .filter(audit_events::Column::Action.eq("run.started"))
            .one(app.store.reader())
            .await;
        let started = started.expect("read").expect("an event");
        let details: Value = serde_json::from_str(&started.details).expect("JSON");
        assert_eq!(details["mandates"][0]["mandate"], large.to_string());
        ends(app, &administrator, small).await;
        let tried = nobody.try_decide("cfo", Decision::Approve, "").await;
        assert_eq!(code(&tried.expect_err("it ended")), "mandate-ended");
        nobody.approves("signatory").await;
        ends(app, &administrator, large).await;
        let late = Paper::draft(&house, "1.00").await;
        let tried = app.start_run(&initiator, late.id).await;
        assert_eq!(code(&tried.expect_err("nobody")), "mandate-absent");
        house.close().await;
    }
}

/// Goal: a power that ended, or became too small, by the moment of signing refuses the signature
/// before anything is issued or stored; with one that is enough the same task is signed. Method: a
/// real contract; the register changes after the task has opened, and once between preparing and
/// completing.
#[tokio::test]
async fn a_signature_needs_a_mandate_that_stands() {
    for backend in Backend::all() {
        let (house, _folder) = house_with(&backend, SIGNING).await;
        let app = &house.app;
        let administrator = house.actor("administrator");
        let first = enters(&house, "signatory", None).await;
        let contract = Contract::started(&house).await;
        contract.decides("lawyer").await;
        let (signatory, task) = contract.signatory_may_sign().await;
        ends(app, &administrator, first).await;
        let refused = contract.signs(&signatory, task).await;
        assert_eq!(
            signing_code(&refused.expect_err("it ended")),
            "mandate-ended"
        );
        let small = enters(&house, "signatory", Some("0.01")).await;
        let refused = contract.signs(&signatory, task).await;
        assert_eq!(
            signing_code(&refused.expect_err("too small")),
            "mandate-too-small"
        );
        ends(app, &administrator, small).await;
        let enough = enters(&house, "signatory", None).await;
        let (signing, value) = contract.prepared(&signatory, task).await.expect("prepared");
        ends(app, &administrator, enough).await;
        let refused = app.complete_signature(&signatory, signing, &value).await;
        assert_eq!(
            signing_code(&refused.expect_err("it ended meanwhile")),
            "mandate-ended"
        );
        enters(&house, "signatory", None).await;
        contract.signs(&signatory, task).await.expect("signed");
        assert_eq!(contract.state().await, "effective");
        let kept = mandates::Entity::find().all(app.store.reader()).await;
        assert_eq!(kept.expect("read").len(), 4, "nothing is deleted");
        house.close().await;
    }
}

/// Goal: the page enters a mandate and ends it, for administrators alone; what is wrong stands at
/// its field.
#[tokio::test]
async fn the_page_of_the_register_enters_and_ends() {
    let house = TestApp::single().await;
    let served = house.serve();
    let administrator = Browser::of(&house, &served, house.vector.person("administrator")).await;
    let cfo = Browser::of(&house, &served, house.vector.person("cfo")).await;
    assert_eq!(cfo.get("/mandates").await.status, 404);
    assert_eq!(administrator.get("/mandates").await.status, 200);
    let person = house.vector.person("cfo");
    let fields = format!(
        "person={person}&entity=vektor&limit=500000.00&currency=RUB&from=2026-11-23&until=2026-12-31&basis=%E2%84%96+12"
    );
    let wrong = administrator.post("/mandates", "from=x&basis=").await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    let done = administrator.post("/mandates", &fields).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let page = administrator.get("/mandates").await.body;
    assert!(
        page.contains("№ 12") && page.contains("действует"),
        "{page}"
    );
    let rows = house.app.list_mandates(&house.actor("administrator")).await;
    let row = rows.expect("read").remove(0);
    let zone_start = "2026-11-22T21:00:00Z"
        .parse::<Instant>()
        .expect("an instant");
    assert_eq!(row.draft.from, zone_start, "the day of the organisation");
    let ended = administrator
        .post(&format!("/mandates/{}/end", row.id), "")
        .await;
    assert_eq!(ended.status, 303);
    let page = administrator.get("/mandates").await.body;
    assert!(page.contains("закончилось"), "{page}");
    served.stop().await;
    house.close().await;
}
