//! Documents that an explored run waits for.

use chancery_types::Instant;
use uuid::Uuid;

use super::{Taken, Walk};
use crate::definition::{Join, OnChildRejected, Subdocument};
use crate::event::{Actor, Event, EventKind};
use crate::state::{Child, Fate, State};

impl Walk<'_> {
    /// What may become of documents that are waited for: enough of them are completed, or one is
    /// rejected where that ends the run. Whatever else they do, the run goes on waiting.
    pub(super) fn children(&self, state: &State, at: Instant) -> Vec<(Event, Taken)> {
        let mut events = Vec::new();
        for one in self.definition.subdocuments() {
            let entry = state.awaited.get(&one.name);
            if !entry.is_some_and(|entry| entry.phase.is_open()) {
                continue;
            }
            let mut fates = vec![Fate::Completed];
            if one.on_rejected == OnChildRejected::Reject {
                fates.push(Fate::Rejected);
            }
            for fate in fates {
                let children = with_children(state, one, fate);
                let kind = EventKind::ChildrenCounted { children };
                let actor = Actor::System;
                let taken = Taken {
                    stage: one.before.clone(),
                    by: None,
                    decision: None,
                };
                events.push((Event { at, actor, kind }, taken));
            }
        }
        events
    }
}

/// The documents of a run, with as many more as it waits for.
fn with_children(state: &State, one: &Subdocument, fate: Fate) -> Vec<Child> {
    let mut children = state.children.clone();
    let more = match (one.join, fate) {
        (Join::Count(count), Fate::Completed) => count,
        _ => 1,
    };
    for _ in 0..more {
        children.push(invented_child(&children, &one.kind, fate));
    }
    children
}

/// A document that is not among others.
pub(crate) fn invented_child(others: &[Child], kind: &str, fate: Fate) -> Child {
    let number = u128::try_from(others.len()).unwrap_or(u128::MAX);
    Child {
        document: Uuid::from_u128(number.saturating_add(1)).into(),
        kind: kind.to_owned(),
        fate,
    }
}
