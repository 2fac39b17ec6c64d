//! Who gets what from every page and call: printed as `tests/golden/access-matrix.txt`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write as _;

use chancery::store::entity::person_roles;
use chancery::web::routes::{Audience, Route, Verb, all};
use chancery_types::id::PersonId;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;

use super::Browser;
use super::bodies::{aimed, of_call, of_page};
use super::world::{Snapshot, World, events};
use crate::support::{Backend, TestApp, setting};

/// Columns: who asks, and what they are to the documents of the house.
const ROLES: [(&str, &str); 8] = [
    ("initiator", "created every document"),
    ("head", "approves the one, approved the others"),
    ("lawyer", "approved with a remark"),
    ("signatory", "holds the task of signing"),
    ("accountant", "has no part in any of them"),
    ("auditor", "sees all of the organisation"),
    ("compliance", "sees all of the organisation"),
    ("administrator", "manages people, sees no documents"),
];

/// Changes that leave no event for these senders: an unknown address, a login that fails, a file
/// or a text that is checked and forgotten, consents that were given before; what one has read.
const SILENT: [&str; 14] = [
    "/tasks/news/seen",
    "/api/v1/news/seen",
    "/password/reset",
    "/api/v1/password/reset",
    "/login",
    "/verify",
    "/api/v1/verify",
    "/s/consents",
    "/api/v1/link/consents",
    "/tasks/{task}/sign/consents",
    "/api/v1/tasks/{task}/consents",
    "/workflows/{workflow}/check",
    "/workflows/{workflow}/edit",
    "/api/v1/workflows/{workflow}/check",
];

/// Changes in two transactions with an event each: a certificate is issued and then a signature
/// made with it.
const IN_TWO_STEPS: [&str; 4] = [
    "/s/sign",
    "/api/v1/link/signature",
    "/tasks/{task}/sign",
    "/api/v1/tasks/{task}/signature",
];

/// How many events an accepted change leaves.
fn events_of(route: &Route, asker: &str) -> u64 {
    match route.path {
        // A person's language stands in their profile, a visitor's in a cookie.
        // Who is in already goes on with the visit.
        "/s" => u64::from(asker != "visitor"),
        "/language" => u64::from(!matches!(asker, "visitor" | "nobody")),
        path if SILENT.contains(&path) => 0,
        path if IN_TWO_STEPS.contains(&path) => 2,
        _ => 1,
    }
}

/// Somebody who asks, and how.
struct Column<'a> {
    name: &'static str,
    browser: Browser<'a>,
    /// The secret of a visit, for calls.
    visit: Option<String>,
}

struct Matrix<'a> {
    house: &'a TestApp,
    world: World,
    snapshot: Snapshot,
    asked: Cell<u32>,
    /// What must never be, whatever was agreed.
    wrong: RefCell<Vec<String>>,
}

impl Matrix<'_> {
    fn wrong(&self, what: String) {
        self.wrong.borrow_mut().push(what);
    }

    /// Asks, checks what every answer must keep, and puts the house back.
    async fn ask(&self, column: &Column<'_>, route: &Route) -> u16 {
        let path = aimed(route, &self.house.vector, &self.world);
        let before = events(self.house).await;
        let answer = self.send(column, route, &path).await;
        let (name, status) = (column.name, answer.status);
        if status >= 500 {
            self.wrong(format!(
                "{route:?} answered {status} to {name}: {}",
                answer.body
            ));
        }
        let written = events(self.house).await - before;
        let is_change = route.method != Verb::Get && status < 400;
        let expected = if is_change { events_of(route, name) } else { 0 };
        if written != expected {
            self.wrong(format!(
                "{route:?} ({status}, {name}) left {written} audit events"
            ));
        }
        if route.method != Verb::Get {
            self.snapshot.restore(self.house).await;
        }
        status
    }

    /// What must hold of a row whatever was agreed.
    fn check_row(&self, route: &Route, row: &BTreeMap<&str, u16>) {
        if route.audience != Audience::Person {
            return;
        }
        // Journals, kinds and workflows are named by the files of the server, which all have; what
        // is entered is each house's own (`runs::effects`).
        let shared = ["/journals/{journal}", "{kind}", "{workflow}"];
        let is_shared = shared.iter().any(|part| route.path.contains(part));
        if route.path.contains('{') && !is_shared && row["other"] != 404 {
            self.wrong(format!(
                "{route:?} answers {} to another house",
                row["other"]
            ));
        }
        for outsider in ["nobody", "visitor"] {
            let status = row[outsider];
            let is_page = route.method == Verb::Get && !route.is_api();
            if status != 401 && !(is_page && status == 303) {
                self.wrong(format!("{route:?} answers {status} to {outsider}"));
            }
        }
    }

    async fn send(&self, column: &Column<'_>, route: &Route, path: &str) -> super::browser::Answer {
        let (house, world) = (&self.house.vector, &self.world);
        let browser = &column.browser;
        let bearer = column.visit.as_ref().map(|visit| format!("Bearer {visit}"));
        let mut headers: Vec<(&str, &str)> = Vec::new();
        if let Some(bearer) = bearer.as_deref().filter(|_| route.is_api()) {
            headers.push(("authorization", bearer));
        }
        let method = route.method.method();
        if route.method == Verb::Get {
            let answer = browser.send("GET", path, &headers, String::new()).await;
            require_own_identifiers(path, &answer.body);
            return answer;
        }
        self.asked.set(self.asked.get() + 1);
        let key = format!("key {}", self.asked.get());
        let (media_type, body) = if route.is_api() {
            headers.extend([("idempotency-key", key.as_str()), ("if-match", "\"0\"")]);
            headers.push(("x-csrf-token", &browser.token));
            of_call(route, house, world)
        } else {
            let of = of_page(route, house, world, &browser.token);
            if of.0 == "application/json" {
                headers.push(("x-csrf-token", &browser.token));
            }
            of
        };
        headers.push(("content-type", &media_type));
        browser.send(method.as_str(), path, &headers, body).await
    }
}

