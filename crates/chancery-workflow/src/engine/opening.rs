//! Opening a stage: who is asked, in which order, and whether what they have said is enough.

use std::collections::BTreeMap;

use super::assignees::{Roll, conflict};
use super::tally::{Ballot, Tally};
use super::{Run, TASKS_MAX};
use crate::definition::{Mode, Quorum, Stage};
use crate::event::{CloseReason, Decision, Effect};
use crate::refusal::Refusal;
use crate::state::{Assignee, Seat, StagePhase, State, Task, TaskNumber, TaskState};

impl Run<'_> {
    /// Freezes the electorate and asks everybody who has not voted for this version, unless the
    /// quorum is met already.
    pub(super) fn open_stage(&mut self, stage: &Stage, roll: Roll) -> Result<(), Refusal> {
        let at = self.at;
        let entry = self.stage_state(&stage.path);
        entry.activation = entry.activation.saturating_add(1);
        entry.phase = StagePhase::Active;
        entry.opened_at = Some(at);
        entry.due_at = stage.due_seconds.map(|seconds| at.plus_seconds(seconds));
        let is_plain = |seat: &Seat| seat.weight == 1 && seat.hats == 1 && !seat.veto;
        let is_grouped = matches!(roll.quorum, Quorum::EachGroup(_));
        entry.seats = if roll.seats.iter().all(is_plain) && !is_grouped {
            Vec::new()
        } else {
            roll.seats
        };
        entry.quorum = (!stage.quorum_cases.is_empty()).then_some(roll.quorum);
        entry.electorate = roll.electorate;
        // Nobody is asked where the votes that stand are enough.
        self.close_if_satisfied(stage)?;
        self.open_slots(stage)
    }

    /// Opens a task for everybody in an active stage whose turn it is.
    pub(super) fn open_slots(&mut self, stage: &Stage) -> Result<(), Refusal> {
        let Some(entry) = self.state.stages.get(&stage.path) else {
            return Ok(());
        };
        if entry.phase != StagePhase::Active {
            return Ok(());
        }
        let electorate = entry.electorate.clone();
        let votes = self.votes(stage)?;
        let asked = |run: &Self, slot: Assignee| {
            let mut open = run.state.open_tasks();
            open.any(|(_, task)| task.stage == stage.path && task.elector == slot)
        };
        for slot in electorate {
            if votes.contains_key(&slot) {
                continue;
            }
            if !asked(self, slot) {
                self.ask(stage, slot)?;
            }
            if stage.mode == Mode::Sequential {
                return Ok(());
            }
        }
        Ok(())
    }

    fn ask(&mut self, stage: &Stage, assignee: Assignee) -> Result<(), Refusal> {
        let at = self.at;
        let due_at = stage.due_seconds.map(|seconds| at.plus_seconds(seconds));
        let version = self.subject()?.version.clone();
        let activation = self.stage_state(&stage.path).activation;
        let last = self.state.tasks.last_key_value();
        let last = last.map_or(0, |(number, _)| number.0);
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
            held_at: None,
            state: TaskState::Open,
        };
        self.state.tasks.insert(number, task);
        self.stage_state(&stage.path).due_at = due_at;
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
        Ok(())
    }

    /// What the slots of a stage have said, where it counts: on the present version, not set
    /// aside, by somebody who may still decide.
    fn votes(&self, stage: &Stage) -> Result<BTreeMap<Assignee, Decision>, Refusal> {
        let mut votes = BTreeMap::new();
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
            if !excluded {
                votes.insert(task.elector, *decision);
            }
        }
        Ok(votes)
    }

    /// The votes of an opened stage.
    pub(super) fn tally(&self, stage: &Stage) -> Result<Tally, Refusal> {
        let votes = self.votes(stage)?;
        Ok(self.state.tally(stage, |slot| votes.get(&slot).copied()))
    }

    /// Closes an active stage whose quorum is met.
    pub(super) fn close_if_satisfied(&mut self, stage: &Stage) -> Result<(), Refusal> {
        if self.stage_phase(&stage.path) != StagePhase::Active || !self.tally(stage)?.is_satisfied()
        {
            return Ok(());
        }
        self.close_tasks(CloseReason::QuorumReached, |task| task.stage == stage.path);
        self.stage_state(&stage.path).phase = StagePhase::Satisfied;
        self.effects.push(Effect::CloseStage {
            path: stage.path.clone(),
        });
        Ok(())
    }
}

impl State {
    /// The ballots of a stage; `said` gives what a slot has said, if it counts.
    pub(crate) fn tally(
        &self,
        stage: &Stage,
        said: impl Fn(Assignee) -> Option<Decision>,
    ) -> Tally {
        let entry = self.stages.get(&stage.path);
        let electorate = entry.map_or(&[][..], |entry| &entry.electorate);
        let seats = entry.map_or(&[][..], |entry| &entry.seats);
        let ballots = electorate.iter().enumerate().map(|(index, slot)| Ballot {
            seat: seats.get(index).cloned().unwrap_or_else(|| Seat::plain(0)),
            decision: said(*slot),
        });
        let holds = |task: &Task| task.stage == stage.path && task.held_at.is_some();
        Tally {
            quorum: entry.and_then(|entry| entry.quorum).unwrap_or(stage.quorum),
            ballots: ballots.collect(),
            is_held: self.open_tasks().any(|(_, task)| holds(task)),
        }
    }
}
