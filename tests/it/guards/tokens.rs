//! No other site acts in a reader's name: every change carries its token, or nothing happens.

use chancery::app::tokens::Scope;
use chancery::store::entity::{blobs, link_visits, links, versions};
use chancery::web::routes::{Audience, Route, Verb, all};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::json;

use super::Browser;
use super::bodies::{aimed, of_call, of_page};
use super::browser::MULTIPART;
use super::world::{World, events, secret_of};
use crate::signing::contract::{Contract, small_pdf};
use crate::support::{Backend, TestApp, on_both};

/// Calls that act in nobody's name: they read no cookie and no token, so there is none to misuse.
const NOBODYS: [&str; 2] = ["/api/v1/verify", "/api/v1/link/visits"];

/// How a change without its token is refused. A call through a link reads no cookie at all: without
/// the visit's own secret it is nobody's.
fn refusal(route: &Route) -> u16 {
    if route.is_api() && route.audience == Audience::Link {
        401
    } else {
        403
    }
}

async fn house() -> TestApp {
    TestApp::start_with(&Backend::single(), |config| {
        config.rate_limits.link_per_minute = 10_000;
        config.rate_limits.verify_per_minute = 10_000;
        config.rate_limits.login_per_minute = 10_000;
    })
    .await
}

fn changes() -> impl Iterator<Item = Route> {
    all().filter(|route| route.method != Verb::Get)
}

/// Everything that a change could have touched, as text.
async fn state(house: &TestApp) -> String {
    let reader = house.app.store.reader();
    let visits = link_visits::Entity::find().all(reader).await.expect("rows");
    let links = links::Entity::find().all(reader).await.expect("rows");
    let versions = versions::Entity::find().count(reader).await.expect("rows");
    let blobs = blobs::Entity::find().count(reader).await.expect("rows");
    format!(
        "{} {versions} {blobs} {links:?} {visits:?}",
        events(house).await
    )
}

/// Goal: a change without its token, with another's, or from a page of another site is 403,
/// whatever its body's type; nothing happens. Method: every change of every page and call with its
/// right body, by somebody who has a session and a live visit, in a house where the path leads
/// somewhere.
#[tokio::test]
async fn every_change_without_its_token_or_from_another_site_is_refused() {
    let house = house().await;
    let world = World::of(&house).await;
    let served = house.serve();
    let initiator = house.vector.person("initiator");
    let person = Browser::of(&house, &served, initiator).await;
    let visitor = Browser::of_visit(&served, &world.visit);
    let before = state(&house).await;
    for route in changes().filter(|route| !NOBODYS.contains(&route.path)) {
        let who = match route.audience {
            Audience::Link => &visitor,
            _ => &person,
        };
        let path = aimed(&route, &house.vector, &world);
        let wrong = "w".repeat(43);
        for token in ["", &wrong] {
            let (media_type, body) = if route.is_api() {
                of_call(&route, &house.vector, &world)
            } else {
                of_page(&route, &house.vector, &world, token)
            };
            let with_header = [("idempotency-key", "1"), ("x-csrf-token", token)];
            for headers in [&with_header[..1], &with_header[..]] {
                let mut headers = headers.to_vec();
                headers.push(("content-type", &media_type));
                let method = route.method.method();
                let answer = who
                    .send(method.as_str(), &path, &headers, body.clone())
                    .await;
                assert_eq!(answer.status, refusal(&route), "{route:?} {headers:?}");
            }
        }
        for media_type in ["text/plain", "application/json", MULTIPART, ""] {
            let headers = [("content-type", media_type), ("idempotency-key", "2")];
            let method = route.method.method();
            let answer = who
                .send(method.as_str(), &path, &headers, String::new())
                .await;
            assert_eq!(answer.status, refusal(&route), "{route:?} as {media_type}");
        }
        from_elsewhere(&house, &world, &route, who).await;
    }
    assert_eq!(state(&house).await, before, "something happened");
    served.stop().await;
    house.close().await;
}

