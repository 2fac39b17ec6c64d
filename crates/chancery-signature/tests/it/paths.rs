//! Paths to an anchor: which authorities may speak of whom, and which of several ways is taken.

use crate::authority::*;
use crate::forge::{codes, der, oid};
use crate::support::at;
use chancery_signature as sig;
use sig::{Anchors, Indication, Limits, SubIndication, ValidationPolicy, ValidationReport};

const TEXT: &[u8] = b"what is signed";

/// Judged with these anchors; nobody is asked about revocation.
pub fn judged(signer: &Holder, sent: &[&Holder], anchors: &[&Holder]) -> ValidationReport {
    let mut trusted = Anchors::none();
    for anchor in anchors {
        trusted.extend(Anchors::from_pem_or_der(&anchor.certificate).unwrap());
    }
    judged_by(signer, sent, &trusted)
}

fn judged_by(signer: &Holder, sent: &[&Holder], trusted: &Anchors) -> ValidationReport {
    judged_stamped(signer, sent, trusted, None)
}

/// The same with a timestamp of this service and moment.
fn judged_stamped(
    signer: &Holder,
    sent: &[&Holder],
    trusted: &Anchors,
    token_by: Option<(Holder, &'static str)>,
) -> ValidationReport {
    let extras = Extras {
        certificates: sent.iter().map(|one| one.certificate.clone()).collect(),
        token_by,
        ..Extras::default()
    };
    let cms = signed_cms(signer, &[TEXT], &extras);
    let policy = ValidationPolicy {
        revocation_required: false,
        ..ValidationPolicy::default()
    };
    let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
    sig::judge(&facts, &policy, at("2026-08-01T00:00:00Z"), trusted)
}

pub fn passes(report: &ValidationReport, why: &str) {
    assert_eq!(
        report.indication,
        Indication::TotalPassed,
        "{why}: {:?}",
        codes(report)
    );
}

pub fn breaks(report: &ValidationReport, code: &str, why: &str) {
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::ChainConstraintsFailure),
        "{why}: {:?}",
        codes(report)
    );
    assert!(codes(report).contains(&code), "{why}: {:?}", codes(report));
}

fn subtree(base: &[u8]) -> Vec<u8> {
    der(0x30, &[base])
}

pub fn permitted(bases: &[Vec<u8>]) -> Vec<u8> {
    let subtrees: Vec<Vec<u8>> = bases.iter().map(|base| subtree(base)).collect();
    let subtrees: Vec<&[u8]> = subtrees.iter().map(Vec::as_slice).collect();
    der(0x30, &[&der(0xa0, &subtrees)])
}

pub fn excluded(base: &[u8]) -> Vec<u8> {
    der(0x30, &[&der(0xa1, &[&subtree(base)])])
}

pub fn email(text: &str) -> Vec<u8> {
    der(0x81, &[text.as_bytes()])
}

pub fn host(text: &str) -> Vec<u8> {
    der(0x82, &[text.as_bytes()])
}

pub fn directory(name: &[u8]) -> Vec<u8> {
    der(0xa4, &[name])
}

/// `O=…, CN=…`, each in a string of its own type.
fn organisation(kind: u8, organisation: &str, common_name: Option<&str>) -> Vec<u8> {
    let part = |id: &str, kind: u8, text: &str| {
        let attribute = der(0x30, &[&oid(id), &der(kind, &[text.as_bytes()])]);
        der(0x31, &[&attribute])
    };
    let first = part("2.5.4.10", kind, organisation);
    let last = common_name.map(|text| part("2.5.4.3", 0x0c, text));
    der(0x30, &[&first, &last.unwrap_or_default()])
}

