//! Reading what happens on a return and after it.

use super::nodes::ReadNode;
use super::{OnExhausted, Resume, Rework};
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml;

/// The most rounds of rework.
const ROUNDS_MAX: i64 = 50;

pub(super) fn read_rework(
    node: &yaml::Node,
    nodes: &[ReadNode<'_>],
    findings: &mut Findings,
) -> Option<Rework> {
    const KEYS: Keys = Keys {
        known: &["max_rounds", "on_exhausted", "resume", "pause_sla"],
        later: &["to"],
    };
    const EXHAUSTED: Keys = Keys {
        known: &["finish"],
        later: &["escalate"],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let rounds = fields
        .require("max_rounds", findings)
        .and_then(|node| read::whole(node, 1..=ROUNDS_MAX, findings));
    let exhausted = fields
        .get("on_exhausted")
        .and_then(|node| Fields::open(node, EXHAUSTED, findings))
        .and_then(|fields| fields.require("finish", findings))
        .and_then(|node| read::word(node, &["rejected"], findings));
    // Tasks are closed when a document is returned and open anew with their whole time, so no clock
    // runs while it is reworked. Another way is not carried out.
    if let Some(node) = fields.get("pause_sla")
        && read::boolean(node, findings) == Some(false)
    {
        let finding = Diagnostic::error("W010", "later-value", node.at);
        findings.push(finding.arg("key", "pause_sla").arg("value", "false"));
    }
    let resume = match fields.get("resume") {
        Some(node) => read_resume(node, nodes, findings)?,
        None => Resume::FirstUnsatisfied,
    };
    Some(Rework {
        rounds_max: u32::try_from(rounds?).ok()?,
        on_exhausted: match exhausted {
            Some(_) => OnExhausted::Reject,
            None => OnExhausted::Refuse,
        },
        resume,
    })
}

/// `first_unsatisfied`, `restart`, `refusers_only`, or `stage:` and a step of the top level.
fn read_resume(
    node: &yaml::Node,
    nodes: &[ReadNode<'_>],
    findings: &mut Findings,
) -> Option<Resume> {
    let written = read::text(node, findings)?;
    if let Some(step) = written.strip_prefix("stage:") {
        let ids = || nodes.iter().map(|read| read.node.id());
        if ids().any(|id| id == step) {
            return Some(Resume::Step(step.to_owned()));
        }
        findings.push(
            Diagnostic::error("W201", "unknown-step", node.at)
                .arg("name", step)
                .suggest(step, ids()),
        );
        return None;
    }
    let words = ["first_unsatisfied", "restart", "refusers_only"];
    Some(match read::word(node, &words, findings)? {
        "restart" => Resume::Restart,
        "refusers_only" => Resume::RefusersOnly,
        _ => Resume::FirstUnsatisfied,
    })
}
