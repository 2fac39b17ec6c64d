//! A link's own address, and what its initiator does about it.

use chancery::app::AppError;
use chancery::app::counterparties::ContactDraft;
use chancery::app::links::visit::{LinkKey, LinkState};
use chancery::store::entity::{
    audit_events, certificates, contacts, counterparties, link_codes, links, outbox, tasks,
};
use chancery_types::id::{ContactId, TaskId};
use chancery_types::{Locale, id::CounterpartyId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _,
};
use serde_json::{Value, json};

use super::contract::{Contract, bytes_of, code, shown};
use super::disagreements::as_person;
use super::visitor::Visitor;
use crate::guards::world::secret_of;
use crate::support::{TestApp, on_both};

/// The contact's open task.
pub async fn asked(contract: &Contract<'_>) -> TaskId {
    let found = tasks::Entity::find()
        .filter(tasks::Column::DocumentId.eq(contract.id.uuid()))
        .filter(tasks::Column::ContactId.is_not_null())
        .one(contract.house.app.store.reader());
    found.await.expect("asked").expect("a task").id.into()
}

/// The code of a refusal to come in, with why and when the link ended.
fn why(error: &AppError) -> (&'static str, &str, &str) {
    match error {
        AppError::Refused { code, args } => (code, args["why"].as_str(), args["at"].as_str()),
        other => panic!("{other:?}"),
    }
}

async fn letters(house: &TestApp, kind: &str, to: &str) -> u64 {
    let found = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .filter(outbox::Column::ToAddress.eq(to));
    found
        .count(house.app.store.reader())
        .await
        .expect("counted")
}

async fn events(house: &TestApp, action: &str) -> Vec<audit_events::Model> {
    let found = audit_events::Entity::find().filter(audit_events::Column::Action.eq(action));
    found.all(house.app.store.reader()).await.expect("events")
}

async fn states(contract: &Contract<'_>) -> Vec<String> {
    let found = links::Entity::find().filter(links::Column::DocumentId.eq(contract.id.uuid()));
    let rows = found.all(contract.house.app.store.reader()).await;
    let mut states: Vec<String> = rows
        .expect("links")
        .into_iter()
        .map(|row| row.state)
        .collect();
    states.sort();
    states
}

fn ivanov_at(email: &str) -> ContactDraft {
    ContactDraft {
        name: "Иван Иванов".to_owned(),
        position: None,
        email: email.to_owned(),
        locale: Locale::Ru,
    }
}

/// A contact written straight into a counterparty.
async fn colleague(house: &TestApp, counterparty: CounterpartyId, email: &str) -> ContactId {
    let id = chancery::entropy::id(house.app.now());
    let row = contacts::ActiveModel {
        id: Set(id),
        organisation_id: Set(house.vector.organisation.uuid()),
        counterparty_id: Set(counterparty.uuid()),
        name: Set("Пётр Петров".to_owned()),
        position: Set(None),
        email: Set(email.to_owned()),
        locale: Set("ru".to_owned()),
        archived_at: Set(None),
        created_at: Set(0),
        row_version: Set(0),
    };
    row.insert(house.app.store.writer())
        .await
        .expect("a contact");
    id.into()
}

/// Goal: a browser never shows what another link showed, nor anything once the visit is over.
#[tokio::test]
async fn an_image_is_asked_for_again_each_time_and_ends_with_the_visit() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    visitor.comes_verified(&contract).await;
    let image = visitor.get("/s/pages/1.png").await;
    assert_eq!(image.status, 200);
    assert_eq!(image.headers["cache-control"], "private, no-cache");
    assert!(image.headers.contains_key("etag"));
    house.advance_seconds(13 * 3600);
    assert_eq!(visitor.get("/s/pages/1.png").await.status, 409);
    served.stop().await;
    house.close().await;
}

