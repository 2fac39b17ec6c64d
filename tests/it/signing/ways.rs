//! What a link refuses, and the other ways out of it.

use chancery::app::links::ending::NewSignatory;
use chancery::app::links::visit::{LinkKey, LinkState};
use chancery::store::entity::{audit_events, links, outbox, questions};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::contract::{Contract, code, shown};
use crate::support::{TestApp, on_both};

/// Goal: neither the secret nor the typed code lies in clear anywhere, and both lead in.
#[tokio::test]
async fn a_link_s_secrets_are_only_in_the_sealed_letter() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (letter, secret) = contract.letter("signing-invitation").await;
    let typed = secret["typed_code"].as_str().expect("a code").to_owned();
    let url = secret["link_url"].as_str().expect("a link").to_owned();
    let (_, fragment) = url.split_once('#').expect("a fragment");
    assert!(!letter.payload.contains(fragment) && !letter.payload.contains(&typed));
    let all = links::Entity::find()
        .all(house.app.store.reader())
        .await
        .expect("links");
    assert!(
        all.iter()
            .all(|link| !format!("{link:?}").contains(fragment))
    );
    let events = audit_events::Entity::find()
        .all(house.app.store.reader())
        .await
        .expect("events");
    assert!(events.iter().all(|event| !event.details.contains(fragment)));
    contract.enters().await;
    contract
        .enters_by(&LinkKey::Typed(typed.to_lowercase()))
        .await
        .expect("entered");
    let error = contract
        .enters_by(&LinkKey::Typed("AAAA-BBBB-CCCC".to_owned()))
        .await;
    assert_eq!(code(&error.expect_err("unknown")), "link-unknown");
    house.close().await;
}

/// Goal: a code's tries are counted in the database and run out; a new code works; nothing but the
/// front page is possible before.
#[tokio::test]
async fn a_code_runs_out_of_tries() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let app = &house.app;
        let (visit, actor) = contract.enters().await;
        let early = app.read_pages(&actor, &visit, 1..=1).await;
        assert_eq!(code(&early.expect_err("early")), "link-not-verified");
        assert!(app.link_file(&actor, &visit).await.is_err());
        let early = app
            .give_consents(&actor, visit.link.task_id, &shown(house, &actor).await)
            .await;
        assert_eq!(code(&early.expect_err("early")), "hidden");
        let none = app.give_code(&actor, &visit, "123456").await;
        assert_eq!(code(&none.expect_err("none sent")), "code-absent");

        app.send_code(&actor, &visit).await.expect("sent");
        let (_, secret) = contract.letter("code").await;
        let right = secret["code"].as_str().expect("a code").to_owned();
        let wrong = if right == "000000" {
            "000001"
        } else {
            "000000"
        };
        for _ in 0..5 {
            let refused = app.give_code(&actor, &visit, wrong).await;
            assert_eq!(code(&refused.expect_err("wrong")), "code-wrong");
        }
        let refused = app.give_code(&actor, &visit, &right).await;
        assert_eq!(code(&refused.expect_err("too late")), "code-exhausted");
        house.advance_seconds(1);
        app.send_code(&actor, &visit).await.expect("sent again");
        let (_, secret) = contract.letter("code").await;
        let right = secret["code"].as_str().expect("a code").to_owned();
        house.advance_seconds(16 * 60);
        let late = app.give_code(&actor, &visit, &right).await;
        assert_eq!(code(&late.expect_err("ended")), "code-absent");
    })
    .await;
}

/// Goal: without both consents or with pages unread nothing is prepared; another's task is absent.
#[tokio::test]
async fn a_signature_needs_reading_and_both_consents() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let actor = house.actor("signatory");
    let task = contract.task_of("signatory").await.uuid();
    let refused = contract.signs(&actor, task).await.expect_err("no consents");
    assert_eq!(code(&refused), "consents-needed");
    let [_, personal_data] = shown(&house, &actor).await;
    let one = [personal_data];
    let refused = house.app.give_consents(&actor, task, &one).await;
    assert_eq!(code(&refused.expect_err("one of two")), "invalid");
    let lawyer = house.actor("lawyer");
    let refused = house
        .app
        .give_consents(&lawyer, task, &shown(&house, &lawyer).await)
        .await;
    // She takes part in the document, so she may know that there is a signature to be given.
    assert_eq!(code(&refused.expect_err("not hers")), "denied");
    let bystander = house.actor("accountant");
    let refused = house
        .app
        .give_consents(&bystander, task, &shown(&house, &bystander).await)
        .await;
    assert_eq!(code(&refused.expect_err("no part in it")), "hidden");
    let stranger = house.northwind.actor("signatory");
    let refused = house
        .app
        .give_consents(&stranger, task, &shown(&house, &stranger).await)
        .await;
    assert_eq!(code(&refused.expect_err("another organisation")), "hidden");
    house.close().await;
}

