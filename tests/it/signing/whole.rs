//! Both sign, and everything that must be true then is.

use chancery_signature::{Anchors, Indication, Limits, ValidationPolicy, gather_pdf, judge};
use chancery_types::Instant;

use super::contract::{Contract, bytes_of, shown};
use crate::support::{TestApp, on_both};
use chancery::app::links::ending::NewSignatory;

fn verdicts(file: &[u8], roots: &[Vec<u8>], at: Instant) -> Vec<Indication> {
    let mut anchors = Anchors::none();
    for der in roots {
        anchors.extend(Anchors::from_pem_or_der(der).expect("a root"));
    }
    let facts = gather_pdf(file, &Limits::default());
    let report = judge(&facts, &ValidationPolicy::default(), at, &anchors);
    report.signatures.iter().map(|one| one.indication).collect()
}

/// Goal: two signatures on one file, both TOTAL-PASSED now and two years on, the original bytes a
/// prefix of the result, the run completed, and the copy handed to whoever may have it.
#[tokio::test]
async fn both_signatures_pass_now_and_in_two_years() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        let app = &house.app;
        let task = visit.link.task_id;
        app.give_consents(&actor, task, &shown(house, &actor).await)
            .await
            .expect("consents");
        let done = contract.signs(&actor, task).await.expect("signed");
        assert_eq!(contract.state().await, "effective");

        let initiator = house.actor("initiator");
        let copy = app
            .signed_copy(&initiator, contract.id.uuid(), 1)
            .await
            .expect("a copy");
        assert_eq!(copy.name, "contract.signed.pdf");
        let file = bytes_of(copy).await;
        assert!(file.starts_with(&contract.file));
        assert_eq!(chancery_types::Digest::of(&file).hex(), done.copy_digest);

        let roots = app.list_anchors().await.expect("roots");
        let passed = vec![Indication::TotalPassed; 2];
        assert_eq!(verdicts(&file, &roots, app.now()), passed);
        let later = app.now().plus_seconds(2 * 366 * 86_400);
        assert_eq!(verdicts(&file, &roots, later), passed);
        let mut changed = file.to_vec();
        changed[120] ^= 1;
        assert!(verdicts(&changed, &roots, app.now()).contains(&Indication::TotalFailed));

        let found = app
            .document_signatures(&initiator, contract.id.uuid())
            .await
            .expect("seen");
        let names: Vec<&str> = found
            .signatures
            .iter()
            .map(|row| row.signature.signer_name.as_str())
            .collect();
        assert_eq!(names, ["Виктор Егоров", "Иван Иванов"]);
        let evidence = &found.signatures[1].signature.evidence;
        assert!(evidence.contains("mailbox control only"), "{evidence}");
    })
    .await;
}

/// Goal: the evidence says who called the signer so. Method: one whom the sender named hands the
/// document over, and the other signs.
#[tokio::test]
async fn the_evidence_of_a_document_that_was_handed_over_says_by_whom() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        let app = &house.app;
        let named = NewSignatory {
            name: "Пётр Петров".to_owned(),
            email: "petrov@romashka.example".to_owned(),
            position: None,
        };
        app.hand_over(&actor, &visit, &named).await.expect("named");
        house.advance_seconds(1);
        let (visit, actor) = contract.comes_verified().await;
        let task = visit.link.task_id;
        app.give_consents(&actor, task, &shown(house, &actor).await)
            .await
            .expect("consents");
        contract.signs(&actor, task).await.expect("signed");
        let initiator = house.actor("initiator");
        let found = app
            .document_signatures(&initiator, contract.id.uuid())
            .await
            .expect("seen");
        let evidence = |place: usize| -> serde_json::Value {
            let row = &found.signatures[place].signature;
            serde_json::from_str(&row.evidence).expect("JSON")
        };
        let signer = &evidence(1)["signer"];
        assert_eq!(signer["name"], "Пётр Петров");
        assert_eq!(signer["named_by"]["name"], "Иван Иванов");
        assert_eq!(signer["named_by"]["email"], "ivanov@romashka.example");
        assert!(evidence(0)["signer"]["named_by"].is_null());
    })
    .await;
}

/// Goal: a key made on the server signs too, and the evidence says so.
#[tokio::test]
async fn without_a_browser_key_the_evidence_says_so() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let actor = house.actor("signatory");
    let task = contract.task_of("signatory").await.uuid();
    house
        .app
        .give_consents(&actor, task, &shown(&house, &actor).await)
        .await
        .expect("consents");
    house.app.base_file(&actor, task).await.expect("the file");
    house
        .app
        .sign_with_server_key(&actor, task)
        .await
        .expect("signed");
    let found = house
        .app
        .document_signatures(&actor, contract.id.uuid())
        .await
        .expect("seen");
    assert_eq!(found.signatures[0].signature.key_place, "server");
    assert!(
        found.signatures[0]
            .signature
            .evidence
            .contains("\"key_made_in\":\"server\"")
    );
    house.close().await;
}
