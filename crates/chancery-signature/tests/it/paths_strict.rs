//! Certificates and constraints by the letter (RFC 5280, 4 and 6): what looks like another name is
//! compared with care, and what is written wrongly is not read.

use crate::authority::*;
use crate::forge::{codes, der, oid};
use crate::paths::{breaks, directory, email, excluded, host, judged, passes, permitted};
use chancery_signature as sig;
use sig::{Indication, SubIndication};

const ALTERNATIVE_NAMES: &str = "2.5.29.17";
const POLICIES: &str = "2.5.29.32";
const POLICY_CONSTRAINTS: &str = "2.5.29.36";
const POLICY_MAPPINGS: &str = "2.5.29.33";
const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
const ANY_POLICY: &str = "2.5.29.32.0";

fn uri(text: &str) -> Vec<u8> {
    der(0x86, &[text.as_bytes()])
}

/// `SmtpUTF8Mailbox` (RFC 9598, 3).
fn mailbox(text: &str) -> Vec<u8> {
    let value = der(0xa0, &[&der(0x0c, &[text.as_bytes()])]);
    der(0xa0, &[&oid("1.3.6.1.5.5.7.8.9"), &value])
}

#[test]
fn an_excluded_name_stays_excluded_however_it_is_written() {
    let root = Draft::authority("Корень", 1).own();
    let victim = || excluded(&email("victim.example"));
    let cases = [
        ("as it is", victim(), email("ceo@victim.example"), false),
        ("a final dot", victim(), email("ceo@victim.example."), false),
        (
            "a dot there",
            excluded(&email("victim.example.")),
            email("ceo@victim.example"),
            false,
        ),
        ("no host", victim(), email("victim.example"), false),
        ("in Unicode", victim(), mailbox("ceo@victim.example"), false),
        (
            "in Unicode, a dot",
            victim(),
            mailbox("ceo@victim.example."),
            false,
        ),
        (
            "letters beyond",
            victim(),
            mailbox("директор@почта.example"),
            false,
        ),
        ("another", victim(), email("ceo@other.example."), true),
        (
            "another in Unicode",
            victim(),
            mailbox("ceo@other.example"),
            true,
        ),
        (
            "not permitted",
            permitted(&[email("a.example")]),
            mailbox("b@b.example"),
            false,
        ),
        (
            "permitted",
            permitted(&[email("a.example")]),
            mailbox("a@a.example"),
            true,
        ),
        (
            "a host",
            excluded(&host("victim.example")),
            host("www.victim.example."),
            false,
        ),
        (
            "a host's dot",
            excluded(&host("victim.example.")),
            host("victim.example"),
            false,
        ),
        (
            "an address",
            excluded(&uri("victim.example")),
            uri("https://victim.example./"),
            false,
        ),
        (
            "another's",
            excluded(&uri("victim.example")),
            uri("https://other.example./"),
            true,
        ),
    ];
    for (why, constraints, alternative, is_passed) in cases {
        let authority = Draft::authority("Издатель", 2)
            .with(NAME_CONSTRAINTS, true, &constraints)
            .by(&root);
        let signer = Draft::person("Анна", 5)
            .with(ALTERNATIVE_NAMES, false, &der(0x30, &[&alternative]))
            .by(&authority);
        let report = judged(&signer, &[&authority], &[&root]);
        let broken = Some(SubIndication::ChainConstraintsFailure);
        match is_passed {
            true => passes(&report, why),
            false => assert_eq!(report.sub_indication, broken, "{why}: {:?}", codes(&report)),
        }
    }
}

