//! Why a stage is in or out, and whom it asks, for one document.

use std::collections::BTreeMap;

use chancery_types::field::Card;
use chancery_types::id::PersonId;
use chancery_types::{FieldValue, Localized};

use crate::definition::{Definition, Node, Stage, Subdocument};
use crate::directory::Directory;
use crate::engine::forecast_extra_round;
use crate::expression::{Expression, Given};
use crate::refusal::Refusal;
use crate::state::Version;
use crate::view::{Forecast, PreviewStage, preview};

/// One stage, explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The path: `expertise/legal`.
    pub path: String,
    /// The title.
    pub title: Localized,
    /// The conditions it depends on as they are written, those of the blocks around it first.
    pub conditions: Vec<String>,
    /// The values of the parameters that these conditions name, as files write them.
    pub parameters: BTreeMap<String, String>,
    /// How each of them answers now; `None` for one that has no answer yet.
    pub answers: Vec<Option<bool>>,
    /// Whom the file names, each with the condition under which it does, as they are written.
    pub named: Vec<(String, Option<String>)>,
    /// The documents that are waited for before its step opens, where it is the first of it.
    pub waits: Vec<Subdocument>,
    /// What the card holds of the fields that these conditions read; `None` for an absent one.
    pub reads: BTreeMap<String, Option<String>>,
    /// Whether it applies, and to whom.
    pub forecast: Forecast,
}

/// Explains every stage as things are now, if `initiator` started a run; last the one that asks
/// for an extra round, where the file has it.
///
/// # Errors
///
/// A [`Refusal`] if no run could start at all, as [`preview`].
pub fn explain(
    definition: &Definition,
    card: &Card,
    version: &Version,
    initiator: PersonId,
    directory: &Directory,
) -> Result<Vec<Explanation>, Refusal> {
    let mut conditions: BTreeMap<String, Vec<Expression>> = BTreeMap::new();
    for node in definition.nodes() {
        collect(node, &[], &mut conditions);
    }
    let mut stages = preview(definition, card, version, initiator, directory)?;
    let extra = forecast_extra_round(definition, card, version, initiator, directory)?;
    let extra = definition.extra_round().zip(extra);
    stages.extend(extra.map(|((stage, _), forecast)| PreviewStage {
        path: stage.path.clone(),
        block_title: None,
        title: stage.title.clone(),
        kind: stage.kind,
        due: stage.timing.due.clone(),
        waits: Vec::new(),
        forecast,
    }));
    let given = Given {
        card,
        initiator,
        version,
        round: 1,
        directory,
        actor: None,
        changed: None,
        voters: None,
        asked: None,
    };
    Ok(stages
        .into_iter()
        .map(|stage| {
            let when = conditions.remove(&stage.path).unwrap_or_default();
            let own = definition.stage(&stage.path).map(own_conditions);
            let all = when.iter().chain(own.into_iter().flatten());
            let fields = all.clone().flat_map(Expression::fields);
            let parameters = all.flat_map(Expression::parameters).filter_map(|name| {
                let parameter = definition.parameters().get(name)?;
                Some((name.clone(), parameter.value().to_string()))
            });
            Explanation {
                answers: when.iter().map(|when| when.holds(&given).ok()).collect(),
                named: definition.stage(&stage.path).map(named).unwrap_or_default(),
                reads: fields
                    .map(|name| {
                        let value = card.get(&name).map(text);
                        (name, value)
                    })
                    .collect(),
                parameters: parameters.collect(),
                conditions: when.iter().map(|when| when.source().to_owned()).collect(),
                path: stage.path,
                waits: stage.waits,
                title: stage.title,
                forecast: stage.forecast,
            }
        })
        .collect())
}

/// The conditions on who is asked, and on how many must agree.
fn own_conditions(stage: &Stage) -> impl Iterator<Item = &Expression> + Clone {
    let cases = stage.quorum_cases.iter().map(|(when, _)| when);
    stage.assignee_conditions.iter().flatten().chain(cases)
}

fn named(stage: &Stage) -> Vec<(String, Option<String>)> {
    let conditions = stage.assignee_conditions.iter();
    let conditions = conditions.map(|when| when.as_ref().map(|when| when.source().to_owned()));
    let named = stage.assignees.iter().map(ToString::to_string);
    named
        .zip(conditions.chain(std::iter::repeat(None)))
        .collect()
}

/// The conditions of each stage within a node, outer ones first.
fn collect(node: &Node, outer: &[Expression], found: &mut BTreeMap<String, Vec<Expression>>) {
    let mut all = outer.to_vec();
    all.extend(node.when().cloned());
    // One that asks nobody has nobody to be explained to, and no children.
    if let Node::Stage(stage) = node {
        found.insert(stage.path.clone(), all);
        return;
    }
    for child in node.children() {
        collect(child, &all, found);
    }
}

fn text(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Integer(number) => number.to_string(),
        FieldValue::Money(money) => money.to_string(),
        FieldValue::Date(date) => date.to_string(),
        FieldValue::Boolean(answer) => answer.to_string(),
        FieldValue::Reference(id) => id.to_string(),
    }
}
