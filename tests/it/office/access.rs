//! Who comes in, and what ends when a password, an address or a job changes.

use chancery::app::people::PersonDraft;
use chancery::app::tokens::Scope;
use chancery::app::{AppError, outbox::Letter, outbox::MailKind};
use chancery::domain::actor::{Actor, Origin, Who};
use chancery::store::entity::{audit_events, outbox, person_links, tasks};
use chancery_types::Locale;
use chancery_types::id::{PersonId, TaskId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::mail_room::{enqueue, letter};
use super::{call, call_at};
use crate::guards::Browser;
use crate::runs::paper::Paper;
use crate::support::{TestApp, on_both};

/// Whether a session and a token still come in.
async fn comes_in(house: &TestApp, session: &str, token: &str) -> (bool, bool) {
    let session = house
        .app
        .resume_session(session, Origin::default(), Locale::Ru);
    let session = session.await.expect("an answer").is_some();
    let token = house.app.resume_token(token, Origin::default(), Locale::Ru);
    (session, token.await.expect("an answer").is_some())
}

async fn let_in(house: &TestApp, key: &str) -> (String, String) {
    let person = house.vector.person(key);
    let session = house.app.open_session(person, Origin::default()).await;
    let actor = house.actor(key);
    let token = house.app.create_token(&actor, "ключ", Scope::Write, 30);
    let token = token.await.expect("a token");
    (session.expect("a session").secret, token.secret)
}

async fn links_mailed(house: &TestApp, person: PersonId) -> u64 {
    person_links::Entity::find()
        .filter(person_links::Column::PersonId.eq(person.uuid()))
        .count(house.app.store.reader())
        .await
        .expect("a count")
}

async fn draft(house: &TestApp, person: PersonId) -> (i64, PersonDraft) {
    let administrator = house.actor("administrator");
    let card = house.app.load_person(&administrator, person).await;
    let card = card.expect("a person");
    (card.row_version, card.draft)
}

/// Goal: who takes an account over and sets its password, and who had it before, do not both have
/// it. Method: a session and a token, before and after an own change of the password.
#[tokio::test]
async fn a_new_password_ends_sessions_and_tokens() {
    on_both(async |house: &TestApp| {
        let (session, token) = let_in(house, "lawyer").await;
        assert_eq!(comes_in(house, &session, &token).await, (true, true));
        let operator = Actor::operator(house.vector.organisation, Locale::Ru);
        let lawyer = house.vector.person("lawyer");
        let link = house.app.issue_password_link(&operator, lawyer).await;
        let url = link.expect("a link").url;
        let secret = url.rsplit('#').next().expect("a secret");
        let set = house
            .app
            .set_password(secret, "correct horse battery", Origin::default());
        assert_eq!(set.await.expect("set"), lawyer);
        assert_eq!(comes_in(house, &session, &token).await, (false, false));
    })
    .await;
}

/// Goal: a token makes no token and no password. Method: by the calls, with a `write` token.
#[tokio::test]
async fn a_token_cannot_outlive_itself() {
    on_both(async |house: &TestApp| {
        let actor = house.actor("lawyer");
        let Who::Person(mut person) = actor.who.clone() else {
            panic!("a person");
        };
        person.scopes = Some(vec!["write".to_owned()]);
        let robot = Actor {
            who: Who::Person(person),
            ..actor
        };
        let made = house
            .app
            .create_token(&robot, "ещё", Scope::Write, 366)
            .await;
        assert!(matches!(made, Err(AppError::Denied)), "{made:?}");
        let guessed = house.app.change_own_password(&robot, None, "a", "b").await;
        assert!(matches!(guessed, Err(AppError::Denied)), "{guessed:?}");
    })
    .await;
}

/// Goal: whoever reads the old address has nothing any more. Method: change it, invited and active.
#[tokio::test]
async fn a_changed_address_ends_what_was_sent_to_the_old_one() {
    on_both(async |house: &TestApp| {
        let administrator = house.actor("administrator");
        let invited = PersonDraft {
            name: "Новый Человек".to_owned(),
            email: "wrong@vector.example".to_owned(),
            ..PersonDraft::default()
        };
        let id = house.app.create_person(&administrator, &invited).await;
        let id = id.expect("invited");
        let right = PersonDraft {
            email: "right@vector.example".to_owned(),
            ..invited
        };
        let edited = house.app.edit_person(&administrator, id, 0, &right).await;
        edited.expect("edited");
        let open = person_links::Entity::find()
            .filter(person_links::Column::PersonId.eq(id.uuid()))
            .filter(person_links::Column::UsedAt.is_null())
            .count(house.app.store.reader())
            .await;
        assert_eq!(
            (open.expect("a count"), links_mailed(house, id).await),
            (1, 2)
        );
        let mailed = outbox::Entity::find()
            .filter(outbox::Column::ToAddress.eq("right@vector.example"))
            .count(house.app.store.reader())
            .await;
        assert_eq!(mailed.expect("a count"), 1, "invited anew");

        let (session, token) = let_in(house, "lawyer").await;
        let lawyer = house.vector.person("lawyer");
        let (version, known) = draft(house, lawyer).await;
        let moved = PersonDraft {
            email: "moved@vector.example".to_owned(),
            ..known
        };
        let edited = house
            .app
            .edit_person(&administrator, lawyer, version, &moved);
        edited.await.expect("edited");
        assert_eq!(comes_in(house, &session, &token).await, (false, false));
        let told = audit_events::Entity::find()
            .filter(audit_events::Column::SubjectId.eq(lawyer.uuid()))
            .filter(audit_events::Column::Action.eq("person.edited"))
            .one(house.app.store.reader())
            .await;
        let told = told.expect("rows").expect("an event").details;
        assert!(told.contains("login_before"), "{told}");

        // Whoever moved the address does not have a password mailed there before its owner heard.
        let asks = async || {
            let login = "moved@vector.example";
            let asked = house.app.request_password_reset(login, Origin::default());
            asked.await.expect("the same answer");
            links_mailed(house, lawyer).await
        };
        assert_eq!(asks().await, 0);
        house.advance_seconds(72 * 3_600 - 60);
        assert_eq!(asks().await, 0);
        let (version, again) = draft(house, lawyer).await;
        let edited = house
            .app
            .edit_person(&administrator, lawyer, version, &again);
        edited.await.expect("nothing of the address");
        house.advance_seconds(61);
        assert_eq!(asks().await, 1);
    })
    .await;
}

/// Goal: nobody is flooded, or robbed of a fresh link, by whoever asks in their name.
#[tokio::test]
async fn password_links_are_mailed_seldom() {
    on_both(async |house: &TestApp| {
        let lawyer = house.vector.person("lawyer");
        let (_, known) = draft(house, lawyer).await;
        let ask = async || {
            let asked = house
                .app
                .request_password_reset(&known.email, Origin::default());
            asked.await.expect("the same answer");
        };
        ask().await;
        ask().await;
        assert_eq!(
            links_mailed(house, lawyer).await,
            1,
            "the first is on its way"
        );
        for _ in 0..5 {
            house.advance_seconds(180);
            ask().await;
        }
        assert_eq!(links_mailed(house, lawyer).await, 3, "three in an hour");
        house.advance_seconds(3_600);
        ask().await;
        assert_eq!(links_mailed(house, lawyer).await, 4);
    })
    .await;
}

/// Goal: an administrator who sends a letter again sees no more of its document than before.
#[tokio::test]
async fn sending_a_letter_again_opens_no_document() {
    on_both(async |house: &TestApp| {
        let paper = Paper::draft(house, "10000").await;
        let about = Letter {
            document_id: Some(paper.id.uuid()),
            ..letter("again", MailKind::Returned, "a@vector.example")
        };
        let id = enqueue(house, about).await;
        super::mail_room::drain(house).await;
        let administrator = house.actor("administrator");
        house
            .app
            .resend_mail(&administrator, id)
            .await
            .expect("sent");
        let served = house.serve();
        let person = house.vector.person("administrator");
        let browser = Browser::of(house, &served, person).await;
        let seen = browser.get(&format!("/documents/{}", paper.id)).await;
        assert_eq!(seen.status, 404);
        served.stop().await;
    })
    .await;
}

/// Goal: roles and groups are those of the vocabulary, and an auditor of one department does not
/// read the log of the whole house. Method: by the API.
#[tokio::test]
async fn roles_are_those_of_the_vocabulary() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let administrator = house.vector.person("administrator");
        let browser = Browser::of(house, &served, administrator).await;
        let person = house.vector.person("lawyer");
        let path = format!("/api/v1/people/{person}");
        let mut body = json!({ "name": "Ирина Орлова", "email": "irina@vector.example",
            "roles": [{ "role": "wizard", "department_id": null }], "groups": ["nobody"] });
        let told = call_at(&browser, "PUT", &path, body.clone(), 0).await;
        let fields = told.body["fields"].as_array().expect("fields").clone();
        let fields: Vec<&Value> = fields.iter().map(|field| &field["field"]).collect();
        assert_eq!(
            (told.status, fields),
            (422, vec![&json!("role"), &json!("groups")])
        );
        let department = house.vector.departments["legal"];
        body["groups"] = json!(["contract_board"]);
        body["roles"] = json!([{ "role": "employee", "department_id": null },
            { "role": "auditor", "department_id": department }]);
        let told = call_at(&browser, "PUT", &path, body, 0).await;
        assert_eq!(told.status, 200, "{}", told.body);
        let page = browser.get(&format!("/people/{person}")).await.body;
        assert!(
            page.contains("Договорная комиссия") && page.contains("Аудитор: "),
            "{page}"
        );
        let auditor = Browser::of(house, &served, person).await;
        assert_eq!(auditor.get("/audit").await.status, 404);
        let menu = auditor.get("/tasks").await.body;
        assert!(!menu.contains("href=\"/audit\""));
        served.stop().await;
    })
    .await;
}

