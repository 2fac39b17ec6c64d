//! Conditions: what is accepted, what is refused and why, what they say of a card.

use std::collections::BTreeSet;

use chancery_types::FieldValue;
use chancery_types::field::Card;
use chancery_workflow::expression::{EvaluationError, Given};
use chancery_workflow::{Definition, Stage};
use proptest::prelude::*;

use crate::support::*;

/// A workflow whose second stage has this condition, and an optional executor that is material.
fn source(condition: &str) -> String {
    let written = condition.replace('\'', "''");
    with_stages(&format!(
        "stages:
  - {{ id: first, type: approve, title: {{ ru: а, en: a }}, assignees: [{{ user: irina }}] }}
  - id: second
    type: approve
    title: {{ ru: б, en: b }}
    when: '{written}'
    assignees: [{{ user: anna }}]
"
    ))
}

fn refused(condition: &str) -> String {
    match Definition::parse(&source(condition), &kinds(), &vocabulary()) {
        Ok(_) => "accepted".to_owned(),
        Err(found) => {
            let text = found[0].text(chancery_types::Locale::Ru);
            assert!(text != found[0].key, "no sentence for {text}");
            format!("{} {}", found[0].code, found[0].key)
        }
    }
}

fn judge(condition: &str, card: &Card) -> Result<bool, EvaluationError> {
    // The linter would refuse what is never true; what it says is looked at here all the same.
    let definition = Definition::parse_pinned(&source(condition), &kinds(), &vocabulary())
        .unwrap_or_else(|found| panic!("{condition}: {found:?}"));
    let when = definition
        .stage("second")
        .and_then(|stage: &Stage| stage.when.clone());
    let version = version(2, "pavel");
    when.expect("a condition").holds(&Given {
        card,
        initiator: person("olga"),
        version: &version,
        round: 3,
        directory: &directory(),
        actor: None,
        changed: None,
        voters: None,
        asked: None,
    })
}

