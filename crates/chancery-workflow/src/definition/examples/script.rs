//! Reading `script`: what is done, line by line.

use super::Context;
use super::scene::{read_answer, read_card};
use crate::definition::timing_read::named_span;
use crate::definition::{Stage, StageKind};
use crate::diagnostic::{Diagnostic, Position};
use crate::event::{Decision, LookupAnswer};
use crate::parameter;
use crate::read::{self, Fields, Findings, Keys};
use crate::refusal::Refusal;
use crate::span::{Measure, Span};
use crate::state::Fate;
use crate::trial::{Move, MoveKind};
use crate::yaml::{Node as Yaml, Value};

/// The most steps of one script.
const STEPS_MAX: usize = 1_000;

const STEP_KEYS: Keys = Keys {
    known: &["version", "answer", "refused", "code"],
    later: &[],
};

/// The words that a step may begin with.
const VERBS: [&str; 16] = [
    "approve",
    "approve_with_remarks",
    "return",
    "reject",
    "abstain",
    "hold",
    "acknowledge",
    "sign",
    "revoke",
    "resubmit",
    "withdraw",
    "cancel",
    "suspend",
    "resume",
    "wait",
    "child",
];

/// Reads the steps of a script; `None` if one of them is refused.
pub(super) fn read_script(
    node: &Yaml,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<Vec<Move>> {
    let nodes = read::list(node, findings)?;
    if nodes.len() > STEPS_MAX {
        let finding = Diagnostic::error("W006", "too-many", node.at);
        findings.push(finding.arg("max", STEPS_MAX));
        return None;
    }
    let read: Vec<Option<Move>> = nodes
        .iter()
        .map(|node| read_step(node, context, findings))
        .collect();
    read.into_iter().collect()
}

fn read_step(node: &Yaml, context: &Context<'_>, findings: &mut Findings) -> Option<Move> {
    if let Value::Scalar(scalar) = &node.value {
        return read_words(node, &scalar.text, false, context, findings);
    }
    let fields = Fields::open(node, STEP_KEYS, findings)?;
    let main = ["version", "answer", "refused"];
    let mut given = main.iter().filter_map(|key| Some((*key, fields.get(key)?)));
    let (Some((key, value)), None) = (given.next(), given.next()) else {
        findings.push(Diagnostic::error("W006", "test-one-step", node.at));
        return None;
    };
    if key != "refused" && fields.get("code").is_some() {
        let at = fields.key_at("code");
        findings.push(Diagnostic::error("W006", "test-one-step", at));
        return None;
    }
    let kind = match key {
        "version" => read_version(value, context, findings)?,
        "answer" => {
            let (lookup, values) = read_answer(value, context, findings)?;
            let answer = LookupAnswer::Given { values };
            MoveKind::Answer { lookup, answer }
        }
        _ => {
            let written = read::text(value, findings)?;
            let mut step = read_words(value, written, true, context, findings)?;
            let code = match fields.get("code") {
                Some(node) => Some(read_code(node, findings)?),
                None => None,
            };
            step.refused = Some(code);
            return Some(step);
        }
    };
    Some(Move {
        kind,
        refused: None,
        text: key.to_owned(),
        at: node.at,
    })
}

/// The code of a refusal.
fn read_code(node: &Yaml, findings: &mut Findings) -> Option<String> {
    let written = read::text(node, findings)?;
    if Refusal::CODES.contains(&written) {
        return Some(written.to_owned());
    }
    let finding = Diagnostic::error("W201", "test-unknown-refusal", node.at);
    let known = Refusal::CODES.iter().copied();
    findings.push(finding.arg("name", written).suggest(written, known));
    None
}

/// `{ doc.amount: "RUB 1.00", file.main: true }`.
fn read_version(node: &Yaml, context: &Context<'_>, findings: &mut Findings) -> Option<MoveKind> {
    let fields = Fields::open_any(node, findings)?;
    let is_file = |name: &str| matches!(name, "file.main" | "file.attachments");
    let mut files = Vec::new();
    for (key, value) in fields.pairs() {
        if is_file(&key.name) && read::boolean(value, findings)? {
            files.push(key.name.clone());
        }
    }
    let Value::Map(pairs) = &node.value else {
        return None;
    };
    let others = pairs.iter().filter(|(key, _)| !is_file(&key.name));
    let of_card = Yaml {
        at: node.at,
        value: Value::Map(others.cloned().collect()),
    };
    let (card, named) = read_card(&of_card, "doc.", context, findings);
    Some(MoveKind::Version { card, named, files })
}

/// `approve expertise/legal by anna`, `wait 2bd`, `resubmit`.
fn read_words(
    node: &Yaml,
    written: &str,
    is_refused: bool,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<Move> {
    let words: Vec<&str> = written.split_whitespace().collect();
    let unknown = |findings: &mut Findings| {
        let first = words.first().copied().unwrap_or_default();
        let finding = Diagnostic::error("W802", "test-unknown-step", node.at);
        let finding = finding.arg("text", written);
        findings.push(if VERBS.contains(&first) {
            finding
        } else {
            finding.suggest(first, VERBS)
        });
    };
    let kind = match words.as_slice() {
        ["resubmit"] => MoveKind::Resubmit,
        ["withdraw"] => MoveKind::Withdraw,
        ["cancel"] => MoveKind::Cancel,
        ["suspend"] => MoveKind::Suspend,
        ["resume"] => MoveKind::Resume,
        ["child", name, fate] => read_child((node, written), (name, fate), context, findings)?,
        ["wait", span] => MoveKind::Wait(read_span(node, span, context, findings)?),
        [verb, path] | [verb, path, "by", _] => {
            let decision = decision_of(verb);
            if decision.is_none() && *verb != "revoke" {
                unknown(findings);
                return None;
            }
            let Some(stage) = context.stage(path) else {
                let at = word_at(node, written, path);
                findings.push(context.unknown_stage(path, at));
                return None;
            };
            let unoffered = decision.filter(|decision| !offers(stage, *decision));
            if let Some(decision) = unoffered.filter(|_| !is_refused) {
                let at = word_at(node, written, verb);
                let finding = Diagnostic::error("W802", "test-step-not-offered", at);
                findings.push(finding.arg("stage", path).arg("decision", decision));
                return None;
            }
            at_stage(stage, decision, words.get(3).copied())
        }
        _ => {
            unknown(findings);
            return None;
        }
    };
    Some(Move {
        kind,
        refused: None,
        text: written.to_owned(),
        at: node.at,
    })
}

/// `child closing_acts completed`.
fn read_child(
    (node, written): (&Yaml, &str),
    (name, fate): (&str, &str),
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<MoveKind> {
    const FATES: [Fate; 4] = [Fate::Open, Fate::Completed, Fate::Rejected, Fate::Withdrawn];
    let known = || context.subdocuments.iter().map(|one| one.name.as_str());
    if !known().any(|known| known == name) {
        let at = word_at(node, written, name);
        let finding = Diagnostic::error("W201", "unknown-subdocument", at);
        findings.push(finding.arg("name", name).suggest(name, known()));
        return None;
    }
    let Some(fate) = FATES.into_iter().find(|one| one.code() == fate) else {
        let at = word_at(node, written, fate);
        let finding = Diagnostic::error("W802", "test-unknown-fate", at);
        let finding = finding.arg("text", fate);
        findings.push(finding.suggest(fate, FATES.map(Fate::code)));
        return None;
    };
    Some(MoveKind::Child {
        name: name.to_owned(),
        fate,
    })
}

/// A decision in a stage, or a vote that is taken back.
fn at_stage(stage: &Stage, decision: Option<Decision>, by: Option<&str>) -> MoveKind {
    let (stage, by) = (stage.path.clone(), by.map(str::to_owned));
    match decision {
        None => MoveKind::Revoke { stage, by },
        Some(decision) => MoveKind::Decide {
            decision,
            stage,
            by,
        },
    }
}

/// Where a word of a step stands.
fn word_at(node: &Yaml, written: &str, word: &str) -> Position {
    let before = written.find(word).unwrap_or(0);
    let before = written.get(..before).unwrap_or_default();
    node.position_in(before.chars().count(), word.chars().count())
}

fn decision_of(verb: &str) -> Option<Decision> {
    const ALL: [Decision; 8] = [
        Decision::Approve,
        Decision::ApproveWithRemarks,
        Decision::Return,
        Decision::Reject,
        Decision::Abstain,
        Decision::Hold,
        Decision::Acknowledge,
        Decision::Sign,
    ];
    ALL.into_iter().find(|decision| decision.code() == verb)
}

/// Whether somebody in a stage may say this.
fn offers(stage: &Stage, decision: Decision) -> bool {
    match decision {
        Decision::Sign => stage.kind == StageKind::Sign,
        Decision::Acknowledge => stage.kind == StageKind::Acknowledge,
        other => stage.decisions.contains(&other),
    }
}

fn read_span(
    node: &Yaml,
    written: &str,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<Span> {
    let span = match parameter::named(written) {
        Some(name) => named_span(context.parameters, name, node, findings)?,
        None => Span::parse(written).or_else(|| {
            let finding = Diagnostic::error("W802", "test-bad-span", node.at);
            findings.push(finding.arg("text", written));
            None
        })?,
    };
    if span.budget().measure != Measure::Clock && context.calendar.is_none() {
        let finding = Diagnostic::error("W802", "test-needs-calendar", node.at);
        findings.push(finding.arg("text", written));
        return None;
    }
    Some(span)
}
