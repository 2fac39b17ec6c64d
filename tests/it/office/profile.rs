//! What pages do for the organisation, departments, profile and passwords, by the API.

use chancery::store::entity::{idempotency_keys, outbox};
use chancery::web::edge::urlencode;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{call, call_at, call_with};
use crate::guards::Browser;
use crate::support::{Served, TestApp, on_both};

/// Goal: an edit of the organisation is the administrator's, and never overwrites another's.
/// Method: read with its ETag, change with and without it, as an employee.
#[tokio::test]
async fn the_organisation_is_changed_by_its_administrator_at_the_version_that_was_read() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let person = house.vector.person("administrator");
        let browser = Browser::of(house, &served, person).await;
        let path = "/api/v1/organisation";
        let told = call(&browser, "GET", path, Value::Null).await;
        assert_eq!(
            (told.status, &told.headers["etag"]),
            (200, &"\"0\"".parse().expect("a tag"))
        );
        let mut body = told.body;
        body.as_object_mut().expect("an object").remove("id");
        body["inn"] = json!("7707083893");
        body["name"] = json!("ООО «Вектор плюс»");
        let bare = call(&browser, "PUT", path, body.clone()).await;
        assert_eq!(bare.status, 428);
        let done = call_at(&browser, "PUT", path, body.clone(), 0).await;
        assert_eq!(
            (done.status, &done.body["name"]),
            (200, &json!("ООО «Вектор плюс»"))
        );
        assert_eq!(done.headers["etag"], "\"1\"");
        assert_eq!(
            call_at(&browser, "PUT", path, body.clone(), 0).await.status,
            412
        );
        body["time_zone"] = json!("Mars/Base");
        let wrong = call_at(&browser, "PUT", path, body.clone(), 1).await;
        assert_eq!(
            (wrong.status, &wrong.body["fields"][0]["field"]),
            (422, &json!("time_zone"))
        );
        let lawyer = Browser::of(house, &served, house.vector.person("lawyer")).await;
        assert_eq!(call_at(&lawyer, "PUT", path, body, 1).await.status, 404);
        served.stop().await;
    })
    .await;
}

/// Goal: an organisation with older published texts is told by its page, with what differs, and
/// takes the present ones by one button; one that has them is told nothing. Method: a consent that
/// was changed, the form of the page sent as it stands.
#[tokio::test]
async fn older_published_texts_are_told_and_replaced_by_one_button() {
    let house = TestApp::single().await;
    let served = house.serve();
    let person = house.vector.person("administrator");
    let browser = Browser::of(&house, &served, person).await;
    let actor = house.actor("administrator");
    let seeded = house.app.load_organisation(&actor).await.expect("a card");
    let mut older = seeded.draft.with_own_texts();
    let fresh = older.clone();
    older.tax_ids.inn = Some("7707083893".to_owned());
    older.personal_data_ru = format!("Прежнее согласие. {}", fresh.personal_data_ru);
    let edited = house
        .app
        .edit_organisation(&actor, seeded.row_version, &older);
    edited.await.expect("older");
    let page = browser.get("/organisation").await.body;
    for words in [
        "id=\"offered\"",
        "<del>Прежнее согласие.",
        "Взять тексты этой версии",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let form = page.split("id=\"offered\"").nth(1).expect("a section");
    let form = form.split("</form>").next().expect("a form");
    let pairs = form.split("<input type=\"hidden\" name=\"").skip(1);
    let pairs = pairs.filter_map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        let (value, _) = rest.split_once("\">")?;
        let plain = [
            ("&#34;", "\""),
            ("&#39;", "'"),
            ("&#60;", "<"),
            ("&#62;", ">"),
        ];
        let plain = plain.iter().fold(value.to_owned(), |text, (code, letter)| {
            text.replace(code, letter)
        });
        let value = urlencode(&plain.replace("&#38;", "&"));
        (name != "_csrf").then(|| format!("{name}={value}"))
    });
    let fields: Vec<String> = pairs.collect();
    let taken = browser.post("/organisation", &fields.join("&")).await;
    assert_eq!(taken.status, 303, "{}", taken.body);
    let now = house.app.load_organisation(&actor).await.expect("a card");
    assert_eq!(now.draft.personal_data_ru, fresh.personal_data_ru.trim());
    let page = browser.get("/organisation").await.body;
    assert!(!page.contains("id=\"offered\""), "{page}");
    served.stop().await;
    house.close().await;
}

