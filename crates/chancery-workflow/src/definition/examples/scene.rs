//! Reading what an example begins with: its document, its people, the answers it gets.

use std::collections::BTreeMap;

use chancery_types::field::Card;
use chancery_types::{FieldType, FieldValue, Money};

use super::Context;
use crate::definition::lookup_read::read_value;
use crate::diagnostic::{Diagnostic, Position};
use crate::kind::{Field, type_name};
use crate::parameter::{self, ParameterValue, Parameters};
use crate::read::{self, Fields, Findings, Keys};
use crate::trial::{Initiator, Named, Scene, reference};
use crate::yaml::{Node as Yaml, Value};

/// The most people that one example names in one place.
const PEOPLE_MAX: usize = 200;
/// The longest name of a person, a department or anything else that a reference names.
const NAME_CHARS_MAX: usize = 64;

const INITIATOR_KEYS: Keys = Keys {
    known: &["login", "departments", "groups"],
    later: &[],
};

/// Reads `doc`, `facts`, `initiator`, `people` and `at`.
pub(super) fn read_scene(
    fields: &Fields<'_>,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<Scene> {
    let (card, named) = fields
        .require("doc", findings)
        .map(|node| read_card(node, "", context, findings))?;
    let answers = fields
        .get("facts")
        .map(|node| read_answers(node, context, findings))
        .unwrap_or_default();
    let initiator = match fields.get("initiator") {
        Some(node) => Some(read_initiator(node, findings)?),
        None => None,
    };
    let people = fields
        .get("people")
        .map(|node| read_people(node, findings))
        .unwrap_or_default();
    let at = match fields.get("at") {
        Some(node) => {
            let written = read::text(node, findings)?;
            let at = written.parse().ok();
            if at.is_none() {
                let finding = Diagnostic::error("W802", "test-bad-time", node.at);
                findings.push(finding.arg("text", written));
            }
            at
        }
        None => None,
    };
    Some(Scene {
        card,
        named,
        initiator,
        people,
        answers,
        at,
    })
}

/// Reads fields of a card, each key with this prefix.
pub(super) fn read_card(
    node: &Yaml,
    prefix: &str,
    context: &Context<'_>,
    findings: &mut Findings,
) -> (Card, Vec<Named>) {
    let kind = context.kind;
    let (mut card, mut named) = (Card::new(), Vec::new());
    let pairs = Fields::open_any(node, findings);
    for (key, value) in pairs.iter().flat_map(Fields::pairs) {
        let name = key.name.strip_prefix(prefix);
        let Some(field) = name.and_then(|name| kind.field(name)) else {
            let names = kind.fields().iter();
            let names: Vec<String> = names
                .map(|field| format!("{prefix}{}", field.name))
                .collect();
            let finding = Diagnostic::error("W203", "unknown-field", key.at);
            let finding = finding.arg("name", &key.name).arg("kind", kind.id());
            findings.push(finding.suggest(&key.name, names.iter().map(String::as_str)));
            continue;
        };
        let parameter = match &value.value {
            Value::Scalar(scalar) => parameter::named(&scalar.text),
            Value::List(_) | Value::Map(_) => None,
        };
        let read = match (parameter, field.field_type) {
            (Some(name), wanted) => {
                read_parameter(name, context.parameters, wanted, value, findings)
            }
            (None, FieldType::Money) => read_money(value, findings),
            (
                None,
                FieldType::Person
                | FieldType::Department
                | FieldType::Counterparty
                | FieldType::Contact,
            ) => read_name(value, findings).map(|written| {
                let (value, who) = reference(&field.name, field.field_type, &written);
                named.extend(who);
                value
            }),
            (None, other) => read_value(value, other, findings),
        };
        check_choice(read.as_ref(), field, value.at, findings);
        card.extend(read.map(|read| (field.name.clone(), read)));
    }
    (card, named)
}

/// A code must be one of the field's choices.
fn check_choice(read: Option<&FieldValue>, field: &Field, at: Position, findings: &mut Findings) {
    let choices = &field.choices;
    if let Some(FieldValue::Text(code)) = read
        && field.field_type == FieldType::Choice
        && !choices.iter().any(|choice| choice.code == *code)
    {
        let known: Vec<&str> = choices.iter().map(|choice| choice.code.as_str()).collect();
        let finding = Diagnostic::error("W211", "no-such-choice", at);
        let finding = finding.arg("name", &field.name).arg("text", code);
        let finding = finding.arg("known", known.join(", "));
        findings.push(finding.suggest(code, known.iter().copied()));
    }
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

/// A name without spaces, which a script can say.
pub(super) fn read_name(node: &Yaml, findings: &mut Findings) -> Option<String> {
    let written = read::text(node, findings)?;
    let is_plain = !written.is_empty()
        && written.chars().count() <= NAME_CHARS_MAX
        && !written.chars().any(|c| c.is_whitespace() || c.is_control());
    if !is_plain {
        let finding = Diagnostic::error("W802", "test-bad-name", node.at);
        findings.push(finding.arg("text", written));
        return None;
    }
    Some(written.to_owned())
}

fn read_names(node: &Yaml, findings: &mut Findings) -> Vec<String> {
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.len() > PEOPLE_MAX {
        let finding = Diagnostic::error("W006", "too-many", node.at);
        findings.push(finding.arg("max", PEOPLE_MAX));
        return Vec::new();
    }
    let names = nodes.iter().filter_map(|node| read_name(node, findings));
    names.collect()
}

fn read_initiator(node: &Yaml, findings: &mut Findings) -> Option<Initiator> {
    let fields = Fields::open(node, INITIATOR_KEYS, findings)?;
    let login = fields.get("login");
    let mut names = |key: &str| {
        let node = fields.get(key);
        node.map(|node| read_names(node, findings))
            .unwrap_or_default()
    };
    let (departments, groups) = (names("departments"), names("groups"));
    Some(Initiator {
        login: login.and_then(|node| read_name(node, findings)),
        departments,
        groups,
    })
}

fn read_people(node: &Yaml, findings: &mut Findings) -> BTreeMap<String, (Vec<String>, Position)> {
    let pairs = Fields::open_any(node, findings);
    let mut people = BTreeMap::new();
    for (key, value) in pairs.iter().flat_map(Fields::pairs) {
        let names = read_names(value, findings);
        people.insert(key.name.clone(), (names, key.at));
    }
    people
}

fn read_answers(
    node: &Yaml,
    context: &Context<'_>,
    findings: &mut Findings,
) -> BTreeMap<String, Card> {
    let mut answers = BTreeMap::new();
    let pairs = Fields::open_any(node, findings);
    for (key, value) in pairs.iter().flat_map(Fields::pairs) {
        let Some(lookup) = context.lookups.get(&key.name) else {
            let finding = Diagnostic::error("W201", "unknown-fact", key.at);
            let known = context.lookups.keys().map(String::as_str);
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
        answers.insert(key.name.clone(), values);
    }
    answers
}

/// Reads `{ account: { ok: true } }` with one question.
pub(super) fn read_answer(
    node: &Yaml,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<(String, Card)> {
    let answers = read_answers(node, context, findings);
    if answers.len() > 1 {
        findings.push(Diagnostic::error("W802", "test-one-answer", node.at));
    }
    answers.into_iter().next()
}
