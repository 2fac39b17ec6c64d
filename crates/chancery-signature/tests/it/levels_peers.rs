//! What other programs say of our levels: pyHanko by its long-term validation, poppler, OpenSSL.
//!
//! The table of what they said is in `docs/signing-levels.md`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::levels_rights::{existing, form_pdf};
use crate::support::{at, folder, packed_pdf, plan, run, small_pdf, visible_plan};
use crate::town::*;
use chancery_pdf::sign::Certification;
use chancery_pdf::{FieldLock, LockedFields, SignaturePlan};
use sig::{KeyKind, LongTermLevel};
use {chancery_signature as sig, std::fs};

/// A file for others to look at.
struct Made {
    name: String,
    bytes: Vec<u8>,
    signatures: usize,
}

/// How far the files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    B,
    T,
    Lt,
    Lta,
}

const LEVELS: [Level; 4] = [Level::B, Level::T, Level::Lt, Level::Lta];

impl Level {
    /// When the timestamps of the signatures were given.
    const fn stamped(self) -> Option<&'static str> {
        match self {
            Self::B => None,
            Self::T | Self::Lt | Self::Lta => Some(SIGNED),
        }
    }

    /// A file signed to B-B or B-T, at this level.
    fn of(self, town: &Town, file: Vec<u8>) -> Vec<u8> {
        match self {
            Self::B | Self::T => file,
            Self::Lt => town.extended(&file, LongTermLevel::Lt),
            Self::Lta => town.extended(&file, LongTermLevel::Lta),
        }
    }
}

/// The files of one level: each kind of key by one, two and three signers, with each kind of
/// cross-references.
fn matrix(town: &Town, level: Level) -> Vec<Made> {
    let mut made = Vec::new();
    for (kind, name) in crate::levels::KINDS
        .into_iter()
        .zip(["p256", "rsa", "ed25519"])
    {
        for (original, xref) in [(small_pdf(), "table"), (packed_pdf(), "stream")] {
            for count in 1..=3_u8 {
                let signed = town.signed(&original, kind, count, level.stamped());
                made.push(Made {
                    name: format!("{name}-{xref}-{count}"),
                    bytes: level.of(town, signed),
                    signatures: usize::from(count),
                });
            }
        }
    }
    made
}

/// The matrix, and where there are timestamps certified files, one with everything locked, one
/// signed in fields that were there.
fn files(town: &Town, level: Level) -> Vec<Made> {
    let mut made = matrix(town, level);
    if level != Level::B {
        let bound = bound_files(town).into_iter();
        made.extend(bound.map(|one| Made {
            bytes: level.of(town, one.bytes),
            ..one
        }));
    }
    made
}

/// Files whose first signature binds the later ones.
fn bound_files(town: &Town) -> Vec<Made> {
    let author = town.person(KeyKind::EcdsaP256, 10);
    let second = town.person(KeyKind::Rsa, 11);
    let signed = |first: &SignaturePlan<'_>| town.sign(&small_pdf(), &author, first, Some(SIGNED));
    let then = |file: Vec<u8>| town.sign(&file, &second, &plan(&second.name), Some(SIGNED));
    let certifying = |level| SignaturePlan {
        certification: Some(level),
        ..plan(&author.name)
    };
    let locking = SignaturePlan {
        lock: Some(FieldLock {
            fields: LockedFields::All,
            permission: Some(2),
        }),
        ..plan(&author.name)
    };
    let in_fields = ["First", "Second", "Third"].iter().zip(0_u8..);
    let in_fields = in_fields.fold(form_pdf(), |file, (field, index)| {
        let signer = town.person(KeyKind::EcdsaP256, 10 + index);
        town.sign(&file, &signer, &existing(field, &signer.name), Some(SIGNED))
    });
    let closed = signed(&certifying(Certification::NoChanges));
    let certified = then(signed(&certifying(Certification::FillAndSign)));
    let leaving = SignaturePlan {
        certification: Some(Certification::FillAndSign),
        kept_fields: 2,
        ..visible_plan(&author.name)
    };
    let seen = [11, 12].iter().fold(signed(&leaving), |file, number| {
        let signer = town.person(KeyKind::EcdsaP256, *number);
        town.sign(&file, &signer, &visible_plan(&signer.name), Some(SIGNED))
    });
    let locked = signed(&locking);
    let made = |name: &str, bytes, signatures| Made {
        name: name.to_owned(),
        bytes,
        signatures,
    };
    vec![
        made("closed", closed, 1),
        made("certified", certified, 2),
        made("certified-seen", seen, 3),
        made("locked", locked, 1),
        made("fields", in_fields, 3),
    ]
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a written file");
    path
}

