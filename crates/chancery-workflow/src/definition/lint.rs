//! What a file says without saying it: conditions that never or always hold, paths without a
//! control, rules that exclude everybody, choices that do not exist.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::{FieldType, Locale};

use super::check::Read;
use super::head_read::ALLOW_NO_APPROVAL;
use super::nodes::ReadNode;
use super::stage::StagePlace;
use super::start_read::lint_start;
use super::starting::Starting;
use super::{Carry, Join, Mode, Node, Quorum, Resolver, Resume, Stage, StageKind, is_jumped};
use crate::diagnostic::{Diagnostic, Position};
use crate::event::Decision;
use crate::expression::{Analysis, Case, Cases, Expression};
use crate::read::Findings;
use crate::yaml;

/// How much of a file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scrutiny {
    /// Everything: the file is about to be used.
    Full,
    /// Everything but the examples of the file: somebody is about to try them.
    Untried,
    /// The language alone: the file was accepted once, and a run depends on it.
    Pinned,
}

pub(super) fn lint(
    read: &Read<'_, '_>,
    withdraw_until: Option<&str>,
    starting: &Starting,
    findings: &mut Findings,
) {
    lint_names(read, findings);
    let taken = lint_taken(read, findings);
    lint_start(read, starting, taken.as_ref(), findings);
    for node in read.nodes {
        lint_guards(read, node, taken.as_ref(), findings);
    }
    for node in read.nodes.iter().flat_map(ReadNode::all) {
        if let Some((when, written)) = node.node.when().zip(node.fields.get("when")) {
            lint_choices(read, when, written.at, findings);
        }
    }
    for (stage, place) in read.nodes.iter().flat_map(ReadNode::stages) {
        lint_inner_conditions(read, stage, place, findings);
        lint_decisions(stage, place.fields.key_at("decisions"), findings);
        lint_quorum(stage, place, findings);
        if stage.carry == Carry::Always && stage.kind == StageKind::Approve {
            let at = place.fields.key_at("carry");
            findings.push(Diagnostic::warning("W123", "carry-always", at).arg("stage", &stage.id));
        }
        lint_carry(read, stage, place, findings);
        for (resolver, node) in &place.if_empty {
            if stage.assignees == [resolver.clone()] {
                let finding = Diagnostic::warning("W315", "if-empty-same", node.at);
                findings.push(finding.arg("stage", &stage.id));
            }
        }
    }
    super::lint_time::lint_time(read, findings);
    super::check_lookups::lint_routes(read, read.nodes, findings);
    lint_control(read, findings);
    lint_rules(read, findings);
    lint_titles(read, findings);
    if read.rework.resume == Resume::RefusersOnly {
        let at = read.top.get("rework").map_or(read.top.at, |node| node.at);
        findings.push(Diagnostic::warning("W123", "refusers-only", at));
    }
    let first = read.nodes.first().map(|node| node.node.id());
    if withdraw_until.is_some() && withdraw_until == first {
        let at = read.top.get("withdraw").map_or(read.top.at, |node| node.at);
        let finding = Diagnostic::warning("W116", "withdraw-never", at);
        findings.push(finding.arg("stage", withdraw_until.unwrap_or_default()));
    }
}

/// `document.when`, where it says anything, and the cases that it leaves.
fn lint_taken(read: &Read<'_, '_>, findings: &mut Findings) -> Option<Cases> {
    let (when, at) = read.takes?;
    lint_choices(read, when, at, findings);
    let mut analysis = Analysis::new(read.kind);
    let holds = analysis.of(Some(when), true);
    let is_empty = |cases: &Cases| cases.as_ref().is_some_and(Vec::is_empty);
    if is_empty(&holds) {
        findings.push(Diagnostic::error("W110", "takes-nothing", at));
        return None;
    }
    if is_empty(&analysis.of(Some(when), false)) {
        findings.push(Diagnostic::warning("W111", "takes-everything", at));
    }
    Some(holds)
}

/// A participant named `no` is a text here and an answer to other YAML tools.
fn lint_names(read: &Read<'_, '_>, findings: &mut Findings) {
    let Some(yaml::Value::Map(pairs)) = read.top.get("participants").map(|node| &node.value) else {
        return;
    };
    for (key, _) in pairs {
        if crate::read::is_yaml_answer(&key.name) {
            let finding = Diagnostic::error("W007", "yaml-answer-key", key.at);
            findings.push(finding.arg("key", &key.name));
        }
    }
}