/// Goal: departments by the API as by the pages. Method: make, read, change, list; as an employee,
/// as another organisation's administrator.
#[tokio::test]
async fn departments_are_made_and_changed_by_the_api() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let person = house.vector.person("administrator");
        let browser = Browser::of(house, &served, person).await;
        let path = "/api/v1/departments";
        let body =
            json!({ "key": "board", "name": "Правление", "head_id": house.vector.person("cfo") });
        let made = call(&browser, "POST", path, body.clone()).await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(made.body["head_name"], "Андрей Зимин");
        let own = made.headers["location"].to_str().expect("text").to_owned();
        let told = call(&browser, "GET", &own, Value::Null).await;
        assert_eq!(
            (&told.body["key"], &told.headers["etag"]),
            (&json!("board"), &"\"0\"".parse().expect("a tag"))
        );
        let change = json!({ "name": "Совет", "parent_id": null, "head_id": null });
        let done = call_at(&browser, "PUT", &own, change.clone(), 0).await;
        assert_eq!(
            (done.status, &done.body["name"], &done.body["key"]),
            (200, &json!("Совет"), &json!("board"))
        );
        assert_eq!(
            call_at(&browser, "PUT", &own, change.clone(), 0)
                .await
                .status,
            412
        );
        let all = call(&browser, "GET", path, Value::Null).await;
        assert_eq!(all.body["rows"].as_array().expect("rows").len(), 5);
        let lawyer = Browser::of(house, &served, house.vector.person("lawyer")).await;
        assert_eq!(call(&lawyer, "POST", path, body).await.status, 404);
        let foreign = house.northwind.person("administrator");
        let foreign = Browser::of(house, &served, foreign).await;
        assert_eq!(call(&foreign, "GET", &own, Value::Null).await.status, 404);
        assert_eq!(call_at(&foreign, "PUT", &own, change, 1).await.status, 404);
        served.stop().await;
    })
    .await;
}

async fn by_token(served: &Served, token: &str, verb: &str, path: &str, body: &Value) -> u16 {
    let request = reqwest::Client::new().request(verb.parse().expect("a verb"), served.url(path));
    let request = request
        .bearer_auth(token)
        .header("content-type", "application/json")
        .header("idempotency-key", chancery::entropy::secret());
    let answer = request.body(body.to_string()).send().await;
    answer.expect("an answer").status().as_u16()
}

/// Goal: a token is made, told once, works within its scope, and not after it is revoked; neither
/// it nor a password lies readable under an idempotency key. Method: the API with one key twice;
/// the rows.
#[tokio::test]
async fn a_token_is_told_once_and_nothing_secret_is_kept_under_its_key() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let browser = Browser::of(house, &served, house.vector.person("lawyer")).await;
        let path = "/api/v1/profile/tokens";
        let body = json!({ "name": "робот", "scope": "read", "days": 30 });
        let key = [("idempotency-key", "a-token")];
        let made = call_with(&browser, "POST", path, body.clone(), &key).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let secret = made.body["secret"].as_str().expect("a secret").to_owned();
        let again = call_with(&browser, "POST", path, body, &key).await;
        assert_eq!(
            again.body, made.body,
            "a repeated call is answered as the first"
        );
        let kept = idempotency_keys::Entity::find()
            .all(house.app.store.reader())
            .await;
        let kept = kept.expect("rows");
        assert_eq!(kept.len(), 1);
        let answer = kept[0].response.as_deref().expect("an answer");
        assert!(
            !answer.contains(&secret) && !answer.contains("secret"),
            "{answer}"
        );
        let listed = call(&browser, "GET", path, Value::Null).await.body;
        assert_eq!(listed["rows"].as_array().expect("rows").len(), 1);
        assert!(!listed.to_string().contains(&secret));
        let null = &Value::Null;
        assert_eq!(
            by_token(&served, &secret, "GET", "/api/v1/profile", null).await,
            200
        );
        let other = json!({ "name": "ещё", "scope": "write", "days": 1 });
        let more = by_token(&served, &secret, "POST", path, &other).await;
        assert_eq!(more, 403, "a reading token makes no other");
        let id = made.body["id"].as_str().expect("an id");
        let gone = call(
            &browser,
            "POST",
            &format!("{path}/{id}/revoke"),
            Value::Null,
        )
        .await;
        assert_eq!(gone.status, 204, "{}", gone.body);
        assert_eq!(
            by_token(&served, &secret, "GET", "/api/v1/profile", null).await,
            401
        );
        let foreign = Browser::of(house, &served, house.vector.person("cfo")).await;
        let foreign = call(
            &foreign,
            "POST",
            &format!("{path}/{id}/revoke"),
            Value::Null,
        )
        .await;
        assert_eq!(foreign.status, 404);
        for (field, wrong) in [
            ("scope", json!("all")),
            ("days", json!(0)),
            ("name", json!("")),
        ] {
            let mut body = json!({ "name": "a", "scope": "read", "days": 1 });
            body[field] = wrong;
            let told = call(&browser, "POST", path, body).await;
            assert_eq!(
                (told.status, &told.body["fields"][0]["field"]),
                (422, &json!(field))
            );
        }
        served.stop().await;
    })
    .await;
}

