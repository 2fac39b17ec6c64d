//! The counterparty on a phone: mail → link → code → pages → two consents → a signature by a key of
//! the browser → the signed file. Another refuses, a third asks, a fourth names who signs.

use chancery::store::entity::{contacts, documents, questions, signatures};
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::Value;

use super::paper::{self, PASSWORD, home};
use super::post::{code_to, link_to, mail_to};
use super::{Browser, PHONE, WIDE, open_house, others};
use crate::support::{Served, TestApp};

/// What the counterparty reads, in one language.
struct Words {
    asks: &'static str,
    recorded: &'static str,
    own_key: &'static str,
    consent_missing: &'static str,
    signed: &'static str,
    refused: &'static str,
    waits: &'static str,
    answers: &'static str,
    handed_over: &'static str,
    expired: &'static str,
    renewed: &'static str,
    wrong_code: &'static str,
    not_taken: &'static str,
    returned: &'static str,
}

const RUSSIAN: Words = Words {
    asks: "ООО «Вектор» просит вас подписать",
    recorded: "Что будет записано",
    own_key: "Ключ подписи создаётся в этом браузере",
    consent_missing: "Без этого согласия подписать нельзя.",
    signed: "Вы подписали документ",
    refused: "Вы отказались подписать",
    waits: "Ответа ещё нет",
    answers: "Отвечает Ольга Соколова",
    handed_over: "Документ передан другому подписанту",
    expired: "Срок ссылки прошёл",
    renewed: "Новая ссылка отправлена",
    wrong_code: "Код не подошёл.",
    not_taken: "не подходит: нужен PDF или DOCX",
    returned: "Разногласия отправлены",
};

const ENGLISH: Words = Words {
    asks: "Northwind Ltd asks you to sign",
    recorded: "What will be recorded",
    own_key: "made in this browser",
    consent_missing: "Without this consent you cannot sign.",
    signed: "You have signed the document",
    refused: "You refused to sign",
    waits: "has not answered yet",
    answers: "Olivia Stone answers",
    handed_over: "The document went to another signatory",
    expired: "The link's time has passed",
    renewed: "A new link was sent",
    wrong_code: "That is not the code.",
    not_taken: "is not taken: it must be a PDF or DOCX",
    returned: "Your disagreements were sent",
};

const fn words(locale: Locale) -> &'static Words {
    match locale {
        Locale::Ru => &RUSSIAN,
        Locale::En => &ENGLISH,
    }
}

const fn address(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "ivanov@romashka.example",
        Locale::En => "smith@contoso.example",
    }
}

const fn pick(locale: Locale, ru: &'static str, en: &'static str) -> &'static str {
    match locale {
        Locale::Ru => ru,
        Locale::En => en,
    }
}

/// From the letter to the first page: who asks what, before any code.
async fn opens_the_link(house: &TestApp, browser: &Browser, locale: Locale) {
    let link = link_to(house, address(locale)).await;
    browser.follow(&link).await;
    browser.wait_for("form[data-link]:not([hidden])").await;
    let here = browser.run("return location.href", Vec::new()).await;
    let here = here.as_str().expect("an address");
    assert!(
        !here.contains('#'),
        "the secret stays in the address: {here}"
    );
    browser.check_access("entry").await;
    browser.shot("1-entry").await;
    browser.press("form[data-link] button").await;
}

/// Opens the link and sees who asks what.
async fn comes_in(house: &TestApp, browser: &Browser, locale: Locale) {
    opens_the_link(house, browser, locale).await;
    browser.wait_for(".gist").await;
    browser.see(words(locale).asks).await;
    browser.see(paper::title(locale)).await;
    assert!(!browser.has(".leaf").await, "no page before the code");
}

/// The code from the mailbox; lands on the first page that follows.
async fn gives_the_code(house: &TestApp, browser: &Browser, locale: Locale) {
    browser.press("form[action='/s/code/send'] button").await;
    browser.wait_for("input#code").await;
    let code = code_to(house, address(locale)).await;
    browser.fill("input#code", &code).await;
    browser.check_access("code").await;
    browser.shot("3-code").await;
    browser.press("form[action='/s/code'] button").await;
    browser.wait_for("form.bar").await;
}

/// Every page, to the consents.
async fn reads_everything(browser: &Browser) {
    for step in 1..=20 {
        browser.wait_for("form.bar").await;
        browser.see_pictures().await;
        browser.check_access("reading").await;
        if step == 1 {
            browser.picture("4-reading-window").await;
            browser.shot("4-reading").await;
        }
        let to = "return Number(document.querySelector('form.bar [name=to]').value) + 1";
        let next = browser.run(to, Vec::new()).await;
        browser.press("form.bar button").await;
        let next = format!("form.bar [name=from][value='{next}'], #electronic_signature");
        browser.wait_for(&next).await;
        if browser.path().await == "/s/sign" {
            return;
        }
    }
    panic!("the pages have no end");
}

