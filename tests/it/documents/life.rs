//! What becomes of a document that came in well.

use chancery::app::AppError;
use chancery::app::documents::DocumentQuery;
use chancery::app::intake::Repair;
use chancery::app::page::PageRequest;
use chancery::app::versions::VersionUpload;
use chancery::domain::access::{Action, Decision, Resource, decide};
use chancery::store::entity::{documents, versions};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};

use super::paper::{card, create, rows, upload};
use crate::support::{TestApp, on_both, pdfs};

fn everything() -> PageRequest {
    PageRequest {
        after: None,
        rows_max: 50,
    }
}

fn next(bytes: &[u8]) -> VersionUpload {
    VersionUpload {
        main: Some(upload("main", "Договор 2.pdf", bytes).expect("a file")),
        attachments: vec![upload("attachments", "смета.txt", b"1").expect("a file")],
        comment: "Срок 30 дней".to_owned(),
        keep: Vec::new(),
        repair: Repair::Offer,
    }
}

#[tokio::test]
async fn a_contract_comes_in_and_is_shown_with_its_pages() {
    on_both(async |house: &TestApp| {
        let olga = house.actor("initiator");
        let created = create(house, &pdfs::contract("первый"))
            .await
            .expect("a document");
        assert!(created.duplicates.is_empty() && !created.is_repaired);
        assert_eq!(rows(house).await, [1, 1, 0, 1, 1, 1]);
        let sheet = house
            .app
            .document_sheet(&olga, created.id, None)
            .await
            .expect("a sheet");
        assert_eq!(sheet.document.state, "draft");
        assert_eq!(sheet.pages.len(), 1);
        assert_eq!(sheet.pages[0].text, None);
        assert_eq!(sheet.history[0].action, "document.created");

        let shown = house
            .app
            .see_page(&olga, created.id, None, 1)
            .await
            .expect("a page");
        assert!(shown.png.starts_with(b"\x89PNG"));
        let again = house
            .app
            .see_page(&olga, created.id, None, 1)
            .await
            .expect("a page");
        assert_eq!(again.digest, shown.digest);
        let none = house.app.see_page(&olga, created.id, None, 2).await;
        assert!(matches!(none, Err(AppError::Hidden)));
        let sheet = house
            .app
            .document_sheet(&olga, created.id, None)
            .await
            .expect("a sheet");
        let text = sheet.pages[0].text.as_deref().expect("a text");
        assert!(
            text.contains("Поставка бумаги на сумму 1 250 000,00"),
            "{text}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_new_version_keeps_the_old_one_and_is_compared_with_it() {
    on_both(async |house: &TestApp| {
        let olga = house.actor("initiator");
        let created = create(house, &pdfs::contract("за 10 дней"))
            .await
            .expect("a document");
        let row = house
            .app
            .document_for(&olga, created.id, Action::SeeDocument)
            .await;
        let row_version = row.expect("a row").row_version;
        let added = house
            .app
            .add_version(
                &olga,
                created.id,
                row_version,
                next(&pdfs::contract("за 30 дней")),
            )
            .await
            .expect("a version");
        assert_eq!(added.version, 2);
        let stale = house
            .app
            .add_version(
                &olga,
                created.id,
                row_version,
                next(&pdfs::contract("за 40 дней")),
            )
            .await;
        assert!(matches!(stale, Err(AppError::Stale)));
        let compared = house
            .app
            .compare_versions(&olga, created.id, Some(1), Some(2))
            .await
            .expect("a comparison");
        let changed: Vec<String> = compared.pages[0]
            .pieces
            .iter()
            .filter(|piece| piece.change != chancery::domain::comparison::Change::Same)
            .map(|piece| format!("{:?} {}", piece.change, piece.text.trim()))
            .collect();
        assert_eq!(changed, ["Removed 10", "Added 30"]);
    })
    .await;
}

#[tokio::test]
async fn a_material_change_of_the_card_is_a_new_version_and_another_is_not() {
    let house = TestApp::single().await;
    let olga = house.actor("initiator");
    let created = create(&house, &pdfs::contract("карточка"))
        .await
        .expect("a document");
    let see = async || {
        let row = house
            .app
            .document_for(&olga, created.id, Action::SeeDocument)
            .await;
        row.expect("a row")
    };
    let mut changed = card(&house.vector);
    changed.insert("urgent".to_owned(), "true".to_owned());
    let version = see().await.row_version;
    let edited = house
        .app
        .edit_document(&olga, created.id, version, "Новое имя", &changed)
        .await;
    let edited = edited.expect("edited");
    assert_eq!(edited.new_version, None);
    assert_eq!(edited.row.row_version, see().await.row_version);
    let all = versions::Entity::find()
        .all(house.app.store.reader())
        .await
        .expect("versions");
    assert_eq!(all.len(), 1);
    changed.insert("amount".to_owned(), "2 000 000".to_owned());
    let edited = house
        .app
        .edit_document(
            &olga,
            created.id,
            edited.row.row_version,
            "Новое имя",
            &changed,
        )
        .await;
    assert_eq!(edited.expect("edited").new_version, Some(2));
    let all = versions::Entity::find()
        .all(house.app.store.reader())
        .await
        .expect("versions");
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].main_digest, all[1].main_digest);
    assert_ne!(all[0].digest, all[1].digest);
    house.close().await;
}

#[tokio::test]
async fn the_same_file_is_noticed_only_by_those_who_may_see_the_other_document() {
    on_both(async |house: &TestApp| {
        let bytes = pdfs::contract("двойник");
        let first = create(house, &bytes).await.expect("a document");
        let second = create(house, &bytes).await.expect("a document");
        let found: Vec<_> = second.duplicates.iter().map(|twin| twin.id).collect();
        assert_eq!(found, [first.id]);
        let new = super::paper::contract(&house.vector, &bytes).expect("a contract");
        let stranger = house.actor("accountant");
        let third = house
            .app
            .create_document(&stranger, new)
            .await
            .expect("a document");
        assert!(third.duplicates.is_empty());
    })
    .await;
}

#[tokio::test]
async fn another_organisation_finds_nothing_and_the_list_agrees_with_the_law() {
    on_both(async |house: &TestApp| {
        let created = create(house, &pdfs::contract("свой"))
            .await
            .expect("a document");
        let stranger = house.northwind.actor("initiator");
        let hidden = |answer: Result<(), AppError>| matches!(answer, Err(AppError::Hidden));
        let (app, id) = (&house.app, created.id);
        assert!(hidden(
            app.document_sheet(&stranger, id, None).await.map(drop)
        ));
        assert!(hidden(app.see_page(&stranger, id, None, 1).await.map(drop)));
        assert!(hidden(app.open_main_file(&stranger, id, 1).await.map(drop)));
        assert!(hidden(
            app.open_attachment(&stranger, id, 1, 1).await.map(drop)
        ));
        assert!(hidden(
            app.compare_versions(&stranger, id, None, None)
                .await
                .map(drop)
        ));
        assert!(hidden(app.document_history(&stranger, id).await.map(drop)));
        let version = next(&pdfs::contract("чужой"));
        assert!(hidden(
            app.add_version(&stranger, id, 1, version).await.map(drop)
        ));
        let edit = app
            .edit_document(&stranger, id, 1, "x", &card(&house.vector))
            .await;
        assert!(hidden(edit.map(drop)));
        let query = DocumentQuery::default();
        let list = app
            .list_documents(&stranger, &query, &everything())
            .await
            .expect("a list");
        assert!(list.rows.is_empty());

        let row = documents::Entity::find()
            .one(app.store.reader())
            .await
            .expect("a row");
        let row = row.expect("the document");
        for key in [
            "initiator",
            "head",
            "lawyer",
            "cfo",
            "clerk",
            "auditor",
            "administrator",
        ] {
            let actor = house.actor(key);
            let listed = app
                .list_documents(&actor, &query, &everything())
                .await
                .expect("a list");
            let facts = chancery::domain::access::DocumentFacts {
                stand_ins: Vec::new(),
                organisation: row.organisation_id.into(),
                initiator: row.initiator_id.into(),
                department: row.department_id.map(Into::into),
                participants: Vec::new(),
                owners: Vec::new(),
                reworkers: Vec::new(),
                contacts: Vec::new(),
            };
            let seen = decide(&actor, Action::SeeDocument, &Resource::Document(facts));
            assert_eq!(seen == Decision::Allowed, !listed.rows.is_empty(), "{key}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_search_folds_russian_letters_and_looks_at_the_counterparty() {
    on_both(async |house: &TestApp| {
        create(house, &pdfs::contract("поиск"))
            .await
            .expect("a document");
        let olga = house.actor("initiator");
        let found = async |words: &str| {
            let query = DocumentQuery {
                words: words.to_owned(),
                ..DocumentQuery::default()
            };
            let list = house.app.list_documents(&olga, &query, &everything()).await;
            list.expect("a list").rows.len()
        };
        assert_eq!(found("ПОСТАВКИ ромашка").await, 1);
        assert_eq!(found("поставки лютик").await, 0);
        assert_eq!(found("100%").await, 0);
        assert_eq!(found("_").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_stored_version_cannot_be_changed_by_anybody() {
    on_both(async |house: &TestApp| {
        create(house, &pdfs::contract("вечный"))
            .await
            .expect("a document");
        for statement in [
            "UPDATE versions SET main_name = 'x'",
            "DELETE FROM versions",
            "UPDATE audit_events SET action = 'x'",
        ] {
            let changed = house.app.store.writer().execute_unprepared(statement).await;
            assert!(changed.is_err(), "{statement}");
        }
    })
    .await;
}

#[tokio::test]
async fn sixteen_starts_at_once_take_sixteen_numbers_without_a_gap() {
    on_both(async |house: &TestApp| {
        let olga = house.actor("initiator");
        let mut ids = Vec::new();
        for number in 0..16 {
            let bytes = pdfs::contract(&format!("номер {number}"));
            ids.push(create(house, &bytes).await.expect("a document").id);
        }
        let starts = ids.iter().map(|id| house.app.start_run(&olga, *id));
        for started in futures::future::join_all(starts).await {
            started.expect("started");
        }
        let rows = documents::Entity::find()
            .all(house.app.store.reader())
            .await
            .expect("rows");
        let mut numbers: Vec<String> = rows
            .into_iter()
            .filter_map(|row| row.registration_number)
            .collect();
        numbers.sort();
        let expected: Vec<String> = (1..=16).map(|n| format!("Д-2026-{n:05}")).collect();
        assert_eq!(numbers, expected);
    })
    .await;
}
