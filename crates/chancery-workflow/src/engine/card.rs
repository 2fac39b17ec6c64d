//! Whether a card is one of the workflow's kind.

use chancery_types::field::Card;
use chancery_types::{FieldType, FieldValue};

use crate::definition::Definition;
use crate::refusal::Refusal;

/// A card fits if every required field is there, every field is known and of its type.
pub(super) fn check_card(definition: &Definition, card: &Card) -> Result<(), Refusal> {
    let fields = definition.fields();
    let refuse = |field: &String| {
        Err(Refusal::Card {
            field: field.clone(),
        })
    };
    for (name, schema) in fields {
        match card.get(name) {
            None if schema.required => return refuse(name),
            Some(value) if !fits(value, schema.field_type) => return refuse(name),
            _ => {}
        }
    }
    match card.keys().find(|name| !fields.contains_key(*name)) {
        Some(name) => refuse(name),
        None => Ok(()),
    }
}

pub(super) const fn fits(value: &FieldValue, field_type: FieldType) -> bool {
    match field_type {
        FieldType::Text | FieldType::LongText | FieldType::Choice => {
            matches!(value, FieldValue::Text(_))
        }
        FieldType::Integer => matches!(value, FieldValue::Integer(_)),
        FieldType::Money => matches!(value, FieldValue::Money(_)),
        FieldType::Date => matches!(value, FieldValue::Date(_)),
        FieldType::Boolean => matches!(value, FieldValue::Boolean(_)),
        FieldType::Person
        | FieldType::Department
        | FieldType::Counterparty
        | FieldType::Contact => matches!(value, FieldValue::Reference(_)),
    }
}
