//! A card's fields in a form: of a document's, and of those that a stage fills.

use std::collections::BTreeMap;

use chancery_types::field::Card;
use chancery_types::{FieldType, FieldValue, Locale};
use chancery_workflow::Kind;

use crate::app::choices::Choices;

/// One field of a card in a form.
pub struct FieldInput {
    /// The form's name of it: `card.amount`.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Its explanation; may be empty.
    pub hint: String,
    /// Whether it must be filled.
    pub is_required: bool,
    /// How it is typed.
    pub input: Input,
}

impl FieldInput {
    /// The form's name of an amount's currency.
    #[must_use]
    pub fn currency(&self) -> String {
        format!("{}.currency", self.name)
    }

    /// The form's name of the letters that are looked for in its list.
    #[must_use]
    pub fn find(&self) -> String {
        format!("find.{}", self.name)
    }
}

/// How a field is typed.
pub enum Input {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A whole number.
    Number,
    /// An amount and its currency.
    Money(Vec<(String, String)>),
    /// A calendar date.
    Date,
    /// Yes or no.
    Check,
    /// One of these.
    Choice(Choices),
}

/// The fields of a kind's card in a form.
#[must_use]
pub fn inputs(kind: &Kind, locale: Locale, choices: &BTreeMap<String, Choices>) -> Vec<FieldInput> {
    let fields = kind.fields().iter();
    fields
        .map(|field| FieldInput {
            name: format!("card.{}", field.name),
            label: field.label.get(locale).unwrap_or(&field.name).to_owned(),
            hint: field
                .hint
                .as_ref()
                .and_then(|hint| hint.get(locale))
                .unwrap_or_default()
                .to_owned(),
            is_required: field.required,
            input: match field.field_type {
                FieldType::Text => Input::Line,
                FieldType::LongText => Input::Lines,
                FieldType::Integer => Input::Number,
                FieldType::Date => Input::Date,
                FieldType::Boolean => Input::Check,
                FieldType::Money => {
                    let codes = field.currencies.iter();
                    Input::Money(codes.map(|code| (code.clone(), code.clone())).collect())
                }
                FieldType::Choice => {
                    let titled = field.choices.iter().map(|choice| {
                        let title = choice.title.get(locale).unwrap_or(&choice.code);
                        (choice.code.clone(), title.to_owned())
                    });
                    Input::Choice(Choices {
                        rows: titled.collect(),
                        is_cut: false,
                        is_narrowed: false,
                    })
                }
                FieldType::Person
                | FieldType::Department
                | FieldType::Counterparty
                | FieldType::Contact => {
                    Input::Choice(choices.get(&field.name).cloned().unwrap_or_default())
                }
            },
        })
        .collect()
}

/// A card as a form has it.
#[must_use]
pub fn card_values(card: &Card) -> Vec<(String, String)> {
    let mut values = Vec::new();
    for (name, value) in card {
        let field = format!("card.{name}");
        match value {
            FieldValue::Text(text) => values.push((field, text.clone())),
            FieldValue::Integer(number) => values.push((field, number.to_string())),
            FieldValue::Money(money) => {
                values.push((format!("{field}.currency"), money.currency.clone()));
                values.push((field, money.amount.to_string()));
            }
            FieldValue::Date(date) => values.push((field, date.to_string())),
            FieldValue::Boolean(yes) => values.push((field, yes.to_string())),
            FieldValue::Reference(id) => values.push((field, id.to_string())),
        }
    }
    values
}
