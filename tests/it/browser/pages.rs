//! Every page of a person, at both widths, in both languages and both themes: nothing serious for
//! axe-core, nothing wider than its window, no error in the console.

use chancery_types::Locale;

use super::paper::{self, PASSWORD, home};
use super::{Browser, PHONE, WIDE, open_house};
use crate::support::{Served, TestApp};

/// The pages of an administrator: name of the picture, address.
const OFFICE: [(&str, &str); 15] = [
    ("tasks", "/tasks"),
    ("people", "/people"),
    ("person-new", "/people/new"),
    ("counterparties", "/counterparties"),
    ("counterparty-new", "/counterparties/new"),
    ("organisation", "/organisation"),
    ("department-new", "/departments/new"),
    ("workflows", "/workflows"),
    ("workflow", "/workflows/contract"),
    ("mail", "/mail"),
    ("calls", "/calls"),
    ("profile", "/profile"),
    ("verify", "/verify"),
    ("password-reset", "/password/reset"),
    ("nothing", "/nothing-here"),
];

async fn look(browser: &Browser, name: &str, path: &str) {
    browser.go(path).await;
    browser.wait_for("h1").await;
    browser.check_access(name).await;
    browser.shot(name).await;
}

/// What the window and the reader are like.
struct View {
    locale: Locale,
    size: (u32, u32),
    scheme: &'static str,
}

impl View {
    /// A window on the house, with this person logged in by the page.
    async fn open(&self, house: &TestApp, served: &Served, key: &str) -> Option<Browser> {
        let login = paper::may_log_in(house, home(house, self.locale), key).await;
        let name = format!("{key}-{}", self.scheme);
        let browser = Browser::open(&name, &served.base_url, self.locale, self.size).await?;
        browser.prefer(self.scheme).await;
        browser.go("/login").await;
        browser.fill("#login", &login).await;
        browser.fill("#password", PASSWORD).await;
        browser.press("form[action='/login'] button").await;
        browser.wait_for(".shell").await;
        Some(browser)
    }
}

/// The administrator's pages.
async fn visit_office(house: &TestApp, served: &Served, view: &View) {
    let Some(browser) = view.open(house, served, "administrator").await else {
        return;
    };
    // The browser calls our page about an unknown address an error.
    browser.expect_console("/nothing-here");
    for (name, path) in OFFICE {
        look(&browser, name, path).await;
    }
    let home = home(house, view.locale);
    let counterparty = format!("/counterparties/{}", home.counterparty);
    let person = format!("/people/{}", home.person("lawyer"));
    look(&browser, "person", &person).await;
    look(&browser, "person-edit", &format!("{person}/edit")).await;
    look(&browser, "counterparty", &counterparty).await;
    look(
        &browser,
        "contact-new",
        &format!("{counterparty}/contacts/new"),
    )
    .await;
    browser.close().await;
}

/// The auditor's pages.
async fn visit_audit(house: &TestApp, served: &Served, view: &View) {
    let Some(browser) = view.open(house, served, "auditor").await else {
        return;
    };
    look(&browser, "audit", "/audit").await;
    look(&browser, "audit-none", "/audit?who=zzzz").await;
    browser.close().await;
}

/// The initiator's pages, with a contract that our signatory has signed.
async fn visit_documents(house: &TestApp, served: &Served, view: &View) {
    let number = format!("21-{}", view.size.0);
    let id = paper::signed_by_us(house, view.locale, &number).await;
    let Some(browser) = view.open(house, served, "initiator").await else {
        return;
    };
    for (name, path) in [
        ("documents", "/documents"),
        ("documents-none", "/documents?q=zzzz"),
        ("new-contract", "/documents/new"),
        ("new-invoice", "/documents/new?kind=invoice"),
    ] {
        look(&browser, name, path).await;
    }
    browser.go(&format!("/documents/{id}")).await;
    browser.see_pictures().await;
    browser
        .wait_for("#signatures [data-indication^=TOTAL-PASSED]")
        .await;
    browser.check_access("document").await;
    browser.shot("document").await;
    let draft = paper::draft(house, view.locale, &format!("22-{}", view.size.0)).await;
    let open = "document.querySelectorAll('details.route-more, .stage details').forEach(\
                details => { details.open = true; });";
    for (name, id) in [("route-draft", draft), ("route-running", id)] {
        browser.go(&format!("/documents/{id}")).await;
        browser.wait_for("h1").await;
        browser.run(open, Vec::new()).await;
        browser.see_pictures().await;
        browser.wait_for(".diagram-around svg").await;
        browser.check_access(name).await;
        browser.shot(name).await;
    }
    browser.close().await;
}

/// Goal: no page is unreadable for anybody. Method: axe-core and the page's width, on every page;
/// two views a language, so that every width, language and theme is seen.
#[tokio::test]
async fn every_page_can_be_read_at_every_width_in_every_theme() {
    let (house, served) = open_house().await;
    for (locale, size, scheme) in [
        (Locale::Ru, WIDE, "light"),
        (Locale::Ru, PHONE, "dark"),
        (Locale::En, WIDE, "dark"),
        (Locale::En, PHONE, "light"),
    ] {
        let view = View {
            locale,
            size,
            scheme,
        };
        visit_office(&house, &served, &view).await;
        visit_documents(&house, &served, &view).await;
        visit_audit(&house, &served, &view).await;
    }
    served.stop().await;
    house.close().await;
}

/// Goal: the theme of the profile wins over the system's. Method: chosen by the page.
#[tokio::test]
async fn a_theme_that_is_chosen_in_the_profile_stays() {
    let (house, served) = open_house().await;
    let login = paper::may_log_in(&house, home(&house, Locale::Ru), "clerk").await;
    let opened = Browser::open("theme", &served.base_url, Locale::Ru, WIDE).await;
    if let Some(browser) = opened {
        browser.prefer("light").await;
        browser.go("/profile").await;
        browser.fill("#login", &login).await;
        browser.fill("#password", PASSWORD).await;
        browser.press("form[action='/login'] button").await;
        assert!(!browser.has(":root[data-theme=dark]").await);
        browser.choose("#theme", "dark").await;
        browser
            .press("form[action='/profile'] button[type=submit]")
            .await;
        browser.wait_for(":root[data-theme=dark]").await;
        let ground = "return getComputedStyle(document.body).backgroundColor;";
        assert_eq!(browser.run(ground, Vec::new()).await, "rgb(22, 24, 27)");
        browser.close().await;
    }
    served.stop().await;
    house.close().await;
}
