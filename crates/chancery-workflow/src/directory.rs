//! The organisation as the engine sees it: a value, read by the caller before a step.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::id::{DepartmentId, PersonId};
use serde::{Deserialize, Serialize};

use crate::absence::Absence;
use crate::mandate::Mandate;

/// The longest chain of managers or of parent departments that is followed. A loop in the
/// directory ends here.
const CHAIN_MAX: usize = 32;

/// A role that a person holds, everywhere or within one department.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleHeld {
    /// The role's key in the vocabulary.
    pub role: String,
    /// The department it is held in; `None` for the whole organisation.
    pub department: Option<DepartmentId>,
}

/// A person of the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// The name they log in with, as `user:` in a workflow gives it.
    pub login: String,
    /// Whether they work here now. Nothing is assigned to a person who does not.
    pub active: bool,
    /// The departments they belong to.
    pub departments: BTreeSet<DepartmentId>,
    /// The roles they hold.
    pub roles: BTreeSet<RoleHeld>,
    /// Whom they report to. Without it, the head of their department is meant.
    pub manager: Option<PersonId>,
}

/// A department of the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// The department.
    pub id: DepartmentId,
    /// Its short name in workflows: `legal`.
    pub key: String,
    /// Who heads it.
    pub head: Option<PersonId>,
    /// The department above it.
    pub parent: Option<DepartmentId>,
}

/// People, departments and groups at the moment of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// The people, active or not.
    pub people: BTreeMap<PersonId, Person>,
    /// The departments.
    pub departments: BTreeMap<DepartmentId, Department>,
    /// The members of each group, by the group's key in the vocabulary.
    pub groups: BTreeMap<String, BTreeSet<PersonId>>,
    /// How many open tasks people have; nobody who is not named has any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub loads: BTreeMap<PersonId, u32>,
    /// When people were asked last, by the path of a stage that asks them in turn; nobody who is
    /// not named was.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub turns: BTreeMap<String, BTreeMap<PersonId, Instant>>,
    /// Who is away, was or will be.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub absences: BTreeSet<Absence>,
    /// The register of mandates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mandates: Vec<Mandate>,
    /// When it was read: as of when a run is foreseen that was not started. A step has its own
    /// instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Instant>,
}

impl Directory {
    /// The person, if they are known and work here.
    #[must_use]
    pub fn active(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id).filter(|person| person.active)
    }

    /// The department with this key.
    #[must_use]
    pub fn department_by_key(&self, key: &str) -> Option<&Department> {
        self.departments
            .values()
            .find(|department| department.key == key)
    }

    /// The person with this login.
    #[must_use]
    pub fn person_by_login(&self, login: &str) -> Option<&Person> {
        self.people.values().find(|person| person.login == login)
    }

    /// The active holders of a role. With a department: those who hold it there, and those who
    /// hold it everywhere and belong to that department.
    #[must_use]
    pub fn holders(&self, role: &str, department: Option<DepartmentId>) -> BTreeSet<PersonId> {
        let holds = |person: &&Person| {
            person.active
                && person
                    .roles
                    .iter()
                    .filter(|held| held.role == role)
                    .any(|held| match (department, held.department) {
                        (None, _) => true,
                        (Some(wanted), Some(there)) => wanted == there,
                        (Some(wanted), None) => person.departments.contains(&wanted),
                    })
        };
        self.people
            .values()
            .filter(holds)
            .map(|person| person.id)
            .collect()
    }

    /// The active members of a department.
    #[must_use]
    pub fn members(&self, department: DepartmentId) -> BTreeSet<PersonId> {
        self.people
            .values()
            .filter(|person| person.active && person.departments.contains(&department))
            .map(|person| person.id)
            .collect()
    }

    /// The nearest active head of a department: its own, else of the department above.
    #[must_use]
    pub fn head_of(&self, department: DepartmentId) -> Option<PersonId> {
        self.heads_from(department).next()
    }

    /// Whom a person reports to, nearest first, without repetition and without the person: the
    /// named managers upwards, and where none is named, the heads of their departments upwards.
    /// Inactive people are passed over but their managers are not.
    #[must_use]
    pub fn managers_above(&self, person: PersonId) -> Vec<PersonId> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([person]);
        let mut below = person;
        for _ in 0..CHAIN_MAX {
            let Some(above) = self.manager_of(below, &seen) else {
                break;
            };
            seen.insert(above);
            if self.active(above).is_some() {
                found.push(above);
            }
            below = above;
        }
        found
    }

    fn manager_of(&self, id: PersonId, seen: &BTreeSet<PersonId>) -> Option<PersonId> {
        let person = self.people.get(&id)?;
        if let Some(manager) = person.manager {
            return (!seen.contains(&manager) && self.people.contains_key(&manager))
                .then_some(manager);
        }
        person
            .departments
            .iter()
            .flat_map(|department| self.heads_from(*department))
            .find(|head| !seen.contains(head))
    }

    fn heads_from(&self, department: DepartmentId) -> impl Iterator<Item = PersonId> {
        let start = self.departments.get(&department);
        std::iter::successors(start, |below| {
            below
                .parent
                .and_then(|parent| self.departments.get(&parent))
        })
        .take(CHAIN_MAX)
        .filter_map(|department| department.head)
        .filter(|head| self.active(*head).is_some())
    }
}
