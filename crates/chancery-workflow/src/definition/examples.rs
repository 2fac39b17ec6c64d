//! `tests`: documents, and the way each of them must take. A file whose examples go another way is
//! refused, so that a careless change of a condition is seen before a document meets it.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::field::Card;
use chancery_types::id::PersonId;
use chancery_types::{Digest, FieldType, FieldValue, Instant, Money};
use uuid::Uuid;

use super::Node;
use super::check::Read;
use super::lookup_read::{Lookups, read_value};
use crate::diagnostic::{Diagnostic, Position};
use crate::directory::Directory;
use crate::expression::{EvaluationError, Expression, Given};
use crate::kind::{Kind, type_name};
use crate::parameter::{self, ParameterValue, Parameters};
use crate::read::{self, Fields, Findings, Keys};
use crate::state::{Asked, Heard, Version};
use crate::yaml::{Node as Yaml, Value};

/// The most examples of one file.
const EXAMPLES_MAX: usize = 100;

pub(super) const EXAMPLE_KEYS: Keys = Keys {
    known: &["name", "doc", "facts", "round", "expect"],
    later: &["script"],
};
pub(super) const EXPECT_KEYS: Keys = Keys {
    known: &["path"],
    later: &["open", "outcome", "pending"],
};

/// A document and what is expected of it.
pub(super) struct Example {
    name: String,
    card: Card,
    asked: BTreeMap<String, Asked>,
    round: u32,
    path: Vec<String>,
    at: Position,
}

/// What examples may name: questions and parameters.
type Known<'a> = (&'a Lookups, &'a Parameters);

/// Reads `tests`.
pub(super) fn read_examples(
    top: &Fields<'_>,
    kind: &Kind,
    known: Known<'_>,
    findings: &mut Findings,
) -> Vec<Example> {
    let Some(node) = top.get("tests") else {
        return Vec::new();
    };
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.len() > EXAMPLES_MAX {
        let finding = Diagnostic::error("W006", "too-many", node.at);
        findings.push(finding.arg("max", EXAMPLES_MAX));
        return Vec::new();
    }
    let read = nodes
        .iter()
        .filter_map(|node| read_example(node, kind, known, findings));
    read.collect()
}

fn read_example(
    node: &Yaml,
    kind: &Kind,
    (lookups, parameters): Known<'_>,
    findings: &mut Findings,
) -> Option<Example> {
    let fields = Fields::open(node, EXAMPLE_KEYS, findings)?;
    let name = fields
        .require("name", findings)
        .and_then(|node| read::text(node, findings));
    let card = fields
        .require("doc", findings)
        .map(|node| read_card(node, kind, parameters, findings));
    let asked = fields
        .get("facts")
        .map(|node| read_answers(node, lookups, findings))
        .unwrap_or_default();
    let round = match fields.get("round") {
        Some(node) => read::whole(node, 1..=51, findings)?,
        None => 1,
    };
    let expect = fields
        .require("expect", findings)
        .and_then(|node| Fields::open(node, EXPECT_KEYS, findings))
        .and_then(|fields| fields.require("path", findings))?;
    let mut path = Vec::new();
    for node in read::list(expect, findings).unwrap_or_default() {
        path.extend(read::text(node, findings).map(str::to_owned));
    }
    Some(Example {
        name: name?.to_owned(),
        card: card?,
        asked,
        round: u32::try_from(round).ok()?,
        path,
        at: expect.at,
    })
}

fn read_card(node: &Yaml, kind: &Kind, parameters: &Parameters, findings: &mut Findings) -> Card {
    let mut card = Card::new();
    let pairs = Fields::open_any(node, findings);
    for (key, value) in pairs.iter().flat_map(Fields::pairs) {
        let Some(field) = kind.field(&key.name) else {
            let names = kind.fields().iter().map(|field| field.name.as_str());
            let finding = Diagnostic::error("W203", "unknown-field", key.at);
            let finding = finding.arg("name", &key.name).arg("kind", kind.id());
            findings.push(finding.suggest(&key.name, names));
            continue;
        };
        let named = match &value.value {
            Value::Scalar(scalar) => parameter::named(&scalar.text),
            Value::List(_) | Value::Map(_) => None,
        };
        let read = match (named, field.field_type) {
            (Some(name), wanted) => read_parameter(name, parameters, wanted, value, findings),
            (None, FieldType::Money) => read_money(value, findings),
            (None, other) => read_value(value, other, findings),
        };
        card.extend(read.map(|read| (key.name.clone(), read)));
    }
    card
}

/// `param('board_from')`: an example at the threshold stays one when the threshold is changed.
fn read_parameter(
    name: &str,
    parameters: &Parameters,
    wanted: FieldType,
    node: &Yaml,
    findings: &mut Findings,
) -> Option<FieldValue> {
    let value = parameter::find(parameters, name, node, findings)?.value();
    match (value, wanted) {
        (ParameterValue::Money(money), FieldType::Money) => Some(FieldValue::Money(money.clone())),
        (ParameterValue::Integer(number), FieldType::Integer) => Some(FieldValue::Integer(*number)),
        _ => {
            let finding = Diagnostic::error("W204", "parameter-of-other-type", node.at);
            let finding = finding.arg("name", name).arg("expected", type_name(wanted));
            findings.push(finding.arg("found", value.type_name()));
            None
        }
    }
}