/// What it is about, the constraints, her alternative names, and whether she passes.
type NameCase = (&'static str, Vec<u8>, Vec<Vec<u8>>, bool);

#[test]
fn an_authority_speaks_only_of_the_names_it_may() {
    let root = Draft::authority("Корень", 1).own();
    let person = |names: &[Vec<u8>]| {
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        Draft::person("Анна", 5).with("2.5.29.17", false, &der(0x30, &names))
    };
    let ours = directory(&name("Анна"));
    let cases: Vec<NameCase> = vec![
        (
            "her host",
            permitted(&[email("example.org")]),
            vec![email("a@example.org")],
            true,
        ),
        (
            "another",
            permitted(&[email("example.org")]),
            vec![email("a@example.com")],
            false,
        ),
        (
            "one of two",
            permitted(&[email("example.org"), email("example.com")]),
            vec![email("a@example.com")],
            true,
        ),
        (
            "one of two addresses",
            permitted(&[email("example.org")]),
            vec![email("a@example.org"), email("a@example.com")],
            false,
        ),
        (
            "excluded",
            excluded(&email(".example.org")),
            vec![email("a@b.example.org")],
            false,
        ),
        (
            "not excluded",
            excluded(&email(".example.org")),
            vec![email("a@example.org")],
            true,
        ),
        (
            "a host",
            permitted(&[host("example.org")]),
            vec![host("WWW.example.org")],
            true,
        ),
        (
            "another host",
            permitted(&[host("example.org")]),
            vec![host("badexample.org")],
            false,
        ),
        (
            "no such name",
            permitted(&[host("example.org")]),
            vec![email("a@b.org")],
            true,
        ),
        (
            "her own name",
            permitted(std::slice::from_ref(&ours)),
            vec![],
            true,
        ),
        ("her name excluded", excluded(&ours), vec![], false),
        (
            "somebody else's name",
            permitted(&[directory(&name("Борис"))]),
            vec![],
            false,
        ),
        (
            "her name in another case and type",
            permitted(&[directory(&organisation(0x13, "ROMASHKA  ltd", None))]),
            vec![directory(&organisation(
                0x0c,
                " Romashka LTD",
                Some("Anna"),
            ))],
            false, // Her subject has no such organisation.
        ),
        (
            "an odd kind",
            excluded(&der(0x88, &[&[42, 3]])),
            vec![der(0x88, &[&[42, 3]])],
            false,
        ),
        (
            "an odd kind she has not",
            excluded(&der(0x88, &[&[42, 3]])),
            vec![],
            true,
        ),
    ];
    for critical in [true, false] {
        for (why, constraints, names, is_passed) in &cases {
            let authority = Draft::authority("Издатель", 2)
                .with(NAME_CONSTRAINTS, critical, constraints)
                .by(&root);
            let signer = person(names).by(&authority);
            let report = judged(&signer, &[&authority], &[&root]);
            if *is_passed {
                passes(&report, why);
            } else {
                assert_eq!(
                    report.sub_indication,
                    Some(SubIndication::ChainConstraintsFailure),
                    "{why}"
                );
            }
        }
    }
}

/// `O=…, O=…, CN=…`.
fn of_both(first: &str, second: &str, common_names: &[&str]) -> Vec<u8> {
    let part = |id: &str, text: &str| {
        let attribute = der(0x30, &[&oid(id), &der(0x0c, &[text.as_bytes()])]);
        der(0x31, &[&attribute])
    };
    let own = common_names.iter().flat_map(|text| part("2.5.4.3", text));
    let own: Vec<u8> = own.collect();
    der(
        0x30,
        &[&part("2.5.4.10", first), &part("2.5.4.10", second), &own],
    )
}

/// Goal: being shown as one of another organisation. Method: an authority that may speak of one
/// organisation alone puts another behind it, into one name: it begins with what is permitted.
#[test]
fn check_27_whom_a_name_names_twice_is_nobody() {
    let root = Draft::authority("Корень", 1).own();
    let subject = |constraints: Option<Vec<u8>>, subject: Vec<u8>| {
        let mut authority = Draft::authority("Издатель", 2);
        if let Some(constraints) = constraints {
            authority = authority.with(NAME_CONSTRAINTS, true, &constraints);
        }
        let authority = authority.by(&root);
        let mut person = Draft::person("Анна", 5);
        person.own_name = Some(subject);
        judged(&person.by(&authority), &[&authority], &[&root])
    };
    let only = |text: &str| permitted(&[directory(&organisation(0x0c, text, None))]);
    let never = |text: &str| excluded(&directory(&organisation(0x0c, text, None)));
    let chief: &[&str] = &["Victim"];
    let two = || of_both("Attacker", "Romashka", chief);
    breaks(
        &subject(Some(only("Attacker")), two()),
        "chain_rule_unknown",
        "permitted",
    );
    breaks(
        &subject(Some(never("Romashka")), two()),
        "chain_rule_unknown",
        "excluded",
    );
    breaks(
        &subject(Some(never("Attacker")), two()),
        "chain_constraint",
        "the first",
    );
    // Where nobody binds the name it is told, and neither of the two is shown as the organisation.
    let report = subject(None, two());
    passes(&report, "unbound");
    let told = |report: &ValidationReport| {
        let warnings = &report.signatures[0].warnings;
        let mut told = warnings
            .iter()
            .filter(|one| one.code == sig::Code::NameAmbiguous);
        told.next()
            .map(|one| (one.args["kinds"].to_owned(), one.args["names"].to_owned()))
    };
    let names = "O=Attacker, O=Romashka, CN=Victim".to_owned();
    assert_eq!(told(&report), Some(("O".to_owned(), names)));
    let signer = report.signatures[0].signer.as_ref().unwrap();
    assert_eq!(signer.subject.organisation, None);
    assert_eq!(signer.subject.common_name.as_deref(), Some("Victim"));
    let report = subject(None, of_both("A", "A", &["Attacker", "Victim"]));
    assert_eq!(told(&report).unwrap().0, "CN");
    let signer = report.signatures[0].signer.as_ref().unwrap();
    assert_eq!(signer.subject.common_name, None);
    assert_eq!(signer.subject.organisation.as_deref(), Some("A"));
    // One name twice is one name.
    let report = subject(
        Some(only("Attacker")),
        of_both("Attacker", "ATTACKER", chief),
    );
    passes(&report, "the same");
    assert_eq!(told(&report), None);
}

#[test]
fn constraints_bind_every_authority_beneath_and_cannot_be_misread() {
    let only = |bases: &[Vec<u8>]| permitted(bases);
    let root = Draft::authority("Корень", 1)
        .with(NAME_CONSTRAINTS, true, &only(&[directory(&name("Анна"))]))
        .own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let signer = Draft::person("Анна", 5).by(&authority);
    let report = judged(&signer, &[&authority], &[&root]);
    breaks(&report, "chain_constraint", "the authority is not named so");
    // A minimum other than zero, and what cannot be read, make the rule unknown.
    let with_minimum = der(0x30, &[&email("example.org"), &[0x80, 1, 1]]);
    let odd = der(0x30, &[&der(0xa0, &[&with_minimum])]);
    let root = Draft::authority("Корень", 1).own();
    let authority = Draft::authority("Издатель", 2).with(NAME_CONSTRAINTS, true, &odd);
    let authority = authority.by(&root);
    let signer = Draft::person("Анна", 5).by(&authority);
    let report = judged(&signer, &[&authority], &[&root]);
    breaks(&report, "chain_rule_unknown", "a minimum");
}

#[test]
fn authorities_must_be_authorities_and_not_too_many() {
    let root = Draft::authority("Корень", 1).own();
    let bounded = |len: u8| {
        Draft::new("Издатель", 2)
            .with(
                BASIC_CONSTRAINTS,
                true,
                &der(0x30, &[&[1, 1, 0xff, 2, 1, len]]),
            )
            .with(KEY_USAGE, true, &der(3, &[&CERTIFIES]))
            .by(&root)
    };
    for (len, is_passed) in [(1, true), (0, false)] {
        let upper = bounded(len);
        let lower = Draft::authority("Отделение", 3).by(&upper);
        let signer = Draft::person("Анна", 5).by(&lower);
        let report = judged(&signer, &[&upper, &lower], &[&root]);
        assert_eq!(report.indication == Indication::TotalPassed, is_passed);
        // A certificate that the authority gave itself, for a new key, does not count.
        let renewed = Draft::authority("Издатель", 4).by(&upper);
        let signer = Draft::person("Анна", 5).by(&renewed);
        passes(
            &judged(&signer, &[&upper, &renewed], &[&root]),
            "self-issued",
        );
    }
    let no_authority = Draft::person("Издатель", 2).by(&root);
    let may_not = Draft::new("Издатель", 2)
        .with(BASIC_CONSTRAINTS, true, &der(0x30, &[&[1, 1, 0xff]]))
        .with(KEY_USAGE, true, &der(3, &[&SIGNS]))
        .by(&root);
    for issuer in [no_authority, may_not] {
        let signer = Draft::person("Анна", 5).by(&issuer);
        let report = judged(&signer, &[&issuer], &[&root]);
        breaks(&report, "chain_constraint", "no authority");
    }
    let strange = Draft::authority("Издатель", 2).with("1.3.6.1.4.1.32473.9", true, &[5, 0]);
    let strange = strange.by(&root);
    let signer = Draft::person("Анна", 5).by(&strange);
    let report = judged(&signer, &[&strange], &[&root]);
    breaks(&report, "chain_rule_unknown", "a critical extension");
}

/// What an authority certifies after it was replaced counts no more; its root still counts.
#[test]
fn an_anchor_may_be_trusted_until_a_moment() {
    let root = Draft::authority("Корень", 1).own();
    let issuing = Draft::authority("Издатель", 2).by(&root);
    let signer = Draft::person("Анна", 5).by(&issuing);
    let trusted = |holder: &Holder| Anchors::from_pem_or_der(&holder.certificate).unwrap();
    let until = |moment| trusted(&issuing).trusted_until(at(moment));
    let report = judged_by(&signer, &[&issuing], &until("2026-08-01T00:00:00Z"));
    passes(&report, "in time");
    let late = until("2026-07-31T23:59:59Z");
    let report = judged_by(&signer, &[&issuing], &late);
    assert_eq!(codes(&report).first(), Some(&"chain_missing"));
    let mut both = trusted(&root);
    both.extend(late);
    passes(&judged_by(&signer, &[&issuing], &both), "by its root");
    // Whoever is trusted for good stays so.
    let mut good = trusted(&issuing);
    good.extend(until("2026-01-01T00:00:00Z"));
    passes(&judged_by(&signer, &[&issuing], &good), "for good");
    let mut late = until("2026-01-01T00:00:00Z");
    late.extend(trusted(&issuing));
    passes(
        &judged_by(&signer, &[&issuing], &late),
        "for good after all",
    );
    // For times for good, and for signers until a moment: neither makes the other longer.
    for times_first in [true, false] {
        let (mut one, mut other) = (
            trusted(&issuing).for_timestamps(),
            until("2026-07-31T23:59:59Z"),
        );
        if !times_first {
            std::mem::swap(&mut one, &mut other);
        }
        one.extend(other);
        let report = judged_by(&signer, &[&issuing], &one);
        assert_eq!(codes(&report).first(), Some(&"chain_missing"));
    }
}

/// Who vouches for clocks need not know who signs.
#[test]
fn an_anchor_for_timestamps_vouches_for_no_signer() {
    let root = Draft::authority("Корень", 1).own();
    let signer = Draft::person("Анна", 5).by(&root);
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING).by(&root);
    let trusted = |holder: &Holder| Anchors::from_pem_or_der(&holder.certificate).unwrap();
    let times = || trusted(&root).for_timestamps();
    let report = judged_by(&signer, &[], &times());
    assert_eq!(codes(&report).first(), Some(&"chain_missing"));
    let report = judged_by(&signer, &[], &trusted(&signer).for_timestamps());
    assert_eq!(codes(&report).first(), Some(&"chain_missing"));
    // Trusted for everything by one of two lists.
    for (mut one, other) in [(times(), trusted(&root)), (trusted(&root), times())] {
        one.extend(other);
        passes(&judged_by(&signer, &[], &one), "for everything");
    }
    let mut both = trusted(&signer);
    both.extend(times());
    let extras = Extras {
        token_by: Some((stamps, "2026-06-01T00:00:00Z")),
        ..Extras::default()
    };
    let cms = signed_cms(&signer, &[TEXT], &extras);
    let facts = sig::gather_cms(&cms, Some(TEXT), &Limits::default());
    let policy = ValidationPolicy {
        revocation_required: false,
        ..ValidationPolicy::default()
    };
    let report = sig::judge(&facts, &policy, at("2026-08-01T00:00:00Z"), &both);
    passes(&report, "stamped");
    assert!(report.signatures[0].time.proven.is_some());
}

