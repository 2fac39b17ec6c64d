//! More than is wanted: endless bodies, ten thousand parts, an upload that never ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use chancery::app::App;
use chancery::app::tokens::Scope;
use chancery::clock::Clock;
use futures::{Stream, StreamExt as _};
use reqwest::{Body, Client, RequestBuilder};

use super::door::{Door, answer};
use crate::crash::server::Server;
use crate::support::{Backend, TestApp, Traces, pdfs};

const TWO_GIGABYTES: u64 = 2_000_000_000;
const CHUNK_BYTES: usize = 64 * 1024;
/// What the server may take of an endless body: what it throws away so that its answer arrives, and
/// what lies in the buffers of two sockets.
const TAKEN_BYTES_MAX: u64 = 200_000_000;
/// What the process may grow by meanwhile.
const GROWTH_KILOBYTES_MAX: u64 = 64 * 1024;
const MULTIPART: &str = "multipart/form-data; boundary=b";

/// A body of two gigabytes that begins with `head` and goes on with `fill`, made as it is sent;
/// counted in `sent`.
fn endless(
    head: String,
    fill: &[u8],
    sent: &Arc<AtomicU64>,
) -> impl Stream<Item = std::io::Result<Bytes>> + use<> {
    let chunk = Bytes::from(fill.repeat(CHUNK_BYTES / fill.len()));
    let count = usize::try_from(TWO_GIGABYTES).expect("64 bits") / chunk.len();
    let sent = sent.clone();
    futures::stream::iter([Bytes::from(head)])
        .chain(futures::stream::repeat(chunk).take(count))
        .map(move |chunk| {
            sent.fetch_add(chunk.len() as u64, Ordering::SeqCst);
            Ok(chunk)
        })
}

fn part(field: &str, name: Option<&str>) -> String {
    let name = name
        .map(|name| format!("; filename=\"{name}\""))
        .unwrap_or_default();
    format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"{name}\r\n\r\n")
}

/// The most memory that a process has had, in kilobytes.
fn peak_kilobytes(process: u32) -> u64 {
    let told = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line
        .expect("a peak")
        .split_whitespace()
        .next()
        .expect("a number");
    number.parse().expect("kilobytes")
}

/// One endless body: where it goes, what it begins and goes on with.
struct Flood {
    path: &'static str,
    media_type: &'static str,
    head: String,
    fill: &'static [u8],
}

fn floods() -> Vec<Flood> {
    let flood = |path, media_type, head, fill| Flood {
        path,
        media_type,
        head,
        fill,
    };
    let json = "application/json";
    let nameless = format!("{}\r\n", part("main", Some("")));
    let lying = format!("{}\r\n", part("main", Some("a\u{202e}b.pdf")));
    vec![
        flood(
            "/api/v1/documents",
            MULTIPART,
            part("main", Some("a.pdf")),
            b"x",
        ),
        flood("/api/v1/documents", MULTIPART, part("title", None), b"x"),
        flood(
            "/api/v1/documents",
            MULTIPART,
            "--b\r\nX: ".to_owned(),
            b"x",
        ),
        flood(
            "/api/v1/documents",
            MULTIPART,
            String::new(),
            nameless.into_bytes().leak(),
        ),
        flood(
            "/api/v1/documents",
            MULTIPART,
            String::new(),
            lying.into_bytes().leak(),
        ),
        flood(
            "/api/v1/verify",
            MULTIPART,
            part("file", Some("a.pdf")),
            b"x",
        ),
        flood("/api/v1/people", json, "{\"name\":\"".to_owned(), b"x"),
        flood(
            "/login",
            "application/x-www-form-urlencoded",
            "login=".to_owned(),
            b"x",
        ),
    ]
}

