//! Reading a workflow's file.

use std::collections::{BTreeMap, BTreeSet};

use super::check;
use super::resolver::Resolvers;
use super::stage::{StagePlace, only, read_stage};
use super::{
    Definition, Node, OnBranchReject, Parallel, REWORK_ROUNDS_DEFAULT, Rule, source_digest,
};
use crate::diagnostic::Diagnostic;
use crate::expression::{Scope, compile};
use crate::kind::Kind;
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::Vocabulary;
use crate::yaml;

/// The most stages and blocks of one workflow.
const STAGES_MAX: usize = 100;
/// The most rounds of rework.
const ROUNDS_MAX: i64 = 50;

const TOP_KEYS: Keys = Keys {
    known: &[
        "apiVersion",
        "id",
        "version",
        "title",
        "document",
        "material",
        "participants",
        "sod",
        "rework",
        "stages",
        "withdraw",
    ],
    later: &[
        "owner",
        "start",
        "calendar",
        "defaults",
        "facts",
        "lookups",
        "effects",
        "subdocuments",
        "migrate",
        "tests",
        "effective_from",
    ],
};
const BLOCK_KEYS: Keys = Keys {
    known: &["id", "title", "when", "parallel"],
    later: &["sequence"],
};

/// One read node and the places of its stages.
pub(super) struct ReadNode<'n> {
    pub(super) node: Node,
    pub(super) fields: Fields<'n>,
    pub(super) places: Vec<StagePlace<'n>>,
}

/// A rule with the mapping it was read from.
pub(super) type ReadRule<'n> = (Rule, Fields<'n>);

impl Definition {
    /// Reads a file of `workflows/chains/` against the kinds and the vocabulary of the house.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file, in its order, up to
    /// [`crate::diagnostic::DIAGNOSTICS_MAX`] findings.
    pub fn parse(
        source: &str,
        kinds: &BTreeMap<String, Kind>,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Vec<Diagnostic>> {
        let tree = yaml::parse(source).map_err(|finding| vec![finding])?;
        let mut findings = Findings::default();
        let definition = read_definition(&tree, source, kinds, vocabulary, &mut findings);
        match definition {
            Some(mut definition) if !findings.has_errors() => {
                definition.warnings = findings.into_list();
                Ok(definition)
            }
            _ => Err(findings.into_list()),
        }
    }
}

fn read_definition(
    tree: &yaml::Node,
    source: &str,
    kinds: &BTreeMap<String, Kind>,
    vocabulary: &Vocabulary,
    findings: &mut Findings,
) -> Option<Definition> {
    let top = Fields::open(tree, TOP_KEYS, findings)?;
    if let Some(node) = top.require("apiVersion", findings) {
        read::word(node, &["approvals/v1"], findings);
    }
    if let Some(node) = top.get("version") {
        read::whole(node, 1..=1_000_000, findings);
    }
    let id = top
        .require("id", findings)
        .and_then(|node| read::id(node, findings));
    let title = top
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    let kind = top
        .require("document", findings)
        .and_then(|node| read_kind(node, kinds, findings))?;
    let material = read_material(&top, kind, findings);
    let mut resolvers = Resolvers::new(kind, vocabulary);
    if let Some(node) = top.get("participants") {
        resolvers.read_participants(node, findings);
    }
    let nodes = top
        .require("stages", findings)
        .map(|node| read_nodes(node, kind, &mut resolvers, findings))
        .unwrap_or_default();
    if let Some(node) = top.get("participants") {
        resolvers.report_unused(node, findings);
    }
    let rules = top
        .get("sod")
        .map(|node| read_rules(node, kind, &nodes, findings))
        .unwrap_or_default();
    let rework_max = top
        .get("rework")
        .and_then(|node| read_rework(node, findings))
        .unwrap_or(REWORK_ROUNDS_DEFAULT);
    let withdraw_until = top
        .get("withdraw")
        .and_then(|node| read_withdraw(node, &nodes, findings));
    check::check(
        &nodes,
        &rules,
        kind,
        &material,
        top.key_at("stages"),
        findings,
    );
    Some(Definition {
        source: source.to_owned(),
        digest: source_digest(source),
        id: id?,
        title: title?,
        kind: kind.id().to_owned(),
        fields: kind.schema(),
        material,
        nodes: nodes.into_iter().map(|read| read.node).collect(),
        rules: rules.into_iter().map(|(rule, _)| rule).collect(),
        rework_max,
        withdraw_until,
        warnings: Vec::new(),
    })
}

fn read_kind<'k>(
    node: &yaml::Node,
    kinds: &'k BTreeMap<String, Kind>,
    findings: &mut Findings,
) -> Option<&'k Kind> {
    const KEYS: Keys = Keys {
        known: &["type"],
        later: &["when"],
    };
    let node = Fields::open(node, KEYS, findings)?.require("type", findings)?;
    let name = read::text(node, findings)?;
    let found = kinds.get(name);
    if found.is_none() {
        findings.push(
            Diagnostic::error("W201", "unknown-kind", node.at)
                .arg("name", name)
                .suggest(name, kinds.keys().map(String::as_str)),
        );
    }
    found
}

