//! Files that are a signed file to us and another file to a program that opens them, and signatures
//! that fit two files.

use crate::forge::*;
use crate::support::{House, at, key, signing_moment};
use base64::Engine as _;
use chancery_signature as sig;
use sig::{Answer, AuthorityRequest, Indication, KeyKind, Limits, ValidationReport};

const TEXT: &[u8] = b"Pay 10 to Bob";

fn read(file: &[u8], content: Option<&[u8]>) -> ValidationReport {
    judge_facts(&house(), &sig::gather(file, content, &Limits::default()))
}

/// Which other file is told, of a file that is undecided for that alone.
fn carried(file: &[u8], content: Option<&[u8]>) -> Option<String> {
    let report = read(file, content);
    let told = &report.signatures[0].reasons;
    let found = told.iter().find(|one| one.code.key() == "carries_other");
    let (intact, indication) = match found {
        Some(_) => (Answer::Undecided, Indication::Indeterminate),
        None => (Answer::Yes, Indication::TotalPassed),
    };
    assert_eq!(report.intact, intact, "{:?}", codes(&report));
    assert_eq!(report.indication, indication, "{:?}", codes(&report));
    found.map(|one| one.args["what"].to_owned())
}

fn attached() -> Cms {
    let mut cms = Cms::over(&house(), &[TEXT]);
    cms.content = Some(TEXT.to_vec());
    cms
}

/// Text in UTF-16, its small halves first; behind a zero byte and up to it, its large ones.
fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// What another file has, and what it is told as.
fn beginnings() -> Vec<(Vec<u8>, &'static str)> {
    let local = b"PK\x03\x04\x14\0\0\0\0\0".to_vec();
    let directory = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
    vec![
        (b"%PDF-1.7".to_vec(), "pdf"),
        (b"startxref\n17\n".to_vec(), "pdf"),
        (b"%%EOF".to_vec(), "pdf"),
        (b"4 0 obj\n<<>>".to_vec(), "pdf"),
        (local, "archive"),
        (directory, "archive"),
        (b"Rar!\x1a\x07\x01".to_vec(), "archive"),
        (b"7z\xbc\xaf\x27\x1c".to_vec(), "archive"),
        (b"%!PS-Adobe".to_vec(), "postscript"),
        (b"{\\rtf1 pay}".to_vec(), "text"),
        (b"<HTML>".to_vec(), "page"),
        (b"<!DOCTYPE html>".to_vec(), "page"),
        (b"<script src=x>".to_vec(), "page"),
        (b"<Div\nstyle=x>".to_vec(), "page"),
        // As some programs read them, whatever the standard says.
        (b"%PDF_1.7".to_vec(), "pdf"),
        (b"1\x000\0obj<<>>".to_vec(), "pdf"),
        (b"x1%\n0%\nobj<<>>".to_vec(), "pdf"),
        (b"1 +0 obj".to_vec(), "pdf"),
        (b"1 0- obj".to_vec(), "pdf"),
        (b"1 0. obj".to_vec(), "pdf"),
        ([&b"7%"[..], &[b'a'; 9000], b"\r0 obj"].concat(), "pdf"),
        (b"PK\x05\x06\x01\0\0\0\x01\0\x01\0".to_vec(), "archive"),
        (b"PK\x03\x04\0\0\0\0\0\0".to_vec(), "archive"),
        (b"PK\x06\x06".to_vec(), "archive"),
        (b"<h1>PAY 1 000 000 EUR".to_vec(), "page"),
        (b"<p>\0P\0A\0Y 1 000".to_vec(), "page"),
        (b"<xmp hidden>".to_vec(), "page"),
        // Elements of any name, by their words or by an attribute.
        (b"<x-y>PAY 1 000 000 EUR".to_vec(), "page"),
        (b"<acronym>PAY 1 000 000 EUR".to_vec(), "page"),
        (b"<x\x80\x01 style=position:fixed>".to_vec(), "page"),
        (
            b"<q\xff a='\x01'STYLE\n= \"position:fixed\">".to_vec(),
            "page",
        ),
        (b"<x\x80/onfocus=alert()>".to_vec(), "page"),
        (wide("<h1>PAY 1 000 000"), "page"),
        (wide("<html>"), "page"),
        (wide("<x-y>PAY 1 000 000"), "page"),
        (wide("\u{1234} style=position:fixed"), "page"),
        ([&[0][..], &wide("<html>")].concat(), "page"),
        (b"<br/>\n<i>a page</i>".to_vec(), "page"),
    ]
}

