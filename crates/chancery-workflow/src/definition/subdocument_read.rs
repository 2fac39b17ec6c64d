//! Reading `subdocuments`: documents that a run waits for.

use std::collections::BTreeMap;

use super::check::{Read, not_material};
use super::consequence_read::known_name;
use super::nodes::known_id;
use super::nodes::{ReadNode, read_join};
use super::rights_read::step_around;
use super::{Join, OnChildRejected, Subdocument};
use crate::diagnostic::Diagnostic;
use crate::expression::{Scope, compile};
use crate::kind::Kind;
use crate::means::{Ability, Means};
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::Vocabulary;
use crate::yaml::Node;

/// The most entries of one workflow.
const SUBDOCUMENTS_MAX: usize = 20;
/// The most documents that one entry may ask for.
pub(super) const COUNT_MAX: i64 = 100;

pub(super) const SUBDOCUMENT_KEYS: Keys = Keys {
    known: &["kind", "wait", "join", "on_child_rejected", "when"],
    later: &["field", "workflow"],
};
pub(super) const WAIT_KEYS: Keys = Keys {
    known: &["before"],
    later: &[],
};
pub(super) const ON_CHILD_REJECTED: [&str; 3] = ["incident", "reject", "ignore"];

/// What `subdocuments` is read against.
pub(super) struct Family<'a> {
    pub(super) kind: &'a Kind,
    pub(super) kinds: &'a BTreeMap<String, Kind>,
    pub(super) means: &'a Means,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) nodes: &'a [ReadNode<'a>],
}

impl Family<'_> {
    /// Reads `subdocuments`, if the file has it and somebody carries it out.
    pub(super) fn read(&self, top: &Fields<'_>, findings: &mut Findings) -> Vec<Subdocument> {
        let key = ["subdocuments"];
        let can = self
            .means
            .admits(Ability::Subdocuments, top, &key, findings);
        let node = top.get("subdocuments").filter(|_| can);
        let Some(fields) = node.and_then(|node| Fields::open_any(node, findings)) else {
            return Vec::new();
        };
        if fields.pairs().len() > SUBDOCUMENTS_MAX {
            let finding = Diagnostic::error("W006", "too-many", fields.at);
            findings.push(finding.arg("max", SUBDOCUMENTS_MAX));
            return Vec::new();
        }
        let mut all = Vec::new();
        for (key, value) in fields.pairs() {
            if !read::is_id(&key.name) {
                findings.push(Diagnostic::error("W101", "bad-id", key.at).arg("id", &key.name));
            }
            let one = self.one(&key.name, value, findings);
            all.extend(one.map(|one| Subdocument { at: key.at, ..one }));
        }
        all
    }

    fn one(&self, name: &str, node: &Node, findings: &mut Findings) -> Option<Subdocument> {
        let fields = Fields::open(node, SUBDOCUMENT_KEYS, findings)?;
        let kind_node = fields.require("kind", findings);
        let kind = kind_node
            .and_then(|node| known_name(node, "unknown-kind", self.kinds.keys(), findings));
        if let (Some(kind), Some(node)) = (&kind, kind_node)
            && kind == self.kind.id()
        {
            let finding = Diagnostic::error("W601", "waits-for-itself", node.at);
            findings.push(finding.arg("kind", kind));
        }
        let wait = fields.require("wait", findings);
        let wait = wait.and_then(|node| Fields::open(node, WAIT_KEYS, findings));
        let before = wait.and_then(|wait| wait.require("before", findings));
        let before = before.and_then(|node| self.step(node, findings));
        let join = match fields.get("join") {
            Some(node) => read_join(node, COUNT_MAX, findings),
            None => Some(Join::All),
        };
        let on_rejected = match fields.get("on_child_rejected") {
            Some(node) => read::word(node, &ON_CHILD_REJECTED, findings).map(on_rejected),
            None => Some(OnChildRejected::default()),
        };
        let scope = Scope::of(self.kind, self.vocabulary);
        let when = fields.get("when");
        let when = when.and_then(|node| compile(node, &scope, findings));
        Some(Subdocument {
            name: name.to_owned(),
            kind_title: self.kinds.get(kind.as_ref()?)?.titles().clone(),
            kind: kind?,
            before: before?,
            join: join?,
            on_rejected: on_rejected?,
            when,
            at: node.at,
        })
    }

    /// A step of the top level.
    fn step(&self, node: &Node, findings: &mut Findings) -> Option<String> {
        if let Some((name, step)) = step_around(node, self.nodes) {
            let finding = Diagnostic::error("W201", "wait-within-a-block", node.at);
            findings.push(finding.arg("name", name).arg("step", step));
            return None;
        }
        known_id(node, self.nodes.iter().map(|read| read.node.id()), findings)
    }
}

/// A field that decides whether there is a wait must be material, as one that decides the route.
pub(super) fn check_subdocuments(read: &Read<'_, '_>, findings: &mut Findings) {
    let Some(fields) = read.top.get("subdocuments") else {
        return;
    };
    let all = Fields::open_any(fields, &mut Findings::default());
    let find = |name: &str| {
        let node = all.as_ref()?.get(name)?;
        Fields::open_any(node, &mut Findings::default())?.get("when")
    };
    for one in read.subdocuments {
        let (Some(when), Some(node)) = (&one.when, find(&one.name)) else {
            continue;
        };
        for name in when.fields().difference(read.material) {
            findings.push(not_material(name, node.at));
        }
    }
}

fn on_rejected(word: &str) -> OnChildRejected {
    match word {
        "reject" => OnChildRejected::Reject,
        "ignore" => OnChildRejected::Ignore,
        _ => OnChildRejected::Incident,
    }
}
