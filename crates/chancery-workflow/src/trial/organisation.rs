//! Reading an organisation from a file: people, departments, groups, who is away.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::{DepartmentId, PersonId};
use chancery_types::{FieldType, Instant};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::company::id_of;
use crate::absence::{Absence, Substitute};
use crate::diagnostic::Diagnostic;
use crate::directory::{Department, Directory, Person, RoleHeld};
use crate::mandate::Mandate;
use crate::read::{self, Fields, Findings, Keys};
use crate::vocabulary::Vocabulary;
use crate::yaml::{self, Node, Value};

const ORGANISATION_KEYS: Keys = Keys {
    known: &["people", "departments", "groups", "mandates"],
    later: &[],
};
const PERSON_KEYS: Keys = Keys {
    known: &["login", "departments", "roles", "manager", "active", "away"],
    later: &[],
};
const DEPARTMENT_KEYS: Keys = Keys {
    known: &["key", "head", "parent"],
    later: &[],
};
const ROLE_KEYS: Keys = Keys {
    known: &["role", "department"],
    later: &[],
};
const AWAY_KEYS: Keys = Keys {
    known: &["from", "until", "substitute", "signs"],
    later: &[],
};

impl Directory {
    /// Reads an organisation: `people` with `login`, `departments`, `roles`, `manager`, `active`,
    /// `away`; `departments` with `key`, `head`, `parent`; `groups`; `mandates` with `person`,
    /// `entity`, `role`, `limit`, `from`, `until`, `basis`. Days are days of `zone`, the last one
    /// whole. The same login is the same person as in a [`super::Scene`].
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file, in its order.
    pub fn parse(
        source: &str,
        vocabulary: &Vocabulary,
        zone: &TimeZone,
    ) -> Result<Self, Vec<Diagnostic>> {
        let tree = yaml::parse(source).map_err(|finding| vec![finding])?;
        let mut findings = Findings::default();
        let mut reader = Reader {
            directory: Self::default(),
            vocabulary,
            zone,
        };
        reader.read(&tree, &mut findings);
        if findings.has_errors() {
            return Err(findings.into_list());
        }
        Ok(reader.directory)
    }
}

impl Directory {
    /// The same organisation with the identifiers that a [`super::Scene`] gives: the same login is
    /// the same person there, and the same key the same department.
    #[must_use]
    pub fn as_in_scenes(self) -> Self {
        let turns = self.turns.iter().map(|(path, asked)| {
            let asked = asked
                .iter()
                .map(|(id, at)| (self.person_in_scenes(*id), *at));
            (path.clone(), asked.collect())
        });
        let absences = self.absences.iter().map(|one| Absence {
            person: self.person_in_scenes(one.person),
            substitute: one.substitute.clone().map(|substitute| Substitute {
                person: self.person_in_scenes(substitute.person),
                ..substitute
            }),
            ..one.clone()
        });
        let mandates = self.mandates.iter().map(|row| Mandate {
            person: self.person_in_scenes(row.person),
            ..row.clone()
        });
        let groups = self.groups.iter().map(|(key, members)| {
            let members = members.iter().map(|id| self.person_in_scenes(*id));
            (key.clone(), members.collect())
        });
        let loads = self.loads.iter();
        let loads = loads.map(|(id, count)| (self.person_in_scenes(*id), *count));
        let people = self.people.values().map(|one| self.shown_person(one));
        let departments = self.departments.values().map(|one| Department {
            id: self.department_in_scenes(one.id),
            head: one.head.map(|id| self.person_in_scenes(id)),
            parent: one.parent.map(|id| self.department_in_scenes(id)),
            ..one.clone()
        });
        Self {
            people: people.map(|person| (person.id, person)).collect(),
            departments: departments.map(|one| (one.id, one)).collect(),
            groups: groups.collect(),
            loads: loads.collect(),
            turns: turns.collect(),
            absences: absences.collect(),
            mandates: mandates.collect(),
            read_at: self.read_at,
        }
    }

    fn shown_person(&self, person: &Person) -> Person {
        let department = |id: &DepartmentId| self.department_in_scenes(*id);
        let roles = person.roles.iter().map(|held| RoleHeld {
            role: held.role.clone(),
            department: held.department.as_ref().map(department),
        });
        Person {
            id: self.person_in_scenes(person.id),
            departments: person.departments.iter().map(department).collect(),
            roles: roles.collect(),
            manager: person.manager.map(|id| self.person_in_scenes(id)),
            ..person.clone()
        }
    }

