//! Deciding for somebody else: in the place of whoever is away, and in a task that was handed on.
//!
//! Both leave two names: who decided, and in whose name. Whoever may not decide in a stage does not
//! decide through somebody else either, so every rule is asked of both, and of whoever stands
//! between them.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::id::PersonId;

use super::Run;
use super::duties::conflict;
use crate::absence::Matter;
use crate::definition::{Definition, Stage};
use crate::directory::Directory;
use crate::event::{Actor, Effect};
use crate::refusal::Refusal;
use crate::state::{Assignee, State, Task, TaskNumber};

/// How often one task may be handed on.
const DELEGATIONS_MAX: usize = 3;

/// Who decides in a task, and in whose place.
pub(super) struct Voter {
    pub(super) by: Assignee,
    /// The holder and whoever stands between; empty if the holder decides.
    pub(super) stands_for: Vec<PersonId>,
}

/// Who may decide in the place of a task's holder at an instant, each with those they stand in for.
/// Empty if the task is not open or its holder is not away.
#[must_use]
pub fn stand_ins(
    definition: &Definition,
    state: &State,
    directory: &Directory,
    task: TaskNumber,
    at: Instant,
) -> BTreeMap<PersonId, Vec<PersonId>> {
    let run = Run {
        definition,
        directory,
        at,
        is_foreseen: false,
        state: state.clone(),
        effects: Vec::new(),
    };
    run.may_stand_in(task, &BTreeSet::new()).unwrap_or_default()
}

