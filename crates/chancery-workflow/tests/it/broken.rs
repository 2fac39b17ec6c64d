//! Broken files and what is said of them, in both languages: `tests/fixtures/broken` beside
//! `tests/golden/broken`. Files `wNNN-key.yaml` show one finding each; `slip-…` are what a careless
//! administrator writes. `CHANCERY_GOLDEN=write` writes the golden messages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use chancery_types::field::Card;
use chancery_types::{FieldValue, Locale};
use chancery_workflow::expression::Given;
use chancery_workflow::{Definition, Diagnostic, House, Kind, render, weakenings};
use proptest::prelude::*;

use crate::support::*;

fn tests_folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

/// The house's kinds and one with choices.
fn kinds_with_purchase() -> BTreeMap<String, Kind> {
    let source = std::fs::read_to_string(tests_folder("fixtures/purchase.yaml")).expect("a kind");
    let mut kinds = kinds();
    let kind = Kind::parse(&source, &vocabulary()).expect("purchase");
    kinds.insert(kind.id().to_owned(), kind);
    kinds
}

fn broken() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(tests_folder("fixtures/broken"))
        .expect("the folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("a name");
            (
                name.to_owned(),
                std::fs::read_to_string(&path).expect("a text"),
            )
        })
        .collect();
    files.sort();
    files
}

fn findings(source: &str, kinds: &BTreeMap<String, Kind>) -> Vec<Diagnostic> {
    let house = House {
        kinds,
        vocabulary: &vocabulary(),
        calendars: &crate::support::calendars(),
    };
    match Definition::parse_with(source, &house, &means()) {
        Ok(definition) => definition.warnings().to_vec(),
        Err(findings) => findings,
    }
}

/// What is said by whoever runs timers and has no other means.
fn without_means(source: &str, kinds: &BTreeMap<String, Kind>) -> Vec<Diagnostic> {
    let house = House {
        kinds,
        vocabulary: &vocabulary(),
        calendars: &crate::support::calendars(),
    };
    Definition::parse_in(source, &house).expect_err("a refusal")
}

/// What is said of a broken file; where its name says so, by whoever runs no timers, or
/// has no means beyond the plain language.
fn said_of(name: &str, source: &str, kinds: &BTreeMap<String, Kind>) -> Vec<Diagnostic> {
    if name.ends_with("-without-timers") {
        return Definition::parse(source, kinds, &vocabulary()).expect_err(name);
    }
    if name.ends_with("-without-means") {
        return without_means(source, kinds);
    }
    findings(source, kinds)
}

#[test]
fn every_broken_file_gets_its_golden_message_in_both_languages() {
    let kinds = kinds_with_purchase();
    let write = std::env::var_os("CHANCERY_GOLDEN").is_some_and(|value| value == "write");
    let mut different = Vec::new();
    for (name, source) in broken() {
        let found = said_of(&name, &source, &kinds);
        assert!(!found.is_empty(), "{name} is accepted without a word");
        let lines = u32::try_from(source.lines().count()).expect("small");
        for finding in &found {
            assert!(
                finding.line >= 1 && finding.line <= lines.max(1) + 1,
                "{name}: {finding:?}"
            );
            for locale in Locale::ALL {
                assert!(
                    finding.help(locale).is_some(),
                    "{name}: no cure for {}",
                    finding.key
                );
                assert_ne!(finding.text(locale), finding.key, "{name}: no sentence");
            }
        }
        if let Some((code, key)) = name
            .split_once('-')
            .filter(|(code, _)| code.starts_with('w'))
        {
            let shown = found.iter().any(|finding| {
                finding.code == code.to_uppercase() && key.starts_with(finding.key)
                    || (finding.code == code.to_uppercase() && finding.key.starts_with(key))
                    || key == "yaml-answer-participant" && finding.key == "yaml-answer-key"
            });
            assert!(shown, "{name}: {found:?}");
        }
        for locale in Locale::ALL {
            let text = render(&found, &source, &format!("{name}.yaml"), locale);
            let language = if locale == Locale::Ru { "ru" } else { "en" };
            let path = tests_folder("golden/broken").join(format!("{name}.{language}.txt"));
            if write {
                std::fs::write(&path, &text).expect("written");
            } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
                different.push(format!("{name} ({language}):\n{text}"));
            }
        }
    }
    assert!(
        different.is_empty(),
        "other words than the golden ones:\n{}",
        different.join("\n")
    );
}