/// Goal: no guard that looks at the path is passed by a path that is written otherwise. Method:
/// every route with its first letter encoded, in an own session and without its token; a page's
/// image by HEAD, of which nothing may be noted as shown.
#[tokio::test]
async fn a_path_that_is_written_otherwise_leads_nowhere() {
    let house = house().await;
    let world = World::of(&house).await;
    let served = house.serve();
    let initiator = house.vector.person("initiator");
    let person = Browser::of(&house, &served, initiator).await;
    let before = state(&house).await;
    for route in all() {
        let path = aimed(&route, &house.vector, &world);
        let Some(first) = path.as_bytes().get(1) else {
            continue;
        };
        let written = format!("/%{first:02x}{}", &path[2..]);
        let method = route.method.method();
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", "4"),
        ];
        let answer = person
            .send(method.as_str(), &written, &headers, "{}".to_owned())
            .await;
        assert_eq!(answer.status, 400, "{route:?} as {written}");
    }
    for path in [
        "/api/v1/link/pages/1%2Epng",
        "/api/v1%2Fpeople",
        "/api/v1/people%00",
        "/people%5Cnew",
    ] {
        let answer = person.send("HEAD", path, &[], String::new()).await;
        assert_eq!(answer.status, 400, "{path}");
    }
    assert_eq!(state(&house).await, before, "something happened");
    served.stop().await;
    house.close().await;
}

/// Goal: an answer is repeated only to the means by which it was got. Method: one person's session,
/// a token that only reads and one that writes make the same call under the same key.
#[tokio::test]
async fn an_answer_is_never_repeated_to_another_token_or_session() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let initiator = house.vector.person("initiator");
        let person = Browser::of(house, &served, initiator).await;
        let body = json!({ "name": "rw", "scope": "write", "days": 30 });
        let path = "/api/v1/profile/tokens";
        let headers = [
            ("content-type", "application/json"),
            ("x-csrf-token", person.token.as_str()),
            ("idempotency-key", "one"),
        ];
        let made = person.send("POST", path, &headers, body.to_string()).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let again = person.send("POST", path, &headers, body.to_string()).await;
        assert_eq!((again.status, &again.body), (201, &made.body));
        let actor = house.actor("initiator");
        let mut answers = Vec::new();
        for scope in [Scope::Read, Scope::Write] {
            let token = house.app.create_token(&actor, "t", scope, 30).await;
            let token = token.expect("a token").secret;
            let asked = reqwest::Client::new()
                .post(served.url(path))
                .header("authorization", format!("Bearer {token}"))
                .header("idempotency-key", "one")
                .json(&body);
            let answer = asked.send().await.expect("an answer");
            assert!(!answer.headers().contains_key("idempotent-replayed"));
            answers.push((answer.status().as_u16(), answer.text().await.expect("text")));
        }
        assert_eq!(answers[0].0, 403, "{}", answers[0].1);
        assert!(answers.iter().all(|(_, body)| *body != made.body));
        served.stop().await;
    })
    .await;
}

/// With everything right, but asked by a page of another site.
async fn from_elsewhere(house: &TestApp, world: &World, route: &Route, who: &Browser<'_>) {
    let path = aimed(route, &house.vector, world);
    let (media_type, body) = if route.is_api() {
        of_call(route, &house.vector, world)
    } else {
        of_page(route, &house.vector, world, &who.token)
    };
    let bearer = format!("Bearer {}", world.visit);
    for elsewhere in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        let mut headers = vec![
            ("content-type", media_type.as_str()),
            ("idempotency-key", "3"),
            ("x-csrf-token", &who.token),
            elsewhere,
        ];
        if route.audience == Audience::Link {
            headers.push(("authorization", &bearer));
        }
        let method = route.method.method();
        let answer = who
            .send(method.as_str(), &path, &headers, body.clone())
            .await;
        assert_eq!(answer.status, 403, "{route:?} from {elsewhere:?}");
    }
}