/// Both consents, after one of them was forgotten.
async fn consents(browser: &Browser, missing: &str) {
    browser.wait_for("#electronic_signature").await;
    browser.check_access("consents").await;
    browser.shot("5-consents").await;
    browser.expect_console("422");
    browser.press("#personal_data").await;
    browser.press("form[action='/s/consents'] .primary").await;
    browser.see(missing).await;
    browser.check_access("consent missing").await;
    browser.shot("5-consent-missing").await;
    browser.press("#electronic_signature").await;
    browser.press("form[action='/s/consents'] .primary").await;
    browser.wait_for("form[data-sign]").await;
}

/// Signs by a key of this browser and saves the file.
async fn signs(browser: &Browser, locale: Locale) -> Vec<u8> {
    browser.see(words(locale).own_key).await;
    browser.check_access("sign").await;
    browser.shot("6-sign").await;
    browser.press("form[data-sign] .primary").await;
    browser.wait_for(".verdict.good").await;
    browser.see(words(locale).signed).await;
    browser.check_access("done").await;
    browser.shot("7-done").await;
    browser.press("a[href='/s/signed.pdf']").await;
    browser.downloaded(".pdf").await
}

async fn state(house: &TestApp, id: DocumentId) -> String {
    let found = documents::Entity::find_by_id(id.uuid());
    let found = found.one(house.app.store.reader()).await;
    found.expect("rows").expect("the document").state
}

/// The evidence of the counterparty's signature says what was shown, agreed to and proven.
async fn the_evidence_is_whole(house: &TestApp, id: DocumentId) {
    let row = signatures::Entity::find()
        .filter(signatures::Column::DocumentId.eq(id.uuid()))
        .filter(signatures::Column::ContactId.is_not_null())
        .one(house.app.store.reader())
        .await;
    let row = row.expect("rows").expect("a signature");
    assert_eq!(row.key_place, "browser");
    let evidence: Value = serde_json::from_str(&row.evidence).expect("JSON");
    assert_eq!(evidence["signer"]["identity"], "mailbox control only");
    let pages = evidence["shown"]["pages"].as_array().expect("pages");
    let count = paper::version(house, id).await.pages_count;
    assert_eq!(i64::try_from(pages.len()).ok(), Some(count));
    for page in pages {
        assert_eq!(
            page["image_sha256"].as_str().map(str::len),
            Some(64),
            "{page}"
        );
        assert!(
            page["renderer"].as_str().is_some_and(|it| it.contains(' ')),
            "{page}"
        );
    }
    let consents = evidence["consents"].as_array().expect("consents");
    assert_eq!(consents.len(), 2, "{evidence}");
    assert!(consents.iter().all(|one| one["text_sha256"].is_string()));
    assert!(
        evidence["way_in"]["code"]["tries"].is_number(),
        "{evidence}"
    );
}

async fn sign_visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let number = format!("21-{}", size.0);
    let id = paper::signed_by_us(house, locale, &number).await;
    let Some(browser) = Browser::open("counterparty", &served.base_url, locale, size).await else {
        return;
    };
    comes_in(house, &browser, locale).await;
    browser.see(words(locale).recorded).await;
    browser.check_access("front").await;
    browser.shot("2-front").await;
    browser.picture("2-front-window").await;
    browser.prefer("dark").await;
    browser.check_access("front, dark").await;
    browser.shot("2-front-dark").await;
    browser.prefer("light").await;
    gives_the_code(house, &browser, locale).await;
    reads_everything(&browser).await;
    consents(&browser, words(locale).consent_missing).await;
    let file = signs(&browser, locale).await;
    browser.prefer("dark").await;
    browser.shot("7-done-dark").await;
    browser.close().await;

    assert_eq!(state(house, id).await, "effective");
    assert!(
        file.starts_with(&paper::pdf(locale, &number)),
        "every earlier byte"
    );
    let organisation = home(house, locale).organisation;
    others::all_call_it_valid(house, organisation, &file, 2).await;
    the_evidence_is_whole(house, id).await;
    let told = mail_to(house, address(locale), |mail| mail.text.contains("SHA-256")).await;
    let digest = paper::version(house, id).await.main_digest;
    assert!(told.text.contains(&digest), "{}", told.text);
    let end = mail_to(house, address(locale), |mail| !mail.files.is_empty()).await;
    assert_eq!(
        end.files[0].content, file,
        "the mailed copy is the saved one"
    );
}

/// Goal: a director signs on a phone, from the letter to the file, which others call valid. Method:
/// real presses at 390 px in both languages, and at 1440 px; the saved file is checked.
#[tokio::test]
async fn the_counterparty_signs_from_the_letter_to_the_file() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        sign_visit(&house, &served, locale, PHONE).await;
        house.advance_seconds(3600);
    }
    sign_visit(&house, &served, Locale::Ru, WIDE).await;
    served.stop().await;
    house.close().await;
}

