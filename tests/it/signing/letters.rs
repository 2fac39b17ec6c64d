//! The letters of a contract's life as they are enqueued: who is told, and that every letter says
//! all that it is given.

use std::collections::BTreeSet;

use chancery::app::comments::CommentDraft;
use chancery::app::counterparties::ContactDraft;
use chancery::app::people::PersonDraft;
use chancery::mail::letter::{Letter, compose};
use chancery::mail::{MailKind, attachments_of, unread_fields};
use chancery::store::entity::{outbox, questions};
use chancery_types::Locale;
use chancery_workflow::Decision;
use sea_orm::EntityTrait as _;
use serde_json::Value;
use tempfile::TempDir;

use super::contract::{Contract, origin, shown};
use super::links::asked;
use crate::support::{Backend, TestApp, on_both, workflows_like};

/// A life with a return, remarks, a question and both signatures.
async fn full_life(house: &TestApp) {
    let app = &house.app;
    let (initiator, contract) = (house.actor("initiator"), Contract::started(house).await);
    let task = contract.task_of("head").await;
    app.remind_task(&initiator, task).await.expect("reminded");
    let draft = CommentDraft {
        text: "Посмотрите смету".to_owned(),
        people: vec![house.vector.person("head")],
        is_for_counterparty: false,
        place: None,
    };
    let said = app.add_comment(&initiator, contract.id, &draft).await;
    said.expect("said");
    contract
        .decides_with("head", Decision::Return, &["Нет подписи на смете"])
        .await;
    app.resubmit_run(&initiator, contract.id, Some("Смета есть"))
        .await
        .expect("resubmitted");
    contract.decides("head").await;
    let with_remarks = Decision::ApproveWithRemarks;
    contract
        .decides_with("lawyer", with_remarks, &["Уточнить п. 4.2"])
        .await;
    contract.signatory_signs().await;
    let (visit, actor) = contract.comes_verified().await;
    app.ask_question(&actor, &visit, "Когда поставка?")
        .await
        .expect("asked");
    let question = questions::Entity::find().one(app.store.reader()).await;
    let question = question.expect("asked").expect("a question").id;
    app.answer_question(&initiator, question, "В марте")
        .await
        .expect("answered");
    let consents = shown(house, &actor).await;
    app.give_consents(&actor, visit.link.task_id, &consents)
        .await
        .expect("consents");
    contract
        .signs(&actor, visit.link.task_id)
        .await
        .expect("signed");
    assert_eq!(contract.state().await, "effective");
}

/// A person who is invited, and one who forgot their password.
async fn access(house: &TestApp) {
    let draft = PersonDraft {
        name: "Нина Новикова".to_owned(),
        email: "nina@vector.example".to_owned(),
        position: None,
        department: None,
        manager: None,
        roles: Vec::new(),
        groups: Vec::new(),
        locale: None,
    };
    let app = &house.app;
    app.create_person(&house.actor("administrator"), &draft)
        .await
        .expect("invited");
    app.request_password_reset("initiator@vector.example", origin())
        .await
        .expect("asked");
    let administrator = house.actor("administrator");
    let clerk = house.vector.person("clerk");
    let known = app.load_person(&administrator, clerk).await;
    let known = known.expect("a person");
    let moved = PersonDraft {
        email: "moved@vector.example".to_owned(),
        ..known.draft
    };
    app.edit_person(&administrator, clerk, known.row_version, &moved)
        .await
        .expect("moved");
    let contact = ContactDraft {
        name: "Иван Иванов".to_owned(),
        position: None,
        email: "elsewhere@romashka.example".to_owned(),
        locale: Locale::Ru,
    };
    app.edit_contact(&house.actor("initiator"), house.vector.contact, 0, &contact)
        .await
        .expect("moved");
}

fn sealed(house: &TestApp, row: &outbox::Model) -> Option<Value> {
    let sealed = row.sealed.as_ref()?;
    let plain = house.app.vault.open(row.id.as_bytes(), sealed);
    Some(serde_json::from_slice(&plain.expect("opened")).expect("JSON"))
}

fn composed(kind: MailKind, locale: Locale, payload: &Value, secret: Option<&Value>) -> Letter {
    let letter = compose(kind, locale, payload, secret);
    letter.unwrap_or_else(|error| panic!("{}: {error}", kind.code()))
}

