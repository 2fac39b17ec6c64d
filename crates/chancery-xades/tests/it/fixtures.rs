//! Signatures that other programs made.

use chancery_signature::report::{Check, CheckResult};
use chancery_signature::{Answer, Indication, SubIndication};

use crate::support::{codes, covered, fixture, report};

const ORDER: &str = "<a:order xmlns:a=\"urn:order\" xml:lang=\"ru\"><a:line n=\"1\">Бумага &amp; перья\
                     </a:line><note>5 &lt; 7</note></a:order>";

#[test]
fn every_scheme_form_and_transform_verifies() {
    for name in [
        "rsa-sha256",
        "rsa-sha384",
        "rsa-sha512",
        "rsa-pss-sha256",
        "rsa-pss-sha512",
        "ecdsa-p256-sha256",
        "ecdsa-p384-sha384",
        "ecdsa-p521-sha512",
        "gost-256",
        "xpath",
        "filter",
        "enveloping",
        "xades-b",
        "xades-b-v2",
        "part-inclusive",
        "part-inclusive11",
        "part-exclusive",
    ] {
        let report = report(&fixture(name));
        assert_eq!(
            report.indication,
            Indication::TotalPassed,
            "{name}: {:?}",
            codes(&report)
        );
        assert_eq!(
            (report.crypto, report.intact),
            (Answer::Yes, Answer::Yes),
            "{name}"
        );
    }
}

/// A reader of what was signed reads this, and nothing beside it.
#[test]
fn what_is_covered_is_given_octet_by_octet() {
    assert_eq!(covered(&fixture("ecdsa-p384-sha384")), [ORDER]);
    assert_eq!(covered(&fixture("gost-256")), [ORDER]);
    assert_eq!(
        covered(&fixture("xades-b")).first().map(String::as_str),
        Some(ORDER)
    );
    let listed = ORDER.replace(" xml:lang", " xmlns:unused=\"urn:unused\" xml:lang");
    assert_eq!(
        covered(&fixture("rsa-sha256")),
        std::slice::from_ref(&listed)
    );
    assert_eq!(covered(&fixture("rsa-sha384")), [listed]);
    let inside = "<ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"obj\">\
                  <p xmlns=\"urn:p\">inside</p></ds:Object>";
    assert_eq!(covered(&fixture("enveloping")), [inside]);
}

#[test]
fn a_part_in_the_scope_of_others_is_signed_with_what_it_inherits() {
    let body = |attributes: &str| {
        format!("<payload xmlns=\"urn:default\"{attributes}> text </payload>")
            .replace("> text", "><w:x a=\"1\" w:b=\"2\"></w:x> text")
    };
    let inherited = " xmlns:w=\"urn:wrap\" Id=\"body\" xml:lang=\"en\" xml:space=\"preserve\"";
    assert_eq!(covered(&fixture("part-inclusive")), [body(inherited)]);
    assert_eq!(covered(&fixture("part-inclusive11")), [body(inherited)]);
    let alone = body(" Id=\"body\"").replace("<w:x a", "<w:x xmlns:w=\"urn:wrap\" a");
    assert_eq!(covered(&fixture("part-exclusive")), [alone]);
    let report = report(&fixture("part-exclusive"));
    assert!(codes(&report).contains(&"wrapper_uncovered"));
}

/// Goal: of what a signature does not cover nobody is told that it was not changed. Method: a
/// document that is signed as a whole, and one whose root anybody may have renamed.
#[test]
fn whether_anything_was_changed_is_only_said_of_a_whole_document() {
    for (name, expected) in [
        ("rsa-sha384", CheckResult::Passed),
        ("part-exclusive", CheckResult::NotMade),
    ] {
        // A comment is not covered, so it may go.
        let report = report(&fixture(name).replace("<!-- a comment -->", ""));
        let mut checks = report.signatures[0].checks.iter();
        let changes = checks.find(|one| one.check == Check::Changes);
        assert_eq!(changes.map(|one| one.result), Some(expected), "{name}");
    }
}

#[test]
fn properties_bind_the_certificate_and_claim_a_time() {
    for name in ["xades-b", "xades-b-v2"] {
        let report = report(&fixture(name));
        assert!(
            !codes(&report).contains(&"signing_certificate_unbound"),
            "{name}"
        );
        let claimed = report.signatures[0].time.claimed.as_deref();
        assert_eq!(claimed, Some("2026-06-15T12:00:00Z"), "{name}");
    }
    assert!(codes(&report(&fixture("rsa-sha256"))).contains(&"signing_certificate_unbound"));
}

#[test]
fn sha1_is_computed_and_judged_weak() {
    let report = report(&fixture("rsa-sha1"));
    assert_eq!(report.crypto, Answer::Yes);
    assert_eq!(report.indication, Indication::Indeterminate);
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::CryptoConstraintsFailure)
    );
    assert!(codes(&report).contains(&"digest_weak"));
}

#[test]
fn the_report_is_json_and_back() {
    let report = report(&fixture("xades-b"));
    let text = serde_json::to_string(&report).expect("JSON");
    let back: chancery_signature::ValidationReport = serde_json::from_str(&text).expect("a report");
    assert_eq!(back, report);
    let facts = chancery_xades::gather_xml(
        fixture("xades-b").as_bytes(),
        &chancery_xades::Limits::default(),
    );
    let text = serde_json::to_string(&facts).expect("JSON");
    let back: chancery_signature::Facts = serde_json::from_str(&text).expect("facts");
    assert_eq!(back, facts);
}
