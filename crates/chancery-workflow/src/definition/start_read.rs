//! Reading `start`: who may start a run.

use super::Resolver;
use super::resolver::Resolvers;
use crate::diagnostic::Diagnostic;
use crate::read::{Fields, Findings, Keys};

/// `start: { who: […] }`; nobody named means everybody.
pub(super) fn read_start(
    top: &Fields<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<Resolver> {
    const KEYS: Keys = Keys {
        known: &["who"],
        later: &["event", "when"],
    };
    let node = top.get("start");
    let fields = node.and_then(|node| Fields::open(node, KEYS, findings));
    let node = fields.and_then(|fields| fields.require("who", findings));
    let who = node.map(|node| resolvers.read_list(node, findings));
    let mut starters = Vec::new();
    for (resolver, node) in who.unwrap_or_default() {
        if matches!(resolver, Resolver::Contact(_)) {
            findings.push(Diagnostic::error("W121", "contact-needs-link", node.at));
            continue;
        }
        starters.push(resolver);
    }
    starters
}
