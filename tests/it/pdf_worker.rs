//! The worker's process from outside: what it is given, what it survives, what it says.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use bytes::Bytes;
use chancery::clock::Stopwatch;
use chancery::pdf_worker::{DPI, OpenFile, PdfWorker, Whose, WorkerError, WorkerSettings};
use chancery_types::Digest;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::pdfs;

const PROGRAM: &str = env!("CARGO_BIN_EXE_chancery");

fn worker(memory_bytes_max: u64, cpu_seconds_max: u64) -> PdfWorker {
    worker_of(PathBuf::from(PROGRAM), memory_bytes_max, cpu_seconds_max)
}

fn worker_of(program: PathBuf, memory_bytes_max: u64, cpu_seconds_max: u64) -> PdfWorker {
    PdfWorker::new(WorkerSettings {
        program: Some(program),
        memory_bytes_max,
        cpu_seconds_max,
        processes_max: 2,
        upload_bytes_max: 10_000_000,
    })
}

const GIGABYTE: u64 = 1 << 30;

/// A file of an owner of its own.
fn whose(bytes: &[u8], owner: u128) -> Whose {
    Whose {
        owner: Uuid::from_u128(owner),
        file: Digest::of(bytes),
    }
}

async fn open(worker: &PdfWorker, bytes: Bytes) -> Result<OpenFile, WorkerError> {
    worker.place(whose(&bytes, 1)).await?.open(bytes)
}

async fn open_behind(worker: &PdfWorker, bytes: Bytes) -> Result<OpenFile, WorkerError> {
    let place = worker.place_behind_readers(whose(&bytes, 2)).await?;
    place.open(bytes)
}

/// A file whose one object stream holds an array of `count` zeros.
fn bomb(count: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(b"4 0 [").expect("packed");
    let zeros = b"0 ".repeat(100_000);
    for _ in 0..count / 100_000 {
        packed.write_all(&zeros).expect("packed");
    }
    packed.write_all(b"]").expect("packed");
    let packed = packed.finish().expect("packed");
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut offsets = Vec::new();
    let objects: [(&str, &[u8]); 3] = [
        ("<</Type/Catalog/Pages 2 0 R>>", b""),
        ("<</Type/Pages/Kids[3 0 R]/Count 1>>", b""),
        ("<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]>>", b""),
    ];
    for (index, (text, _)) in objects.iter().enumerate() {
        offsets.push(file.len());
        writeln!(file, "{} 0 obj{text}endobj", index + 1).expect("written");
    }
    offsets.push(file.len());
    let head = "/Type/ObjStm/N 1/First 4/Filter/FlateDecode";
    writeln!(file, "5 0 obj<<{head}/Length {}>>stream", packed.len()).expect("written");
    file.extend(&packed);
    file.extend(b"\nendstream endobj\n");
    let table = file.len();
    let mut entries = vec![0, 0, 0, 0, 0, 255];
    let direct = |offset: usize| {
        let place = u32::try_from(offset).expect("small").to_be_bytes();
        [&[1], &place[..], &[0]].concat()
    };
    for offset in &offsets[..3] {
        entries.extend(direct(*offset));
    }
    entries.extend([2, 0, 0, 0, 5, 0]);
    entries.extend(direct(offsets[3]));
    entries.extend(direct(table));
    let length = entries.len();
    writeln!(
        file,
        "6 0 obj<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length {length}>>stream"
    )
    .expect("written");
    file.extend(entries);
    write!(file, "\nendstream endobj\nstartxref\n{table}\n%%EOF\n").expect("written");
    file
}

#[tokio::test]
async fn a_page_comes_back_as_an_image_and_as_text() {
    let worker = worker(GIGABYTE, 30);
    let file = pdfs::with_lines(&[&["Договор поставки № 17", "ещё ёлки"], &["Страница вторая"]]);
    let mut file = open(&worker, Bytes::from(file)).await.expect("a place");
    assert_eq!(file.pages_count().await, Ok(2));
    let text = file.text(0).await.expect("text");
    assert_eq!(text.text, "Договор поставки № 17\nещё ёлки");
    assert_eq!(text.words.len(), 6);
    let first = &text.words[0];
    assert_eq!(first.text, "Договор");
    assert!(first.left > 0.0 && first.right > first.left && first.bottom > first.top);
    let image = file.render(1, DPI).await.expect("an image");
    assert!((900..=920).contains(&image.width), "{}", image.width);
    assert!(image.png.starts_with(b"\x89PNG"));
    assert_eq!(file.render(2, DPI).await, Err(WorkerError::NoSuchPage));
    assert_eq!(file.render(0, 9_999).await, Err(WorkerError::Unsupported));
    assert_eq!(file.text(1).await.expect("text").text, "Страница вторая");
}

