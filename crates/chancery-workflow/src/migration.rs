//! A running document goes on by another edition of its workflow: what both editions say of it,
//! before anything is moved.
//!
//! The plan is a pure value of the two definitions and the state. It travels in
//! [`crate::EventKind::Migrated`], which is applied under the new definition: whoever replays the
//! events needs the old one up to that event and the new one from it on, and both digests are in
//! it. What would have to be guessed is refused, by name: see [`plan`].

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Digest;
use serde::{Deserialize, Serialize};

use crate::definition::{Automatic, Definition, EXTRA_ROUND, Node, Place, Stage, StageKind};
use crate::diagnostic::Diagnostic;
use crate::expression::Expression;
use crate::refusal::Refusal;
use crate::state::{Phase, StagePhase, State};

/// What is to be done to a run so that it goes on by another definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The digest of the definition that the run went by: [`Definition::digest`].
    pub from: Digest,
    /// The digest of the one that it goes by from now on.
    pub to: Digest,
    /// Reached stages, by path, that say otherwise than before who is asked, how they are counted
    /// or whether they apply.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub asked_anew: BTreeSet<String>,
    /// Stages, by path, that ask for another thing than before: no vote in them stands.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub of_another_kind: BTreeSet<String>,
    /// Automatic stages, by path, that are gone or choose otherwise than before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub ways_anew: BTreeSet<String>,
    /// Questions to somebody outside, by name, that are others than before: no answer stands.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub questions_anew: BTreeSet<String>,
    /// Open stages, by path, with other reminders than before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reminded_anew: BTreeSet<String>,
    /// Open stages, by path, that had no due date before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub due_anew: BTreeSet<String>,
    /// The identifiers of the signing stages that the run would still have come to, as the new
    /// definition calls them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub signatures: BTreeSet<String>,
    /// The new paths of stages that are at another one now, by the old ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub renamed: BTreeMap<String, String>,
    /// Old stages, by path, that are none of the new ones, though there is one at their path.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub left: BTreeSet<String>,
    /// Whether the clocks of open tasks begin anew.
    #[serde(default, skip_serializing_if = "is_false")]
    pub restarts_timers: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Plan {
    /// What the new definition calls the stage at an old path; none if it has no such stage.
    #[must_use]
    pub fn path_of<'p>(&'p self, old: &'p str) -> Option<&'p str> {
        if self.left.contains(old) {
            return None;
        }
        Some(self.renamed.get(old).map_or(old, String::as_str))
    }
}

/// What a stage of `before`, by its path there, is in `after`; none if it is not in it.
#[must_use]
pub fn successor(before: &Definition, after: &Definition, path: &str) -> Option<String> {
    // No step of a file, and so at no other place of it.
    if path == EXTRA_ROUND {
        return after.stage(path).map(|stage| stage.path.clone());
    }
    let places = after.places_of(before);
    let new = match places.get(path)? {
        Place::Same => path.to_owned(),
        Place::Renamed(new) => new.clone(),
        Place::Left => return None,
    };
    let is_there = after.stage(&new).is_some() || automatic(after, &new).is_some();
    is_there.then_some(new)
}

/// That documents under way stand in a stage of an earlier text that `after` has not, not even by
/// another name: they would stay on theirs.
#[must_use]
pub fn gone_while_running(after: &Definition, stage: &str, count: i64) -> Diagnostic {
    let ids = after.stages().map(|stage| stage.id.as_str());
    Diagnostic::warning("W101", "gone-while-running", after.stages_at)
        .arg("stage", stage)
        .arg("count", count)
        .suggest(stage, ids)
}

fn automatic<'d>(definition: &'d Definition, path: &str) -> Option<&'d Automatic> {
    definition.automatics().find(|one| one.path == path)
}

