//! Reading `version` and `migrate`.

use std::collections::{BTreeMap, BTreeSet};

use super::Succession;
use super::nodes::ReadNode;
use crate::diagnostic::Diagnostic;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml;

/// The highest number of a text.
pub(super) const VERSION_MAX: i64 = 1_000_000;
/// The words of `migrate.timers`.
pub(super) const TIMERS: [&str; 2] = ["keep", "restart"];

pub(super) const MIGRATE_KEYS: Keys = Keys {
    known: &["from", "map", "timers"],
    later: &[],
};

/// `version`, and `migrate: { from, map, timers }`.
pub(super) fn read_succession(
    top: &Fields<'_>,
    nodes: &[ReadNode<'_>],
    findings: &mut Findings,
) -> Succession {
    let own = top.get("version");
    let mut succession = Succession {
        version: own.and_then(|node| version(node, findings)),
        ..Succession::default()
    };
    let node = top.get("migrate");
    let Some(fields) = node.and_then(|node| Fields::open(node, MIGRATE_KEYS, findings)) else {
        return succession;
    };
    if fields.pairs().is_empty() {
        findings.push(Diagnostic::error("W006", "migrate-empty", fields.at));
    }
    if let Some(node) = fields.get("from") {
        succession.from = read_from(node, succession.version, findings);
    }
    if let Some(node) = fields.get("map") {
        succession.map = read_map(node, nodes, findings);
    }
    let timers = fields.get("timers");
    let timers = timers.and_then(|node| read::word(node, &TIMERS, findings));
    succession.restarts_timers = timers == Some("restart");
    succession
}

fn version(node: &yaml::Node, findings: &mut Findings) -> Option<u32> {
    let read = read::whole(node, 1..=VERSION_MAX, findings)?;
    u32::try_from(read).ok()
}

/// Versions before this one.
fn read_from(node: &yaml::Node, own: Option<u32>, findings: &mut Findings) -> BTreeSet<u32> {
    let mut from = BTreeSet::new();
    let list = read::list(node, findings).unwrap_or_default();
    if list.is_empty() {
        findings.push(Diagnostic::error("W006", "expected-some", node.at));
    }
    for node in list {
        let Some(read) = version(node, findings) else {
            continue;
        };
        if own.is_some_and(|own| read >= own) {
            let finding = Diagnostic::error("W101", "migrate-from-later", node.at);
            findings.push(finding.arg("version", read));
        }
        from.insert(read);
    }
    from
}

/// What steps are called now, by what they were called.
fn read_map(
    node: &yaml::Node,
    nodes: &[ReadNode<'_>],
    findings: &mut Findings,
) -> BTreeMap<String, String> {
    let ids = || {
        let all = nodes.iter().flat_map(ReadNode::all);
        all.map(|read| read.node.id())
    };
    let mut map: BTreeMap<String, String> = BTreeMap::new();
    let fields = Fields::open_any(node, findings);
    for (key, node) in fields.iter().flat_map(Fields::pairs) {
        if !read::is_id(&key.name) {
            findings.push(Diagnostic::error("W101", "bad-id", key.at).arg("id", &key.name));
            continue;
        }
        let Some(new) = read::text(node, findings) else {
            continue;
        };
        if !ids().any(|id| id == new) {
            let finding = Diagnostic::error("W201", "migrate-to-unknown", node.at);
            findings.push(finding.arg("name", new).suggest(new, ids()));
            continue;
        }
        if let Some((first, _)) = map.iter().find(|(_, to)| *to == new) {
            let finding = Diagnostic::error("W101", "migrate-twice", node.at);
            findings.push(finding.arg("id", new).arg("first", first));
            continue;
        }
        map.insert(key.name.clone(), new.to_owned());
    }
    map
}
