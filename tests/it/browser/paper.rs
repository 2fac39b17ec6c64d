//! Contracts as people bring them, for the pages that the browser walks.

use chancery::app::signing::SignerKey;
use chancery::app::tasks::TaskDecision;
use chancery::demo::paper::{fill, wording};
use chancery::domain::password;
use chancery::store::entity::{documents, people, tasks, versions};
use chancery_types::Locale;
use chancery_types::id::{DocumentId, TaskId};
use chancery_workflow::Decision;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::documents::paper::contract;
use crate::signing::contract::shown;
use crate::support::{House, TestApp};

/// What everybody of the tests has as a password.
pub const PASSWORD: &str = "correct horse battery";

/// The people of a language: «Вектор» is Russian, Northwind English.
pub fn home(house: &TestApp, locale: Locale) -> &House {
    match locale {
        Locale::Ru => &house.vector,
        Locale::En => &house.northwind,
    }
}

/// Gives a person a password, and answers their login.
pub async fn may_log_in(house: &TestApp, home: &House, key: &str) -> String {
    let row = people::Entity::find_by_id(home.person(key).uuid());
    let row = row
        .one(house.app.store.reader())
        .await
        .expect("rows")
        .expect("the person");
    let login = row.login.clone();
    let mut row: people::ActiveModel = row.into();
    row.password_hash = Set(Some(password::hash(PASSWORD).expect("a hash")));
    row.update(house.app.store.writer()).await.expect("kept");
    login
}

/// A contract of some pages, with real text, in the language of `locale`.
pub fn pdf(locale: Locale, number: &str) -> Vec<u8> {
    let wording = wording().expect("the built-in wording");
    let russian = locale == Locale::Ru;
    let pick = |russian_text, english_text| if russian { russian_text } else { english_text };
    let text = subject_of(locale);
    let extra = match locale {
        Locale::Ru => format!("7.3. Договор исполняется по заявке № {number}."),
        Locale::En => format!("7.2. This contract is performed by order No. {number}."),
    };
    let values = [
        ("title", title(locale)),
        ("number", number),
        ("date", pick("23 ноября 2026", "23 November 2026")),
        ("subject", text.as_str()),
        ("amount", pick("1 250 000,00 ₽", "RUB 1,250,000.00")),
        ("payment_days", "10"),
        ("penalty", "0,1"),
        ("valid_until", pick("31 декабря 2027", "31 December 2027")),
        ("extra", extra.as_str()),
        ("we", pick("ООО «Вектор»", "Northwind Ltd")),
        ("our_inn", "7707083893"),
        ("our_kpp", "770701001"),
        ("our_signatory", pick("Виктор Егоров", "Victor Edge")),
        ("they", pick("ООО «Ромашка»", "Contoso GmbH")),
        ("their_numbers", pick("ИНН 5027089703", "DE136695976")),
        (
            "their_address",
            pick("Москва, ул. Полевая, 1", "Berlin, Feldstrasse 1"),
        ),
        ("their_signatory", pick("Иван Иванов", "John Smith")),
    ];
    let form = if russian {
        &wording.contract_ru
    } else {
        &wording.contract_en
    };
    fill(form, &values).expect("a paper")
}

fn subject_of(locale: Locale) -> String {
    let subjects = wording().expect("the built-in wording").subjects;
    let subject = subjects.first().expect("a subject");
    let text = match locale {
        Locale::Ru => &subject.text_ru,
        Locale::En => &subject.text_en,
    };
    text.replace("{quantity}", "500")
}

/// The title of every contract of a language.
pub const fn title(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "Договор поставки бумаги",
        Locale::En => "Paper supply contract",
    }
}

/// A contract that its initiator has not sent on its way.
pub async fn draft(house: &TestApp, locale: Locale, number: &str) -> DocumentId {
    let home = home(house, locale);
    let mut new = contract(home, &pdf(locale, number)).expect("a contract");
    title(locale).clone_into(&mut new.title);
    new.card.insert("subject".to_owned(), subject_of(locale));
    let initiator = home.actor("initiator");
    let created = house
        .app
        .create_document(&initiator, new)
        .await
        .expect("a document");
    created.id
}

/// A contract that its initiator has sent on its way.
pub async fn started(house: &TestApp, locale: Locale, number: &str) -> DocumentId {
    let id = draft(house, locale, number).await;
    let initiator = home(house, locale).actor("initiator");
    let started = house.app.start_run(&initiator, id).await;
    started.expect("started");
    id
}

/// A contract that waits for the lawyers.
pub async fn waits_for_lawyer(house: &TestApp, locale: Locale, number: &str) -> DocumentId {
    let id = started(house, locale, number).await;
    approves(house, locale, "head", id).await;
    id
}

/// Somebody approves without a word.
pub async fn approves(house: &TestApp, locale: Locale, key: &str, id: DocumentId) {
    let home = home(house, locale);
    let task = open_task(house, home, key, id).await;
    let decision = TaskDecision {
        decision: Decision::Approve,
        version_digest: version(house, id).await.digest.parse().expect("a digest"),
        comment: None,
        remarks: Vec::new(),
        said: Vec::new(),
    };
    house
        .app
        .decide_task(&home.actor(key), task, decision)
        .await
        .expect("approved");
}

/// The open task that this person holds in the document.
pub async fn open_task(house: &TestApp, home: &House, key: &str, id: DocumentId) -> TaskId {
    let found = tasks::Entity::find()
        .filter(tasks::Column::DocumentId.eq(id.uuid()))
        .filter(tasks::Column::PersonId.eq(home.person(key).uuid()))
        .filter(tasks::Column::State.eq("open"))
        .one(house.app.store.reader())
        .await
        .expect("rows");
    found
        .unwrap_or_else(|| panic!("{key} has no open task"))
        .id
        .into()
}

/// The document's present version.
pub async fn version(house: &TestApp, id: DocumentId) -> versions::Model {
    let reader = house.app.store.reader();
    let document = documents::Entity::find_by_id(id.uuid())
        .one(reader)
        .await
        .expect("rows");
    let version = document
        .expect("the document")
        .current_version_id
        .expect("a version");
    let found = versions::Entity::find_by_id(version)
        .one(reader)
        .await
        .expect("rows");
    found.expect("the version")
}

/// A contract that our signatory has signed, by the house's own way; the counterparty is asked.
pub async fn signed_by_us(house: &TestApp, locale: Locale, number: &str) -> DocumentId {
    let id = waits_for_lawyer(house, locale, number).await;
    approves(house, locale, "lawyer", id).await;
    approves(house, locale, "accountant", id).await;
    let home = home(house, locale);
    let (actor, app) = (home.actor("signatory"), &house.app);
    let task = open_task(house, home, "signatory", id).await.uuid();
    app.base_file(&actor, task).await.expect("the file");
    app.give_consents(&actor, task, &shown(house, &actor).await)
        .await
        .expect("consents");
    let key = chancery::app::authority::fresh_key(app.key_kind());
    let spki_der = key.spki_der();
    let prepared = app
        .prepare_signature(&actor, task, &SignerKey::Browser { spki_der })
        .await;
    let prepared = prepared.expect("prepared");
    let value = key.sign(&prepared.signed_attributes).expect("signed");
    app.complete_signature(&actor, prepared.id.uuid(), &value)
        .await
        .expect("completed");
    id
}
