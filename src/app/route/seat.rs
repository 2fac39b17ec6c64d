//! Whose move a task is besides its holder's: who stands in for them, who handed it on.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::id::PersonId;
use chancery_workflow::{Assignee, State, Task, TaskNumber, TaskState, stand_ins};

use crate::app::transition::LoadedRun;

/// A task that a person may decide.
pub(super) struct Seat<'r> {
    /// Its number.
    pub(super) number: TaskNumber,
    /// The task.
    pub(super) task: &'r Task,
    /// Who holds it, if the person stands in for them.
    pub(super) in_place_of: Option<Assignee>,
}

/// The open task that `person` may decide: their own, or else one of somebody who is away.
pub(super) fn own_seat(run: &LoadedRun, person: PersonId, now: Instant) -> Option<Seat<'_>> {
    let mut open = run.state.open_tasks();
    let own = open.find(|(_, task)| task.assignee == Assignee::Person(person));
    if let Some((number, task)) = own {
        return Some(Seat {
            number,
            task,
            in_place_of: None,
        });
    }
    let standing = stand_ins_of_run(run, now);
    let mut open = run.state.open_tasks();
    let (number, task) = open.find(|(number, _)| {
        let others = standing.get(number);
        others.is_some_and(|others| others.contains(&person))
    })?;
    Some(Seat {
        number,
        task,
        in_place_of: Some(task.assignee),
    })
}

/// Who may decide each open task whose holder is away.
pub(super) fn stand_ins_of_run(
    run: &LoadedRun,
    now: Instant,
) -> BTreeMap<TaskNumber, Vec<PersonId>> {
    if run.directory.absences.is_empty() {
        return BTreeMap::new();
    }
    let of_task = |number| {
        let all = stand_ins(&run.definition, &run.state, &run.directory, number, now);
        (number, all.into_keys().collect())
    };
    run.state
        .open_tasks()
        .map(|(number, _)| of_task(number))
        .collect()
}

/// Everybody whose name is told with a task.
pub(super) fn mentioned(task: &Task) -> impl Iterator<Item = Assignee> + '_ {
    let by = match task.state {
        TaskState::Decided { by, .. } => Some(by),
        TaskState::Open | TaskState::Closed { .. } => None,
    };
    let behind = task.on_behalf_of.iter().copied().map(Assignee::Person);
    [task.elector].into_iter().chain(by).chain(behind)
}

/// What whoever holds a task of a pool may do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolMove {
    /// Take it: others of the pool see it as well.
    Take,
    /// Give it back: they have it alone.
    GiveBack,
}

/// What may be done with an open task, if it is of a pool of several.
pub(crate) fn pool_move(state: &State, task: &Task) -> Option<PoolMove> {
    let entry = state.stages.get(&task.stage)?;
    let index = entry
        .electorate
        .iter()
        .position(|sits| *sits == task.elector)?;
    entry.seats.get(index).filter(|seat| seat.pool.len() > 1)?;
    let others = state.open_tasks().any(|(_, other)| {
        let same_seat = other.stage == task.stage && other.elector == task.elector;
        same_seat && other.assignee != task.assignee
    });
    Some(if others {
        PoolMove::Take
    } else {
        PoolMove::GiveBack
    })
}

/// Open tasks that somebody took out of their pool.
pub(super) fn taken_of_pools(state: &State) -> BTreeSet<TaskNumber> {
    let open = state.open_tasks();
    let taken = open.filter(|(_, task)| pool_move(state, task) == Some(PoolMove::GiveBack));
    taken.map(|(number, _)| number).collect()
}
