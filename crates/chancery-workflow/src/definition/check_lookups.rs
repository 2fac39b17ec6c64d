//! Automatic stages: their ways lead forward, and no answer is read that was not asked for.

use std::collections::BTreeSet;

use super::automatic::is_jumped;
use super::check::{Read, not_material};
use super::nodes::ReadNode;
use super::{Automatic, Node};
use crate::diagnostic::{Diagnostic, Position};
use crate::expression::{Analysis, Expression};
use crate::read::{Fields, Findings};

pub(super) fn check_lookups(read: &Read<'_, '_>, findings: &mut Findings) {
    check_list(read, read.nodes, true, &BTreeSet::new(), findings);
    let facts = read.top.get("facts");
    let facts = facts.and_then(|node| Fields::open_any(node, &mut Findings::default()));
    let Some(facts) = facts else {
        return;
    };
    for (key, node) in facts.pairs() {
        let Some(lookup) = read.lookups.get(&key.name) else {
            continue;
        };
        // An answer is about what was asked with it: were that changed, it would stand for another.
        for field in lookup.args.values() {
            if !read.material.contains(field) {
                findings.push(not_material(field, node.at));
            }
        }
        let mut all = read.nodes.iter().flat_map(ReadNode::all);
        let is_asked = |node: &ReadNode<'_>| match &node.node {
            Node::Automatic(automatic) => automatic.need.contains(&key.name),
            Node::Stage(_) | Node::Parallel(_) | Node::Sequence(_) => false,
        };
        if !all.any(is_asked) {
            let finding = Diagnostic::warning("W202", "fact-unused", key.at);
            findings.push(finding.arg("name", &key.name));
        }
    }
}

/// `have` is what was surely asked before the list.
fn check_list(
    read: &Read<'_, '_>,
    nodes: &[ReadNode<'_>],
    in_order: bool,
    have: &BTreeSet<String>,
    findings: &mut Findings,
) {
    let mut have = have.clone();
    let plain: Vec<Node> = nodes.iter().map(|read| read.node.clone()).collect();
    for (index, node) in nodes.iter().enumerate() {
        if let (Some(when), Some(written)) = (node.node.when(), node.fields.get("when")) {
            check_facts(when, &have, written.at, findings);
        }
        match &node.node {
            Node::Stage(_) => {}
            Node::Automatic(automatic) => {
                let mut own = have.clone();
                own.extend(automatic.need.iter().cloned());
                check_route(read, node, automatic, &own, findings);
                check_targets(&plain, index, in_order, node, findings);
                if in_order && automatic.when.is_none() && !is_jumped(&plain, index) {
                    have = own;
                }
            }
            Node::Parallel(_) => check_list(read, &node.children, false, &have, findings),
            Node::Sequence(_) => check_list(read, &node.children, true, &have, findings),
        }
    }
}

fn check_facts(when: &Expression, have: &BTreeSet<String>, at: Position, findings: &mut Findings) {
    for fact in when.facts().difference(have) {
        let finding = Diagnostic::error("W503", "fact-not-asked", at);
        findings.push(finding.arg("name", fact));
    }
}

fn check_route(
    read: &Read<'_, '_>,
    node: &ReadNode<'_>,
    automatic: &Automatic,
    have: &BTreeSet<String>,
    findings: &mut Findings,
) {
    let Some(place) = &node.automatic else {
        return;
    };
    for (arm, (when, _)) in automatic.route.iter().zip(&place.arms) {
        check_facts(&arm.when, have, when.at, findings);
        for name in arm.when.fields().difference(read.material) {
            findings.push(not_material(name, when.at));
        }
    }
}

/// The only way back is rework, and a way leads to a step of the same list.
fn check_targets(
    nodes: &[Node],
    index: usize,
    in_order: bool,
    node: &ReadNode<'_>,
    findings: &mut Findings,
) {
    let places = node.automatic.iter().flat_map(|place| &place.arms);
    for target in places.filter_map(|(_, target)| *target) {
        let Some(id) = crate::read::text(target, findings) else {
            continue;
        };
        let later = || nodes.iter().skip(index.saturating_add(1)).map(Node::id);
        if !in_order || !later().any(|later| later == id) {
            let finding = Diagnostic::error("W112", "goto-not-forward", target.at);
            findings.push(finding.arg("name", id).suggest(id, later()));
        }
    }
}

/// Ways that are never taken, because another is before; and ways that leave steps out although
/// nobody has answered.
pub(super) fn lint_routes(read: &Read<'_, '_>, nodes: &[ReadNode<'_>], findings: &mut Findings) {
    for (index, node) in nodes.iter().enumerate() {
        lint_routes(read, &node.children, findings);
        let (Node::Automatic(automatic), Some(place)) = (&node.node, &node.automatic) else {
            continue;
        };
        let next = nodes.get(index.saturating_add(1));
        let next = next.map(|node| node.node.id());
        let mut analysis = Analysis::new(read.kind);
        let mut left = analysis.of(automatic.when.as_ref(), true);
        for (arm, (when, _)) in automatic.route.iter().zip(&place.arms) {
            let holds = analysis.of(Some(&arm.when), true);
            let taken = analysis.both(left.clone(), holds);
            if taken.as_ref().is_some_and(Vec::is_empty) {
                let finding = Diagnostic::error("W110", "way-never", when.at);
                findings.push(finding.arg("stage", &automatic.id));
            }
            let fails = analysis.of(Some(&arm.when), false);
            left = analysis.both(left, fails);
            let assumed = arm.when.assuming(read.lookups);
            let unheard = assumed.is_some_and(|assumed| {
                let cases = analysis.of(Some(&assumed), true);
                !cases.is_some_and(|cases| cases.is_empty())
            });
            let jumps = arm.goto.as_deref().is_some_and(|to| Some(to) != next);
            if jumps && unheard {
                let finding = Diagnostic::warning("W501", "way-without-answer", when.at);
                findings.push(finding.arg("stage", &automatic.id));
            }
        }
    }
}
