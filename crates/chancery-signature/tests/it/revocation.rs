//! Revocation: what lists and answers prove, when, and what they do not.

use crate::authority::*;
use crate::forge::{attribute, codes, der, oid};
use crate::support::{at, pem};
use chancery_signature as sig;
use sig::report::{Check, CheckResult, Revocation};
use sig::{
    Anchors, GivenEvidence, Indication, Limits, SubIndication, ValidationPolicy, ValidationReport,
};

pub const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2026-08-01T00:00:00Z";
/// A list of the day of judgement, and one of long ago.
pub const FRESH: (&str, &str) = ("2026-07-31T00:00:00Z", "2026-08-05T00:00:00Z");
const OLD: (&str, &str) = ("2026-05-01T00:00:00Z", "2026-05-05T00:00:00Z");

pub struct Houses {
    pub root: Holder,
    pub authority: Holder,
    pub person: Holder,
    pub stamps: Holder,
}

pub fn houses() -> Houses {
    let root = Draft::authority("Корень", 1).own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let person = Draft::person("Анна", 5).by(&authority);
    // The root vouches for its timestamping authority, so that only the others are in question.
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING)
        .with(NO_REV_AVAIL, false, &[5, 0])
        .by(&root);
    Houses {
        root,
        authority,
        person,
        stamps,
    }
}

pub fn list(of: (&str, &str), entries: Vec<Entry>) -> List {
    List::of(of.0, of.1, entries)
}

impl Houses {
    /// The root's list, which says that the authority is good.
    fn root_list(&self, of: (&str, &str)) -> Vec<u8> {
        list(of, vec![]).by(&self.root)
    }

    pub fn signed(&self, moment: Option<&'static str>) -> Vec<u8> {
        let extras = Extras {
            certificates: vec![self.authority.certificate.clone()],
            token_by: moment.map(|moment| (self.stamps.clone(), moment)),
            ..Extras::default()
        };
        signed_cms(&self.person, &[TEXT], &extras)
    }

    pub fn judged(&self, cms: &[u8], evidence: &[Vec<u8>]) -> ValidationReport {
        self.judged_by(cms, evidence, &ValidationPolicy::default())
    }

    pub fn judged_by(
        &self,
        cms: &[u8],
        evidence: &[Vec<u8>],
        policy: &ValidationPolicy,
    ) -> ValidationReport {
        let anchors = Anchors::from_pem_or_der(&self.root.certificate).unwrap();
        let mut given = GivenEvidence::none();
        for piece in evidence {
            given.add(piece).expect("a piece of evidence");
        }
        let facts = sig::gather_cms(cms, Some(TEXT), &Limits::default());
        let stored = serde_json::to_string(&facts).unwrap();
        let facts: sig::Facts = serde_json::from_str(&stored).unwrap();
        sig::judge_with(&facts, policy, at(NOW), &anchors, &given)
    }
}

fn leaf_state(report: &ValidationReport) -> Revocation {
    report.signatures[0].chain[0].revocation
}

fn passed(report: &ValidationReport) {
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{:?}",
        codes(report)
    );
}

fn open(report: &ValidationReport, sub: SubIndication, code: &str) {
    assert_eq!(
        report.indication,
        Indication::Indeterminate,
        "{:?}",
        codes(report)
    );
    assert_eq!(report.sub_indication, Some(sub), "{:?}", codes(report));
    assert!(codes(report).contains(&code), "{code}: {:?}", codes(report));
}

#[test]
fn a_fresh_list_of_each_authority_is_enough_and_nothing_less() {
    let houses = houses();
    let cms = houses.signed(None);
    let own = list(FRESH, vec![entry(77, "2026-02-01T00:00:00Z", None)]).by(&houses.authority);
    let report = houses.judged(&cms, &[houses.root_list(FRESH), own.clone()]);
    passed(&report);
    let states: Vec<Revocation> = report.signatures[0]
        .chain
        .iter()
        .map(|link| link.revocation)
        .collect();
    assert_eq!(
        states,
        [Revocation::Good, Revocation::Good, Revocation::Anchor]
    );
    let checked = |report: &ValidationReport| {
        let checks = &report.signatures[0].checks;
        let found = checks.iter().find(|one| one.check == Check::Revocation);
        found.unwrap().result
    };
    assert_eq!(checked(&report), CheckResult::Passed);
    for evidence in [vec![], vec![own], vec![houses.root_list(FRESH)]] {
        let report = houses.judged(&cms, &evidence);
        open(&report, SubIndication::TryLater, "revocation_unchecked");
        assert_eq!(checked(&report), CheckResult::Undecided);
    }
}

