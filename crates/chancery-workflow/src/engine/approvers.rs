//! Approvers whom others ask for, and votes that are taken back.

use chancery_types::id::PersonId;

use super::Run;
use super::assignees::ASSIGNEES_MAX;
use super::duties::conflict;
use crate::definition::{Stage, StageKind};
use crate::event::{Actor, CloseReason, Effect};
use crate::refusal::Refusal;
use crate::state::{
    AddedApprover, AddedSeat, Assignee, Phase, Place, Seat, StagePhase, TaskNumber, TaskState,
};

/// The most approvers who may be added in one run.
const ADDED_MAX: usize = 50;

impl Run<'_> {
    /// Asks one more person in an open stage. It can only become stricter by that.
    pub(super) fn add_approver(
        &mut self,
        actor: Actor,
        path: &str,
        person: PersonId,
        mut seat: AddedSeat,
    ) -> Result<(), Refusal> {
        let stage = self.definition.stage(path);
        let is_open = |stage: &&Stage| {
            stage.kind == StageKind::Approve && self.stage_phase(path) == StagePhase::Active
        };
        let Some(stage) = stage.filter(is_open) else {
            let stage = path.to_owned();
            return Err(Refusal::StageNotOpen { stage });
        };
        let path = || stage.path.clone();
        let added_by = self.active_person(actor)?;
        let own = self
            .state
            .open_task_of(&stage.path, Assignee::Person(added_by));
        let holds = own.is_some();
        let may = holds || self.owns(added_by);
        if !((may && stage.allows.approvers) || self.is_administrator(added_by)) {
            return Err(Refusal::MayNotChangeApprovers { stage: path() });
        }
        if self.directory.active(person).is_none() {
            return Err(Refusal::PersonNotActive);
        }
        if let Some(rule) = conflict(self, stage, person)? {
            return Err(Refusal::SeparationOfDuties {
                stage: path(),
                rule,
            });
        }
        if self.takes_part(stage, Assignee::Person(person), None) {
            return Err(Refusal::AlreadyTakesPart { stage: path() });
        }
        if self.state.added.len() >= ADDED_MAX || self.electorate(stage).len() >= ASSIGNEES_MAX {
            return Err(Refusal::TooManyAssignees {
                stage: path(),
                max: ADDED_MAX,
            });
        }
        // Whoever comes last is waited for: otherwise nobody would ever ask them.
        seat.required |= seat.place == Place::After;
        self.state.added.push(AddedApprover {
            stage: stage.path.clone(),
            person,
            seat,
            added_by,
            at: self.at,
        });
        let entry = self.stage_state(&stage.path);
        let size = entry.electorate.len();
        entry.seats.resize_with(size, || Seat::plain(0));
        entry.electorate.push(Assignee::Person(person));
        entry.seats.push(Seat {
            added: Some(seat),
            ..Seat::plain(0)
        });
        self.open_slots(stage)
    }

    /// Whether somebody has a slot, an open task or a vote that counts in the stage, or is in a
    /// pool of it that is not that of the seat `own`.
    pub(super) fn takes_part(&self, stage: &Stage, who: Assignee, own: Option<Assignee>) -> bool {
        let mut open = self.state.open_tasks();
        self.electorate(stage).contains(&who)
            || self.is_in_pool(stage, who, own)
            || self.has_voted(stage, who)
            || open.any(|(number, task)| {
                task.stage == stage.path
                    && self.state.is_on_present_version(number)
                    && task.assignee == who
            })
    }

    /// Whether somebody has given a vote that counts in the stage, their own or in another's place.
    pub(super) fn has_voted(&self, stage: &Stage, who: Assignee) -> bool {
        let mut tasks = self.state.tasks.iter();
        tasks.any(|(number, task)| {
            let voted = matches!(
                &task.state,
                TaskState::Decided { by, set_aside: false, .. } if *by == who
            );
            voted && task.stage == stage.path && self.state.is_on_present_version(*number)
        })
    }

    /// Drops an added approver who has not voted.
    pub(super) fn drop_approver(
        &mut self,
        actor: Actor,
        path: &str,
        person: PersonId,
    ) -> Result<(), Refusal> {
        let by = self.active_person(actor)?;
        let slot = Assignee::Person(person);
        let not_added = || Refusal::ApproverNotAdded {
            stage: path.to_owned(),
        };
        let stage = self.definition.stage(path).ok_or_else(not_added)?;
        let mut all = self.state.added.iter();
        let position = all.position(|added| added.stage == path && added.person == person);
        let position = position.ok_or_else(not_added)?;
        let added = self.state.added.get(position).ok_or_else(not_added)?;
        if added.added_by != by && !self.owns(by) && !self.is_administrator(by) {
            return Err(Refusal::MayNotChangeApprovers {
                stage: path.to_owned(),
            });
        }
        if self.votes(stage)?.contains_key(&slot) {
            return Err(not_added());
        }
        self.state.added.remove(position);
        self.close_tasks(CloseReason::Dropped, |task| {
            task.stage == path && task.elector == slot
        });
        let entry = self.stage_state(path);
        let seat = entry.electorate.iter().position(|sits| *sits == slot);
        let is_added = |index: &usize| {
            let seat = entry.seats.get(*index);
            seat.is_some_and(|seat| seat.added.is_some())
        };
        if let Some(index) = seat.filter(is_added) {
            entry.electorate.remove(index);
            entry.seats.remove(index);
        }
        if self.state.phase != Phase::Running {
            return Ok(());
        }
        self.close_if_satisfied(stage)?;
        self.open_slots(stage)?;
        self.advance()
    }

    /// Takes a vote back while its stage is open; the voter is asked again.
    pub(super) fn revoke(&mut self, actor: Actor, number: TaskNumber) -> Result<(), Refusal> {
        let task = self.task(number)?;
        let stage = self.stage(&task.stage)?;
        let own = match &task.state {
            TaskState::Decided {
                by,
                set_aside: false,
                ..
            } => actor.assignee() == Some(*by),
            TaskState::Decided { .. } | TaskState::Open | TaskState::Closed { .. } => false,
        };
        let may = own
            && stage.kind != StageKind::Sign
            && self.state.is_on_present_version(number)
            && self.stage_phase(&stage.path) == StagePhase::Active;
        if !may {
            return Err(Refusal::TooLateToRevoke { task: number });
        }
        if let Some(task) = self.state.tasks.get_mut(&number)
            && let TaskState::Decided { set_aside, .. } = &mut task.state
        {
            *set_aside = true;
        }
        self.effects.push(Effect::RevokeVote { task: number });
        self.open_slots(stage)
    }
}
