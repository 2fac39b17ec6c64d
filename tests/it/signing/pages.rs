//! The counterparty's pages without a script: everything works by forms alone.

use chancery::app::links::visit::LinkState;
use chancery::store::entity::{audit_events, links, outbox, signatures};
use chancery::web::routes::{Audience, Verb, all};
use chancery_types::Locale;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::contract::Contract;
use super::visitor::Visitor;
use crate::guards::Browser;
use crate::support::{Backend, TestApp, on_both};

async fn events(house: &TestApp) -> u64 {
    let reader = house.app.store.reader();
    audit_events::Entity::find()
        .count(reader)
        .await
        .expect("a count")
}

/// Goal: without a script the counterparty gets from the letter to the signed file, and the
/// evidence says whose key it was. Method: a client that knows pages and forms only, in Russian.
#[tokio::test]
async fn without_a_script_the_server_makes_the_key_and_says_so() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let served = house.serve();
        let visitor = Visitor::new(&served, Locale::Ru);
        let front = visitor.comes_in(&contract).await;
        assert_eq!((front.status, front.path.as_str()), (200, "/s/document"));
        front
            .see("ООО «Вектор» просит вас подписать")
            .see("Договор поставки бумаги")
            .see("50 000,00 ₽")
            .see("Поставка бумаги")
            .see("Ольга Соколова")
            .see("Иван Иванов, ООО «Ромашка»")
            .see("Подписать до")
            .see("i•••@romashka.example")
            .see_not("ivanov@romashka.example");
        assert_eq!(visitor.get("/s/file").await.status, 409, "before the code");
        assert_eq!(visitor.get("/s/pages/1.png").await.status, 409);

        let asked = visitor.post(&front, "/s/code/send", &[]).await;
        let wrong = visitor
            .post(&asked, "/s/code", &[("code", "000-000")])
            .await;
        assert_eq!(wrong.status, 422);
        wrong.see("Осталось 4 попытки.");
        let (_, secret) = contract.letter("code").await;
        let code = secret["code"].as_str().expect("a code");
        let read = visitor.post(&wrong, "/s/code", &[("code", code)]).await;
        assert_eq!(read.path, "/s/read");
        read.see("Страница 1 из 1")
            .see("class=\"leaf-alone\" href=\"/s/pages/1.png\"")
            .see("<span class=\"crumbs-more\">50 000,00 ₽ · ООО «Ромашка»</span>");
        assert_eq!(visitor.get("/s/sign").await.path, "/s/read", "read first");
        let said = [("from", "1"), ("to", "1")];
        let unseen = visitor.post(&read, "/s/read", &said).await;
        assert_eq!((unseen.status, unseen.path.as_str()), (409, "/s/read"));
        unseen.see("Ещё не показаны страницы: 1.");
        assert_eq!(visitor.get("/s/pages/1.png").await.status, 200);
        let seat = visitor.post(&read, "/s/read", &said).await;
        assert_eq!(seat.path, "/s/sign");
        let one = visitor
            .post(&seat, "/s/consents", &[("personal_data", "yes")])
            .await;
        assert_eq!(one.status, 422);
        one.see("Без этого согласия подписать нельзя.");
        let both = [("personal_data", "yes"), ("electronic_signature", "yes")];
        let seat = visitor.post(&one, "/s/consents", &both).await;
        seat.see("Ключ подписи создаст сервер");
        let done = visitor.post(&seat, "/s/sign", &[]).await;
        assert_eq!((done.status, done.path.as_str()), (200, "/s/document"));
        done.see("Вы подписали документ")
            .see("Ключ подписи создал и сразу забыл сервер");
        let file = visitor.get("/s/signed.pdf").await;
        assert!(file.bytes.starts_with(&contract.file));
        let disposition = file.headers["content-disposition"].to_str().expect("text");
        assert!(disposition.starts_with("attachment"), "{disposition}");
        assert_eq!(contract.state().await, "effective");
        let signed = signatures::Entity::find()
            .filter(signatures::Column::ContactId.is_not_null())
            .one(house.app.store.reader())
            .await;
        let evidence = signed.expect("rows").expect("a signature").evidence;
        assert!(
            evidence.contains("\"key_made_in\":\"server\""),
            "{evidence}"
        );
        served.stop().await;
    })
    .await;
}

/// Goal: programs that open links in mails burn nothing. Method: GETs of everything, then the link.
#[tokio::test]
async fn a_mail_scanner_that_opens_the_link_burns_nothing() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let before = events(&house).await;
    let scanner = Visitor::new(&served, Locale::En);
    for path in ["/s", "/s", "/s/document", "/s/read", "/s/sign", "/s/refuse"] {
        scanner.get(path).await;
    }
    assert_eq!(events(&house).await, before, "a GET leaves no trace");
    let link = links::Entity::find().one(house.app.store.reader()).await;
    let link = link.expect("rows").expect("a link");
    assert_eq!((link.opened_at, link.state.as_str()), (None, "active"));
    let reader = Visitor::new(&served, Locale::Ru);
    assert_eq!(reader.comes_in(&contract).await.path, "/s/document");
    served.stop().await;
    house.close().await;
}