/// Reached by other tests: they need a file of another sort, or a very large one.
const ELSEWHERE: [&str; 24] = [
    "bad-bound",
    "bad-currency",
    "bad-field-name",
    "bad-number-pattern",
    "beside-broken",
    "bounds-turned",
    "bpmn-kind",
    "bpmn-too-many",
    "bpmn-ways-changed",
    "file-too-large",
    "gone-while-running",
    "journal-of-effects",
    "key-of-other-type",
    "late-to-few-today",
    "numbers-collide",
    "organisation-nobody",
    "organisation-no-department",
    "same-number-pattern",
    "too-many-nodes",
    "unknown-place",
    "waits-in-a-circle",
    "unknown-card-field",
    "too-deep",
    "not-yaml",
];

/// Goal: no code without a fixture. Method: every pair of code and key in the sources.
#[test]
fn every_code_and_key_in_the_sources_has_a_broken_file() {
    let kinds = kinds_with_purchase();
    let mut shown = crate::calendars::shown();
    shown.extend(crate::templates::shown());
    shown.extend(crate::importing::shown());
    for (name, source) in broken() {
        for finding in said_of(&name, &source, &kinds) {
            shown.insert((finding.code.to_owned(), finding.key.to_owned()));
        }
    }
    let mut missing = BTreeSet::new();
    for (code, key) in named_in_sources() {
        // A weakening shows only beside the file before, and a calendar ends only at some time: the
        // test below, and one of the timers, have them.
        if !["W701", "W402"].contains(&code.as_str())
            && !ELSEWHERE.contains(&key.as_str())
            && !shown.contains(&(code.clone(), key.clone()))
        {
            missing.insert(format!("{code} {key}"));
        }
    }
    assert!(missing.is_empty(), "no broken file shows {missing:?}");
}

fn named_in_sources() -> BTreeSet<(String, String)> {
    let mut named = BTreeSet::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source");
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            let parts: Vec<&str> = source.split('"').collect();
            for (index, part) in parts.iter().enumerate() {
                let is_code = part.len() == 4
                    && part.starts_with('W')
                    && part[1..].bytes().all(|byte| byte.is_ascii_digit());
                let gap = parts.get(index + 1).is_some_and(|gap| gap.trim() == ",");
                if is_code && gap {
                    let key = parts.get(index + 2).copied().unwrap_or_default();
                    named.insert(((*part).to_owned(), key.to_owned()));
                }
            }
        }
    }
    assert!(
        named.len() > 60,
        "the sources were looked through: {}",
        named.len()
    );
    named
}

/// Whatever was accepted once is read again, however much stricter the linter has become.
#[test]
fn a_pinned_file_is_read_without_the_linter() {
    let kinds = kinds_with_purchase();
    for (name, source) in broken() {
        let lints = [
            "w110-guard",
            "w113",
            "w211",
            "w312-veto",
            "w313-rule-excludes-everybody",
        ];
        let is_refused = name != "w113-no-control-meant";
        if is_refused && lints.iter().any(|code| name.starts_with(code)) {
            assert!(
                Definition::parse(&source, &kinds, &vocabulary()).is_err(),
                "{name}"
            );
            assert!(
                Definition::parse_pinned(&source, &kinds, &vocabulary()).is_ok(),
                "{name}"
            );
        }
    }
}