#[test]
fn a_list_of_the_past_leaves_the_signature_open() {
    let houses = houses();
    let cms = houses.signed(None);
    let own = list(OLD, vec![]).by(&houses.authority);
    let report = houses.judged(&cms, &[houses.root_list(FRESH), own]);
    open(&report, SubIndication::TryLater, "revocation_stale");
    assert_eq!(leaf_state(&report), Revocation::Stale);
    // By policy: no word older than an hour, though the issuer says four days.
    let own = list(FRESH, vec![]).by(&houses.authority);
    let strict = ValidationPolicy {
        revocation_seconds_max: Some(3600),
        ..ValidationPolicy::default()
    };
    let evidence = [houses.root_list(FRESH), own];
    let report = houses.judged_by(&cms, &evidence, &strict);
    open(&report, SubIndication::TryLater, "revocation_stale");
}

#[test]
fn a_list_without_its_next_speaks_for_as_long_as_the_policy_says() {
    let houses = houses();
    let cms = houses.signed(None);
    let mut own = list(("2026-07-31T12:00:00Z", NOW), vec![]);
    own.next_update = None;
    let evidence = [houses.root_list(FRESH), own.by(&houses.authority)];
    passed(&houses.judged(&cms, &evidence));
    let strict = ValidationPolicy {
        revocation_seconds_unstated: 60,
        ..ValidationPolicy::default()
    };
    let report = houses.judged_by(&cms, &evidence, &strict);
    open(&report, SubIndication::TryLater, "revocation_stale");
}

#[test]
fn a_list_of_tomorrow_is_not_believed() {
    let houses = houses();
    let late = ("2026-08-02T00:00:00Z", "2026-08-09T00:00:00Z");
    let own = list(late, vec![]).by(&houses.authority);
    let report = houses.judged(&houses.signed(None), &[houses.root_list(FRESH), own]);
    open(&report, SubIndication::TryLater, "revocation_unknown");
}

#[test]
fn a_revoked_signer_counts_only_with_proof_of_an_earlier_signature() {
    let houses = houses();
    let revoked = |moment: &str| {
        let entries = vec![entry(5, moment, Some(1))];
        vec![
            houses.root_list(FRESH),
            list(FRESH, entries).by(&houses.authority),
        ]
    };
    let evidence = revoked("2026-07-01T00:00:00Z");
    let report = houses.judged(&houses.signed(None), &evidence);
    open(&report, SubIndication::RevokedNoPoe, "certificate_revoked");
    let link = &report.signatures[0].chain[0];
    assert_eq!(link.revocation, Revocation::Revoked);
    assert_eq!(link.revoked_at, Some(at("2026-07-01T00:00:00Z")));
    assert_eq!(link.revoked_for.as_deref(), Some("keyCompromise"));
    // Stamped before, and stamped after.
    let before = houses.signed(Some("2026-06-01T00:00:00Z"));
    let report = houses.judged(&before, &evidence);
    passed(&report);
    assert!(codes(&report).contains(&"certificate_revoked_later"));
    assert_eq!(leaf_state(&report), Revocation::RevokedLater);
    let after = houses.signed(Some("2026-07-02T00:00:00Z"));
    let report = houses.judged(&after, &evidence);
    open(&report, SubIndication::RevokedNoPoe, "certificate_revoked");
    // A good word does not lift a revocation.
    let good = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    let good = good.about(5, &houses.authority, &houses.authority);
    let report = houses.judged(&after, &[evidence, vec![good]].concat());
    open(&report, SubIndication::RevokedNoPoe, "certificate_revoked");
}

#[test]
fn a_revoked_authority_takes_everything_beneath_it_along() {
    let houses = houses();
    let entries = vec![entry(2, "2026-07-01T00:00:00Z", Some(2))];
    let above = list(FRESH, entries).by(&houses.root);
    let own = list(FRESH, vec![]).by(&houses.authority);
    let evidence = [above.clone(), own];
    let report = houses.judged(&houses.signed(None), &evidence);
    open(&report, SubIndication::RevokedCaNoPoe, "authority_revoked");
    // A signature stamped before: but the authority's own list has no such proof, and whoever has
    // its key could have written it.
    let before = houses.signed(Some("2026-06-01T00:00:00Z"));
    let report = houses.judged(&before, &evidence);
    open(&report, SubIndication::NoPoe, "revocation_unproven");
}

