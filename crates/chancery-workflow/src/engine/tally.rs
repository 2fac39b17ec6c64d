//! Counting: whether a stage's votes are enough, and whether they still can be.
//!
//! Monotone by construction: [`Tally::is_met`] only ever grows with the set of those who agree, so
//! that an approval never undoes a quorum and a rejection never makes one.

use std::collections::BTreeSet;

use crate::definition::Quorum;
use crate::event::Decision;
use crate::state::{Place, Seat};

/// One seat and what its holder has said, if it counts.
pub(crate) struct Ballot<'a> {
    pub(crate) seat: &'a Seat,
    pub(crate) decision: Option<Decision>,
}

/// The ballots of a stage.
pub(crate) struct Tally<'a> {
    pub(crate) quorum: Quorum,
    pub(crate) ballots: Vec<Ballot<'a>>,
    /// Whether somebody holds their task.
    pub(crate) is_held: bool,
}

impl Ballot<'_> {
    fn agrees(&self) -> bool {
        self.decision.is_some_and(Decision::is_favourable)
    }

    fn abstains(&self) -> bool {
        self.decision == Some(Decision::Abstain)
    }

    fn is_open(&self) -> bool {
        self.decision.is_none()
    }

    fn place(&self) -> Option<Place> {
        self.seat.added.map(|added| added.place)
    }

    /// Whether the stage needs their agreement whatever the quorum.
    fn is_needed(&self) -> bool {
        self.seat.veto || self.seat.added.is_some_and(|added| added.required)
    }
}

impl<'a> Tally<'a> {
    /// Whether the votes are enough: the quorum, everybody with a veto, every added approver whose
    /// agreement is needed, nobody who holds.
    pub(crate) fn is_satisfied(&self) -> bool {
        self.is_agreed_but(|_| false)
    }

    /// Whether it waits for nobody but those who decide after the others.
    pub(crate) fn waits_only_for_last(&self) -> bool {
        self.is_agreed_but(|ballot| ballot.place() == Some(Place::After))
    }

    /// Whether somebody who was put before the others has not decided.
    pub(crate) fn waits_for_first(&self) -> bool {
        let first = |ballot: &Ballot<'_>| ballot.place() == Some(Place::Before) && ballot.is_open();
        self.ballots.iter().any(first)
    }

    fn is_agreed_but(&self, left_out: impl Fn(&Ballot<'_>) -> bool) -> bool {
        let missing = |ballot: &Ballot<'_>| {
            ballot.is_needed() && !left_out(ballot) && !(ballot.agrees() || ballot.abstains())
        };
        self.is_met(|ballot| ballot.agrees()) && !self.ballots.iter().any(missing) && !self.is_held
    }

    /// Whether the votes can still become enough.
    pub(crate) fn is_reachable(&self) -> bool {
        let against = |ballot: &Ballot<'_>| {
            ballot.is_needed() && !ballot.agrees() && !ballot.abstains() && !ballot.is_open()
        };
        let may_agree = |ballot: &Ballot<'_>| ballot.agrees() || ballot.is_open();
        self.is_met(may_agree) && !self.ballots.iter().any(against)
    }

    /// Whether the quorum is met where those agree whom `agrees` picks.
    fn is_met(&self, agrees: impl Fn(&Ballot<'_>) -> bool) -> bool {
        let chosen = || self.own().filter(|ballot| agrees(ballot));
        let hats = |ballot: &Ballot<'_>| u64::from(ballot.seat.hats);
        let votes: u64 = chosen().map(hats).sum();
        let size: u64 = self.own().map(hats).sum();
        let needed = u64::from(self.quorum.needed(u32::try_from(size).unwrap_or(u32::MAX)));
        match self.quorum {
            Quorum::All => {
                let others = |ballot: &Ballot<'_>| agrees(ballot) || ballot.abstains();
                votes > 0 && self.own().all(others)
            }
            Quorum::Any | Quorum::Count(_) | Quorum::Percent { .. } => votes >= needed,
            Quorum::Weight(_) => {
                let weight: u64 = chosen().map(|ballot| u64::from(ballot.seat.weight)).sum();
                weight >= needed
            }
            Quorum::EachGroup(_) => self.groups().into_iter().all(|group| {
                let there = chosen().filter(|ballot| ballot.seat.groups.contains(&group));
                there.count() as u64 >= needed
            }),
        }
    }

    /// The ballots of the file's own assignees: added approvers never count towards the quorum.
    fn own(&self) -> impl Iterator<Item = &Ballot<'a>> {
        let ballots = self.ballots.iter();
        ballots.filter(|ballot| ballot.seat.added.is_none())
    }

    fn groups(&self) -> BTreeSet<u32> {
        let all = self.own().flat_map(|ballot| &ballot.seat.groups);
        all.copied().collect()
    }

    /// How far it is, for people: what is reached and what is needed, in the quorum's own unit.
    pub(crate) fn progress(&self) -> (u32, u32) {
        let sum = |of: &dyn Fn(&Ballot<'_>) -> u32, agreeing: bool| -> u32 {
            let chosen = self.own().filter(|ballot| !agreeing || ballot.agrees());
            chosen.map(of).fold(0, u32::saturating_add)
        };
        let hats = |ballot: &Ballot<'_>| ballot.seat.hats;
        match self.quorum {
            Quorum::Weight(needed) => (sum(&|ballot| ballot.seat.weight, true), needed),
            Quorum::EachGroup(each) => {
                let groups = self.groups();
                let reached = groups.iter().map(|group| {
                    sum(
                        &|ballot| u32::from(ballot.seat.groups.contains(group)),
                        true,
                    )
                    .min(each)
                });
                let needed = u32::try_from(groups.len()).unwrap_or(u32::MAX);
                (
                    reached.fold(0, u32::saturating_add),
                    each.saturating_mul(needed),
                )
            }
            Quorum::All => {
                let abstained =
                    |ballot: &Ballot<'_>| u32::from(ballot.abstains()) * ballot.seat.hats;
                let needed = sum(&hats, false)
                    .saturating_sub(sum(&abstained, false))
                    .max(1);
                (sum(&hats, true), needed)
            }
            quorum => (sum(&hats, true), quorum.needed(sum(&hats, false))),
        }
    }
}
