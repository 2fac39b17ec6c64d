//! What a file lets happen outside: `effects`.

use std::collections::BTreeMap;

use super::Resolver;

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
