//! Enciphered files: what they say is compared, not how it is written, and nobody is fooled by a
//! change to how they are enciphered (ISO 32000-2:2020, 7.6).

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chancery_pdf::{Limits, Pdf};
use chancery_signature as sig;
use md5::{Digest, Md5};
use rc4::{KeyInit, Rc4, StreamCipher};
use sig::{Answer, ValidationReport};

use crate::forge::{CONTENT, Forge, Plan, codes, form_objects, house, judged, plain, sig1};

/// Signed twice by pyHanko 0.38.0, with AES-128 and with AES-256 and its authentication codes
/// (ISO/TS 32004).
pub const TWICE: [(&str, &[u8]); 2] = [
    ("AES-128", include_bytes!("../enciphered/aes-128-twice.pdf")),
    ("AES-256", AES_256),
];
const AES_256: &[u8] = include_bytes!("../enciphered/aes-256-twice.pdf");

/// Not signed; written by qpdf.
pub const RC4: &[u8] = include_bytes!("../../../chancery-pdf/tests/enciphered/rc4-128.pdf");

/// What stands for an empty password (7.6.4.3.2).
const PADDING: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];
/// The object that says how the forged file is enciphered, and what leads to it.
const SAYS: u32 = 20;
const LEADS: &str = "/Encrypt 20 0 R/ID[(a)(b)]";

/// The key of the forged file: RC4 of 40 bits, the only method without a vector of chance.
fn key() -> Vec<u8> {
    let mut digest = Md5::new();
    digest.update(PADDING);
    digest.update([b'o'; 32]);
    digest.update((-4_i32).to_le_bytes());
    digest.update(b"a");
    digest.finalize()[..5].to_vec()
}

fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut cipher = Rc4::new_from_slice(key).unwrap();
    cipher.apply_keystream(&mut bytes);
    bytes
}

fn says(more: &str) -> String {
    let owner = "o".repeat(32);
    let proof = hex::encode(rc4(&key(), &PADDING));
    format!("<</Filter/Standard/V 1/R 2/O({owner})/U<{proof}>/P -4{more}>>")
}

/// These bytes as object `number` has them.
fn enciphered(number: u32, bytes: &[u8]) -> Vec<u8> {
    let mut digest = Md5::new();
    digest.update(key());
    digest.update(&number.to_le_bytes()[..3]);
    digest.update([0, 0]);
    rc4(&digest.finalize()[..10], bytes)
}

/// The strings of an object, enciphered; none of them holds a parenthesis.
fn strings(number: u32, text: &str) -> String {
    let mut parts = text.split('(');
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (string, rest) = part.split_once(')').unwrap();
        let digits = hex::encode(enciphered(number, string.as_bytes()));
        out += &format!("<{digits}>{rest}");
    }
    out
}

/// An object as it stands in the file.
fn sealed(number: u32, text: &str) -> Vec<u8> {
    let Some((head, body)) = text.split_once("\nstream\n") else {
        return strings(number, text).into_bytes();
    };
    let body = body.strip_suffix("\nendstream").unwrap();
    let body = enciphered(number, body.as_bytes());
    let head = format!("{}\nstream\n", strings(number, head));
    [head.as_bytes(), &body, b"\nendstream"].concat()
}

/// Appends a revision with these objects, as they are.
fn write(forge: &mut Forge, objects: &[(u32, Vec<u8>)]) {
    let mut places = Vec::new();
    for (number, bytes) in objects {
        places.push((*number, forge.bytes.len()));
        forge.bytes.extend(format!("{number} 0 obj\n").as_bytes());
        forge.bytes.extend(bytes);
        forge.bytes.extend(b"\nendobj\n");
    }
    forge.finish(&places);
}

fn all_sealed(objects: &[(u32, String)]) -> Vec<(u32, Vec<u8>)> {
    let sealed = |(number, text): &(u32, String)| (*number, sealed(*number, text));
    objects.iter().map(sealed).collect()
}

