//! Revocations that are at hand and cannot be simply believed: nobody passes against one, and no
//! stranger makes one.

use crate::authority::*;
use crate::forge::{codes, der};
use crate::lost_authority::{LOST, Old, town};
use crate::support::at;
use chancery_signature as sig;
use sig::report::{Code, Reason};
use sig::{
    Anchors, GivenEvidence, Indication, Limits, SubIndication, ValidationPolicy, ValidationReport,
};

const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2026-08-01T00:00:00Z";
const STAMPED: &str = "2026-06-01T00:00:00Z";
/// Before the stamp and after it.
const EARLY: &str = "2026-05-01T00:00:00Z";
const LATE: &str = "2026-07-01T00:00:00Z";
const FRESH: (&str, &str) = ("2026-07-31T00:00:00Z", "2026-08-05T00:00:00Z");
const NEWER: (&str, &str) = ("2026-07-31T12:00:00Z", "2026-08-05T00:00:00Z");
const UNKNOWN_RULE: &str = "1.3.6.1.4.1.32473.9";

struct Houses {
    root: Holder,
    authority: Holder,
    person: Holder,
    stamps: Holder,
    /// Certificates that the signature brings.
    sent: Vec<Vec<u8>>,
}

fn houses() -> Houses {
    houses_under(Draft::authority("Издатель", 2))
}

fn houses_under(authority: Draft) -> Houses {
    let root = Draft::authority("Корень", 1).own();
    let authority = authority.by(&root);
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING);
    Houses {
        person: Draft::person("Анна", 5).by(&authority),
        stamps: stamps.with(NO_REV_AVAIL, false, &[5, 0]).by(&root),
        sent: vec![authority.certificate.clone()],
        root,
        authority,
    }
}

fn named(moment: &str, reason: u8) -> Vec<Entry> {
    vec![entry(5, moment, Some(reason))]
}

fn list(entries: Vec<Entry>) -> List {
    List::of(NEWER.0, NEWER.1, entries)
}

impl Houses {
    /// Judged beside the good list of the root.
    fn judged(&self, stamp: Option<&'static str>, evidence: &[Vec<u8>]) -> ValidationReport {
        let extras = Extras {
            certificates: self.sent.clone(),
            token_by: stamp.map(|moment| (self.stamps.clone(), moment)),
            ..Extras::default()
        };
        let cms = signed_cms(&self.person, &[TEXT], &extras);
        let anchors = Anchors::from_pem_or_der(&self.root.certificate).unwrap();
        let mut given = GivenEvidence::none();
        let own = List::of(FRESH.0, FRESH.1, vec![]).by(&self.root);
        for piece in [own].iter().chain(evidence) {
            given.add(piece).expect("a piece of evidence");
        }
        let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
        let policy = ValidationPolicy::default();
        sig::judge_with(&facts, &policy, at(NOW), &anchors, &given)
    }

    /// Beside a good list of the authority as well.
    fn beside_good(&self, stamp: Option<&'static str>, more: Vec<u8>) -> ValidationReport {
        let good = List::of(FRESH.0, FRESH.1, vec![]).by(&self.authority);
        self.judged(stamp, &[good, more])
    }
}

fn passed(report: &ValidationReport, what: &str) {
    let found = codes(report);
    let passed = Indication::TotalPassed;
    assert_eq!(report.indication, passed, "{what}: {found:?}");
}

fn doubted(report: &ValidationReport, why: &str) {
    let found = codes(report);
    let open = Indication::Indeterminate;
    assert_eq!(report.indication, open, "{why}: {found:?}");
    let doubted = |one: &&Reason| one.code == Code::RevocationDoubted;
    let reasons = &report.signatures[0].reasons;
    let reason = reasons.iter().find(doubted).expect(why);
    assert_eq!(&reason.args["why"], why, "{found:?}");
    assert_eq!(&reason.args["at"], EARLY, "{why}");
}

