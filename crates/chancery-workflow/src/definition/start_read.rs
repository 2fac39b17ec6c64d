//! Reading `start`: who may start a run, and what starts one by itself.

use super::check::Read;
use super::lint::lint_choices;
use super::resolver::Resolvers;
use super::starting::{SelfStart, StartEvent, Starting};
use crate::diagnostic::Diagnostic;
use crate::expression::{Analysis, Cases, Expression, Scope, compile};
use crate::means::{Ability, Means};
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::Node;

/// The words of `start.event`.
pub(super) const EVENTS: [&str; 1] = [StartEvent::DocumentBrought.code()];
/// What others call it: here the number is given when the run starts, so nothing starts by it.
const REGISTERED: &str = "document_registered";

/// `start: { who: […], event: document_brought, when: … }`; nobody named means everybody.
pub(super) fn read_start(
    top: &Fields<'_>,
    scope: &Scope<'_>,
    means: &Means,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Starting {
    const KEYS: Keys = Keys {
        known: &["who", "event", "when"],
        later: &[],
    };
    let node = top.get("start");
    let Some(fields) = node.and_then(|node| Fields::open(node, KEYS, findings)) else {
        return Starting::default();
    };
    let node = match fields.get("event") {
        Some(_) => fields.get("who"),
        None => fields.require("who", findings),
    };
    let mut who = Vec::new();
    for (resolver, node) in node
        .map(|node| resolvers.read_list(node, findings))
        .unwrap_or_default()
    {
        if matches!(resolver, super::Resolver::Contact(_)) {
            findings.push(Diagnostic::error("W121", "contact-needs-link", node.at));
            continue;
        }
        who.push(resolver);
    }
    let is_carried_out = means.admits(Ability::SelfStart, &fields, &["event", "when"], findings);
    let by_itself = match is_carried_out {
        true => read_self_start(&fields, scope, findings),
        false => None,
    };
    Starting { who, by_itself }
}

/// `event`, and perhaps `when`.
fn read_self_start(
    fields: &Fields<'_>,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<SelfStart> {
    let Some(node) = fields.get("event") else {
        if fields.get("when").is_some() {
            let at = fields.key_at("when");
            findings.push(Diagnostic::error("W006", "start-when-alone", at));
        }
        return None;
    };
    let event = read_event(node, findings);
    let when = match fields.get("when") {
        Some(node) => Some(compile(node, scope, findings)?),
        None => None,
    };
    let event = event?;
    Some(SelfStart { event, when })
}

fn read_event(node: &Node, findings: &mut Findings) -> Option<StartEvent> {
    if read::text(node, findings)? == REGISTERED {
        findings.push(Diagnostic::error("W201", "start-registered", node.at));
        return None;
    }
    read::word(node, &EVENTS, findings).map(|_| StartEvent::DocumentBrought)
}

/// A run that could never start by itself, or of which that is not said plainly.
pub(super) fn lint_start(
    read: &Read<'_, '_>,
    start: &Starting,
    taken: Option<&Cases>,
    findings: &mut Findings,
) {
    let (Some(own), Some(node)) = (&start.by_itself, read.top.get("start")) else {
        return;
    };
    let fields = Fields::open_any(node, findings);
    let at = |key: &str| fields.map_or(node.at, |fields| fields.key_at(key));
    let id = read
        .top
        .get("id")
        .and_then(|node| read::text(node, findings));
    if let Some(id) = id.filter(|id| *id != read.kind.workflow()) {
        findings.push(
            Diagnostic::warning("W127", "start-of-another", at("event"))
                .arg("id", id)
                .arg("kind", read.kind.id())
                .arg("workflow", read.kind.workflow()),
        );
    }
    if let Some(when) = &own.when {
        lint_when(read, when, at("when"), taken, findings);
    }
}

fn lint_when(
    read: &Read<'_, '_>,
    when: &Expression,
    at: crate::diagnostic::Position,
    taken: Option<&Cases>,
    findings: &mut Findings,
) {
    lint_choices(read, when, at, findings);
    let mut analysis = Analysis::new(read.kind);
    let mut of = |outcome| {
        let cases = analysis.of(Some(when), outcome);
        let cases = match taken {
            Some(taken) => analysis.both(taken.clone(), cases),
            None => cases,
        };
        cases.is_some_and(|cases| cases.is_empty())
    };
    if of(true) {
        findings.push(Diagnostic::error("W110", "starts-never", at));
    } else if of(false) {
        findings.push(Diagnostic::warning("W111", "starts-always", at));
    }
}