#[test]
fn check_15_what_nobody_signed_in_cms_is_no_other_file() {
    assert_eq!(carried(&attached().build(&[TEXT]), None), None);
    for (bytes, kind) in beginnings() {
        let kind = Some(kind.to_owned());
        let hidden = der(4, &[b"a", &bytes, b"z"]);
        let mut cms = attached();
        cms.unsigned = vec![attribute("1.2.3.5", &[&hidden])];
        assert_eq!(carried(&cms.build(&[TEXT]), None), kind, "unsigned");
        // Another kind of certificate, which is left out.
        let mut cms = attached();
        let signer = cms.signer_info(&[TEXT]);
        cms.certificate.extend(der(0xa2, &[&hidden]));
        let cms = cms.with_signers(&[signer]);
        assert_eq!(carried(&cms, None), kind, "certificates");
        let behind = [attached().build(&[TEXT]), bytes.clone()].concat();
        assert_eq!(carried(&behind, None), kind, "behind");
        // The same beside the content that was given.
        let mut cms = Cms::over(&house(), &[TEXT]);
        cms.unsigned = vec![attribute("1.2.3.5", &[&hidden])];
        assert_eq!(carried(&cms.build(&[TEXT]), Some(TEXT)), kind, "detached");
    }
}

#[test]
fn check_15_what_is_signed_in_cms_is_of_any_kind() {
    for (bytes, kind) in beginnings() {
        let mut cms = Cms::over(&house(), &[&bytes]);
        cms.content = Some(bytes.clone());
        cms.replace("1.2.3.5", &[attribute("1.2.3.5", &[&der(4, &[&bytes])])]);
        assert_eq!(carried(&cms.build(&[&bytes]), None), None, "{kind}");
    }
    // Words that are nothing by themselves.
    for bytes in [
        &b"PK\x04\x05"[..],
        b"obj 4 obj",
        b"1 0 x obj 12 obj a+b-c obj",
        b"<h1>\x01\x02",
        b"a <c> <divan> <",
        b"{rtf",
        b"<x>\x01\x02\x03",
        b"Alice <alice@example.com> of the office",
        b"<http://example.com/list?style=a&online=b>",
        b"restyle=1 mystyle=2 Style 3; on=4",
    ] {
        let mut cms = attached();
        cms.unsigned = vec![attribute("1.2.3.5", &[&der(4, &[bytes])])];
        assert_eq!(carried(&cms.build(&[TEXT]), None), None, "{bytes:?}");
    }
}

#[test]
fn check_15_what_one_of_several_signed_is_anybody_s_to_the_others() {
    let other = der(4, &[b"%PDF-1.7"]);
    let mut cms = attached();
    let first = cms.signer_info(&[TEXT]);
    cms.replace("1.2.3.5", &[attribute("1.2.3.5", &[&other])]);
    let second = cms.signer_info(&[TEXT]);
    let report = read(&cms.with_signers(&[second, first]), None);
    assert_ne!(report.intact, Answer::Yes, "{:?}", codes(&report));
    assert!(
        codes(&report).contains(&"carries_other"),
        "{:?}",
        codes(&report)
    );
}

