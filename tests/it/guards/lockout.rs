//! Guessing, and being slowed down by those who guess.

use chancery::domain::actor::Origin;
use chancery::domain::password;
use chancery::store::entity::people;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::Browser;
use super::browser::Answer;
use crate::support::{Backend, TestApp};

const PER_MINUTE: u32 = 2;
const PASSWORD: &str = "correct horse battery";

/// A house behind a proxy, where `lawyer@vector.example` has [`PASSWORD`].
async fn house() -> TestApp {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.rate_limits.login_per_minute = PER_MINUTE;
        config.server.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    })
    .await;
    let hash = password::hash(PASSWORD).expect("a hash");
    people::Entity::update_many()
        .col_expr(people::Column::PasswordHash, Expr::value(hash))
        .filter(people::Column::Id.eq(house.vector.person("lawyer").uuid()))
        .exec(house.app.store.writer())
        .await
        .expect("set");
    house
}

async fn log_in(nobody: &Browser<'_>, from: &str, password: &str) -> Answer {
    let fields = format!("login=Lawyer%40vector.example&password={password}");
    let body = format!("_csrf={}&{fields}", nobody.token);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-forwarded-for", from),
    ];
    nobody.send("POST", "/login", &headers, body).await
}

/// Goal: whoever guesses at a name from many places is slowed down everywhere, and the person with
/// that name still comes in from where they have come in before, as often as an address may try.
/// Method: as many wrong logins as ten addresses may send; then the right password from nowhere,
/// from a known address, and from another of the same /64.
#[tokio::test]
async fn guessing_from_many_places_locks_nobody_out_who_was_here_before() {
    let house = house().await;
    for known in ["198.51.100.7", "2001:db8:7:7::1"] {
        let origin = Origin {
            address: Some(known.to_owned()),
            ..Origin::default()
        };
        let lawyer = house.vector.person("lawyer");
        let opened = house.app.open_session(lawyer, origin).await;
        opened.expect("a session");
    }
    let served = house.serve();
    let nobody = Browser::visitor(&served);
    for address in 1..=10 {
        for _ in 0..PER_MINUTE {
            let guessed = log_in(&nobody, &format!("203.0.113.{address}"), "guess").await;
            assert_eq!(guessed.status, 422, "{}", guessed.body);
        }
    }
    let right = PASSWORD.replace(' ', "+");
    let stranger = log_in(&nobody, "203.0.113.99", &right).await;
    assert_eq!(stranger.status, 429, "from nowhere");
    assert!(stranger.headers.contains_key("retry-after"));
    for known in ["198.51.100.7", "2001:db8:7:7::2"] {
        let owner = log_in(&nobody, known, &right).await;
        assert_eq!(owner.status, 303, "{known}: {}", owner.body);
    }
    let wrong = log_in(&nobody, "198.51.100.7", "guess").await;
    assert_eq!(wrong.status, 422);
    let again = log_in(&nobody, "198.51.100.7", &right).await;
    assert_eq!(again.status, 429, "one address, one limit");
    served.stop().await;
    house.close().await;
}

/// Goal: a session that was left open does not find out its owner's password, by the page, by the
/// call or by both in turn.
#[tokio::test]
async fn the_present_password_is_not_guessed_in_a_session() {
    let house = house().await;
    let served = house.serve();
    let lawyer = Browser::of(&house, &served, house.vector.person("lawyer")).await;
    let by_page = async || {
        let fields = "current_password=guess&password=another+good+one";
        lawyer.post("/profile/password", fields).await
    };
    let by_call = async || {
        let key = chancery::entropy::secret();
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", &key),
            ("x-csrf-token", &lawyer.token),
        ];
        let body = json!({ "current_password": "guess", "password": "another good one" });
        let path = "/api/v1/profile/password";
        lawyer.send("POST", path, &headers, body.to_string()).await
    };
    assert_eq!(by_page().await.status, 422);
    assert_eq!(by_call().await.status, 422);
    assert_eq!(by_page().await.status, 429);
    let told = by_call().await;
    assert_eq!(told.status, 429, "{}", told.body);
    assert!(told.headers.contains_key("retry-after"));
    house.advance_seconds(60);
    assert_eq!(by_call().await.status, 422);
    served.stop().await;
    house.close().await;
}
