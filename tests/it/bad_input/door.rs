//! The two ways in for a person: the page with its form, the API with its token.

use chancery::app::tokens::Scope;
use chancery_types::Locale;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, redirect};
use serde_json::Value;

use crate::documents::paper::card;
use crate::support::{House, Served, TestApp};

/// What is sent with a document.
#[derive(Clone)]
pub struct Sent {
    pub title: String,
    pub fields: Vec<(String, String)>,
    pub files: Vec<(&'static str, String, Vec<u8>)>,
}

impl Sent {
    /// A good contract of these bytes.
    pub fn contract(house: &House, main: Vec<u8>) -> Self {
        let fields = card(house).into_iter();
        Self {
            title: "Договор".to_owned(),
            fields: fields
                .map(|(name, value)| (format!("card.{name}"), value))
                .collect(),
            files: vec![("main", "Договор.pdf".to_owned(), main)],
        }
    }

    /// With a field of the card set.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let name = format!("card.{name}");
        self.fields.retain(|(known, _)| *known != name);
        self.fields.push((name, value.to_owned()));
        self
    }

    fn form(&self, token: Option<&str>) -> Form {
        let mut form = Form::new();
        if let Some(token) = token {
            form = form.text("_csrf", token.to_owned());
        }
        form = form
            .text("kind", "contract")
            .text("title", self.title.clone());
        for (name, value) in &self.fields {
            form = form.text(name.clone(), value.clone());
        }
        for (field, name, bytes) in &self.files {
            let part = Part::bytes(bytes.clone()).file_name(name.clone());
            form = form.part(*field, part);
        }
        form
    }
}

/// An initiator at both ways in, in the language of their organisation.
pub struct Door {
    pub client: Client,
    pub served: Served,
    pub locale: Locale,
    cookie: String,
    pub csrf: String,
    pub token: String,
}

impl Door {
    pub async fn of(app: &TestApp, house: &House) -> Self {
        let actor = house.actor("initiator");
        let id = actor.person().expect("a person").id;
        let opened = app.app.open_session(id, actor.origin.clone()).await;
        let made = app.app.create_token(&actor, "door", Scope::Write, 1).await;
        let client = Client::builder().redirect(redirect::Policy::none()).build();
        let mut door = Self {
            client: client.expect("a client"),
            served: app.serve(),
            locale: house.locale,
            cookie: format!("chancery_session={}", opened.expect("a session").secret),
            csrf: String::new(),
            token: made.expect("a token").secret,
        };
        let page = door.client.get(door.served.url("/documents/new"));
        let (_, page) = answer(page.header("Cookie", &door.cookie)).await;
        let (_, token) = page.split_once("name=\"_csrf\" value=\"").expect("a form");
        token
            .split('"')
            .next()
            .expect("its end")
            .clone_into(&mut door.csrf);
        door
    }

    fn language(&self) -> &'static str {
        self.locale.code()
    }

    /// A change on a page.
    pub fn post_page(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(self.served.url(path));
        request
            .header("Cookie", &self.cookie)
            .header("Accept-Language", self.language())
    }

    /// A change by the API.
    pub fn post_call(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(self.served.url(path));
        request
            .bearer_auth(&self.token)
            .header("Accept-Language", self.language())
            .header("Idempotency-Key", chancery::entropy::secret())
    }

    /// Brings a document in by the page: the status, and the page without its marks.
    pub async fn by_page(&self, sent: &Sent) -> (u16, String) {
        let request = self.post_page("/documents");
        let (status, page) = answer(request.multipart(sent.form(Some(&self.csrf)))).await;
        (status, unescaped(&page))
    }

    /// Brings a document in by the API: the status, and what is wrong with each field.
    pub async fn by_call(&self, sent: &Sent) -> (u16, Vec<(String, String)>) {
        let request = self.post_call("/api/v1/documents");
        let (status, body) = answer(request.multipart(sent.form(None))).await;
        let problem: Value = serde_json::from_str(&body).expect("JSON");
        (status, told(&problem))
    }
}

/// Each field's name and what is said of it; of a problem without fields, its code and detail.
pub fn told(problem: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let fields = problem["fields"].as_array().cloned().unwrap_or_default();
    if fields.is_empty() {
        return vec![(text(&problem["code"]), text(&problem["detail"]))];
    }
    let fields = fields.iter();
    fields
        .map(|field| (text(&field["field"]), text(&field["detail"])))
        .collect()
}

/// Status and body.
pub async fn answer(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

/// A page's text as a reader sees it.
fn unescaped(page: &str) -> String {
    let marks = [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
    ];
    let text = page.to_owned();
    let text = marks
        .iter()
        .fold(text, |text, (mark, sign)| text.replace(mark, sign));
    text.replace("&#38;", "&").replace("&amp;", "&")
}