#[test]
fn check_15_algorithms_hold_nothing_beside_their_names() {
    let with = |parameters: &[u8]| der(0x30, &[&oid(SHA256), parameters]);
    let listed = |more: Vec<u8>| {
        let mut cms = attached();
        cms.more_digests = more;
        carried(&cms.build(&[TEXT]), None)
    };
    let told = Some("parameters".to_owned());
    assert_eq!(listed(with(&[5, 0])), None);
    assert_eq!(listed(algorithm("2.16.840.1.101.3.4.2.3").repeat(9)), None);
    // What PKCS#7 of old names instead, and a digest of others.
    assert_eq!(listed(algorithm(ECDSA_SHA256)), None);
    assert_eq!(listed(algorithm("1.3.36.3.2.1")), None);
    let words = der(4, &[&[b'a'; 64]]);
    assert_eq!(listed(with(&words)), told);
    assert_eq!(listed(with(&[5, 1, b'a'])), told);
    assert_eq!(listed(with(&der(4, &[b"a"])).repeat(5)), told);
    assert_eq!(listed(algorithm("1.3.36.3.2.1").repeat(5)), told);
    assert_eq!(listed(der(0x30, &[&der(6, &[&[b'a'; 64]])])), told);
    assert_eq!(listed(der(0x30, &[&oid(SHA256), &words, &words])), told);
    let mut cms = attached();
    cms.digest = with(&words);
    assert_eq!(carried(&cms.build(&[TEXT]), None), told);
    let mut cms = attached();
    cms.scheme = der(0x30, &[&oid(ECDSA_SHA256), &words]);
    assert_eq!(carried(&cms.build(&[TEXT]), None), told);
}

/// A signature and its file in each other's places: the one that people open is the signature.
#[test]
fn check_15_a_signature_that_is_another_file_stays_undecided_however_it_is_given() {
    let mut cms = Cms::over(&house(), &[TEXT]);
    cms.unsigned = vec![attribute("1.2.3.5", &[&der(4, &[b"%PDF-1.7"])])];
    let body = base64::engine::general_purpose::STANDARD.encode(cms.build(&[TEXT]));
    // A mail program takes Base64 off, as we do.
    assert_eq!(carried(body.as_bytes(), Some(TEXT)).as_deref(), Some("pdf"));
    let plain = base64::engine::general_purpose::STANDARD.encode(attached().build(&[TEXT]));
    assert_eq!(carried(plain.as_bytes(), None), None);
    let page = format!("{body}\n<html: body>");
    let report = read(page.as_bytes(), Some(TEXT));
    assert!(
        codes(&report).contains(&"excess_bytes"),
        "{:?}",
        codes(&report)
    );
    let page = format!("-----<script>-----\n{body}");
    assert_eq!(
        carried(page.as_bytes(), Some(TEXT)).as_deref(),
        Some("page")
    );
}

#[test]
fn check_01_headers_of_a_message_are_short_words() {
    let body = base64::engine::general_purpose::STANDARD.encode(plain(&house(), &[TEXT]));
    let told = |head: &str| {
        let report = read(format!("{head}\n\n{body}").as_bytes(), Some(TEXT));
        codes(&report).contains(&"excess_bytes")
    };
    for head in [
        "MIME-Version: 1.0",
        "Content-Transfer-Encoding: BASE64",
        "Content-Disposition: attachment; filename=\"contract.pdf.p7s\"",
        "Content-Type: application/pkcs7-mime; smime-type=signed-data;name=smime.p7m;",
    ] {
        assert!(!told(head), "{head}");
    }
    for head in [
        "MIME-Version: 900",
        "Content-Transfer-Encoding: <p>",
        "Content-Disposition: pay",
        "X-Words: pay",
        "Content-Type: pay",
        "Content-Type: text/html;<body;style=x>",
        "Content-Type: text/<p>",
        "Content-Type: text/html; name=\"a",
        "Content-Type: text/html; name=<p>",
        "Content-Type: text/html; name",
        "Content-Type: text/html; a=1; a=1; a=1; a=1; a=1; a=1; a=1; a=1; a=1",
    ] {
        assert!(told(head), "{head}");
    }
}

/// Goal: a message is shown as it says that its body is. Method: kinds that are CMS or any bytes,
/// and others, with letters named, and lines that some programs read so.
#[test]
fn check_15_a_message_says_that_it_is_a_signature_and_nothing_else() {
    let body = base64::engine::general_purpose::STANDARD.encode(plain(&house(), &[TEXT]));
    let told = |head: &str| {
        let head = format!("MIME-Version: 1.0\n{head}\nContent-Transfer-Encoding: base64");
        carried(format!("{head}\n\n{body}").as_bytes(), Some(TEXT))
    };
    for kind in [
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        "application/pkcs7-signature; name=\"smime.p7s\"",
        "application/x-pkcs7-mime",
        "Application/X-PKCS7-Signature",
        "application/cms",
        "application/octet-stream",
    ] {
        assert_eq!(told(&format!("Content-Type: {kind}")), None, "{kind}");
    }
    for head in [
        "Content-Type: text/html",
        "Content-Type: text/html; charset=utf-16le",
        "Content-Type: text/plain",
        "Content-Type: application/xhtml+xml",
        "Content-Type: image/svg+xml",
        "Content-Type: application/pkcs7-mime; charset=utf-16le",
        "Content-Type: application/octet-stream; Charset=\"utf-16\"",
        "Content-Type: application/octet-stream; charset*=utf-16",
        "Content-Type : text/html",
        "X-Line: 1; charset=utf-16",
        "Content-Transfer-Encoding: 7bit",
    ] {
        assert_eq!(told(head).as_deref(), Some("message"), "{head}");
    }
}

