//! Our own signatory: login → the task → two consents → a signature by a key of the browser.

use chancery::config::SigningAlgorithm;
use chancery::store::entity::signatures;
use chancery_signature::Indication;
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::paper::{self, PASSWORD, home};
use super::{Browser, PHONE, WIDE, open_house, open_house_with, others};
use crate::runs::own::chains_like;
use crate::signing::contract::bytes_of;
use crate::support::{Served, TestApp};

/// Signs by pages alone; nothing where there is no browser.
async fn signs(
    house: &TestApp,
    served: &Served,
    locale: Locale,
    size: (u32, u32),
) -> Option<DocumentId> {
    let number = format!("31-{}", size.0);
    let id = paper::waits_for_lawyer(house, locale, &number).await;
    paper::approves(house, locale, "lawyer", id).await;
    paper::approves(house, locale, "accountant", id).await;
    let login = paper::may_log_in(house, home(house, locale), "signatory").await;
    let opened = Browser::open("signatory", &served.base_url, locale, size).await;
    let browser = opened?;
    let task = paper::open_task(house, home(house, locale), "signatory", id).await;
    browser.go(&format!("/tasks/{task}/sign")).await;
    browser.fill("#login", &login).await;
    browser.fill("#password", PASSWORD).await;
    browser.press("form[action='/login'] button").await;
    browser.wait_for("#electronic_signature").await;
    // Nobody signs pages that they were never shown: the way to them is on the page.
    browser.check_access("unopened").await;
    browser.shot("1-unopened").await;
    browser.press(".notice.attention a").await;
    browser.wait_for("#pages-title").await;
    browser.see_pictures().await;
    browser.go(&format!("/tasks/{task}/sign")).await;
    browser.wait_for("#electronic_signature").await;
    assert!(!browser.has(".notice.attention").await, "all was shown");
    browser.check_access("consents").await;
    browser.shot("1-consents").await;
    browser.press("#electronic_signature").await;
    browser.press("#personal_data").await;
    browser
        .press("form[action$='/sign/consents'] .primary")
        .await;
    browser.wait_for("form[data-sign]").await;
    browser.check_access("sign").await;
    browser.shot("2-sign").await;
    browser.press("form[data-sign] .primary").await;
    browser.wait_for(".route-box").await;
    assert_eq!(browser.path().await, format!("/documents/{id}"));
    browser.shot("3-signed").await;
    browser.close().await;
    Some(id)
}

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let Some(id) = signs(house, served, locale, size).await else {
        return;
    };
    let row = signatures::Entity::find()
        .filter(signatures::Column::DocumentId.eq(id.uuid()))
        .one(house.app.store.reader())
        .await;
    let row = row.expect("rows").expect("a signature");
    assert_eq!(row.key_place, "browser");
    assert_eq!(row.algorithm, house.app.config.signing.algorithm.code());
    let actor = home(house, locale).actor("signatory");
    let copy = house.app.signed_copy(&actor, id.uuid(), 1).await;
    let file = bytes_of(copy.expect("a copy")).await;
    let organisation = home(house, locale).organisation;
    others::all_call_it_valid(house, organisation, &file, 1).await;
}

/// Goal: our signatory signs by pages alone, with a key that never leaves the browser. Method: real
/// presses in both languages at a desk, and in Russian on a phone; the copy is checked by others.
#[tokio::test]
async fn our_signatory_signs_with_a_key_of_the_browser() {
    let (house, served) = open_house().await;
    for (locale, size) in [(Locale::Ru, WIDE), (Locale::Ru, PHONE), (Locale::En, WIDE)] {
        visit(&house, &served, locale, size).await;
    }
    served.stop().await;
    house.close().await;
}

/// Goal: where the house signs by RSA, the browser makes that key too, and everybody calls the file
/// valid. Method: as above, once.
#[tokio::test]
async fn our_signatory_signs_with_an_rsa_key_of_the_browser() {
    let (house, served) = open_house_with(|config| {
        config.signing.algorithm = SigningAlgorithm::RsaPkcs1;
    })
    .await;
    visit(&house, &served, Locale::Ru, PHONE).await;
    served.stop().await;
    house.close().await;
}

/// Goal: where the chain asks for it, the browser's key signs the very file beside which the
/// signature is kept: the page compares what it signs with what it shows. Method: as above, on a
/// phone in Russian and at a desk in English.
#[tokio::test]
async fn our_signatory_signs_beside_the_file() {
    let stage = "  - id: sign_internal\n    type: sign\n";
    let folder = chains_like(|chain| {
        assert!(chain.contains(stage), "{chain}");
        chain.replace(
            stage,
            &format!("{stage}    signature: {{ form: detached }}\n"),
        )
    });
    let directory = folder.path().to_owned();
    let (house, served) = open_house_with(|config| config.workflows.directory = directory).await;
    for (locale, size) in [(Locale::Ru, PHONE), (Locale::En, WIDE)] {
        let Some(id) = signs(&house, &served, locale, size).await else {
            continue;
        };
        let actor = home(&house, locale).actor("signatory");
        let rows = house.app.list_detached(&actor, id).await.expect("listed");
        let [row] = rows.as_slice() else {
            panic!("{rows:?}");
        };
        assert!(
            row.signature
                .evidence
                .contains("\"key_made_in\":\"browser\"")
        );
        let report = row.report.as_ref().expect("judged");
        assert_eq!(report.indication, Indication::TotalPassed, "{report:?}");
        let copy = house.app.signed_copy(&actor, id.uuid(), 1).await;
        assert!(copy.is_err(), "the file keeps every byte");
    }
    served.stop().await;
    house.close().await;
}
