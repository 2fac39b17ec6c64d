//! Types of expressions, and what is known where one is evaluated.

use std::collections::BTreeSet;

use chancery_types::FieldType;

use super::Expr;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    Int,
    Text,
    /// With the currencies it may be in.
    Money(BTreeSet<String>),
    Date,
    Reference(FieldType),
    /// A list; `None` for the empty one.
    List(Option<Box<Type>>),
}

impl Type {
    /// The word in messages, which is the word in a kind's file where there is one.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Bool => "boolean".to_owned(),
            Self::Int => "integer".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Money(_) => "money".to_owned(),
            Self::Date => "date".to_owned(),
            Self::Reference(kind) => crate::kind::type_name(*kind).to_owned(),
            Self::List(_) => "list".to_owned(),
        }
    }
}

/// What is known where an expression is evaluated, because of what was evaluated before it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    Present(String),
    Currency(String, String),
}

/// All that is known at one place.
pub(super) type KnownSet = BTreeSet<Known>;

/// What is known where `test` turned out as `outcome`.
pub(super) fn with(known: &KnownSet, test: &Expr, outcome: bool) -> KnownSet {
    let mut all = known.clone();
    all.extend(learned(test, outcome));
    all
}

fn learned(test: &Expr, outcome: bool) -> KnownSet {
    match (test, outcome) {
        (Expr::Has(name), true) => KnownSet::from([Known::Present(name.clone())]),
        (Expr::Not(inner), _) => learned(inner, !outcome),
        (Expr::And(a, b), true) | (Expr::Or(a, b), false) => learned(a, outcome)
            .union(&learned(b, outcome))
            .cloned()
            .collect(),
        (Expr::And(a, b), false) | (Expr::Or(a, b), true) => learned(a, outcome)
            .intersection(&learned(b, outcome))
            .cloned()
            .collect(),
        (Expr::Equal(a, b), true) => match (a.as_ref(), b.as_ref()) {
            (Expr::Currency(name), Expr::Text(code)) | (Expr::Text(code), Expr::Currency(name)) => {
                KnownSet::from([Known::Currency(name.clone(), code.clone())])
            }
            _ => KnownSet::new(),
        },
        _ => KnownSet::new(),
    }
}

/// Whether `field` is present whenever `root` is true.
pub(super) fn guarantees(root: &Expr, field: &str) -> bool {
    learned(root, true).contains(&Known::Present(field.to_owned()))
}