/// What the fields say of a file on a tape: a block with the sum of its bytes.
fn put_sum(file: &mut [u8], from: usize) {
    let block = &mut file[from..from + 512];
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
}

/// Goal: what nobody signed makes the file no tape and no disc. Method: their marks at their places
/// in an unsigned attribute, and the same marks elsewhere.
#[test]
fn check_15_what_nobody_signed_is_no_tape_and_no_disc() {
    let room = |length: usize| {
        let mut cms = attached();
        cms.unsigned = vec![attribute("1.2.3.5", &[&der(4, &[&vec![b'.'; length]])])];
        let file = cms.build(&[TEXT]);
        let start = place(&file, &[b'.'; 64]);
        (file, start)
    };
    let archive = Some("archive".to_owned());
    let loose = Some("loose".to_owned());
    // Little enough to be nothing by itself.
    let (file, start) = room(1900);
    assert_eq!(carried(&file, None), None);
    let block = start.div_ceil(512) * 512;
    let mut tape = file.clone();
    tape[block + 257..block + 263].copy_from_slice(b"ustar\0");
    assert_eq!(carried(&tape, None), archive, "a tape of today");
    let mut tape = file.clone();
    put_sum(&mut tape, block);
    assert_eq!(carried(&tape, None), archive, "a tape of old");
    tape[block + 300] = b',';
    assert_eq!(carried(&tape, None), None, "another sum");
    let mut tape = file;
    tape[block + 258..block + 264].copy_from_slice(b"ustar\0");
    assert_eq!(carried(&tape, None), None, "beside its place");
    for (at, mark) in [
        (32_769, &b"CD001"[..]),
        (34_817, b"CD001"),
        (32_769 + 2048, b"NSR03"),
        (32_769 + 8, b"CDROM"),
    ] {
        let (mut disc, _) = room(40_000);
        assert_eq!(carried(&disc, None), loose, "much that nobody can read");
        disc[at..at + mark.len()].copy_from_slice(mark);
        assert_eq!(carried(&disc, None), archive, "{at}");
    }
}

/// Goal: what nobody signed is what it says. Method: what a structure may bring, with little and
/// with much in it that is no certificate, no list and no answer.
#[test]
fn check_15_what_nobody_signed_in_cms_can_be_read() {
    let judged = |certificates: &[u8], unsigned: &[Vec<u8>]| {
        let mut cms = attached();
        cms.unsigned = unsigned.to_vec();
        let signer = cms.signer_info(&[TEXT]);
        cms.certificate.extend(certificates);
        carried(&cms.with_signers(&[signer]), None)
    };
    let own = Cms::over(&house(), &[TEXT]).certificate;
    for (much, expected) in [(100, None), (5000, Some("loose".to_owned()))] {
        let octets = der(4, &[&vec![b'.'; much]]);
        let foreign = der(0xa3, &[&oid("1.2.3.5"), &octets]);
        assert_eq!(judged(&foreign, &[]), expected, "a foreign certificate");
        let broken = der(0x30, &[&octets]);
        assert_eq!(judged(&broken, &[]), expected, "no certificate");
        let unknown = attribute("1.2.3.5", &[&octets]);
        assert_eq!(judged(&[], &[unknown]), expected, "an unknown attribute");
        let values = attribute(
            "1.2.840.113549.1.9.16.2.23",
            &[&der(0x30, &[&own, &broken])],
        );
        assert_eq!(judged(&[], &[values]), expected, "values that are none");
    }
    let values = attribute(
        "1.2.840.113549.1.9.16.2.23",
        &[&der(0x30, &[&own.repeat(8)])],
    );
    assert_eq!(judged(&[], &[values]), None, "certificates");
}

