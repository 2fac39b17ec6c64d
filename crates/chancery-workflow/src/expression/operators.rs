//! Operators between two expressions: logic, whole numbers, comparisons.

use std::collections::BTreeSet;

use chancery_types::FieldType;

use super::check::{Checked, Checker, Problem};
use super::syntax::Parsed;
use super::types::{KnownSet, Type, with};
use super::{Expr, Order, Sum};

impl Checker<'_> {
    pub(super) fn binary(
        &self,
        node: &Parsed,
        name: &str,
        a: &Parsed,
        b: &Parsed,
        known: &KnownSet,
    ) -> Checked {
        if matches!(name, "&&" | "||") {
            let left = self.expect_bool(a, known)?;
            let right = self.expect_bool(b, &with(known, &left, name == "&&"))?;
            let (left, right) = (Box::new(left), Box::new(right));
            let both = name == "&&";
            return Ok((
                if both {
                    Expr::And(left, right)
                } else {
                    Expr::Or(left, right)
                },
                Type::Bool,
            ));
        }
        let sum = match name {
            "+" => Some(Sum::Add),
            "-" => Some(Sum::Subtract),
            "*" => Some(Sum::Multiply),
            "/" => Some(Sum::Divide),
            "%" => Some(Sum::Remainder),
            _ => None,
        };
        if let Some(sum) = sum {
            let left = Box::new(self.expect(a, &Type::Int, known)?);
            let right = Box::new(self.expect(b, &Type::Int, known)?);
            return Ok((Expr::Sum(sum, left, right), Type::Int));
        }
        self.comparison(node, name, a, b, known)
    }

    fn comparison(
        &self,
        node: &Parsed,
        name: &str,
        a: &Parsed,
        b: &Parsed,
        known: &KnownSet,
    ) -> Checked {
        let order = match name {
            "<" => Some(Order::Less),
            "<=" => Some(Order::LessOrEqual),
            ">" => Some(Order::Greater),
            ">=" => Some(Order::GreaterOrEqual),
            "==" | "!=" | "in" => None,
            _ => return Err(self.unknown_function(node, name)),
        };
        let (left, left_type) = self.expr(a, known)?;
        let (right, right_type) = self.expr(b, known)?;
        let (left, left_type) = by_key(left, left_type, &right_type);
        let (right, right_type) = by_key(right, right_type, &left_type);
        let (left, right) = (Box::new(left), Box::new(right));
        if name == "in" {
            match &right_type {
                Type::List(Some(member)) => self.same(node, &left_type, member)?,
                Type::List(None) => {}
                _ => return Err(self.mismatch(b, "list", &right_type)),
            }
            return Ok((Expr::In(left, right), Type::Bool));
        }
        self.same(node, &left_type, &right_type)?;
        let Some(order) = order else {
            let equal = Expr::Equal(left, right);
            let negated = name == "!=";
            return Ok((
                if negated {
                    Expr::Not(Box::new(equal))
                } else {
                    equal
                },
                Type::Bool,
            ));
        };
        if !matches!(left_type, Type::Int | Type::Money(_) | Type::Date) {
            let args = [("found", left_type.name())];
            return Err(self.problem(node, "W204", "no-order", &args));
        }
        Ok((Expr::Compare(order, left, right), Type::Bool))
    }

    /// Whether two types may be compared with each other.
    pub(super) fn same(&self, node: &Parsed, a: &Type, b: &Type) -> Result<(), Box<Problem>> {
        match (a, b) {
            (Type::Money(left), Type::Money(right)) => {
                let join = |codes: &BTreeSet<String>| {
                    codes
                        .iter()
                        .map(String::as_str)
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                let args = [("left", join(left)), ("right", join(right))];
                if left.is_disjoint(right) {
                    return Err(self.problem(node, "W207", "different-currencies", &args));
                }
                if left.len() > 1 || right.len() > 1 {
                    return Err(self.problem(node, "W207", "currency-not-compared", &args));
                }
                Ok(())
            }
            (Type::List(None), Type::List(_)) | (Type::List(_), Type::List(None)) => Ok(()),
            (Type::List(Some(a)), Type::List(Some(b))) => self.same(node, a, b),
            _ if a == b => Ok(()),
            _ => {
                let args = [("left", a.name()), ("right", b.name())];
                Err(self.problem(node, "W204", "types-differ", &args))
            }
        }
    }
}

/// A department beside a text, or among texts, is its key: so it is named in every other place of a
/// file.
fn by_key(expr: Expr, own: Type, other: &Type) -> (Expr, Type) {
    let is_text = match other {
        Type::Text => true,
        Type::List(Some(member)) => **member == Type::Text,
        _ => false,
    };
    match (expr, own) {
        (Expr::Field(name), Type::Reference(FieldType::Department)) if is_text => {
            (Expr::DepartmentKey(name), Type::Text)
        }
        other => other,
    }
}
