//! Signatures that stand in no file, and what is seen otherwise since a signature: the initiator on
//! the document's page, the counterparty through the link, anybody on "Check a signature".

use chancery_types::Locale;
use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;

use super::powers::log_in;
use super::{Browser, PHONE, WIDE, open_house};
use crate::signing::contract::{Contract, bytes_of};
use crate::signing::elsewhere::Elsewhere;
use crate::support::{Served, TestApp};

/// What is read, in one language.
struct Words {
    differs: &'static str,
    beside: &'static str,
    places: &'static str,
    whole: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::Ru => Words {
            differs: "Страница 2 выглядит иначе",
            beside: "Ещё 1 подпись этого документа лежит отдельным файлом",
            places: "отдельными файлами — 1",
            whole: "После этой подписи к файлу ничего не добавлено",
        },
        Locale::En => Words {
            differs: "Page 2 looks different",
            beside: "1 more signature of this document is a file of its own",
            places: "1 in files of their own",
            whole: "Nothing was added to the file after this signature",
        },
    }
}

type View = (Locale, (u32, u32), &'static str);

/// From the document's page to what a signature found.
async fn initiator(house: &TestApp, served: &Served, (locale, size, scheme): View) {
    let name = format!("revisions-{scheme}");
    let Some(browser) = Browser::open(&name, &served.base_url, locale, size).await else {
        return;
    };
    browser.prefer(scheme).await;
    log_in(house, &browser, locale).await;
    let contract = Contract::at_counterparty(house).await;
    contract.counterparty_signs().await;
    let now = house.app.now();
    let signature = Elsewhere::named("Иван Иванов", now).detached(&contract.file, now);
    let initiator = house.actor("initiator");
    let taken = contract.brings_signature(&initiator, &signature).await;
    taken.expect("kept");
    browser.go(&format!("/documents/{}", contract.id)).await;
    browser
        .wait_for("#outside-keys .notice.attention, #outside-keys article")
        .await;
    browser.check_access("document").await;
    browser.shot("1-document").await;
    browser
        .press("#signatures a[href$='/signatures/1-0/comparison']")
        .await;
    browser.see(words(locale).differs).await;
    browser.see_pictures().await;
    browser.check_access("comparison").await;
    browser.shot("2-comparison").await;

    let copy = house.app.signed_copy(&initiator, contract.id.uuid(), 1);
    let copy = bytes_of(copy.await.expect("a copy")).await;
    let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
    let file = folder.path().join("contract.pdf");
    std::fs::write(&file, &copy).expect("written");
    for (number, sentence) in [("", words(locale).differs), ("2", words(locale).whole)] {
        browser.go("/verify").await;
        browser.choose_file("#file", &file).await;
        browser.choose("#form", "comparison").await;
        browser
            .press("form.sheet details:last-of-type summary")
            .await;
        browser.fill("#signature_number", number).await;
        browser.check_access("verify").await;
        browser.shot("3-verify").await;
        browser.press("form.sheet button.primary").await;
        browser.see(sentence).await;
        browser.check_access("seen").await;
        browser.shot(&format!("4-seen{number}")).await;
    }
    browser.close().await;
}

/// Through the link, to a proof that tells where the signatures stand.
async fn counterparty(house: &TestApp, served: &Served, (locale, size, scheme): View) {
    let name = format!("beside-{scheme}");
    let Some(browser) = Browser::open(&name, &served.base_url, locale, size).await else {
        return;
    };
    browser.prefer(scheme).await;
    let set = format!("UPDATE contacts SET locale = '{}'", locale.code());
    let writer = house.app.store.writer();
    writer.execute_unprepared(&set).await.expect("set");
    let contract = Contract::approved(house).await;
    let now = house.app.now();
    let signature = Elsewhere::named("Егоров Виктор", now).detached(&contract.file, now);
    let (actor, _) = contract.signatory_may_sign().await;
    let taken = contract.brings_signature(&actor, &signature).await;
    taken.expect("taken");
    let (_, secret) = contract.letter("signing-invitation").await;
    browser
        .follow(secret["link_url"].as_str().expect("a link"))
        .await;
    browser.press("form[data-link] button").await;
    browser.press("form[action='/s/code/send'] button").await;
    browser.wait_for("input#code").await;
    let (_, secret) = contract.letter("code").await;
    let code = secret["code"].as_str().expect("a code");
    browser.fill("input#code", code).await;
    browser.press("form[action='/s/code'] button").await;
    browser.wait_for("form.bar").await;
    browser.see_pictures().await;
    browser.press("form.bar button").await;
    browser.wait_for("#electronic_signature").await;
    browser.see(words(locale).beside).await;
    browser.press(".consent details summary").await;
    browser.check_access("consents").await;
    browser.shot("1-consents").await;
    browser.press("#electronic_signature").await;
    browser.press("#personal_data").await;
    browser.press("form[action='/s/consents'] .primary").await;
    browser.press("form[data-sign] .primary").await;
    browser.wait_for(".verdict.good").await;
    browser.see(words(locale).places).await;
    browser.check_access("done").await;
    browser.shot("2-done").await;
    browser.close().await;
}

async fn walk(views: [View; 2]) {
    let (house, served) = open_house().await;
    for view in views {
        initiator(&house, &served, view).await;
        house.advance_seconds(60);
        counterparty(&house, &served, view).await;
        house.advance_seconds(60);
    }
    served.stop().await;
    house.close().await;
}

#[tokio::test]
async fn what_was_signed_and_what_lies_beside_in_russian() {
    walk([(Locale::Ru, WIDE, "light"), (Locale::Ru, PHONE, "dark")]).await;
}

#[tokio::test]
async fn what_was_signed_and_what_lies_beside_in_english() {
    walk([(Locale::En, WIDE, "dark"), (Locale::En, PHONE, "light")]).await;
}
