//! An invented organisation in which every role, group and field of a workflow is somebody.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::{ContactId, DepartmentId, MandateId, PersonId};
use chancery_types::{Digest, FieldType, Instant};
use uuid::Uuid;

use super::beside::beside_stages;
use super::steps::{Named, Scene};
use crate::definition::{
    Definition, DepartmentRef, OnTimeout, Pick, Quorum, Resolver, Stage, Successor,
};
use crate::directory::{Department, Directory, Person, RoleHeld};
use crate::mandate::Mandate;
use crate::state::Assignee;
use crate::vocabulary::ADMINISTRATOR;

/// The most people who stand behind one role: as many as a quorum may want.
const PEOPLE_MAX: u32 = 5_000;
/// The most of them whom a weight invents: a few of them may weigh it.
const WEIGHED_MAX: u32 = 200;
/// Above everybody: whoever takes the seat of somebody whom a rule excludes.
const CHIEF: &str = "chief-of-everybody";
/// Who starts the run, unless the scene says so.
const INITIATOR: &str = "initiator";
/// Whom the initiator reports to.
const MANAGER: &str = "manager-of-initiator";
/// Who signs by the register of mandates.
const SIGNATORY: &str = "signatory-by-mandate";
/// Where the initiator works.
const OWN_DEPARTMENT: &str = "initiators";

/// Invented people: distinct for each role, group and field, unless the scene names them. One for
/// each, or as many as the quorum of a stage needs: `lawyer`, `lawyer-2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// The organisation.
    pub directory: Directory,
    /// Who starts the run.
    pub initiator: PersonId,
    /// Who may stop it.
    pub administrator: PersonId,
    /// The names of contacts.
    contacts: BTreeMap<ContactId, String>,
    /// Who stands behind each name.
    pub(super) seats: BTreeMap<String, Vec<String>>,
    /// Those of the names that the file asks for.
    pub(super) asked: BTreeSet<String>,
    /// The departments that fields of the card name, by field.
    departments: BTreeMap<String, BTreeSet<String>>,
}

/// The same name is the same identifier in every trial.
pub(super) fn id_of(sort: FieldType, name: &str) -> Uuid {
    let digest = Digest::of(format!("{sort:?} {name}").as_bytes());
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest.as_bytes()) {
        *to = *from;
    }
    Uuid::from_bytes(bytes)
}

impl Company {
    /// Everybody whom the workflow may ask. `named` is whoever later versions of the card name.
    #[must_use]
    pub fn new(definition: &Definition, scene: &Scene, named: &[Named]) -> Self {
        let mut company = Self::of_initiator(scene);
        for named in scene.named.iter().chain(named) {
            company.name(named);
        }
        let stages: Vec<&Stage> = definition.every_stage().collect();
        for stage in &stages {
            company.give_vetoes(stage);
        }
        for stage in stages {
            company.fill_stage(stage);
        }
        for resolver in beside_stages(definition) {
            company.seat(&resolver, 1);
        }
        company.let_start(definition.starters());
        company
    }

    /// Only the initiator and those around them: for whoever asks about nobody else.
    pub(super) fn of_initiator(scene: &Scene) -> Self {
        let own = scene.initiator.clone().unwrap_or_default();
        let login = own.login.as_deref().unwrap_or(INITIATOR);
        let mut company = Self {
            directory: Directory::default(),
            initiator: PersonId(id_of(FieldType::Person, login)),
            administrator: PersonId(id_of(FieldType::Person, ADMINISTRATOR)),
            contacts: BTreeMap::new(),
            seats: BTreeMap::new(),
            asked: BTreeSet::new(),
            departments: BTreeMap::new(),
        };
        for (seat, (names, _)) in &scene.people {
            company.seats.insert(seat.clone(), names.clone());
        }
        company.person(CHIEF);
        company.found(&own.departments, login);
        for group in own.groups {
            let members = company.directory.groups.entry(group).or_default();
            members.insert(company.initiator);
        }
        company
    }

