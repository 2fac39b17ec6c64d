//! What happens a second time: an answer that was lost, a link that follows another, a code that is
//! mistyped, a page that is gone back to.

use chancery::app::links::ending::NewSignatory;
use chancery::app::signing::SignerKey;
use chancery::store::entity::signatures;
use chancery_types::Locale;
use chancery_workflow::Decision;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::contract::{Contract, code, shown};
use super::visitor::Visitor;
use crate::support::{TestApp, on_both};

/// Goal: whoever lost the answer to their signature asks again and is told the same; nothing is
/// signed twice. Method: the second step twice, the second time when the link has ended.
#[tokio::test]
async fn a_lost_answer_to_a_signature_is_given_again() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        let (app, task) = (&house.app, visit.link.task_id);
        let both = shown(house, &actor).await;
        app.give_consents(&actor, task, &both).await.expect("given");
        let key = chancery::app::authority::fresh_key(app.key_kind());
        let spki_der = key.spki_der();
        let prepared = app
            .prepare_signature(&actor, task, &SignerKey::Browser { spki_der })
            .await
            .expect("prepared");
        let value = key.sign(&prepared.signed_attributes).expect("signed");
        let complete = || app.complete_signature(&actor, prepared.id.uuid(), &value);
        let first = complete().await.expect("signed");
        let count = async || {
            let counted = signatures::Entity::find().count(app.store.reader());
            counted.await.expect("a count")
        };
        let before = count().await;
        let again = complete().await.expect("the same answer");
        assert_eq!(
            (
                again.id,
                again.document_id,
                &again.copy_digest,
                again.copy_size
            ),
            (
                first.id,
                first.document_id,
                &first.copy_digest,
                first.copy_size
            )
        );
        assert_eq!(count().await, before);
        let other = house.actor("signatory");
        let foreign = app
            .complete_signature(&other, prepared.id.uuid(), &value)
            .await;
        assert_eq!(code(&foreign.expect_err("not theirs")), "hidden");
    })
    .await;
}

/// Goal: a second link tells what went before it: that the first is dead, what was answered to
/// disagreements, and who had the document before. Method: the payloads of three invitations.
#[tokio::test]
async fn a_letter_with_a_further_link_tells_what_went_before() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let invitation = async || contract.letter("signing-invitation").await.0.payload;
        let read = async || -> serde_json::Value {
            serde_json::from_str(&invitation().await).expect("JSON")
        };
        let first = read().await;
        assert_eq!(
            (&first["replaces"], &first["answer"]),
            (&false.into(), &().into())
        );
        house.advance_seconds(1);
        contract.counterparty_returns().await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        house.advance_seconds(1);
        app.resubmit_run(&initiator, contract.id, Some("Сумма верна"))
            .await
            .expect("resubmitted");
        let second = read().await;
        assert_eq!(second["replaces"], true);
        assert_eq!(second["answer"], "Сумма верна");
        assert!(second["before_name"].is_null());
        house.advance_seconds(1);
        let (visit, actor) = contract.comes_verified().await;
        let named = NewSignatory {
            name: "Пётр Петров".to_owned(),
            email: "petrov@romashka.example".to_owned(),
            position: None,
        };
        app.hand_over(&actor, &visit, &named).await.expect("named");
        let third = read().await;
        assert_eq!(third["before_name"], visit.subject.contact.name.as_str());
        assert_eq!(
            (&third["replaces"], &third["answer"]),
            (&false.into(), &().into())
        );
    })
    .await;
}

/// Goal: what the initiator says later, to somebody of the house, is never mailed to the
/// counterparty as the answer to their disagreements. Method: the counterparty returns, then a
/// lawyer does.
#[tokio::test]
async fn words_for_the_house_never_reach_the_counterparty() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        house.advance_seconds(1);
        contract.counterparty_returns().await;
        contract.brings_version(2, 2).await;
        house.advance_seconds(1);
        app.resubmit_run(&initiator, contract.id, Some("Для вас исправлено"))
            .await
            .expect("resubmitted");
        house.advance_seconds(1);
        // The manager's agreement stands: neither the file nor the price is another one.
        contract.decides_with("lawyer", Decision::Return, &[]).await;
        house.advance_seconds(1);
        app.resubmit_run(&initiator, contract.id, Some("Наша маржа позволяет"))
            .await
            .expect("resubmitted");
        house.advance_seconds(1);
        contract.decides("lawyer").await;
        contract.signatory_signs().await;
        let payload = contract.letter("signing-invitation").await.0.payload;
        assert!(payload.contains("Для вас исправлено"), "{payload}");
        assert!(!payload.contains("маржа"), "{payload}");
    })
    .await;
}

/// Goal: a slip that cannot be a code costs no try.
#[tokio::test]
async fn what_is_not_six_digits_costs_no_try() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.enters().await;
        house.app.send_code(&actor, &visit).await.expect("sent");
        for slip in ["abc", "", "12345", "1234567"] {
            let told = house.app.give_code(&actor, &visit, slip).await;
            assert_eq!(code(&told.expect_err(slip)), "code-not-six-digits");
        }
        let pending = house.app.pending_code(&visit).await.expect("asked");
        assert_eq!(
            pending.expect("a code").tries_left,
            house.app.config.links.code_tries_max
        );
    })
    .await;
}

/// Goal: going back to a page of a link that has ended leads to what became of it.
#[tokio::test]
async fn going_back_after_the_end_shows_how_it_ended() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    let front = visitor.comes_in(&contract).await;
    visitor.proves_the_mailbox(&contract, &front).await;
    contract.counterparty_signs().await;
    for page in [
        "/s/sign",
        "/s/read",
        "/s/ask",
        "/s/refuse",
        "/s/disagree",
        "/s/hand-over",
    ] {
        let answer = visitor.get(page).await;
        assert_eq!(
            (answer.status, answer.path.as_str()),
            (200, "/s/document"),
            "{page}"
        );
    }
    served.stop().await;
    house.close().await;
}
