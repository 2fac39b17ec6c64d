//! Who starts a run of a workflow that not everybody may start.

use super::company::{Company, seat_of};
use crate::definition::Resolver;

impl Company {
    /// Makes the initiator one of those who may start: of the first of `starters` that nobody else
    /// is asked by, so that who decides stays the same. Nothing where the scene says itself who
    /// they are.
    pub(super) fn let_start(&mut self, starters: &[Resolver]) {
        let is_said = |one: &&Resolver| self.seats.contains_key(&seat_of(one));
        if starters.is_empty() || starters.iter().any(|one| self.is_scenes_own(one)) {
            return;
        }
        let free = starters.iter().find(|one| !is_said(one));
        let found = free.or(starters.first()).cloned();
        if let Some(starter) = found {
            self.asked.insert(seat_of(&starter));
            self.make(&starter);
        }
    }

    /// Whether the scene names who stands behind it: then it is invented for nobody.
    fn is_scenes_own(&self, resolver: &Resolver) -> bool {
        let seat = seat_of(resolver);
        let names = self.seats.get(&seat).and_then(|names| names.first());
        names.is_some_and(|first| *first != seat)
    }

    fn make(&mut self, starter: &Resolver) {
        let initiator = self.initiator;
        match starter {
            Resolver::Role { role, department } => {
                let within = match department {
                    Some(department) => self.departments_of(department).map(Some).collect(),
                    None => vec![None],
                };
                for department in within {
                    self.hold(initiator, role, department);
                }
            }
            Resolver::RoleFor {
                role, department, ..
            } => {
                self.make(&Resolver::Role {
                    role: role.clone(),
                    department: department.clone(),
                });
                self.give_mandates(&[initiator], Some(role));
            }
            Resolver::Signatory { .. } => self.give_mandates(&[initiator], None),
            Resolver::Group(group) => {
                let members = self.directory.groups.entry(group.clone()).or_default();
                members.insert(initiator);
            }
            Resolver::Department(department) => {
                let within: Vec<_> = self.departments_of(department).collect();
                if let Some(person) = self.directory.people.get_mut(&initiator) {
                    person.departments.extend(within);
                }
            }
            Resolver::HeadOf(department) => {
                let within: Vec<_> = self.departments_of(department).collect();
                for id in within {
                    if let Some(department) = self.directory.departments.get_mut(&id) {
                        department.head = department.head.or(Some(initiator));
                    }
                }
            }
            Resolver::One { of, .. } | Resolver::Except { of, .. } => self.make(of),
            // They are named, by the file or by the card.
            Resolver::Login(_)
            | Resolver::Field(_)
            | Resolver::Contact(_)
            | Resolver::ManagerOfInitiator { .. } => {}
        }
    }
}
