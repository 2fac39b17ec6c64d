//! What this server carries out of the language beyond what everybody does, and the names that it
//! knows: journals and letters from the vocabulary, webhooks and lookups from the configuration.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::FieldType;
use chancery_workflow::means::Answer;
use chancery_workflow::{Ability, Definition, Means, Vocabulary};
use serde::{Deserialize, Serialize};

use crate::config::Config;

/// All of the language.
const ABILITIES: [Ability; 9] = [
    Ability::Absorption,
    Ability::Creation,
    Ability::Delegation,
    Ability::Effects,
    Ability::Forms,
    Ability::Lookups,
    Ability::Pools,
    Ability::SelfStart,
    Ability::Subdocuments,
];

/// Whom workflows may call, by the names of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The webhooks.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub webhooks: BTreeSet<String>,
    /// The lookups, each with the parts of its answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calls: BTreeMap<String, Answer>,
}

impl Known {
    /// Those of `[webhooks.calls]` and `[lookups.calls]`.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let lookups = config.lookups.calls.iter();
        let calls = lookups.map(|(name, call)| {
            let parts = call.answer.iter();
            let parts = parts.map(|(part, wanted)| (part.clone(), wanted.field_type()));
            (name.clone(), parts.collect::<BTreeMap<String, FieldType>>())
        });
        Self {
            webhooks: config.webhooks.calls.keys().cloned().collect(),
            calls: calls.collect(),
        }
    }

    /// Those that a workflow names: what a run of it is pinned to.
    pub(super) fn named_by(definition: &Definition) -> Self {
        let lookups = definition.lookups().values();
        let calls = lookups.map(|lookup| (lookup.call.clone(), lookup.answer.clone()));
        Self {
            webhooks: definition.webhooks().map(str::to_owned).collect(),
            calls: calls.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.webhooks.is_empty() && self.calls.is_empty()
    }
}

/// What files of `workflows/` may ask of this server.
#[must_use]
pub fn means(vocabulary: &Vocabulary, known: &Known) -> Means {
    Means {
        abilities: BTreeSet::from(ABILITIES),
        journals: vocabulary.journals().keys().cloned().collect(),
        templates: vocabulary.templates().keys().cloned().collect(),
        webhooks: known.webhooks.clone(),
        calls: known.calls.clone(),
    }
}
