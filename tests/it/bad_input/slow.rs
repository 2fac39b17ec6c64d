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

/// A connection on which a request was begun.
fn converse(address: &str, head: &str, start: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(head.as_bytes())?;
    stream.write_all(start.as_bytes())?;
    Ok(stream)
}

/// Whether the server has answered on a connection that is held.
fn is_answered(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).expect("not waited for");
    stream.peek(&mut [0]).is_ok()
}

fn multipart_head(address: &str, path: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 100000\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nIdempotency-Key: k\r\n\r\n"
    )
}

const PART: &str = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";

/// Goal: calling itself a form with files gives a body no more time where no files are taken, and
/// where they are it must keep coming. Method: half a body, then nothing; a form has a second, and
/// an upload a second's pause, while both may take an hour in all.
#[tokio::test]
async fn a_body_is_as_patient_as_its_route_and_not_as_its_type() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.limits.body_seconds_max = 1;
        config.limits.upload_pause_seconds_max = 1;
        config.limits.upload_seconds_max = 3600;
    })
    .await;
    let served = house.serve();
    let address = served.base_url.trim_start_matches("http://").to_owned();
    for path in [
        "/login",
        "/password/reset",
        "/s",
        "/verify",
        "/api/v1/verify",
    ] {
        let address = address.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let mut stream = converse(&address, &multipart_head(&address, path), PART)?;
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            std::io::Result::Ok(answer)
        });
        let answer = asked.await.expect("done").expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
    }
    served.stop().await;
    house.close().await;
}

/// Goal: who sends slowly takes no seat from others, and an address has only half of them. Method:
/// as many uploads as an address may have, begun and left; once they are taken up, the same address
/// is refused, and somebody from elsewhere is answered at once.
#[tokio::test]
async fn slow_uploads_take_no_seat_from_others() {
    let house = TestApp::start_with(&Backend::single(), |config| {
        config.server.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
        config.limits.verify_parallel_max = 1;
        // Those that are held stay held, however slow the machine is.
        config.limits.upload_pause_seconds_max = 3600;
        config.rate_limits.verify_per_minute = 1_000;
    })
    .await;
    let served = house.serve();
    let address = served.base_url.trim_start_matches("http://").to_owned();
    let head = multipart_head(&address, "/api/v1/verify");
    let mut held = [(); 2].map(|()| converse(&address, &head, PART).expect("begun"));
    let ask = async |from: &str| {
        let asked = reqwest::Client::new()
            .post(served.url("/api/v1/verify"))
            .header("X-Forwarded-For", from)
            .header("Content-Type", "multipart/form-data; boundary=b")
            .body(format!("{PART}Hello\r\n--b--\r\n"));
        asked.send().await.expect("an answer").status().as_u16()
    };
    let mut tries = 0;
    while ask("127.0.0.1").await == 200 {
        tries += 1;
        assert!(tries < 500, "the address has more than its half");
        // It came while a question held the place that was meant for it: once more.
        for one in held.iter_mut().filter(|one| is_answered(one)) {
            *one = converse(&address, &head, PART).expect("begun");
        }
    }
    assert_eq!(ask("127.0.0.1").await, 429);
    for _ in 0..5 {
        assert_eq!(ask("203.0.113.5").await, 200);
    }
    drop(held);
    served.stop().await;
    house.close().await;
}