#[test]
fn a_hold_leaves_it_open_until_it_is_lifted() {
    let houses = houses();
    let on_hold = || vec![entry(5, "2026-07-01T00:00:00Z", Some(6))];
    let own = list(FRESH, on_hold()).by(&houses.authority);
    let evidence = vec![houses.root_list(FRESH), own];
    let report = houses.judged(&houses.signed(None), &evidence);
    open(&report, SubIndication::TryLater, "certificate_on_hold");
    assert_eq!(leaf_state(&report), Revocation::OnHold);
    // Stamped before it was put on hold.
    let before = houses.signed(Some("2026-06-30T00:00:00Z"));
    passed(&houses.judged(&before, &evidence));
    // A newer list does not name it any more.
    let newer = ("2026-07-31T12:00:00Z", "2026-08-05T00:00:00Z");
    let lifted = list(newer, vec![]).by(&houses.authority);
    let report = houses.judged(&houses.signed(None), &[evidence, vec![lifted]].concat());
    passed(&report);
    // Only delta lists take a certificate off a list.
    let removed = vec![entry(5, "2026-07-01T00:00:00Z", Some(8))];
    let own = list(FRESH, removed).by(&houses.authority);
    let report = houses.judged(&houses.signed(None), &[houses.root_list(FRESH), own]);
    open(&report, SubIndication::TryLater, "revocation_unknown");
}

/// Every list here would say that the certificate is good, if it might be used.
#[test]
fn a_list_that_is_not_a_whole_list_of_its_issuer_settles_nothing() {
    let houses = houses();
    let scope = |parts: &[&[u8]]| der(0x30, parts);
    let point = |uri: &[u8]| {
        let names = der(0xa0, &[&der(0x86, &[uri])]);
        der(0xa0, &[&names])
    };
    let fresh = || list(FRESH, vec![]);
    let idp = "2.5.29.28";
    let stranger = Draft::authority("Издатель", 9).own();
    let mut unknown_entry = entry(77, "2026-07-01T00:00:00Z", None);
    unknown_entry
        .extensions
        .push(extension("1.3.6.1.4.1.32473.9", true, &[5, 0]));
    let mut foreign_entry = entry(77, "2026-07-01T00:00:00Z", None);
    foreign_entry
        .extensions
        .push(extension("2.5.29.29", true, &der(0x30, &[])));
    let cases: Vec<(&str, Vec<u8>)> = vec![
        (
            "delta",
            fresh()
                .with("2.5.29.27", true, &[2, 1, 1])
                .by(&houses.authority),
        ),
        (
            "indirect",
            fresh()
                .with(idp, true, &scope(&[&[0x84, 1, 0xff]]))
                .by(&houses.authority),
        ),
        (
            "rule_unknown",
            fresh()
                .with("1.3.6.1.4.1.32473.9", true, &[5, 0])
                .by(&houses.authority),
        ),
        (
            "some_reasons",
            fresh()
                .with(idp, true, &scope(&[&[0x83, 2, 1, 0x06]]))
                .by(&houses.authority),
        ),
        (
            "scope",
            fresh()
                .with(idp, true, &scope(&[&[0x82, 1, 0xff]]))
                .by(&houses.authority),
        ),
        (
            "scope",
            fresh()
                .with(idp, true, &scope(&[&[0x85, 1, 0xff]]))
                .by(&houses.authority),
        ),
        (
            "scope",
            fresh()
                .with(idp, true, &scope(&[&point(b"http://a.example/1.crl")]))
                .by(&houses.authority),
        ),
        (
            "rule_unknown",
            list(FRESH, vec![unknown_entry]).by(&houses.authority),
        ),
        (
            "indirect",
            list(FRESH, vec![foreign_entry]).by(&houses.authority),
        ),
        ("signature", fresh().by(&stranger)),
    ];
    let cms = houses.signed(None);
    for (why, own) in cases {
        let report = houses.judged(&cms, &[houses.root_list(FRESH), own]);
        open(&report, SubIndication::TryLater, "revocation_unknown");
        let reasons = &report.signatures[0].reasons;
        assert_eq!(&reasons[0].args["why"], why, "{reasons:?}");
    }
    // A list for end entities only is one.
    let own = fresh().with(idp, true, &scope(&[&[0x81, 1, 0xff]]));
    let evidence = [houses.root_list(FRESH), own.by(&houses.authority)];
    passed(&houses.judged(&cms, &evidence));
}