async fn refuse_visit(house: &TestApp, served: &Served, locale: Locale) {
    let id = paper::signed_by_us(house, locale, "22").await;
    let opened = Browser::open("counterparty-refuses", &served.base_url, locale, PHONE).await;
    let Some(browser) = opened else {
        return;
    };
    comes_in(house, &browser, locale).await;
    // Before the code as well: the way is open, the code stands first.
    browser.press(".ways a[href='/s/refuse']").await;
    browser.wait_for("form[action='/s/code/send']").await;
    browser.shot("2-code-first").await;
    browser.press("form[action='/s/code/send'] button").await;
    browser.wait_for("input#code").await;
    browser.expect_console("422");
    browser.fill("input#code", "000000").await;
    browser.press("form[action='/s/code'] button").await;
    browser.see(words(locale).wrong_code).await;
    browser.check_access("wrong code").await;
    browser.shot("3-wrong-code").await;
    let code = code_to(house, address(locale)).await;
    browser.fill("input#code", &code).await;
    browser.press("form[action='/s/code'] button").await;
    let reason = pick(locale, "Цена выросла, мы не готовы.", "The price went up.");
    browser.fill("#reason", reason).await;
    browser.check_access("refuse").await;
    browser.shot("4-refuse").await;
    browser.press("form[action='/s/refuse'] button").await;
    browser.see(words(locale).refused).await;
    browser.check_access("refused").await;
    browser.shot("5-refused").await;
    browser.close().await;
    assert_eq!(state(house, id).await, "rejected");
    let initiator = format!(
        "initiator@{}",
        pick(locale, "vector.example", "northwind.example")
    );
    let told = mail_to(house, &initiator, |mail| mail.text.contains(reason)).await;
    assert!(told.text.contains(paper::title(locale)), "{}", told.text);
}

/// Goal: a counterparty refuses with a reason, which ends the run and reaches the initiator.
#[tokio::test]
async fn another_counterparty_refuses_with_a_reason() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        refuse_visit(&house, &served, locale).await;
        house.advance_seconds(3600);
    }
    served.stop().await;
    house.close().await;
}

/// The initiator logs in, reads the question and answers it on the document's page.
async fn initiator_answers(house: &TestApp, served: &Served, locale: Locale, id: DocumentId) {
    let login = paper::may_log_in(house, home(house, locale), "initiator").await;
    let opened = Browser::open("initiator-answers", &served.base_url, locale, WIDE).await;
    let Some(browser) = opened else {
        return;
    };
    browser.go(&format!("/documents/{id}")).await;
    browser.fill("#login", &login).await;
    browser.fill("#password", PASSWORD).await;
    browser.press("form[action='/login'] button").await;
    browser.wait_for("#outside").await;
    browser
        .see(pick(locale, "Когда поставка?", "When do you deliver?"))
        .await;
    browser.check_access("question").await;
    browser.shot("1-question").await;
    let answer = pick(locale, "До 15 марта.", "By the 15th of March.");
    browser.fill("#outside textarea", answer).await;
    browser.press("#outside form button").await;
    browser.wait_for("#outside").await;
    browser.see(answer).await;
    browser.shot("2-answered").await;
    browser.close().await;
}

async fn ask_visit(house: &TestApp, served: &Served, locale: Locale) {
    let id = paper::signed_by_us(house, locale, "23").await;
    let opened = Browser::open("counterparty-asks", &served.base_url, locale, PHONE).await;
    let Some(browser) = opened else {
        return;
    };
    comes_in(house, &browser, locale).await;
    gives_the_code(house, &browser, locale).await;
    browser.press(".ways a[href='/s/ask']").await;
    let question = pick(locale, "Когда поставка?", "When do you deliver?");
    browser.fill("#question", question).await;
    browser.check_access("ask").await;
    browser.shot("4-ask").await;
    browser.press("form[action='/s/ask'] button").await;
    browser.see(words(locale).waits).await;
    browser.shot("5-asked").await;
    let kept = questions::Entity::find()
        .filter(questions::Column::DocumentId.eq(id.uuid()))
        .one(house.app.store.reader())
        .await;
    assert_eq!(kept.expect("rows").expect("a question").text, question);
    let initiator = format!(
        "initiator@{}",
        pick(locale, "vector.example", "northwind.example")
    );
    mail_to(house, &initiator, |mail| mail.text.contains(question)).await;

    // One window at a time is enough: the reader waits, the initiator answers, the reader returns.
    initiator_answers(house, served, locale, id).await;
    let answer = pick(locale, "До 15 марта.", "By the 15th of March.");
    mail_to(house, address(locale), |mail| mail.text.contains(answer)).await;
    browser.go("/s/document").await;
    browser.see(words(locale).answers).await;
    browser.see(answer).await;
    browser.check_access("answered").await;
    browser.shot("6-answered").await;
    browser.press("a[href='/s/read']").await;
    reads_everything(&browser).await;
    consents(&browser, words(locale).consent_missing).await;
    browser.press("form[data-sign] .primary").await;
    browser.wait_for(".verdict.good").await;
    browser.close().await;
    assert_eq!(state(house, id).await, "effective");
}

