//! What no single key shows: order, quorum, material fields, rules.

use std::collections::{BTreeMap, BTreeSet};

use super::parse::{ReadNode, ReadRule};
use super::stage::StagePlace;
use super::{Node, Quorum, Resolver, Stage, StageKind, Via};
use crate::diagnostic::{Diagnostic, Position};
use crate::expression::Expression;
use crate::kind::Kind;
use crate::read::Findings;

pub(super) fn check(
    nodes: &[ReadNode<'_>],
    rules: &[ReadRule<'_>],
    kind: &Kind,
    material: &BTreeSet<String>,
    stages_at: Position,
    findings: &mut Findings,
) {
    for read in nodes {
        if let Node::Parallel(block) = &read.node {
            check_condition(block.when.as_ref(), &read.fields, material, findings);
        }
        for (stage, place) in read.node.stages().iter().zip(&read.places) {
            check_condition(stage.when.as_ref(), &place.fields, material, findings);
            check_people(stage, place, kind, material, findings);
            check_quorum(stage, place, findings);
            check_link(stage, place, findings);
        }
    }
    check_some_control(nodes, stages_at, findings);
    check_signing_last(nodes, findings);
    check_rules(nodes, rules, material, findings);
}

/// A field that decides the route must be material: else editing it changes the route without a
/// new version, and votes on the old route would stand.
fn check_condition(
    when: Option<&Expression>,
    fields: &crate::read::Fields<'_>,
    material: &BTreeSet<String>,
    findings: &mut Findings,
) {
    let Some((when, node)) = when.zip(fields.get("when")) else {
        return;
    };
    for name in when.fields().difference(material) {
        findings.push(not_material(name, node.at));
    }
}

fn not_material(name: &str, at: Position) -> Diagnostic {
    Diagnostic::error("W210", "field-not-material", at).arg("name", name)
}

fn check_people(
    stage: &Stage,
    place: &StagePlace<'_>,
    kind: &Kind,
    material: &BTreeSet<String>,
    findings: &mut Findings,
) {
    for (resolver, node) in place.assignees.iter().chain(&place.if_empty) {
        let Some(name) = resolver.field() else {
            continue;
        };
        if !material.contains(name) {
            findings.push(not_material(name, node.at));
        }
    }
    for (resolver, node) in &place.assignees {
        let Some(name) = resolver.field() else {
            continue;
        };
        let always = kind.field(name).is_some_and(|field| field.required)
            || stage
                .when
                .as_ref()
                .is_some_and(|when| when.guarantees(name));
        if !always && stage.if_empty.is_empty() {
            findings
                .push(Diagnostic::error("W206", "optional-assignee", node.at).arg("name", name));
        }
    }
}

fn check_quorum(stage: &Stage, place: &StagePlace<'_>, findings: &mut Findings) {
    let Quorum::Count(needed) = stage.quorum else {
        return;
    };
    let most = |resolvers: &[Resolver]| -> Option<u32> {
        resolvers
            .iter()
            .map(Resolver::people_max)
            .try_fold(0_u32, |sum, people| {
                people.map(|people| sum.saturating_add(people))
            })
    };
    // Each resolver that finds nobody is replaced by all of `if_empty`.
    let Some(named) = most(&stage.assignees) else {
        return;
    };
    let replaced = match most(&stage.if_empty) {
        Some(0) => 0,
        Some(more) => named.saturating_sub(1).saturating_add(more),
        None => return,
    };
    let available = named.max(replaced);
    if needed > available {
        let at = place
            .fields
            .get("quorum")
            .map_or(place.fields.at, |node| node.at);
        findings.push(
            Diagnostic::error("W310", "quorum-unreachable", at)
                .arg("needed", needed)
                .arg("available", available)
                .arg("stage", &stage.id),
        );
    }
}

/// A contact has no account, and a person of ours needs no link.
fn check_link(stage: &Stage, place: &StagePlace<'_>, findings: &mut Findings) {
    if stage.via == Via::Link && stage.kind != StageKind::Sign {
        findings.push(Diagnostic::error(
            "W121",
            "link-only-to-sign",
            place.fields.key_at("via"),
        ));
    }
    for (resolver, node) in place.assignees.iter().chain(&place.if_empty) {
        let contact = matches!(resolver, Resolver::Contact(_));
        match (contact, stage.via) {
            (true, Via::Account) => {
                findings.push(Diagnostic::error("W121", "contact-needs-link", node.at));
            }
            (false, Via::Link) => {
                findings.push(Diagnostic::error("W121", "link-needs-contact", node.at));
            }
            _ => {}
        }
    }
}

/// At least one approval or signature stands on every path.
fn check_some_control(nodes: &[ReadNode<'_>], stages_at: Position, findings: &mut Findings) {
    let always = nodes.iter().any(|read| {
        let outer = match &read.node {
            Node::Stage(_) => true,
            Node::Parallel(block) => block.when.is_none(),
        };
        outer
            && read
                .node
                .stages()
                .iter()
                .any(|stage| stage.kind != StageKind::Acknowledge && stage.when.is_none())
    });
    if !always && !nodes.is_empty() {
        findings.push(Diagnostic::error("W113", "no-control", stages_at));
    }
}

/// After the first node that signs, nothing approves: a signature is given to what is approved.
fn check_signing_last(nodes: &[ReadNode<'_>], findings: &mut Findings) {
    let mut signed: Option<&str> = None;
    for read in nodes {
        let stages = read.node.stages();
        let signs = stages.iter().find(|stage| stage.kind == StageKind::Sign);
        let before = signed.or_else(|| signs.map(|stage| stage.id.as_str()));
        for (stage, place) in stages.iter().zip(&read.places) {
            if stage.kind == StageKind::Approve
                && let Some(sign) = before
            {
                let at = place
                    .fields
                    .get("id")
                    .map_or(place.fields.at, |node| node.at);
                findings.push(
                    Diagnostic::error("W120", "approve-after-sign", at)
                        .arg("stage", &stage.id)
                        .arg("sign", sign),
                );
            }
        }
        signed = before;
    }
}

/// A rule may ask only for voters that are all known when its stages open: of earlier nodes.
/// Otherwise a vote in another branch could leave an open task that nobody may decide.
fn check_rules(
    nodes: &[ReadNode<'_>],
    rules: &[ReadRule<'_>],
    material: &BTreeSet<String>,
    findings: &mut Findings,
) {
    let place: BTreeMap<&str, usize> = nodes
        .iter()
        .enumerate()
        .flat_map(|(index, read)| {
            read.node
                .stages()
                .iter()
                .map(move |stage| (stage.id.as_str(), index))
        })
        .collect();
    let mut ids = BTreeSet::new();
    for (rule, fields) in rules {
        let at = fields.get("rule").map_or(fields.at, |node| node.at);
        if !ids.insert(rule.id.as_str()) || matches!(rule.id.as_str(), "initiator" | "author") {
            findings.push(Diagnostic::error("W101", "duplicate-id", fields.at).arg("id", &rule.id));
        }
        for name in rule.rule.fields().difference(material) {
            findings.push(not_material(name, at));
        }
        let asked = rule.rule.stages();
        if !asked.is_empty() && rule.stages.is_empty() {
            findings.push(
                Diagnostic::error("W122", "rule-needs-stages", fields.at).arg("id", &rule.id),
            );
        }
        for asked in &asked {
            for stage in &rule.stages {
                let earlier = place.get(asked.as_str()) < place.get(stage.as_str());
                if !earlier {
                    findings.push(
                        Diagnostic::error("W122", "voters-not-earlier", at)
                            .arg("stage", stage)
                            .arg("asked", asked),
                    );
                }
            }
        }
    }
}