    /// The same company without those whom stages ask that are skipped where nobody is found.
    pub(super) fn without_skipped(&self, definition: &Definition) -> Self {
        let mut company = self.clone();
        let skipped = definition.stages().filter(|stage| stage.skips_if_empty);
        let seats: BTreeSet<String> = skipped
            .flat_map(|stage| stage.assignees.iter().map(seat_of))
            .collect();
        let names = company
            .seats
            .iter()
            .filter(|(seat, _)| seats.contains(*seat));
        let names: Vec<String> = names.flat_map(|(_, names)| names.clone()).collect();
        for person in company.directory.people.values_mut() {
            if names.contains(&person.login) && person.id != company.initiator {
                person.active = false;
            }
        }
        company
    }

    /// The initiator, whom they report to, and the administrator.
    fn found(&mut self, departments: &[String], login: &str) {
        let own = if departments.is_empty() {
            vec![OWN_DEPARTMENT.to_owned()]
        } else {
            departments.to_vec()
        };
        let own: Vec<DepartmentId> = own.iter().map(|key| self.department(key)).collect();
        let above = self.names_for(MANAGER, 1);
        let above = above.first().map(|name| self.person(name));
        let initiator = self.person(login);
        if let Some(person) = self.directory.people.get_mut(&initiator) {
            person.departments.extend(own);
            person.manager = above.filter(|above| *above != initiator);
        }
        let administrator = self.person(ADMINISTRATOR);
        self.hold(administrator, ADMINISTRATOR, None);
    }

    /// The person with this name.
    pub(super) fn person(&mut self, name: &str) -> PersonId {
        let id = PersonId(id_of(FieldType::Person, name));
        let chief = PersonId(id_of(FieldType::Person, CHIEF));
        self.directory.people.entry(id).or_insert_with(|| Person {
            id,
            login: name.to_owned(),
            active: true,
            departments: BTreeSet::new(),
            roles: BTreeSet::new(),
            manager: (id != chief).then_some(chief),
        });
        id
    }

    fn department(&mut self, key: &str) -> DepartmentId {
        let id = DepartmentId(id_of(FieldType::Department, key));
        let department = Department {
            id,
            key: key.to_owned(),
            head: None,
            parent: None,
        };
        self.directory.departments.entry(id).or_insert(department);
        id
    }

    pub(super) fn hold(&mut self, person: PersonId, role: &str, department: Option<DepartmentId>) {
        if let Some(person) = self.directory.people.get_mut(&person) {
            let role = role.to_owned();
            person.roles.insert(RoleHeld { role, department });
        }
    }

    pub(super) fn name(&mut self, named: &Named) {
        match named.field_type {
            FieldType::Person => {
                self.person(&named.name);
            }
            FieldType::Department => {
                self.department(&named.name);
                let known = self.departments.entry(named.field.clone()).or_default();
                known.insert(named.name.clone());
            }
            FieldType::Contact => {
                let id = ContactId(id_of(FieldType::Contact, &named.name));
                self.contacts.insert(id, named.name.clone());
            }
            _ => {}
        }
    }

    /// Who stands behind a name of the file: those whom the scene names, else so many invented.
    fn names_for(&mut self, seat: &str, count: u32) -> Vec<String> {
        let count = count.clamp(1, PEOPLE_MAX) as usize;
        self.asked.insert(seat.to_owned());
        let names = self.seats.entry(seat.to_owned()).or_default();
        // Whoever the scene names are all there are.
        if names.is_empty() {
            names.push(seat.to_owned());
        }
        let is_invented = names.first().is_some_and(|first| first == seat);
        while is_invented && names.len() < count {
            names.push(format!("{seat}-{}", names.len() + 1));
        }
        names.clone()
    }

    /// A veto and a weight belong to somebody who is asked: to the first of the stage.
    fn give_vetoes(&mut self, stage: &Stage) {
        let Some(first) = stage.assignees.first() else {
            return;
        };
        let (first, count) = (seat_of(first), needed(stage));
        let holders = stage
            .veto
            .iter()
            .chain(stage.weights.iter().map(|(who, _)| who));
        for holder in holders {
            let seat = seat_of(holder);
            let is_asked = stage.assignees.iter().any(|one| seat_of(one) == seat);
            if is_asked || self.seats.contains_key(&seat) {
                continue;
            }
            let mut names = self.names_for(&first, count);
            match holder {
                Resolver::Login(login) => {
                    names.push(login.clone());
                    self.seats.insert(first.clone(), names);
                }
                _ => {
                    names.truncate(1);
                    self.seats.insert(seat, names);
                }
            }
        }
    }

