//! From the parser's tree to ours: names, types, presence, currencies, size.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use chancery_types::FieldType;

use super::syntax::{self, Form, Parsed, SyntaxError};
use super::types::{Known, KnownSet, Type, with};
use super::{EXPRESSION_CHARS_MAX, Expr, Expression, Search};
use crate::definition::Lookup;
use crate::diagnostic::{Diagnostic, Position};
use crate::kind::Kind;
use crate::read::{self, Findings};
use crate::vocabulary::Vocabulary;
use crate::yaml::Node;

/// Where an expression stands: which names it may use.
pub(crate) struct Scope<'a> {
    /// The fields of the documents.
    pub(crate) kind: &'a Kind,
    /// For rules of `sod`: the ids of all stages. `None` elsewhere, and then `actor` and
    /// `voters` are unknown.
    pub(crate) stages: Option<&'a BTreeSet<String>>,
    /// For `carry`: the material fields. `None` elsewhere, and then `changed` is unknown.
    pub(crate) material: Option<&'a BTreeSet<String>>,
    /// Whether `changed()` may ask for attachments.
    pub has_attachments: bool,
    /// For `when` of a step and for `route`: what is asked elsewhere. `None` elsewhere.
    pub(crate) facts: Option<&'a BTreeMap<String, Lookup>>,
    /// What `param('name')` stands for, and which groups `in_group()` may ask for.
    pub(crate) vocabulary: &'a Vocabulary,
}

impl<'a> Scope<'a> {
    /// Where only the document and the run are known.
    pub(crate) const fn of(kind: &'a Kind, vocabulary: &'a Vocabulary) -> Self {
        Self {
            kind,
            stages: None,
            material: None,
            has_attachments: true,
            facts: None,
            vocabulary,
        }
    }
}

/// A finding inside an expression: where in the text, in characters.
pub(super) struct Problem {
    start: usize,
    length: usize,
    pub(super) finding: Diagnostic,
}

/// Reads and checks the expression in `node`. What is wrong goes to `findings`, with its place in
/// the file.
pub(crate) fn compile(
    node: &Node,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Expression> {
    let source = read::text(node, findings)?;
    let chars = source.chars().count();
    if chars > EXPRESSION_CHARS_MAX {
        findings.push(
            Diagnostic::error("W208", "expression-too-long", node.at)
                .arg("max", EXPRESSION_CHARS_MAX),
        );
        return None;
    }
    match check(source, scope) {
        Ok((root, parameters)) => {
            for name in &parameters {
                findings.name_parameter(name);
            }
            Some(Expression {
                source: source.to_owned(),
                root,
                parameters,
            })
        }
        Err(problem) => {
            let at = node.position_in(problem.start.min(chars), problem.length);
            let mut finding = problem.finding;
            (finding.line, finding.column, finding.length) = (at.line, at.column, at.length);
            findings.push(finding);
            None
        }
    }
}

/// A checked tree, and the parameters that it names.
type Named = (Expr, BTreeSet<String>);

fn check(source: &str, scope: &Scope<'_>) -> Result<Named, Box<Problem>> {
    let tree = syntax::parse(source).map_err(|error| Box::new(syntax_problem(&error)))?;
    let checker = Checker {
        scope,
        named: RefCell::default(),
    };
    let (root, found) = checker.expr(&tree, &KnownSet::new())?;
    if found == Type::Bool {
        return Ok((root, checker.named.into_inner()));
    }
    Err(checker.problem(
        &tree,
        "W204",
        "expression-not-boolean",
        &[("found", found.name())],
    ))
}

fn syntax_problem(error: &SyntaxError) -> Problem {
    let finding = match error.key {
        "double" => Diagnostic::error("W205", "double", Position::default()),
        key => Diagnostic::error("W208", key, Position::default())
            .arg("found", &error.found)
            .arg("what", &error.found)
            .arg("max", &error.found),
    };
    Problem {
        start: error.start,
        length: error.length,
        finding,
    }
}

pub(super) struct Checker<'s> {
    pub(super) scope: &'s Scope<'s>,
    /// The parameters that were named so far.
    pub(super) named: RefCell<BTreeSet<String>>,
}

