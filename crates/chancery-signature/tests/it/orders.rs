//! Whatever a signature covers was there before it: times that contradict each other, and evidence
//! that a later revision leaves out (EN 319 102-1, 5.5.4 and 5.6.3).

use crate::authority::*;
use crate::forge::codes;
use crate::long_term::{Archive, JUNE, PASSED, open, outcome, person};
use crate::support::at;
use chancery_signature as sig;
use sig::report::SignatureReport;
use sig::{Code, Indication, SubIndication, ValidationReport};

const NOW: &str = "2026-11-15T00:00:00Z";
const JUNE_FIRST: &str = "2026-06-01T12:00:00Z";
const OCTOBER: &str = "2026-10-01T12:00:00Z";

/// The signer's certificate revoked in August.
fn revoked(archive: &Archive) -> Vec<Vec<u8>> {
    let lost = vec![entry(5, "2026-08-01T00:00:00Z", Some(1))];
    let of = |entries, issuer: &Holder| {
        List::of("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", entries).by(issuer)
    };
    vec![of(lost, &archive.authority), of(vec![], &archive.root)]
}

fn fresh(archive: &Archive) -> Vec<Vec<u8>> {
    archive.lists(("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"))
}

fn town() -> (Archive, Holder) {
    let archive = Archive::new(person());
    let stamps = archive.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    (archive, stamps)
}

fn by(stamps: &Holder, moment: &'static str) -> Extras {
    Extras {
        token_by: Some((stamps.clone(), moment)),
        ..Extras::default()
    }
}

fn has(one: &SignatureReport, code: Code) -> bool {
    one.reasons.iter().any(|reason| reason.code == code)
}

/// That nothing here passes, and that somebody's order is told.
fn disordered(report: &ValidationReport, what: &str) {
    let found = codes(report);
    assert_ne!(
        report.indication,
        Indication::TotalPassed,
        "{what}: {found:?}"
    );
    assert!(found.contains(&"timestamp_order"), "{what}: {found:?}");
}

#[test]
fn check_36_a_signature_is_no_older_than_a_document_timestamp_that_it_covers() {
    let (archive, stamps) = town();
    let stamped = archive.clone().stamped(&stamps, OCTOBER);
    // Its own timestamp says June.
    let signed = stamped.clone().signed(&by(&stamps, JUNE_FIRST));
    let order = SubIndication::TimestampOrderFailure;
    let report = signed.judged(NOW, &fresh(&signed));
    let last = report.signatures.last().unwrap();
    assert_eq!(last.sub_indication, Some(order), "{:?}", codes(&report));
    let reason = last
        .reasons
        .iter()
        .find(|one| one.code == Code::TimestampOrder);
    let told = &reason.unwrap().args;
    assert_eq!((&told["content"], &told["proven"]), (OCTOBER, JUNE_FIRST));
    assert_eq!(last.intact, sig::Answer::Yes);
    // That is no way around a revocation of August.
    let report = signed.judged(NOW, &revoked(&signed));
    disordered(&report, "revoked");
    assert_ne!(
        report.signatures.last().unwrap().indication,
        Indication::TotalPassed
    );
    // A document timestamp that says June behind it proves nothing either.
    let after = stamped
        .clone()
        .signed(&Extras::default())
        .stamped(&stamps, JUNE_FIRST);
    let report = after.judged(NOW, &revoked(&after));
    disordered(&report, "a document timestamp");
    let signature = &report.signatures[1];
    assert_eq!(signature.time.proven, None, "{:?}", codes(&report));
    assert_eq!(signature.sub_indication, Some(SubIndication::Revoked));
    assert!(has(&report.signatures[2], Code::TimestampOrder));
    // In order they all stand.
    let signed = stamped.signed(&by(&stamps, "2026-10-02T12:00:00Z"));
    let report = signed.judged(NOW, &fresh(&signed));
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(&report)
    );
}

#[test]
fn check_36_a_signature_is_no_older_than_the_timestamp_of_one_that_it_covers() {
    let (archive, stamps) = town();
    let first = archive.signed(&by(&stamps, OCTOBER));
    let again = first.clone().signed(&by(&stamps, JUNE_FIRST));
    let report = again.judged(NOW, &fresh(&again));
    assert_eq!(outcome(&report), PASSED, "{:?}", codes(&report));
    let last = report.signatures.last().unwrap();
    let order = Some(SubIndication::TimestampOrderFailure);
    assert_eq!(last.sub_indication, order, "{:?}", codes(&report));
    let again = first.signed(&by(&stamps, "2026-10-01T12:00:01Z"));
    let report = again.judged(NOW, &fresh(&again));
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(&report)
    );
}

