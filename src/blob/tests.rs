//! The same contract against the embedded service and, when `CHANCERY_TEST_S3` names one, a server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use tempfile::TempDir;

struct Storage {
    blobs: Blobs,
    folder: TempDir,
    settings: config::Blobs,
}

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

fn settings(folder: &TempDir) -> config::Blobs {
    let mut config = config::load(None, Vec::new()).expect("defaults");
    config.blobs.directory = folder.path().join("blobs");
    config.blobs.object_bytes_max = 4 * 1024 * 1024;
    config.blobs
}

async fn storages() -> Vec<Storage> {
    let folder = TempDir::new().expect("a folder");
    let settings = settings(&folder);
    let blobs = Blobs::open(&settings, "secret").await.expect("opened");
    let mut all = vec![Storage {
        blobs,
        folder,
        settings: settings.clone(),
    }];
    match setting("CHANCERY_TEST_S3") {
        Some(endpoint) => {
            let settings = config::Blobs {
                endpoint,
                access_key: "chancery-test".to_owned(),
                secret_key: config::Secret::new("chancery-test-secret".to_owned()),
                ..settings
            };
            let made = client::to_server(&settings);
            // The bucket may be there from another test.
            let _ = made.create_bucket().bucket(&settings.bucket).send().await;
            let blobs = Blobs::open(&settings, "secret").await.expect("a server");
            let folder = TempDir::new().expect("a folder");
            all.push(Storage {
                blobs,
                folder,
                settings,
            });
        }
        None => {
            let required = setting("CHANCERY_REQUIRE").is_some_and(|level| level == "all");
            assert!(
                !required,
                "CHANCERY_REQUIRE=all, but CHANCERY_TEST_S3 is not set"
            );
        }
    }
    all
}

fn somebody() -> OrganisationId {
    crate::entropy::id(chancery_types::Instant::from_micros(0)).into()
}

fn bytes(text: &'static str) -> (Digest, BlobSource) {
    let source = BlobSource::Bytes(Bytes::from_static(text.as_bytes()));
    (Digest::of(text.as_bytes()), source)
}

#[tokio::test]
async fn what_is_put_comes_back_and_is_put_once() {
    for Storage { blobs, folder, .. } in storages().await {
        let (ours, theirs) = (somebody(), somebody());
        let (digest, source) = bytes("Договор № 17");
        let put = blobs.put(ours, &digest, source.clone(), "text/plain").await;
        assert_eq!(put.expect("put"), Stored::New);
        let path = folder.path().join("source");
        std::fs::write(&path, "Договор № 17").expect("written");
        let again = blobs.put(ours, &digest, BlobSource::File(path), "text/plain");
        assert_eq!(again.await.expect("put"), Stored::AlreadyThere);
        let read = blobs.get(ours, &digest).await.expect("read");
        assert_eq!(read, "Договор № 17");
        assert!(blobs.exists(ours, &digest).await.expect("asked"));
        assert!(!blobs.exists(theirs, &digest).await.expect("asked"));
        let absent = blobs.get(theirs, &digest).await;
        assert!(matches!(absent, Err(BlobError::Absent { .. })));
        blobs.delete(ours, &digest).await.expect("deleted");
        assert!(!blobs.exists(ours, &digest).await.expect("asked"));
    }
}

#[tokio::test]
async fn a_file_larger_than_a_chunk_streams_out_and_in() {
    for Storage { blobs, folder, .. } in storages().await {
        let ours = somebody();
        let content: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
        let digest = Digest::of(&content);
        let path = folder.path().join("large");
        std::fs::write(&path, &content).expect("written");
        let put = blobs.put(ours, &digest, BlobSource::File(path), "application/pdf");
        assert_eq!(put.await.expect("put"), Stored::New);
        let target = folder.path().join("back");
        let size = blobs.get_to_file(ours, &digest, &target).await;
        assert_eq!(size.expect("read"), 1_000_000);
        assert_eq!(std::fs::read(&target).expect("read"), content);
    }
}

