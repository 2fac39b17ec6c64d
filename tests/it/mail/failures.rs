//! What becomes of a mail when the server fails: silence, refusals of us, refusals of the mail.

use chancery::config::{Mail, MailTransport, Secret, SmtpTls};
use chancery::jobs::{Counts, Runner};
use tokio_util::sync::CancellationToken;

use super::server::{Script, Server, WILLING};
use super::{counts, drain, enqueue, notice, only_row};
use crate::support::{Backend, TestApp};

async fn house(server: &Server, change: impl FnOnce(&mut Mail)) -> TestApp {
    TestApp::start_with(&Backend::single(), |config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp_host = "127.0.0.1".to_owned();
        config.mail.smtp_port = server.port;
        config.mail.smtp_tls = SmtpTls::None;
        config.mail.smtp_timeout_seconds = 1;
        change(&mut config.mail);
    })
    .await
}

fn with_login(mail: &mut Mail) {
    mail.smtp_login = "chancery".to_owned();
    mail.smtp_password = Secret::new("test".to_owned());
}

async fn ends(script: Script, change: impl FnOnce(&mut Mail)) -> (Counts, String, String) {
    let server = Server::start(script).await;
    let house = house(&server, change).await;
    enqueue(&house, notice("n:1")).await;
    let drained = drain(&house).await;
    let row = only_row(&house.app).await;
    house.close().await;
    (drained, row.state, row.last_error.unwrap_or_default())
}

/// Goal: a server that accepts and goes silent costs one mail one attempt, wherever it falls
/// silent. Method: a real listener; the time limit is a second.
#[tokio::test]
async fn a_silent_mail_server_is_given_up_within_the_time_limit() {
    for place in ["connect", "EHLO", "MAIL", "RCPT", "DATA", "."] {
        let script = Script {
            silent_after: Some(place),
            ..WILLING
        };
        let (drained, state, why) = ends(script, |_| {}).await;
        assert_eq!(
            (drained, state.as_str()),
            (counts(0, 1, 0), "ready"),
            "{place}"
        );
        assert!(why.contains("mail.smtp_timeout_seconds"), "{place}: {why}");
    }
}

/// Goal: silence at the good-bye makes no second mail. Method: a server silent after QUIT.
#[tokio::test]
async fn a_server_that_says_no_good_bye_has_taken_the_mail() {
    let script = Script {
        silent_after: Some("QUIT"),
        ..WILLING
    };
    let (drained, state, _) = ends(script, |_| {}).await;
    assert_eq!((drained, state.as_str()), (counts(1, 0, 0), "sent"));
}

/// Goal: a stop is not held up by a server that is silent. Method: the worker's loop in the middle
/// of a conversation is told to stop, and ends.
#[tokio::test]
async fn a_stop_comes_through_while_the_mail_server_is_silent() {
    let server = Server::start(Script {
        silent_after: Some("connect"),
        ..WILLING
    })
    .await;
    let house = house(&server, |_| {}).await;
    enqueue(&house, notice("n:1")).await;
    let stop = CancellationToken::new();
    let (runner, told) = (Runner::new(house.app.clone()), stop.clone());
    let running = tokio::spawn(async move { runner.run(told).await });
    while server.connections_count() == 0 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    running.await.expect("it ends by itself");
    assert_eq!(only_row(&house.app).await.state, "ready");
    house.close().await;
}

/// Goal: what is said of us backs off, what is said of the mail ends it. Method: a refused login,
/// a refused sender, a demand for a login, a recipient that is not there.
#[tokio::test]
async fn only_an_answer_about_the_mail_itself_gives_it_up() {
    let refused_login = Script {
        auth: "535 5.7.8 authentication failed",
        ..WILLING
    };
    let (drained, state, why) = ends(refused_login, with_login).await;
    assert_eq!(
        (drained, state.as_str()),
        (counts(0, 1, 0), "ready"),
        "{why}"
    );
    assert!(why.contains("535"), "{why}");
    for (script, expected) in [
        (
            Script {
                mail: "550 5.7.1 this sender may not",
                ..WILLING
            },
            ("ready", "550"),
        ),
        (
            Script {
                rcpt: "530 5.7.0 authentication required",
                ..WILLING
            },
            ("ready", "530"),
        ),
        (
            Script {
                rcpt: "451 4.7.1 try later",
                ..WILLING
            },
            ("ready", "451"),
        ),
        (
            Script {
                rcpt: "550 5.1.1 no such mailbox",
                ..WILLING
            },
            ("failed", "550"),
        ),
    ] {
        let (_, state, why) = ends(script, |_| {}).await;
        assert_eq!(state, expected.0, "{why}");
        assert!(why.contains(expected.1), "{why}");
    }
}