#[test]
fn check_36_document_timestamps_that_contradict_each_other_prove_no_early_time() {
    let (archive, stamps) = town();
    let signed = archive.signed(&Extras::default());
    let both = signed
        .clone()
        .stamped(&stamps, OCTOBER)
        .stamped(&stamps, JUNE_FIRST);
    let report = both.judged(NOW, &revoked(&both));
    disordered(&report, "reversed");
    assert_eq!(outcome(&report), open(SubIndication::RevokedNoPoe));
    assert_eq!(report.signatures[0].time.proven, Some(at(OCTOBER)));
    assert!(!has(&report.signatures[1], Code::TimestampOrder));
    assert!(has(&report.signatures[2], Code::TimestampOrder));
    // A later one carries the true one past the end of its authority, and not the false one.
    let ended = signed.stamps("Прежняя служба", 31, "2026-11-01T00:00:00Z");
    let later = signed
        .stamped(&ended, OCTOBER)
        .stamped(&stamps, JUNE_FIRST)
        .stamped(&stamps, "2026-10-20T00:00:00Z");
    let report = later.judged(NOW, &revoked(&later));
    disordered(&report, "three");
    assert_eq!(outcome(&report), open(SubIndication::RevokedNoPoe));
    assert_eq!(report.signatures[0].time.proven, Some(at(OCTOBER)));
}

/// Clocks of authorities may differ by the second that each of them may be off.
#[test]
fn check_36_clocks_of_two_authorities_may_differ_a_little() {
    let (archive, stamps) = town();
    let other = archive.stamps("Другая служба", 30, "2035-01-01T00:00:00Z");
    let first = archive.signed(&by(&stamps, "2026-10-01T12:00:02Z"));
    for (moment, is_passed) in [(OCTOBER, true), ("2026-10-01T11:59:59Z", false)] {
        let stamped = first.clone().stamped(&other, moment);
        let report = stamped.judged(NOW, &fresh(&stamped));
        let passed = report.indication == Indication::TotalPassed;
        assert_eq!(passed, is_passed, "{moment}: {:?}", codes(&report));
    }
}

/// An untrusted timestamp says nothing about order.
#[test]
fn check_36_a_stranger_s_timestamp_puts_nobody_out_of_order() {
    let (archive, stamps) = town();
    let nobody = Draft::authority("Никто", 40).own();
    let stranger = Draft::service("Чужая служба", 41, TIME_STAMPING).by(&nobody);
    let first = archive.signed(&by(&stranger, OCTOBER));
    let again = first.signed(&by(&stamps, JUNE_FIRST));
    let report = again.judged(NOW, &fresh(&again));
    let last = report.signatures.last().unwrap();
    assert_eq!(
        last.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(&report)
    );
}

/// A store that is written anew takes back nothing that the file had said.
#[test]
fn evidence_that_a_later_store_leaves_out_counts_all_the_same() {
    let (archive, stamps) = town();
    let signed = archive.signed(&Extras::default());
    let bad = signed.clone().stored(&revoked(&signed));
    let good = List::of("2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z", vec![]);
    let good = [good.by(&signed.authority), good.by(&signed.root)];
    let refuses = |archive: &Archive, what: &str| {
        let report = archive.judged(NOW, &[]);
        let revoked = open(SubIndication::RevokedNoPoe);
        assert_eq!(outcome(&report), revoked, "{what}: {:?}", codes(&report));
    };
    refuses(&bad, "as it is");
    let dropped = bad.clone().stored_only(&good);
    refuses(&dropped, "left out");
    refuses(
        &dropped.clone().stored(&[]).stored(&[]),
        "and written again",
    );
    refuses(
        &bad.clone().stored_only(&[]).stored(&good),
        "emptied, then filled",
    );
    let stamped = bad.stamped(&stamps, "2026-11-02T00:00:00Z");
    refuses(&stamped.stored_only(&good), "beneath a timestamp");
    // What was good is good still.
    let kept = signed.clone().stored(&fresh(&signed)).stored_only(&[]);
    let report = kept.judged(NOW, &[]);
    assert_eq!(outcome(&report), PASSED, "{:?}", codes(&report));
    let early = signed
        .clone()
        .stored(&signed.lists(JUNE))
        .stored_only(&good);
    assert_eq!(outcome(&early.judged(NOW, &[])), PASSED);
}

/// A heap of lists that are of nobody's in the store hides no revocation.
#[test]
fn evidence_that_is_left_out_for_its_number_leaves_the_signature_open() {
    let (archive, _) = town();
    let signed = archive.signed(&Extras::default());
    let nonsense = |count: u16| -> Vec<Vec<u8>> {
        let each = (0..count).map(|number| crate::forge::list_of(number.to_string().as_bytes()));
        each.collect()
    };
    let judged = |heap: u16| {
        let stored = signed.clone().stored(&fresh(&signed));
        let heaped = stored.stored(&nonsense(heap)).stored(&revoked(&signed));
        heaped.judged(NOW, &[])
    };
    let report = judged(500);
    let revoked = open(SubIndication::RevokedNoPoe);
    assert_eq!(outcome(&report), revoked, "{:?}", codes(&report));
    let report = judged(510);
    let left = open(SubIndication::TryLater);
    assert_eq!(outcome(&report), left, "{:?}", codes(&report));
    let told = &report.signatures[0].reasons;
    let told = told.iter().find(|one| one.code == Code::RevocationUnknown);
    assert_eq!(&told.unwrap().args["why"], "too_many");
}