/// Goal: a counterparty asks, the initiator sees the question and answers, and then it is signed.
#[tokio::test]
async fn a_third_counterparty_asks_gets_an_answer_and_signs() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        ask_visit(&house, &served, locale).await;
        house.advance_seconds(3600);
    }
    served.stop().await;
    house.close().await;
}

async fn hand_over_visit(house: &TestApp, served: &Served, locale: Locale) {
    let id = paper::signed_by_us(house, locale, "24").await;
    house.advance_seconds(60 * 86_400);
    let opened = Browser::open("counterparty-hands-over", &served.base_url, locale, PHONE).await;
    let Some(browser) = opened else {
        return;
    };
    opens_the_link(house, &browser, locale).await;
    browser.see(words(locale).expired).await;
    assert!(!browser.has(".gist").await, "only the state is told");
    browser.check_access("expired").await;
    browser.shot("2-expired").await;
    browser.press("form[action='/s/renew'] button").await;
    browser.see(words(locale).renewed).await;
    browser.shot("3-renewed").await;
    comes_in(house, &browser, locale).await;
    gives_the_code(house, &browser, locale).await;
    browser.press(".ways a[href='/s/hand-over']").await;
    let name = pick(locale, "Пётр Петров", "Peter Stone");
    browser.fill("#name", name).await;
    browser.fill("#email", "director@other.example").await;
    browser.check_access("hand over").await;
    browser.shot("5-hand-over").await;
    browser.press("form[action='/s/hand-over'] button").await;
    browser.see(words(locale).handed_over).await;
    browser.shot("6-handed-over").await;
    browser.close().await;
    let link = link_to(house, "director@other.example").await;
    assert!(link.contains("/s#"), "{link}");
    let named = contacts::Entity::find()
        .filter(contacts::Column::Name.eq(name))
        .one(house.app.store.reader())
        .await;
    assert!(named.expect("rows").is_some());
    assert_eq!(state(house, id).await, "in_run");
}

/// Goal: a link whose time has passed mails a new one; its reader names who signs, and they get a
/// link of their own.
#[tokio::test]
async fn an_expired_link_is_renewed_and_handed_over() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        hand_over_visit(&house, &served, locale).await;
    }
    served.stop().await;
    house.close().await;
}

async fn disagree_visit(house: &TestApp, served: &Served, locale: Locale) {
    let id = paper::signed_by_us(house, locale, "25").await;
    let opened = Browser::open("counterparty-disagrees", &served.base_url, locale, PHONE).await;
    let Some(browser) = opened else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let (bad, good) = (
        folder.path().join("notes.txt"),
        folder.path().join("protocol.pdf"),
    );
    std::fs::write(&bad, "4.2").expect("written");
    std::fs::write(&good, paper::pdf(locale, "25-P")).expect("written");
    comes_in(house, &browser, locale).await;
    gives_the_code(house, &browser, locale).await;
    browser.press(".ways a[href='/s/disagree']").await;
    let comment = pick(locale, "П. 4.2: 30 дней", "Clause 4.2: 30 days");
    browser.fill("#disagreements", comment).await;
    browser.expect_console("422");
    browser.choose_file("#protocol", &bad).await;
    browser.press("form[action='/s/disagree'] .primary").await;
    browser.see(words(locale).not_taken).await;
    browser.check_access("not taken").await;
    browser.shot("4-not-taken").await;
    browser.choose_file("#protocol", &good).await;
    browser.press("form[action='/s/disagree'] .primary").await;
    browser.see(words(locale).returned).await;
    browser.shot("5-returned").await;
    browser.close().await;
    assert_eq!(state(house, id).await, "rework");
    let initiator = format!(
        "initiator@{}",
        pick(locale, "vector.example", "northwind.example")
    );
    let told = mail_to(house, &initiator, |mail| mail.text.contains("protocol.pdf")).await;
    assert!(told.text.contains(comment), "{}", told.text);
}

/// Goal: a counterparty attaches a protocol of disagreements on a phone; a wrong file is told at
/// its field, the right one returns the document.
#[tokio::test]
async fn a_counterparty_attaches_a_protocol_of_disagreements() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        disagree_visit(&house, &served, locale).await;
        house.advance_seconds(3600);
    }
    served.stop().await;
    house.close().await;
}
