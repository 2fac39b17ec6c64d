//! Reading `facts`: what is asked elsewhere.

use std::collections::BTreeMap;

use chancery_types::field::Card;
use chancery_types::{FieldType, FieldValue};

use super::automatic::{Lookup, OnError};
use super::consequence_read::{known_name, read_field};
use super::timing_read::Clock;
use crate::diagnostic::Diagnostic;
use crate::kind::{Kind, type_name};
use crate::means::{Ability, Answer, Means};
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::{Node, Value};

/// The most questions of one workflow.
const LOOKUPS_MAX: usize = 50;
/// The longest text of an assumed answer, in characters.
const TEXT_CHARS_MAX: usize = 200;

pub(super) const LOOKUP_KEYS: Keys = Keys {
    known: &["call", "args", "timeout", "on_error"],
    later: &[],
};

/// The questions by name, with their places.
pub(super) type Lookups = BTreeMap<String, Lookup>;

/// Reads `facts`, if the file has it and somebody carries it out.
pub(super) fn read_lookups(
    top: &Fields<'_>,
    kind: &Kind,
    means: &Means,
    clock: Clock<'_>,
    findings: &mut Findings,
) -> Lookups {
    let mut lookups = Lookups::new();
    let can = means.admits(Ability::Lookups, top, &["facts"], findings);
    let node = top.get("facts").filter(|_| can);
    let Some(fields) = node.and_then(|node| Fields::open_any(node, findings)) else {
        return lookups;
    };
    if fields.pairs().len() > LOOKUPS_MAX {
        let finding = Diagnostic::error("W006", "too-many", fields.at);
        findings.push(finding.arg("max", LOOKUPS_MAX));
        return lookups;
    }
    for (key, value) in fields.pairs() {
        // It stands in conditions, where a hyphen is a minus.
        if !read::is_id(&key.name) || key.name.contains('-') {
            findings.push(Diagnostic::error("W101", "bad-id", key.at).arg("id", &key.name));
        }
        let lookup = read_lookup(value, kind, means, clock, findings);
        // The name of one that was refused is known, and said once is enough.
        let lookup = lookup.unwrap_or_else(Lookup::refused);
        lookups.insert(key.name.clone(), lookup);
    }
    lookups
}

fn read_lookup(
    node: &Node,
    kind: &Kind,
    means: &Means,
    clock: Clock<'_>,
    findings: &mut Findings,
) -> Option<Lookup> {
    let fields = Fields::open(node, LOOKUP_KEYS, findings)?;
    let call = fields
        .require("call", findings)
        .and_then(|node| known_name(node, "unknown-call", means.calls.keys(), findings));
    let mut args = BTreeMap::new();
    let pairs = fields
        .get("args")
        .and_then(|node| Fields::open_any(node, findings));
    for (key, value) in pairs.iter().flat_map(Fields::pairs) {
        let field = read_field(value, kind, findings);
        args.extend(field.map(|field| (key.name.clone(), field)));
    }
    let timeout = fields.require("timeout", findings).and_then(|node| {
        let span = clock.read_span(node, findings)?;
        if span.budget().measure.is_working() {
            let finding = Diagnostic::error("W405", "timeout-of-working-time", node.at);
            findings.push(finding.arg("text", span));
            return None;
        }
        Some(span)
    });
    let answer = call.as_ref().and_then(|call| means.calls.get(call));
    let on_error = fields
        .require("on_error", findings)
        .and_then(|node| read_on_error(node, answer, findings));
    Some(Lookup {
        call: call?,
        args,
        timeout: timeout?,
        on_error: on_error?,
        answer: answer?.clone(),
    })
}

/// `incident`, or `{ value: { ok: false } }` with every part of the answer.
fn read_on_error(node: &Node, answer: Option<&Answer>, findings: &mut Findings) -> Option<OnError> {
    const KEYS: Keys = Keys {
        known: &["value"],
        later: &[],
    };
    if let Value::Scalar(_) = &node.value {
        return read::word(node, &["incident"], findings).map(|_| OnError::Incident);
    }
    let node = Fields::open(node, KEYS, findings)?.require("value", findings)?;
    let fields = Fields::open_any(node, findings)?;
    let answer = answer?;
    let mut assumed = Card::new();
    for (key, value) in fields.pairs() {
        let Some(wanted) = answer.get(&key.name) else {
            let known = answer.keys().map(String::as_str);
            let finding = Diagnostic::error("W203", "unknown-answer", key.at);
            findings.push(finding.arg("name", &key.name).suggest(&key.name, known));
            continue;
        };
        let read = read_value(value, *wanted, findings);
        assumed.extend(read.map(|read| (key.name.clone(), read)));
    }
    for name in answer.keys() {
        fields.require(name, findings);
    }
    Some(OnError::Assume(assumed))
}

pub(super) fn read_value(
    node: &Node,
    wanted: FieldType,
    findings: &mut Findings,
) -> Option<FieldValue> {
    let written = read::text(node, findings)?;
    let value = match wanted {
        FieldType::Boolean => match written {
            "true" => Some(FieldValue::Boolean(true)),
            "false" => Some(FieldValue::Boolean(false)),
            _ => None,
        },
        FieldType::Integer => written.parse().ok().map(FieldValue::Integer),
        FieldType::Date => written.parse().ok().map(FieldValue::Date),
        FieldType::Text | FieldType::LongText | FieldType::Choice => {
            let is_short = written.chars().count() <= TEXT_CHARS_MAX;
            is_short.then(|| FieldValue::Text(written.to_owned()))
        }
        FieldType::Money
        | FieldType::Person
        | FieldType::Department
        | FieldType::Counterparty
        | FieldType::Contact => None,
    };
    if value.is_none() {
        let finding = Diagnostic::error("W204", "bad-answer", node.at);
        findings.push(
            finding
                .arg("text", written)
                .arg("expected", type_name(wanted)),
        );
    }
    value
}
