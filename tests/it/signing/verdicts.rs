//! The verdict on the document's page: every signature in words, never greener than proven.

use bytes::Bytes;
use chancery::app::AppError;
use chancery::blob::BlobSource;
use chancery::store::entity::{documents, people, signed_copies, versions};
use chancery_types::Digest;
use chancery_types::id::DocumentId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _};

use super::contract::Contract;
use crate::documents::paper::create;
use crate::guards::Browser;
use crate::support::{Served, TestApp, on_both};
use crate::verify::signed::{Authority, small_pdf};

/// The document's page as this person reads it.
/// A document's page. The server goes on: what it opened is used by the test too.
async fn page(house: &TestApp, served: &Served, key: &str, id: DocumentId) -> String {
    let browser = Browser::of(house, served, house.vector.person(key)).await;
    let answer = browser.get(&format!("/documents/{id}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn reads_english(house: &TestApp, key: &str) {
    let row = people::Entity::find_by_id(house.vector.person(key).uuid());
    let row = row
        .one(house.app.store.reader())
        .await
        .expect("rows")
        .expect("a person");
    let mut row: people::ActiveModel = row.into();
    row.locale = Set(Some("en".to_owned()));
    row.update(house.app.store.writer()).await.expect("kept");
}

fn demand(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "no {text:?} in {page}");
    }
}

/// The only signed copy's row.
async fn copy_of(house: &TestApp) -> signed_copies::Model {
    let rows = signed_copies::Entity::find()
        .all(house.app.store.writer())
        .await;
    let mut rows = rows.expect("rows");
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

/// Puts another file in the place of the signed copy, past every check: what a hand in the database
/// could do.
async fn replace_copy(house: &TestApp, digest: &Digest) {
    let mut row: signed_copies::ActiveModel = copy_of(house).await.into();
    row.digest = Set(digest.hex());
    row.update(house.app.store.writer()).await.expect("kept");
}

/// Goal: who, when, by which key, over which bytes, what came after, the chain and the conclusion
/// stand on the page, in Russian and in English, in the certificate's words.
#[tokio::test]
async fn a_signed_document_s_page_tells_who_signed_and_what_that_is_worth() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let served = house.serve();
        let russian = page(house, &served, "initiator", contract.id).await;
        demand(
            &russian,
            &[
                "Подпись действительна.",
                "Файл не менялся после подписания.",
                "data-indication=\"TOTAL-PASSED\"",
                "Виктор Егоров",
                "штамп времени",
                "P-256",
                "весь файл",
                "ничего не добавлено и не изменено",
                "Цепочка доверия",
                "Проверен подписанный экземпляр версии 1.",
                "/versions/1/signed.pdf",
            ],
        );
        reads_english(house, "head").await;
        let english = page(house, &served, "head", contract.id).await;
        demand(
            &english,
            &[
                "The signature is valid.",
                "data-indication=\"TOTAL-PASSED\"",
                "the whole file",
                "The signed copy of version 1 was checked.",
            ],
        );
    })
    .await;
}

/// Goal: the protocol of the check is saved from the page and by call, in both forms and in the
/// reader's language, by those alone who may see the document. Method: a signed contract.
#[tokio::test]
async fn the_protocol_of_a_check_is_a_paper() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let russian = page(&house, &served, "initiator", contract.id).await;
    let path = format!("/documents/{}/versions/1/protocol", contract.id);
    demand(&russian, &[&format!("href=\"{path}?form=html\"")]);
    let browser = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let html = browser.get(&format!("{path}?form=html")).await;
    assert_eq!(html.status, 200, "{}", html.body);
    let digest = copy_of(&house).await.digest;
    demand(
        &html.body,
        &[
            "Протокол проверки электронной подписи",
            "Подпись действительна.",
            "TOTAL-PASSED",
            "Виктор Егоров",
            "PAdES B-T",
            &digest,
            "<html lang=\"ru\">",
        ],
    );
    assert!(!html.body.contains("<script"));
    let json = browser.get(&format!("{path}?form=json")).await;
    let json: serde_json::Value = serde_json::from_str(&json.body).expect("JSON");
    assert_eq!(json["sha256"], digest);
    assert_eq!(json["indication"], "TOTAL-PASSED");
    assert_eq!(json["signatures"][0]["level"], "B-T");
    let call = format!("/api/v1{path}");
    for asked in [path.as_str(), call.as_str()] {
        let pdf = browser.get(asked).await;
        assert_eq!(pdf.status, 200, "{asked}");
        assert!(pdf.body.starts_with("%PDF-1.7"), "{asked}");
        let stranger = Browser::of(&house, &served, house.northwind.person("lawyer")).await;
        assert_eq!(stranger.get(asked).await.status, 404, "{asked}");
    }
    assert_eq!(browser.get(&format!("{path}?form=doc")).await.status, 400);
}