#[tokio::test]
async fn the_process_has_no_environment_and_three_descriptors() {
    let worker = worker(GIGABYTE, 30);
    let file = pdfs::with_lines(&[&["x"]]);
    let mut file = open(&worker, Bytes::from(file)).await.expect("a place");
    assert_eq!(file.pages_count().await, Ok(1));
    let process = format!("/proc/{}", file.process_id().expect("it runs"));
    let environment = std::fs::read(format!("{process}/environ")).expect("readable");
    assert!(environment.is_empty());
    let descriptors = std::fs::read_dir(format!("{process}/fd"))
        .expect("readable")
        .count();
    assert_eq!(descriptors, 3);
    let limits = std::fs::read_to_string(format!("{process}/limits")).expect("readable");
    let of = |name: &str| {
        let line = limits
            .lines()
            .find(|line| line.starts_with(name))
            .expect("the limit");
        line[name.len()..]
            .split_whitespace()
            .next()
            .expect("a number")
            .to_owned()
    };
    assert_eq!(of("Max address space"), GIGABYTE.to_string());
    assert_eq!(of("Max core file size"), "0");
    assert_eq!(of("Max file size"), "0");
    assert_eq!(of("Max open files"), "16");
}

#[tokio::test]
async fn a_bomb_ends_its_own_process_and_the_next_question_is_answered() {
    let worker = worker(512 << 20, 60);
    let mut file = open(&worker, Bytes::from(bomb(20_000_000)))
        .await
        .expect("a place");
    assert_eq!(file.pages_count().await, Ok(1));
    assert_eq!(file.repair().await, Err(WorkerError::TooLarge));
    assert_eq!(file.process_id(), None);
    assert_eq!(file.pages_count().await, Ok(1));
    drop(file);
    let mut good = open(&worker, Bytes::from(pdfs::with_lines(&[&["a"]])))
        .await
        .expect("a place");
    assert_eq!(good.pages_count().await, Ok(1));
}

#[tokio::test]
async fn too_long_a_computation_is_ended() {
    let worker = worker(4 * GIGABYTE, 1);
    let mut file = open(&worker, Bytes::from(bomb(30_000_000)))
        .await
        .expect("a place");
    assert_eq!(file.repair().await, Err(WorkerError::TimedOut));
}

#[tokio::test]
async fn what_is_no_pdf_is_damaged_and_what_is_too_large_is_not_even_sent() {
    let worker = worker(GIGABYTE, 30);
    let mut page = open(&worker, Bytes::from_static(b"<html>"))
        .await
        .expect("a place");
    assert_eq!(page.pages_count().await, Err(WorkerError::Damaged));
    assert_eq!(page.repair().await, Err(WorkerError::Damaged));
    drop(page);
    let large = Bytes::from(vec![0; 50_000_000]);
    assert_eq!(
        open(&worker, large).await.err(),
        Some(WorkerError::TooLarge)
    );
}

#[tokio::test]
async fn a_file_with_a_lying_table_is_rewritten_honestly() {
    let honest = pdfs::with_lines(&[&["Договор"], &["Приложение"]]);
    let lying = pdfs::with_wrong_table(&honest);
    let worker = worker(GIGABYTE, 30);
    let limits = chancery_pdf::Limits::default();
    let policy = chancery_pdf::IntakePolicy::default();
    let refused = chancery_pdf::intake::examine(&lying, &limits, &policy).expect_err("it lies");
    assert_eq!(refused.code(), "table_dishonest");
    let mut file = open(&worker, Bytes::from(lying)).await.expect("a place");
    let repaired = file.repair().await.expect("a rewritten file");
    let intake = chancery_pdf::intake::examine(&repaired, &limits, &policy).expect("honest");
    assert_eq!(intake.pages, 2);
}

/// A program of these lines of shell. Another process writes it: a program that this one had open
/// could not be started while a test beside this one forks.
fn script(folder: &TempDir, lines: &str) -> PathBuf {
    let path = folder.path().join("worker");
    let written = Command::new("/bin/sh")
        .args([
            "-c",
            "printf '#!/bin/sh\\n%s\\n' \"$1\" >\"$2\" && chmod +x \"$2\"",
            "sh",
            lines,
        ])
        .arg(&path)
        .status();
    assert!(written.expect("a shell runs").success());
    path
}