    fn person_in_scenes(&self, id: PersonId) -> PersonId {
        let found = self.people.get(&id);
        let shown = |one: &Person| PersonId(id_of(FieldType::Person, &one.login));
        found.map_or(id, shown)
    }

    fn department_in_scenes(&self, id: DepartmentId) -> DepartmentId {
        let found = self.departments.get(&id);
        let shown = |one: &Department| DepartmentId(id_of(FieldType::Department, &one.key));
        found.map_or(id, shown)
    }
}

pub(super) struct Reader<'a> {
    pub(super) directory: Directory,
    pub(super) vocabulary: &'a Vocabulary,
    zone: &'a TimeZone,
}

impl Reader<'_> {
    fn read(&mut self, tree: &Node, findings: &mut Findings) {
        let Some(fields) = Fields::open(tree, ORGANISATION_KEYS, findings) else {
            return;
        };
        // Names before whoever they are named by.
        let departments = fields.get("departments");
        let departments = departments.and_then(|node| read::list(node, findings));
        for node in departments.unwrap_or_default() {
            let fields = Fields::open(node, DEPARTMENT_KEYS, findings);
            let key = fields.and_then(|fields| fields.require("key", findings));
            if let Some(key) = key.and_then(|node| read::text(node, findings)) {
                self.department(key);
            }
        }
        let people = fields.require("people", findings);
        let people = people.and_then(|node| read::list(node, findings));
        let people = people.unwrap_or_default();
        for node in people {
            let fields = Fields::open(node, PERSON_KEYS, findings);
            let login = fields.and_then(|fields| fields.require("login", findings));
            let Some(node) = login else {
                continue;
            };
            if let Some(login) = read::text(node, findings)
                && !self.person(login)
            {
                findings.push(Diagnostic::error("W101", "duplicate-id", node.at).arg("id", login));
            }
        }
        for node in people {
            self.read_person(node, findings);
        }
        for node in departments.unwrap_or_default() {
            self.read_department(node, findings);
        }
        if let Some(node) = fields.get("groups") {
            self.read_groups(node, findings);
        }
        if let Some(node) = fields.get("mandates") {
            self.read_mandates(node, findings);
        }
    }

    /// False if somebody has this login already.
    fn person(&mut self, login: &str) -> bool {
        let id = PersonId(id_of(FieldType::Person, login));
        let person = Person {
            id,
            login: login.to_owned(),
            active: true,
            departments: BTreeSet::new(),
            roles: BTreeSet::new(),
            manager: None,
        };
        self.directory.people.insert(id, person).is_none()
    }

    fn department(&mut self, key: &str) {
        let id = DepartmentId(id_of(FieldType::Department, key));
        let department = Department {
            id,
            key: key.to_owned(),
            head: None,
            parent: None,
        };
        self.directory.departments.insert(id, department);
    }

    pub(super) fn known_person(&self, node: &Node, findings: &mut Findings) -> Option<PersonId> {
        let login = read::text(node, findings)?;
        let found = self
            .directory
            .person_by_login(login)
            .map(|person| person.id);
        if found.is_none() {
            let people = self.directory.people.values();
            let known = people.map(|person| person.login.as_str());
            let finding = Diagnostic::error("W201", "organisation-nobody", node.at);
            findings.push(finding.arg("name", login).suggest(login, known));
        }
        found
    }

    fn known_department(&self, node: &Node, findings: &mut Findings) -> Option<DepartmentId> {
        let key = read::text(node, findings)?;
        let found = self.directory.department_by_key(key).map(|found| found.id);
        if found.is_none() {
            let departments = self.directory.departments.values();
            let known = departments.map(|department| department.key.as_str());
            let finding = Diagnostic::error("W201", "organisation-no-department", node.at);
            findings.push(finding.arg("name", key).suggest(key, known));
        }
        found
    }

    fn read_person(&mut self, node: &Node, findings: &mut Findings) {
        let mut silent = Findings::default();
        let Some(fields) = Fields::open(node, PERSON_KEYS, &mut silent) else {
            return;
        };
        let login = fields.get("login");
        let Some(login) = login.and_then(|node| read::text(node, &mut silent)) else {
            return;
        };
        let id = PersonId(id_of(FieldType::Person, login));
        let departments = fields.get("departments");
        let departments = departments.and_then(|node| read::list(node, findings));
        let departments = departments.unwrap_or_default().iter();
        let departments: BTreeSet<DepartmentId> = departments
            .filter_map(|node| self.known_department(node, findings))
            .collect();
        let roles = fields
            .get("roles")
            .and_then(|node| read::list(node, findings));
        let roles: BTreeSet<RoleHeld> = roles
            .unwrap_or_default()
            .iter()
            .filter_map(|node| self.read_role(node, findings))
            .collect();
        let above = fields.get("manager");
        let above = above.and_then(|node| self.known_person(node, findings));
        let active = fields.get("active");
        let active = active.and_then(|node| read::boolean(node, findings));
        if let Some(node) = fields.get("away") {
            let absence = self.read_absence(id, node, findings);
            self.directory.absences.extend(absence);
        }
        if let Some(person) = self.directory.people.get_mut(&id) {
            person.departments = departments;
            person.roles = roles;
            person.manager = above;
            person.active = active.unwrap_or(true);
        }
    }

    fn read_role(&self, node: &Node, findings: &mut Findings) -> Option<RoleHeld> {
        let (role, department) = match &node.value {
            Value::Scalar(_) => (node, None),
            _ => {
                let fields = Fields::open(node, ROLE_KEYS, findings)?;
                (fields.require("role", findings)?, fields.get("department"))
            }
        };
        let name = read::text(role, findings)?;
        if !self.vocabulary.roles().contains_key(name) {
            let finding = Diagnostic::error("W201", "unknown-role", role.at);
            let known = self.vocabulary.roles().keys().map(String::as_str);
            findings.push(finding.arg("name", name).suggest(name, known));
            return None;
        }
        let department = match department {
            Some(node) => Some(self.known_department(node, findings)?),
            None => None,
        };
        let role = name.to_owned();
        Some(RoleHeld { role, department })
    }

    fn read_absence(
        &self,
        person: PersonId,
        node: &Node,
        findings: &mut Findings,
    ) -> Option<Absence> {
        let fields = Fields::open(node, AWAY_KEYS, findings)?;
        let from = fields.require("from", findings)?;
        let from = self.read_day(from, findings)?;
        let last = fields.require("until", findings)?;
        let until = self.read_day(last, findings)?.tomorrow().ok()?;
        let signs = fields.get("signs");
        let signs = signs.and_then(|node| read::boolean(node, findings));
        let substitute = fields.get("substitute");
        let substitute = substitute.and_then(|node| self.known_person(node, findings));
        Some(Absence {
            person,
            from: self.begins(from)?,
            until: self.begins(until)?,
            substitute: substitute.map(|person| Substitute {
                person,
                kinds: BTreeSet::new(),
                signs: signs.unwrap_or(false),
            }),
        })
    }

    pub(super) fn read_day(&self, node: &Node, findings: &mut Findings) -> Option<Date> {
        let written = read::text(node, findings)?;
        let day = written.parse().ok();
        if day.is_none() {
            let finding = Diagnostic::error("W412", "bad-date", node.at);
            findings.push(finding.arg("text", written));
        }
        day
    }

    pub(super) fn begins(&self, day: Date) -> Option<Instant> {
        let at: DateTime = day.to_datetime(Time::midnight());
        let at = self
            .zone
            .to_ambiguous_zoned_datetime(at)
            .compatible()
            .ok()?;
        Some(at.timestamp().into())
    }

    fn read_department(&mut self, node: &Node, findings: &mut Findings) {
        let mut silent = Findings::default();
        let Some(fields) = Fields::open(node, DEPARTMENT_KEYS, &mut silent) else {
            return;
        };
        let key = fields.get("key");
        let Some(key) = key.and_then(|node| read::text(node, &mut silent)) else {
            return;
        };
        let id = DepartmentId(id_of(FieldType::Department, key));
        let head = fields.get("head");
        let head = head.and_then(|node| self.known_person(node, findings));
        let parent = fields.get("parent");
        let parent = parent.and_then(|node| self.known_department(node, findings));
        if let Some(department) = self.directory.departments.get_mut(&id) {
            department.head = head;
            department.parent = parent;
        }
    }

    fn read_groups(&mut self, node: &Node, findings: &mut Findings) {
        let fields = Fields::open_any(node, findings);
        let mut groups: BTreeMap<String, BTreeSet<PersonId>> = BTreeMap::new();
        for (key, node) in fields.iter().flat_map(Fields::pairs) {
            if !self.vocabulary.groups().contains_key(&key.name) {
                let finding = Diagnostic::error("W201", "unknown-group", key.at);
                let known = self.vocabulary.groups().keys().map(String::as_str);
                findings.push(finding.arg("name", &key.name).suggest(&key.name, known));
                continue;
            }
            let members = read::list(node, findings).unwrap_or_default().iter();
            let members = members.filter_map(|node| self.known_person(node, findings));
            let members = members.collect();
            groups.insert(key.name.clone(), members);
        }
        self.directory.groups = groups;
    }
}
