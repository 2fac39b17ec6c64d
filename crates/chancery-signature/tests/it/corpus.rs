//! The corpus of signed files with known verdicts, read in place.
//!
//! The folder is `$CHANCERY_CORPUS`, by default beside the project. Without it these tests say so
//! and pass, unless `CHANCERY_REQUIRE=all`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{at, folder};
use chancery_signature as sig;
use sig::{Anchors, Answer, Indication, Limits, ValidationPolicy, ValidationReport};

struct Row {
    file: String,
    sha256: String,
    class: String,
    expected: String,
    clean_ok: String,
    crypto_ok: String,
    content: Option<PathBuf>,
    path: PathBuf,
    /// Whether pyHanko, pdfsig and openssl accept the file, by what the manifest keeps of them.
    peers: [bool; 3],
}

/// Which rows: those that the rules were made with, or those set aside until they were finished.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Open,
    HeldOut,
}

fn corpus(part: Part) -> Option<Vec<Row>> {
    let root = std::env::var("CHANCERY_CORPUS").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        PathBuf::from,
    );
    let signatures = root.join("signatures");
    let Ok(manifest) = std::fs::read_to_string(signatures.join("MANIFEST.tsv")) else {
        let required = std::env::var("CHANCERY_REQUIRE").is_ok_and(|value| value == "all");
        assert!(
            !required,
            "the corpus is required: set CHANCERY_CORPUS ({})",
            root.display()
        );
        eprintln!(
            "SKIPPED: no corpus at {} (set CHANCERY_CORPUS)",
            root.display()
        );
        return None;
    };
    let mut lines = manifest.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let column = |name: &str| {
        header
            .iter()
            .position(|one| *one == name)
            .expect("a column")
    };
    let (file, class, expected) = (column("file"), column("class"), column("expected"));
    let sha256 = column("sha256");
    let (clean, crypto) = (column("clean_ok"), column("crypto_ok"));
    let detached = column("detached_content");
    let rows = lines.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let path = signatures.join(cells[file]);
        let content = Some(cells[detached].trim()).filter(|cell| !cell.is_empty());
        Row {
            file: cells[file].to_owned(),
            sha256: cells[sha256].to_owned(),
            class: cells[class].to_owned(),
            expected: cells[expected].to_owned(),
            clean_ok: cells[clean].to_owned(),
            crypto_ok: cells[crypto].to_owned(),
            content: content.map(|name| path.parent().expect("a folder").join(name)),
            path,
            peers: peers(&cells[detached + 1..]),
        }
    });
    let held_out = include_str!("../held-out.txt");
    let held_out: Vec<&str> = held_out
        .lines()
        .filter(|one| !one.starts_with('#'))
        .collect();
    let wanted = |row: &Row| {
        let held = held_out.contains(&row.sha256.as_str());
        held == (part == Part::HeldOut) && row.path.exists()
    };
    Some(rows.filter(wanted).collect())
}

/// What the columns of the peers say: every signature intact and valid, its revision whole and its
/// changes allowed (pyHanko); every signature valid (pdfsig); every structure verifies (openssl).
fn peers(cells: &[&str]) -> [bool; 3] {
    let each = |cell: &str, good: &dyn Fn(&str) -> bool| {
        let mut parts = cell
            .split(';')
            .map(str::trim)
            .filter(|one| *one != "unsigned-field");
        !cell.trim().is_empty() && parts.clone().count() > 0 && parts.all(good)
    };
    let hanko = |one: &str| {
        let placed = !one.contains("UNCLEAR") && !one.contains("CONTIGUOUS");
        one.starts_with("intact+valid") && placed && !one.contains("VIOLATED")
    };
    [
        each(cells[0], &hanko),
        each(cells[1], &|one| one.starts_with("Valid")),
        each(cells[2], &|one| one == "OK"),
    ]
}

/// Every certificate that a file brings is trusted: trust must not be what stops a forgery.
fn own_anchors(facts: &sig::Facts) -> Anchors {
    let mut anchors = Anchors::none();
    let signers = facts.signatures.iter().flat_map(|one| &one.signer);
    let tokens = signers
        .flat_map(|signer| &signer.tokens)
        .flat_map(|token| &token.certificates);
    let own = facts.signatures.iter().flat_map(|one| &one.certificates);
    for der in own.chain(tokens) {
        if let Ok(more) = Anchors::from_pem_or_der(&der.0) {
            anchors.extend(more);
        }
    }
    anchors
}

