//! Reading the register of mandates of an organisation's file.

use chancery_types::id::MandateId;
use chancery_types::{FieldType, Money};

use super::company::id_of;
use super::organisation::Reader;
use crate::diagnostic::Diagnostic;
use crate::mandate::Mandate;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::Node;

const MANDATE_KEYS: Keys = Keys {
    known: &[
        "person", "entity", "role", "limit", "from", "until", "basis",
    ],
    later: &[],
};

impl Reader<'_> {
    /// `mandates: [{ person: olga, entity: north, limit: RUB 500000.00, from: 2026-01-01, … }]`.
    pub(super) fn read_mandates(&mut self, node: &Node, findings: &mut Findings) {
        for node in read::list(node, findings).unwrap_or_default() {
            let mandate = self.read_mandate(node, findings);
            self.directory.mandates.extend(mandate);
        }
    }

    fn read_mandate(&self, node: &Node, findings: &mut Findings) -> Option<Mandate> {
        let fields = Fields::open(node, MANDATE_KEYS, findings)?;
        let person = fields.require("person", findings);
        let person = person.and_then(|node| self.known_person(node, findings));
        let basis = fields.require("basis", findings);
        let basis = basis.and_then(|node| read::line(node, findings));
        let from = fields.require("from", findings);
        let from = from.and_then(|node| self.read_day(node, findings));
        let optional = |key: &str| fields.get(key);
        let entity = match optional("entity") {
            Some(node) => Some(read::id(node, findings)?),
            None => None,
        };
        let role = match optional("role") {
            Some(node) => Some(self.known_role(node, findings)?),
            None => None,
        };
        let limit = match optional("limit") {
            Some(node) => Some(read_limit(node, findings)?),
            None => None,
        };
        let until = match optional("until") {
            Some(node) => Some(self.read_day(node, findings)?.tomorrow().ok()?),
            None => None,
        };
        let (person, basis) = (person?, basis?);
        let name = format!("{person} {entity:?} {role:?} {basis}");
        Some(Mandate {
            id: MandateId(id_of(FieldType::Text, &name)),
            person,
            entity,
            role,
            limit,
            from: self.begins(from?)?,
            until: match until {
                Some(day) => Some(self.begins(day)?),
                None => None,
            },
            basis,
        })
    }

    fn known_role(&self, node: &Node, findings: &mut Findings) -> Option<String> {
        let name = read::text(node, findings)?;
        let known = self.vocabulary.roles();
        if !known.contains_key(name) {
            let finding = Diagnostic::error("W201", "unknown-role", node.at);
            let known = known.keys().map(String::as_str);
            findings.push(finding.arg("name", name).suggest(name, known));
            return None;
        }
        Some(name.to_owned())
    }
}

/// `RUB 500000.00`.
fn read_limit(node: &Node, findings: &mut Findings) -> Option<Money> {
    let written = read::text(node, findings)?;
    let read = written.split_once(' ');
    let read = read.map(|(currency, amount)| Money::parse(amount, currency));
    match read {
        Some(Ok(limit)) => Some(limit),
        Some(Err(why)) => {
            findings.push(Diagnostic::error("W204", "bad-money-literal", node.at).arg("why", why));
            None
        }
        None => {
            let finding = Diagnostic::error("W006", "bad-currency", node.at);
            findings.push(finding.arg("text", written));
            None
        }
    }
}
