//! Authorities whose certificate at hand is younger than what they issued, with the old key.

use crate::authority::*;
use crate::forge::codes;
use crate::support::at;
use chancery_signature as sig;
use sig::{Anchors, Indication, Limits, SubIndication, ValidationPolicy, ValidationReport};

const TEXT: &[u8] = b"what is signed";
const STAMPED: &str = "2026-06-01T12:00:00Z";
const RENEWED: &str = "2026-07-01T00:00:00Z";
const END: &str = "2030-01-01T00:00:00Z";

/// When the certificates at hand of root, authority and person begin.
fn judged(
    root: &str,
    authority: &str,
    person: &str,
    stamp: Option<&'static str>,
) -> ValidationReport {
    let root = Draft::authority("Корень", 1).valid(root, END).own();
    let authority = Draft::authority("Издатель", 2).valid(authority, END);
    let authority = authority.by(&root);
    let person = Draft::person("Анна", 5).valid(person, END).by(&authority);
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING).own();
    let extras = Extras {
        certificates: vec![authority.certificate],
        token_by: stamp.map(|moment| (stamps.clone(), moment)),
        ..Extras::default()
    };
    let cms = signed_cms(&person, &[TEXT], &extras);
    let mut anchors = Anchors::from_pem_or_der(&root.certificate).unwrap();
    anchors.extend(Anchors::from_pem_or_der(&stamps.certificate).unwrap());
    let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
    let policy = ValidationPolicy {
        revocation_required: false,
        ..ValidationPolicy::default()
    };
    sig::judge(&facts, &policy, at("2026-08-01T00:00:00Z"), &anchors)
}

#[test]
fn an_authority_with_a_newer_certificate_fails_nothing() {
    let old = "2026-01-01T00:00:00Z";
    for (what, report) in [
        ("untimed", judged(RENEWED, RENEWED, old, None)),
        ("stamped", judged(old, old, old, Some(STAMPED))),
        // An anchor is a name and a key.
        ("a newer anchor", judged(RENEWED, old, old, Some(STAMPED))),
    ] {
        let found = codes(&report);
        assert_eq!(
            report.indication,
            Indication::TotalPassed,
            "{what}: {found:?}"
        );
    }
    let report = judged(old, RENEWED, old, Some(STAMPED));
    let found = codes(&report);
    let open = Some(SubIndication::OutOfBoundsNoPoe);
    assert_eq!(report.sub_indication, open, "{found:?}");
    assert!(found.contains(&"authority_younger"), "{found:?}");
    // The signer's own is another matter: there was no such certificate.
    let report = judged(old, old, RENEWED, Some(STAMPED));
    assert_eq!(report.sub_indication, Some(SubIndication::NotYetValid));
}

/// Services that certify at the moment of signing have another clock than who stamps it.
#[test]
fn a_certificate_may_begin_two_seconds_after_the_stamp() {
    let old = "2026-01-01T00:00:00Z";
    let report = judged(old, old, "2026-06-01T12:00:02Z", Some(STAMPED));
    let found = codes(&report);
    assert_eq!(report.indication, Indication::TotalPassed, "{found:?}");
    let report = judged(old, old, "2026-06-01T12:00:03Z", Some(STAMPED));
    assert_eq!(report.sub_indication, Some(SubIndication::NotYetValid));
}