/// Goal: a refusal ends the run, tells the initiator, closes the link, and leaves a receipt with
/// whoever refused.
#[tokio::test]
async fn a_refusal_ends_the_run() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        let empty = house.app.refuse_to_sign(&actor, &visit, "  ").await;
        assert_eq!(code(&empty.expect_err("no reason")), "invalid");
        house
            .app
            .refuse_to_sign(&actor, &visit, "Не наша цена")
            .await
            .expect("refused");
        assert_eq!(contract.state().await, "rejected");
        contract.letter("refused").await;
        let (receipt, _) = contract.letter("answer-recorded").await;
        assert_eq!(receipt.to_address, visit.subject.contact.email);
        assert!(
            receipt.payload.contains("Не наша цена"),
            "{}",
            receipt.payload
        );
        let again = contract.enters().await.0;
        assert_eq!(again.link_state, LinkState::Refused);
        let refused = house.app.refuse_to_sign(&actor, &again, "Ещё раз").await;
        assert_eq!(code(&refused.expect_err("ended")), "link-not-active");
    })
    .await;
}

/// Goal: "I am not the signatory": the named person gets a link and a code of their own, the old
/// link is closed, and the trail has both.
#[tokio::test]
async fn a_link_is_handed_over_to_who_is_named() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.comes_verified().await;
    let mut named = NewSignatory {
        name: "Пётр\u{202e} Петров".to_owned(),
        email: "ivanov@romashka.example".to_owned(),
        position: None,
    };
    let refused = house.app.hand_over(&actor, &visit, &named).await;
    assert_eq!(code(&refused.expect_err("a lying name")), "invalid");
    named.name = "Пётр Петров".to_owned();
    let refused = house.app.hand_over(&actor, &visit, &named).await;
    assert_eq!(code(&refused.expect_err("their own address")), "invalid");
    named.email = "petrov@romashka.example".to_owned();
    house.advance_seconds(1);
    house
        .app
        .hand_over(&actor, &visit, &named)
        .await
        .expect("handed over");
    let (letter, _) = contract.letter("signing-invitation").await;
    assert_eq!(letter.to_address, "petrov@romashka.example");
    let old = links::Entity::find_by_id(visit.link.id)
        .one(house.app.store.reader())
        .await;
    assert_eq!(old.expect("asked").expect("a link").state, "handed_over");
    house.advance_seconds(1);
    let (new_visit, new_actor) = contract.comes_verified().await;
    assert_eq!(new_visit.subject.contact.name, "Пётр Петров");
    let task = new_visit.link.task_id;
    house
        .app
        .give_consents(&new_actor, task, &shown(&house, &new_actor).await)
        .await
        .expect("consents");
    contract.signs(&new_actor, task).await.expect("signed");
    assert_eq!(contract.state().await, "effective");
    house.close().await;
}

/// Goal: a question reaches the initiator, the answer comes back, the link goes on working.
#[tokio::test]
async fn a_question_is_answered_by_mail() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.comes_verified().await;
    house
        .app
        .ask_question(&actor, &visit, "Когда поставка?")
        .await
        .expect("asked");
    let row = questions::Entity::find()
        .one(house.app.store.reader())
        .await
        .expect("asked");
    let question = row.expect("a question").id;
    let refused = house
        .app
        .answer_question(&house.actor("lawyer"), question, "Скоро")
        .await;
    assert_eq!(code(&refused.expect_err("seen, not hers")), "denied");
    for (organisation, key) in [
        (&house.vector, "accountant"),
        (&house.northwind, "initiator"),
    ] {
        let other = organisation.actor(key);
        let refused = house.app.answer_question(&other, question, "Скоро").await;
        assert_eq!(code(&refused.expect_err("not to be known")), "hidden");
    }
    let initiator = house.actor("initiator");
    house
        .app
        .answer_question(&initiator, question, "В марте")
        .await
        .expect("answered");
    let (letter, _) = contract.letter("question-answered").await;
    assert_eq!(letter.to_address, "ivanov@romashka.example");
    assert_eq!(contract.enters().await.0.link_state, LinkState::Active);
    house.close().await;
}

/// Goal: an expired link offers a new one to the same address, once.
#[tokio::test]
async fn an_expired_link_is_renewed_to_the_same_address() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    house.advance_seconds(40 * 86_400);
    let (visit, actor) = contract.enters().await;
    assert_eq!(visit.link_state, LinkState::Expired);
    let before = invitations(&house).await;
    house.app.renew_link(&actor, &visit).await.expect("renewed");
    assert_eq!(invitations(&house).await, before + 1);
    let again = house.app.renew_link(&actor, &visit).await;
    assert_eq!(code(&again.expect_err("once")), "link-renewed-already");
    assert_eq!(contract.enters().await.0.link_state, LinkState::Active);
    house.close().await;
}

async fn invitations(house: &TestApp) -> u64 {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("signing-invitation"))
        .count(house.app.store.reader())
        .await
        .expect("counted")
}
