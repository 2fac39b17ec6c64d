//! What a file lets happen outside: `effects`.

use std::collections::BTreeMap;

use super::Resolver;
use crate::vocabulary::{Journal, LetterTemplate, Vocabulary};

/// What is done on an occasion, as the file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// The document gets its number in this journal.
    Register(String),
    /// This webhook is called.
    CallWebhook(String),
    /// People are told.
    Notify {
        /// Who.
        to: Vec<Told>,
        /// By which template.
        template: String,
    },
    /// Another document is drafted.
    CreateDocument {
        /// Of which kind.
        kind: String,
        /// Its fields, each with the field of this document that it takes.
        fields: BTreeMap<String, String>,
    },
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The holders of the tasks that are closed by it without a decision.
    OpenTasks,
    /// The initiator.
    Initiator,
    /// Whom a resolver finds.
    Resolver(Resolver),
}

/// What effects name of the vocabulary, as it was when the file was read: a run keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(super) journals: BTreeMap<String, Journal>,
    pub(super) templates: BTreeMap<String, LetterTemplate>,
}

impl Named {
    /// Of these consequences.
    pub(super) fn by<'c>(
        consequences: impl Iterator<Item = &'c Consequence>,
        vocabulary: &Vocabulary,
    ) -> Self {
        let mut named = Self::default();
        for consequence in consequences {
            match consequence {
                Consequence::Register(name) => {
                    let found = vocabulary.journals().get_key_value(name);
                    named
                        .journals
                        .extend(found.map(|(name, one)| (name.clone(), one.clone())));
                }
                Consequence::Notify { template, .. } => {
                    let found = vocabulary.templates().get_key_value(template);
                    named
                        .templates
                        .extend(found.map(|(name, one)| (name.clone(), one.clone())));
                }
                Consequence::CallWebhook(_) | Consequence::CreateDocument { .. } => {}
            }
        }
        named
    }
}