/// A list may name one authority for clocks whose root another list trusts for signers.
#[test]
fn an_anchor_for_timestamps_ends_no_way_of_a_signer() {
    let root = Draft::authority("Корень", 1).own();
    let issuing = Draft::authority("Издатель", 2).by(&root);
    let signer = Draft::person("Анна", 5).by(&issuing);
    let trusted = |holder: &Holder| Anchors::from_pem_or_der(&holder.certificate).unwrap();
    let mut both = trusted(&root);
    both.extend(trusted(&issuing).for_timestamps());
    passes(&judged_by(&signer, &[&issuing], &both), "by its root");
    let report = judged_by(&signer, &[&issuing], &trusted(&issuing).for_timestamps());
    assert_eq!(codes(&report).first(), Some(&"chain_missing"));
}

/// Goal: what a list says ended, nobody above vouches for afterwards, by whichever certificate of
/// its key, and what its key says afterwards counts for nothing. Method: an authority that ended
/// beneath a root that is trusted; the same key under another certificate of the root's; an
/// intermediate that nothing proves to be older; all with and without a timestamp of before.
#[test]
fn who_has_ended_is_vouched_for_by_nobody_above() {
    let root = Draft::authority("Корень", 1).own();
    let ended = Draft::authority("Издатель", 2).by(&root);
    let mut again = Draft::authority("Издатель", 2);
    again.serial = 77;
    let again = again.by(&root);
    let between = Draft::authority("Между", 4).by(&ended);
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING).by(&root);
    let trusted = |holder: &Holder| Anchors::from_pem_or_der(&holder.certificate).unwrap();
    let mut anchors = trusted(&root);
    anchors.extend(trusted(&ended).ended(at("2026-06-15T00:00:00Z")));
    let judged = |signer: &Holder, sent: &[&Holder], stamped: Option<&'static str>| {
        let token_by = stamped.map(|moment| (stamps.clone(), moment));
        let report = judged_stamped(signer, sent, &anchors, token_by);
        let told = codes(&report).first().copied().unwrap_or("none");
        (
            report.indication == Indication::TotalPassed,
            told.to_owned(),
        )
    };
    let signer = Draft::person("Анна", 5).by(&ended);
    let beneath = Draft::person("Анна", 5).by(&between);
    let before = Some("2026-06-01T00:00:00Z");
    let after = Some("2026-07-01T00:00:00Z");
    for sent in [&[&ended][..], &[&again], &[&ended, &again]] {
        assert!(judged(&signer, sent, before).0, "{}", sent.len());
        for late in [None, after] {
            let told = judged(&signer, sent, late);
            assert_eq!(told, (false, "trust_ended".to_owned()), "{late:?}");
        }
    }
    // Nothing proves that it was there before the end.
    let told = judged(&beneath, &[&between, &ended], before);
    assert_eq!(told, (false, "proof_missing".to_owned()));
    // Trusted for good by another entry of its key, it has not ended.
    anchors.extend(trusted(&again));
    passes(&judged_by(&signer, &[&again], &anchors), "listed again");
}

