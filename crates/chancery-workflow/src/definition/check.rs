//! What no single key shows: order, quorum, material fields, rules.

use std::collections::BTreeSet;

use super::lookup_read::Lookups;
use super::nodes::ReadNode;
use super::parse::ReadRule;
use super::stage::StagePlace;
use super::{Carry, Node, Quorum, Resolver, Rework, Stage, StageKind, Subdocument, Via, is_jumped};
use crate::diagnostic::{Diagnostic, Position};
use crate::expression::Expression;
use crate::kind::Kind;
use crate::read::{Fields, Findings};

/// A file as read, for the checks that look at more than one key.
pub(super) struct Read<'r, 'n> {
    pub(super) top: &'r Fields<'n>,
    pub(super) nodes: &'r [ReadNode<'n>],
    pub(super) rules: &'r [ReadRule<'n>],
    pub(super) kind: &'r Kind,
    pub(super) material: &'r BTreeSet<String>,
    pub(super) lookups: &'r Lookups,
    pub(super) rework: &'r Rework,
    /// Whether a run may go through it without an approval.
    pub(super) allows_no_approval: bool,
    /// `document.when` and its place.
    pub(super) takes: Option<(&'r Expression, Position)>,
    pub(super) subdocuments: &'r [Subdocument],
}

pub(super) fn check(read: &Read<'_, '_>, findings: &mut Findings) {
    let material = read.material;
    if let Some((when, at)) = read.takes {
        for name in when.fields().difference(material) {
            findings.push(not_material(name, at));
        }
    }
    for node in read.nodes.iter().flat_map(ReadNode::all) {
        check_condition(node.node.when(), &node.fields, material, findings);
        if let (Node::Stage(stage), Some(place)) = (&node.node, &node.place) {
            check_people(stage, place, read.kind, material, findings);
            check_quorum(stage, place, findings);
            check_link(stage, place, findings);
        }
    }
    let order = Order::of(read.nodes);
    check_signing_last(read.nodes, &order, findings);
    check_rules(read.rules, &order, material, findings);
    super::lint_time::check_time(read, findings);
    super::check_lookups::check_lookups(read, findings);
    super::subdocument_read::check_subdocuments(read, findings);
    check_absorbing(read, findings);
    super::sealing_read::check_sealing(read, &order, findings);
}

