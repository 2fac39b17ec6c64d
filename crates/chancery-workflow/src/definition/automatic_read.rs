//! Reading stages of `type: automatic`.

use super::automatic::{Arm, Automatic};
use super::nodes::Head;
use super::stage::Shared;
use crate::diagnostic::Diagnostic;
use crate::expression::compile;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::{Node, Value};

/// The most ways on from one stage.
const ARMS_MAX: usize = 20;

pub(super) const AUTOMATIC_KEYS: Keys = Keys {
    known: &["id", "type", "title", "when", "need", "route"],
    later: &[],
};

/// What an automatic stage's file text was.
#[derive(Clone)]
pub(super) struct AutomaticPlace<'n> {
    /// Its ways on: the condition, and where it leads.
    pub(super) arms: Vec<(&'n Node, Option<&'n Node>)>,
}

/// Reads the rest of a stage whose head was read.
pub(super) fn read_automatic<'n>(
    fields: &Fields<'n>,
    head: Head,
    shared: &Shared<'_>,
    findings: &mut Findings,
) -> (Automatic, AutomaticPlace<'n>) {
    let mut need = Vec::new();
    if let Some(node) = fields.get("need") {
        for node in read::list(node, findings).unwrap_or_default() {
            need.extend(read_need(node, shared, findings));
        }
    }
    let (mut route, mut arms) = (Vec::new(), Vec::new());
    if let Some(node) = fields.get("route") {
        for (arm, place) in read_route(node, shared, findings) {
            route.push(arm);
            arms.push(place);
        }
    }
    let at = fields.get("id").map_or(fields.at, |node| node.at);
    let automatic = Automatic {
        id: head.id,
        path: head.path,
        title: head.title,
        when: head.when,
        need,
        route,
        at,
    };
    (automatic, AutomaticPlace { arms })
}

fn read_need(node: &Node, shared: &Shared<'_>, findings: &mut Findings) -> Option<String> {
    let written = read::text(node, findings)?;
    if shared.lookups.contains_key(written) {
        return Some(written.to_owned());
    }
    let finding = Diagnostic::error("W201", "unknown-fact", node.at).arg("name", written);
    findings.push(finding.suggest(written, shared.lookups.keys().map(String::as_str)));
    None
}

type ReadArm<'n> = (Arm, (&'n Node, Option<&'n Node>));

/// `[{ when: …, goto: step }, { else: continue }]`.
fn read_route<'n>(
    node: &'n Node,
    shared: &Shared<'_>,
    findings: &mut Findings,
) -> Vec<ReadArm<'n>> {
    const KEYS: Keys = Keys {
        known: &["when", "goto", "continue", "else"],
        later: &[],
    };
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.len() > ARMS_MAX {
        let finding = Diagnostic::error("W006", "too-many", node.at);
        findings.push(finding.arg("max", ARMS_MAX));
        return Vec::new();
    }
    let mut arms = Vec::new();
    for arm in nodes {
        let Some(fields) = Fields::open(arm, KEYS, findings) else {
            continue;
        };
        if let Some(last) = fields.get("else") {
            read::word(last, &["continue"], findings);
            continue;
        }
        let when = fields.require("when", findings);
        let condition = when.and_then(|node| compile(node, &shared.scope(), findings));
        let target = match (fields.get("goto"), fields.get("continue")) {
            (Some(target), None) => read::text(target, findings).map(|id| Some((id, target))),
            (None, Some(word)) => read::word(word, &["true"], findings).map(|_| None),
            _ => {
                findings.push(Diagnostic::error("W006", "one-way-on", arm.at));
                None
            }
        };
        if let Some(((condition, when), target)) = condition.zip(when).zip(target) {
            let goto = target.map(|(id, _)| id.to_owned());
            let place = (when, target.map(|(_, node)| node));
            arms.push((
                Arm {
                    when: condition,
                    goto,
                },
                place,
            ));
        }
    }
    let is_last = nodes.last().is_some_and(|last| match &last.value {
        Value::Map(pairs) => pairs.iter().any(|(key, _)| key.name == "else"),
        Value::Scalar(_) | Value::List(_) => false,
    });
    if !is_last {
        findings.push(Diagnostic::error("W111", "route-no-else", node.at));
    }
    arms
}