/// A chain before and after one careless change each; what is weaker is said at its place.
/// Goal: a signature beside the file is neither before nor after those that certify or close it,
/// and the same stage in the file is refused. Method: two signing stages in both orders.
#[test]
fn a_detached_signature_stands_in_the_way_of_no_other() {
    let source = |ours: &str, theirs: &str| {
        let source = std::fs::read_to_string(
            tests_folder("fixtures/broken").join("w126-certify-not-first.yaml"),
        );
        let source = source.expect("a text");
        let (head, _) = source.split_once("  - id: signing").expect("a stage");
        let stage = |id: &str, role: &str, signature: &str| {
            format!(
                "  - id: {id}\n    type: sign\n    title: {{ ru: Подпись, en: Signature }}\n    \
                 assignees: [{{ role: {role} }}]\n    quorum: any\n    \
                 signature: {{ {signature} }}\n"
            )
        };
        let (first, second) = (
            stage("signing", "signatory", ours),
            stage("seal", "cfo", theirs),
        );
        format!("{head}{first}{second}")
    };
    let kinds = kinds_with_purchase();
    let cases = [
        ("form: detached", "certify: fill_and_sign"),
        ("certify: no_changes", "form: detached"),
        ("lock: all", "form: detached"),
    ];
    for (ours, theirs) in cases {
        let found = findings(&source(ours, theirs), &kinds);
        assert!(found.iter().all(|one| one.code != "W126"), "{found:?}");
        let inside = |text: &str| text.replace("detached", "embedded");
        let found = findings(&source(&inside(ours), &inside(theirs)), &kinds);
        assert!(
            found.iter().any(|one| one.code == "W126"),
            "{ours}, {theirs}"
        );
    }
    let words = vocabulary();
    let calendars = crate::support::calendars();
    let house = House {
        kinds: &kinds,
        vocabulary: &words,
        calendars: &calendars,
    };
    let read = source("form: detached", "form: embedded");
    let read = Definition::parse_with(&read, &house, &means()).expect("a definition");
    let forms = |id: &str| read.stage(id).and_then(|stage| stage.sealing.as_ref());
    assert!(forms("signing").expect("said").is_detached());
    assert!(!forms("seal").expect("said").is_detached());
}

