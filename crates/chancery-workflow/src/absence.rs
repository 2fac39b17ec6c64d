//! Who is away, and who stands in for them.
//!
//! An absence is a fact about the organisation, not about a run: it is read with the rest of the
//! directory before each step, and so it holds for tasks that are open and for those to come, and
//! ends by itself. Whoever is away may decide all the same; whoever stands in decides in the same
//! task, so there is one vote a seat whoever comes first, and both names stay with it.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::id::PersonId;
use serde::{Deserialize, Serialize};

use crate::definition::StageKind;
use crate::directory::Directory;

/// The longest chain of people who stand in for one another. A circle ends here too.
pub const SUBSTITUTES_CHAIN_MAX: usize = 3;
/// The most people who stand in for one person, however they come to it.
pub const SUBSTITUTES_MAX: usize = 64;

/// Somebody is away for a time, perhaps with somebody in their place. Two people in their place are
/// two absences.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// Who.
    pub person: PersonId,
    /// From this instant.
    pub from: Instant,
    /// Until this instant, at which they are back.
    pub until: Instant,
    /// Who stands in for them.
    #[serde(default)]
    pub substitute: Option<Substitute>,
}

/// Whoever stands in for somebody, and for what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substitute {
    /// Who.
    pub person: PersonId,
    /// For which kinds of documents; empty for all.
    #[serde(default)]
    pub kinds: BTreeSet<String>,
    /// Whether they sign too. Standing in for an approver is no authority to sign.
    #[serde(default)]
    pub signs: bool,
}

/// What is to be done in somebody's place.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    /// The kind of the document.
    pub kind: &'a str,
    /// What the stage asks for.
    pub stage_kind: StageKind,
    /// When.
    pub at: Instant,
}

impl Absence {
    /// Whether it holds at an instant: from the first one on, until before the last.
    #[must_use]
    pub fn holds_at(&self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }

    /// Who stands in, if they do in this matter.
    fn substitute_in(&self, matter: &Matter<'_>) -> Option<PersonId> {
        let substitute = self.substitute.as_ref()?;
        let kinds = &substitute.kinds;
        let covers = (kinds.is_empty() || kinds.contains(matter.kind))
            && (substitute.signs || matter.stage_kind != StageKind::Sign);
        (covers && self.holds_at(matter.at)).then_some(substitute.person)
    }
}

impl Directory {
    /// Whether somebody is away at an instant.
    #[must_use]
    pub fn is_away(&self, person: PersonId, at: Instant) -> bool {
        self.absences_of(person).any(|absence| absence.holds_at(at))
    }

    /// Who stands in for `person` in a matter, each with those in whose place: first the person,
    /// then whoever stands between, who is away as well. Of several ways the shortest. Nobody who
    /// does not work here, never the person, at most [`SUBSTITUTES_MAX`]. A way leads through those
    /// whom `may` picks.
    #[must_use]
    pub fn substitutes(
        &self,
        person: PersonId,
        matter: &Matter<'_>,
        may: impl Fn(PersonId) -> bool,
    ) -> BTreeMap<PersonId, Vec<PersonId>> {
        let mut found: BTreeMap<PersonId, Vec<PersonId>> = BTreeMap::new();
        let mut edge = vec![(person, Vec::new())];
        for _ in 0..SUBSTITUTES_CHAIN_MAX {
            let mut next = Vec::new();
            for (away, before) in edge {
                let mut way: Vec<PersonId> = before;
                way.push(away);
                for other in self.named_by(away, matter) {
                    let is_new = other != person && !found.contains_key(&other);
                    if !is_new || self.active(other).is_none() || found.len() >= SUBSTITUTES_MAX {
                        continue;
                    }
                    found.insert(other, way.clone());
                    if may(other) {
                        next.push((other, way.clone()));
                    }
                }
            }
            edge = next;
        }
        found
    }

    fn named_by<'a>(
        &'a self,
        person: PersonId,
        matter: &'a Matter<'a>,
    ) -> impl Iterator<Item = PersonId> + 'a {
        self.absences_of(person)
            .filter_map(|absence| absence.substitute_in(matter))
    }

    /// Found by their place in the order: a large company has many, and asks for each open task.
    fn absences_of(&self, person: PersonId) -> impl Iterator<Item = &Absence> {
        let earliest = Instant::from_micros(i64::MIN);
        let first = Absence {
            person,
            from: earliest,
            until: earliest,
            substitute: None,
        };
        let from_there = self.absences.range(first..);
        from_there.take_while(move |absence| absence.person == person)
    }
}