/// Goal: the tasks of somebody who left do not stand for ever. Method: disable, look, hand over to
/// the initiator (refused by name) and to a colleague.
#[tokio::test]
async fn an_administrator_hands_over_the_tasks_of_who_left() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "10000").await;
        let open = tasks::Entity::find()
            .filter(tasks::Column::DocumentId.eq(paper.id.uuid()))
            .filter(tasks::Column::State.eq("open"))
            .all(house.app.store.reader())
            .await;
        let open = open.expect("rows");
        let holder = PersonId::from(open[0].person_id.expect("a person"));
        let served = house.serve();
        let administrator = house.vector.person("administrator");
        let browser = Browser::of(house, &served, administrator).await;
        let page = browser.get(&format!("/people/{holder}")).await.body;
        assert!(page.contains("1 открытая задача"), "{page}");
        let path = format!("/api/v1/people/{holder}/tasks");
        let listed = call(&browser, "GET", &path, Value::Null).await;
        assert_eq!(listed.body["rows"].as_array().expect("rows").len(), 1);
        let move_to = format!("{path}/reassignment");
        let initiator = json!({ "to": house.vector.person("initiator") });
        let stayed = call(&browser, "POST", &move_to, initiator).await;
        assert_eq!((stayed.status, &stayed.body["moved"]), (200, &json!(0)));
        assert_eq!(stayed.body["stayed"][0][1], "separation-of-duties");
        let oneself = json!({ "to": administrator });
        let stayed = call(&browser, "POST", &move_to, oneself).await;
        assert_eq!(stayed.body["stayed"][0][1], "task-to-oneself");
        let task = TaskId::from(open[0].id);
        let path_of_task = format!("/api/v1/tasks/{task}/reassignment");
        let oneself = json!({ "person_id": administrator });
        let refused = call(&browser, "POST", &path_of_task, oneself).await;
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (409, &json!("task-to-oneself"))
        );
        let detail = refused.body["detail"].as_str().expect("words");
        assert!(detail.contains("не может взять задачу себе"), "{detail}");
        let hidden = browser.get(&format!("/documents/{}", paper.id)).await;
        assert_eq!(hidden.status, 404, "no task opened the document");
        let cfo = json!({ "to": house.vector.person("cfo") });
        let moved = call(&browser, "POST", &move_to, cfo).await;
        assert_eq!(moved.body, json!({ "moved": 1, "stayed": [] }));
        let document = browser.get(&format!("/documents/{}", paper.id)).await;
        assert_eq!(document.status, 404, "handing over opens no document");
        let list = browser.get("/documents").await.body;
        assert!(!list.contains(&paper.id.to_string()), "nor lists it");
        let cfo = Browser::of(house, &served, house.vector.person("cfo")).await;
        let route = cfo.get(&format!("/documents/{}", paper.id)).await.body;
        assert!(route.contains("вместо: Павел Громов"), "{route}");
        let lawyer = Browser::of(house, &served, house.vector.person("lawyer")).await;
        assert_eq!(call(&lawyer, "GET", &path, Value::Null).await.status, 404);
        served.stop().await;
    })
    .await;
}

