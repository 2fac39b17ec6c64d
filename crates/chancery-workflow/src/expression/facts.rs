//! Names of what is asked elsewhere: `facts.<question>.<part>`.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::FieldType;

use super::Expr;
use super::check::{Checked, Checker};
use super::syntax::Parsed;
use super::types::Type;
use crate::definition::Lookup;

impl Checker<'_> {
    /// `facts.<question>.<part>`.
    pub(super) fn fact(
        &self,
        node: &Parsed,
        facts: &BTreeMap<String, Lookup>,
        question: &str,
        part: &str,
    ) -> Checked {
        let unknown = |code, key, name: &str, known: Vec<&str>| {
            let mut problem = self.problem(node, code, key, &[("name", name.to_owned())]);
            problem.finding = problem.finding.suggest(name, known);
            problem
        };
        let Some(lookup) = facts.get(question) else {
            let known = facts.keys().map(String::as_str).collect();
            return Err(unknown("W201", "unknown-fact", question, known));
        };
        if lookup.was_refused() {
            return Ok((Expr::Fact(question.to_owned(), part.to_owned()), Type::Bool));
        }
        let Some(found) = lookup.answer.get(part) else {
            let known = lookup.answer.keys().map(String::as_str).collect();
            return Err(unknown("W203", "unknown-answer", part, known));
        };
        let found = match found {
            FieldType::Boolean => Type::Bool,
            FieldType::Integer => Type::Int,
            FieldType::Date => Type::Date,
            FieldType::Money => Type::Money(BTreeSet::new()),
            FieldType::Text | FieldType::LongText | FieldType::Choice => Type::Text,
            reference => Type::Reference(*reference),
        };
        Ok((Expr::Fact(question.to_owned(), part.to_owned()), found))
    }
}
