//! What a refused file looks like to the person who wrote it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chancery_types::Locale;
use chancery_workflow::{Definition, Diagnostic, Kind, Severity, Vocabulary, render};
use proptest::prelude::*;

use crate::support::*;

/// A chain that is accepted, kept apart from the house's own so that those may change freely.
const CHAIN: &str = include_str!("../fixtures/contract.yaml");

fn findings(source: &str) -> Vec<Diagnostic> {
    Definition::parse(source, &kinds(), &vocabulary()).expect_err("a refusal")
}

fn english(source: &str) -> String {
    render(&findings(source), source, "contract.yaml", Locale::En)
}

/// The contract's chain with one change.
fn changed(from: &str, to: &str) -> String {
    let source = CHAIN;
    assert!(source.contains(from), "{from}");
    source.replacen(from, to, 1)
}

#[test]
fn a_misspelt_key_is_shown_with_its_place_and_the_nearest_known_one() {
    let source = changed(
        "quorum: any\n          due: 2d",
        "quorm: any\n          due: 2d",
    );
    assert_eq!(
        english(&source),
        "error[W005]: unknown key `quorm`; did you mean `quorum`?
  --> contract.yaml:45:11
   |
45 |           quorm: any
   |           ^^^^^
   = help: correct the key or remove it; workflows/README.md lists the keys
"
    );
    assert_eq!(
        render(&findings(&source), &source, "contract.yaml", Locale::Ru),
        "ошибка[W005]: неизвестный ключ `quorm`; возможно, имелось в виду `quorum`?
  --> contract.yaml:45:11
   |
45 |           quorm: any
   |           ^^^^^
   = как исправить: исправьте ключ или уберите его; все ключи — в workflows/README.md
"
    );
}

#[test]
fn an_unknown_role_is_shown_with_the_nearest_known_one() {
    assert_eq!(
        english(&changed("{ role: lawyer }", "{ role: lawer }")),
        "error[W201]: there is no role `lawer` in the vocabulary; did you mean `lawyer`?
  --> contract.yaml:15:19
   |
15 |   lawyer: { role: lawer }
   |                   ^^^^^
   = help: `chancery workflow names` lists the roles; a new one is a line of workflows/vocabulary.yaml
"
    );
}

#[test]
fn a_quorum_of_three_among_two_is_refused() {
    let source = with_stages(
        "stages:
  - id: two
    type: approve
    title: { ru: Двое, en: Two }
    assignees: [{ user: irina }, { manager_of: initiator }]
    quorum: { count: 3 }
",
    );
    assert_eq!(
        english(&source),
        "error[W310]: stage `two` needs 3 approvals, but its assignees are at most 2 people
  --> contract.yaml:10:13
   |
10 |     quorum: { count: 3 }
   |             ^
   = help: lower the quorum, or name more assignees
"
    );
    assert!(
        Definition::parse(
            &source.replace("count: 3", "count: 2"),
            &kinds(),
            &vocabulary()
        )
        .is_ok()
    );
    let unknowable = source.replace("{ user: irina }", "{ role: lawyer }");
    assert!(Definition::parse(&unknowable, &kinds(), &vocabulary()).is_ok());
}

