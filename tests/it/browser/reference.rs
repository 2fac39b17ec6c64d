//! The reference of the API: short enough to be read on a phone, and an address opens its call.

use chancery_types::Locale;

use super::{Browser, PHONE, WIDE, open_house};

/// What a phone scrolls through: some thirty screens, where it was a hundred and forty.
const HEIGHT_MAX: u64 = 26_000;

/// Whether the page is no wider than its window. (axe-core takes longer over so many calls than a
/// script of a test may.)
async fn fits(browser: &Browser) -> bool {
    let fits = "const page = document.documentElement; \
                return page.scrollWidth <= page.clientWidth;";
    browser.run(fits, Vec::new()).await == true
}

/// Goal: calls are found by area, folded, and an address within the page opens what it names,
/// without a script of ours. Method: both widths and languages; an address that is opened at once,
/// one that is followed from another call, and a schema within two folds.
#[tokio::test]
async fn the_reference_is_folded_and_its_addresses_open() {
    let (house, served) = open_house().await;
    for (locale, size) in [(Locale::Ru, PHONE), (Locale::En, WIDE), (Locale::En, PHONE)] {
        let opened = Browser::open("reference", &served.base_url, locale, size).await;
        let Some(browser) = opened else {
            continue;
        };
        browser.go("/api/reference").await;
        browser.wait_for("details.fold").await;
        let height = "return document.documentElement.scrollHeight;";
        let height = browser.run(height, Vec::new()).await.as_u64();
        assert!(height < Some(HEIGHT_MAX), "{height:?}");
        assert!(fits(&browser).await, "folded, it is wider than its window");
        browser.picture("1-window").await;
        browser.shot("1-folded").await;
        browser.press("nav a[href='#area-link']").await;
        browser.picture("2-area").await;
        for target in ["post_link_reading", "schema-ReadingView"] {
            browser.go(&format!("/api/reference#{target}")).await;
            let seen = format!(
                "const one = document.getElementById('{target}'); \
                 const box = one.getBoundingClientRect(); \
                 return box.height > 0 && one.checkVisibility() && box.top < innerHeight;"
            );
            assert_eq!(browser.run(&seen, Vec::new()).await, true, "{target}");
        }
        browser.go("/api/reference#post_link_reading").await;
        assert!(fits(&browser).await, "opened, it is wider than its window");
        browser.picture("3-opened").await;
        browser
            .press("#post_link_reading a[href='#schema-ReadingView']")
            .await;
        let open = "return document.getElementById('schema-ReadingView').checkVisibility();";
        assert_eq!(browser.run(open, Vec::new()).await, true);
        browser.close().await;
    }
    served.stop().await;
    house.close().await;
}
