//! A company of two hundred people: ten departments, every role and group that a chain may name,
//! people who are away for a week, and a few who read one letter a day.

use std::collections::BTreeMap;

use chancery::app::App;
use chancery::domain::actor::{Actor, Origin, PersonActor, Who};
use chancery::entropy;
use chancery::store::entity::{
    absences, contacts, counterparties, departments, organisations, people, person_groups,
    person_roles,
};
use chancery_types::{Instant, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Drawn, Plan};

/// How many people there are.
pub const PEOPLE_COUNT: usize = 200;
/// Departments by key: an equal part of the people each, the first of whom is its head.
const DEPARTMENTS: [&str; 10] = [
    "office",
    "sales",
    "legal",
    "finance",
    "supply",
    "hr",
    "it",
    "security",
    "production",
    "service",
];
const PEOPLE_A_DEPARTMENT: usize = PEOPLE_COUNT / DEPARTMENTS.len();
/// Roles that the head of a department or the director has, by the person's number.
const HEADS: [(usize, &[&str]); 4] = [
    (0, &["signatory"]),
    (20, &["regional_head"]),
    (40, &["legal_head"]),
    (60, &["cfo"]),
];
/// Roles that nobody draws: everybody has the first, some are said above, an administrator is said
/// below and an auditor decides nothing.
const NOT_DRAWN: [&str; 7] = [
    "employee",
    "administrator",
    "auditor",
    "signatory",
    "regional_head",
    "legal_head",
    "cfo",
];
/// How many people a group has.
const GROUP_COUNT: usize = 3;
/// How many contacts there are, each of a counterparty of its own.
const CONTACTS_COUNT: usize = 4;
/// How many people are away for a time, and how many read their letters once a day.
const AWAY_COUNT: usize = 10;
const DAILY_COUNT: usize = 10;
const DAY: i64 = 86_400;

/// A person of the company.
#[derive(Clone)]
pub struct Member {
    /// Who acts.
    pub actor: Actor,
    /// The identifier.
    pub id: Uuid,
    row: people::Model,
    roles: Vec<String>,
    groups: Vec<String>,
    heads: Vec<Uuid>,
}

/// A contact of a counterparty.
#[derive(Clone)]
pub struct Contact {
    /// The contact.
    pub id: Uuid,
    /// Its counterparty.
    pub counterparty: Uuid,
    email: String,
}

/// The company.
pub struct Company {
    /// The organisation's row.
    pub organisation: organisations::Model,
    /// Everybody, by identifier.
    pub people: BTreeMap<Uuid, Member>,
    /// Who starts documents and stands in fields of cards: people without a role.
    pub ordinary: Vec<Uuid>,
    /// Departments.
    pub departments: Vec<Uuid>,
    /// Contacts of counterparties.
    pub contacts: Vec<Contact>,
    /// Who is away: they come back by themselves.
    pub absences: Vec<absences::Model>,
}

impl Company {
    /// Writes the company of a plan.
    pub async fn settle(app: &App, plan: &Plan, drawn: &mut Drawn) -> Self {
        let tx = app.store.begin().await.expect("a transaction");
        let organisation = organisation_of(app, plan);
        let row = organisation.clone().into_active_model();
        row.insert(&tx).await.expect("an organisation");
        // In the order of their numbers, so that the same seed is the same month.
        let first = entropy::id(app.now()).as_u128() & !0xffff;
        let ids = (0..PEOPLE_COUNT as u128).map(|number| Uuid::from_u128(first | number));
        let ids: Vec<Uuid> = ids.collect();
        let departments = open_departments(&tx, organisation.id, &ids, app.now()).await;
        let (posts, free) = posts_of(app, drawn);
        let mut members = BTreeMap::new();
        for number in order(&ids) {
            let member = member(plan, &organisation, &ids, &departments, number, &posts);
            employ(&tx, &member).await;
            members.insert(member.id, member);
        }
        let contacts = befriend(&tx, app, plan, organisation.id).await;
        // Whoever stands in has no other part in any document.
        let (standing, ordinary) = free.split_at(AWAY_COUNT);
        let busy = posts.iter().filter(|(number, _)| *number % 20 != 0);
        let busy: Vec<usize> = busy.map(|(number, _)| *number).collect();
        let (away, reading) = (&busy[..AWAY_COUNT], &busy[AWAY_COUNT..]);
        let mut lasting = Vec::new();
        for (one, stand_in) in away.iter().zip(standing) {
            let row = absence(plan, &organisation, ids[*one], ids[*stand_in], drawn);
            let written = row.clone().into_active_model().insert(&tx).await;
            written.expect("an absence");
            lasting.push(row);
        }
        for number in &reading[..DAILY_COUNT] {
            let member = members.get_mut(&ids[*number]).expect("somebody");
            "daily".clone_into(&mut member.row.letters);
            let mut row = member.row.clone().into_active_model();
            row.letters = Set("daily".to_owned());
            row.update(&tx).await.expect("written");
        }
        tx.commit().await.expect("committed");
        Self {
            organisation,
            people: members,
            ordinary: ordinary.iter().map(|number| ids[*number]).collect(),
            departments,
            contacts,
            absences: lasting,
        }
    }

