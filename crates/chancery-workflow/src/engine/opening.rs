//! Opening a stage: who is asked, in which order, and whether what they have said is enough.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::id::PersonId;

use super::assignees::{Roll, conflict};
use super::tally::{Ballot, Tally};
use super::{Run, TASKS_MAX};
use crate::definition::{Mode, Quorum, Stage};
use crate::event::{CloseReason, Decision, Effect};
use crate::refusal::Refusal;
use crate::state::{Assignee, Place, Seat, StagePhase, State, Task, TaskNumber, TaskState};

impl Run<'_> {
    /// Freezes the electorate and asks everybody who has not voted for this version, unless the
    /// quorum is met already.
    pub(super) fn open_stage(&mut self, stage: &Stage, roll: Roll) -> Result<(), Refusal> {
        let at = self.at;
        let due_at = self.due_at(stage)?;
        let entry = self.stage_state(&stage.path);
        entry.activation = entry.activation.saturating_add(1);
        entry.phase = StagePhase::Active;
        entry.opened_at = Some(at);
        entry.due_at = due_at;
        self.seat(stage, roll);
        self.set_aside_lost_votes(stage)?;
        // Nobody is asked where the votes that stand are enough.
        self.close_if_satisfied(stage)?;
        self.open_slots(stage)
    }

    /// Freezes who is asked in a stage, and how they are counted.
    pub(super) fn seat(&mut self, stage: &Stage, roll: Roll) {
        let is_plain = |seat: &Seat| {
            let own = seat.weight == 1 && seat.hats == 1 && !seat.veto;
            own && seat.added.is_none() && seat.pool.is_empty() && seat.mandate.is_none()
        };
        let is_grouped = matches!(roll.quorum, Quorum::EachGroup(_));
        let entry = self.stage_state(&stage.path);
        entry.seats = if roll.seats.iter().all(is_plain) && !is_grouped {
            Vec::new()
        } else {
            roll.seats
        };
        entry.quorum = (!stage.quorum_cases.is_empty()).then_some(roll.quorum);
        entry.electorate = roll.electorate;
    }

    /// Votes from earlier openings that count no more: of a slot that is gone, or by somebody who
    /// may not decide now or has a slot of their own.
    pub(super) fn set_aside_lost_votes(&mut self, stage: &Stage) -> Result<(), Refusal> {
        let counted = self.votes(stage)?;
        let lost: Vec<TaskNumber> = self
            .state
            .tasks
            .iter()
            .filter(|(number, task)| {
                let counts = counted.contains_key(&task.elector) && self.sits(stage, task.elector);
                task.stage == stage.path && !counts && self.state.is_on_present_version(**number)
            })
            .map(|(number, _)| *number)
            .collect();
        for number in lost {
            if let Some(task) = self.state.tasks.get_mut(&number)
                && let TaskState::Decided { set_aside, .. } = &mut task.state
            {
                *set_aside = true;
            }
        }
        Ok(())
    }

    /// Opens a task for everybody in an active stage whose turn it is.
    pub(super) fn open_slots(&mut self, stage: &Stage) -> Result<(), Refusal> {
        if self.stage_phase(&stage.path) != StagePhase::Active {
            return Ok(());
        }
        for slot in self.turns(stage)? {
            let asks = |task: &Task| task.stage == stage.path && task.elector == slot;
            if !self.state.open_tasks().any(|(_, task)| asks(task)) {
                self.ask(stage, slot)?;
            }
        }
        Ok(())
    }

    /// Whose turn it is: those who were put before the others alone, then everybody or the next of
    /// a sequence, then those who decide last.
    pub(super) fn turns(&self, stage: &Stage) -> Result<Vec<Assignee>, Refusal> {
        let votes = self.votes(stage)?;
        let tally = self.tally(stage)?;
        let Some(entry) = self.state.stages.get(&stage.path) else {
            return Ok(Vec::new());
        };
        let place = |index: usize| {
            let seat = entry.seats.get(index)?;
            seat.added.map(|added| added.place)
        };
        let undecided = || {
            let all = entry.electorate.iter().enumerate();
            all.filter(|(_, slot)| !votes.contains_key(slot))
        };
        let placed = |wanted: Place| {
            let chosen = undecided().filter(move |(index, _)| place(*index) == Some(wanted));
            chosen.map(|(_, slot)| *slot)
        };
        if tally.waits_for_first() {
            return Ok(placed(Place::Before).collect());
        }
        let mut turns: Vec<Assignee> = placed(Place::Beside).collect();
        let own = undecided().filter(|(index, _)| place(*index).is_none());
        let own = own.map(|(_, slot)| *slot);
        match stage.mode {
            Mode::Parallel => turns.extend(own),
            Mode::Sequential => turns.extend(own.take(1)),
        }
        if tally.waits_only_for_last() {
            turns.extend(placed(Place::After));
        }
        Ok(turns)
    }

    /// When a task that opens now is due.
    fn due_at(&self, stage: &Stage) -> Result<Option<Instant>, Refusal> {
        let due = self.due_budget(stage, self.at)?;
        let reckoned = due.map(|due| self.reckon(self.at, due)).transpose()?;
        Ok(reckoned.map(|reckoned| reckoned.at))
    }

    /// Asks whoever has a seat: its own person, or everybody of its pool.
    fn ask(&mut self, stage: &Stage, slot: Assignee) -> Result<(), Refusal> {
        let pool = self.pool(stage, slot);
        if pool.is_empty() {
            return self.ask_in_seat(stage, slot, slot);
        }
        for person in pool {
            self.ask_in_seat(stage, slot, Assignee::Person(person))?;
        }
        Ok(())
    }

    /// Asks somebody in a seat: its own, or another's who is late.
    pub(super) fn ask_in_seat(
        &mut self,
        stage: &Stage,
        elector: Assignee,
        assignee: Assignee,
    ) -> Result<(), Refusal> {
        let at = self.at;
        let due_at = self.due_at(stage)?;
        let version = self.subject()?.version.clone();
        let is_own = match assignee {
            Assignee::Person(person) => self.pool(stage, elector).contains(&person),
            Assignee::Contact(_) => false,
        };
        let activation = self.stage_state(&stage.path).activation;
        let last = self.state.last_task();
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
            elector,
            assignee,
            version_digest: version.digest,
            version_number: version.number,
            opened_at: at,
            due_at,
            held_at: None,
            is_hold_spent: false,
            is_escalated: elector != assignee && !is_own,
            on_behalf_of: Vec::new(),
            mandate: None,
            told: BTreeSet::new(),
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
        self.arm_task(number, stage)
    }

    /// What the slots of a stage have said, where it counts: on the present version, not set
    /// aside, by somebody who may still decide.
    pub(super) fn votes(&self, stage: &Stage) -> Result<BTreeMap<Assignee, Decision>, Refusal> {
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
            let mut excluded = false;
            for person in decided_by(*by, task) {
                excluded |= conflict(self, stage, person)?.is_some();
            }
            // Who has a slot of their own now, or is in another pool, has not voted here too.
            let has_own = *by != task.elector && self.sits(stage, *by)
                || self.is_in_pool(stage, *by, Some(task.elector));
            if !excluded && !has_own {
                votes.insert(task.elector, *decision);
            }
        }
        Ok(votes)
    }

    pub(super) fn sits(&self, stage: &Stage, who: Assignee) -> bool {
        let entry = self.state.stages.get(&stage.path);
        entry.is_some_and(|entry| entry.electorate.contains(&who))
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

/// The people behind a decision: whoever gave it, and in whose name.
pub(super) fn decided_by(by: Assignee, task: &Task) -> impl Iterator<Item = PersonId> + '_ {
    let own = match by {
        Assignee::Person(person) => Some(person),
        Assignee::Contact(_) => None,
    };
    own.into_iter().chain(task.on_behalf_of.iter().copied())
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