/// pyHanko's Python, beside its program; `None`, with a clear word, if it is not told where.
fn pyhanko() -> Option<PathBuf> {
    const PROGRAM: &str = "CHANCERY_TEST_PYHANKO";
    let program = std::env::var_os(PROGRAM).filter(|path| !path.is_empty());
    let Some(program) = program else {
        let required = std::env::var("CHANCERY_REQUIRE").is_ok_and(|value| value == "all");
        assert!(!required, "{PROGRAM} is required here");
        eprintln!("SKIPPED: {PROGRAM} does not say where pyHanko is");
        return None;
    };
    Some(Path::new(&program).with_file_name("python"))
}

/// Files that are judged by one process of EN 319 102-1 at one moment with the same lists at hand.
struct Group<'a> {
    /// One of `basic`, `time`, `long`.
    process: &'a str,
    files: &'a [Made],
    moment: &'a str,
    lists: &'a [Vec<u8>],
}

/// pyHanko's lines about each group, by one process: it takes long to start.
fn pyhanko_says(town: &Town, name: &str, groups: &[Group<'_>]) -> Option<Vec<Vec<String>>> {
    let python = pyhanko()?;
    let folder = folder(&format!("levels-pyhanko-{name}"));
    let text = |path: PathBuf| path.to_str().expect("a UTF-8 path").to_owned();
    let trust = text(write(&folder, "root.pem", town.pem().as_bytes()));
    let mut plan = String::new();
    for (number, group) in groups.iter().enumerate() {
        let lists = group.lists.iter().enumerate();
        let lists =
            lists.map(|(index, list)| text(write(&folder, &format!("{number}-{index}.crl"), list)));
        let lists = lists.collect::<Vec<_>>().join(",");
        let mut line = vec![group.process.to_owned(), group.moment.to_owned(), lists];
        line.extend(group.files.iter().map(|made| {
            let name = format!("{number}-{}.pdf", made.name);
            text(write(&folder, &name, &made.bytes))
        }));
        plan.push_str(&line.join("\t"));
        plan.push('\n');
    }
    let plan = text(write(&folder, "plan", plan.as_bytes()));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyhanko_lta.py");
    let output = Command::new(python)
        .arg(script)
        .args([trust, plan])
        .output()
        .expect("pyHanko's Python runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaint}");
    let of_group = |number: usize| {
        let start = format!("{number} ");
        let lines = said.lines().filter(|line| line.starts_with(&start));
        lines.map(str::to_owned).collect()
    };
    Some((0..groups.len()).map(of_group).collect())
}

/// Demands that these are lines about all signatures of the files and that each says `expected`.
fn all_say(lines: &[String], files: &[Made], expected: &str, what: &str) {
    let signatures: usize = files.iter().map(|one| one.signatures).sum();
    assert_eq!(lines.len(), signatures, "{what}: {lines:#?}");
    let others: Vec<&String> = lines
        .iter()
        .filter(|line| !line.contains(expected))
        .collect();
    assert!(others.is_empty(), "{what}: {others:#?}");
}

/// Goal: pyHanko passes every signature of the whole matrix by the standard's process for its
/// level: of B-B and B-T on the day, of B-LT and B-LTA also after the signatories' certificates
/// ended. Method: lists for every certificate, because pyHanko does not know RFC 9608; B-B and B-T
/// are given those of the day; years later only the lists for the last timestamping authority are
/// at hand, as they are for whoever validates then.
#[test]
fn pyhanko_validates_our_levels() {
    let town = Town::new(Stamps::Listed);
    let of_day = town.lists("2026-08-01T00:00:00Z", "2026-08-08T00:00:00Z");
    let fresh = town.lists("2028-05-31T00:00:00Z", "2028-06-07T00:00:00Z");
    let (today, later) = ("2026-08-02T12:00:01+00:00", "2028-06-01T00:00:00+00:00");
    let [bare, stamped, kept, archived] = LEVELS.map(|level| files(&town, level));
    let passed = " PASSED OK accepted -";
    let archive = " PASSED OK accepted 2026-08-02T12:00:00";
    let open = " INDETERMINATE ";
    type Case<'a> = (&'a str, &'a [Made], &'a str, &'a [Vec<u8>], &'a str);
    let cases: [Case<'_>; 8] = [
        ("basic", &bare, today, &of_day, passed),
        // Nothing proves that they are older than the end of the certificates.
        ("basic", &bare[..3], later, &fresh, open),
        ("time", &stamped, today, &of_day, passed),
        // And nobody says any more what was revoked then.
        ("long", &stamped[..3], later, &fresh[1..], open),
        ("long", &kept, today, &[], passed),
        ("long", &kept, later, &fresh[1..], passed),
        ("long", &archived, today, &[], archive),
        ("long", &archived, later, &fresh[1..], archive),
    ];
    let groups = cases.map(|(process, files, moment, lists, _)| Group {
        process,
        files,
        moment,
        lists,
    });
    let Some(said) = pyhanko_says(&town, "levels", &groups) else {
        return;
    };
    for ((process, files, moment, _, expected), lines) in cases.iter().zip(said) {
        all_say(&lines, files, expected, &format!("{process}, {moment}"));
    }
}