/// Goal: letters, codes, the certificate and the evidence use the address that the link was opened
/// for, whatever stands in the directory. Method: the row is changed behind everybody's back.
#[tokio::test]
async fn a_link_keeps_the_address_that_it_was_opened_for() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        contacts::Entity::update_many()
            .col_expr(contacts::Column::Email, Expr::value("thief@example.org"))
            .col_expr(contacts::Column::Name, Expr::value("Вор"))
            .filter(contacts::Column::Id.eq(house.vector.contact.uuid()))
            .exec(house.app.store.writer())
            .await
            .expect("changed");
        let (visit, actor) = contract.comes_verified().await;
        let (letter, _) = contract.letter("code").await;
        assert_eq!(letter.to_address, "ivanov@romashka.example");
        let task = visit.link.task_id;
        let both = shown(house, &actor).await;
        let given = house.app.give_consents(&actor, task, &both).await;
        given.expect("consents");
        house.advance_seconds(1);
        contract.signs(&actor, task).await.expect("signed");
        let issued = certificates::Entity::find()
            .filter(certificates::Column::ContactId.is_not_null())
            .one(house.app.store.reader())
            .await;
        let issued = issued.expect("asked").expect("a certificate");
        assert_eq!(issued.email, "ivanov@romashka.example");
        assert_eq!(issued.subject_name, "Иван Иванов");
        for kind in ["certificate-issued", "completed"] {
            assert_eq!(letters(house, kind, "thief@example.org").await, 0, "{kind}");
            let honest = letters(house, kind, "ivanov@romashka.example").await;
            assert_eq!(honest, 1, "{kind}");
        }
    })
    .await;
}

/// Goal: another address ends links and visits, tells both, is logged, and needs a new link; who is
/// not to keep counterparties sends no document of another elsewhere, and whoever is to tells its
/// initiator.
#[tokio::test]
async fn another_address_ends_the_links_to_the_old_one() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, reader) = contract.comes_verified().await;
        let app = &house.app;
        let initiator = house.actor("initiator");
        let contact = house.vector.contact;
        for overseer in ["auditor", "compliance"] {
            let draft = ivanov_at("other@romashka.example");
            let overseer = house.actor(overseer);
            let refused = app.edit_contact(&overseer, contact, 0, &draft).await;
            assert_eq!(code(&refused.expect_err("only looks on")), "denied");
        }
        let thief = house.actor("finance");
        let draft = ivanov_at("other@romashka.example");
        let refused = app.edit_contact(&thief, contact, 0, &draft).await;
        assert_eq!(code(&refused.expect_err("of others")), "contact-of-others");
        let draft = ivanov_at("ivanov@romashka.example");
        let same = app.edit_contact(&initiator, contact, 0, &draft).await;
        assert_eq!(same.expect("saved").links_revoked, 0);
        let draft = ivanov_at("new@romashka.example");
        let edited = app.edit_contact(&initiator, contact, 1, &draft).await;
        assert_eq!(edited.expect("saved").links_revoked, 1);
        assert_eq!(states(&contract).await, ["revoked"]);
        let gone = app.send_code(&reader, &visit).await;
        assert_eq!(code(&gone.expect_err("ended")), "link-not-active");
        for address in ["ivanov@romashka.example", "new@romashka.example"] {
            assert_eq!(letters(house, "contact-address-changed", address).await, 1);
        }
        let told = events(house, "contact.edited").await;
        let told = told
            .iter()
            .map(|event| serde_json::from_str::<Value>(&event.details).expect("JSON"));
        let moved = json!({ "from": "ivanov@romashka.example", "to": "new@romashka.example" });
        let of_address = told.filter(|details| details["changes"]["email"] == moved);
        assert_eq!(of_address.count(), 1);
        house.advance_seconds(1);
        app.send_new_link(&initiator, asked(&contract).await)
            .await
            .expect("sent");
        let (letter, _) = contract.letter("signing-invitation").await;
        assert_eq!(letter.to_address, "new@romashka.example");
        assert_eq!(contract.enters().await.0.link_state, LinkState::Active);
        assert_eq!(
            contract.told("contact-moved").await,
            [""; 0],
            "their own act"
        );
        let draft = ivanov_at("third@romashka.example");
        let clerk = house.actor("clerk");
        let edited = app.edit_contact(&clerk, contact, 2, &draft).await;
        edited.expect("saved");
        assert_eq!(contract.told("contact-moved").await, ["initiator"]);

        // Whom somebody named for the task is protected as the one of the card is.
        let counterparty = house.vector.counterparty;
        let other = app
            .create_contact(&clerk, counterparty, &ivanov_at("fourth@romashka.example"))
            .await;
        let other = other.expect("a contact");
        let named = app
            .name_another_contact(&initiator, asked(&contract).await, other)
            .await;
        named.expect("named");
        let draft = ivanov_at("fifth@romashka.example");
        let refused = app.edit_contact(&thief, other, 0, &draft).await;
        assert_eq!(code(&refused.expect_err("of others")), "contact-of-others");
        let edited = app.edit_contact(&clerk, other, 0, &draft).await;
        edited.expect("saved");
        assert_eq!(contract.told("contact-moved").await.len(), 2);
    })
    .await;
}

