//! Models of BPMN 2.0 read as workflows: what we exported comes back as it was; what others draw
//! becomes a workflow, with every gap open and named; what is not in blocks is refused by name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use chancery_types::Locale;
use chancery_workflow::{
    BpmnImported, BpmnImporting, Calendar, Definition, Diagnostic, House, Kind, Node, Severity,
    Vocabulary, import_bpmn, render,
};

use crate::support::*;
use crate::templates::{all_chains, all_kinds};

/// The house that models are read in.
struct Desk {
    kinds: &'static BTreeMap<String, Kind>,
    vocabulary: &'static Vocabulary,
    locale: Locale,
}

/// The files of the house, read once.
static FILES: LazyLock<(
    BTreeMap<String, Kind>,
    Vocabulary,
    BTreeMap<String, Calendar>,
)> = LazyLock::new(|| (all_kinds(), vocabulary(), calendars()));

impl Desk {
    fn new() -> Self {
        Self {
            kinds: &FILES.0,
            vocabulary: &FILES.1,
            locale: Locale::En,
        }
    }

    fn import(&self, model: &str, document: Option<&str>) -> BpmnImported {
        let with = BpmnImporting {
            kinds: self.kinds,
            vocabulary: self.vocabulary,
            document,
            process: None,
            locale: self.locale,
        };
        import_bpmn(model.as_bytes(), &with)
    }

    /// What the house says of a file.
    fn check(&self, source: &str) -> Result<Definition, Vec<Diagnostic>> {
        let house = House {
            kinds: self.kinds,
            vocabulary: self.vocabulary,
            calendars: &FILES.2,
        };
        Definition::parse_with(source, &house, &means())
    }

    /// A model that becomes a workflow, which the house accepts.
    fn accepted(&self, model: &str, document: Option<&str>) -> (String, Definition) {
        let read = self.import(model, document);
        let said = render(&read.findings, &read.source, "model.bpmn", Locale::En);
        let Some(workflow) = read.workflow else {
            panic!("refused:\n{said}\n{model}")
        };
        match self.check(&workflow) {
            Ok(definition) => (workflow, definition),
            Err(found) => panic!(
                "{}\n{said}\n{workflow}",
                render(&found, &workflow, "read.yaml", Locale::En)
            ),
        }
    }
}

/// Steps without their places in a file.
fn without_places(nodes: &[Node]) -> Vec<Node> {
    let mut nodes = nodes.to_vec();
    for node in &mut nodes {
        match node {
            Node::Stage(stage) => stage.at = Default::default(),
            Node::Automatic(automatic) => automatic.at = Default::default(),
            Node::Parallel(block) => block.branches = without_places(&block.branches),
            Node::Sequence(block) => block.steps = without_places(&block.steps),
        }
    }
    nodes
}

/// Everything that a run is decided by is the same in two workflows.
fn assert_same(name: &str, before: &Definition, after: &Definition) {
    assert_eq!(
        without_places(after.nodes()),
        without_places(before.nodes()),
        "{name}"
    );
    assert_eq!(after.rules(), before.rules(), "{name}");
    assert_eq!(
        format!("{:?}", after.rework()),
        format!("{:?}", before.rework()),
        "{name}"
    );
    assert_eq!(after.material(), before.material(), "{name}");
    assert_eq!(after.lookups(), before.lookups(), "{name}");
    assert_eq!(after.starters(), before.starters(), "{name}");
    assert_eq!(after.takes(), before.takes(), "{name}");
    assert_eq!(after.examples().len(), before.examples().len(), "{name}");
    assert_eq!(after.kind(), before.kind(), "{name}");
    assert_eq!(after.id(), before.id(), "{name}");
    for locale in Locale::ALL {
        assert_eq!(after.title(locale), before.title(locale), "{name}");
    }
    for occasion in chancery_workflow::Occasion::ALL {
        assert_eq!(
            after.consequences(occasion),
            before.consequences(occasion),
            "{name}"
        );
    }
}

/// Goal: what we export comes back as it was, without a word. Method: every shipped chain, in both
/// languages.
#[test]
fn every_shipped_chain_comes_back_as_it_was() {
    let desk = Desk::new();
    for (name, chain) in all_chains() {
        for locale in Locale::ALL {
            let model = chain.bpmn(locale);
            let read = desk.import(&model, None);
            assert_eq!(
                render(&read.findings, &read.source, "m", Locale::En),
                "",
                "{name}"
            );
            let (_, again) = desk.accepted(&model, None);
            assert_same(&name, &chain, &again);
            // And once more: the second text is the first.
            let (text, _) = desk.accepted(&again.bpmn(locale), None);
            assert_eq!(text, again.source(), "{name}");
        }
    }
}

