//! The desk as its owner works with it: groups, filters, other people's tasks, the keyboard, what
//! happened meanwhile, decisions together.

use chancery::app::absences::{AbsenceDraft, Powers};
use chancery::app::documents::NewDocument;
use chancery::app::intake::Repair;
use chancery::jobs::Runner;
use chancery::store::entity::tasks;
use chancery_types::Locale;
use chancery_types::id::DocumentId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::compliance::log_in;
use super::paper::{self, home};
use super::{Browser, PHONE, WIDE, open_house, open_house_with};
use crate::documents::paper::upload;
use crate::support::{Served, TestApp, workflows_like};

const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";
const DAY: i64 = 86_400;

struct Words {
    groups: [&'static str; 3],
    by_kind: &'static str,
    kind: &'static str,
    behalf: &'static str,
    none_such: &'static str,
    urgent: &'static str,
    bill: &'static str,
    bills: &'static str,
    news: &'static str,
    seen: &'static str,
    marked: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::Ru => Words {
            groups: ["Просрочено", "Сегодня", "Позже"],
            by_kind: "По видам документов",
            kind: "Договор",
            behalf: "за: Павел Громов",
            none_such: "Таких задач нет",
            urgent: "Срок сегодня и завтра",
            bill: "Счёт за бумагу",
            bills: "Входящий счёт",
            news: "Пока вас не было",
            seen: "Просмотрено",
            marked: "Отмечено как просмотренное.",
        },
        Locale::En => Words {
            groups: ["Overdue", "Today", "Later"],
            by_kind: "By kind of document",
            kind: "Contract",
            behalf: "for Paul Grant",
            none_such: "No such tasks",
            urgent: "Due within a day",
            bill: "Bill for paper",
            bills: "Incoming invoice",
            news: "While you were away",
            seen: "Seen",
            marked: "Marked as seen.",
        },
    }
}

/// Lets the head's task be due so many seconds from now.
async fn due_in(house: &TestApp, id: DocumentId, seconds: i64) {
    let due = house.app.now().plus_seconds(seconds).micros();
    tasks::Entity::update_many()
        .col_expr(tasks::Column::DueAt, Expr::value(due))
        .filter(tasks::Column::DocumentId.eq(id.uuid()))
        .exec(house.app.store.writer())
        .await
        .expect("kept");
}

/// An invoice that the head is asked about.
async fn invoice(house: &TestApp, locale: Locale) -> DocumentId {
    let home = home(house, locale);
    let card = [
        ("counterparty", home.counterparty.to_string()),
        ("invoice_number", "17".to_owned()),
        ("invoice_date", "2026-11-02".to_owned()),
        ("amount", "100".to_owned()),
        ("amount.currency", "RUB".to_owned()),
        ("due_date", "2027-02-01".to_owned()),
        ("department", home.departments["sales"].to_string()),
    ];
    let card = card.map(|(name, value)| (name.to_owned(), value));
    let file = upload("main", "invoice.pdf", &paper::pdf(locale, "60"));
    let new = NewDocument {
        parent: None,
        kind: "invoice".to_owned(),
        title: words(locale).bill.to_owned(),
        card: card.into(),
        main: Some(file.expect("a file")),
        attachments: Vec::new(),
        repair: Repair::Offer,
    };
    let initiator = home.actor("initiator");
    let made = house.app.create_document(&initiator, new).await;
    let id = made.expect("a document").id;
    let started = house.app.start_run(&initiator, id).await;
    started.expect("started");
    id
}

/// What the list shows: the titles of its tasks, in order.
async fn listed(browser: &Browser) -> Vec<String> {
    let read = "return [...document.querySelectorAll('.desk-title')].map(one => one.textContent)";
    let titles = browser.run(read, Vec::new()).await;
    let titles = titles.as_array().expect("a list");
    let titles = titles.iter().filter_map(serde_json::Value::as_str);
    titles.map(str::to_owned).collect()
}

/// Presses a filter and answers what is listed then; the filter is marked as the chosen one.
async fn filtered(browser: &Browser, filter: &str) -> Vec<String> {
    browser.press_part(filter).await;
    browser.wait_for(".chips a[aria-current]").await;
    let read = "return document.querySelector('.chips a[aria-current]').textContent";
    let chosen = browser.run(read, Vec::new()).await;
    let chosen = chosen.as_str().unwrap_or_default();
    assert!(chosen.starts_with(filter), "{chosen}");
    listed(browser).await
}