fn words(letter: &Letter) -> String {
    let facts = letter.facts.iter().chain(&letter.quotes);
    let facts = facts.map(|fact| format!("{}: {}", fact.label, fact.value));
    let button = letter.button.iter();
    let button = button.map(|button| format!("{} {}", button.label, button.url));
    let rest = [&letter.subject, &letter.lead, &letter.footer];
    let rest = rest.into_iter().chain(&letter.notes).cloned();
    let all: Vec<String> = facts.chain(button).chain(rest).collect();
    all.join("\n")
}

/// The kinds of letters that were enqueued so far, and what they say in both languages; none drops
/// what it was given.
pub async fn check_letters(house: &TestApp) -> (BTreeSet<MailKind>, String) {
    let rows = outbox::Entity::find().all(house.app.store.reader()).await;
    let mut seen = BTreeSet::new();
    let mut said = String::new();
    for row in rows.expect("letters") {
        let kind = MailKind::from_code(&row.kind).expect("a kind");
        let payload: Value = serde_json::from_str(&row.payload).expect("JSON");
        let secret = sealed(house, &row);
        let unread = unread_fields(kind, &payload, secret.as_ref()).expect("of its kind");
        assert!(unread.is_empty(), "{} {unread:?}: {payload}", row.kind);
        for locale in Locale::ALL {
            let words = words(&composed(kind, locale, &payload, secret.as_ref()));
            assert!(!words.contains("mail-"), "{words}");
            said.push_str(&format!("[{}]\n{words}\n", row.kind));
        }
        if row.contact_id.is_some() {
            let all = format!("{payload}{secret:?}");
            assert!(
                !all.contains("/documents/") && !all.contains("/tasks/"),
                "{all}"
            );
        }
        seen.insert(kind);
    }
    (seen, said)
}

/// Goal: no letter drops what it is given. Method: every kind from what the use cases enqueued; its
/// fields against those that its letter reads; both languages.
#[tokio::test]
async fn every_kind_says_all_that_the_use_cases_give_it() {
    let house = TestApp::single().await;
    full_life(&house).await;
    let rejected = Contract::started(&house).await;
    rejected.decides_with("head", Decision::Reject, &[]).await;
    house.advance_seconds(1);
    let refused = Contract::at_counterparty(&house).await;
    let (visit, actor) = refused.comes_verified().await;
    let app = &house.app;
    app.refuse_to_sign(&actor, &visit, "Не наша цена")
        .await
        .expect("refused");
    let waiting = Contract::at_counterparty(&house).await;
    house.advance_seconds(1);
    let (visit, actor) = waiting.comes_verified().await;
    let named = chancery::app::links::ending::NewSignatory {
        name: "Пётр Петров".to_owned(),
        email: "petrov@romashka.example".to_owned(),
        position: Some("директор".to_owned()),
    };
    app.hand_over(&actor, &visit, &named).await.expect("handed");
    let task = asked(&waiting).await;
    app.remind_task(&house.actor("initiator"), task)
        .await
        .expect("reminded");
    access(&house).await;

    let (mut seen, said) = check_letters(&house).await;
    // A verdict that changes has a life of its own: `signing::worklist`.
    seen.insert(MailKind::VerdictChanged);
    // So has what a power comes to: `signing::powers`.
    seen.insert(MailKind::PowerChanged);
    // And editions of workflows: `office::editions`.
    seen.insert(MailKind::Edition);
    // And documents that move to one: `office::moves`.
    seen.extend([MailKind::RouteChanged, MailKind::VoteSetAside]);
    // So have people who are away, `runs::absences`, and tasks that change hands, `runs::hands`.
    seen.extend([
        MailKind::StandsIn,
        MailKind::AbsenceRecorded,
        MailKind::TaskDelegated,
        MailKind::DelegationEnded,
        MailKind::DelegationTakenBack,
    ]);
    // So have timers: `runs::timers`.
    seen.extend([
        MailKind::DueReminder,
        MailKind::Overdue,
        MailKind::EscalationFailed,
        MailKind::HoldEnded,
        MailKind::RunExpired,
    ]);
    // So have documents that go to another address: `signing::links`.
    seen.insert(MailKind::ContactMoved);
    // So has the letter of the day: `runs::daily`.
    seen.insert(MailKind::TaskDigest);
    // So have runs that stand still: `runs::lookups`.
    seen.insert(MailKind::Incident);
    // And runs that do not start by themselves: `runs::by_itself`.
    seen.insert(MailKind::NotStarted);
    assert_eq!(seen, BTreeSet::from(MailKind::ALL));
    for words in [
        "Нет подписи на смете",
        "1. Уточнить п. 4.2",
        "Причина: решений других уже достаточно",
        "Reason: enough others have decided",
        "Ключ создан: в браузере подписанта",
        "The key was made: in the signer's browser",
    ] {
        assert!(said.contains(words), "nobody says {words:?}: {said}");
    }
    house.close().await;
}

