//! What a signature rests on: consents to what was shown, images that were served, who called; and
//! what preparing one may cost.

use chancery::app::counterparties::ContactDraft;
use chancery::app::idempotency::Repeated;
use chancery::app::signing::judged::Known;
use chancery::app::signing::{ShownConsent, SignerKey};
use chancery::app::tokens::Scope;
use chancery::domain::actor::Actor;
use chancery::store::entity::{
    audit_events, consents, idempotency_keys, link_codes, links, organisations, signatures,
    signings,
};
use chancery_types::Locale;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::Value;

use super::contract::{Contract, bytes_of, code, origin, shown};
use super::visitor::Visitor;
use crate::guards::Browser;
use crate::support::{Backend, TestApp, on_both};

async fn evidence_of(house: &TestApp, of_contact: bool) -> Value {
    let asked = signatures::Entity::find();
    let asked = if of_contact {
        asked.filter(signatures::Column::ContactId.is_not_null())
    } else {
        asked.filter(signatures::Column::PersonId.is_not_null())
    };
    let row = asked.one(house.app.store.reader()).await;
    serde_json::from_str(&row.expect("rows").expect("a signature").evidence).expect("JSON")
}

/// Goal: two clicks at once give both consents once. Method: two calls at the same moment.
#[tokio::test]
async fn two_clicks_give_consents_once() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        let both = shown(house, &actor).await;
        let before = consents::Entity::find().count(house.app.store.reader());
        let before = before.await.expect("counted");
        let task = visit.link.task_id;
        let give = || house.app.give_consents(&actor, task, &both);
        let (one, other, third) = futures::join!(give(), give(), give());
        for given in [one, other, third] {
            given.expect("given");
        }
        let after = consents::Entity::find().count(house.app.store.reader());
        assert_eq!(after.await.expect("counted"), before + 2);
        let told = audit_events::Entity::find()
            .filter(audit_events::Column::Action.eq("consent.given"))
            .filter(audit_events::Column::ActorKind.eq("contact"))
            .count(house.app.store.reader());
        assert_eq!(told.await.expect("counted"), 1);
    })
    .await;
}

/// Goal: calls at once do not get past the hour's codes, and two readings at once forget nothing.
#[tokio::test]
async fn calls_at_once_are_counted_one_after_the_other() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.enters().await;
        let app = &house.app;
        let calls = (0..12).map(|_| app.send_code(&actor, &visit));
        let sent = futures::future::join_all(calls).await;
        assert_eq!(sent.iter().filter(|one| one.is_ok()).count(), 5);
        let kept = link_codes::Entity::find().count(app.store.reader());
        assert_eq!(kept.await.expect("counted"), 5);
    })
    .await;
}

/// Goal: however a renewal and the naming of another contact meet, one link works and it is theirs.
#[tokio::test]
async fn a_renewal_never_outlives_a_hand_over() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let initiator = house.actor("initiator");
        let draft = ContactDraft {
            name: "Пётр Петров".to_owned(),
            email: "petrov@romashka.example".to_owned(),
            ..ContactDraft::default()
        };
        let theirs = house.vector.counterparty;
        let petrov = app.create_contact(&initiator, theirs, &draft).await;
        let petrov = petrov.expect("written");
        for _ in 0..4 {
            let contract = Contract::at_counterparty(house).await;
            house.advance_seconds(40 * 86_400);
            let (visit, actor) = contract.enters().await;
            let task = visit.link.task_id.into();
            let (renewed, named) = futures::join!(
                app.renew_link(&actor, &visit),
                app.name_another_contact(&initiator, task, petrov),
            );
            named.expect("named");
            drop(renewed);
            let active = links::Entity::find()
                .filter(links::Column::DocumentId.eq(contract.id.uuid()))
                .filter(links::Column::State.eq("active"))
                .all(app.store.reader());
            let active = active.await.expect("links");
            assert_eq!(active.len(), 1);
            assert_eq!(active[0].contact_id, petrov.uuid());
        }
    })
    .await;
}

