//! The API's contract: its document is whole and agreed, its reference shows it, and the rules that
//! every call keeps hold.

use std::collections::{BTreeMap, BTreeSet};

use chancery::web::openapi;
use chancery::web::routes::{Audience, Route, Verb, all};
use serde_json::{Value, json};

use super::Browser;
use super::browser::Answer;
use crate::support::{TestApp, on_both, setting};

fn document() -> Value {
    openapi::document().expect("a document")
}

fn calls() -> impl Iterator<Item = Route> {
    all().filter(Route::is_api)
}

fn operation<'a>(document: &'a Value, route: &Route) -> &'a Value {
    let verb = route.method.method().as_str().to_lowercase();
    &document["paths"][route.path][verb]
}

/// Goal: what the API promises changes only on purpose. Method: a golden file.
#[test]
fn the_document_is_as_agreed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/openapi.json");
    let mut text = serde_json::to_string_pretty(&document()).expect("JSON");
    text.push('\n');
    if setting("CHANCERY_TEST_REFRESH").is_some() {
        std::fs::write(file, &text).expect("written");
    }
    let agreed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        text == agreed,
        "set CHANCERY_TEST_REFRESH=1, then review the difference of {file}"
    );
}

/// Goal: every call is described, and nothing that is not there. Method: both ways.
#[test]
fn every_call_is_in_the_document_and_the_other_way_round() {
    let document = document();
    assert!(
        document["openapi"]
            .as_str()
            .expect("text")
            .starts_with("3.1")
    );
    let mut described = BTreeSet::new();
    for (path, at) in document["paths"].as_object().expect("paths") {
        for verb in at.as_object().expect("verbs").keys() {
            described.insert(format!("{} {path}", verb.to_uppercase()));
        }
    }
    let there: BTreeSet<String> = calls().map(|route| format!("{route:?}")).collect();
    assert_eq!(described, there);
}

/// Goal: no call forgets to say who may make it, what it takes and how it fails.
#[test]
fn every_operation_says_its_callers_key_identifiers_and_problems() {
    let document = document();
    let mut names = BTreeSet::new();
    for route in calls() {
        let operation = operation(&document, &route);
        let name = operation["operationId"].as_str().expect("a name");
        assert!(names.insert(name.to_owned()), "{name} twice");
        let summary = operation["summary"].as_str().unwrap_or("");
        assert!(!summary.is_empty(), "{route:?} says not what it does");
        let mut parameters = BTreeMap::new();
        for one in operation["parameters"].as_array().into_iter().flatten() {
            let name = one["name"].as_str().expect("a name").to_owned();
            parameters.insert((one["in"].to_string(), name), one);
        }
        for part in route.path.split('{').skip(1) {
            let name = part.split('}').next().expect("a name").to_owned();
            assert!(
                parameters.contains_key(&("\"path\"".into(), name.clone())),
                "{route:?}: {name}"
            );
        }
        let has_caller = matches!(route.audience, Audience::Person | Audience::Link);
        let keyed = parameters.contains_key(&("\"header\"".into(), "Idempotency-Key".into()));
        let is_post = route.method == Verb::Post;
        assert_eq!(keyed, is_post && has_caller, "{route:?}: Idempotency-Key");
        let answers = operation["responses"].as_object().expect("answers");
        assert!(
            answers.keys().any(|status| status.starts_with('2')),
            "{route:?}"
        );
        assert!(
            answers.keys().any(|status| status.starts_with(['4', '5'])),
            "{route:?}"
        );
        let mut wanted = if has_caller { vec!["401"] } else { Vec::new() };
        if route.path.contains('{') {
            wanted.push("404");
        }
        if is_post && has_caller {
            wanted.extend(["400", "409", "422"]);
        }
        if parameters.contains_key(&("\"header\"".into(), "If-Match".into())) {
            wanted.extend(["412", "428"]);
        }
        for status in wanted {
            assert!(answers.contains_key(status), "{route:?} lacks {status}");
        }
        for (status, answer) in answers
            .iter()
            .filter(|(status, _)| status.as_str() >= "400")
        {
            let body = &answer["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(
                body, "#/components/schemas/ProblemBody",
                "{route:?} {status}"
            );
        }
        assert_eq!(
            operation["security"]
                .as_array()
                .is_some_and(|all| all.is_empty()),
            !has_caller,
            "{route:?}: who may call"
        );
    }
}

