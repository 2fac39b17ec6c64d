//! The digests that a signed copy had, and why each is another one.

use chancery_types::{Digest, Locale};
use sea_orm::EntityTrait as _;
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
        let page = proof(&visitor, &contract).await;
        let spoken = [("language", "en"), ("back", "/s/document")];
        visitor
            .post(&page, "/language", &spoken)
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
        let spoken = [("language", "ru"), ("back", "/s/document")];
        visitor
            .post(&page, "/language", &spoken)
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
            // Both signers: one logged in, one came by a letter.
            "Это запись сервера, на котором подписали.",
            "вход в эту систему под своей учётной записью",
            "Подтверждён только доступ к почте",
            "Код введён",
        ] {
            assert!(protocol.contains(words), "{words}: {protocol}");
        }
        let page = lawyer
            .get(&format!("/documents/{}", contract.id))
            .await
            .body;
        let own = visitor.get("/s/document").await.html();
        for (place, text) in [("document", &page), ("link", &own)] {
            for words in [
                "Подтверждён только доступ к почте",
                "Сетевой адрес подписавшего",
            ] {
                assert!(text.contains(words), "{place}: {words}: {text}");
            }
        }
        served.stop().await;
    })
    .await;
}

/// Goal: nobody meets the page that signing adds unprepared. Method: the first signer reads its
/// words before they sign; the second sees it with the mark that is there; who sees the document
/// sees it with both, and nobody else does.
#[tokio::test]
async fn the_sheet_is_told_before_it_is_added_and_shown_afterwards() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let served = house.serve();
    let lawyer = Browser::of(&house, &served, house.vector.person("lawyer")).await;
    let sheet = format!("/documents/{}/versions/1/sheet.png", contract.id);
    assert_eq!(lawyer.get(&sheet).await.status, 404, "nobody signed yet");
    let (_, task) = contract.signatory_may_sign().await;
    let signatory = Browser::of(&house, &served, house.vector.person("signatory")).await;
    let before = signatory.get(&format!("/tasks/{task}/sign")).await.body;
    let digest = chancery_types::Digest::of(&contract.file).hex();
    for words in [
        "В конец добавится одна страница",
        "Лист подписей",
        "Знак на листе — не доказательство.",
        &digest,
    ] {
        assert!(before.contains(words), "{words}: {before}");
    }
    assert!(!before.contains("sheet.png"), "{before}");
    contract.signatory_signs().await;

    let visitor = Visitor::new(&served, Locale::Ru);
    let seat = visitor.comes_verified(&contract).await;
    seat.see("Ваш знак встанет на эту страницу")
        .see("/s/sheet.png")
        .see_not("В конец добавится одна страница");
    let first = visitor.get("/s/sheet.png").await;
    assert_eq!(first.status, 200);
    assert_eq!(first.headers["content-type"], "image/png");
    let stranger = Visitor::new(&served, Locale::Ru);
    assert_eq!(stranger.get("/s/sheet.png").await.status, 409);

    contract.counterparty_signs().await;
    let shown = format!("/documents/{}", contract.id);
    let page = lawyer.get(&shown).await.body;
    assert!(page.contains(&sheet), "{page}");
    let both = lawyer.get(&sheet).await;
    assert_eq!(both.status, 200);
    let other = sheet.replace("versions/1", "versions/2");
    assert_eq!(lawyer.get(&other).await.status, 404);
    let accountant = Browser::of(&house, &served, house.vector.person("accountant")).await;
    assert_eq!(accountant.get(&sheet).await.status, 404);
    served.stop().await;
    house.close().await;
}

/// Goal: whoever asked and got no answer is told so before they sign, and not once it came. Method:
/// a question through the link, its answer, the page of signing before and after.
#[tokio::test]
async fn a_question_without_an_answer_is_recalled_before_signing() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    visitor
        .comes_verified(&contract)
        .await
        .see_not("Всё равно подписать?");
    let form = visitor.get("/s/ask").await;
    let asked = [("question", "Когда поставка?")];
    visitor.post(&form, "/s/ask", &asked).await;
    visitor
        .get("/s/sign")
        .await
        .see("Вы задали вопрос, ответа пока нет. Всё равно подписать?")
        .see("<q>Когда поставка?</q>");
    let question = chancery::store::entity::questions::Entity::find()
        .one(house.app.store.reader())
        .await;
    let question = question.expect("rows").expect("a question");
    let initiator = house.actor("initiator");
    let answered = house.app.answer_question(&initiator, question.id, "В мае");
    answered.await.expect("answered");
    visitor
        .get("/s/sign")
        .await
        .see_not("Всё равно подписать?")
        .see_not("Когда поставка?");
    served.stop().await;
    house.close().await;
}

/// Goal: a page that was open when its link was withdrawn says so at the next step, with which
/// document it was; a key that leads nowhere names neither. Method: consents given through a page
/// from before; an unknown key.
#[tokio::test]
async fn a_page_from_before_the_link_was_withdrawn_says_so() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    let open = visitor.comes_verified(&contract).await;
    let task = super::links::asked(&contract).await;
    let initiator = house.actor("initiator");
    let revoked = house.app.revoke_link(&initiator, task, "Ошибка").await;
    revoked.expect("revoked");
    let over = visitor.post(&open, "/s/consents", &[]).await;
    let place = (over.status, over.path.as_str());
    assert_eq!(place, (409, "/s/consents"), "{}", over.html());
    over.see("Ничего не сделано")
        .see("Ссылка отозвана")
        .see("отозвал")
        .see("«Договор поставки бумаги»")
        .see_not("Ошибка");
    let stranger = Visitor::new(&served, Locale::Ru);
    let entry = stranger.get("/s").await;
    stranger
        .post(&entry, "/s", &[("secret", "nothing")])
        .await
        .see_not("Договор")
        .see_not("прислала");
    served.stop().await;
    house.close().await;
}
