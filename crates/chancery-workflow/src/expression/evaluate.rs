//! Evaluation: total, without loops, in exact numbers.

use std::cmp::Ordering;

use chancery_types::{FieldValue, Money};
use uuid::Uuid;

use super::{EvaluationError, Expr, Given, Order, Search, Sum};

/// A value while it is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Bool(bool),
    Int(i64),
    Text(String),
    Money(Money),
    Date(jiff::civil::Date),
    Reference(Uuid),
    List(Vec<Value>),
}

type Evaluated = Result<Value, EvaluationError>;

pub(super) fn holds(root: &Expr, given: &Given<'_>) -> Result<bool, EvaluationError> {
    match value(root, given)? {
        Value::Bool(answer) => Ok(answer),
        _ => Err(EvaluationError::Unfit),
    }
}

fn value(expr: &Expr, given: &Given<'_>) -> Evaluated {
    Ok(match expr {
        Expr::Bool(literal) => Value::Bool(*literal),
        Expr::Int(literal) => Value::Int(*literal),
        Expr::Text(literal) => Value::Text(literal.clone()),
        Expr::Money(literal) => Value::Money(literal.clone()),
        Expr::Date(literal) => Value::Date(*literal),
        Expr::List(members) => Value::List(
            members
                .iter()
                .map(|each| value(each, given))
                .collect::<Result<_, _>>()?,
        ),
        Expr::Field(name) => field(name, given)?,
        Expr::Currency(name) => match field(name, given)? {
            Value::Money(money) => Value::Text(money.currency),
            _ => {
                return Err(EvaluationError::FieldType {
                    field: name.clone(),
                });
            }
        },
        Expr::Has(name) => Value::Bool(given.card.contains_key(name)),
        Expr::Initiator => Value::Reference(given.initiator.uuid()),
        Expr::InitiatorLogin | Expr::InitiatorDepartments => initiator(expr, given)?,
        Expr::VersionNumber => Value::Int(i64::from(given.version.number)),
        Expr::VersionAuthor => Value::Reference(given.version.author.uuid()),
        Expr::Round => Value::Int(i64::from(given.round)),
        Expr::Actor => Value::Reference(given.actor.ok_or(EvaluationError::Unfit)?.uuid()),
        Expr::Voters(stage) => {
            let voters = given.voters.ok_or(EvaluationError::Unfit)?;
            let ids = voters.get(stage).into_iter().flatten();
            Value::List(ids.map(|id| Value::Reference(id.uuid())).collect())
        }
        Expr::Not(inner) => Value::Bool(!holds(inner, given)?),
        Expr::Negate(inner) => Value::Int(
            int(inner, given)?
                .checked_neg()
                .ok_or(EvaluationError::Overflow)?,
        ),
        Expr::And(a, b) => Value::Bool(holds(a, given)? && holds(b, given)?),
        Expr::Or(a, b) => Value::Bool(holds(a, given)? || holds(b, given)?),
        Expr::If(parts) => {
            let [condition, yes, no] = parts.as_ref();
            return value(if holds(condition, given)? { yes } else { no }, given);
        }
        Expr::Equal(a, b) => Value::Bool(equal(&value(a, given)?, &value(b, given)?)?),
        Expr::Compare(order, a, b) => {
            let found = compare(&value(a, given)?, &value(b, given)?)?;
            Value::Bool(match order {
                Order::Less => found == Ordering::Less,
                Order::LessOrEqual => found != Ordering::Greater,
                Order::Greater => found == Ordering::Greater,
                Order::GreaterOrEqual => found != Ordering::Less,
            })
        }
        Expr::In(needle, list) => {
            let needle = value(needle, given)?;
            let Value::List(members) = value(list, given)? else {
                return Err(EvaluationError::Unfit);
            };
            let mut found = false;
            for member in &members {
                // Every member is compared, so that another currency is an error at any place.
                found |= equal(&needle, member)?;
            }
            Value::Bool(found)
        }
        Expr::Sum(sum, a, b) => Value::Int(arithmetic(*sum, int(a, given)?, int(b, given)?)?),
        Expr::Search(search, a, b) => {
            let (Value::Text(text), Value::Text(part)) = (value(a, given)?, value(b, given)?)
            else {
                return Err(EvaluationError::Unfit);
            };
            Value::Bool(match search {
                Search::StartsWith => text.starts_with(&part),
                Search::EndsWith => text.ends_with(&part),
                Search::Contains => text.contains(&part),
            })
        }
        Expr::Size(inner) => {
            let size = match value(inner, given)? {
                Value::Text(text) => text.chars().count(),
                Value::List(members) => members.len(),
                _ => return Err(EvaluationError::Unfit),
            };
            Value::Int(i64::try_from(size).map_err(|_| EvaluationError::Overflow)?)
        }
    })
}