/// Goal: an abort is called what it is. Method: programs that abort and say why, as Rust's runtime
/// does, or say nothing; the last one says more than a pipe holds.
#[tokio::test]
async fn an_abort_is_too_large_only_for_want_of_memory() {
    let cases = [
        (
            "echo 'memory allocation of 17179869184 bytes failed' >&2; kill -ABRT $$",
            WorkerError::TooLarge,
        ),
        (
            "echo \"thread 'main' has overflowed its stack\" >&2; kill -ABRT $$",
            WorkerError::Crashed,
        ),
        ("kill -ABRT $$", WorkerError::Crashed),
        ("kill -SEGV $$", WorkerError::Crashed),
        ("exit 101", WorkerError::Crashed),
        (
            "yes words | head -c 1000000 >&2; \
             echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$",
            WorkerError::TooLarge,
        ),
    ];
    for (lines, expected) in cases {
        let folder = TempDir::new().expect("a folder");
        let lines = format!("PATH=/usr/bin:/bin; {lines}");
        let worker = worker_of(script(&folder, &lines), GIGABYTE, 30);
        let mut file = open(&worker, Bytes::from_static(b"x"))
            .await
            .expect("a place");
        assert_eq!(file.pages_count().await, Err(expected), "{lines}");
        assert_eq!(file.process_id(), None, "{lines}");
    }
}

/// Goal: what our own parent left open is closed before a byte of the file is read. Method: the
/// worker is started by a shell that opens two descriptors more.
#[tokio::test]
async fn an_inherited_descriptor_is_closed() {
    let folder = TempDir::new().expect("a folder");
    let lines = format!("exec 7</etc/passwd 9</etc/hostname\nexec {PROGRAM} \"$@\"");
    let worker = worker_of(script(&folder, &lines), GIGABYTE, 30);
    let file = Bytes::from(pdfs::with_lines(&[&["x"]]));
    let mut file = open(&worker, file).await.expect("a place");
    assert_eq!(file.pages_count().await, Ok(1));
    let process = file.process_id().expect("it runs");
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).expect("readable");
    assert_eq!(open.count(), 3);
}

/// Goal: a process that was killed from outside costs one answer, and the next one comes from a
/// fresh process with the same limits.
#[tokio::test]
async fn after_a_kill_a_fresh_process_answers() {
    let worker = worker(GIGABYTE, 30);
    let file = Bytes::from(pdfs::with_lines(&[&["a"]]));
    let mut file = open(&worker, file).await.expect("a place");
    assert_eq!(file.pages_count().await, Ok(1));
    let first = file.process_id().expect("it runs");
    let mut kill = Command::new("kill");
    let killed = kill.args(["-KILL", &first.to_string()]).status();
    assert!(killed.expect("kill runs").success());
    assert_eq!(file.pages_count().await, Err(WorkerError::Crashed));
    assert_eq!(file.pages_count().await, Ok(1));
    let second = file.process_id().expect("it runs");
    assert_ne!(first, second);
    let limits = std::fs::read_to_string(format!("/proc/{second}/limits")).expect("readable");
    let memory = limits
        .lines()
        .find(|line| line.starts_with("Max address space"));
    assert!(memory.expect("a limit").contains(&GIGABYTE.to_string()));
}

/// Goal: the CPU limit counts for one request: what was used before does not shorten the next.
#[tokio::test]
async fn the_limit_on_computing_is_set_and_moves_with_each_request() {
    let worker = worker(GIGABYTE, 7);
    let file = Bytes::from(pdfs::with_lines(&[&["a"]]));
    let mut file = open(&worker, file).await.expect("a place");
    for _ in 0..3 {
        assert_eq!(file.pages_count().await, Ok(1));
        let process = file.process_id().expect("it runs");
        let limits = std::fs::read_to_string(format!("/proc/{process}/limits"));
        let limits = limits.expect("readable");
        let line = limits.lines().find(|line| line.starts_with("Max cpu time"));
        let mut soft = line.expect("a limit")["Max cpu time".len()..].split_whitespace();
        let soft: u64 = soft.next().expect("a number").parse().expect("seconds");
        assert!((8..=10).contains(&soft), "{soft}");
    }
}

/// Goal: however many files are drawn in the background, a reader finds a place. Method: two
/// places; a second background file gets none while a reader gets one at once, and the other way
/// round.
#[tokio::test]
async fn a_place_is_kept_for_readers() {
    use futures::FutureExt as _;
    let worker = worker(GIGABYTE, 30);
    let file = Bytes::from(pdfs::with_lines(&[&["a"]]));
    let drawn = open_behind(&worker, file.clone()).now_or_never();
    let drawn = drawn.expect("at once").expect("a place");
    assert!(
        open_behind(&worker, file.clone()).now_or_never().is_none(),
        "the last place is the readers'"
    );
    let read = open(&worker, file.clone()).now_or_never();
    let mut read = read.expect("at once").expect("a place");
    assert_eq!(read.pages_count().await, Ok(1));
    drop(drawn);
    let next = open_behind(&worker, file).now_or_never();
    next.expect("at once").expect("a place");
}