#[test]
fn every_weakened_control_is_named() {
    const BEFORE: &str = "apiVersion: approvals/v1
id: purchase
title: { ru: Закупка, en: Purchase }
document: { type: purchase }
material: { fields: [amount, category, days, urgent] }
sod:
  - { id: four-eyes, stages: [signing], rule: \"!(actor in voters('board'))\" }
stages:
  - id: board
    type: approve
    title: { ru: Комиссия, en: Board }
    assignees: [{ role: lawyer }, { role: cfo }]
    quorum: { count: 2, veto: [{ role: cfo }] }
    carry: \"!changed('doc.amount')\"
  - id: manager
    type: approve
    title: { ru: Руководитель, en: Manager }
    assignees: [{ manager_of: initiator }]
  - id: signing
    type: sign
    title: { ru: Подпись, en: Signature }
    assignees: [{ role: signatory }]
    signature: { certify: fill_and_sign, lock: [payer, payee], kind: qualified, format: PAdES-T }
subdocuments:
  bills: { kind: invoice, wait: { before: signing }, join: { count: 2 }, on_child_rejected: reject }
";
    let kinds = kinds_with_purchase();
    let (words, calendars) = (vocabulary(), crate::support::calendars());
    let house = House {
        kinds: &kinds,
        vocabulary: &words,
        calendars: &calendars,
    };
    let parse = |source: &str| {
        Definition::parse_with(source, &house, &means())
            .unwrap_or_else(|found| panic!("{}", render(&found, source, "x", Locale::En)))
    };
    let before = parse(BEFORE);
    assert_eq!(weakenings(&before, &before), []);
    // Who may start and take back, and the register, have tests of their own: `words`, `mandates`.
    let elsewhere = ["start-widened", "withdraw-widened", "register-dropped"];
    let mut shown: BTreeSet<String> = elsewhere.map(str::to_owned).into();
    for (from, to, key, line) in [
        (
            "quorum: { count: 2,",
            "quorum: { count: 1,",
            "quorum-lowered",
            9,
        ),
        (", veto: [{ role: cfo }]", "", "veto-removed", 9),
        (
            "!changed('doc.amount')",
            "!changed('doc.days')",
            "carry-widened",
            9,
        ),
        (
            "    carry: \"!changed('doc.amount')\"\n",
            "    carry: always\n",
            "carry-widened",
            9,
        ),
        (
            "type: sign
    title: { ru: Подпись, en: Signature }
    assignees: [{ role: signatory }]
    signature: { certify: fill_and_sign, lock: [payer, payee], kind: qualified, format: PAdES-T }",
            "type: approve
    title: { ru: Подпись, en: Signature }
    assignees: [{ role: signatory }]",
            "signature-removed",
            19,
        ),
        (
            "kind: qualified",
            "kind: advanced",
            "signature-kind-lowered",
            19,
        ),
        (
            "format: PAdES-T",
            "format: PAdES-B",
            "signature-level-lowered",
            19,
        ),
        (
            "join: { count: 2 }",
            "join: { count: 1 }",
            "wait-loosened",
            25,
        ),
        ("join: { count: 2 }", "join: any", "wait-loosened", 25),
        (
            "on_child_rejected: reject",
            "on_child_rejected: ignore",
            "wait-loosened",
            25,
        ),
        (
            "on_child_rejected: reject",
            "on_child_rejected: reject, when: doc.urgent",
            "wait-loosened",
            25,
        ),
        ("  bills: {", "  others: {", "wait-removed", 8),
        ("  - id: manager", "  - id: chief", "control-renamed", 15),
        (
            "type: approve\n    title: { ru: Руководитель",
            "type: acknowledge\n    title: { ru: Руководитель",
            "control-removed",
            15,
        ),
        (
            "assignees: [{ manager_of: initiator }]",
            "assignees: [{ manager_of: initiator }]\n    when: doc.urgent",
            "condition-changed",
            15,
        ),
        (
            "assignees: [{ manager_of: initiator }]",
            "assignees: [{ manager_of: initiator }]\n    if_empty: skip",
            "skip-added",
            15,
        ),
        (
            "assignees: [{ manager_of: initiator }]",
            "assignees: [{ manager_of: initiator }]\n    on_reject: { count: true }",
            "rejection-weaker",
            15,
        ),
        (
            "material: { fields",
            "material: { files: [main], fields",
            "attachments-immaterial",
            8,
        ),
        (", urgent] }", "] }", "material-removed", 8),
        (
            "    assignees: [{ role: signatory }]\n",
            "    assignees: [{ role: signatory }]\n    absorb: same_person\n",
            "absorb-added",
            19,
        ),
        (
            "certify: fill_and_sign",
            "certify: annotate",
            "certification-weaker",
            19,
        ),
        ("certify: fill_and_sign, ", "", "certification-weaker", 19),
        ("lock: [payer, payee]", "lock: [payer]", "lock-weaker", 19),
        (", lock: [payer, payee]", "", "lock-weaker", 19),
        (
            "  - id: manager\n",
            "  - id: fast
    type: automatic
    title: { ru: Развилка, en: Fork }
    route: [{ when: doc.urgent, goto: signing }, { else: continue }]
  - id: manager\n",
            "passed-by",
            19,
        ),
        (
            "sod:\n  - { id: four-eyes, stages: [signing], \
             rule: \"!(actor in voters('board'))\" }\n",
            "",
            "rule-removed",
            6,
        ),
        (
            "stages:\n",
            "allow_no_approval: true\nstages:\n",
            "control-waived",
            9,
        ),
    ] {
        assert!(BEFORE.contains(from), "{from}");
        let after = parse(&BEFORE.replacen(from, to, 1));
        let found = weakenings(&before, &after);
        let said: Vec<(&str, u32)> = found.iter().map(|it| (it.key, it.line)).collect();
        assert_eq!(said, [(key, line)], "{to}");
        for locale in Locale::ALL {
            assert!(found[0].help(locale).is_some(), "{key}");
            assert_ne!(found[0].text(locale), key);
        }
        shown.insert(key.to_owned());
    }
    let named = named_in_sources();
    let missing: Vec<_> = named
        .iter()
        .filter(|(code, key)| code == "W701" && !shown.contains(key))
        .collect();
    assert!(missing.is_empty(), "no weakening shows {missing:?}");
}

/// Conditions over the purchase's fields: comparisons near one another, joined at random.
fn any_condition() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let days = (sign.clone(), -1_i64..8).prop_map(|(sign, n)| format!("doc.days {sign} {n}"));
    let turned = (sign.clone(), 86_i64..93).prop_map(|(sign, n)| format!("{n} {sign} doc.days"));
    let amount = (sign.clone(), -1_i64..3)
        .prop_map(|(sign, n)| format!("doc.amount {sign} money('RUB', '{n}.50')"));
    let round = (sign, 0_i64..3).prop_map(|(sign, n)| format!("round {sign} {n}"));
    let category = prop::sample::select(vec![
        "doc.category == 'goods'",
        "doc.category != 'goods'",
        "doc.category in ['goods', 'services']",
        "doc.category in ['software']",
        "doc.urgent",
        "doc.urgent == false",
        "doc.days % 2 == 0",
        "has(doc.needed_on)",
        "(has(doc.needed_on) && doc.needed_on > date('2026-01-01'))",
        "(has(doc.needed_on) ? doc.needed_on <= date('2026-01-01') : doc.urgent)",
        "true",
        "false",
    ])
    .prop_map(str::to_owned);
    let leaf = prop_oneof![days, turned, amount, round, category];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
        ]
    })
}