pub(super) type Checked = Result<(Expr, Type), Box<Problem>>;

impl Checker<'_> {
    pub(super) fn expr(&self, node: &Parsed, known: &KnownSet) -> Checked {
        match &node.form {
            Form::Bool(value) => Ok((Expr::Bool(*value), Type::Bool)),
            Form::Int(value) => Ok((Expr::Int(*value), Type::Int)),
            Form::Text(value) => Ok((Expr::Text(value.clone()), Type::Text)),
            Form::Null => Err(self.not_offered(node, "null")),
            Form::Index(_) => Err(self.not_offered(node, "[]")),
            Form::Name(name) => self.name(node, name),
            Form::Select(operand, field) => self.select(node, operand, field, known),
            Form::Call { target, name, args } => {
                self.call(node, target.as_deref(), name, args, known)
            }
            Form::List(members) => self.list(members, known),
            Form::Not(inner) => Ok((
                Expr::Not(Box::new(self.expect_bool(inner, known)?)),
                Type::Bool,
            )),
            Form::Negate(inner) => Ok((
                Expr::Negate(Box::new(self.expect(inner, &Type::Int, known)?)),
                Type::Int,
            )),
            Form::Binary(name, a, b) => self.binary(node, name, a, b, known),
            Form::If(parts) => {
                let [condition, yes, no] = parts.as_ref();
                let test = self.expect_bool(condition, known)?;
                let (yes_expr, first) = self.expr(yes, &with(known, &test, true))?;
                let (no_expr, second) = self.expr(no, &with(known, &test, false))?;
                self.same(no, &first, &second)?;
                Ok((Expr::If(Box::new([test, yes_expr, no_expr])), first))
            }
        }
    }

    fn name(&self, node: &Parsed, name: &str) -> Checked {
        let person = Type::Reference(FieldType::Person);
        match name {
            "initiator" => Ok((Expr::Initiator, person)),
            "round" => Ok((Expr::Round, Type::Int)),
            "actor" if self.scope.stages.is_some() => Ok((Expr::Actor, person)),
            "facts" if self.scope.facts.is_some_and(|facts| !facts.is_empty()) => Err(self
                .problem(
                    node,
                    "W203",
                    "name-needs-field",
                    &[("name", name.to_owned())],
                )),
            "doc" | "version" => Err(self.problem(
                node,
                "W203",
                "name-needs-field",
                &[("name", name.to_owned())],
            )),
            _ => {
                let mut known = vec!["doc", "initiator", "version", "round"];
                if self.scope.stages.is_some() {
                    known.push("actor");
                }
                let mut problem =
                    self.problem(node, "W203", "unknown-name", &[("name", name.to_owned())]);
                problem.finding = problem.finding.suggest(name, known);
                Err(problem)
            }
        }
    }

    fn select(&self, node: &Parsed, operand: &Parsed, field: &str, known: &KnownSet) -> Checked {
        if let (Form::Select(outer, question), Some(facts)) = (&operand.form, self.scope.facts)
            && outer.form == Form::Name("facts".to_owned())
            && !facts.is_empty()
        {
            return self.fact(node, facts, question, field);
        }
        let root = match &operand.form {
            Form::Name(root) => root.as_str(),
            _ => "",
        };
        match (root, field) {
            ("doc", field) => self.field(node, field, known),
            ("initiator", "login") => Ok((Expr::InitiatorLogin, Type::Text)),
            ("initiator", "departments") => Ok((
                Expr::InitiatorDepartments,
                Type::List(Some(Box::new(Type::Text))),
            )),
            ("version", "number") => Ok((Expr::VersionNumber, Type::Int)),
            ("version", "author") => Ok((Expr::VersionAuthor, Type::Reference(FieldType::Person))),
            ("version", field) => Err(self.unknown_member(node, field)),
            (_, field) => match self.expr(operand, known)? {
                (Expr::Field(name), Type::Money(_)) if field == "currency" => {
                    Ok((Expr::Currency(name), Type::Text))
                }
                _ => Err(self.unknown_member(node, field)),
            },
        }
    }

    pub(super) fn field_type(&self, node: &Parsed, name: &str) -> Result<Type, Box<Problem>> {
        let Some(field) = self.scope.kind.field(name) else {
            let kind = self.scope.kind.id().to_owned();
            let args = [("name", name.to_owned()), ("kind", kind)];
            let mut problem = self.problem(node, "W203", "unknown-field", &args);
            let names = self
                .scope
                .kind
                .fields()
                .iter()
                .map(|field| field.name.as_str());
            problem.finding = problem.finding.suggest(name, names);
            return Err(problem);
        };
        Ok(match field.field_type {
            FieldType::Text | FieldType::LongText | FieldType::Choice => Type::Text,
            FieldType::Integer => Type::Int,
            FieldType::Money => Type::Money(field.currencies.iter().cloned().collect()),
            FieldType::Date => Type::Date,
            FieldType::Boolean => Type::Bool,
            reference @ (FieldType::Person
            | FieldType::Department
            | FieldType::Counterparty
            | FieldType::Contact) => Type::Reference(reference),
        })
    }

    fn field(&self, node: &Parsed, name: &str, known: &KnownSet) -> Checked {
        let mut found = self.field_type(node, name)?;
        let required = self
            .scope
            .kind
            .field(name)
            .is_some_and(|field| field.required);
        if !required && !known.contains(&Known::Present(name.to_owned())) {
            let args = [("name", name.to_owned())];
            return Err(self.problem(node, "W206", "optional-without-has", &args));
        }
        if let Type::Money(currencies) = &mut found {
            let narrowed = known.iter().find_map(|fact| match fact {
                Known::Currency(field, code) if field == name => Some(code.clone()),
                _ => None,
            });
            if let Some(code) = narrowed {
                *currencies = BTreeSet::from([code]);
            }
        }
        Ok((Expr::Field(name.to_owned()), found))
    }

    fn list(&self, nodes: &[Parsed], known: &KnownSet) -> Checked {
        let mut members = Vec::new();
        let mut member_type: Option<Type> = None;
        for node in nodes {
            let (expr, found) = self.expr(node, known)?;
            if let Some(first) = &member_type {
                self.same(node, first, &found)?;
            }
            member_type.get_or_insert(found);
            members.push(expr);
        }
        Ok((Expr::List(members), Type::List(member_type.map(Box::new))))
    }

    fn call(
        &self,
        node: &Parsed,
        target: Option<&Parsed>,
        name: &str,
        args: &[Parsed],
        known: &KnownSet,
    ) -> Checked {
        match (target, name, args) {
            (None, "has", [inner]) => self.has(inner),
            (None, "size", [inner]) => self.size(inner, known),
            (Some(target), "size", []) => self.size(target, known),
            (None, "money", [currency, amount]) => self.money(node, currency, amount),
            (None, "param", [name]) => self.parameter(name),
            (None, "date", [inner]) => {
                let date = text_literal(inner).filter(|text| text.len() == 10);
                match date.and_then(|text| text.parse().ok()) {
                    Some(date) => Ok((Expr::Date(date), Type::Date)),
                    None => Err(self.problem(inner, "W204", "bad-date-literal", &[])),
                }
            }
            (None, "voters", [inner]) => self.voters(node, inner),
            (None, "in_group", [person, group]) => self.in_group(person, group, known),
            (None, "changed", [_, ..]) => self.changed(node, args),
            (Some(target), _, [part]) => {
                let search = match name {
                    "startsWith" => Search::StartsWith,
                    "endsWith" => Search::EndsWith,
                    "contains" => Search::Contains,
                    _ => return Err(self.unknown_function(node, name)),
                };
                let text = self.expect(target, &Type::Text, known)?;
                let part = self.expect(part, &Type::Text, known)?;
                Ok((
                    Expr::Search(search, Box::new(text), Box::new(part)),
                    Type::Bool,
                ))
            }
            (Some(_), "all" | "exists" | "exists_one" | "map" | "filter", _) => {
                Err(self.not_offered(node, name))
            }
            _ => Err(self.unknown_function(node, name)),
        }
    }

    fn has(&self, inner: &Parsed) -> Checked {
        if let Form::Select(operand, field) = &inner.form
            && operand.form == Form::Name("doc".to_owned())
        {
            self.field_type(inner, field)?;
            return Ok((Expr::Has(field.clone()), Type::Bool));
        }
        Err(self.problem(inner, "W206", "has-of-field", &[]))
    }

    fn size(&self, inner: &Parsed, known: &KnownSet) -> Checked {
        match self.expr(inner, known)? {
            (expr, Type::Text | Type::List(_)) => Ok((Expr::Size(Box::new(expr)), Type::Int)),
            (_, found) => Err(self.mismatch(inner, "text", &found)),
        }
    }

    pub(super) fn expect(
        &self,
        node: &Parsed,
        wanted: &Type,
        known: &KnownSet,
    ) -> Result<Expr, Box<Problem>> {
        let (expr, found) = self.expr(node, known)?;
        if found == *wanted {
            Ok(expr)
        } else {
            Err(self.mismatch(node, &wanted.name(), &found))
        }
    }

    pub(super) fn expect_bool(
        &self,
        node: &Parsed,
        known: &KnownSet,
    ) -> Result<Expr, Box<Problem>> {
        self.expect(node, &Type::Bool, known)
    }

    pub(super) fn mismatch(&self, node: &Parsed, wanted: &str, found: &Type) -> Box<Problem> {
        let args = [("expected", wanted.to_owned()), ("found", found.name())];
        self.problem(node, "W204", "type-mismatch", &args)
    }

    fn not_offered(&self, node: &Parsed, what: &str) -> Box<Problem> {
        self.problem(
            node,
            "W208",
            "expression-not-offered",
            &[("what", what.to_owned())],
        )
    }

    pub(super) fn unknown_function(&self, node: &Parsed, name: &str) -> Box<Problem> {
        let mut problem = self.problem(
            node,
            "W203",
            "unknown-function",
            &[("name", name.to_owned())],
        );
        let known = [
            "money",
            "date",
            "has",
            "size",
            "startsWith",
            "endsWith",
            "contains",
            "voters",
            "in_group",
            "changed",
            "param",
        ];
        problem.finding = problem.finding.suggest(name, known);
        problem
    }

    fn unknown_member(&self, node: &Parsed, name: &str) -> Box<Problem> {
        let mut problem =
            self.problem(node, "W203", "unknown-member", &[("name", name.to_owned())]);
        problem.finding = problem.finding.suggest(
            name,
            ["currency", "login", "departments", "number", "author"],
        );
        problem
    }

    pub(super) fn problem(
        &self,
        node: &Parsed,
        code: &'static str,
        key: &'static str,
        args: &[(&'static str, String)],
    ) -> Box<Problem> {
        let mut finding = Diagnostic::error(code, key, Position::default());
        for (name, value) in args {
            finding = finding.arg(name, value);
        }
        Box::new(Problem {
            start: node.start,
            length: node.length,
            finding,
        })
    }
}

pub(super) fn text_literal(node: &Parsed) -> Option<&str> {
    match &node.form {
        Form::Text(text) => Some(text),
        _ => None,
    }
}