/// Goal: a timestamping service that ended states no time, though its issuer is trusted. Method:
/// its token, backdated, beneath a root that is trusted for everything, and for signers alone.
#[test]
fn a_timestamping_service_that_ended_states_no_time() {
    let root = Draft::authority("Корень", 1).own();
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING).by(&root);
    let signer = Draft::person("Анна", 5).by(&root);
    let trusted = |holder: &Holder| Anchors::from_pem_or_der(&holder.certificate).unwrap();
    let token_by = || Some((stamps.clone(), "2026-06-01T00:00:00Z"));
    let proven = |anchors: &Anchors| {
        let report = judged_stamped(&signer, &[], anchors, token_by());
        passes(&report, "the signature");
        report.signatures[0].time.proven.is_some()
    };
    assert!(proven(&trusted(&root)));
    let ended = trusted(&stamps).for_timestamps();
    let mut both = trusted(&root);
    both.extend(ended.ended(at("2026-06-15T00:00:00Z")));
    assert!(!proven(&both), "it has ended");
    assert!(!proven(&trusted(&root).for_signers()), "signers alone");
}

/// Goal: nobody's word on revocation is no evidence of it. Method: a timestamp on a signature whose
/// certificate vouches for itself, and on one that has an issuer; neither brings a list.
#[test]
fn a_signature_without_a_word_on_revocation_is_no_long_term_one() {
    let root = Draft::authority("Корень", 1).own();
    // Of the service nothing need be known.
    let stamps = Draft::service("Служба времени", 3, TIME_STAMPING)
        .with(NO_REV_AVAIL, false, &der(5, &[]))
        .by(&root);
    let trusted = Anchors::from_pem_or_der(&root.certificate).unwrap();
    let person = |own: bool| match own {
        true => Draft::person("Анна", 5).own(),
        false => Draft::person("Анна", 5).by(&root),
    };
    for own in [true, false] {
        let token_by = Some((stamps.clone(), "2026-06-01T00:00:00Z"));
        let report = judged_stamped(&person(own), &[&root], &trusted, token_by);
        let level = report.signatures[0].level;
        assert_eq!(level, Some(sig::report::SignatureLevel::T), "itself: {own}");
    }
}