/// Conditions that never or always hold, alone or within the block around them.
fn lint_guards(
    read: &Read<'_, '_>,
    node: &ReadNode<'_>,
    outer: Option<&Cases>,
    findings: &mut Findings,
) {
    let own = node.node.when();
    let mut analysis = Analysis::new(read.kind);
    let holds = analysis.of(own, true);
    let inside = match outer {
        Some(outer) => analysis.both(outer.clone(), holds.clone()),
        None => holds.clone(),
    };
    if let (Some(_), Some(written)) = (own, node.fields.get("when")) {
        let fails = analysis.of(own, false);
        let fails_inside = match outer {
            Some(outer) => analysis.both(outer.clone(), fails.clone()),
            None => fails.clone(),
        };
        let is_empty = |cases: &Cases| cases.as_ref().is_some_and(Vec::is_empty);
        let finding = if is_empty(&holds) {
            Some(Diagnostic::error("W110", "guard-never", written.at))
        } else if is_empty(&inside) {
            Some(Diagnostic::error("W110", "guard-never-inside", written.at))
        } else if is_empty(&fails) {
            Some(Diagnostic::warning("W111", "guard-always", written.at))
        } else if is_empty(&fails_inside) {
            Some(Diagnostic::warning(
                "W111",
                "guard-always-inside",
                written.at,
            ))
        } else {
            None
        };
        let is_dead = is_empty(&inside);
        if let Some(finding) = finding {
            findings.push(finding.arg("stage", node.node.id()));
        }
        if is_dead {
            return;
        }
    }
    for child in &node.children {
        lint_guards(read, child, Some(&inside), findings);
    }
}

/// A text compared with a field of choices, or with a currency, is one of them.
pub(super) fn lint_choices(
    read: &Read<'_, '_>,
    when: &Expression,
    at: Position,
    findings: &mut Findings,
) {
    for (name, written) in when.compared_texts() {
        let (name, is_currency) = match name.strip_suffix(".currency") {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        };
        let Some(field) = read.kind.field(name) else {
            continue;
        };
        let known: Vec<&str> = if is_currency {
            field.currencies.iter().map(String::as_str).collect()
        } else if field.field_type == FieldType::Choice {
            field
                .choices
                .iter()
                .map(|choice| choice.code.as_str())
                .collect()
        } else {
            continue;
        };
        if !known.contains(&written.as_str()) {
            findings.push(
                Diagnostic::error("W211", "no-such-choice", at)
                    .arg("name", name)
                    .arg("text", &written)
                    .arg("known", known.join(", "))
                    .suggest(&written, known.iter().copied()),
            );
        }
    }
}

/// Approvals that stand for another main file: the text that people agreed to may be any other.
fn lint_carry(read: &Read<'_, '_>, stage: &Stage, place: &StagePlace<'_>, findings: &mut Findings) {
    let Carry::When(carry) = &stage.carry else {
        return;
    };
    if stage.kind == StageKind::Approve && !carry.changes().contains("file.main") {
        let own = place.fields.get("carry").map(|node| node.at);
        let default = || super::lint_time::place_of_default(read, "carry");
        let at = own.or_else(default).unwrap_or_else(|| place.id_at());
        let finding = Diagnostic::warning("W128", "carry-without-file", at);
        findings.push(finding.arg("stage", &stage.id));
    }
}

/// Weights that nothing counts, a veto of somebody who is not asked, conditions of a quorum that
/// never or always hold.
fn lint_quorum(stage: &Stage, place: &StagePlace<'_>, findings: &mut Findings) {
    let weighs = place
        .rule
        .all()
        .any(|quorum| matches!(quorum, Quorum::Weight(_)));
    if !stage.weights.is_empty() && !weighs {
        let at = place.fields.key_at("weights");
        findings.push(Diagnostic::warning("W311", "weights-ignored", at).arg("stage", &stage.id));
    }
    if stage.mode == Mode::Sequential && stage.quorum == Quorum::Any {
        let at = place.fields.key_at("mode");
        let finding = Diagnostic::warning("W316", "sequence-of-one", at);
        findings.push(finding.arg("stage", &stage.id));
    }
    // Only logins are told apart from the file alone; the engine refuses the rest by name.
    let is_login = |resolver: &Resolver| matches!(resolver, Resolver::Login(_));
    let is_asked = |who: &Resolver| {
        let mut all = stage.assignees.iter().chain(&stage.if_empty);
        !is_login(who) || all.any(|resolver| resolver == who || !is_login(resolver))
    };
    for (veto, node) in &place.rule.veto {
        if !is_asked(veto) {
            let finding = Diagnostic::error("W312", "veto-outside", node.at);
            findings.push(finding.arg("stage", &stage.id));
        }
    }
    for (who, _, node) in &place.weights {
        if !is_asked(who) {
            let finding = Diagnostic::warning("W312", "weight-outside", node.at);
            findings.push(finding.arg("stage", &stage.id));
        }
    }
}