/// What is overdue, due within a day, of one kind, of one kind and overdue; and everything again.
async fn chooses(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "head").await;
    let Some(browser) = Browser::open("filters", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.go("/tasks").await;
    assert_eq!(listed(&browser).await.len(), 4);
    let [overdue, bill] = [words.groups[0], words.bill];
    let contract = paper::title(locale);
    let bills = filtered(&browser, words.bills).await;
    assert_eq!(bills.len(), 1, "{bills:?}");
    assert!(bills[0].starts_with(bill), "{bills:?}");
    browser.check_access("kind").await;
    browser.shot("1-kind").await;
    let nothing = filtered(&browser, overdue).await;
    assert!(nothing.is_empty(), "an invoice is not overdue: {nothing:?}");
    browser.see(words.none_such).await;
    browser.press_part(words.bills).await;
    browser.wait_for(".desk-title").await;
    let late = listed(&browser).await;
    assert_eq!(late.len(), 1, "{late:?}");
    assert!(late[0].starts_with(contract), "{late:?}");
    // What is chosen takes itself off again, and the other span takes its place.
    let soon = filtered(&browser, words.urgent).await;
    assert_eq!(soon.len(), 1, "{soon:?}");
    assert_ne!(soon, late);
    browser.shot("2-soon").await;
    browser.press_part(words.urgent).await;
    browser.wait_for(".chips a[aria-current]").await;
    assert_eq!(listed(&browser).await.len(), 4);
    browser.close().await;
}

/// Goal: each filter of the desk lists what it says and nothing else, together with another one
/// what both say, and takes itself off. Method: three contracts of each urgency and an invoice, a
/// browser; in both languages and at both widths.
#[tokio::test]
async fn filters_list_what_they_say() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        for (number, due) in [("61", -3_600), ("62", 3_600), ("63", 40 * DAY)] {
            let id = paper::started(&house, locale, number).await;
            due_in(&house, id, due).await;
        }
        let id = invoice(&house, locale).await;
        due_in(&house, id, 40 * DAY).await;
        for size in [WIDE, PHONE] {
            chooses(&house, &served, locale, size).await;
        }
    }
    served.stop().await;
    house.close().await;
}

/// Lets the accountant stand in for the head from now on.
async fn stands_in(house: &TestApp, locale: Locale) {
    let home = home(house, locale);
    let from = house.app.now();
    let draft = AbsenceDraft {
        from,
        until: from.plus_seconds(5 * DAY),
        substitute: Some(home.person("accountant")),
        kinds: std::collections::BTreeSet::new(),
        powers: Powers::Decide,
    };
    let (actor, head) = (home.actor("head"), home.person("head"));
    let recorded = house.app.record_absence(&actor, head, &draft).await;
    recorded.expect("recorded");
    let drained = Runner::new(house.app.clone()).drain().await;
    drained.expect("drained");
}

/// The head's list by urgency and by kind, and a task opened by the keyboard alone.
async fn works(browser: &Browser, locale: Locale) {
    let words = words(locale);
    for group in words.groups {
        browser.see(group).await;
    }
    browser.check_access("groups").await;
    browser.shot("1-groups").await;
    browser.prefer("dark").await;
    browser.shot("1-groups-dark").await;
    browser.check_access("groups-dark").await;
    browser.prefer("light").await;
    browser.press_text(words.by_kind).await;
    browser
        .wait_for("a[href='/tasks']:not([aria-current])")
        .await;
    browser.see(words.kind).await;
    browser.go("/tasks?overdue=1&kind=nothing").await;
    browser.see(words.none_such).await;
    browser.shot("2-none").await;
    browser.check_access("none").await;

    browser.go("/tasks").await;
    let first = "document.querySelector('.desk-title').focus();\
                 return document.querySelectorAll('.desk-title')[1].getAttribute('href')";
    let second = browser.run(first, Vec::new()).await;
    browser.keys(DOWN).await;
    let focused = browser.run(
        "return document.activeElement.getAttribute('href')",
        Vec::new(),
    );
    assert_eq!(focused.await, second, "the arrow goes to the next task");
    browser.keys(ENTER).await;
    browser.wait_for("#decision").await;
    assert_eq!(browser.path().await, second.as_str().expect("an address"));
}