#[test]
fn a_wrong_type_in_a_condition_is_shown_inside_the_condition() {
    let source = changed("|| doc.payment_days > 30\"", "|| doc.payment_days > 'x'\"");
    assert_eq!(
        english(&source),
        "error[W204]: integer cannot be compared with text
  --> contract.yaml:51:110
   |
51 |           when: \"doc.amount.currency != 'RUB' || doc.amount >= money('RUB', '100000.00') || doc.payment_days > 'x'\"
   |                                                                                                              ^
   = help: amounts are written money('RUB', '1.00'), dates date('2026-01-31'), texts in quotes
"
    );
    let source = changed("|| doc.payment_days > 30\"", "|| doc.paiment_days > 30\"");
    assert_eq!(
        english(&source),
        "error[W203]: kind `contract` has no field `paiment_days`; did you mean `payment_days`?
  --> contract.yaml:51:93
   |
51 |           when: \"doc.amount.currency != 'RUB' || doc.amount >= money('RUB', '100000.00') || doc.paiment_days > 30\"
   |                                                                                             ^^^^^^^^^^^^^^^^
   = help: `chancery workflow names --kind contract` lists the fields; a new one goes into workflows/kinds/contract.yaml
"
    );
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    assert_eq!(
        english(&changed("    due: 10d\n", "    due: 10d\n    due: 5d\n")),
        "error[W002]: the key `due` stands here a second time (the first is in line 77)
  --> contract.yaml:78:5
   |
78 |     due: 5d
   |     ^^^
   = help: keep one of the two
"
    );
}

#[test]
fn a_key_of_the_later_language_is_refused_by_name() {
    assert_eq!(
        english(&changed(
            "    due: 10d\n",
            "    due: 10d\n    escalate: []\n"
        )),
        "error[W010]: `escalate` belongs to the language but is not carried out yet
  --> contract.yaml:78:5
   |
78 |     escalate: []
   |     ^^^^^^^^
   = help: remove `escalate`; the run would not do what it says
"
    );
}

