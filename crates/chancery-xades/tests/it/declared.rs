//! Declarations of namespaces that no digest covers: what they may change and what is said of them.

use chancery_signature::{Answer, Indication};

use crate::signer::{ENVELOPED, PLAIN, Part, sign, unsigned};
use crate::support::{codes, report};

const WHOLE: Part = Part {
    attributes: "URI=\"\"",
    transforms: &[ENVELOPED, PLAIN],
    id: None,
};
const INCLUSIVE: Part = Part {
    attributes: "URI=\"\"",
    transforms: &[ENVELOPED, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"],
    id: None,
};
const XSI: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
const XS: &str = "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";

/// An order with these declarations and this within.
fn order(declared: &str, within: &str) -> String {
    format!(
        "<order {declared}>{within}{}</order>",
        unsigned("s", "", "")
    )
}

fn answer(document: &str) -> (Indication, Vec<&'static str>) {
    let report = report(document);
    assert_eq!(report.crypto, Answer::Yes);
    // Of every signature that is made here.
    let usual = ["time_unproven", "signing_certificate_unbound"];
    let said = codes(&report).into_iter();
    (
        report.indication,
        said.filter(|code| !usual.contains(code)).collect(),
    )
}

/// What is named as not signed.
fn element(document: &str) -> Option<String> {
    let report = report(document);
    let mut reasons = report.signatures[0].reasons.iter();
    let found = reasons.find(|one| one.code.key() == "element_uncovered");
    found?.args.get("element").map(str::to_owned)
}

#[test]
fn check_09_a_value_that_uses_an_undigested_binding_is_undecided() {
    let cur = "xmlns:cur=\"urn:currency:RUB\"";
    let typed = "<sum xsi:type=\"cur:amount\">1000000</sum>";
    let signed = sign(&order(&format!("{cur} {XSI}"), typed), &[WHOLE]);
    let forged = signed.replacen("RUB", "EUR", 1);
    for document in [&signed, &forged] {
        let (result, said) = answer(document);
        assert_eq!(result, Indication::Indeterminate, "{said:?}");
        assert_eq!(element(document).as_deref(), Some("sum/@xmlns:cur"));
    }
    for (declared, within, what) in [
        (cur, "<sum>cur:amount</sum>", "sum/@xmlns:cur"),
        (cur, "<sum of=\"1 cur:amount\"/>", "sum/@xmlns:cur"),
        (
            cur,
            "<sum of=\"//x/ancestor::cur:amount\"/>",
            "sum/@xmlns:cur",
        ),
        (
            cur,
            "<sum>cu<!-- -->r:am<![CDATA[ount]]></sum>",
            "sum/@xmlns:cur",
        ),
        // The nearest binding counts, not one that was digested further out.
        (
            "xmlns:cur=\"urn:a\"",
            "<cur:b><sum xmlns:cur=\"urn:b\">cur:x</sum></cur:b>",
            "sum/@xmlns:cur",
        ),
        // Types of XML Schema by a name that somebody else may have given them.
        (
            "xmlns:cur=\"http://www.w3.org/2001/XMLSchema\"",
            "<sum>cur:x</sum>",
            "sum/@xmlns:cur",
        ),
    ] {
        let signed = sign(&order(declared, within), &[WHOLE]);
        assert_eq!(answer(&signed).0, Indication::Indeterminate, "{within}");
        assert_eq!(element(&signed).as_deref(), Some(what), "{within}");
        // The inclusive form digests them all.
        let signed = sign(&order(declared, within), &[INCLUSIVE]);
        assert_eq!(element(&signed), None, "{within}");
        let (_, said) = answer(&signed);
        assert!(!said.contains(&"declaration_uncovered"), "{said:?}");
    }
    // A name of the default namespace, where no element is of it; a prefix that was taken away.
    for (declared, typed, what) in [
        ("xmlns=\"urn:d\"", "amount", "sum/@xmlns"),
        ("", "cur:amount", "sum/@xmlns:cur"),
    ] {
        let within = format!("<o:x><o:sum xsi:type=\"{typed}\"/></o:x>");
        let document = format!(
            "<o:order xmlns:o=\"urn:o\" {XSI} {declared}>{within}{}</o:order>",
            unsigned("s", "", "")
        );
        let signed = sign(&document, &[WHOLE]);
        assert_eq!(element(&signed).as_deref(), Some(what));
    }
}

#[test]
fn check_09_a_declaration_that_is_not_digested_is_told() {
    let signed = sign(&order("", "<sum>1</sum>"), &[WHOLE]);
    assert_eq!(answer(&signed), (Indication::TotalPassed, vec![]));
    let note = "xmlns:note=\"paid in full, see annex of Mallory\"";
    for (old, new) in [
        ("<order ", format!("<order {note} ")),
        ("<sum>", format!("<sum {note}>")),
        ("<ds:KeyInfo ", format!("<ds:KeyInfo {note} ")),
        ("<ds:Signature ", format!("<ds:Signature {note} ")),
        ("<ds:Reference ", format!("<ds:Reference {note} ")),
        (
            "<sum>",
            "<sum xmlns:paid_in_full_already=\"http://www.w3.org/2001/XMLSchema\">".to_owned(),
        ),
    ] {
        let document = signed.replacen(old, &new, 1);
        assert_ne!(document, signed);
        let (result, said) = answer(&document);
        assert_eq!(result, Indication::TotalPassed, "{new}");
        assert_eq!(said, ["declaration_uncovered"], "{new}");
    }
}

#[test]
fn check_09_ordinary_declarations_say_nothing() {
    let typed = "<sum xsi:type=\"xs:decimal\">12:30, http://example.org/ urn:x:y</sum>";
    for declared in [
        format!("{XSI} {XS}"),
        format!("{XS} {XSI} xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""),
    ] {
        for within in ["<sum>1</sum>", typed] {
            let signed = sign(&order(&declared, within), &[WHOLE]);
            let expected = (Indication::TotalPassed, vec![]);
            assert_eq!(answer(&signed), expected, "{declared} {within}");
        }
    }
    // What names use is digested where they do, and declared again says nothing.
    let used = "<p:sum xmlns:p=\"urn:p\" of=\"p:x\">p:y</p:sum><p:b xmlns:p=\"urn:p\"/>";
    let signed = sign(&order("", used), &[WHOLE]);
    assert_eq!(answer(&signed), (Indication::TotalPassed, vec![]));
}
