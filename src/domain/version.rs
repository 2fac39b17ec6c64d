//! What a version is: the digest that approvals, links and signatures bind to.
//!
//! SHA-256 over canonical JSON (keys in order, no white space): the main file's digest, each
//! attachment's name and digest in their order (unless the chain leaves attachments out), and the
//! card's material fields. Whatever an approver decides about is in it; a remark or a non-material
//! field is not.

use std::collections::BTreeMap;

use chancery_types::{Digest, FieldValue};
use serde::Serialize;

/// What a version consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionContent {
    // The fields stand in the order of their names: that is the order of the canonical JSON.
    /// The attachments, in their order.
    pub attachments: Vec<AttachmentContent>,
    /// The card's material fields, by name.
    pub fields: BTreeMap<String, FieldValue>,
    /// The main file.
    pub main: Digest,
}

/// One attachment of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttachmentContent {
    /// Its bytes.
    pub digest: Digest,
    /// Its name, as it is shown.
    pub name: String,
}

impl VersionContent {
    /// The bytes that are hashed.
    #[must_use]
    pub fn canonical(&self) -> String {
        // Numbers, texts and lists always become JSON; an empty text would be seen at once, as
        // two versions with one digest.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The version's digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use chancery_types::Money;

    use super::*;

    fn content() -> VersionContent {
        let amount = Money::parse("1250000.00", "RUB").expect("money");
        VersionContent {
            attachments: vec![AttachmentContent {
                digest: Digest::of(b"annex"),
                name: "Приложение 1.pdf".to_owned(),
            }],
            fields: BTreeMap::from([("amount".to_owned(), FieldValue::Money(amount))]),
            main: Digest::of(b"main"),
        }
    }

    #[test]
    fn the_canonical_form_is_fixed_for_ever() {
        let annex = Digest::of(b"annex");
        let main = Digest::of(b"main");
        let expected = format!(
            "{{\"attachments\":[{{\"digest\":\"{annex}\",\"name\":\"Приложение 1.pdf\"}}],\
             \"fields\":{{\"amount\":{{\"type\":\"money\",\"value\":{{\"amount\":\"1250000.00\",\
             \"currency\":\"RUB\"}}}}}},\"main\":\"{main}\"}}"
        );
        assert_eq!(content().canonical(), expected);
        assert_eq!(content().digest(), Digest::of(expected.as_bytes()));
    }

    #[test]
    fn whatever_is_decided_about_changes_the_digest() {
        let first = content().digest();
        let mut renamed = content();
        renamed.attachments[0].name = "Приложение 2.pdf".to_owned();
        let mut replaced = content();
        replaced.main = Digest::of(b"another");
        let mut cheaper = content();
        let amount = Money::parse("1", "RUB").expect("money");
        cheaper
            .fields
            .insert("amount".to_owned(), FieldValue::Money(amount));
        let mut fewer = content();
        fewer.attachments.clear();
        for changed in [renamed, replaced, cheaper, fewer] {
            assert_ne!(changed.digest(), first);
        }
    }
}