    /// Somebody who puts things right.
    pub fn administrator(&self) -> &Actor {
        let mut all = self.people.values();
        let one = all.find(|member| member.roles.iter().any(|role| role == "administrator"));
        &one.expect("an administrator").actor
    }

    /// Whether an address is that of a contact.
    pub fn is_contact(&self, address: &str) -> bool {
        let mut contacts = self.contacts.iter();
        contacts.any(|contact| contact.email == address)
    }

    /// Everybody, as rows of the table.
    pub fn told(&self) -> impl Iterator<Item = Value> {
        let people = self.people.values().map(|member| {
            json!({
                "row": "person", "id": member.id, "email": member.row.email,
                "manager": member.row.manager_id, "letters": member.row.letters,
                "roles": member.roles, "groups": member.groups, "heads": member.heads,
            })
        });
        let contacts = self
            .contacts
            .iter()
            .map(|contact| json!({ "row": "contact", "id": contact.id, "email": contact.email }));
        let absences = self.absences.iter().map(|row| {
            json!({
                "row": "absence", "person": row.person_id, "substitute": row.substitute_id,
                "powers": row.powers, "from": row.from_at, "until": row.until_at,
            })
        });
        people.chain(contacts).chain(absences)
    }
}

/// The person who heads everybody first, then heads, then the others: rows name their managers.
fn order(ids: &[Uuid]) -> impl Iterator<Item = usize> {
    let count = ids.len();
    let heads = (0..count).filter(|number| number % PEOPLE_A_DEPARTMENT == 0);
    let others = (0..count).filter(|number| number % PEOPLE_A_DEPARTMENT != 0);
    heads.chain(others)
}

fn organisation_of(app: &App, plan: &Plan) -> organisations::Model {
    organisations::Model {
        id: entropy::id(app.now()),
        name: plan.name.to_owned(),
        country: plan.country.to_owned(),
        inn: None,
        kpp: None,
        vat_id: None,
        locale: plan.locale.code().to_owned(),
        time_zone: plan.zone.to_owned(),
        signing_rules_ru: "Правила подписания".to_owned(),
        signing_rules_en: "Signing rules".to_owned(),
        personal_data_ru: "Согласие на обработку персональных данных".to_owned(),
        personal_data_en: "Consent to personal data processing".to_owned(),
        created_at: app.now().micros(),
        row_version: 0,
    }
}

async fn open_departments(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    ids: &[Uuid],
    now: Instant,
) -> Vec<Uuid> {
    let mut opened = Vec::new();
    for (number, key) in DEPARTMENTS.into_iter().enumerate() {
        let row = departments::ActiveModel {
            id: Set(entropy::id(now)),
            organisation_id: Set(organisation),
            key: Set(key.to_owned()),
            name: Set(key.to_owned()),
            parent_id: Set(None),
            head_id: Set(Some(ids[number * PEOPLE_A_DEPARTMENT])),
            archived_at: Set(None),
            row_version: Set(0),
        };
        opened.push(row.insert(tx).await.expect("a department").id);
    }
    opened
}

/// What somebody is beside an employee.
#[derive(Clone, Default)]
struct Post {
    roles: Vec<String>,
    groups: Vec<String>,
}

/// Who is what, by number, and who is nothing else than an employee.
fn posts_of(app: &App, drawn: &mut Drawn) -> (BTreeMap<usize, Post>, Vec<usize>) {
    let mut posts: BTreeMap<usize, Post> = BTreeMap::new();
    for (number, roles) in HEADS {
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        let post = posts.entry(number).or_default();
        post.roles = roles;
    }
    let mut free: Vec<usize> = (0..PEOPLE_COUNT)
        .filter(|number| number % PEOPLE_A_DEPARTMENT != 0)
        .collect();
    drawn.shuffle(&mut free);
    let vocabulary = app.chains.vocabulary();
    let roles = vocabulary.roles().keys();
    for role in roles.filter(|role| !NOT_DRAWN.contains(&role.as_str())) {
        for number in free.split_off(free.len() - 2) {
            posts.entry(number).or_default().roles.push(role.clone());
        }
    }
    // A second signatory, and somebody who puts the directory right.
    for role in ["signatory", "administrator"] {
        let number = free.pop().expect("somebody");
        posts.entry(number).or_default().roles.push(role.to_owned());
    }
    for group in vocabulary.groups().keys() {
        for number in free.split_off(free.len() - GROUP_COUNT) {
            posts.entry(number).or_default().groups.push(group.clone());
        }
    }
    (posts, free)
}

