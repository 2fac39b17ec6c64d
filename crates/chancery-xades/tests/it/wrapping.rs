//! Signature wrapping and its kin: the signed octets stay, what a careless reader reads is another.

use chancery_signature::{Answer, Indication};

use crate::support::{codes, covered, fixture, report};

/// `text` with one piece in the place of another, which must be there.
fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

/// The signed element moves into a wrapper, a forged one takes its place.
#[test]
fn a_moved_element_leaves_its_place_uncovered() {
    let signed = fixture("part-exclusive");
    let (start, end) = (
        signed.find("<payload").expect("a start"),
        signed.find("</payload>").expect("an end") + 10,
    );
    let original = &signed[start..end];
    let forged = "<payload Id=\"other\">forged</payload>";
    let moved = with(
        &signed,
        original,
        &format!("{forged}<cellar xmlns=\"\">{original}</cellar>"),
    );
    let report = report(&moved);
    // The exclusive form of the moved element is not the same without its default namespace.
    assert_ne!(
        report.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(&report)
    );
    let kept = with(
        &signed,
        original,
        &format!("{forged}<cellar>{original}</cellar>"),
    );
    let report = crate::support::report(&kept);
    assert_eq!(
        (report.crypto, report.indication),
        (Answer::Yes, Indication::Indeterminate)
    );
    assert!(codes(&report).contains(&"element_uncovered"));
    assert!(
        covered(&kept)
            .iter()
            .all(|octets| !octets.contains("forged"))
    );
}

#[test]
fn an_identifier_that_two_elements_have_is_refused() {
    let signed = fixture("part-exclusive");
    for name in ["Id", "ID", "id"] {
        let twin = format!("<payload {name}=\"body\">forged</payload></w:wrap>");
        let doubled = with(&signed, "</w:wrap>", &twin);
        let report = report(&doubled);
        assert_eq!(
            (report.crypto, report.indication),
            (Answer::No, Indication::TotalFailed),
            "{name}"
        );
        assert!(codes(&report).contains(&"reference_ambiguous"), "{name}");
        assert_eq!(covered(&doubled), [""; 0], "{name}");
    }
}

#[test]
fn an_attribute_of_another_name_is_no_identifier() {
    let renamed = with(
        &fixture("part-exclusive"),
        "<payload Id=",
        "<payload Ident=",
    );
    let report = report(&renamed);
    assert_eq!(
        (report.crypto, report.indication),
        (Answer::Undecided, Indication::Indeterminate)
    );
    assert!(codes(&report).contains(&"reference_unresolved"));
}

#[test]
fn what_is_put_beside_a_signature_over_a_part_is_said() {
    let beside = with(
        &fixture("part-exclusive"),
        "<ds:Signature",
        "<forged/><ds:Signature",
    );
    let beside = report(&beside);
    assert_eq!(beside.indication, Indication::Indeterminate);
    assert!(codes(&beside).contains(&"element_uncovered"));
    // Within a signature over everything it changes what is signed.
    let inside = with(&fixture("rsa-sha256"), "<note>", "<forged/><note>");
    let inside = report(&inside);
    assert_eq!(
        (inside.crypto, inside.indication),
        (Answer::No, Indication::TotalFailed)
    );
}

/// Every transform that takes signatures out leaves their objects unsigned.
#[test]
fn content_in_an_object_that_nothing_covers_is_said() {
    let object = "<ds:Object><forged/></ds:Object></ds:Signature>";
    for name in ["rsa-sha256", "xpath", "filter", "enveloping"] {
        let hidden = with(&fixture(name), "</ds:Signature>", object);
        let report = report(&hidden);
        assert_eq!(report.indication, Indication::Indeterminate, "{name}");
        assert!(codes(&report).contains(&"element_uncovered"), "{name}");
    }
    let second =
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><forged/></ds:Signature>";
    let xpath = with(&fixture("xpath"), "<note>", &format!("{second}<note>"));
    assert_eq!(report(&xpath).indication, Indication::TotalFailed);
}

/// A comment inside a value splits it for readers that take the first text only.
#[test]
fn comments_do_not_change_what_values_are() {
    let signed = fixture("rsa-sha256");
    let at = signed.find("<ds:DigestValue>").expect("a digest") + "<ds:DigestValue>".len();
    let split = format!("{}<!-- -->{}", &signed[..at + 4], &signed[at + 4..]);
    assert_eq!(report(&split).indication, Indication::TotalPassed);
    let inserted = format!("{}AAAA<!-- -->{}", &signed[..at], &signed[at..]);
    assert_eq!(report(&inserted).indication, Indication::TotalFailed);
}

