//! Every route: headers, nothing for nobody, forms that lead back to their pages. (The token of
//! forms: `guards::tokens`.)

use std::collections::BTreeSet;

use chancery::web::routes::{Audience, Verb, all};

use super::Browser;
use crate::support::TestApp;

fn filled(path: &str) -> String {
    let mut filled = String::new();
    for part in path.split('/').skip(1) {
        filled.push('/');
        let numbers = ["{page}", "{number}", "{position}", "{version}"];
        let (name, end) = part.split_once('.').unwrap_or((part, ""));
        match name {
            number if numbers.contains(&number) => {
                filled.push('1');
                if !end.is_empty() {
                    filled.push('.');
                    filled.push_str(end);
                }
            }
            id if id.starts_with('{') => filled.push_str("0199c0de-0000-7000-8000-000000000000"),
            _ => filled.push_str(part),
        }
    }
    filled
}

/// Goal: no answer lacks the headers that hold browsers back. Method: every GET, by nobody.
#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let house = TestApp::single().await;
    let served = house.serve();
    let visitor = Browser::visitor(&served);
    for route in all().filter(|route| route.method == Verb::Get) {
        let answer = visitor.get(&filled(route.path)).await;
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "permissions-policy",
            "cross-origin-opener-policy",
            "cache-control",
            "x-request-id",
        ] {
            assert!(answer.headers.contains_key(name), "{route:?} lacks {name}");
        }
        let policy = answer.headers["content-security-policy"]
            .to_str()
            .expect("text");
        assert!(!policy.contains("unsafe"), "{route:?}: {policy}");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: nobody gets in without a session. Method: every route for persons, by nobody.
#[tokio::test]
async fn nobody_is_sent_to_the_login_page_or_answered_401() {
    let house = TestApp::single().await;
    let served = house.serve();
    let visitor = Browser::visitor(&served);
    for route in all().filter(|route| route.audience == Audience::Person) {
        let path = filled(route.path);
        let headers = [
            ("idempotency-key", "1"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let body = format!("_csrf={}", visitor.token);
        let method = route.method.method();
        let answer = visitor.send(method.as_str(), &path, &headers, body).await;
        let to_login = answer.status == 303
            && answer.headers["location"]
                .to_str()
                .expect("text")
                .starts_with("/login");
        assert!(
            to_login || answer.status == 401,
            "{route:?}: {}",
            answer.status
        );
    }
    served.stop().await;
    house.close().await;
}

/// Goal: the script on a signing page learns why it was refused, and people get a page. Method: the
/// same refused change, asked as each of them.
#[tokio::test]
async fn a_script_is_refused_in_json_and_a_person_by_a_page() {
    let house = TestApp::single().await;
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("lawyer")).await;
    let path = format!("/tasks/{}/sign/prepare", uuid::Uuid::nil());
    let body = r#"{"algorithm":"ES256","spki":"","consents":[]}"#;
    let csrf = ("x-csrf-token", browser.token.as_str());
    let kind = ("content-type", "application/json");
    for (asks, media) in [
        ("application/json", "application/problem+json"),
        ("text/html,application/json;q=0.9", "text/html"),
    ] {
        let headers = [csrf, kind, ("accept", asks)];
        let answer = browser.send("POST", &path, &headers, body.to_owned()).await;
        assert!((400..500).contains(&answer.status), "{}", answer.body);
        let told = answer.headers["content-type"].to_str().expect("text");
        assert!(told.starts_with(media), "{asks}: {told}");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: whoever comes to the address of a form by the back button, or after a change of language,
/// gets its page. Method: GET of every address of pages that only takes forms, by an administrator
/// and by nobody.
#[tokio::test]
async fn the_address_of_a_form_leads_back_to_its_page() {
    let house = TestApp::single().await;
    let served = house.serve();
    let somebody = Browser::of(&house, &served, house.vector.person("administrator")).await;
    let nobody = Browser::visitor(&served);
    let pages: BTreeSet<&str> = all()
        .filter(|route| route.method == Verb::Get)
        .map(|route| route.path)
        .collect();
    let forms: BTreeSet<&str> = all()
        .filter(|route| route.method == Verb::Post && !route.is_api())
        .map(|route| route.path)
        .collect();
    let mut asked = 0;
    for form in forms.difference(&pages) {
        asked += 1;
        for browser in [&somebody, &nobody] {
            let answer = browser.get(&filled(form)).await;
            assert_eq!(answer.status, 303, "{form}");
            let page = answer.headers["location"]
                .to_str()
                .expect("text")
                .to_owned();
            let known = pages.iter().any(|pattern| filled(pattern) == page);
            assert!(known, "{form} leads to {page}");
            let shown = browser.get(&page).await;
            assert_ne!(shown.status, 405, "{form} leads to {page}");
        }
    }
    assert!(asked > 20, "{asked}");
    let blank = somebody.get("/departments").await;
    assert_eq!(blank.headers["location"], "/departments/new");
    let call = somebody.get("/api/v1/people/invitations").await;
    assert_ne!(call.status, 303, "a program is not led about");
    served.stop().await;
    house.close().await;
}

/// Goal: HEAD says what GET would, without a body. Method: every page, by an administrator and by
/// nobody; a file is not given by HEAD, because that it was given is evidence.
#[tokio::test]
async fn head_is_answered_as_get_is() {
    let house = TestApp::single().await;
    let served = house.serve();
    let somebody = Browser::of(&house, &served, house.vector.person("administrator")).await;
    let nobody = Browser::visitor(&served);
    let mut pages = 0;
    for route in all().filter(|route| route.method == Verb::Get) {
        let path = filled(route.path);
        let last = path.rsplit('/').next().expect("a part");
        for browser in [&somebody, &nobody] {
            let got = browser.get(&path).await;
            let head = browser.send("HEAD", &path, &[], String::new()).await;
            assert_eq!(head.body, "", "{route:?}");
            if last.contains('.') || last == "file" {
                assert_eq!(head.status, 405, "{route:?}");
                continue;
            }
            pages += 1;
            assert_eq!(head.status, got.status, "{route:?}");
            for name in ["content-type", "location"] {
                assert_eq!(head.headers.get(name), got.headers.get(name), "{route:?}");
            }
        }
    }
    assert!(pages > 100, "{pages}");
    served.stop().await;
    house.close().await;
}