/// Goal: several returns of one round are all told. Method: two, one of them with a protocol.
#[tokio::test]
async fn every_return_of_a_round_is_told() {
    let parts = serde_json::json!({
        "document_title": "Договор",
        "returns": [
            { "person_name": "Ирина Орлова", "comment": "Нет сметы", "remarks": ["П. 4.2"] },
            { "person_name": "Иван Иванов", "comment": "Не та сумма", "protocol_name": "p.docx" },
        ],
    });
    for (locale, lead) in [
        (
            Locale::Ru,
            "Документ возвращают: Ирина Орлова, Иван Иванов.",
        ),
        (
            Locale::En,
            "The document was returned by Ирина Орлова, Иван Иванов.",
        ),
    ] {
        let letter = composed(MailKind::Returned, locale, &parts, None);
        assert!(letter.lead.starts_with(lead), "{}", letter.lead);
        let words = words(&letter);
        for text in [
            "(Ирина Орлова): Нет сметы",
            "(Иван Иванов): Не та сумма",
            "1. П. 4.2",
            "p.docx",
        ] {
            assert!(words.contains(text), "{text}: {words}");
        }
    }
}

/// Goal: the end is told to the initiator, to whoever approved and to both signatories; to no
/// contact who did not sign; the file goes to the initiator and the signatories only, and a contact
/// is led back through the link. Method: the link is handed over to somebody else, who signs.
#[tokio::test]
async fn completion_is_told_to_whoever_took_part_and_to_nobody_else() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        house.advance_seconds(1);
        contract.counterparty_returns().await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        app.resubmit_run(&initiator, contract.id, Some("Сумма верна"))
            .await
            .expect("resubmitted");
        house.advance_seconds(1);
        let (visit, actor) = contract.comes_verified().await;
        let named = chancery::app::links::ending::NewSignatory {
            name: "Пётр Петров".to_owned(),
            email: "petrov@romashka.example".to_owned(),
            position: None,
        };
        app.hand_over(&actor, &visit, &named)
            .await
            .expect("handed over");
        house.advance_seconds(1);
        contract.counterparty_signs().await;
        assert_eq!(contract.state().await, "effective");
        assert_eq!(
            contract.told("completed").await,
            ["head", "initiator", "lawyer", "petrov", "signatory"]
        );
        for (kind, login, payload) in contract.letters().await {
            // The last signature is told by the letter that everything is signed.
            assert!(kind != "signed" || payload["signer_name"] != "Пётр Петров");
            if kind != "completed" {
                continue;
            }
            let has_file = !attachments_of(MailKind::Completed, &payload).is_empty();
            let wanted = ["initiator", "signatory", "petrov"].contains(&login.as_str());
            assert_eq!(has_file, wanted, "{login}");
            let is_outside = login == "petrov";
            assert_eq!(payload.get("url").is_none(), is_outside, "{login}");
            assert_eq!(payload.get("entry_url").is_some(), is_outside, "{login}");
        }
    })
    .await;
}

/// Goal: a file above `mail.attachment_bytes_max` stays here, the letter says so and how to get it.
#[tokio::test]
async fn a_large_signed_file_does_not_travel() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.mail.attachment_bytes_max = 100;
    })
    .await;
    let contract = Contract::at_counterparty(&house).await;
    contract.counterparty_signs().await;
    let mut told = 0;
    for (kind, login, payload) in contract.letters().await {
        if kind != "completed" {
            continue;
        }
        assert!(attachments_of(MailKind::Completed, &payload).is_empty());
        let letter = composed(MailKind::Completed, Locale::Ru, &payload, None);
        let words = words(&letter);
        if login == "ivanov" {
            told += 1;
            assert!(words.contains("слишком велик"), "{words}");
            assert!(words.contains("снова откройте ссылку из вашего приглашения"));
            let url = &letter.button.as_ref().expect("a way in").url;
            assert_eq!(*url, house.app.url("/s"));
        }
        if login == "initiator" {
            told += 1;
            assert!(words.contains("слишком велик"), "{words}");
            assert!(words.contains("на странице документа"), "{words}");
        }
    }
    assert_eq!(told, 2);
    house.close().await;
}