/// `material.fields`; without it, what the kind says.
fn read_material(top: &Fields<'_>, kind: &Kind, findings: &mut Findings) -> BTreeSet<String> {
    const KEYS: Keys = Keys {
        known: &["fields"],
        later: &["files"],
    };
    let listed = top
        .get("material")
        .and_then(|node| Fields::open(node, KEYS, findings))
        .and_then(|fields| fields.require("fields", findings));
    let Some(node) = listed else {
        let material = kind.fields().iter().filter(|field| field.material);
        return material.map(|field| field.name.clone()).collect();
    };
    let mut material = BTreeSet::new();
    for node in read::list(node, findings).unwrap_or_default() {
        let Some(name) = read::text(node, findings) else {
            continue;
        };
        if kind.field(name).is_none() {
            let names = kind.fields().iter().map(|field| field.name.as_str());
            findings.push(
                Diagnostic::error("W203", "unknown-field", node.at)
                    .arg("name", name)
                    .arg("kind", kind.id())
                    .suggest(name, names),
            );
        }
        material.insert(name.to_owned());
    }
    material
}

fn read_nodes<'n>(
    node: &'n yaml::Node,
    kind: &Kind,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<ReadNode<'n>> {
    let list = read::list(node, findings).unwrap_or_default();
    if list.is_empty() {
        findings.push(Diagnostic::error("W006", "expected-some", node.at));
    }
    let mut nodes = Vec::new();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut count = 0_usize;
    for node in list {
        let Some(read) = read_node(node, kind, resolvers, findings) else {
            continue;
        };
        count += read.node.stages().len();
        if count > STAGES_MAX {
            findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", STAGES_MAX));
            break;
        }
        let inner: Vec<(&str, Fields<'_>)> = match &read.node {
            Node::Stage(_) => Vec::new(),
            Node::Parallel(block) => {
                let names = block.branches.iter().map(|stage| stage.id.as_str());
                names
                    .zip(read.places.iter().map(|place| place.fields))
                    .collect()
            }
        };
        for (id, fields) in [(read.node.id(), read.fields)].into_iter().chain(inner) {
            if !ids.insert(id.to_owned()) {
                let at = fields.get("id").map_or(fields.at, |node| node.at);
                findings.push(Diagnostic::error("W101", "duplicate-id", at).arg("id", id));
            }
        }
        nodes.push(read);
    }
    nodes
}

fn read_node<'n>(
    node: &'n yaml::Node,
    kind: &Kind,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<ReadNode<'n>> {
    let any = Fields::open_any(node, findings)?;
    if any.get("parallel").is_none() || any.get("type").is_some() {
        let (stage, place) = read_stage(node, None, kind, resolvers, findings)?;
        return Some(ReadNode {
            node: Node::Stage(stage),
            fields: any,
            places: vec![place],
        });
    }
    let fields = Fields::open(node, BLOCK_KEYS, findings)?;
    let id = fields
        .require("id", findings)
        .and_then(|node| read::id(node, findings));
    let title = fields
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    let scope = Scope { kind, stages: None };
    let when = fields
        .get("when")
        .and_then(|node| compile(node, &scope, findings));
    let (id, title) = (id?, title?);
    let (on_branch_reject, read) =
        read_branches(fields.get("parallel")?, &id, kind, resolvers, findings)?;
    let (branches, places) = read.into_iter().unzip();
    let block = Parallel {
        id,
        title,
        when,
        on_branch_reject,
        branches,
    };
    Some(ReadNode {
        node: Node::Parallel(block),
        fields,
        places,
    })
}