/// Goal: a token that only reads is told so, in words of tokens and not of roles; it reads the
/// letters, and tells no more of what is hidden than its person may see.
#[tokio::test]
async fn a_token_that_only_reads_says_so() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let token = async |key: &str| {
            let actor = house.actor(key);
            let made = house.app.create_token(&actor, "чтение", Scope::Read, 30);
            made.await.expect("a token").secret
        };
        let ask = async |verb: &str, path: &str, token: &str| {
            let asked = reqwest::Client::new()
                .request(verb.parse().expect("a method"), served.url(path))
                .header("authorization", format!("Bearer {token}"))
                .header("idempotency-key", chancery::entropy::secret())
                .header("accept-language", "ru")
                .json(&json!({ "comment": "Не нужно" }));
            let answer = asked.send().await.expect("an answer");
            let status = answer.status().as_u16();
            (status, answer.json::<Value>().await.unwrap_or_default())
        };
        let administrator = token("administrator").await;
        let id = enqueue(house, letter("чтение", MailKind::Approved, "a@b.example")).await;
        let (status, letters) = ask("GET", "/api/v1/mail", &administrator).await;
        assert_eq!(status, 200, "{letters}");
        let again = format!("/api/v1/mail/{id}/resend");
        let (status, told) = ask("POST", &again, &administrator).await;
        assert_eq!(
            (status, &told["code"]),
            (403, &json!("token-only-reads")),
            "{told}"
        );
        let detail = told["detail"].as_str().expect("words");
        assert!(
            detail.contains("только для чтения") && !detail.contains("роль"),
            "{detail}"
        );
        let paper = Paper::started(house, "10000").await;
        let path = format!("/api/v1/documents/{}/run/withdrawal", paper.id);
        let (status, _) = ask("POST", &path, &token("cfo").await).await;
        assert_eq!(status, 404, "hidden from the person, so from the token");
        served.stop().await;
    })
    .await;
}

/// Goal: nobody moves a login without knowing what that ends. Method: the form, of somebody who is
/// active and of somebody who is invited.
#[tokio::test]
async fn the_form_says_what_another_address_ends() {
    let house = TestApp::single().await;
    let invited = PersonDraft {
        name: "Нина Новикова".to_owned(),
        email: "nina@vector.example".to_owned(),
        ..PersonDraft::default()
    };
    let administrator = house.actor("administrator");
    let made = house.app.create_person(&administrator, &invited).await;
    let served = house.serve();
    let browser = Browser::of(&house, &served, house.vector.person("administrator")).await;
    for (person, said) in [
        (
            house.vector.person("lawyer"),
            "все сеансы, токены и ссылки для пароля",
        ),
        (
            made.expect("invited"),
            "прежнее приглашение перестанет действовать",
        ),
    ] {
        let form = browser.get(&format!("/people/{person}/edit")).await.body;
        assert!(form.contains(said), "{form}");
    }
    served.stop().await;
    house.close().await;
}
