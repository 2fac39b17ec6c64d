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
