//! What the stages would do: before a start, so that no run starts that would get stuck.

use chancery_types::Instant;
use chancery_types::field::Card;
use chancery_types::id::PersonId;

use super::Run;
use super::assignees::resolve;
use crate::definition::{Definition, Node, Stage, Subdocument};
use crate::directory::Directory;
use crate::event::{Actor, SkipReason};
use crate::expression::EvaluationError;
use crate::refusal::Refusal;
use crate::state::{State, Version};
use crate::view::Forecast;

impl Run<'_> {
    /// What every stage of a node would do, in order.
    fn forecast_node(&self, node: &Node, outer: &Result<bool, Refusal>, out: &mut Vec<Forecast>) {
        match node {
            Node::Stage(stage) => out.push(self.forecast_stage(stage, outer)),
            // It asks nobody.
            Node::Automatic(_) => {}
            Node::Parallel(_) | Node::Sequence(_) => {
                let own = match outer {
                    Ok(true) => self.condition(node.when(), node.id()),
                    other => other.clone(),
                };
                for child in node.children() {
                    self.forecast_node(child, &own, out);
                }
            }
        }
    }

    fn forecast_stage(&self, stage: &Stage, outer: &Result<bool, Refusal>) -> Forecast {
        match outer {
            Err(refusal) => return unanswered(refusal.clone()),
            Ok(false) => return Forecast::Skips(SkipReason::OuterCondition),
            Ok(true) => {}
        }
        match self.condition(stage.when.as_ref(), &stage.path) {
            Err(refusal) => unanswered(refusal),
            Ok(false) => Forecast::Skips(SkipReason::Condition),
            Ok(true) => match resolve(self, stage) {
                Err(Refusal::StageHasNoAssignee { .. }) if stage.skips_if_empty => {
                    Forecast::Skips(SkipReason::NobodyFound)
                }
                Err(refusal) => Forecast::Blocks(refusal),
                Ok(roll) => {
                    let roll = self.without_absorbed(stage, roll);
                    if roll.electorate.is_empty() {
                        return Forecast::Skips(SkipReason::Absorbed);
                    }
                    Forecast::Asks {
                        needed: roll.tally().progress().1,
                        quorum: roll.quorum,
                        assignees: roll.electorate,
                        seats: roll.seats,
                    }
                }
            },
        }
    }

    /// Resolves every stage whose condition holds, so that a run that would get stuck never starts.
    pub(super) fn rehearse(&self) -> Result<(), Refusal> {
        let mut forecasts = Vec::new();
        for node in self.definition.nodes() {
            self.forecast_node(node, &Ok(true), &mut forecasts);
        }
        let blocks = forecasts.into_iter().find_map(|forecast| match forecast {
            Forecast::Blocks(refusal) => Some(refusal),
            Forecast::Asks { .. } | Forecast::Skips(_) | Forecast::Depends { .. } => None,
        });
        blocks.map_or(Ok(()), Err)
    }
}

/// What is not answered yet is no obstacle: it will be asked.
fn unanswered(refusal: Refusal) -> Forecast {
    match refusal {
        Refusal::Condition {
            why: EvaluationError::FactAbsent { fact },
            ..
        } => Forecast::Depends { on: fact },
        other => Forecast::Blocks(other),
    }
}

/// A run that has started and opened nothing.
fn foreseen<'a>(
    definition: &'a Definition,
    card: &Card,
    version: &Version,
    initiator: PersonId,
    directory: &'a Directory,
) -> Result<Run<'a>, Refusal> {
    let mut run = Run {
        definition,
        directory,
        // No stage is opened, so no due date is computed from this instant.
        at: Instant::from_seconds(0),
        is_foreseen: true,
        state: State::draft(),
        effects: Vec::new(),
    };
    run.prepare(Actor::Person(initiator), card, version)?;
    Ok(run)
}

/// The documents that a run would wait for: those whose condition holds now.
///
/// # Errors
///
/// A [`Refusal`] if no run could start at all.
pub(crate) fn forecast_waits<'d>(
    definition: &'d Definition,
    card: &Card,
    version: &Version,
    initiator: PersonId,
    directory: &'d Directory,
) -> Result<Vec<&'d Subdocument>, Refusal> {
    let run = foreseen(definition, card, version, initiator, directory)?;
    let all = definition.subdocuments().iter();
    // What has no answer is an error when its turn comes, and no reason to hide it before.
    let holds = |one: &&Subdocument| run.condition(one.when.as_ref(), &one.name) != Ok(false);
    Ok(all.filter(holds).collect())
}

/// Whom the workflow would ask for an extra round, as things are now, where it asks somebody.
pub(crate) fn forecast_extra_round(
    definition: &Definition,
    card: &Card,
    version: &Version,
    initiator: PersonId,
    directory: &Directory,
) -> Result<Option<Forecast>, Refusal> {
    let run = foreseen(definition, card, version, initiator, directory)?;
    let extra = definition.extra_round();
    Ok(extra.map(|(stage, _)| run.forecast_stage(stage, &Ok(true))))
}

/// What each stage would do if a run started now, in the order of [`Definition::stages`].
pub(crate) fn forecast(
    definition: &Definition,
    card: &Card,
    version: &Version,
    initiator: PersonId,
    directory: &Directory,
) -> Result<Vec<Forecast>, Refusal> {
    let run = foreseen(definition, card, version, initiator, directory)?;
    let mut forecasts = Vec::new();
    for node in definition.nodes() {
        run.forecast_node(node, &Ok(true), &mut forecasts);
    }
    Ok(forecasts)
}