/// Goal: a policy may stand beside a signature whose signer signed its digest. Method: that one and
/// another one, by its digest and by the digest within it.
#[test]
fn check_15_a_policy_beside_a_signature_is_the_one_that_was_signed() {
    let sha256 = |bytes: &[u8]| sig::DigestAlgorithm::Sha256.digest(&[bytes]);
    let told = |digest: &[u8], policy: &[u8]| {
        let mut cms = attached();
        let id = oid("1.2.3.5");
        let named = der(0x30, &[&algorithm(SHA256), &der(4, &[digest])]);
        let kind = "1.2.840.113549.1.9.16.2.15";
        cms.replace(kind, &[attribute(kind, &[&der(0x30, &[&id, &named])])]);
        let stored = der(0x30, &[&id, &der(4, &[policy])]);
        cms.unsigned = vec![attribute("0.4.0.19122.1.3", &[&stored])];
        carried(&cms.build(&[TEXT]), None)
    };
    let loose = Some("loose".to_owned());
    let policy = [b'.'; 5000];
    assert_eq!(told(&sha256(&policy), &policy), None);
    assert_eq!(told(&sha256(b"another"), &policy), loose);
    let parts = [algorithm(SHA256), der(0x30, &[&der(4, &[&policy])])].concat();
    let own = sha256(&parts);
    assert_eq!(told(&own, &der(0x30, &[&parts, &der(4, &[&own])])), None);
    let other = der(
        0x30,
        &[&algorithm(SHA256), &der(0x30, &[&policy]), &der(4, &[&own])],
    );
    assert_eq!(told(&own, &other), loose);
}

/// What the signature covers, in one piece; and the structure.
fn closed(file: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let gap = place(file, b"/Contents<") + 9;
    let end = gap + place(&file[gap..], b">") + 1;
    let room = hex::decode(&file[gap + 1..end - 1]).unwrap();
    let (_, whole, _, _) = split(&room);
    ([&file[..gap], &file[end..]].concat(), whole.to_vec())
}

#[test]
fn check_11_a_gap_that_was_taken_out_is_told() {
    let file = signed(&house()).bytes;
    assert_eq!(judged(&house(), &file).intact, Answer::Yes);
    let (content, structure) = closed(&file);
    let report = read(&structure, Some(&content));
    assert_eq!(report.intact, Answer::Undecided, "{:?}", codes(&report));
    assert_eq!(report.crypto, Answer::Yes);
    let told = &report.signatures[0].reasons;
    let told = told.iter().find(|one| one.code.key() == "other_content");
    assert_eq!(told.map(|one| &one.args["how"]), Some("with_gap"));
    // The same put into the structure.
    let mut inside = Cms::over(&house(), &[&content]);
    inside.content = Some(content.clone());
    let report = read(&inside.build(&[&content]), None);
    assert!(codes(&report).contains(&"other_content"));
    // A signature beside a signed file is over that file, whatever stands in it.
    let beside = plain(&house(), &[&file]);
    let report = read(&beside, Some(&file));
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    // Numbers of another length are no gap of this content.
    for content in [
        &b"[0 5 9 17]      "[..],
        b"[1 5 9 11]      ",
        b"[0 9 5 7]       ",
        b"[0 5 9 11 ",
        b"[0 5 9 11 3]    ",
    ] {
        let report = read(&plain(&house(), &[content]), Some(content));
        assert_eq!(report.intact, Answer::Yes, "{content:?}");
    }
    for content in [&b"[0 5 9 11]      "[..], b"[\n00 +5\t9 11 ]  "] {
        let report = read(&plain(&house(), &[content]), Some(content));
        assert_eq!(report.intact, Answer::Undecided, "{content:?}");
    }
}