/// Goal: a lost letter is sent again by the initiator alone: the old secret and its visits end, the
/// new one works, one event tells of it, and nobody floods a mailbox.
#[tokio::test]
async fn a_new_link_takes_the_place_of_the_lost_one() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let old = LinkKey::Secret(secret_of(&contract).await);
        let app = &house.app;
        let from = super::contract::origin();
        let entered = app.enter_link(&old, &from, Locale::Ru).await;
        let cookie = entered.expect("entered").cookie_secret;
        let task = asked(&contract).await;
        for (key, expected) in [("lawyer", "denied"), ("accountant", "hidden")] {
            let refused = app.send_new_link(&house.actor(key), task).await;
            assert_eq!(code(&refused.expect_err(key)), expected);
        }
        let initiator = house.actor("initiator");
        house.advance_seconds(1);
        app.send_new_link(&initiator, task).await.expect("sent");
        assert_eq!(states(&contract).await, ["active", "revoked"]);
        assert!(contract.visits(&cookie).await.is_err(), "the visit ended");
        let refused = contract.enters_by(&old).await.expect_err("revoked");
        assert_eq!(code(&refused), "link-revoked");
        assert_eq!(contract.enters().await.0.link_state, LinkState::Active);
        assert_eq!(events(house, "link.sent").await.len(), 1);
        for _ in 0..8 {
            app.send_new_link(&initiator, task).await.expect("sent");
        }
        let refused = app.send_new_link(&initiator, task).await;
        assert_eq!(code(&refused.expect_err("a flood")), "too-many");
        let own = contract.task_row("signatory").await;
        let refused = app.send_new_link(&initiator, own).await;
        assert_eq!(code(&refused.expect_err("ours")), "task-not-of-contact");
    })
    .await;
}

/// Goal: a link is revoked with a reason; the task stays open and takes a new one.
#[tokio::test]
async fn a_revoked_link_leaves_the_task_open() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.comes_verified().await;
    let (app, initiator) = (&house.app, house.actor("initiator"));
    let task = asked(&contract).await;
    let refused = app.revoke_link(&initiator, task, " ").await;
    assert_eq!(code(&refused.expect_err("why?")), "invalid");
    app.revoke_link(&initiator, task, "Не тот человек")
        .await
        .expect("revoked");
    let link = links::Entity::find_by_id(visit.link.id)
        .one(app.store.reader())
        .await;
    let link = link.expect("asked").expect("a link");
    assert_eq!(
        (link.state.as_str(), link.close_reason.as_deref()),
        ("revoked", Some("Не тот человек"))
    );
    // A page that was open meanwhile changes nothing any more.
    let late = app.refuse_to_sign(&actor, &visit, "Нет").await;
    assert_eq!(code(&late.expect_err("revoked")), "link-not-active");
    assert_eq!(contract.state().await, "in_run");
    let again = app.revoke_link(&initiator, task, "Ещё раз").await;
    assert_eq!(code(&again.expect_err("none")), "link-none-active");
    // Who keeps the document sees that nobody can sign, and no button that could not work.
    let served = house.serve();
    let path = format!("/documents/{}", contract.id);
    let remind = format!("/tasks/{task}/remind");
    let nobody = "подписать документ сейчас никто не может";
    let person = house.vector.person("initiator");
    let page = as_person(&house, &served, person, &path).await;
    page.see(nobody).see_not(&remind);
    house.advance_seconds(1);
    app.send_new_link(&initiator, task).await.expect("sent");
    let page = as_person(&house, &served, person, &path).await;
    page.see(&remind).see_not(nobody);
    assert_eq!(contract.enters().await.0.link_state, LinkState::Active);
    served.stop().await;
    house.close().await;
}

