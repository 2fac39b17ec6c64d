//! What whoever runs the files of a house carries out beyond the plain language.
//!
//! The engine knows more than each of those who run it: a service that keeps no list of webhooks
//! must not accept a file that calls one, or the run would not do what the file says. So every such
//! part of the language has an [`Ability`], and a file that needs one which [`Means`] do not name
//! is refused by name (W010), like a key of a later language.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::FieldType;

use crate::diagnostic::Diagnostic;
use crate::read::{Fields, Findings};

/// A part of the language that not everybody who runs files carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// `absorb: same_person`: whoever signs need not approve before.
    Absorption,
    /// `allow: [delegate]`: the holder of a task hands it on to somebody who decides for them.
    Delegation,
    /// `create` among the effects: another document is drafted.
    Creation,
    /// `effects`: what is done when a run starts, ends or stands still.
    Effects,
    /// `form`: fields of the card that a stage fills.
    Forms,
    /// `pick`: one of several people gets a task, the least loaded or whoever takes it.
    Pools,
    /// `start: { event: … }`: a run that nobody starts.
    SelfStart,
    /// `type: automatic` and `facts`: what is asked elsewhere before the run goes on.
    Lookups,
    /// `subdocuments`: a run waits until documents that belong to its own are completed.
    Subdocuments,
}

impl Ability {
    /// Every ability.
    pub const ALL: [Self; 9] = [
        Self::Pools,
        Self::Absorption,
        Self::Delegation,
        Self::Effects,
        Self::Creation,
        Self::Forms,
        Self::Lookups,
        Self::SelfStart,
        Self::Subdocuments,
    ];
}

/// What may be asked elsewhere: the fields of the answer, by name.
pub type Answer = BTreeMap<String, FieldType>;

/// What whoever runs the files carries out, and the names that it knows there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Means {
    /// What it carries out.
    pub abilities: BTreeSet<Ability>,
    /// The journals in which documents are registered.
    pub journals: BTreeSet<String>,
    /// The webhooks that are called.
    pub webhooks: BTreeSet<String>,
    /// The templates of messages.
    pub templates: BTreeSet<String>,
    /// What may be asked elsewhere, by the name of the call.
    pub calls: BTreeMap<String, Answer>,
}

/// Nothing but the plain language.
pub(crate) static PLAIN: Means = Means {
    abilities: BTreeSet::new(),
    journals: BTreeSet::new(),
    webhooks: BTreeSet::new(),
    templates: BTreeSet::new(),
    calls: BTreeMap::new(),
};

impl Means {
    /// Whether it carries this out.
    #[must_use]
    pub fn can(&self, ability: Ability) -> bool {
        self.abilities.contains(&ability)
    }

    /// Whether `ability` is there. Where not, each of `keys` that stands in the file is refused.
    pub(crate) fn admits(
        &self,
        ability: Ability,
        fields: &Fields<'_>,
        keys: &[&str],
        findings: &mut Findings,
    ) -> bool {
        if self.can(ability) {
            return true;
        }
        for (key, _) in fields.pairs() {
            if keys.contains(&key.name.as_str()) {
                findings.push(Diagnostic::error("W010", "later-key", key.at).arg("key", &key.name));
            }
        }
        false
    }
}