/// The conditions within a stage that never or always hold where the stage applies.
fn lint_inner_conditions(
    read: &Read<'_, '_>,
    stage: &Stage,
    place: &StagePlace<'_>,
    findings: &mut Findings,
) {
    let cases = place.rule.cases.iter().map(|(when, _, node)| (when, *node));
    let own = place.assignees.iter();
    let own = own.filter_map(|read| read.when.as_ref().zip(read.when_node));
    for (when, node) in cases.chain(own) {
        lint_choices(read, when, node.at, findings);
        let mut analysis = Analysis::new(read.kind);
        let outer = analysis.of(stage.when.as_ref(), true);
        for (outcome, code, key) in [
            (true, "W110", "inner-never"),
            (false, "W111", "inner-always"),
        ] {
            let cases = analysis.of(Some(when), outcome);
            let cases = analysis.both(outer.clone(), cases);
            if cases.is_some_and(|cases| cases.is_empty()) {
                let finding = Diagnostic::warning(code, key, node.at);
                findings.push(finding.arg("stage", &stage.id));
            }
        }
    }
}

/// Somebody who is asked may also say no.
fn lint_decisions(stage: &Stage, at: Position, findings: &mut Findings) {
    let refuses = [Decision::Return, Decision::Reject];
    if stage.is_control()
        && !refuses
            .iter()
            .any(|decision| stage.decisions.contains(decision))
    {
        let finding = Diagnostic::warning("W117", "cannot-refuse", at);
        findings.push(finding.arg("stage", &stage.id));
    }
}

/// At least one approval or signature stands on every path. Where not, the path is printed.
fn lint_control(read: &Read<'_, '_>, findings: &mut Findings) {
    let mut analysis = Analysis::new(read.kind);
    let nodes: Vec<Node> = read.nodes.iter().map(|read| read.node.clone()).collect();
    let taken = analysis.of(read.takes.map(|(when, _)| when), true);
    let without = steps_lack(&mut analysis, &nodes);
    let without = analysis.both(taken, without);
    let at = read.top.key_at("stages");
    let open = match without {
        Some(cases) => match cases.first() {
            Some(case) => case.text(),
            None => return,
        },
        // Not counted to the end: then a stage without a condition must stand there.
        None if some_controls(&nodes) => return,
        None => String::new(),
    };
    if read.allows_no_approval {
        let at = read.top.key_at(ALLOW_NO_APPROVAL);
        findings.push(Diagnostic::warning("W113", "no-control-meant", at));
        return;
    }
    // Skipping for want of people may be what opens the path.
    let skips = read
        .nodes
        .iter()
        .flat_map(ReadNode::stages)
        .find(|(stage, _)| stage.skips_if_empty && stage.is_control());
    if let Some((stage, place)) = skips {
        let at = place
            .fields
            .get("if_empty")
            .map_or(place.fields.at, |node| node.at);
        let finding = Diagnostic::error("W314", "if-empty-skip", at);
        findings.push(finding.arg("stage", &stage.id));
        return;
    }
    let finding = if open.is_empty() {
        Diagnostic::error("W113", "no-control", at)
    } else {
        Diagnostic::error("W113", "no-control-where", at).arg("path", open)
    };
    findings.push(finding);
}

/// The cases in which a node asks for no approval and no signature.
fn lacks_control(analysis: &mut Analysis<'_>, node: &Node) -> Cases {
    let skipped = analysis.of(node.when(), false);
    let entered = analysis.of(node.when(), true);
    let inside = match node {
        Node::Stage(stage) => {
            let controls = stage.is_control() && !stage.skips_if_empty;
            Some(if controls {
                Vec::new()
            } else {
                vec![Case::default()]
            })
        }
        Node::Automatic(_) => Some(vec![Case::default()]),
        Node::Sequence(block) => steps_lack(analysis, &block.steps),
        Node::Parallel(block) if block.join == Join::All => all_lack(analysis, &block.branches),
        // Any branch may be the one that ends the block, so each must control by itself.
        Node::Parallel(block) => {
            let mut some: Cases = all_lack(analysis, &block.branches);
            for branch in &block.branches {
                let applies = analysis.of(branch.when(), true);
                let lacks = lacks_control(analysis, branch);
                let lacks = analysis.both(applies, lacks);
                some = analysis.either(some, lacks);
            }
            some
        }
    };
    let inside = analysis.both(entered, inside);
    analysis.either(skipped, inside)
}

