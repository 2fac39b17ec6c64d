//! Revocation by the letter: what an entry counts for, wherever it stands, and which lists and
//! answers are read at all (RFC 5280, 5; RFC 6960, 4).

use crate::authority::*;
use crate::forge::{codes, der};
use crate::support::at;
use chancery_signature as sig;
use sig::{
    Anchors, GivenEvidence, Indication, Limits, SubIndication, ValidationPolicy, ValidationReport,
};

const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2026-08-01T00:00:00Z";
const FRESH: (&str, &str) = ("2026-07-31T00:00:00Z", "2026-08-05T00:00:00Z");
/// Newer than that.
const NEWER: (&str, &str) = ("2026-07-31T12:00:00Z", "2026-08-05T00:00:00Z");
const DELTA: &str = "2.5.29.27";
const SCOPE: &str = "2.5.29.28";
const CERTIFICATE_ISSUER: &str = "2.5.29.29";
const INVALIDITY_DATE: &str = "2.5.29.24";

struct Houses {
    root: Holder,
    authority: Holder,
    person: Holder,
    stamps: Holder,
}

fn houses() -> Houses {
    houses_with(Draft::person("Анна", 5))
}

fn houses_with(person: Draft) -> Houses {
    let root = Draft::authority("Корень", 1).own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING)
        .with(NO_REV_AVAIL, false, &[5, 0])
        .by(&root);
    Houses {
        person: person.by(&authority),
        root,
        authority,
        stamps,
    }
}

fn list(of: (&str, &str), entries: Vec<Entry>) -> List {
    List::of(of.0, of.1, entries)
}

fn lost(serial: u8) -> Entry {
    entry(serial, "2026-07-01T00:00:00Z", Some(1))
}

impl Houses {
    fn judged(&self, stamp: Option<&'static str>, evidence: &[Vec<u8>]) -> ValidationReport {
        let extras = Extras {
            certificates: vec![self.authority.certificate.clone()],
            token_by: stamp.map(|moment| (self.stamps.clone(), moment)),
            ..Extras::default()
        };
        let cms = signed_cms(&self.person, &[TEXT], &extras);
        let anchors = Anchors::from_pem_or_der(&self.root.certificate).unwrap();
        let mut given = GivenEvidence::none();
        given
            .add(&list(FRESH, vec![]).by(&self.root))
            .expect("the list of the root");
        for piece in evidence {
            // What cannot be read is refused here, and left aside in a file.
            let _refused = given.add(piece);
        }
        let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
        let policy = ValidationPolicy::default();
        sig::judge_with(&facts, &policy, at(NOW), &anchors, &given)
    }

    /// Beside a good whole list.
    fn beside_good(&self, more: Vec<u8>) -> ValidationReport {
        let good = list(FRESH, vec![]).by(&self.authority);
        self.judged(None, &[good, more])
    }
}

fn passed(report: &ValidationReport, what: &str) {
    let found = codes(report);
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{what}: {found:?}"
    );
}

fn open(report: &ValidationReport, sub: SubIndication, code: &str, what: &str) {
    let found = codes(report);
    assert_eq!(report.sub_indication, Some(sub), "{what}: {found:?}");
    assert_eq!(report.indication, Indication::Indeterminate, "{what}");
    assert!(found.contains(&code), "{what}: {found:?}");
}

fn why(report: &ValidationReport) -> String {
    let reasons = &report.signatures[0].reasons;
    reasons[0].args.get("why").unwrap_or_default().to_owned()
}

/// The names of an issuer, as an entry of an indirect list has them.
fn named(issuer: &str) -> Vec<u8> {
    let names = der(0x30, &[&der(0xa4, &[&name(issuer)])]);
    extension(CERTIFICATE_ISSUER, true, &names)
}

