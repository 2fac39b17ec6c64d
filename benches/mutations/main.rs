//! Ten thousand changes to signed files, and what we say of each.
//!
//! ```text
//! cargo run --release -p chancery-benches --example mutations -- \
//!     <folder of signatures with MANIFEST.tsv> <folder to write to> [seed] [count] [from]
//! ```
//!
//! Writes every mutant and `ours.tsv`: a line a mutant. `benches/peers/mutations.py` asks peers,
//! renders what we call intact and counts; what came of it stands in `docs/mutations.md`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a measurement fails by panicking, and measures time"
)]

mod chance;
mod der;
mod frame;
mod objects;
mod original;
mod plain;
mod shown;
mod twin;
mod verdict;
mod writer;

use std::fmt::Write as _;
use std::path::PathBuf;

use chance::Chance;
use chancery_pdf::Limits;
use objects::Target;
use original::Original;
use writer::Revision;

/// How many files mutants are made of.
const FILES: usize = 30;

/// The kinds of mutations, by family.
const KINDS: [&str; 28] = [
    "bytes/flip-signed",
    "bytes/flip-unsigned",
    "bytes/insert",
    "bytes/delete",
    "bytes/splice",
    "object/in-place",
    "object/number",
    "object/string",
    "object/name",
    "object/reference",
    "object/key",
    "object/twin",
    "revision/content",
    "revision/annotation",
    "revision/field",
    "revision/font",
    "revision/resource",
    "revision/mark",
    "revision/catalog",
    "revision/pages",
    "revision/xref",
    "revision/signed",
    "der/tag",
    "der/length",
    "der/value",
    "der/swap",
    "der/duplicate",
    "der/remove",
];

fn mutant(kind: &str, original: &Original, chance: &mut Chance) -> Vec<u8> {
    match kind {
        "bytes/flip-signed" => plain::flip_signed(original, chance),
        "bytes/flip-unsigned" => plain::flip_unsigned(original, chance),
        "bytes/insert" => plain::insert(original, chance),
        "bytes/delete" => plain::delete(original, chance),
        "bytes/splice" => plain::splice(original, chance),
        "object/in-place" => objects::in_place(original, chance),
        "object/number" => objects::appended(original, Target::Number, chance),
        "object/string" => objects::appended(original, Target::String, chance),
        "object/name" => objects::appended(original, Target::Name, chance),
        "object/reference" => objects::appended(original, Target::Reference, chance),
        "object/key" => objects::appended(original, Target::Key, chance),
        "object/twin" => twin::appended(original, chance),
        "der/tag" => der::mutate(original, der::Edit::Tag, chance),
        "der/length" => der::mutate(original, der::Edit::Length, chance),
        "der/value" => der::mutate(original, der::Edit::Value, chance),
        "der/swap" => der::mutate(original, der::Edit::Swap, chance),
        "der/duplicate" => der::mutate(original, der::Edit::Duplicate, chance),
        "der/remove" => der::mutate(original, der::Edit::Remove, chance),
        "revision/signed" => {
            let changes = ["content", "annotation", "field", "mark", "pages", "none"];
            let changed = match changes[chance.below(changes.len())] {
                "none" => original.bytes.clone(),
                change => revised(change, original, chance),
            };
            // A stranger cannot sign every file: then the change alone is the mutant.
            frame::signed(&changed).unwrap_or_else(|| revised("content", original, chance))
        }
        _ => revised(kind.trim_start_matches("revision/"), original, chance),
    }
}

fn revised(change: &str, original: &Original, chance: &mut Chance) -> Vec<u8> {
    let limits = Limits::default();
    let pdf = frame::survey(&original.bytes, &limits);
    let mut revision = Revision::new(&pdf, objects::form(&pdf, chance));
    match change {
        "content" => shown::content(&mut revision, chance),
        "annotation" => shown::annotation(&mut revision, chance),
        "field" => shown::field(&mut revision, chance),
        "font" => shown::font(&mut revision, chance),
        "resource" => shown::resource(&mut revision, chance),
        "mark" => shown::mark(&mut revision, chance),
        "catalog" => frame::catalog(&mut revision, chance),
        "pages" => frame::pages(&mut revision, chance),
        "xref" => return frame::crossed(original, revision, chance),
        other => panic!("{other} is no change"),
    }
    revision.appended()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [signatures, out, rest @ ..] = arguments.as_slice() else {
        panic!("usage: mutations <signatures> <out> [seed] [count] [from]");
    };
    let number = |at: usize, usual: usize| {
        let given = rest.get(at).map(|text| text.parse().expect("a number"));
        given.unwrap_or(usual)
    };
    let (seed, count, from) = (number(0, 1) as u64, number(1, 10_000), number(2, 0));
    let out = PathBuf::from(out);
    std::fs::create_dir_all(&out).expect("a folder");
    let originals = original::choose(signatures.as_ref(), FILES);
    assert_eq!(originals.len(), FILES, "the corpus has enough files");
    let mut lines = String::new();
    for (index, original) in originals.iter().enumerate() {
        std::fs::write(
            out.join(format!("original-{index:02}.pdf")),
            &original.bytes,
        )
        .expect("a copy");
        let verdict = verdict::of(&original.bytes);
        let _ = writeln!(
            lines,
            "original-{index:02}\t{index}\t{}\t{}\toriginal\t{verdict}",
            original.name, original.class
        );
    }
    for one in from..from + count {
        let index = one % FILES;
        let kind = KINDS[(one / FILES) % KINDS.len()];
        let original = &originals[index];
        let mut chance = Chance::new(seed, one as u64);
        let mut bytes = mutant(kind, original, &mut chance);
        // What is the same is no mutant.
        for _ in 0..50 {
            if bytes == original.bytes {
                bytes = mutant(kind, original, &mut chance);
            }
        }
        assert!(bytes != original.bytes, "{kind} changes {}", original.name);
        std::fs::write(out.join(format!("{one:05}.pdf")), &bytes).expect("a mutant");
        let verdict = verdict::of(&bytes);
        let _ = writeln!(
            lines,
            "{one:05}\t{index}\t{}\t{}\t{kind}\t{verdict}",
            original.name, original.class
        );
    }
    std::fs::write(out.join("ours.tsv"), lines).expect("a table");
}