/// Goal: every later key, value and contradiction is refused with its own code. Method: one change
/// of the contract's chain a line.
#[test]
fn whatever_the_engine_cannot_do_is_refused_by_its_code() {
    for (from, to, code, key) in [
        (
            "apiVersion: approvals/v1",
            "apiVersion: approvals/v2",
            "W009",
            "api-version",
        ),
        ("version: 1", "version: one", "W006", "expected-number"),
        ("rework: {", "calendar: ru\nrework: {", "W010", "later-key"),
        (
            "rework: {",
            "defaults: { remind: [] }\nrework: {",
            "W010",
            "later-key",
        ),
        (
            "rework: {",
            "defaults: { carry: \"!changed('doc.urgent')\" }\nrework: {",
            "W209",
            "changed-not-material",
        ),
        (
            "rework: {",
            "defaults: { carry: \"has(doc.urgent)\" }\nrework: {",
            "W210",
            "field-not-material",
        ),
        ("rework: {", "effects: {}\nrework: {", "W010", "later-key"),
        (
            "rework: {",
            "subdocuments: {}\nrework: {",
            "W010",
            "later-key",
        ),
        (
            "rework: {",
            "effective_from: 01.01.2027\nrework: {",
            "W412",
            "bad-date",
        ),
        (
            "rework: {",
            "migrate: {}\nrework: {",
            "W006",
            "migrate-empty",
        ),
        ("rework: {", "facts: {}\nrework: {", "W010", "later-key"),
        ("rework: {", "owner: {}\nrework: {", "W006", "missing-key"),
        (
            "rework: {",
            "owner: { role: lawyr }\nrework: {",
            "W201",
            "unknown-role",
        ),
        (
            "rework: {",
            "owner: { role: lawyer, pick: pool }\nrework: {",
            "W005",
            "unknown-key",
        ),
        (
            "until: sign_internal",
            "who: [], until: sign_internal",
            "W006",
            "expected-some",
        ),
        (
            "until: sign_internal",
            "who: [initiator, initiator]",
            "W201",
            "assignee-twice",
        ),
        (
            "until: sign_internal",
            "who: [their_signatory]",
            "W121",
            "contact-needs-link",
        ),
        (
            "max_rounds: 5",
            "max_rounds: 500",
            "W006",
            "expected-number",
        ),
        (
            "until: sign_internal",
            "until: sign_internl",
            "W201",
            "unknown-stage",
        ),
        (
            "quorum: all\n    due: 1d",
            "quorum: { count: 0 }\n    due: 1d",
            "W006",
            "expected-number",
        ),
        (
            "quorum: all\n    due: 1d",
            "quorum: most\n    due: 1d",
            "W006",
            "expected-word",
        ),
        (
            "quorum: all\n    due: 1d",
            "remind: []\n    due: 1d",
            "W010",
            "later-key",
        ),
        (
            "quorum: all\n    due: 1d",
            "absorb: same_person\n    due: 1d",
            "W010",
            "later-key",
        ),
        (
            "quorum: all\n    due: 1d",
            "blocking: false\n    due: 1d",
            "W114",
            "must-block",
        ),
        (
            "quorum: all\n    due: 1d",
            "via: link\n    due: 1d",
            "W121",
            "link-only-to-sign",
        ),
        (
            "quorum: all\n    due: 1d",
            "decisions: [return]\n    due: 1d",
            "W115",
            "no-favourable-decision",
        ),
        (
            "quorum: all\n    due: 1d",
            "due: 1bd",
            "W401",
            "calendar-later",
        ),
        ("quorum: all\n    due: 1d", "due: P1D", "W405", "iso-span"),
        ("quorum: all\n    due: 1d", "due: 999d", "W405", "bad-span"),
        ("quorum: all\n    due: 1d", "due: 0d", "W405", "bad-span"),
        ("{ use: [cfo] }", "{ use: [] }", "W006", "expected-some"),
        (
            "type: approve\n    title: { ru: Руковод",
            "type: automatic\n    title: { ru: Руковод",
            "W010",
            "later-value",
        ),
        ("join: all", "join: some", "W006", "expected-word"),
        ("join: all", "join: { count: 3 }", "W006", "expected-number"),
        ("finish_others ", "stop_others ", "W006", "expected-word"),
        ("    via: link\n", "", "W121", "contact-needs-link"),
        (
            "assignees: [their_signatory]",
            "assignees: [lawyer]",
            "W121",
            "link-needs-contact",
        ),
        (
            "[counterparty, counterparty_contact,",
            "[counterparty,",
            "W210",
            "field-not-material",
        ),
        (
            "amount, payment_days, valid",
            "amount, valid",
            "W210",
            "field-not-material",
        ),
        (
            "{ head_of: initiator }",
            "{ head_of: doc.counterparty }",
            "W204",
            "field-of-other-type",
        ),
        (
            "{ head_of: initiator }",
            "{ head_of: initiator, pick: all }",
            "W010",
            "later-key",
        ),
        (
            "{ head_of: initiator }",
            "{ head_of: initiator, user: olga }",
            "W006",
            "one-resolver",
        ),
        (
            "{ manager_of: initiator }",
            "{ manager_of: elector }",
            "W006",
            "expected-word",
        ),
        (
            "{ field: doc.executor }",
            "{ field: executor }",
            "W203",
            "expected-field",
        ),
        (
            "    if_empty: { use: [initiator_head] }\n",
            "",
            "W206",
            "optional-assignee",
        ),
        (
            "document: { type: contract }",
            "document: { type: contracts }",
            "W201",
            "unknown-kind",
        ),
        ("  - id: cfo\n", "  - id: legal\n", "W101", "duplicate-id"),
        ("  - id: cfo\n", "  - id: CFO\n", "W101", "bad-id"),
        ("  - id: cfo\n", "  - id: &x cfo\n", "W003", "anchor"),
        ("  - id: cfo\n", "  - id: !x cfo\n", "W003", "tag"),
        ("ru: Юристы, en: Legal", "ru: Юристы", "W006", "missing-key"),
        (
            "ru: Юристы, en: Legal",
            "ru: \"Юристы\\u202E\", en: Legal",
            "W006",
            "bad-line",
        ),
        (
            "assignees: [lawyer]",
            "assignees: [lawyer, lawyer]",
            "W201",
            "assignee-twice",
        ),
        (
            "assignees: [lawyer]",
            "assignees: [{ group: contract_bord }]",
            "W201",
            "unknown-group",
        ),
    ] {
        let found = findings(&changed(from, to));
        let matching = found
            .iter()
            .find(|finding| finding.code == code && finding.key == key);
        assert!(matching.is_some(), "{to}: {found:?}");
        for locale in Locale::ALL {
            let text = matching
                .map(|finding| finding.text(locale))
                .unwrap_or_default();
            assert!(!text.contains('{') || text.contains("{}"), "{text}");
        }
    }
}

