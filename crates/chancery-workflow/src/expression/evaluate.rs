//! Evaluation: total, without loops, in exact numbers.

use std::cmp::Ordering;

use chancery_types::id::{DepartmentId, PersonId};
use chancery_types::{FieldValue, Money};
use uuid::Uuid;

use super::{EvaluationError, Expr, Given, Order, Search, Sum};
use crate::state::Asked;

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
        Expr::DepartmentKey(name) => Value::Text(department_key(name, given)?),
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
        Expr::Changed(names) => {
            let changed = given.changed.ok_or(EvaluationError::Unfit)?;
            Value::Bool(names.iter().any(|name| changed.contains(name)))
        }
        Expr::Fact(name, part) => fact(name, part, given)?,
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
        Expr::Compare(order, a, b) => Value::Bool(ordered(
            *order,
            compare(&value(a, given)?, &value(b, given)?)?,
        )),
        Expr::In(needle, list) => {
            Value::Bool(contains(&value(list, given)?, &value(needle, given)?)?)
        }
        Expr::Sum(sum, a, b) => Value::Int(arithmetic(*sum, int(a, given)?, int(b, given)?)?),
        Expr::Search(kind, a, b) => {
            Value::Bool(search(*kind, &value(a, given)?, &value(b, given)?)?)
        }
        Expr::Size(inner) => Value::Int(size(&value(inner, given)?)?),
        Expr::InGroup(inner, group) => Value::Bool(in_group(&value(inner, given)?, group, given)?),
    })
}

fn field(name: &str, given: &Given<'_>) -> Evaluated {
    let field = || name.to_owned();
    let value = given
        .card
        .get(name)
        .ok_or_else(|| EvaluationError::FieldAbsent { field: field() })?;
    Ok(of_field(value))
}

fn department_key(name: &str, given: &Given<'_>) -> Result<String, EvaluationError> {
    let field_name = || name.to_owned();
    let Value::Reference(id) = field(name, given)? else {
        return Err(EvaluationError::FieldType {
            field: field_name(),
        });
    };
    let department = given.directory.departments.get(&DepartmentId(id));
    department
        .map(|department| department.key.clone())
        .ok_or_else(|| EvaluationError::DepartmentUnknown {
            field: field_name(),
        })
}

fn of_field(value: &FieldValue) -> Value {
    match value {
        FieldValue::Text(text) => Value::Text(text.clone()),
        FieldValue::Integer(number) => Value::Int(*number),
        FieldValue::Money(money) => Value::Money(money.clone()),
        FieldValue::Date(date) => Value::Date(*date),
        FieldValue::Boolean(answer) => Value::Bool(*answer),
        FieldValue::Reference(id) => Value::Reference(*id),
    }
}

/// A part of an answer. Without an answer there is none, which is not the same as false.
fn fact(name: &str, part: &str, given: &Given<'_>) -> Evaluated {
    let answer = given
        .asked
        .and_then(|asked| asked.get(name))
        .and_then(Asked::values);
    let value = answer.and_then(|values| values.get(part));
    value
        .map(of_field)
        .ok_or_else(|| EvaluationError::FactAbsent {
            fact: name.to_owned(),
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

fn in_group(person: &Value, group: &str, given: &Given<'_>) -> Result<bool, EvaluationError> {
    let Value::Reference(id) = person else {
        return Err(EvaluationError::Unfit);
    };
    let members = given.directory.groups.get(group);
    Ok(members.is_some_and(|members| members.contains(&PersonId(*id))))
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

const fn ordered(order: Order, found: Ordering) -> bool {
    match order {
        Order::Less => found.is_lt(),
        Order::LessOrEqual => found.is_le(),
        Order::Greater => found.is_gt(),
        Order::GreaterOrEqual => found.is_ge(),
    }
}

/// Every member is compared, so that another currency is an error at any place of the list.
fn contains(list: &Value, needle: &Value) -> Result<bool, EvaluationError> {
    let Value::List(members) = list else {
        return Err(EvaluationError::Unfit);
    };
    let mut found = false;
    for member in members {
        found |= equal(needle, member)?;
    }
    Ok(found)
}

fn search(kind: Search, text: &Value, part: &Value) -> Result<bool, EvaluationError> {
    let (Value::Text(text), Value::Text(part)) = (text, part) else {
        return Err(EvaluationError::Unfit);
    };
    Ok(match kind {
        Search::StartsWith => text.starts_with(part),
        Search::EndsWith => text.ends_with(part),
        Search::Contains => text.contains(part),
    })
}

fn size(of: &Value) -> Result<i64, EvaluationError> {
    let size = match of {
        Value::Text(text) => text.chars().count(),
        Value::List(members) => members.len(),
        _ => return Err(EvaluationError::Unfit),
    };
    i64::try_from(size).map_err(|_| EvaluationError::Overflow)
}