#[test]
fn conditions_say_what_they_mean() {
    let mut directory = directory();
    let board = BTreeSet::from([person("pavel")]);
    directory.groups.insert("contract_board".to_owned(), board);
    let mut card = contract("100000.00");
    card.insert(
        "executor".to_owned(),
        FieldValue::Reference(person("olga").uuid()),
    );
    card.insert(
        "valid_until".to_owned(),
        FieldValue::Date("2027-01-31".parse().expect("a date")),
    );
    for (condition, answer) in [
        ("doc.payment_days > 9", true),
        ("doc.payment_days > 10", false),
        ("doc.payment_days >= 10", true),
        ("doc.payment_days < 10", false),
        ("doc.payment_days <= 10", true),
        ("doc.payment_days == 5 + 15 / 3", true),
        (
            "doc.payment_days % 3 == 1 && -doc.payment_days == -10",
            true,
        ),
        ("doc.payment_days * 2 - 1 != 19", false),
        ("doc.payment_days in [5, 10, 15]", true),
        ("doc.payment_days in []", false),
        (
            "doc.amount.currency == 'RUB' && doc.amount == money('RUB', '100000')",
            true,
        ),
        (
            "doc.amount.currency == 'RUB' && doc.amount > money('RUB', '99999.99')",
            true,
        ),
        (
            "doc.amount.currency == 'EUR' && doc.amount > money('EUR', '1')",
            false,
        ),
        (
            "doc.amount.currency != 'RUB' || doc.amount < money('RUB', '100000.01')",
            true,
        ),
        ("doc.amount.currency in ['EUR', 'USD']", false),
        (
            "doc.subject.startsWith('Поставка') && doc.subject.endsWith('бумаги')",
            true,
        ),
        ("doc.subject.contains('металл')", false),
        ("size(doc.subject) == 15 && doc.subject.size() > 3", true),
        ("has(doc.executor) && doc.executor == initiator", true),
        ("!has(doc.executor) || doc.executor != initiator", false),
        ("has(doc.urgent) || doc.payment_days == 10", true),
        (
            "has(doc.valid_until) ? doc.valid_until > date('2027-01-30') : false",
            true,
        ),
        (
            "initiator.login == 'olga' && 'sales' in initiator.departments",
            true,
        ),
        ("doc.department == 'sales'", true),
        ("'legal' == doc.department", false),
        ("doc.department in ['legal', 'sales']", true),
        ("doc.department in initiator.departments", true),
        ("in_group(initiator, 'contract_board')", false),
        ("in_group(version.author, 'contract_board')", true),
        (
            "version.number == 2 && round == 3 && version.author != initiator",
            true,
        ),
        ("true ? false : true", false),
    ] {
        // `urgent` is not material, so it is asked for with has() only in a file that says so.
        let condition_source = source(condition).replace(
            "stages:\n",
            "material:\n  fields: [amount, payment_days, subject, executor, valid_until, urgent, department]\n\
             stages:\n",
        );
        let definition =
            Definition::parse_pinned(&condition_source, &kinds(), &vocabulary()).expect("accepted");
        let when = definition
            .stage("second")
            .and_then(|stage| stage.when.clone())
            .expect("when");
        let version = version(2, "pavel");
        let given = Given {
            card: &card,
            initiator: person("olga"),
            version: &version,
            round: 3,
            directory: &directory,
            actor: None,
            changed: None,
            voters: None,
            asked: None,
        };
        assert_eq!(when.holds(&given), Ok(answer), "{condition}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_when_the_file_is_read() {
    for (condition, why) in [
        ("doc.ammount > 3", "W203 unknown-field"),
        ("dok.amount > 3", "W203 unknown-name"),
        ("doc > 3", "W203 name-needs-field"),
        ("actor == initiator", "W203 unknown-name"),
        ("voters('first') == []", "W203 unknown-function"),
        ("initiator.salary > 3", "W203 unknown-member"),
        ("initiator.login.currency == 'RUB'", "W203 unknown-member"),
        ("now() > 3", "W203 unknown-function"),
        ("doc.subject.matches('.*')", "W203 unknown-function"),
        ("doc.payment_days > 'x'", "W204 types-differ"),
        ("doc.payment_days", "W204 expression-not-boolean"),
        ("doc.payment_days && true", "W204 type-mismatch"),
        ("!doc.payment_days", "W204 type-mismatch"),
        ("doc.subject > 'x'", "W204 no-order"),
        ("doc.subject + 'x' == 'y'", "W204 type-mismatch"),
        ("doc.counterparty == initiator", "W204 types-differ"),
        ("doc.counterparty == 'acme'", "W204 types-differ"),
        ("in_group(initiator, 'board')", "W201 unknown-group"),
        (
            "in_group(doc.amount, 'contract_board')",
            "W204 type-mismatch",
        ),
        ("in_group(initiator)", "W203 unknown-function"),
        ("doc.payment_days in ['x']", "W204 types-differ"),
        ("doc.payment_days in [1, 'x']", "W204 types-differ"),
        ("doc.payment_days in 3", "W204 type-mismatch"),
        ("true ? 1 : 'x'", "W204 types-differ"),
        ("doc.amount > 100000", "W204 types-differ"),
        ("doc.payment_days > 1.5", "W205 double"),
        ("doc.amount > money('RUB', 1)", "W204 money-of-literals"),
        (
            "doc.amount > money('RUB', '1E+100')",
            "W204 bad-money-literal",
        ),
        ("doc.amount > money('rub', '1')", "W204 bad-money-literal"),
        (
            "date('31.01.2027') == date('2027-01-31')",
            "W204 bad-date-literal",
        ),
        (
            "doc.amount > money('RUB', '1')",
            "W207 currency-not-compared",
        ),
        (
            "doc.amount > money('GBP', '1')",
            "W207 different-currencies",
        ),
        (
            "doc.amount.currency == 'EUR' && doc.amount > money('RUB', '1')",
            "W207 different-currencies",
        ),
        (
            "money('EUR', '1') == money('RUB', '1')",
            "W207 different-currencies",
        ),
        ("doc.executor == initiator", "W206 optional-without-has"),
        (
            "has(doc.executor) || doc.executor == initiator",
            "W206 optional-without-has",
        ),
        ("has(doc.executor) && doc.executor == initiator", "accepted"),
        ("has(initiator.login)", "W206 has-of-field"),
        ("has(doc.nothing)", "W203 unknown-field"),
        ("has(doc.urgent)", "W210 field-not-material"),
        ("[1, 2].all(x, x > 0)", "W208 expression-not-offered"),
        ("[1, 2][0] == 1", "W208 expression-not-offered"),
        ("round == 1 // always", "W208 expression-syntax"),
        ("round == 1 round", "W208 expression-syntax"),
        ("{'a': 1} == {'a': 1}", "W208 expression-not-offered"),
        ("null == null", "W208 expression-not-offered"),
        ("1u == 1u", "W208 expression-not-offered"),
        ("b'x' == b'x'", "W208 expression-syntax"),
        ("doc.payment_days >", "W208 expression-ends"),
        ("", "W208 expression-ends"),
        (
            "doc.payment_days > 99999999999999999999",
            "W208 expression-number",
        ),
        ("'", "W208 expression-quote"),
    ] {
        assert_eq!(refused(condition), why, "{condition}");
    }
    assert_eq!(refused(&"(".repeat(500)), "W208 expression-too-deep");
    assert_eq!(
        refused(&format!("{}true", "!".repeat(1000))),
        "W208 expression-too-deep"
    );
    let long = vec!["round == 1"; 100].join(" || ");
    assert_eq!(refused(&long), "W208 expression-too-long");
    let large = vec!["true"; 120].join(" || ");
    assert_eq!(refused(&large), "W208 expression-too-large");
}

#[test]
fn an_error_is_an_error_and_never_false() {
    let card = contract("1");
    for (condition, why) in [
        ("doc.payment_days / 0 > 1", EvaluationError::DivisionByZero),
        (
            "doc.payment_days % 0 > 1 || true",
            EvaluationError::DivisionByZero,
        ),
        (
            "9223372036854775807 + doc.payment_days > 1",
            EvaluationError::Overflow,
        ),
        (
            "9223372036854775807 * doc.payment_days > 1",
            EvaluationError::Overflow,
        ),
    ] {
        assert_eq!(judge(condition, &card), Err(why), "{condition}");
    }
    // Decided before the error is reached: there is nothing to ask.
    assert_eq!(judge("true || doc.payment_days / 0 > 1", &card), Ok(true));
    assert_eq!(judge("false && doc.payment_days / 0 > 1", &card), Ok(false));
    // A card that is not what the kind says (the engine refuses it earlier).
    let gone = EvaluationError::FieldAbsent {
        field: "payment_days".to_owned(),
    };
    assert_eq!(judge("doc.payment_days > 1", &Card::new()), Err(gone));
}

/// Pieces of conditions, mostly fitting together.
const PIECES: [&str; 34] = [
    "doc.amount",
    "doc.payment_days",
    "doc.executor",
    "doc.",
    "doc",
    "has(doc.executor)",
    "has(",
    "&&",
    "||",
    "!",
    "(",
    ")",
    "[",
    "]",
    ",",
    "? ",
    ":",
    "==",
    "<",
    ">=",
    "+",
    "-",
    "/",
    "%",
    "in",
    "1",
    "'x'",
    "money('RUB','1')",
    "date('2027-01-31')",
    ".size()",
    ".map(x, x)",
    ".all(",
    "{",
    "\"",
];

proptest! {
    /// Whatever stands in a condition, reading it ends with an answer; and what is accepted can be
    /// evaluated without a panic and never asks for a thing that is not there.
    #[test]
    fn any_text_is_answered(pieces in prop::collection::vec(0..PIECES.len(), 0..24)) {
        let condition: Vec<&str> = pieces.iter().map(|index| PIECES[*index]).collect();
        let text = source(&condition.join(" "));
        if let Ok(definition) = Definition::parse(&text, &kinds(), &vocabulary()) {
            let stage = definition.stage("second").expect("the stage");
            let version = version(1, "olga");
            let card = contract("5");
            let given = Given {
                card: &card,
                initiator: person("olga"),
                version: &version,
                round: 1,
                directory: &directory(),
                actor: None,
            changed: None,
                voters: None,
            asked: None,
            };
            if let Some(Err(why)) = stage.when.as_ref().map(|when| when.holds(&given)) {
                prop_assert!(
                    matches!(why, EvaluationError::DivisionByZero | EvaluationError::Overflow),
                    "{why:?}"
                );
            }
        }
    }

    /// The order of an amount is the order of exact decimals.
    #[test]
    fn money_compares_exactly(kopecks in 0_i64..1_000_000_000) {
        let amount = format!("{}.{:02}", kopecks / 100, kopecks % 100);
        let condition = "doc.amount.currency == 'RUB' && doc.amount >= money('RUB', '5000000.00')";
        prop_assert_eq!(judge(condition, &contract(&amount)), Ok(kopecks >= 500_000_000));
    }
}

proptest! {
    /// What our conditions accept is CEL: the reference parser accepts it too.
    #[test]
    fn what_is_accepted_is_cel(pieces in prop::collection::vec(0..PIECES.len(), 0..16)) {
        let condition: Vec<&str> = pieces.iter().map(|index| PIECES[*index]).collect();
        prop_assert!(cel_agrees(&condition.join(" ")));
    }
}

/// Whether CEL's own parser reads what we accept. It needs a large stack for each bracket.
fn cel_agrees(condition: &str) -> bool {
    if Definition::parse(&source(condition), &kinds(), &vocabulary()).is_err() {
        return true;
    }
    let text = condition.to_owned();
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || cel::parser::Parser::new().parse(&text).is_ok())
        .expect("a thread")
        .join()
        .expect("an answer")
}

#[test]
fn the_conditions_of_the_house_are_cel() {
    for id in ["contract", "invoice"] {
        for stage in chain(id).stages() {
            if let Some(when) = &stage.when {
                assert!(
                    cel::parser::Parser::new().parse(when.source()).is_ok(),
                    "{}",
                    when.source()
                );
            }
        }
    }
    for condition in [
        "round == 1 ? round < 2 : round in [1, 2]",
        "!(round == 1 && -round < 0)",
    ] {
        assert_eq!(refused(condition), "accepted");
        assert!(cel_agrees(condition));
    }
}
