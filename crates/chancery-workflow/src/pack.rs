//! Packs: what an industry or a department switches on, from `workflows/packs/*.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::{Locale, Localized};

use crate::diagnostic::Diagnostic;
use crate::kind::Kind;
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::read_schema;
use crate::yaml::{self, Node};

/// The word of the configuration for every pack; no pack has it for a name.
pub const ALL_PACKS: &str = "all";
/// The most kinds of one pack.
const KINDS_MAX: usize = 200;

/// Kinds of documents that are switched on together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    id: String,
    title: Localized,
    description: Localized,
    kinds: Vec<String>,
}

impl Pack {
    /// Reads a file of `workflows/packs/` against the kinds of the house.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file, in its order.
    pub fn parse(source: &str, kinds: &BTreeMap<String, Kind>) -> Result<Self, Vec<Diagnostic>> {
        let tree = yaml::parse(source).map_err(|finding| vec![finding])?;
        let mut findings = Findings::default();
        match read_pack(&tree, kinds, &mut findings) {
            Some(pack) if !findings.has_errors() => Ok(pack),
            _ => Err(findings.into_list()),
        }
    }

    /// The identifier: `finance`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The title in `locale`.
    #[must_use]
    pub fn title(&self, locale: Locale) -> &str {
        self.title.get(locale).unwrap_or(&self.id)
    }

    /// What it is for, in `locale`.
    #[must_use]
    pub fn description(&self, locale: Locale) -> &str {
        self.description.get(locale).unwrap_or_default()
    }

    /// The identifiers of its kinds, in the order of the file.
    #[must_use]
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }
}

fn read_pack(tree: &Node, kinds: &BTreeMap<String, Kind>, findings: &mut Findings) -> Option<Pack> {
    const KEYS: Keys = Keys {
        known: &["schema", "id", "title", "description", "kinds"],
        later: &[],
    };
    let top = Fields::open(tree, KEYS, findings)?;
    read_schema(&top, findings);
    let id = top.require("id", findings).and_then(|node| {
        let id = read::id(node, findings)?;
        if id == ALL_PACKS {
            findings.push(Diagnostic::error("W101", "duplicate-id", node.at).arg("id", &id));
        }
        Some(id)
    });
    let title = top
        .require("title", findings)
        .and_then(|node| read::localized(node, findings));
    let description = top
        .require("description", findings)
        .and_then(|node| read::localized(node, findings));
    let named = top
        .require("kinds", findings)
        .map(|node| read_kinds(node, kinds, findings));
    Some(Pack {
        id: id?,
        title: title?,
        description: description?,
        kinds: named?,
    })
}

fn read_kinds(node: &Node, known: &BTreeMap<String, Kind>, findings: &mut Findings) -> Vec<String> {
    let nodes = read::list(node, findings).unwrap_or_default();
    if nodes.is_empty() || nodes.len() > KINDS_MAX {
        findings.push(Diagnostic::error("W006", "too-many", node.at).arg("max", KINDS_MAX));
    }
    let mut kinds: Vec<String> = Vec::new();
    for node in nodes.iter().take(KINDS_MAX) {
        let Some(name) = read::text(node, findings) else {
            continue;
        };
        if !known.contains_key(name) {
            findings.push(
                Diagnostic::error("W201", "unknown-kind", node.at)
                    .arg("name", name)
                    .suggest(name, known.keys().map(String::as_str)),
            );
        } else if kinds.iter().any(|other| other == name) {
            findings.push(Diagnostic::error("W101", "duplicate-id", node.at).arg("id", name));
        } else {
            kinds.push(name.to_owned());
        }
    }
    kinds
}

/// What to say of a kind that none of `packs` names, at its identifier: it cannot be switched off.
/// Nothing where there are no packs at all.
#[must_use]
pub fn outside_packs(kind: &Kind, packs: &BTreeMap<String, Pack>) -> Option<Diagnostic> {
    let named: BTreeSet<&str> = packs
        .values()
        .flat_map(|pack| pack.kinds().iter().map(String::as_str))
        .collect();
    let is_outside = !packs.is_empty() && !named.contains(kind.id());
    is_outside.then(|| {
        Diagnostic::warning("W202", "kind-in-no-pack", kind.id_at()).arg("kind", kind.id())
    })
}
