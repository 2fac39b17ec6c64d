//! Reading whom the register of mandates names: `signatory`, and `entity` beside a role.

use chancery_types::FieldType;

use super::resolver::Resolvers;
use super::{Resolver, Word};
use crate::diagnostic::Diagnostic;
use crate::kind::type_name;
use crate::read::{self, Fields, Findings, Keys};
use crate::yaml::Node;

pub(super) const SIGNATORY_KEYS: Keys = Keys {
    known: &["entity", "amount", "currency"],
    later: &[],
};

impl Resolvers<'_> {
    /// `{ entity: doc.our_entity, amount: doc.amount, currency: RUB }`. Without an amount only
    /// mandates without a limit are enough.
    pub(super) fn signatory(&self, node: &Node, findings: &mut Findings) -> Option<Resolver> {
        let fields = Fields::open(node, SIGNATORY_KEYS, findings)?;
        let entity = fields
            .require("entity", findings)
            .and_then(|node| self.entity(node, findings));
        let amount = match fields.get("amount") {
            Some(node) => Some(self.field(node, FieldType::Money, findings)?),
            None => None,
        };
        let currency = match fields.get("currency") {
            Some(node) => Some(self.currency(node, findings)?),
            None => None,
        };
        if let (Some(_), None) = (&currency, &amount) {
            let at = fields.key_at("currency");
            findings.push(Diagnostic::error("W006", "missing-key", at).arg("key", "amount"));
        }
        let entity = entity?;
        Some(Resolver::Signatory {
            entity,
            amount,
            currency,
        })
    }

    /// The key of one of our entities, or the field that holds it.
    pub(super) fn entity(&self, node: &Node, findings: &mut Findings) -> Option<Word> {
        match self.word_field(node, findings)? {
            Some(field) => Some(Word::Of(field)),
            None => read::id(node, findings).map(Word::Is),
        }
    }

    fn currency(&self, node: &Node, findings: &mut Findings) -> Option<Word> {
        if let Some(field) = self.word_field(node, findings)? {
            return Some(Word::Of(field));
        }
        let written = read::text(node, findings)?;
        if written.len() == 3 && written.bytes().all(|b| b.is_ascii_uppercase()) {
            return Some(Word::Is(written.to_owned()));
        }
        findings.push(Diagnostic::error("W006", "bad-currency", node.at).arg("text", written));
        None
    }

    /// `doc.<field>` that holds a word: a text or a choice. `Some(None)` for what is no field;
    /// `None` for a field that will not do, which is said.
    fn word_field(&self, node: &Node, findings: &mut Findings) -> Option<Option<String>> {
        let written = read::text(node, findings)?;
        let Some(name) = written.strip_prefix("doc.") else {
            return Some(None);
        };
        let found = self.kind().field(name).map(|field| field.field_type);
        match found {
            Some(FieldType::Text | FieldType::Choice) => Some(Some(name.to_owned())),
            Some(other) => {
                findings.push(
                    Diagnostic::error("W204", "field-of-other-type", node.at)
                        .arg("name", name)
                        .arg("expected", type_name(FieldType::Choice))
                        .arg("found", type_name(other)),
                );
                None
            }
            None => self.field(node, FieldType::Choice, findings).map(Some),
        }
    }
}
