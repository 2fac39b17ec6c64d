//! The pages as a browser gets them: served, in both languages, and files that cannot run.

use chancery::store::entity::{counterparties, documents, page_images};
use chancery_types::id::DocumentId;
use reqwest::{Client, Response};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait as _;
use sea_orm::sea_query::Expr;

use super::paper::{card, create};
use crate::support::{Served, TestApp, on_both, pdfs};

pub struct Browser {
    client: Client,
    cookie: String,
    pub served: Served,
}

impl Browser {
    pub async fn of(house: &TestApp, key: &str) -> Self {
        let person = house.actor(key);
        let id = person.person().expect("a person").id;
        let opened = house.app.open_session(id, person.origin.clone()).await;
        Self {
            client: Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("a client"),
            cookie: format!("chancery_session={}", opened.expect("a session").secret),
            served: house.serve(),
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        let asked = self.client.get(self.served.url(path));
        asked
            .header("Cookie", &self.cookie)
            .send()
            .await
            .expect("an answer")
    }

    /// Sends a form's fields; answers the status and the page.
    pub async fn send(&self, path: &str, fields: &[(String, String)]) -> (u16, String) {
        let pairs = fields.iter().map(|(name, value)| {
            let [name, value] = [name, value].map(|text| chancery::web::edge::urlencode(text));
            format!("{name}={value}")
        });
        let body: Vec<String> = pairs.collect();
        let asked = self.client.post(self.served.url(path));
        let answer = asked
            .header("Cookie", &self.cookie)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.join("&"))
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.text().await.expect("a page"))
    }

    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.text().await.expect("a page")
    }
}

/// No text may be missing: a missing one shows as its key.
fn check_texts(path: &str, html: &str) {
    for key in [
        "document-",
        "documents-",
        "history-",
        "version-",
        "compare-",
        "problem-field-",
    ] {
        let shown = html
            .split('>')
            .any(|part| part.trim_start().starts_with(key));
        assert!(!shown, "{path} shows a key that begins with `{key}`");
    }
}

#[tokio::test]
async fn every_page_of_a_document_is_served_with_all_its_texts() {
    let house = TestApp::single().await;
    let created = create(&house, &pdfs::contract("страницы"))
        .await
        .expect("a document");
    let browser = Browser::of(&house, "initiator").await;
    let id: DocumentId = created.id;
    for path in [
        "/documents".to_owned(),
        "/documents?q=%25&state=draft&mine=1".to_owned(),
        "/documents/new".to_owned(),
        "/documents/new?kind=invoice".to_owned(),
        format!("/documents/{id}"),
        format!("/documents/{id}/edit"),
        format!("/documents/{id}/versions/new"),
    ] {
        check_texts(&path, &browser.page(&path).await);
    }
    let page = browser.page(&format!("/documents/{id}")).await;
    assert!(page.contains("loading=\"lazy\"") && page.contains("width=\"909\""));
    assert!(!page.contains("<script>"));
    browser.served.stop().await;
    house.close().await;
}

#[tokio::test]
async fn a_file_is_a_download_that_cannot_run_in_our_origin() {
    let house = TestApp::single().await;
    let bytes = pdfs::contract("оригинал");
    let created = create(&house, &bytes).await.expect("a document");
    let browser = Browser::of(&house, "initiator").await;
    let answer = browser
        .get(&format!("/documents/{}/versions/1/file", created.id))
        .await;
    let header = |name: &str| {
        let value = answer.headers().get(name).expect(name);
        value.to_str().expect("text").to_owned()
    };
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(
        header("content-security-policy"),
        "sandbox; default-src 'none'"
    );
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"_______.pdf\"; \
         filename*=UTF-8''%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80.pdf"
    );
    assert_eq!(answer.bytes().await.expect("bytes"), bytes);

    let path = format!("/documents/{}/pages/1.png", created.id);
    let image = browser.get(&path).await;
    assert_eq!(image.headers()["content-type"], "image/png");
    let tag = image.headers()["etag"].clone();
    let again = browser.client.get(browser.served.url(&path));
    let again = again
        .header("Cookie", &browser.cookie)
        .header("If-None-Match", tag);
    assert_eq!(
        again.send().await.expect("an answer").status().as_u16(),
        304
    );
    browser.served.stop().await;
    house.close().await;
}

/// Goal: a form that fails comes back filled, with what is wrong and the offer of a repaired copy.
#[tokio::test]
async fn a_failed_upload_comes_back_filled() {
    let house = TestApp::single().await;
    let browser = Browser::of(&house, "initiator").await;
    let page = browser.page("/documents/new").await;
    let token = page
        .split("name=\"_csrf\" value=\"")
        .nth(1)
        .expect("a token");
    let token = token.split('"').next().expect("its end").to_owned();
    let mut form = reqwest::multipart::Form::new()
        .text("_csrf", token)
        .text("kind", "contract")
        .text("title", "Договор с ошибкой");
    for (name, value) in card(&house.vector) {
        form = form.text(format!("card.{name}"), value);
    }
    let lying = pdfs::with_wrong_table(&pdfs::contract("лжёт"));
    let file = reqwest::multipart::Part::bytes(lying).file_name("a.pdf");
    let asked = browser.client.post(browser.served.url("/documents"));
    let asked = asked
        .header("Cookie", &browser.cookie)
        .multipart(form.part("main", file));
    let answer = asked.send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 422);
    let html = answer.text().await.expect("a page");
    assert!(html.contains("value=\"Договор с ошибкой\"") && html.contains("1 250 000,00"));
    assert!(html.contains("name=\"repair\""));
    check_texts("/documents", &html);
    browser.served.stop().await;
    house.close().await;
}

