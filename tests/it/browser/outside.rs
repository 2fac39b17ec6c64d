//! Other systems and journals: an administrator lets what stands still try again and has a call
//! made again, a clerk reads a journal, an initiator sees why a document waits.

use std::net::TcpListener;

use chancery::jobs::Runner;
use chancery_types::Locale;
use chancery_types::id::DocumentId;

use super::compliance::log_in;
use super::paper::{self, home};
use super::{Browser, PHONE, WIDE};
use crate::runs::own::house_like;
use crate::runs::peer::{Manner, Peer};
use crate::support::{Backend, Served, TestApp};

const CHAIN: &str = "  - id: account
    type: automatic
    title: { ru: Проверка счёта в банке, en: Bank account check }
    need: [account]
  - id: check
    type: approve
    title: { ru: Финансовый директор, en: Chief financial officer }
    assignees: [{ role: cfo }]
    quorum: any
facts:
  account: { call: bank, args: { sum: doc.amount }, timeout: 20s, on_error: incident }
effects:
  started: [{ webhook: erp }]
  completed: [{ register: { journal: contracts_in_force } }]
";

struct Words {
    calls: &'static str,
    stands: &'static str,
    retry: &'static str,
    repeat: &'static str,
    queued: &'static str,
    again: &'static str,
    journal: &'static str,
    waits: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::Ru => Words {
            calls: "Внешние вызовы",
            stands: "Остановились",
            retry: "Повторить",
            repeat: "Повторить вызов",
            queued: "Вызов будет выполнен.",
            again: "Маршрут пробует снова.",
            journal: "Реестр действующих договоров",
            waits: "Остановилось на этапе «Проверка счёта в банке»",
        },
        Locale::En => Words {
            calls: "Calls outside",
            stands: "Stand still",
            retry: "Try again",
            repeat: "Make it again",
            queued: "The call is about to be made.",
            again: "It tries again.",
            journal: "Register of contracts in force",
            waits: "Stands still at “Bank account check”",
        },
    }
}

async fn work(house: &TestApp) {
    let drained = Runner::new(house.app.clone()).drain().await;
    drained.expect("drained");
}

/// One contract that went through, and one that stands still, its webhook given up.
async fn papers(house: &TestApp, peer: &Peer, locale: Locale) -> DocumentId {
    peer.will(Manner::Answers(r#"{"ok":true,"score":7}"#));
    let good = paper::started(house, locale, "17").await;
    work(house).await;
    paper::approves(house, locale, "cfo", good).await;
    peer.will(Manner::Fails);
    let stuck = paper::started(house, locale, "18").await;
    for _ in 0..4 {
        work(house).await;
        house.advance_seconds(3600);
    }
    stuck
}

async fn administrator(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "administrator").await;
    let Some(browser) = Browser::open("calls", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.press("details.menu > summary").await;
    browser.press("a[href='/calls']").await;
    for text in [words.calls, words.stands, words.retry] {
        browser.see(text).await;
    }
    browser.check_access("calls").await;
    browser.shot("1-calls").await;
    browser.press("a[href='/calls?state=failed']").await;
    browser.press("table a[href^='/calls/']").await;
    browser.check_access("call").await;
    browser.shot("2-call").await;
    browser.go("/calls").await;
    browser.press("form[action$='/retry'] button").await;
    browser.see(words.again).await;
    // It fails again: the next visitor finds it as this one did.
    for _ in 0..2 {
        work(house).await;
        house.advance_seconds(60);
    }
    browser.close().await;
}

async fn repeats(house: &TestApp, served: &Served, locale: Locale) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "administrator").await;
    let Some(browser) = Browser::open("calls-again", &served.base_url, locale, WIDE).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.go("/calls?state=failed").await;
    // The webhook: a lookup, such as the first and last of them, has no such button.
    browser
        .press("table tr:nth-last-child(2) a[href^='/calls/']")
        .await;
    browser.see(words.repeat).await;
    browser.press("form[action$='/repeat'] button").await;
    browser.see(words.queued).await;
    browser.close().await;
}

async fn clerk(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "clerk").await;
    let Some(browser) = Browser::open("journals", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.press("details.menu > summary").await;
    browser.press("a[href='/journals']").await;
    browser.see(words.journal).await;
    browser.check_access("journals").await;
    browser.shot("1-journals").await;
    browser
        .press("a[href='/journals/contracts_in_force']")
        .await;
    browser.see("РД-2026-00001").await;
    browser.check_access("journal").await;
    browser.shot("2-journal").await;
    browser.press("table a[href^='/documents/']").await;
    browser.see("РД-2026-00001").await;
    browser.shot("3-document").await;
    browser.close().await;
}

async fn initiator(
    house: &TestApp,
    served: &Served,
    locale: Locale,
    size: (u32, u32),
    stuck: DocumentId,
) {
    let login = paper::may_log_in(house, home(house, locale), "initiator").await;
    let Some(browser) = Browser::open("stands-still", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.go(&format!("/documents/{stuck}")).await;
    browser.see(words(locale).waits).await;
    browser.check_access("stands").await;
    browser.shot("1-stands").await;
    browser.close().await;
}

/// Goal: everybody sees of other systems what is theirs, and what stands still is let go on by real
/// presses, in both languages and at both widths.
#[actix_web::test]
async fn what_stands_still_is_seen_and_let_go_on() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    let peer = Peer::open(Manner::Fails);
    let settings = |config: &mut chancery::config::Config| {
        peer.is_known_to(config);
        config.server.public_url = format!("http://{address}");
        config.rate_limits.login_per_minute = 100;
    };
    let (house, _folder) = house_like(&Backend::single(), CHAIN, settings).await;
    let served = house.serve_on(listener);
    for locale in [Locale::Ru, Locale::En] {
        let stuck = papers(&house, &peer, locale).await;
        for size in [WIDE, PHONE] {
            initiator(&house, &served, locale, size, stuck).await;
            administrator(&house, &served, locale, size).await;
            clerk(&house, &served, locale, size).await;
        }
        repeats(&house, &served, locale).await;
    }
    served.stop().await;
    peer.stop().await;
    house.close().await;
}