#[tokio::test]
async fn bytes_of_another_digest_and_too_many_bytes_are_not_kept() {
    for Storage { blobs, .. } in storages().await {
        let ours = somebody();
        let (digest, _) = bytes("one thing");
        let (_, other) = bytes("another thing");
        let put = blobs.put(ours, &digest, other, "text/plain").await;
        assert!(matches!(put, Err(BlobError::WrongDigest { .. })));
        assert!(!blobs.exists(ours, &digest).await.expect("asked"));
        let large = Bytes::from(vec![7; 5 * 1024 * 1024]);
        let digest = Digest::of(&large);
        let put = blobs.put(ours, &digest, BlobSource::Bytes(large), "text/plain");
        assert!(matches!(put.await, Err(BlobError::TooLarge { .. })));
    }
}

#[tokio::test]
async fn of_racing_puts_exactly_one_is_new() {
    for Storage { blobs, .. } in storages().await {
        let ours = somebody();
        let (digest, source) = bytes("raced for");
        let racers = (0..16).map(|_| blobs.put(ours, &digest, source.clone(), "text/plain"));
        let answers = futures::future::join_all(racers).await;
        let new = answers
            .iter()
            .filter(|answer| matches!(answer, Ok(Stored::New)))
            .count();
        assert_eq!(new, 1, "{answers:?}");
    }
}

#[tokio::test]
async fn a_sweep_lists_the_digests_of_one_organisation_in_order() {
    for Storage { blobs, .. } in storages().await {
        let (ours, theirs) = (somebody(), somebody());
        let mut expected = Vec::new();
        for text in ["a", "b", "c"] {
            let (digest, source) = bytes(text);
            let put = blobs.put(ours, &digest, source, "text/plain").await;
            put.expect("put");
            expected.push(digest);
        }
        let (digest, source) = bytes("d");
        let put = blobs.put(theirs, &digest, source, "text/plain").await;
        put.expect("put");
        expected.sort();
        assert_eq!(blobs.list(ours, None).await.expect("listed"), expected);
        let rest = blobs.list(ours, expected.first()).await.expect("listed");
        assert_eq!(rest, expected[1..]);
    }
}

fn stored_files(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(stored_files(&path));
        } else if path.extension().is_some_and(|end| end == "blob") {
            found.push(path);
        }
    }
    found
}

/// Goal: damage on the disk is never served. Method: flip a byte; cut the file; stream to its end.
#[tokio::test]
async fn damaged_bytes_are_an_error_on_every_way_of_reading() {
    let Storage {
        blobs,
        settings,
        folder,
    } = storages().await.remove(0);
    let ours = somebody();
    let (digest, source) = bytes("intact content");
    let put = blobs.put(ours, &digest, source.clone(), "text/plain").await;
    put.expect("put");
    let file = stored_files(&settings.directory).remove(0);
    for damage in [&b"intact-content"[..], b"intact"] {
        std::fs::write(&file, damage).expect("damaged");
        let read = blobs.get(ours, &digest).await;
        assert!(matches!(read, Err(BlobError::Damaged { .. })));
        let target = folder.path().join("target");
        let read = blobs.get_to_file(ours, &digest, &target).await;
        assert!(matches!(read, Err(BlobError::Damaged { .. })));
        assert!(!target.exists(), "half an object stayed");
    }
    let again = blobs.put(ours, &digest, source, "text/plain").await;
    assert!(matches!(again, Err(BlobError::Damaged { .. })), "its size");
}

/// Goal: a crash between publishing the bytes and what stands beside them loses nothing.
#[tokio::test]
async fn an_object_without_its_meta_file_is_still_an_object() {
    let Storage {
        blobs,
        settings,
        folder: _kept,
    } = storages().await.remove(0);
    let ours = somebody();
    let (digest, source) = bytes("survivor");
    let put = blobs.put(ours, &digest, source.clone(), "text/plain").await;
    put.expect("put");
    let file = stored_files(&settings.directory).remove(0);
    std::fs::remove_file(file.with_extension("meta")).expect("removed");
    assert_eq!(blobs.get(ours, &digest).await.expect("read"), "survivor");
    let again = blobs.put(ours, &digest, source, "text/plain").await;
    assert_eq!(again.expect("put"), Stored::AlreadyThere);
}

