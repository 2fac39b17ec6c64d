//! Models of BPMN 2.0 read as workflows: what we exported comes back as it was; what others draw
//! becomes a workflow, with every gap open and named; what is not in blocks is refused by name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use chancery_types::Locale;
use chancery_workflow::{
    BpmnImported, BpmnImporting, Calendar, Decision, Definition, Diagnostic, House, Join, Kind,
    Node, OnReject, Severity, StageKind, Vocabulary, import_bpmn, render,
};

use proptest::prelude::*;

use crate::support::*;
use crate::templates::{all_chains, all_kinds};

/// The house that models are read in.
struct Desk {
    kinds: &'static BTreeMap<String, Kind>,
    vocabulary: &'static Vocabulary,
    locale: Locale,
}

/// Kinds, words and calendars.
type Files = (
    BTreeMap<String, Kind>,
    Vocabulary,
    BTreeMap<String, Calendar>,
);

/// The files of the house, read once.
static FILES: LazyLock<Files> = LazyLock::new(|| (all_kinds(), vocabulary(), calendars()));

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
            Node::Stage(stage) => {
                stage.at = Default::default();
                stage.quorum_at = Default::default();
            }
            Node::Automatic(automatic) => automatic.at = Default::default(),
            Node::Parallel(block) => block.branches = without_places(&block.branches),
            Node::Sequence(block) => block.steps = without_places(&block.steps),
        }
    }
    nodes
}

/// The same of what is printed: who is asked for one more round stands somewhere too.
fn unplaced(printed: &str) -> String {
    let mut parts = printed.split("Position {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('}').map_or(part, |(_, rest)| rest)
    })
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
        unplaced(&format!("{:?}", after.rework())),
        unplaced(&format!("{:?}", before.rework())),
        "{name}"
    );
    assert_eq!(after.material(), before.material(), "{name}");
    assert_eq!(after.lookups(), before.lookups(), "{name}");
    assert_eq!(after.starters(), before.starters(), "{name}");
    assert_eq!(after.takes(), before.takes(), "{name}");
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
            let count = |chain: &Definition| chain.examples().len();
            assert_eq!(count(&again), count(&chain), "{name}");
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

/// A house in small: a step that asks nobody, ways over steps, blocks in blocks, every join.
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
        // The ways over steps are the last of the model.
        let at = model.rfind(from).expect(from);
        let (before, rest) = model.split_at(at);
        let changed = format!("{before}{}", rest.replacen(from, to, 1));
        let read = desk.import(&changed, None);
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
    let chain = desk.check(&read_small("contract")).expect("the contract");
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

/// Numbers that decide how a chain grows; 0 when they are used up.
struct Seeds<'a>(std::slice::Iter<'a, u8>);

impl Seeds<'_> {
    /// Below `count`.
    fn below(&mut self, count: u8) -> u8 {
        self.0.next().map_or(0, |seed| seed % count)
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        let count = u8::try_from(all.len()).expect("few");
        all[usize::from(self.below(count))]
    }
}

/// A chain that grows from numbers: stages with every sort of key, blocks in blocks.
fn grown(seeds: &[u8]) -> String {
    let mut seeds = Seeds(seeds.iter());
    let mut out =
        String::from("calendar: ru-5x8\nrework: { max_rounds: 3, resume: restart }\nstages:\n");
    let mut count = 0;
    let steps = 1 + seeds.below(4);
    for _ in 0..steps {
        grow(&mut out, 2, 0, &mut count, &mut seeds);
    }
    with_stages(&out)
}

/// The keys of an approval, each with what it may be; empty where it may be left out.
const KEYS: [&[&str]; 8] = [
    &[
        "assignees: [{ role: lawyer }, { group: contract_board }]",
        "assignees: [{ group: contract_board }, { who: { role: cfo }, when: round > 1 }]",
        "assignees: [{ role: accountant, department: finance }, { role: clerk }]",
    ],
    &[
        "",
        "quorum: any",
        "quorum: { count: 2 }",
        "quorum: { percent: 60, min: 2 }",
    ],
    &["", "mode: sequential"],
    &[
        "",
        "decisions: [approve, return]",
        "decisions: [approve, reject]",
        "decisions: [approve]",
    ],
    &[
        "",
        "on_reject: { count: true }",
        "on_reject: { rework: { to: author } }",
    ],
    &["", "due: 2d", "due: 3bd"],
    &["", "carry: \"!changed('doc.amount')\""],
    &["", "if_empty: { use: [{ user: boris }] }"],
];

