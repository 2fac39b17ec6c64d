//! A card's typed fields: what a kind declares and what a document holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Money;

/// The type of a card's field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// A whole number (64 bits).
    Integer,
    /// An exact amount with its currency.
    Money,
    /// A calendar date.
    Date,
    /// Yes or no.
    Boolean,
    /// One of the declared choices, by its code.
    Choice,
    /// A person of the organisation.
    Person,
    /// A department of the organisation.
    Department,
    /// Another organisation.
    Counterparty,
    /// A person at a counterparty.
    Contact,
}

/// A value of a field. References are kept by identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum FieldValue {
    /// Text, long text or a choice's code.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Money.
    Money(Money),
    /// A calendar date, `YYYY-MM-DD`.
    Date(jiff::civil::Date),
    /// Yes or no.
    Boolean(bool),
    /// A person, department, counterparty or contact.
    Reference(Uuid),
}

/// A card: the values that are present, by field name. An absent optional field has no entry.
pub type Card = BTreeMap<String, FieldValue>;

/// The fields a kind declares, as the workflow's checker needs them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSchema {
    /// The type.
    pub field_type: FieldType,
    /// Whether every document of the kind has it.
    pub required: bool,
    /// The allowed codes of a [`FieldType::Choice`].
    #[serde(default)]
    pub choices: Vec<String>,
}
