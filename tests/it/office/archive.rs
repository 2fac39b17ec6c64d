//! The archive: what lies there is offered nowhere and stays where it stands.

use chancery::app::AppError;
use chancery::app::archive::Way;
use chancery::app::counterparties::CounterpartyDraft;
use chancery::app::organisations::DepartmentDraft;
use chancery::store::entity::audit_events;
use chancery_types::id::CounterpartyId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{call, call_at};
use crate::documents::paper::{card, create};
use crate::guards::Browser;
use crate::support::{TestApp, on_both, pdfs};

async fn events(house: &TestApp, action: &str) -> u64 {
    audit_events::Entity::find()
        .filter(audit_events::Column::Action.eq(action))
        .count(house.app.store.reader())
        .await
        .expect("a count")
}

fn code(answer: Result<(), AppError>) -> String {
    match answer.expect_err("refused") {
        AppError::Refused { code, .. } => code.to_owned(),
        other => format!("{other:?}"),
    }
}

/// Goal: an archived counterparty and its contacts leave lists and forms; documents that name it
/// keep it and can still be edited. Method: pages, a new document, an old one.
#[tokio::test]
async fn an_archived_counterparty_is_offered_nowhere_and_stays_in_its_documents() {
    on_both(async |house: &TestApp| {
        let initiator = house.actor("initiator");
        let old = create(house, &pdfs::contract("старый")).await;
        let old = old.expect("a document");
        let served = house.serve();
        let browser = Browser::of(house, &served, house.vector.person("initiator")).await;
        let id = house.vector.counterparty;
        let archived = browser
            .post(&format!("/counterparties/{id}/archive"), "row_version=0")
            .await;
        assert_eq!(archived.status, 303, "{}", archived.body);
        assert_eq!(events(house, "counterparty.archived").await, 1);
        let list = browser.get("/counterparties").await.body;
        assert!(!list.contains("Ромашка"), "{list}");
        let archive = browser.get("/counterparties?archived=1").await.body;
        assert!(archive.contains("Ромашка"), "{archive}");
        let form = browser.get("/documents/new?kind=contract").await.body;
        assert!(
            !form.contains("Ромашка") && !form.contains("Иван Иванов"),
            "{form}"
        );
        let refused = create(house, &pdfs::contract("новый")).await;
        let refused = format!("{:?}", refused.expect_err("refused"));
        assert!(refused.contains("not-a-choice"), "{refused}");
        let sheet = browser.get(&format!("/documents/{}", old.id)).await.body;
        assert!(
            sheet.contains("Ромашка") && sheet.contains("Иван Иванов"),
            "{sheet}"
        );
        let form = browser
            .get(&format!("/documents/{}/edit", old.id))
            .await
            .body;
        assert!(form.contains("Ромашка"), "{form}");
        let version = house
            .app
            .document_sheet(&initiator, old.id, None)
            .await
            .expect("a sheet")
            .document
            .row_version;
        let card = card(&house.vector);
        let edited = house
            .app
            .edit_document(&initiator, old.id, version, "Новое название", &card)
            .await;
        edited.expect("the document keeps what it named");
        let contact = house
            .app
            .load_contact(&initiator, house.vector.contact)
            .await;
        assert_eq!(contact.expect("a contact").archived_at, None);
        let refused = browser
            .post(
                &format!("/counterparties/{id}/contacts"),
                "name=A&email=a%40b.example&locale=ru",
            )
            .await;
        assert_eq!(refused.status, 409);
        let restored = browser
            .post(&format!("/counterparties/{id}/restore"), "row_version=1")
            .await;
        assert_eq!(restored.status, 303, "{}", restored.body);
        assert_eq!(events(house, "counterparty.restored").await, 1);
        let form = browser.get("/documents/new?kind=contract").await.body;
        assert!(form.contains("Ромашка»: Иван Иванов"), "{form}");
        served.stop().await;
    })
    .await;
}

/// Goal: an edit does not take a counterparty out of the archive. Method: edit it there.
#[tokio::test]
async fn an_edit_leaves_what_is_archived_in_the_archive() {
    on_both(async |house: &TestApp| {
        let actor = house.actor("initiator");
        let id: CounterpartyId = house.vector.counterparty;
        let app = &house.app;
        app.archive_counterparty(&actor, id, 0, Way::In)
            .await
            .expect("archived");
        let draft = CounterpartyDraft {
            name: "Ромашка плюс".to_owned(),
            tax_ids: chancery::app::checks::TaxIds {
                country: "DE".to_owned(),
                ..Default::default()
            },
            address: None,
        };
        app.edit_counterparty(&actor, id, 1, &draft)
            .await
            .expect("edited");
        let (card, _) = app.load_counterparty(&actor, id).await.expect("a card");
        assert!(card.archived_at.is_some());
        let twice = app.archive_counterparty(&actor, id, 2, Way::In).await;
        assert_eq!(code(twice), "already-archived");
        let stale = app.archive_counterparty(&actor, id, 1, Way::Out).await;
        assert!(matches!(stale, Err(AppError::Stale)));
        let foreign = house.northwind.actor("administrator");
        let hidden = app.archive_counterparty(&foreign, id, 2, Way::Out).await;
        assert!(matches!(hidden, Err(AppError::Hidden)));
    })
    .await;
}

