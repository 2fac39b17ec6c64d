//! Conditions (`when:`, `rule:`): a part of CEL, typed when read, total when evaluated.
//!
//! The syntax is CEL's (https://cel.dev); reading, checking and evaluating are ours, because a
//! condition in an approval is a control and must not fail open:
//!
//! * every name and every operator is checked against the kind's fields before a run can start;
//! * an optional field may only be read where `has(doc.field)` is known to be true;
//! * money is exact, never a float, and compares only with money of the same currency: a field
//!   with several currencies must be compared under `doc.field.currency == 'RUB'`;
//! * `&&`, `||` and `?:` go from left to right and stop as soon as the answer is known; an error
//!   on the way is an error, never false (CEL itself would let `error || true` pass);
//! * there are no loops, so an evaluation takes at most one step per node of the tree.
//!
//! # Names
//!
//! | name | type |
//! | --- | --- |
//! | `doc.<field>` | the field's |
//! | `doc.<money field>.currency` | text |
//! | `doc.<department field>` beside a text | the department's key |
//! | `has(doc.<field>)` | yes or no |
//! | `initiator`, `version.author` | person |
//! | `initiator.login` | text |
//! | `initiator.departments` | list of text (departments' keys) |
//! | `in_group(initiator, 'contract_board')` | yes or no; any person in place of `initiator` |
//! | `version.number`, `round` | whole number |
//! | `money('RUB', '1.00')`, `date('2026-01-31')` | money, date |
//! | `actor`, `voters('stage')` | person, list of people; only in rules of `sod` |
//! | `param('board_from')` | money or whole number: the value of `workflows/parameters.yaml` |
//! | `changed('doc.amount', 'file.main')` | yes or no; only in `carry` |
//! | `facts.<question>.<part>` | the part's; only in `when` of a step and in `route` |

mod analysis;
mod assume;
mod check;
mod evaluate;
mod facts;
mod functions;
mod operators;
mod probes;
mod range;
mod said;
mod syntax;
mod text;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Money;
use chancery_types::field::Card;
use chancery_types::id::PersonId;
use serde::{Deserialize, Serialize};

use crate::definition::Lookup;
use crate::directory::Directory;
use crate::state::{Asked, Version};

pub(crate) use analysis::{Analysis, Case, Cases};
pub(crate) use check::{Scope, compile};
pub(crate) use probes::{Literals, Probes};
pub use said::{Comparison, Said, SaidValue};

/// The longest condition, in characters.
pub const EXPRESSION_CHARS_MAX: usize = 1024;
/// The largest condition, in nodes of its tree.
pub const EXPRESSION_NODES_MAX: usize = 200;

/// A checked condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    source: String,
    root: Expr,
    /// The parameters that it names; their values stand in the tree.
    parameters: BTreeSet<String>,
}

impl Expression {
    /// The condition as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names of the parameters that it reads.
    #[must_use]
    pub const fn parameters(&self) -> &BTreeSet<String> {
        &self.parameters
    }

    /// The names of the questions whose answers it reads.
    #[must_use]
    pub fn facts(&self) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        self.root.visit(&mut |expr| {
            if let Expr::Fact(name, _) = expr {
                facts.insert(name.clone());
            }
        });
        facts
    }

    /// The same where nobody has answered, with what is then assumed in place of the answers;
    /// `None` if it reads nothing that is ever assumed.
    pub(crate) fn assuming(&self, lookups: &BTreeMap<String, Lookup>) -> Option<Self> {
        let mut any = false;
        let root = self.root.assuming(lookups, &mut any);
        any.then(|| Self {
            source: self.source.clone(),
            root,
            parameters: self.parameters.clone(),
        })
    }

    /// The names of the card's fields that it reads.
    #[must_use]
    pub fn fields(&self) -> BTreeSet<String> {
        let mut fields = BTreeSet::new();
        self.root.visit(&mut |expr| {
            if let Expr::Field(name)
            | Expr::Currency(name)
            | Expr::DepartmentKey(name)
            | Expr::Has(name) = expr
            {
                fields.insert(name.clone());
            }
        });
        fields
    }

    /// The texts that fields and currencies are compared with, by name: `doc.` left off.
    pub(crate) fn compared_texts(&self) -> Vec<(String, String)> {
        fn name(expr: &Expr) -> Option<String> {
            match expr {
                Expr::Field(name) => Some(name.clone()),
                Expr::Currency(name) => Some(format!("{name}.currency")),
                _ => None,
            }
        }
        let mut found = Vec::new();
        self.root.visit(&mut |expr| match expr {
            Expr::Equal(a, b) => {
                for (side, other) in [(a, b), (b, a)] {
                    if let (Some(name), Expr::Text(text)) = (name(side), other.as_ref()) {
                        found.push((name, text.clone()));
                    }
                }
            }
            Expr::In(needle, list) => {
                if let (Some(name), Expr::List(members)) = (name(needle), list.as_ref()) {
                    found.extend(members.iter().filter_map(|member| match member {
                        Expr::Text(text) => Some((name.clone(), text.clone())),
                        _ => None,
                    }));
                }
            }
            _ => {}
        });
        found
    }

    /// What is true of everybody whom a rule is asked about: the built-in rules come first.
    pub(crate) fn somebody_else() -> Self {
        let not = |other| {
            let equal = Expr::Equal(Box::new(Expr::Actor), Box::new(other));
            Box::new(Expr::Not(Box::new(equal)))
        };
        Self {
            source: "actor != initiator && actor != version.author".to_owned(),
            root: Expr::And(not(Expr::Initiator), not(Expr::VersionAuthor)),
            parameters: BTreeSet::new(),
        }
    }

    /// Whether the field is present whenever the condition holds.
    pub(crate) fn guarantees(&self, field: &str) -> bool {
        types::guarantees(&self.root, field)
    }

    /// What it asks of a change: the names in its `changed()`, `doc.amount`, `file.main`.
    pub(crate) fn changes(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.root.visit(&mut |expr| {
            if let Expr::Changed(all) = expr {
                names.extend(all.iter().cloned());
            }
        });
        names
    }

    /// The stages whose voters it asks for.
    pub(crate) fn stages(&self) -> BTreeSet<String> {
        let mut stages = BTreeSet::new();
        self.root.visit(&mut |expr| {
            if let Expr::Voters(stage) = expr {
                stages.insert(stage.clone());
            }
        });
        stages
    }

    /// Whether it holds.
    ///
    /// # Errors
    ///
    /// An [`EvaluationError`] if it has no answer. That is never the same as false.
    pub fn holds(&self, given: &Given<'_>) -> Result<bool, EvaluationError> {
        evaluate::holds(&self.root, given)
    }
}

