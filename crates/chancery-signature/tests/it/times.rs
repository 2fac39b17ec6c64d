//! What timestamps say, by the letter of RFC 3161, and how they stand to one another.

use crate::authority::*;
use crate::forge::{SHA256, attribute, codes, der};
use crate::support::at;
use chancery_signature as sig;
use sig::report::{Indication, SignatureReport, SubIndication};
use sig::{
    Anchors, Code, DigestAlgorithm, GivenEvidence, Limits, ValidationPolicy, ValidationReport,
};

const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2026-08-01T00:00:00Z";
const STAMPED: &str = "2026-06-01T12:00:00Z";
const LISTED: (&str, &str) = ("2026-07-31T00:00:00Z", "2026-08-05T00:00:00Z");
const SIGNATURE_TIMESTAMP: &str = "1.2.840.113549.1.9.16.2.14";
const CONTENT_TIMESTAMP: &str = "1.2.840.113549.1.9.16.2.20";
const IMPRINT: (DigestAlgorithm, &str) = (DigestAlgorithm::Sha256, SHA256);

struct Town {
    root: Holder,
    authority: Holder,
    person: Holder,
    stamps: Holder,
}

fn town() -> Town {
    let root = Draft::authority("Корень", 1).own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let person = Draft::person("Анна", 5).by(&authority);
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING);
    let stamps = stamps.with(NO_REV_AVAIL, false, &[5, 0]).by(&root);
    Town {
        root,
        authority,
        person,
        stamps,
    }
}

impl Town {
    /// Judged with these entries in the issuer's list.
    fn judged(&self, extras: &Extras, entries: Vec<Entry>) -> ValidationReport {
        let mut extras = extras.clone();
        extras.certificates.push(self.authority.certificate.clone());
        let cms = signed_cms(&self.person, &[TEXT], &extras);
        let anchors = Anchors::from_pem_or_der(&self.root.certificate).unwrap();
        let mut given = GivenEvidence::none();
        for list in [
            List::of(LISTED.0, LISTED.1, vec![]).by(&self.root),
            List::of(LISTED.0, LISTED.1, entries).by(&self.authority),
        ] {
            given.add(&list).unwrap();
        }
        let policy = ValidationPolicy::default();
        let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
        let stored = serde_json::to_string(&facts).unwrap();
        let facts: sig::Facts = serde_json::from_str(&stored).unwrap();
        sig::judge_with(&facts, &policy, at(NOW), &anchors, &given)
    }

    /// A signature whose value has a token with these bytes behind its moment.
    fn stamped(&self, after: &[u8], entries: Vec<Entry>) -> ValidationReport {
        let value = value_of(&signed_cms(&self.person, &[TEXT], &Extras::default()));
        let extras = Extras::default();
        let token = stamped(&self.stamps, &[&value], STAMPED, IMPRINT, after, &extras);
        let extras = Extras {
            unsigned: vec![attribute(SIGNATURE_TIMESTAMP, &[&token])],
            ..Extras::default()
        };
        self.judged(&extras, entries)
    }
}

fn has(one: &SignatureReport, code: Code) -> bool {
    let mut all = one.reasons.iter().chain(&one.warnings);
    all.any(|reason| reason.code == code)
}

#[test]
fn check_36_a_token_is_read_by_the_letter() {
    let town = town();
    let read = |after: &[u8]| {
        let report = town.stamped(after, vec![]);
        let one = &report.signatures[0];
        assert_ne!(one.time.proven.is_some(), has(one, Code::TimestampUnsound));
        one.time.proven.is_some()
    };
    let accuracy = der(0x30, &[&[2, 1, 1], &[0x80, 2, 1, 0xf4], &[0x81, 1, 1]]);
    let (ordering, nonce) = (&[1, 1, 0][..], &[2, 1, 7][..]);
    let authority = der(0xa0, &[&der(0xa4, &[&name("Служба времени")])]);
    let rule = |critical| der(0xa1, &[&extension("1.2.3.4", critical, &[5, 0])]);
    let all = [&accuracy, ordering, nonce, &authority, &rule(false)].concat();
    for good in [&[][..], &accuracy, ordering, nonce, &authority, &all] {
        assert!(read(good), "{good:?}");
    }
    let junk = [&[4, 1, 0][..], nonce].concat();
    let twice = [nonce, nonce].concat();
    let swapped = [nonce, ordering].concat();
    for bad in [&rule(true)[..], &junk, &twice, &swapped, &[5, 0]] {
        assert!(!read(bad), "{bad:?}");
    }
}