    fn fill_stage(&mut self, stage: &Stage) {
        let count = needed(stage);
        for resolver in &stage.assignees {
            self.seat(resolver, count);
        }
        let others = stage.if_empty.iter().chain(&stage.veto);
        for resolver in others.chain(stage.weights.iter().map(|(who, _)| who)) {
            self.seat(resolver, 1);
        }
        for rung in &stage.timing.escalation {
            rung.to.iter().for_each(|to| self.seat_successor(to));
        }
        match &stage.timing.on_timeout {
            Some(OnTimeout::Escalate(to)) => to.iter().for_each(|to| self.seat_successor(to)),
            Some(OnTimeout::Notify { whom, .. }) => {
                whom.iter().for_each(|to| self.seat_successor(to));
            }
            None => {}
        }
    }

    fn seat_successor(&mut self, successor: &Successor) {
        if let Successor::Resolver(resolver) = successor {
            self.seat(resolver, 1);
        }
    }

    fn seat(&mut self, resolver: &Resolver, count: u32) {
        let names = match resolver {
            Resolver::Contact(_)
            | Resolver::Field(_)
            | Resolver::One { .. }
            | Resolver::Except { .. } => Vec::new(),
            Resolver::HeadOf(_) => self.names_for(&seat_of(resolver), 1),
            Resolver::Login(login) => vec![login.clone()],
            _ => self.names_for(&seat_of(resolver), count),
        };
        let people: Vec<PersonId> = names.iter().map(|name| self.person(name)).collect();
        match resolver {
            Resolver::Login(_) => {}
            Resolver::ManagerOfInitiator { level } => self.seat_managers(*level),
            // The card names them.
            Resolver::Field(_) | Resolver::Contact(_) => {}
            Resolver::Role { role, department } => {
                let within = match department {
                    Some(department) => self.departments_of(department).map(Some).collect(),
                    None => vec![None],
                };
                for department in within {
                    for person in &people {
                        self.hold(*person, role, department);
                    }
                }
            }
            Resolver::RoleFor {
                role, department, ..
            } => {
                let of = Resolver::Role {
                    role: role.clone(),
                    department: department.clone(),
                };
                self.seat(&of, count);
                self.give_mandates(&people, Some(role));
            }
            Resolver::Signatory { .. } => self.give_mandates(&people, None),
            Resolver::Group(group) => {
                let members = self.directory.groups.entry(group.clone()).or_default();
                members.extend(people);
            }
            Resolver::Department(department) => {
                let within: Vec<_> = self.departments_of(department).collect();
                for person in people {
                    if let Some(person) = self.directory.people.get_mut(&person) {
                        person.departments.extend(within.iter().copied());
                    }
                }
            }
            Resolver::HeadOf(department) => {
                let within: Vec<_> = self.departments_of(department).collect();
                for id in within {
                    if let Some(department) = self.directory.departments.get_mut(&id) {
                        department.head = department.head.or(people.first().copied());
                    }
                }
            }
            Resolver::One { pick, of } => {
                let least = if *pick == Pick::Pool { 2 } else { 1 };
                self.seat(of, count.max(least));
            }
            Resolver::Except { of, who } => {
                self.seat(of, count);
                for left_out in who {
                    self.seat(left_out, 1);
                }
            }
        }
    }

    /// People who may act for each of our entities, in any amount: whom a trial invents lacks no
    /// paper.
    pub(super) fn give_mandates(&mut self, people: &[PersonId], role: Option<&str>) {
        for person in people {
            let name = format!("{person} {}", role.unwrap_or(SIGNATORY));
            let mandate = Mandate {
                id: MandateId(id_of(FieldType::Text, &name)),
                person: *person,
                entity: None,
                role: role.map(str::to_owned),
                limit: None,
                from: Instant::from_seconds(0),
                until: None,
                basis: SIGNATORY.to_owned(),
            };
            if self
                .directory
                .mandates
                .iter()
                .all(|one| one.id != mandate.id)
            {
                self.directory.mandates.push(mandate);
            }
        }
    }

