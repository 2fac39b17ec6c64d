//! The walk: from the first step to the first that the run must wait for.

use super::Run;
use super::assignees::resolve;
use crate::definition::{Automatic, Join, Node, OnBranchReject, Parallel, Stage};
use crate::event::{CloseReason, Effect, Outcome, SkipReason};
use crate::refusal::Refusal;
use crate::state::{Phase, StagePhase, Task, TaskNumber, TaskState};

/// What a step of the workflow lets the walk do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// It agreed: go on to the next.
    Pass,
    /// It does not apply, or only acknowledges without blocking: go on, but it has not agreed.
    Aside,
    /// The run waits here.
    Wait,
    /// It rejected.
    Rejected,
    /// It returned.
    Returned,
    /// Something before it is to be asked again.
    Again,
}

/// The branches of a parallel block, counted.
struct Count {
    passed: usize,
    waiting: usize,
    rejected: bool,
    returned: bool,
}

/// How many branches must agree, of those that apply.
pub(super) fn needed(join: Join, applicable: usize) -> usize {
    match join {
        Join::All => applicable,
        Join::Any => applicable.min(1),
        Join::Count(count) => applicable.min(count as usize),
    }
}

fn counted_gates(gates: &[Gate]) -> Count {
    let number = |wanted: Gate| gates.iter().filter(|gate| **gate == wanted).count();
    Count {
        passed: number(Gate::Pass),
        waiting: number(Gate::Wait),
        rejected: number(Gate::Rejected) > 0,
        returned: number(Gate::Returned) > 0,
    }
}