/// Every card that differs where conditions look.
fn cards() -> Vec<Card> {
    let mut cards = Vec::new();
    for days in [0, 1, 2, 3, 4, 5, 6, 7, 8, 85, 86, 87, 88, 89, 90] {
        for amount in ["0", "0.50", "1.00", "1.50", "2.50", "9"] {
            for (index, category) in ["goods", "services", "software"].into_iter().enumerate() {
                for (urgent, needed_on) in [
                    (true, None),
                    (false, Some("2026-01-01")),
                    (false, None),
                    (true, Some("2027-01-01")),
                ] {
                    // Amount and category vary together with days: all pairs, not all triples.
                    if index != days % 3 && amount != "1.00" {
                        continue;
                    }
                    let mut card = Card::from([
                        (
                            "days".to_owned(),
                            FieldValue::Integer(i64::try_from(days).expect("small")),
                        ),
                        ("amount".to_owned(), money(amount, "RUB")),
                        ("category".to_owned(), FieldValue::Text(category.to_owned())),
                        ("urgent".to_owned(), FieldValue::Boolean(urgent)),
                    ]);
                    if let Some(date) = needed_on {
                        let date = FieldValue::Date(date.parse().expect("a date"));
                        card.insert("needed_on".to_owned(), date);
                    }
                    cards.push(card);
                }
            }
        }
    }
    cards
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// What the linter calls never true is true of no card, what it calls always true of every one.
    #[test]
    fn the_linter_says_never_and_always_only_where_evaluation_agrees(condition in any_condition()) {
        static KINDS: LazyLock<BTreeMap<String, Kind>> = LazyLock::new(kinds_with_purchase);
        static CARDS: LazyLock<Vec<Card>> = LazyLock::new(cards);
        let source = with_stages(&format!(
            "stages:
  - {{ id: first, type: approve, title: {{ ru: а, en: a }}, assignees: [{{ user: irina }}] }}
  - {{ id: second, type: approve, title: {{ ru: б, en: b }}, when: \"{condition}\", assignees: [{{ user: anna }}] }}
"
        ))
        .replace("type: contract", "type: purchase");
        let found = findings(&source, &KINDS);
        let says = |key: &str| found.iter().any(|finding| finding.key == key);
        let definition =
            Definition::parse_pinned(&source, &KINDS, &vocabulary()).expect("accepted");
        let when = definition.stage("second").and_then(|stage| stage.when.clone());
        let when = when.expect("a condition");
        let directory = directory();
        let mut answers = BTreeSet::new();
        for card in CARDS.iter() {
            for round in [1, 2, 3] {
                let version = version(1, "pavel");
                let given = Given {
                    card,
                    initiator: person("olga"),
                    version: &version,
                    round,
                    directory: &directory,
                    actor: None,
                    changed: None,
                    voters: None,
                    asked: None,
                };
                answers.insert(when.holds(&given).expect("an answer"));
            }
        }
        prop_assert!(!(says("guard-never") && answers.contains(&true)), "{}", condition);
        prop_assert!(!(says("guard-always") && answers.contains(&false)), "{}", condition);
        // The cards stand at every edge that the generator compares with, so where all of them
        // agree and nothing is asked but one field, the linter sees it too.
        if answers.len() == 1 && !condition.contains(['&', '|', '%', '?']) {
            let word = if answers.contains(&true) { "guard-always" } else { "guard-never" };
            prop_assert!(says(word), "{} is {:?}: {:?}", condition, answers, found);
        }
    }
}
