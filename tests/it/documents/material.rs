//! What makes a new version of a document: what its chain says.

use chancery::app::documents::Created;
use chancery::app::intake::Repair;
use chancery::app::versions::VersionUpload;
use chancery_types::FieldValue;
use chancery_types::id::DocumentId;
use chancery_workflow::Decision;
use tempfile::TempDir;

use super::paper::{card, contract, create, upload};
use crate::runs::own::chains_like;
use crate::runs::paper::{Paper, code};
use crate::support::{Backend, TestApp, pdfs};

/// The fields that the chain of contracts names.
const FIELDS: &str = "  fields: [counterparty, counterparty_contact, subject, amount, \
     payment_days, valid_until, department, executor, new_counterparty, personal_data]\n";

/// A house whose chain of contracts says this of what makes a version, and carries no vote.
async fn house_with_material(backend: &Backend, material: &str) -> (TestApp, TempDir) {
    let folder = chains_like(|chain| {
        assert!(chain.contains(FIELDS), "{chain}");
        let (chain, _) = chain.split_once("\ntests:\n").expect("examples");
        let chain = chain.replace(FIELDS, material);
        let lines = chain.lines().filter(|line| !line.contains(" carry: "));
        lines.map(|line| format!("{line}\n")).collect()
    });
    let directory = folder.path().to_owned();
    let house = TestApp::start_with(backend, |config| config.workflows.directory = directory);
    (house.await, folder)
}

async fn attaches(
    house: &TestApp,
    id: DocumentId,
    names: &[&str],
) -> Result<Created, chancery::app::AppError> {
    let (app, olga) = (&house.app, house.actor("initiator"));
    let file = |name: &&str| upload("attachments", name, name.as_bytes()).expect("a file");
    let next = VersionUpload {
        main: Some(upload("main", "Договор.pdf", &pdfs::contract("тот же")).expect("a file")),
        attachments: names.iter().map(file).collect(),
        keep: Vec::new(),
        comment: String::new(),
        repair: Repair::Offer,
    };
    let sheet = app.document_sheet(&olga, id, None).await.expect("a sheet");
    app.add_version(&olga, id, sheet.document.row_version, next)
        .await
}

async fn digest(house: &TestApp, id: DocumentId) -> String {
    let sheet = house
        .app
        .document_sheet(&house.actor("initiator"), id, None)
        .await;
    sheet.expect("a sheet").version.digest
}

/// Goal: where the chain leaves attachments out, other attachments change no digest and take no
/// vote away, and what is attached is kept with the version that it came with; where it does not,
/// they do both. Method: both databases; a draft, a return, one round more.
#[tokio::test]
async fn attachments_make_a_version_unless_the_chain_leaves_them_out() {
    for backend in Backend::all() {
        for (material, is_left_out) in [
            (format!("  files: [main]\n{FIELDS}"), true),
            (format!("  files: [main, attachments]\n{FIELDS}"), false),
        ] {
            let (house, _folder) = house_with_material(&backend, &material).await;
            let created = create(&house, &pdfs::contract("тот же")).await;
            let id = created.expect("a document").id;
            let first = digest(&house, id).await;
            let second = attaches(&house, id, &["смета.txt"])
                .await
                .expect("attached");
            assert_eq!(second.version, 2);
            assert_eq!(digest(&house, id).await == first, is_left_out);
            let again = attaches(&house, id, &["смета.txt"]).await;
            assert_eq!(
                code(&again.expect_err("nothing new")),
                "version-same-content"
            );

            let olga = house.actor("initiator");
            house.app.start_run(&olga, id).await.expect("started");
            let paper = Paper { house: &house, id };
            paper.approves("head").await;
            // All remarks come back at once.
            paper.approves("accountant").await;
            paper
                .decides("lawyer", Decision::Return, "the estimate")
                .await;
            attaches(&house, id, &["смета 2.txt"])
                .await
                .expect("attached");
            let answered = house.app.resubmit_run(&olga, id, Some("attached")).await;
            answered.expect("sent round");
            let waiting = paper.waiting().await;
            assert_eq!(!waiting.contains("manager: head"), is_left_out, "{waiting}");
            let names = house.app.list_attachments(&olga, id).await;
            let names: Vec<String> = names
                .expect("attachments")
                .into_iter()
                .map(|one| one.name)
                .collect();
            assert_eq!(names, ["смета 2.txt"]);
            let before = house.app.open_attachment(&olga, id, 2, 1).await;
            assert_eq!(before.expect("kept").name, "смета.txt");
            house.close().await;
        }
    }
}

/// Goal: the fields that the chain names make a version and no others, whatever the kind says of
/// them; what makes none is shown as it is now. Method: both databases; a field of each sort.
#[tokio::test]
async fn the_fields_that_the_chain_names_make_a_version() {
    for backend in Backend::all() {
        let fields = "  fields: [counterparty, counterparty_contact, amount, \
                      payment_days, valid_until, department, executor, new_counterparty, \
                      personal_data, account]\n";
        let (house, _folder) = house_with_material(&backend, fields).await;
        let (app, olga) = (&house.app, house.actor("initiator"));
        let new = contract(&house.vector, &pdfs::contract("тот же")).expect("a document");
        let id = app.create_document(&olga, new).await.expect("created").id;
        let first = digest(&house, id).await;
        for (name, value, version) in [
            ("subject", "Поставка картона", None),
            ("account", "60.01", Some(2)),
            ("amount", "2 000,00", Some(3)),
        ] {
            let mut given = card(&house.vector);
            given.insert("subject".to_owned(), "Поставка картона".to_owned());
            if version == Some(3) {
                given.insert("account".to_owned(), "60.01".to_owned());
            }
            given.insert(name.to_owned(), value.to_owned());
            let sheet = app.document_sheet(&olga, id, None).await.expect("a sheet");
            let row_version = sheet.document.row_version;
            let edited = app
                .edit_document(&olga, id, row_version, "Договор поставки", &given)
                .await;
            assert_eq!(edited.expect("edited").new_version, version, "{name}");
            let shown = app.document_sheet(&olga, id, None).await.expect("a sheet");
            let subject = shown.card.get("subject");
            let is_new = |text: &String| text.contains("картона");
            assert!(
                matches!(subject, Some(FieldValue::Text(text)) if is_new(text)),
                "{name}"
            );
        }
        assert_ne!(digest(&house, id).await, first);
        house.close().await;
    }
}
