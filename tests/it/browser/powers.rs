//! Whoever answers for a signature puts a power of attorney beside it, and reads what it allows.

use chancery::app::signing::powers::SignatureName;
use chancery_types::Locale;
use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;

use super::paper::{PASSWORD, may_log_in};
use super::{Browser, PHONE, WIDE, open_house_with};
use crate::signing::contract::Contract;
use crate::support::powers::{
    CODE, FIRST, ORGANISATION, Person, Signed, keep_certificates, passed_on, power_until,
};
use crate::support::{Served, TestApp};

/// What is read, in one language.
struct Words {
    missing: String,
    confirmed: &'static str,
    not_one: &'static str,
    before: &'static str,
}

fn words(locale: Locale) -> Words {
    match locale {
        Locale::Ru => Words {
            missing: format!("Добавьте исходную, номер {FIRST}"),
            confirmed: "Полномочия подтверждены, кроме одного: в реестре не спросили",
            not_one: "Это не машиночитаемая доверенность",
            before: "1 прежняя доверенность",
        },
        Locale::En => Words {
            missing: format!("Add the one that it comes from, number {FIRST}"),
            confirmed: "The authority is confirmed, except that the register was not asked",
            not_one: "This is not a machine-readable power of attorney",
            before: "1 power of attorney before it",
        },
    }
}

/// Files as they lie on somebody's disk.
struct Files {
    folder: TempDir,
}

impl Files {
    fn keep(&self, name: &str, bytes: &[u8]) -> std::path::PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    fn pair(&self, name: &str, signed: &Signed) -> [std::path::PathBuf; 2] {
        [
            self.keep(&format!("{name}.xml"), &signed.power),
            self.keep(&format!("{name}.xml.sig"), &signed.signature),
        ]
    }
}

pub(super) async fn log_in(house: &TestApp, browser: &Browser, locale: Locale) {
    let login = may_log_in(house, &house.vector, "initiator").await;
    let set = format!("UPDATE people SET locale = '{}'", locale.code());
    let writer = house.app.store.writer();
    writer.execute_unprepared(&set).await.expect("set");
    browser.go("/login").await;
    browser.fill("#login", &login).await;
    browser.fill("#password", PASSWORD).await;
    browser.press("form[action='/login'] button").await;
    browser.wait_for(".shell").await;
}

/// Goal: the way of a power that was passed on, from the page of the document and back, in a
/// browser: wrong first, then without the one that it comes from, then with it. Method: both
/// languages, widths and schemes.
async fn walk(house: &TestApp, served: &Served, view: (Locale, (u32, u32), &str)) {
    let (locale, size, scheme) = view;
    let name = format!("powers-{scheme}");
    let Some(browser) = Browser::open(&name, &served.base_url, locale, size).await else {
        return;
    };
    browser.prefer(scheme).await;
    log_in(house, &browser, locale).await;
    let contract = Contract::at_counterparty(house).await;
    let now = house.app.now();
    let signature = Person::second().signs(&contract.file, now);
    let taken = contract
        .brings_signature(&house.actor("initiator"), &signature)
        .await;
    let beside = SignatureName::Id(taken.expect("kept").id);
    let files = Files {
        folder: TempDir::with_prefix("chancery-test-").expect("a folder"),
    };
    let own = files.pair("передоверие", &passed_on(&[], now));
    let first = files.pair("доверенность", &power_until("2027-01-09", now));
    let other = files.keep("счёт.xml", b"<Invoice/>");
    let words = words(locale);

    let page = format!("/documents/{}", contract.id);
    browser.go(&page).await;
    browser.wait_for("#outside-keys").await;
    browser.press(&format!("#power-{beside} a")).await;
    browser.wait_for("form.sheet #power").await;
    browser.check_access("1-form").await;
    browser.shot("1-form").await;
    browser.expect_console("422 (Unprocessable Entity)");
    browser.choose_file("#power", &other).await;
    browser.fill("#organisation", ORGANISATION).await;
    browser.fill("#power_code", CODE).await;
    browser.press("form.sheet button.primary").await;
    browser.wait_for("#power-error").await;
    browser.see(words.not_one).await;
    browser.check_access("2-wrong").await;
    browser.shot("2-wrong").await;
    browser.choose_file("#power", &own[0]).await;
    browser.choose_file("#power_signature", &own[1]).await;
    browser.press("form.sheet button.primary").await;
    browser
        .wait_for(&format!("#power-{beside}[data-authority='attention']"))
        .await;
    browser.see(&words.missing).await;
    browser.check_access("3-undecided").await;
    browser.shot("3-undecided").await;
    browser.press(&format!("#power-{beside} > p a")).await;
    browser.wait_for("form.sheet #power").await;
    browser.choose_file("#power", &own[0]).await;
    browser.choose_file("#power_signature", &own[1]).await;
    for file in &first {
        browser.choose_file("#parents", file).await;
    }
    browser.fill("#organisation", ORGANISATION).await;
    browser.fill("#power_code", CODE).await;
    browser.press("form.sheet button.primary").await;
    browser
        .wait_for(&format!("#power-{beside}[data-authority='attention']"))
        .await;
    browser.see(words.confirmed).await;
    browser.see(words.before).await;
    browser.check_access("4-confirmed").await;
    browser.shot("4-confirmed").await;
    browser.go("/verify").await;
    browser.press("form.sheet summary").await;
    browser.check_access("5-verify").await;
    browser.shot("5-verify").await;
    browser.close().await;
}

/// A house that trusts the people of the powers.
async fn trusting(body: impl AsyncFn(&TestApp, &Served)) {
    let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
    keep_certificates(folder.path());
    let anchors = folder.path().to_owned();
    let (house, served) = open_house_with(|config| config.trust.anchors = vec![anchors]).await;
    body(&house, &served).await;
    served.stop().await;
    house.close().await;
}

#[tokio::test]
async fn a_power_is_added_beside_a_signature_in_russian() {
    trusting(async |house, served| {
        walk(house, served, (Locale::Ru, WIDE, "light")).await;
        walk(house, served, (Locale::Ru, PHONE, "dark")).await;
    })
    .await;
}

#[tokio::test]
async fn a_power_is_added_beside_a_signature_in_english() {
    trusting(async |house, served| {
        walk(house, served, (Locale::En, WIDE, "dark")).await;
        walk(house, served, (Locale::En, PHONE, "light")).await;
    })
    .await;
}