/// What becomes of a run that goes on by `after` instead of `before`.
///
/// # Errors
///
/// [`Refusal::NotInThisPhase`] unless it runs; [`Refusal::Suspended`], [`Refusal::HasIncident`];
/// [`Refusal::ExtraRoundAsked`];
/// [`Refusal::PlanMismatch`] if `after` is another workflow; [`Refusal::RoundsExhausted`] if the
/// document went round more often than `after` allows; [`Refusal::OpenStageGone`] and
/// [`Refusal::OpenStageChanged`] of a stage in which somebody is asked now. What needs the people
/// is refused when the plan is applied.
pub fn plan(before: &Definition, after: &Definition, state: &State) -> Result<Plan, Refusal> {
    if !matches!(state.phase, Phase::Running | Phase::Rework) {
        return Err(Refusal::NotInThisPhase { phase: state.phase });
    }
    if state.suspension.is_some() {
        return Err(Refusal::Suspended);
    }
    if state.incident.is_some() {
        return Err(Refusal::HasIncident);
    }
    if asks_for_round(before, state) {
        return Err(Refusal::ExtraRoundAsked);
    }
    if (before.id(), before.kind()) != (after.id(), after.kind()) {
        return Err(Refusal::PlanMismatch);
    }
    check_rounds(after, state)?;
    let mut plan = Plan::between(before, after);
    plan.signatures = signatures(before, after, state, &plan);
    for (path, entry) in &state.stages {
        let Some(old) = before.stage(path) else {
            continue;
        };
        match plan.path_of(path).and_then(|path| after.stage(path)) {
            Some(new) => plan.compare((before, old), (after, new), &entry.phase)?,
            None if entry.phase == StagePhase::Active => return Err(gone(path)),
            None => {}
        }
    }
    let asked = state.asked.keys();
    let changed = asked.filter(|name| before.lookups().get(*name) != after.lookups().get(*name));
    plan.questions_anew = changed.cloned().collect();
    plan.ways_anew = ways(before, after, state, &plan)?;
    Ok(plan)
}

impl Plan {
    /// What follows from the definitions alone.
    fn between(before: &Definition, after: &Definition) -> Self {
        let succession = after.succession();
        let is_from = succession.is_from(before.succession());
        let mut plan = Self {
            from: before.digest(),
            to: after.digest(),
            asked_anew: BTreeSet::new(),
            of_another_kind: BTreeSet::new(),
            ways_anew: BTreeSet::new(),
            questions_anew: BTreeSet::new(),
            reminded_anew: BTreeSet::new(),
            due_anew: BTreeSet::new(),
            signatures: BTreeSet::new(),
            renamed: BTreeMap::new(),
            left: BTreeSet::new(),
            restarts_timers: is_from && succession.restarts_timers,
        };
        for (path, place) in after.places_of(before) {
            match place {
                Place::Same => {}
                Place::Renamed(new) => {
                    plan.renamed.insert(path, new);
                }
                Place::Left => {
                    plan.left.insert(path);
                }
            }
        }
        plan
    }

    /// What is otherwise in a stage that both definitions have.
    fn compare(
        &mut self,
        (before, old): (&Definition, &Stage),
        (after, new): (&Definition, &Stage),
        phase: &StagePhase,
    ) -> Result<(), Refusal> {
        let path = &new.path;
        let is_open = *phase == StagePhase::Active;
        let asks = |stage: &Stage| (stage.kind, stage.is_review);
        let same = (asks(old), old.via, old.blocking) == (asks(new), new.via, new.blocking);
        if is_open && !same {
            let stage = path.clone();
            return Err(Refusal::OpenStageChanged { stage });
        }
        if asks(old) != asks(new) {
            self.of_another_kind.insert(path.clone());
        }
        let is_skipped = matches!(phase, StagePhase::Skipped(_));
        let asks = asks_otherwise(old, new) || before.rules() != after.rules() || !same;
        let applies = is_skipped && conditions(before, &old.path) != conditions(after, path);
        if *phase != StagePhase::Pending && (asks || applies) {
            self.asked_anew.insert(path.clone());
        }
        if is_open && new.timing.due.is_some() && old.timing.due.is_none() {
            self.due_anew.insert(path.clone());
        }
        let reminds = |stage: &Stage| (stage.timing.reminders.clone(), stage.timing.due.clone());
        if is_open && reminds(old) != reminds(new) {
            self.reminded_anew.insert(path.clone());
        }
        Ok(())
    }
}

/// Whether the run waits for whoever decides whether it goes round once more: that is about the
/// definition that has asked them.
fn asks_for_round(before: &Definition, state: &State) -> bool {
    let stage = before.extra_round().map(|(stage, _)| &stage.path);
    let entry = stage.and_then(|path| state.stages.get(path));
    entry.is_some_and(|entry| entry.phase == StagePhase::Active)
}