async fn visit(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let login = paper::may_log_in(house, home(house, locale), "head").await;
    let Some(browser) = Browser::open("desk", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.go("/tasks").await;
    works(&browser, locale).await;
    browser.close().await;
}

/// Goal: a head with tasks of every urgency sees them grouped, regroups them by kind, and opens one
/// by the keyboard; in both languages and at both widths.
#[tokio::test]
async fn tasks_stand_in_groups_and_the_keyboard_goes_through_them() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        for (number, due) in [("51", -3_600), ("52", 3_600), ("53", 40 * DAY)] {
            let id = paper::started(&house, locale, number).await;
            due_in(&house, id, due).await;
        }
        for size in [WIDE, PHONE] {
            visit(&house, &served, locale, size).await;
        }
    }
    served.stop().await;
    house.close().await;
}

/// What happened to the initiator, read, and said to be.
async fn reads_news(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "initiator").await;
    let Some(browser) = Browser::open("news", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    for _ in 0..2 {
        browser.go("/tasks").await;
        browser.see(words.news).await;
    }
    browser.check_access("told").await;
    browser.shot("1-told").await;
    browser.prefer("dark").await;
    browser.shot("1-told-dark").await;
    browser.check_access("told-dark").await;
    browser.prefer("light").await;
    browser.press_text(words.seen).await;
    browser.see(words.marked).await;
    assert!(!browser.text().await.contains(words.news));
    browser.close().await;
}

/// Goal: an initiator is told what happened while they were away, as often as they look, until they
/// say that they have seen it; in both languages and at both widths.
#[tokio::test]
async fn what_happened_is_told_until_it_is_marked_as_seen() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        for (number, size) in [("54", WIDE), ("55", PHONE)] {
            // What the last visit marked as seen is past.
            house.advance_seconds(60);
            for part in ["a", "b", "c", "d"] {
                paper::waits_for_lawyer(&house, locale, &format!("{number}-{part}")).await;
            }
            reads_news(&house, &served, locale, size).await;
        }
    }
    served.stop().await;
    house.close().await;
}