/// Demands that no two elements of a page have one identifier: a label, a link to what is wrong and
/// a script would find the first of them.
fn require_own_identifiers(path: &str, page: &str) {
    if !page.starts_with("<!doctype html>") {
        return;
    }
    let mut known = std::collections::BTreeSet::new();
    for after in page.split(" id=\"").skip(1) {
        let id = after.split('"').next().unwrap_or_default();
        assert!(known.insert(id), "{path}: two elements are #{id}");
    }
}

async fn columns<'a>(
    house: &TestApp,
    served: &'a crate::support::Served,
    world: &World,
) -> Vec<Column<'a>> {
    let mut columns = Vec::new();
    for (name, _) in ROLES {
        columns.push(Column {
            name,
            browser: Browser::of(house, served, house.vector.person(name)).await,
            visit: None,
        });
    }
    columns.push(Column {
        name: "visitor",
        browser: Browser::of_visit(served, &world.visit),
        visit: Some(world.visit.clone()),
    });
    columns.push(Column {
        name: "nobody",
        browser: Browser::visitor(served),
        visit: None,
    });
    let stranger = all_powerful(house).await;
    columns.push(Column {
        name: "other",
        browser: Browser::of(house, served, stranger).await,
        visit: None,
    });
    columns
}

/// A person of the other organisation who may do there whatever anybody may: what they do not get
/// here is kept from them by the organisation alone.
async fn all_powerful(house: &TestApp) -> PersonId {
    let stranger = house.northwind.person("administrator");
    for role in [
        "auditor",
        "compliance_officer",
        "clerk",
        "lawyer",
        "signatory",
    ] {
        let row = person_roles::ActiveModel {
            id: Set(chancery::entropy::id(house.app.now())),
            organisation_id: Set(house.northwind.organisation.uuid()),
            person_id: Set(stranger.uuid()),
            role: Set(role.to_owned()),
            department_id: Set(None),
        };
        row.insert(house.app.store.writer()).await.expect("a role");
    }
    stranger
}

fn heading(columns: &[Column<'_>]) -> String {
    let mut text = String::from(
        "# What each asker gets from every page and call: status codes. Every cell is asked of the same\n\
         # house: a draft, a document with its head, one with our signatory (with a remark), one with the\n\
         # counterparty (with a question). Refresh: CHANCERY_TEST_REFRESH=1, then review the difference.\n",
    );
    for (name, what) in ROLES {
        let _ = writeln!(text, "#   {name}: {what}");
    }
    text.push_str(
        "#   visitor: came through the counterparty's link, read all, gave both consents\n\
         #   nobody: no session\n\
         #   other: who holds every role in another organisation, with this one's identifiers\n",
    );
    for column in columns {
        let _ = write!(
            text,
            "{:>width$}",
            column.name,
            width = column.name.len().max(4) + 2
        );
    }
    text.push_str("  route\n");
    text
}

/// Goal: what each asker gets from each page and call is decided on purpose, another organisation's
/// rows do not exist whatever the method, and every change leaves exactly one audit event. Method:
/// the whole table of routes against a house where every identifier leads to something; each change
/// is undone before the next question.
#[tokio::test]
async fn the_access_matrix_is_as_agreed() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        // The clock stands, so a minute never ends here.
        config.rate_limits.login_per_minute = 10_000;
        config.rate_limits.link_per_minute = 10_000;
        config.rate_limits.verify_per_minute = 10_000;
    })
    .await;
    let world = World::of(&house).await;
    let served = house.serve();
    let columns = columns(&house, &served, &world).await;
    let matrix = Matrix {
        snapshot: Snapshot::take(&house).await,
        house: &house,
        world,
        asked: Cell::new(0),
        wrong: RefCell::default(),
    };
    let mut text = heading(&columns);
    let mut routes: Vec<Route> = all()
        .filter(|r| r.audience != Audience::Operation)
        .collect();
    routes.sort_by_key(|route| format!("{} {}", route.path, route.method.method()));
    for route in &routes {
        let mut row = BTreeMap::new();
        for column in &columns {
            let status = matrix.ask(column, route).await;
            let width = column.name.len().max(4) + 2;
            let _ = write!(text, "{status:>width$}");
            row.insert(column.name, status);
        }
        let _ = writeln!(text, "  {route:?}");
        matrix.check_row(route, &row);
    }
    compare(&text);
    let wrong = matrix.wrong.take();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    served.stop().await;
    house.close().await;
}

fn compare(text: &str) {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/golden/access-matrix.txt"
    );
    if setting("CHANCERY_TEST_REFRESH").is_some() {
        std::fs::write(file, text).expect("written");
    }
    let agreed = std::fs::read_to_string(file).unwrap_or_default();
    let differing: Vec<&str> = text
        .lines()
        .filter(|line| !agreed.lines().any(|known| known == *line))
        .collect();
    assert!(
        text == agreed,
        "refresh {file} and review the difference; new or changed lines:\n{}",
        differing.join("\n")
    );
}
