//! The walk: from the first step to the first that the run must wait for.

use std::collections::BTreeSet;

use super::assignees::{conflict, resolve};
use super::{Run, TASKS_MAX};
use crate::definition::{Node, OnBranchReject, Stage};
use crate::event::{CloseReason, Effect, Outcome, SkipReason};
use crate::refusal::Refusal;
use crate::state::{Assignee, Phase, StagePhase, Task, TaskNumber, TaskState};

/// What a step of the workflow lets the walk do.
enum Gate {
    /// Go on to the next.
    Pass,
    /// The run waits here.
    Wait,
    /// A branch rejected.
    Rejected,
    /// A branch returned.
    Returned,
}

impl Run<'_> {
    /// Opens whatever is next, closes whatever is over, ends the run after the last step.
    pub(super) fn advance(&mut self) -> Result<(), Refusal> {
        let definition = self.definition;
        for node in definition.nodes() {
            self.open_node(node)?;
            match self.gate(node) {
                Gate::Pass => {}
                Gate::Wait => return Ok(()),
                Gate::Rejected => {
                    self.close_tasks(CloseReason::Rejected, |_| true);
                    self.cancel_active();
                    self.finish(Outcome::Rejected);
                    return Ok(());
                }
                Gate::Returned => {
                    self.open_rework();
                    return Ok(());
                }
            }
        }
        self.finish(Outcome::Completed);
        Ok(())
    }

    /// Opens the pending stages of a node whose turn has come.
    fn open_node(&mut self, node: &Node) -> Result<(), Refusal> {
        let pending: Vec<&Stage> = node
            .stages()
            .iter()
            .filter(|stage| self.stage_phase(&stage.path) == StagePhase::Pending)
            .collect();
        if pending.is_empty() {
            return Ok(());
        }
        if !self.outer_condition(node)? {
            for stage in pending {
                self.skip(&stage.path, SkipReason::OuterCondition);
            }
            return Ok(());
        }
        for stage in pending {
            if self.condition(stage.when.as_ref(), &stage.path)? {
                self.open_stage(stage)?;
            } else {
                self.skip(&stage.path, SkipReason::Condition);
            }
        }
        Ok(())
    }

    pub(super) fn outer_condition(&self, node: &Node) -> Result<bool, Refusal> {
        match node {
            Node::Stage(_) => Ok(true),
            Node::Parallel(block) => self.condition(block.when.as_ref(), &block.id),
        }
    }

    fn gate(&self, node: &Node) -> Gate {
        let patient = match node {
            Node::Stage(_) => false,
            Node::Parallel(block) => block.on_branch_reject == OnBranchReject::FinishOthers,
        };
        let phases: Vec<(bool, StagePhase)> = node
            .stages()
            .iter()
            .map(|stage| (stage.blocking, self.stage_phase(&stage.path)))
            .collect();
        let any = |wanted: &StagePhase| phases.iter().any(|(_, phase)| phase == wanted);
        let waits = phases.iter().any(|(blocking, phase)| {
            *blocking && matches!(phase, StagePhase::Active | StagePhase::Pending)
        });
        let refused = any(&StagePhase::Rejected) || any(&StagePhase::Returned);
        if waits && (patient || !refused) {
            return Gate::Wait;
        }
        if any(&StagePhase::Rejected) {
            return Gate::Rejected;
        }
        if any(&StagePhase::Returned) {
            return Gate::Returned;
        }
        Gate::Pass
    }

    /// Freezes the electorate and opens a task for everybody who has not voted for this version,
    /// unless the quorum is met already.
    fn open_stage(&mut self, stage: &Stage) -> Result<(), Refusal> {
        let electorate = resolve(self, stage)?;
        let at = self.at;
        let due_at = stage.due_seconds.map(|seconds| at.plus_seconds(seconds));
        let version = self.subject()?.version.clone();
        let counted: BTreeSet<Assignee> = self.counted(stage)?;
        let entry = self.stage_state(&stage.path);
        entry.activation = entry.activation.saturating_add(1);
        entry.phase = StagePhase::Active;
        entry.opened_at = Some(at);
        entry.due_at = due_at;
        entry.electorate.clone_from(&electorate);
        let activation = entry.activation;
        // Nobody is asked where the votes that stand are enough.
        self.close_if_satisfied(stage)?;
        if self.stage_phase(&stage.path) == StagePhase::Satisfied {
            return Ok(());
        }
        for assignee in electorate
            .into_iter()
            .filter(|slot| !counted.contains(slot))
        {
            let last = self
                .state
                .tasks
                .last_key_value()
                .map_or(0, |(number, _)| number.0);
            if last >= TASKS_MAX {
                return Err(Refusal::Corrupt {
                    what: "tasks".to_owned(),
                });
            }
            let number = TaskNumber(last + 1);
            let task = Task {
                stage: stage.path.clone(),
                activation,
                round: self.state.round,
                elector: assignee,
                assignee,
                version_digest: version.digest,
                version_number: version.number,
                opened_at: at,
                due_at,
                state: TaskState::Open,
            };
            self.state.tasks.insert(number, task);
            self.effects.push(Effect::OpenTask {
                task: number,
                path: stage.path.clone(),
                stage_kind: stage.kind,
                via: stage.via,
                assignee,
                due_at,
                activation,
                version_digest: version.digest,
            });
        }
        Ok(())
    }

    /// The slots of a stage whose favourable vote counts: given on the present version, not set
    /// aside, by somebody who may still decide.
    fn counted(&self, stage: &Stage) -> Result<BTreeSet<Assignee>, Refusal> {
        let mut slots = BTreeSet::new();
        for (number, task) in &self.state.tasks {
            if task.stage != stage.path || !self.state.is_on_present_version(*number) {
                continue;
            }
            let TaskState::Decided {
                decision,
                by,
                set_aside: false,
                ..
            } = &task.state
            else {
                continue;
            };
            let excluded = match by {
                Assignee::Person(person) => conflict(self, stage, *person)?.is_some(),
                Assignee::Contact(_) => false,
            };
            if decision.is_favourable() && !excluded {
                slots.insert(task.elector);
            }
        }
        Ok(slots)
    }

    /// Closes an active stage whose quorum is met.
    pub(super) fn close_if_satisfied(&mut self, stage: &Stage) -> Result<(), Refusal> {
        let Some(entry) = self.state.stages.get(&stage.path) else {
            return Ok(());
        };
        let counted = self.counted(stage)?;
        let approvals = entry
            .electorate
            .iter()
            .filter(|slot| counted.contains(slot))
            .count();
        let size = u32::try_from(entry.electorate.len()).unwrap_or(u32::MAX);
        let needed = stage.quorum.needed(size);
        if entry.phase != StagePhase::Active || approvals < needed as usize {
            return Ok(());
        }
        self.close_tasks(CloseReason::QuorumReached, |task| task.stage == stage.path);
        self.stage_state(&stage.path).phase = StagePhase::Satisfied;
        self.effects.push(Effect::CloseStage {
            path: stage.path.clone(),
        });
        Ok(())
    }

    fn open_rework(&mut self) {
        let (round, returned) = (self.state.round, StagePhase::Returned);
        let refused = |task: &Task| match &task.state {
            TaskState::Decided { decision, .. } => !decision.is_favourable(),
            TaskState::Open | TaskState::Closed { .. } => false,
        };
        let tasks = self
            .state
            .tasks
            .iter()
            .filter(|(_, task)| task.round == round);
        let returned_by = tasks
            .filter(|(_, task)| refused(task) && self.stage_phase(&task.stage) == returned)
            .map(|(number, _)| *number)
            .collect();
        self.close_tasks(CloseReason::Returned, |_| true);
        self.cancel_active();
        self.state.phase = Phase::Rework;
        self.effects.push(Effect::OpenRework { round, returned_by });
    }

    /// Marks what was still open when the run left it.
    pub(super) fn cancel_active(&mut self) {
        for stage in self.state.stages.values_mut() {
            if stage.phase == StagePhase::Active {
                stage.phase = StagePhase::Cancelled;
            }
        }
    }
}