#[test]
fn check_36_a_timestamp_proves_what_its_accuracy_allows() {
    let town = town();
    let accuracy = |seconds: &[u8]| der(0x30, &[&der(2, &[seconds])]);
    let (second, days) = (der(0x30, &[&[2, 1, 1]]), accuracy(&[0x12, 0x75, 0]));
    let proven = |after: &[u8]| town.stamped(after, vec![]).signatures[0].time.proven;
    assert_eq!(proven(&second), Some(at(STAMPED)));
    assert_eq!(proven(&days), Some(at("2026-06-15T12:00:00Z")));
    // More than there was until now proves now.
    assert_eq!(proven(&accuracy(&[5, 0, 0, 0])), Some(at(NOW)));
    // A revocation within those days may have come first.
    let revoked = || vec![entry(5, "2026-06-05T00:00:00Z", Some(1))];
    let report = town.stamped(&second, revoked());
    assert_eq!(report.indication, Indication::TotalPassed);
    let report = town.stamped(&days, revoked());
    let open = Some(SubIndication::RevokedNoPoe);
    assert_eq!(report.sub_indication, open, "{:?}", codes(&report));
}

#[test]
fn check_36_a_signature_is_no_older_than_what_it_covers() {
    let town = town();
    let over = |message: &[u8], moment: &str| token(&town.stamps, &[message], moment);
    let judged = |content: Vec<u8>, moment: &'static str, entries: Vec<Entry>| {
        let extras = Extras {
            signed: vec![attribute(CONTENT_TIMESTAMP, &[&content])],
            token_by: Some((town.stamps.clone(), moment)),
            ..Extras::default()
        };
        town.judged(&extras, entries)
    };
    let early = || over(TEXT, "2026-05-01T00:00:00Z");
    let report = judged(early(), STAMPED, vec![]);
    assert_eq!(report.indication, Indication::TotalPassed);
    assert_eq!(codes(&report), Vec::<&str>::new());
    let report = judged(over(TEXT, "2026-07-01T00:00:00Z"), STAMPED, vec![]);
    let order = Some(SubIndication::TimestampOrderFailure);
    assert_eq!(report.sub_indication, order, "{:?}", codes(&report));
    assert_eq!(report.intact, sig::Answer::Yes);
    // Over something else it says nothing, which is told.
    let report = judged(
        over(b"another text", "2026-07-01T00:00:00Z"),
        STAMPED,
        vec![],
    );
    assert_eq!(report.indication, Indication::TotalPassed);
    assert!(has(&report.signatures[0], Code::TimestampUnsound));
    // It was signed after it, and so after the certificate was revoked.
    let revoked = || vec![entry(5, "2026-04-01T00:00:00Z", Some(1))];
    let report = judged(early(), STAMPED, revoked());
    assert_eq!(report.sub_indication, Some(SubIndication::Revoked));
    let report = judged(
        over(b"another text", "2026-05-01T00:00:00Z"),
        STAMPED,
        revoked(),
    );
    assert_eq!(report.sub_indication, Some(SubIndication::RevokedNoPoe));
}

/// Whoever asks for a token need not ask for the certificate of its authority.
#[test]
fn check_36_the_authority_of_a_token_may_stand_around_it() {
    let town = town();
    let value = value_of(&signed_cms(&town.person, &[TEXT], &Extras::default()));
    let extras = Extras {
        without_own: true,
        ..Extras::default()
    };
    let token = token_with(&town.stamps, &[&value], STAMPED, &extras);
    let judged = |certificates: Vec<Vec<u8>>| {
        let extras = Extras {
            unsigned: vec![attribute(SIGNATURE_TIMESTAMP, &[&token])],
            certificates,
            ..Extras::default()
        };
        town.judged(&extras, vec![])
    };
    let report = judged(vec![town.stamps.certificate.clone()]);
    assert_eq!(codes(&report), Vec::<&str>::new());
    assert_eq!(report.signatures[0].time.proven, Some(at(STAMPED)));
    let report = judged(vec![]);
    let warnings = &report.signatures[0].warnings;
    let told = warnings
        .iter()
        .find(|one| one.code == Code::TimestampUntrusted);
    assert_eq!(&told.unwrap().args["why"], "no_certificate");
}

#[test]
fn check_36_a_heap_of_nonsense_hides_no_timestamp() {
    let town = town();
    let value = value_of(&signed_cms(&town.person, &[TEXT], &Extras::default()));
    let good = token(&town.stamps, &[&value], STAMPED);
    let judged = |tokens: Vec<Vec<u8>>| {
        let tokens: Vec<&[u8]> = tokens.iter().map(Vec::as_slice).collect();
        let extras = Extras {
            unsigned: vec![attribute(SIGNATURE_TIMESTAMP, &tokens)],
            ..Extras::default()
        };
        town.judged(&extras, vec![])
    };
    let nonsense = vec![der(0x30, &[]); 99];
    let report = judged([nonsense, vec![good.clone()]].concat());
    assert_eq!(report.indication, Indication::TotalPassed);
    assert_eq!(report.signatures[0].time.proven, Some(at(STAMPED)));
    assert_eq!(codes(&report), ["timestamp_unsound"]);
    // What is left out of those that are some is told.
    let report = judged(vec![good.clone(); 16]);
    assert_eq!(codes(&report), Vec::<&str>::new());
    let report = judged(vec![good; 17]);
    assert_eq!(codes(&report), ["unreadable"]);
    assert_eq!(report.indication, Indication::Indeterminate);
}