/// Goal: a refusal at the end is told to everybody who had agreed.
#[tokio::test]
async fn a_refusal_is_told_to_whoever_had_agreed() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (visit, actor) = contract.comes_verified().await;
        house
            .app
            .refuse_to_sign(&actor, &visit, "Не наша цена")
            .await
            .expect("refused");
        assert_eq!(contract.told("refused").await, ["initiator"]);
        assert_eq!(
            contract.told("rejected").await,
            ["head", "lawyer", "signatory"]
        );
        let (row, _) = contract.letter("rejected").await;
        assert!(row.payload.contains("Не наша цена"), "{}", row.payload);
    })
    .await;
}

const BOTH_AT_ONCE: &str = "
  - id: signing
    title: { ru: Подписание, en: Signing }
    parallel:
      join: all
      on_branch_reject: RULE
      branches:
        - id: ours
          type: sign
          title: { ru: Мы, en: We }
          assignees: [signatory]
          quorum: any
        - id: theirs
          type: sign
          title: { ru: Они, en: They }
          assignees: [their_signatory]
          via: link
          quorum: all
";

/// A house where both sides sign at once.
async fn both_at_once(backend: &Backend, rule: &str) -> (TestApp, TempDir) {
    let folder = workflows_like(|path, mut text| {
        if path != "chains/contract.yaml" {
            return text;
        }
        let start = text.find("\n  - id: sign_internal").expect("a stage");
        let end = text.find("  - id: ack").expect("a stage");
        let stages = BOTH_AT_ONCE.replace("RULE", rule);
        text.replace_range(start..end, &format!("{stages}\n"));
        // Its examples are those of the chain as it was.
        let examples = text.find("\n# `chancery workflow test");
        text.truncate(examples.unwrap_or(text.len()));
        text.replace("until: sign_internal", "until: signing")
    });
    let directory = folder.path().to_owned();
    let house = TestApp::start_with(backend, |config| {
        config.workflows.directory = directory;
    })
    .await;
    (house, folder)
}

/// Goal: where one side refuses and the other one's signature ends the run, everybody hears of the
/// refusal; the counterparty without our people's words and addresses.
#[tokio::test]
async fn a_signature_that_ends_a_rejected_run_tells_of_the_rejection() {
    for backend in Backend::all() {
        let (house, _folder) = both_at_once(&backend, "finish_others").await;
        let contract = Contract::approved(&house).await;
        contract
            .decides_with("signatory", Decision::Reject, &[])
            .await;
        assert_eq!(contract.told("rejected").await, [""; 0]);
        contract.counterparty_signs().await;
        assert_eq!(contract.state().await, "rejected");
        assert_eq!(
            contract.told("rejected").await,
            ["head", "initiator", "ivanov", "lawyer"]
        );
        for (kind, login, payload) in contract.letters().await {
            if kind == "rejected" && login == "ivanov" {
                let text = payload.to_string();
                assert!(
                    !text.contains("Нет сметы") && !text.contains("http"),
                    "{text}"
                );
                let letter = composed(MailKind::Rejected, Locale::Ru, &payload, None);
                assert!(letter.lead.contains("в силу не вступит"), "{}", letter.lead);
            } else if kind == "rejected" {
                assert!(payload.to_string().contains("Нет сметы"), "{payload}");
            }
        }
        house.close().await;
    }
}

/// Goal: a contact whose open task ends with a rejection gets one letter, which says so.
#[tokio::test]
async fn a_contact_who_was_still_asked_is_told_of_the_rejection_once() {
    let (house, _folder) = both_at_once(&Backend::single(), "cancel_others").await;
    let contract = Contract::approved(&house).await;
    contract
        .decides_with("signatory", Decision::Reject, &[])
        .await;
    assert_eq!(contract.state().await, "rejected");
    assert_eq!(
        contract.told("rejected").await,
        ["head", "initiator", "ivanov", "lawyer"]
    );
    assert!(
        !contract
            .told("task-withdrawn")
            .await
            .contains(&"ivanov".to_owned())
    );
    house.close().await;
}
