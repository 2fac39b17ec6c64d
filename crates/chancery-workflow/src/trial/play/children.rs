//! Documents that a played run waits for.

use super::{Obstacle, Trial};
use crate::definition::Join;
use crate::event::{Actor, EventKind};
use crate::explore::invented_child;
use crate::state::Fate;

impl Trial<'_> {
    /// Another document of an entry has come to this; the run is told of all that there are.
    pub(super) fn child(&mut self, name: &str, fate: Fate) -> Result<(), Obstacle> {
        let mut all = self.definition.subdocuments().iter();
        let one = all.find(|one| one.name == name);
        let one = one.ok_or(Obstacle::NotAsked)?;
        let children = &mut self.children;
        // One that is under way comes to its end before another one begins.
        let open = children
            .iter_mut()
            .find(|child| child.kind == one.kind && child.fate == Fate::Open);
        match open.filter(|_| fate != Fate::Open) {
            Some(child) => child.fate = fate,
            None => children.push(invented_child(children, &one.kind, fate)),
        }
        self.count_children()
    }

    pub(super) fn count_children(&mut self) -> Result<(), Obstacle> {
        let children = self.children.clone();
        self.happen(Actor::System, EventKind::ChildrenCounted { children })
    }

    /// Whatever the run waits for is completed; whether it waited.
    pub(in crate::trial) fn complete_children(&mut self) -> Result<bool, Obstacle> {
        let awaited = &self.state.awaited;
        let waits = |name: &str| awaited.get(name).is_some_and(|one| one.phase.is_open());
        let mut all = self.definition.subdocuments().iter();
        let Some(one) = all.find(|one| waits(&one.name)) else {
            return Ok(false);
        };
        let own = self
            .children
            .iter_mut()
            .filter(|child| child.kind == one.kind);
        own.filter(|child| child.fate == Fate::Open)
            .for_each(|child| child.fate = Fate::Completed);
        let more = match one.join {
            Join::Count(count) => count,
            Join::All | Join::Any => 1,
        };
        for _ in 0..more {
            let child = invented_child(&self.children, &one.kind, Fate::Completed);
            self.children.push(child);
        }
        self.count_children()?;
        let entry = self.state.awaited.get(&one.name);
        Ok(entry.is_none_or(|entry| !entry.phase.is_open()))
    }
}
