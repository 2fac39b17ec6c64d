//! Whoever signs later need not approve first: `absorb: same_person`.
//!
//! The seat of such a person is taken out when an approving stage opens, if the others can still
//! reach its quorum or nobody else is asked. That is a promise of the signature, and it is kept: if
//! the signing stage then does not ask the person (another one signs, it does not apply), the stage
//! that let them go opens again and asks them.

use std::collections::BTreeMap;

use chancery_types::id::PersonId;

use super::Run;
use super::assignees::{Roll, resolve};
use crate::definition::{Node, Quorum, Stage, StageKind};
use crate::state::{Absorbed, Assignee, StagePhase};

impl Run<'_> {
    /// Who of a roll will sign later, with the stage in which; empty where their seats cannot be
    /// taken out.
    pub(super) fn absorbable(&self, stage: &Stage, roll: &Roll) -> BTreeMap<PersonId, String> {
        let mut found = BTreeMap::new();
        let counts_by_group = matches!(roll.quorum, Quorum::EachGroup(_));
        if stage.kind != StageKind::Approve || !stage.blocking || counts_by_group {
            return found;
        }
        for sign in self.signs_after(stage) {
            let Ok(signs) = resolve(self, sign) else {
                continue;
            };
            for (slot, seat) in roll.electorate.iter().zip(&roll.seats) {
                let Assignee::Person(person) = *slot else {
                    continue;
                };
                let plain = !seat.veto && seat.added.is_none();
                if plain && signs.sits(*slot) && !self.was_restored(stage, person) {
                    found.entry(person).or_insert_with(|| sign.path.clone());
                }
            }
        }
        let left = roll.without(|slot| is_among(&found, slot));
        if left.electorate.is_empty() || left.tally().is_reachable() {
            found
        } else {
            BTreeMap::new()
        }
    }

    /// The absorbing stages behind a stage that apply as things are now: at the top level.
    fn signs_after(&self, stage: &Stage) -> Vec<&Stage> {
        let holds_it = |node: &Node| node.stages().iter().any(|one| one.path == stage.path);
        let nodes = self.definition.nodes().iter();
        let after = nodes.skip_while(|node| !holds_it(node)).skip(1);
        after
            .filter_map(|node| match node {
                Node::Stage(sign) if sign.absorbs => Some(sign.as_ref()),
                _ => None,
            })
            .filter(|sign| self.condition(sign.when.as_ref(), &sign.path) == Ok(true))
            .collect()
    }

    fn was_restored(&self, stage: &Stage, person: PersonId) -> bool {
        let mut all = self.state.absorbed.iter();
        all.any(|one| one.stage == stage.path && one.person == person && !one.stands)
    }

    /// A roll without whoever will sign later.
    pub(super) fn without_absorbed(&self, stage: &Stage, roll: Roll) -> Roll {
        let found = self.absorbable(stage, &roll);
        if found.is_empty() {
            return roll;
        }
        roll.without(|slot| is_among(&found, slot))
    }

    /// Takes out of a roll whoever will sign later; whether nobody is left.
    pub(super) fn absorb(&mut self, stage: &Stage, roll: &mut Roll) -> bool {
        let found = self.absorbable(stage, roll);
        if found.is_empty() {
            return false;
        }
        *roll = roll.without(|slot| is_among(&found, slot));
        for (person, into) in found {
            let mut all = self.state.absorbed.iter();
            if !all.any(|one| one.stage == stage.path && one.person == person) {
                self.state.absorbed.push(Absorbed {
                    stage: stage.path.clone(),
                    person,
                    into,
                    stands: true,
                });
            }
        }
        roll.electorate.is_empty()
    }

    /// Before a signing stage opens, or is left out: whoever was let go for it and is not asked
    /// there is asked again where they were. Whether there was anybody.
    pub(super) fn restore(&mut self, sign: &Stage, asked: &[Assignee]) -> bool {
        let mut again = Vec::new();
        for one in &mut self.state.absorbed {
            let is_lost = one.stands
                && one.into == sign.path
                && !asked.contains(&Assignee::Person(one.person));
            if is_lost {
                one.stands = false;
                again.push(one.stage.clone());
            }
        }
        for path in &again {
            self.stage_state(path).phase = StagePhase::Pending;
        }
        !again.is_empty()
    }
}

fn is_among(found: &BTreeMap<PersonId, String>, slot: Assignee) -> bool {
    matches!(slot, Assignee::Person(person) if found.contains_key(&person))
}