/// Goal: what acts in nobody's name is at least not asked by other sites' pages.
#[tokio::test]
async fn calls_in_nobody_s_name_are_not_for_other_sites() {
    let house = house().await;
    let served = house.serve();
    let nobody = Browser::visitor(&served);
    for path in NOBODYS {
        let elsewhere = [
            ("sec-fetch-site", "cross-site"),
            ("content-type", "application/json"),
        ];
        let answer = nobody.send("POST", path, &elsewhere, "{}".to_owned()).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: an upload whose first part is not the right token stores nothing, and the right one works.
#[tokio::test]
async fn an_upload_without_its_token_stores_nothing() {
    on_both(async |house: &TestApp| {
        let world = World::of(house).await;
        let served = house.serve();
        let initiator = house.vector.person("initiator");
        let person = Browser::of(house, &served, initiator).await;
        let file = String::from_utf8(small_pdf()).expect("Latin letters") + "% another\\n";
        let file: (&str, Option<&str>, &str) = ("main", Some("new.pdf"), &file);
        let version = ("row_version", None, "0");
        let before = state(house).await;
        let path = format!("/documents/{}/versions", world.draft);
        let wrong = "w".repeat(43);
        for parts in [
            vec![version, file],
            vec![("_csrf", None, ""), version, file],
            vec![("_csrf", None, wrong.as_str()), version, file],
            vec![file, ("_csrf", None, person.token.as_str()), version],
        ] {
            for path in [path.as_str(), "/documents"] {
                let answer = person.upload(path, &[], &parts).await;
                assert_eq!(answer.status, 403, "{path}: {parts:?}");
            }
        }
        let right = vec![("_csrf", None, person.token.as_str()), version, file];
        let elsewhere = [("sec-fetch-site", "same-site")];
        assert_eq!(person.upload(&path, &elsewhere, &right).await.status, 403);
        assert_eq!(state(house).await, before, "something was stored");
        let answer = person.upload(&path, &[], &right).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert_ne!(state(house).await, before);
        served.stop().await;
    })
    .await;
}

/// Goal: with a live visit, no post of a link's pages works without the token; with it, it does.
/// Method: come in through `/s` as a browser does, cookie and all.
#[tokio::test]
async fn a_live_visit_changes_nothing_without_its_token() {
    let house = house().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let secret = secret_of(&contract).await;
    let visitor = Browser::through_link(&served, &secret).await;
    assert_eq!(visitor.post("/s/code/send", "").await.status, 303);
    let (_, sealed) = contract.letter("code").await;
    let code = sealed["code"].as_str().expect("a code");
    let given = visitor.post("/s/code", &format!("code={code}")).await;
    assert_eq!(given.status, 303, "{}", given.body);
    let before = state(&house).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let fields = "from=1&to=1&electronic_signature=yes&personal_data=yes&reason=No&question=When\\
        &disagreements=No&name=Name&email=name%40example.org&code=000000";
    for route in changes().filter(|r| r.audience == Audience::Link && !r.is_api()) {
        for token in [
            "",
            "_csrf=&",
            "_csrf=wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww&",
        ] {
            let body = format!("{token}{fields}");
            let answer = visitor.send("POST", route.path, &form, body).await;
            assert_eq!(answer.status, 403, "{route:?} with {token}");
        }
    }
    assert_eq!(state(&house).await, before, "something happened");
    assert_eq!(visitor.get("/s/file").await.status, 200);
    assert_eq!(visitor.post("/s/read", "from=1&to=1").await.status, 303);
    assert_eq!(visitor.post("/s/ask", "question=When").await.status, 303);
    assert_ne!(state(&house).await, before);
    served.stop().await;
    house.close().await;
}

/// Goal: a signing script's call needs the header, though its JSON is right; with it, it works.
#[tokio::test]
async fn a_script_s_call_needs_the_header() {
    let house = house().await;
    let world = World::of(&house).await;
    let served = house.serve();
    let signatory = house.vector.person("signatory");
    let signatory = Browser::of(&house, &served, signatory).await;
    let visitor = Browser::of_visit(&served, &world.visit);
    let before = state(&house).await;
    let task = format!("/tasks/{}/sign", world.signature);
    let wrong = "w".repeat(43);
    let prepare = json!({ "spki": world.spki }).to_string();
    let askers = [
        (&signatory, task.as_str(), world.signing),
        (&visitor, "/s/sign", world.link_signing),
    ];
    for (who, base, signing) in askers {
        let complete = json!({ "signing_id": signing, "signature": "AAAA" }).to_string();
        for (call, body) in [("prepare", &prepare), ("complete", &complete)] {
            let path = format!("{base}/{call}");
            for token in [None, Some(""), Some(wrong.as_str())] {
                let mut headers = vec![("content-type", "application/json")];
                headers.extend(token.map(|token| ("x-csrf-token", token)));
                let answer = who.send("POST", &path, &headers, body.clone()).await;
                assert_eq!(answer.status, 403, "{path} with {token:?}");
            }
        }
    }
    assert_eq!(state(&house).await, before, "something happened");
    for (who, base, _) in askers {
        let token = ("x-csrf-token", who.token.as_str());
        let headers = [("content-type", "application/json"), token];
        let path = format!("{base}/prepare");
        let answer = who.send("POST", &path, &headers, prepare.clone()).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    assert_ne!(state(&house).await, before);
    served.stop().await;
    house.close().await;
}
