//! A run goes on by another definition of its workflow.
//!
//! Finished stages keep what came of them, open ones stay open, and whoever is asked in the new
//! route and was not before is asked now. Nothing is decided by the move itself: if it would end
//! the run, close a stage, or leave behind somebody whom the new route asks, it is refused, and the
//! document goes on as it was.

use std::collections::{BTreeMap, BTreeSet};

use super::Run;
use super::advance::needed;
use super::assignees::{Roll, resolve};
use super::card::check_card;
use super::tally::{Ballot, Tally};
use crate::definition::{Automatic, Node, Stage, StageKind};
use crate::event::{Actor, Decision, EventKind, SkipReason};
use crate::migration::{Plan, check_rounds, conditions, holds};
use crate::refusal::Refusal;
use crate::state::{Assignee, Heard, Moved, Phase, StagePhase, TaskState, taken_out};

impl Run<'_> {
    /// Puts aside what the new definition has no place for. Comes before everything else: the state
    /// is one of the new definition from then on.
    pub(super) fn put_aside(&mut self, actor: Actor, kind: &EventKind) -> Result<(), Refusal> {
        let EventKind::Migrated { plan, .. } = kind else {
            return Ok(());
        };
        let Actor::Person(by) = actor else {
            return Err(Refusal::NotAdministrator);
        };
        let definition = self.definition;
        let stays = |path: &String| !plan.left.contains(path);
        let is_renamed = |path: &String| plan.renamed.contains_key(path);
        let known =
            |path: &String| stays(path) && (is_renamed(path) || definition.stage(path).is_some());
        let automatic = |path: &String| {
            let mut all = definition.automatics();
            stays(path) && (is_renamed(path) || all.any(|one| one.path == *path))
        };
        let state = &mut self.state;
        // Whoever moves it knows which waits are gone: a weaker text is told as one (W701).
        let subdocuments = definition.subdocuments();
        state
            .awaited
            .retain(|name, _| subdocuments.iter().any(|one| one.name == *name));
        let (added, kept) = std::mem::take(&mut state.added)
            .into_iter()
            .partition(|one| !known(&one.stage));
        state.added = kept;
        state.absorbed.retain(|one| known(&one.stage));
        let moved = Moved {
            by,
            at: self.at,
            from: plan.from,
            to: plan.to,
            stages: taken_out(&mut state.stages, |path, _| !known(path)),
            automatic: taken_out(&mut state.automatic, |path, _| !automatic(path)),
            tasks: taken_out(&mut state.tasks, |_, task| !known(&task.stage)),
            added,
            asked: taken_out(&mut state.asked, |name, _| {
                !definition.lookups().contains_key(name)
            }),
        };
        let mut open = moved.tasks.values().filter(|task| task.is_open());
        let active = moved.automatic.iter();
        let mut active = active.filter(|(_, one)| one.phase == StagePhase::Active);
        let first = open.next().map(|task| task.stage.clone());
        if let Some(stage) = first.or_else(|| active.next().map(|(path, _)| path.clone())) {
            return Err(Refusal::OpenStageGone { stage });
        }
        let mut needed = moved.added.iter().filter(|one| one.seat.required);
        if let Some(lost) = needed.next() {
            let stage = lost.stage.clone();
            return Err(Refusal::ApproverLost { stage });
        }
        self.state.moved.push(moved);
        self.rename(plan)
    }

    /// What is kept is at the paths of the new definition from now on.
    fn rename(&mut self, plan: &Plan) -> Result<(), Refusal> {
        if plan.renamed.is_empty() {
            return Ok(());
        }
        let state = &mut self.state;
        let path_of = |path: &mut String| {
            if let Some(new) = plan.renamed.get(path) {
                path.clone_from(new);
            }
        };
        renamed(&mut state.stages, path_of)?;
        renamed(&mut state.automatic, path_of)?;
        let tasks = state.tasks.values_mut().map(|task| &mut task.stage);
        let added = state.added.iter_mut().map(|one| &mut one.stage);
        tasks.chain(added).for_each(path_of);
        for one in &mut state.absorbed {
            path_of(&mut one.stage);
            path_of(&mut one.into);
        }
        Ok(())
    }

    /// Goes on by the new definition.
    pub(super) fn migrate(&mut self, actor: Actor, plan: &Plan) -> Result<(), Refusal> {
        self.administrator(actor)?;
        if self.state.incident.is_some() {
            return Err(Refusal::HasIncident);
        }
        if plan.to != self.definition.digest() {
            return Err(Refusal::PlanMismatch);
        }
        check_rounds(self.definition, &self.state)?;
        check_card(self.definition, &self.subject()?.card)?;
        self.drop_votes(plan);
        self.keep_signatures(plan)?;
        // Who will be asked later can be found: nobody is moved to where they get stuck.
        self.rehearse()?;
        self.check_extra_round()?;
        if self.state.phase == Phase::Rework {
            // Everything is walked anew when it is sent round again.
            return self.keep_undecided(plan);
        }
        let before = self.reached();
        let open = self.open_stages();
        self.rebudget(plan)?;
        self.forget_changed(plan)?;
        for stage in &open {
            if plan.asked_anew.contains(&stage.path) {
                self.seat_anew(stage)?;
            }
            self.check_undecided(stage)?;
            self.open_slots(stage)?;
        }
        // Where the run waits now is another question by the new definition, and is asked anew.
        self.leave_waits(|_| true);
        self.advance()?;
        self.check_moved(&before, &open)
    }

    /// Whoever has read has not agreed, and whoever has agreed has not signed.
    fn drop_votes(&mut self, plan: &Plan) {
        for task in self.state.tasks.values_mut() {
            if let TaskState::Decided { set_aside, .. } = &mut task.state {
                *set_aside |= plan.of_another_kind.contains(&task.stage);
            }
        }
    }

    /// Every signature that would still have been asked for is asked for by the new definition.
    fn keep_signatures(&self, plan: &Plan) -> Result<(), Refusal> {
        for id in &plan.signatures {
            let mut stages = self.definition.stages();
            let stage = stages.find(|stage| stage.id == *id && stage.kind == StageKind::Sign);
            let applies = match stage {
                Some(stage) => self.may_apply(stage)?,
                None => false,
            };
            if !applies {
                let stage = id.clone();
                return Err(Refusal::SignatureLost { stage });
            }
        }
        Ok(())
    }

    /// Whether a stage and every block around it apply, or may once something is answered.
    fn may_apply(&self, stage: &Stage) -> Result<bool, Refusal> {
        for when in conditions(self.definition, &stage.path) {
            match self.condition(Some(when), &stage.path) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(Refusal::Condition {
                    why: crate::expression::EvaluationError::FactAbsent { .. },
                    ..
                }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(true)
    }

    /// No vote that stands decides in a stage of a returned run because it is counted otherwise.
    fn keep_undecided(&self, plan: &Plan) -> Result<(), Refusal> {
        for path in &plan.asked_anew {
            let undecided = matches!(
                self.stage_phase(path),
                StagePhase::Returned | StagePhase::Cancelled | StagePhase::Rejected
            );
            let (true, Some(stage)) = (undecided, self.definition.stage(path)) else {
                continue;
            };
            let roll = match resolve(self, stage) {
                Ok(roll) => roll,
                Err(Refusal::StageHasNoAssignee { .. }) if stage.skips_if_empty => continue,
                Err(other) => return Err(other),
            };
            let votes = self.votes(stage)?;
            let tally = cast(&roll, |slot| {
                let said = votes.get(slot).copied();
                said.filter(|decision| decision.is_favourable())
            });
            if tally.is_satisfied() {
                let stage = path.clone();
                return Err(Refusal::VotesWouldDecide { stage });
            }
        }
        Ok(())
    }

    /// What was reached, by path: an open stage or one that somebody decided in. What does not
    /// block is no part of the order.
    fn reached(&self) -> BTreeSet<String> {
        let is_reached =
            |phase: &StagePhase| !matches!(phase, StagePhase::Pending | StagePhase::Skipped(_));
        let blocks = |path: &str| {
            let stage = self.definition.stage(path);
            stage.is_none_or(|stage| stage.blocking)
        };
        let stages = self.state.stages.iter();
        let stages = stages.filter(|(path, entry)| is_reached(&entry.phase) && blocks(path));
        let automatic = self.state.automatic.iter();
        let automatic = automatic.filter(|(_, entry)| is_reached(&entry.phase));
        let automatic = automatic.map(|(path, _)| path.clone());
        stages
            .map(|(path, _)| path.clone())
            .chain(automatic)
            .collect()
    }

    fn open_stages(&self) -> Vec<Stage> {
        let stages = self.definition.stages();
        let open = stages.filter(|one| self.stage_phase(&one.path) == StagePhase::Active);
        open.cloned().collect()
    }

    /// What was finished and is another now is looked at again: where the votes that stand are not
    /// enough, or what left it out has changed, it is to be walked once more.
    fn forget_changed(&mut self, plan: &Plan) -> Result<(), Refusal> {
        for path in &plan.asked_anew {
            let is_left = match self.stage_phase(path) {
                StagePhase::Skipped(_) => true,
                StagePhase::Satisfied => !self.agrees_still(self.stage(path)?)?,
                _ => false,
            };
            if is_left {
                self.stage_state(path).phase = StagePhase::Pending;
            }
        }
        self.forget_absorbed();
        self.forget_ways(plan);
        // A branch was closed because there were enough others; perhaps there are not any more.
        let nodes = self.definition.nodes();
        let closed = self.state.stages.iter();
        let closed = closed.filter(|(path, entry)| {
            entry.phase == StagePhase::Cancelled && !self.is_joined(nodes, path)
        });
        let needed: Vec<String> = closed.map(|(path, _)| path.clone()).collect();
        for path in needed {
            self.stage_state(&path).phase = StagePhase::Pending;
        }
        Ok(())
    }

    /// Whether the votes of a finished stage are enough as the new definition counts them; if so it
    /// counts them so from now on.
    fn agrees_still(&mut self, stage: &Stage) -> Result<bool, Refusal> {
        let roll = match resolve(self, stage) {
            Ok(roll) => self.without_absorbed(stage, roll),
            Err(Refusal::Corrupt { what }) => return Err(Refusal::Corrupt { what }),
            Err(_) => return Ok(false),
        };
        let votes = self.votes(stage)?;
        if !cast(&roll, |slot| votes.get(slot).copied()).is_satisfied() {
            return Ok(false);
        }
        self.seat(stage, roll);
        self.set_aside_lost_votes(stage)?;
        Ok(true)
    }

    /// Whoever was let go because they sign later, and does not by the new definition, is asked.
    fn forget_absorbed(&mut self) {
        let definition = self.definition;
        let absorbs = |path: &str| definition.stage(path).is_some_and(|stage| stage.absorbs);
        let let_go: Vec<String> = {
            let mut lost = Vec::new();
            self.state.absorbed.retain(|one| {
                let is_lost = one.stands && !absorbs(&one.into);
                if is_lost {
                    lost.push(one.stage.clone());
                }
                !is_lost
            });
            lost
        };
        for path in let_go {
            self.stage_state(&path).phase = StagePhase::Pending;
        }
    }

    /// Automatic stages that choose otherwise choose again.
    fn forget_ways(&mut self, plan: &Plan) {
        for name in &plan.questions_anew {
            if let Some(asked) = self.state.asked.get_mut(name) {
                asked.heard = Heard::Void;
            }
        }
        for path in &plan.ways_anew {
            if let Some(entry) = self.state.automatic.get_mut(path) {
                entry.phase = StagePhase::Pending;
            }
        }
        if plan.ways_anew.is_empty() {
            return;
        }
        let passed = StagePhase::Skipped(SkipReason::WayOn);
        for entry in self.state.stages.values_mut() {
            if entry.phase == passed {
                entry.phase = StagePhase::Pending;
            }
        }
        for entry in self.state.automatic.values_mut() {
            if entry.phase == passed {
                entry.phase = StagePhase::Pending;
            }
        }
    }

    /// Whether every block of branches around a step has as many as it needs.
    fn is_joined(&self, nodes: &[Node], path: &str) -> bool {
        let Some(node) = nodes.iter().find(|node| holds(node, path)) else {
            return true;
        };
        let is_block = matches!(node, Node::Parallel(_));
        (!is_block || self.agreed(node) != Some(false)) && self.is_joined(node.children(), path)
    }

    /// Whether a step agrees by what was said; `None` if it does not apply or does not block. A
    /// branch that was closed for want of need counts as one that might be asked.
    fn agreed(&self, node: &Node) -> Option<bool> {
        let children = node.children().iter();
        let said: Vec<bool> = children.filter_map(|child| self.agreed(child)).collect();
        match node {
            Node::Stage(stage) => match self.stage_phase(&stage.path) {
                _ if !stage.blocking => None,
                StagePhase::Skipped(_) => None,
                phase => Some(phase == StagePhase::Satisfied),
            },
            Node::Automatic(_) => None,
            Node::Sequence(_) => (!said.is_empty()).then(|| said.iter().all(|one| *one)),
            Node::Parallel(block) => {
                let agree = said.iter().filter(|one| **one).count();
                let needed = needed(block.join, said.len());
                (!said.is_empty()).then_some(agree >= needed)
            }
        }
    }

    /// The votes of an open stage neither are enough nor make it impossible.
    fn check_undecided(&self, stage: &Stage) -> Result<(), Refusal> {
        let mut tally = self.tally(stage)?;
        tally.is_held = false;
        if tally.is_satisfied() || !tally.is_reachable() {
            let stage = stage.path.clone();
            return Err(Refusal::VotesWouldDecide { stage });
        }
        Ok(())
    }

    /// Nothing was decided by the move, and nobody whom the new route asks was left behind.
    fn check_moved(&self, before: &BTreeSet<String>, open: &[Stage]) -> Result<(), Refusal> {
        if self.state.phase.is_final() {
            return Err(Refusal::WouldEnd);
        }
        let closed = |stage: &&Stage| self.stage_phase(&stage.path) != StagePhase::Active;
        let first = open.iter().find(closed);
        if let Some(stage) = first {
            let stage = stage.path.clone();
            return Err(Refusal::VotesWouldDecide { stage });
        }
        let is_open = |phase: &StagePhase| *phase == StagePhase::Active;
        let stages = self.definition.stages();
        let stages = stages.filter(|one| one.blocking && is_open(&self.stage_phase(&one.path)));
        let stages = stages.map(|one| one.path.as_str());
        let automatics = self.definition.automatics();
        let waits = |one: &&Automatic| is_open(&self.automatic_phase(&one.path));
        let automatics = automatics.filter(waits).map(|one| one.path.as_str());
        for path in stages.chain(automatics) {
            if is_passed(self.definition.nodes(), path, before) {
                let stage = path.to_owned();
                return Err(Refusal::StagePassed { stage });
            }
        }
        Ok(())
    }
}

/// The entries of a map by their new paths. No two of a plan are at one.
fn renamed<V>(map: &mut BTreeMap<String, V>, path_of: impl Fn(&mut String)) -> Result<(), Refusal> {
    let all = std::mem::take(map);
    for (mut path, entry) in all {
        path_of(&mut path);
        if map.insert(path, entry).is_some() {
            return Err(Refusal::PlanMismatch);
        }
    }
    Ok(())
}

/// The tally of a roll with what its seats have said.
fn cast(roll: &Roll, said: impl Fn(&Assignee) -> Option<Decision>) -> Tally<'_> {
    let seats = roll.electorate.iter().zip(&roll.seats);
    let ballots = seats.map(|(slot, seat)| Ballot {
        seat,
        decision: said(slot),
    });
    Tally {
        quorum: roll.quorum,
        ballots: ballots.collect(),
        is_held: false,
    }
}

/// Whether something behind the step at this path, in its own list or in one around it, was
/// reached.
fn is_passed(nodes: &[Node], path: &str, reached: &BTreeSet<String>) -> bool {
    let Some(index) = nodes.iter().position(|node| holds(node, path)) else {
        return false;
    };
    let behind = nodes.iter().skip(index.saturating_add(1));
    let is_reached = |node: &Node| reached.iter().any(|path| holds(node, path));
    if behind.into_iter().any(is_reached) {
        return true;
    }
    match nodes.get(index) {
        Some(Node::Sequence(block)) => is_passed(&block.steps, path, reached),
        Some(Node::Parallel(block)) => {
            let within = |branch: &Node| is_passed(std::slice::from_ref(branch), path, reached);
            block.branches.iter().any(within)
        }
        Some(Node::Stage(_) | Node::Automatic(_)) | None => false,
    }
}