fn grow(out: &mut String, indent: usize, depth: u8, count: &mut u32, seeds: &mut Seeds<'_>) {
    *count += 1;
    let (id, space) = (*count, " ".repeat(indent));
    let sort = if depth < 3 {
        seeds.below(8)
    } else {
        seeds.below(5)
    };
    let limit = 10 + id;
    let when = match seeds.below(3) {
        0 => format!("{space}  when: \"doc.payment_days > {limit}\"\n"),
        _ => String::new(),
    };
    let title = format!("title: {{ ru: \"Этап <{id}>\", en: \"Step & {id}\" }}");
    let head = format!("{space}- id: step-{id}\n{space}  {title}\n{when}");
    out.push_str(&head);
    match sort {
        5 => {
            let branches = 2 + seeds.below(3);
            let join = seeds.pick(&["all", "any", "{ count: 2 }"]);
            let rest = seeds.pick(&["finish_others", "cancel_others"]);
            let inner = format!(
                "{space}  parallel:\n{space}    join: {join}\n{space}    on_branch_reject: {rest}\n\
                 {space}    branches:\n"
            );
            out.push_str(&inner);
            for _ in 0..branches {
                grow(out, indent + 6, depth + 1, count, seeds);
            }
        }
        6 => {
            out.push_str(&format!("{space}  sequence:\n"));
            for _ in 0..=seeds.below(3) {
                grow(out, indent + 4, depth + 1, count, seeds);
            }
        }
        7 => {
            let blocking = seeds.pick(&["true", "false"]);
            let own = format!(
                "{space}  type: acknowledge\n{space}  assignees: [{{ role: clerk }}]\n\
                 {space}  blocking: {blocking}\n"
            );
            out.push_str(&own);
        }
        _ => {
            out.push_str(&format!("{space}  type: approve\n"));
            for key in KEYS.map(|values| seeds.pick(values)) {
                if !key.is_empty() {
                    out.push_str(&format!("{space}  {key}\n"));
                }
            }
        }
    }
}

/// What is drawn of steps: sorts, blocks, joins, conditions, what a refusal does.
fn drawn(nodes: &[Node]) -> String {
    let all: Vec<String> = nodes.iter().map(drawn_step).collect();
    all.join(" ")
}

fn drawn_step(node: &Node) -> String {
    let when = node.when().map_or("", |when| when.source());
    let what = match node {
        Node::Stage(stage) if stage.kind == StageKind::Acknowledge => {
            format!("read {}", stage.blocking)
        }
        Node::Stage(stage) => {
            let may = |decision| stage.decisions.contains(&decision);
            let reworks = matches!(
                stage.on_reject,
                OnReject::Rework | OnReject::CountThenRework
            );
            let rejects = may(Decision::Reject) && !reworks;
            let returns = may(Decision::Return) || (may(Decision::Reject) && reworks);
            // Where neither is drawn, the language's own way stands.
            match (returns, rejects) {
                (false, false) => "ask true true".to_owned(),
                (returns, rejects) => format!("ask {returns} {rejects}"),
            }
        }
        Node::Automatic(_) => "automatic".to_owned(),
        Node::Parallel(block) => {
            let join = match block.join {
                Join::Count(1) => Join::Any,
                join => join,
            };
            format!("{join:?} [{}]", drawn(&block.branches))
        }
        Node::Sequence(block) => format!("({})", drawn(&block.steps)),
    };
    format!("<{what} {when}>")
}

/// Whether two acknowledgements at an end look alike, one that a run waits for and one that it does
/// not: after a gateway each of them has its own end.
fn looks_alike(nodes: &[Node]) -> bool {
    let waits = |node: &Node| match node {
        Node::Stage(stage) if stage.kind == StageKind::Acknowledge && stage.when.is_none() => {
            Some(stage.blocking)
        }
        _ => None,
    };
    let ends: Vec<Option<bool>> = nodes.iter().rev().take(2).map(waits).collect();
    let inside = nodes.iter().any(|node| match node {
        Node::Sequence(block) => looks_alike(&block.steps),
        Node::Parallel(block) => block
            .branches
            .iter()
            .any(|branch| looks_alike(branch.children())),
        Node::Stage(_) | Node::Automatic(_) => false,
    });
    ends == [Some(true), Some(false)] || inside
}