/// The form, enciphered, with `Sig1` signed and `extra` in the signature's dictionary.
fn signed(extra: &str) -> Forge {
    let mut forge = Forge::empty();
    forge.trailer_extra = LEADS.to_owned();
    let mut objects = all_sealed(&form_objects());
    objects.push((SAYS, says("").into_bytes()));
    write(&mut forge, &objects);
    let (number, field) = sig1(9);
    let mut plan = Plan::new(9, vec![(number, strings(number, &field))]);
    plan.extra = strings(9, extra);
    forge.sign(&plan, |spans| plain(&house(), spans));
    forge
}

fn report(forge: &Forge) -> ValidationReport {
    judged(&house(), &forge.bytes)
}

fn passes(forge: &Forge, what: &str) -> ValidationReport {
    let report = report(forge);
    assert_eq!(report.intact, Answer::Yes, "{what}: {:?}", codes(&report));
    report
}

fn stopped(forge: &Forge, code: &str, what: &str) {
    let report = report(forge);
    let codes = codes(&report);
    assert!(codes.contains(&code), "{what}: {codes:?}");
    assert_ne!(report.intact, Answer::Yes, "{what}");
}

/// The field `Amount` filled in with its appearance.
fn filled() -> Vec<(u32, Vec<u8>)> {
    let own = form_objects().into_iter().find(|one| one.0 == 5).unwrap().1;
    all_sealed(&[
        (5, own.replace("(100)", "(250)")),
        (8, crate::forge::appearance("(250)")),
    ])
}

/// Goal: an enciphered form is judged as one in the clear is. Method: what a lock by name leaves
/// open and closes, under names that stand in two objects as different bytes.
#[test]
fn check_22_a_lock_by_name_is_read_in_an_enciphered_file() {
    for (lock, closed) in [
        ("/Include/Fields[(Amount)]", true),
        ("/Include/Fields[(Other)]", false),
        ("/Exclude/Fields[(Amount)]", false),
        ("/Exclude/Fields[(Other)]", true),
        ("/All", true),
    ] {
        let parameters = format!("/TransformParams<</V/1.2/Action{lock}>>");
        let extra = format!("/Reference[<</TransformMethod/FieldMDP{parameters}>>]");
        let mut forge = signed(&extra);
        let alone = passes(&forge, lock);
        assert_eq!(alone.signatures[0].field.as_deref(), Some("Sig1"));
        write(&mut forge, &filled());
        match closed {
            true => stopped(&forge, "field_locked", lock),
            false => {
                let report = passes(&forge, lock);
                assert!(codes(&report).contains(&"field_filled"), "{lock}");
            }
        }
    }
}

/// Goal: what an enciphered file shows does not change after signing. Method: the page drawn anew
/// with the same bytes, with other ones, and with the same in the clear, which readers decipher;
/// a name in the clear likewise.
#[test]
fn check_08_the_content_of_an_enciphered_file_stays() {
    let content = |price: &str| sealed(4, &CONTENT.replace("100", price));
    let field = form_objects().into_iter().find(|one| one.0 == 5).unwrap().1;
    for (object, bytes, code) in [
        (4, content("100"), None),
        (4, content("900"), Some("content_changed")),
        (4, CONTENT.as_bytes().to_vec(), Some("content_changed")),
        (5, sealed(5, &field), None),
        (5, field.clone().into_bytes(), Some("added_after_signing")),
    ] {
        let mut forge = signed("");
        write(&mut forge, &[(object, bytes)]);
        match code {
            None => drop(passes(&forge, "the same")),
            Some(code) => stopped(&forge, code, code),
        }
    }
}

/// Goal: a text in the clear is none of an enciphered file's, whatever it seems to say: some
/// readers decipher it to noise, and some show it. Method: a field written anew as it was, and with
/// one string of it in the clear.
#[test]
fn check_08_a_text_that_does_not_decipher_is_like_no_other() {
    let pdf = Pdf::open(AES_256, &Limits::default()).unwrap();
    let fields = pdf.fields().unwrap();
    let amount = fields.iter().find(|one| one.name == "amount").unwrap().id;
    let object = pdf.get(amount).unwrap();
    let field = object.as_dictionary().unwrap();
    let written = |clear: &[u8]| {
        let mut text = String::from("<<");
        for entry in field.entries() {
            let key = String::from_utf8(entry.key.clone()).unwrap();
            let raw = &AES_256[entry.value_span.clone()];
            let raw = String::from_utf8(raw.to_vec()).unwrap();
            let value = match entry.key == clear {
                true => format!("({})", entry.value.as_text().unwrap()),
                false => raw,
            };
            text += &format!("/{key} {value}");
        }
        text + ">>"
    };
    for (clear, holds) in [
        (&b""[..], true),
        (b"T", false),
        (b"DA", false),
        (b"V", false),
    ] {
        let mut forge = continued();
        forge.trailer_extra += "/AuthCode<</MACLocation/Standalone/MAC<3000>>>";
        write(&mut forge, &[(amount.number, written(clear).into_bytes())]);
        match holds {
            true => drop(passes(&forge, "as it was")),
            false => assert_ne!(report(&forge).intact, Answer::Yes, "{clear:?}"),
        }
    }
}