/// A signed form in whose covered bytes, put together, the end leads to `word`.
fn leading_to(word: &str) -> ValidationReport {
    let build = |pad: usize| {
        let mut forge = Forge::form();
        forge.trailer_extra = format!("/Note({}{word}\n)", " ".repeat(pad));
        let plan = Plan::new(9, vec![sig1(9)]);
        forge.sign(&plan, |spans| plain(&house(), spans));
        (forge.bytes, forge.table)
    };
    let (file, table) = build(0);
    let note = table + place(&file[table..], b"/Note(") + 6;
    let gap = 2 * 6000 + 2;
    judged(&house(), &build(table + gap - note).0)
}

#[test]
fn check_11_covered_bytes_that_are_a_file_by_themselves_are_told() {
    for word in ["xref", "7 0 obj", " \n12 0  obj"] {
        let report = leading_to(word);
        assert_eq!(report.intact, Answer::Undecided, "{:?}", codes(&report));
        let told = &report.signatures[0].reasons;
        let told = told.iter().find(|one| one.code.key() == "other_content");
        assert_eq!(told.map(|one| &one.args["how"]), Some("without_gap"));
    }
    for word in ["xre", "7 obj", "7 0"] {
        let report = leading_to(word);
        assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    }
}

#[test]
fn check_11_covered_bytes_that_are_an_archive_are_told() {
    let with = |behind: usize| {
        let mut forge = Forge::form();
        let word = "PK\u{5}\u{6}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{1}\u{1}";
        forge.trailer_extra = format!("/Note({word})/Other({})", " ".repeat(behind));
        forge.sign(&Plan::new(9, vec![sig1(9)]), |spans| plain(&house(), spans));
        let start = place(&forge.bytes, b"PK\x05\x06") + 22;
        (judged(&house(), &forge.bytes), forge.bytes.len() - start)
    };
    let (report, rest) = with(0);
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    let (report, rest) = with(0x101 - rest);
    assert_eq!(rest, 0x101);
    assert!(
        codes(&report).contains(&"other_content"),
        "{:?}",
        codes(&report)
    );
    assert_eq!(report.intact, Answer::Undecided);
}

#[test]
fn check_15_what_came_to_a_pdf_is_no_other_file() {
    let with = |name: &str| {
        let request = AuthorityRequest {
            common_name: name.to_owned(),
            organisation: None,
            serial: [1; 16],
            not_before: at("2026-01-01T00:00:00Z"),
            not_after: at("2036-01-01T00:00:00Z"),
        };
        let own = sig::make_root(&key(KeyKind::EcdsaP256, 9), &request).unwrap();
        let mut forge = signed(&house());
        let number = |forge: &mut Forge, number: u32, body: &[u8]| {
            let place = forge.bytes.len();
            forge.bytes.extend(format!("{number} 0 obj\n").into_bytes());
            forge.bytes.extend(body);
            forge.bytes.extend(b"\nendobj\n");
            (number, place)
        };
        let catalog = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>\
            /DSS<</Certs[12 0 R]>>>>";
        let head = format!("<</Length {}>>\nstream\n", own.len());
        let stream = [head.as_bytes(), &own, b"\nendstream"].concat();
        let places = [
            number(&mut forge, 1, catalog),
            number(&mut forge, 12, &stream),
        ];
        forge.finish(&places);
        judged(&house(), &forge.bytes)
    };
    let report = with("Office & Co <office@example.com>");
    assert_eq!(report.intact, Answer::Yes, "{:?}", codes(&report));
    for name in [
        "<html>Pay 900",
        "<SCRIPT src=x>",
        "%PDF-1.7",
        "<!doctype html>",
        "<div style=x>",
        "<x-y>Pay 900 to Mallory",
    ] {
        let report = with(name);
        assert!(
            codes(&report).contains(&"carries_other"),
            "{name}: {:?}",
            codes(&report)
        );
        assert_eq!(report.intact, Answer::Undecided, "{name}");
        assert_eq!(report.indication, Indication::Indeterminate, "{name}");
    }
}

/// A form with a document timestamp of the house in a field of its own.
fn stamped(mut forge: Forge, house: &House) -> ValidationReport {
    let own = |number: u32, text: &str| (number, text.to_owned());
    let catalog =
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 10 0 R]/SigFlags 3>>>>";
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>>>\
        /Annots[5 0 R 6 0 R 10 0 R]>>";
    let field =
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig2)/Rect[0 0 0 0]/F 132/P 3 0 R/V 11 0 R>>";
    let mut plan = Plan::new(11, vec![own(1, catalog), own(3, page), own(10, field)]);
    plan.sub_filter = "ETSI.RFC3161";
    forge.sign(&plan, |spans| {
        house.token(&spans.concat(), signing_moment())
    });
    judged(house, &forge.bytes)
}