/// Goal: the initiator names another contact of the same counterparty, nobody else's.
#[tokio::test]
async fn another_contact_of_the_same_counterparty_is_named() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let old = LinkKey::Secret(secret_of(&contract).await);
    let (app, initiator) = (&house.app, house.actor("initiator"));
    let task = asked(&contract).await;
    let theirs = house.vector.counterparty;
    let stranger = counterparties::Entity::find_by_id(theirs.uuid())
        .one(app.store.reader())
        .await;
    let mut stranger: counterparties::ActiveModel = stranger.expect("asked").expect("a row").into();
    let other = chancery::entropy::id(app.now());
    stranger.id = Set(other);
    let stranger = sea_orm::ActiveModelTrait::reset_all(stranger);
    stranger.insert(app.store.writer()).await.expect("a row");
    let petrov = colleague(&house, theirs, "petrov@romashka.example").await;
    let foreign = colleague(&house, other.into(), "x@example.org").await;
    for wrong in [foreign, house.vector.contact, house.northwind.contact] {
        let refused = app.name_another_contact(&initiator, task, wrong).await;
        assert_eq!(code(&refused.expect_err("not theirs")), "invalid");
    }
    let refused = app
        .name_another_contact(&house.actor("lawyer"), task, petrov)
        .await;
    assert_eq!(code(&refused.expect_err("not hers")), "denied");
    house.advance_seconds(1);
    app.name_another_contact(&initiator, task, petrov)
        .await
        .expect("named");
    let (letter, _) = contract.letter("signing-invitation").await;
    assert_eq!(letter.to_address, "petrov@romashka.example");
    assert_eq!(events(&house, "task.reassigned").await.len(), 1);
    let refused = contract.enters_by(&old).await.expect_err("revoked");
    assert_eq!(code(&refused), "link-revoked");
    house.close().await;
}

/// Goal: a reminder to a contact carries a link that works, and no address behind a login.
#[tokio::test]
async fn a_reminder_to_a_contact_carries_a_new_link() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let old = LinkKey::Secret(secret_of(&contract).await);
        let task = asked(&contract).await;
        house.advance_seconds(1);
        let initiator = house.actor("initiator");
        house
            .app
            .remind_task(&initiator, task)
            .await
            .expect("reminded");
        assert_eq!(
            letters(house, "reminder", "ivanov@romashka.example").await,
            0
        );
        let (letter, secret) = contract.letter("signing-reminder").await;
        assert!(!letter.payload.contains("/tasks/"), "{}", letter.payload);
        let url = secret["link_url"].as_str().expect("a link");
        let (_, fragment) = url.split_once('#').expect("a fragment");
        let key = LinkKey::Secret(fragment.to_owned());
        let (visit, _) = contract.enters_by(&key).await.expect("entered");
        assert_eq!(visit.link_state, LinkState::Active);
        let refused = contract.enters_by(&old).await.expect_err("replaced");
        assert_eq!(code(&refused), "link-revoked");
        assert_eq!(events(house, "task.reminded").await.len(), 1);
        assert_eq!(events(house, "link.sent").await.len(), 0);
        let early = house.app.remind_task(&initiator, task).await;
        assert_eq!(code(&early.expect_err("lately")), "reminded-lately");
    })
    .await;
}

