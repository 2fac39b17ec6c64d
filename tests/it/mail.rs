//! The outbox from the row to the mailbox: sent once, put off, given up, sent again.

mod failures;
pub mod server;

use chancery::app::mail::Again;
use chancery::app::outbox::{self, Letter, MailKind, MailTo};
use chancery::app::page::PageRequest;
use chancery::app::work::{Attempt, Outcome};
use chancery::app::{App, AppError};
use chancery::config::{Secret, SmtpTls};
use chancery::jobs::{Counts, Runner};
use chancery::store::entity::{audit_events, outbox as rows};
use chancery_types::Locale;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use crate::support::{Backend, TestApp, is_required, on_both, setting};

fn letter(key: &str) -> Letter {
    Letter {
        key: key.to_owned(),
        kind: MailKind::Code,
        to: MailTo {
            address: "ivanov@romashka.example".to_owned(),
            name: "Иван Иванов".to_owned(),
            locale: Locale::Ru,
            person_id: None,
            contact_id: None,
        },
        document_id: None,
        payload: json!({ "document_title": "Договор № 17", "minutes": 15 }),
        secret: Some(json!({ "code": "042917" })),
    }
}

fn notice(key: &str) -> Letter {
    Letter {
        kind: MailKind::Approved,
        payload: json!({ "document_title": "Договор № 17" }),
        secret: None,
        ..letter(key)
    }
}

async fn enqueue(house: &TestApp, letter: Letter) {
    let app = &house.app;
    let tx = app.store.begin().await.expect("a transaction");
    let organisation = house.vector.organisation.uuid();
    outbox::enqueue(&tx, app, organisation, app.now(), letter)
        .await
        .expect("enqueued");
    tx.commit().await.expect("committed");
}