#[test]
fn check_36_a_file_with_timestamps_alone_is_signed_by_nobody() {
    let house = house();
    let report = stamped(Forge::form(), &house);
    assert_eq!(
        report.indication,
        Indication::Indeterminate,
        "{:?}",
        codes(&report)
    );
    assert!(codes(&report).contains(&"only_timestamps"));
    // What the timestamp proves, it proves.
    assert_eq!((report.intact, report.crypto), (Answer::Yes, Answer::Yes));
    assert_eq!(report.signatures[0].indication, Indication::TotalPassed);
    let report = stamped(signed(&house), &house);
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(&report)
    );
    assert!(!codes(&report).contains(&"only_timestamps"));
}

/// The beginnings of the two files of <https://shattered.io>, 2017: they have one SHA-1.
const COLLIDING: [&str; 2] = [
    "255044462d312e330a25e2e3cfd30a0a0a312030206f626a0a3c3c2f57696474682032203020522f4865\
        696768742033203020522f547970652034203020522f537562747970652035203020522f46696c746572\
        2036203020522f436f6c6f7253706163652037203020522f4c656e6774682038203020522f4269747350\
        6572436f6d706f6e656e7420383e3e0a73747265616d0affd8fffe00245348412d312069732064656164\
        2121212121852fec092339759c39b1a1c63c4c97e1fffe017346dc9166b67e118f029ab621b2560ff9ca\
        67cca8c7f85ba84c79030c2b3de218f86db3a90901d5df45c14f26fedfb3dc38e96ac22fe7bd728f0e45\
        bce046d23c570feb141398bb552ef5a0a82be331fea48037b8b5d71f0e332edf93ac3500eb4ddc0decc1\
        a864790c782c76215660dd309791d06bd0af3f98cda4bc4629b1",
    "255044462d312e330a25e2e3cfd30a0a0a312030206f626a0a3c3c2f57696474682032203020522f4865\
        696768742033203020522f547970652034203020522f537562747970652035203020522f46696c746572\
        2036203020522f436f6c6f7253706163652037203020522f4c656e6774682038203020522f4269747350\
        6572436f6d706f6e656e7420383e3e0a73747265616d0affd8fffe00245348412d312069732064656164\
        2121212121852fec092339759c39b1a1c63c4c97e1fffe017f46dc93a6b67e013b029aaa1db2560b45ca\
        67d688c7f84b8c4c791fe02b3df614f86db1690901c56b45c1530afedfb76038e972722fe7ad728f0e49\
        04e046c230570fe9d41398abe12ef5bc942be33542a4802d98b5d70f2a332ec37fac3514e74ddc0f2cc1\
        a874cd0c78305a21566461309789606bd0bf3f98cda8044629a1",
];

#[test]
fn check_35_bytes_that_were_made_to_collide_fit_no_signature() {
    let real = hex::decode("f92d74e3874587aaf443d1db961d4e26dde13e9c").unwrap();
    let signed = |content: &[u8], digest: &[u8]| {
        let mut cms = Cms::over(&house(), &[content]);
        cms.digest = algorithm("1.3.14.3.2.26");
        cms.scheme = algorithm("1.2.840.10045.4.1");
        let digest = attribute(MESSAGE_DIGEST, &[&der(4, &[digest])]);
        cms.replace(MESSAGE_DIGEST, &[digest]);
        read(&cms.build(&[content]), Some(content))
    };
    for text in COLLIDING {
        let content = hex::decode(text).unwrap();
        let report = signed(&content, &real);
        assert!(
            codes(&report).contains(&"digest_differs"),
            "{:?}",
            codes(&report)
        );
        assert_eq!(report.intact, Answer::No);
    }
    let known = hex::decode("a9993e364706816aba3e25717850c26c9cd0d89d").unwrap();
    let report = signed(b"abc", &known);
    let told = codes(&report);
    assert!(!told.contains(&"digest_differs"), "{told:?}");
}