#[test]
fn an_entry_of_a_newer_delta_list_counts_and_its_silence_does_not() {
    let houses = houses();
    let delta = |entries| list(NEWER, entries).with(DELTA, true, &[2, 1, 1]);
    let report = houses.beside_good(delta(vec![lost(5)]).by(&houses.authority));
    let revoked = SubIndication::RevokedNoPoe;
    open(
        &report,
        revoked,
        "certificate_revoked",
        "beside a whole one",
    );
    let alone = houses.judged(None, &[delta(vec![lost(5)]).by(&houses.authority)]);
    open(&alone, revoked, "certificate_revoked", "alone");
    let hold = || entry(5, "2026-07-31T06:00:00Z", Some(6));
    let report = houses.beside_good(delta(vec![hold()]).by(&houses.authority));
    open(
        &report,
        SubIndication::TryLater,
        "certificate_on_hold",
        "a hold",
    );
    // Of others it says nothing, and what it takes off the list it only takes off.
    let removed = entry(5, "2026-07-31T06:00:00Z", Some(8));
    for (what, entries) in [("another", vec![lost(77)]), ("removed", vec![removed])] {
        let report = houses.beside_good(delta(entries).by(&houses.authority));
        passed(&report, what);
    }
    // By somebody else of that name it is nothing.
    let stranger = Draft::authority("Издатель", 9).own();
    passed(
        &houses.beside_good(delta(vec![lost(5)]).by(&stranger)),
        "a stranger's",
    );
}

#[test]
fn an_entry_of_an_indirect_list_counts_for_the_issuer_it_names() {
    let houses = houses();
    let indirect = |entries| {
        let scope = der(0x30, &[&[0x84, 1, 0xff]]);
        list(NEWER, entries).with(SCOPE, true, &scope)
    };
    let of = |issuer: Option<&str>| {
        let mut one = lost(5);
        one.extensions.extend(issuer.map(named));
        one
    };
    let other = || {
        let mut one = lost(77);
        one.extensions.push(named("Другой издатель"));
        one
    };
    // The issuer is that of the entry before, where an entry names none (5.3.3).
    for (what, entries, is_revoked) in [
        ("the own one", vec![of(None)], true),
        ("named", vec![of(Some("Издатель"))], true),
        ("named again", vec![other(), of(Some("Издатель"))], true),
        ("another", vec![of(Some("Другой издатель"))], false),
        ("as before", vec![other(), of(None)], false),
    ] {
        let report = houses.beside_good(indirect(entries).by(&houses.authority));
        match is_revoked {
            true => open(
                &report,
                SubIndication::RevokedNoPoe,
                "certificate_revoked",
                what,
            ),
            false => passed(&report, what),
        }
    }
    // Its silence is no word.
    let alone = houses.judged(None, &[indirect(vec![]).by(&houses.authority)]);
    open(
        &alone,
        SubIndication::TryLater,
        "revocation_unknown",
        "alone",
    );
    assert_eq!(why(&alone), "indirect");
}

#[test]
fn what_was_said_before_a_certificate_was_there_is_not_said_of_it() {
    let from = |day: &str| Draft::person("Анна", 5).valid(day, "2030-01-01T00:00:00Z");
    let early = ("2026-05-01T00:00:00Z", "2099-01-01T00:00:00Z");
    let houses = houses_with(from("2026-05-02T00:00:00Z"));
    let own = list(early, vec![]).by(&houses.authority);
    let report = houses.judged(None, std::slice::from_ref(&own));
    open(
        &report,
        SubIndication::TryLater,
        "revocation_unknown",
        "a list",
    );
    assert_eq!(why(&report), "early");
    let good = Reply::new(Says::Good, early.0, Some(early.1));
    let answer = good.about(5, &houses.authority, &houses.authority);
    let report = houses.judged(None, &[answer]);
    open(
        &report,
        SubIndication::TryLater,
        "revocation_unknown",
        "an answer",
    );
    // An entry is one all the same, and of its first day the list speaks.
    let named = list(early, vec![lost(5)]).by(&houses.authority);
    let report = houses.judged(None, &[named]);
    open(
        &report,
        SubIndication::RevokedNoPoe,
        "certificate_revoked",
        "an entry",
    );
    let houses = houses_with(from(early.0));
    let own = list(early, vec![]).by(&houses.authority);
    passed(&houses.judged(None, &[own]), "the first day");
}