async fn only_row(app: &App) -> rows::Model {
    let mut all = rows::Entity::find()
        .all(app.store.reader())
        .await
        .expect("rows");
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn everything() -> PageRequest {
    PageRequest {
        after: None,
        rows_max: 50,
    }
}

async fn drain(house: &TestApp) -> Counts {
    let runner = Runner::new(house.app.clone());
    runner.drain().await.expect("drained").mails
}

const fn counts(done: u64, delayed: u64, failed: u64) -> Counts {
    Counts {
        done,
        delayed,
        failed,
        lost: 0,
    }
}

#[tokio::test]
async fn a_mail_is_sent_once_and_its_secret_is_erased() {
    on_both(async |house: &TestApp| {
        enqueue(house, letter("c:1")).await;
        enqueue(house, letter("c:1")).await;
        let row = only_row(&house.app).await;
        let sealed = row.sealed.expect("sealed");
        assert!(!String::from_utf8_lossy(&sealed).contains("042917"));
        assert!(!row.payload.contains("042917"));
        assert_eq!(drain(house).await, counts(1, 0, 0));
        assert_eq!(drain(house).await, counts(0, 0, 0));
        let row = only_row(&house.app).await;
        assert_eq!((row.state.as_str(), row.attempts), ("sent", 1));
        assert_eq!((row.sealed, row.lease_until), (None, None));
        let mails = house.mails();
        assert_eq!(mails.len(), 1);
        let id = format!("Message-ID: {}", row.message_id);
        assert!(mails[0].contains(&id), "{}", mails[0]);
        assert!(mails[0].contains("Auto-Submitted: auto-generated"));
    })
    .await;
}

/// Goal: a mailbox that is away puts the mail off, longer each time, and nothing is lost. Method:
/// take the folder away, move the clock.
#[tokio::test]
async fn an_undelivered_mail_is_put_off_longer_each_time_until_it_goes() {
    on_both(async |house: &TestApp| {
        enqueue(house, notice("n:1")).await;
        std::fs::remove_dir_all(house.mail_folder()).expect("removed");
        for wait in [30, 60, 120] {
            assert_eq!(drain(house).await, counts(0, 1, 0));
            let row = only_row(&house.app).await;
            assert_eq!(row.state, "ready");
            assert!(row.last_error.expect("why").contains("mail.directory"));
            assert_eq!(row.next_at, house.app.now().plus_seconds(wait).micros());
            house.advance_seconds(wait - 1);
            assert_eq!(drain(house).await, counts(0, 0, 0), "too early");
            house.advance_seconds(1);
        }
        std::fs::create_dir_all(house.mail_folder()).expect("back");
        assert_eq!(drain(house).await, counts(1, 0, 0));
        let row = only_row(&house.app).await;
        assert_eq!((row.attempts, row.last_error), (4, None));
    })
    .await;
}

/// Goal: a worker that dies between sending and writing that down does no harm. Method: claim and
/// send by hand, let the lease run out, drain, then finish late.
#[tokio::test]
async fn a_worker_lost_after_sending_leads_to_the_same_message_again() {
    on_both(async |house: &TestApp| {
        enqueue(house, letter("c:1")).await;
        let claimed = house.app.claim_mails(8).await.expect("claimed").remove(0);
        assert_eq!(house.app.send_mail(&claimed).await, Attempt::Done);
        let first = house.mails();
        assert_eq!(drain(house).await, counts(0, 0, 0), "the lease holds");
        house.advance_seconds(3600);
        assert_eq!(drain(house).await, counts(1, 0, 0));
        let second = house.mails();
        assert_eq!((first.len(), second.len()), (1, 1));
        let id = |mail: &String| {
            let line = mail.lines().find(|line| line.starts_with("Message-ID:"));
            line.map(str::to_owned)
        };
        assert_eq!(id(&first[0]), id(&second[0]));
        let late = house.app.finish_mail(&claimed, &Attempt::Done).await;
        assert_eq!(late.expect("answered"), Outcome::Lost);
        assert_eq!(only_row(&house.app).await.fence, 2);
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_can_never_go_fails_at_once_and_is_seen_by_the_administrator() {
    on_both(async |house: &TestApp| {
        let mut broken = notice("n:1");
        broken.to.address = "not an address".to_owned();
        enqueue(house, broken).await;
        assert_eq!(drain(house).await, counts(0, 0, 1));
        let administrator = house.actor("administrator");
        let listed = house
            .app
            .list_mail(&administrator, Some("failed"), &everything())
            .await;
        let listed = listed.expect("listed").rows;
        assert_eq!((listed.len(), listed[0].again), (1, Again::Possible));
        let why = listed[0].last_error.as_deref().expect("why");
        assert!(why.contains("not an address"), "{why}");
        let elsewhere = house.northwind.actor("administrator");
        let foreign = house.app.list_mail(&elsewhere, None, &everything()).await;
        assert_eq!(foreign.expect("listed").rows, []);
        let hidden = house.app.resend_mail(&elsewhere, listed[0].id).await;
        assert!(matches!(hidden, Err(AppError::Hidden)));
        let hidden = house
            .app
            .list_mail(&house.actor("lawyer"), None, &everything())
            .await;
        assert!(matches!(hidden, Err(AppError::Hidden)));
    })
    .await;
}

#[tokio::test]
async fn a_sent_mail_goes_again_by_hand_unless_its_secret_is_gone() {
    on_both(async |house: &TestApp| {
        let administrator = house.actor("administrator");
        enqueue(house, notice("n:1")).await;
        let listed = house
            .app
            .list_mail(&administrator, None, &everything())
            .await;
        let mail = listed.expect("listed").rows.remove(0);
        let waiting = house.app.resend_mail(&administrator, mail.id).await;
        assert!(matches!(
            waiting,
            Err(AppError::Refused {
                code: "mail-waiting",
                ..
            })
        ));
        drain(house).await;
        house.advance_seconds(60);
        let again = house.app.resend_mail(&administrator, mail.id).await;
        assert_eq!(again.expect("again").state, "ready");
        assert_eq!(drain(house).await, counts(1, 0, 0));
        assert_eq!(house.mails().len(), 1, "the same message");
        let events = audit_events::Entity::find()
            .filter(audit_events::Column::Action.eq("mail.resent"))
            .all(house.app.store.reader())
            .await
            .expect("events");
        assert_eq!(events.len(), 1);
        enqueue(house, letter("c:1")).await;
        drain(house).await;
        let listed = house
            .app
            .list_mail(&administrator, Some("sent"), &everything())
            .await;
        let listed = listed.expect("listed").rows;
        let code = listed.iter().find(|mail| mail.kind == "code").expect("it");
        assert_eq!(code.again, Again::SecretErased);
        let refused = house.app.resend_mail(&administrator, code.id).await;
        let gone = matches!(
            refused,
            Err(AppError::Refused {
                code: "mail-secret-erased",
                ..
            })
        );
        assert!(gone);
    })
    .await;
}

/// Goal: of several workers each mail is sent by one. Method: four drain at once.
#[tokio::test]
async fn several_workers_share_the_mails_without_sending_any_twice() {
    on_both(async |house: &TestApp| {
        for number in 0..40 {
            enqueue(house, notice(&format!("n:{number}"))).await;
        }
        let workers = (0..4).map(|_| drain(house));
        let shares = futures::future::join_all(workers).await;
        let done: u64 = shares.iter().map(|share| share.done).sum();
        let lost: u64 = shares.iter().map(|share| share.lost).sum();
        assert_eq!((done, lost, house.mails().len()), (40, 0, 40));
    })
    .await;
}

/// Sends one mail through a server and looks for it in the Maildir that the server fills.
async fn arrives_once(folder: &str, change: impl FnOnce(&mut chancery::config::Mail)) {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.mail.transport = chancery::config::MailTransport::Smtp;
        change(&mut config.mail);
    })
    .await;
    house.app.mailer.check().await.expect("reached");
    enqueue(&house, letter(&chancery::entropy::secret())).await;
    assert_eq!(drain(&house).await, counts(1, 0, 0));
    let id = only_row(&house.app).await.message_id;
    let arrived = std::path::Path::new(folder).join("new");
    let arrived = std::fs::read_dir(arrived).expect("a folder").flatten();
    let arrived = arrived.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    assert_eq!(arrived.filter(|mail| mail.contains(&id)).count(), 1);
    house.close().await;
}

/// The host and port of a server of this test run, and the folder it keeps mails in.
fn sink(variable: &str) -> Option<(String, u16, String)> {
    let (Some(server), Some(folder)) = (setting(variable), setting("CHANCERY_TEST_SMTP_DIR"))
    else {
        is_required(variable);
        return None;
    };
    let (host, port) = server.rsplit_once(':').expect("host:port");
    Some((host.to_owned(), port.parse().expect("a port"), folder))
}

/// Goal: a real server takes our mail. Method: the sink of the test run; skipped without one.
#[tokio::test]
async fn a_real_mail_server_takes_the_mail_and_keeps_its_message_id() {
    let Some((host, port, folder)) = sink("CHANCERY_TEST_SMTP") else {
        return;
    };
    arrives_once(&folder, |mail| {
        (mail.smtp_host, mail.smtp_port) = (host, port);
        mail.smtp_tls = SmtpTls::None;
    })
    .await;
}

/// Goal: STARTTLS with an authority of one's own and a login works, and each is really checked.
/// Method: the sink with all; then without the authority, and with a wrong password.
#[tokio::test]
async fn starttls_and_the_login_are_required_where_they_are_set() {
    let Some((host, port, folder)) = sink("CHANCERY_TEST_SMTP_STARTTLS") else {
        return;
    };
    let authority = setting("CHANCERY_TEST_SMTP_CA").expect("its authority");
    let secure = |mail: &mut chancery::config::Mail| {
        (mail.smtp_host, mail.smtp_port) = (host.clone(), port);
        mail.smtp_tls = SmtpTls::Starttls;
        mail.smtp_ca_file.clone_from(&authority);
        mail.smtp_login = "chancery".to_owned();
        mail.smtp_password = Secret::new("test".to_owned());
    };
    arrives_once(&folder, secure).await;
    let strange = |mail: &mut chancery::config::Mail| {
        secure(mail);
        mail.smtp_ca_file.clear();
    };
    let wrong = |mail: &mut chancery::config::Mail| {
        secure(mail);
        mail.smtp_password = Secret::new("wrong".to_owned());
    };
    for (change, said) in [
        (
            &strange as &dyn Fn(&mut chancery::config::Mail),
            "certificate",
        ),
        (&wrong, "535"),
    ] {
        let house = TestApp::start_with(&Backend::single(), |config| {
            config.mail.transport = chancery::config::MailTransport::Smtp;
            change(&mut config.mail);
        })
        .await;
        let error = house.app.mailer.check().await.expect_err("refused");
        assert!(error.to_string().contains(said), "{error}");
        enqueue(&house, letter("c:1")).await;
        let drained = drain(&house).await;
        assert_eq!(drained.done, 0, "{drained:?}");
        house.close().await;
    }
}
