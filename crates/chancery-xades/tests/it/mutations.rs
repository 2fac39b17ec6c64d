//! Every byte changed, and bytes that are no signature at all.

use chancery_signature::{Answer, judge};
use chancery_xades::{Limits, gather_xml, read_signatures};
use chancery_xml::Document;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::{at, covered, fixture};

/// Whoever changes one byte gets no sound signature, or one over the very octets of before.
#[test]
fn a_flipped_byte_never_changes_what_is_signed() {
    let signed = fixture("xades-b");
    let before = covered(&signed);
    assert_eq!(before.len(), 2);
    let mut sound = 0_usize;
    for index in 0..signed.len() {
        for flip in [0x01, 0x20] {
            let mut bytes = signed.clone().into_bytes();
            bytes[index] ^= flip;
            let facts = gather_xml(&bytes, &Limits::default());
            let report = judge(&facts, &Default::default(), at(), &Default::default());
            if report.intact != Answer::Yes {
                continue;
            }
            sound += 1;
            let document = Document::parse(&bytes, &Default::default()).expect("a document");
            let all = read_signatures(&document, &Limits::default());
            let all = all.expect("within limits");
            let octets: Vec<String> = all[0]
                .covered()
                .iter()
                .map(|one| String::from_utf8(one.octets.clone()).expect("a text"))
                .collect();
            assert_eq!(octets, before, "byte {index} flipped by {flip:#x}");
        }
    }
    // White space in tags, the case of the encoding's name, the issuer that is only a hint.
    assert!(sound < signed.len() / 10, "{sound} of {}", signed.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_panics(
        name in prop::sample::select(vec!["xades-b", "enveloping", "filter", "part-inclusive11"]),
        edits in prop::collection::vec(any::<(Index, Index, u8)>(), 1..8),
    ) {
        let mut bytes = fixture(name).into_bytes();
        for (from, to, byte) in edits {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            match byte % 3 {
                0 => bytes[from] = byte,
                1 => { bytes.truncate(from.max(200)); }
                _ => {
                    let (low, high) = (from.min(to), from.max(to));
                    let piece = bytes[low..high].to_vec();
                    bytes.splice(low..low, piece);
                }
            }
        }
        let facts = gather_xml(&bytes, &Limits::default());
        let _ = judge(&facts, &Default::default(), at(), &Default::default());
    }

    #[test]
    fn the_limits_hold(references in 1_usize..200) {
        let one = "<ds:Reference URI=\"\"><ds:DigestMethod Algorithm=\"x\"/>\
                   <ds:DigestValue>AA==</ds:DigestValue></ds:Reference>";
        let document = format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
             <ds:CanonicalizationMethod Algorithm=\"x\"/><ds:SignatureMethod Algorithm=\"x\"/>{}</ds:SignedInfo>\
             <ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>",
            one.repeat(references),
        );
        let facts = gather_xml(document.as_bytes(), &Limits::default());
        let malformed = facts.signatures[0].malformed.as_deref();
        let expected = (references > Limits::default().references_max).then_some("references_max");
        prop_assert_eq!(malformed, expected);
    }
}

#[test]
fn too_many_signatures_and_too_long_forms_are_said() {
    let one = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";
    let many = format!("<a>{}</a>", one.repeat(33));
    let facts = gather_xml(many.as_bytes(), &Limits::default());
    assert_eq!(
        facts.unreadable.map(|why| why.code).as_deref(),
        Some("limit_exceeded")
    );
    let short = Limits {
        canonical_bytes_max: 10,
        ..Limits::default()
    };
    let facts = gather_xml(fixture("xades-b").as_bytes(), &short);
    assert_eq!(
        facts.signatures[0].malformed.as_deref(),
        Some("canonical_bytes_max")
    );
}
