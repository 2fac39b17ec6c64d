//! Reading stages and the blocks around them.

use std::collections::BTreeSet;

use super::automatic_read::{AUTOMATIC_KEYS, AutomaticPlace, read_automatic};
use super::resolver::Resolvers;
use super::stage::{Shared, StagePlace, read_stage};
use super::{Join, Node, OnBranchReject, Parallel, Sequence, Stage};
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, compile};
use crate::means::Ability;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml;

/// The most stages of one workflow.
const STAGES_MAX: usize = 100;

pub(super) const PARALLEL_KEYS: Keys = Keys {
    known: &["id", "title", "when", "parallel"],
    later: &[],
};
pub(super) const SEQUENCE_KEYS: Keys = Keys {
    known: &["id", "title", "when", "sequence"],
    later: &[],
};

/// One read node with its places in the file.
pub(super) struct ReadNode<'n> {
    pub(super) node: Node,
    pub(super) fields: Fields<'n>,
    /// Of a stage.
    pub(super) place: Option<StagePlace<'n>>,
    /// Of a stage that asks nobody.
    pub(super) automatic: Option<AutomaticPlace<'n>>,
    /// Of a block, in its order.
    pub(super) children: Vec<ReadNode<'n>>,
}

impl<'n> ReadNode<'n> {
    /// The stages with their places, in order.
    pub(super) fn stages(&self) -> Vec<(&Stage, &StagePlace<'n>)> {
        match (&self.node, &self.place) {
            (Node::Stage(stage), Some(place)) => vec![(stage.as_ref(), place)],
            _ => self.children.iter().flat_map(Self::stages).collect(),
        }
    }

    /// This node and everything within it.
    pub(super) fn all(&self) -> Vec<&Self> {
        let mut all = vec![self];
        all.extend(self.children.iter().flat_map(Self::all));
        all
    }

    /// The place of its identifier.
    pub(super) fn id_at(&self) -> crate::diagnostic::Position {
        self.fields.get("id").map_or(self.fields.at, |node| node.at)
    }
}

/// Reads `stages:`.
pub(super) fn read_nodes<'n>(
    node: &'n yaml::Node,
    shared: &Shared<'_>,
    resolvers: &mut Resolvers<'_>,
    findings: &mut Findings,
) -> Vec<ReadNode<'n>> {
    let mut reader = Reader {
        shared,
        resolvers,
        stages: 0,
    };
    let nodes = reader.list(node, "", findings);
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for read in nodes.iter().flat_map(ReadNode::all) {
        if !ids.insert(read.node.id()) {
            let id = read.node.id();
            findings.push(Diagnostic::error("W101", "duplicate-id", read.id_at()).arg("id", id));
        }
    }
    nodes
}

struct Reader<'a, 'k> {
    shared: &'a Shared<'a>,
    resolvers: &'a mut Resolvers<'k>,
    stages: usize,
}

/// What every step has.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) title: chancery_types::Localized,
    pub(super) when: Option<Expression>,
}

