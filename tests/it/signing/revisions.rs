//! The signed copy as each signature found it, to the byte, and what is seen otherwise in it now.

use chancery::app::signing::powers::SignatureName;
use chancery::store::entity::signatures;
use chancery_types::Digest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::Value;

use super::contract::{Contract, code};
use super::disagreements::as_person;
use super::elsewhere::Elsewhere;
use crate::guards::Browser;
use crate::support::{TestApp, on_both};

async fn made(contract: &Contract<'_>) -> Vec<signatures::Model> {
    let rows = signatures::Entity::find()
        .filter(signatures::Column::DocumentId.eq(contract.id.uuid()))
        .order_by_asc(signatures::Column::SignedAt)
        .all(contract.house.app.store.reader())
        .await;
    rows.expect("rows")
}

/// Goal: exactly the bytes that were signed, by identifier and by place, for whoever sees the
/// document; of a detached signature the file that it is over. Method: two signatures in the file
/// and one beside, on both databases; the digests that were written down when they were made.
#[tokio::test]
async fn what_was_signed_is_given_to_the_byte() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        house.advance_seconds(60);
        contract.counterparty_signs().await;
        let initiator = house.actor("initiator");
        let signer = Elsewhere::named("Иван Иванов", house.app.now());
        let detached = signer.detached(&contract.file, house.app.now());
        let detached = contract.brings_signature(&initiator, &detached).await;
        let detached = SignatureName::Id(detached.expect("kept").id);
        let rows = made(&contract).await;
        assert_eq!(rows.len(), 2);
        let within = |place| SignatureName::Within { version: 1, place };
        for (place, row) in rows.iter().enumerate() {
            for name in [within(place), SignatureName::Id(row.id)] {
                let revision = house.app.open_revision(&initiator, contract.id, name).await;
                let revision = revision.expect("a revision");
                assert_eq!(Digest::of(&revision.bytes).hex(), row.copy_digest, "{name}");
                let wanted = format!("contract.signature-{}.pdf", place + 1);
                assert_eq!(revision.name, wanted);
            }
        }
        let over = house.app.open_revision(&initiator, contract.id, detached);
        assert_eq!(over.await.expect("a revision").bytes, contract.file);
        let accountant = house.actor("accountant");
        for name in [within(0), within(2), detached] {
            let hidden = house
                .app
                .open_revision(&accountant, contract.id, name)
                .await;
            assert_eq!(code(&hidden.expect_err("hidden")), "hidden");
            let hidden = house.app.compare_revision(&accountant, contract.id, name);
            assert_eq!(code(&hidden.await.expect_err("hidden")), "hidden");
        }
        let none = house
            .app
            .open_revision(&initiator, contract.id, within(2))
            .await;
        assert_eq!(code(&none.expect_err("two only")), "hidden");
    })
    .await;
}

/// Goal: the document's page offers both, and the comparison says first what looks different: the
/// sheet of signatures got another mark, the contract's own page did not change. Method: page and
/// call, both languages.
#[tokio::test]
async fn the_page_says_what_looks_different_since_a_signature() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    contract.counterparty_signs().await;
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let base = format!("/documents/{}/signatures", contract.id);
    let shown = format!("/documents/{}", contract.id);
    let page = as_person(&house, &served, house.vector.person("lawyer"), &shown).await;
    page.see(&format!("{base}/1-0/comparison"))
        .see(&format!("{base}/1-1/revision"));
    let call = format!("/api/v1{base}/1-0/comparison");
    let seen: Value = serde_json::from_str(&browser.get(&call).await.body).expect("JSON");
    let looks = seen["pages"].as_array().expect("pages").iter();
    let looks: Vec<&str> = looks
        .map(|one| one["look"].as_str().expect("a look"))
        .collect();
    assert_eq!(looks, ["same", "differs"], "{seen:#}");
    assert_eq!(seen["is_same"], false);
    let call = format!("/api/v1{base}/1-1/comparison");
    let seen: Value = serde_json::from_str(&browser.get(&call).await.body).expect("JSON");
    assert_eq!(
        (&seen["is_whole"], &seen["is_same"]),
        (&true.into(), &true.into())
    );

    let page = browser.get(&format!("{base}/1-0/comparison")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    // Another signer's mark is as it should be: said, and not as a warning.
    for words in [
        "Страница 2 выглядит иначе",
        "1 страница без изменений",
        "Так и должно быть",
        "data-seen=\"plain\"",
        "Каждая страница показана дважды",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let differs = page.body.find("id=\"page-2\"").expect("the sheet");
    let same = page.body.find("id=\"page-1\"").expect("the contract");
    assert!(differs < same, "what differs comes first");
    assert_eq!(page.body.matches("data:image/png;base64,").count(), 4);
    let whole = browser.get(&format!("{base}/1-1/comparison")).await;
    assert!(whole.body.contains("ничего не добавлено"), "{}", whole.body);
    let twice = "Каждая страница показана дважды";
    assert!(!whole.body.contains(twice), "{}", whole.body);
    let absent = browser.get(&format!("{base}/1-2/comparison")).await;
    assert_eq!(absent.status, 404);
    served.stop().await;
    house.close().await;
}