/// Goal: without signatures the page says so, without alarm and without praise.
#[tokio::test]
async fn an_unsigned_document_s_page_says_that_nobody_signed() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let served = house.serve();
    let russian = page(&house, &served, "initiator", contract.id).await;
    demand(&russian, &["Подписей в файле версии 1 нет."]);
    assert!(!russian.contains("data-verdict"), "{russian}");
    reads_english(&house, "initiator").await;
    let english = page(&house, &served, "initiator", contract.id).await;
    demand(
        &english,
        &["There are no signatures in the file of version 1."],
    );
    house.close().await;
}

/// Goal: a signature that came in with the file, by an issuer we do not know, is never green.
#[tokio::test]
async fn a_file_that_came_in_signed_by_strangers_is_undecided() {
    let house = TestApp::single().await;
    let created = create(&house, &Authority::new().sign_pdf(&small_pdf())).await;
    let served = house.serve();
    let shown = page(
        &house,
        &served,
        "initiator",
        created.expect("a document").id,
    )
    .await;
    demand(
        &shown,
        &[
            "data-indication=\"INDETERMINATE",
            "Проверить до конца нельзя.",
            "Издателя сертификата мы не знаем.",
            "Проверен файл версии 1 в том виде, в каком его принесли.",
        ],
    );
    assert!(!shown.contains("TOTAL-PASSED"), "{shown}");
    house.close().await;
}

/// Goal: a copy that was changed behind our back is failed with its reason; one that is gone leaves
/// the rest of the page readable and nothing green.
#[tokio::test]
async fn a_copy_that_was_changed_or_lost_in_storage_is_never_green() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let digest: Digest = copy_of(&house).await.digest.parse().expect("a digest");
    let organisation = house.vector.organisation;
    let good = house
        .app
        .blobs
        .get(organisation, &digest)
        .await
        .expect("the copy");
    let mut changed = good.to_vec();
    let word = b"(Contract)";
    let at = changed
        .windows(word.len())
        .position(|window| window == word)
        .expect("the word");
    changed[at + 1] = b'K';
    let digest = Digest::of(&changed);
    let source = BlobSource::Bytes(Bytes::from(changed));
    let kept = house
        .app
        .blobs
        .put(organisation, &digest, source, "application/pdf")
        .await;
    kept.expect("kept");
    replace_copy(&house, &digest).await;
    let served = house.serve();
    let shown = page(&house, &served, "initiator", contract.id).await;
    demand(
        &shown,
        &[
            "Не доверяйте этому файлу.",
            "data-indication=\"TOTAL-FAILED",
            "Содержимое изменили после подписания",
            "изменено то, что было подписано",
        ],
    );
    assert!(!shown.contains("ничего не добавлено"), "{shown}");
    replace_copy(&house, &Digest::of(b"never stored")).await;
    let shown = page(&house, &served, "initiator", contract.id).await;
    demand(
        &shown,
        &["Файл сейчас не читается из хранилища", "Поставка бумаги"],
    );
    assert!(!shown.contains("data-verdict"), "{shown}");
    house.close().await;
}

/// Goal: the newest version's page leads to the signed one, and a stranger learns nothing.
#[tokio::test]
async fn an_earlier_signed_version_is_one_click_away() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let writer = house.app.store.writer();
    let document = documents::Entity::find_by_id(contract.id.uuid())
        .one(writer)
        .await;
    let document = document.expect("rows").expect("the document");
    let first = versions::Entity::find_by_id(document.current_version_id.expect("a version"));
    let first = first.one(writer).await.expect("rows").expect("the version");
    let second = chancery::entropy::id(house.app.now());
    let row = versions::Model {
        id: second,
        number: 2,
        digest: Digest::of(b"2").hex(),
        ..first
    };
    versions::ActiveModel::from(row)
        .reset_all()
        .insert(writer)
        .await
        .expect("a version");
    let mut document: documents::ActiveModel = document.into();
    document.current_version_id = Set(Some(second));
    document.update(writer).await.expect("kept");

    let served = house.serve();
    let shown = page(&house, &served, "initiator", contract.id).await;
    let link = format!("/documents/{}?version=1#signatures", contract.id);
    demand(
        &shown,
        &[
            "Подписей в файле версии 2 нет.",
            "Подписана и версия 1",
            &link,
        ],
    );
    let stranger = house.northwind.actor("auditor");
    let hidden = house
        .app
        .version_verdict(&stranger, contract.id, None)
        .await;
    assert!(matches!(hidden, Err(AppError::Hidden)), "{hidden:?}");
    house.close().await;
}
