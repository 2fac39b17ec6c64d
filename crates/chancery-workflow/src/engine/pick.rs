//! One of several: the least loaded, or whoever takes the task out of a pool.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::PersonId;

use super::Run;
use super::assignees::{Candidate, Roll, find, people};
use super::duties::{Duties, conflict};
use crate::definition::{Pick, Resolver, Stage};
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
        if entry.seats.is_empty() {
            return BTreeSet::new();
        }
        let index = entry.electorate.iter().position(|sits| *sits == slot);
        let seat = index.and_then(|index| entry.seats.get(index));
        seat.map(|seat| seat.pool.clone()).unwrap_or_default()
    }

    /// Whether somebody is in a pool of the stage other than that of the seat `own`.
    pub(super) fn is_in_pool(&self, stage: &Stage, who: Assignee, own: Option<Assignee>) -> bool {
        let (Assignee::Person(person), Some(entry)) = (who, self.state.stages.get(&stage.path))
        else {
            return false;
        };
        let mut seats = entry.electorate.iter().zip(&entry.seats);
        seats.any(|(slot, seat)| Some(*slot) != own && seat.pool.contains(&person))
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

/// Who is in which pool of a stage, by the place of its resolver among the stage's assignees.
pub(super) type Shares = BTreeMap<u32, BTreeSet<PersonId>>;

/// Whether a resolver makes a pool.
pub(super) const fn is_pool(resolver: &Resolver) -> bool {
    matches!(
        resolver,
        Resolver::One {
            pick: Pick::Pool,
            ..
        }
    )
}

/// Shares people out among the pools of a stage: nobody has two votes there, so nobody is in two.
/// Whoever could be in several is in the first; but one of them leaves it, if others are in it, for
/// a pool that would have nobody. `roll` has the seats of those who have their own.
pub(super) fn share_pools(run: &Run<'_>, stage: &Stage, roll: &Roll) -> Result<Shares, Refusal> {
    let mut shares = Shares::new();
    for (group, resolver) in (0_u32..).zip(&stage.assignees) {
        let when = stage.assignee_conditions.get(group as usize);
        let (true, Resolver::One { of, .. }) = (is_pool(resolver), resolver) else {
            continue;
        };
        if !run.condition(when.and_then(Option::as_ref), &stage.path)? {
            continue;
        }
        let mut free = people(run, run.subject()?, of);
        free.retain(|person| !roll.sits(Assignee::Person(*person)));
        let duties = Duties::of(run, stage);
        free.retain(|person| {
            run.directory.active(*person).is_some() && matches!(duties.forbid(*person), Ok(None))
        });
        let is_taken = |person: &PersonId| shares.values().any(|share| share.contains(person));
        let mut own: BTreeSet<PersonId> = free.iter().copied().filter(|p| !is_taken(p)).collect();
        if own.is_empty() {
            let leaves = |person: &PersonId| {
                let mut all = shares.values();
                all.any(|share| share.len() > 1 && share.contains(person))
            };
            own.extend(free.into_iter().find(leaves));
            for share in shares.values_mut() {
                share.retain(|person| !own.contains(person));
            }
        }
        shares.insert(group, own);
    }
    Ok(shares)
}

impl Roll {
    /// Takes whoever got a seat of their own later, in place of somebody or because they were
    /// added, out of the pools: nobody has two votes. The slot of a pool is of somebody who sits;
    /// others of it remain.
    pub(super) fn empty_pools_of_seated(&mut self) {
        let slots: BTreeSet<Assignee> = self.electorate.iter().copied().collect();
        for (slot, seat) in self.electorate.iter().zip(&mut self.seats) {
            seat.pool.retain(|person| {
                let one = Assignee::Person(*person);
                one == *slot || !slots.contains(&one)
            });
        }
    }

    /// Whether somebody is in a pool of the stage, but not in this one.
    fn is_in_other_pool(&self, group: u32, person: PersonId) -> bool {
        let is_here = |place: &u32| *place == group;
        let mut pools = self
            .shares
            .iter()
            .filter(|(_, share)| share.contains(&person));
        pools.any(|(place, _)| !is_here(place))
    }
}

/// Adds one of those whom a resolver finds. Where none of them may decide, whoever replaces them.
pub(super) fn find_one(
    run: &Run<'_>,
    stage: &Stage,
    pick: Pick,
    of: &Resolver,
    group: u32,
    roll: &mut Roll,
) -> Result<bool, Refusal> {
    let mut free = Vec::new();
    let mut sits = false;
    let duties = Duties::of(run, stage);
    for person in people(run, run.subject()?, of) {
        let may = run.directory.active(person).is_some() && duties.forbid(person)?.is_none();
        let is_elsewhere = pick == Pick::Pool && roll.is_in_other_pool(group, person);
        let is_seated = is_elsewhere || roll.sits(Assignee::Person(person));
        sits |= may && is_seated;
        if may && !is_seated {
            free.push(person);
        }
    }
    let Some(person) = run.choose(stage, pick, &free) else {
        return if sits {
            Ok(true)
        } else {
            find(run, stage, of, group, roll)
        };
    };
    let candidate = Candidate {
        slot: Assignee::Person(person),
        group,
        instead_of: None,
        mandate: run.mandate(of, person).ok().flatten(),
    };
    roll.add(stage, &candidate);
    if let (Pick::Pool, Some(seat)) = (pick, roll.seats.last_mut()) {
        seat.pool = free.into_iter().collect();
    }
    Ok(true)
}