/// Goal: whoever signed comes back days later through the same link, and after a new code has the
/// final file, the certificate and the evidence, and nothing to change.
#[tokio::test]
async fn a_signer_comes_back_for_the_final_file() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.comes_verified().await;
    let (app, task) = (&house.app, visit.link.task_id);
    let both = shown(&house, &actor).await;
    app.give_consents(&actor, task, &both).await.expect("given");
    let done = contract.signs(&actor, task).await.expect("signed");
    house.advance_seconds(3 * 86_400);
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    let front = visitor.comes_in(&contract).await;
    front
        .see("Вы подписали документ")
        .see("Получить код")
        .see_not("/s/signed.pdf");
    assert_eq!(visitor.get("/s/signed.pdf").await.status, 404);
    assert_eq!(visitor.get("/s/evidence.json").await.status, 404);
    let proof = visitor.proves_the_mailbox(&contract, &front).await;
    assert_eq!(proof.path, "/s/document");
    proof
        .see("Состояние документа: Действует")
        .see("/s/evidence.json");
    // The root that others check it by: its digest on the page, its bytes for anybody, by no login.
    let root = app.load_authority(house.vector.organisation).await;
    let root = root.expect("an authority").root;
    let root_digest = chancery_types::Digest::of(&root).hex();
    proof.see(&root_digest).see("корневой сертификат");
    // In groups, as it is compared aloud.
    let groups: Vec<&str> = (0..64)
        .step_by(4)
        .map(|at| &root_digest[at..at + 4])
        .collect();
    proof.see(&format!("<span>{}</span>", groups.join("</span><span>")));
    let stranger = Visitor::new(&served, Locale::Ru);
    let (text, bytes) = (
        format!("/roots/{root_digest}.pem"),
        format!("/roots/{root_digest}.cer"),
    );
    proof.see(&text).see(&bytes);
    // What was sent when, in a sentence: the file, which this signer took whole.
    proof
        .see("просили подписать версию 1 документа")
        .see("Сам файл сервер прислал 23 ноября 2026");
    let given = stranger.get(&bytes).await;
    assert_eq!((given.status, &given.bytes), (200, &root));
    for (name, value) in [
        ("content-type", "application/pkix-cert"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-disposition", "attachment; filename=\"root.cer\""),
    ] {
        assert_eq!(given.headers[name], value);
    }
    assert!(given.headers.get("set-cookie").is_none());
    let given = stranger.get(&text).await;
    assert!(given.html().starts_with("-----BEGIN CERTIFICATE-----"));
    let other = chancery_types::Digest::of(b"no root").hex();
    for absent in [
        format!("/roots/{other}.cer"),
        format!("/roots/{root_digest}"),
        format!("/roots/{root_digest}.p12"),
        "/roots/..cer".to_owned(),
    ] {
        assert_eq!(stranger.get(&absent).await.status, 404, "{absent}");
    }
    // Two organisations are served here: which they are is nobody's business who brings no file.
    stranger.get("/verify").await.see_not("/roots/");
    let file = visitor.get("/s/signed.pdf").await;
    let digest = chancery_types::Digest::of(&file.bytes).hex();
    assert_eq!(digest, done.copy_digest);
    let evidence: Value =
        serde_json::from_slice(&visitor.get("/s/evidence.json").await.bytes).expect("JSON");
    assert_eq!(evidence["document_state"], "effective");
    assert_eq!(evidence["evidence"]["way_in"]["by"], "link");
    let said = &evidence["evidence"]["way_in"]["visit"]["pages_said_read"];
    assert_eq!(said.as_array().map(Vec::len), Some(1), "{said}");
    assert_eq!(said[0]["page"], 1);
    assert!(said[0]["said_at"].is_string());
    assert!(
        evidence["certificate"]
            .as_str()
            .expect("PEM")
            .starts_with("-----BEGIN")
    );
    assert_eq!(visitor.get("/s/file").await.status, 409);
    for path in ["/s/read", "/s/sign", "/s/ask"] {
        assert_eq!(visitor.get(path).await.path, "/s/document", "{path}");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: who comes back to a link that the organisation took back reads why and when, and none of
/// the initiator's own words. Method: withdrawn, then sent anew, and a new version; the refusal's
/// reasons, and the page in both languages.
#[tokio::test]
async fn a_link_that_was_taken_back_says_why() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let first = secret_of(&contract).await;
    let key = LinkKey::Secret(first.clone());
    let (app, task) = (&house.app, asked(&contract).await);
    let initiator = house.actor("initiator");
    app.revoke_link(&initiator, task, "Не тот человек")
        .await
        .expect("revoked");
    let told = async |expected: &str| {
        let refused = contract.enters_by(&key).await.expect_err("revoked");
        assert_eq!(
            why(&refused),
            ("link-revoked", expected, "23\u{a0}ноября 2026")
        );
    };
    told("sender").await;
    let shown = async |locale: Locale, words: &str| {
        let visitor = Visitor::new(&served, locale);
        let entry = visitor.get("/s").await;
        let over = visitor.post(&entry, "/s", &[("secret", &first)]).await;
        assert_eq!(over.status, 410);
        // What the letter said is no secret of its reader.
        over.see(words)
            .see("Договор поставки бумаги")
            .see_not("Не тот человек");
    };
    shown(
        Locale::En,
        "Whoever asks withdrew the link (23 November 2026).",
    )
    .await;
    house.advance_seconds(60);
    app.send_new_link(&initiator, task).await.expect("sent");
    told("newer").await;
    shown(Locale::Ru, "вам послали другую ссылку на этот же документ").await;
    house.advance_seconds(60);
    contract.brings_version(2, 1).await;
    told("newer").await;
    served.stop().await;
    house.close().await;

    // Without a newer link, what became of the document says why.
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let first = secret_of(&contract).await;
    let key = LinkKey::Secret(first.clone());
    let task = asked(&contract).await;
    let initiator = house.actor("initiator");
    house
        .app
        .revoke_link(&initiator, task, "Новая версия")
        .await
        .expect("revoked");
    contract.brings_version(2, 1).await;
    let refused = contract.enters_by(&key).await.expect_err("revoked");
    assert_eq!(why(&refused).1, "new_version");
    let visitor = Visitor::new(&served, Locale::En);
    let entry = visitor.get("/s").await;
    visitor
        .post(&entry, "/s", &[("secret", &first)])
        .await
        .see("The document has another version since")
        .see_not("Новая версия");
    served.stop().await;
    house.close().await;
}