/// Goal: no body of two gigabytes is read to its end, kept, or held in memory, whatever it is made
/// of. Method: a server of its own, whose peak of memory and whose folder for temporary files are
/// looked at; the limits of files are a million bytes, so that anything kept would show.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gigabytes_are_cut_without_memory_or_files() {
    let app = TestApp::start(&Backend::single()).await;
    let today = App {
        clock: Clock::System,
        ..app.app.clone()
    };
    let token = today
        .create_token(&app.actor("initiator"), "flood", Scope::Write, 2)
        .await;
    let token = token.expect("a token").secret;
    let temporary = tempfile::tempdir().expect("a folder");
    let limits = [
        ("CHANCERY__LIMITS__UPLOAD_BYTES_MAX", "1000000"),
        ("CHANCERY__LIMITS__VERIFY_BYTES_MAX", "1000000"),
    ];
    let server = Server::start_with(&app, temporary.path(), None, &limits);
    let client = Client::new();
    let ready = client.get(format!("{}/readyz", server.base_url));
    assert_eq!(answer(ready).await.0, 200);
    let before = (Traces::of(&app).await, peak_kilobytes(server.process_id()));
    for flood in floods() {
        let sent = Arc::new(AtomicU64::new(0));
        let body = endless(flood.head.clone(), flood.fill, &sent);
        let request: RequestBuilder = client
            .post(format!("{}{}", server.base_url, flood.path))
            .bearer_auth(&token)
            .header("Idempotency-Key", chancery::entropy::secret())
            .header("Content-Type", flood.media_type)
            .body(Body::wrap_stream(body));
        // The server may close before the client has read its answer.
        let status = request.send().await.map(|answer| answer.status().as_u16());
        let start: String = flood.head.chars().take(60).collect();
        let what = format!("{} {start:?}: {status:?}", flood.path);
        if let Ok(status) = status {
            assert!(matches!(status, 400 | 413 | 422), "{what}");
        }
        let sent = sent.load(Ordering::SeqCst);
        assert!(sent < TAKEN_BYTES_MAX, "{what}: {sent} bytes were taken");
        let left = crate::support::files_beneath(temporary.path().to_owned());
        assert_eq!(left, 0, "{what}: temporary files");
        let growth = peak_kilobytes(server.process_id()) - before.1;
        assert!(growth < GROWTH_KILOBYTES_MAX, "{what}: {growth} kB more");
    }
    // The hour may have struck: its rows are those of the schedule and of no request.
    const SCHEDULE: [&str; 2] = ["jobs", "revocation_lists"];
    let after = Traces::of(&app).await.without(&SCHEDULE);
    assert_eq!(after, before.0.without(&SCHEDULE));
    let ready = client.get(format!("{}/readyz", server.base_url));
    assert_eq!(answer(ready).await.0, 200, "it serves on");
    server.kill();
    app.close().await;
}

fn many(count: usize, field: &str, name: Option<&str>, content: &str) -> String {
    let kind = format!("{}contract\r\n", part("kind", None));
    let one = format!("{}{content}\r\n", part(field, name));
    kind + &one.repeat(count) + "--b--\r\n"
}

/// Goal: ten thousand parts are refused in words, whatever they are, and leave nothing.
#[tokio::test]
async fn ten_thousand_parts_are_refused_in_words() {
    let app = TestApp::single().await;
    let door = Door::of(&app, &app.vector).await;
    let before = Traces::of(&app).await;
    let text = "Присланный текст больше, чем принимает эта страница. Сократите его.";
    let files = "Приложений больше 20. Уберите лишние или соедините их в один файл.";
    let cases = [
        (many(10_000, "card.x", None, "1"), 413, text),
        (many(10_000, "attachments", Some("a.txt"), "1"), 422, files),
        (
            many(10_000, "attachments", Some("a\u{202e}.txt"), "1"),
            422,
            files,
        ),
        (many(10_000, "attachments", Some(""), ""), 422, ""),
    ];
    for (body, expected, words) in cases {
        let start: String = body.chars().skip(60).take(100).collect();
        let request = door.post_call("/api/v1/documents");
        let request = request.header("Content-Type", MULTIPART).body(body.clone());
        let (status, problem) = answer(request).await;
        assert_eq!(status, expected, "{start}: {problem}");
        assert!(problem.contains(words), "{start}: {problem}");
        let first = format!("{}{}\r\n", part("_csrf", None), door.csrf);
        let kind = format!("{}contract\r\n", part("kind", None));
        let request = door
            .post_page("/documents")
            .header("Content-Type", MULTIPART);
        let (status, page) = answer(request.body(first + &kind + &body)).await;
        assert_eq!(status, expected, "{start}: {page}");
        assert!(page.contains(words), "{start}: {page}");
        assert_eq!(Traces::of(&app).await, before, "{start}");
    }
    door.served.stop().await;
    app.close().await;
}

/// Goal: an upload that stops half way is given up with words, and leaves nothing. Method: no time
/// is allowed at all, and a body that never goes on; nothing is waited for.
#[tokio::test]
async fn an_upload_that_stops_is_given_up() {
    let app = TestApp::start_with(&Backend::single(), |config| {
        config.limits.upload_seconds_max = 0;
    })
    .await;
    let door = Door::of(&app, &app.vector).await;
    let before = Traces::of(&app).await;
    for path in [
        "/api/v1/documents",
        "/api/v1/verify",
        "/documents",
        "/verify",
    ] {
        let is_page = !path.starts_with("/api");
        let token = format!("{}{}\r\n", part("_csrf", None), door.csrf);
        let file = pdfs::contract("медленно");
        let head = [
            token.as_bytes(),
            part("main", Some("a.pdf")).as_bytes(),
            &file,
        ]
        .concat();
        let begun = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(head))]);
        let body = begun.chain(futures::stream::pending());
        let request = if is_page {
            door.post_page(path)
        } else {
            door.post_call(path)
        };
        let request = request.header("Content-Type", MULTIPART);
        let (status, words) = answer(request.body(Body::wrap_stream(body))).await;
        assert_eq!(status, 408, "{path}: {words}");
        assert!(
            words.contains("Мы не дождались файла целиком."),
            "{path}: {words}"
        );
        assert_eq!(Traces::of(&app).await, before, "{path}");
    }
    door.served.stop().await;
    app.close().await;
}
