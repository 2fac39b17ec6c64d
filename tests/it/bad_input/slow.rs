//! A body that trickles in, or never comes to its end.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::support::{Backend, TestApp};

/// Goal: neither JSON nor a form holds a request for ever. Method: half a body, then nothing; the
/// limit is a second.
#[tokio::test]
async fn a_body_that_does_not_come_to_its_end_is_given_up() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.limits.body_seconds_max = 1;
    })
    .await;
    let served = house.serve();
    let address = served.base_url.trim_start_matches("http://").to_owned();
    for (path, media_type, start) in [
        (
            "/api/v1/link/visits",
            "application/json",
            "{\"typed_code\":",
        ),
        (
            "/login",
            "application/x-www-form-urlencoded",
            "_csrf=x&login=",
        ),
    ] {
        let address = address.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(&address).expect("connected");
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {media_type}\r\n\
                 Content-Length: 1000\r\n\r\n{start}"
            );
            stream.write_all(head.as_bytes()).expect("sent");
            let mut answer = String::new();
            // The server closes: the rest of the body may still come.
            let _ = stream.read_to_string(&mut answer);
            answer
        });
        let answer = asked.await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
    }
    served.stop().await;
    house.close().await;
}