/// Goal: of a link that is over only its state is told, after a hand-over nothing of the new
/// signatory; of one that its reader refused by, the document's title, and their words to them
/// alone.
#[tokio::test]
async fn a_link_that_is_over_tells_only_its_state() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    visitor.comes_verified(&contract).await;
    let form = visitor.get("/s/hand-over").await;
    let named = [
        ("name", "Пётр Петров"),
        ("email", "petrov@romashka.example"),
    ];
    let old = secret_of(&contract).await;
    house.advance_seconds(1);
    let over = visitor.post(&form, "/s/hand-over", &named).await;
    over.see("Документ передан другому подписанту")
        .see("«Договор поставки бумаги»: документ передан");
    // That was said once, to whoever did it.
    let over = visitor.get("/s/document").await;
    over.see("Документ передан другому подписанту");
    for told in [
        "Договор поставки бумаги",
        "50 000,00",
        "Петров",
        "p•••@",
        "i•••@",
        "Ольга Соколова",
    ] {
        over.see_not(told);
    }
    assert_eq!(events(&house, "contact.named").await.len(), 0);
    let moved = events(&house, "task.reassigned").await;
    assert!(moved[0].details.contains("petrov@romashka.example"));
    let refused = contract.enters_by(&LinkKey::Secret(old)).await;
    assert_eq!(code(&refused.expect_err("over")), "link-handed-over");

    let (visit, actor) = contract.comes_verified().await;
    house.advance_seconds(1);
    let own = Visitor::new(&served, Locale::Ru);
    own.comes_verified(&contract).await;
    house
        .app
        .refuse_to_sign(&actor, &visit, "Не наша цена")
        .await
        .expect("refused");
    own.get("/s/document")
        .await
        .see("Документ: Договор поставки бумаги")
        .see("Не наша цена");
    let late = Visitor::new(&served, Locale::Ru);
    late.comes_in(&contract)
        .await
        .see("<h1>Вы отказались подписать</h1>")
        .see("Вы отказались: 23 ноября 2026")
        .see("Документ: Договор поставки бумаги")
        .see_not("50 000,00")
        .see_not("Не наша цена")
        .see_not("Ольга Соколова");
    // Their own words are for whoever has the mailbox, also in another browser on another day.
    let front = late.get("/s/document").await;
    front.see("Чтобы прочитать здесь свои слова, подтвердите ящик новым кодом.");
    let own = late.proves_the_mailbox(&contract, &front).await;
    assert_eq!(own.path, "/s/document");
    own.see("<q>Не наша цена</q>").see_not("50 000,00");
    for path in ["/s/read", "/s/sign", "/s/ask"] {
        assert_eq!(late.get(path).await.path, "/s/document", "{path}");
    }
    assert_eq!(late.get("/s/file").await.status, 409);
    house.advance_seconds(40 * 86_400);
    let key = LinkKey::Secret(secret_of(&contract).await);
    let refused = contract.enters_by(&key).await.expect_err("long over");
    assert_eq!(
        why(&refused),
        ("link-over", "refused", "23\u{a0}ноября 2026")
    );
    Visitor::new(&served, Locale::En)
        .comes_in(&contract)
        .await
        .see("You refused to sign by it on 23 November 2026");
    served.stop().await;
    house.close().await;
}

