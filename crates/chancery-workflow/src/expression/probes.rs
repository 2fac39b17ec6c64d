//! What a condition turns on: the atoms it is made of, and the values beside which each of them
//! changes its answer.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Money;

use super::{Expr, Expression};

/// The values that conditions compare something with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Literals {
    pub(crate) integers: BTreeSet<i64>,
    pub(crate) amounts: Vec<Money>,
    pub(crate) dates: BTreeSet<jiff::civil::Date>,
    pub(crate) texts: BTreeSet<String>,
}

/// What conditions turn on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Probes {
    /// By field of the card.
    pub(crate) fields: BTreeMap<String, Literals>,
    /// What the initiator's login is compared with.
    pub(crate) logins: BTreeSet<String>,
    /// What the initiator's departments are asked for.
    pub(crate) departments: BTreeSet<String>,
    /// The groups that the initiator is looked for in.
    pub(crate) groups: BTreeSet<String>,
}

impl Expression {
    /// Adds what this condition turns on.
    pub(crate) fn probe(&self, probes: &mut Probes) {
        for field in self.fields() {
            probes.fields.entry(field).or_default();
        }
        for atom in atoms(&self.root) {
            let literals = literals(&atom);
            let mut asks_login = false;
            let mut asks_departments = false;
            atom.visit(&mut |expr| match expr {
                Expr::Field(name) | Expr::Currency(name) | Expr::DepartmentKey(name) => {
                    let known = probes.fields.entry(name.clone()).or_default();
                    known.integers.extend(&literals.integers);
                    known.amounts.extend(literals.amounts.iter().cloned());
                    known.dates.extend(&literals.dates);
                    known.texts.extend(literals.texts.iter().cloned());
                }
                Expr::InGroup(who, group) if matches!(**who, Expr::Initiator) => {
                    probes.groups.insert(group.clone());
                }
                Expr::InitiatorLogin => asks_login = true,
                Expr::InitiatorDepartments => asks_departments = true,
                _ => {}
            });
            if asks_login {
                probes.logins.extend(literals.texts.iter().cloned());
            }
            if asks_departments {
                probes.departments.extend(literals.texts.iter().cloned());
            }
        }
    }

    /// The questions it consists of that something of the document or its initiator answers, each
    /// as a condition of its own.
    pub(crate) fn atoms(&self) -> Vec<Self> {
        let atoms = atoms(&self.root).into_iter();
        let answered = atoms.filter(|atom| {
            let mut reads = false;
            let mut is_alone = true;
            atom.visit(&mut |expr| match expr {
                Expr::Field(_)
                | Expr::Currency(_)
                | Expr::DepartmentKey(_)
                | Expr::Has(_)
                | Expr::InGroup(..)
                | Expr::InitiatorLogin
                | Expr::InitiatorDepartments => reads = true,
                Expr::Fact(..) | Expr::Actor | Expr::Voters(_) | Expr::Changed(_) => {
                    is_alone = false;
                }
                _ => {}
            });
            reads && is_alone
        });
        answered
            .map(|root| Self {
                source: self.source.clone(),
                root,
                parameters: self.parameters.clone(),
            })
            .collect()
    }
}

/// The parts of a condition that are joined by words, and are themselves not.
fn atoms(expr: &Expr) -> Vec<Expr> {
    match expr {
        Expr::Not(inner) => atoms(inner),
        Expr::And(a, b) | Expr::Or(a, b) => [atoms(a), atoms(b)].concat(),
        Expr::If(parts) => parts.iter().flat_map(atoms).collect(),
        other => vec![other.clone()],
    }
}

fn literals(expr: &Expr) -> Literals {
    let mut found = Literals::default();
    expr.visit(&mut |expr| match expr {
        Expr::Int(number) => {
            found.integers.insert(*number);
        }
        // A number behind a minus was met without it as well: both are worth trying.
        Expr::Negate(inner) => {
            if let Expr::Int(number) = inner.as_ref() {
                found.integers.extend(number.checked_neg());
            }
        }
        Expr::Money(money) => found.amounts.push(money.clone()),
        Expr::Date(date) => {
            found.dates.insert(*date);
        }
        Expr::Text(text) => {
            found.texts.insert(text.clone());
        }
        _ => {}
    });
    found
}
