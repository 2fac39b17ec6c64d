//! Who may do what to a run from outside its tasks.

use chancery_types::Instant;
use chancery_types::id::PersonId;

use super::Run;
use super::assignees::people;
use crate::definition::{Definition, Withdrawer};
use crate::directory::Directory;
use crate::event::Actor;
use crate::refusal::Refusal;
use crate::state::{Assignee, Phase, StagePhase, State};

/// What somebody may do to a run beside deciding in their own tasks, as things are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Take the document back.
    pub withdraw: bool,
    /// Stop the run, let it go on, end it, let it try again after an incident, drop approvers whom
    /// others asked for: an administrator, or the owner of the workflow.
    pub keep: bool,
    /// The same as the owner of the workflow.
    pub own: bool,
    /// Take part in the discussion of the document: unless everything that waits for them is in
    /// stages that do not allow it.
    pub comment: bool,
}

impl Default for Rights {
    fn default() -> Self {
        Self {
            withdraw: false,
            keep: false,
            own: false,
            comment: true,
        }
    }
}

/// What `person` may do to a run. Once it is over, and before it is started, nobody keeps it or
/// takes it back.
#[must_use]
pub fn rights(
    definition: &Definition,
    state: &State,
    person: PersonId,
    directory: &Directory,
) -> Rights {
    let own = state
        .open_tasks()
        .filter(|(_, task)| task.assignee == Assignee::Person(person));
    let mut allows = own.filter_map(|(_, task)| {
        let stage = definition.stage(&task.stage)?;
        Some(stage.allows.comments)
    });
    let first = allows.next();
    let comment = first.is_none_or(|first| first || allows.any(|next| next));
    if !matches!(state.phase, Phase::Running | Phase::Rework) {
        return Rights {
            comment,
            ..Rights::default()
        };
    }
    let run = Run {
        definition,
        directory,
        // Nothing here depends on the instant.
        at: Instant::from_seconds(0),
        is_foreseen: true,
        state: state.clone(),
        effects: Vec::new(),
    };
    let own = directory.active(person).is_some() && run.owns(person);
    Rights {
        withdraw: run.check_withdraws(Actor::Person(person)).is_ok(),
        keep: own || run.is_administrator(person),
        own,
        comment,
    }
}

impl Run<'_> {
    /// Whether somebody answers for the workflow.
    pub(super) fn owns(&self, person: PersonId) -> bool {
        let owner = self.definition.owner();
        let found = owner.zip(self.state.subject.as_ref());
        found.is_some_and(|(owner, subject)| {
            people(self, subject, &owner.resolver()).contains(&person)
        })
    }

    /// An active administrator or owner of the workflow, if the actor is one.
    pub(super) fn keeper(&self, actor: Actor) -> Result<PersonId, Refusal> {
        let person = self.active_person(actor)?;
        if self.owns(person) || self.is_administrator(person) {
            Ok(person)
        } else {
            Err(Refusal::NotAdministrator)
        }
    }

    /// Whether the actor may take the document back now.
    pub(super) fn check_withdraws(&self, actor: Actor) -> Result<(), Refusal> {
        let person = self.active_person(actor)?;
        let subject = self.subject()?;
        let withdraw = self.definition.withdraw();
        let may = withdraw.who.iter().any(|one| match one {
            Withdrawer::Initiator => person == subject.initiator,
            Withdrawer::Found(resolver) => people(self, subject, resolver).contains(&person),
        });
        match (may, &withdraw.until) {
            (false, _) if withdraw.is_initiators() => Err(Refusal::NotInitiator),
            (false, _) => Err(Refusal::MayNotWithdraw),
            (true, Some(until)) if self.state.phase == Phase::Running && self.is_reached(until) => {
                let until = until.clone();
                Err(Refusal::TooLateToWithdraw { until })
            }
            (true, _) => Ok(()),
        }
    }

    /// Whether this step of the top level, or one after it, was opened.
    fn is_reached(&self, step: &str) -> bool {
        let is_open =
            |phase: StagePhase| !matches!(phase, StagePhase::Pending | StagePhase::Skipped(_));
        let nodes = self.definition.nodes().iter();
        nodes.skip_while(|node| node.id() != step).any(|node| {
            let stages = node.stages().into_iter();
            let mut asked = stages.map(|stage| self.stage_phase(&stage.path));
            let automatics = node.automatics().into_iter();
            let mut asks = automatics.map(|one| self.automatic_phase(&one.path));
            asked.any(is_open) || asks.any(is_open)
        })
    }
}