/// A field that decides the route must be material: else editing it changes the route without a
/// new version, and votes on the old route would stand.
fn check_condition(
    when: Option<&Expression>,
    fields: &Fields<'_>,
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

pub(super) fn not_material(name: &str, at: Position) -> Diagnostic {
    Diagnostic::error("W210", "field-not-material", at).arg("name", name)
}

/// Whoever is asked hangs on fields of the version.
fn check_material(
    resolver: &Resolver,
    node: &crate::yaml::Node,
    material: &BTreeSet<String>,
    findings: &mut Findings,
) {
    for name in resolver.fields() {
        if !material.contains(name) {
            findings.push(not_material(name, node.at));
        }
    }
}

fn check_people(
    stage: &Stage,
    place: &StagePlace<'_>,
    kind: &Kind,
    material: &BTreeSet<String>,
    findings: &mut Findings,
) {
    for (resolver, node) in place.people() {
        check_material(resolver, node, material, findings);
    }
    let veto = place
        .rule
        .veto
        .iter()
        .map(|(resolver, node)| (resolver, *node));
    let weights = place
        .weights
        .iter()
        .map(|(resolver, _, node)| (resolver, *node));
    for (resolver, node) in veto.chain(weights) {
        check_material(resolver, node, material, findings);
    }
    let carry = match &stage.carry {
        Carry::When(carry) => place.fields.get("carry").map(|node| (carry, node)),
        Carry::Never | Carry::Always => None,
    };
    if stage.carry != Carry::Never && stage.kind == StageKind::Sign {
        let at = place.fields.key_at("carry");
        findings.push(Diagnostic::error("W120", "carry-on-sign", at).arg("stage", &stage.id));
    }
    let cases = place.rule.cases.iter().map(|(when, _, node)| (when, *node));
    let cases = cases.chain(carry);
    let own = place.assignees.iter();
    let own = own.filter_map(|read| read.when.as_ref().zip(read.when_node));
    for (when, node) in cases.chain(own) {
        for name in when.fields().difference(material) {
            findings.push(not_material(name, node.at));
        }
    }
    for read in &place.assignees {
        let Some(name) = read.resolver.field() else {
            continue;
        };
        let conditions = [stage.when.as_ref(), read.when.as_ref()];
        let always = kind.field(name).is_some_and(|field| field.required)
            || conditions
                .into_iter()
                .flatten()
                .any(|when| when.guarantees(name));
        if !always && stage.if_empty.is_empty() && !stage.skips_if_empty {
            let finding = Diagnostic::error("W206", "optional-assignee", read.node.at);
            findings.push(finding.arg("name", name));
        }
    }
}

/// How many people these name at most, where the file alone says so.
pub(super) fn most(resolvers: &[Resolver]) -> Option<u32> {
    resolvers
        .iter()
        .map(Resolver::people_max)
        .try_fold(0_u32, |sum, people| {
            people.map(|people| sum.saturating_add(people))
        })
}

fn check_quorum(stage: &Stage, place: &StagePlace<'_>, findings: &mut Findings) {
    let at = place
        .fields
        .get("quorum")
        .map_or(place.fields.at, |node| node.at);
    let unreachable = |needed: u32, available: u32| {
        Diagnostic::error("W310", "quorum-unreachable", at)
            .arg("needed", needed)
            .arg("available", available)
            .arg("stage", &stage.id)
    };
    let Some(named) = most(&stage.assignees) else {
        return;
    };
    // Each resolver that finds nobody is replaced by all of `if_empty`.
    let replaced = match most(&stage.if_empty) {
        Some(0) => 0,
        Some(more) => named.saturating_sub(1).saturating_add(more),
        None => {
            for quorum in place.rule.all() {
                lint_named(stage, quorum, named, at, findings);
            }
            return;
        }
    };
    let available = named.max(replaced);
    for quorum in place.rule.all() {
        let heaviest = stage.weights.iter().map(|(_, weight)| *weight).max();
        let (needed, available) = match quorum {
            Quorum::All | Quorum::Any => continue,
            Quorum::Count(count) => (count, available),
            Quorum::Percent { min, .. } => (min, available),
            Quorum::Weight(weight) => (
                weight,
                available.saturating_mul(heaviest.unwrap_or(1).max(1)),
            ),
            // Every one of them names one person at most.
            Quorum::EachGroup(each) => (each, most(&stage.if_empty).unwrap_or(0).max(1)),
        };
        if needed > available {
            findings.push(unreachable(needed, available));
        } else {
            lint_named(stage, quorum, named, at, findings);
        }
    }
}

/// A quorum that those who are named do not reach: only where some of them are not found, and
/// others stand in for them, is it reached.
fn lint_named(stage: &Stage, quorum: Quorum, named: u32, at: Position, findings: &mut Findings) {
    let (Quorum::Count(needed) | Quorum::Percent { min: needed, .. }) = quorum else {
        return;
    };
    if needed > named && !stage.if_empty.is_empty() {
        findings.push(
            Diagnostic::warning("W310", "quorum-of-others", at)
                .arg("needed", needed)
                .arg("available", named)
                .arg("stage", &stage.id),
        );
    }
}

/// A signature stands for an approval only where it is sure to be asked for: at the top level, of
/// everybody in the stage, where no way leads past it.
fn check_absorbing(read: &Read<'_, '_>, findings: &mut Findings) {
    let top: Vec<Node> = read.nodes.iter().map(|read| read.node.clone()).collect();
    for node in read.nodes.iter().flat_map(ReadNode::all) {
        let Node::Stage(stage) = &node.node else {
            continue;
        };
        let place = top.iter().position(|one| one.path() == stage.path);
        let is_sure = stage.quorum == Quorum::All
            && stage.quorum_cases.is_empty()
            && place.is_some_and(|index| !is_jumped(&top, index));
        if stage.absorbs && !is_sure {
            let at = node.fields.key_at("absorb");
            findings.push(Diagnostic::error("W124", "absorb-not-sure", at).arg("stage", &stage.id));
        }
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
    for (resolver, node) in place.people() {
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

/// Where the stages stand: for each its places in the lists around it, and whether the list is in
/// order (a sequence) or not (branches).
pub(super) struct Order {
    places: Vec<(String, Vec<(bool, usize)>)>,
}

impl Order {
    pub(super) fn of(nodes: &[ReadNode<'_>]) -> Self {
        fn walk(
            nodes: &[&Node],
            in_order: bool,
            around: &[(bool, usize)],
            places: &mut Vec<(String, Vec<(bool, usize)>)>,
        ) {
            for (index, node) in nodes.iter().enumerate() {
                let mut place = around.to_vec();
                place.push((in_order, index));
                if let Node::Stage(stage) = node {
                    places.push((stage.id.clone(), place));
                    continue;
                }
                if let Node::Automatic(automatic) = node {
                    places.push((automatic.id.clone(), place));
                    continue;
                }
                let children: Vec<&Node> = node.children().iter().collect();
                let in_order = matches!(node, Node::Sequence(_));
                walk(&children, in_order, &place, places);
            }
        }
        let mut places = Vec::new();
        let top: Vec<&Node> = nodes.iter().map(|read| &read.node).collect();
        walk(&top, true, &[], &mut places);
        Self { places }
    }

    /// Whether the first stage has always ended when the second opens.
    pub(super) fn is_earlier(&self, first: &str, second: &str) -> bool {
        let place = |id: &str| {
            let found = self.places.iter().find(|(name, _)| name == id);
            found.map_or(&[][..], |(_, place)| place)
        };
        let pairs = place(first).iter().zip(place(second));
        let mut different = pairs.filter(|(a, b)| a != b);
        different
            .next()
            .is_some_and(|((in_order, a), (_, b))| *in_order && a < b)
    }
}

/// Every approval stands before every signature: a signature is given to what is approved.
fn check_signing_last(nodes: &[ReadNode<'_>], order: &Order, findings: &mut Findings) {
    let stages: Vec<_> = nodes.iter().flat_map(ReadNode::stages).collect();
    for (stage, place) in &stages {
        if stage.kind != StageKind::Approve {
            continue;
        }
        let late = stages.iter().find(|(sign, _)| {
            sign.kind == StageKind::Sign && !order.is_earlier(&stage.id, &sign.id)
        });
        if let Some((sign, _)) = late {
            findings.push(
                Diagnostic::error("W120", "approve-after-sign", place.id_at())
                    .arg("stage", &stage.id)
                    .arg("sign", &sign.id),
            );
        }
    }
}

/// A rule may ask only for voters that are all known when its stages open: of earlier nodes.
/// Otherwise a vote in another branch could leave an open task that nobody may decide.
fn check_rules(
    rules: &[ReadRule<'_>],
    order: &Order,
    material: &BTreeSet<String>,
    findings: &mut Findings,
) {
    let mut ids = BTreeSet::new();
    for (rule, fields) in rules {
        let at = fields.get("rule").map_or(fields.at, |node| node.at);
        if !ids.insert(rule.id.as_str()) || matches!(rule.id.as_str(), "initiator" | "author") {
            findings.push(Diagnostic::error("W101", "duplicate-id", fields.at).arg("id", &rule.id));
        }
        let replacement = rule.replacement.as_ref().and_then(Resolver::field);
        if let Some(name) = replacement.filter(|name| !material.contains(*name)) {
            findings.push(not_material(name, at));
        }
        for name in rule.rule.fields().difference(material) {
            findings.push(not_material(name, at));
        }
        let asked = rule.rule.stages();
        // Names that are no stages are told where they stand: then none is missing here.
        let names_some = fields.get("stages").is_some_and(|node| match &node.value {
            crate::yaml::Value::List(names) => !names.is_empty(),
            _ => true,
        });
        if !asked.is_empty() && rule.stages.is_empty() && !names_some {
            findings.push(
                Diagnostic::error("W122", "rule-needs-stages", fields.at).arg("id", &rule.id),
            );
        }
        for asked in &asked {
            for stage in &rule.stages {
                if !order.is_earlier(asked, stage) {
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