fn member(
    plan: &Plan,
    organisation: &organisations::Model,
    ids: &[Uuid],
    departments: &[Uuid],
    number: usize,
    posts: &BTreeMap<usize, Post>,
) -> Member {
    let department = number / PEOPLE_A_DEPARTMENT;
    let head = department * PEOPLE_A_DEPARTMENT;
    let manager = match number {
        0 => None,
        _ if number == head => Some(ids[0]),
        _ => Some(ids[head]),
    };
    let post = posts.get(&number).cloned().unwrap_or_default();
    let email = format!("p{number:03}@{}", plan.domain);
    let row = people::Model {
        id: ids[number],
        organisation_id: organisation.id,
        login: email.clone(),
        name: format!("{} {number:03}", plan.person),
        position: None,
        email,
        department_id: Some(departments[department]),
        manager_id: manager,
        locale: None,
        theme: "system".to_owned(),
        letters: "each".to_owned(),
        password_hash: None,
        state: "active".to_owned(),
        created_at: 0,
        row_version: 0,
    };
    let heads = (number == head).then(|| departments[department]);
    let heads: Vec<Uuid> = heads.into_iter().collect();
    let mut roles = vec!["employee".to_owned()];
    roles.extend(post.roles);
    let who = PersonActor {
        id: row.id.into(),
        name: row.name.clone(),
        department: row.department_id.map(Into::into),
        roles: roles.iter().map(|role| (role.clone(), None)).collect(),
        heads: heads.iter().map(|id| (*id).into()).collect(),
        scopes: None,
        token: None,
    };
    Member {
        actor: Actor {
            organisation: organisation.id.into(),
            who: Who::Person(who),
            locale: plan.locale,
            origin: Origin::default(),
        },
        id: row.id,
        row,
        roles,
        groups: post.groups,
        heads,
    }
}

async fn employ(tx: &DatabaseTransaction, member: &Member) {
    let row = member.row.clone().into_active_model();
    row.insert(tx).await.expect("a person");
    let organisation = member.row.organisation_id;
    let roles = member.roles.iter().map(|role| person_roles::ActiveModel {
        id: Set(entropy::id(Instant::from_micros(0))),
        organisation_id: Set(organisation),
        person_id: Set(member.id),
        role: Set(role.clone()),
        department_id: Set(None),
    });
    let roles = person_roles::Entity::insert_many(roles);
    roles.exec(tx).await.expect("roles");
    for group in &member.groups {
        let row = person_groups::ActiveModel {
            id: Set(entropy::id(Instant::from_micros(0))),
            organisation_id: Set(organisation),
            person_id: Set(member.id),
            group_key: Set(group.clone()),
        };
        row.insert(tx).await.expect("a group");
    }
}

async fn befriend(
    tx: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    organisation: Uuid,
) -> Vec<Contact> {
    let now = app.now();
    let mut known = Vec::new();
    for number in 0..CONTACTS_COUNT {
        let contact = Contact {
            id: entropy::id(now),
            counterparty: entropy::id(now),
            email: format!("contact{number}@partner.{}", plan.domain),
        };
        let row = counterparties::ActiveModel {
            id: Set(contact.counterparty),
            organisation_id: Set(organisation),
            name: Set(format!("Partner {number}")),
            country: Set(plan.country.to_owned()),
            inn: Set(None),
            kpp: Set(None),
            vat_id: Set(None),
            address: Set(None),
            archived_at: Set(None),
            created_at: Set(now.micros()),
            row_version: Set(0),
        };
        row.insert(tx).await.expect("a counterparty");
        let row = contacts::ActiveModel {
            id: Set(contact.id),
            organisation_id: Set(organisation),
            counterparty_id: Set(contact.counterparty),
            name: Set(format!("Contact {number}")),
            position: Set(None),
            email: Set(contact.email.clone()),
            locale: Set(Locale::En.code().to_owned()),
            archived_at: Set(None),
            created_at: Set(now.micros()),
            row_version: Set(0),
        };
        row.insert(tx).await.expect("a contact");
        known.push(contact);
    }
    known
}

/// Some days within the month.
fn absence(
    plan: &Plan,
    organisation: &organisations::Model,
    person: Uuid,
    substitute: Uuid,
    drawn: &mut Drawn,
) -> absences::Model {
    let from = plan.from.plus_seconds(drawn.between(2 * DAY, 18 * DAY));
    let until = from.plus_seconds(drawn.between(4 * DAY, 9 * DAY));
    absences::Model {
        id: entropy::id(from),
        organisation_id: organisation.id,
        person_id: person,
        substitute_id: Some(substitute),
        kinds: "[]".to_owned(),
        powers: "decide".to_owned(),
        from_at: from.micros(),
        until_at: until.micros(),
        recorded_at: plan.from.micros(),
        ended_at: None,
        told_at: None,
    }
}