/// Goal: a consent is to the text that was shown. Method: the rules change between the page and the
/// press; the page comes back with the new text.
#[tokio::test]
async fn a_consent_is_to_the_text_that_was_shown() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    let seat = visitor.comes_verified(&contract).await;
    seat.see("Скачать этот файл").see("/s/sign/file");
    organisations::Entity::update_many()
        .col_expr(
            organisations::Column::SigningRulesRu,
            Expr::value("Новые правила подписания"),
        )
        .exec(house.app.store.writer())
        .await
        .expect("changed");
    let both = [("personal_data", "yes"), ("electronic_signature", "yes")];
    let again = visitor.post(&seat, "/s/consents", &both).await;
    assert_eq!(again.status, 422);
    again
        .see("Текст с тех пор изменился")
        .see("Новые правила подписания");
    let given = visitor.post(&again, "/s/consents", &both).await;
    assert_eq!((given.status, given.path.as_str()), (200, "/s/sign"));
    let row = consents::Entity::find()
        .filter(consents::Column::ContactId.is_not_null())
        .filter(consents::Column::Kind.eq("electronic_signature"))
        .one(house.app.store.reader())
        .await;
    let digest = chancery_types::Digest::of("Новые правила подписания".as_bytes()).hex();
    assert_eq!(row.expect("rows").expect("a consent").text_digest, digest);
    served.stop().await;
    house.close().await;
}

/// Goal: the evidence tells what was served from what lay ready, for both sides.
#[tokio::test]
async fn the_evidence_tells_what_was_really_shown() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let app = &house.app;
    let signatory = house.actor("signatory");
    let task = contract.task_of("signatory").await.uuid();
    let page = app
        .show_page(&signatory, contract.id, None, 1)
        .await
        .expect("shown");
    let base = app.base_file(&signatory, task).await.expect("a file");
    assert_eq!(bytes_of(base).await, contract.file);
    let signed = contract.signatory_signs().await;
    let evidence = evidence_of(&house, false).await;
    assert_eq!(evidence["shown"]["pages"][0]["image_sha256"], page.digest);
    assert_eq!(evidence["available"]["pages"][0]["page"], 1);
    assert_eq!(evidence["way_in"]["by"], "session");

    let (visit, actor) = contract.comes_verified().await;
    let task = visit.link.task_id;
    let base = app.base_file(&actor, task).await.expect("a file");
    assert_eq!(base.digest, signed.copy_digest, "the copy that is extended");
    let both = shown(&house, &actor).await;
    app.give_consents(&actor, task, &both).await.expect("given");
    contract.signs(&actor, task).await.expect("signed");
    let evidence = evidence_of(&house, true).await;
    assert_eq!(evidence["shown"]["pages"], serde_json::json!([]));
    assert_eq!(evidence["available"]["pages"][0]["page"], 1);
    house.close().await;
}

/// Goal: a signature through a personal token says so, and which.
#[tokio::test]
async fn a_signature_by_a_token_says_so() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let app = &house.app;
    let owner = house.actor("signatory");
    let token = app.create_token(&owner, "robot", Scope::Write, 9).await;
    let token = token.expect("a token");
    let resumed = app
        .resume_token(&token.secret, origin(), Locale::Ru)
        .await
        .expect("asked");
    let actor: Actor = resumed.expect("somebody");
    let task = contract.task_of("signatory").await.uuid();
    let both = shown(&house, &actor).await;
    app.give_consents(&actor, task, &both).await.expect("given");
    app.base_file(&actor, task).await.expect("the file");
    app.sign_with_server_key(&actor, task)
        .await
        .expect("signed");
    let evidence = evidence_of(&house, false).await;
    assert_eq!(evidence["way_in"]["by"], "token");
    assert_eq!(
        evidence["way_in"]["token"]["id"],
        token.id.to_string().as_str()
    );
    house.close().await;
}

/// Goal: a repeated request is done only when its signature is there, not when the certificate is.
#[tokio::test]
async fn only_the_signature_marks_the_request_as_done() {
    on_both(async |house: &TestApp| {
        let contract = Contract::approved(house).await;
        let app = &house.app;
        let mut actor = house.actor("signatory");
        let task = contract.task_of("signatory").await.uuid();
        let both = shown(house, &actor).await;
        app.give_consents(&actor, task, &both).await.expect("given");
        app.base_file(&actor, task).await.expect("the file");
        let begun = app.begin_idempotent(&actor, "k", "POST /x", "d").await;
        let Repeated::New(begun) = begun.expect("begun") else {
            panic!("a new key");
        };
        actor.origin.repeat = Some(begun.repeat_key());
        app.sign_with_server_key(&actor, task)
            .await
            .expect("signed");
        let row = idempotency_keys::Entity::find().one(app.store.reader());
        let event = row.await.expect("rows").expect("a key").event_id;
        let event = audit_events::Entity::find_by_id(event.expect("done"))
            .one(app.store.reader())
            .await;
        assert_eq!(event.expect("rows").expect("it").action, "document.signed");
    })
    .await;
}

