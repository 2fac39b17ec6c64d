//! Signatures made here, over what no fixture has: the text of an element, a manifest, comments,
//! counter-signatures, several signatures.

use chancery_signature::{Answer, Indication};

use crate::signer::{BASE64, COMMENTS, ENVELOPED, PLAIN, Part, sign, unsigned};
use crate::support::{codes, report};

const WHOLE: Part = Part {
    attributes: "URI=\"\"",
    transforms: &[ENVELOPED, PLAIN],
    id: None,
};

fn passes(document: &str) -> bool {
    let report = report(document);
    if report.indication != Indication::TotalPassed {
        eprintln!("{:?}", codes(&report));
    }
    report.indication == Indication::TotalPassed
}

fn is_unsigned(document: &str) {
    let report = report(document);
    let codes = codes(&report);
    assert_eq!(report.indication, Indication::Indeterminate, "{codes:?}");
    assert!(codes.contains(&"element_uncovered"), "{codes:?}");
}

#[test]
fn of_a_text_in_base64_only_the_text_is_signed() {
    let object = "<ds:Object Id=\"o\">cGF5IDEgcnVibGU=</ds:Object>";
    let part = Part {
        attributes: "URI=\"#o\"",
        transforms: &[BASE64],
        id: Some("o"),
    };
    let signed = sign(&unsigned("s", "", object), &[part]);
    assert!(passes(&signed));
    for (old, new) in [
        ("cGF5", "cGF5<pay xmlns=\"\" amount=\"9000000\"/>"),
        ("cGF5", "cGF5<!-- 9000000 -->"),
        ("cGF5", "<?pay 9000000?>cGF5"),
        ("Id=\"o\"", "Id=\"o\" amount=\"9000000\""),
        ("Id=\"o\"", "Id=\"o\" MimeType=\"pay 9000000\""),
    ] {
        is_unsigned(&signed.replacen(old, new, 1));
    }
    // How it is to be read is no part of it either, and is told.
    let typed = signed.replacen("Id=\"o\"", "Id=\"o\" MimeType=\"text/plain\"", 1);
    assert!(passes(&typed) && codes(&report(&typed)).contains(&"wrapper_uncovered"));
}

#[test]
fn comments_that_are_signed_cannot_be_added() {
    let part = Part {
        attributes: "URI=\"#xpointer(/)\"",
        transforms: &[ENVELOPED, COMMENTS],
        id: None,
    };
    let document = format!("<a><!-- one --><b/>{}</a>", unsigned("s", "", ""));
    let signed = sign(&document, &[part]);
    assert!(passes(&signed));
    assert!(!codes(&report(&signed)).contains(&"comment_uncovered"));
    let more = signed.replacen("<b/>", "<b/><!-- two -->", 1);
    assert_eq!(report(&more).indication, Indication::TotalFailed);
    let dropped = sign(&document, &[WHOLE]);
    assert!(passes(&dropped) && codes(&report(&dropped)).contains(&"comment_uncovered"));
}

/// What a manifest refers to is not checked, whatever the reference calls it.
#[test]
fn a_manifest_is_never_green() {
    let manifest = "<ds:Object Id=\"o\"><ds:Manifest Id=\"m\"/></ds:Object>";
    for (attributes, id) in [("URI=\"#m\"", "m"), ("URI=\"#o\"", "o")] {
        let part = Part {
            attributes,
            transforms: &[PLAIN],
            id: Some(id),
        };
        let report = report(&sign(&unsigned("s", "", manifest), &[part]));
        assert_eq!(report.indication, Indication::Indeterminate, "{id}");
        assert!(codes(&report).contains(&"transform_unsupported"), "{id}");
    }
}

#[test]
fn what_the_signer_covers_in_key_and_objects_is_signed() {
    let beside = "<pay xmlns=\"urn:pay\">1</pay>";
    let key = Part {
        attributes: "URI=\"#s-key\"",
        transforms: &[PLAIN],
        id: Some("s-key"),
    };
    let child = Part {
        attributes: "URI=\"#child\"",
        transforms: &[PLAIN],
        id: Some("child"),
    };
    let object = "<ds:Object><p xmlns=\"urn:p\" Id=\"child\"/></ds:Object>";
    let document = format!("<a>{}</a>", unsigned("s", beside, object));
    let signed = sign(&document, &[WHOLE, key, child]);
    assert!(passes(&signed));
    let beside = signed.replacen("<p xmlns", "<q xmlns=\"urn:q\"/><p xmlns", 1);
    is_unsigned(&beside);
    is_unsigned(&signed.replacen("<ds:Object>", "<ds:Object>pay", 1));
    let changed = signed.replacen(">1<", ">9<", 1);
    assert_eq!(report(&changed).indication, Indication::TotalFailed);
}

