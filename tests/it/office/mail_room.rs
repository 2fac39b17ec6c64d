//! The mail room: what the administrator sees of the outbox, and sends again.

use chancery::app::mail::{Again, MailWords};
use chancery::app::outbox::{self, Letter, MailKind, MailTo};
use chancery::app::page::PageRequest;
use chancery::config::{MailTransport, SmtpTls};
use chancery::jobs::Runner;
use chancery::store::entity::{audit_events, outbox as rows};
use chancery_types::Locale;
use chancery_types::id::{DocumentId, OutboxId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{call, call_with};
use crate::guards::Browser;
use crate::runs::paper::Paper;
use crate::support::{Backend, TestApp, is_required, on_both, setting};

pub fn letter(key: &str, kind: MailKind, address: &str) -> Letter {
    Letter {
        key: key.to_owned(),
        kind,
        to: MailTo {
            address: address.to_owned(),
            name: "Иван Иванов".to_owned(),
            locale: Locale::Ru,
            person_id: None,
            contact_id: None,
        },
        document_id: None,
        payload: json!({
            "document_title": "Договор № 17", "minutes": 15, "organisation_name": "В",
        }),
        secret: kind.holds_secret().then(
            || json!({ "code": "042917", "link_url": "https://x.example/password/set#S3CR3T" }),
        ),
    }
}

pub async fn enqueue(house: &TestApp, letter: Letter) -> OutboxId {
    let app = &house.app;
    let key = letter.key.clone();
    let tx = app.store.begin().await.expect("a transaction");
    let organisation = house.vector.organisation.uuid();
    outbox::enqueue(&tx, app, organisation, app.now(), letter)
        .await
        .expect("enqueued");
    tx.commit().await.expect("committed");
    let row = rows::Entity::find()
        .filter(rows::Column::Key.eq(key))
        .one(app.store.reader())
        .await
        .expect("rows");
    row.expect("the row").id.into()
}

pub async fn drain(house: &TestApp) {
    Runner::new(house.app.clone())
        .drain()
        .await
        .expect("drained");
}

async fn resends(house: &TestApp) -> u64 {
    audit_events::Entity::find()
        .filter(audit_events::Column::Action.eq("mail.resent"))
        .count(house.app.store.reader())
        .await
        .expect("a count")
}

/// Goal: neither list, page nor API shows a link or code, sent or not. Method: a letter of every
/// kind that holds one, read everywhere.
#[tokio::test]
async fn no_link_and_no_code_is_ever_shown() {
    on_both(async |house: &TestApp| {
        let mut ids = Vec::new();
        for (number, kind) in MailKind::ALL.into_iter().enumerate() {
            if kind.holds_secret() {
                let key = format!("k:{number}");
                ids.push(enqueue(house, letter(&key, kind, "ivanov@romashka.example")).await);
            }
        }
        assert_eq!(ids.len(), 5);
        let served = house.serve();
        let person = house.vector.person("administrator");
        let browser = Browser::of(house, &served, person).await;
        for path in ["/mail".to_owned(), "/api/v1/mail".to_owned()]
            .into_iter()
            .chain(ids.iter().map(|id| format!("/mail/{id}")))
            .chain(ids.iter().map(|id| format!("/api/v1/mail/{id}")))
        {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            for secret in ["042917", "S3CR3T", "password/set"] {
                assert!(!answer.body.contains(secret), "{path} shows {secret}");
            }
        }
        let page = browser.get(&format!("/mail/{}", ids[0])).await.body;
        assert!(page.contains("Текст не показывается"), "{page}");
        let told = call(
            &browser,
            "GET",
            &format!("/api/v1/mail/{}", ids[0]),
            Value::Null,
        )
        .await;
        assert_eq!(told.body["text_withheld"], "holds-secret");
        assert_eq!(told.body["text"], Value::Null);
        served.stop().await;
    })
    .await;
}

/// Goal: an administrator reads of a document no more by mail than otherwise. Method: a letter
/// about a document that is not theirs, one about none.
#[tokio::test]
async fn what_a_letter_says_of_a_hidden_document_stays_hidden() {
    on_both(async |house: &TestApp| {
        let paper = Paper::draft(house, "10000").await;
        let administrator = house.actor("administrator");
        let about = |document_id: Option<DocumentId>| Letter {
            document_id: document_id.map(DocumentId::uuid),
            payload: json!({ "document_title": "Договор", "comment": "Тайная оговорка",
                "person_name": "Ирина Орлова" }),
            ..letter(
                &format!("r:{document_id:?}"),
                MailKind::Returned,
                "a@vector.example",
            )
        };
        let hidden = enqueue(house, about(Some(paper.id))).await;
        let open = enqueue(house, about(None)).await;
        let words = async |id| {
            let sheet = house.app.load_mail(&administrator, id).await;
            sheet.expect("a letter").words
        };
        assert_eq!(words(hidden).await, MailWords::OfHiddenDocument);
        let MailWords::Shown(text) = words(open).await else {
            panic!("not shown");
        };
        assert!(text.contains("Тайная оговорка"), "{text}");
    })
    .await;
}

/// Goal: filters and cursor show each letter once. Method: nine letters, three failed, two a page.
#[tokio::test]
async fn the_list_is_asked_by_state_and_walked_by_cursor() {
    on_both(async |house: &TestApp| {
        for number in 0..9 {
            let address = if number < 3 {
                "no address"
            } else {
                "a@vector.example"
            };
            enqueue(
                house,
                letter(&format!("n:{number}"), MailKind::Approved, address),
            )
            .await;
        }
        drain(house).await;
        enqueue(house, letter("n:9", MailKind::Approved, "a@vector.example")).await;
        let administrator = house.actor("administrator");
        let walk = async |state: Option<&'static str>| {
            let mut seen = Vec::new();
            let mut after = None;
            loop {
                let page = PageRequest { after, rows_max: 2 };
                let page = house.app.list_mail(&administrator, state, &page).await;
                let page = page.expect("a page");
                seen.extend(page.rows.iter().map(|row| row.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let unique: std::collections::BTreeSet<_> = seen.iter().copied().collect();
            assert_eq!(unique.len(), seen.len());
            seen.len()
        };
        let counts = [
            walk(None).await,
            walk(Some("failed")).await,
            walk(Some("sent")).await,
            walk(Some("ready")).await,
            walk(Some("sending")).await,
        ];
        assert_eq!(counts, [10, 3, 6, 1, 0]);
        let served = house.serve();
        let person = house.vector.person("administrator");
        let browser = Browser::of(house, &served, person).await;
        assert_eq!(browser.get("/mail?state=lost").await.status, 422);
        let page = browser.get("/mail?state=failed").await.body;
        assert_eq!(
            page.matches("Не отправлено").count(),
            4,
            "a chip and three: {page}"
        );
        served.stop().await;
    })
    .await;
}

/// Goal: a second click and a repeated call send nothing twice. Method: the page twice, the API
/// with one key twice; one audit event each.
#[tokio::test]
async fn asking_twice_to_send_again_sends_once_more_and_leaves_one_event() {
    on_both(async |house: &TestApp| {
        let id = enqueue(house, letter("n:1", MailKind::Approved, "a@vector.example")).await;
        drain(house).await;
        let served = house.serve();
        let person = house.vector.person("administrator");
        let browser = Browser::of(house, &served, person).await;
        let path = format!("/mail/{id}/resend");
        for expected in [1, 1] {
            let clicked = browser.post(&path, "").await;
            assert_eq!(clicked.status, 303, "{}", clicked.body);
            assert_eq!(resends(house).await, expected);
        }
        drain(house).await;
        let path = format!("/api/v1/mail/{id}/resend");
        let once = [("idempotency-key", "resend-once")];
        for _ in 0..2 {
            let told = call_with(&browser, "POST", &path, Value::Null, &once).await;
            assert_eq!((told.status, &told.body["state"]), (200, &json!("ready")));
            assert_eq!(resends(house).await, 2);
        }
        let told = call(&browser, "POST", &path, Value::Null).await;
        assert_eq!(
            (told.status, &told.body["code"]),
            (409, &json!("mail-waiting"))
        );
        assert_eq!(resends(house).await, 2);
        drain(house).await;
        assert_eq!(house.mails().len(), 1, "one message, whatever was clicked");
        let lawyer = Browser::of(house, &served, house.vector.person("lawyer")).await;
        assert_eq!(
            lawyer.post(&format!("/mail/{id}/resend"), "").await.status,
            404
        );
        assert_eq!(lawyer.get("/mail").await.status, 404);
        let foreign = house.northwind.person("administrator");
        let foreign = Browser::of(house, &served, foreign).await;
        assert_eq!(foreign.get(&format!("/mail/{id}")).await.status, 404);
        assert_eq!(
            foreign.post(&format!("/mail/{id}/resend"), "").await.status,
            404
        );
        served.stop().await;
    })
    .await;
}

/// Goal: what no longer works is not mailed. Method: a failed code letter, before and after its
/// time.
#[tokio::test]
async fn a_letter_whose_code_is_past_its_time_does_not_go_again() {
    on_both(async |house: &TestApp| {
        let administrator = house.actor("administrator");
        let id = enqueue(house, letter("c:1", MailKind::Code, "no address")).await;
        drain(house).await;
        let again = async || {
            let sheet = house.app.load_mail(&administrator, id).await;
            sheet.expect("a letter").row.again
        };
        assert_eq!(again().await, Again::Possible);
        house.advance_seconds(15 * 60);
        assert_eq!(again().await, Again::SecretExpired);
        let refused = house.app.resend_mail(&administrator, id).await;
        let refused = refused.expect_err("refused").to_string();
        assert_eq!(refused, "refused: mail-secret-expired");
        assert_eq!(resends(house).await, 0);
    })
    .await;
}

/// Goal: a mailbox that a real server refuses for good is told with the server's words, and the
/// letter goes once the address is mended. Method: the sink of the test run, both databases.
#[tokio::test]
async fn a_refused_mailbox_is_told_with_the_server_s_words_and_mended_by_hand() {
    let (Some(server), Some(folder)) = (
        setting("CHANCERY_TEST_SMTP"),
        setting("CHANCERY_TEST_SMTP_DIR"),
    ) else {
        is_required("CHANCERY_TEST_SMTP");
        return;
    };
    let (host, port) = server.rsplit_once(':').expect("host:port");
    for backend in Backend::all() {
        let house = TestApp::start_with(&backend, |config| {
            config.mail.transport = MailTransport::Smtp;
            config.mail.smtp_host = host.to_owned();
            config.mail.smtp_port = port.parse().expect("a port");
            config.mail.smtp_tls = SmtpTls::None;
        })
        .await;
        let key = chancery::entropy::secret();
        let id = enqueue(
            &house,
            letter(&key, MailKind::Approved, "permfail@romashka.example"),
        )
        .await;
        drain(&house).await;
        let served = house.serve();
        let person = house.vector.person("administrator");
        let browser = Browser::of(&house, &served, person).await;
        let path = format!("/api/v1/mail/{id}");
        let told = call(&browser, "GET", &path, Value::Null).await.body;
        assert_eq!(
            (&told["state"], &told["attempts"]),
            (&json!("failed"), &json!(1))
        );
        let why = told["last_error"].as_str().expect("why");
        assert!(
            why.contains("550") && why.contains("no such mailbox"),
            "{why}"
        );
        let page = browser.get(&format!("/mail/{id}")).await.body;
        assert!(page.contains("no such mailbox"), "{page}");
        let clicked = browser.post(&format!("/mail/{id}/resend"), "").await;
        assert_eq!(clicked.status, 303);
        drain(&house).await;
        let told_again = call(&browser, "GET", &path, Value::Null).await.body;
        assert_eq!(told_again["state"], "failed", "it is refused again");
        assert_eq!(told_again["message_id"], told["message_id"]);
        // The administrator of the mail server opens the mailbox.
        rows::Entity::update_many()
            .col_expr(
                rows::Column::ToAddress,
                sea_orm::sea_query::Expr::value("ivanov@romashka.example"),
            )
            .filter(rows::Column::Id.eq(id.uuid()))
            .exec(house.app.store.writer())
            .await
            .expect("mended");
        browser.post(&format!("/mail/{id}/resend"), "").await;
        drain(&house).await;
        let sent = call(&browser, "GET", &path, Value::Null).await.body;
        assert_eq!(
            (&sent["state"], &sent["last_error"]),
            (&json!("sent"), &Value::Null)
        );
        let message_id = told["message_id"].as_str().expect("an identifier");
        let arrived = std::fs::read_dir(std::path::Path::new(&folder).join("new"));
        let arrived = arrived.expect("a folder").flatten();
        let arrived = arrived.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
        assert_eq!(arrived.filter(|mail| mail.contains(message_id)).count(), 1);
        assert_eq!(resends(&house).await, 2);
        served.stop().await;
        house.close().await;
    }
}

/// Goal: whoever does not see a document is not told its title: not by the list of letters, a
/// letter sent again, or what is said after a task was handed over. Method: the administrator of a
/// paper under way that is hidden from them.
#[tokio::test]
async fn titles_of_hidden_documents_are_told_to_nobody() {
    on_both(async |house: &TestApp| {
        let paper = Paper::started(house, "50000.00").await;
        drain(house).await;
        let title = paper.document().await.title;
        let (app, actor) = (&house.app, house.actor("administrator"));
        let page = PageRequest {
            after: None,
            rows_max: 50,
        };
        let listed = app.list_mail(&actor, None, &page).await.expect("a list");
        let about = listed.rows.iter().filter(|row| row.document_id.is_some());
        let about: Vec<_> = about.collect();
        assert!(!about.is_empty());
        assert!(about.iter().all(|row| row.subject.is_none()), "{about:?}");
        let again = app.resend_mail(&actor, about[0].id).await.expect("again");
        assert_eq!(again.subject, None);
        let sheet = app.load_mail(&actor, about[0].id).await.expect("a letter");
        assert_eq!(sheet.row.subject, None);
        // Of somebody else's day nobody reads more; of one's own, all.
        for (to, is_told) in [("lawyer", false), ("administrator", true)] {
            let mut digest = letter(to, MailKind::TaskDigest, "a@vector.example");
            digest.to.person_id = Some(house.vector.person(to).uuid());
            let id = enqueue(house, digest).await;
            let sheet = app.load_mail(&actor, id).await.expect("a letter");
            let hidden = matches!(sheet.words, MailWords::OfHiddenDocument);
            assert_eq!(hidden, !is_told, "{to}");
        }
        let served = house.serve();
        let browser = Browser::of(house, &served, house.vector.person("administrator")).await;
        let list = browser.get("/mail").await.body;
        assert!(!list.contains(&title), "{list}");
        let task = paper.task_of("head").await;
        let cfo = house.vector.person("cfo");
        let outcome = app.reassign_task(&actor, task, cfo).await;
        let outcome = outcome.expect("handed over");
        assert_eq!(
            (outcome.title.as_str(), outcome.given_to.is_empty()),
            ("", false)
        );
        served.stop().await;
    })
    .await;
}