/// What a condition is evaluated over.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The document's card.
    pub card: &'a Card,
    /// Who started the run.
    pub initiator: PersonId,
    /// The present version.
    pub version: &'a Version,
    /// The round, from one.
    pub round: u32,
    /// The organisation.
    pub directory: &'a Directory,
    /// Whose decision is judged; only for rules.
    pub actor: Option<PersonId>,
    /// What the present version changed; only for `carry`.
    pub changed: Option<&'a BTreeSet<String>>,
    /// Who decided in which stage, by the stage's id; only for rules.
    pub voters: Option<&'a BTreeMap<String, BTreeSet<PersonId>>>,
    /// What was asked elsewhere, and the answers.
    pub asked: Option<&'a BTreeMap<String, Asked>>,
}

/// Why a condition has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum EvaluationError {
    /// The card has no such value.
    #[error("the card has no field {field}")]
    FieldAbsent {
        /// The field.
        field: String,
    },
    /// Nobody has answered this question yet.
    #[error("there is no answer to {fact} yet")]
    FactAbsent {
        /// The question.
        fact: String,
    },
    /// The card's value is of another type than the kind says.
    #[error("field {field} is of another type")]
    FieldType {
        /// The field.
        field: String,
    },
    /// Amounts of different currencies were compared.
    #[error("{left} and {right} cannot be compared")]
    DifferentCurrencies {
        /// The currency on the left.
        left: String,
        /// The currency on the right.
        right: String,
    },
    /// A whole number left the 64 bits.
    #[error("a number is too large")]
    Overflow,
    /// A division by zero.
    #[error("a division by zero")]
    DivisionByZero,
    /// The directory does not know the department that a field names.
    #[error("the directory has no department of field {field}")]
    DepartmentUnknown {
        /// The field.
        field: String,
    },
    /// The directory does not know the initiator.
    #[error("the initiator is not in the directory")]
    InitiatorUnknown,
    /// A name that this place does not offer, or operands that do not fit: the checker lets
    /// neither through.
    #[error("the expression does not fit its place")]
    Unfit,
}

/// A comparison that needs an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Arithmetic on whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sum {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A question about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Search {
    StartsWith,
    EndsWith,
    Contains,
}

/// The checked tree.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Expr {
    Bool(bool),
    Int(i64),
    Text(String),
    Money(Money),
    Date(jiff::civil::Date),
    List(Vec<Expr>),
    Field(String),
    Currency(String),
    /// The key of the department that a field names.
    DepartmentKey(String),
    Has(String),
    Initiator,
    InitiatorLogin,
    InitiatorDepartments,
    VersionNumber,
    VersionAuthor,
    Round,
    Actor,
    Voters(String),
    Changed(Vec<String>),
    /// A part of an answer: the question and the part.
    Fact(String, String),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    If(Box<[Expr; 3]>),
    Equal(Box<Expr>, Box<Expr>),
    Compare(Order, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
    Sum(Sum, Box<Expr>, Box<Expr>),
    Search(Search, Box<Expr>, Box<Expr>),
    Size(Box<Expr>),
    /// Whether a person belongs to a group.
    InGroup(Box<Expr>, String),
}

impl Expr {
    fn visit(&self, look: &mut impl FnMut(&Self)) {
        look(self);
        match self {
            Self::List(members) => members.iter().for_each(|each| each.visit(look)),
            Self::If(parts) => parts.iter().for_each(|each| each.visit(look)),
            Self::Not(inner)
            | Self::Negate(inner)
            | Self::Size(inner)
            | Self::InGroup(inner, _) => inner.visit(look),
            Self::And(a, b)
            | Self::Or(a, b)
            | Self::Equal(a, b)
            | Self::Compare(_, a, b)
            | Self::In(a, b)
            | Self::Sum(_, a, b)
            | Self::Search(_, a, b) => {
                a.visit(look);
                b.visit(look);
            }
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
            | Self::Fact(_, _)
            | Self::Changed(_) => {}
        }
    }
}
