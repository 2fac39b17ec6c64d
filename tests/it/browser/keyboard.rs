//! Without a mouse: every stop of the Tab key shows where it is, and nothing lies over it.

use chancery_types::Locale;
use serde_json::Value;

use super::paper::{self, PASSWORD, home};
use super::{Browser, PHONE, WIDE, open_house};
use crate::support::{Served, TestApp};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
/// Most presses from the top of a page to what is looked for.
const PRESSES_MAX: usize = 80;

/// What has the focus: whether it is the one, how it is outlined, and what lies over its middle.
const FOCUS: &str = "const one = document.activeElement;\
    const at = one.getBoundingClientRect();\
    const middle = [at.left + Math.min(at.width, innerWidth) / 2, at.top + at.height / 2];\
    const top = document.elementFromPoint(...middle);\
    const free = top !== null && (one.contains(top) || top.contains(one));\
    const style = getComputedStyle(one);\
    return { found: one.matches(arguments[0]), what: one.outerHTML.slice(0, 120),\
      outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5,\
      over: free ? '' : (top ? top.outerHTML.slice(0, 120) : 'the edge of the window') };";

/// Presses Tab until the focus is on what `selector` finds.
async fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..PRESSES_MAX {
        browser.keys(TAB).await;
        let focus = browser.run(FOCUS, vec![Value::from(selector)]).await;
        assert!(focus["outlined"] == true, "no outline: {focus}");
        assert!(
            focus["over"] == "",
            "something lies over the focus: {focus}"
        );
        if focus["found"] == true {
            return;
        }
    }
    panic!("the Tab key does not reach {selector}");
}

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let login = paper::may_log_in(house, home(house, locale), "lawyer").await;
    let id = paper::waits_for_lawyer(house, locale, &format!("19-{}", size.0)).await;
    let Some(browser) = Browser::open("keyboard", &served.base_url, locale, size).await else {
        return;
    };
    browser.go("/tasks").await;
    browser.wait_for("#login:focus").await;
    browser.keys(&login).await;
    browser.keys(TAB).await;
    browser.keys(PASSWORD).await;
    browser.keys(ENTER).await;
    browser.wait_for(".desk-title").await;
    tab_to(&browser, ".desk-title").await;
    browser.keys(ENTER).await;
    browser.wait_for(".decision").await;
    browser.see_pictures().await;
    if browser.shows(".decision-more").await {
        tab_to(&browser, ".decision-more").await;
        browser.keys(ENTER).await;
    }
    tab_to(&browser, ".decision a[href*='/remarks']").await;
    browser.picture("focus").await;
    browser.keys(ENTER).await;
    browser.wait_for("#remarks").await;
    tab_to(&browser, "#remarks").await;
    browser.keys("1").await;
    tab_to(&browser, "form.sheet button").await;
    browser.keys(ENTER).await;
    browser.wait_for(".flash").await;
    browser.close().await;
    let remarks = house
        .app
        .list_remarks(&home(house, locale).actor("lawyer"), id)
        .await;
    assert_eq!(remarks.expect("remarks").len(), 1);
}

/// Goal: from the login to the decision without a mouse, seeing at every stop where one is. Method:
/// Tab and Enter alone; each focused element is outlined and free of the frame's bars.
#[tokio::test]
async fn a_lawyer_decides_by_the_keyboard_alone() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        for size in [WIDE, PHONE] {
            visit(&house, &served, locale, size).await;
        }
    }
    served.stop().await;
    house.close().await;
}
