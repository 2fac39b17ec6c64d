//! `[webhooks]` and `[lookups]`: whom effects and automatic stages of workflows call.

use std::collections::BTreeMap;

use chancery_types::FieldType;
use serde::Deserialize;

use super::Secret;

/// `[webhooks.calls.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookCall {
    /// Where it is sent, by POST.
    pub url: String,
    /// What its signature is made with.
    #[serde(default)]
    pub secret: Secret,
    /// A file with it.
    #[serde(default)]
    pub secret_file: String,
}

/// `[lookups.calls.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookupCall {
    /// Who is asked, by POST.
    pub url: String,
    /// What the question's signature is made with.
    #[serde(default)]
    pub secret: Secret,
    /// A file with it.
    #[serde(default)]
    pub secret_file: String,
    /// The parts of an answer, by name.
    pub answer: BTreeMap<String, AnswerPart>,
}

/// What a part of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerPart {
    /// `true` or `false`.
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// A text.
    Text,
    /// A day, `2026-12-31`.
    Date,
}

impl AnswerPart {
    /// As conditions of workflows know it.
    #[must_use]
    pub const fn field_type(self) -> FieldType {
        match self {
            Self::Boolean => FieldType::Boolean,
            Self::Integer => FieldType::Integer,
            Self::Text => FieldType::Text,
            Self::Date => FieldType::Date,
        }
    }
}