#[test]
fn an_excluded_organisation_stays_excluded_in_any_string() {
    let root = Draft::authority("Корень", 1).own();
    let of = |kind: u8, text: &[u8]| {
        let attribute = der(0x30, &[&oid("2.5.4.10"), &der(kind, &[text])]);
        der(0x30, &[&der(0x31, &[&attribute])])
    };
    let cases: [(&str, &str, Vec<u8>, bool); 11] = [
        ("the same", "Evil", of(0x0c, b"Evil"), false),
        ("visible", "Evil", of(0x1a, b"EVIL"), false),
        ("graphic", "Evil", of(0x19, b"Evil"), false),
        ("general", "Evil", of(0x1b, b"Evil"), false),
        ("octets", "Evil", of(0x04, b"Evil"), false),
        (
            "a soft hyphen",
            "Evil",
            of(0x0c, "Ev\u{ad}il".as_bytes()),
            false,
        ),
        (
            "no width",
            "Evil",
            of(0x0c, "Ev\u{200b}il".as_bytes()),
            false,
        ),
        (
            "wide letters",
            "Evil",
            of(0x0c, "\u{ff25}vil".as_bytes()),
            false,
        ),
        (
            "a letter for two",
            "STRASSE",
            of(0x0c, "Straße".as_bytes()),
            false,
        ),
        ("another", "Evil", of(0x0c, b"Good"), true),
        ("two words", "Evil", of(0x0c, b"Ev il"), true),
    ];
    for (why, base, subject, is_passed) in cases {
        let constraints = excluded(&directory(&of(0x13, base.as_bytes())));
        let authority = Draft::authority("Издатель", 2)
            .with(NAME_CONSTRAINTS, true, &constraints)
            .by(&root);
        let mut signer = Draft::person("Анна", 5);
        signer.own_name = Some(subject);
        let signer = signer.by(&authority);
        let report = judged(&signer, &[&authority], &[&root]);
        let broken = Some(SubIndication::ChainConstraintsFailure);
        match is_passed {
            true => passes(&report, why),
            false => assert_eq!(report.sub_indication, broken, "{why}: {:?}", codes(&report)),
        }
    }
}

fn policies(names: &[&str]) -> Vec<u8> {
    let each: Vec<Vec<u8>> = names.iter().map(|name| der(0x30, &[&oid(name)])).collect();
    let each: Vec<&[u8]> = each.iter().map(Vec::as_slice).collect();
    der(0x30, &each)
}

#[test]
fn a_demand_for_policies_is_met_where_one_goes_all_along() {
    let root = Draft::authority("Корень", 1).own();
    let demand = || der(0x30, &[&[0x80, 1, 0]]);
    type Case = (
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
        bool,
    );
    let cases: [Case; 8] = [
        ("the same", &["1.2.3.4"], &["1.2.3.4"], true),
        (
            "one of them",
            &["1.2.3.4", "1.2.3.5"],
            &["1.2.3.6", "1.2.3.5"],
            true,
        ),
        ("any above", &[ANY_POLICY], &["1.2.3.4"], true),
        ("any beneath", &["1.2.3.4"], &[ANY_POLICY], true),
        ("another", &["1.2.3.4"], &["1.2.3.5"], false),
        ("none above", &[], &["1.2.3.4"], false),
        ("none beneath", &["1.2.3.4"], &[], false),
        ("none", &[], &[], false),
    ];
    let with = |draft: Draft, names: &[&str]| match names {
        [] => draft,
        names => draft.with(POLICIES, false, &policies(names)),
    };
    for (why, above, beneath, is_passed) in cases {
        for on_leaf in [false, true] {
            let mut authority = with(Draft::authority("Издатель", 2), above);
            let mut person = with(Draft::person("Анна", 5), beneath);
            match on_leaf {
                true => person = person.with(POLICY_CONSTRAINTS, true, &demand()),
                false => authority = authority.with(POLICY_CONSTRAINTS, true, &demand()),
            }
            let authority = authority.by(&root);
            let signer = person.by(&authority);
            let report = judged(&signer, &[&authority], &[&root]);
            match is_passed {
                true => passes(&report, why),
                false => breaks(&report, "chain_rule_unknown", why),
            }
        }
    }
    // What changes the meaning of policies on the way is not followed.
    let mapping = der(0x30, &[&der(0x30, &[&oid("1.2.3.4"), &oid("1.2.3.5")])]);
    for (id, value) in [
        (POLICY_MAPPINGS, mapping),
        (INHIBIT_ANY_POLICY, vec![2, 1, 0]),
    ] {
        let authority = Draft::authority("Издатель", 2)
            .with(POLICIES, false, &policies(&["1.2.3.4"]))
            .with(POLICY_CONSTRAINTS, true, &demand())
            .with(id, true, &value)
            .by(&root);
        let signer = Draft::person("Анна", 5)
            .with(POLICIES, false, &policies(&[ANY_POLICY]))
            .by(&authority);
        let report = judged(&signer, &[&authority], &[&root]);
        breaks(&report, "chain_rule_unknown", id);
    }
}