/// Goal: one person's file, however slow, leaves a place to everybody else's; their own next page
/// waits. Method: two places, one taken by a file that is never done.
#[tokio::test]
async fn one_owner_leaves_places_to_others() {
    use futures::FutureExt as _;
    let worker = worker(GIGABYTE, 30);
    let (slow, fresh) = (b"slow".as_slice(), b"fresh".as_slice());
    let held = worker.place(whose(slow, 1)).now_or_never();
    let held = held.expect("at once").expect("a place");
    let held = held.open(Bytes::from_static(b"slow")).expect("taken");
    let mut again = Box::pin(worker.place(whose(fresh, 1)));
    assert!(again.as_mut().now_or_never().is_none());
    assert!(held.is_awaited());
    let mut behind = Box::pin(worker.place_behind_readers(whose(slow, 1)));
    assert!(behind.as_mut().now_or_never().is_none());
    let other = worker.place(whose(fresh, 2)).now_or_never();
    other.expect("at once").expect("a place");
    drop(held);
    again.now_or_never().expect("at once").expect("a place");
}

/// Goal: a file that ended three workers gets no fourth, whoever asks; other files do.
#[tokio::test]
async fn a_file_that_ends_its_workers_is_given_up() {
    let folder = TempDir::new().expect("a folder");
    let runs = folder.path().join("runs");
    let lines = format!("echo run >>{}; exit 101", runs.display());
    let worker = worker_of(script(&folder, &lines), GIGABYTE, 30);
    let bytes = Bytes::from_static(b"x");
    let mut file = open(&worker, bytes.clone()).await.expect("a place");
    for _ in 0..3 {
        assert_eq!(file.text(0).await.err(), Some(WorkerError::Crashed));
    }
    assert_eq!(file.text(1).await.err(), Some(WorkerError::GivenUp));
    drop(file);
    let again = open(&worker, bytes).await.err();
    assert_eq!(again, Some(WorkerError::GivenUp));
    let started = std::fs::read_to_string(&runs).expect("runs");
    assert_eq!(started.lines().count(), 3);
    let other = Bytes::from_static(b"y");
    let mut other = open(&worker, other).await.expect("a place");
    assert_eq!(other.text(0).await.err(), Some(WorkerError::Crashed));
}

/// Goal: strangers wait for strangers alone, and each of them for one turn of the others at most,
/// however many files somebody brings. Method: the place of strangers is held; its holder asks for
/// it twice more before another one does.
#[tokio::test]
async fn strangers_take_turns_and_nobody_else_waits_for_them() {
    use futures::FutureExt as _;
    let worker = worker(GIGABYTE, 30);
    let of_stranger =
        |bytes: &'static [u8], owner| Box::pin(worker.place_of_stranger(whose(bytes, owner)));
    let held = of_stranger(b"a", 1).now_or_never();
    let held = held.expect("at once").expect("a place");
    let (mut second, mut third) = (of_stranger(b"b", 1), of_stranger(b"c", 1));
    let mut other = of_stranger(b"d", 2);
    for waiting in [&mut second, &mut third, &mut other] {
        assert!(waiting.as_mut().now_or_never().is_none());
    }
    let read = worker.place(whose(b"a", 3)).now_or_never();
    read.expect("a reader at once").expect("a place");
    let behind = worker.place_behind_readers(whose(b"a", 4)).now_or_never();
    behind.expect("the house at once").expect("a place");
    drop(held);
    let others = other.as_mut().now_or_never();
    let others = others.expect("the other one's turn").expect("a place");
    assert!(second.as_mut().now_or_never().is_none());
    drop(others);
    let second = second.as_mut().now_or_never();
    second.expect("then the first one's").expect("a place");
}

/// Goal: a file is ended when its time is over, long before a question's own time is, and it is not
/// given up for that. Method: a page whose drawing never ends, more often than a file may end
/// workers.
#[tokio::test]
async fn a_file_is_ended_when_its_time_is_over() {
    let worker = worker(GIGABYTE, 60);
    let bytes = Bytes::from(pdfs::painted_without_end());
    let mut file = open(&worker, bytes.clone()).await.expect("a place");
    assert_eq!(file.pages_count().await, Ok(1));
    let watch = Stopwatch::start();
    for _ in 0..4 {
        file.allow(Duration::from_millis(300));
        assert_eq!(file.render(0, DPI).await, Err(WorkerError::TimedOut));
        assert_eq!(file.process_id(), None, "it is ended");
        assert_eq!(file.text(0).await.err(), Some(WorkerError::TimedOut));
        assert_eq!(file.process_id(), None, "no other is begun");
    }
    assert!(watch.elapsed() < Duration::from_secs(30));
    drop(file);
    open(&worker, bytes).await.expect("not given up");
}
