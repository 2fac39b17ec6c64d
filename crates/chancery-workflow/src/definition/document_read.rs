//! Reading which documents a chain is for, and what makes a new version of one.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Position};
use crate::expression::{Expression, Scope, compile};
use crate::kind::Kind;
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::Vocabulary;
use crate::yaml;

const DOCUMENT_KEYS: Keys = Keys {
    known: &["type", "when"],
    later: &[],
};

/// `document.when`: which documents of the kind the chain takes, with its place.
pub(super) fn read_takes(
    node: &yaml::Node,
    kind: &Kind,
    vocabulary: &Vocabulary,
    findings: &mut Findings,
) -> Option<(Expression, Position)> {
    let yaml::Value::Map(pairs) = &node.value else {
        return None;
    };
    let (_, written) = pairs.iter().find(|(key, _)| key.name == "when")?;
    let scope = Scope::of(kind, vocabulary);
    Some((compile(written, &scope, findings)?, written.at))
}

pub(super) fn read_kind<'k>(
    node: &yaml::Node,
    kinds: &'k BTreeMap<String, Kind>,
    findings: &mut Findings,
) -> Option<&'k Kind> {
    let node = Fields::open(node, DOCUMENT_KEYS, findings)?.require("type", findings)?;
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

pub(super) const MATERIAL_KEYS: Keys = Keys {
    known: &["fields", "files"],
    later: &[],
};
/// The words of `material.files`.
pub(super) const FILES: [&str; 2] = ["main", "attachments"];

/// What makes a new version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Material {
    /// The fields of the card.
    pub(super) fields: BTreeSet<String>,
    /// Whether the attachments do. The main file always does: it is what is signed.
    pub(super) attachments: bool,
}

/// `material: { files, fields }`; without `fields` what the kind says, without `files` all of them.
pub(super) fn read_material(top: &Fields<'_>, kind: &Kind, findings: &mut Findings) -> Material {
    let node = top.get("material");
    let fields = node.and_then(|node| Fields::open(node, MATERIAL_KEYS, findings));
    if let Some(fields) = &fields
        && fields.pairs().is_empty()
    {
        findings.push(Diagnostic::error("W006", "material-empty", fields.at));
    }
    let files = fields.as_ref().and_then(|fields| fields.get("files"));
    let attachments = files.is_none_or(|node| read_files(node, findings));
    let listed = fields.as_ref().and_then(|fields| fields.get("fields"));
    Material {
        fields: read_fields(listed, kind, findings),
        attachments,
    }
}

/// Whether the attachments are among the files.
fn read_files(node: &yaml::Node, findings: &mut Findings) -> bool {
    let nodes = read::list(node, findings).unwrap_or_default();
    let words = nodes
        .iter()
        .filter_map(|node| read::word(node, &FILES, findings));
    let words: BTreeSet<&str> = words.collect();
    if !words.contains("main") {
        findings.push(Diagnostic::error("W210", "material-without-main", node.at));
    }
    words.contains("attachments")
}

fn read_fields(
    listed: Option<&yaml::Node>,
    kind: &Kind,
    findings: &mut Findings,
) -> BTreeSet<String> {
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
