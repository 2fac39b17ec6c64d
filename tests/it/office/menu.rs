//! The menu: every link of it leads somewhere, for everybody who sees it.

use std::collections::BTreeSet;

use chancery::store::entity::person_roles;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::guards::Browser;
use crate::support::TestApp;

/// The addresses in the frame of a page.
fn links(page: &str) -> BTreeSet<String> {
    let start = page.find("<header class=\"shell\">").expect("a frame");
    let end = page.find("</header>").expect("its end");
    let frame = &page[start..end];
    let hrefs = frame.split("href=\"").skip(1);
    let hrefs = hrefs.filter_map(|rest| rest.split('"').next());
    hrefs.map(str::to_owned).collect()
}

const ROLES: [&str; 13] = [
    "initiator",
    "head",
    "lawyer",
    "second_lawyer",
    "finance",
    "accountant",
    "cfo",
    "signatory",
    "security",
    "compliance",
    "clerk",
    "auditor",
    "administrator",
];

/// Goal: no link of the menu leads nowhere, and none is missing for whom it is. Method: everybody's
/// menu, each link opened.
#[tokio::test]
async fn every_link_of_the_menu_opens_for_everybody_who_sees_it() {
    let house = TestApp::single().await;
    let served = house.serve();
    for role in ROLES {
        let browser = Browser::of(&house, &served, house.vector.person(role)).await;
        let found = links(&browser.get("/profile").await.body);
        for link in &found {
            let answer = browser.get(link).await;
            assert_eq!(answer.status, 200, "{role} follows {link}");
        }
        let is_offered = |link: &str| found.contains(link);
        let is_administrator = role == "administrator";
        assert_eq!(is_offered("/mail"), is_administrator, "{role}");
        assert_eq!(is_offered("/organisation"), is_administrator, "{role}");
        assert_eq!(is_offered("/calls"), is_administrator, "{role}");
        let sees_all = ["auditor", "compliance", "clerk"].contains(&role);
        assert_eq!(is_offered("/journals"), sees_all, "{role}");
        assert_eq!(is_offered("/workflows"), is_administrator, "{role}");
        let reads_log = ["auditor", "compliance"].contains(&role);
        assert_eq!(is_offered("/audit"), reads_log, "{role}");
        let is_officer = role == "compliance";
        assert_eq!(is_offered("/signatures"), is_officer, "{role}");
        assert!(is_offered("/documents/new"), "{role} is an employee");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: what a role may not do is not offered. Method: an auditor who is not an employee.
#[tokio::test]
async fn who_is_no_employee_is_offered_no_new_document_or_counterparty() {
    let house = TestApp::single().await;
    let auditor = house.vector.person("auditor");
    person_roles::Entity::delete_many()
        .filter(person_roles::Column::PersonId.eq(auditor.uuid()))
        .filter(person_roles::Column::Role.eq("employee"))
        .exec(house.app.store.writer())
        .await
        .expect("taken away");
    let served = house.serve();
    let browser = Browser::of(&house, &served, auditor).await;
    let counterparty = format!("/counterparties/{}", house.vector.counterparty);
    for path in ["/tasks", "/documents", "/counterparties", &counterparty] {
        let page = browser.get(path).await.body;
        assert!(page.contains("href=\"/audit\""), "{path}");
        for offer in [
            "/documents/new",
            "/counterparties/new",
            "/edit\"",
            "/archive\"",
        ] {
            assert!(!page.contains(offer), "{path} offers {offer}");
        }
    }
    served.stop().await;
    house.close().await;
}
