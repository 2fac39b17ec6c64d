//! Reading what may be decided in a stage, and what a rejection does.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Localized;

use super::{OnReject, StageKind};
use crate::diagnostic::Diagnostic;
use crate::event::Decision;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::{Node, Value};

/// `{ finish: rejected }`, `{ rework: { to: initiator } }`, `{ count: true }`, or the last with
/// `then: rework`.
pub(super) fn read_on_reject(node: &Node, findings: &mut Findings) -> Option<OnReject> {
    const KEYS: Keys = Keys {
        known: &["finish", "rework", "count", "then"],
        later: &[],
    };
    const REWORK: Keys = Keys {
        known: &["to"],
        later: &["note"],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    if let (2, Some(count), Some(then)) = (
        fields.pairs().len(),
        fields.get("count"),
        fields.get("then"),
    ) {
        read::word(count, &["true"], findings)?;
        return Some(match read::word(then, &["finish", "rework"], findings)? {
            "rework" => OnReject::CountThenRework,
            _ => OnReject::Count,
        });
    }
    let [(key, value)] = fields.pairs() else {
        findings.push(Diagnostic::error("W006", "one-on-reject", node.at));
        return None;
    };
    match key.name.as_str() {
        "finish" => read::word(value, &["rejected"], findings).map(|_| OnReject::Finish),
        "rework" => {
            let fields = Fields::open(value, REWORK, findings)?;
            if let Some(node) = fields.get("to") {
                read::word(node, &["initiator"], findings)?;
            }
            Some(OnReject::Rework)
        }
        "count" => read::word(value, &["true"], findings).map(|_| OnReject::Count),
        "then" => {
            findings.push(Diagnostic::error("W006", "one-on-reject", node.at));
            None
        }
        // Not known, which was said.
        _ => None,
    }
}

/// What may be decided, and the titles that the file gives some of it.
pub(super) type Decisions = (BTreeSet<Decision>, BTreeMap<Decision, Localized>);

pub(super) fn read_decisions(
    fields: &Fields<'_>,
    kind: StageKind,
    findings: &mut Findings,
) -> Decisions {
    let usual: &[Decision] = match kind {
        StageKind::Approve => &[
            Decision::Approve,
            Decision::ApproveWithRemarks,
            Decision::Return,
            Decision::Reject,
        ],
        StageKind::Sign => &[Decision::Sign, Decision::Return, Decision::Reject],
        StageKind::Acknowledge => &[Decision::Acknowledge],
    };
    let more: &[Decision] = match kind {
        StageKind::Approve => &[Decision::Abstain, Decision::Hold],
        StageKind::Sign | StageKind::Acknowledge => &[],
    };
    let Some(node) = fields.get("decisions") else {
        return (usual.iter().copied().collect(), BTreeMap::new());
    };
    let offered = || usual.iter().chain(more).copied();
    let words: Vec<&'static str> = offered().map(Decision::code).collect();
    let mut decisions = BTreeSet::new();
    let mut titles = BTreeMap::new();
    for node in read::list(node, findings).unwrap_or_default() {
        let (name, title) = match &node.value {
            Value::Map(_) => titled_decision(node, findings),
            Value::Scalar(_) | Value::List(_) => (Some(node), None),
        };
        let word = name.and_then(|node| read::word(node, &words, findings));
        let Some(decision) = offered().find(|decision| Some(decision.code()) == word) else {
            continue;
        };
        if !decisions.insert(decision) {
            let finding = Diagnostic::error("W101", "decision-twice", node.at);
            findings.push(finding.arg("decision", decision.code()));
        }
        titles.extend(title.map(|title| (decision, title)));
    }
    if !decisions.iter().any(|decision| decision.is_favourable()) {
        findings.push(Diagnostic::error("W115", "no-favourable-decision", node.at));
    }
    (decisions, titles)
}

/// `{ id: return, title: { ru: …, en: … } }`.
fn titled_decision<'n>(
    node: &'n Node,
    findings: &mut Findings,
) -> (Option<&'n Node>, Option<Localized>) {
    const KEYS: Keys = Keys {
        known: &["id", "title"],
        later: &["effect", "max"],
    };
    let Some(fields) = Fields::open(node, KEYS, findings) else {
        return (None, None);
    };
    let title = fields
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    (fields.require("id", findings), title)
}
