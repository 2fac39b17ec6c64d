//! What a counterparty's person meets beside the straight way: a link that leads nowhere, a
//! problem, pages that were never opened, somebody else who signs.

use chancery::app::counterparties::ContactDraft;
use chancery::app::links::ending::NewSignatory;
use chancery::app::links::visit::LinkKey;
use chancery::app::{AppError, FieldProblem};
use chancery::mail::kind::MailKind;
use chancery::mail::letter::compose;
use chancery_types::Locale;

use super::contract::{Contract, code, shown};
use super::disagreements::as_person;
use super::visitor::Visitor;
use crate::support::{TestApp, on_both};

fn petrov() -> NewSignatory {
    NewSignatory {
        name: "Пётр Петров".to_owned(),
        email: "petrov@romashka.example".to_owned(),
        position: Some("директор".to_owned()),
    }
}

/// Goal: nobody signs for a counterparty behind the initiator's back. Method: a hand-over, the
/// letter in both languages, and the document's page.
#[tokio::test]
async fn the_initiator_is_told_who_signs_instead() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        let app = &house.app;
        app.hand_over(&actor, &visit, &petrov())
            .await
            .expect("handed");
        assert_eq!(contract.told("handed-over").await, ["initiator"]);
        let (row, _) = contract.letter("handed-over").await;
        let payload = serde_json::from_str(&row.payload).expect("JSON");
        for (locale, said) in [
            (Locale::Ru, "Этого человека назвал контрагент"),
            (Locale::En, "The counterparty named this person"),
        ] {
            let letter = compose(MailKind::HandedOver, locale, &payload, None).expect("a letter");
            let values: Vec<&str> = letter.facts.iter().map(|f| f.value.as_str()).collect();
            for told in [
                "Иван Иванов",
                "Пётр Петров",
                "petrov@romashka.example",
                "директор",
            ] {
                assert!(values.contains(&told), "{told}: {values:?}");
            }
            assert!(letter.notes[0].contains(said), "{:?}", letter.notes);
        }
        let served = house.serve();
        let page = format!("/documents/{}", contract.id);
        let person = house.vector.person("initiator");
        let told = "Задача передана: Иван Иванов → Пётр Петров (petrov@romashka.example)";
        as_person(house, &served, person, &page).await.see(told);
        served.stop().await;
    })
    .await;
}

/// Goal: the same person is not written down twice, and two of one name can be told apart. Method:
/// the name in other letters at the same address, then the same name at another one.
#[tokio::test]
async fn a_named_signatory_is_no_double() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.comes_verified().await;
    let app = &house.app;
    app.hand_over(&actor, &visit, &petrov())
        .await
        .expect("handed");
    house.advance_seconds(1);
    let (visit, actor) = contract.comes_verified().await;
    let back = NewSignatory {
        name: "иван  ИВАНОВ".to_owned(),
        email: "Ivanov@Romashka.example".to_owned(),
        position: None,
    };
    app.hand_over(&actor, &visit, &back)
        .await
        .expect("handed back");
    house.advance_seconds(1);
    let (visit, actor) = contract.comes_verified().await;
    assert_eq!(visit.link.contact_id, house.vector.contact.uuid());
    let other = NewSignatory {
        email: "p.petrov@romashka.example".to_owned(),
        ..petrov()
    };
    app.hand_over(&actor, &visit, &other)
        .await
        .expect("handed on");
    let asked = app
        .contact_tasks(&house.actor("initiator"), contract.id)
        .await;
    let asked = asked.expect("tasks");
    let names: Vec<&str> = asked[0]
        .colleagues
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    assert_eq!(names, ["Иван Иванов", "Пётр Петров"]);
    house.advance_seconds(1);
    let (visit, actor) = contract.comes_verified().await;
    app.hand_over(&actor, &visit, &back)
        .await
        .expect("back again");
    let asked = app
        .contact_tasks(&house.actor("initiator"), contract.id)
        .await;
    let asked = asked.expect("tasks");
    let names: Vec<&str> = asked[0]
        .colleagues
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    let told_apart = [
        "Пётр Петров (p.petrov@romashka.example)",
        "Пётр Петров (petrov@romashka.example)",
    ];
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, told_apart);
    house.close().await;
}

