//! Blocks as the text of a workflow.

use std::collections::BTreeMap;

use super::blocks::{Blocks, Origin, Step, Term, What};
use super::condition;
use super::graph::Graph;
use super::names::{Ids, id_of, title};
use super::own::Own;
use super::source::{Model, label};
use super::{BpmnImporting, Known};
use crate::definition::Join;
use crate::diagnostic::{Diagnostic, Severity, message};
use crate::expression::EXPRESSION_CHARS_MAX;
use crate::yaml::{Entry, Tree, file};

/// What stands where something is not known: no file of ours is accepted with it.
pub(super) const UNKNOWN: &str = "to_be_named";

/// The most findings that are told of one model.
const FINDINGS_MAX: usize = 200;

/// A workflow as text, with what a person should look at; else what is wrong.
pub(super) fn write(
    model: &Model<'_>,
    blocks: Blocks,
    with: &BpmnImporting<'_>,
) -> Result<(String, Vec<Diagnostic>), Vec<Diagnostic>> {
    let own_kind = model
        .own
        .as_ref()
        .and_then(|own| match own.key("document") {
            Some(Tree::Map(entries)) => entries.iter().find_map(|one| match &one.value {
                Tree::Scalar { text, .. } if one.key == "type" => Some(text.as_str()),
                _ => None,
            }),
            _ => None,
        });
    let kind = with.document.or(own_kind);
    let mut writer = Writer {
        model,
        known: Known {
            kind: kind.and_then(|kind| with.kinds.get(kind)),
            vocabulary: with.vocabulary,
            locale: with.locale,
        },
        ids: Ids::default(),
        findings: Vec::new(),
        conditions: BTreeMap::new(),
        one_language: 0,
        undecided: 0,
        marks: blocks.marks.clone(),
    };
    writer.findings.extend(blocks.warnings.iter().cloned());
    let stages = Tree::Lines(writer.steps(&blocks.steps));
    let entries = writer.top(&blocks, stages, with.document);
    writer.sum_up();
    let (errors, warnings): (Vec<Diagnostic>, Vec<Diagnostic>) = writer
        .findings
        .into_iter()
        .partition(|finding| finding.severity == Severity::Error);
    match errors.is_empty() {
        true => Ok((file(&entries), in_order(warnings))),
        false => Err(in_order(errors)),
    }
}

/// Findings in the order of the file. Where there are too many, those of what is not known stay.
fn in_order(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by_key(|finding| finding.code);
    findings.truncate(FINDINGS_MAX);
    findings.sort_by_key(|finding| (finding.line, finding.column, finding.code));
    findings.dedup();
    findings
}

pub(super) struct Writer<'w, 'm, 'd> {
    pub(super) model: &'m Model<'d>,
    pub(super) known: Known<'w>,
    pub(super) ids: Ids,
    pub(super) findings: Vec<Diagnostic>,
    /// Conditions of ways, read once, with what is said above those that are not known.
    conditions: BTreeMap<usize, (String, Option<String>)>,
    /// How many titles the model has in one language.
    pub(super) one_language: usize,
    /// Of how many stages the model does not say what a refusal does.
    pub(super) undecided: usize,
    pub(super) marks: BTreeMap<usize, super::blocks::Marks>,
}

/// The condition of a step, and what is said above it.
pub(super) struct When {
    text: String,
    remarks: Vec<String>,
}

