//! Reading `effects`.

use std::collections::BTreeMap;

use super::consequence::{Consequence, Told};
use super::resolver::Resolvers;
use crate::deed::Occasion;
use crate::diagnostic::Diagnostic;
use crate::kind::{Kind, type_name};
use crate::means::{Ability, Means};
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::{Node, Value};

/// The most that is done on one occasion.
const DEEDS_MAX: usize = 20;

/// What `effects` is read against.
pub(super) struct Outside<'a> {
    pub(super) kind: &'a Kind,
    pub(super) kinds: &'a BTreeMap<String, Kind>,
    pub(super) means: &'a Means,
}

/// What is done on each occasion, in the order of the file.
pub(super) type Consequences = BTreeMap<Occasion, Vec<Consequence>>;

pub(super) const EFFECTS_KEYS: Keys = Keys {
    known: &[
        "started",
        "completed",
        "rejected",
        "withdrawn",
        "cancelled",
        "expired",
        "incident",
    ],
    later: &[],
};
pub(super) const EFFECT_KEYS: Keys = Keys {
    known: &["register", "webhook", "notify", "create"],
    later: &[],
};

impl Outside<'_> {
    /// Reads `effects`, if the file has it and somebody carries it out.
    pub(super) fn read(
        &self,
        top: &Fields<'_>,
        resolvers: &mut Resolvers<'_>,
        findings: &mut Findings,
    ) -> Consequences {
        let mut all = Consequences::new();
        let can = self
            .means
            .admits(Ability::Effects, top, &["effects"], findings);
        let node = top.get("effects").filter(|_| can);
        let Some(fields) = node.and_then(|node| Fields::open(node, EFFECTS_KEYS, findings)) else {
            return all;
        };
        for occasion in Occasion::ALL {
            let Some(node) = fields.get(occasion.code()) else {
                continue;
            };
            let nodes = read::list(node, findings).unwrap_or_default();
            if nodes.is_empty() || nodes.len() > DEEDS_MAX {
                let finding = Diagnostic::error("W006", "too-many", node.at);
                findings.push(finding.arg("max", DEEDS_MAX));
                continue;
            }
            let read = nodes
                .iter()
                .filter_map(|node| self.one(node, occasion, resolvers, findings));
            all.insert(occasion, read.collect());
        }
        all
    }

    fn one(
        &self,
        node: &Node,
        occasion: Occasion,
        resolvers: &mut Resolvers<'_>,
        findings: &mut Findings,
    ) -> Option<Consequence> {
        let fields = Fields::open(node, EFFECT_KEYS, findings)?;
        let [(key, value)] = fields.pairs() else {
            findings.push(Diagnostic::error("W006", "one-effect", node.at));
            return None;
        };
        match key.name.as_str() {
            "register" => self.register(value, findings),
            "webhook" => {
                let known = self.means.webhooks.iter();
                known_name(value, "unknown-webhook", known, findings).map(Consequence::CallWebhook)
            }
            "notify" => self.notify(value, occasion, resolvers, findings),
            "create" if !self.means.can(Ability::Creation) => {
                let finding = Diagnostic::error("W010", "later-key", key.at);
                findings.push(finding.arg("key", &key.name));
                None
            }
            "create" => self.create(value, findings),
            // Not known, which was said.
            _ => None,
        }
    }

    /// `{ journal: contracts }`.
    fn register(&self, node: &Node, findings: &mut Findings) -> Option<Consequence> {
        const KEYS: Keys = Keys {
            known: &["journal"],
            later: &[],
        };
        let node = Fields::open(node, KEYS, findings)?.require("journal", findings)?;
        let known = self.means.journals.iter();
        known_name(node, "unknown-journal", known, findings).map(Consequence::Register)
    }

    /// `{ to: [initiator, open_tasks, lawyer], template: contract_signed }`.
    fn notify(
        &self,
        node: &Node,
        occasion: Occasion,
        resolvers: &mut Resolvers<'_>,
        findings: &mut Findings,
    ) -> Option<Consequence> {
        const KEYS: Keys = Keys {
            known: &["to", "template"],
            later: &[],
        };
        let fields = Fields::open(node, KEYS, findings)?;
        let template = fields.require("template", findings).and_then(|node| {
            let known = self.means.templates.iter();
            known_name(node, "unknown-template", known, findings)
        });
        let node = fields.require("to", findings)?;
        let nodes = read::list(node, findings).unwrap_or_default();
        if nodes.is_empty() {
            findings.push(Diagnostic::error("W006", "expected-some", node.at));
        }
        let mut to = Vec::new();
        for node in nodes {
            let word = match &node.value {
                Value::Scalar(scalar) => scalar.text.as_str(),
                Value::List(_) | Value::Map(_) => "",
            };
            to.extend(match word {
                "initiator" => Some(Told::Initiator),
                "open_tasks" => {
                    if matches!(occasion, Occasion::Started | Occasion::Incident) {
                        let finding = Diagnostic::warning("W502", "told-nobody", node.at);
                        findings.push(finding.arg("occasion", occasion.code()));
                    }
                    Some(Told::OpenTasks)
                }
                _ => resolvers.read_one(node, findings).map(Told::Resolver),
            });
        }
        template.map(|template| Consequence::Notify { to, template })
    }

    /// `{ type: closing_act, fields: { amount: doc.amount } }`.
    fn create(&self, node: &Node, findings: &mut Findings) -> Option<Consequence> {
        const KEYS: Keys = Keys {
            known: &["type", "fields"],
            later: &[],
        };
        let fields = Fields::open(node, KEYS, findings)?;
        let node = fields.require("type", findings)?;
        let name = known_name(node, "unknown-kind", self.kinds.keys(), findings)?;
        let target = self.kinds.get(&name)?;
        let mut taken = BTreeMap::new();
        let pairs = fields
            .get("fields")
            .and_then(|node| Fields::open_any(node, findings));
        for (key, value) in pairs.iter().flat_map(Fields::pairs) {
            let wanted = target.field(&key.name).map(|field| field.field_type);
            if wanted.is_none() {
                let names = target.fields().iter().map(|field| field.name.as_str());
                let finding = Diagnostic::error("W203", "unknown-field", key.at);
                let finding = finding.arg("name", &key.name).arg("kind", target.id());
                findings.push(finding.suggest(&key.name, names));
            }
            let Some((wanted, source)) = wanted.zip(read_field(value, self.kind, findings)) else {
                continue;
            };
            let found = self.kind.field(&source).map(|field| field.field_type);
            if let Some(found) = found.filter(|found| *found != wanted) {
                let finding = Diagnostic::error("W204", "field-of-other-type", value.at);
                let finding = finding.arg("name", &source).arg("found", type_name(found));
                findings.push(finding.arg("expected", type_name(wanted)));
            }
            taken.insert(key.name.clone(), source);
        }
        Some(Consequence::CreateDocument {
            kind: name,
            fields: taken,
        })
    }
}