fn judged(row: &Row) -> ValidationReport {
    let bytes = std::fs::read(&row.path).expect("a file of the corpus");
    let content = row
        .content
        .as_ref()
        .map(|path| std::fs::read(path).expect("its content"));
    let facts = sig::gather(&bytes, content.as_deref(), &Limits::default());
    let stored = serde_json::to_string(&facts).expect("facts can be stored");
    let again: sig::Facts = serde_json::from_str(&stored).expect("and read again");
    assert!(again == facts, "{}: stored facts differ", row.file);
    let policy = ValidationPolicy::default();
    sig::judge(
        &again,
        &policy,
        at("2026-07-31T12:00:00Z"),
        &own_anchors(&facts),
    )
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Undecided => "undecided",
    }
}

fn reasons(report: &ValidationReport) -> String {
    let own = report.reasons.iter();
    let all = own.chain(report.signatures.iter().flat_map(|one| &one.reasons));
    let mut words: Vec<String> = all
        .filter(|reason| !reason.code.concerns_trust())
        .map(|reason| {
            let values: Vec<&str> = reason.args.values().collect();
            format!("{}{values:?}", reason.code.key())
        })
        .collect();
    words.dedup();
    words.join(" ")
}

/// Warnings and reasons of the file and its signatures, but for those about trust: what a reader is
/// told beside the answer. That nothing proves the time is said of almost every file.
fn warned(report: &ValidationReport) -> usize {
    let signatures = report.signatures.iter();
    let of_signatures = signatures.flat_map(|one| one.warnings.iter().chain(&one.reasons));
    let all = report.reasons.iter().chain(of_signatures);
    all.filter(|reason| reason.code != sig::Code::TimeUnproven)
        .filter(|reason| {
            !reason.code.concerns_trust() || reason.code == sig::Code::DigestAgedUnproven
        })
        .count()
}

/// Rows on which we differ from the manifest on purpose, by digest of the file: why stands in
/// `docs/signature-corpus.md`. The judge knows nothing of this list.
const DIFFERENT: &str = include_str!("../different.txt");

/// What a run over some rows came to.
#[derive(Default)]
struct Score {
    /// Good files, and those of them called intact.
    good: usize,
    accepted: usize,
    refused: Vec<String>,
    /// Files that must be refused, and those of them that are not.
    bad: usize,
    fooled: Vec<String>,
    /// Files whose arithmetic is known, and those judged otherwise.
    known: usize,
    crypto: Vec<String>,
    /// Of `policy` rows: all, and those called intact without a word.
    policy: usize,
    silent: Vec<String>,
}

/// Calls of one class: rows, then those accepted by us, pyHanko, pdfsig and openssl.
type Classes = BTreeMap<(String, String), [usize; 5]>;

fn score(rows: &[Row], table: &str) -> Score {
    let mut score = Score::default();
    let mut classes = Classes::new();
    let mut lines = Vec::new();
    for row in rows {
        let report = judged(row);
        let intact = report.intact == Answer::Yes;
        let class = (row.clean_ok.clone(), row.class.clone());
        let counts = classes.entry(class).or_default();
        counts[0] += 1;
        counts[1] += usize::from(intact);
        for (count, accepts) in counts[2..].iter_mut().zip(row.peers) {
            *count += usize::from(accepts);
        }
        score.add(row, &report, intact);
        lines.push(format!(
            "{}\t{}\t{}\tclean {}\tcrypto {}\t{}\t{}\t{:?}\t{}",
            row.file,
            row.class,
            row.expected,
            row.clean_ok,
            row.crypto_ok,
            word(report.intact),
            word(report.crypto),
            report.indication,
            reasons(&report),
        ));
    }
    std::fs::write(folder("corpus").join(table), lines.join("\n")).expect("a table");
    print_classes(&classes);
    score.print(rows.len());
    score
}