async fn stands(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let words = words(locale);
    let login = paper::may_log_in(house, home(house, locale), "accountant").await;
    let Some(browser) = Browser::open("behalf", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.go("/tasks").await;
    // One's own tasks may be among them: the chip of the other person names them.
    browser.press_part(words.behalf).await;
    browser.wait_for(".chips a[aria-current]").await;
    browser.see(words.behalf).await;
    browser.wait_for(".desk-title").await;
    browser.check_access("behalf").await;
    browser.shot("1-behalf").await;
    browser.close().await;
}

/// Goal: whoever stands in for somebody lists that person's tasks alone; in both languages and at
/// both widths.
#[tokio::test]
async fn tasks_in_anothers_place_are_told_apart() {
    let (house, served) = open_house().await;
    for locale in [Locale::Ru, Locale::En] {
        paper::started(&house, locale, "56").await;
        stands_in(&house, locale).await;
        for size in [WIDE, PHONE] {
            stands(&house, &served, locale, size).await;
        }
    }
    served.stop().await;
    house.close().await;
}

struct Together {
    choose: &'static str,
    all: &'static str,
    title: &'static str,
    submit: &'static str,
    two: &'static str,
    none: &'static str,
    gone: &'static str,
}

const fn together(locale: Locale) -> Together {
    match locale {
        Locale::Ru => Together {
            choose: "Согласовать отмеченные",
            all: "Выбрать все эти",
            title: "Решить вместе",
            submit: "Подтвердить решения",
            two: "Решены 2 задачи.",
            none: "Решать вместе нечего",
            gone: "1 отмеченная задача вас больше не ждёт",
        },
        Locale::En => Together {
            choose: "Approve the chosen",
            all: "Choose all of these",
            title: "Decide together",
            submit: "Confirm the decisions",
            two: "2 tasks decided.",
            none: "Nothing to decide together",
            gone: "1 chosen task waits for you no more",
        },
    }
}

/// The boxes of tasks that the list or the page lets one choose.
const BOXES: &str = "input[type=checkbox][name=task]";

/// Two of three tasks are agreed to on one page; the third is chosen with all the others, and taken
/// by somebody else before the page is sent.
async fn decides(house: &TestApp, served: &Served, locale: Locale, size: (u32, u32)) {
    let words = together(locale);
    let home = home(house, locale);
    let login = paper::may_log_in(house, home, "head").await;
    let Some(browser) = Browser::open("together", &served.base_url, locale, size).await else {
        return;
    };
    log_in(&browser, &login).await;
    browser.go("/tasks").await;
    browser.press_text(words.choose).await;
    browser.see(words.none).await;
    browser.go("/tasks").await;
    let count = format!("return document.querySelectorAll('{BOXES}').length");
    assert_eq!(browser.run(&count, Vec::new()).await, 3);
    browser.check_access("chosen").await;
    browser.shot("1-desk").await;

    let two = format!(
        "const boxes = document.querySelectorAll('{BOXES}');\
         boxes[0].click(); boxes[1].click();\
         return [boxes[0].value, boxes[1].value, boxes[2].value]"
    );
    let tasks = browser.run(&two, Vec::new()).await;
    browser.press_text(words.choose).await;
    browser.see(words.title).await;
    let checked = format!("return document.querySelectorAll('{BOXES}:checked').length");
    assert_eq!(browser.run(&checked, Vec::new()).await, 2);
    browser.check_access("asked").await;
    browser.shot("2-asked").await;
    browser.prefer("dark").await;
    browser.shot("2-asked-dark").await;
    browser.check_access("asked-dark").await;
    browser.prefer("light").await;
    assert_eq!(states(house, &tasks).await, ["open", "open", "open"]);
    browser.press_text(words.submit).await;
    browser.see(words.two).await;
    assert_eq!(browser.path().await, "/tasks");
    assert_eq!(states(house, &tasks).await, ["done", "done", "open"]);
    browser.check_access("done").await;
    browser.shot("3-done").await;

    browser.press_text(words.all).await;
    browser.see(words.title).await;
    let left: Uuid = tasks[2].as_str().expect("a task").parse().expect("an id");
    let found = tasks::Entity::find_by_id(left).one(house.app.store.reader());
    let row = found.await.expect("asked").expect("a task");
    paper::approves(house, locale, "head", row.document_id.into()).await;
    // The answer to what cannot be done any more is no page of success.
    browser.expect_console("409 (Conflict)");
    browser.press_text(words.submit).await;
    browser.see(words.gone).await;
    browser.check_access("gone").await;
    browser.shot("4-gone").await;
    browser.close().await;
}

/// What became of tasks, in the order of their identifiers as a page has them.
async fn states(house: &TestApp, ids: &serde_json::Value) -> Vec<String> {
    let mut states = Vec::new();
    for id in ids.as_array().expect("a list") {
        let id: Uuid = id.as_str().expect("a task").parse().expect("an id");
        let found = tasks::Entity::find_by_id(id).one(house.app.store.reader());
        states.push(found.await.expect("asked").expect("a task").state);
    }
    states
}

/// Goal: where a chain allows it, a head agrees to several documents on one page that asks once
/// more; what is not chosen stays, and what somebody decided meanwhile is said. Method: a chain of
/// contracts that allows it, three tasks, a browser; in both languages and at both widths.
#[tokio::test]
async fn several_tasks_are_agreed_to_on_one_page() {
    let folder = workflows_like(|path, text| match path {
        "chains/contract.yaml" => text.replacen("allow: [delegate]", "allow: [bulk, delegate]", 1),
        _ => text,
    });
    let directory = folder.path().to_owned();
    let (house, served) = open_house_with(|config| config.workflows.directory = directory).await;
    for locale in [Locale::Ru, Locale::En] {
        for (number, size) in [("57", WIDE), ("58", PHONE)] {
            for part in ["a", "b", "c"] {
                paper::started(&house, locale, &format!("{number}-{part}")).await;
            }
            decides(&house, &served, locale, size).await;
        }
    }
    served.stop().await;
    house.close().await;
}
