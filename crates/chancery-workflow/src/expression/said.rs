//! A condition as it is told to people: which of the card's fields must be what. Not every
//! condition has such words; one that has none is shown as it is written.

use chancery_types::Money;

use super::{Expr, Expression, Order};
use crate::parameter::{Parameter, Parameters};

/// A condition, or a part of one, in the shape in which people are told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// All of these.
    All(Vec<Said>),
    /// One of these.
    Any(Vec<Said>),
    /// A field of the card is there, or is not.
    Given(String, bool),
    /// A yes-or-no field is yes, or no.
    Yes(String, bool),
    /// A field is one of these values, or none of them.
    OneOf(String, bool, Vec<SaidValue>),
    /// A field compared with a value.
    Compared(String, Comparison, SaidValue),
    /// The currency of a field is this one, or another.
    Currency(String, bool, String),
    /// Whoever decides is not the person of this field; only in rules.
    NotPersonOf(String),
    /// Whoever decides did not decide in this stage; only in rules.
    NotVoterOf(String),
}

/// How a field is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Less than the value.
    Less,
    /// The value at most.
    AtMost,
    /// More than the value.
    More,
    /// The value at least.
    AtLeast,
}

/// A value that a condition names, parameters by their values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaidValue {
    /// A text, or the code of a choice.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An amount.
    Money(Money),
    /// A date.
    Date(jiff::civil::Date),
}

impl Expression {
    /// The condition for people; `None` if it says something that has no words here (arithmetic,
    /// the round, a part of a text): then its source is what can be shown.
    #[must_use]
    pub fn said(&self) -> Option<Said> {
        say(&self.root, true)
    }

    /// The condition as it is written, but each parameter as `told` tells it and not by its name:
    /// for people who have no file of parameters beside them. One that is not among `parameters`
    /// stays as it is written.
    #[must_use]
    pub fn source_with(
        &self,
        parameters: &Parameters,
        told: impl Fn(&Parameter) -> String,
    ) -> String {
        let mut out = String::new();
        let mut rest = self.source();
        while let Some((before, tail)) = rest.split_once("param") {
            out.push_str(before);
            let is_within = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
            let found = match out.ends_with(is_within) {
                true => None,
                false => argument(tail),
            };
            let found = found.and_then(|(name, after)| Some((parameters.get(name)?, after)));
            rest = match found {
                Some((parameter, after)) => {
                    out.push_str(&told(parameter));
                    after
                }
                None => {
                    out.push_str("param");
                    tail
                }
            };
        }
        out + rest
    }
}

/// The name in `('name')`, and what stands after it.
fn argument(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start().strip_prefix('(')?.trim_start();
    let quote = text
        .chars()
        .next()
        .filter(|mark| matches!(mark, '\'' | '"'))?;
    let (name, after) = text[1..].split_once(quote)?;
    Some((name, after.trim_start().strip_prefix(')')?))
}

/// What is true when `expr` turns out as `outcome`.
fn say(expr: &Expr, outcome: bool) -> Option<Said> {
    match (expr, outcome) {
        (Expr::Not(inner), _) => say(inner, !outcome),
        (Expr::And(a, b), true) | (Expr::Or(a, b), false) => {
            let mut all = Vec::new();
            gather(say(a, outcome)?, true, &mut all);
            gather(say(b, outcome)?, true, &mut all);
            Some(joined(all, true))
        }
        (Expr::And(a, b), false) | (Expr::Or(a, b), true) => {
            let mut any = Vec::new();
            gather(say(a, outcome)?, false, &mut any);
            gather(say(b, outcome)?, false, &mut any);
            Some(joined(any, false))
        }
        (Expr::Has(name), _) => Some(Said::Given(name.clone(), outcome)),
        (Expr::Field(name), _) => Some(Said::Yes(name.clone(), outcome)),
        (Expr::Equal(a, b), _) => equal(a, b, outcome).or_else(|| equal(b, a, outcome)),
        (Expr::In(needle, list), _) => among(needle, list, outcome),
        (Expr::Compare(order, a, b), _) => {
            let order = if outcome { *order } else { opposite(*order) };
            match (a.as_ref(), b.as_ref()) {
                (Expr::Field(name), other) => compared(name, order, other),
                (other, Expr::Field(name)) => compared(name, mirrored(order), other),
                _ => None,
            }
        }
        _ => None,
    }
}