/// Goal: how a file is enciphered stays. Method: another key source, the same under another
/// number, one that is given up, one that a file in the clear is given.
#[test]
fn check_10_how_an_enciphered_file_is_enciphered_stays() {
    let code = "added_after_signing";
    let mut forge = signed("");
    write(&mut forge, &[(SAYS, says("").into_bytes())]);
    passes(&forge, "the same");
    let mut forge = signed("");
    write(&mut forge, &[(SAYS, says("/StmF/Identity").into_bytes())]);
    stopped(&forge, code, "another dictionary");
    let told = format!("{:?}", report(&forge).signatures[0].changes);
    assert!(
        told.contains("how an enciphered file is enciphered"),
        "{told}"
    );
    let mut forge = signed("");
    forge.trailer_extra = LEADS.replace("20 0 R", "30 0 R");
    write(&mut forge, &[(30, says("/Length 128").into_bytes())]);
    stopped(&forge, code, "another object");
    let mut forge = signed("");
    forge.trailer_extra = "/ID[(a)(b)]".to_owned();
    forge.finish(&[]);
    stopped(&forge, code, "none any more");
    let mut forge = signed("");
    forge.trailer_extra = LEADS.replace("(a)", "(c)");
    forge.finish(&[]);
    stopped(&forge, code, "another identifier");
    stopped(&forge, "file_unopened", "another identifier");
    let mut forge = crate::forge::signed(&house());
    forge.trailer_extra = LEADS.to_owned();
    write(&mut forge, &[(SAYS, says("").into_bytes())]);
    stopped(&forge, code, "a file that was in the clear");
}

/// Goal: evidence that a later revision brings is what it says to be, where it can be deciphered.
#[test]
fn check_08_evidence_in_an_enciphered_file_is_deciphered() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>\
        /DSS<</Certs[40 0 R]>>>>";
    let der = String::from_utf8(crate::forge::list_of(b"a")).unwrap();
    let der = format!("<</Length {}>>\nstream\n{der}\nendstream", der.len());
    let der = der.as_str();
    let text = "<</Length 5>>\nstream\n1 0 m\nendstream";
    for (stream, code) in [
        (sealed(40, der), None),
        (sealed(40, text), Some("added_after_signing")),
        (der.as_bytes().to_vec(), Some("added_after_signing")),
    ] {
        let mut forge = signed("");
        let catalog = (1, catalog.as_bytes().to_vec());
        write(&mut forge, &[catalog, (40, stream)]);
        match code {
            None => drop(passes(&forge, "evidence")),
            Some(code) => stopped(&forge, code, "no evidence"),
        }
    }
}

/// Goal: where the key cannot be had the report says so, names fields by their objects, and shows
/// nothing of what is enciphered.
#[test]
fn check_27_nothing_enciphered_is_shown() {
    let mut forge = signed("/Reason(I agree)/M(D:20260801120000Z)");
    passes(&forge, "known");
    let claimed = |forge: &Forge| {
        let facts = sig::gather(&forge.bytes, None, &sig::Limits::default());
        facts.signatures[0].claimed_time.clone()
    };
    assert_eq!(claimed(&forge).as_deref(), Some("D:20260801120000Z"));
    let proof = hex::encode(rc4(&key(), &PADDING));
    let other = "7".repeat(proof.len());
    for at in 0..forge.bytes.len() - proof.len() {
        if forge.bytes[at..].starts_with(proof.as_bytes()) {
            forge.bytes[at..at + proof.len()].copy_from_slice(other.as_bytes());
        }
    }
    let report = report(&forge);
    let reasons = report.reasons.iter().chain(&report.signatures[0].warnings);
    let mut told = reasons.filter(|one| one.code.key() == "file_unopened");
    assert_eq!(&told.next().expect("a word").args["why"], "password");
    assert_eq!(report.signatures[0].field.as_deref(), Some("#6"));
    assert_eq!(claimed(&forge), None);
}

