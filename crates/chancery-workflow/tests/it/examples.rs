//! `tests` of a file: the way that a document takes, followed without people.

use chancery_workflow::{Definition, House, render};

use crate::support::*;

const CHAIN: &str = "material: { fields: [amount, payment_days] }
facts:
  account: { call: bank-account, timeout: 1m, on_error: incident }
stages:
  - id: ask
    type: automatic
    title: { ru: а, en: a }
    need: [account]
    route: [{ when: \"facts.account.ok && doc.payment_days < 5\", goto: last }, { else: continue }]
  - id: block
    title: { ru: б, en: b }
    when: \"doc.amount.currency != 'RUB' || doc.amount >= money('RUB', '100.00')\"
    parallel:
      branches:
        - { id: left, type: approve, title: { ru: в, en: c }, assignees: [{ user: irina }] }
        - id: right
          title: { ru: г, en: d }
          sequence:
            - { id: again, type: approve, title: { ru: д, en: e }, when: round > 1, assignees: [{ user: anna }] }
            - { id: always, type: approve, title: { ru: е, en: f }, assignees: [{ user: boris }] }
  - { id: last, type: approve, title: { ru: ж, en: g }, assignees: [{ user: tom }] }
";

fn said(example: &str) -> Vec<String> {
    let source = with_stages(&format!("tests:\n  - {example}\n{CHAIN}"));
    let (kinds, vocabulary, calendars) = (kinds(), vocabulary(), crate::support::calendars());
    let house = House {
        kinds: &kinds,
        vocabulary: &vocabulary,
        calendars: &calendars,
    };
    match Definition::parse_with(&source, &house, &means()) {
        Ok(_) => Vec::new(),
        Err(found) => {
            let shown = render(&found, &source, "x", chancery_types::Locale::En);
            let first = |line: &&str| line.starts_with("error");
            shown.lines().filter(first).map(str::to_owned).collect()
        }
    }
}

/// Goal: an example that goes its way is accepted: conditions, blocks, rounds, answers and ways.
#[test]
fn an_example_that_goes_its_way_is_accepted() {
    let accepted = |document: &str, rest: &str, path: &str| {
        let example =
            format!("{{ name: x, doc: {{ {document} }}, {rest} expect: {{ path: [{path}] }} }}");
        assert_eq!(said(&example), [""; 0], "{example}");
    };
    let yes = "facts: { account: { ok: true } },";
    let no = "facts: { account: { ok: false } },";
    accepted("amount: RUB 99.00, payment_days: 9", yes, "last");
    accepted(
        "amount: RUB 100.00, payment_days: 9",
        yes,
        "block/left, block/right/always, last",
    );
    accepted("amount: RUB 100.00, payment_days: 4", yes, "last");
    accepted(
        "amount: RUB 100.00, payment_days: 4",
        no,
        "block/left, block/right/always, last",
    );
    let second = format!("round: 2, {no}");
    let all = "block/left, block/right/again, block/right/always, last";
    accepted("amount: EUR 1.00, payment_days: 4", &second, all);
}

/// Goal: another way, and what cannot be followed, are said with what was found and why.
#[test]
fn an_example_that_goes_another_way_is_refused() {
    assert_eq!(
        said(
            "{ name: small, doc: { amount: RUB 1.00, payment_days: 9 }, \
             facts: { account: { ok: true } }, expect: { path: [block/left, last] } }"
        ),
        ["error[W801]: the example “small” takes another way: last; \
          expected: block/left, last"]
    );
    assert_eq!(
        said(
            "{ name: silent, doc: { amount: RUB 1.00, payment_days: 9 }, \
             expect: { path: [last] } }"
        ),
        ["error[W801]: the example “silent” cannot be followed: there is no answer to account yet"]
    );
    assert_eq!(
        said(
            "{ name: bare, doc: { payment_days: 9 }, \
             facts: { account: { ok: true } }, expect: { path: [last] } }"
        ),
        ["error[W801]: the example “bare” cannot be followed: the card has no field amount"]
    );
}

/// Goal: a run that is pinned to a file is not refused for an example.
#[test]
fn a_pinned_file_is_read_without_its_examples() {
    let source = with_stages(
        "tests: [{ name: x, doc: {}, expect: { path: [] } }]
stages:
  - { id: one, type: approve, title: { ru: а, en: a }, assignees: [{ user: irina }] }
",
    );
    assert!(Definition::parse(&source, &kinds(), &vocabulary()).is_err());
    assert!(Definition::parse_pinned(&source, &kinds(), &vocabulary()).is_ok());
}
