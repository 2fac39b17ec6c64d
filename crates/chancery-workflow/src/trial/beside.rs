//! Whom a workflow names beside those whom its stages ask.

use crate::deed::Occasion;
use crate::definition::{Consequence, Definition, Resolver, Reworker, Told};

/// Whom the file names outside its stages.
pub(super) fn beside_stages(definition: &Definition) -> Vec<Resolver> {
    let rules = definition.rules().iter();
    let mut all: Vec<Resolver> = rules.filter_map(|rule| rule.replacement.clone()).collect();
    all.extend(definition.reworkers().filter_map(|one| match one {
        Reworker::Found(resolver) => Some(resolver.clone()),
        Reworker::Initiator | Reworker::Author => None,
    }));
    for occasion in Occasion::ALL {
        for consequence in definition.consequences(occasion) {
            if let Consequence::Notify { to, .. } = consequence {
                all.extend(to.iter().filter_map(|told| match told {
                    Told::Resolver(resolver) => Some(resolver.clone()),
                    Told::OpenTasks | Told::Initiator => None,
                }));
            }
        }
    }
    all
}
