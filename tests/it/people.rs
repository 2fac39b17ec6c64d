//! People by pages: logging in, inviting, refusing what must be refused.

use chancery::app::checks::TaxIds;
use chancery::app::organisations::NewOrganisation;
use chancery::domain::actor::Origin;
use chancery::store::entity::outbox;
use chancery_types::Locale;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::guards::Browser;
use crate::support::{TestApp, on_both};

fn vector_two(password: Option<&str>) -> NewOrganisation {
    NewOrganisation {
        name: "АО «Север»".to_owned(),
        tax_ids: TaxIds {
            country: "RU".to_owned(),
            inn: Some("7707083893".to_owned()),
            kpp: Some("773601001".to_owned()),
            vat_id: None,
        },
        locale: Locale::Ru,
        time_zone: "Europe/Moscow".to_owned(),
        administrator_name: "Вера Власова".to_owned(),
        administrator_email: "Vera@Sever.Example".to_owned(),
        administrator_password: password.map(str::to_owned),
    }
}

/// The link in the newest mail to `address`, out of its sealed part.
async fn mailed_link(house: &TestApp, address: &str) -> String {
    let mail = outbox::Entity::find()
        .filter(outbox::Column::ToAddress.eq(address))
        .all(house.app.store.reader())
        .await
        .expect("rows")
        .pop()
        .expect("a mail");
    assert!(
        !mail.payload.contains("/password/set"),
        "a secret lies in clear"
    );
    let sealed = mail.sealed.expect("a sealed part");
    let plain = house
        .app
        .vault
        .open(mail.id.as_bytes(), &sealed)
        .expect("opened");
    let secret: serde_json::Value = serde_json::from_slice(&plain).expect("JSON");
    secret["link_url"].as_str().expect("a link").to_owned()
}

/// Goal: from an empty server to a logged-in administrator. Method: create, log in by the page.
#[tokio::test]
async fn an_administrator_logs_in_and_sees_the_people() {
    on_both(async |house: &TestApp| {
        let new = vector_two(Some("длинный пароль"));
        house.app.create_organisation(new).await.expect("created");
        let served = house.serve();
        let visitor = Browser::visitor(&served);
        let form = |password: &str| format!("login=VERA%40sever.example&password={password}");
        let wrong = visitor.post("/login", &form("nonsense")).await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.body.contains("Почта или пароль не подходят"),
            "{}",
            wrong.body
        );
        let encoded = chancery::web::edge::urlencode("длинный пароль");
        let right = visitor
            .post("/login", &format!("{}&next=//evil", form(&encoded)))
            .await;
        assert_eq!(
            (right.status, &right.headers["location"]),
            (303, &"/tasks".parse().expect("a"))
        );
        let cookie = right.headers["set-cookie"].to_str().expect("text");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        served.stop().await;
    })
    .await;
}

/// Goal: an invited person sets a password by the mailed link, once. Method: page, mail, page.
#[tokio::test]
async fn an_invited_person_sets_a_password_once_and_is_in() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        let administrator = house.vector.person("administrator");
        let administrator = Browser::of(house, &served, administrator).await;
        let fields = "name=%D0%9D%D0%BE%D0%B2%D1%8B%D0%B9&email=new%40vector.example&role=employee";
        let invited = administrator.post("/people", fields).await;
        assert_eq!(invited.status, 303, "{}", invited.body);
        let link = mailed_link(house, "new@vector.example").await;
        assert!(link.contains("/password/set#"), "{link}");
        let visitor = Browser::visitor(&served);
        let code = chancery::web::edge::urlencode(&link);
        let short = visitor
            .post("/password/set", &format!("code={code}&password=short"))
            .await;
        assert_eq!(short.status, 422);
        let fields = format!("code={code}&password=correct+horse+battery");
        let set = visitor.post("/password/set", &fields).await;
        assert_eq!(set.status, 303, "{}", set.body);
        let again = visitor.post("/password/set", &fields).await;
        assert_eq!(again.status, 422);
        assert!(again.body.contains("уже использована"), "{}", again.body);
        served.stop().await;
    })
    .await;
}

