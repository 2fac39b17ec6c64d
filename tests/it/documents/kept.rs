//! What stays of what was there: attachments of the version before, words in a form that came late.

use chancery::app::AppError;
use chancery::app::intake::Repair;
use chancery::app::versions::VersionUpload;
use chancery_types::id::DocumentId;

use super::pages::Browser;
use super::paper::{contract, create, upload};
use crate::support::{TestApp, on_both, pdfs};

fn next(keep: Vec<i64>, added: &[&str]) -> VersionUpload {
    let file = |name: &&str| upload("attachments", name, name.as_bytes()).expect("a file");
    VersionUpload {
        main: Some(upload("main", "Договор 2.pdf", &pdfs::contract("второй")).expect("a file")),
        attachments: added.iter().map(file).collect(),
        keep,
        comment: String::new(),
        repair: Repair::Offer,
    }
}

/// Goal: attachments of the version before stay if they are marked, and only then; places that are
/// none are refused, and so are too many files together.
#[tokio::test]
async fn attachments_that_are_marked_stay() {
    on_both(async |house: &TestApp| {
        let (app, olga) = (&house.app, house.actor("initiator"));
        let mut new = contract(&house.vector, &pdfs::contract("первый")).expect("a document");
        new.attachments = ["смета.txt", "график.txt"]
            .map(|name| upload("attachments", name, name.as_bytes()).expect("a file"))
            .into();
        let id: DocumentId = app.create_document(&olga, new).await.expect("created").id;
        let tag = async || {
            let sheet = app.document_sheet(&olga, id, None).await;
            sheet.expect("a sheet").document.row_version
        };
        let strange = app
            .add_version(&olga, id, tag().await, next(vec![7], &[]))
            .await;
        assert!(
            matches!(strange, Err(AppError::Invalid { .. })),
            "{strange:?}"
        );
        let crowd: Vec<String> = (0..app.config.limits.attachments_max)
            .map(|number| format!("{number}.txt"))
            .collect();
        let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
        let crowded = app
            .add_version(&olga, id, tag().await, next(vec![1], &crowd))
            .await;
        assert!(
            matches!(crowded, Err(AppError::Invalid { .. })),
            "{crowded:?}"
        );
        app.add_version(&olga, id, tag().await, next(vec![2], &["акт.txt"]))
            .await
            .expect("a version");
        let rows = app.list_attachments(&olga, id).await.expect("attachments");
        let names: Vec<(i64, &str)> = rows
            .iter()
            .map(|row| (row.position, row.name.as_str()))
            .collect();
        assert_eq!(names, [(1, "график.txt"), (2, "акт.txt")]);
    })
    .await;
}

/// Goal: the form of a new version offers what is attached, marked; a document that takes no
/// changes offers no form, but the way back to itself.
#[tokio::test]
async fn forms_offer_only_what_they_can_keep() {
    let house = TestApp::single().await;
    let (app, olga) = (&house.app, house.actor("initiator"));
    let mut new = contract(&house.vector, &pdfs::contract("форма")).expect("a document");
    new.attachments = vec![upload("attachments", "смета.txt", b"1").expect("a file")];
    let id = app.create_document(&olga, new).await.expect("created").id;
    let browser = Browser::of(&house, "initiator").await;
    let form = browser.page(&format!("/documents/{id}/versions/new")).await;
    assert!(form.contains("name=\"keep\" value=\"1\" checked"), "{form}");
    app.start_run(&olga, id).await.expect("started");
    for page in ["edit", "versions/new"] {
        let answer = browser.get(&format!("/documents/{id}/{page}")).await;
        assert_eq!(answer.status().as_u16(), 409, "{page}");
        let html = answer.text().await.expect("a page");
        assert!(
            html.contains(&format!("href=\"/documents/{id}\"")),
            "{html}"
        );
    }
    browser.served.stop().await;
    house.close().await;
}

/// Goal: a card that was changed meanwhile costs nobody their words: the form comes back filled,
/// and saved once more it is taken.
#[tokio::test]
async fn a_card_that_came_late_is_shown_again() {
    let house = TestApp::single().await;
    let created = create(&house, &pdfs::contract("карточка")).await;
    let id = created.expect("a document").id;
    let browser = Browser::of(&house, "initiator").await;
    let path = format!("/documents/{id}/edit");
    let form = browser.page(&path).await;
    let mut fields = fields_of(&form);
    let late = fields.clone();
    set(&mut fields, "title", "Первый");
    assert_eq!(browser.send(&path, &fields).await.0, 303);
    let mut fields = late;
    set(&mut fields, "title", "Второй");
    let (status, page) = browser.send(&path, &fields).await;
    assert_eq!(status, 422);
    assert!(page.contains("value=\"Второй\""), "{page}");
    assert_eq!(browser.send(&path, &fields_of(&page)).await.0, 303);
    let page = browser.page(&format!("/documents/{id}")).await;
    assert!(page.contains("<h1>Второй</h1>"), "{page}");
    browser.served.stop().await;
    house.close().await;
}

fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    for (field, text) in fields.iter_mut() {
        if field == name {
            value.clone_into(text);
        }
    }
}

/// What a browser would send of the form on an edit page: inputs, texts and chosen options.
fn fields_of(html: &str) -> Vec<(String, String)> {
    let form = html.split("class=\"sheet\"").nth(1).expect("a form");
    let form = form.split("</form>").next().expect("its end");
    let attribute = |tag: &str, name: &str| {
        let after = tag.split(&format!("{name}=\"")).nth(1)?;
        Some(after.split('"').next()?.replace("&#34;", "\""))
    };
    let mut fields = Vec::new();
    for tag in form.split("<input ").skip(1) {
        let tag = tag.split('>').next().expect("a tag");
        let is_box = attribute(tag, "type").as_deref() == Some("checkbox");
        if let Some(name) = attribute(tag, "name").filter(|_| !is_box || tag.contains(" checked")) {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for tag in form.split("<textarea ").skip(1) {
        let (head, rest) = tag.split_once('>').expect("a tag");
        let text = rest.split("</textarea>").next().expect("its end");
        fields.push((attribute(head, "name").expect("a name"), text.to_owned()));
    }
    for tag in form.split("<select ").skip(1) {
        let name = attribute(tag, "name").expect("a name");
        let options = tag.split("</select>").next().expect("its end");
        let chosen = options.split("<option ").find(|option| {
            option
                .split('>')
                .next()
                .is_some_and(|head| head.contains(" selected"))
        });
        let value = chosen.and_then(|option| attribute(option, "value"));
        fields.push((name, value.unwrap_or_default()));
    }
    fields
}