impl Run<'_> {
    /// The actor as a voter in an open task: its holder, or somebody in their place.
    pub(super) fn voter(&self, actor: Actor, number: TaskNumber) -> Result<Voter, Refusal> {
        let task = self.open_task(number)?;
        let refused = || Refusal::NotAssignee { task: number };
        let by = actor.assignee().ok_or_else(refused)?;
        let stands_for = match (by, task.assignee) {
            _ if by == task.assignee => Vec::new(),
            (Assignee::Person(person), Assignee::Person(holder)) => {
                let stage = self.stage(&task.stage)?;
                let mut all = self.substitutes(stage, task, holder);
                let stands_for = all.remove(&person).ok_or_else(refused)?;
                // One person has one vote in a stage, whoever they stand in for.
                if self.takes_part(stage, by, Some(task.elector)) {
                    let stage = stage.path.clone();
                    return Err(Refusal::AlreadyTakesPart { stage });
                }
                stands_for
            }
            _ => return Err(refused()),
        };
        Ok(Voter { by, stands_for })
    }

    /// Who stands in for the holder of a task. Nobody who is excluded in its stage passes it on,
    /// nor anybody who handed this task on already: that would be a circle. Nobody stands in for
    /// whoever works here no more.
    fn substitutes(
        &self,
        stage: &Stage,
        task: &Task,
        holder: PersonId,
    ) -> BTreeMap<PersonId, Vec<PersonId>> {
        if self.directory.active(holder).is_none() {
            return BTreeMap::new();
        }
        let matter = Matter {
            kind: self.definition.kind(),
            stage_kind: stage.kind,
            at: self.at,
        };
        self.directory.substitutes(holder, &matter, |between| {
            self.may_decide(stage, between) && !task.on_behalf_of.contains(&between)
        })
    }

    fn may_decide(&self, stage: &Stage, person: PersonId) -> bool {
        matches!(conflict(self, stage, person), Ok(None))
    }

    /// Who may decide in the place of a task's holder, beside those who are left out.
    fn may_stand_in(
        &self,
        number: TaskNumber,
        left_out: &BTreeSet<PersonId>,
    ) -> Result<BTreeMap<PersonId, Vec<PersonId>>, Refusal> {
        let task = self.open_task(number)?;
        let Assignee::Person(holder) = task.assignee else {
            return Ok(BTreeMap::new());
        };
        let stage = self.stage(&task.stage)?;
        let mut all = self.substitutes(stage, task, holder);
        all.retain(|person, _| {
            let who = Assignee::Person(*person);
            !left_out.contains(person)
                && self.may_decide(stage, *person)
                && !self.takes_part(stage, who, Some(task.elector))
        });
        Ok(all)
    }

    /// After every event: whoever may decide in the place of a task's holder is told of it, once.
    pub(super) fn tell_substitutes(&mut self) -> Result<(), Refusal> {
        // While the run is stopped nobody decides; they are told when it goes on.
        if self.directory.absences.is_empty() || self.state.suspension.is_some() {
            return Ok(());
        }
        let open: Vec<TaskNumber> = self.state.open_tasks().map(|(number, _)| number).collect();
        for number in open {
            let told = self.task(number)?.told.clone();
            for (substitute, stands_for) in self.may_stand_in(number, &told)? {
                let task = self.state.tasks.get_mut(&number);
                if task.is_some_and(|task| task.told.insert(substitute)) {
                    self.effects.push(Effect::TellSubstitute {
                        task: number,
                        substitute,
                        stands_for,
                    });
                }
            }
        }
        Ok(())
    }

    /// The holder hands their task on: to somebody who may decide in its stage and takes no part in
    /// it, at most [`DELEGATIONS_MAX`] times, and never back to whoever handed it on before.
    pub(super) fn delegate(
        &mut self,
        actor: Actor,
        number: TaskNumber,
        to: PersonId,
    ) -> Result<(), Refusal> {
        let task = self.open_task(number)?;
        let from = self.active_person(actor)?;
        if task.assignee != Assignee::Person(from) {
            return Err(Refusal::NotAssignee { task: number });
        }
        let stage = self.stage(&task.stage)?;
        if !stage.allows.delegation {
            return Err(Refusal::MayNotDelegate { task: number });
        }
        if task.on_behalf_of.len() >= DELEGATIONS_MAX {
            let max = DELEGATIONS_MAX;
            return Err(Refusal::DelegatedTooOften { task: number, max });
        }
        if self.directory.active(to).is_none() {
            return Err(Refusal::PersonNotActive);
        }
        if let Some(rule) = conflict(self, stage, to)? {
            let stage = stage.path.clone();
            return Err(Refusal::SeparationOfDuties { stage, rule });
        }
        self.mandate_in_seat(stage, task.elector, to)?;
        let (who, seat) = (Assignee::Person(to), Some(task.elector));
        if task.on_behalf_of.contains(&to) || self.takes_part(stage, who, seat) {
            let stage = stage.path.clone();
            return Err(Refusal::AlreadyTakesPart { stage });
        }
        if let Some(task) = self.state.tasks.get_mut(&number) {
            task.on_behalf_of.push(from);
        }
        self.give(number, from, to);
        Ok(())
    }

    /// A task that was handed on goes back: not to somebody who has voted in its stage meanwhile,
    /// in another's place. They would have two votes.
    pub(super) fn end_delegation(
        &mut self,
        actor: Actor,
        number: TaskNumber,
    ) -> Result<(), Refusal> {
        let task = self.open_task(number)?;
        let by = self.active_person(actor)?;
        let not_delegated = || Refusal::NotDelegated { task: number };
        let Assignee::Person(holder) = task.assignee else {
            return Err(not_delegated());
        };
        let hands = &task.on_behalf_of;
        let index = if by == holder {
            hands.len().checked_sub(1)
        } else {
            hands.iter().position(|hand| *hand == by)
        };
        let index = index.ok_or_else(not_delegated)?;
        let to = hands.get(index).copied().ok_or_else(not_delegated)?;
        if self.directory.active(to).is_none() {
            return Err(Refusal::PersonNotActive);
        }
        let stage = self.stage(&task.stage)?;
        if self.has_voted(stage, Assignee::Person(to)) {
            let stage = stage.path.clone();
            return Err(Refusal::AlreadyTakesPart { stage });
        }
        if let Some(task) = self.state.tasks.get_mut(&number) {
            task.on_behalf_of.truncate(index);
        }
        self.give(number, holder, to);
        Ok(())
    }

    fn give(&mut self, number: TaskNumber, from: PersonId, to: PersonId) {
        let (from, to) = (Assignee::Person(from), Assignee::Person(to));
        if let Some(task) = self.state.tasks.get_mut(&number) {
            task.assignee = to;
        }
        self.effects.push(Effect::MoveTask {
            task: number,
            from,
            to,
        });
    }
}