/// Goal: an answer goes to whoever asked, not to whom the task was handed over.
#[tokio::test]
async fn an_answer_goes_to_whoever_asked() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.comes_verified().await;
    let app = &house.app;
    app.ask_question(&actor, &visit, "Когда?")
        .await
        .expect("asked");
    let named = chancery::app::links::ending::NewSignatory {
        name: "Пётр Петров".to_owned(),
        email: "petrov@romashka.example".to_owned(),
        position: None,
    };
    app.hand_over(&actor, &visit, &named).await.expect("handed");
    let found = app
        .document_signatures(&house.actor("initiator"), contract.id.uuid())
        .await
        .expect("found");
    let question = found.questions[0].question.id;
    app.answer_question(&house.actor("initiator"), question, "В марте")
        .await
        .expect("answered");
    let (letter, _) = contract.letter("question-answered").await;
    assert_eq!(letter.to_address, "ivanov@romashka.example");
    house.close().await;
}

/// Goal: a hand-over that is refused leaves nobody behind, a protocol that is refused no row.
#[tokio::test]
async fn what_is_refused_leaves_nothing_behind() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        let app = &house.app;
        // The same person at another window refuses meanwhile.
        house.advance_seconds(1);
        let (window, same) = contract.comes_verified().await;
        app.refuse_to_sign(&same, &window, "Не наша цена")
            .await
            .expect("refused");
        let count = async || {
            let counted = contacts::Entity::find().count(app.store.reader());
            counted.await.expect("counted")
        };
        let before = count().await;
        let named = chancery::app::links::ending::NewSignatory {
            name: "Пётр Петров".to_owned(),
            email: "petrov@romashka.example".to_owned(),
            position: None,
        };
        let refused = app.hand_over(&actor, &visit, &named).await;
        assert!(refused.is_err());
        assert_eq!(count().await, before);
    })
    .await;
}

/// Goal: who is in already goes on with the visit when the same link is opened again.
#[tokio::test]
async fn the_same_link_again_begins_no_second_visit() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    visitor.comes_verified(&contract).await;
    let again = visitor.comes_in(&contract).await;
    assert_eq!((again.status, again.path.as_str()), (200, "/s/document"));
    assert_eq!(visitor.get("/s/file").await.status, 200, "still verified");
    assert_eq!(events(&house, "link.opened").await.len(), 1);
    served.stop().await;
    house.close().await;
}

/// Goal: wrong codes are counted over a link's whole life; then only a new link helps, and it can
/// be asked for.
#[tokio::test]
async fn wrong_codes_use_up_a_link() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.enters().await;
    let app = &house.app;
    for _ in 0..4 {
        house.advance_seconds(1000);
        app.send_code(&actor, &visit).await.expect("sent");
        let (_, sealed) = contract.letter("code").await;
        let wrong = if sealed["code"] == "000000" {
            "000001"
        } else {
            "000000"
        };
        for _ in 0..5 {
            app.give_code(&actor, &visit, wrong)
                .await
                .expect_err("wrong");
        }
    }
    house.advance_seconds(1000);
    let refused = app.send_code(&actor, &visit).await;
    assert_eq!(code(&refused.expect_err("spent")), "code-link-spent");
    let sent = link_codes::Entity::find().count(app.store.reader()).await;
    assert_eq!(sent.expect("counted"), 4);
    app.renew_link(&actor, &visit).await.expect("renewed");
    assert_eq!(contract.enters().await.0.link_state, LinkState::Active);
    house.close().await;
}

/// Goal: the hour's codes and the day's questions are bounded, with words.
#[tokio::test]
async fn codes_and_questions_have_their_limits() {
    let house = TestApp::single().await;
    let contract = Contract::at_counterparty(&house).await;
    let (visit, actor) = contract.comes_verified().await;
    let app = &house.app;
    for _ in 0..20 {
        app.ask_question(&actor, &visit, "Когда?")
            .await
            .expect("asked");
    }
    let refused = app.ask_question(&actor, &visit, "Когда?").await;
    assert_eq!(code(&refused.expect_err("a flood")), "too-many");
    for _ in 0..4 {
        app.send_code(&actor, &visit).await.expect("sent");
    }
    let served = house.serve();
    let visitor = Visitor::new(&served, Locale::Ru);
    let front = visitor.comes_in(&contract).await;
    let refused = visitor.post(&front, "/s/code/send", &[]).await;
    assert_eq!(refused.status, 429);
    refused.see("Слишком много запросов подряд.");
    house.advance_seconds(86_400);
    app.ask_question(&actor, &visit, "Когда?")
        .await
        .expect("asked");
    let file = app.link_file(&actor, &visit).await.expect("a file");
    assert_eq!(bytes_of(file).await, contract.file);
    served.stop().await;
    house.close().await;
}
