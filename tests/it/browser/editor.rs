//! A workflow's text in a browser: what is wrong is shown at its line while it is typed, a second
//! person publishes it, documents on their way keep what they started with until they are moved.

use chancery::app::editions::EditionState;
use chancery::store::entity::runs;
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::compliance::log_in;
use super::paper::{self, home};
use super::{Browser, PHONE, WIDE, open_house};
use crate::office::editions::administrators;
use crate::support::{Served, TestApp};

/// What is read, in one language.
struct Words {
    good: &'static str,
    one_error: &'static str,
    weaker: &'static str,
    proposed: &'static str,
    published: &'static str,
    moves: &'static str,
    weaker_for_them: &'static str,
    goes_on: &'static str,
    moved: &'static str,
    running: &'static str,
    in_force: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::Ru => Words {
            good: "Ошибок в тексте нет",
            one_error: "1 ошибка",
            weaker: "Что становится слабее",
            proposed: "Предложено.",
            published: "Опубликовано.",
            weaker_for_them: "Что станет для них слабее",
            moves: "Документы в пути по другим текстам",
            goes_on: "Пойдёт по действующему тексту с того места, где стоит.",
            moved: "Переведён 1 документ.",
            running: "1 документ в пути останется на тексте, с которого начал",
            in_force: "по редакции 1, опубликованной здесь",
        },
        Locale::En => Words {
            good: "Nothing is wrong with the text",
            one_error: "One error",
            weaker: "What becomes weaker",
            proposed: "Proposed.",
            published: "Published.",
            weaker_for_them: "What becomes weaker for them",
            moves: "Documents under way by other texts",
            goes_on: "Goes on by the text in force, from where it stands.",
            moved: "One document was moved.",
            running: "One document is on its way and keeps the text that it started with",
            in_force: "by edition 1, published here",
        },
    }
}

/// Types `after` in place of `before`, as somebody would: the page hears of it.
async fn retype(browser: &Browser, before: &str, after: &str) {
    let script = "const area = document.querySelector('#source');\
        area.value = area.value.replace(arguments[0], arguments[1]);\
        area.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.run(script, vec![before.into(), after.into()]).await;
}

async fn digest_of_run(house: &TestApp, document: DocumentId) -> String {
    let found = runs::Entity::find()
        .filter(runs::Column::DocumentId.eq(document.uuid()))
        .one(house.app.store.reader())
        .await;
    found.expect("rows").expect("a run").definition_digest
}

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let words = words(locale);
    let (_, second) = administrators(house, home(house, locale)).await;
    let document = paper::started(house, locale, "17").await;
    let before = digest_of_run(house, document).await;
    let Some(browser) = Browser::open("editor", &served.base_url, locale, size).await else {
        return;
    };
    let login = paper::may_log_in(house, home(house, locale), "administrator").await;
    log_in(&browser, &login).await;
    browser.go("/workflows/contract").await;
    browser.press("a[href='/workflows/contract/edit']").await;
    browser.see(words.good).await;
    browser.check_access("editor").await;
    retype(&browser, "    due: 1bd\n", "    due: P1D\n").await;
    browser.see(words.one_error).await;
    browser.shot("1-wrong").await;
    browser.press("a[data-line]").await;
    let chosen = "const area = document.querySelector('#source');\
        return area.value.slice(area.selectionStart, area.selectionEnd);";
    let chosen = browser.run(chosen, Vec::new()).await;
    assert_eq!(chosen, "    due: P1D");
    retype(&browser, "    due: P1D\n", "    due: 1bd\n").await;
    browser.see(words.good).await;
    retype(&browser, "    quorum: all\n", "    quorum: any\n").await;
    browser.see(words.weaker).await;
    browser.shot("2-weaker").await;
    browser.fill("#note", "17").await;
    browser.press("button[value=propose]").await;
    browser.see(words.proposed).await;
    assert!(!browser.has("form[action$='/publish']").await, "one's own");
    browser.close().await;

    let Some(browser) = Browser::open("editor-2", &served.base_url, locale, size).await else {
        return;
    };
    let login = paper::may_log_in(house, home(house, locale), "lawyer").await;
    log_in(&browser, &login).await;
    browser.go("/workflows/contract/editions/1").await;
    browser.see(words.running).await;
    browser.check_access("edition").await;
    browser.shot("3-edition").await;
    browser.press("input[name=weaker]").await;
    browser
        .press("form[action$='/publish'] button[type=submit]")
        .await;
    browser.see(words.published).await;
    browser.see(words.in_force).await;
    browser.check_access("workflow").await;
    browser.shot("4-published").await;
    assert_eq!(digest_of_run(house, document).await, before);

    browser.press("a[href='/workflows/contract/moves']").await;
    browser.see(words.moves).await;
    browser.see(words.goes_on).await;
    browser.check_access("moves").await;
    browser.shot("5-moves").await;
    browser.press("form[action$='/moves/confirm'] button").await;
    browser.see(words.weaker_for_them).await;
    browser.check_access("moves-confirm").await;
    browser.shot("6-confirm").await;
    browser.press("input[name=weaker]").await;
    browser
        .press("form[action$='/moves'] button[type=submit]")
        .await;
    browser.see(words.moved).await;
    browser.check_access("moves-none").await;
    browser.shot("7-moved").await;
    browser.close().await;
    let moved = digest_of_run(house, document).await;
    assert_ne!(moved, before, "it goes by the text in force");
    let edition = house.app.load_edition(&second, "contract", 1).await;
    assert_eq!(edition.expect("it").state, EditionState::Published);
    let later = paper::started(house, locale, "18").await;
    assert_eq!(digest_of_run(house, later).await, moved);
}

/// Goal: an administrator sees what is wrong at its line while they type, another one sees what
/// becomes weaker and publishes, and a document that is on its way stays on its text until they
/// move it. Method: real
/// presses, Russian on a wide screen and English on a phone.
#[tokio::test]
async fn a_workflow_is_edited_by_one_and_published_by_another() {
    let (house, served) = open_house().await;
    for (locale, size) in [(Locale::Ru, WIDE), (Locale::En, PHONE)] {
        visit(&house, &served, locale, size).await;
    }
    served.stop().await;
    house.close().await;
}
