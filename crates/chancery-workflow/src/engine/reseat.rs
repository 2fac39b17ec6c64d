//! An open stage of a run that goes on by another definition: who keeps their task, who loses it,
//! who gets one.

use std::collections::{BTreeMap, BTreeSet};

use super::Run;
use super::assignees::resolve;
use crate::definition::{Mode, Stage};
use crate::event::CloseReason;
use crate::refusal::Refusal;
use crate::state::{Assignee, Task};

impl Run<'_> {
    /// Asks in an open stage whom the new definition asks. A task stays whose it is; one that is
    /// nobody's seat any more closes.
    pub(super) fn seat_anew(&mut self, stage: &Stage) -> Result<(), Refusal> {
        let changed = || Refusal::OpenStageChanged {
            stage: stage.path.clone(),
        };
        let claimed = self.claimed(stage);
        let mut roll = resolve(self, stage)?;
        if stage.absorbs && self.restore(stage, &roll.electorate) {
            return Err(changed());
        }
        if self.absorb(stage, &mut roll) {
            return Err(changed());
        }
        self.seat(stage, roll);
        self.hand_seats(stage)?;
        self.set_aside_lost_votes(stage)?;
        let votes = self.votes(stage)?;
        let turns: BTreeSet<Assignee> = self.turns(stage, &votes).into_iter().collect();
        let seats = self.own_seats(stage);
        let in_turn = stage.mode == Mode::Sequential;
        self.close_tasks(CloseReason::RouteChanged, |task| {
            let slot = &task.elector;
            // In a sequence the file's own are asked one by one; who was added has a turn apart.
            let waits = |is_own: bool| in_turn && is_own && !turns.contains(slot);
            let asks = seats.get(slot).is_some_and(|is_own| !waits(*is_own));
            let asks = asks && !votes.contains_key(slot);
            task.stage == stage.path && !asks
        });
        for slot in turns {
            self.fill_pool(stage, slot, claimed.contains(&slot))?;
        }
        Ok(())
    }

    /// The seats of a stage, with whether the file itself asks in them.
    fn own_seats(&self, stage: &Stage) -> BTreeMap<Assignee, bool> {
        let Some(entry) = self.state.stages.get(&stage.path) else {
            return BTreeMap::new();
        };
        let is_added = |index: usize| {
            let seat = entry.seats.get(index);
            seat.is_some_and(|seat| seat.added.is_some())
        };
        let seats = entry.electorate.iter().enumerate();
        seats
            .map(|(index, slot)| (*slot, !is_added(index)))
            .collect()
    }

    /// The seats of a pool whose task somebody has taken.
    fn claimed(&self, stage: &Stage) -> BTreeSet<Assignee> {
        let mut held: BTreeMap<Assignee, usize> = BTreeMap::new();
        for (_, task) in self.state.open_tasks() {
            if task.stage == stage.path {
                *held.entry(task.elector).or_default() += 1;
            }
        }
        let taken = held
            .into_iter()
            .filter(|(slot, count)| *count == 1 && self.pool(stage, *slot).len() > 1);
        taken.map(|(slot, _)| slot).collect()
    }

    /// Whoever holds a task and has a seat of their own now holds it for that one. Who has another
    /// task there, or a vote, loses it: one person has one vote in a stage.
    fn hand_seats(&mut self, stage: &Stage) -> Result<(), Refusal> {
        let votes = self.votes(stage)?;
        let open = self.state.open_tasks();
        let open = open.filter(|(_, task)| task.stage == stage.path);
        let open: Vec<_> = open
            .map(|(number, task)| (number, task.elector, task.assignee))
            .collect();
        let mut seated = BTreeSet::new();
        for (number, elector, holder) in open {
            let Some(seat) = self.seat_of(stage, holder) else {
                continue;
            };
            if votes.contains_key(&seat) || !seated.insert(holder) {
                self.close_tasks(CloseReason::RouteChanged, |task| {
                    let same = task.elector == elector && task.assignee == holder;
                    task.stage == stage.path && same
                });
                continue;
            }
            let task = self.state.tasks.get_mut(&number);
            if let Some(task) = task.filter(|_| seat != elector) {
                task.elector = seat;
                task.is_escalated = false;
                task.on_behalf_of.clear();
            }
        }
        Ok(())
    }

    /// The seat that somebody has in a stage: their own, or that of a pool they are in.
    fn seat_of(&self, stage: &Stage, who: Assignee) -> Option<Assignee> {
        if self.sits(stage, who) {
            return Some(who);
        }
        let Assignee::Person(person) = who else {
            return None;
        };
        let entry = self.state.stages.get(&stage.path)?;
        let seats = entry.electorate.iter().zip(&entry.seats);
        let mut of_pool = seats.filter(|(_, seat)| seat.pool.contains(&person));
        of_pool.next().map(|(slot, _)| *slot)
    }

    /// In a pool that nobody has taken the task of, everybody sees it, and nobody else.
    fn fill_pool(
        &mut self,
        stage: &Stage,
        slot: Assignee,
        is_claimed: bool,
    ) -> Result<(), Refusal> {
        let pool = self.pool(stage, slot);
        let asks = |task: &Task| task.stage == stage.path && task.elector == slot;
        let is_asked = self.state.open_tasks().any(|(_, task)| asks(task));
        if pool.is_empty() || is_claimed || !is_asked {
            return Ok(());
        }
        self.close_tasks(CloseReason::RouteChanged, |task| {
            let left = !matches!(task.assignee, Assignee::Person(one) if pool.contains(&one));
            asks(task) && left
        });
        for person in &pool {
            let who = Assignee::Person(*person);
            if self.state.open_task_of(&stage.path, who).is_none() {
                self.ask_in_seat(stage, slot, who)?;
            }
        }
        Ok(())
    }
}