#[test]
fn an_approval_after_a_signature_and_a_path_without_control_are_refused() {
    let stage = |id: &str, kind: &str, rest: &str| {
        format!(
            "  - {{ id: {id}, type: {kind}, title: {{ ru: а, en: a }}, \
             assignees: [{{ role: lawyer }}]{rest} }}\n"
        )
    };
    let keys = |stages: &str| -> Vec<&'static str> {
        let source = with_stages(&format!("stages:\n{stages}"));
        match Definition::parse(&source, &kinds(), &vocabulary()) {
            Ok(_) => Vec::new(),
            Err(found) => found.iter().map(|finding| finding.key).collect(),
        }
    };
    assert_eq!(
        keys(&(stage("a", "sign", "") + &stage("b", "approve", ""))),
        ["approve-after-sign"]
    );
    assert_eq!(
        keys(&(stage("a", "approve", "") + &stage("b", "sign", ""))),
        [""; 0]
    );
    assert_eq!(keys(&stage("a", "acknowledge", "")), ["no-control"]);
    assert_eq!(
        keys(&stage("a", "approve", ", when: \"doc.payment_days > 3\"")),
        ["no-control-where"]
    );
}

#[test]
fn a_rule_may_not_ask_for_voters_that_are_not_known_yet() {
    let keys = |sod: &str| -> Vec<&'static str> {
        let source = changed("rework: {", &format!("sod: [{sod}]\nrework: {{"));
        match Definition::parse(&source, &kinds(), &vocabulary()) {
            Ok(_) => Vec::new(),
            Err(found) => found.iter().map(|finding| finding.key).collect(),
        }
    };
    let rule = "rule: \"!(actor in voters('legal'))\"";
    assert_eq!(
        keys(&format!("{{ id: x, stages: [cfo], {rule} }}")),
        [""; 0]
    );
    assert_eq!(
        keys(&format!("{{ id: x, stages: [finance], {rule} }}")),
        ["voters-not-earlier"]
    );
    assert_eq!(keys(&format!("{{ id: x, {rule} }}")), ["rule-needs-stages"]);
    assert_eq!(
        keys(&format!("{{ id: x, stages: [], {rule} }}")),
        ["rule-needs-stages"]
    );
    // They were named, but are none: that is said, and what was meant.
    assert_eq!(
        keys(&format!("{{ id: x, stages: [expertise/finance], {rule} }}")),
        ["unknown-stage"]
    );
    assert_eq!(
        keys(&format!("{{ id: author, stages: [cfo], {rule} }}")),
        ["duplicate-id"]
    );
    assert_eq!(
        keys("{ id: x, stages: [cfo], rule: \"voters('lega') == []\" }"),
        ["unknown-stage"]
    );
}

#[test]
fn an_unused_participant_is_a_warning_and_the_file_is_accepted() {
    let source = CHAIN.replace(
        "  initiator_head:",
        "  spare: { user: olga }\n  initiator_head:",
    );
    let definition = define(&source);
    let warnings: Vec<(&str, Severity)> = definition
        .warnings()
        .iter()
        .map(|it| (it.key, it.severity))
        .collect();
    assert_eq!(warnings, [("participant-unused", Severity::Warning)]);
}

