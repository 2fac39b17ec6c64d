//! The card of a trial: what the scene gives, and something in every other field that must be.

use std::collections::BTreeSet;

use chancery_types::field::{Card, FieldSchema};
use chancery_types::{FieldType, FieldValue, Money};

use super::company::id_of;
use super::steps::{Named, Scene};
use crate::definition::{Definition, Node, Resolver, Stage};
use crate::expression::Expression;

/// A scene whose card is complete. A field that a condition reads is never invented: what a
/// document is decided by, its example says.
pub(super) fn complete(definition: &Definition, scene: &Scene) -> Scene {
    let mut whole = scene.clone();
    let read = read_by_conditions(definition);
    let asked = read_by_resolvers(definition);
    for (name, schema) in definition.fields() {
        let is_wanted = schema.required || asked.contains(name);
        if whole.card.contains_key(name) || read.contains(name) || !is_wanted {
            continue;
        }
        let (value, named) = invented(name, schema);
        whole.card.insert(name.clone(), value);
        whole.named.extend(named);
    }
    whole
}

/// A value of a type, and whom it names.
fn invented(name: &str, schema: &FieldSchema) -> (FieldValue, Option<Named>) {
    let value = match schema.field_type {
        FieldType::Text | FieldType::LongText => FieldValue::Text("?".to_owned()),
        FieldType::Integer => FieldValue::Integer(1),
        FieldType::Money => {
            let amount = rust_decimal::Decimal::ONE;
            let currency = "RUB".to_owned();
            FieldValue::Money(Money { amount, currency })
        }
        FieldType::Date => FieldValue::Date(jiff::civil::date(2026, 3, 2)),
        FieldType::Boolean => FieldValue::Boolean(false),
        FieldType::Choice => {
            let first = schema.choices.first().cloned();
            FieldValue::Text(first.unwrap_or_default())
        }
        FieldType::Person
        | FieldType::Department
        | FieldType::Counterparty
        | FieldType::Contact => {
            return reference(name, schema.field_type, &format!("doc.{name}"));
        }
    };
    (value, None)
}

/// A reference to whoever this name stands for.
pub(crate) fn reference(
    field: &str,
    field_type: FieldType,
    name: &str,
) -> (FieldValue, Option<Named>) {
    let named = Named {
        field: field.to_owned(),
        field_type,
        name: name.to_owned(),
    };
    (FieldValue::Reference(id_of(field_type, name)), Some(named))
}

/// Every condition of a file but the rules of separation of duties.
pub(crate) fn conditions(definition: &Definition) -> Vec<&Expression> {
    fn of_stage<'d>(stage: &'d Stage, found: &mut Vec<&'d Expression>) {
        found.extend(stage.assignee_conditions.iter().flatten());
        found.extend(stage.quorum_cases.iter().map(|(when, _)| when));
        if let crate::definition::Carry::When(carry) = &stage.carry {
            found.push(carry);
        }
    }
    fn walk<'d>(node: &'d Node, found: &mut Vec<&'d Expression>) {
        found.extend(node.when());
        match node {
            Node::Stage(stage) => of_stage(stage, found),
            Node::Automatic(automatic) => {
                found.extend(automatic.route.iter().map(|arm| &arm.when));
            }
            Node::Parallel(_) | Node::Sequence(_) => {}
        }
        node.children().iter().for_each(|child| walk(child, found));
    }
    let mut found: Vec<&Expression> = definition.takes().into_iter().collect();
    definition
        .nodes()
        .iter()
        .for_each(|node| walk(node, &mut found));
    found
}

fn read_by_conditions(definition: &Definition) -> BTreeSet<String> {
    let own = conditions(definition).into_iter();
    let rules = definition.rules().iter().map(|rule| &rule.rule);
    own.chain(rules).flat_map(Expression::fields).collect()
}

fn read_by_resolvers(definition: &Definition) -> BTreeSet<String> {
    let stages = definition.stages();
    let resolvers = stages.flat_map(|stage| stage.assignees.iter().chain(&stage.if_empty));
    let fields = resolvers.filter_map(Resolver::field);
    fields.map(str::to_owned).collect()
}

/// The values that a stage's form wants and the card does not have.
pub(super) fn form(definition: &Definition, stage: &Stage, card: &Card) -> Card {
    let absent = stage.form.iter().filter(|name| !card.contains_key(*name));
    absent
        .filter_map(|name| {
            let schema = definition.fields().get(name)?;
            Some((name.clone(), invented(name, schema).0))
        })
        .collect()
}