/// RFC 5280, 4.2.1.12: a purpose that is critical binds every use of the key.
#[test]
fn an_authority_that_is_for_web_sites_alone_certifies_no_signer() {
    let root = Draft::authority("Корень", 1).own();
    let with = |critical, purpose: &str| {
        let purposes = der(0x30, &[&oid(purpose)]);
        let authority = Draft::authority("Издатель", 2).with(PURPOSES, critical, &purposes);
        let authority = authority.by(&root);
        judged(
            &Draft::person("Анна", 5).by(&authority),
            &[&authority],
            &[&root],
        )
    };
    let web = "1.3.6.1.5.5.7.3.1";
    breaks(&with(true, web), "chain_constraint", "web sites");
    passes(&with(false, web), "not critical");
    for purpose in ["2.5.29.37.0", "1.3.6.1.5.5.7.3.36"] {
        passes(&with(true, purpose), purpose);
    }
}

#[test]
fn a_path_that_is_longer_than_any_is_told() {
    let mut path = vec![Draft::authority("Корень", 1).own()];
    for seed in 2..12 {
        let next = Draft::authority(&format!("Издатель {seed}"), seed).by(&path[0]);
        path.insert(0, next);
    }
    let root = path.pop().unwrap();
    let first = |from: usize| {
        let signer = Draft::person("Анна", 20).by(&path[from]);
        let sent: Vec<&Holder> = path[from..].iter().collect();
        judged(&signer, &sent, &[&root])
    };
    let report = first(0);
    assert_eq!(codes(&report).first(), Some(&"chain_unsearched"));
    passes(&first(2), "ten");
}

