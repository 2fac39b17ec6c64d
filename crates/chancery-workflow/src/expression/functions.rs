//! Functions that take literals: money, parameters, voters, what changed.

use std::collections::BTreeSet;

use chancery_types::money::fraction_digits;
use chancery_types::{FieldType, Money};

use super::Expr;
use super::check::{Checked, Checker, text_literal};
use super::syntax::Parsed;
use super::types::{KnownSet, Type};
use crate::parameter::ParameterValue;

/// What `changed()` may ask for beside fields of the card.
const CHANGED_FILES: [&str; 2] = ["file.main", "file.attachments"];

impl Checker<'_> {
    pub(super) fn voters(&self, node: &Parsed, inner: &Parsed) -> Checked {
        let Some(stages) = self.scope.stages else {
            return Err(self.unknown_function(node, "voters"));
        };
        let stage = text_literal(inner).unwrap_or("");
        if !stages.contains(stage) {
            let mut problem = self.problem(
                inner,
                "W201",
                "unknown-stage",
                &[("name", stage.to_owned())],
            );
            problem.finding = problem
                .finding
                .suggest(stage, stages.iter().map(String::as_str));
            return Err(problem);
        }
        let people = Type::List(Some(Box::new(Type::Reference(FieldType::Person))));
        Ok((Expr::Voters(stage.to_owned()), people))
    }

    /// `in_group(initiator, 'contract_board')`: somebody, and a group of the vocabulary.
    pub(super) fn in_group(&self, person: &Parsed, group: &Parsed, known: &KnownSet) -> Checked {
        let person = self.expect(person, &Type::Reference(FieldType::Person), known)?;
        let name = text_literal(group).unwrap_or("");
        let groups = self.scope.vocabulary.groups();
        if !groups.contains_key(name) {
            let mut problem =
                self.problem(group, "W201", "unknown-group", &[("name", name.to_owned())]);
            let known = groups.keys().map(String::as_str);
            problem.finding = problem.finding.suggest(name, known);
            return Err(problem);
        }
        let member = Expr::InGroup(Box::new(person), name.to_owned());
        Ok((member, Type::Bool))
    }

    /// `changed('doc.amount', 'file.main')`: only what can change a version.
    pub(super) fn changed(&self, node: &Parsed, args: &[Parsed]) -> Checked {
        let Some(material) = self.scope.material else {
            return Err(self.unknown_function(node, "changed"));
        };
        let mut names = Vec::new();
        for arg in args {
            let name = text_literal(arg).unwrap_or("");
            let args = [("name", name.to_owned())];
            if let Some(field) = name.strip_prefix("doc.") {
                self.field_type(arg, field)?;
                if !material.contains(field) {
                    return Err(self.problem(arg, "W209", "changed-not-material", &args));
                }
            } else if name == "file.attachments" && !self.scope.has_attachments {
                return Err(self.problem(arg, "W209", "changed-attachments", &args));
            } else if !CHANGED_FILES.contains(&name) {
                let mut problem = self.problem(arg, "W203", "unknown-change", &args);
                problem.finding = problem.finding.suggest(name, CHANGED_FILES);
                return Err(problem);
            }
            names.push(name.to_owned());
        }
        Ok((Expr::Changed(names), Type::Bool))
    }

    pub(super) fn money(&self, node: &Parsed, currency: &Parsed, amount: &Parsed) -> Checked {
        let literals = text_literal(currency).zip(text_literal(amount));
        match literals.map(|(currency, amount)| Money::parse(amount, currency)) {
            // `100,000` is a hundred, written as somebody writes a hundred thousand.
            Some(Ok(money)) if money.amount.scale() > fraction_digits(&money.currency) => {
                let digits = fraction_digits(&money.currency);
                let why = format!("at most {digits} digits after the point or comma");
                Err(self.problem(node, "W204", "bad-money-literal", &[("why", why)]))
            }
            Some(Ok(money)) => {
                let found = Type::Money(BTreeSet::from([money.currency.clone()]));
                Ok((Expr::Money(money), found))
            }
            Some(Err(why)) => Err(self.problem(
                node,
                "W204",
                "bad-money-literal",
                &[("why", why.to_string())],
            )),
            None => Err(self.problem(node, "W204", "money-of-literals", &[])),
        }
    }

    /// `param('board_from')`: the value stands in the tree, so that what is reckoned with it is as
    /// exact as with a literal.
    pub(super) fn parameter(&self, node: &Parsed) -> Checked {
        let Some(name) = text_literal(node) else {
            return Err(self.problem(node, "W204", "parameter-of-literal", &[]));
        };
        let known = self.scope.vocabulary.parameters();
        let args = [("name", name.to_owned())];
        let Some(parameter) = known.get(name) else {
            let mut problem = self.problem(node, "W201", "unknown-parameter", &args);
            let names = known.keys().map(String::as_str);
            problem.finding = problem.finding.suggest(name, names);
            return Err(problem);
        };
        self.named.borrow_mut().insert(name.to_owned());
        match parameter.value() {
            ParameterValue::Money(money) => {
                let currencies = BTreeSet::from([money.currency.clone()]);
                Ok((Expr::Money(money.clone()), Type::Money(currencies)))
            }
            ParameterValue::Integer(number) => Ok((Expr::Int(*number), Type::Int)),
            ParameterValue::Span(_) => {
                let mut problem = self.problem(node, "W204", "parameter-of-other-type", &args);
                let finding = problem.finding.arg("found", parameter.value().type_name());
                problem.finding = finding.arg("expected", "money, integer");
                Err(problem)
            }
        }
    }
}
