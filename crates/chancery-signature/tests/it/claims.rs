//! Checks 27 and 36, what a signer claims beside what is proven: the moment of signing, and what
//! the certificate is for.

use crate::authority::*;
use crate::forge::*;
use crate::support::{at, signing_moment};
use chancery_signature as sig;
use chancery_types::Instant;
use sig::{Anchors, Answer, Indication, Limits, SubIndication, ValidationPolicy, ValidationReport};

const TEXT: &[u8] = b"what is signed";

fn lenient() -> ValidationPolicy {
    ValidationPolicy {
        revocation_required: false,
        ..ValidationPolicy::default()
    }
}

/// Signed with a certificate for these purposes.
fn for_purposes(critical: bool, purposes: &[&str], policy: &ValidationPolicy) -> ValidationReport {
    let root = Draft::authority("Корень", 1).own();
    let list: Vec<Vec<u8>> = purposes.iter().map(|one| oid(one)).collect();
    let list: Vec<&[u8]> = list.iter().map(Vec::as_slice).collect();
    let signer = Draft::person("Анна", 5).with(PURPOSES, critical, &der(0x30, &list));
    let cms = signed_cms(&signer.by(&root), &[TEXT], &Extras::default());
    let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
    let anchors = Anchors::from_pem_or_der(&root.certificate).unwrap();
    sig::judge(&facts, policy, at("2026-08-01T00:00:00Z"), &anchors)
}

/// Goal: a certificate for other uses signs no document without its being told (RFC 5280,
/// 4.2.1.12). Method: sets of purposes, critical and not, with and without one of signing.
#[test]
fn check_27_a_certificate_for_other_uses_signs_no_document_unnoticed() {
    const SERVER: &str = "1.3.6.1.5.5.7.3.1";
    const CODE: &str = "1.3.6.1.5.5.7.3.3";
    for fit in [
        "2.5.29.37.0",
        "1.3.6.1.5.5.7.3.36",
        "1.3.6.1.5.5.7.3.4",
        "1.3.6.1.5.5.7.3.2",
        "1.3.6.1.4.1.311.10.3.12",
        "1.2.840.113583.1.1.5",
        "1.2.643.2.2.34.6",
    ] {
        for critical in [true, false] {
            let report = for_purposes(critical, &[SERVER, fit], &lenient());
            assert_eq!(report.indication, Indication::TotalPassed, "{fit}");
            assert!(!codes(&report).iter().any(|one| one.starts_with("purpose_")));
        }
    }
    let forbidden = for_purposes(true, &[SERVER, CODE], &lenient());
    assert_eq!(forbidden.indication, Indication::Indeterminate);
    let sub = Some(SubIndication::ChainConstraintsFailure);
    assert_eq!(forbidden.sub_indication, sub);
    let reason = &forbidden.signatures[0].reasons[0];
    assert_eq!(reason.code, sig::Code::PurposeForbidden);
    assert_eq!(
        &reason.args["purposes"],
        "1.3.6.1.5.5.7.3.1, 1.3.6.1.5.5.7.3.3"
    );
    // The file is what was signed, whoever signed it.
    assert_eq!(forbidden.intact, Answer::Yes);
    let other = for_purposes(false, &[SERVER], &lenient());
    assert_eq!(other.indication, Indication::TotalPassed);
    assert!(codes(&other).contains(&"purpose_other"));
    for critical in [true, false] {
        let stamps = for_purposes(critical, &[TIME_STAMPING], &lenient());
        assert_eq!(stamps.indication, Indication::Indeterminate);
        assert!(codes(&stamps).contains(&"key_usage_wrong"));
    }
    let policy = ValidationPolicy {
        signing_purposes: vec![SERVER.to_owned()],
        ..lenient()
    };
    let own = for_purposes(true, &[SERVER], &policy);
    assert_eq!(own.indication, Indication::TotalPassed);
    let strict = for_purposes(true, &["1.3.6.1.5.5.7.3.4"], &policy);
    assert_eq!(strict.indication, Indication::Indeterminate);
}