type ReadBranches<'n> = (OnBranchReject, Vec<(super::Stage, StagePlace<'n>)>);

fn read_branches<'n>(
    node: &'n yaml::Node,
    block: &str,
    kind: &Kind,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Option<ReadBranches<'n>> {
    const KEYS: Keys = Keys {
        known: &["join", "on_branch_reject", "branches"],
        later: &[],
    };
    let inner = Fields::open(node, KEYS, findings)?;
    only(&inner, "join", "all", findings);
    let on_branch_reject = inner
        .get("on_branch_reject")
        .and_then(|node| read::word(node, &["finish_others", "cancel_others"], findings));
    let node = inner.require("branches", findings)?;
    let list = read::list(node, findings)?;
    if list.len() < 2 {
        findings.push(Diagnostic::error("W006", "two-branches", node.at));
    }
    let mut branches = Vec::new();
    for node in list.iter().take(STAGES_MAX + 1) {
        let nested = Fields::open_any(node, findings).and_then(|fields| fields.get("parallel"));
        if nested.is_some() {
            findings.push(Diagnostic::error("W010", "nested-parallel", node.at));
            continue;
        }
        branches.extend(read_stage(node, Some(block), kind, resolvers, findings));
    }
    let on_branch_reject = match on_branch_reject {
        Some("cancel_others") => OnBranchReject::CancelOthers,
        _ => OnBranchReject::FinishOthers,
    };
    Some((on_branch_reject, branches))
}

fn read_rules<'n>(
    node: &'n yaml::Node,
    kind: &Kind,
    nodes: &[ReadNode<'_>],
    findings: &mut Findings,
) -> Vec<ReadRule<'n>> {
    const KEYS: Keys = Keys {
        known: &["id", "stages", "rule"],
        later: &["on_conflict"],
    };
    let stages: BTreeSet<String> = nodes
        .iter()
        .flat_map(|read| read.node.stages())
        .map(|stage| stage.id.clone())
        .collect();
    let mut rules = Vec::new();
    for node in read::list(node, findings).unwrap_or_default() {
        let Some(fields) = Fields::open(node, KEYS, findings) else {
            continue;
        };
        let id = fields
            .require("id", findings)
            .and_then(|node| read::id(node, findings));
        let scope = Scope {
            kind,
            stages: Some(&stages),
        };
        let rule = fields
            .require("rule", findings)
            .and_then(|node| compile(node, &scope, findings));
        let mut named = BTreeSet::new();
        if let Some(node) = fields.get("stages") {
            for node in read::list(node, findings).unwrap_or_default() {
                named.extend(known_id(node, stages.iter().map(String::as_str), findings));
            }
        }
        if let (Some(id), Some(rule)) = (id, rule) {
            rules.push((
                Rule {
                    id,
                    stages: named,
                    rule,
                },
                fields,
            ));
        }
    }
    rules
}

fn known_id<'k>(
    node: &yaml::Node,
    known: impl Iterator<Item = &'k str> + Clone,
    findings: &mut Findings,
) -> Option<String> {
    let written = read::text(node, findings)?;
    if known.clone().any(|id| id == written) {
        return Some(written.to_owned());
    }
    findings.push(
        Diagnostic::error("W201", "unknown-stage", node.at)
            .arg("name", written)
            .suggest(written, known),
    );
    None
}

fn read_rework(node: &yaml::Node, findings: &mut Findings) -> Option<u32> {
    const KEYS: Keys = Keys {
        known: &["max_rounds"],
        later: &["on_exhausted", "pause_sla", "resume", "to"],
    };
    let node = Fields::open(node, KEYS, findings)?.require("max_rounds", findings)?;
    read::whole(node, 1..=ROUNDS_MAX, findings).and_then(|count| u32::try_from(count).ok())
}

fn read_withdraw(
    node: &yaml::Node,
    nodes: &[ReadNode<'_>],
    findings: &mut Findings,
) -> Option<String> {
    const KEYS: Keys = Keys {
        known: &["until"],
        later: &["who"],
    };
    let node = Fields::open(node, KEYS, findings)?.require("until", findings)?;
    known_id(node, nodes.iter().map(|read| read.node.id()), findings)
}