impl Score {
    fn add(&mut self, row: &Row, report: &ValidationReport, intact: bool) {
        let passed = report.indication == Indication::TotalPassed;
        match row.clean_ok.as_str() {
            "no" => {
                self.bad += 1;
                self.fooled
                    .extend((intact || passed).then(|| row.file.clone()));
            }
            "yes" => {
                self.good += 1;
                self.accepted += usize::from(intact);
                self.refused.extend((!intact).then(|| row.file.clone()));
            }
            _ => {
                self.policy += 1;
                let silent = intact && warned(report) == 0;
                self.silent.extend(silent.then(|| row.file.clone()));
            }
        }
        if ["yes", "no"].contains(&row.crypto_ok.as_str()) {
            self.known += 1;
            if word(report.crypto) != row.crypto_ok && !DIFFERENT.contains(&row.sha256) {
                self.crypto.push(row.file.clone());
            }
        }
    }

    fn print(&self, files: usize) {
        println!(
            "{files} files: fooled {} of {}, accepted {} of {}, crypto differs {} of {} beside the \
             argued ones, policy rows intact without a word {} of {}",
            self.fooled.len(),
            self.bad,
            self.accepted,
            self.good,
            self.crypto.len(),
            self.known,
            self.silent.len(),
            self.policy,
        );
        println!(
            "refused {:#?} crypto {:#?} silent {:#?}",
            self.refused, self.crypto, self.silent
        );
    }
}

/// The table of `docs/signature-corpus.md`.
fn print_classes(classes: &Classes) {
    println!("| clean_ok | class | files | ours | pyHanko | pdfsig | openssl |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let mut sums: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for ((clean, class), counts) in classes {
        let [files, ours, hanko, poppler, openssl] = counts;
        println!("| {clean} | {class} | {files} | {ours} | {hanko} | {poppler} | {openssl} |");
        let sum = sums.entry(clean.as_str()).or_default();
        for (all, one) in sum.iter_mut().zip(counts) {
            *all += one;
        }
    }
    for (clean, [files, ours, hanko, poppler, openssl]) in sums {
        println!("| {clean} | **all** | {files} | {ours} | {hanko} | {poppler} | {openssl} |");
    }
}

#[test]
fn the_open_rows_are_judged_as_their_manifest_asks() {
    let Some(rows) = corpus(Part::Open) else {
        return;
    };
    let score = score(&rows, "ours.tsv");
    assert_eq!(
        score.fooled,
        Vec::<String>::new(),
        "called intact, and must not be"
    );
    assert_eq!(
        score.refused,
        Vec::<String>::new(),
        "good, and not called intact"
    );
    assert_eq!(score.crypto, Vec::<String>::new(), "the arithmetic differs");
}

/// The rows that were set aside until the rules were finished, and looked at then: no measure of
/// the unknown any more, and held like the others since.
#[test]
fn the_rows_set_aside_are_judged_as_their_manifest_asks() {
    let Some(rows) = corpus(Part::HeldOut) else {
        return;
    };
    let score = score(&rows, "held-out.tsv");
    assert_eq!(
        score.fooled,
        Vec::<String>::new(),
        "called intact, and must not be"
    );
    assert_eq!(
        score.refused,
        Vec::<String>::new(),
        "good, and not called intact"
    );
    assert_eq!(score.crypto, Vec::<String>::new(), "the arithmetic differs");
}

/// Self-signed certificates that a file brings, in its signatures and in its store: roots, as far
/// as anybody can tell.
fn own_roots(facts: &sig::Facts) -> Anchors {
    let signatures = facts.signatures.iter();
    let tokens = signatures.clone().flat_map(|one| &one.signer);
    let tokens = tokens.flat_map(|signer| &signer.tokens);
    let tokens = tokens.flat_map(|token| &token.certificates);
    let stored = facts.evidence.certificates.iter().map(|piece| &piece.der);
    let own = signatures.flat_map(|one| &one.certificates);
    let mut anchors = Anchors::none();
    for der in own.chain(tokens).chain(stored) {
        if let Some(root) = sig::self_signed(&der.0) {
            anchors.extend(root);
        }
    }
    anchors
}

