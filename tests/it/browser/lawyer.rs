//! The lawyer: login → tasks → the document's pages → approve with remarks.

use chancery::store::entity::remarks;
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::paper::{self, PASSWORD, home};
use super::{Browser, PHONE, WIDE, open_house};
use crate::support::{Served, TestApp};

/// What the lawyer reads and writes, in one language.
struct Words {
    desk: &'static str,
    no_tasks: &'static str,
    original: &'static str,
    approved: &'static str,
    remarks: [&'static str; 2],
    open: &'static str,
}

const RUSSIAN: Words = Words {
    desk: "Мои задачи",
    no_tasks: "Задач нет",
    original: "Скачать оригинал",
    approved: "Согласовано с замечаниями",
    remarks: [
        "п. 4.2: неустойка 0,5 % в день слишком велика, предлагаем 0,1 %.",
        "п. 7: укажите подсудность.",
    ],
    open: "открыто",
};

const ENGLISH: Words = Words {
    desk: "My tasks",
    no_tasks: "No tasks",
    original: "Download the original",
    approved: "Approved with remarks",
    remarks: [
        "Clause 4.2: a penalty of 0.5 % a day is too high, we propose 0.1 %.",
        "Clause 7: name the court.",
    ],
    open: "open",
};

const fn words(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ru => &RUSSIAN,
        Locale::En => &ENGLISH,
    }
}

/// Logs in by the page, and lands on the desk.
async fn logs_in(browser: &Browser, login: &str) {
    browser.go("/tasks").await;
    browser.fill("#login", login).await;
    browser.fill("#password", PASSWORD).await;
    browser.check_access("login").await;
    browser.shot("1-login").await;
    browser.press("form[action='/login'] button").await;
}

/// From the desk to the pages of the document, and back with two remarks.
async fn approves_with_remarks(browser: &Browser, locale: Locale, id: DocumentId, number: &str) {
    let words = words(locale);
    browser.see(words.desk).await;
    browser.see(paper::title(locale)).await;
    browser.check_access("desk").await;
    browser.shot("2-desk").await;

    browser.press(".desk-title").await;
    browser.wait_for(".decision").await;
    browser.see_pictures().await;
    browser.check_access("document").await;
    browser.shot("3-document").await;
    browser.picture("3-document-window").await;
    browser.press_text(words.original).await;
    let saved = browser.downloaded(".pdf").await;
    assert!(
        saved == paper::pdf(locale, number),
        "the original is saved as it was brought"
    );

    if browser.shows(".decision-more").await {
        browser.press(".decision-more").await;
        browser.check_access("decisions").await;
        browser.picture("3-decisions").await;
    }
    browser.press(".decision a[href*='/remarks']").await;
    browser.fill("#remarks", &words.remarks.join("\n")).await;
    browser.check_access("remarks").await;
    browser.shot("4-remarks").await;
    browser.press("form.sheet button[type=submit]").await;

    browser.see(words.approved).await;
    browser.see(words.no_tasks).await;
    browser.check_access("after").await;
    browser.shot("5-after").await;
    browser.go(&format!("/documents/{id}")).await;
    for remark in words.remarks {
        browser.see(remark).await;
    }
    browser.see(words.open).await;
}

async fn remark_texts(house: &TestApp, id: DocumentId) -> Vec<String> {
    let found = remarks::Entity::find()
        .filter(remarks::Column::DocumentId.eq(id.uuid()))
        .all(house.app.store.reader())
        .await
        .expect("remarks");
    let mut texts: Vec<String> = found.into_iter().map(|remark| remark.text).collect();
    texts.sort();
    texts
}

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let login = paper::may_log_in(house, home(house, locale), "lawyer").await;
    let number = format!("17-{}", size.0);
    let id = paper::waits_for_lawyer(house, locale, &number).await;
    let Some(browser) = Browser::open("lawyer", &served.base_url, locale, size).await else {
        return;
    };
    logs_in(&browser, &login).await;
    approves_with_remarks(&browser, locale, id, &number).await;
    browser.close().await;
    let mut given = words(locale).remarks.to_vec();
    given.sort_unstable();
    assert_eq!(remark_texts(house, id).await, given);
}

/// Goal: a lawyer decides what waits, by pages alone, at a desk and on a phone. Method: real
/// presses from the login to the desk that is empty again; the remarks are in the database.
#[tokio::test]
async fn a_lawyer_reads_a_contract_and_approves_it_with_remarks() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        for size in [WIDE, PHONE] {
            visit(&house, &served, locale, size).await;
        }
    }
    served.stop().await;
    house.close().await;
}
