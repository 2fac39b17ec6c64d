//! Reading `owner` and `withdraw`.

use super::Resolver;
use super::nodes::ReadNode;
use super::nodes::known_id;
use super::resolver::Resolvers;
use super::rights::{Owner, Withdraw, Withdrawer};
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::{Node, Value};

pub(super) const OWNER_KEYS: Keys = Keys {
    known: &["role", "department"],
    later: &[],
};
pub(super) const WITHDRAW_KEYS: Keys = Keys {
    known: &["who", "until"],
    later: &[],
};

/// `{ role: process_owner, department: legal }`: the same people for every document of the chain.
pub(super) fn read_owner(
    node: &Node,
    resolvers: &Resolvers<'_>,
    findings: &mut Findings,
) -> Option<Owner> {
    let fields = Fields::open(node, OWNER_KEYS, findings)?;
    let role = fields
        .require("role", findings)
        .and_then(|node| resolvers.role(node, findings));
    let department = match fields.get("department") {
        Some(node) => Some(read::id(node, findings)?),
        None => None,
    };
    let role = role?;
    Some(Owner { role, department })
}

/// `{ who: [initiator, { role: lawyer }], until: sign }`, either of them or both.
pub(super) fn read_withdraw(
    node: &Node,
    nodes: &[ReadNode<'_>],
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<Withdraw> {
    let fields = Fields::open(node, WITHDRAW_KEYS, findings)?;
    let who = match fields.get("who") {
        Some(node) => read_who(node, resolvers, findings),
        None => Withdraw::default().who,
    };
    let node = match (fields.get("who"), fields.get("until")) {
        (Some(_), None) => return Some(Withdraw { who, until: None }),
        _ => fields.require("until", findings)?,
    };
    let until = Some(read_until(node, nodes, findings)?);
    Some(Withdraw { who, until })
}

fn read_who(
    node: &Node,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<Withdrawer> {
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.is_empty() {
        findings.push(Diagnostic::error("W006", "expected-some", node.at));
    }
    let mut who = Vec::new();
    for node in nodes {
        let is_initiator =
            matches!(&node.value, Value::Scalar(scalar) if scalar.text == "initiator");
        let one = match is_initiator {
            true => Some(Withdrawer::Initiator),
            false => resolvers.read_one(node, findings).map(Withdrawer::Found),
        };
        let Some(one) = one else {
            continue;
        };
        if matches!(one, Withdrawer::Found(Resolver::Contact(_))) {
            findings.push(Diagnostic::error("W121", "contact-needs-link", node.at));
        } else if who.contains(&one) {
            findings.push(Diagnostic::error("W201", "assignee-twice", node.at));
        } else {
            who.push(one);
        }
    }
    who
}

/// A step of the top level.
fn read_until(node: &Node, nodes: &[ReadNode<'_>], findings: &mut Findings) -> Option<String> {
    if let Some((name, step)) = step_around(node, nodes) {
        findings.push(
            Diagnostic::error("W201", "until-within-a-block", node.at)
                .arg("name", name)
                .arg("step", step),
        );
        return None;
    }
    known_id(node, nodes.iter().map(|read| read.node.id()), findings)
}

/// A name that is that of a step within a block, and the step of the top level around it.
pub(super) fn step_around<'r>(
    node: &'r Node,
    nodes: &'r [ReadNode<'_>],
) -> Option<(&'r str, &'r str)> {
    // What is no text is said by whoever reads it as one.
    let Value::Scalar(written) = &node.value else {
        return None;
    };
    let around = nodes.iter().find(|read| {
        let mut inner = read.all().into_iter().skip(1);
        inner.any(|read| read.node.id() == written.text)
    })?;
    Some((&written.text, around.node.id()))
}