#[test]
fn a_list_for_one_point_speaks_of_the_certificates_that_name_it() {
    let mut houses = houses();
    let names = |uri: &[u8]| der(0xa0, &[&der(0xa0, &[&der(0x86, &[uri])])]);
    let points = der(0x30, &[&der(0x30, &[&names(b"http://a.example/1.crl")])]);
    let person = Draft::person("Анна", 5).with("2.5.29.31", false, &points);
    houses.person = person.by(&houses.authority);
    let cms = houses.signed(None);
    for (uri, is_passed) in [
        (&b"http://a.example/1.crl"[..], true),
        (b"http://a.example/2.crl", false),
    ] {
        let scope = der(0x30, &[&names(uri)]);
        let own = list(FRESH, vec![]).with("2.5.29.28", true, &scope);
        let evidence = [houses.root_list(FRESH), own.by(&houses.authority)];
        let report = houses.judged(&cms, &evidence);
        assert_eq!(report.indication == Indication::TotalPassed, is_passed);
    }
}

#[test]
fn only_an_authority_that_may_sign_lists_does() {
    let mut houses = houses();
    let authority = Draft::new("Издатель", 2)
        .with(BASIC_CONSTRAINTS, true, &der(0x30, &[&[1, 1, 0xff]]))
        .with(KEY_USAGE, true, &der(3, &[&CERTIFIES]));
    houses.authority = authority.by(&houses.root);
    houses.person = Draft::person("Анна", 5).by(&houses.authority);
    let own = list(FRESH, vec![]).by(&houses.authority);
    let report = houses.judged(&houses.signed(None), &[houses.root_list(FRESH), own]);
    open(&report, SubIndication::TryLater, "revocation_unknown");
}

#[test]
fn lists_forget_certificates_that_have_ended() {
    let mut houses = houses();
    let person = Draft::person("Анна", 5).valid("2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z");
    houses.person = person.by(&houses.authority);
    let cms = houses.signed(Some("2026-06-01T00:00:00Z"));
    let own = list(FRESH, vec![]);
    let evidence = [houses.root_list(FRESH), own.by(&houses.authority)];
    let report = houses.judged(&cms, &evidence);
    open(&report, SubIndication::TryLater, "revocation_unknown");
    assert_eq!(&report.signatures[0].reasons[0].args["why"], "forgotten");
    // Unless the list says that it keeps them.
    let own = own.with("2.5.29.60", false, &time(at("2026-01-01T00:00:00Z")));
    let evidence = [houses.root_list(FRESH), own.by(&houses.authority)];
    passed(&houses.judged(&cms, &evidence));
}