fn tests_folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

/// The fixtures: `style-…` as tools write them, `known-…` with nothing left open, `odd-…`, and
/// `wNNN-key…`, which are refused.
fn fixtures() -> Vec<(String, String)> {
    let folder = tests_folder("fixtures/bpmn").read_dir().expect("fixtures");
    let mut all: Vec<(String, String)> = folder
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().and_then(|stem| stem.to_str());
            let text = std::fs::read_to_string(&path).expect("a text");
            (name.expect("a name").to_owned(), text)
        })
        .collect();
    all.sort();
    all
}

/// The kind of documents that a fixture is for, as it says in a comment.
fn document_of(model: &str) -> Option<&str> {
    let (_, rest) = model.split_once("<!-- document: ")?;
    Some(rest.split_once(" -->")?.0)
}

/// What a person gets of a model: what is said of it, and the file.
fn got(name: &str, model: &str, locale: Locale) -> (BpmnImported, String) {
    let desk = Desk {
        locale,
        ..Desk::new()
    };
    let read = desk.import(model, document_of(model));
    let path = format!("{name}.bpmn");
    let mut text = render(&read.findings, &read.source, &path, locale);
    if let Some(workflow) = &read.workflow {
        let found = match desk.check(workflow) {
            Ok(definition) => definition.warnings().to_vec(),
            Err(found) => found,
        };
        let path = format!("{name}.yaml");
        let checked = render(&found, workflow, &path, locale);
        text = format!("{text}----\n{workflow}----\n{checked}");
    }
    (read, text)
}

