//! Reading one stage.

use std::collections::BTreeSet;

use super::resolver::Resolvers;
use super::{Quorum, Resolver, Stage, StageKind, Via};
use crate::diagnostic::Diagnostic;
use crate::event::Decision;
use crate::expression::{Scope, compile};
use crate::kind::Kind;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::{Node, Value};

/// The longest span of `due`, in days.
const DUE_DAYS_MAX: i64 = 366;
/// The largest count of a quorum.
const QUORUM_MAX: i64 = 200;

const STAGE_KEYS: Keys = Keys {
    known: &[
        "id",
        "type",
        "title",
        "when",
        "assignees",
        "quorum",
        "decisions",
        "due",
        "if_empty",
        "blocking",
        "via",
        "carry",
        "mode",
    ],
    later: &[
        "weights",
        "remind",
        "escalate",
        "on_timeout",
        "on_reject",
        "absorb",
        "dedupe",
        "signature",
        "link",
        "form",
        "allow",
        "need",
        "route",
        "lookups",
        "facts",
        "automatic",
    ],
};

/// What a stage's file text was, for the checks that point at it.
pub(super) struct StagePlace<'n> {
    pub(super) fields: Fields<'n>,
    pub(super) assignees: Vec<(Resolver, &'n Node)>,
    pub(super) if_empty: Vec<(Resolver, &'n Node)>,
}

impl StagePlace<'_> {
    /// The place of its identifier.
    pub(super) fn id_at(&self) -> crate::diagnostic::Position {
        self.fields.get("id").map_or(self.fields.at, |node| node.at)
    }
}

/// Reads a stage. `around` is the path of the block around it, with its slash.
pub(super) fn read_stage<'n>(
    node: &'n Node,
    around: &str,
    kind: &Kind,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<(Stage, StagePlace<'n>)> {
    let fields = Fields::open(node, STAGE_KEYS, findings)?;
    let id = fields
        .require("id", findings)
        .and_then(|node| read::id(node, findings));
    let title = fields
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    let stage_kind = fields
        .require("type", findings)
        .and_then(|node| read_kind(node, findings));
    let scope = Scope::of(kind);
    let when = fields
        .get("when")
        .and_then(|node| compile(node, &scope, findings));
    let assignees = fields
        .require("assignees", findings)
        .map(|node| resolvers.read_list(node, findings))
        .unwrap_or_default();
    let if_empty = fields
        .get("if_empty")
        .map(|node| read_if_empty(node, resolvers, findings))
        .unwrap_or_default();
    let quorum = fields
        .get("quorum")
        .and_then(|node| read_quorum(node, findings));
    let due_seconds = fields.get("due").and_then(|node| read_span(node, findings));
    only(&fields, "carry", "never", findings);
    only(&fields, "mode", "parallel", findings);
    let via = read_via(&fields, findings);
    let stage_kind = stage_kind?;
    let decisions = read_decisions(&fields, stage_kind, findings);
    let blocking = read_blocking(&fields, stage_kind, findings);
    let id = id?;
    let stage = Stage {
        path: format!("{around}{id}"),
        id,
        kind: stage_kind,
        title: title?,
        when,
        assignees: without_places(&assignees),
        if_empty: without_places(&if_empty),
        quorum: quorum.unwrap_or(Quorum::All),
        due_seconds,
        decisions,
        blocking,
        via,
    };
    Some((
        stage,
        StagePlace {
            fields,
            assignees,
            if_empty,
        },
    ))
}

fn without_places(read: &[(Resolver, &Node)]) -> Vec<Resolver> {
    read.iter().map(|(resolver, _)| resolver.clone()).collect()
}

fn read_via(fields: &Fields<'_>, findings: &mut Findings) -> Via {
    let word = fields
        .get("via")
        .and_then(|node| read::word(node, &["account", "link"], findings));
    if word == Some("link") {
        Via::Link
    } else {
        Via::Account
    }
}

fn read_blocking(fields: &Fields<'_>, kind: StageKind, findings: &mut Findings) -> bool {
    let blocking = fields
        .get("blocking")
        .and_then(|node| read::boolean(node, findings))
        .unwrap_or(true);
    if !blocking && kind != StageKind::Acknowledge {
        findings.push(Diagnostic::error(
            "W114",
            "must-block",
            fields.key_at("blocking"),
        ));
    }
    blocking
}

fn read_kind(node: &Node, findings: &mut Findings) -> Option<StageKind> {
    if let Value::Scalar(scalar) = &node.value
        && matches!(scalar.text.as_str(), "review" | "automatic")
    {
        findings.push(later_value(node, "type", &scalar.text));
        return None;
    }
    Some(
        match read::word(node, &["approve", "sign", "acknowledge"], findings)? {
            "approve" => StageKind::Approve,
            "sign" => StageKind::Sign,
            _ => StageKind::Acknowledge,
        },
    )
}