/// Goal: a form with everything wrong says so at each field and keeps what was typed.
#[tokio::test]
async fn a_wrong_form_comes_back_filled_with_every_error() {
    let house = TestApp::single().await;
    let served = house.serve();
    let person = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let wrong = "name=%E2%80%AEevil&country=RU&inn=7707083894&kpp=1";
    let answer = person.post("/counterparties", wrong).await;
    assert_eq!(answer.status, 422);
    for text in [
        "U+202E",
        "Контрольная цифра не сходится",
        "value=\"7707083894\"",
        "Исправьте 3 поля",
    ] {
        assert!(
            answer.body.contains(text),
            "{text} is missing: {}",
            answer.body
        );
    }
    let crlf = person
        .post("/counterparties", "name=a%0D%0Ab&country=RU&inn=7707083893")
        .await;
    assert!(crlf.body.contains("переносы строк"), "{}", crlf.body);
    served.stop().await;
    house.close().await;
}

/// Goal: rules over several people hold. Method: circles, the last administrator, a stale form.
#[tokio::test]
async fn circles_and_the_last_administrator_are_refused_by_name() {
    on_both(async |house: &TestApp| {
        let administrator = house.actor("administrator");
        let own = house.vector.person("administrator");
        let refused = house.app.disable_person(&administrator, own, 0).await;
        assert_eq!(
            refused.expect_err("refused").to_string(),
            "refused: last-administrator"
        );
        let lawyer = house.vector.person("lawyer");
        let mut draft = house
            .app
            .load_person(&administrator, lawyer)
            .await
            .expect("one")
            .draft;
        draft.manager = Some(lawyer);
        let circle = house
            .app
            .edit_person(&administrator, lawyer, 0, &draft)
            .await;
        assert!(
            format!("{circle:?}").contains("manager-circle"),
            "{circle:?}"
        );
        draft.manager = None;
        house
            .app
            .edit_person(&administrator, lawyer, 0, &draft)
            .await
            .expect("edited");
        let stale = house
            .app
            .edit_person(&administrator, lawyer, 0, &draft)
            .await;
        assert_eq!(
            stale.expect_err("stale").to_string(),
            "changed since it was read"
        );
    })
    .await;
}

/// Goal: a disabled person is out at once. Method: a session and a token before and after.
#[tokio::test]
async fn disabling_a_person_ends_sessions_and_tokens() {
    on_both(async |house: &TestApp| {
        let lawyer = house.vector.person("lawyer");
        let opened = house
            .app
            .open_session(lawyer, Origin::default())
            .await
            .expect("a session");
        let actor = house.actor("lawyer");
        let scope = chancery::app::tokens::Scope::Read;
        let token = house
            .app
            .create_token(&actor, "ключ", scope, 30)
            .await
            .expect("a token");
        let comes_in = async || {
            let origin = Origin::default;
            let session = house
                .app
                .resume_session(&opened.secret, origin(), Locale::Ru)
                .await;
            let token = house
                .app
                .resume_token(&token.secret, origin(), Locale::Ru)
                .await;
            (
                session.expect("an answer").is_some(),
                token.expect("an answer").is_some(),
            )
        };
        assert_eq!(comes_in().await, (true, true));
        let administrator = house.actor("administrator");
        house
            .app
            .disable_person(&administrator, lawyer, 0)
            .await
            .expect("disabled");
        assert_eq!(comes_in().await, (false, false));
    })
    .await;
}

/// Goal: idle sessions end. Method: move the clock.
#[tokio::test]
async fn a_session_ends_when_it_is_idle_or_too_old() {
    let house = TestApp::single().await;
    let lawyer = house.vector.person("lawyer");
    let opened = house
        .app
        .open_session(lawyer, Origin::default())
        .await
        .expect("a session");
    let is_open = async || {
        let found = house
            .app
            .resume_session(&opened.secret, Origin::default(), Locale::Ru)
            .await;
        found.expect("an answer").is_some()
    };
    for _ in 0..13 {
        house.advance_seconds(55 * 60);
        assert!(is_open().await);
    }
    house.advance_seconds(55 * 60);
    assert!(!is_open().await, "twelve hours are over");
    let opened = house
        .app
        .open_session(lawyer, Origin::default())
        .await
        .expect("a session");
    house.advance_seconds(60 * 60);
    let found = house
        .app
        .resume_session(&opened.secret, Origin::default(), Locale::Ru)
        .await;
    assert!(found.expect("an answer").is_none(), "idle for an hour");
    house.close().await;
}