/// A model without what it says in elements of our own: as if somebody else had drawn it.
fn without_ours(model: &str) -> String {
    let is_ours = |line: &&str| {
        let line = line.trim_start();
        let marks = [
            "<chancery:",
            "</chancery:",
            "<bpmn:extensionElements",
            "</bpmn:extensionElements",
        ];
        marks.iter().any(|mark| line.starts_with(mark))
    };
    let lines = model.lines().filter(|line| !is_ours(line));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// A chain with somebody wherever it is not known who decides.
fn filled(workflow: &str) -> String {
    let lines =
        workflow.lines().map(
            |line| match line.trim_start().starts_with("assignees: [who_") {
                true => format!(
                    "{}assignees: [{{ user: anna }}]\n",
                    " ".repeat(line.len() - line.trim_start().len())
                ),
                false => format!("{line}\n"),
            },
        );
    lines.collect()
}

impl Desk {
    /// A chain as a run is pinned to it: read, and not looked at for sense.
    fn pinned(&self, source: &str) -> Definition {
        let house = House {
            kinds: self.kinds,
            vocabulary: self.vocabulary,
            calendars: &FILES.2,
        };
        Definition::parse_pinned_with(source, &house, &means())
            .unwrap_or_else(|found| panic!("{}", render(&found, source, "grown.yaml", Locale::En)))
    }

    /// What is exported comes back, with our elements as it was, without them as it is drawn.
    fn comes_back(&self, name: &str, chain: &Definition) {
        let model = chain.bpmn(Locale::En);
        let read = self.import(&model, None);
        let said = render(&read.findings, &read.source, "model.bpmn", Locale::En);
        assert_eq!(said, "", "{name}\n{model}");
        let again = self.pinned(&read.workflow.expect("a workflow"));
        assert_same(name, chain, &again);

        if looks_alike(chain.nodes()) {
            return;
        }
        let bare = without_ours(&model);
        assert!(!bare.contains("<chancery:"));
        let read = self.import(&bare, Some(chain.kind()));
        let said = render(&read.findings, &read.source, "model.bpmn", Locale::En);
        let Some(workflow) = read.workflow else {
            panic!("{name}\n{said}\n{bare}")
        };
        let again = self.pinned(&filled(&workflow));
        assert_eq!(
            drawn(again.nodes()),
            drawn(chain.nodes()),
            "{name}\n{workflow}"
        );
    }
}

/// Goal: a model that says nothing but what is drawn has the same blocks, joins, conditions and
/// refusals. Method: every shipped chain, exported, without our elements.
#[test]
fn what_is_drawn_of_every_shipped_chain_is_read_by_itself() {
    let desk = Desk::new();
    for (name, chain) in all_chains() {
        desk.comes_back(&name, &chain);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Goal: any chain in blocks comes back from a model. Method: chains that grow from numbers.
    #[test]
    fn whatever_grows_in_blocks_comes_back(seeds in prop::collection::vec(any::<u8>(), 0..160)) {
        let desk = Desk::new();
        let source = grown(&seeds);
        desk.comes_back(&source, &desk.pinned(&source));
    }

    /// Goal: nothing that arrives as a model does more than be refused. Method: any bytes.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let desk = Desk::new();
        let with = BpmnImporting {
            kinds: desk.kinds,
            vocabulary: desk.vocabulary,
            document: None,
            process: None,
            locale: Locale::Ru,
        };
        let read = import_bpmn(&bytes, &with);
        prop_assert!(read.workflow.is_none());
        prop_assert!(!render(&read.findings, &read.source, "x", Locale::Ru).is_empty());
    }

    /// Goal: a model that somebody has damaged is refused, or becomes a file that can be read as
    /// YAML. Method: lines of models taken away, doubled and exchanged, ends of ways led elsewhere.
    #[test]
    fn a_damaged_model_is_refused_or_read(
        which in any::<u8>(),
        edits in prop::collection::vec((0_u8..4, any::<u16>(), any::<u16>()), 1..6),
    ) {
        let desk = Desk::new();
        let model = &MODELS[usize::from(which) % MODELS.len()];
        let mut lines: Vec<String> = model.lines().map(str::to_owned).collect();
        for (sort, one, other) in edits {
            let (one, other) = (usize::from(one) % lines.len(), usize::from(other) % lines.len());
            match sort {
                0 => drop(lines.remove(one)),
                1 => lines.insert(other, lines[one].clone()),
                2 => lines.swap(one, other),
                _ => lead_elsewhere(&mut lines, one, other),
            }
            if lines.is_empty() {
                break;
            }
        }
        let read = desk.import(&lines.join("\n"), Some("contract"));
        let Some(workflow) = read.workflow else {
            prop_assert!(read.findings.iter().any(|found| found.severity == Severity::Error));
            return Ok(());
        };
        let found = desk.check(&workflow).err().unwrap_or_default();
        let no_tree = ["W001", "W002", "W003", "W004"];
        let is_no_tree = |found: &Diagnostic| no_tree.contains(&found.code);
        prop_assert!(!found.iter().any(is_no_tree), "{:?}\n{}", found, workflow);
    }
}

/// The models that are damaged.
static MODELS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let exported = all_chains()
        .into_values()
        .take(3)
        .map(|chain| chain.bpmn(Locale::Ru));
    let drawn = fixtures()
        .into_iter()
        .filter(|(name, _)| !name.starts_with('w'));
    exported.chain(drawn.map(|(_, model)| model)).collect()
});

