//! Who is asked by the register of mandates, and whether their mandate stands when they act.

use std::collections::BTreeSet;

use chancery_types::id::{MandateId, PersonId};
use chancery_types::{FieldValue, Instant};

use super::Run;
use super::assignees::people;
use crate::definition::{Definition, Resolver, Stage, Word};
use crate::directory::Directory;
use crate::mandate::{Act, Lack, find};
use crate::refusal::Refusal;
use crate::state::{Assignee, Seat, State, Subject, TaskNumber};

impl Run<'_> {
    /// What is to be done by a mandate where a resolver asks for one; `None` in the second place if
    /// the card does not say for whom, or of what amount: then nobody may.
    fn act(&self, resolver: &Resolver) -> Option<Option<Act>> {
        let card = &self.state.subject.as_ref()?.card;
        let word = |word: &Word| match word {
            Word::Is(text) => Some(text.clone()),
            Word::Of(field) => match card.get(field) {
                Some(FieldValue::Text(text)) => Some(text.clone()),
                _ => None,
            },
        };
        match resolver {
            Resolver::RoleFor { role, entity, .. } => Some(word(entity).map(|entity| Act {
                entity,
                role: Some(role.clone()),
                amount: None,
                is_limited: false,
            })),
            Resolver::Signatory {
                entity,
                amount,
                currency,
            } => {
                let money = match amount.as_ref().map(|field| card.get(field)) {
                    Some(Some(FieldValue::Money(money))) => Some(money.clone()),
                    None => None,
                    Some(_) => return Some(None),
                };
                let wanted = currency.as_ref().map(word);
                let is_other = wanted.is_some_and(|wanted| {
                    wanted.as_ref() != money.as_ref().map(|money| &money.currency)
                });
                let act = word(entity).filter(|_| !is_other).map(|entity| Act {
                    entity,
                    role: None,
                    amount: money,
                    is_limited: true,
                });
                Some(act)
            }
            Resolver::One { of, .. } | Resolver::Except { of, .. } => self.act(of),
            _ => None,
        }
    }

    /// Whether whoever a resolver names is named by the register.
    pub(super) fn asks_for_mandate(&self, resolver: &Resolver) -> bool {
        self.act(resolver).is_some()
    }

    /// Those whose mandate stands for what a resolver asks for; everybody of it where it asks for
    /// none.
    fn mandated(&self, resolver: &Resolver, person: PersonId) -> bool {
        match self.act(resolver) {
            None => true,
            Some(_) => matches!(self.mandate(resolver, person), Ok(Some(_))),
        }
    }

    /// By which mandate a person acts where a resolver asks for one.
    pub(super) fn mandate(
        &self,
        resolver: &Resolver,
        person: PersonId,
    ) -> Result<Option<MandateId>, Lack> {
        match self.act(resolver) {
            None => Ok(None),
            Some(None) => Err(Lack::Absent),
            Some(Some(act)) => {
                let register = &self.directory.mandates;
                find(register, person, &act, self.mandates_at()).map(|found| Some(found.id))
            }
        }
    }

    /// Of a step its own instant; before a start, when the directory was read.
    fn mandates_at(&self) -> Instant {
        match self.directory.read_at {
            Some(read_at) if self.is_foreseen => read_at,
            _ => self.at,
        }
    }

    /// By which mandate a person acts in the seat of `elector`, which was given by one.
    pub(super) fn mandate_in_seat(
        &self,
        stage: &Stage,
        elector: Assignee,
        person: PersonId,
    ) -> Result<Option<MandateId>, Refusal> {
        let Some(seat) = self
            .own_seat(stage, elector)
            .filter(|seat| seat.mandate.is_some())
        else {
            return Ok(None);
        };
        let own = seat.groups.iter();
        let own = own.filter_map(|group| stage.assignees.get(*group as usize));
        let mut all = own.chain(&stage.if_empty);
        let Some(resolver) = all.find(|resolver| self.act(resolver).is_some()) else {
            return Ok(None);
        };
        let stage = stage.path.clone();
        self.mandate(resolver, person)
            .map_err(|lack| Refusal::Mandate { stage, lack })
    }

    fn own_seat(&self, stage: &Stage, elector: Assignee) -> Option<&Seat> {
        let entry = self.state.stages.get(&stage.path)?;
        let index = entry.electorate.iter().position(|sits| *sits == elector)?;
        entry.seats.get(index)
    }
}

/// Whom the register names for a resolver that asks it, before separation of duties.
pub(super) fn by_register(
    run: &Run<'_>,
    subject: &Subject,
    resolver: &Resolver,
) -> BTreeSet<PersonId> {
    let mut found = match resolver {
        Resolver::RoleFor {
            role, department, ..
        } => {
            let of = Resolver::Role {
                role: role.clone(),
                department: department.clone(),
            };
            people(run, subject, &of)
        }
        _ => {
            let all = run.directory.people.values();
            let active = all.filter(|person| person.active);
            active.map(|person| person.id).collect()
        }
    };
    found.retain(|person| run.mandated(resolver, *person));
    found
}

/// Whether somebody may act in a task by the register of mandates, as it stands at `at`: for
/// whoever prepares a signature. A task that asks for no mandate is no matter of it.
///
/// # Errors
///
/// The [`Refusal`] that acting would meet.
pub fn check_mandate(
    definition: &Definition,
    state: &State,
    (task, person): (TaskNumber, PersonId),
    directory: &Directory,
    at: Instant,
) -> Result<(), Refusal> {
    let run = Run {
        definition,
        directory,
        at,
        is_foreseen: false,
        state: state.clone(),
        effects: Vec::new(),
    };
    let open = run.open_task(task)?;
    let stage = run.stage(&open.stage)?;
    run.mandate_in_seat(stage, open.elector, person)?;
    Ok(())
}