fn later_value(node: &Node, key: &str, value: &str) -> Diagnostic {
    Diagnostic::error("W010", "later-value", node.at)
        .arg("key", key)
        .arg("value", value)
}

/// A key that has one value so far.
pub(super) fn only(fields: &Fields<'_>, key: &str, value: &str, findings: &mut Findings) {
    let Some(node) = fields.get(key) else {
        return;
    };
    match &node.value {
        Value::Scalar(scalar) if scalar.text == value => {}
        Value::Scalar(scalar) => findings.push(later_value(node, key, &scalar.text)),
        Value::List(_) | Value::Map(_) => findings.push(later_value(node, key, "{}")),
    }
}

fn read_if_empty<'n>(
    node: &'n Node,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<(Resolver, &'n Node)> {
    const KEYS: Keys = Keys {
        known: &["use"],
        later: &[],
    };
    if let Value::Scalar(scalar) = &node.value {
        match scalar.text.as_str() {
            "fail" => {}
            "skip" => findings.push(Diagnostic::error("W314", "if-empty-skip", node.at)),
            _ => {
                read::word(node, &["fail"], findings);
            }
        }
        return Vec::new();
    }
    Fields::open(node, KEYS, findings)
        .and_then(|fields| fields.require("use", findings))
        .map(|node| resolvers.read_list(node, findings))
        .unwrap_or_default()
}

fn read_quorum(node: &Node, findings: &mut Findings) -> Option<Quorum> {
    const KEYS: Keys = Keys {
        known: &["count"],
        later: &["percent", "weight", "min", "each_group", "veto", "when"],
    };
    if let Value::Scalar(scalar) = &node.value {
        if scalar.text.parse::<u32>().is_ok() {
            let finding = Diagnostic::error("W006", "quorum-bare-number", node.at);
            findings.push(finding.arg("text", &scalar.text));
            return None;
        }
        return Some(match read::word(node, &["all", "any"], findings)? {
            "all" => Quorum::All,
            _ => Quorum::Any,
        });
    }
    let fields = Fields::open(node, KEYS, findings)?;
    let count = match fields.get("count") {
        Some(node) => read::whole(node, 1..=QUORUM_MAX, findings)?,
        None => {
            if fields.pairs().is_empty() {
                fields.require("count", findings);
            }
            return None;
        }
    };
    u32::try_from(count).ok().map(Quorum::Count)
}

fn read_decisions(
    fields: &Fields<'_>,
    kind: StageKind,
    findings: &mut Findings,
) -> BTreeSet<Decision> {
    let offered: &[Decision] = match kind {
        StageKind::Approve => &[
            Decision::Approve,
            Decision::ApproveWithRemarks,
            Decision::Return,
            Decision::Reject,
        ],
        StageKind::Sign => &[Decision::Sign, Decision::Return, Decision::Reject],
        StageKind::Acknowledge => &[Decision::Acknowledge],
    };
    let Some(node) = fields.get("decisions") else {
        return offered.iter().copied().collect();
    };
    let mut decisions: BTreeSet<Decision> = BTreeSet::new();
    for node in read::list(node, findings).unwrap_or_default() {
        if matches!(node.value, Value::Map(_)) {
            findings.push(later_value(node, "decisions", "{}"));
            continue;
        }
        let words: Vec<&'static str> = offered.iter().map(|decision| decision.code()).collect();
        let word = read::word(node, &words, findings);
        decisions.extend(
            offered
                .iter()
                .filter(|decision| Some(decision.code()) == word),
        );
    }
    if !decisions.iter().any(|decision| decision.is_favourable()) {
        findings.push(Diagnostic::error("W115", "no-favourable-decision", node.at));
    }
    decisions
}

/// A plain span: a number and `d`, `h` or `m`.
fn read_span(node: &Node, findings: &mut Findings) -> Option<i64> {
    let written = read::text(node, findings)?;
    let unit_at = written
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(written.len());
    let (digits, unit) = written.split_at(unit_at);
    let seconds = match unit {
        "d" => Some(86_400),
        "h" => Some(3_600),
        "m" => Some(60),
        _ => None,
    };
    let mut refuse = |code, key| {
        findings.push(Diagnostic::error(code, key, node.at).arg("text", written));
        None
    };
    if matches!(unit, "bd" | "bh") {
        return refuse("W401", "calendar-later");
    }
    let span = seconds.zip(digits.parse::<i64>().ok());
    match span.and_then(|(seconds, count)| count.checked_mul(seconds)) {
        Some(seconds) if seconds > 0 && seconds <= DUE_DAYS_MAX * 86_400 => Some(seconds),
        _ => refuse("W405", "bad-span"),
    }
}