/// A structure that claims this moment, stamped at another one, and judged at a third.
fn claimed(claim: &str, stamped: Option<Instant>, judged: Instant) -> ValidationReport {
    const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
    let house = house();
    let mut cms = Cms::over(&house, &[TEXT]);
    let time = der(0x17, &[claim.as_bytes()]);
    cms.replace(SIGNING_TIME, &[attribute(SIGNING_TIME, &[&time])]);
    let built = match stamped {
        None => cms.build(&[TEXT]),
        Some(moment) => {
            let signed_by = cms.signer_info(&[TEXT]);
            let (_, _, content, _) = split(&signed_by);
            let (mut rest, mut value) = (content, vec![]);
            while !rest.is_empty() {
                let (_, _, inner, more) = split(rest);
                value = inner.to_vec();
                rest = more;
            }
            let token = house.token(&value, moment);
            let stamp = attribute("1.2.840.113549.1.9.16.2.14", &[&token]);
            let signed_by = der(0x30, &[content, &der(0xa1, &[&stamp])]);
            cms.with_signers(&[signed_by])
        }
    };
    let facts = sig::gather_cms(&built, Some(TEXT), &Limits::default());
    let anchors = Anchors::from_pem_or_der(house.pem().as_bytes()).unwrap();
    sig::judge(&facts, &lenient(), judged, &anchors)
}

/// Goal: a claim that what is proven speaks against is told, and no small difference of clocks.
/// Method: claims an hour before, four minutes after and ten minutes after the timestamp.
#[test]
fn check_36_a_timestamp_of_before_the_claimed_moment_is_told() {
    let stamped = signing_moment();
    for (claim, expected) in [
        ("260731110000Z", false),
        ("260731120400Z", false),
        ("260731121000Z", true),
    ] {
        let report = claimed(claim, Some(stamped), stamped.plus_seconds(3600));
        assert_eq!(report.signatures[0].time.proven, Some(stamped));
        assert_eq!(
            report.indication,
            Indication::TotalPassed,
            "{:?}",
            codes(&report)
        );
        let mut all = report.signatures[0].warnings.iter();
        let told = all.find(|one| one.code == sig::Code::TimestampBeforeClaim);
        assert_eq!(told.is_some(), expected, "{claim}");
        if let Some(told) = told {
            assert_eq!(&told.args["claimed"], "2026-07-31T12:10:00Z");
            assert_eq!(&told.args["proven"], "2026-07-31T12:00:00Z");
            assert_eq!(&told.args["minutes"], "5");
        }
    }
}

/// Goal: a claim of a day on which the signer had no such certificate yet, or no longer, is told
/// with that day, whatever a timestamp proves; the clocks may differ by minutes. Method: claims
/// around both ends of the certificate, by one whose time is proven and one whose is not.
#[test]
fn check_36_a_claim_outside_the_life_of_the_certificate_is_told() {
    let stamped = signing_moment();
    let usual = claimed("260731120000Z", None, stamped.plus_seconds(3600));
    let certificate = &usual.signatures[0].chain[0];
    let utc = |at: Instant| at.timestamp().strftime("%y%m%d%H%M%SZ").to_string();
    let (from, until) = (certificate.not_before, certificate.not_after);
    for (claim, expected) in [
        (from.plus_seconds(-3600), Some("claim_before_certificate")),
        (from.plus_seconds(-240), None),
        (stamped, None),
        (until.plus_seconds(240), None),
        (until.plus_seconds(3600), Some("claim_after_certificate")),
    ] {
        for proven in [Some(stamped), None] {
            let report = claimed(&utc(claim), proven, stamped.plus_seconds(3600));
            let mut told = codes(&report);
            told.retain(|code| code.starts_with("claim_"));
            assert_eq!(told, Vec::from_iter(expected), "{claim}");
            let one = &report.signatures[0].warnings;
            let mut told = one
                .iter()
                .filter(|one| one.code.key().starts_with("claim_"));
            if let Some(told) = told.next() {
                assert_eq!(&told.args["claimed"], &claim.to_string());
            }
        }
    }
}

/// Goal: whoever asks about a moment before the signing learns that it was not signed yet. Method:
/// one claim, judged an hour before it, a minute before it and after it.
#[test]
fn check_36_at_a_moment_before_the_signing_it_is_not_signed_yet() {
    let claim = signing_moment();
    for (judged, expected) in [(-3600, true), (-60, false), (60, false)] {
        let report = claimed("260731120000Z", None, claim.plus_seconds(judged));
        assert_eq!(
            codes(&report).contains(&"signed_later"),
            expected,
            "{judged}"
        );
        // A claim proves nothing, so it decides nothing either.
        let mut against = report.signatures[0].reasons.iter();
        assert!(against.all(|one| one.code != sig::Code::SignedLater));
        assert_eq!(report.intact, Answer::Yes);
    }
    // The same of a claim that a timestamp bears out: the stamp is of later than the check, too.
    let report = claimed("260731120000Z", Some(claim), claim.plus_seconds(-3600));
    assert!(codes(&report).contains(&"signed_later"));
    assert!(codes(&report).contains(&"timestamp_untrusted"));
    assert_eq!(report.signatures[0].time.proven, None);
}
