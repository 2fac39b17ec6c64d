//! What probes and scrapers see of a running server.

use serde_json::Value;

use crate::support::{TestApp, on_both};

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
        for part in ["database", "blobs", "mail", "keys"] {
            assert_eq!(answer["parts"][part], "ready", "{body}");
        }
        assert_eq!(get(served.url("/metrics")).await.0, 200);
        served.stop().await;
    })
    .await;
}

/// Goal: what is broken is named. Method: take the mail folder and the bucket away.
#[tokio::test]
async fn a_house_without_its_folders_is_not_ready_and_says_which() {
    let house = TestApp::sqlite().await;
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
