//! A small company, its contract and its versions: what runs are played with.

use std::collections::BTreeSet;

use chancery_types::field::Card;
use chancery_types::id::{ContactId, DepartmentId, PersonId};
use chancery_types::{Digest, FieldValue, Money};
use chancery_workflow::{Actor, Assignee, Department, Directory, Person, RoleHeld, Version};
use uuid::Uuid;

/// The people, in the order of their identifiers (from 1), with department, roles and manager.
const PEOPLE: [(&str, &str, &[&str], &str); 10] = [
    ("olga", "sales", &["employee"], "pavel"),
    (
        "pavel",
        "sales",
        &["employee", "head_of_department"],
        "svetlana",
    ),
    ("irina", "legal", &["employee", "lawyer"], "lev"),
    (
        "lev",
        "legal",
        &["employee", "lawyer", "head_of_department"],
        "svetlana",
    ),
    ("anna", "finance", &["employee", "accountant"], "boris"),
    (
        "boris",
        "finance",
        &["employee", "cfo", "head_of_department"],
        "svetlana",
    ),
    ("svetlana", "board", &["employee", "signatory"], ""),
    ("tom", "board", &["employee", "administrator"], "svetlana"),
    ("nina", "board", &["employee", "clerk"], "svetlana"),
    ("gone", "legal", &["employee"], "lev"),
];
const DEPARTMENTS: [(&str, &str); 4] = [
    ("board", "svetlana"),
    ("sales", "pavel"),
    ("legal", "lev"),
    ("finance", "boris"),
];
/// The counterparty.
pub const COUNTERPARTY: Uuid = Uuid::from_u128(2001);
/// Its contacts.
const CONTACTS: [&str; 2] = ["carl", "dora"];

pub fn person(login: &str) -> PersonId {
    let index = PEOPLE
        .iter()
        .position(|(name, ..)| *name == login)
        .expect("a known person");
    PersonId(Uuid::from_u128(1 + index as u128))
}

pub fn contact(name: &str) -> ContactId {
    let index = CONTACTS
        .iter()
        .position(|known| *known == name)
        .expect("a known contact");
    ContactId(Uuid::from_u128(1001 + index as u128))
}

pub fn department(key: &str) -> DepartmentId {
    let index = DEPARTMENTS
        .iter()
        .position(|(name, _)| *name == key)
        .expect("a department");
    DepartmentId(Uuid::from_u128(101 + index as u128))
}

pub fn logins() -> impl Iterator<Item = &'static str> {
    PEOPLE.iter().map(|(login, ..)| *login)
}

/// Who stands behind an assignee.
pub fn name(assignee: Assignee) -> String {
    match assignee {
        Assignee::Person(id) => logins()
            .find(|login| person(login) == id)
            .unwrap_or("?")
            .into(),
        Assignee::Contact(id) => CONTACTS
            .into_iter()
            .find(|name| contact(name) == id)
            .unwrap_or("?")
            .into(),
    }
}

pub fn assignee(name: &str) -> Assignee {
    if CONTACTS.contains(&name) {
        Assignee::Contact(contact(name))
    } else {
        Assignee::Person(person(name))
    }
}

pub fn actor(name: &str) -> Actor {
    match assignee(name) {
        Assignee::Person(id) => Actor::Person(id),
        Assignee::Contact(id) => Actor::Contact(id),
    }
}

pub fn directory() -> Directory {
    let mut directory = Directory::default();
    for (login, key, roles, manager) in PEOPLE {
        let held = |role: &&str| RoleHeld {
            role: (*role).to_owned(),
            department: None,
        };
        directory.people.insert(
            person(login),
            Person {
                id: person(login),
                login: login.to_owned(),
                active: login != "gone",
                departments: BTreeSet::from([department(key)]),
                roles: roles.iter().map(held).collect(),
                manager: (!manager.is_empty()).then(|| person(manager)),
            },
        );
    }
    for (key, head) in DEPARTMENTS {
        directory.departments.insert(
            department(key),
            Department {
                id: department(key),
                key: key.to_owned(),
                head: Some(person(head)),
                parent: (key != "board").then(|| department("board")),
            },
        );
    }
    directory.groups.insert(
        "contract_board".to_owned(),
        BTreeSet::from([person("irina"), person("anna"), person("nina")]),
    );
    directory
}

/// A workflow for contracts with these stages (and whatever else stands at the top level).
pub fn with_stages(rest: &str) -> String {
    format!(
        "apiVersion: approvals/v1\nid: test\ntitle: {{ ru: Проба, en: Test }}\n\
         document: {{ type: contract }}\n{rest}"
    )
}

pub fn money(amount: &str, currency: &str) -> FieldValue {
    FieldValue::Money(Money::parse(amount, currency).expect("money"))
}

/// A contract's card; the executor is absent.
pub fn contract(amount: &str) -> Card {
    Card::from([
        (
            "counterparty".to_owned(),
            FieldValue::Reference(COUNTERPARTY),
        ),
        (
            "counterparty_contact".to_owned(),
            FieldValue::Reference(contact("carl").uuid()),
        ),
        (
            "subject".to_owned(),
            FieldValue::Text("Поставка бумаги".to_owned()),
        ),
        ("amount".to_owned(), money(amount, "RUB")),
        ("payment_days".to_owned(), FieldValue::Integer(10)),
        (
            "department".to_owned(),
            FieldValue::Reference(department("sales").uuid()),
        ),
    ])
}

pub fn digest(number: u32) -> Digest {
    Digest::of(format!("version {number}").as_bytes())
}

pub fn version(number: u32, author: &str) -> Version {
    Version {
        number,
        digest: digest(number),
        author: person(author),
    }
}
