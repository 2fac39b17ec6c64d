//! What a run had by a definition that it does not go by any more.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::PersonId;
use chancery_types::{Digest, Instant};
use serde::{Deserialize, Serialize};

use super::{AddedApprover, Asked, AutomaticState, StageState, Task, TaskNumber};

/// A move of the run from one definition to another, with what the new one has no place for. It
/// counts for nothing any more, and nobody may say that it was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// Who moved it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// The digest of the definition that it went by.
    pub from: Digest,
    /// The digest of the one that it went by then.
    pub to: Digest,
    /// Stages, by path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stages: BTreeMap<String, StageState>,
    /// Stages that ask nobody, by path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub automatic: BTreeMap<String, AutomaticState>,
    /// Tasks of those stages; none of them is open.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tasks: BTreeMap<TaskNumber, Task>,
    /// Approvers whom others asked for in those stages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<AddedApprover>,
    /// What was asked elsewhere that is asked no more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub asked: BTreeMap<String, Asked>,
}

/// The entries of a map whose key `leaves` picks, taken out of it.
pub(crate) fn taken_out<K: Ord + Clone, V>(
    map: &mut BTreeMap<K, V>,
    leaves: impl Fn(&K, &V) -> bool,
) -> BTreeMap<K, V> {
    let keys: BTreeSet<K> = map
        .iter()
        .filter(|(key, value)| leaves(key, value))
        .map(|(key, _)| key.clone())
        .collect();
    let taken = keys.into_iter().filter_map(|key| map.remove_entry(&key));
    taken.collect()
}
