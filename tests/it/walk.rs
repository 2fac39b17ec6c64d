//! The demo through the program itself: where it listens, what only it serves.

use std::process::{Command, Output};

use crate::support::TestApp;

fn chancery(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(arguments)
        .output()
        .expect("the program runs")
}

/// Goal: the logins without passwords exist in the demo only. Method: an ordinary server's answers.
#[tokio::test]
async fn an_ordinary_server_has_no_login_by_one_click_and_no_mailbox() {
    let house = TestApp::sqlite().await;
    let served = house.serve();
    let client = reqwest::Client::new();
    for path in ["/demo", "/demo/mail", "/demo/mail/x"] {
        let answer = client
            .get(served.url(path))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
    }
    let login = client.post(served.url("/demo/login")).body("person=x");
    assert_eq!(login.send().await.expect("an answer").status(), 404);
    served.stop().await;
    house.close().await;
}

/// Goal: nobody but this machine reaches the demo. Method: other addresses are refused in one line.
#[test]
fn the_demo_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let output = chancery(&["demo", "--listen", address]);
        let line = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(line.contains("loopback only"), "{line}");
        assert_eq!(line.trim().lines().count(), 1, "{line}");
    }
}

/// Goal: wrong combinations are told, not guessed. Method: exit code 2.
#[test]
fn a_walk_needs_a_file_and_a_place_for_its_results() {
    for arguments in [
        ["demo", "--walk", "--out", "x"],
        ["demo", "--walk", "--file", "x"],
        ["demo", "--file", "x", "--out=x"],
    ] {
        assert_eq!(chancery(&arguments).status.code(), Some(2), "{arguments:?}");
    }
}
