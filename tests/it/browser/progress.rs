//! Where documents stand: for whoever started them, and for the head of the department.

use chancery_types::Locale;

use super::compliance::log_in;
use super::paper::{self, home};
use super::{Browser, PHONE, WIDE, open_house};
use crate::support::{Served, TestApp};

const DAY: i64 = 86_400;

struct Words {
    title: &'static str,
    late: &'static str,
    holders: &'static str,
    mean: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::Ru => Words {
            title: "Движение документов",
            late: "Просрочено 1",
            holders: "У кого сколько",
            mean: "2 часа",
        },
        Locale::En => Words {
            title: "Documents under way",
            late: "Late 1",
            holders: "Who holds how much",
            mean: "2 hours",
        },
    }
}

async fn looks(house: &TestApp, served: &Served, locale: Locale, (key, size): (&str, (u32, u32))) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), key).await;
    let name = format!("progress-{key}");
    let Some(browser) = Browser::open(&name, &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.go("/progress").await;
    for text in [words.title, words.late] {
        browser.see(text).await;
    }
    if key == "head" {
        for text in [words.holders, words.mean] {
            browser.see(text).await;
        }
    }
    browser.check_access("all").await;
    browser.shot("1-all").await;
    browser.prefer("dark").await;
    browser.check_access("dark").await;
    browser.shot("1-dark").await;
    browser.prefer("light").await;
    browser.press(".chips a[href*='late=1']").await;
    browser
        .wait_for(".chips a[aria-current][href*='/progress']")
        .await;
    browser.see(paper::title(locale)).await;
    browser.close().await;
}

/// Goal: the initiator sees where each document stands, whose move it is and what is late; the head
/// the same of the department, with who holds how much and how long decisions took; in both
/// languages and at both widths. Method: one document with the lawyers for a week and a day beyond
/// their term, decided before by the head within two hours; another just started.
#[tokio::test]
async fn an_initiator_and_a_head_see_where_documents_stand() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        let id = paper::started(&house, locale, "71").await;
        house.advance_seconds(7_200);
        paper::approves(&house, locale, "head", id).await;
        house.advance_seconds(8 * DAY);
        paper::started(&house, locale, "72").await;
        for key in ["initiator", "head"] {
            for size in [WIDE, PHONE] {
                looks(&house, &served, locale, (key, size)).await;
            }
        }
    }
    served.stop().await;
    house.close().await;
}