impl Writer<'_, '_, '_> {
    pub(super) fn say(&self, key: &str, args: &[(&'static str, String)]) -> String {
        let args = args.iter().cloned().collect();
        message(self.known.locale, key, &args)
    }

    /// A title that the model has in one language, in both.
    pub(super) fn title(&mut self, name: &str, otherwise: &str) -> Tree {
        let name = title(name).unwrap_or_else(|| otherwise.to_owned());
        self.one_language += 1;
        Tree::map([("ru", Tree::word(&name)), ("en", Tree::word(&name))])
    }

    /// The titles of our own file, unless the element was given another name.
    pub(super) fn own_title(&mut self, own: &Own, name: &str, otherwise: &str) -> Tree {
        let Some(tree) = own.key("title") else {
            return self.title(name, otherwise);
        };
        let drawn = title(name);
        let is_either = match tree {
            Tree::Map(entries) => entries.iter().any(|one| match &one.value {
                Tree::Scalar { text, .. } => title(text) == drawn,
                _ => false,
            }),
            _ => false,
        };
        match is_either || drawn.is_none() {
            true => tree.clone(),
            false => self.title(name, otherwise),
        }
    }

    fn steps(&mut self, steps: &[Step]) -> Vec<Tree> {
        steps.iter().map(|step| self.step(step)).collect()
    }

    /// As deep as blocks are nested.
    fn step(&mut self, step: &Step) -> Tree {
        let when = self.when(&step.when);
        match &step.what {
            What::Stage(node) => Tree::Block(self.stage(*node, when)),
            What::Automatic(node) => Tree::Block(self.automatic(*node, when)),
            What::Sequence { origin, steps } => {
                let mut entries = self.head(*origin, when);
                let steps = Tree::Lines(self.steps(steps));
                entries.push(Entry::new("sequence", steps));
                Tree::Block(entries)
            }
            What::Parallel {
                fork,
                join,
                branches,
            } => {
                let mut entries = self.head_of(*fork, "parallel", when);
                let join = match join {
                    Join::All => Tree::word("all"),
                    Join::Any => Tree::word("any"),
                    Join::Count(count) => Tree::map([("count", Tree::word(count.to_string()))]),
                };
                let mut inner = vec![Entry::new("join", join)];
                inner.extend(self.own_keys(*fork));
                let branches = Tree::Lines(self.steps(branches));
                inner.push(Entry::new("branches", branches));
                entries.push(Entry::new("parallel", Tree::Block(inner)));
                Tree::Block(entries)
            }
        }
    }

    /// The keys of our own file beside those of the head.
    fn own_keys(&self, node: usize) -> Vec<Entry> {
        let own = self.model.node(node).and_then(|node| node.own.as_ref());
        let keys = own.map_or(&[][..], |own| &own.keys);
        let rest = keys.iter().filter(|(name, _)| name != "title");
        rest.map(|(name, value)| Entry::new(name, value.clone()))
            .collect()
    }

    fn head(&mut self, origin: Origin, when: Option<When>) -> Vec<Entry> {
        let way = match origin {
            Origin::SubProcess(node) => return self.head_of(node, "block", when),
            Origin::Way(flow) => self.model.flow(flow),
        };
        let name = way.and_then(|way| way.element.attribute("name"));
        let name = name.unwrap_or("");
        let id = id_of("", name, "block");
        let id = self.ids.give(&id);
        let otherwise = self.say("bpmn-block", &[]);
        let title = self.title(name, &otherwise);
        with_when(
            vec![Entry::new("id", Tree::word(id)), Entry::new("title", title)],
            when,
        )
    }

    /// The identifier, the title and the condition of a block.
    fn head_of(&mut self, node: usize, otherwise: &str, when: Option<When>) -> Vec<Entry> {
        let Some(node) = self.model.node(node) else {
            return Vec::new();
        };
        let words = match otherwise {
            "parallel" => self.say("bpmn-parallel", &[]),
            _ => self.say("bpmn-block", &[]),
        };
        let (id, title) = match &node.own {
            Some(own) => (own.id.clone(), self.own_title(own, node.name(), &words)),
            None => (
                id_of(node.id, node.name(), otherwise),
                self.title(node.name(), &words),
            ),
        };
        let id = self.ids.give(&id);
        with_when(
            vec![Entry::new("id", Tree::word(id)), Entry::new("title", title)],
            when,
        )
    }

    /// A step that asks nobody.
    fn automatic(&mut self, index: usize, when: Option<When>) -> Vec<Entry> {
        let Some(node) = self.model.node(index) else {
            return Vec::new();
        };
        let mut entries = self.head_of(index, "step", when);
        // Behind the identifier, as in every other stage.
        let at = entries.len().min(1);
        entries.insert(at, Entry::new("type", Tree::word("automatic")));
        if node.own.is_some() {
            self.compare_ways(index);
            let rest = self.own_keys(index).into_iter();
            entries.extend(rest.filter(|one| one.key != "type"));
            return entries;
        }
        let finding = self.model.warn("W904", "bpmn-need", node.element);
        self.findings.push(finding);
        let continues = Tree::map([("else", Tree::word("continue"))]);
        entries.push(Entry::new("need", Tree::List(vec![Tree::word(UNKNOWN)])));
        entries.push(Entry::new("route", Tree::List(vec![continues])));
        entries
    }

    /// Whether the ways over steps are drawn as the file of the step says them.
    fn compare_ways(&mut self, index: usize) {
        let Some(node) = self.model.node(index) else {
            return;
        };
        let route = node.own.as_ref().and_then(|own| own.key("route"));
        let mut said = Vec::new();
        if let Some(Tree::List(arms)) = route {
            for arm in arms {
                let part = |name: &str| match arm {
                    Tree::Map(entries) => entries.iter().find_map(|one| match &one.value {
                        Tree::Scalar { text, .. } if one.key == name => Some(text.clone()),
                        _ => None,
                    }),
                    _ => None,
                };
                said.extend(part("goto").map(|to| (part("when").unwrap_or_default(), to)));
            }
        }
        let drawn = Graph::jumps_of(self.model, index).into_iter();
        let drawn: Vec<(String, String)> = drawn
            .filter_map(|flow| {
                let way = self.model.flow(flow)?;
                let condition = way.condition.as_ref().map(|(text, _)| text.clone());
                Some((condition.unwrap_or_default(), self.step_at(way.to)?))
            })
            .collect();
        if said != drawn {
            let finding = self.model.refuse("W902", "bpmn-ways-changed", node.element);
            self.findings.push(finding);
        }
    }

    /// The identifier of the step that begins at an element: itself, or what its condition guards.
    fn step_at(&self, node: usize) -> Option<String> {
        let node = self.model.node(node)?;
        if let Some(own) = &node.own {
            return Some(own.id.clone());
        }
        let ways = node.outs.iter().filter_map(|flow| self.model.flow(*flow));
        let mut guarded = ways.filter(|way| !way.is_default);
        let own = self.model.node(guarded.next()?.to)?.own.as_ref();
        own.map(|own| own.id.clone())
    }

    /// The condition that these ways are taken, or are not.
    fn when(&mut self, terms: &[Term]) -> Option<When> {
        let (mut parts, mut remarks) = (Vec::new(), Vec::new());
        for term in terms {
            let (text, remark) = self.condition(term.flow);
            remarks.extend(remark);
            parts.push(
                match (term.is_not, terms.len() > 1 && text.contains([' ', '?'])) {
                    (true, _) => format!("!({text})"),
                    (false, true) => format!("({text})"),
                    (false, false) => text,
                },
            );
            let length: usize = parts.iter().map(|part| part.chars().count() + 4).sum();
            if length > EXPRESSION_CHARS_MAX {
                if let Some(way) = self.model.flow(term.flow) {
                    let finding = self.model.warn("W904", "bpmn-condition", way.element);
                    self.findings.push(finding.arg("condition", "…"));
                }
                parts = vec![UNKNOWN.to_owned()];
                break;
            }
        }
        remarks.dedup();
        (!parts.is_empty()).then(|| When {
            text: parts.join(" && "),
            remarks,
        })
    }

    /// The condition of a way, and what is said above it if it is not known.
    fn condition(&mut self, flow: usize) -> (String, Option<String>) {
        if let Some(read) = self.conditions.get(&flow) {
            return read.clone();
        }
        let read = self.read_condition(flow);
        self.conditions.insert(flow, read.clone());
        read
    }

    fn read_condition(&mut self, flow: usize) -> (String, Option<String>) {
        let Some(way) = self.model.flow(flow) else {
            return (UNKNOWN.to_owned(), None);
        };
        let written = way.condition.as_ref().map(|(text, _)| text.as_str());
        let name = way.element.attribute("name").unwrap_or("–");
        let shown = written.unwrap_or(name).to_owned();
        let read = way.condition.as_ref();
        let read = read.and_then(|(text, language)| condition::read(text, language, &self.known));
        match read {
            Some(condition::Read::Ours(text)) => (text, None),
            Some(condition::Read::Translated(text)) => {
                let key = "bpmn-condition-translated";
                let finding = self.model.warn("W905", key, way.element);
                let finding = finding.arg("condition", &shown).arg("written", &text);
                self.findings.push(finding);
                (text, None)
            }
            None => {
                let finding = self.model.warn("W904", "bpmn-condition", way.element);
                self.findings.push(finding.arg("condition", &shown));
                let remark = self.say("bpmn-note-condition", &[("condition", shown)]);
                (UNKNOWN.to_owned(), Some(remark))
            }
        }
    }

    /// Everything at the top of the file.
    fn top(&mut self, blocks: &Blocks, stages: Tree, document: Option<&str>) -> Vec<Entry> {
        let model = self.model;
        let process = label(model.process);
        let mut entries = match &model.own {
            Some(own) => self.own_top(own, document),
            None => self.new_top(blocks, &stages, document),
        };
        let remark = self.say("bpmn-header", &[("process", process)]);
        if let Some(first) = entries.first_mut() {
            first.comments.push(remark);
        }
        // Examples come last: they are about what stands before them.
        let tests = entries.iter().position(|one| one.key == "tests");
        let at = tests.unwrap_or(entries.len());
        entries.insert(at, Entry::new("stages", stages));
        entries
    }

    fn own_top(&mut self, own: &Own, document: Option<&str>) -> Vec<Entry> {
        let keys = own.keys.iter();
        let mut entries: Vec<Entry> = keys
            .map(|(name, value)| Entry::new(name, value.clone()))
            .collect();
        if let Some(kind) = document {
            let is_kind = |one: &&mut Entry| one.key == "document";
            match entries.iter_mut().find(is_kind).map(|one| &mut one.value) {
                Some(Tree::Map(parts)) => {
                    for part in parts.iter_mut().filter(|part| part.key == "type") {
                        part.value = Tree::word(kind);
                    }
                }
                _ => entries.push(Entry::new("document", kind_of(kind))),
            }
        }
        let is_first = |name: &str| ["apiVersion", "id"].contains(&name);
        let (mut first, rest): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(|one| is_first(&one.key));
        if first.is_empty() {
            first.push(Entry::new("apiVersion", Tree::word("approvals/v1")));
        }
        first.push(Entry::new("id", Tree::word(&own.id)));
        first.extend(rest);
        // Tests are about the steps, so they stand behind them.
        first.sort_by_key(|one| one.key == "tests");
        first
    }

    fn new_top(&mut self, blocks: &Blocks, stages: &Tree, document: Option<&str>) -> Vec<Entry> {
        let model = self.model;
        let id = model.process.attribute("id").unwrap_or("");
        let name = model.title.unwrap_or("");
        let id = id_of(id, name, "workflow");
        let title = self.title(name, &id);
        let mut entries = vec![
            Entry::new("apiVersion", Tree::word("approvals/v1")),
            Entry::new("id", Tree::word(id)),
            Entry::new("version", Tree::word("1")),
            Entry::new("title", title),
        ];
        let mut kind = Entry::new("document", kind_of(document.unwrap_or(UNKNOWN)));
        if document.is_none() {
            let finding = model.warn("W904", "bpmn-kind", model.process);
            self.findings.push(finding);
            kind.comments.push(self.say("bpmn-note-kind", &[]));
        }
        entries.push(kind);
        entries.extend(self.rework(blocks, stages));
        entries
    }
}

/// The kind of documents.
fn kind_of(kind: &str) -> Tree {
    Tree::map([("type", Tree::word(kind))])
}

/// A head with the condition of the step.
pub(super) fn with_when(mut head: Vec<Entry>, when: Option<When>) -> Vec<Entry> {
    if let Some(when) = when {
        let mut entry = Entry::new("when", Tree::quoted(when.text));
        entry.comments = when.remarks;
        head.push(entry);
    }
    head
}