/// Goal: a level that was renewed passes pyHanko, and what it says when the first timestamping
/// authority has ended too is known.
#[test]
fn pyhanko_validates_a_renewed_level() {
    let town = Town::new(Stamps::Listed);
    let mut made = bound_files(&town);
    let lists = town.lists("2028-11-30T00:00:00Z", "2028-12-07T00:00:00Z");
    for one in &mut made {
        let archived = town.extended(&one.bytes, LongTermLevel::Lta);
        let by = (&town.second_stamps, RENEWED);
        let renewed = town.try_extend(&archived, LongTermLevel::Lta, by, &given(&lists));
        one.bytes = [archived, renewed.unwrap().bytes].concat();
    }
    let last = town.lists("2034-05-31T00:00:00Z", "2034-06-07T00:00:00Z");
    let cases: [(&str, &[Vec<u8>], &str); 2] = [
        (
            "2028-12-02T00:00:00+00:00",
            &lists[1..],
            " PASSED OK accepted 2026-08-02T12:00:00",
        ),
        (
            "2034-06-01T00:00:00+00:00",
            &last[3..],
            " INDETERMINATE REVOCATION_OUT_OF_BOUNDS_NO_POE accepted 2026-08-02T12:00:00",
        ),
    ];
    let groups = cases.map(|(moment, lists, _)| Group {
        process: "long",
        files: &made,
        moment,
        lists,
    });
    let Some(said) = pyhanko_says(&town, "renewed", &groups) else {
        return;
    };
    for ((moment, _, expected), lines) in cases.iter().zip(said) {
        all_say(&lines, &made, expected, moment);
    }
}

/// The same by pdfsig, which knows neither stores nor document timestamps but must find every
/// signature valid, and says nothing of Ed25519.
#[test]
fn pdfsig_finds_every_signature_of_our_levels_valid() {
    let town = Town::new(Stamps::Listed);
    let folder = folder("levels-pdfsig");
    for level in LEVELS {
        for made in files(&town, level) {
            if made.name.starts_with("ed25519") {
                continue;
            }
            let path = write(&folder, "a.pdf", &made.bytes);
            let path = path.to_str().expect("a UTF-8 path");
            let Some((_, said)) = run("pdfsig", &["-nocert", path]) else {
                return;
            };
            let valid = said.matches("Signature is Valid.").count();
            assert_eq!(valid, made.signatures, "{level:?} {}: {said}", made.name);
        }
    }
}

/// The CMS in each signature of our files, by OpenSSL over the bytes it covers: the bare ones, and
/// the archived ones, whose signatures are those of B-T and B-LT byte by byte.
#[test]
fn openssl_verifies_the_values_in_our_files() {
    let town = Town::new(Stamps::NeverRevoked);
    let folder = folder("levels-openssl");
    let trust = write(&folder, "root.pem", town.pem().as_bytes());
    let moment = at(GATHERED).seconds().to_string();
    let levels = [Level::B, Level::Lta].map(|level| files(&town, level));
    for made in levels.into_iter().flatten() {
        if made.name.starts_with("ed25519") {
            continue;
        }
        let limits = chancery_pdf::Limits::default();
        let pdf = chancery_pdf::Pdf::open(&made.bytes, &limits).unwrap();
        for field in pdf.signature_fields().unwrap() {
            let signature = field.signature.unwrap();
            let stamp = signature.sub_filter.as_deref() == Some("ETSI.RFC3161");
            let coverage = chancery_pdf::signature_coverage(&pdf, &signature).unwrap();
            let [first, second] = coverage.byte_range.spans();
            let span = |span: std::ops::Range<u64>| {
                &made.bytes
                    [usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()]
            };
            let content = [span(first), span(second)].concat();
            let content = write(&folder, "content", &content);
            let structure = write(&folder, "a.der", &signature.contents.unwrap().bytes);
            let [content, structure, trust] =
                [&content, &structure, &trust].map(|path| path.to_str().expect("a UTF-8 path"));
            let arguments: &[&str] = match stamp {
                true => &[
                    "ts",
                    "-verify",
                    "-token_in",
                    "-in",
                    structure,
                    "-data",
                    content,
                    "-CAfile",
                    trust,
                    "-attime",
                    &moment,
                ],
                false => &[
                    "cms",
                    "-verify",
                    "-cades",
                    "-binary",
                    "-inform",
                    "DER",
                    "-in",
                    structure,
                    "-content",
                    content,
                    "-CAfile",
                    trust,
                    "-attime",
                    &moment,
                    "-purpose",
                    "any",
                    "-out",
                    "/dev/null",
                ],
            };
            let Some((good, said)) = run("openssl", arguments) else {
                return;
            };
            assert!(good, "{}: {said}", made.name);
        }
    }
}
