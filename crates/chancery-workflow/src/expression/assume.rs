//! A condition where nobody has answered: what is assumed stands in place of the answers.

use std::collections::BTreeMap;

use chancery_types::FieldValue;

use super::Expr;
use crate::definition::{Lookup, OnError};

impl Expr {
    /// `any` becomes true if something was put in.
    pub(super) fn assuming(&self, lookups: &BTreeMap<String, Lookup>, any: &mut bool) -> Self {
        let mut within = |expr: &Self| Box::new(expr.assuming(lookups, any));
        match self {
            Self::Fact(name, part) => match assumed(lookups, name, part) {
                Some(literal) => {
                    *any = true;
                    literal
                }
                None => self.clone(),
            },
            Self::List(members) => {
                let members = members.iter().map(|each| each.assuming(lookups, any));
                Self::List(members.collect())
            }
            Self::If(parts) => {
                let [test, yes, no] = parts.as_ref();
                Self::If(Box::new([*within(test), *within(yes), *within(no)]))
            }
            Self::Not(inner) => Self::Not(within(inner)),
            Self::Negate(inner) => Self::Negate(within(inner)),
            Self::Size(inner) => Self::Size(within(inner)),
            Self::InGroup(inner, group) => Self::InGroup(within(inner), group.clone()),
            Self::And(a, b) => Self::And(within(a), within(b)),
            Self::Or(a, b) => Self::Or(within(a), within(b)),
            Self::Equal(a, b) => Self::Equal(within(a), within(b)),
            Self::Compare(order, a, b) => Self::Compare(*order, within(a), within(b)),
            Self::In(a, b) => Self::In(within(a), within(b)),
            Self::Sum(sum, a, b) => Self::Sum(*sum, within(a), within(b)),
            Self::Search(search, a, b) => Self::Search(*search, within(a), within(b)),
            Self::Bool(_)
            | Self::Int(_)
            | Self::Text(_)
            | Self::Money(_)
            | Self::Date(_)
            | Self::Field(_)
            | Self::Currency(_)
            | Self::DepartmentKey(_)
            | Self::Has(_)
            | Self::Initiator
            | Self::InitiatorLogin
            | Self::InitiatorDepartments
            | Self::VersionNumber
            | Self::VersionAuthor
            | Self::Round
            | Self::Actor
            | Self::Voters(_)
            | Self::Changed(_) => self.clone(),
        }
    }
}

fn assumed(lookups: &BTreeMap<String, Lookup>, name: &str, part: &str) -> Option<Expr> {
    let OnError::Assume(answer) = &lookups.get(name)?.on_error else {
        return None;
    };
    match answer.get(part)? {
        FieldValue::Boolean(value) => Some(Expr::Bool(*value)),
        FieldValue::Integer(number) => Some(Expr::Int(*number)),
        FieldValue::Text(text) => Some(Expr::Text(text.clone())),
        FieldValue::Date(date) => Some(Expr::Date(*date)),
        FieldValue::Money(_) | FieldValue::Reference(_) => None,
    }
}