#[test]
fn kinds_and_vocabularies_are_refused_by_the_same_rules() {
    let kind = read("kinds/contract.yaml");
    for (from, to, key) in [
        ("type: money", "type: float", "expected-word"),
        ("{number:05}", "{number:5}", "bad-number-pattern"),
        ("{number:05}", "{nummer}", "bad-number-pattern"),
        ("-{year}", "", "bad-number-pattern"),
        ("name: payment_days", "name: payment-days", "bad-field-name"),
        ("name: payment_days", "name: amount", "duplicate-id"),
        ("min: 0\n", "min: 0.5\n", "bad-bound"),
        ("max: 730", "max: -1", "bounds-turned"),
        ("max: 730", "length_max: 3", "key-of-other-type"),
        ("    currencies: [RUB, EUR, USD, CNY]\n", "", "missing-key"),
        ("[RUB, EUR, USD, CNY]", "[RUB, eur]", "bad-currency"),
        ("[RUB, EUR, USD, CNY]", "[RUB, RUB]", "duplicate-id"),
        (
            "list: { amount: amount",
            "list: { amount: ammount",
            "unknown-card-field",
        ),
        (
            "list: { amount: amount",
            "list: { amount: subject",
            "field-of-other-type",
        ),
        ("schema: 1", "schema: 2", "expected-number"),
        (
            "completed_mail: signed_pdf",
            "completed_mail: yes",
            "expected-word",
        ),
        ("urgent\n", "urgent\n    default: false\n", "later-key"),
        ("required: true", "required: yes", "expected-boolean"),
    ] {
        assert!(kind.contains(from), "{from}");
        let found = Kind::parse(&kind.replacen(from, to, 1), &vocabulary()).expect_err(to);
        assert!(
            found.iter().any(|finding| finding.key == key),
            "{to}: {found:?}"
        );
    }
    let found = Vocabulary::parse("schema: 1\nroles: { Boss: { title: { ru: а, en: b } } }\n");
    assert_eq!(found.expect_err("a refusal")[0].key, "bad-id");
}

/// Every sentence that the sources name stands in the catalogues.
#[test]
fn every_key_in_the_sources_has_a_sentence() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let catalogue = std::fs::read_to_string(root.join("messages/en.txt")).expect("the catalogue");
    let keys: BTreeMap<&str, &str> = catalogue
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .collect();
    let mut folders = vec![root.join("src")];
    let mut named = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source");
            let code = |part: &&str| {
                part.len() == 4
                    && part.starts_with('W')
                    && part[1..].bytes().all(|byte| byte.is_ascii_digit())
            };
            let parts: Vec<&str> = source.split('"').collect();
            for (index, part) in parts.iter().enumerate() {
                let after = parts.get(index + 2).copied().unwrap_or("");
                let gap = parts.get(index + 1).is_some_and(|gap| gap.trim() == ",");
                if (code(part) && gap) || part.starts_with("field-") {
                    let key = if code(part) { after } else { part };
                    assert!(keys.contains_key(key), "{key} in {}", path.display());
                    named += 1;
                }
            }
        }
    }
    assert!(named > 80, "the sources were looked through: {named}");
}

proptest! {
    /// Whatever is cut out of a file, doubled or replaced, the parser answers, and its places are
    /// in the file.
    #[test]
    fn a_damaged_file_is_answered_and_never_panics(
        at in any::<prop::sample::Index>(),
        length in 0_usize..40,
        put in "[ \\n:{}\\[\\]\"'a-zа-я0-9&*!|>#.-]{0,12}",
    ) {
        let source = CHAIN;
        let chars: Vec<char> = source.chars().collect();
        let start = at.index(chars.len());
        let end = (start + length).min(chars.len());
        let (before, after) = (chars[..start].iter(), chars[end..].iter());
        let damaged: String =
            before.copied().chain(put.chars()).chain(after.copied()).collect();
        if let Err(found) = Definition::parse(&damaged, &kinds(), &vocabulary()) {
            prop_assert!(!found.is_empty());
            let lines = damaged.lines().count() as u32;
            for finding in &found {
                prop_assert!(finding.line >= 1 && finding.line <= lines + 1, "{finding:?}");
                prop_assert!(finding.column >= 1, "{finding:?}");
            }
            prop_assert!(render(&found, &damaged, "x.yaml", Locale::Ru).contains("x.yaml:"));
        }
    }
}
