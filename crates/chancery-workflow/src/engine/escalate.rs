//! Escalation: who is told of a task that is overdue, and who takes it over.

use chancery_types::id::PersonId;

use super::Run;
use super::assignees::people;
use super::duties::conflict;
use crate::definition::{Action, Stage, Successor};
use crate::event::Effect;
use crate::refusal::Refusal;
use crate::state::{Assignee, StagePhase, Task, TaskNumber};

/// The most people whom one rung asks beside the one who is late.
const ADDED_AT_ONCE_MAX: usize = 10;

impl Run<'_> {
    /// Who is told, in the order of the file, nobody twice.
    pub(super) fn told(&self, task: &Task, whom: &[Successor]) -> Result<Vec<Assignee>, Refusal> {
        let mut told = Vec::new();
        for successor in whom {
            for person in self.candidates(task, successor)? {
                let who = Assignee::Person(person);
                if self.directory.active(person).is_some() && !told.contains(&who) {
                    told.push(who);
                }
                // Of the managers above, the nearest is told.
                if *successor == Successor::ManagerOfAssignee && !told.is_empty() {
                    break;
                }
            }
        }
        Ok(told)
    }

    /// Does what a rung says with a task that is overdue. Never refused: a rung that finds nobody
    /// says so, and the task stays with whoever holds it.
    pub(super) fn escalate(
        &mut self,
        number: TaskNumber,
        rung: u32,
        action: Action,
        to: &[Successor],
    ) -> Result<(), Refusal> {
        let task = self.task(number)?.clone();
        let stage = self.stage(&task.stage)?;
        let mut found = self.successors(&task, stage, to)?;
        found.truncate(match action {
            Action::Add => ADDED_AT_ONCE_MAX,
            Action::Replace => 1,
        });
        let to: Vec<Assignee> = found.into_iter().map(Assignee::Person).collect();
        self.effects.push(Effect::Escalate {
            task: number,
            rung,
            to: to.clone(),
        });
        for assignee in to {
            match action {
                Action::Add => self.ask_in_seat(stage, task.elector, assignee)?,
                Action::Replace => {
                    if let Some(task) = self.state.tasks.get_mut(&number) {
                        task.assignee = assignee;
                        task.on_behalf_of.clear();
                    }
                    self.effects.push(Effect::MoveTask {
                        task: number,
                        from: task.assignee,
                        to: assignee,
                    });
                }
            }
        }
        Ok(())
    }

    /// Who may decide in place of whoever is late: active, excluded by no rule, without a part in
    /// the stage. A rule that cannot be evaluated excludes.
    fn successors(
        &self,
        task: &Task,
        stage: &Stage,
        to: &[Successor],
    ) -> Result<Vec<PersonId>, Refusal> {
        let mut found: Vec<PersonId> = Vec::new();
        // A contact's task is a contact's, and one that waits in no open stage is nobody's.
        let is_contact = matches!(task.assignee, Assignee::Contact(_));
        if is_contact || self.stage_phase(&stage.path) != StagePhase::Active {
            return Ok(found);
        }
        for successor in to {
            for person in self.candidates(task, successor)? {
                let may = self.directory.active(person).is_some()
                    && matches!(conflict(self, stage, person), Ok(None))
                    && !self.takes_part(stage, Assignee::Person(person), Some(task.elector))
                    && self.mandate_in_seat(stage, task.elector, person).is_ok()
                    && !found.contains(&person);
                if may {
                    found.push(person);
                    if *successor == Successor::ManagerOfAssignee {
                        break;
                    }
                }
            }
        }
        Ok(found)
    }

    fn candidates(&self, task: &Task, successor: &Successor) -> Result<Vec<PersonId>, Refusal> {
        let subject = self.subject()?;
        Ok(match (successor, task.assignee) {
            (Successor::ManagerOfAssignee, Assignee::Person(person)) => {
                self.directory.managers_above(person)
            }
            // A contact has no manager here.
            (Successor::ManagerOfAssignee, Assignee::Contact(_)) => Vec::new(),
            (Successor::Initiator, _) => vec![subject.initiator],
            (Successor::Resolver(resolver), _) => {
                people(self, subject, resolver).into_iter().collect()
            }
        })
    }
}
