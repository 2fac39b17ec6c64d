//! Archive timestamps of CAdES: what they prove, and what they do not cover.

use crate::authority::*;
use crate::forge::{attribute, codes, der};
use crate::support::at;
use chancery_signature as sig;
use sig::{
    Anchors, GivenEvidence, Indication, Limits, SubIndication, ValidationPolicy, ValidationReport,
};

const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2028-06-01T00:00:00Z";
const JUNE: (&str, &str) = ("2026-06-02T00:00:00Z", "2026-06-09T00:00:00Z");

struct Houses {
    root: Holder,
    authority: Holder,
    person: Holder,
}

fn houses() -> Houses {
    let root = Draft::authority("Корень", 1)
        .valid("2026-01-01T00:00:00Z", "2040-01-01T00:00:00Z")
        .own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let person = Draft::person("Анна", 5)
        .valid("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z")
        .by(&authority);
    Houses {
        root,
        authority,
        person,
    }
}

impl Houses {
    fn stamps(&self, name: &str, seed: u8, until: &str) -> Holder {
        Draft::service(name, seed, TIME_STAMPING)
            .with(NO_REV_AVAIL, false, &[5, 0])
            .valid("2026-01-01T00:00:00Z", until)
            .by(&self.root)
    }

    /// A signature with the lists of June among its unsigned attributes.
    fn extras(&self) -> Extras {
        let list = List::of(JUNE.0, JUNE.1, vec![]);
        let lists = [list.by(&self.root), list.by(&self.authority)].concat();
        let values = der(0x30, &[&der(0xa0, &[&der(0x30, &[&lists])])]);
        Extras {
            certificates: vec![self.authority.certificate.clone()],
            unsigned: vec![attribute("1.2.840.113549.1.9.16.2.24", &[&values])],
            ..Extras::default()
        }
    }

    /// The same with one more archive timestamp over everything in it.
    fn archived(&self, extras: &Extras, authority: &Holder, moment: &str) -> Extras {
        let stamp = archive_stamp(&self.person, &[TEXT], extras, authority, moment);
        let mut more = extras.clone();
        more.unsigned.push(stamp);
        more
    }

    fn judged(&self, extras: &Extras, given: &[Vec<u8>]) -> ValidationReport {
        let cms = signed_cms(&self.person, &[TEXT], extras);
        let anchors = Anchors::from_pem_or_der(&self.root.certificate).unwrap();
        let mut evidence = GivenEvidence::none();
        for piece in given {
            evidence.add(piece).expect("a piece of evidence");
        }
        let policy = ValidationPolicy::default();
        let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
        sig::judge_with(&facts, &policy, at(NOW), &anchors, &evidence)
    }
}

fn passed(report: &ValidationReport, proven: &str) {
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(report)
    );
    assert_eq!(report.signatures[0].time.proven, Some(at(proven)));
}

#[test]
fn an_archive_timestamp_proves_signature_certificates_and_lists() {
    let houses = houses();
    let stamps = houses.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    let bare = houses.extras();
    let report = houses.judged(&bare, &[]);
    assert_ne!(report.indication, Indication::TotalPassed);
    let kept = houses.archived(&bare, &stamps, "2026-06-03T00:00:00Z");
    let report = houses.judged(&kept, &[]);
    passed(&report, "2026-06-03T00:00:00Z");
    let time = &report.signatures[0].time;
    assert!(time.proven_by.as_ref().unwrap().contains("Служба времени"));
    // Both the signer and the issuer fell later.
    let year = ("2026-11-01T00:00:00Z", "2028-11-01T00:00:00Z");
    let fallen = List::of(
        year.0,
        year.1,
        vec![entry(2, "2026-10-01T00:00:00Z", Some(2))],
    );
    let revoked = List::of(
        year.0,
        year.1,
        vec![entry(5, "2026-09-01T00:00:00Z", Some(1))],
    );
    let given = [fallen.by(&houses.root), revoked.by(&houses.authority)];
    passed(&houses.judged(&kept, &given), "2026-06-03T00:00:00Z");
    // Lists that came after the timestamp are not covered by it.
    let without = Extras {
        unsigned: vec![],
        ..bare.clone()
    };
    let mut late = houses.archived(&without, &stamps, "2026-06-03T00:00:00Z");
    late.unsigned.extend(bare.unsigned.clone());
    let report = houses.judged(&late, &given[..1]);
    assert_eq!(report.sub_indication, Some(SubIndication::NoPoe));
}

