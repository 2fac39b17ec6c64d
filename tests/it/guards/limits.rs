//! Rate limits: whoever tries too often waits, and is told how long.

use serde_json::json;

use super::Browser;
use super::world::secret_of;
use crate::signing::contract::{Contract, small_pdf};
use crate::support::{Backend, TestApp};

const PER_MINUTE: u32 = 3;

async fn house() -> TestApp {
    TestApp::start_with(&Backend::single(), |config| {
        config.rate_limits.login_per_minute = PER_MINUTE;
        config.rate_limits.link_per_minute = PER_MINUTE;
        config.rate_limits.verify_per_minute = PER_MINUTE;
    })
    .await
}

/// What is tried, each as somebody who guesses would.
struct Try<'a> {
    who: &'a Browser<'a>,
    path: &'static str,
    body: String,
}

impl Try<'_> {
    async fn once(&self) -> super::browser::Answer {
        if self.path.starts_with("/api/") && !self.path.ends_with("/verify") {
            let headers = [("content-type", "application/json")];
            return self
                .who
                .send("POST", self.path, &headers, self.body.clone())
                .await;
        }
        if self.path.ends_with("/verify") {
            let token: (&str, Option<&str>, &str) = ("_csrf", None, &self.who.token);
            let file = ("file", Some("c.pdf"), self.body.as_str());
            return self.who.upload(self.path, &[], &[token, file]).await;
        }
        self.who.post(self.path, &self.body).await
    }
}

/// Goal: logging in, resetting a password, entering by a link, giving a code and checking a file
/// are limited a minute; the answer is 429 with `Retry-After`, and after that time it works again.
/// Method: one more try than is allowed, then the clock moves on by what the answer said.
#[tokio::test]
async fn too_many_tries_wait_for_the_next_minute() {
    let house = house().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let nobody = Browser::visitor(&served);
    let visitor = Browser::through_link(&served, &secret_of(&contract).await).await;
    house.advance_seconds(60);
    let file = String::from_utf8(small_pdf()).expect("Latin letters");
    let try_of = |who, path, body: &str| Try {
        who,
        path,
        body: body.to_owned(),
    };
    for attempt in [
        try_of(&nobody, "/login", "login=a%40b.example&password=guess"),
        try_of(&nobody, "/password/reset", "login=a%40b.example"),
        try_of(&nobody, "/s", "code=AAAA-BBBB-CCCC"),
        try_of(&visitor, "/s/code", "code=000000"),
        try_of(&nobody, "/verify", &file),
    ] {
        let path = attempt.path;
        for _ in 0..PER_MINUTE {
            let answer = attempt.once().await;
            assert!(
                answer.status != 429 && answer.status < 500,
                "{path}: {}",
                answer.body
            );
        }
        let answer = attempt.once().await;
        assert_eq!(answer.status, 429, "{path}");
        let wait = answer.headers["retry-after"].to_str().expect("text");
        let wait: i64 = wait.parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{path}: {wait}");
        house.advance_seconds(wait);
        assert_ne!(
            attempt.once().await.status,
            429,
            "{path} after {wait} seconds"
        );
        house.advance_seconds(60);
    }
    served.stop().await;
    house.close().await;
}

/// Goal: the calls share the pages' counters, so that the one is no way around the other.
#[tokio::test]
async fn calls_and_pages_share_their_counters() {
    let house = house().await;
    let served = house.serve();
    let nobody = Browser::visitor(&served);
    let file = String::from_utf8(small_pdf()).expect("Latin letters");
    let guess = json!({ "code": "AAAA-BBBB-CCCC" }).to_string();
    for (page, fields, call, body) in [
        ("/s", "code=AAAA-BBBB-CCCC", "/api/v1/link/visits", &guess),
        ("/verify", file.as_str(), "/api/v1/verify", &file),
    ] {
        let [page, call] = [(page, fields), (call, body.as_str())].map(|(path, body)| Try {
            who: &nobody,
            path,
            body: body.to_owned(),
        });
        for _ in 0..PER_MINUTE {
            assert_ne!(page.once().await.status, 429, "{}", page.path);
        }
        let answer = call.once().await;
        assert_eq!(answer.status, 429, "{}", call.path);
        assert!(answer.headers.contains_key("retry-after"));
        let problem: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        assert_eq!(problem["code"], "too-many");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: behind TLS, browsers are told to stay there, and cookies go nowhere else.
#[tokio::test]
async fn behind_tls_browsers_stay_there() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.server.public_url = "https://chancery.example".to_owned();
    })
    .await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let mut nobody = Browser::visitor(&served);
    let page = nobody.get("/s").await;
    let strict = page.headers["strict-transport-security"].to_str();
    assert!(strict.expect("text").contains("max-age=31536000"));
    nobody.secure();
    let secret = secret_of(&contract).await;
    let entered = nobody.post("/s", &format!("secret={secret}")).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    let cookie = entered.headers["set-cookie"].to_str().expect("text");
    for part in [
        "__Host-chancery_visit=",
        "HttpOnly",
        "Secure",
        "Path=/",
        "SameSite=",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    served.stop().await;
    house.close().await;
}