/// Goal: a name carries no address into our letters. Method: each kind of bad name, in each field.
#[tokio::test]
async fn a_named_signatory_has_a_name_and_no_address_for_one() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.comes_verified().await;
    let long = "ж".repeat(201);
    for (bad, problem) in [
        ("Зайдите на https://evil.example", "holds-address"),
        ("Пишите на petrov@evil.example", "holds-address"),
        ("Пётр\nПетров", "control-character"),
        (long.as_str(), "too-long"),
        ("  ", "empty"),
    ] {
        for field in ["name", "position"] {
            let mut named = petrov();
            match field {
                "name" => named.name = bad.to_owned(),
                _ => named.position = Some(bad.to_owned()),
            }
            let refused = house.app.hand_over(&actor, &visit, &named).await;
            let Err(AppError::Invalid { fields }) = refused else {
                panic!("{field} {bad:?} was taken");
            };
            let told: Vec<(&str, &str)> = fields.iter().map(of).collect();
            assert_eq!(told, [(field, problem)]);
        }
    }
    house.advance_seconds(1);
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    visitor.comes_verified(&contract).await;
    let form = visitor.get("/s/hand-over").await;
    let named = [("name", "http://x"), ("email", "a@b.example")];
    let again = visitor.post(&form, "/s/hand-over", &named).await;
    assert_eq!(again.status, 422);
    again.see("без ссылок и адресов").see("value=\"http://x\"");
    served.stop().await;
    house.close().await;
}

/// Goal: nobody of ours signs for the other side by the address of a contact. Method: the initiator
/// writes a contact with the director's address down, moves one to her own, and the link's reader
/// names her; then somebody who is not here. Both databases.
#[tokio::test]
async fn nobody_of_ours_is_the_counterparty_s_signatory() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, reader) = contract.comes_verified().await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        let ours = |key: &str| format!("{key}@vector.example");
        let draft = |email: String| ContactDraft {
            name: "Иван Лугов".to_owned(),
            position: None,
            email,
            locale: Locale::Ru,
        };
        let problem = |error: AppError| match error {
            AppError::Invalid { fields } => fields.first().map(|one| one.code),
            other => panic!("{other:?}"),
        };
        let expected = Some("address-ours");
        let counterparty = house.vector.counterparty;
        let made = app
            .create_contact(&initiator, counterparty, &draft(ours("SIGNATORY")))
            .await;
        assert_eq!(problem(made.expect_err("ours")), expected);
        let contact = house.vector.contact;
        let moved = app
            .edit_contact(&initiator, contact, 0, &draft(ours("initiator")))
            .await;
        assert_eq!(problem(moved.expect_err("ours")), expected);
        let mut named = petrov();
        named.email = ours("initiator");
        let handed = app.hand_over(&reader, &visit, &named).await;
        assert_eq!(problem(handed.expect_err("ours")), expected);
        let outsider = draft("a@b.example".to_owned());
        let made = app
            .create_contact(&initiator, counterparty, &outsider)
            .await;
        made.expect("an outsider");
        app.hand_over(&reader, &visit, &petrov())
            .await
            .expect("an outsider");
    })
    .await;
}

fn of(problem: &FieldProblem) -> (&str, &str) {
    (problem.field.as_str(), problem.code)
}

/// Goal: a link that leads nowhere says so on a page of its own; only a slip in a typed code is a
/// mistake in a form. Method: a revoked link, one that never was, a wrong code; in both languages.
#[tokio::test]
async fn a_link_that_leads_nowhere_has_a_page_of_its_own() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (_, secret) = contract.letter("signing-invitation").await;
    let url = secret["link_url"].as_str().expect("a link").to_owned();
    let fragment = url.split_once('#').expect("a fragment").1;
    let typed = secret["typed_code"].as_str().expect("a code").to_owned();
    let initiator = house.actor("initiator");
    let tasks = house.app.contact_tasks(&initiator, contract.id).await;
    let task = tasks.expect("tasks")[0].task;
    let revoked = house
        .app
        .revoke_link(&initiator, task.into(), "Ошибка")
        .await;
    revoked.expect("revoked");
    let served = house.serve();
    for (locale, dead, unknown, slip) in [
        (
            Locale::Ru,
            "Ссылка отозвана",
            "Ссылка не найдена",
            "Такого кода нет.",
        ),
        (Locale::En, "revoked", "No such link", "no such code"),
    ] {
        let visitor = Visitor::new(&served, locale);
        let entry = visitor.get("/s").await;
        for key in [("secret", fragment), ("code", typed.as_str())] {
            let over = visitor.post(&entry, "/s", &[key]).await;
            assert_eq!(over.status, 410, "{}", over.html());
            assert!(
                over.html().to_lowercase().contains(&dead.to_lowercase()),
                "{}",
                over.html()
            );
            over.see("href=\"/s\"")
                .see_not("<form method=\"post\" action=\"/s\"");
        }
        let over = visitor.post(&entry, "/s", &[("secret", "nothing")]).await;
        assert_eq!(over.status, 404);
        assert!(
            over.html().to_lowercase().contains(&unknown.to_lowercase()),
            "{}",
            over.html()
        );
        let again = visitor
            .post(&entry, "/s", &[("code", "AAAA-BBBB-CCCC")])
            .await;
        assert_eq!(again.status, 422);
        let html = again.html().to_lowercase();
        assert!(html.contains(&slip.to_lowercase()), "{html}");
        assert!(html.contains("value=\"aaaa-bbbb-cccc\""), "{html}");
    }
    let refused = contract.enters_by(&LinkKey::Typed(typed)).await;
    assert_eq!(code(&refused.expect_err("revoked")), "link-revoked");
    served.stop().await;
    house.close().await;
}