/// `doc.<field>` of any type: the field's name.
pub(super) fn read_field(node: &Node, kind: &Kind, findings: &mut Findings) -> Option<String> {
    let written = read::text(node, findings)?;
    let Some(name) = written.strip_prefix("doc.") else {
        findings.push(Diagnostic::error("W203", "expected-field", node.at).arg("text", written));
        return None;
    };
    if kind.field(name).is_none() {
        let names = kind.fields().iter().map(|field| field.name.as_str());
        let finding = Diagnostic::error("W203", "unknown-field", node.at);
        let finding = finding.arg("name", name).arg("kind", kind.id());
        findings.push(finding.suggest(name, names));
        return None;
    }
    Some(name.to_owned())
}

/// A name that the house knows: of a kind of documents, else of what is outside.
pub(super) fn known_name<'k>(
    node: &Node,
    key: &'static str,
    known: impl Iterator<Item = &'k String> + Clone,
    findings: &mut Findings,
) -> Option<String> {
    // Each code stands beside its word, where the catalogue of findings looks for them.
    let at = node.at;
    known_or(node, known, findings, || match key {
        "unknown-kind" => Diagnostic::error("W201", "unknown-kind", at),
        "unknown-journal" => Diagnostic::error("W501", "unknown-journal", at),
        "unknown-webhook" => Diagnostic::error("W501", "unknown-webhook", at),
        "unknown-template" => Diagnostic::error("W501", "unknown-template", at),
        _ => Diagnostic::error("W501", "unknown-call", at),
    })
}

/// A word that is one of those known, or the finding that it is none, with the nearest.
pub(super) fn known_or<'k>(
    node: &Node,
    known: impl Iterator<Item = &'k String> + Clone,
    findings: &mut Findings,
    finding: impl FnOnce() -> Diagnostic,
) -> Option<String> {
    let written = read::text(node, findings)?;
    if known.clone().any(|name| name == written) {
        return Some(written.to_owned());
    }
    let finding = finding().arg("name", written);
    findings.push(finding.suggest(written, known.map(String::as_str)));
    None
}