/// Goal: honest files pass that were signed twice: what was enciphered anew with another vector
/// says the same, and the authentication code of the file is made anew.
#[test]
fn files_that_pyhanko_signed_twice_pass() {
    for (name, file) in TWICE {
        let report = judged(&house(), file);
        assert_eq!(report.intact, Answer::Yes, "{name}: {:?}", codes(&report));
        let fields = report.signatures.iter().map(|one| one.field.as_deref());
        assert_eq!(fields.collect::<Vec<_>>(), [Some("First"), Some("Second")]);
    }
}

/// `AES_256` as a forged file that can be continued.
fn continued() -> Forge {
    let pdf = Pdf::open(AES_256, &Limits::default()).unwrap();
    let text = |key: &[u8]| {
        let span = pdf
            .trailer()
            .entry(key)
            .expect("an entry")
            .value_span
            .clone();
        String::from_utf8(AES_256[span].to_vec()).unwrap()
    };
    let last = pdf.revisions().last().unwrap();
    Forge {
        bytes: AES_256.to_vec(),
        table: usize::try_from(last.startxref).unwrap(),
        size: text(b"Size").parse().unwrap(),
        root: pdf.catalog_id().unwrap().number,
        trailer_extra: format!("/Encrypt {}/ID{}", text(b"Encrypt"), text(b"ID")),
    }
}

/// Goal: the authentication code of a file may be made anew, and be nothing else. Method: codes of
/// the two kinds, and what is none.
#[test]
fn check_08_the_authentication_code_is_made_anew() {
    let long = format!("/MACLocation/Standalone/MAC<{}>", "30".repeat(20_000));
    for (code, holds) in [
        ("/MACLocation/Standalone/MAC<3000>/ByteRange[0 1 2 3]", true),
        ("/MACLocation/AttachedToSig/SigObjRef 13 0 R", true),
        (
            "/MACLocation/Standalone/MAC(1 0 obj)/ByteRange[0 1 2 3]",
            false,
        ),
        ("/MACLocation/Standalone/MAC<3000>/More 4 0 R", false),
        ("/MACLocation/Standalone/MAC 4 0 R", false),
        (
            "/MACLocation/Standalone/MAC<3000>/MAC<3001>/ByteRange[0 1 2 3]",
            false,
        ),
        (long.as_str(), false),
    ] {
        let mut forge = continued();
        forge.trailer_extra += &format!("/AuthCode<<{code}>>");
        forge.finish(&[]);
        match holds {
            true => drop(passes(&forge, code)),
            false => stopped(&forge, "added_after_signing", code),
        }
    }
    let mut forge = continued();
    forge.finish(&[]);
    stopped(&forge, "added_after_signing", "no code any more");
    // A file that had none is not given one.
    let mut forge = signed("");
    forge.trailer_extra += "/AuthCode<</MACLocation/Standalone/MAC<3000>>>";
    forge.finish(&[]);
    stopped(&forge, "added_after_signing", "a first code");
}

/// Goal: a text that the key does not fit is the same as nothing else, and locks everything where
/// it is the name of what a signature locks. Method: names in the clear, which AES cannot be.
#[test]
fn check_22_a_name_that_does_not_decipher_locks_everything() {
    let pdf = Pdf::open(AES_256, &Limits::default()).unwrap();
    let fields = pdf.fields().unwrap();
    let amount = fields.iter().find(|one| one.name == "amount").unwrap().id;
    let widget = "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/Rect[50 600 350 630]/F 4>>";
    let mut forge = continued();
    forge.trailer_extra += "/AuthCode<</MACLocation/Standalone/MAC<3000>>>";
    write(&mut forge, &[(amount.number, widget.as_bytes().to_vec())]);
    stopped(&forge, "added_after_signing", "a name in the clear");
    let lock = "/TransformParams<</V/1.2/Action/Include/Fields[(x)]>>";
    let extra = format!("/Reference[<</TransformMethod/FieldMDP{lock}>>]");
    let signature = fields.iter().find(|one| one.name == "Second").unwrap().id;
    let place = pdf.get(signature).unwrap();
    let value = place.as_dictionary().unwrap().get(b"V").unwrap();
    let number = value.as_reference().unwrap().number;
    let mut forge = continued();
    let mut plan = Plan::new(number, Vec::new());
    plan.extra = extra;
    forge.sign(&plan, |spans| plain(&house(), spans));
    write(&mut forge, &[(amount.number, widget.as_bytes().to_vec())]);
    let facts = sig::gather(&forge.bytes, None, &sig::Limits::default());
    let locks: Vec<_> = facts.signatures.iter().map(|one| &one.locks).collect();
    let locks = format!("{locks:?}");
    assert!(locks.contains("All"), "{locks}");
}