/// Goal: the same for a contact, by the API, with its version. Method: archive, look, restore.
#[tokio::test]
async fn an_archived_contact_leaves_lists_and_forms_until_it_is_restored() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let browser = Browser::of(house, &served, house.vector.person("initiator")).await;
        let (id, owner) = (house.vector.contact, house.vector.counterparty);
        let path = format!("/api/v1/contacts/{id}");
        let bare = call(&browser, "POST", &format!("{path}/archive"), Value::Null).await;
        assert_eq!(bare.status, 428, "{}", bare.body);
        let archive = format!("{path}/archive");
        let done = call_at(&browser, "POST", &archive, Value::Null, 0).await;
        assert_eq!(done.status, 204, "{}", done.body);
        let told = call(&browser, "GET", &path, Value::Null).await;
        assert_eq!(told.headers["etag"], "\"1\"");
        assert!(told.body["archived_at"].is_string(), "{}", told.body);
        let contacts = format!("/api/v1/counterparties/{owner}/contacts");
        let count = async |path: &str| {
            let told = call(&browser, "GET", path, Value::Null).await;
            told.body["rows"].as_array().expect("rows").len()
        };
        assert_eq!(count(&contacts).await, 0);
        assert_eq!(count(&format!("{contacts}?archived=true")).await, 1);
        let form = browser.get("/documents/new?kind=contract").await.body;
        assert!(
            form.contains("Ромашка") && !form.contains("Иван Иванов"),
            "{form}"
        );
        let page = browser.get(&format!("/counterparties/{owner}")).await.body;
        assert!(page.contains("В архиве 1 контактное лицо"), "{page}");
        let stale = call_at(&browser, "POST", &format!("{path}/restore"), Value::Null, 0).await;
        assert_eq!(stale.status, 412);
        let done = call_at(&browser, "POST", &format!("{path}/restore"), Value::Null, 1).await;
        assert_eq!(done.status, 204, "{}", done.body);
        assert_eq!(count(&contacts).await, 1);
        served.stop().await;
    })
    .await;
}

/// Goal: a department is archived only when nothing stands in it, and comes back under one that is
/// there. Method: with people, with a department beneath, empty.
#[tokio::test]
async fn a_department_is_archived_only_when_it_is_empty() {
    on_both(async |house: &TestApp| {
        let administrator = house.actor("administrator");
        let app = &house.app;
        let finance = house.vector.departments["finance"];
        let busy = app
            .archive_department(&administrator, finance, 0, Way::In)
            .await;
        assert_eq!(code(busy), "department-in-use");
        let make = async |key: &str, parent| {
            let draft = DepartmentDraft {
                key: key.to_owned(),
                name: key.to_owned(),
                parent,
                head: None,
            };
            let made = app.create_department(&administrator, &draft).await;
            made.expect("a department")
        };
        let upper = make("upper", None).await;
        let lower = make("lower", Some(upper)).await;
        let under = app
            .archive_department(&administrator, upper, 0, Way::In)
            .await;
        assert_eq!(code(under), "department-in-use");
        let employee = house.actor("lawyer");
        let hidden = app.archive_department(&employee, lower, 0, Way::In).await;
        assert!(matches!(hidden, Err(AppError::Hidden)));
        for id in [lower, upper] {
            app.archive_department(&administrator, id, 0, Way::In)
                .await
                .expect("archived");
        }
        let served = house.serve();
        let person = house.vector.person("administrator");
        let browser = Browser::of(house, &served, person).await;
        let form = browser.get("/people/new").await.body;
        assert!(!form.contains("upper") && !form.contains("lower"), "{form}");
        let page = browser.get("/organisation").await.body;
        assert!(page.contains("В архиве 2 подразделения"), "{page}");
        let orphan = app
            .archive_department(&administrator, lower, 1, Way::Out)
            .await;
        assert_eq!(code(orphan), "department-parent-archived");
        let taken = call(
            &browser,
            "POST",
            "/api/v1/departments",
            json!({"key": "upper", "name": "x"}),
        );
        assert_eq!(
            taken.await.status,
            422,
            "the key is still the archived one's"
        );
        let path = format!("/departments/{upper}/restore");
        assert_eq!(browser.post(&path, "row_version=1").await.status, 303);
        let path = format!("/api/v1/departments/{lower}/restore");
        let done = call_at(&browser, "POST", &path, Value::Null, 1).await;
        assert_eq!(done.status, 204, "{}", done.body);
        assert_eq!(events(house, "department.restored").await, 2);
        served.stop().await;
    })
    .await;
}
