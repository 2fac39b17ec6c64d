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

/// Files of one level: kinds of keys, numbers of signers and kinds of cross-references in turn,
/// certified ones, one with everything locked, one signed in fields that were there.
fn files(town: &Town, level: Option<LongTermLevel>) -> Vec<Made> {
    let mut made = bound_files(town);
    for (kind, name) in crate::levels::KINDS
        .into_iter()
        .zip(["p256", "rsa", "ed25519"])
    {
        for (original, xref, count) in [(small_pdf(), "table", 3), (packed_pdf(), "stream", 1)] {
            let bytes = town.signed(&original, kind, count, Some(SIGNED));
            made.push(Made {
                name: format!("{name}-{xref}"),
                bytes,
                signatures: usize::from(count),
            });
        }
    }
    for one in &mut made {
        if let Some(level) = level {
            one.bytes = town.extended(&one.bytes, level);
        }
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

/// pyHanko's lines about `files`, judged at `moment` with these lists at hand.
fn pyhanko_says(
    town: &Town,
    files: &[Made],
    name: &str,
    (moment, lists): (&str, &[Vec<u8>]),
) -> Option<String> {
    let python = pyhanko()?;
    let folder = folder(&format!("levels-pyhanko-{name}"));
    let trust = write(&folder, "root.pem", town.pem().as_bytes());
    let lists = lists.iter().enumerate().map(|(index, list)| {
        let path = write(&folder, &format!("{index}.crl"), list);
        path.to_str().expect("a UTF-8 path").to_owned()
    });
    let lists: Vec<String> = lists.collect();
    let paths = files
        .iter()
        .map(|made| write(&folder, &format!("{}.pdf", made.name), &made.bytes));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyhanko_lta.py");
    let output = Command::new(python)
        .arg(script)
        .args([
            moment,
            trust.to_str().expect("a UTF-8 path"),
            &lists.join(","),
        ])
        .args(paths)
        .output()
        .expect("pyHanko's Python runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaint}");
    Some(said)
}

/// Goal: pyHanko's long-term validation passes every signature of our B-LT and B-LTA, on the day
/// and after the signatories' certificates ended. Method: lists for every certificate,
/// because pyHanko does not know RFC 9608; years later only the lists for the last timestamping
/// authority are at hand, as they are for whoever validates then.
#[test]
fn pyhanko_validates_our_long_term_levels() {
    let town = Town::new(Stamps::Listed);
    let fresh = town.lists("2028-05-31T00:00:00Z", "2028-06-07T00:00:00Z");
    let today = ("2026-08-02T12:00:01+00:00", &[][..]);
    let later = ("2028-06-01T00:00:00+00:00", &fresh[1..]);
    let (kept, archived) = (Some(LongTermLevel::Lt), Some(LongTermLevel::Lta));
    for (level, moment, expected) in [
        (kept, today, " PASSED OK accepted -"),
        (kept, later, " PASSED OK accepted -"),
        (archived, today, " PASSED OK accepted 2026-08-02T12:00:00"),
        (archived, later, " PASSED OK accepted 2026-08-02T12:00:00"),
        (None, later, " INDETERMINATE "),
    ] {
        let mut made = files(&town, level);
        if (level, moment) != (archived, later) {
            // Enough for what the level alone decides: each file costs time.
            made.truncate(3);
        }
        let name = format!("{level:?}-{}", &moment.0[..4]);
        let Some(said) = pyhanko_says(&town, &made, &name, moment) else {
            return;
        };
        let count: usize = made.iter().map(|one| one.signatures).sum();
        let found = said.matches(expected).count();
        assert_eq!(
            (found, said.lines().count()),
            (count, count),
            "{name}\n{said}"
        );
    }
}

/// Goal: a level that was renewed passes pyHanko. What it says when the first timestamping
/// authority has ended too is told in the table.
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
    let moment = ("2028-12-02T00:00:00+00:00", &lists[1..]);
    let Some(said) = pyhanko_says(&town, &made, "renewed", moment) else {
        return;
    };
    let passed = said
        .matches(" PASSED OK accepted 2026-08-02T12:00:00")
        .count();
    let signatures: usize = made.iter().map(|one| one.signatures).sum();
    assert_eq!(
        (passed, said.lines().count()),
        (signatures, signatures),
        "{said}"
    );
}

/// The same by pdfsig, which knows neither stores nor document timestamps but must find every
/// signature valid, and says nothing of Ed25519.
#[test]
fn pdfsig_finds_every_signature_of_our_levels_valid() {
    let town = Town::new(Stamps::Listed);
    let folder = folder("levels-pdfsig");
    for level in [None, Some(LongTermLevel::Lt), Some(LongTermLevel::Lta)] {
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

/// The CMS in each signature of an archived file, by OpenSSL over the bytes it covers.
#[test]
fn openssl_verifies_the_values_in_our_archived_files() {
    let town = Town::new(Stamps::NeverRevoked);
    let folder = folder("levels-openssl");
    let trust = write(&folder, "root.pem", town.pem().as_bytes());
    let moment = at(GATHERED).seconds().to_string();
    for made in files(&town, Some(LongTermLevel::Lta)) {
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
