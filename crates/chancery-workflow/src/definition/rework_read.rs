//! Reading what happens on a return and after it.

use super::check::not_material;
use super::nodes::ReadNode;
use super::resolver::Resolvers;
use super::rework::EXTRA_ROUNDS_DEFAULT;
use super::stage::Shared;
use super::{OnExhausted, Resolver, Resume, Rework, Reworker, Stage};
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml;

/// The most rounds of rework.
pub(super) const ROUNDS_MAX: i64 = 50;
/// The most extra rounds.
pub(super) const EXTRA_ROUNDS_MAX: i64 = 10;

pub(super) fn read_rework(
    node: &yaml::Node,
    nodes: &[ReadNode<'_>],
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<Rework> {
    const KEYS: Keys = Keys {
        known: &["max_rounds", "on_exhausted", "resume", "pause_sla", "to"],
        later: &[],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let rounds = fields
        .require("max_rounds", findings)
        .and_then(|node| read::whole(node, 1..=ROUNDS_MAX, findings));
    let on_exhausted = match fields.get("on_exhausted") {
        Some(node) => read_exhausted(node, shared, resolvers, findings),
        None => None,
    };
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
    let to = match fields.get("to") {
        Some(node) => read_reworker(node, shared, resolvers, findings)?,
        None => Reworker::Initiator,
    };
    Some(Rework {
        rounds_max: u32::try_from(rounds?).ok()?,
        on_exhausted: on_exhausted.unwrap_or(OnExhausted::Refuse),
        resume,
        to,
    })
}

/// `initiator`, `author` (of the version that was returned), a participant or a resolver.
pub(super) fn read_reworker(
    node: &yaml::Node,
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<Reworker> {
    if let yaml::Value::Scalar(scalar) = &node.value {
        match scalar.text.as_str() {
            "initiator" => return Some(Reworker::Initiator),
            "author" => return Some(Reworker::Author),
            _ => {}
        }
    }
    let resolver = resolvers.read_one(node, findings)?;
    if matches!(resolver, Resolver::Contact(_)) {
        findings.push(Diagnostic::error("W121", "contact-needs-link", node.at));
        return None;
    }
    for name in resolver.fields() {
        if !shared.material.fields.contains(name) {
            findings.push(not_material(name, node.at));
        }
    }
    Some(Reworker::Found(resolver))
}

/// `{ finish: rejected }` or `{ escalate: { to: process_owner, max: 2, due: 2bd } }`.
fn read_exhausted(
    node: &yaml::Node,
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<OnExhausted> {
    const KEYS: Keys = Keys {
        known: &["finish", "escalate"],
        later: &[],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let [(key, value)] = fields.pairs() else {
        findings.push(Diagnostic::error("W006", "one-on-exhausted", node.at));
        return None;
    };
    match key.name.as_str() {
        "finish" => read::word(value, &["rejected"], findings).map(|_| OnExhausted::Reject),
        "escalate" => read_escalation(value, shared, resolvers, findings),
        // Not known, which was said.
        _ => None,
    }
}

fn read_escalation(
    node: &yaml::Node,
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<OnExhausted> {
    const KEYS: Keys = Keys {
        known: &["to", "max", "due"],
        later: &[],
    };
    let fields = Fields::open(node, KEYS, findings)?;
    let timing = shared.timing(&fields, resolvers, findings);
    let max = match fields.get("max") {
        Some(node) => read::whole(node, 1..=EXTRA_ROUNDS_MAX, findings)?,
        None => i64::from(EXTRA_ROUNDS_DEFAULT),
    };
    let to = fields.require("to", findings)?;
    let resolver = resolvers.read_one(to, findings)?;
    if matches!(resolver, Resolver::Contact(_)) {
        findings.push(Diagnostic::error("W121", "contact-needs-link", to.at));
        return None;
    }
    for name in resolver.fields() {
        if !shared.material.fields.contains(name) {
            findings.push(not_material(name, to.at));
        }
    }
    let is_there = |name: &str| shared.kind.field(name).is_some_and(|field| field.required);
    if let Some(name) = resolver.field().filter(|name| !is_there(name)) {
        findings.push(Diagnostic::error("W206", "optional-person", to.at).arg("name", name));
    }
    Some(OnExhausted::Escalate {
        stage: Box::new(Stage::of_extra_round(resolver, timing, node.at)),
        rounds_max: u32::try_from(max).ok()?,
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