/// Goal: two areas do not give one name to two shapes: the later would be lost without a word.
#[test]
fn no_schema_s_name_is_given_twice() {
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    for area in openapi::areas() {
        let area = serde_json::to_value(area).expect("JSON");
        let schemas = area["components"]["schemas"].as_object();
        for (name, schema) in schemas.into_iter().flatten() {
            let first = known.entry(name.clone()).or_insert_with(|| schema.clone());
            assert_eq!(first, schema, "two schemas are called {name}");
        }
    }
}

/// Goal: every reference in the document leads somewhere.
#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                    found.insert(target.to_owned());
                }
                map.values().for_each(|one| walk(one, found));
            }
            Value::Array(all) => all.iter().for_each(|one| walk(one, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    walk(&document, &mut found);
    assert!(!found.is_empty());
    for target in found {
        let pointer = target.strip_prefix('#').expect("within the document");
        assert!(
            document.pointer(pointer).is_some(),
            "{target} leads nowhere"
        );
    }
}

/// Goal: the reference shows every call in both languages, asks nothing of another host and runs
/// no script of its own.
#[tokio::test]
async fn the_reference_shows_every_call_in_both_languages() {
    let house = TestApp::single().await;
    let served = house.serve();
    let nobody = Browser::visitor(&served);
    for (language, title) in [("ru", "Справочник API"), ("en", "API reference")] {
        let headers = [("accept-language", language)];
        let page = nobody
            .send("GET", "/api/reference", &headers, String::new())
            .await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(&format!("<h1>{title}</h1>")));
        let document = document();
        for route in calls() {
            let name = operation(&document, &route)["operationId"]
                .as_str()
                .expect("a name");
            let place = format!("id=\"{name}\"");
            assert_eq!(page.body.matches(&place).count(), 1, "{route:?}");
            assert!(
                page.body.contains(&format!("href=\"#{name}\"")),
                "{route:?}"
            );
        }
        for target in page.body.split("href=\"#").skip(1) {
            let target = target.split('"').next().expect("a target");
            let place = format!("id=\"{target}\"");
            assert!(page.body.contains(&place), "#{target} leads nowhere");
        }
        for outside in ["http://", "https://", "<style", " style=", "onclick"] {
            assert!(!page.body.contains(outside), "{outside} in the reference");
        }
        let key = page
            .body
            .split('>')
            .find(|part| part.trim_start().starts_with("reference-"));
        assert!(key.is_none(), "a text is missing: {key:?}");
    }
    let person = Browser::of(&house, &served, house.vector.person("lawyer")).await;
    assert!(
        person
            .get("/profile")
            .await
            .body
            .contains("href=\"/api/reference\"")
    );
    served.stop().await;
    house.close().await;
}

async fn post(who: &Browser<'_>, path: &str, key: Option<&str>, body: &Value) -> Answer {
    let mut headers = vec![
        ("content-type", "application/json"),
        ("x-csrf-token", who.token.as_str()),
    ];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    who.send("POST", path, &headers, body.to_string()).await
}

fn code_of(answer: &Answer) -> String {
    let problem: Value = serde_json::from_str(&answer.body).expect("a problem");
    problem["code"].as_str().expect("a code").to_owned()
}

/// Goal: a repeated POST is done once and answered as the first time, whole; the key belongs to its
/// person; with another body or on another path it is refused; without a key nothing is done.
#[tokio::test]
async fn a_repeated_post_is_done_once() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let initiator = Browser::of(house, &served, house.vector.person("initiator")).await;
        let path = "/api/v1/counterparties";
        let body = json!({ "name": "Contoso", "country": "DE" });
        let none = post(&initiator, path, None, &body).await;
        assert_eq!(
            (none.status, code_of(&none).as_str()),
            (400, "idempotency-key-missing")
        );
        let long = "k".repeat(201);
        assert_eq!(post(&initiator, path, Some(&long), &body).await.status, 400);

        let first = post(&initiator, path, Some("once"), &body).await;
        assert_eq!(first.status, 201, "{}", first.body);
        let events = super::world::events(house).await;
        let again = post(&initiator, path, Some("once"), &body).await;
        assert_eq!((again.status, &again.body), (201, &first.body));
        for name in ["location", "content-type", "etag"] {
            assert_eq!(again.headers.get(name), first.headers.get(name), "{name}");
        }
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert!(!first.headers.contains_key("idempotent-replayed"));
        assert_eq!(
            super::world::events(house).await,
            events,
            "it was done twice"
        );

        let other = json!({ "name": "Fabrikam", "country": "DE" });
        let refused = post(&initiator, path, Some("once"), &other).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("key-reused"), "{}", refused.body);
        let elsewhere = post(&initiator, "/api/v1/people", Some("once"), &body).await;
        assert_eq!(elsewhere.status, 422);
        assert_eq!(
            super::world::events(house).await,
            events,
            "something was done"
        );

        let lawyer = Browser::of(house, &served, house.vector.person("lawyer")).await;
        let own = post(&lawyer, path, Some("once"), &body).await;
        assert_eq!(own.status, 201);
        assert_ne!(own.body, first.body);
        house.advance_seconds(25 * 3600);
        let initiator = Browser::of(house, &served, house.vector.person("initiator")).await;
        let next_day = post(&initiator, path, Some("once"), &other).await;
        assert_eq!(next_day.status, 201, "{}", next_day.body);
        served.stop().await;
    })
    .await;
}

