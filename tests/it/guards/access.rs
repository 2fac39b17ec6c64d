//! Who gets what from every page: printed as `tests/golden/access-matrix.txt`.

use std::fmt::Write as _;

use chancery::app::outbox::{self, Letter, MailKind, MailTo};
use chancery::jobs::Runner;
use chancery::store::entity::{audit_events, outbox as rows};
use chancery::web::routes::{Audience, Route, Verb, all};
use chancery_types::Locale;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::json;
use uuid::Uuid;

use super::Browser;
use crate::support::{House, TestApp, setting};

const ROLES: [&str; 6] = [
    "initiator",
    "head",
    "lawyer",
    "auditor",
    "compliance",
    "administrator",
];

/// A form that is right for most pages, so that access decides and not a missing field.
const FIELDS: &str = "row_version=0&name=Name&email=name%40example.org&country=DE&theme=light\
    &language=ru&locale=ru&key=abc&scope=read&days=3&role=employee&login=nobody%40example.org";

fn aimed(route: &Route, house: &House, letter: Uuid) -> String {
    route
        .path
        .replace("{letter}", &letter.to_string())
        .replace("{person}", &house.person("second_lawyer").to_string())
        .replace("{counterparty}", &house.counterparty.to_string())
        .replace("{contact}", &house.contact.to_string())
        .replace("{department}", &house.departments["finance"].to_string())
}

/// A letter of «Вектор» that was given up: it can be sent again once.
async fn given_up(house: &TestApp) -> Uuid {
    let app = &house.app;
    let letter = Letter {
        key: "n:1".to_owned(),
        kind: MailKind::Approved,
        to: MailTo {
            address: "no address".to_owned(),
            name: "Иван Иванов".to_owned(),
            locale: Locale::Ru,
            person_id: None,
            contact_id: None,
        },
        document_id: None,
        payload: json!({ "document_title": "Договор № 17" }),
        secret: None,
    };
    let tx = app.store.begin().await.expect("a transaction");
    let organisation = house.vector.organisation.uuid();
    let written = outbox::enqueue(&tx, app, organisation, app.now(), letter).await;
    written.expect("enqueued");
    tx.commit().await.expect("committed");
    Runner::new(app.clone()).drain().await.expect("drained");
    let row = rows::Entity::find().one(app.store.reader()).await;
    row.expect("rows").expect("the letter").id
}

/// What is put away comes last: before that, every page is asked about what is there.
fn order(route: &Route) -> (bool, String) {
    let is_last = route.path.ends_with("/archive") || route.path.ends_with("/restore");
    (is_last, format!("{} {}", route.path, route.method.method()))
}

async fn events(house: &TestApp) -> u64 {
    let reader = house.app.store.reader();
    audit_events::Entity::find()
        .count(reader)
        .await
        .expect("a count")
}

async fn ask(house: &TestApp, browser: &Browser<'_>, route: &Route, path: &str) -> u16 {
    let before = events(house).await;
    let status = match route.method {
        Verb::Get => browser.get(path).await.status,
        Verb::Post => browser.post(path, FIELDS).await.status,
        Verb::Put | Verb::Delete => unreachable!("pages have neither"),
    };
    assert!(status < 500, "{route:?} answered {status}");
    let written = events(house).await - before;
    let changes = route.method == Verb::Post && status < 400;
    // Two forms change nothing for these senders: an unknown address, a login that fails.
    let silent = route.path == "/password/reset" || route.path == "/login";
    let expected = u64::from(changes && !silent);
    assert_eq!(
        written, expected,
        "{route:?} ({status}) left {written} audit events"
    );
    status
}

/// Goal: what each role gets from each page is decided on purpose, another organisation's rows do
/// not exist, and every change leaves exactly one audit event. Method: the whole table, printed.
#[tokio::test]
async fn the_access_matrix_is_as_agreed() {
    let house = TestApp::sqlite().await;
    let served = house.serve();
    let mut matrix = String::from(
        "# What each role gets from each page: status codes. `other` is the administrator of another\n\
         # organisation with this one's identifiers. Refresh: CHANCERY_TEST_REFRESH=1.\n",
    );
    for role in ROLES {
        let _ = write!(matrix, "{role:>14}");
    }
    matrix.push_str("         other  route\n");
    let mine = |route: &Route| {
        let known = [
            "{person}",
            "{counterparty}",
            "{contact}",
            "{department}",
            "{letter}",
        ];
        let open = route.path.matches('{').count();
        let filled = known
            .iter()
            .filter(|name| route.path.contains(**name))
            .count();
        route.audience == Audience::Person && !route.path.starts_with("/api/") && open == filled
    };
    let mut routes: Vec<Route> = all().filter(mine).collect();
    routes.sort_by_key(order);
    let letter = given_up(&house).await;
    for route in &routes {
        let path = aimed(route, &house.vector, letter);
        for role in ROLES {
            let browser = Browser::of(&house, &served, house.vector.person(role)).await;
            let status = ask(&house, &browser, route, &path).await;
            let _ = write!(matrix, "{status:>14}");
        }
        let stranger = house.northwind.person("administrator");
        let stranger = Browser::of(&house, &served, stranger).await;
        let status = ask(&house, &stranger, route, &path).await;
        assert!(
            path == route.path || status == 404,
            "{route:?} shows another's row: {status}"
        );
        let _ = writeln!(matrix, "{status:>14}  {route:?}");
    }
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/golden/access-matrix.txt"
    );
    if setting("CHANCERY_TEST_REFRESH").is_some() {
        std::fs::write(file, &matrix).expect("written");
    }
    let agreed = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(matrix, agreed, "refresh {file} and review the difference");
    served.stop().await;
    house.close().await;
}
