//! Which certificate is the signer's, and which names are one.

use crate::authority::*;
use crate::forge::{Cms, SIGNING_CERTIFICATE_V2, attribute, codes, der, house, oid, place};
use crate::support::{at, key};
use chancery_signature as sig;
use sig::{
    Anchors, DigestAlgorithm, GivenEvidence, Indication, KeyKind, Limits, ValidationPolicy,
    ValidationReport,
};

const TEXT: &[u8] = b"what is signed";
const NOW: &str = "2026-08-01T00:00:00Z";
const SUBJECT_KEY_ID: &str = "2.5.29.14";
const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.12";
const LISTED: (&str, &str) = ("2026-07-31T00:00:00Z", "2026-08-05T00:00:00Z");

struct Town {
    root: Holder,
    person: Holder,
    lists: Vec<Vec<u8>>,
}

fn town() -> Town {
    let root = Draft::authority("Root", 1).own();
    let id = der(4, &[b"the key"]);
    let person = Draft::person("Anna", 5).with(SUBJECT_KEY_ID, false, &id);
    Town {
        person: person.by(&root),
        lists: vec![List::of(LISTED.0, LISTED.1, vec![]).by(&root)],
        root,
    }
}

impl Town {
    fn judged(&self, extras: &Extras) -> ValidationReport {
        self.judged_beside(extras, &[])
    }

    /// The same with these certificates at hand.
    fn judged_beside(&self, extras: &Extras, beside: &[&[u8]]) -> ValidationReport {
        let cms = signed_cms(&self.person, &[TEXT], extras);
        let anchors = Anchors::from_pem_or_der(&self.root.certificate).unwrap();
        let mut given = GivenEvidence::none();
        for list in &self.lists {
            given.add(list).unwrap();
        }
        for certificate in beside {
            given.add(certificate).unwrap();
        }
        let facts = sig::gather_cms_with(&cms, Some(TEXT), &given, &Limits::default());
        sig::judge_with(
            &facts,
            &ValidationPolicy::default(),
            at(NOW),
            &anchors,
            &given,
        )
    }
}

fn passed(report: &ValidationReport) {
    let expected = Indication::TotalPassed;
    assert_eq!(report.indication, expected, "{:?}", codes(report));
}

/// Both ways to order two certificates.
fn both_ways(one: &Holder, other: &Holder) -> [Vec<Vec<u8>>; 2] {
    let (one, other) = (one.certificate.clone(), other.certificate.clone());
    [vec![one.clone(), other.clone()], vec![other, one]]
}

#[test]
fn check_32_of_two_certificates_of_one_key_the_named_one_counts() {
    let town = town();
    let mut older = Draft::person("Anna", 6).valid("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z");
    older = older.with(SUBJECT_KEY_ID, false, &der(4, &[b"the key"]));
    let older = older.of_key(&town.person.key).by(&town.root);
    for certificates in both_ways(&older, &town.person) {
        let report = town.judged(&Extras {
            certificates,
            without_own: true,
            signer_id: Some(der(0x80, &[b"the key"])),
            ..Extras::default()
        });
        passed(&report);
    }
}

#[test]
fn check_32_a_certificate_put_beside_it_changes_nothing() {
    let town = town();
    let mut other = Draft::person("Anna", 5).of_key(&key(KeyKind::EcdsaP256, 77));
    other = other.with(SUBJECT_KEY_ID, false, &der(4, &[b"the key"]));
    let other = other.by(&town.root);
    for unbound in [false, true] {
        for certificates in both_ways(&other, &town.person) {
            let report = town.judged(&Extras {
                certificates,
                without_own: true,
                unbound,
                ..Extras::default()
            });
            passed(&report);
        }
    }
}

#[test]
fn check_32_whatever_names_a_certificate_names_the_signers() {
    let town = town();
    let own = &town.person.certificate;
    let entry = |digest: DigestAlgorithm, certificate: &[u8], more: &[u8]| {
        let hash = der(4, &[&digest.digest(&[certificate])]);
        der(0x30, &[&der(0x30, &[&der(0x30, &[&hash, more])])])
    };
    let v1 = |certificate: &[u8]| {
        attribute(
            SIGNING_CERTIFICATE,
            &[&entry(DigestAlgorithm::Sha1, certificate, &[])],
        )
    };
    let v2 = |issuer: &str, serial: u8| {
        let issuer = der(0x30, &[&der(0xa4, &[&name(issuer)])]);
        let more = der(0x30, &[&issuer, &[2, 1, serial]]);
        attribute(
            SIGNING_CERTIFICATE_V2,
            &[&entry(DigestAlgorithm::Sha256, own, &more)],
        )
    };
    let judged = |signed: Vec<Vec<u8>>, unbound| {
        town.judged(&Extras {
            signed,
            unbound,
            ..Extras::default()
        })
    };
    for (signed, unbound, good) in [
        (vec![v1(own)], false, true),
        (vec![v1(own)], true, true),
        (vec![v1(b"another")], false, false),
        (vec![v2("Root", 5)], true, true),
        (vec![v2("Root", 6)], true, false),
        (vec![v2("Stranger", 5)], true, false),
    ] {
        let report = judged(signed, unbound);
        let differs = codes(&report).contains(&"signing_certificate_differs");
        assert_eq!(differs, !good, "{:?}", codes(&report));
        if good {
            passed(&report);
        }
    }
}