#[test]
fn check_35_a_revocation_by_a_weak_signature_is_not_passed_over() {
    let houses = houses();
    let weak = |moment| list(named(moment, 1)).weak().by(&houses.authority);
    doubted(&houses.beside_good(None, weak(EARLY)), "weak");
    doubted(&houses.beside_good(Some(STAMPED), weak(EARLY)), "weak");
    // Of after the signing it is told.
    let report = houses.beside_good(Some(STAMPED), weak(LATE));
    passed(&report, "later");
    assert_eq!(codes(&report), ["certificate_revoked_later"]);
    // It does not say that the certificate was good until then.
    let report = houses.judged(Some(STAMPED), &[weak(LATE)]);
    assert!(codes(&report).contains(&"revocation_unknown"));
    // Of others it says nothing, and a stranger's says nothing at all.
    let other = list(vec![entry(77, EARLY, Some(1))]).weak();
    passed(
        &houses.beside_good(None, other.by(&houses.authority)),
        "another",
    );
    let stranger = Draft::authority("Издатель", 9).own();
    let strange = list(named(EARLY, 1)).weak().by(&stranger);
    passed(&houses.beside_good(None, strange), "a stranger's");
}

#[test]
fn check_35_what_is_beneath_an_authority_in_doubt_must_be_older() {
    let houses = houses();
    let lost = List::of(NEWER.0, NEWER.1, vec![entry(2, LATE, Some(2))]);
    let report = houses.beside_good(Some(STAMPED), lost.weak().by(&houses.root));
    assert_eq!(report.sub_indication, Some(SubIndication::NoPoe));
    let found = codes(&report);
    assert!(found.contains(&"revocation_unproven"), "{found:?}");
}

#[test]
fn check_36_a_revocation_without_proof_of_its_age_is_not_passed_over() {
    let town = town("2030-01-01T00:00:00Z", LOST);
    let cms = town.signed(false, Old::All);
    passed(&town.judged_beside(&cms, &[]), "the list of June alone");
    for day in ["2026-05-25T00:00:00Z", "2026-06-25T00:00:00Z"] {
        let list = List::of(day, "2027-01-01T00:00:00Z", named(EARLY, 1));
        let report = town.judged_beside(&cms, &[list.by(&town.authority)]);
        doubted(&report, "no_proof");
        let reply = Reply::new(Says::Revoked(EARLY, Some(1)), day, None);
        let answer = reply.about(5, &town.authority, &town.authority);
        doubted(&town.judged_beside(&cms, &[answer]), "no_proof");
    }
    // A delegate whose certificate has ended.
    let houses = houses();
    let delegate = Draft::service("Ответчик", 6, OCSP_SIGNING)
        .with(OCSP_NO_CHECK, false, &[5, 0])
        .valid("2026-01-01T00:00:00Z", LATE);
    let reply = Reply::new(Says::Revoked(EARLY, Some(1)), "2026-05-25T00:00:00Z", None);
    let answer = |by| reply.about(5, &houses.authority, &by);
    let by = delegate.clone().by(&houses.authority);
    doubted(&houses.beside_good(None, answer(by)), "no_proof");
    let stranger = Draft::authority("Издатель", 9).own();
    passed(
        &houses.beside_good(None, answer(delegate.by(&stranger))),
        "a stranger's delegate",
    );
}

#[test]
fn check_36_a_revocation_that_was_told_later_counts_from_its_own_day() {
    let houses = houses();
    let told = |moment| {
        let (made, next) = ("2026-08-10T00:00:00Z", "2026-08-20T00:00:00Z");
        let list = List::of(made, next, named(moment, 1)).by(&houses.authority);
        let reply = Reply::new(Says::Revoked(moment, Some(1)), made, Some(next));
        [list, reply.about(5, &houses.authority, &houses.authority)]
    };
    for piece in told(EARLY) {
        doubted(&houses.beside_good(None, piece.clone()), "in_future");
        doubted(&houses.beside_good(Some(STAMPED), piece), "in_future");
    }
    for piece in told("2026-08-09T00:00:00Z") {
        let report = houses.beside_good(None, piece);
        passed(&report, "revoked later");
        assert!(codes(&report).contains(&"certificate_revoked_later"));
    }
}