/// RFC 5280, 5.3.2: since when the issuer holds that the key was lost.
#[test]
fn a_signature_of_after_the_day_that_the_issuer_names_stays_open() {
    let houses = houses();
    let named = |reason: Option<u8>, since: &str| {
        let mut one = entry(5, "2026-07-01T00:00:00Z", reason);
        let since = time(at(since));
        one.extensions
            .push(extension(INVALIDITY_DATE, false, &since));
        list(FRESH, vec![one]).by(&houses.authority)
    };
    let stamp = Some("2026-06-01T00:00:00Z");
    for reason in [Some(1), Some(9), None] {
        let report = houses.judged(stamp, &[named(reason, "2026-03-01T00:00:00Z")]);
        let what = format!("{reason:?}");
        let open_since = "certificate_invalid_since";
        open(&report, SubIndication::RevokedNoPoe, open_since, &what);
        let told = &report.signatures[0].reasons[0].args;
        assert_eq!(&told["since"], "2026-03-01T00:00:00Z");
        assert_eq!(&told["at"], "2026-07-01T00:00:00Z");
    }
    // Signed before that day, and a day of after the revocation.
    for since in ["2026-06-02T00:00:00Z", "2026-07-20T00:00:00Z"] {
        let report = houses.judged(stamp, &[named(Some(1), since)]);
        passed(&report, since);
        assert!(codes(&report).contains(&"certificate_revoked_later"));
    }
    // Without proof of time it is revoked, as ever.
    let report = houses.judged(None, &[named(Some(1), "2026-03-01T00:00:00Z")]);
    let revoked = SubIndication::RevokedNoPoe;
    open(&report, revoked, "certificate_revoked", "no proof");
    // An answer may say it too (RFC 6960, 4.4.5).
    let says = Says::Revoked("2026-07-01T00:00:00Z", Some(1));
    let mut reply = Reply::new(says, FRESH.0, Some(FRESH.1));
    let since = time(at("2026-03-01T00:00:00Z"));
    reply
        .single_extensions
        .push(extension(INVALIDITY_DATE, false, &since));
    let answer = reply.about(5, &houses.authority, &houses.authority);
    let report = houses.judged(stamp, &[answer]);
    open(&report, revoked, "certificate_invalid_since", "an answer");
}

/// A list whose scope cannot be read by the letter is no list: the certificate stays unchecked.
#[test]
fn the_scope_of_a_list_is_read_by_the_letter() {
    let houses = houses();
    let scoped = |content: &[&[u8]]| {
        let own = list(FRESH, vec![]).with(SCOPE, true, &der(0x30, content));
        houses.judged(None, &[own.by(&houses.authority)])
    };
    let sound: Vec<Vec<&[u8]>> = vec![
        vec![],
        vec![&[0x81, 1, 0xff]],
        vec![&[0x81, 1, 0xff], &[0x82, 1, 0]],
    ];
    for good in sound {
        passed(&scoped(&good), &format!("{good:?}"));
    }
    let cases: Vec<Vec<&[u8]>> = vec![
        vec![&[0x82, 2, 0xff, 0xff]],
        vec![&[0x82, 0]],
        vec![&[0x82, 1, 0xff], &[0x82, 1, 0]],
        vec![&[0x84, 1, 0xff], &[0x84, 1, 0]],
        vec![&[0x82, 1, 0], &[0x81, 1, 0xff]],
        vec![&[0x81, 1, 0xff], &[0x82, 1, 0xff]],
        vec![&[0x83, 0]],
    ];
    for bad in cases {
        let report = scoped(&bad);
        let what = format!("{bad:?}");
        open(
            &report,
            SubIndication::TryLater,
            "revocation_unchecked",
            &what,
        );
    }
}

#[test]
fn extensions_stand_once_and_where_the_version_has_them() {
    let houses = houses();
    let users = der(0x30, &[&[0x81, 1, 0xff]]);
    let twice = list(FRESH, vec![])
        .with(SCOPE, true, &der(0x30, &[&[0x82, 1, 0xff]]))
        .with(SCOPE, true, &users);
    let report = houses.judged(None, &[twice.by(&houses.authority)]);
    open(
        &report,
        SubIndication::TryLater,
        "revocation_unchecked",
        "a list",
    );
    let mut double = lost(77);
    double
        .extensions
        .push(extension("2.5.29.21", false, &[0x0a, 1, 6]));
    let report = houses.judged(None, &[list(FRESH, vec![double]).by(&houses.authority)]);
    open(
        &report,
        SubIndication::TryLater,
        "revocation_unknown",
        "an entry",
    );
    assert_eq!(why(&report), "malformed");
    let mut reply = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    let nonce = || extension("1.3.6.1.5.5.7.48.1.2", false, &[4, 1, 1]);
    reply.extensions = vec![nonce(), nonce()];
    let answer = reply.about(5, &houses.authority, &houses.authority);
    let report = houses.judged(None, &[answer]);
    open(
        &report,
        SubIndication::TryLater,
        "revocation_unchecked",
        "an answer",
    );
    // RFC 5280, 5.1.2.1: extensions only in version 2, which is written as 1.
    for (version, is_read) in [(&[2, 1, 1][..], true), (&[], false), (&[2, 1, 2], false)] {
        let mut own = list(FRESH, vec![]).with(SCOPE, true, &users);
        own.version = version.to_vec();
        let report = houses.judged(None, &[own.by(&houses.authority)]);
        match is_read {
            true => passed(&report, "version 2"),
            false => open(
                &report,
                SubIndication::TryLater,
                "revocation_unchecked",
                "versions",
            ),
        }
    }
    let mut plain = list(FRESH, vec![]);
    plain.version = vec![];
    passed(
        &houses.judged(None, &[plain.by(&houses.authority)]),
        "version 1",
    );
}