/// `Name` of one common name, as a string of this type.
fn name_as(tag: u8, text: &str) -> Vec<u8> {
    let value = der(tag, &[text.as_bytes()]);
    let attribute = der(0x30, &[&oid("2.5.4.3"), &value]);
    der(0x30, &[&der(0x31, &[&attribute])])
}

/// RFC 5280, 7.1: names are compared by what they say.
#[test]
fn check_32_a_name_is_the_same_in_another_type_of_string() {
    const PRINTABLE: u8 = 0x13;
    let town = town();
    let named = |issuer: Vec<u8>| {
        town.judged(&Extras {
            signer_id: Some(der(0x30, &[&issuer, &[2, 1, 5]])),
            ..Extras::default()
        })
    };
    passed(&named(name_as(PRINTABLE, "Root")));
    passed(&named(name_as(PRINTABLE, " ROOT ")));
    let other = named(name_as(PRINTABLE, "Rot"));
    assert!(codes(&other).contains(&"certificate_missing"));
    // The authority changed over to UTF-8 and its certificates did not (RFC 5280, 4.1.2.4).
    let issued = |issuer: Vec<u8>| {
        let mut draft = Draft::person("Anna", 5);
        draft.own_issuer = Some(issuer);
        let town = Town {
            person: draft.by(&town.root),
            root: town.root.clone(),
            lists: town.lists.clone(),
        };
        town.judged(&Extras::default())
    };
    passed(&issued(name_as(PRINTABLE, "Root")));
    assert!(codes(&issued(name_as(PRINTABLE, "Rood"))).contains(&"chain_missing"));
}

/// Goal: a signer whose certificate is at hand is known, though the structure brings none (RFC
/// 5652, 5.1). Method: a structure without certificates, and certificates beside it: his,
/// another's, one of his name with another key, and none; then one that brings its own.
#[test]
fn check_30_the_certificate_may_be_at_hand_beside_the_structure() {
    let town = town();
    let alone = Extras {
        without_own: true,
        ..Extras::default()
    };
    let missing = |report: &ValidationReport| codes(report).contains(&"certificate_missing");
    assert!(missing(&town.judged(&alone)));
    let own = town.person.certificate.as_slice();
    let root = town.root.certificate.as_slice();
    passed(&town.judged_beside(&alone, &[root, own]));
    assert!(missing(&town.judged_beside(&alone, &[root])));
    let other = Draft::person("Boris", 6).by(&town.root);
    assert!(missing(&town.judged_beside(&alone, &[&other.certificate])));
    let unbound = Extras {
        unbound: true,
        without_own: true,
        signer_id: Some(der(0x80, &[b"the key"])),
        ..Extras::default()
    };
    let id = der(4, &[b"the key"]);
    let same = Draft::person("Anna", 6).with(SUBJECT_KEY_ID, false, &id);
    let same = same.by(&town.root);
    let report = town.judged_beside(&unbound, &[&same.certificate]);
    assert!(
        codes(&report).contains(&"value_wrong"),
        "{:?}",
        codes(&report)
    );
    passed(&town.judged_beside(&Extras::default(), &[&same.certificate]));
}

#[test]
fn check_29_content_that_is_data_is_a_string_of_octets() {
    let mut cms = Cms::over(&house(), &[TEXT]);
    cms.content = Some(TEXT.to_vec());
    let good = cms.build(&[TEXT]);
    let read = |cms: &[u8]| sig::gather_cms(cms, None, &Limits::default()).unreadable;
    assert_eq!(read(&good), None);
    let mut wrapped = good;
    let content = der(4, &[TEXT]);
    let at = place(&wrapped, &content);
    wrapped[at] = 0x30;
    assert_eq!(read(&wrapped).unwrap().code, "cms_damaged");
}

/// What nobody need understand may have any name.
#[test]
fn check_30_an_attribute_of_a_long_name_is_passed_over() {
    let town = town();
    let long = [vec![6, 100, 42], vec![0x81; 98], vec![1]].concat();
    let unknown = der(0x30, &[&long, &der(0x31, &[&[5, 0]])]);
    let report = town.judged(&Extras {
        unsigned: vec![unknown.clone()],
        signed: vec![unknown],
        ..Extras::default()
    });
    passed(&report);
    // In a certificate too, unless it must be understood.
    let person = |critical: &[u8]| {
        let mut draft = Draft::person("Anna", 5);
        let value = der(4, &[&[5, 0]]);
        draft.extensions.push(der(0x30, &[&long, critical, &value]));
        let purposes = der(0x30, &[&long, &oid("1.3.6.1.5.5.7.3.4")]);
        let town = Town {
            person: draft.with(PURPOSES, false, &purposes).by(&town.root),
            root: town.root.clone(),
            lists: town.lists.clone(),
        };
        town.judged(&Extras::default())
    };
    passed(&person(&[]));
    assert!(codes(&person(&[1, 1, 0xff])).contains(&"chain_rule_unknown"));
}