#[test]
fn what_is_not_understood_of_a_list_or_an_answer_takes_no_revocation_away() {
    let houses = houses();
    let critical = || extension(UNKNOWN_RULE, true, &[5, 0]);
    let of_list = list(named(EARLY, 1)).with(UNKNOWN_RULE, true, &[5, 0]);
    let mut own_entry = list(named(EARLY, 1));
    own_entry.entries[0].extensions.push(critical());
    let mut other_entry = list(named(EARLY, 1));
    other_entry.entries.push(entry(77, EARLY, None));
    other_entry.entries[1].extensions.push(critical());
    for list in [of_list, own_entry, other_entry] {
        let report = houses.beside_good(None, list.by(&houses.authority));
        doubted(&report, "rule_unknown");
    }
    let revoked = || Reply::new(Says::Revoked(EARLY, Some(1)), FRESH.0, Some(FRESH.1));
    let mut of_answer = revoked();
    of_answer.extensions.push(critical());
    let mut of_single = revoked();
    of_single.single_extensions.push(critical());
    for reply in [of_answer, of_single] {
        let answer = reply.about(5, &houses.authority, &houses.authority);
        doubted(&houses.beside_good(None, answer), "rule_unknown");
    }
}

#[test]
fn a_responder_that_may_be_revoked_itself_is_not_passed_over() {
    let houses = houses();
    let revoked = Reply::new(Says::Revoked(EARLY, Some(1)), FRESH.0, Some(FRESH.1));
    let by = |holder: Holder| revoked.about(5, &houses.authority, &holder);
    let good = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    let good = good.about(5, &houses.authority, &houses.authority);
    let delegate = Draft::service("Ответчик", 6, OCSP_SIGNING);
    let delegated = by(delegate.clone().by(&houses.authority));
    doubted(
        &houses.judged(None, &[good.clone(), delegated]),
        "responder",
    );
    // Whoever has some certificate of the issuer, or a delegate of somebody else, is a stranger.
    let strange = [
        Draft::person("Борис", 6).by(&houses.authority),
        delegate.by(&houses.root),
    ];
    for holder in strange {
        let report = houses.judged(None, &[good.clone(), by(holder)]);
        passed(&report, "a stranger's");
    }
}

#[test]
fn a_list_by_the_next_key_of_the_issuer_is_not_passed_over() {
    let mut houses = houses();
    let next = Draft::authority("Издатель", 8).by(&houses.root);
    let stranger = Draft::authority("Издатель", 9).own();
    let no_lists = Draft::person("Издатель", 10).by(&houses.root);
    let by = |holder: &Holder| list(named(EARLY, 1)).by(holder);
    passed(&houses.beside_good(None, by(&next)), "not at hand");
    for holder in [&next, &stranger, &no_lists] {
        houses.sent.push(holder.certificate.clone());
    }
    doubted(&houses.beside_good(None, by(&next)), "signature");
    doubted(&houses.judged(None, &[by(&next)]), "signature");
    passed(&houses.beside_good(None, by(&stranger)), "a stranger's");
    passed(&houses.beside_good(None, by(&no_lists)), "not for lists");
    // Its good word is still none.
    let report = houses.judged(None, &[list(vec![]).by(&next)]);
    assert_ne!(report.indication, Indication::TotalPassed);
}

