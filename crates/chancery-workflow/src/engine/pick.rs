//! One of several: the least loaded, or whoever takes the task out of a pool.

use std::collections::BTreeSet;

use chancery_types::id::PersonId;

use super::Run;
use super::assignees::conflict;
use crate::definition::{Pick, Stage};
use crate::event::{Actor, CloseReason};
use crate::refusal::Refusal;
use crate::state::{Assignee, TaskNumber, TaskState};

impl Run<'_> {
    /// Whose seat it is, of those who may decide. Whoever has a vote that stands, or is asked,
    /// keeps the seat, so that nobody is asked anew for what is said; of a pool the seat is in the
    /// name of the first.
    pub(super) fn choose(&self, stage: &Stage, pick: Pick, free: &[PersonId]) -> Option<PersonId> {
        let stands = |person: &&PersonId| self.is_seated(stage, Assignee::Person(**person));
        if let Some(person) = free.iter().find(stands) {
            return Some(*person);
        }
        let loads = &self.directory.loads;
        match pick {
            Pick::Pool => free.first().copied(),
            Pick::RoundRobin => free.iter().copied().min_by_key(|person| {
                let turns = self.directory.turns.get(&stage.path);
                // Whoever was never asked comes first.
                let last = turns.and_then(|turns| turns.get(person)).copied();
                (self.directory.is_away(*person, self.at), last, *person)
            }),
            Pick::LeastLoaded => free.iter().copied().min_by_key(|person| {
                let load = loads.get(person).copied().unwrap_or(0);
                (self.directory.is_away(*person, self.at), load, *person)
            }),
        }
    }

    /// Whether a vote in this seat of the stage stands, or somebody is asked in it.
    fn is_seated(&self, stage: &Stage, elector: Assignee) -> bool {
        self.state.tasks.iter().any(|(number, task)| {
            let said = task.is_open()
                || matches!(
                    &task.state,
                    TaskState::Decided {
                        set_aside: false,
                        ..
                    }
                );
            said && task.stage == stage.path
                && task.elector == elector
                && self.state.is_on_present_version(*number)
        })
    }

    /// Who may take the task of a seat; empty if it is nobody's but its own person's.
    pub(super) fn pool(&self, stage: &Stage, slot: Assignee) -> BTreeSet<PersonId> {
        let Some(entry) = self.state.stages.get(&stage.path) else {
            return BTreeSet::new();
        };
        let index = entry.electorate.iter().position(|sits| *sits == slot);
        let seat = index.and_then(|index| entry.seats.get(index));
        seat.map(|seat| seat.pool.clone()).unwrap_or_default()
    }

    /// The task with its stage and the pool it is of, if the actor holds it.
    fn held_of_pool(
        &self,
        actor: Actor,
        number: TaskNumber,
    ) -> Result<(Assignee, Assignee, BTreeSet<PersonId>), Refusal> {
        let task = self.open_task(number)?;
        let stage = self.stage(&task.stage)?;
        if actor.assignee() != Some(task.assignee) {
            return Err(Refusal::NotAssignee { task: number });
        }
        self.active_person(actor)?;
        let pool = self.pool(stage, task.elector);
        if pool.is_empty() {
            return Err(Refusal::NotOfPool { task: number });
        }
        Ok((task.elector, task.assignee, pool))
    }

    /// Takes a task out of its pool. Taking it twice is no error.
    pub(super) fn claim(&mut self, actor: Actor, number: TaskNumber) -> Result<(), Refusal> {
        let (elector, holder, _) = self.held_of_pool(actor, number)?;
        let stage = self.task(number)?.stage.clone();
        self.close_tasks(CloseReason::SeatTaken, |task| {
            task.stage == stage && task.elector == elector && task.assignee != holder
        });
        Ok(())
    }

    /// Gives a task back to its pool: everybody in it who may still decide sees it.
    pub(super) fn unclaim(&mut self, actor: Actor, number: TaskNumber) -> Result<(), Refusal> {
        let (elector, _, pool) = self.held_of_pool(actor, number)?;
        let stage = self.stage(&self.task(number)?.stage)?;
        for person in pool {
            let who = Assignee::Person(person);
            let may = self.directory.active(person).is_some()
                && matches!(conflict(self, stage, person), Ok(None))
                && self.state.open_task_of(&stage.path, who).is_none();
            if may {
                self.ask_in_seat(stage, elector, who)?;
            }
        }
        Ok(())
    }
}