/// Goal: whatever is read, left open or refused is said in both languages, with its place and with
/// what to do; the house refuses a file with a gap at the gap, and accepts one without. Method:
/// every fixture beside its golden text; `CHANCERY_GOLDEN=write` writes the texts anew.
#[test]
fn every_model_gets_its_golden_answer_in_both_languages() {
    let write = std::env::var_os("CHANCERY_GOLDEN").is_some_and(|value| value == "write");
    let mut different = Vec::new();
    for (name, model) in fixtures() {
        for locale in Locale::ALL {
            let (read, text) = got(&name, &model, locale);
            for finding in &read.findings {
                assert!(finding.help(locale).is_some(), "{name}: {}", finding.key);
                assert_ne!(finding.text(locale), finding.key, "{name}");
            }
            let language = if locale == Locale::Ru { "ru" } else { "en" };
            let path = tests_folder("golden/bpmn").join(format!("{name}.{language}.txt"));
            if write {
                std::fs::write(&path, &text).expect("written");
            } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
                different.push(format!("{name} ({language}):\n{text}"));
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// Goal: what is refused is refused for its own reason, at its own element; what is left open is
/// refused by the check of the file. Method: the names of the fixtures; the codes.
#[test]
fn what_is_not_known_is_open_and_what_is_no_block_is_refused() {
    for (name, model) in fixtures() {
        let desk = Desk::new();
        let read = desk.import(&model, document_of(&model));
        let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
        let errors: Vec<&Diagnostic> = read.findings.iter().filter(is_error).collect();
        if let Some((code, key)) = name
            .split_once('-')
            .filter(|(code, _)| code.starts_with('w'))
        {
            assert!(read.workflow.is_none(), "{name}");
            let is_it = |found: &&&Diagnostic| {
                let own = found.key.strip_prefix("bpmn-").unwrap_or("");
                found.code == code.to_uppercase() && key.starts_with(own)
            };
            assert!(
                errors.iter().any(|found| is_it(&found)),
                "{name}: {errors:?}"
            );
            continue;
        }
        if name == "odd-way-twice" {
            assert_eq!(errors.len(), 2, "{name}: {errors:?}");
            continue;
        }
        let workflow = read
            .workflow
            .unwrap_or_else(|| panic!("{name}: {errors:?}"));
        let open = read.findings.iter().filter(|found| found.code == "W904");
        let open = open.count();
        let checked = desk.check(&workflow);
        assert_eq!(name.starts_with("known-"), open == 0, "{name}");
        assert_eq!(checked.is_ok(), open == 0, "{name}\n{workflow}");
        // Each gap is in the file, and the check points at it.
        if let Err(found) = checked {
            let line = |found: &Diagnostic| {
                let at = usize::try_from(found.line).expect("small");
                workflow.lines().nth(at - 1).unwrap_or_default().to_owned()
            };
            let gap = |found: &Diagnostic| {
                ["to_be_named", "who_"]
                    .iter()
                    .any(|gap| line(found).contains(gap))
            };
            assert!(found.iter().any(gap), "{name}: {found:?}\n{workflow}");
        }
    }
}

/// Every code and key that a fixture shows, for the test that wants each of them shown.
pub fn shown() -> BTreeSet<(String, String)> {
    let desk = Desk::new();
    let found = fixtures().into_iter().flat_map(|(_, model)| {
        let read = desk.import(&model, document_of(&model));
        read.findings
    });
    found
        .map(|found| (found.code.to_owned(), found.key.to_owned()))
        .collect()
}

/// Goal: no sentence without a model that gets it. Method: the catalogue.
#[test]
fn every_sentence_has_a_model() {
    let shown: BTreeSet<String> = shown().into_iter().map(|(_, key)| key).collect();
    let catalogue = include_str!("../../messages/en.txt").lines();
    let keys = catalogue.filter_map(|line| line.strip_prefix("help-bpmn-")?.split_once(" = "));
    let missing: Vec<&str> = keys
        .map(|(key, _)| key)
        // Reached by the test of large models, and by those of edited and of nameless ones.
        .filter(|key| !["too-many", "ways-changed", "kind"].contains(key))
        .filter(|key| !shown.contains(&format!("bpmn-{key}")))
        .collect();
    assert!(missing.is_empty(), "no model shows {missing:?}");
}

/// A house in small: a step that asks nobody, ways over steps, blocks in blocks, every kind of join.
const WOVEN: &str = "facts:
  match: { call: erp-match, args: { sum: doc.amount }, timeout: 30s, on_error: incident }
effects:
  incident: [{ notify: { to: [{ role: administrator }], template: incident } }]
rework: { max_rounds: 2, resume: 'stage:matching' }
stages:
  - id: matching
    type: automatic
    title: { ru: Сверка, en: Match }
    need: [match]
    route:
      - { when: '!facts.match.matched', goto: fraud }
      - { when: facts.match.score > 90, goto: pay }
      - { when: facts.match.score > 80, continue: true }
      - { else: continue }
  - id: budget
    type: approve
    title: { ru: 'Бюджет «<&>»', en: \"Budget: 'a' & \\\"b\\\"\" }
    assignees: [{ user: boris }]
    decisions: [approve]
  - id: fraud
    type: approve
    title: { ru: Проверка, en: Check }
    when: '!facts.match.matched'
    assignees: [{ user: tom }]
    on_reject: { rework: { to: author, note: { ru: \"а: б # в\", en: 'x' } } }
  - id: both
    title: { ru: Двое, en: Both }
    when: doc.payment_days > 30
    parallel:
      join: { count: 2 }
      on_branch_reject: cancel_others
      branches:
        - id: line
          title: { ru: Строка, en: Line }
          sequence:
            - { id: first, type: approve, title: { ru: г, en: d }, assignees: [{ user: anna }] }
            - id: rows
              title: { ru: Ряд, en: Row }
              when: doc.payment_days > 40
              sequence:
                - { id: second, type: acknowledge, title: { ru: д, en: e }, assignees: [{ user: nina }], blocking: false }
                - { id: third, type: approve, title: { ru: е, en: f }, assignees: [{ user: irina }] }
        - id: any
          title: { ru: Любой, en: Any }
          parallel:
            join: any
            branches:
              - { id: fourth, type: approve, title: { ru: ж, en: g }, assignees: [{ user: lev }] }
              - { id: fifth, type: approve, title: { ru: з, en: h }, assignees: [{ role: lawyer }], when: doc.payment_days > 50 }
        - { id: sixth, type: approve, title: { ru: и, en: i }, assignees: [{ role: cfo }], quorum: any }
  - { id: pay, type: approve, title: { ru: к, en: k }, assignees: [{ user: anna }], due: 2h }
";

/// Goal: ways over steps, blocks in blocks and texts that XML and YAML write otherwise come back.
/// Method: one chain with all of them, in both languages; then its ways drawn otherwise.
#[test]
fn ways_over_steps_and_blocks_in_blocks_come_back() {
    let desk = Desk::new();
    let chain = desk.check(&with_stages(WOVEN)).unwrap_or_else(|found| {
        panic!(
            "{}",
            render(&found, &with_stages(WOVEN), "woven", Locale::En)
        )
    });
    for locale in Locale::ALL {
        let model = chain.bpmn(locale);
        let read = desk.import(&model, None);
        assert_eq!(render(&read.findings, &read.source, "m", locale), "");
        let (_, again) = desk.accepted(&model, None);
        assert_same("woven", &chain, &again);
    }
    let model = chain.bpmn(Locale::En);
    for (from, to) in [
        // Another condition, another step, another order of the two.
        ("!facts.match.matched</bpmn", "facts.match.matched</bpmn"),
        (
            "sourceRef=\"ways_step_matching\" targetRef=\"step_pay\"",
            "sourceRef=\"ways_step_matching\" targetRef=\"if_step_both\"",
        ),
        (
            "facts.match.score &gt; 90</bpmn",
            "facts.match.score &gt; 91</bpmn",
        ),
    ] {
        assert!(model.contains(from), "{from}\n{model}");
        let read = desk.import(&model.replacen(from, to, 1), None);
        let keys: Vec<&str> = read.findings.iter().map(|found| found.key).collect();
        assert_eq!(keys, ["bpmn-ways-changed"], "{to}");
        assert!(read.workflow.is_none());
    }
}

/// Goal: an exported model may be drawn on: what was drawn counts, what is not known of it is open.
/// Method: the contract's model with one change each.
#[test]
fn an_exported_model_may_be_drawn_on() {
    let desk = Desk::new();
    let chain = all_chains().remove("contract").expect("the contract");
    let model = chain.bpmn(Locale::En);
    let keys = |model: &str| -> Vec<&'static str> {
        let read = desk.import(model, None);
        assert!(read.workflow.is_some(), "{:?}", read.findings);
        read.findings.iter().map(|found| found.key).collect()
    };
    // A condition.
    let from = "doc.amount &gt;= money(&#39;RUB&#39;, &#39;5000000.00&#39;)</bpmn";
    assert!(model.contains(from), "{model}");
    let (text, _) = desk.accepted(
        &model.replacen(
            from,
            "doc.amount &gt;= money(&#39;RUB&#39;, &#39;4000000.00&#39;)</bpmn",
            1,
        ),
        None,
    );
    assert!(text.contains("money('RUB', '4000000.00')"), "{text}");
    // A name.
    let renamed = model.replacen("name=\"Legal\"", "name=\"Lawyers\"", 1);
    assert_eq!(keys(&renamed), ["bpmn-one-language"]);
    let (text, _) = desk.accepted(&renamed, None);
    assert!(text.contains("{ ru: Lawyers, en: Lawyers }"), "{text}");
    // A task between two.
    let between = model.replacen(
        "targetRef=\"step_sign_internal\"/>",
        "targetRef=\"new\"/><bpmn:userTask id=\"new\" name=\"New\"/>\
         <bpmn:sequenceFlow id=\"more\" sourceRef=\"new\" targetRef=\"step_sign_internal\"/>",
        1,
    );
    assert_ne!(between, model);
    assert_eq!(
        keys(&between),
        ["bpmn-one-language", "bpmn-decisions", "bpmn-who"]
    );
    let read = desk.import(&between, None);
    let text = read.workflow.expect("a workflow");
    let (before, after) = text.split_once("- id: new").expect("the stage");
    assert!(
        before.contains("- id: cfo") && !before.contains("- id: sign_internal"),
        "{text}"
    );
    assert!(after.contains("- id: sign_internal"), "{text}");
    // The way of a return taken away: the keys still say it.
    let end = "      <bpmn:endEvent id=\"returned_step_manager\"";
    let at = model.find(end).expect("the end");
    let rest = model.get(at..).expect("the rest");
    let close = rest.find("</bpmn:endEvent>\n").expect("its end") + "</bpmn:endEvent>\n".len();
    let without = model.replacen(rest.get(..close).expect("the element"), "", 1);
    let lines: Vec<&str> = without
        .lines()
        .scan(false, |is_in, line| {
            let begins = line.contains("targetRef=\"returned_step_manager\"");
            let ends = *is_in && line.contains("</bpmn:sequenceFlow>");
            let out = *is_in || begins;
            *is_in = (*is_in || begins) && !ends;
            Some((!out).then_some(line))
        })
        .flatten()
        .collect();
    assert_eq!(keys(&lines.join("\n")), ["bpmn-keys-win"]);
    // A performer beside our keys: they count too.
    let named = model
        .replacen(
            "<bpmn:definitions ",
            "<bpmn:definitions xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\" ",
            1,
        )
        .replacen(
            "<bpmn:userTask id=\"step_cfo\"",
            "<bpmn:userTask camunda:assignee=\"anna\" id=\"step_cfo\"",
            1,
        );
    assert_eq!(keys(&named), ["bpmn-keys-win"]);
    let (_, again) = desk.accepted(&named, None);
    assert_same("named", &chain, &again);
}