#[test]
fn a_list_by_an_issuer_that_may_sign_none_is_not_passed_over() {
    let authority = Draft::new("Издатель", 2)
        .with(BASIC_CONSTRAINTS, true, &der(0x30, &[&[1, 1, 0xff]]))
        .with(KEY_USAGE, true, &der(3, &[&CERTIFIES]));
    let houses = houses_under(authority);
    let good = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    let good = good.about(5, &houses.authority, &houses.authority);
    passed(&houses.judged(None, std::slice::from_ref(&good)), "good");
    let named = list(named(EARLY, 1)).by(&houses.authority);
    doubted(&houses.judged(None, &[good, named]), "signature");
}

#[test]
fn a_hold_in_doubt_is_lifted_as_any() {
    let houses = houses();
    let hold = |of: (&str, &str)| {
        let list = List::of(of.0, of.1, named(EARLY, 6));
        list.weak().by(&houses.authority)
    };
    doubted(&houses.beside_good(None, hold(NEWER)), "weak");
    let older = ("2026-07-30T00:00:00Z", "2026-08-05T00:00:00Z");
    passed(&houses.beside_good(None, hold(older)), "lifted");
}

/// What was signed while the certificate was on hold: eIDAS, article 28(5), takes its validity for
/// just that time.
#[test]
fn what_was_signed_on_hold_stays_open_though_the_hold_was_lifted() {
    let houses = houses();
    let held =
        |of: &str, until: &str, since| List::of(of, until, named(since, 6)).by(&houses.authority);
    let then = held("2026-05-25T00:00:00Z", "2026-06-25T00:00:00Z", EARLY);
    let report = houses.beside_good(Some(STAMPED), then.clone());
    assert_eq!(report.sub_indication, Some(SubIndication::RevokedNoPoe));
    let found = codes(&report);
    assert!(found.contains(&"certificate_held_then"), "{found:?}");
    // A list of after the signing that says since when.
    let told_later = held("2026-06-10T00:00:00Z", "2026-06-25T00:00:00Z", EARLY);
    let report = houses.beside_good(Some(STAMPED), told_later);
    assert!(codes(&report).contains(&"certificate_held_then"));
    // Lifted before the signing, put on hold after it, or nothing proves that it was meanwhile.
    let lifted = List::of("2026-05-30T00:00:00Z", "2026-06-05T00:00:00Z", vec![]);
    let good = List::of(FRESH.0, FRESH.1, vec![]).by(&houses.authority);
    let pieces = [good, then.clone(), lifted.by(&houses.authority)];
    passed(&houses.judged(Some(STAMPED), &pieces), "lifted before");
    let after = held(
        "2026-06-10T00:00:00Z",
        "2026-06-25T00:00:00Z",
        "2026-06-05T00:00:00Z",
    );
    passed(&houses.beside_good(Some(STAMPED), after), "held after");
    passed(&houses.beside_good(None, then), "no proof of time");
}

#[test]
fn nobody_vouches_for_their_own_key() {
    let mut houses = houses();
    let good = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    let purposes = |all: &[&str]| {
        let all: Vec<Vec<u8>> = all.iter().map(|one| crate::forge::oid(one)).collect();
        let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
        Draft::person("Ответчик", 6)
            .with(PURPOSES, false, &der(0x30, &all))
            .with(OCSP_NO_CHECK, false, &[5, 0])
    };
    let own_word = |houses: &Houses| good.about(6, &houses.authority, &houses.person);
    let signs = "1.3.6.1.5.5.7.3.36";
    houses.person = purposes(&[OCSP_SIGNING, signs]).by(&houses.authority);
    let report = houses.judged(None, &[own_word(&houses)]);
    let found = codes(&report);
    assert!(found.contains(&"revocation_unknown"), "{found:?}");
    // With a list it may sign.
    let list = List::of(FRESH.0, FRESH.1, vec![]).by(&houses.authority);
    passed(
        &houses.judged(None, &[own_word(&houses), list.clone()]),
        "a list",
    );
    // A certificate for answers alone signs no documents.
    houses.person = purposes(&[OCSP_SIGNING]).by(&houses.authority);
    let report = houses.judged(None, &[list]);
    assert!(codes(&report).contains(&"key_usage_wrong"));
}
