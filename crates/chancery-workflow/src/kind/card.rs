//! Reading a card as forms and JSON send it: text by field name.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::field::Card;
use chancery_types::money::{MoneyError, fraction_digits};
use chancery_types::name::{NameError, check_line, check_text};
use chancery_types::{FieldType, FieldValue, Locale, Money};
use uuid::Uuid;

use super::{Bounds, Field, Kind};
use crate::diagnostic::message;

/// The longest text that is looked at, in bytes: a card's longest field in the widest script.
const VALUE_BYTES_MAX: usize = 200_000;
/// The most entries that are looked at.
const ENTRIES_MAX: usize = 400;

/// What is wrong with one field of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name as it was sent.
    pub field: String,
    /// A code that a machine can keep: `field-required`, `field-not-a-number`, …
    pub code: &'static str,
    /// The values of the sentence's placeholders.
    pub args: BTreeMap<&'static str, String>,
}

impl FieldError {
    fn new(field: &str, code: &'static str) -> Self {
        let field: String = field.chars().take(80).collect();
        Self {
            field,
            code,
            args: BTreeMap::new(),
        }
    }

    fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }

    /// The sentence in `locale`, without the field's name.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        message(locale, self.code, &self.args)
    }
}

impl Kind {
    /// Reads a card from text, as forms and JSON send it.
    ///
    /// An entry that is empty or only blanks counts as absent. Money is an amount with its
    /// currency beside it, in either order (`1 250 000,00 RUB`), or the amount alone with the
    /// currency in a second entry named `<field>.currency`; a field with one currency needs none.
    /// A date is `YYYY-MM-DD`; yes and no are `true` and `false` (or a form's `on`); people,
    /// departments, counterparties and contacts are their identifiers. That a referenced thing
    /// exists and may be seen is for the caller to check.
    ///
    /// # Errors
    ///
    /// Every field that is wrong, each once, unknown entries included, in the order of the form.
    pub fn check_card(&self, raw: &BTreeMap<String, String>) -> Result<Card, Vec<FieldError>> {
        let (card, errors) = self.read_card(raw);
        if errors.is_empty() {
            Ok(card)
        } else {
            Err(errors)
        }
    }

    /// As [`Kind::check_card`], with the fields that are right even if others are wrong: whoever
    /// looks further into them can name all problems at once.
    #[must_use]
    pub fn read_card(&self, raw: &BTreeMap<String, String>) -> (Card, Vec<FieldError>) {
        let mut card = Card::new();
        let mut errors = Vec::new();
        for field in &self.fields {
            let written = present(raw, &field.name);
            match (written, field.required) {
                (None, true) => errors.push(FieldError::new(&field.name, "field-required")),
                (None, false) => {}
                (Some(text), _) => {
                    let currency = present(raw, &format!("{}.currency", field.name));
                    match read_value(field, text, currency) {
                        Ok(value) => {
                            card.insert(field.name.clone(), value);
                        }
                        Err(error) => errors.push(error),
                    }
                }
            }
        }
        let known: BTreeSet<&str> = self
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        let is_money = |name: &str| {
            self.field(name)
                .is_some_and(|field| field.field_type == FieldType::Money)
        };
        for name in raw.keys().take(ENTRIES_MAX) {
            let currency = name.strip_suffix(".currency").is_some_and(is_money);
            if !known.contains(name.as_str()) && !currency {
                errors.push(FieldError::new(name, "field-unknown"));
            }
        }
        if raw.len() > ENTRIES_MAX {
            errors.push(FieldError::new("", "too-many-fields").arg("max", ENTRIES_MAX));
        }
        (card, errors)
    }
}

impl Kind {
    /// Whether a field of this kind takes a value that was another document's: within its bounds,
    /// one of its choices, in one of its currencies.
    #[must_use]
    pub fn admits(&self, name: &str, value: &FieldValue) -> bool {
        let text = match value {
            FieldValue::Text(text) => text.clone(),
            FieldValue::Integer(number) => number.to_string(),
            FieldValue::Money(money) => money.to_string(),
            FieldValue::Date(date) => date.to_string(),
            FieldValue::Boolean(yes) => yes.to_string(),
            FieldValue::Reference(id) => id.to_string(),
        };
        let field = self.field(name);
        field.is_some_and(|field| read_value(field, &text, None).as_ref() == Ok(value))
    }
}

fn present<'a>(raw: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    raw.get(name)
        .map(String::as_str)
        .filter(|text| !text.trim().is_empty())
}