/// Goal: any change of an enciphered file gives a report, in bounded time, and no change of what is
/// signed passes. Method: bytes changed, cut out and doubled, from a seed.
#[test]
#[expect(clippy::disallowed_methods, reason = "measures the time")]
fn any_change_of_an_enciphered_file_is_judged() {
    let house = house();
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    let forged = signed("");
    let files = [TWICE[0].1, TWICE[1].1, forged.bytes.as_slice()];
    for round in 0..600 {
        let mut file = files[round % 3].to_vec();
        for _ in 0..=next(3) {
            let at = next(file.len() - 64);
            match next(4) {
                0 => file[at] = u8::try_from(next(256)).unwrap(),
                1 => file[at] ^= 1 << next(8),
                2 => drop(file.drain(at..at + 1 + next(40))),
                _ => {
                    let piece = file[at..at + next(40)].to_vec();
                    file.splice(at..at, piece);
                }
            }
        }
        let start = Instant::now();
        let report = judged(&house, &file);
        assert!(start.elapsed() < Duration::from_secs(5), "round {round}");
        let crypto = report.signatures.first().map(|one| one.crypto);
        assert!(
            report.intact != Answer::Yes || crypto == Some(Answer::Yes),
            "round {round}"
        );
    }
}

/// pyHanko's Python; `None`, with a clear word, if it is not told where.
fn python() -> Option<std::path::PathBuf> {
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

/// Goal: files that pyHanko enciphers, signs and fills in are judged by what they say. Method: each
/// kind of encryption, and what came after the first signature.
#[test]
fn files_of_pyhanko_are_judged_by_what_they_say() {
    let Some(python) = python() else {
        return;
    };
    let folder = std::env::temp_dir().join(format!("chancery-enciphered-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyhanko_enciphered.py");
    let output = Command::new(python).arg(script).arg(&folder).output();
    let output = output.expect("pyHanko's Python runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    for kind in ["rc4-128", "aes-128", "aes-256"] {
        for (case, intact, code) in [
            ("signed", Answer::Yes, "time_unproven"),
            ("twice", Answer::Yes, "time_unproven"),
            ("certified-twice", Answer::Yes, "time_unproven"),
            ("filled", Answer::Yes, "field_filled"),
            ("filled-over", Answer::Yes, "field_filled"),
            ("certified-filled", Answer::Yes, "field_filled"),
            ("closed-filled", Answer::No, "certified_against_changes"),
            ("lock-obeyed", Answer::Yes, "field_filled"),
            ("lock-broken", Answer::No, "field_locked"),
            ("exclusion-obeyed", Answer::Yes, "field_filled"),
            ("exclusion-broken", Answer::No, "field_locked"),
            ("marked-over", Answer::Undecided, "mark_hides"),
            ("marked-beside", Answer::Yes, "mark_added"),
            ("rewritten", Answer::Yes, "time_unproven"),
            ("redrawn", Answer::No, "content_changed"),
        ] {
            let file = std::fs::read(folder.join(format!("{kind}-{case}.pdf"))).unwrap();
            let report = judged(&house(), &file);
            let codes = codes(&report);
            assert_eq!(report.intact, intact, "{kind} {case}: {codes:?}");
            assert!(codes.contains(&code), "{kind} {case}: {codes:?}");
            assert_eq!(report.signatures[0].field.as_deref(), Some("First"));
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
