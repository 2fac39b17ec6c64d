//! A decision from the mail: the letter's link asks once more, and only the answer decides.

use chancery::store::entity::people;
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use sea_orm::EntityTrait as _;

use super::compliance::log_in;
use super::paper::{self, home};
use super::{Browser, PHONE, WIDE, open_house, post};
use crate::support::{Served, TestApp};

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32), id: DocumentId) {
    let (question, approved) = match locale {
        Locale::Ru => ("Согласовать", "Согласовано"),
        Locale::En => ("Approve", "Approved"),
    };
    let own = home(house, locale);
    let login = paper::may_log_in(house, own, "head").await;
    let Some(browser) = Browser::open("letter", &served.base_url, locale, size).await else {
        return;
    };
    let row = people::Entity::find_by_id(own.person("head").uuid());
    let row = row.one(house.app.store.reader()).await.expect("rows");
    let address = row.expect("the head").email;
    let task = paper::open_task(house, own, "head", id).await;
    let start = house.app.url(&format!("/tasks/{task}/approve"));
    let mail = post::mail_to(house, &address, |mail| mail.link(&start).is_some()).await;
    let link = mail.link(&start).expect("a way").to_owned();
    log_in(&browser, &login).await;
    for _ in 0..2 {
        browser.follow(&link).await;
        browser.see(question).await;
        browser.see(paper::title(locale)).await;
        let open = paper::open_task(house, own, "head", id).await;
        assert_eq!(open, task, "a link decides nothing");
    }
    browser.check_access("asks").await;
    browser.shot("1-asks").await;
    browser.press("form.sheet button[type=submit]").await;
    browser.see(approved).await;
    browser.check_access("decided").await;
    browser.close().await;
    // The lawyers' turn has come.
    paper::open_task(house, own, "lawyer", id).await;
}

/// Goal: whoever decides from a letter is asked once more by a page, however often the link is
/// followed; in both languages and at both widths.
#[tokio::test]
async fn a_letter_s_link_asks_and_the_page_decides() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        for (number, size) in [("81", WIDE), ("82", PHONE)] {
            let id = paper::started(&house, locale, number).await;
            visit(&house, &served, locale, size, id).await;
        }
    }
    served.stop().await;
    house.close().await;
}
