//! Every route: headers, the token of forms, nothing for nobody.

use chancery::web::routes::{Audience, Verb, all};

use super::Browser;
use crate::support::TestApp;

fn filled(path: &str) -> String {
    let mut filled = String::new();
    for part in path.split('/').skip(1) {
        filled.push('/');
        let stands_for_id = part.starts_with('{');
        filled.push_str(if stands_for_id {
            "0199c0de-0000-7000-8000-000000000000"
        } else {
            part
        });
    }
    filled
}

/// Forms with files: their token is checked when their first part is read.
const UPLOADS: [&str; 4] = [
    "/api/v1/verify",
    "/documents",
    "/documents/{document}/versions",
    "/verify",
];

/// A path with a number in it, filled with an identifier, is no page at all.
fn is_another_page(path: &str, status: u16) -> bool {
    let numbers = [
        "{page}",
        "{number}",
        "{position}",
        "{version}",
        "{attachment}",
    ];
    status == 404 && numbers.iter().any(|number| path.contains(number))
}

/// Goal: no answer lacks the headers that hold browsers back. Method: every GET, by nobody.
#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let house = TestApp::sqlite().await;
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
    let house = TestApp::sqlite().await;
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
            to_login || answer.status == 401 || is_another_page(route.path, answer.status),
            "{route:?}: {}",
            answer.status
        );
    }
    served.stop().await;
    house.close().await;
}

/// Goal: no other site can act in a person's name. Method: every change with the cookie alone, and
/// with the token from a page of another site.
#[tokio::test]
async fn every_change_without_its_token_or_from_another_site_is_refused() {
    let house = TestApp::sqlite().await;
    let served = house.serve();
    let person = Browser::of(&house, &served, house.vector.person("administrator")).await;
    for route in all().filter(|route| route.method != Verb::Get) {
        let path = filled(route.path);
        let method = route.method.method();
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let key = ("idempotency-key", "2");
        let bare = person
            .send(method.as_str(), &path, &[kind, key], String::new())
            .await;
        // An upload's token is its first part, a script's call takes JSON only, and a link's page
        // has nothing to protect without a visit: those are refused before the token is looked at.
        let may_be = match route.audience {
            Audience::Link => [403, 409, 415],
            _ if UPLOADS.contains(&route.path) => [400, 400, 400],
            _ if route.path.starts_with("/tasks/{task}/sign/") => [403, 415, 415],
            _ => [403, 403, 403],
        };
        assert!(may_be.contains(&bare.status), "{route:?} without a token");
        let elsewhere = ("sec-fetch-site", "cross-site");
        let token = ("x-csrf-token", person.token.as_str());
        let body = format!("_csrf={}", person.token);
        let foreign = person
            .send(method.as_str(), &path, &[kind, key, token, elsewhere], body)
            .await;
        assert_eq!(foreign.status, 403, "{route:?} from another site");
    }
    served.stop().await;
    house.close().await;
}