fn read_value(field: &Field, text: &str, currency: Option<&str>) -> Result<FieldValue, FieldError> {
    let fail = |code| FieldError::new(&field.name, code);
    if text.len() > VALUE_BYTES_MAX {
        return Err(fail("field-too-long").arg("max", VALUE_BYTES_MAX));
    }
    match field.field_type {
        FieldType::Text | FieldType::LongText => read_text(field, text),
        FieldType::Integer => {
            let trimmed = text.trim();
            let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            let number = trimmed.parse::<i64>().ok().filter(|_| plain);
            within(
                field,
                FieldValue::Integer(number.ok_or_else(|| fail("field-not-a-number"))?),
            )
        }
        FieldType::Money => within(field, FieldValue::Money(read_money(field, text, currency)?)),
        FieldType::Date => {
            let trimmed = text.trim();
            // jiff reads a date at the head of a longer text too; a form sends just the date.
            let date = trimmed.parse().ok().filter(|_| trimmed.len() == 10);
            within(
                field,
                FieldValue::Date(date.ok_or_else(|| fail("field-not-a-date"))?),
            )
        }
        FieldType::Boolean => match text.trim() {
            "true" | "on" => Ok(FieldValue::Boolean(true)),
            "false" => Ok(FieldValue::Boolean(false)),
            _ => Err(fail("field-not-yes-or-no")),
        },
        FieldType::Choice => {
            let code = text.trim();
            let known = field.choices.iter().any(|choice| choice.code == code);
            known
                .then(|| FieldValue::Text(code.to_owned()))
                .ok_or_else(|| fail("field-not-a-choice"))
        }
        FieldType::Person
        | FieldType::Department
        | FieldType::Counterparty
        | FieldType::Contact => text
            .trim()
            .parse::<Uuid>()
            .map(FieldValue::Reference)
            .map_err(|_| fail("field-not-a-reference")),
    }
}

fn read_text(field: &Field, text: &str) -> Result<FieldValue, FieldError> {
    let Bounds::Length { min, max } = field.bounds else {
        return Err(FieldError::new(&field.name, "field-not-text"));
    };
    let checked = if field.field_type == FieldType::Text {
        check_line(text, max as usize)
    } else {
        check_text(text, max as usize)
    };
    let fail = |code| FieldError::new(&field.name, code);
    let text = checked.map_err(|why| match why {
        NameError::Empty => fail("field-required"),
        NameError::TooLong { max } => fail("field-too-long").arg("max", max),
        NameError::Control => fail("field-control-character"),
        NameError::Invisible { code } => {
            fail("field-invisible-character").arg("code", format!("U+{code:04X}"))
        }
    })?;
    // A lower bound in characters is enough: a grapheme has at least one.
    if text.chars().count() < min as usize {
        return Err(fail("field-too-short").arg("min", min));
    }
    Ok(FieldValue::Text(text))
}

fn read_money(field: &Field, text: &str, currency: Option<&str>) -> Result<Money, FieldError> {
    let fail = |code| FieldError::new(&field.name, code);
    let text = text.trim();
    let is_code = |word: &str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let pairs = [
        text.rsplit_once(' '),
        text.split_once(' ').map(|(code, amount)| (amount, code)),
    ];
    let known = |(_, code): &(&str, &str)| field.currencies.iter().any(|other| other == code);
    let beside = pairs.into_iter().flatten().find(known).or_else(|| {
        // Not a currency of the field, but meant as one: it is refused by name below.
        pairs.into_iter().flatten().find(|(_, code)| is_code(code))
    });
    let (amount, code) = match (beside, currency) {
        (Some((_, code)), Some(other)) if code != other.trim() => {
            return Err(fail("field-two-currencies"));
        }
        (Some(pair), _) => pair,
        (None, Some(code)) => (text, code.trim()),
        (None, None) => match field.currencies.as_slice() {
            [only] => (text, only.as_str()),
            _ => return Err(fail("field-no-currency")),
        },
    };
    let too_fine = || fail("field-amount-too-fine").arg("digits", fraction_digits(code));
    let money = Money::parse(amount, code).map_err(|why| match why {
        MoneyError::NotANumber => fail("field-not-an-amount"),
        MoneyError::TooLarge => fail("field-amount-too-large"),
        MoneyError::TooFine => too_fine(),
        MoneyError::NotACurrency => fail("field-not-a-currency"),
    })?;
    if !field.currencies.contains(&money.currency) {
        let known = field.currencies.join(", ");
        return Err(fail("field-other-currency").arg("currencies", known));
    }
    // As it was typed: `1.250` is a slip for a thousand and more, not a rouble and a quarter.
    if money.amount.scale() > fraction_digits(code) {
        return Err(too_fine());
    }
    Ok(money)
}

fn within(field: &Field, value: FieldValue) -> Result<FieldValue, FieldError> {
    fn ends<T: PartialOrd + ToString>(
        value: &T,
        min: Option<T>,
        max: Option<T>,
    ) -> Option<(&'static str, &'static str, String)> {
        if let Some(min) = min.filter(|min| value < min) {
            return Some(("field-too-small", "min", min.to_string()));
        }
        let max = max.filter(|max| value > max)?;
        Some(("field-too-great", "max", max.to_string()))
    }
    let broken = match (&value, field.bounds) {
        (FieldValue::Integer(number), Bounds::Integer { min, max }) => ends(number, min, max),
        (FieldValue::Money(money), Bounds::Money { min, max }) => ends(&money.amount, min, max),
        (FieldValue::Date(date), Bounds::Date { min, max }) => ends(date, min, max),
        _ => None,
    };
    match broken {
        Some((code, name, end)) => Err(FieldError::new(&field.name, code).arg(name, end)),
        None => Ok(value),
    }
}