/// No round that the new definition does not allow is under way, or comes next.
pub(crate) fn check_rounds(after: &Definition, state: &State) -> Result<(), Refusal> {
    let max = after.rework_max().saturating_add(state.extra_rounds);
    let returned = match state.phase {
        Phase::Rework => state.round,
        _ => state.round.saturating_sub(1),
    };
    match returned > max {
        true => Err(Refusal::RoundsExhausted { max }),
        false => Ok(()),
    }
}

fn gone(path: &str) -> Refusal {
    Refusal::OpenStageGone {
        stage: path.to_owned(),
    }
}

/// Whether a stage asks others than before, or counts them otherwise.
fn asks_otherwise(old: &Stage, new: &Stage) -> bool {
    let who = |stage: &Stage| {
        let empty = (stage.if_empty.clone(), stage.skips_if_empty);
        let conditions = stage.assignee_conditions.clone();
        (stage.assignees.clone(), conditions, empty, stage.mode)
    };
    let counted = |stage: &Stage| {
        let quorum = (stage.quorum, stage.quorum_cases.clone());
        let veto = (stage.veto.clone(), stage.weights.clone());
        (quorum, veto, stage.counts_for_each)
    };
    who(old) != who(new) || counted(old) != counted(new)
}

/// The conditions of the node at this path and of every block around it, from the outermost.
pub(crate) fn conditions<'d>(definition: &'d Definition, path: &str) -> Vec<&'d Expression> {
    let mut found = Vec::new();
    let mut nodes = definition.nodes();
    while let Some(node) = nodes.iter().find(|node| holds(node, path)) {
        found.extend(node.when());
        nodes = node.children();
    }
    found
}

/// Whether a path is the node's own or leads into it.
pub(crate) fn holds(node: &Node, path: &str) -> bool {
    let inner = path.strip_prefix(node.path());
    inner.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The signing stages that the run has not come to, or comes to again.
fn signatures(
    before: &Definition,
    after: &Definition,
    state: &State,
    plan: &Plan,
) -> BTreeSet<String> {
    let ahead = |stage: &&Stage| {
        let phase = state.stages.get(&stage.path).map(|entry| &entry.phase);
        let open = matches!(
            phase,
            None | Some(StagePhase::Pending | StagePhase::Active | StagePhase::Returned)
        );
        stage.kind == StageKind::Sign && (open || state.phase == Phase::Rework)
    };
    let ahead = before.stages().filter(ahead);
    let ids = ahead.map(|stage| {
        let new = plan.renamed.get(&stage.path);
        let new = new.and_then(|path| after.stage(path));
        new.map_or_else(|| stage.id.clone(), |new| new.id.clone())
    });
    ids.collect()
}

/// The automatic stages that were reached and are gone, or ask or choose otherwise.
fn ways(
    before: &Definition,
    after: &Definition,
    state: &State,
    plan: &Plan,
) -> Result<BTreeSet<String>, Refusal> {
    let mut changed = BTreeSet::new();
    for (path, entry) in &state.automatic {
        let old = automatic(before, path);
        let new = plan.path_of(path).and_then(|path| automatic(after, path));
        let asks = |definition: &Definition, one: &Automatic| -> Vec<_> {
            let all = definition.lookups();
            let asked = one.need.iter();
            asked
                .map(|name| (name.clone(), all.get(name).cloned()))
                .collect()
        };
        let is_open = entry.phase == StagePhase::Active;
        let (Some(old), Some(new)) = (old, new) else {
            if is_open {
                return Err(gone(path));
            }
            changed.insert(path.clone());
            continue;
        };
        let asks_otherwise = asks(before, old) != asks(after, new);
        if is_open && asks_otherwise {
            let stage = new.path.clone();
            return Err(Refusal::OpenStageChanged { stage });
        }
        let goes = |one: &Automatic| (one.when.clone(), one.route.clone());
        let was_reached = entry.phase != StagePhase::Pending;
        if was_reached && !is_open && (asks_otherwise || goes(old) != goes(new)) {
            changed.insert(new.path.clone());
        }
    }
    Ok(changed)
}
