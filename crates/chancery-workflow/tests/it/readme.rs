//! What workflows/README.md shows as whole is accepted as it stands.

use chancery_types::Locale;
use chancery_workflow::{Definition, Diagnostic, House, Kind, Vocabulary};

use crate::support::{calendars, define_with_means, kinds, means, read, vocabulary};

/// Goal: whoever copies the chain of the page has one that is accepted without a warning. Method:
/// the block beneath its heading, with the files of the house; its examples are played.
#[test]
fn the_whole_chain_to_copy_is_accepted() {
    let chain = &whole_chain();
    let definition = define_with_means(chain);
    assert_eq!(definition.id(), "office_contract");
    assert_eq!(definition.warnings(), []);
    assert!(chain.contains("\ntests:"), "its examples are played");
}

fn refused(source: &str) -> Vec<Diagnostic> {
    let (kinds, vocabulary, calendars) = (kinds(), vocabulary(), calendars());
    let house = House {
        kinds: &kinds,
        vocabulary: &vocabulary,
        calendars: &calendars,
    };
    Definition::parse_with(source, &house, &means()).expect_err(source)
}

fn whole_chain() -> String {
    block_behind("## A whole chain")
}

/// The first block of YAML behind these words of the page.
fn block_behind(words: &str) -> String {
    let page = read("README.md");
    let (_, after) = page.split_once(words).expect("the words");
    let (_, block) = after.split_once("```yaml\n").expect("a block");
    block.split_once("```").expect("its end").0.to_owned()
}

/// Goal: the kind to copy is accepted, and so are the lines of the vocabulary beside it.
#[test]
fn the_whole_kind_to_copy_is_accepted() {
    let kind = Kind::parse(&block_behind("A whole kind, to copy"), &vocabulary());
    let kind = kind.expect("a kind");
    assert_eq!(kind.id(), "event_request");
    let mut words = read("vocabulary.yaml");
    let lines = block_behind("`vocabulary.yaml` under its headings");
    let (journals, groups) = lines.split_once("groups:\n").expect("both");
    for (heading, more) in [("\njournals:\n", journals), ("\ngroups:\n", groups)] {
        let more = more.trim_start_matches("journals:\n");
        words = words.replacen(heading, &format!("{heading}{more}"), 1);
    }
    assert!(words.contains("event_register") && words.contains("reception"));
    Vocabulary::parse(&words).expect("a vocabulary");
}

/// Goal: whoever writes one word where a mapping belongs is shown the mapping, once, and nothing
/// that only follows from it. Method: the whole chain of the page with one value in another shape.
#[test]
fn a_shape_is_shown_where_one_was_missed() {
    let chain = whole_chain();
    for (right, wrong, shape) in [
        (
            "title: { ru: Руководитель, en: Manager }",
            "title: Manager",
            "title: {",
        ),
        (
            "document: { type: contract }",
            "document: contract",
            "{ type: contract }",
        ),
        (
            "on_exhausted: { finish: rejected }",
            "on_exhausted: finish",
            "{ finish: rejected }",
        ),
        (
            "on_reject: { rework: { to: author } }",
            "on_reject: rework",
            "{ rework: { to: author } }",
        ),
        ("quorum: { count: 2 }", "quorum: 2 of 3", "{ count: 2 }"),
        (
            "remind: [{ after: 1bd }]",
            "remind: 1bd",
            "[{ after: 1bd }]",
        ),
        (
            "assignees: [manager]",
            "assignees: manager",
            "[{ role: lawyer }]",
        ),
        ("join: all", "join: two", "{ count: 2 }"),
    ] {
        assert!(chain.contains(right), "{right}");
        let wrong = chain.replacen(right, wrong, 1);
        let found = refused(&wrong);
        let helps: Vec<_> = found.iter().map(|one| one.help(Locale::En)).collect();
        let said = helps.first().cloned().flatten().unwrap_or_default();
        assert!(said.contains(shape), "{wrong}: {found:?}");
        assert_eq!(found.len(), 1, "{found:#?}");
    }
    // Nobody in a group that nobody knows is no second fault.
    let unknown = chain.replace("group: contract_board", "group: contract_bord");
    let keys: Vec<_> = refused(&unknown).iter().map(|one| one.key).collect();
    assert_eq!(keys, ["unknown-group"]);
    // A step that is nowhere is said still.
    let nowhere = chain
        .replace("approve manager, ", "approve menager, ")
        .replace("max_rounds: 3", "max_rounds: x");
    let found = refused(&nowhere);
    assert!(
        found
            .iter()
            .any(|one| one.key == "unknown-stage" || one.key.starts_with("test-")),
        "{found:#?}"
    );
}