#[test]
fn an_answer_counts_from_the_issuer_and_from_its_own_delegate_only() {
    let houses = houses();
    let cms = houses.signed(None);
    let answered = |responder: &Holder, reply: &Reply| {
        let answer = reply.about(5, &houses.authority, responder);
        houses.judged(&cms, &[houses.root_list(FRESH), answer])
    };
    let good = || Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    passed(&answered(&houses.authority, &good()));
    let mut by_key = good();
    by_key.by_key = true;
    by_key.digest = (sig::DigestAlgorithm::Sha256, "2.16.840.1.101.3.4.2.1");
    passed(&answered(&houses.authority, &by_key));
    let no_check = |draft: Draft| draft.with(OCSP_NO_CHECK, false, &[5, 0]);
    let delegate = no_check(Draft::service("Ответчик", 6, OCSP_SIGNING));
    passed(&answered(&delegate.clone().by(&houses.authority), &good()));
    passed(&answered(&delegate.clone().by(&houses.authority), &by_key));
    let refused = [
        // Issued by the root and not by the issuer of the certificate.
        delegate.clone().by(&houses.root),
        // Not for answers.
        no_check(Draft::person("Ответчик", 6)).by(&houses.authority),
        no_check(Draft::service("Ответчик", 6, TIME_STAMPING)).by(&houses.authority),
        // Ended before it answered.
        delegate
            .clone()
            .valid("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
            .by(&houses.authority),
        // Somebody else of the same name.
        Draft::authority("Издатель", 9).own(),
    ];
    for responder in refused {
        let report = answered(&responder, &good());
        open(&report, SubIndication::TryLater, "revocation_unknown");
        let why = &report.signatures[0].reasons[0].args["why"];
        assert_eq!(why, "signature", "{}", responder.name);
    }
}

#[test]
fn a_delegate_that_may_be_revoked_is_asked_about_itself() {
    let houses = houses();
    let cms = houses.signed(None);
    let delegate = Draft::service("Ответчик", 6, OCSP_SIGNING).by(&houses.authority);
    let good = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    let answer = good.about(5, &houses.authority, &delegate);
    let evidence = vec![houses.root_list(FRESH), answer.clone()];
    let report = houses.judged(&cms, &evidence);
    open(&report, SubIndication::TryLater, "revocation_unknown");
    assert_eq!(&report.signatures[0].reasons[0].args["why"], "responder");
    // It does not vouch for itself.
    let itself = good.about(6, &houses.authority, &delegate);
    let report = houses.judged(&cms, &[evidence.clone(), vec![itself]].concat());
    open(&report, SubIndication::TryLater, "revocation_unknown");
    // Its issuer does.
    let vouched = good.about(6, &houses.authority, &houses.authority);
    passed(&houses.judged(&cms, &[evidence, vec![vouched]].concat()));
    // Nor does id-pkix-ocsp-nocheck help one that is revoked.
    let exempt = Draft::service("Ответчик", 6, OCSP_SIGNING).with(OCSP_NO_CHECK, false, &[5, 0]);
    let answer = good.about(5, &houses.authority, &exempt.by(&houses.authority));
    let bad = Reply::new(
        Says::Revoked("2026-07-01T00:00:00Z", None),
        FRESH.0,
        Some(FRESH.1),
    );
    let bad = bad.about(6, &houses.authority, &houses.authority);
    let report = houses.judged(&cms, &[houses.root_list(FRESH), answer, bad]);
    open(&report, SubIndication::TryLater, "revocation_unknown");
}

#[test]
fn an_answer_says_revoked_unknown_or_something_not_understood() {
    let houses = houses();
    let cms = houses.signed(None);
    let answered = |reply: &Reply| {
        let answer = reply.about(5, &houses.authority, &houses.authority);
        houses.judged(&cms, &[houses.root_list(FRESH), answer])
    };
    let says = |says: Says| Reply::new(says, FRESH.0, Some(FRESH.1));
    let report = answered(&says(Says::Revoked("2026-07-01T00:00:00Z", Some(4))));
    open(&report, SubIndication::RevokedNoPoe, "certificate_revoked");
    let report = answered(&says(Says::Revoked("2026-07-01T00:00:00Z", Some(6))));
    open(&report, SubIndication::TryLater, "certificate_on_hold");
    let report = answered(&says(Says::Unknown));
    open(&report, SubIndication::TryLater, "revocation_unknown");
    let strange = extension("1.3.6.1.4.1.32473.9", true, &[5, 0]);
    let mut whole = says(Says::Good);
    whole.extensions.push(strange.clone());
    let mut single = says(Says::Good);
    single.single_extensions.push(strange);
    for reply in [whole, single] {
        let report = answered(&reply);
        open(&report, SubIndication::TryLater, "revocation_unknown");
        assert_eq!(&report.signatures[0].reasons[0].args["why"], "rule_unknown");
    }
    // Without nextUpdate it speaks for a day.
    passed(&answered(&Reply::new(
        Says::Good,
        "2026-07-31T12:00:00Z",
        None,
    )));
    let report = answered(&Reply::new(Says::Good, "2026-07-30T12:00:00Z", None));
    open(&report, SubIndication::TryLater, "revocation_stale");
    // About another certificate it says nothing.
    let answer = says(Says::Good).about(6, &houses.authority, &houses.authority);
    let report = houses.judged(&cms, &[houses.root_list(FRESH), answer]);
    open(&report, SubIndication::TryLater, "revocation_unchecked");
}

/// Goal: evidence is found wherever a structure may keep it. Method: the same list and answer in
/// each place, and none beside.
#[test]
fn evidence_is_found_in_every_place_that_a_structure_has() {
    let houses = houses();
    let above = houses.root_list(FRESH);
    let good = Reply::new(Says::Good, FRESH.0, Some(FRESH.1));
    let answer = good.about(5, &houses.authority, &houses.authority);
    let values = |answer: &[u8]| {
        let lists = der(0xa0, &[&der(0x30, &[&above])]);
        let answers = der(0xa1, &[&der(0x30, &[answer])]);
        der(0x30, &[&lists, &answers])
    };
    let adobe = attribute("1.2.840.113583.1.1.8", &[&values(&answer)]);
    let cades = attribute("1.2.840.113549.1.9.16.2.24", &[&values(&basic_of(&answer))]);
    let other = der(0xa1, &[&oid("1.3.6.1.5.5.7.16.2"), &answer]);
    let foreign = der(0xa1, &[&oid("1.3.6.1.5.5.7.16.4"), &answer]);
    let with = |extras: Extras| {
        let extras = Extras {
            certificates: vec![houses.authority.certificate.clone()],
            ..extras
        };
        let cms = signed_cms(&houses.person, &[TEXT], &extras);
        houses.judged(&cms, &[])
    };
    passed(&with(Extras {
        signed: vec![adobe],
        ..Extras::default()
    }));
    passed(&with(Extras {
        unsigned: vec![cades],
        ..Extras::default()
    }));
    passed(&with(Extras {
        crls: vec![above.clone(), other],
        ..Extras::default()
    }));
    let report = with(Extras {
        crls: vec![above.clone(), foreign],
        ..Extras::default()
    });
    open(&report, SubIndication::TryLater, "revocation_unchecked");
}

#[test]
fn short_lived_certificates_need_no_word_and_are_revoked_by_one() {
    let mut houses = houses();
    for id in [NO_REV_AVAIL, "0.4.0.194121.2.1"] {
        let day = |until: &str| {
            let person = Draft::person("Анна", 5).with(id, false, &[5, 0]);
            person
                .valid("2026-07-31T12:00:00Z", until)
                .by(&houses.authority)
        };
        let (short, long) = (day("2026-08-01T12:00:00Z"), day("2026-08-03T12:00:00Z"));
        houses.person = short;
        let evidence = vec![houses.root_list(FRESH)];
        let report = houses.judged(&houses.signed(None), &evidence);
        passed(&report);
        assert_eq!(leaf_state(&report), Revocation::NotNeeded);
        let entries = vec![entry(5, "2026-07-31T13:00:00Z", None)];
        let own = list(FRESH, entries).by(&houses.authority);
        let report = houses.judged(
            &houses.signed(None),
            &[evidence.clone(), vec![own]].concat(),
        );
        open(&report, SubIndication::RevokedNoPoe, "certificate_revoked");
        houses.person = long;
        let report = houses.judged(&houses.signed(None), &evidence);
        open(&report, SubIndication::TryLater, "revocation_unchecked");
    }
}

#[test]
fn a_policy_may_do_without_and_says_so() {
    let houses = houses();
    let lenient = ValidationPolicy {
        revocation_required: false,
        ..ValidationPolicy::default()
    };
    let report = houses.judged_by(&houses.signed(None), &[], &lenient);
    passed(&report);
    assert!(codes(&report).contains(&"revocation_waived"));
    let checks = &report.signatures[0].checks;
    let revocation = checks.iter().find(|one| one.check == Check::Revocation);
    assert_eq!(revocation.unwrap().result, CheckResult::Warned);
    // Who is revoked stays revoked.
    let own = list(FRESH, vec![entry(5, "2026-07-01T00:00:00Z", None)]).by(&houses.authority);
    let report = houses.judged_by(&houses.signed(None), &[own], &lenient);
    open(&report, SubIndication::RevokedNoPoe, "certificate_revoked");
}

/// RFC 3161, 4: a timestamping authority that closed in good order is believed for its past, one
/// whose key was stolen is not.
#[test]
fn tokens_of_a_retired_authority_stay_and_those_of_a_robbed_one_fall() {
    let mut houses = houses();
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING);
    houses.stamps = stamps.by(&houses.root);
    let cms = houses.signed(Some("2026-06-01T00:00:00Z"));
    let own = list(FRESH, vec![entry(5, "2026-07-15T00:00:00Z", Some(1))]).by(&houses.authority);
    for (reason, is_passed) in [
        (Some(5), true),
        (Some(0), true),
        (Some(1), false),
        (None, false),
    ] {
        let entries = vec![entry(3, "2026-07-01T00:00:00Z", reason)];
        let above = list(FRESH, entries).by(&houses.root);
        let report = houses.judged(&cms, &[above, own.clone()]);
        assert_eq!(
            report.indication == Indication::TotalPassed,
            is_passed,
            "{reason:?} {:?}",
            codes(&report)
        );
        assert_eq!(codes(&report).contains(&"timestamp_untrusted"), !is_passed);
    }
    // A token from after the end is none.
    let above = list(FRESH, vec![entry(3, "2026-05-01T00:00:00Z", Some(5))]).by(&houses.root);
    let report = houses.judged(&cms, &[above, own]);
    open(&report, SubIndication::RevokedNoPoe, "timestamp_untrusted");
}