#[test]
fn another_certificate_is_not_the_one_that_is_named() {
    let (signed, other) = (fixture("xades-b"), fixture("rsa-sha256"));
    let certificate = |text: &str| {
        let (_, rest) = text
            .split_once("<ds:X509Certificate>")
            .expect("a certificate");
        rest.split_once("</ds:X509Certificate>")
            .expect("its end")
            .0
            .to_owned()
    };
    let exchanged = with(&signed, &certificate(&signed), &certificate(&other));
    assert_eq!(report(&exchanged).indication, Indication::TotalFailed);
    // Beside the true one it changes nothing: the named one is chosen, wherever it stands.
    let first = format!(
        "<ds:X509Certificate>{}</ds:X509Certificate><ds:X509Certificate>",
        certificate(&other)
    );
    let beside = with(&signed, "<ds:X509Certificate>", &first);
    let beside = report(&beside);
    assert_eq!((beside.crypto, beside.intact), (Answer::Yes, Answer::Yes));
    assert_eq!(
        beside.signatures[0]
            .signer
            .as_ref()
            .expect("a signer")
            .subject
            .text,
        "CN=p256 signer"
    );
    let without = with(
        &signed,
        &format!(
            "<ds:X509Certificate>{}</ds:X509Certificate>",
            certificate(&signed)
        ),
        "",
    );
    assert!(codes(&report(&without)).contains(&"certificate_missing"));
}

#[test]
fn properties_that_are_not_covered_count_for_nothing() {
    let signed = fixture("rsa-sha256");
    let xades = fixture("xades-b");
    let (start, end) = (
        xades.find("<ds:Object>").expect("an object"),
        xades.find("</ds:Signature>").expect("an end"),
    );
    let grafted = with(
        &signed,
        "</ds:Signature>",
        &format!("{}</ds:Signature>", &xades[start..end]),
    );
    let report = report(&grafted);
    assert!(codes(&report).contains(&"signing_certificate_unbound"));
    assert_eq!(report.signatures[0].time.claimed, None);
    let elsewhere = with(&xades, "Target=\"#sig\"", "Target=\"#gis\"");
    assert!(codes(&crate::support::report(&elsewhere)).contains(&"structure_malformed"));
}

#[test]
fn what_is_not_computed_here_is_undecided_and_named() {
    let signed = fixture("part-exclusive");
    let transform = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    for other in [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "urn://smev-gov-ru/xmldsig/transform",
        "",
    ] {
        let changed = with(
            &signed,
            transform,
            &format!("<ds:Transform Algorithm=\"{other}\"/>"),
        );
        let report = report(&changed);
        let first = &report.signatures[0];
        // The value is over another SignedInfo now; the transform is named nevertheless.
        let named = first
            .reasons
            .iter()
            .find(|reason| reason.code.key() == "transform_unsupported");
        let args = &named.expect("the reason").args;
        assert_eq!(args.get("algorithm"), Some(other));
        assert!(covered(&changed).is_empty());
    }
    for uri in [
        "http://example.org/",
        "file:///etc/passwd",
        "other.xml",
        "#nothing",
        "#xpointer(//x)",
    ] {
        let changed = with(&signed, "URI=\"#body\"", &format!("URI=\"{uri}\""));
        assert!(
            codes(&report(&changed)).contains(&"reference_unresolved"),
            "{uri}"
        );
    }
    for method in [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
    ] {
        let changed = with(
            &signed,
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            method,
        );
        let report = report(&changed);
        assert_eq!(
            (report.crypto, report.indication),
            (Answer::Undecided, Indication::Indeterminate)
        );
        assert!(codes(&report).contains(&"value_unsupported"));
    }
}

#[test]
fn an_ecdsa_value_is_a_pair_and_not_its_der() {
    let signed = fixture("ecdsa-p256-sha256");
    let (before, rest) = signed.split_once("<ds:SignatureValue>").expect("a value");
    let (_, after) = rest.split_once("</ds:SignatureValue>").expect("its end");
    let der = "MAYCAQECAQE=";
    let changed = format!("{before}<ds:SignatureValue>{der}</ds:SignatureValue>{after}");
    assert!(codes(&report(&changed)).contains(&"value_wrong"));
}
