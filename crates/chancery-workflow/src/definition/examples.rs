//! `tests`: documents, and the way each of them must take. A file whose examples go another way is
//! refused, so that a careless change of a condition is seen before a document meets it.

use std::collections::BTreeMap;

use super::nodes::ReadNode;
use super::{Lookup, Rework, Stage, Subdocument};
use crate::calendar::Calendar;
use crate::diagnostic::{Diagnostic, Position};
use crate::kind::Kind;
use crate::parameter::Parameters;
use crate::read::{self, Fields, Findings, Keys};
use crate::trial::{Example, Expected, OUTCOMES};
use crate::yaml::Node as Yaml;

mod file;
mod scene;
mod script;

pub use file::SceneFile;
use scene::read_scene;
use script::read_script;

/// The most examples of one file.
const EXAMPLES_MAX: usize = 100;

pub(super) const EXAMPLE_KEYS: Keys = Keys {
    known: &[
        "name",
        "doc",
        "facts",
        "round",
        "initiator",
        "people",
        "at",
        "script",
        "expect",
    ],
    later: &[],
};
pub(super) const EXPECT_KEYS: Keys = Keys {
    known: &["path", "open", "pending", "outcome"],
    later: &[],
};

/// What an example, or a script, is read against.
pub(crate) struct Context<'a> {
    pub(crate) kind: &'a Kind,
    pub(crate) lookups: &'a BTreeMap<String, Lookup>,
    pub(crate) parameters: &'a Parameters,
    pub(crate) subdocuments: &'a [Subdocument],
    pub(crate) stages: Vec<&'a Stage>,
    pub(crate) calendar: Option<&'a Calendar>,
}

impl<'a> Context<'a> {
    /// The stages of a file that is being read.
    pub(super) fn stages_of(nodes: &'a [ReadNode<'_>], rework: &'a Rework) -> Vec<&'a Stage> {
        let own = nodes.iter().flat_map(|read| read.node.stages());
        own.chain(rework.extra_round()).collect()
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.stages.iter().map(|stage| stage.path.as_str())
    }

    fn stage(&self, path: &str) -> Option<&'a Stage> {
        let mut stages = self.stages.iter();
        stages.find(|stage| stage.path == path).copied()
    }

    fn unknown_stage(&self, path: &str, at: Position) -> Diagnostic {
        let finding = Diagnostic::error("W201", "unknown-stage", at);
        finding.arg("name", path).suggest(path, self.paths())
    }
}

/// Reads `tests`.
pub(super) fn read_examples(
    top: &Fields<'_>,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Vec<Example> {
    let Some(node) = top.get("tests") else {
        return Vec::new();
    };
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.len() > EXAMPLES_MAX {
        let finding = Diagnostic::error("W006", "too-many", node.at);
        findings.push(finding.arg("max", EXAMPLES_MAX));
        return Vec::new();
    }
    let read = nodes
        .iter()
        .filter_map(|node| read_example(node, context, findings));
    read.collect()
}

fn read_example(node: &Yaml, context: &Context<'_>, findings: &mut Findings) -> Option<Example> {
    let fields = Fields::open(node, EXAMPLE_KEYS, findings)?;
    let name = fields
        .require("name", findings)
        .and_then(|node| Some((read::text(node, findings)?.to_owned(), node.at)));
    let scene = read_scene(&fields, context, findings);
    let document_at = fields.key_at("doc");
    let round = match fields.get("round") {
        Some(node) => read::whole(node, 1..=51, findings)?,
        None => 1,
    };
    let script = match fields.get("script") {
        Some(node) => Some(read_script(node, context, findings)?),
        None => None,
    };
    if script.is_some() && round > 1 {
        let at = fields.key_at("round");
        findings.push(Diagnostic::error("W802", "test-round-of-script", at));
    }
    let expected = fields
        .require("expect", findings)
        .and_then(|node| read_expected(node, context, findings))?;
    if round > 1 && (expected.path.is_none() || expected.is_more_than_path()) {
        let at = fields.key_at("round");
        findings.push(Diagnostic::error("W802", "test-round-of-script", at));
    }
    let (name, at) = name?;
    Some(Example {
        name,
        at,
        document_at,
        scene: scene?,
        round: u32::try_from(round).ok()?,
        script,
        expected,
    })
}

fn read_expected(node: &Yaml, context: &Context<'_>, findings: &mut Findings) -> Option<Expected> {
    let fields = Fields::open(node, EXPECT_KEYS, findings)?;
    let mut stages = |key: &str| -> Option<(Vec<String>, Position)> {
        let node = fields.get(key)?;
        let mut paths = Vec::new();
        for node in read::list(node, findings)? {
            let path = read::text(node, findings)?;
            if context.stage(path).is_none() {
                findings.push(context.unknown_stage(path, node.at));
            }
            paths.push(path.to_owned());
        }
        Some((paths, node.at))
    };
    let (path, open, pending) = (stages("path"), stages("open"), stages("pending"));
    let outcome = fields.get("outcome").and_then(|node| {
        let word = read::word(node, &OUTCOMES, findings)?;
        Some((word.to_owned(), node.at))
    });
    let known = EXPECT_KEYS.known.iter();
    if known.filter(|key| fields.get(key).is_some()).count() == 0 {
        findings.push(Diagnostic::error("W006", "test-expects-nothing", node.at));
        return None;
    }
    Some(Expected {
        path,
        open,
        pending,
        outcome,
    })
}