/// `RUB 90000.00`.
fn read_money(node: &Yaml, findings: &mut Findings) -> Option<FieldValue> {
    let written = read::text(node, findings)?;
    let money = written
        .split_once(' ')
        .and_then(|(currency, amount)| Money::parse(amount, currency).ok());
    if money.is_none() {
        let finding = Diagnostic::error("W204", "bad-answer", node.at);
        let wanted = type_name(FieldType::Money);
        findings.push(finding.arg("text", written).arg("expected", wanted));
    }
    money.map(FieldValue::Money)
}

fn read_answers(
    node: &Yaml,
    lookups: &Lookups,
    findings: &mut Findings,
) -> BTreeMap<String, Asked> {
    let mut asked = BTreeMap::new();
    let pairs = Fields::open_any(node, findings);
    for (key, value) in pairs.iter().flat_map(Fields::pairs) {
        let Some(lookup) = lookups.get(&key.name) else {
            let finding = Diagnostic::error("W201", "unknown-fact", key.at);
            let known = lookups.keys().map(String::as_str);
            findings.push(finding.arg("name", &key.name).suggest(&key.name, known));
            continue;
        };
        let mut values = Card::new();
        let parts = Fields::open_any(value, findings);
        for (part, value) in parts.iter().flat_map(Fields::pairs) {
            let Some(wanted) = lookup.answer.get(&part.name) else {
                let finding = Diagnostic::error("W203", "unknown-answer", part.at);
                let known = lookup.answer.keys().map(String::as_str);
                findings.push(finding.arg("name", &part.name).suggest(&part.name, known));
                continue;
            };
            let read = read_value(value, *wanted, findings);
            values.extend(read.map(|read| (part.name.clone(), read)));
        }
        let at = Instant::from_seconds(0);
        let answered = Asked {
            times: 1,
            stage: String::new(),
            at,
            heard: Heard::Answer { values, at },
        };
        asked.insert(key.name.clone(), answered);
    }
    asked
}

/// Every example goes the way that it names.
pub(super) fn check_examples(read: &Read<'_, '_>, examples: &[Example], findings: &mut Findings) {
    let nodes: Vec<Node> = read.nodes.iter().map(|read| read.node.clone()).collect();
    let known: BTreeSet<&str> = nodes
        .iter()
        .flat_map(Node::stages)
        .map(|stage| stage.path.as_str())
        .collect();
    for example in examples {
        let unknown = example
            .path
            .iter()
            .find(|path| !known.contains(path.as_str()));
        if let Some(path) = unknown {
            let finding = Diagnostic::error("W201", "unknown-stage", example.at);
            let known = known.iter().copied();
            findings.push(finding.arg("name", path).suggest(path, known));
            continue;
        }
        match example.way(&nodes) {
            Ok(found) if found == example.path => {}
            Ok(found) => {
                let finding = Diagnostic::error("W801", "test-fails", example.at);
                let finding = finding.arg("name", &example.name);
                let finding = finding.arg("expected", example.path.join(", "));
                findings.push(finding.arg("found", found.join(", ")));
            }
            Err(why) => {
                let finding = Diagnostic::error("W801", "test-not-evaluated", example.at);
                findings.push(finding.arg("name", &example.name).arg("why", why));
            }
        }
    }
}

impl Example {
    /// The stages that ask somebody, in the order of the file, if everybody agrees.
    fn way(&self, nodes: &[Node]) -> Result<Vec<String>, EvaluationError> {
        let nobody = Directory::default();
        let version = Version {
            number: self.round,
            digest: Digest::of(b"example"),
            author: PersonId(Uuid::nil()),
        };
        let given = Given {
            card: &self.card,
            // Who starts it is not part of an example: a condition that asks has no answer.
            initiator: PersonId(Uuid::nil()),
            version: &version,
            round: self.round,
            directory: &nobody,
            actor: None,
            changed: None,
            voters: None,
            asked: Some(&self.asked),
        };
        let mut way = Vec::new();
        walk(nodes, true, &given, &mut way)?;
        Ok(way)
    }
}

fn walk(
    nodes: &[Node],
    in_order: bool,
    given: &Given<'_>,
    way: &mut Vec<String>,
) -> Result<(), EvaluationError> {
    let mut until: Option<&str> = None;
    for node in nodes {
        if until.is_some_and(|until| until != node.id()) {
            continue;
        }
        until = None;
        let applies = |when: Option<&Expression>| when.map_or(Ok(true), |it| it.holds(given));
        if !applies(node.when())? {
            continue;
        }
        match node {
            Node::Stage(stage) => way.push(stage.path.clone()),
            Node::Parallel(block) => walk(&block.branches, false, given, way)?,
            Node::Sequence(block) => walk(&block.steps, true, given, way)?,
            Node::Automatic(automatic) => {
                for arm in &automatic.route {
                    if arm.when.holds(given)? {
                        until = arm.goto.as_deref().filter(|_| in_order);
                        break;
                    }
                }
            }
        }
    }
    Ok(())
}
