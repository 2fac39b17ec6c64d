//! Opening a stage: who is asked, in which order, and whether what they have said is enough.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::id::PersonId;

use super::assignees::Roll;
use super::duties::Duties;
use super::tally::{Ballot, Tally};
use super::{Run, TASKS_MAX};
use crate::definition::{Mode, Quorum, Stage};
use crate::event::{CloseReason, Decision, Effect};
use crate::refusal::Refusal;
use crate::state::{Assignee, PLAIN, Place, Seat, StagePhase, State, Task, TaskNumber, TaskState};

/// What slots have said.
pub(super) type Votes = BTreeMap<Assignee, Decision>;

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
        let sitting: BTreeSet<Assignee> = self.electorate(stage).iter().copied().collect();
        let lost: Vec<TaskNumber> = self
            .state
            .tasks
            .iter()
            .filter(|(_, task)| task.stage == stage.path)
            .filter(|(number, task)| {
                let counts = counted.contains_key(&task.elector) && sitting.contains(&task.elector);
                !counts && self.state.is_on_present_version(**number)
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
        let votes = self.votes(stage)?;
        self.ask_whose_turn_it_is(stage, &votes)
    }

    /// The same for a stage that is active, with its votes.
    pub(super) fn ask_whose_turn_it_is(
        &mut self,
        stage: &Stage,
        votes: &Votes,
    ) -> Result<(), Refusal> {
        let turns = self.turns(stage, votes);
        if turns.is_empty() {
            return Ok(());
        }
        let open = self.state.open_tasks();
        let asked = open.filter(|(_, task)| task.stage == stage.path);
        let asked: BTreeSet<Assignee> = asked.map(|(_, task)| task.elector).collect();
        for slot in turns {
            if !asked.contains(&slot) {
                self.ask(stage, slot)?;
            }
        }
        Ok(())
    }

    /// Whose turn it is: those who were put before the others alone, then everybody or the next of
    /// a sequence, then those who decide last.
    pub(super) fn turns(&self, stage: &Stage, votes: &Votes) -> Vec<Assignee> {
        let tally = self.tally_of(stage, votes);
        let seats = self.seats(stage);
        let place = |index: usize| {
            let seat = seats.get(index)?;
            seat.added.map(|added| added.place)
        };
        let undecided = || {
            let all = self.electorate(stage).iter().enumerate();
            all.filter(|(_, slot)| !votes.contains_key(slot))
        };
        let placed = |wanted: Place| {
            let chosen = undecided().filter(move |(index, _)| place(*index) == Some(wanted));
            chosen.map(|(_, slot)| *slot)
        };
        if tally.waits_for_first() {
            return placed(Place::Before).collect();
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
        turns
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
    pub(super) fn votes(&self, stage: &Stage) -> Result<Votes, Refusal> {
        let mut votes = BTreeMap::new();
        let duties = Duties::of(self, stage);
        let seats = self.seats(stage);
        let has_pools = seats.iter().any(|seat| !seat.pool.is_empty());
        let sitting = OnceCell::new();
        let sits = |who: &Assignee| {
            let all = || self.electorate(stage).iter().collect::<BTreeSet<_>>();
            sitting.get_or_init(all).contains(who)
        };
        for (number, task) in &self.state.tasks {
            let TaskState::Decided {
                decision,
                by,
                set_aside: false,
                ..
            } = &task.state
            else {
                continue;
            };
            if task.stage != stage.path || !self.state.is_on_present_version(*number) {
                continue;
            }
            let mut excluded = false;
            for person in decided_by(*by, task) {
                excluded |= duties.forbid(person)?.is_some();
            }
            // Who has a slot of their own now, or is in another pool, has not voted here too.
            let has_own = *by != task.elector && sits(by)
                || has_pools && self.is_in_pool(stage, *by, Some(task.elector));
            if !excluded && !has_own {
                votes.insert(task.elector, *decision);
            }
        }
        Ok(votes)
    }

    pub(super) fn sits(&self, stage: &Stage, who: Assignee) -> bool {
        self.electorate(stage).contains(&who)
    }

    /// Whose approvals are counted in a stage; nobody's before it was opened.
    pub(super) fn electorate(&self, stage: &Stage) -> &[Assignee] {
        let entry = self.state.stages.get(&stage.path);
        entry.map_or(&[], |entry| &entry.electorate)
    }

    /// What is particular to each of them; empty where nothing is.
    pub(super) fn seats(&self, stage: &Stage) -> &[Seat] {
        let entry = self.state.stages.get(&stage.path);
        entry.map_or(&[], |entry| &entry.seats)
    }

    /// The votes of an opened stage.
    pub(super) fn tally(&self, stage: &Stage) -> Result<Tally<'_>, Refusal> {
        Ok(self.tally_of(stage, &self.votes(stage)?))
    }

    /// The votes of an opened stage, where they were gathered already.
    pub(super) fn tally_of(&self, stage: &Stage, votes: &Votes) -> Tally<'_> {
        self.state.tally(stage, |slot| votes.get(&slot).copied())
    }

    /// Closes an active stage whose quorum is met.
    pub(super) fn close_if_satisfied(&mut self, stage: &Stage) -> Result<(), Refusal> {
        if self.stage_phase(&stage.path) != StagePhase::Active {
            return Ok(());
        }
        let votes = self.votes(stage)?;
        self.close_if_agreed(stage, &votes);
        Ok(())
    }

    /// Closes a stage if these votes meet its quorum.
    pub(super) fn close_if_agreed(&mut self, stage: &Stage, votes: &Votes) {
        if !self.tally_of(stage, votes).is_satisfied() {
            return;
        }
        self.close_tasks(CloseReason::QuorumReached, |task| task.stage == stage.path);
        self.stage_state(&stage.path).phase = StagePhase::Satisfied;
        self.effects.push(Effect::CloseStage {
            path: stage.path.clone(),
        });
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
    ) -> Tally<'_> {
        let entry = self.stages.get(&stage.path);
        let electorate = entry.map_or(&[][..], |entry| &entry.electorate);
        let seats = entry.map_or(&[][..], |entry| &entry.seats);
        let ballots = electorate.iter().enumerate().map(|(index, slot)| Ballot {
            seat: seats.get(index).unwrap_or(&PLAIN),
            decision: said(*slot),
        });
        let holds = |task: &Task| task.held_at.is_some() && task.stage == stage.path;
        Tally {
            quorum: entry.and_then(|entry| entry.quorum).unwrap_or(stage.quorum),
            ballots: ballots.collect(),
            is_held: self.open_tasks().any(|(_, task)| holds(task)),
        }
    }
}
