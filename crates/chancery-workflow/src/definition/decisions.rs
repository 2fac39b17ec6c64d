//! Reading what may be decided in a stage, and what a rejection does.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Localized;

use super::resolver::Resolvers;
use super::rework_read::read_reworker;
use super::stage::Shared;
use super::timing_read::Clock;
use super::{OnReject, Reworker, StageKind};
use crate::diagnostic::Diagnostic;
use crate::event::Decision;
use crate::read::{self, Fields, Findings, Keys};
use crate::span::Span;
use crate::yaml::{Node, Value};

/// `{ finish: rejected }`, `{ rework: { to: initiator, note: … } }`, `{ count: true }`, or the last
/// with `then: rework`.
pub(super) fn read_on_reject(
    node: &Node,
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<Refused> {
    const KEYS: Keys = Keys {
        known: &["finish", "rework", "count", "then"],
        later: &[],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let plain = |on_reject| Refused {
        on_reject,
        ..Refused::default()
    };
    if let (2, Some(count), Some(then)) = (
        fields.pairs().len(),
        fields.get("count"),
        fields.get("then"),
    ) {
        read::word(count, &["true"], findings)?;
        return Some(plain(
            match read::word(then, &["finish", "rework"], findings)? {
                "rework" => OnReject::CountThenRework,
                _ => OnReject::Count,
            },
        ));
    }
    let [(key, value)] = fields.pairs() else {
        findings.push(Diagnostic::error("W006", "one-on-reject", node.at));
        return None;
    };
    match key.name.as_str() {
        "finish" => read::word(value, &["rejected"], findings).map(|_| plain(OnReject::Finish)),
        "rework" => read_sent_back(value, shared, resolvers, findings),
        "count" => read::word(value, &["true"], findings).map(|_| plain(OnReject::Count)),
        "then" => {
            findings.push(Diagnostic::error("W006", "one-on-reject", node.at));
            None
        }
        // Not known, which was said.
        _ => None,
    }
}

/// `{ to: initiator, note: … }`, either of them or both.
fn read_sent_back(
    node: &Node,
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<Refused> {
    const KEYS: Keys = Keys {
        known: &["to", "note"],
        later: &[],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let to = match fields.get("to") {
        Some(node) => Some(read_reworker(node, shared, resolvers, findings)?),
        None => None,
    };
    let note = match fields.get("note") {
        Some(node) => Some(read_note(node, findings)?),
        None => None,
    };
    Some(Refused {
        on_reject: OnReject::Rework,
        to,
        note,
    })
}

/// What a rejection does, who reworks the document where that is said, and what is said to them.
pub(super) struct Refused {
    pub(super) on_reject: OnReject,
    pub(super) to: Option<Reworker>,
    pub(super) note: Option<Localized>,
}

impl Default for Refused {
    fn default() -> Self {
        Self {
            on_reject: OnReject::Finish,
            to: None,
            note: None,
        }
    }
}

/// A text in both languages, or one that is the same in both.
fn read_note(node: &Node, findings: &mut Findings) -> Option<Localized> {
    if matches!(node.value, Value::Map(_)) {
        return read::localized(node, findings);
    }
    let line = read::line(node, findings)?;
    Some(Localized {
        ru: Some(line.clone()),
        en: Some(line),
    })
}

/// What may be decided, and what the file says of some of it.
#[derive(Default)]
pub(super) struct Decisions {
    pub(super) decisions: BTreeSet<Decision>,
    pub(super) titles: BTreeMap<Decision, Localized>,
    /// For how long a hold stops the clock, if it does.
    pub(super) hold_max: Option<Span>,
}

/// One entry of the list.
#[derive(Default)]
struct Entry<'n> {
    name: Option<&'n Node>,
    title: Option<Localized>,
    /// For how long it stops the clock, and where that is said.
    stops: Option<(Option<Span>, &'n Node)>,
}

pub(super) fn read_decisions(
    fields: &Fields<'_>,
    kind: StageKind,
    clock: Clock<'_>,
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
        return Decisions {
            decisions: usual.iter().copied().collect(),
            ..Decisions::default()
        };
    };
    let offered = || usual.iter().chain(more).copied();
    let words: Vec<&'static str> = offered().map(Decision::code).collect();
    let mut said = Decisions::default();
    for node in read::list(node, findings).unwrap_or_default() {
        let entry = match &node.value {
            Value::Map(_) => titled_decision(node, clock, findings),
            Value::Scalar(_) | Value::List(_) => Entry {
                name: Some(node),
                ..Entry::default()
            },
        };
        let word = entry
            .name
            .and_then(|node| read::word(node, &words, findings));
        let Some(decision) = offered().find(|decision| Some(decision.code()) == word) else {
            continue;
        };
        if !said.decisions.insert(decision) {
            let finding = Diagnostic::error("W101", "decision-twice", node.at);
            findings.push(finding.arg("decision", decision.code()));
        }
        said.titles
            .extend(entry.title.map(|title| (decision, title)));
        match entry.stops {
            Some((longest, _)) if decision == Decision::Hold => said.hold_max = longest,
            Some((_, node)) => {
                let finding = Diagnostic::error("W006", "effect-of-hold", node.at);
                findings.push(finding.arg("decision", decision.code()));
            }
            None => {}
        }
    }
    if !said
        .decisions
        .iter()
        .any(|decision| decision.is_favourable())
    {
        findings.push(Diagnostic::error("W115", "no-favourable-decision", node.at));
    }
    said
}

/// `{ id: return, title: { ru: …, en: … } }`; a hold perhaps with `effect: suspend_sla, max: 10bd`.
fn titled_decision<'n>(node: &'n Node, clock: Clock<'_>, findings: &mut Findings) -> Entry<'n> {
    const KEYS: Keys = Keys {
        known: &["id", "title", "effect", "max"],
        later: &[],
    };
    let Some(fields) = Fields::open(node, KEYS, findings) else {
        return Entry::default();
    };
    let title = fields
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    clock.refuse_keys(&fields, &["effect", "max"], findings);
    let is_running = matches!(clock, Clock::Running { .. });
    let keys = fields.get("effect").or_else(|| fields.get("max"));
    let stops = keys.filter(|_| is_running).map(|node| {
        // A clock that stands without end would be no clock.
        if let Some(node) = fields.require("effect", findings) {
            read::word(node, &["suspend_sla"], findings);
        }
        let longest = fields.require("max", findings);
        let longest = longest.and_then(|node| clock.read_span(node, findings));
        (longest, node)
    });
    Entry {
        name: fields.require("id", findings),
        title,
        stops,
    }
}