/// An hour after the newest timestamp that a file brings.
fn newest(facts: &sig::Facts) -> Option<chancery_types::Instant> {
    let signatures = facts.signatures.iter();
    let tokens = signatures.clone().flat_map(|one| &one.signer);
    let tokens = tokens.flat_map(|signer| &signer.tokens);
    let tokens = tokens.filter_map(|token| token.token.as_ref());
    let stamps = signatures.filter_map(|one| one.token.as_ref());
    let newest = tokens.chain(stamps).map(|token| token.gen_time).max();
    newest.map(|moment| moment.plus_seconds(3600))
}

/// Goal: what the files of others bring for later years is found and fits. Method: only their roots
/// are trusted, and the moment is that of their newest timestamp; count the certificates about
/// which something is known.
#[test]
fn evidence_in_files_of_others_is_found() {
    let Some(rows) = corpus(Part::Open) else {
        return;
    };
    let policy = ValidationPolicy::default();
    let (mut states, mut passed, mut files) = (BTreeMap::new(), 0, 0);
    for row in &rows {
        let bytes = std::fs::read(&row.path).expect("a file of the corpus");
        let facts = sig::gather(&bytes, None, &Limits::default());
        let Some(moment) = newest(&facts) else {
            continue;
        };
        files += 1;
        let report = sig::judge(&facts, &policy, moment, &own_roots(&facts));
        for signature in &report.signatures {
            passed += usize::from(signature.indication == Indication::TotalPassed);
            for link in &signature.chain {
                let state = format!("{:?}", link.revocation);
                *states.entry(state).or_insert(0_usize) += 1;
            }
        }
    }
    println!("{files} files with timestamps: {states:?}, signatures passed {passed}");
    // What was seen when the rules were made: fewer means that evidence is not found any more.
    assert!(states["Good"] >= 120, "{states:?}");
    assert!(passed >= 40, "{passed}");
}

/// Goal: we compute what archive timestamps of others are over. Method: each of a form that we
/// verify is compared with its file.
#[test]
fn archive_timestamps_of_others_are_over_what_we_compute() {
    let rows = [Part::Open, Part::HeldOut].into_iter().filter_map(corpus);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows.flatten() {
        let bytes = std::fs::read(&row.path).expect("a file of the corpus");
        let content = row.content.as_ref();
        let content = content.map(|path| std::fs::read(path).expect("its content"));
        let facts = sig::gather(&bytes, content.as_deref(), &Limits::default());
        let signers = facts.signatures.iter().flat_map(|one| &one.signer);
        for archive in signers.flat_map(|signer| &signer.archives) {
            let form = if archive.supported {
                "verified"
            } else {
                "older"
            };
            let key = format!("{form} {:?}", archive.token.imprint);
            *counts.entry(key).or_default() += 1;
        }
    }
    println!("{counts:?}");
    let count = |key: &str| counts.get(key).copied().unwrap_or(0);
    // Four bring an index of hashes that stand for nothing (three of them made so on purpose), two
    // bring none that can be read.
    assert!(count("verified Agrees") >= 11, "{counts:?}");
    assert_eq!(
        (count("verified Differs"), count("verified Unknown")),
        (4, 2)
    );
}

#[test]
fn no_mutated_file_of_the_corpus_stops_the_validator() {
    let Some(rows) = corpus(Part::Open) else {
        return;
    };
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).expect("below a length")
    };
    let mut judged = 0;
    for row in rows.iter().step_by(2) {
        let bytes = std::fs::read(&row.path).expect("a file of the corpus");
        if bytes.len() > 200_000 || bytes.is_empty() {
            continue;
        }
        let mut copy = bytes.clone();
        for _ in 0..8 {
            let place = next(copy.len());
            copy[place] = u8::try_from(next(256)).expect("a byte");
        }
        let cut = next(copy.len());
        for mutant in [copy.as_slice(), &bytes[..cut]] {
            let facts = sig::gather(mutant, None, &Limits::default());
            let policy = ValidationPolicy::default();
            let moment = at("2026-07-31T12:00:00Z");
            let report = sig::judge(&facts, &policy, moment, &own_anchors(&facts));
            assert!(report.signatures.len() <= facts.signatures.len());
            judged += 1;
        }
    }
    assert!(judged > 200, "{judged}");
}
