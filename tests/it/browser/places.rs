//! A place on a page, pressed, said something of, made a remark.

use chancery_types::Locale;
use chancery_types::id::DocumentId;

use super::compliance::log_in;
use super::paper::{self, home};
use super::{Browser, PHONE, WIDE, open_house};
use crate::support::{Served, TestApp};

struct Words {
    said: &'static str,
    place: &'static str,
    approved: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::Ru => Words {
            said: "Неустойка слишком велика",
            place: "стр. 1, отметка 1",
            approved: "Согласовано с замечаниями",
        },
        Locale::En => Words {
            said: "The penalty is too high",
            place: "page 1, mark 1",
            approved: "Approved with remarks",
        },
    }
}

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32), id: DocumentId) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "lawyer").await;
    let Some(browser) = Browser::open("places", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.go(&format!("/documents/{id}")).await;
    browser.press("#p1 a[href*='/place']").await;
    let press = match size.0 >= 800 {
        true => ".press-wide input.press",
        false => ".press-narrow input.press",
    };
    browser.wait_for(press).await;
    browser.check_access("page").await;
    browser.shot("1-page").await;
    browser.press(press).await;
    browser.wait_for("#say").await;
    let at = "return ['at_x', 'at_y'].map((name) => Number(document.querySelector(\
              'input[name=' + name + ']').value))";
    let at = browser.run(at, Vec::new()).await;
    let shares = [&at[0], &at[1]].map(|share| share.as_i64().expect("a share"));
    assert!((4_900..=5_100).contains(&shares[0]), "{at}");
    // The middle of what the window shows of it.
    assert!((2_000..=8_000).contains(&shares[1]), "{at}");
    browser.check_access("chosen").await;
    browser.shot("2-chosen").await;
    browser.fill("#text", words.said).await;
    browser.press("#say button.button").await;
    browser.see(words.place).await;
    browser.wait_for("svg.leaf-marks a").await;
    browser.check_access("marked").await;
    browser.shot("3-marked").await;
    browser.prefer("dark").await;
    browser.check_access("marked-dark").await;
    browser.shot("3-marked-dark").await;
    browser.prefer("light").await;

    if browser.shows(".decision-more").await {
        browser.press(".decision-more").await;
    }
    browser.press(".decision a[href*='/remarks']").await;
    browser.press("input[name=said]").await;
    browser.check_access("remarks").await;
    browser.shot("4-remarks").await;
    browser.press("form.sheet button[type=submit]").await;
    browser.see(words.approved).await;
    browser.go(&format!("/documents/{id}#remarks")).await;
    browser.see(words.place).await;
    browser.shot("5-remark").await;
    browser.close().await;
    let remarks = house
        .app
        .list_remarks(&home(house, locale).actor("lawyer"), id)
        .await;
    let remarks = remarks.expect("remarks");
    assert_eq!(remarks.len(), 1);
    assert!(remarks[0].place.is_some_and(|place| place.page == 1));
    assert_eq!(remarks[0].row.text, words.said);
}

/// Goal: a lawyer presses a place on a page, says something of it, finds it marked there, and takes
/// it as a remark; in both languages and at both widths.
#[tokio::test]
async fn a_lawyer_marks_a_place_and_takes_it_as_a_remark() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        for (number, size) in [("61", WIDE), ("62", PHONE)] {
            let id = paper::waits_for_lawyer(&house, locale, number).await;
            visit(&house, &served, locale, size, id).await;
        }
    }
    served.stop().await;
    house.close().await;
}