/// Goal: a list that is cut says so and is searched without JavaScript, in whichever case of
/// letters, and what was typed and chosen stays. Method: 600 counterparties; the button beside the
/// list.
#[tokio::test]
async fn a_long_list_says_that_it_is_cut_and_is_searched() {
    let house = TestApp::single().await;
    let many = (0..600_u64).map(|number| counterparties::ActiveModel {
        id: Set(chancery::entropy::id(house.app.now())),
        organisation_id: Set(house.vector.organisation.uuid()),
        name: Set(format!("АО «Берёза {number:03}»")),
        country: Set("RU".to_owned()),
        created_at: Set(0),
        row_version: Set(0),
        ..Default::default()
    });
    counterparties::Entity::insert_many(many)
        .exec_without_returning(house.app.store.writer())
        .await
        .expect("written");
    let browser = Browser::of(&house, "initiator").await;
    let page = browser.page("/documents/new?kind=contract").await;
    assert!(page.contains("name=\"find.card.counterparty\""));
    assert!(!page.contains("Берёза 599"), "beyond the cut");
    let token = page
        .split("name=\"_csrf\" value=\"")
        .nth(1)
        .expect("a token");
    let token = token.split('"').next().expect("its end").to_owned();
    let chosen = house.vector.counterparty.to_string();
    let form = reqwest::multipart::Form::new()
        .text("_csrf", token)
        .text("kind", "contract")
        .text("title", "Договор с берёзой")
        .text("card.counterparty", chosen.clone())
        .text("find.card.counterparty", "БЕРЁЗА 599")
        .text("find", "card.counterparty");
    let asked = browser.client.post(browser.served.url("/documents"));
    let asked = asked.header("Cookie", &browser.cookie).multipart(form);
    let answer = asked.send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    let html = answer.text().await.expect("a page");
    assert!(html.contains("Берёза 599") && !html.contains("Берёза 598"));
    assert!(html.contains(&format!("value=\"{chosen}\" selected")));
    assert!(html.contains("value=\"Договор с берёзой\"") && html.contains("БЕРЁЗА 599"));
    check_texts("/documents", &html);
    let created = documents::Entity::find()
        .all(house.app.store.reader())
        .await;
    assert_eq!(created.expect("rows"), []);
    browser.served.stop().await;
    house.close().await;
}

/// Goal: the people offered as the counterparty's signatory are those of the counterparty that is
/// chosen, without JavaScript. Method: the button beside the list, with each of two counterparties.
#[tokio::test]
async fn the_people_of_the_chosen_counterparty_are_offered() {
    let house = TestApp::single().await;
    let other = chancery::entropy::id(house.app.now());
    let row = counterparties::ActiveModel {
        id: Set(other),
        organisation_id: Set(house.vector.organisation.uuid()),
        name: Set("АО «Берёза»".to_owned()),
        country: Set("RU".to_owned()),
        created_at: Set(0),
        row_version: Set(0),
        ..Default::default()
    };
    counterparties::Entity::insert(row)
        .exec_without_returning(house.app.store.writer())
        .await
        .expect("written");
    let browser = Browser::of(&house, "initiator").await;
    let contact = format!("<option value=\"{}\"", house.vector.contact);
    let page = browser.page("/documents/new?kind=contract").await;
    assert!(page.contains(&contact) && page.contains("Показать людей контрагента"));
    let token = page
        .split("name=\"_csrf\" value=\"")
        .nth(1)
        .expect("a token");
    let token = token.split('"').next().expect("its end");
    let own = house.vector.counterparty.uuid();
    for (chosen, is_offered) in [(own, true), (other, false)] {
        let form = reqwest::multipart::Form::new()
            .text("_csrf", token.to_owned())
            .text("kind", "contract")
            .text("card.counterparty", chosen.to_string())
            .text("find", "card.counterparty_contact");
        let asked = browser.client.post(browser.served.url("/documents"));
        let asked = asked.header("Cookie", &browser.cookie).multipart(form);
        let answer = asked.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
        let html = answer.text().await.expect("a page");
        assert_eq!(html.contains(&contact), is_offered, "{html}");
        assert!(html.contains("Показаны люди выбранного контрагента"));
        check_texts("/documents", &html);
    }
    browser.served.stop().await;
    house.close().await;
}

/// Goal: the texts of a file are shown as far as an answer bears them, and what is left out is
/// told. Method: rows with texts longer than any page's, of three pages.
#[tokio::test]
async fn too_much_text_is_left_out_and_told() {
    on_both(async |house: &TestApp| {
        let file = pdfs::with_lines(&[&["a"], &["b"], &["c"]]);
        let created = create(house, &file).await.expect("a document");
        let runner = chancery::jobs::Runner::new(house.app.clone());
        runner.drain().await.expect("drawn");
        let initiator = house.actor("initiator");
        let version = house.app.see_version(&initiator, created.id, None).await;
        let version = version.expect("a version");
        let texts = async |pages| {
            let places = house.app.page_places_in(&version, pages).await;
            let places = places.expect("places").into_iter();
            let told =
                places.map(|place| (place.number, place.text.is_some(), place.is_text_left_out));
            told.collect::<Vec<_>>()
        };
        let all = [(1, true, false), (2, true, false), (3, true, false)];
        assert_eq!(texts(1..=3).await, all);
        page_images::Entity::update_many()
            .col_expr(page_images::Column::Text, Expr::value("ж".repeat(400_000)))
            .exec(house.app.store.writer())
            .await
            .expect("longer");
        let cut = [(1, true, false), (2, true, false), (3, false, true)];
        assert_eq!(texts(1..=3).await, cut);
        assert_eq!(texts(3..=9).await, [(3, true, false)]);
    })
    .await;
}
