//! Who is asked when a stage opens: resolvers, separation of duties, quorum.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::FieldValue;
use chancery_types::id::{ContactId, DepartmentId, MandateId, PersonId};

use super::Run;
use super::duties::{Duties, conflict};
use super::mandates::by_register;
use super::pick::{Shares, find_one, is_pool, share_pools};
use super::tally::{Ballot, Tally};
use crate::definition::{DepartmentRef, Quorum, Resolver, Stage};
use crate::mandate::Lack;
use crate::refusal::Refusal;
use crate::state::{Assignee, Seat, Subject};

/// The most assignees of one stage.
pub(super) const ASSIGNEES_MAX: usize = 5000;

/// Who is asked in a stage, and how many of them must agree.
pub(crate) struct Roll {
    pub(crate) electorate: Vec<Assignee>,
    /// What is particular to each, in the same order.
    pub(crate) seats: Vec<Seat>,
    pub(crate) quorum: Quorum,
    /// Where each of them stands.
    places: BTreeMap<Assignee, usize>,
    /// Whom a veto names, and whom each weight.
    veto: BTreeSet<PersonId>,
    weights: Vec<(BTreeSet<PersonId>, u32)>,
    /// Who is in which of the stage's pools, by the place of its resolver.
    pub(super) shares: Shares,
}

/// Whom a seat goes to, and by which of the stage's assignees.
pub(super) struct Candidate {
    pub(super) slot: Assignee,
    pub(super) group: u32,
    /// Who is replaced: their veto and their weight go with the seat.
    pub(super) instead_of: Option<PersonId>,
    /// By which mandate they are asked.
    pub(super) mandate: Option<MandateId>,
}

/// The assignees of a stage on the present version, in the order of the file; nobody twice.
///
/// A resolver that finds nobody is replaced by `if_empty`. Whoever may not decide (the initiator,
/// the author, a rule) is replaced by the nearest manager above them who may and has no slot yet.
/// Where there is no such manager, a member of a role, a group or a department is left out if
/// others of the same resolver remain: they hold the same authority.
pub(crate) fn resolve(run: &Run<'_>, stage: &Stage) -> Result<Roll, Refusal> {
    let mut roll = Roll::empty(run, stage)?;
    let nobody = || Refusal::StageHasNoAssignee {
        stage: stage.path.clone(),
    };
    let all = || (0_u32..).zip(&stage.assignees);
    // Pools come last: whoever has a seat of their own is in none.
    let own = all().filter(|(_, resolver)| !is_pool(resolver));
    let pools = all().filter(|(_, resolver)| is_pool(resolver));
    for (group, resolver) in own.chain(pools) {
        if is_pool(resolver) && roll.shares.is_empty() {
            roll.shares = share_pools(run, stage, &roll)?;
        }
        let when = stage.assignee_conditions.get(group as usize);
        if !run.condition(when.and_then(Option::as_ref), &stage.path)? {
            continue;
        }
        let mut found = find(run, stage, resolver, group, &mut roll)?;
        let replacements = if found { &[][..] } else { &stage.if_empty };
        for resolver in replacements {
            found |= find(run, stage, resolver, group, &mut roll)?;
        }
        if !found && run.asks_for_mandate(resolver) && !stage.skips_if_empty {
            let stage = stage.path.clone();
            let lack = Lack::Absent;
            return Err(Refusal::Mandate { stage, lack });
        }
        if !found {
            return Err(nobody());
        }
        check_group(stage, group, &roll)?;
    }
    if roll.electorate.is_empty() {
        return Err(nobody());
    }
    seat_added(run, stage, &mut roll)?;
    roll.empty_pools_of_seated();
    if roll.electorate.len() > ASSIGNEES_MAX {
        return Err(Refusal::TooManyAssignees {
            stage: stage.path.clone(),
            max: ASSIGNEES_MAX,
        });
    }
    if !stage.veto.is_empty() && !roll.seats.iter().any(|seat| seat.veto) {
        let stage = stage.path.clone();
        return Err(Refusal::VetoHolderAbsent { stage });
    }
    let tally = roll.tally();
    if !tally.is_reachable() {
        return Err(Refusal::QuorumUnreachable {
            stage: stage.path.clone(),
            needed: tally.progress().1,
            available: u32::try_from(roll.electorate.len()).unwrap_or(u32::MAX),
        });
    }
    Ok(roll)
}

/// Seats the approvers whom others asked for. Who may not decide is replaced as anybody else is;
/// who sits already keeps their seat, and is needed if the added one was.
fn seat_added(run: &Run<'_>, stage: &Stage, roll: &mut Roll) -> Result<(), Refusal> {
    let all = run.state.added.iter();
    for added in all.filter(|added| added.stage == stage.path) {
        let mut slot = Assignee::Person(added.person);
        let may = run.directory.active(added.person).is_some()
            && conflict(run, stage, added.person)?.is_none();
        if !may {
            match replacement(run, stage, added.person, roll)? {
                Some(other) => slot = Assignee::Person(other),
                // Not for want of anybody: a stage that may be skipped is not skipped for this.
                None if added.seat.required => {
                    return Err(Refusal::QuorumUnreachable {
                        stage: stage.path.clone(),
                        needed: 1,
                        available: 0,
                    });
                }
                None => continue,
            }
        }
        if let Some(seat) = roll.seat_of(slot) {
            seat.veto |= added.seat.required;
            continue;
        }
        let added = Some(added.seat);
        let seat = Seat {
            added,
            ..Seat::plain(0)
        };
        roll.push(slot, seat);
    }
    Ok(())
}

