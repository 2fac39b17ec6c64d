//! What changes a run from outside a task: versions, resubmission, reassignment, withdrawal.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::id::PersonId;

use super::assignees::conflict;
use super::decide::check;
use super::{Run, check_card};
use crate::event::{Actor, CloseReason, Effect, Outcome};
use crate::refusal::Refusal;
use crate::state::{Assignee, Phase, StagePhase, TaskNumber, TaskState, Version};
use crate::vocabulary::ADMINISTRATOR;

impl Run<'_> {
    pub(super) fn add_version(
        &mut self,
        actor: Actor,
        version: &Version,
        card: &Card,
        changed: &BTreeSet<String>,
    ) -> Result<(), Refusal> {
        if self.active_person(actor)? != version.author {
            return Err(Refusal::AuthorMismatch);
        }
        // The content may be the present or an earlier one again: it is a new version all the same.
        let present = self.subject()?.version.number;
        if version.number <= present {
            return Err(Refusal::VersionNumber { present });
        }
        check_card(self.definition, card)?;
        self.number_old_tasks(present);
        if let Some(subject) = &mut self.state.subject {
            subject.version = version.clone();
            subject.card = card.clone();
            subject.changed.clone_from(changed);
            subject.revised = true;
        }
        Ok(())
    }

    /// Gives the tasks of a state from before numbers were kept the number of the version that is
    /// about to be replaced, so that none of them ever counts for a later one.
    fn number_old_tasks(&mut self, present: u32) {
        let old: Vec<TaskNumber> = self
            .state
            .tasks
            .iter()
            .filter(|(number, task)| {
                task.version_number == 0 && self.state.is_on_present_version(**number)
            })
            .map(|(number, _)| *number)
            .collect();
        for number in old {
            if let Some(task) = self.state.tasks.get_mut(&number) {
                task.version_number = present;
            }
        }
    }

    /// Starts the next round. Votes on the same version stay; refusals of it are answered and no
    /// longer count.
    pub(super) fn resubmit(&mut self, actor: Actor, comment: Option<&str>) -> Result<(), Refusal> {
        self.initiator(actor)?;
        if let Some(comment) = comment {
            check(comment)?;
        }
        if !self.subject()?.revised && comment.is_none() {
            return Err(Refusal::NothingChanged);
        }
        if let Some(subject) = &mut self.state.subject {
            subject.revised = false;
        }
        for task in self.state.tasks.values_mut() {
            if let TaskState::Decided {
                decision,
                set_aside,
                ..
            } = &mut task.state
                && !decision.is_favourable()
            {
                *set_aside = true;
            }
        }
        for stage in self.state.stages.values_mut() {
            stage.phase = StagePhase::Pending;
        }
        self.state.phase = Phase::Running;
        self.state.round = self.state.round.saturating_add(1);
        self.effects.push(Effect::OpenRound {
            round: self.state.round,
        });
        self.rehearse()?;
        self.advance()
    }

    pub(super) fn reassign(
        &mut self,
        actor: Actor,
        number: TaskNumber,
        to: Assignee,
    ) -> Result<(), Refusal> {
        let task = self.open_task(number)?;
        let from = task.assignee;
        let stage = self.stage(&task.stage)?;
        if !self.may_reassign(actor, from)? {
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
        // Back to its own elector is no second hat.
        if takes_part && !(task.elector == to && from != to) {
            return Err(Refusal::AlreadyTakesPart {
                stage: stage.path.clone(),
            });
        }
        if let Some(task) = self.state.tasks.get_mut(&number) {
            task.assignee = to;
        }
        self.effects.push(Effect::MoveTask {
            task: number,
            from,
            to,
        });
        Ok(())
    }

    /// The holder, somebody above them, an administrator; for a contact's task the initiator, who
    /// invited the contact, too.
    fn may_reassign(&self, actor: Actor, holder: Assignee) -> Result<bool, Refusal> {
        if actor.assignee() == Some(holder) {
            return Ok(true);
        }
        let Actor::Person(person) = actor else {
            return Ok(false);
        };
        let person = self.active_person(Actor::Person(person))?;
        let above = match holder {
            Assignee::Person(holder) => self.directory.managers_above(holder).contains(&person),
            Assignee::Contact(_) => person == self.subject()?.initiator,
        };
        Ok(above || self.is_administrator(person))
    }

    fn is_administrator(&self, person: PersonId) -> bool {
        self.directory
            .active(person)
            .is_some_and(|person| person.roles.iter().any(|held| held.role == ADMINISTRATOR))
    }

    pub(super) fn withdraw(&mut self, actor: Actor, reason: &str) -> Result<(), Refusal> {
        self.initiator(actor)?;
        check(reason)?;
        if self.state.phase == Phase::Running
            && let Some(until) = self.definition.withdraw_until()
        {
            let reached = self
                .definition
                .nodes()
                .iter()
                .skip_while(|node| node.id() != until)
                .flat_map(|node| node.stages())
                .any(|stage| {
                    let phase = self.stage_phase(&stage.path);
                    !matches!(phase, StagePhase::Pending | StagePhase::Skipped(_))
                });
            if reached {
                return Err(Refusal::TooLateToWithdraw {
                    until: until.to_owned(),
                });
            }
        }
        self.close_tasks(CloseReason::Withdrawn, |_| true);
        self.cancel_active();
        self.finish(Outcome::Withdrawn);
        Ok(())
    }
}
