//! The discussion on a document, by real presses.

use chancery::store::entity::people;
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use sea_orm::EntityTrait as _;

use super::compliance::log_in;
use super::paper::{self, home};
use super::{Browser, PHONE, WIDE, open_house, post};
use crate::support::{Served, TestApp};

struct Words {
    said: &'static str,
    unknown: &'static str,
    again: &'static str,
    told: &'static str,
    strike: &'static str,
    struck: &'static str,
    mailed: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::Ru => Words {
            said: "Сказано.",
            unknown: "Никого не зовут «Никтожев».",
            again: "Посмотрите, пожалуйста, пункт 4.2",
            told: "Сообщено:",
            strike: "Зачеркнуть",
            struck: "Зачеркнуто автором",
            mailed: "Вас упоминают в обсуждении",
        },
        Locale::En => Words {
            said: "Said.",
            unknown: "Nobody is called “Nobodyson”.",
            again: "Please look at clause 4.2",
            told: "Told:",
            strike: "Strike out",
            struck: "Struck out by its author",
            mailed: "You are named in a discussion",
        },
    }
}

async fn email_of(house: &TestApp, locale: Locale, key: &str) -> String {
    let row = people::Entity::find_by_id(home(house, locale).person(key).uuid());
    let row = row.one(house.app.store.reader()).await;
    row.expect("people").expect("the person").email
}

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32), id: DocumentId) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "initiator").await;
    let Some(browser) = Browser::open("discussion", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.go(&format!("/documents/{id}")).await;
    let name = match locale {
        Locale::Ru => "Никтожев",
        Locale::En => "Nobodyson",
    };
    browser
        .fill("#discussion #text", &format!("{} @{name}", words.again))
        .await;
    browser
        .press("#discussion form[action$='/comments'] button.button")
        .await;
    browser.see(words.unknown).await;
    browser.expect_console("422");
    browser.check_access("refused").await;
    browser.shot("1-refused").await;

    let head = home(house, locale).person("head");
    browser.press("form details > summary").await;
    browser
        .press(&format!("input[name=tell][value='{head}']"))
        .await;
    browser.fill("#text", words.again).await;
    browser
        .press("form[action$='/comments'] button.button")
        .await;
    for text in [words.said, words.again, words.told] {
        browser.see(text).await;
    }
    let rest = browser.run("return document.querySelector('#text').value", Vec::new());
    assert_eq!(rest.await, "", "what was taken is not offered again");
    browser.check_access("said").await;
    browser.shot("2-said").await;
    browser.prefer("dark").await;
    browser.shot("3-dark").await;
    browser.check_access("said-dark").await;
    browser.prefer("light").await;

    browser
        .press("#discussion li:last-child details.answer > summary")
        .await;
    browser.see(words.strike).await;
    browser
        .press("#discussion li:last-child form[action$='/strike'] button")
        .await;
    browser.see(words.struck).await;
    browser.check_access("struck").await;
    browser.shot("4-struck").await;
    browser.close().await;
    let head = email_of(house, locale, "head").await;
    let mail = post::mail_to(house, &head, |mail| mail.subject.contains(words.mailed)).await;
    assert!(mail.text.contains(words.again));
}

/// Goal: a person says something, is told that a name leads nowhere without losing the words, tells
/// a colleague, who gets a letter, and strikes it out; in both languages and at both widths.
#[tokio::test]
async fn people_talk_on_a_document_s_page() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        for (number, size) in [("41", WIDE), ("42", PHONE)] {
            let id = paper::started(&house, locale, number).await;
            visit(&house, &served, locale, size, id).await;
        }
    }
    served.stop().await;
    house.close().await;
}