/// Who decides in place of somebody who may not: whom the rule that excludes them names, else the
/// nearest manager above who may and has no seat yet.
fn replacement(
    run: &Run<'_>,
    stage: &Stage,
    person: PersonId,
    roll: &Roll,
) -> Result<Option<PersonId>, Refusal> {
    let rule = conflict(run, stage, person)?;
    let mut rules = run.definition.rules().iter();
    let named = rule.and_then(|id| rules.find(|rule| rule.id == id)?.replacement.as_ref());
    let candidates: Vec<PersonId> = match named {
        Some(resolver) => people(run, run.subject()?, resolver).into_iter().collect(),
        None => run.directory.managers_above(person),
    };
    for other in candidates {
        let may = run.directory.active(other).is_some()
            && !roll.sits(Assignee::Person(other))
            && conflict(run, stage, other)?.is_none();
        if may {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// The quorum of the first case that holds, else the one in the file.
fn quorum(run: &Run<'_>, stage: &Stage) -> Result<Quorum, Refusal> {
    for (when, quorum) in &stage.quorum_cases {
        if run.condition(Some(when), &stage.path)? {
            return Ok(*quorum);
        }
    }
    Ok(stage.quorum)
}

/// With [`Quorum::EachGroup`] every group has enough people of its own: one who sits for another
/// group already does not count here.
fn check_group(stage: &Stage, group: u32, roll: &Roll) -> Result<(), Refusal> {
    let Quorum::EachGroup(needed) = roll.quorum else {
        return Ok(());
    };
    let members = roll
        .seats
        .iter()
        .filter(|seat| seat.groups.contains(&group));
    let available = u32::try_from(members.count()).unwrap_or(u32::MAX);
    if available >= needed {
        return Ok(());
    }
    Err(Refusal::QuorumUnreachable {
        stage: stage.path.clone(),
        needed,
        available,
    })
}

impl Roll {
    fn empty(run: &Run<'_>, stage: &Stage) -> Result<Self, Refusal> {
        let subject = run.subject()?;
        let named = |resolver| people(run, subject, resolver);
        let weights = stage.weights.iter();
        Ok(Self {
            electorate: Vec::new(),
            seats: Vec::new(),
            quorum: quorum(run, stage)?,
            places: BTreeMap::new(),
            veto: stage.veto.iter().flat_map(named).collect(),
            weights: weights.map(|(one, weight)| (named(one), *weight)).collect(),
            shares: Shares::new(),
        })
    }

    fn seat_of(&mut self, slot: Assignee) -> Option<&mut Seat> {
        let index = self.places.get(&slot)?;
        self.seats.get_mut(*index)
    }

    /// Gives a slot that has none a seat behind the others.
    fn push(&mut self, slot: Assignee, seat: Seat) {
        self.places.insert(slot, self.electorate.len());
        self.electorate.push(slot);
        self.seats.push(seat);
    }

    /// The same without some of the slots.
    pub(super) fn without(&self, which: impl Fn(Assignee) -> bool) -> Self {
        let mut left = Self {
            electorate: Vec::new(),
            seats: Vec::new(),
            quorum: self.quorum,
            places: BTreeMap::new(),
            veto: self.veto.clone(),
            weights: self.weights.clone(),
            shares: self.shares.clone(),
        };
        for (slot, seat) in self.electorate.iter().zip(&self.seats) {
            if !which(*slot) {
                left.push(*slot, seat.clone());
            }
        }
        left
    }

    /// The tally before anybody has voted.
    pub(crate) fn tally(&self) -> Tally<'_> {
        let ballots = self.seats.iter().map(|seat| Ballot {
            seat,
            decision: None,
        });
        Tally {
            quorum: self.quorum,
            ballots: ballots.collect(),
            is_held: false,
        }
    }

    pub(super) fn sits(&self, slot: Assignee) -> bool {
        self.places.contains_key(&slot)
    }

    pub(super) fn add(&mut self, stage: &Stage, candidate: &Candidate) {
        if let Some(seat) = self.seat_of(candidate.slot) {
            if stage.counts_for_each && !seat.groups.contains(&candidate.group) {
                seat.hats = seat.hats.saturating_add(1);
                seat.groups.insert(candidate.group);
            }
            return;
        }
        let own = match candidate.slot {
            Assignee::Person(person) => Some(person),
            Assignee::Contact(_) => None,
        };
        let named = |people: &BTreeSet<PersonId>| {
            let mut meant = own.into_iter().chain(candidate.instead_of);
            meant.any(|person| people.contains(&person))
        };
        let weights = self.weights.iter().filter(|(people, _)| named(people));
        let weight = weights.map(|(_, weight)| *weight).max().unwrap_or(1);
        let seat = Seat {
            weight,
            veto: named(&self.veto),
            mandate: candidate.mandate,
            ..Seat::plain(candidate.group)
        };
        self.push(candidate.slot, seat);
    }
}

/// Adds what a resolver finds; whether it found anybody, those with a slot already included.
pub(super) fn find(
    run: &Run<'_>,
    stage: &Stage,
    resolver: &Resolver,
    group: u32,
    roll: &mut Roll,
) -> Result<bool, Refusal> {
    let subject = run.subject()?;
    let candidate = |slot, instead_of| Candidate {
        slot,
        group,
        instead_of,
        mandate: match slot {
            Assignee::Person(person) => run.mandate(resolver, person).ok().flatten(),
            Assignee::Contact(_) => None,
        },
    };
    if let Resolver::Contact(name) = resolver {
        let Some(FieldValue::Reference(id)) = subject.card.get(name) else {
            return Ok(false);
        };
        let contact = Assignee::Contact(ContactId(*id));
        roll.add(stage, &candidate(contact, None));
        return Ok(true);
    }
    if let Resolver::One { pick, of } = resolver {
        return find_one(run, stage, *pick, of, group, roll);
    }
    let mut found = false;
    let mut conflicted = Vec::new();
    let duties = Duties::of(run, stage);
    for person in people(run, subject, resolver) {
        let may = run.directory.active(person).is_some() && duties.forbid(person)?.is_none();
        if !may {
            conflicted.push(person);
            continue;
        }
        found = true;
        roll.add(stage, &candidate(Assignee::Person(person), None));
    }
    // Nobody above has a mandate because somebody below has one.
    if run.asks_for_mandate(resolver) {
        conflicted.clear();
    }
    for person in conflicted {
        if let Some(other) = replacement(run, stage, person, roll)? {
            let other = Assignee::Person(other);
            roll.add(stage, &candidate(other, Some(person)));
            found = true;
        }
    }
    Ok(found)
}

/// The people a resolver names, before separation of duties. A single person may be inactive:
/// they are replaced by their manager like a conflicted one, never left out silently.
pub(super) fn people(run: &Run<'_>, subject: &Subject, resolver: &Resolver) -> BTreeSet<PersonId> {
    let directory = run.directory;
    let departments = |name: &DepartmentRef| departments(run, subject, name);
    match resolver {
        Resolver::Login(login) => {
            let found = directory.person_by_login(login);
            found.map(|person| person.id).into_iter().collect()
        }
        Resolver::Role {
            role,
            department: None,
        } => directory.holders(role, None),
        Resolver::Role {
            role,
            department: Some(name),
        } => departments(name)
            .into_iter()
            .flat_map(|department| directory.holders(role, Some(department)))
            .collect(),
        Resolver::RoleFor { .. } | Resolver::Signatory { .. } => {
            by_register(run, subject, resolver)
        }
        Resolver::Group(group) => directory
            .groups
            .get(group)
            .into_iter()
            .flatten()
            .copied()
            .filter(|person| directory.active(*person).is_some())
            .collect(),
        Resolver::Department(name) => departments(name)
            .into_iter()
            .flat_map(|department| directory.members(department))
            .collect(),
        Resolver::HeadOf(name) => departments(name)
            .into_iter()
            .find_map(|department| directory.head_of(department))
            .into_iter()
            .collect(),
        Resolver::ManagerOfInitiator { level } => directory
            .managers_above(subject.initiator)
            .into_iter()
            .skip(usize::from(level.saturating_sub(1)))
            .take(1)
            .collect(),
        Resolver::Field(name) => match subject.card.get(name) {
            Some(FieldValue::Reference(id)) => {
                let person = PersonId(*id);
                directory
                    .people
                    .contains_key(&person)
                    .then_some(person)
                    .into_iter()
                    .collect()
            }
            _ => BTreeSet::new(),
        },
        Resolver::Contact(_) => BTreeSet::new(),
        Resolver::One { of, .. } => people(run, subject, of),
        Resolver::Except { of, who } => {
            let mut found = people(run, subject, of);
            for left_out in who {
                let left_out = people(run, subject, left_out);
                found.retain(|person| !left_out.contains(person));
            }
            found
        }
    }
}

fn departments(run: &Run<'_>, subject: &Subject, name: &DepartmentRef) -> Vec<DepartmentId> {
    let directory = run.directory;
    match name {
        DepartmentRef::Key(key) => directory
            .department_by_key(key)
            .map(|found| found.id)
            .into_iter()
            .collect(),
        DepartmentRef::Field(field) => match subject.card.get(field) {
            Some(FieldValue::Reference(id)) => {
                let id = DepartmentId(*id);
                directory
                    .departments
                    .contains_key(&id)
                    .then_some(id)
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        },
        DepartmentRef::Initiator => directory
            .people
            .get(&subject.initiator)
            .map(|person| person.departments.iter().copied().collect())
            .unwrap_or_default(),
    }
}