/// What an authority wrote against the standard is not read: there is no path over it.
#[test]
fn certificates_are_read_by_the_letter() {
    let root = Draft::authority("Корень", 1).own();
    let authority = || Draft::authority("Издатель", 2);
    let versioned = |version: &[u8]| {
        let mut draft = authority();
        draft.version = version.to_vec();
        draft
    };
    let used = |bits: &[u8]| {
        Draft::new("Издатель", 2)
            .with(BASIC_CONSTRAINTS, true, &der(0x30, &[&[1, 1, 0xff]]))
            .with(KEY_USAGE, true, &der(3, &[bits]))
    };
    let twice = policies(&["1.2.3.4", "1.2.3.4"]);
    let cases = [
        ("version 3", versioned(&[0xa0, 3, 2, 1, 2]), true),
        ("no version", versioned(&[]), false),
        ("version 2", versioned(&[0xa0, 3, 2, 1, 1]), false),
        ("version 10", versioned(&[0xa0, 3, 2, 1, 9]), false),
        ("uses", used(&[1, 0x06]), true),
        ("unused bits that are set", used(&[7, 0x06]), false),
        ("too many unused bits", used(&[8, 0x06]), false),
        (
            "any policy",
            authority().with(INHIBIT_ANY_POLICY, true, &[2, 1, 3]),
            true,
        ),
        (
            "less than none",
            authority().with(INHIBIT_ANY_POLICY, true, &[2, 1, 0xff]),
            false,
        ),
        (
            "a policy twice",
            authority().with(POLICIES, false, &twice),
            false,
        ),
    ];
    for (why, draft, is_passed) in cases {
        let issuer = draft.by(&root);
        let signer = Draft::person("Анна", 5).by(&issuer);
        let report = judged(&signer, &[&issuer], &[&root]);
        match is_passed {
            true => passes(&report, why),
            false => {
                let missing = Some(SubIndication::NoCertificateChainFound);
                assert_eq!(
                    report.sub_indication,
                    missing,
                    "{why}: {:?}",
                    codes(&report)
                );
            }
        }
    }
}

#[test]
fn no_character_of_a_name_breaks_a_line_or_turns_it_round() {
    let root = Draft::authority("Корень", 1).own();
    let authority = Draft::authority("Издатель", 2).by(&root);
    let hostile = [
        '\u{2028}',
        '\u{2029}',
        '\u{61c}',
        '\u{ad}',
        '\u{34f}',
        '\u{115f}',
        '\u{1160}',
        '\u{3164}',
        '\u{ffa0}',
        '\u{180e}',
        '\u{180b}',
        '\u{202e}',
        '\u{7}',
        '\u{fe0f}',
        '\u{e0041}',
        '\u{fff9}',
    ];
    for letter in hostile {
        let signer = Draft::person(&format!("Анна{letter}Б"), 5).by(&authority);
        let report = judged(&signer, &[&authority], &[&root]);
        assert_eq!(report.indication, Indication::TotalPassed);
        let subject = &report.signatures[0].signer.as_ref().unwrap().subject;
        assert_eq!(
            subject.text,
            "CN=Анна\u{fffd}Б",
            "{:04x}",
            u32::from(letter)
        );
        let told = serde_json::to_string(&report).unwrap();
        assert!(!told.contains(letter), "{:04x}", u32::from(letter));
    }
    // Letters of any script stay what they are.
    for text in ["Анна-Мария О'Нил", "é e\u{301} ß", "李小龍", "عربي"] {
        let signer = Draft::person(text, 5).by(&authority);
        let report = judged(&signer, &[&authority], &[&root]);
        let subject = &report.signatures[0].signer.as_ref().unwrap().subject;
        assert_eq!(subject.text, format!("CN={text}"));
    }
}