/// Goal: who came through a link is never sent to a login that they do not have. Method: problems
/// of several kinds, with a visit, with one that has ended, and without any.
#[tokio::test]
async fn a_problem_on_the_way_of_a_link_leads_back_to_the_link() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let nobody = Visitor::new(&served, Locale::Ru);
    for path in ["/s/document", "/s/read", "/s/sign", "/s/nowhere"] {
        let problem = nobody.get(path).await;
        assert_eq!(problem.path, path, "no redirect");
        problem
            .see("href=\"/s\"")
            .see_not("/login")
            .see_not("href=\"/\"");
    }
    let visitor = Visitor::new(&served, Locale::Ru);
    visitor.comes_in(&contract).await;
    for path in ["/s/file", "/s/nowhere", "/s/attachments/7"] {
        let problem = visitor.get(path).await;
        assert!((400..500).contains(&problem.status), "{path}");
        problem.see("href=\"/s/document\"").see_not("/login");
    }
    house.advance_seconds(30 * 86_400);
    let problem = visitor.get("/s/document").await;
    problem.see("href=\"/s\"").see_not("/login");
    served.stop().await;
    house.close().await;
}

/// Goal: pages that were never sent are not taken for read, by page and by call, of theirs and of
/// ours; the file itself shows them all. Method: a signature without a look, then with one.
#[tokio::test]
async fn nobody_signs_what_was_never_sent_to_them() {
    on_both(async |house: &TestApp| {
        let contract = Contract::approved(house).await;
        let app = &house.app;
        let (ours, task) = (
            house.actor("signatory"),
            contract.task_of("signatory").await,
        );
        let both = shown(house, &ours).await;
        app.give_consents(&ours, task.uuid(), &both)
            .await
            .expect("consents");
        let refused = contract.signs(&ours, task.uuid()).await;
        let Err(AppError::Refused { code: told, args }) = refused else {
            panic!("signed unseen");
        };
        assert_eq!((told, args["pages"].as_str()), ("pages-unopened", "1"));
        let served = house.serve();
        let person = house.vector.person("signatory");
        let path = format!("/tasks/{task}/sign");
        let page = as_person(house, &served, person, &path).await;
        page.see("Вам ещё не показаны страницы: 1.")
            .see("Карточка")
            .see(&format!("/documents/{}/pages/1.png", contract.id));
        let image = format!("/documents/{}/pages/1.png", contract.id);
        assert_eq!(as_person(house, &served, person, &image).await.status, 200);
        let page = as_person(house, &served, person, &path).await;
        page.see_not("Вам ещё не показаны страницы");
        contract.signs(&ours, task.uuid()).await.expect("signed");

        let visitor = Visitor::new(&served, Locale::Ru);
        let front = visitor.comes_in(&contract).await;
        let read = visitor.proves_the_mailbox(&contract, &front).await;
        let said = [("from", "1"), ("to", "1")];
        let unseen = visitor.post(&read, "/s/read", &said).await;
        assert_eq!(unseen.status, 409);
        unseen
            .see("Ещё не показаны страницы: 1.")
            .see("/s/pages/1.png");
        assert_eq!(visitor.get("/s/file").await.status, 200);
        let seat = visitor.post(&read, "/s/read", &said).await;
        assert_eq!(seat.path, "/s/sign");
        // Another visit has seen nothing, whatever the first one saw.
        house.advance_seconds(1);
        let (visit, actor) = contract.enters().await;
        let refused = app.read_pages(&actor, &visit, 1..=1).await;
        assert_eq!(
            code(&refused.expect_err("no code yet")),
            "link-not-verified"
        );
        let (visit, actor) = contract.comes_with_code().await;
        let refused = app.read_pages(&actor, &visit, 1..=1).await;
        assert_eq!(code(&refused.expect_err("unseen")), "pages-unopened");
        app.link_page_image(&actor, &visit, 1)
            .await
            .expect("an image");
        app.read_pages(&actor, &visit, 1..=1).await.expect("read");
        served.stop().await;
    })
    .await;
}