#[test]
fn an_answer_that_is_yet_to_be_given_is_not_believed() {
    let houses = houses();
    let given = |moment: &str| {
        let mut reply = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
        reply.produced_at = Some(at(moment));
        houses.judged(
            None,
            &[reply.about(5, &houses.authority, &houses.authority)],
        )
    };
    passed(&given("2026-07-31T12:00:00Z"), "in time");
    let report = given("2030-01-01T00:00:00Z");
    open(
        &report,
        SubIndication::TryLater,
        "revocation_unknown",
        "of 2030",
    );
    assert_eq!(why(&report), "in_future");
}

/// RFC 5280, 4.1.2.5: 99991231235959Z is written where no end is meant.
#[test]
fn a_time_without_end_is_read() {
    let end = || time_text("99991231235959Z");
    let root = Draft::authority("Корень", 1).until(end()).own();
    let authority = Draft::authority("Издатель", 2).until(end()).by(&root);
    let mut houses = houses();
    houses.person = Draft::person("Анна", 5).until(end()).by(&authority);
    (houses.root, houses.authority) = (root, authority);
    let mut own = list(FRESH, vec![]);
    own.own_next = Some(end());
    passed(&houses.judged(None, &[own.by(&houses.authority)]), "no end");
    assert_eq!(
        Anchors::from_pem_or_der(&houses.root.certificate)
            .unwrap()
            .len(),
        1
    );
    // A time that there is not is none.
    let odd = Draft::authority("Корень", 1).until(time_text("99991331235959Z"));
    Anchors::from_pem_or_der(&odd.own().certificate).expect_err("a thirteenth month");
}

/// A key is lost whichever certificate leads to it.
#[test]
fn an_authority_whose_key_is_lost_counts_on_no_path() {
    let other_root = Draft::authority("Другой корень", 8).own();
    let houses = houses();
    let mut crossed = Draft::authority("Издатель", 2);
    crossed.serial = 22;
    let crossed = crossed.by(&other_root);
    let judged = |anchors: &[&Holder], of_root: Vec<Entry>| {
        let extras = Extras {
            certificates: [&houses.authority, &crossed]
                .map(|one| one.certificate.clone())
                .to_vec(),
            ..Extras::default()
        };
        let cms = signed_cms(&houses.person, &[TEXT], &extras);
        let mut trusted = Anchors::none();
        for anchor in anchors {
            trusted.extend(Anchors::from_pem_or_der(&anchor.certificate).unwrap());
        }
        let mut given = GivenEvidence::none();
        for piece in [
            list(FRESH, of_root).by(&houses.root),
            list(FRESH, vec![]).by(&other_root),
            list(FRESH, vec![]).by(&houses.authority),
        ] {
            given.add(&piece).unwrap();
        }
        let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
        let policy = ValidationPolicy::default();
        sig::judge_with(&facts, &policy, at(NOW), &trusted, &given)
    };
    let both = [&houses.root, &other_root];
    let of = |reason| vec![entry(2, "2026-07-01T00:00:00Z", reason)];
    for reason in [Some(1), Some(2)] {
        let report = judged(&both, of(reason));
        let lost = SubIndication::RevokedCaNoPoe;
        open(&report, lost, "authority_revoked", &format!("{reason:?}"));
    }
    // Any other reason is one of that certificate; and whoever is not trusted says nothing.
    passed(&judged(&both, of(Some(4))), "superseded");
    passed(&judged(&both, vec![]), "not revoked");
    passed(&judged(&[&other_root], of(Some(2))), "by nobody trusted");
}
