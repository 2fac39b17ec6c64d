//! What effects name of the vocabulary, who may start a run, and what starts one.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::{FieldValue, Locale};
use chancery_workflow::{
    Ability, Definition, Diagnostic, House, Kind, Means, Refusal, Vocabulary, preview, render,
    weakenings,
};

use crate::support::*;

const HEAD: &str = "schema: 1\nroles:\n  clerk: { title: { ru: Дело, en: Clerk } }\n";

fn words(rest: &str) -> Result<Vocabulary, String> {
    let source = format!("{HEAD}{rest}");
    Vocabulary::parse(&source).map_err(|found| render(&found, &source, "v.yaml", Locale::En))
}

/// Goal: journals give numbers, letters are filled, a value with braces is not filled again.
#[test]
fn journals_and_letters_are_read() {
    let read = words(
        "journals:
  kept: { title: { ru: Реестр, en: Register }, pattern: \"Р-{year}-{number:03}\" }
templates:
  told:
    subject: { ru: \"О {title}\", en: \"About {title}\" }
    text: { ru: \"№ {number}\", en: \"No. {number}\" }
",
    );
    let read = read.expect("a vocabulary");
    let journal = &read.journals()["kept"];
    assert_eq!(journal.title(Locale::En), "Register");
    assert_eq!(journal.numbering().journal(), "kept");
    assert_eq!(journal.numbering().format(2026, 7), "Р-2026-007");
    let letter = &read.templates()["told"];
    let place = |name: &str| match name {
        "title" => "{number}".to_owned(),
        other => other.to_uppercase(),
    };
    assert_eq!(letter.subject(Locale::Ru, place), "О {number}");
    assert_eq!(letter.text(Locale::En, place), "No. NUMBER");
}

/// Goal: what is wrong with journals and letters is told with its place and cure.
#[test]
fn what_is_wrong_with_them_is_told() {
    let pattern = "title: { ru: а, en: a }, pattern";
    let letter = "templates:\n  told: { subject:";
    for (rest, code, cure) in [
        (
            format!(
                "journals:\n  one: {{ {pattern}: \"A-{{year}}-{{number}}\" }}\n  \
                 two: {{ {pattern}: \"A-{{year}}-{{number:05}}\" }}\n"
            ),
            "error[W103]",
            "another pattern",
        ),
        (
            format!("journals:\n  one: {{ {pattern}: \"A-{{number}}\" }}\n"),
            "error[W102]",
            "{year}",
        ),
        (
            format!("journals:\n  One: {{ {pattern}: \"A-{{year}}-{{number}}\" }}\n"),
            "error[W101]",
            "help",
        ),
        (
            format!("{letter} {{ ru: \"{{titel}}\", en: a }}, text: {{ ru: а, en: a }} }}\n"),
            "error[W504]",
            "did you mean `title`",
        ),
        (
            format!("{letter} {{ ru: \"{{title\", en: a }}, text: {{ ru: а, en: a }} }}\n"),
            "error[W504]",
            "counterparty",
        ),
        (
            format!("{letter} {{ ru: а }}, text: {{ ru: а, en: a }} }}\n"),
            "error[W006]",
            "help",
        ),
    ] {
        let said = words(&rest).expect_err(&rest);
        assert!(said.contains(code) && said.contains(cure), "{rest}{said}");
    }
}

/// Goal: a kind does not number in a journal of effects, nor as one does.
#[test]
fn a_kind_and_an_effect_share_no_numbers() {
    let source = read("kinds/invoice.yaml");
    for (pattern, other, said) in [
        ("X-{year}-{number}", "invoices", "journal-of-effects"),
        ("СЧ-{year}-{number}", "kept", "numbers-collide"),
    ] {
        let read = words(&format!(
            "journals:\n  {other}: {{ title: {{ ru: а, en: a }}, pattern: \"{pattern}\" }}\n"
        ));
        let found = Kind::parse(&source, &read.expect("a vocabulary")).expect_err("a refusal");
        assert_eq!((found[0].code, found[0].key), ("W103", said));
        for locale in Locale::ALL {
            assert!(found[0].help(locale).is_some());
            assert_ne!(found[0].text(locale), found[0].key);
        }
    }
}

const STAGES: &str = "stages:
  - { id: a, type: approve, title: { ru: а, en: a }, assignees: [{ user: boris }] }
";

fn started_by(who: &str) -> Definition {
    define(&with_stages(&format!("{who}{STAGES}")))
}

/// Goal: whom the file does not name starts nothing, and is told so before; others do. Method: a
/// person by role and one by group, and a third.
#[test]
fn only_those_named_may_start() {
    let definition =
        started_by("start: { who: [{ role: accountant }, { group: contract_board }] }\n");
    for (who, may) in [("anna", true), ("irina", true), ("olga", false)] {
        let foreseen = preview(
            &definition,
            &contract("1"),
            &version(1, who),
            person(who),
            &directory(),
        );
        assert_eq!(foreseen.is_ok(), may, "{who}");
        let mut play = Play::new(definition.clone(), contract("1"));
        match may {
            true => {
                play.must(&format!("{who} starts"));
            }
            false => check(
                &mut play,
                "olga starts | refused: the workflow lets others start a run of it",
            ),
        }
    }
    assert!(started_by("").starters().is_empty());
}

/// Goal: more people than before is a weaker control. Method: nobody named in place of somebody,
/// and one more.
#[test]
fn more_starters_are_a_weaker_control() {
    let before = started_by("start: { who: [{ role: accountant }] }\n");
    let keys = |after: &Definition| -> Vec<&str> {
        let found = weakenings(&before, after);
        found.iter().map(|finding| finding.key).collect()
    };
    assert!(keys(&before).is_empty());
    assert_eq!(keys(&started_by("")), ["start-widened"]);
    let more = started_by("start: { who: [{ role: accountant }, { role: cfo }] }\n");
    assert_eq!(keys(&more), ["start-widened"]);
}

/// Goal: more who may take a document back, or longer, are told of. Method: somebody more
/// beside the initiator; the step from which nobody could any more is left out; and the other way.
#[test]
fn more_who_take_back_are_a_weaker_control() {
    let last = "  - { id: b, type: sign, title: { ru: б, en: b }, assignees: [{ user: irina }] }\n";
    let with = |head: &str| define(&with_stages(&format!("{head}{STAGES}{last}")));
    let until = "withdraw: { until: b }\n";
    let more = "withdraw: { who: [initiator, { role: cfo }] }\n";
    for (before, after, is_weaker) in [
        ("", more, true),
        (more, "", false),
        (until, "", true),
        ("", until, false),
    ] {
        let found = weakenings(&with(before), &with(after));
        let keys: Vec<&str> = found.iter().map(|finding| finding.key).collect();
        let expected: &[&str] = if is_weaker {
            &["withdraw-widened"]
        } else {
            &[]
        };
        assert_eq!(keys, expected, "{before:?} {after:?}");
    }
}

/// Goal: a run that starts by itself is read with its condition, which is asked of the document;
/// what could never or always hold, other events, and a chain that no kind takes are told.
/// Method: texts, and one document on both sides of the condition.
#[test]
fn what_starts_a_run_is_read_and_checked() {
    let small = "start: { event: document_brought, when: \"doc.payment_days <= 10\" }\n";
    let definition = reads_as(small).expect("accepted");
    let own = definition.self_start().expect("it starts by itself");
    for (days, is_for) in [(10, true), (11, false)] {
        let mut card = contract("1");
        card.insert("payment_days".to_owned(), FieldValue::Integer(days));
        let found = own.is_for(&card, &version(1, "olga"), person("olga"), &directory());
        assert_eq!(found, Ok(is_for), "{days}");
    }
    let mut card = contract("1");
    card.remove("payment_days");
    let found = own.is_for(&card, &version(1, "olga"), person("olga"), &directory());
    assert!(matches!(found, Err(Refusal::Condition { .. })), "{found:?}");
    let keys = |text: &str| match reads_as(text) {
        Ok(definition) => definition.warnings().iter().map(|one| one.key).collect(),
        Err(found) => found.iter().map(|one| one.key).collect::<Vec<_>>(),
    };
    assert_eq!(keys(small), ["start-of-another"]);
    for (start, key) in [
        ("{ event: document_registered }", "start-registered"),
        ("{ event: document_brougth }", "expected-word"),
        (
            "{ when: \"doc.payment_days <= 10\", who: [{ role: cfo }] }",
            "start-when-alone",
        ),
        (
            "{ event: document_brought, when: \"doc.payment_days < 9 && doc.payment_days > 9\" }",
            "starts-never",
        ),
        (
            "{ event: document_brought, when: \"doc.payment_days < 9 || doc.payment_days > 8\" }",
            "starts-always",
        ),
        (
            "{ event: document_brought, when: \"doc.payment_days <= 'ten'\" }",
            "types-differ",
        ),
    ] {
        let found = keys(&format!("start: {start}\n"));
        assert!(found.contains(&key), "{start}: {found:?}");
    }
    let loose = reads_as("start: { event: document_brought }\n").expect("accepted");
    let by_hand = reads_as("").expect("accepted");
    for (before, after, key) in [
        (&by_hand, &loose, Some("self-start-added")),
        (&definition, &loose, Some("self-start-changed")),
        (&loose, &definition, None),
        (&loose, &by_hand, None),
    ] {
        let found = weakenings(before, after);
        assert_eq!(found.first().map(|one| one.key), key);
    }
}

/// A workflow of one stage with this before it, for whoever starts runs by themselves.
fn reads_as(start: &str) -> Result<Definition, Vec<Diagnostic>> {
    let (kinds, vocabulary) = (kinds(), vocabulary());
    let calendars = BTreeMap::new();
    let house = House {
        kinds: &kinds,
        vocabulary: &vocabulary,
        calendars: &calendars,
    };
    let means = Means {
        abilities: BTreeSet::from([Ability::SelfStart]),
        ..Means::default()
    };
    Definition::parse_with(&with_stages(&format!("{start}{STAGES}")), &house, &means)
}

/// Goal: a contact and a key of later are refused by name.
#[test]
fn who_cannot_start_is_refused() {
    for (who, code) in [
        (
            "start: { who: [{ contact: doc.counterparty_contact }] }\n",
            "W121",
        ),
        ("start: { who: [{ role: nobody }] }\n", "W201"),
        ("start: { event: document_brought }\n", "W010"),
        ("start: { who: [] }\n", "W006"),
    ] {
        let source = with_stages(&format!("{who}{STAGES}"));
        let found = Definition::parse(&source, &kinds(), &vocabulary()).expect_err(who);
        assert!(
            found.iter().any(|finding| finding.code == code),
            "{found:?}"
        );
    }
}
