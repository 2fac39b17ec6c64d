//! The compliance officer: a file comes from outside, and its signature is checked.

use std::path::PathBuf;

use bytes::Bytes;
use chancery_types::Locale;
use tempfile::TempDir;

use super::paper::{self, PASSWORD, home};
use super::{Browser, PHONE, WIDE, open_house};
use crate::signing::contract::bytes_of;
use crate::support::{Served, TestApp};

/// What the officer reads, in one language.
struct Words {
    verify: &'static str,
    passed: &'static str,
    unchanged: &'static str,
    signer: &'static str,
    failed: &'static str,
    why_failed: &'static str,
    altered: &'static str,
    nothing: &'static str,
    unsigned: &'static str,
    advice: &'static str,
}

const RUSSIAN: Words = Words {
    verify: "Проверить подпись",
    passed: "Подпись действительна.",
    unchanged: "Файл не менялся после подписания.",
    signer: "Виктор Егоров",
    failed: "Не доверяйте этому файлу.",
    why_failed: "Содержимое изменили после подписания: его контрольная сумма не та, что подписана.",
    altered: "изменено то, что было подписано",
    nothing: "ничего не добавлено и не изменено",
    unsigned: "В файле нет подписи.",
    advice: "Попросите у отправителя подписанный файл.",
};

const ENGLISH: Words = Words {
    verify: "Check a signature",
    passed: "The signature is valid.",
    unchanged: "The file has not changed since it was signed.",
    signer: "Victor Edge",
    failed: "Do not trust this file.",
    why_failed: "The content was changed after signing",
    altered: "what was signed has been changed",
    nothing: "nothing was added or changed",
    unsigned: "The file has no signature.",
    advice: "Ask the sender for the signed file.",
};

const fn words(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ru => &RUSSIAN,
        Locale::En => &ENGLISH,
    }
}

/// Three files as they come by mail.
struct Files {
    good: PathBuf,
    tampered: PathBuf,
    unsigned: PathBuf,
    _folder: TempDir,
}

impl Files {
    fn keep(locale: Locale, signed: &Bytes) -> Self {
        let folder = TempDir::with_prefix("chancery-test-").expect("a folder");
        let keep = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("written");
            path
        };
        let names = match locale {
            Locale::Ru => ["Договор.pdf", "Договор (изменён).pdf", "Черновик.pdf"],
            Locale::En => ["Contract.pdf", "Contract (changed).pdf", "Draft.pdf"],
        };
        Self {
            good: keep(names[0], signed),
            tampered: keep(names[1], &with_another_page_size(signed)),
            unsigned: keep(names[2], &paper::pdf(locale, "18")),
            _folder: folder,
        }
    }
}

/// The same bytes but one: the first page is shown a little wider.
fn with_another_page_size(signed: &[u8]) -> Vec<u8> {
    let (box_start, mut changed) = (b"/MediaBox[0 0 ", signed.to_vec());
    let found = signed
        .windows(box_start.len())
        .position(|window| window == box_start);
    let at = found.expect("a page") + box_start.len();
    changed[at] = b'9';
    assert_ne!(changed, signed);
    changed
}

/// Comes in by the form.
pub async fn log_in(browser: &Browser, login: &str) {
    browser.go("/login").await;
    browser.fill("#login", login).await;
    browser.fill("#password", PASSWORD).await;
    browser.press("form[action='/login'] button").await;
    browser.wait_for("details.menu").await;
}

async fn checks(browser: &Browser, file: &std::path::Path) {
    browser.choose_file("#file", file).await;
    browser
        .press("form[action='/verify'] button[type=submit]")
        .await;
    browser.wait_for(".verdict").await;
}

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32), files: &Files) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "compliance").await;
    let Some(browser) = Browser::open("compliance", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.press("details.menu > summary").await;
    browser.press("a[href='/verify']").await;
    browser.see(words.verify).await;
    browser.check_access("form").await;
    browser.shot("1-form").await;

    checks(&browser, &files.good).await;
    for text in [words.passed, words.unchanged, words.signer, words.nothing] {
        browser.see(text).await;
    }
    browser.wait_for("[data-verdict=good]").await;
    browser.check_access("passed").await;
    browser.shot("2-passed").await;

    browser.press("a.button[href='/verify']").await;
    checks(&browser, &files.tampered).await;
    browser.see(words.failed).await;
    browser.see(words.why_failed).await;
    browser.see(words.altered).await;
    assert!(
        !browser.text().await.contains(words.nothing),
        "no praise for a changed file"
    );
    browser.wait_for("[data-verdict=bad]").await;
    browser.check_access("failed").await;
    browser.shot("3-failed").await;
    browser.picture("3-failed-window").await;

    browser.press("a.button[href='/verify']").await;
    checks(&browser, &files.unsigned).await;
    browser.see(words.unsigned).await;
    browser.see(words.advice).await;
    browser.wait_for("[data-verdict=attention]").await;
    browser.check_access("unsigned").await;
    browser.shot("4-unsigned").await;
    browser.close().await;
}

/// Goal: a file from outside is judged in words: valid, changed after signing, unsigned. Method: a
/// contract signed by the house's own way, the same with one byte changed, and a draft; real
/// presses at both widths.
#[tokio::test]
async fn a_compliance_officer_checks_a_signature_and_sees_through_a_changed_file() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        let id = paper::signed_by_us(&house, locale, "17").await;
        let actor = home(&house, locale).actor("initiator");
        let copy = house.app.signed_copy(&actor, id.uuid(), 1).await;
        let copy = bytes_of(copy.expect("a signed copy")).await;
        let files = Files::keep(locale, &copy);
        for size in [WIDE, PHONE] {
            visit(&house, &served, locale, size, &files).await;
        }
    }
    served.stop().await;
    house.close().await;
}