/// Goal: a refused POST may be mended and sent again under its key; two at once are done once.
#[tokio::test]
async fn a_key_survives_a_refusal_and_a_race() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let initiator = Browser::of(house, &served, house.vector.person("initiator")).await;
        let path = "/api/v1/counterparties";
        let wrong = json!({ "name": "", "country": "DE" });
        assert_eq!(post(&initiator, path, Some("a"), &wrong).await.status, 422);
        let right = json!({ "name": "Contoso", "country": "DE" });
        assert_eq!(post(&initiator, path, Some("a"), &right).await.status, 201);
        let events = super::world::events(house).await;
        let racers = (0..8).map(|_| post(&initiator, path, Some("b"), &right));
        let answers = futures::future::join_all(racers).await;
        let created = answers.iter().filter(|answer| answer.status == 201);
        let bodies: BTreeSet<&str> = created.map(|answer| answer.body.as_str()).collect();
        assert_eq!(
            bodies.len(),
            1,
            "one counterparty, however often it is told"
        );
        let others = answers.iter().filter(|answer| answer.status != 201);
        for other in others {
            assert_eq!(
                (other.status, code_of(other).as_str()),
                (409, "idempotency-key-in-use")
            );
        }
        assert_eq!(super::world::events(house).await, events + 1);
        served.stop().await;
    })
    .await;
}

/// Goal: what is kept under a key holds nothing in clear: an answer may be a secret told once.
#[tokio::test]
async fn kept_answers_are_sealed() {
    use chancery::store::entity::idempotency_keys;
    use sea_orm::EntityTrait as _;
    let house = TestApp::single().await;
    let served = house.serve();
    let initiator = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let body = json!({ "name": "Contoso", "country": "DE" });
    let first = post(&initiator, "/api/v1/counterparties", Some("k"), &body).await;
    assert_eq!(first.status, 201);
    let rows = idempotency_keys::Entity::find()
        .all(house.app.store.reader())
        .await;
    let rows = rows.expect("rows");
    assert_eq!(rows.len(), 1);
    let kept = rows[0].response.as_deref().expect("an answer");
    assert!(!kept.is_empty() && !kept.contains("Contoso") && !kept.contains("location"));
    served.stop().await;
    house.close().await;
}

/// Goal: what was done is not done again although the process died before it kept its answer;
/// what was not done, is. Method: the row as a death leaves it, on both databases.
#[tokio::test]
async fn a_request_whose_answer_was_lost_is_not_made_twice() {
    use chancery::store::entity::idempotency_keys::{Column, Entity};
    use sea_orm::sea_query::Expr;
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let initiator = Browser::of(house, &served, house.vector.person("initiator")).await;
        let path = "/api/v1/counterparties";
        let body = json!({ "name": "Contoso", "country": "DE" });
        assert_eq!(
            post(&initiator, path, Some("died"), &body).await.status,
            201
        );
        let writer = house.app.store.writer();
        let lost = Entity::update_many()
            .col_expr(Column::StatusCode, Expr::value(Option::<i64>::None))
            .col_expr(Column::Response, Expr::value(Option::<String>::None))
            .filter(Column::Key.eq("died"));
        lost.exec(writer).await.expect("an answer is lost");
        let events = super::world::events(house).await;
        let soon = post(&initiator, path, Some("died"), &body).await;
        assert_eq!(
            (soon.status, code_of(&soon).as_str()),
            (409, "idempotency-key-in-use")
        );
        house.advance_seconds(1001);
        let late = post(&initiator, path, Some("died"), &body).await;
        assert_eq!(
            (late.status, code_of(&late).as_str()),
            (409, "idempotency-answer-lost")
        );
        assert_eq!(super::world::events(house).await, events, "nothing twice");
        // The same death before the change: nothing had been done.
        let undone = Entity::update_many()
            .col_expr(Column::EventId, Expr::value(Option::<uuid::Uuid>::None))
            .filter(Column::Key.eq("died"));
        undone
            .exec(writer)
            .await
            .expect("as if nothing had been done");
        assert_eq!(
            post(&initiator, path, Some("died"), &body).await.status,
            201
        );
        assert_eq!(super::world::events(house).await, events + 1);
        served.stop().await;
    })
    .await;
}

