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
        .map(|reason| format!("{}{:?}", reason.code.key(), reason.args.values()))
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

/// How many good files are called intact today; it may only grow.
const ACCEPTED_MIN: usize = 154;
/// How many files' arithmetic we judge otherwise than the manifest; it may only shrink.
const CRYPTO_DIFFERS_MAX: usize = 19;

#[test]
fn no_file_that_must_be_refused_is_called_intact_or_passed() {
    let Some(rows) = corpus(Part::Open) else {
        return;
    };
    let (mut fooled, mut good, mut accepted, mut crypto) = (vec![], 0, 0, vec![]);
    let mut silent: Vec<String> = vec![];
    let mut lines = Vec::new();
    let mut classes: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    for row in &rows {
        let report = judged(row);
        let intact = word(report.intact);
        let passed = report.indication == Indication::TotalPassed;
        let counts = classes
            .entry(format!("{} {}", row.class, row.clean_ok))
            .or_default();
        counts[0] += 1;
        counts[match report.intact {
            Answer::Yes => 1,
            Answer::Undecided => 2,
            Answer::No => 3,
        }] += 1;
        match row.clean_ok.as_str() {
            "no" if intact == "yes" || passed => fooled.push(row.file.clone()),
            "yes" => {
                good += 1;
                accepted += usize::from(intact == "yes");
            }
            _ => {}
        }
        if ["yes", "no"].contains(&row.crypto_ok.as_str()) && word(report.crypto) != row.crypto_ok {
            crypto.push(format!(
                "{} {} {}",
                row.file,
                row.crypto_ok,
                word(report.crypto)
            ));
        }
        lines.push(format!(
            "{}\t{}\t{}\tclean {}\tcrypto {}\t{intact}\t{}\t{:?}\t{}",
            row.file,
            row.class,
            row.expected,
            row.clean_ok,
            row.crypto_ok,
            word(report.crypto),
            report.indication,
            reasons(&report),
        ));
        if row.clean_ok == "policy" && intact == "yes" && warned(&report) == 0 {
            silent.push(row.file.clone());
        }
    }
    std::fs::write(folder("corpus").join("ours.tsv"), lines.join("\n")).expect("a table");
    println!("{:32} files intact undecided not", "class, clean_ok");
    for (class, [files, yes, undecided, no]) in &classes {
        println!("{class:32} {files:5} {yes:6} {undecided:9} {no:3}");
    }
    println!(
        "{} files: fooled {}, accepted {accepted} of {good}, crypto differs {}",
        rows.len(),
        fooled.len(),
        crypto.len()
    );
    assert_eq!(
        fooled,
        Vec::<String>::new(),
        "called intact, and must not be"
    );
    println!("policy rows called intact without a word: {silent:#?}");
    assert!(
        accepted >= ACCEPTED_MIN,
        "accepted {accepted} of {good}, was {ACCEPTED_MIN}"
    );
    assert!(crypto.len() <= CRYPTO_DIFFERS_MAX, "{crypto:#?}");
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