fn all_lack(analysis: &mut Analysis<'_>, nodes: &[Node]) -> Cases {
    let mut all: Cases = Some(vec![Case::default()]);
    for node in nodes {
        let lacks = lacks_control(analysis, node);
        all = analysis.both(all, lacks);
    }
    all
}

/// Of steps in order: one that an automatic stage may jump over controls nothing for certain.
fn steps_lack(analysis: &mut Analysis<'_>, nodes: &[Node]) -> Cases {
    let mut all: Cases = Some(vec![Case::default()]);
    for (index, node) in nodes.iter().enumerate() {
        if !is_jumped(nodes, index) {
            let lacks = lacks_control(analysis, node);
            all = analysis.both(all, lacks);
        }
    }
    all
}

fn some_controls(nodes: &[Node]) -> bool {
    let mut all = nodes.iter().enumerate();
    all.any(|(index, node)| !is_jumped(nodes, index) && always_controls(node))
}

fn always_controls(node: &Node) -> bool {
    if node.when().is_some() {
        return false;
    }
    match node {
        Node::Stage(stage) => stage.is_control() && !stage.skips_if_empty,
        Node::Automatic(_) => false,
        Node::Sequence(block) => some_controls(&block.steps),
        Node::Parallel(block) if block.join == Join::All => {
            block.branches.iter().any(always_controls)
        }
        Node::Parallel(block) => block.branches.iter().all(always_controls),
    }
}

/// Rules that exclude nobody or everybody, beside the rules that always hold: the initiator and
/// the author of the version never decide.
fn lint_rules(read: &Read<'_, '_>, findings: &mut Findings) {
    for (rule, fields) in read.rules {
        let at = fields.get("rule").map_or(fields.at, |node| node.at);
        let mut analysis = Analysis::new(read.kind);
        let others = analysis.of(Some(&Expression::somebody_else()), true);
        let holds = analysis.of(Some(&rule.rule), true);
        let holds = analysis.both(others.clone(), holds);
        let fails = analysis.of(Some(&rule.rule), false);
        let fails = analysis.both(others, fails);
        if holds.as_ref().is_some_and(Vec::is_empty) {
            let finding = Diagnostic::error("W313", "rule-excludes-everybody", at);
            findings.push(finding.arg("id", &rule.id));
        } else if fails.as_ref().is_some_and(Vec::is_empty) {
            let finding = Diagnostic::warning("W111", "rule-excludes-nobody", at);
            findings.push(finding.arg("id", &rule.id));
        }
        lint_same_person(read, &rule.stages, &rule.rule.stages(), at, findings);
    }
}

/// A rule keeps the voters of one stage out of another, but both ask the same single person.
fn lint_same_person(
    read: &Read<'_, '_>,
    stages: &BTreeSet<String>,
    asked: &BTreeSet<String>,
    at: Position,
    findings: &mut Findings,
) {
    let only = |id: &str| -> Option<Resolver> {
        let mut all = read.nodes.iter().flat_map(|node| node.node.stages());
        let stage = all.find(|stage| stage.id == id)?;
        match stage.assignees.as_slice() {
            [one] if one.people_max() == Some(1) => Some(one.clone()),
            _ => None,
        }
    };
    for stage in stages {
        for asked in asked {
            let (first, second) = (only(asked), only(stage));
            if first.is_some() && first == second {
                findings.push(
                    Diagnostic::warning("W313", "rule-excludes-the-only-one", at)
                        .arg("stage", stage)
                        .arg("asked", asked),
                );
            }
        }
    }
}

/// Two stages with one title cannot be told apart on a page.
fn lint_titles(read: &Read<'_, '_>, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (stage, place) in read.nodes.iter().flat_map(ReadNode::stages) {
        let title = stage.title.get(Locale::Ru).unwrap_or_default();
        if let Some(first) = seen.insert(title, &stage.id) {
            let at = place.fields.key_at("title");
            findings.push(
                Diagnostic::warning("W118", "same-title", at)
                    .arg("title", title)
                    .arg("stage", first),
            );
        }
    }
}
