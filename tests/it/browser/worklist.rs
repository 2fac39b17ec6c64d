//! The compliance officer's worklist: from the menu to what needs a look, and everything checked
//! again.

use chancery::jobs::Runner;
use chancery_types::Locale;

use super::compliance::log_in;
use super::paper::{self, home};
use super::{Browser, PHONE, WIDE, open_house};
use crate::support::{Served, TestApp};

/// What the officer reads, in one language.
struct Words {
    title: &'static str,
    passed: &'static str,
    signer: &'static str,
    none_such: &'static str,
    asked: &'static str,
    going_on: &'static str,
    valid: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::Ru => Words {
            title: "Все подписи",
            passed: "Действительны: 1.",
            signer: "Виктор Егоров",
            none_such: "Таких подписей нет",
            asked: "Проверка всех подписей начата.",
            going_on: "Идёт новая проверка всех подписей.",
            valid: "Подпись действительна.",
        },
        Locale::En => Words {
            title: "All signatures",
            passed: "Valid: 1.",
            signer: "Victor Edge",
            none_such: "There are no such signatures",
            asked: "The check of all signatures has begun.",
            going_on: "All signatures are being checked again.",
            valid: "The signature is valid.",
        },
    }
}

async fn work(house: &TestApp) {
    let drained = Runner::new(house.app.clone()).drain().await;
    assert_eq!(drained.expect("drained").jobs.failed, 0);
}

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "compliance").await;
    let Some(browser) = Browser::open("worklist", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.press("details.menu > summary").await;
    browser.press("a[href='/signatures']").await;
    for text in [words.title, words.passed, words.signer] {
        browser.see(text).await;
    }
    browser.check_access("list").await;
    browser.shot("1-list").await;

    browser.fill("#words", words.signer).await;
    browser.press("form.filters button").await;
    browser.see(words.signer).await;
    browser.shot("4-by-signer").await;
    browser.press("a.filters-clear").await;

    browser.choose("#concern", "revoked").await;
    browser.press("form.filters button").await;
    browser.see(words.none_such).await;
    browser.check_access("none").await;
    browser.shot("2-none").await;
    browser.press("a.filters-clear").await;

    browser
        .press("form[action='/signatures/recheck'] button")
        .await;
    browser.see(words.asked).await;
    browser.go("/signatures").await;
    browser.see(words.going_on).await;
    browser.shot("3-going-on").await;
    work(house).await;

    browser.go("/signatures").await;
    browser.press("table a[href*='#signatures']").await;
    browser.see(words.valid).await;
    browser.close().await;
}

/// Goal: from the menu to the list, to what needs a look, to a check of everything and to the
/// document's own report, by real presses, in both languages and at both widths. Method: a house
/// with one signature of ours in each language.
#[tokio::test]
async fn a_compliance_officer_looks_through_all_signatures_and_has_them_checked_again() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        paper::signed_by_us(&house, locale, "17").await;
    }
    house.app.enqueue_rechecks().await.expect("written down");
    work(&house).await;
    for locale in [Locale::Ru, Locale::En] {
        for size in [WIDE, PHONE] {
            // The clock stands: each check is asked for at a moment of its own.
            house.advance_seconds(1);
            visit(&house, &served, locale, size).await;
        }
    }
    served.stop().await;
    house.close().await;
}