#[test]
fn given_evidence_is_read_as_der_and_pem_and_nonsense_is_refused() {
    let houses = houses();
    let above = houses.root_list(FRESH);
    let mut given = GivenEvidence::none();
    let text = pem(&above).replace("CERTIFICATE", "X509 CRL");
    given.add(text.as_bytes()).unwrap();
    given.add(&above).unwrap();
    assert_eq!(given.len(), 1, "one list, told twice");
    let both = [
        pem(&houses.root.certificate),
        pem(&houses.authority.certificate),
    ]
    .concat();
    given.add(both.as_bytes()).unwrap();
    assert_eq!((given.len(), given.is_empty()), (3, false));
    for nonsense in [&b""[..], b"hello", b"\x30\x03\x02\x01\x01", b"\xff"] {
        let refused = given.add(nonsense);
        assert_eq!(refused, Err(sig::EvidenceError::Unreadable));
    }
    let cut = &above[..above.len() - 1];
    assert_eq!(given.add(cut), Err(sig::EvidenceError::Unreadable));
}

/// Goal: no byte of a list or an answer makes the judge panic or believe. Method: every third byte
/// of both flipped; what is signed must not fit any more, what is not signed decides nothing good.
#[test]
fn no_flipped_byte_of_evidence_makes_a_revoked_signer_pass() {
    let houses = houses();
    let cms = houses.signed(None);
    let entries = vec![entry(5, "2026-07-01T00:00:00Z", Some(1))];
    let own = list(FRESH, entries).by(&houses.authority);
    let bad = Reply::new(
        Says::Revoked("2026-07-01T00:00:00Z", Some(1)),
        FRESH.0,
        Some(FRESH.1),
    );
    let bad = bad.about(5, &houses.authority, &houses.authority);
    let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
    let anchors = Anchors::from_pem_or_der(&houses.root.certificate).unwrap();
    let policy = ValidationPolicy::default();
    let mut read = 0;
    for piece in [own, bad] {
        for place in (0..piece.len()).step_by(3) {
            let mut copy = piece.clone();
            copy[place] ^= 0x11;
            let mut given = GivenEvidence::none();
            given.add(&houses.root_list(FRESH)).unwrap();
            read += usize::from(given.add(&copy).is_ok());
            let report = sig::judge_with(&facts, &policy, at(NOW), &anchors, &given);
            assert_ne!(report.indication, Indication::TotalPassed, "byte {place}");
        }
    }
    assert!(read > 60, "{read}: hardly any mutant is read at all");
}

/// A list that names one certificate twice says the graver of the two.
#[test]
fn of_two_entries_of_one_list_the_graver_counts() {
    let houses = houses();
    let cms = houses.signed(None);
    let hold = || entry(5, "2026-06-01T00:00:00Z", Some(6));
    let lost = || entry(5, "2026-06-02T00:00:00Z", Some(1));
    let newer = ("2026-08-01T00:00:00Z", "2026-08-05T00:00:00Z");
    let lifted = list(newer, vec![]).by(&houses.authority);
    for (entries, good) in [
        (vec![hold(), lost()], false),
        (vec![lost(), hold()], false),
        (vec![hold(), hold()], true),
    ] {
        let own = list(FRESH, entries).by(&houses.authority);
        let report = houses.judged(&cms, &[houses.root_list(FRESH), own, lifted.clone()]);
        match good {
            true => passed(&report),
            false => open(&report, SubIndication::RevokedNoPoe, "certificate_revoked"),
        }
    }
}