/// `requireExplicitPolicy` is a demand that we cannot meet; the others of its family are none.
#[test]
fn policies_that_nobody_demands_change_nothing() {
    let root = Draft::authority("Корень", 1).own();
    let inhibit_mapping = der(0x30, &[&[0x81, 1, 0]]);
    let explicit = der(0x30, &[&[0x80, 1, 0]]);
    for (id, value, is_passed) in [
        ("2.5.29.54", vec![2, 1, 0], true),
        ("2.5.29.36", inhibit_mapping, true),
        ("2.5.29.36", explicit, false),
    ] {
        let authority = Draft::authority("Издатель", 2)
            .with(id, true, &value)
            .by(&root);
        let signer = Draft::person("Анна", 5).by(&authority);
        let report = judged(&signer, &[&authority], &[&root]);
        assert_eq!(
            report.indication == Indication::TotalPassed,
            is_passed,
            "{id}"
        );
    }
}

#[test]
fn of_several_paths_the_one_that_carries_is_taken() {
    let (old_root, new_root) = (
        Draft::authority("Корень", 1).own(),
        Draft::authority("Новый корень", 9).own(),
    );
    let own = Draft::authority("Издатель", 2);
    // The same authority, certified by a root that is trusted and by one that is not, and once
    // with a certificate that has ended.
    let ended = own
        .clone()
        .valid("2025-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let by_old = ended.by(&old_root);
    let by_new = own.clone().by(&new_root);
    let signer = Draft::person("Анна", 5).by(&by_new);
    for sent in [[&by_old, &by_new], [&by_new, &by_old]] {
        passes(
            &judged(&signer, &sent, &[&old_root, &new_root]),
            "the valid one",
        );
        passes(&judged(&signer, &sent, &[&new_root]), "the trusted one");
        let report = judged(&signer, &sent, &[&old_root]);
        assert_eq!(report.sub_indication, Some(SubIndication::OutOfBoundsNoPoe));
    }
}

/// Goal: authorities that certify each other, and heaps of candidates of one name, cost little and
/// lead nowhere. Method: a ring of cross certificates, and a hundred certificates that only look
/// like the issuer's.
#[test]
fn loops_and_heaps_of_candidates_come_to_an_end() {
    let root = Draft::authority("Корень", 1).own();
    let names: Vec<String> = (0..8).map(|index| format!("Издатель {index}")).collect();
    let seats: Vec<Holder> = names
        .iter()
        .zip(20_u8..)
        .map(|(name, seed)| Draft::authority(name, seed).own())
        .collect();
    let mut ring: Vec<Holder> = vec![];
    for (name, seed) in names.iter().zip(20_u8..) {
        for issuer in &seats {
            ring.push(Draft::authority(name, seed).by(issuer));
        }
    }
    let signer = Draft::person("Анна", 5).by(&seats[0]);
    let sent: Vec<&Holder> = ring.iter().collect();
    let report = judged(&signer, &sent, &[&root]);
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::NoCertificateChainFound)
    );
    let by_root = Draft::authority("Издатель 0", 20).by(&root);
    let mut sent = vec![&by_root];
    sent.extend(ring.iter());
    passes(
        &judged(&signer, &sent, &[&root]),
        "the way out is the first",
    );
    let fakes: Vec<Holder> = (100_u8..200)
        .map(|seed| Draft::authority("Издатель 0", seed).own())
        .collect();
    let sent: Vec<&Holder> = fakes.iter().collect();
    let report = judged(&signer, &sent, &[&root]);
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::NoCertificateChainFound)
    );
}
