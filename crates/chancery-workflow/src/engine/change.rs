//! What changes a run from outside a task: reassignment, withdrawal, cancelling, suspension.

use chancery_types::id::PersonId;

use super::Run;
use super::decide::check;
use super::duties::conflict;
use crate::definition::Stage;
use crate::event::{Actor, CloseReason, Effect, Outcome};
use crate::refusal::Refusal;
use crate::state::{Assignee, Suspension, TaskNumber, TaskState};
use crate::vocabulary::ADMINISTRATOR;

impl Run<'_> {
    pub(super) fn reassign(
        &mut self,
        actor: Actor,
        number: TaskNumber,
        to: Assignee,
    ) -> Result<(), Refusal> {
        let task = self.open_task(number)?;
        let from = task.assignee;
        let stage = self.stage(&task.stage)?;
        if !self.may_reassign(actor, stage, from)? {
            return Err(Refusal::MayNotReassign { task: number });
        }
        match (from, to) {
            (Assignee::Person(_), Assignee::Person(person)) => {
                if self.directory.active(person).is_none() {
                    return Err(Refusal::PersonNotActive);
                }
                if let Some(rule) = conflict(self, stage, person)? {
                    return Err(Refusal::SeparationOfDuties {
                        stage: stage.path.clone(),
                        rule,
                    });
                }
                self.mandate_in_seat(stage, task.elector, person)?;
            }
            (Assignee::Contact(_), Assignee::Contact(_)) => {}
            _ => return Err(Refusal::WrongSortOfAssignee { task: number }),
        }
        let takes_part = self.state.tasks.iter().any(|(other_number, other)| {
            let by = match &other.state {
                TaskState::Decided {
                    by,
                    set_aside: false,
                    ..
                } => Some(*by),
                _ => None,
            };
            other.stage == task.stage
                && self.state.is_on_present_version(*other_number)
                && (other.is_open() || by.is_some())
                && (other.elector == to || other.assignee == to || by == Some(to))
        });
        // A slot whose turn has not come is a slot all the same.
        let takes_part =
            takes_part || self.sits(stage, to) || self.is_in_pool(stage, to, Some(task.elector));
        let holds_another = self.state.open_task_of(&stage.path, to).is_some();
        // Back to its own elector is no second hat.
        if takes_part && (holds_another || !(task.elector == to && from != to)) {
            return Err(Refusal::AlreadyTakesPart {
                stage: stage.path.clone(),
            });
        }
        if let Some(task) = self.state.tasks.get_mut(&number) {
            task.assignee = to;
            // Whoever gets it so decides in their own name.
            task.on_behalf_of.clear();
        }
        self.effects.push(Effect::MoveTask {
            task: number,
            from,
            to,
        });
        Ok(())
    }

    /// The holder, somebody above them, an administrator, the owner of the workflow; for a
    /// contact's task the initiator, who invited the contact, too.
    /// Where the stage lets no task go to somebody else, only an administrator moves one of ours:
    /// a task of somebody who has left would be nobody's.
    pub(super) fn may_reassign(
        &self,
        actor: Actor,
        stage: &Stage,
        holder: Assignee,
    ) -> Result<bool, Refusal> {
        let is_ours = matches!(holder, Assignee::Person(_));
        let is_open = stage.allows.reassignment || !is_ours;
        if actor.assignee() == Some(holder) && is_open {
            return Ok(true);
        }
        let Actor::Person(person) = actor else {
            return Ok(false);
        };
        let person = self.active_person(Actor::Person(person))?;
        if !is_open {
            return Ok(self.is_administrator(person));
        }
        let above = match holder {
            Assignee::Person(holder) => self.directory.managers_above(holder).contains(&person),
            Assignee::Contact(_) => person == self.subject()?.initiator,
        };
        Ok(above || self.owns(person) || self.is_administrator(person))
    }

    pub(super) fn is_administrator(&self, person: PersonId) -> bool {
        self.directory
            .active(person)
            .is_some_and(|person| person.roles.iter().any(|held| held.role == ADMINISTRATOR))
    }

    /// The active administrator, if the actor is one.
    pub(super) fn administrator(&self, actor: Actor) -> Result<PersonId, Refusal> {
        let person = self.active_person(actor)?;
        if self.is_administrator(person) {
            Ok(person)
        } else {
            Err(Refusal::NotAdministrator)
        }
    }

    /// Ends the run for good, whatever it waits for.
    pub(super) fn cancel(&mut self, actor: Actor, reason: &str) -> Result<(), Refusal> {
        self.keeper(actor)?;
        check(reason)?;
        self.close_tasks(CloseReason::Cancelled, |_| true);
        self.cancel_active();
        self.state.suspension = None;
        self.finish(Outcome::Cancelled);
        Ok(())
    }

    /// Stops the run: nothing is decided until it is let go on.
    pub(super) fn suspend(&mut self, actor: Actor, reason: &str) -> Result<(), Refusal> {
        let by = self.keeper(actor)?;
        let reason = check(reason)?;
        let at = self.at;
        self.state.suspension = Some(Suspension { by, reason, at });
        Ok(())
    }

    pub(super) fn resume(&mut self, actor: Actor) -> Result<(), Refusal> {
        self.keeper(actor)?;
        if self.state.suspension.take().is_none() {
            return Err(Refusal::NotSuspended);
        }
        // An answer that came meanwhile was only written down.
        let asked = self.state.asked.values().next();
        let asked = asked.map(|asked| asked.stage.clone());
        let stage = asked.or_else(|| self.waits_at_step());
        stage.map_or(Ok(()), |stage| self.go_on(&stage))
    }

    pub(super) fn withdraw(&mut self, actor: Actor, reason: &str) -> Result<(), Refusal> {
        self.check_withdraws(actor)?;
        check(reason)?;
        self.close_tasks(CloseReason::Withdrawn, |_| true);
        self.cancel_active();
        self.finish(Outcome::Withdrawn);
        Ok(())
    }
}
