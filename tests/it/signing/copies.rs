//! The digests that a signed copy had, and why each is another one.

use chancery_types::{Digest, Locale};
use serde_json::Value;

use super::contract::Contract;
use super::lasting::{file, round, signed};
use super::visitor::{Page, Visitor};
use crate::guards::Browser;
use crate::support::{TestApp, on_both};

async fn proof(visitor: &Visitor, contract: &Contract<'_>) -> Page {
    let front = visitor.comes_in(contract).await;
    visitor.proves_the_mailbox(contract, &front).await
}

/// Goal: a counterparty whose saved copy has another digest than the one offered now reads why, and
/// that theirs stays good; the protocol of the check names the same digests. Method: signed by two,
/// asked at once; raised, asked again by page, evidence and protocol, in both languages.
#[tokio::test]
async fn every_copy_is_named_by_its_digest_with_why_it_is_another_one() {
    on_both(async |house: &TestApp| {
        let contract = signed(house).await;
        let served = house.serve();
        let visitor = Visitor::new(&served, Locale::En);
        let before = file(&contract).await;
        proof(&visitor, &contract)
            .await
            .see(&Digest::of(&before).hex())
            .see("The copy holds 1 signature.")
            .see_not("nobody signed anew");

        round(house).await;
        let after = file(&contract).await;
        let (old, new) = (Digest::of(&before).hex(), Digest::of(&after).hex());
        assert_ne!(old, new);
        let page = visitor.get("/s/document").await;
        page.see(&old)
            .see(&new)
            .see("evidence for later checks and a timestamp were added (B-LTA), nobody signed anew")
            .see("The copy holds the same 2 signatures.")
            .see("A copy that you saved earlier stays good");
        let russian = Visitor::new(&served, Locale::Ru);
        proof(&russian, &contract)
            .await
            .see(&old)
            .see("добавлены данные для будущих проверок и штамп времени (B-LTA)")
            .see("остаётся годным");

        let evidence = visitor.get("/s/evidence.json").await;
        let evidence: Value = serde_json::from_slice(&evidence.bytes).expect("JSON");
        let copies = evidence["copies"].as_array().expect("copies");
        let told = |name: &str| {
            let all = copies.iter().map(|one| one[name].clone());
            all.collect::<Vec<_>>()
        };
        assert_eq!(told("because"), ["signed", "signed", "extended"]);
        assert_eq!(told("signatures_inside"), [1, 2, 2]);
        assert_eq!(told("sha256")[1..], [old.as_str(), new.as_str()]);
        assert_eq!(evidence["copy_sha256"], new);
        assert_eq!(copies[2]["level"], "B-LTA");
        assert!(copies[0]["signer_name"].is_string());

        let lawyer = Browser::of(house, &served, house.vector.person("lawyer")).await;
        let protocol = format!("/documents/{}/versions/1/protocol?form=html", contract.id);
        let protocol = lawyer.get(&protocol).await.body;
        for words in [
            old.as_str(),
            new.as_str(),
            told("sha256")[0].as_str().expect("a digest"),
            "прежний экземпляр остаётся годным",
        ] {
            assert!(protocol.contains(words), "{words}: {protocol}");
        }
        served.stop().await;
    })
    .await;
}
