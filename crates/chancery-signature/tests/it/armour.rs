//! Signatures in PEM (RFC 7468): one whole block, and what stands around it.

use crate::forge::*;
use base64::Engine as _;
use chancery_signature as sig;
use sig::{Answer, Indication, Limits, ValidationReport};

const CONTENT: &[u8] = b"Price: 100";

fn block(label: &str) -> String {
    let structure = plain(&house(), &[CONTENT]);
    let body = base64::engine::general_purpose::STANDARD.encode(structure);
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

fn report(text: &str) -> ValidationReport {
    let facts = sig::gather(text.as_bytes(), Some(CONTENT), &Limits::default());
    judge_facts(&house(), &facts)
}

#[test]
fn check_01_one_block_of_pem_is_read_and_text_around_it_is_told() {
    for label in ["CMS", "PKCS7"] {
        let block = block(label);
        let alone = report(&block);
        assert_eq!(alone.intact, Answer::Yes);
        assert!(!codes(&alone).contains(&"excess_bytes"));
        for around in [format!("Paid: 900\n{block}"), format!("{block}Paid: 900\n")] {
            let report = report(&around);
            let mut warnings = report.signatures[0].warnings.iter();
            let told = warnings.find(|one| one.code.key() == "excess_bytes");
            assert_eq!(told.map(|one| &one.args["bytes"]), Some("9"));
        }
    }
}

#[test]
fn check_01_what_is_not_one_whole_block_of_pem_is_undecided() {
    let one = block("CMS");
    for text in [
        format!("{one}{one}"),
        format!("{one}{}", block("PKCS7")),
        format!("{one}-----BEGIN CMS-----\n####\n-----END CMS-----\n"),
        format!("{one}-----BEGIN CMS-----\n"),
        one.replace("-----END CMS-----", ""),
        one.replace("END CMS", "END PKCS7"),
        block("CERTIFICATE"),
    ] {
        let report = report(&text);
        assert_ne!(report.intact, Answer::Yes, "{text}");
        assert_eq!(report.indication, Indication::Indeterminate, "{text}");
        assert_eq!(codes(&report), ["unreadable"], "{text}");
    }
}

/// Whoever opens the file reads what is no Base64 in it.
#[test]
fn check_01_text_among_the_base64_is_told() {
    let body = base64::engine::general_purpose::STANDARD.encode(plain(&house(), &[CONTENT]));
    let (first, second) = body.split_at(64);
    let told = |text: &str| {
        let report = report(text);
        let one = report.signatures.first();
        let mut warnings = one.iter().flat_map(|one| &one.warnings);
        let found = warnings.find(|one| one.code.key() == "excess_bytes");
        found.map(|one| one.args["bytes"].to_owned())
    };
    let mime = "MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; name=a.p7m\n";
    for (text, expected) in [
        (format!("{first}\r\n  {second}\n"), None),
        (
            format!("{mime}Content-Transfer-Encoding: base64\n\n{body}"),
            None,
        ),
        (format!("{mime}From: Mallory\n\n{body}"), Some("13")),
        (
            format!("{mime}Content-Disposition: attachment; filename=\"a.p7m\"\n\n{body}"),
            None,
        ),
        (
            format!("Content-Type: text; name=\"I owe Mallory 9\"\n\n{body}"),
            Some("42"),
        ),
        (format!("----- I owe Mallory\n{body}"), Some("19")),
        (format!("{mime}\nX-Kind: pay\n{body}"), Some("11")),
        (format!("Approved: pay 9\n{body}"), Some("15")),
        (format!("{first}===={second}"), Some("4")),
        (format!("{}===", body.trim_end_matches('=')), Some("1")),
        (
            block("CMS").replace("CMS-----\nM", "CMS-----\nX-Secret: 1\nM"),
            Some("11"),
        ),
    ] {
        assert_eq!(told(&text).as_deref(), expected, "{text}");
    }
}