/// Goal: the other ways stand open before the code too, and lead where they say after it.
#[tokio::test]
async fn who_wants_to_refuse_first_proves_the_mailbox_and_is_brought_there() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    visitor.comes_in(&contract).await;
    let front = visitor.get("/s/refuse").await;
    assert_eq!(front.path, "/s/document");
    front.see("После кода откроется:");
    let then = [("then", "refuse")];
    let asked = visitor.post(&front, "/s/code/send", &then).await;
    let (_, secret) = contract.letter("code").await;
    let code = secret["code"].as_str().expect("a code");
    let fields = [("code", code), ("then", "refuse")];
    let words = visitor.post(&asked, "/s/code", &fields).await;
    assert_eq!(words.path, "/s/refuse");
    let elsewhere = [("code", code), ("then", "//evil.example")];
    let refused = visitor.post(&asked, "/s/code", &elsewhere).await;
    assert_ne!(refused.path, "//evil.example");
    let done = visitor
        .post(&words, "/s/refuse", &[("reason", "Не наша цена")])
        .await;
    done.see("Вы отказались подписать")
        .see("«Договор поставки бумаги»: отказ записан и передан.");
    assert_eq!(contract.state().await, "rejected");
    served.stop().await;
    house.close().await;
}

/// Goal: an expired link mails a new one, to the same address, once, and says so.
#[tokio::test]
async fn an_expired_link_mails_a_new_one() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let served = house.serve();
        house.advance_seconds(40 * 86_400);
        let visitor = Visitor::new(&served, Locale::Ru);
        let front = visitor.comes_in(&contract).await;
        front
            .see("Срок ссылки прошёл")
            .see_not("i•••@romashka.example")
            .see_not("Договор поставки бумаги");
        let renewed = visitor.post(&front, "/s/renew", &[]).await;
        renewed.see("Новая ссылка отправлена").see_not("/s/renew");
        assert_eq!(visitor.post(&front, "/s/renew", &[]).await.status, 409);
        let letters = outbox::Entity::find()
            .filter(outbox::Column::Kind.eq("signing-invitation"))
            .filter(outbox::Column::ToAddress.eq("ivanov@romashka.example"))
            .count(house.app.store.reader())
            .await;
        assert_eq!(letters.expect("a count"), 2);
        let visit = contract.enters().await.0;
        assert_eq!(visit.link_state, LinkState::Active);
        served.stop().await;
    })
    .await;
}

/// Goal: a question is asked, answered by the initiator, and the answer stands on the link's page.
#[tokio::test]
async fn an_answer_stands_on_the_page_of_the_link() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    visitor.comes_verified(&contract).await;
    let ask = visitor.get("/s/ask").await;
    let asked = visitor
        .post(&ask, "/s/ask", &[("question", "Когда поставка?")])
        .await;
    asked
        .see("Когда поставка?")
        .see("Вопрос получает Ольга Соколова");
    let question = chancery::store::entity::questions::Entity::find()
        .one(house.app.store.reader())
        .await;
    let question = question.expect("rows").expect("a question").id;
    let initiator = house.actor("initiator");
    house
        .app
        .answer_question(&initiator, question, "В марте")
        .await
        .expect("answered");
    visitor
        .get("/s/document")
        .await
        .see("Отвечает Ольга Соколова")
        .see("В марте");
    let other = Visitor::new(&served, Locale::Ru);
    other.comes_in(&contract).await.see_not("Когда поставка?");
    served.stop().await;
    house.close().await;
}

/// Goal: no other site acts in the name of a reader with a live visit. Method: every change of a
/// link's pages by a verified visitor, without the token that its forms carry.
#[tokio::test]
async fn a_verified_visitor_changes_nothing_without_the_token() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    visitor.comes_verified(&contract).await;
    let before = events(&house).await;
    // Calls read no cookie: `guards::tokens` asks them.
    let changes = all().filter(|route| route.audience == Audience::Link && !route.is_api());
    for route in changes.filter(|route| route.method == Verb::Post) {
        let (kind, body) = match route.path {
            "/s/disagree" => continue,
            "/s/sign/prepare" => ("application/json", r#"{"spki":"AAAA"}"#),
            "/s/sign/complete" => (
                "application/json",
                r#"{"signing_id":"0199c0de-0000-7000-8000-000000000000","signature":"AAAA"}"#,
            ),
            _ => (
                "application/x-www-form-urlencoded",
                "reason=x&question=x&from=1&to=1&electronic_signature=yes&personal_data=yes",
            ),
        };
        let answer = visitor.post_raw(route.path, kind, body.to_owned()).await;
        assert_eq!(answer.status, 403, "{route:?}");
    }
    let file = Some(("p.pdf", b"%PDF-1.4".to_vec()));
    let answer = visitor.disagree(None, "Слова", file).await;
    assert_eq!(answer.status, 403, "a file without the token");
    assert_eq!(events(&house).await, before);
    served.stop().await;
    house.close().await;
}

