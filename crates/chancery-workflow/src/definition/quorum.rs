//! Reading `quorum:` and `weights:`.

use super::resolver::Resolvers;
use super::{Quorum, Resolver};
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Scope, compile};
use crate::kind::Kind;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::{Node, Value};

/// The largest count of a quorum: as many as a stage asks at most.
const QUORUM_MAX: i64 = 5_000;
/// The largest weight of one person, and of a quorum.
const WEIGHT_MAX: i64 = 1000;
/// The most conditions of one quorum.
const CASES_MAX: usize = 20;

/// The keys of which a quorum has exactly one.
const MAIN: [&str; 5] = ["count", "percent", "weight", "each_group", "when"];

/// A quorum as read.
pub(super) struct ReadRule<'n> {
    pub(super) quorum: Quorum,
    pub(super) cases: Vec<(Expression, Quorum, &'n Node)>,
    pub(super) veto: Vec<(Resolver, &'n Node)>,
}

impl Default for ReadRule<'_> {
    fn default() -> Self {
        Self {
            quorum: Quorum::All,
            cases: Vec::new(),
            veto: Vec::new(),
        }
    }
}

impl ReadRule<'_> {
    /// The quorums under a condition, without their places.
    pub(super) fn cases(&self) -> Vec<(Expression, Quorum)> {
        let cases = self.cases.iter();
        cases
            .map(|(when, quorum, _)| (when.clone(), *quorum))
            .collect()
    }

    /// Every quorum that may apply.
    pub(super) fn all(&self) -> impl Iterator<Item = Quorum> {
        let cases = self.cases.iter().map(|(_, quorum, _)| *quorum);
        cases.chain([self.quorum])
    }
}

/// Reads `quorum:` with its veto and its conditions.
pub(super) fn read_rule<'n>(
    node: &'n Node,
    kind: &Kind,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> ReadRule<'n> {
    let mut rule = ReadRule::default();
    let fields = match &node.value {
        Value::Map(_) => Fields::open_any(node, findings),
        Value::Scalar(_) | Value::List(_) => None,
    };
    if let Some(veto) = fields.and_then(|fields| fields.get("veto")) {
        rule.veto = resolvers.read_list(veto, findings);
    }
    match fields.and_then(|fields| fields.get("when")) {
        Some(list) => {
            // The other keys are looked at too, so that none is ignored.
            read_quorum(node, findings);
            let scope = Scope::of(kind, resolvers.vocabulary());
            read_cases(list, &scope, &mut rule, findings);
        }
        None => rule.quorum = read_quorum(node, findings).unwrap_or(Quorum::All),
    }
    rule
}

fn read_cases<'n>(
    node: &'n Node,
    scope: &Scope<'_>,
    rule: &mut ReadRule<'n>,
    findings: &mut Findings,
) {
    const KEYS: Keys = Keys {
        known: &["if", "use", "else"],
        later: &[],
    };
    let list = read::list(node, findings).unwrap_or_default();
    let mut otherwise = None;
    for (index, case) in list.iter().enumerate() {
        let Some(fields) = Fields::open(case, KEYS, findings) else {
            continue;
        };
        if index >= CASES_MAX {
            findings.push(Diagnostic::error("W006", "too-many", case.at).arg("max", CASES_MAX));
            break;
        }
        if let Some(quorum) = fields.get("else") {
            otherwise = read_quorum(quorum, findings);
            continue;
        }
        let when = fields.require("if", findings);
        let when = when.and_then(|node| compile(node, scope, findings).map(|when| (when, node)));
        let quorum = fields.require("use", findings);
        let quorum = quorum.and_then(|node| read_quorum(node, findings));
        if let Some(((when, node), quorum)) = when.zip(quorum) {
            rule.cases.push((when, quorum, node));
        }
    }
    let is_last = list.last().is_some_and(|last| match &last.value {
        Value::Map(pairs) => pairs.iter().any(|(key, _)| key.name == "else"),
        Value::Scalar(_) | Value::List(_) => false,
    });
    match otherwise {
        Some(quorum) if is_last => rule.quorum = quorum,
        _ => findings.push(Diagnostic::error("W111", "no-else", node.at)),
    }
}

/// One quorum, without conditions.
fn read_quorum(node: &Node, findings: &mut Findings) -> Option<Quorum> {
    const KEYS: Keys = Keys {
        known: &[
            "count",
            "percent",
            "weight",
            "min",
            "each_group",
            "veto",
            "when",
        ],
        later: &[],
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
    let main: Vec<&str> = MAIN
        .into_iter()
        .filter(|key| fields.get(key).is_some())
        .collect();
    if let Some(min) = fields.get("min")
        && fields.get("percent").is_none()
    {
        findings.push(Diagnostic::error("W301", "min-without-percent", min.at));
    }
    let number = |key: &str, most: i64, findings: &mut Findings| {
        let node = fields.get(key)?;
        let number = read::whole(node, 1..=most, findings)?;
        u32::try_from(number).ok()
    };
    match main.as_slice() {
        // A veto alone: everybody, and nothing against the veto.
        [] if fields.get("veto").is_some() => Some(Quorum::All),
        ["when"] => None,
        ["count"] => number("count", QUORUM_MAX, findings).map(Quorum::Count),
        ["weight"] => number("weight", WEIGHT_MAX, findings).map(Quorum::Weight),
        ["each_group"] => number("each_group", QUORUM_MAX, findings).map(Quorum::EachGroup),
        ["percent"] => {
            let min = match fields.get("min") {
                Some(_) => number("min", QUORUM_MAX, findings)?,
                None => 1,
            };
            number("percent", 100, findings).map(|percent| Quorum::Percent { percent, min })
        }
        _ => {
            findings.push(Diagnostic::error("W006", "one-quorum", node.at));
            None
        }
    }
}

/// `weights: [{ who: …, weight: 3 }]`.
pub(super) fn read_weights<'n>(
    node: &'n Node,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<(Resolver, u32, &'n Node)> {
    const KEYS: Keys = Keys {
        known: &["who", "weight"],
        later: &[],
    };
    let mut weights = Vec::new();
    for node in read::list(node, findings).unwrap_or_default() {
        let Some(fields) = Fields::open(node, KEYS, findings) else {
            continue;
        };
        let who = fields.require("who", findings);
        let who = who.and_then(|node| resolvers.read_one(node, findings));
        let weight = fields.require("weight", findings);
        let weight = weight.and_then(|node| read::whole(node, 0..=WEIGHT_MAX, findings));
        let weight = weight.and_then(|weight| u32::try_from(weight).ok());
        weights.extend(who.zip(weight).map(|(who, weight)| (who, weight, node)));
    }
    weights
}