#[tokio::test]
async fn parts_become_one_object_and_foreign_parts_are_refused() {
    let Storage {
        blobs,
        folder: _kept,
        ..
    } = storages().await.remove(0);
    let client = &blobs.client;
    let made = client
        .create_multipart_upload()
        .bucket("chancery")
        .key("a/../b")
        .send()
        .await
        .expect("begun");
    let id = made.upload_id().expect("an id");
    let part = client.upload_part().bucket("chancery").key("a/../b");
    let part = part.upload_id(id).part_number(1);
    let part = part.body(ByteStream::from_static(b"part one"));
    let part = part.send().await.expect("uploaded");
    let complete = |tag: &str| {
        let part = aws_sdk_s3::types::CompletedPart::builder();
        let part = part.part_number(1).e_tag(tag).build();
        let upload = aws_sdk_s3::types::CompletedMultipartUpload::builder();
        let completed = client.complete_multipart_upload().bucket("chancery");
        let completed = completed.key("a/../b").upload_id(id);
        completed
            .multipart_upload(upload.parts(part).build())
            .send()
    };
    complete("\"../../x\"").await.expect_err("a foreign part");
    let tag = part.e_tag().expect("a tag").to_owned();
    complete(&tag).await.expect("completed");
    let read = client.get_object().bucket("chancery").key("a/../b");
    let read = read.send().await.expect("read");
    let read = read.body.collect().await.expect("read").into_bytes();
    assert_eq!(read, "part one");
}

#[tokio::test]
async fn the_embedded_service_honours_all_and_leaves_no_probe_behind() {
    let Storage {
        blobs,
        settings,
        folder: _kept,
    } = storages().await.remove(0);
    let report = blobs.probe("x").await.expect("probed");
    assert!(report.is_complete(), "{report}");
    assert!(stored_files(&settings.directory).is_empty());
}

#[tokio::test]
async fn a_server_is_probed_and_its_gaps_are_told() {
    for Storage { blobs, .. } in storages().await.drain(1..) {
        let name = somebody().to_string();
        let report = blobs.probe(&name).await.expect("probed");
        assert_eq!(report.range, Honoured::Yes, "{report}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_in_one_line() {
    let folder = TempDir::new().expect("a folder");
    let settings = config::Blobs {
        endpoint: "http://127.0.0.1:1".to_owned(),
        access_key: "a".to_owned(),
        ..settings(&folder)
    };
    let error = Blobs::open(&settings, "x").await.expect_err("nobody there");
    let text = error.to_string();
    assert!(text.starts_with("blobs.endpoint does not answer"), "{text}");
    assert!(text.contains("Connection refused"), "{text}");
    assert!(!text.contains('\n'), "{text}");
}

/// A server that has a bucket and nothing in it, and answers every put by 409; counts the puts.
async fn refusing() -> (String, Arc<AtomicUsize>) {
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("its address");
    let puts = Arc::new(AtomicUsize::new(0));
    let counted = puts.clone();
    let answer_one = |stream: tokio::net::TcpStream, counted: Arc<AtomicUsize>| async move {
        let mut stream = BufReader::new(stream);
        let (mut first, mut length) = (String::new(), 0_u64);
        stream.read_line(&mut first).await?;
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await?;
            if line.trim().is_empty() {
                break;
            }
            let line = line.to_lowercase();
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse().unwrap_or(0);
            }
        }
        let mut body = Vec::new();
        (&mut stream).take(length).read_to_end(&mut body).await?;
        let is_bucket =
            first.matches('/').count() == 2 + usize::from(first.contains("/chancery/ "));
        let status = if first.starts_with("PUT") {
            counted.fetch_add(1, Ordering::SeqCst);
            "409 Conflict"
        } else if is_bucket {
            "200 OK"
        } else {
            "404 Not Found"
        };
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).await
    };
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_one(stream, counted.clone()));
        }
    });
    (format!("http://{address}"), puts)
}

/// Goal: a refusal without an object is no damage: it is tried again, and then it may pass later.
#[tokio::test]
async fn a_conflict_without_an_object_is_put_again_and_is_no_damage() {
    let (endpoint, puts) = refusing().await;
    let folder = TempDir::new().expect("a folder");
    let settings = config::Blobs {
        endpoint,
        access_key: "a".to_owned(),
        secret_key: config::Secret::new("b".to_owned()),
        ..settings(&folder)
    };
    let blobs = Blobs::open(&settings, "x").await.expect("a bucket");
    let (digest, source) = bytes("contested");
    let put = blobs.put(somebody(), &digest, source, "text/plain").await;
    assert!(matches!(put, Err(BlobError::Unavailable { .. })), "{put:?}");
    assert_eq!(puts.load(Ordering::SeqCst), 2);
}