/// Goal: who waits for another code can still give the one they have, and is told minutes. Method:
/// the hour's codes, in both languages.
#[tokio::test]
async fn who_waits_for_another_code_keeps_the_field() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.enters().await;
    for _ in 0..5 {
        // One after the other: the newest code is the one that works.
        house.advance_seconds(1);
        house.app.send_code(&actor, &visit).await.expect("sent");
    }
    let served = house.serve();
    for (locale, said) in [
        (Locale::En, "in 60 minutes"),
        (Locale::Ru, "через 60 минут"),
    ] {
        let visitor = Visitor::new(&served, locale);
        let front = visitor.comes_in(&contract).await;
        let spoken = [("language", locale.code()), ("back", "/s/document")];
        let front = visitor.post(&front, "/language", &spoken).await;
        let refused = visitor.post(&front, "/s/code/send", &[]).await;
        assert_eq!(refused.status, 429);
        let seconds = refused.headers["retry-after"].to_str().expect("text");
        assert_eq!(seconds, "3596");
        refused.see(said).see("name=\"code\"").see_not(seconds);
        let (_, secret) = contract.letter("code").await;
        let typed = secret["code"].as_str().expect("a code");
        // A code works once: in the last language.
        if locale == Locale::Ru {
            let read = visitor.post(&refused, "/s/code", &[("code", typed)]).await;
            assert_eq!(read.path, "/s/read", "the last code still works");
        }
    }
    served.stop().await;
    house.close().await;
}

/// Goal: a link that works no more is not said to work until a day to come, and a hand-over names
/// only whom the task went to. Method: a revoked link on the document's page, then another contact.
#[tokio::test]
async fn a_revoked_link_has_ended_and_a_hand_over_names_one() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (initiator, app) = (house.actor("initiator"), &house.app);
    let served = house.serve();
    let page = format!("/documents/{}", contract.id);
    let person = house.vector.person("initiator");
    let shown = as_person(&house, &served, person, &page).await;
    shown.see("действует до").see_not("закончилась");
    let tasks = app.contact_tasks(&initiator, contract.id).await;
    let task = tasks.expect("tasks")[0].task;
    let revoked = app.revoke_link(&initiator, task.into(), "Ошибка").await;
    revoked.expect("revoked");
    let shown = as_person(&house, &served, person, &page).await;
    shown.see("закончилась").see_not("действует до");
    let draft = chancery::app::counterparties::ContactDraft {
        name: "Пётр Петров".to_owned(),
        position: None,
        email: "petrov@romashka.example".to_owned(),
        locale: Locale::Ru,
    };
    let named = app.create_contact(&initiator, house.vector.counterparty, &draft);
    let named = named.await.expect("a contact");
    let moved = app
        .name_another_contact(&initiator, task.into(), named)
        .await;
    assert_eq!(moved.expect("moved").given_to, "Пётр Петров");
    served.stop().await;
    house.close().await;
}

/// Goal: a wrong code is told once, beside its field. Method: six digits that are not the code's.
#[tokio::test]
async fn a_wrong_code_is_told_once() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    let front = visitor.comes_in(&contract).await;
    let asked = visitor.post(&front, "/s/code/send", &[]).await;
    let (_, secret) = contract.letter("code").await;
    let wrong = match secret["code"].as_str() {
        Some("111111") => "222222",
        _ => "111111",
    };
    let again = visitor.post(&asked, "/s/code", &[("code", wrong)]).await;
    assert_eq!(again.status, 422);
    let html = again.html();
    assert_eq!(html.matches("Код не подошёл").count(), 1, "{html}");
    assert!(html.contains("aria-describedby=\"code-error\""), "{html}");
    served.stop().await;
    house.close().await;
}
