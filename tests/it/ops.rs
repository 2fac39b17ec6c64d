//! What probes and scrapers see of a running server.

use std::sync::atomic::Ordering;

use chancery::config::{MailTransport, SmtpTls};
use serde_json::Value;

use crate::mail::server::{Script, Server, WILLING};
use crate::support::{Backend, TestApp, on_both};

async fn get(url: String) -> (u16, String) {
    let answer = reqwest::get(url).await.expect("an answer");
    let code = answer.status().as_u16();
    (code, answer.text().await.expect("a body"))
}

#[tokio::test]
async fn a_sound_house_is_alive_and_ready() {
    on_both(async |house: &TestApp| {
        let served = house.serve();
        assert_eq!(get(served.url("/healthz")).await.0, 200);
        let (code, body) = get(served.url("/readyz")).await;
        assert_eq!(code, 200, "{body}");
        let answer: Value = serde_json::from_str(&body).expect("JSON");
        for part in ["database", "blobs", "mail", "keys", "contents"] {
            assert_eq!(answer["parts"][part], "ready", "{body}");
        }
        assert_eq!(get(served.url("/metrics")).await.0, 200);
        served.stop().await;
    })
    .await;
}

/// Goal: a house that is still being filled is alive and not ready. Method: as the demo begins.
#[tokio::test]
async fn a_house_that_is_being_filled_is_not_ready() {
    let house = TestApp::single().await;
    let served = house.serve();
    house.app.is_seeding.store(true, Ordering::Relaxed);
    let (code, body) = get(served.url("/readyz")).await;
    assert_eq!(code, 503, "{body}");
    assert!(body.contains("still being made"), "{body}");
    assert_eq!(get(served.url("/healthz")).await.0, 200);
    house.app.is_seeding.store(false, Ordering::Relaxed);
    assert_eq!(get(served.url("/readyz")).await.0, 200);
    served.stop().await;
    house.close().await;
}

/// Goal: what is broken is named. Method: take the mail folder and the bucket away.
#[tokio::test]
async fn a_house_without_its_folders_is_not_ready_and_says_which() {
    let house = TestApp::single().await;
    let served = house.serve();
    std::fs::remove_dir_all(house.mail_folder()).expect("removed");
    std::fs::remove_dir_all(&house.app.config.blobs.directory).expect("removed");
    let (code, body) = get(served.url("/readyz")).await;
    let answer: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((code, &answer["ready"]), (503, &Value::Bool(false)));
    assert_eq!(answer["parts"]["database"], "ready");
    assert_eq!(answer["parts"]["mail"], "mail.directory is gone");
    let blobs = answer["parts"]["blobs"].as_str().expect("why");
    assert!(blobs.contains("no usable bucket"), "{blobs}");
    served.stop().await;
    house.close().await;
}

/// Goal: a mail server that is away or silent is named, and probes do not knock at its door each
/// time. Method: a server that falls silent after its greeting; three probes, then half a minute
/// on.
#[tokio::test]
async fn a_silent_mail_server_is_named_and_asked_twice_a_minute_at_most() {
    for (silent_after, word) in [(None, "ready"), (Some("EHLO"), "no answer in 2 seconds")] {
        let server = Server::start(Script {
            silent_after,
            ..WILLING
        })
        .await;
        let house = TestApp::start_with(&Backend::single(), |config| {
            config.mail.transport = MailTransport::Smtp;
            config.mail.smtp_host = "127.0.0.1".to_owned();
            config.mail.smtp_port = server.port;
            config.mail.smtp_tls = SmtpTls::None;
        })
        .await;
        for connections_count in [1, 1, 2] {
            if connections_count == 2 {
                house.advance_seconds(31);
            }
            let parts = house.app.readiness().await;
            let mail = parts.iter().find(|part| part.part == "mail").expect("it");
            let said = mail.problem.as_deref().unwrap_or("ready");
            assert_eq!(said, word);
            assert_eq!(server.connections_count(), connections_count);
        }
        house.close().await;
    }
}