/// Goal: profile and sessions by the API. Method: change the look at its version; end another
/// session.
#[tokio::test]
async fn a_person_changes_their_look_and_ends_their_other_sessions() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let person = house.vector.person("lawyer");
        let browser = Browser::of(house, &served, person).await;
        let other = Browser::of(house, &served, person).await;
        let path = "/api/v1/profile";
        let told = call(&browser, "GET", path, Value::Null).await;
        assert_eq!(told.body["email"], "lawyer@vector.example");
        let look = json!({ "locale": "en", "theme": "dark" });
        let done = call_at(&browser, "PUT", path, look.clone(), 0).await;
        assert_eq!((done.status, &done.body["theme"]), (200, &json!("dark")));
        assert_eq!(call_at(&browser, "PUT", path, look, 0).await.status, 412);
        let wrong = json!({ "locale": "en", "theme": "pink" });
        assert_eq!(call_at(&browser, "PUT", path, wrong, 1).await.status, 422);
        let sessions = call(&browser, "GET", "/api/v1/profile/sessions", Value::Null)
            .await
            .body;
        let sessions = sessions["rows"].as_array().expect("rows").clone();
        assert_eq!(sessions.len(), 2);
        let foreign = sessions.iter().find(|row| row["is_own"] == json!(false));
        let id = foreign.expect("the other one")["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let close = format!("/api/v1/profile/sessions/{id}/close");
        assert_eq!(
            call(&browser, "POST", &close, Value::Null).await.status,
            204
        );
        assert_eq!(
            call(&browser, "POST", &close, Value::Null).await.status,
            404
        );
        assert_eq!(call(&other, "GET", path, Value::Null).await.status, 401);
        served.stop().await;
    })
    .await;
}

/// Goal: a forgotten password is set by the API as by the page. Method: reset, the mailed link,
/// set, log in; then change it; an unknown address, a used link, a page of ours without its token.
#[tokio::test]
async fn a_password_is_reset_set_and_changed_by_the_api() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let visitor = Browser::visitor(&served);
        let reset = "/api/v1/password/reset";
        for login in ["lawyer@vector.example", "nobody@example.org"] {
            let told = call(&visitor, "POST", reset, json!({ "login": login })).await;
            assert_eq!(told.status, 204, "{login}: {}", told.body);
        }
        let mails = outbox::Entity::find().all(house.app.store.reader()).await;
        let mails = mails.expect("rows");
        assert_eq!(mails.len(), 1);
        let sealed = mails[0].sealed.as_deref().expect("a sealed part");
        let opened = house.app.vault.open(mails[0].id.as_bytes(), sealed);
        let secret: Value = serde_json::from_slice(&opened.expect("opened")).expect("JSON");
        let link = secret["link_url"].as_str().expect("a link");
        let set = "/api/v1/password/set";
        let short = call(
            &visitor,
            "POST",
            set,
            json!({ "code": link, "password": "short" }),
        )
        .await;
        assert_eq!(
            (short.status, &short.body["fields"][0]["field"]),
            (422, &json!("password"))
        );
        let good = json!({ "code": link, "password": "correct horse battery" });
        assert_eq!(call(&visitor, "POST", set, good.clone()).await.status, 204);
        let twice = call(&visitor, "POST", set, good).await;
        assert_eq!(
            (twice.status, &twice.body["code"]),
            (409, &json!("link-not-good"))
        );
        let form = "login=lawyer%40vector.example&password=correct+horse+battery";
        assert_eq!(visitor.post("/login", form).await.status, 303);
        let browser = Browser::of(house, &served, house.vector.person("lawyer")).await;
        let json_kind = [("content-type", "application/json")];
        let body = json!({ "login": "x" }).to_string();
        let bare = browser.send("POST", reset, &json_kind, body).await;
        assert_eq!(bare.status, 403, "with a session the token is needed");
        let garbage = visitor.send(
            "POST",
            set,
            &json_kind,
            "{\"password\":\"hunter2\"".to_owned(),
        );
        let garbage = garbage.await;
        assert_eq!(garbage.status, 422);
        assert!(!garbage.body.contains("hunter2"), "{}", garbage.body);
        let change = "/api/v1/profile/password";
        let wrong = json!({ "current_password": "no", "password": "another long one" });
        let told = call(&browser, "POST", change, wrong).await;
        assert_eq!(
            (told.status, &told.body["fields"][0]["field"]),
            (422, &json!("current_password"))
        );
        let right =
            json!({ "current_password": "correct horse battery", "password": "another long one" });
        assert_eq!(call(&browser, "POST", change, right).await.status, 204);
        let kept = idempotency_keys::Entity::find()
            .filter(idempotency_keys::Column::Route.eq(change))
            .all(house.app.store.reader())
            .await
            .expect("rows");
        let plain =
            json!({ "current_password": "correct horse battery", "password": "another long one" });
        let guessable = chancery_types::Digest::of(plain.to_string().as_bytes()).hex();
        assert!(
            kept.iter().all(|row| row.request_digest != guessable),
            "a digest to guess from"
        );
        served.stop().await;
    })
    .await;
}