/// Goal: a list comes whole, once each, in pages; a cursor that is none is refused by name.
#[tokio::test]
async fn lists_come_in_pages() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let initiator = Browser::of(house, &served, house.vector.person("initiator")).await;
        for number in 0..7 {
            let body = json!({ "name": format!("Контрагент {number}"), "country": "DE" });
            let key = number.to_string();
            let made = post(&initiator, "/api/v1/counterparties", Some(&key), &body).await;
            assert_eq!(made.status, 201);
        }
        for list in ["/api/v1/counterparties", "/api/v1/people"] {
            let whole = initiator.get(&format!("{list}?limit=200")).await;
            let whole: Value = serde_json::from_str(&whole.body).expect("JSON");
            let rows = whole["rows"].as_array().expect("rows").len();
            assert!(rows >= 8 && whole.get("next").is_none(), "{list}");
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            for _ in 0..rows {
                let page = initiator.get(&format!("{list}?limit=3{cursor}")).await;
                let page: Value = serde_json::from_str(&page.body).expect("JSON");
                let found = page["rows"].as_array().expect("rows");
                assert!(found.len() <= 3);
                seen.extend(found.iter().map(|row| row["id"].to_string()));
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            let once: BTreeSet<&String> = seen.iter().collect();
            assert_eq!((seen.len(), once.len()), (rows, rows), "{list}");
        }
        for list in [
            "/api/v1/counterparties",
            "/api/v1/people",
            "/api/v1/documents",
            "/api/v1/tasks",
        ] {
            let answer = initiator.get(&format!("{list}?cursor=nonsense")).await;
            assert_eq!(answer.status, 422, "{list}");
        }
        served.stop().await;
    })
    .await;
}

/// Goal: an edit of what has changed meanwhile is refused (412), one without its tag too (428), and
/// the tag of the answer is the next edit's.
#[tokio::test]
async fn an_edit_names_what_it_was_made_of() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let administrator = house.vector.person("administrator");
        let person = Browser::of(house, &served, administrator).await;
        let put = async |path: &str, tag: Option<&str>, body: &Value| {
            let mut headers = vec![
                ("content-type", "application/json"),
                ("x-csrf-token", person.token.as_str()),
            ];
            headers.extend(tag.map(|tag| ("if-match", tag)));
            person.send("PUT", path, &headers, body.to_string()).await
        };
        let contact = json!({ "name": "Name", "email": "name@example.org", "locale": "en" });
        for (path, body) in [
            (
                format!("/api/v1/counterparties/{}", house.vector.counterparty),
                json!({ "name": "Contoso", "country": "DE" }),
            ),
            (
                format!("/api/v1/contacts/{}", house.vector.contact),
                contact,
            ),
            (
                format!("/api/v1/people/{}", house.vector.person("clerk")),
                json!({
                    "name": "Name", "email": "n@example.org", "roles": [{ "role": "employee" }]
                }),
            ),
        ] {
            let read = person.get(&path).await;
            let tag = read.headers["etag"].to_str().expect("text").to_owned();
            assert_eq!(put(&path, None, &body).await.status, 428, "{path}");
            for stale in ["\"99\"", "99", "*", "W/\"0\""] {
                let refused = put(&path, Some(stale), &body).await;
                assert_eq!(refused.status, 412, "{path} {stale}: {}", refused.body);
            }
            let edited = put(&path, Some(&tag), &body).await;
            assert_eq!(edited.status, 200, "{path}: {}", edited.body);
            assert_eq!(
                put(&path, Some(&tag), &body).await.status,
                412,
                "{path}: twice"
            );
            let next = edited.headers["etag"].to_str().expect("text").to_owned();
            assert_ne!(next, tag);
            assert_eq!(
                put(&path, Some(&next), &body).await.status,
                200,
                "{path}: next"
            );
        }
        served.stop().await;
    })
    .await;
}