impl Reader<'_, '_> {
    /// A list of nodes; `around` is the path of the block around them, with its slash.
    fn list<'n>(
        &mut self,
        node: &'n yaml::Node,
        around: &str,
        findings: &mut Findings,
    ) -> Vec<ReadNode<'n>> {
        let list = read::list(node, findings).unwrap_or_default();
        if list.is_empty() {
            findings.push(Diagnostic::error("W006", "expected-some", node.at));
        }
        let mut nodes = Vec::new();
        for node in list {
            let too_many = self.stages > STAGES_MAX;
            nodes.extend(self.node(node, around, findings));
            if self.stages > STAGES_MAX {
                if !too_many {
                    let max = STAGES_MAX;
                    findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", max));
                }
                break;
            }
        }
        nodes
    }

    fn node<'n>(
        &mut self,
        node: &'n yaml::Node,
        around: &str,
        findings: &mut Findings,
    ) -> Option<ReadNode<'n>> {
        let any = Fields::open_any(node, findings)?;
        let is_stage = any.get("type").is_some();
        if !is_stage && any.get("parallel").is_some() {
            return self.parallel(node, around, findings);
        }
        if !is_stage && any.get("sequence").is_some() {
            return self.sequence(node, around, findings);
        }
        self.stages += 1;
        let is_automatic = any.get("type").is_some_and(
            |node| matches!(&node.value, yaml::Value::Scalar(word) if word.text == "automatic"),
        );
        // Without the means for it, reading it as a stage refuses its type by name.
        if is_automatic && self.shared.means.can(Ability::Lookups) {
            return self.automatic(node, around, findings);
        }
        let (stage, place) = read_stage(node, around, self.shared, self.resolvers, findings)?;
        Some(ReadNode {
            node: Node::Stage(Box::new(stage)),
            fields: any,
            place: Some(place),
            automatic: None,
            children: Vec::new(),
        })
    }

    fn head(&self, fields: &Fields<'_>, around: &str, findings: &mut Findings) -> Option<Head> {
        let id = fields
            .require("id", findings)
            .and_then(|node| read::id(node, findings));
        let title = fields
            .require("title", findings)
            .and_then(|node| read::localized(node, findings));
        let scope = self.shared.scope();
        let when = fields
            .get("when")
            .and_then(|node| compile(node, &scope, findings));
        let id = id?;
        Some(Head {
            path: format!("{around}{id}"),
            id,
            title: title?,
            when,
        })
    }

    fn automatic<'n>(
        &mut self,
        node: &'n yaml::Node,
        around: &str,
        findings: &mut Findings,
    ) -> Option<ReadNode<'n>> {
        let fields = Fields::open(node, AUTOMATIC_KEYS, findings)?;
        let head = self.head(&fields, around, findings)?;
        let (automatic, place) = read_automatic(&fields, head, self.shared, findings);
        Some(ReadNode {
            node: Node::Automatic(Box::new(automatic)),
            fields,
            place: None,
            automatic: Some(place),
            children: Vec::new(),
        })
    }

    fn parallel<'n>(
        &mut self,
        node: &'n yaml::Node,
        around: &str,
        findings: &mut Findings,
    ) -> Option<ReadNode<'n>> {
        const KEYS: Keys = Keys {
            known: &["join", "on_branch_reject", "branches"],
            later: &[],
        };
        let fields = Fields::open(node, PARALLEL_KEYS, findings)?;
        let head = self.head(&fields, around, findings);
        let inner = Fields::open(fields.get("parallel")?, KEYS, findings)?;
        let word = inner
            .get("on_branch_reject")
            .and_then(|node| read::word(node, &["finish_others", "cancel_others"], findings));
        let branches_node = inner.require("branches", findings)?;
        let path = head.as_ref().map_or("", |head| &head.path);
        let children = self.list(branches_node, &format!("{path}/"), findings);
        let count = read::list(branches_node, &mut Findings::default()).map_or(0, <[_]>::len);
        if count == 1 {
            findings.push(Diagnostic::error("W006", "two-branches", branches_node.at));
        }
        let join = inner.get("join").map_or(Some(Join::All), |node| {
            let most = i64::try_from(count).unwrap_or(i64::MAX);
            read_join(node, most, findings)
        });
        let head = head?;
        let block = Parallel {
            id: head.id,
            path: head.path,
            title: head.title,
            when: head.when,
            join: join?,
            on_branch_reject: match word {
                Some("cancel_others") => OnBranchReject::CancelOthers,
                _ => OnBranchReject::FinishOthers,
            },
            branches: children.iter().map(|read| read.node.clone()).collect(),
        };
        Some(ReadNode {
            node: Node::Parallel(block),
            fields,
            place: None,
            automatic: None,
            children,
        })
    }

    fn sequence<'n>(
        &mut self,
        node: &'n yaml::Node,
        around: &str,
        findings: &mut Findings,
    ) -> Option<ReadNode<'n>> {
        let fields = Fields::open(node, SEQUENCE_KEYS, findings)?;
        let head = self.head(&fields, around, findings);
        let path = head.as_ref().map_or("", |head| &head.path);
        let children = self.list(fields.get("sequence")?, &format!("{path}/"), findings);
        let head = head?;
        let block = Sequence {
            id: head.id,
            path: head.path,
            title: head.title,
            when: head.when,
            steps: children.iter().map(|read| read.node.clone()).collect(),
        };
        Some(ReadNode {
            node: Node::Sequence(block),
            fields,
            place: None,
            automatic: None,
            children,
        })
    }
}

/// `all`, `any` or `{ count: n }`, `n` at most `most`.
pub(super) fn read_join(node: &yaml::Node, most: i64, findings: &mut Findings) -> Option<Join> {
    const KEYS: Keys = Keys {
        known: &["count"],
        later: &[],
    };
    if let yaml::Value::Scalar(_) = &node.value {
        return Some(match read::word(node, &["all", "any"], findings)? {
            "any" => Join::Any,
            _ => Join::All,
        });
    }
    let fields = Fields::open(node, KEYS, findings)?;
    let count_node = fields.require("count", findings)?;
    let count = read::whole(count_node, 1..=most.max(1), findings)?;
    u32::try_from(count).ok().map(Join::Count)
}

/// The `id` of a stage or block that a file names elsewhere.
pub(super) fn known_id<'k>(
    node: &yaml::Node,
    known: impl Iterator<Item = &'k str> + Clone,
    findings: &mut Findings,
) -> Option<String> {
    let written = read::text(node, findings)?;
    if known.clone().any(|id| id == written) {
        return Some(written.to_owned());
    }
    let finding = Diagnostic::error("W201", "unknown-stage", node.at).arg("name", written);
    // A way to a stage, as examples write it, where its name alone is meant.
    let last = written.rsplit('/').next().unwrap_or(written);
    let meant = known.clone().find(|id| *id == last);
    findings.push(match meant {
        Some(id) => finding.suggest(id, [id]),
        None => finding.suggest(written, known),
    });
    None
}