/// Goal: behind TLS no other host or path can set or read the visit's cookie, and no secret stands
/// in an address. Method: the answer to the posted secret.
#[tokio::test]
async fn behind_tls_the_visit_is_a_host_cookie() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.server.public_url = "https://chancery.vector.example".to_owned();
    })
    .await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let (_, secret) = contract.letter("signing-invitation").await;
    let url = secret["link_url"].as_str().expect("a link");
    let (address, fragment) = url.split_once('#').expect("a fragment");
    assert_eq!(address, "https://chancery.vector.example/s");
    assert!(fragment.len() >= 43, "256 bits: {fragment}");
    let token = "v".repeat(43);
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let answer = client
        .post(served.url("/s"))
        .header("cookie", format!("__Host-chancery_visitor={token}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("_csrf={token}&secret={fragment}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status().as_u16(), 303);
    let location = answer.headers()["location"].to_str().expect("text");
    assert_eq!(location, "/s/document");
    let cookies = answer.headers().get_all("set-cookie");
    let visit = cookies
        .iter()
        .filter_map(|cookie| cookie.to_str().ok())
        .find(|cookie| cookie.starts_with("__Host-chancery_visit="));
    let visit = visit.expect("a visit's cookie");
    for part in ["HttpOnly", "Secure", "Path=/", "SameSite=Lax"] {
        assert!(visit.contains(part), "{visit}");
    }
    assert!(!visit.contains("Domain"), "{visit}");
    assert!(!visit.contains(fragment), "{visit}");
    served.stop().await;
    house.close().await;
}

/// Goal: whoever sees a document and opens the signing page of somebody else is told whose it is
/// and what they can do; whoever sees nothing learns nothing. Method: our signatory's task, opened
/// by the initiator and by somebody without the document.
#[tokio::test]
async fn the_signing_page_of_somebody_else_says_whose_it_is() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let task = contract.task_of("signatory").await;
    let served = house.serve();
    let path = format!("/tasks/{task}/sign");
    let initiator = Browser::of(&house, &served, house.vector.person("initiator")).await;
    let page = initiator.get(&path).await;
    assert_eq!(page.status, 403);
    for words in ["Подписать просят другого человека", "Виктор Егоров"]
    {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let other = Browser::of(&house, &served, house.vector.person("accountant")).await;
    let page = other.get(&path).await;
    assert_eq!(page.status, 404);
    assert!(!page.body.contains("Виктор Егоров"), "{}", page.body);
    served.stop().await;
    house.close().await;
}

/// Goal: whoever lost the cookie of their visit is answered in the language of their letter, not of
/// their browser; their own choice still comes first. Method: an English browser with a Russian
/// link.
#[tokio::test]
async fn a_lost_visit_is_told_in_the_language_of_the_link() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (_, secret) = contract.letter("signing-invitation").await;
    let link = secret["link_url"].as_str().expect("a link");
    let secret = link.split_once('#').expect("a fragment").1;
    let served = house.serve();
    let visitor = Browser::visitor(&served);
    let entered = visitor.post("/s", &format!("secret={secret}")).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    let cookies = entered.headers.get_all("set-cookie");
    let language = cookies
        .iter()
        .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
        .find(|cookie| cookie.starts_with("chancery_link_language="));
    let language = language.expect("a cookie").to_owned();
    for (cookie, path, words) in [
        (language.clone(), "/s/document", "lang=\"ru\""),
        (language.clone(), "/s", "lang=\"ru\""),
        (
            format!("{language}; chancery_language=en"),
            "/s/document",
            "lang=\"en\"",
        ),
        (language.clone(), "/login", "lang=\"en\""),
        (String::new(), "/s/document", "lang=\"en\""),
    ] {
        let asked = reqwest::Client::new().get(served.url(path));
        let asked = asked
            .header("accept-language", "en")
            .header("cookie", &cookie);
        let page = asked.send().await.expect("an answer");
        let page = page.text().await.expect("text");
        assert!(page.contains(words), "{cookie} {path}: {page}");
    }
    served.stop().await;
    house.close().await;
}
