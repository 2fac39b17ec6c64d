//! To whom a returned document goes.
//!
//! The initiator may always rework it and send it round again, whoever else is named: a document
//! stands still for want of nobody.

use std::collections::BTreeSet;

use chancery_types::id::PersonId;

use super::Run;
use super::assignees::{ASSIGNEES_MAX, people};
use crate::definition::Reworker;
use crate::event::Actor;
use crate::refusal::Refusal;
use crate::state::{Subject, TaskNumber};

impl Run<'_> {
    /// Who reworks what these tasks have returned; nobody where that is the initiator alone.
    pub(super) fn reworkers(&self, returned_by: &[TaskNumber]) -> Vec<PersonId> {
        let Some(subject) = &self.state.subject else {
            return Vec::new();
        };
        let own = &self.definition.rework().to;
        let tasks = returned_by
            .iter()
            .filter_map(|task| self.state.tasks.get(task));
        let stages = tasks.filter_map(|task| self.definition.stage(&task.stage));
        let named = stages.map(|stage| stage.rework_to.as_ref().unwrap_or(own));
        let found: BTreeSet<PersonId> = named
            .flat_map(|one| self.found(subject, one))
            .filter(|person| self.directory.active(*person).is_some())
            .take(ASSIGNEES_MAX)
            .collect();
        if found.iter().all(|person| *person == subject.initiator) {
            return Vec::new();
        }
        found.into_iter().collect()
    }

    fn found(&self, subject: &Subject, reworker: &Reworker) -> BTreeSet<PersonId> {
        match reworker {
            Reworker::Initiator => BTreeSet::from([subject.initiator]),
            Reworker::Author => BTreeSet::from([subject.version.author]),
            Reworker::Found(resolver) => people(self, subject, resolver),
        }
    }

    /// The active initiator, or whoever else reworks the document, if the actor is one.
    pub(super) fn reworker(&self, actor: Actor) -> Result<(), Refusal> {
        let person = self.active_person(actor)?;
        if self.state.reworkers.contains(&person) {
            return Ok(());
        }
        self.initiator(actor)
    }
}