/// An enveloped transform takes its own signature out, not another, and not what it stands in.
#[test]
fn an_enveloped_transform_takes_out_its_own_signature_only() {
    let first = sign(&format!("<a><b/>{}</a>", unsigned("s", "", "")), &[WHOLE]);
    assert!(passes(&first));
    let second = first.replacen("</a>", &format!("{}</a>", unsigned("t", "", "")), 1);
    let both = sign(&second, &[WHOLE]);
    let report = report(&both);
    // The first covers the document without the second: it was not there.
    let each: Vec<Indication> = report.signatures.iter().map(|one| one.indication).collect();
    assert_eq!(each, [Indication::TotalFailed, Indication::TotalPassed]);
    let inside = "<ds:Object Id=\"o\"><p xmlns=\"urn:p\"/></ds:Object>";
    let part = Part {
        attributes: "URI=\"#o\"",
        transforms: &[ENVELOPED, PLAIN],
        id: Some("o"),
    };
    is_unsigned(&sign(&unsigned("s", "", inside), &[part]));
}

#[test]
fn signatures_side_by_side_answer_for_themselves() {
    let part = |attributes, id| Part {
        attributes,
        transforms: &[PLAIN],
        id: Some(id),
    };
    let one = format!("<a><b Id=\"b\"/>{}</a>", unsigned("s", "", ""));
    let one = sign(&one, &[part("URI=\"#b\"", "b")]);
    let two = one.replacen("</a>", &format!("{}</a>", unsigned("t", "", "")), 1);
    let two = sign(&two, &[part("URI=\"#b\"", "b")]);
    assert!(passes(&two));
    // Content that only the other covers is none of the first.
    let object = "<ds:Object Id=\"o\"><p xmlns=\"urn:p\"/></ds:Object>";
    let other = one.replacen("</a>", &format!("{}</a>", unsigned("t", "", object)), 1);
    is_unsigned(&sign(&other, &[part("URI=\"#o\"", "o")]));
    // Nor is it what stands in the other's key.
    let junk = two.replacen(
        "</ds:KeyInfo></ds:Signature></a>",
        "<pay/></ds:KeyInfo></ds:Signature></a>",
        1,
    );
    assert_eq!(report(&junk).indication, Indication::Indeterminate);
}

#[test]
fn a_counter_signature_is_judged_itself() {
    let xades = "http://uri.etsi.org/01903/v1.3.2#";
    let properties = |inner: &str| {
        format!(
            "<ds:Object><x:QualifyingProperties xmlns:x=\"{xades}\" Target=\"#s\"><x:UnsignedProperties>\
             <x:UnsignedSignatureProperties>{inner}</x:UnsignedSignatureProperties>\
             </x:UnsignedProperties></x:QualifyingProperties></ds:Object>"
        )
    };
    let document = format!("<a>{}</a>", unsigned("s", "", &properties("{counter}")));
    let signed = sign(&document, &[WHOLE]);
    let countered = |attributes: &'static str, id: &'static str, beside: &str| {
        let counter = format!(
            "<x:CounterSignature>{}</x:CounterSignature>",
            unsigned("c", beside, "")
        );
        let part = Part {
            attributes,
            transforms: &[PLAIN],
            id: Some(id),
        };
        sign(&signed.replace("{counter}", &counter), &[part])
    };
    let good = countered("URI=\"#s-value\"", "s-value", "");
    assert!(passes(&good));
    let judged = report(&good);
    let signs: Vec<Option<u32>> = judged
        .signatures
        .iter()
        .map(|one| one.counter_signs)
        .collect();
    assert_eq!(signs, [None, Some(0)]);
    // It signs something else, its value is wrong, it carries what nobody signed.
    let other = report(&countered("URI=\"#s-key\"", "s-key", ""));
    assert_eq!(other.indication, Indication::TotalFailed);
    let at = good.find("c-value\">").expect("its value") + "c-value\">".len();
    let flipped = if &good[at..=at] == "A" { "B" } else { "A" };
    let wrong = report(&format!("{}{flipped}{}", &good[..at], &good[at + 1..]));
    assert_eq!(
        (wrong.crypto, wrong.indication),
        (Answer::No, Indication::TotalFailed)
    );
    assert_eq!(wrong.signatures[0].indication, Indication::TotalPassed);
    let junk = countered(
        "URI=\"#s-value\"",
        "s-value",
        "<pay xmlns=\"\">9000000</pay>",
    );
    let junk = report(&junk);
    assert_eq!(junk.signatures[1].indication, Indication::Indeterminate);
    assert_eq!(junk.indication, Indication::Indeterminate);
    // In an element of another namespace it is no counter-signature.
    let false_place = good.replace("x:CounterSignature", "CounterSignature");
    is_unsigned(&false_place);
}
