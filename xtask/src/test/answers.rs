//! That the servers of a run are what the tests take them for: each is spoken to in its protocol.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// The variable's value; without it the test has nothing to do, unless everything is required.
fn given(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    let required = std::env::var("CHANCERY_REQUIRE").is_ok_and(|value| value == "all");
    assert!(
        value.is_some() || !required,
        "CHANCERY_REQUIRE=all and {name} is not set"
    );
    value
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream
}

/// Asks, and reads until the answer holds `expected` or ends: a driver keeps the connection open.
fn answer_with(url: &str, path: &str, expected: &str) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = connect(host);
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let (mut answer, mut part) = (String::new(), [0; 1024]);
    while !answer.contains(expected) {
        match stream.read(&mut part) {
            Ok(count) if count > 0 => answer += &String::from_utf8_lossy(&part[..count]),
            Ok(_) | Err(_) => break,
        }
    }
    answer
}

#[test]
fn postgres_answers_in_its_protocol() {
    let Some(url) = given("CHANCERY_TEST_POSTGRES") else {
        return;
    };
    let address = url.split(['@', '/']).nth(3).unwrap();
    let mut stream = connect(address);
    // SSLRequest: its length and its code; the answer is one letter (PostgreSQL manual, 54.2.10).
    stream
        .write_all(&[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])
        .unwrap();
    let mut letter = [0];
    stream.read_exact(&mut letter).unwrap();
    assert!(letter == *b"N" || letter == *b"S", "{letter:?}");
}

#[test]
fn the_s3_server_lists_buckets() {
    let Some(url) = given("CHANCERY_TEST_S3") else {
        return;
    };
    let answer = answer_with(&url, "/", "ListAllMyBuckets");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("ListAllMyBuckets"),
        "{answer}"
    );
}

#[test]
fn the_browser_s_driver_is_ready() {
    let Some(url) = given("CHANCERY_TEST_CHROMEDRIVER") else {
        return;
    };
    let answer = answer_with(&url, "/status", "\"ready\":true");
    assert!(answer.contains("\"ready\":true"), "{answer}");
}

#[test]
fn a_mail_is_kept_when_it_is_accepted_and_refused_by_its_recipient() {
    let Some(address) = given("CHANCERY_TEST_SMTP") else {
        return;
    };
    let folder = given("CHANCERY_TEST_SMTP_DIR").unwrap();
    let mut stream = connect(&address);
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut answer = || lines.next().unwrap().unwrap();
    assert!(answer().starts_with("220 "));
    let mark = format!("mark-{}", std::process::id());
    for (said, expected) in [
        ("HELO localhost", "250 "),
        ("MAIL FROM:<sender@chancery.test>", "250 "),
        ("RCPT TO:<tempfail@chancery.test>", "451 "),
        ("RCPT TO:<permfail@chancery.test>", "550 "),
        ("RCPT TO:<reader@chancery.test>", "250 "),
        ("DATA", "354 "),
        (&format!("Subject: {mark}\r\n\r\nhello\r\n."), "250 "),
        ("QUIT", "221 "),
    ] {
        write!(stream, "{said}\r\n").unwrap();
        let answered = answer();
        assert!(answered.starts_with(expected), "{said}: {answered}");
    }
    let mails = std::fs::read_dir(format!("{folder}/new"))
        .unwrap()
        .flatten();
    let kept = mails.filter_map(|mail| std::fs::read_to_string(mail.path()).ok());
    let kept: Vec<String> = kept.filter(|text| text.contains(&mark)).collect();
    assert_eq!(kept.len(), 1);
    assert!(
        kept[0].contains("X-Envelope-To: reader@chancery.test\r\n"),
        "{}",
        kept[0]
    );
}