/// Leads a way of one line to the element of another.
fn lead_elsewhere(lines: &mut [String], one: usize, other: usize) {
    let part = |line: &str, opening: &str| {
        let (_, rest) = line.split_once(opening)?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let flows: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].contains("targetRef=\""))
        .collect();
    let elements: Vec<String> = lines
        .iter()
        .filter(|line| !line.contains("Flow") && !line.contains("bpmnElement"))
        .filter_map(|line| part(line, " id=\""))
        .collect();
    let (Some(flow), Some(id)) = (
        flows.get(one % flows.len().max(1)),
        elements.get(other % elements.len().max(1)),
    ) else {
        return;
    };
    if let Some(to) = part(&lines[*flow], "targetRef=\"") {
        let (from, to) = (format!("targetRef=\"{to}\""), format!("targetRef=\"{id}\""));
        lines[*flow] = lines[*flow].replacen(&from, &to, 1);
    }
}

/// A process with these elements.
fn process(inner: &str) -> String {
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process id=\"p\">\
         <startEvent id=\"start\"/>{inner}</process></definitions>"
    )
}

fn way(from: &str, to: &str) -> String {
    format!("<sequenceFlow id=\"{from}-{to}\" sourceRef=\"{from}\" targetRef=\"{to}\"/>")
}

/// Goal: large models cost no more than their size, and deep ones no stack. Method: more elements
/// than are read, a gateway with very many ways, sub-processes within one another as deep as XML
/// may be, a task with very many names, a file beyond the limit.
#[test]
fn large_models_are_read_or_refused_in_time() {
    let desk = Desk::new();
    let keys = |model: &str| -> Vec<&'static str> {
        let read = desk.import(model, Some("contract"));
        let errors = read
            .findings
            .iter()
            .filter(|found| found.severity == Severity::Error);
        errors.map(|found| found.key).collect()
    };
    let tasks: String = (0..1_100)
        .map(|at| format!("<task id=\"t{at}\"/>"))
        .collect();
    assert_eq!(keys(&process(&tasks)), ["bpmn-too-many"]);

    let legs: String = (0..900)
        .map(|at| {
            format!(
                "<task id=\"t{at}\"/>{}{}",
                way("gate", &format!("t{at}")),
                way(&format!("t{at}"), "end")
            )
        })
        .collect();
    let gate = format!(
        "<exclusiveGateway id=\"gate\"/><endEvent id=\"end\"/>{}",
        way("start", "gate")
    );
    assert_eq!(keys(&process(&format!("{gate}{legs}"))), [""; 0]);
    let fork = gate.replace("exclusive", "inclusive");
    assert_eq!(keys(&process(&format!("{fork}{legs}"))), [""; 0]);

    let mut deep = String::from(
        "<task id=\"last\"/><sequenceFlow id=\"f\" sourceRef=\"s0\" targetRef=\"last\"/>",
    );
    for at in 0..55 {
        deep = format!(
            "<subProcess id=\"b{at}\"><startEvent id=\"s{at}\"/>{deep}</subProcess>{}",
            way(&format!("s{}", at + 1), &format!("b{at}"))
        );
    }
    let deep = process(&deep.replace("sourceRef=\"s55\"", "sourceRef=\"start\""));
    assert_eq!(keys(&deep), ["bpmn-too-deep"]);

    let names = "a,".repeat(1_000_000);
    let engine = "xmlns:c=\"http://camunda.org/schema/1.0/bpmn\"";
    let many = format!(
        "<task id=\"t\" {engine} c:candidateUsers=\"{names}\"/>{}",
        way("start", "t")
    );
    let read = desk.import(&process(&many), Some("contract"));
    let text = read.workflow.expect("a workflow");
    assert!(
        text.len() < 10_000 && text.contains("who_t"),
        "{}",
        text.len()
    );

    let large = process(&" ".repeat(5 * 1024 * 1024));
    assert_eq!(keys(&large), ["bpmn-too-large"]);
}