    /// The managers above the initiator, each the manager of the one below.
    fn seat_managers(&mut self, level: u8) {
        let mut below = self.initiator;
        for at in 1..=level {
            let names = self.names_for(&manager_at(at), 1);
            let Some(above) = names.first().map(|name| self.person(name)) else {
                return;
            };
            if let Some(person) = self.directory.people.get_mut(&below) {
                person.manager = person
                    .manager
                    .or(Some(above).filter(|above| *above != below));
            }
            below = above;
        }
    }

    pub(super) fn departments_of(
        &mut self,
        which: &DepartmentRef,
    ) -> std::vec::IntoIter<DepartmentId> {
        let ids: Vec<DepartmentId> = match which {
            DepartmentRef::Key(key) => vec![self.department(key)],
            DepartmentRef::Field(field) => {
                let known = self.departments.get(field).cloned().unwrap_or_default();
                known.iter().map(|key| self.department(key)).collect()
            }
            DepartmentRef::Initiator => {
                let person = self.directory.people.get(&self.initiator);
                let own = person.map(|person| person.departments.iter().copied());
                own.into_iter().flatten().collect()
            }
        };
        ids.into_iter()
    }

    /// The person with this name, if there is one.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Assignee> {
        let contact = self.contacts.iter().find(|(_, known)| *known == name);
        let contact = contact.map(|(id, _)| Assignee::Contact(*id));
        let person = self.directory.person_by_login(name);
        person.map(|person| Assignee::Person(person.id)).or(contact)
    }

    /// The name of somebody.
    #[must_use]
    pub fn name_of(&self, assignee: Assignee) -> &str {
        let found = match assignee {
            Assignee::Person(id) => self.directory.people.get(&id).map(|person| &person.login),
            Assignee::Contact(id) => self.contacts.get(&id),
        };
        found.map_or("?", String::as_str)
    }

    /// Everybody's names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let people = self.directory.people.values();
        let people = people.map(|person| person.login.as_str());
        people.chain(self.contacts.values().map(String::as_str))
    }

    /// The names behind which a scene may put people: roles, groups, heads, whom the initiator
    /// reports to.
    pub fn seats(&self) -> impl Iterator<Item = &str> {
        self.asked.iter().map(String::as_str)
    }
}

/// The name in a scene of whoever a resolver finds.
pub(super) fn seat_of(resolver: &Resolver) -> String {
    let within = |department: &DepartmentRef| match department {
        DepartmentRef::Key(key) | DepartmentRef::Field(key) => key.clone(),
        DepartmentRef::Initiator => INITIATOR.to_owned(),
    };
    match resolver {
        Resolver::Login(name)
        | Resolver::Group(name)
        | Resolver::Field(name)
        | Resolver::Contact(name)
        | Resolver::Role {
            role: name,
            department: None,
        } => name.clone(),
        Resolver::Role {
            role,
            department: Some(department),
        } => format!("{role}-{}", within(department)),
        Resolver::RoleFor {
            role, department, ..
        } => seat_of(&Resolver::Role {
            role: role.clone(),
            department: department.clone(),
        }),
        Resolver::Signatory { .. } => SIGNATORY.to_owned(),
        Resolver::Department(department) => format!("member-{}", within(department)),
        Resolver::HeadOf(department) => format!("head-{}", within(department)),
        Resolver::ManagerOfInitiator { level } => manager_at(*level),
        Resolver::One { of, .. } | Resolver::Except { of, .. } => seat_of(of),
    }
}

/// The seat of a manager so far above the initiator.
fn manager_at(level: u8) -> String {
    match level {
        0 | 1 => MANAGER.to_owned(),
        level => format!("{MANAGER}-{level}"),
    }
}

/// How many people each of a stage's assignees must find for its quorum.
fn needed(stage: &Stage) -> u32 {
    let cases = stage.quorum_cases.iter().map(|(_, quorum)| *quorum);
    let counts = cases.chain([stage.quorum]).map(|quorum| match quorum {
        Quorum::All | Quorum::Any => 1,
        Quorum::Count(count) | Quorum::EachGroup(count) => count,
        Quorum::Weight(weight) => weight.min(WEIGHED_MAX),
        Quorum::Percent { min, .. } => min,
    });
    counts.max().unwrap_or(1).clamp(1, PEOPLE_MAX)
}