fn field(name: &str, given: &Given<'_>) -> Evaluated {
    let field = || name.to_owned();
    let value = given
        .card
        .get(name)
        .ok_or_else(|| EvaluationError::FieldAbsent { field: field() })?;
    Ok(match value {
        FieldValue::Text(text) => Value::Text(text.clone()),
        FieldValue::Integer(number) => Value::Int(*number),
        FieldValue::Money(money) => Value::Money(money.clone()),
        FieldValue::Date(date) => Value::Date(*date),
        FieldValue::Boolean(answer) => Value::Bool(*answer),
        FieldValue::Reference(id) => Value::Reference(*id),
    })
}

fn initiator(expr: &Expr, given: &Given<'_>) -> Evaluated {
    let person = given
        .directory
        .people
        .get(&given.initiator)
        .ok_or(EvaluationError::InitiatorUnknown)?;
    Ok(match expr {
        Expr::InitiatorLogin => Value::Text(person.login.clone()),
        _ => Value::List(
            person
                .departments
                .iter()
                .filter_map(|id| given.directory.departments.get(id))
                .map(|department| Value::Text(department.key.clone()))
                .collect(),
        ),
    })
}

fn int(expr: &Expr, given: &Given<'_>) -> Result<i64, EvaluationError> {
    match value(expr, given)? {
        Value::Int(number) => Ok(number),
        _ => Err(EvaluationError::Unfit),
    }
}

fn arithmetic(sum: Sum, a: i64, b: i64) -> Result<i64, EvaluationError> {
    if b == 0 && matches!(sum, Sum::Divide | Sum::Remainder) {
        return Err(EvaluationError::DivisionByZero);
    }
    match sum {
        Sum::Add => a.checked_add(b),
        Sum::Subtract => a.checked_sub(b),
        Sum::Multiply => a.checked_mul(b),
        Sum::Divide => a.checked_div(b),
        Sum::Remainder => a.checked_rem(b),
    }
    .ok_or(EvaluationError::Overflow)
}

fn money_order(a: &Money, b: &Money) -> Result<Ordering, EvaluationError> {
    a.compare(b)
        .ok_or_else(|| EvaluationError::DifferentCurrencies {
            left: a.currency.clone(),
            right: b.currency.clone(),
        })
}

fn equal(a: &Value, b: &Value) -> Result<bool, EvaluationError> {
    match (a, b) {
        // Not the derived equality: 1.0 and 1.00 are the same amount.
        (Value::Money(a), Value::Money(b)) => Ok(money_order(a, b)? == Ordering::Equal),
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            let mut same = true;
            for (a, b) in a.iter().zip(b) {
                same &= equal(a, b)?;
            }
            Ok(same)
        }
        _ => Ok(a == b),
    }
}

fn compare(a: &Value, b: &Value) -> Result<Ordering, EvaluationError> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Ok(a.cmp(b)),
        (Value::Money(a), Value::Money(b)) => money_order(a, b),
        _ => Err(EvaluationError::Unfit),
    }
}