/// Goal: preparing costs a whole copy, so it is bounded for a task and an hour.
#[tokio::test]
async fn preparing_is_bounded() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.signing.prepared_per_hour_max = 2;
    })
    .await;
    let contract = Contract::approved(&house).await;
    let app = &house.app;
    let actor = house.actor("signatory");
    let task = contract.task_of("signatory").await.uuid();
    let both = shown(&house, &actor).await;
    app.give_consents(&actor, task, &both).await.expect("given");
    app.base_file(&actor, task).await.expect("the file");
    let prepare = async || {
        let spki_der = chancery::app::authority::fresh_key(app.key_kind()).spki_der();
        let key = SignerKey::Browser { spki_der };
        app.prepare_signature(&actor, task, &key).await
    };
    for _ in 0..2 {
        prepare().await.expect("prepared");
    }
    assert_eq!(code(&prepare().await.expect_err("a flood")), "too-many");
    let kept = signings::Entity::find().count(app.store.reader());
    assert_eq!(kept.await.expect("counted"), 2);
    house.advance_seconds(3600);
    prepare().await.expect("prepared");
    house.close().await;
}

/// Goal: the root is there before anything is signed: with a new organisation, and after a start.
#[tokio::test]
async fn the_root_is_there_before_the_first_signature() {
    on_both(async |house: &TestApp| {
        let app = &house.app;
        let absent = app.anchors_pem(house.vector.organisation).await;
        assert_eq!(code(&absent.expect_err("none yet")), "hidden");
        app.make_authorities().await.expect("made");
        app.make_authorities().await.expect("nothing to do");
        for organisation in [house.vector.organisation, house.northwind.organisation] {
            let pem = app.anchors_pem(organisation).await.expect("a root");
            assert_eq!(pem.matches("-----BEGIN").count(), 2);
        }
        let made = audit_events::Entity::find()
            .filter(audit_events::Column::Action.eq("authority.made"))
            .count(app.store.reader());
        assert_eq!(made.await.expect("counted"), 2);
    })
    .await;
}

/// Goal: a stored copy is judged up to the size that documents may have, and the verdict is there
/// for programs.
#[tokio::test]
async fn stored_copies_are_judged_beyond_the_limit_for_strangers() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.limits.verify_bytes_max = 10;
    })
    .await;
    let contract = Contract::at_counterparty(&house).await;
    let initiator = house.actor("initiator");
    let verdict = house
        .app
        .version_verdict(&initiator, contract.id, None)
        .await
        .expect("a verdict");
    assert!(matches!(verdict.known, Known::Report(_)));
    let served = house.serve();
    let person = house.vector.person("initiator");
    let browser = Browser::of(&house, &served, person).await;
    let answer = browser
        .get(&format!("/api/v1/documents/{}/signatures", contract.id))
        .await;
    let rows: Value = serde_json::from_str(&answer.body).expect("JSON");
    let verdict = &rows[0]["verdict"];
    assert_eq!(verdict["indication"], "TOTAL-PASSED");
    assert_eq!(verdict["sub_indication"], Value::Null);
    assert!(verdict["reasons"].is_array() && verdict["intact"].is_string());
    served.stop().await;
    house.close().await;
}

/// Goal: both consents are asked for, each by name. Method: what a seat shows.
#[tokio::test]
async fn a_consent_without_the_other_is_not_enough() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let actor = house.actor("signatory");
    let task = contract.task_of("signatory").await.uuid();
    let [rules, mut personal] = shown(&house, &actor).await;
    let one = [rules.clone()];
    let refused = house.app.give_consents(&actor, task, &one).await;
    assert_eq!(code(&refused.expect_err("one of two")), "invalid");
    personal.text_digest = rules.text_digest.clone();
    let other: [ShownConsent; 2] = [rules, personal];
    let refused = house.app.give_consents(&actor, task, &other).await;
    assert_eq!(code(&refused.expect_err("another text")), "invalid");
    house.close().await;
}