/// One list of what is joined by one word.
fn gather(part: Said, is_all: bool, parts: &mut Vec<Said>) {
    match (part, is_all) {
        (Said::All(inner), true) | (Said::Any(inner), false) => parts.extend(inner),
        (other, _) => parts.push(other),
    }
}

/// That a field is there goes without saying where it is compared, and an amount that is compared
/// in roubles is one in roubles.
fn joined(parts: Vec<Said>, is_all: bool) -> Said {
    let parts: Vec<Said> = parts
        .iter()
        .filter(|part| !is_all || !parts.iter().any(|other| implies(other, part)))
        .cloned()
        .collect();
    match (<[Said; 1]>::try_from(parts), is_all) {
        (Ok([only]), _) => only,
        (Err(all), true) => Said::All(all),
        (Err(any), false) => Said::Any(any),
    }
}

fn implies(other: &Said, part: &Said) -> bool {
    match (part, other) {
        (
            Said::Given(name, true),
            Said::Yes(read, _) | Said::OneOf(read, _, _) | Said::Compared(read, _, _),
        ) => name == read,
        (Said::Currency(name, true, code), Said::Compared(read, _, SaidValue::Money(money))) => {
            name == read && *code == money.currency
        }
        _ => false,
    }
}

fn equal(field: &Expr, value: &Expr, outcome: bool) -> Option<Said> {
    match (field, value) {
        (Expr::Currency(name), Expr::Text(code)) => {
            Some(Said::Currency(name.clone(), outcome, code.clone()))
        }
        (Expr::Actor, Expr::Field(name)) if !outcome => Some(Said::NotPersonOf(name.clone())),
        (Expr::Field(name), Expr::Bool(value)) => Some(Said::Yes(name.clone(), *value == outcome)),
        (Expr::Field(name) | Expr::DepartmentKey(name), other) => {
            Some(Said::OneOf(name.clone(), outcome, vec![value_of(other)?]))
        }
        _ => None,
    }
}

fn among(needle: &Expr, list: &Expr, outcome: bool) -> Option<Said> {
    match (needle, list) {
        (Expr::Actor, Expr::Voters(stage)) if !outcome => Some(Said::NotVoterOf(stage.clone())),
        (Expr::Field(name) | Expr::DepartmentKey(name), Expr::List(members)) => {
            let values = members.iter().map(value_of).collect::<Option<_>>()?;
            Some(Said::OneOf(name.clone(), outcome, values))
        }
        _ => None,
    }
}

fn compared(name: &str, order: Order, value: &Expr) -> Option<Said> {
    let how = match order {
        Order::Less => Comparison::Less,
        Order::LessOrEqual => Comparison::AtMost,
        Order::Greater => Comparison::More,
        Order::GreaterOrEqual => Comparison::AtLeast,
    };
    Some(Said::Compared(name.to_owned(), how, value_of(value)?))
}

fn value_of(expr: &Expr) -> Option<SaidValue> {
    match expr {
        Expr::Text(text) => Some(SaidValue::Text(text.clone())),
        Expr::Int(number) => Some(SaidValue::Integer(*number)),
        Expr::Money(money) => Some(SaidValue::Money(money.clone())),
        Expr::Date(date) => Some(SaidValue::Date(*date)),
        _ => None,
    }
}

const fn opposite(order: Order) -> Order {
    match order {
        Order::Less => Order::GreaterOrEqual,
        Order::LessOrEqual => Order::Greater,
        Order::Greater => Order::LessOrEqual,
        Order::GreaterOrEqual => Order::Less,
    }
}

const fn mirrored(order: Order) -> Order {
    match order {
        Order::Less => Order::Greater,
        Order::LessOrEqual => Order::GreaterOrEqual,
        Order::Greater => Order::Less,
        Order::GreaterOrEqual => Order::LessOrEqual,
    }
}