impl Run<'_> {
    /// Opens whatever is next, closes whatever is over, ends the run after the last step.
    pub(super) fn advance(&mut self) -> Result<(), Refusal> {
        self.advance_steps()?;
        self.settle_incident();
        Ok(())
    }

    fn advance_steps(&mut self) -> Result<(), Refusal> {
        if self.follow_extra_round() {
            return Ok(());
        }
        let definition = self.definition;
        let mut nodes = definition.nodes().iter();
        while let Some(node) = nodes.next() {
            let gate = match self.wait_before(node)? {
                Gate::Pass => self.walk(node)?,
                stop => stop,
            };
            match gate {
                Gate::Pass | Gate::Aside => {}
                // Each time somebody is given back who was let go, so it ends.
                Gate::Again => nodes = definition.nodes().iter(),
                Gate::Wait => return Ok(()),
                Gate::Rejected => {
                    self.close_tasks(CloseReason::Rejected, |_| true);
                    self.cancel_active();
                    self.finish(Outcome::Rejected);
                    return Ok(());
                }
                // Elsewhere a return too many was refused, or has ended the run.
                Gate::Returned if self.is_exhausted() => return self.ask_for_round(),
                Gate::Returned => {
                    self.open_rework();
                    return Ok(());
                }
            }
        }
        self.leave_automatic(|_| true);
        self.finish(Outcome::Completed);
        Ok(())
    }

    /// Opens what is pending in a node whose turn has come, and says what the node lets the run do.
    fn walk(&mut self, node: &Node) -> Result<Gate, Refusal> {
        match node {
            Node::Stage(stage) => return self.walk_stage(stage),
            Node::Automatic(automatic) => {
                let waits = self.waits_at(automatic)?;
                return Ok(if waits { Gate::Wait } else { Gate::Aside });
            }
            Node::Parallel(_) | Node::Sequence(_) => {}
        }
        if self.is_untouched(node) && !self.condition(node.when(), node.id())? {
            for stage in node.stages() {
                self.skip(&stage.path, SkipReason::OuterCondition);
            }
            self.skip_automatic(node, SkipReason::OuterCondition);
        }
        match node {
            Node::Stage(_) | Node::Automatic(_) => Ok(Gate::Aside),
            Node::Sequence(block) => self.walk_steps(&block.steps),
            Node::Parallel(block) => self.walk_branches(block),
        }
    }

    /// Whether nothing in the node was reached in this round.
    pub(super) fn is_untouched(&self, node: &Node) -> bool {
        let pending = |stage: &&Stage| self.stage_phase(&stage.path) == StagePhase::Pending;
        let waits = |one: &&Automatic| self.automatic_phase(&one.path) == StagePhase::Pending;
        node.stages().iter().all(pending) && node.automatics().iter().all(waits)
    }

    fn walk_stage(&mut self, stage: &Stage) -> Result<Gate, Refusal> {
        if self.stage_phase(&stage.path) == StagePhase::Pending {
            let applies = self.condition(stage.when.as_ref(), &stage.path)?;
            let roll = applies.then(|| resolve(self, stage));
            let asked = match &roll {
                Some(Ok(roll)) => roll.electorate.as_slice(),
                Some(Err(_)) | None => &[],
            };
            if stage.absorbs && self.restore(stage, asked) {
                return Ok(Gate::Again);
            }
            match roll {
                None => self.skip(&stage.path, SkipReason::Condition),
                Some(Err(Refusal::StageHasNoAssignee { .. })) if stage.skips_if_empty => {
                    self.skip(&stage.path, SkipReason::NobodyFound);
                }
                Some(roll) => {
                    let mut roll = roll?;
                    if self.absorb(stage, &mut roll) {
                        self.skip(&stage.path, SkipReason::Absorbed);
                    } else {
                        self.open_stage(stage, roll)?;
                    }
                }
            }
        }
        Ok(match self.stage_phase(&stage.path) {
            StagePhase::Rejected => Gate::Rejected,
            StagePhase::Returned => Gate::Returned,
            StagePhase::Pending | StagePhase::Active if stage.blocking => Gate::Wait,
            StagePhase::Satisfied if stage.blocking => Gate::Pass,
            _ => Gate::Aside,
        })
    }

    fn walk_steps(&mut self, steps: &[Node]) -> Result<Gate, Refusal> {
        let mut gate = Gate::Aside;
        for step in steps {
            match self.walk(step)? {
                Gate::Aside => {}
                Gate::Pass => gate = Gate::Pass,
                stop => return Ok(stop),
            }
        }
        Ok(gate)
    }

    fn walk_branches(&mut self, block: &Parallel) -> Result<Gate, Refusal> {
        let mut gates = Vec::with_capacity(block.branches.len());
        for (index, branch) in block.branches.iter().enumerate() {
            let unseen = block.branches.len() - index;
            let count = counted_gates(&gates);
            // Nobody is asked in a branch that is no longer needed.
            let is_over = needed(block.join, count.passed + count.waiting + unseen) <= count.passed
                && block.join != Join::All
                && count.passed > 0;
            let gate = if is_over && self.is_untouched(branch) {
                Gate::Wait
            } else {
                self.walk(branch)?
            };
            gates.push(gate);
        }
        let count = counted_gates(&gates);
        let refused = count.rejected || count.returned;
        let applicable = gates.iter().filter(|gate| **gate != Gate::Aside).count();
        let needed = needed(block.join, applicable);
        if count.passed >= needed {
            if count.waiting > 0 || refused {
                self.leave(&block.branches);
            }
            return Ok(if applicable == 0 {
                Gate::Aside
            } else {
                Gate::Pass
            });
        }
        let patient = block.on_branch_reject == OnBranchReject::FinishOthers;
        let reachable = count.passed + count.waiting >= needed;
        if reachable || (patient && count.waiting > 0) {
            return Ok(Gate::Wait);
        }
        Ok(if count.rejected {
            Gate::Rejected
        } else {
            Gate::Returned
        })
    }

    /// Closes what is still open or pending in branches that are no longer needed.
    fn leave(&mut self, branches: &[Node]) {
        let automatics: Vec<&Automatic> = branches.iter().flat_map(Node::automatics).collect();
        self.leave_automatic(|path| automatics.iter().any(|one| one.path == path));
        for stage in branches.iter().flat_map(Node::stages) {
            let phase = self.stage_phase(&stage.path);
            // What acknowledges without blocking goes on by itself.
            let goes_on = !stage.blocking && phase == StagePhase::Active;
            if goes_on || !matches!(phase, StagePhase::Active | StagePhase::Pending) {
                continue;
            }
            self.close_tasks(CloseReason::QuorumReached, |task| task.stage == stage.path);
            self.stage_state(&stage.path).phase = StagePhase::Cancelled;
        }
    }

    pub(super) fn open_rework(&mut self) {
        let (round, returned) = (self.state.round, StagePhase::Returned);
        let refused = |task: &Task| match &task.state {
            TaskState::Decided { decision, .. } => decision.is_refusal(),
            TaskState::Open | TaskState::Closed { .. } => false,
        };
        let tasks = self
            .state
            .tasks
            .iter()
            .filter(|(_, task)| task.round == round);
        let returned_by: Vec<TaskNumber> = tasks
            .filter(|(_, task)| refused(task) && self.stage_phase(&task.stage) == returned)
            .map(|(number, _)| *number)
            .collect();
        let to = self.reworkers(&returned_by);
        self.state.reworkers.clone_from(&to);
        self.close_tasks(CloseReason::Returned, |_| true);
        self.cancel_active();
        self.state.phase = Phase::Rework;
        self.effects.push(Effect::OpenRework {
            round,
            returned_by,
            to,
        });
    }

    /// Marks what was still open when the run left it.
    pub(super) fn cancel_active(&mut self) {
        for stage in self.state.stages.values_mut() {
            if stage.phase == StagePhase::Active {
                stage.phase = StagePhase::Cancelled;
            }
        }
        self.leave_automatic(|_| true);
        self.leave_waits(|_| true);
    }
}
