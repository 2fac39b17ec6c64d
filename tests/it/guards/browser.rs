//! A browser without a screen: a session, its cookie, its CSRF token.

use std::fmt::Write as _;

use chancery::domain::actor::Origin;
use chancery::store::entity::sessions;
use chancery_types::id::PersonId;
use reqwest::header::{COOKIE, HeaderMap};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::support::{Served, TestApp};

/// The type of [`multipart`].
pub const MULTIPART: &str = "multipart/form-data; boundary=parts-of-a-test";

/// Parts (name, file name, content) as a body of type [`MULTIPART`].
pub fn multipart(parts: &[(&str, Option<&str>, &str)]) -> String {
    let mut body = String::new();
    for (name, file_name, content) in parts {
        let file = file_name.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        write!(
            body,
            "--parts-of-a-test\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n\
             {content}\r\n"
        )
        .expect("written");
    }
    body.push_str("--parts-of-a-test--\r\n");
    body
}

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

/// Somebody in front of a served house.
pub struct Browser<'a> {
    served: &'a Served,
    cookie: String,
    /// What forms carry.
    pub token: String,
}

impl<'a> Browser<'a> {
    /// A visitor with a cookie of their own, not logged in.
    pub fn visitor(served: &'a Served) -> Self {
        let token = "v".repeat(43);
        Self {
            served,
            cookie: format!("chancery_visitor={token}"),
            token,
        }
    }

    /// A person with a new session.
    pub async fn of(house: &TestApp, served: &'a Served, person: PersonId) -> Self {
        let opened = house.app.open_session(person, Origin::default()).await;
        let opened = opened.expect("a session");
        let row = sessions::Entity::find()
            .filter(sessions::Column::Id.eq(opened.session.uuid()))
            .one(house.app.store.reader())
            .await
            .expect("rows")
            .expect("the session");
        Self {
            served,
            cookie: format!("chancery_session={}", opened.secret),
            token: row.csrf_token,
        }
    }

    /// Somebody who came through a link and stays: the cookie that `POST /s` gives for its secret.
    pub async fn through_link(served: &'a Served, secret: &str) -> Self {
        let mut browser = Self::visitor(served);
        let entered = browser.post("/s", &format!("secret={secret}")).await;
        assert_eq!(entered.status, 303, "{}", entered.body);
        let cookie = entered.headers["set-cookie"].to_str().expect("text");
        let visit = cookie.split(';').next().expect("a cookie");
        assert!(visit.starts_with("chancery_visit="), "{cookie}");
        browser.cookie = format!("{}; {visit}", browser.cookie);
        browser
    }

    /// Somebody with the cookie of a visit that has begun.
    pub fn of_visit(served: &'a Served, visit: &str) -> Self {
        let mut browser = Self::visitor(served);
        browser.cookie = format!("{}; chancery_visit={visit}", browser.cookie);
        browser
    }

    /// From now on with the cookie that an answer sets, such as what the next page is to say.
    pub fn keep_cookie(&mut self, answer: &Answer) {
        let cookie = answer.headers["set-cookie"].to_str().expect("text");
        let own = cookie.split(';').next().expect("a cookie");
        self.cookie = format!("{}; {own}", self.cookie);
    }

    /// From now on as behind TLS: the cookie's name says that no other host set it.
    pub fn secure(&mut self) {
        self.cookie = format!("__Host-{}", self.cookie);
    }

    /// Sends anything.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let method = method.parse().expect("a method");
        let mut request = client
            .request(method, self.served.url(path))
            .header(COOKIE, &self.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(body).send().await.expect("an answer");
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: answer.text().await.unwrap_or_default(),
        }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], String::new()).await
    }

    /// Sends a form with parts (name, file name, content), without adding a token.
    pub async fn upload(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        parts: &[(&str, Option<&str>, &str)],
    ) -> Answer {
        let mut headers = headers.to_vec();
        headers.push(("content-type", MULTIPART));
        self.send("POST", path, &headers, multipart(parts)).await
    }

    /// Sends a form, with the token.
    pub async fn post(&self, path: &str, fields: &str) -> Answer {
        let body = format!("_csrf={}&{fields}", self.token);
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &form, body).await
    }
}