#[test]
fn archive_timestamps_carry_one_another() {
    let houses = houses();
    let first = houses.stamps("Первая служба", 3, "2027-01-01T00:00:00Z");
    let second = houses.stamps("Вторая служба", 4, "2035-01-01T00:00:00Z");
    let once = houses.archived(&houses.extras(), &first, "2026-06-03T00:00:00Z");
    let report = houses.judged(&once, &[]);
    assert_ne!(report.indication, Indication::TotalPassed);
    assert_eq!(report.signatures[0].time.proven, None);
    let twice = houses.archived(&once, &second, "2026-12-01T00:00:00Z");
    passed(&houses.judged(&twice, &[]), "2026-06-03T00:00:00Z");
    let late = houses.archived(&once, &second, "2027-02-01T00:00:00Z");
    let report = houses.judged(&late, &[]);
    assert_eq!(
        report.signatures[0].time.proven,
        Some(at("2027-02-01T00:00:00Z")),
        "the first had ended before it was covered"
    );
}

#[test]
fn an_archive_timestamp_over_something_else_or_something_gone_proves_nothing() {
    let houses = houses();
    let stamps = houses.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    let kept = houses.archived(&houses.extras(), &stamps, "2026-06-03T00:00:00Z");
    // The lists were taken away, or exchanged.
    let mut gone = kept.clone();
    gone.unsigned.remove(0);
    let mut exchanged = kept.clone();
    exchanged.unsigned[0] = attribute("1.2.840.113549.1.9.16.2.24", &[&der(0x30, &[])]);
    let mut fewer = kept.clone();
    fewer.certificates.clear();
    for extras in [gone, exchanged, fewer] {
        let report = houses.judged(&extras, &[]);
        assert!(codes(&report).contains(&"timestamp_unsound"));
        assert_eq!(report.signatures[0].time.proven, None);
    }
    // Over another signature.
    let other = houses.extras();
    let stranger = Draft::person("Борис", 6).by(&houses.authority);
    let stamp = archive_stamp(&stranger, &[TEXT], &other, &stamps, "2026-06-03T00:00:00Z");
    let mut swapped = other;
    swapped.unsigned.push(stamp);
    let report = houses.judged(&swapped, &[]);
    assert!(codes(&report).contains(&"timestamp_unsound"));
}

#[test]
fn older_forms_are_told_and_prove_nothing() {
    let houses = houses();
    let stamps = houses.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    let token = token(&stamps, &[b"whatever it was over"], "2026-06-03T00:00:00Z");
    for kind in ["1.2.840.113549.1.9.16.2.48", "1.2.840.113549.1.9.16.2.27"] {
        let mut extras = houses.extras();
        extras.unsigned.push(attribute(kind, &[&token]));
        let report = houses.judged(&extras, &[]);
        assert!(codes(&report).contains(&"archive_unsupported"));
        assert_eq!(report.signatures[0].time.proven, None);
    }
}

/// A clock that goes wrong must not put a signature before the revocation of its key.
#[test]
fn check_36_an_archive_timestamp_is_no_older_than_the_timestamps_it_covers() {
    let houses = houses();
    let stamps = houses.stamps("Служба времени", 3, "2035-01-01T00:00:00Z");
    let stranger = Draft::service("Чужая служба", 9, TIME_STAMPING)
        .with(NO_REV_AVAIL, false, &[5, 0])
        .own();
    let year = ("2026-11-01T00:00:00Z", "2028-11-01T00:00:00Z");
    let revoked = vec![entry(5, "2026-08-01T00:00:00Z", Some(1))];
    let given = [
        List::of(year.0, year.1, vec![]).by(&houses.root),
        List::of(year.0, year.1, revoked).by(&houses.authority),
    ];
    let stamped = |by: &Holder, moment: &str| {
        let mut extras = houses.extras();
        let value = value_of(&signed_cms(&houses.person, &[TEXT], &extras));
        let token = token(by, &[&value], moment);
        let kind = "1.2.840.113549.1.9.16.2.14";
        extras.unsigned.push(attribute(kind, &[&token]));
        extras
    };
    let (june, october) = ("2026-06-03T00:00:00Z", "2026-10-01T00:00:00Z");
    let in_june = |extras: &Extras| houses.archived(extras, &stamps, june);
    // A timestamp of October, or an archive timestamp of October, beneath one of June.
    let twice = houses.archived(&houses.extras(), &stamps, october);
    for covered in [stamped(&stamps, october), twice] {
        let report = houses.judged(&in_june(&covered), &given);
        assert_ne!(report.indication, Indication::TotalPassed);
        let found = codes(&report);
        assert!(found.contains(&"timestamp_order"), "{found:?}");
        let proven = report.signatures[0].time.proven;
        assert_eq!(proven, Some(at(october)), "{found:?}");
    }
    // In order, not covered, or by somebody whom nobody trusts.
    let mut beside = in_june(&houses.extras());
    beside
        .unsigned
        .extend(stamped(&stamps, october).unsigned.pop());
    for extras in [
        in_june(&stamped(&stamps, "2026-06-02T12:00:00Z")),
        in_june(&stamped(&stranger, october)),
        beside,
    ] {
        let report = houses.judged(&extras, &given);
        let found = codes(&report);
        assert_eq!(report.indication, Indication::TotalPassed, "{found:?}");
    }
}
