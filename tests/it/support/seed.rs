//! Two organisations with people in all roles: «Вектор» in Russian, Northwind in English.
//!
//! | key | who |
//! | --- | --- |
//! | `initiator` | manages contracts in sales |
//! | `head` | heads sales |
//! | `lawyer`, `second_lawyer` | in legal; the first heads it |
//! | `finance` | finance controller in finance |
//! | `accountant` | accountant in finance |
//! | `cfo` | heads finance |
//! | `signatory` | general director |
//! | `security`, `compliance`, `clerk`, `auditor`, `administrator` | as their roles say |
//!
//! Rows are written plainly: a test of a use case must not depend on other use cases. Nobody has a
//! password; log in as somebody by making a session.

use std::collections::BTreeMap;

use chancery::app::App;
use chancery::domain::actor::{Actor, Origin, PersonActor, Who};
use chancery::entropy;
use chancery::store::entity::{
    contacts, counterparties, departments, organisations, people, person_roles,
};
use chancery_types::Locale;
use chancery_types::id::{ContactId, CounterpartyId, DepartmentId, OrganisationId, PersonId};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

/// One organisation of the seed.
#[derive(Clone)]
pub struct House {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its language.
    pub locale: Locale,
    /// Departments by key: `sales`, `legal`, `finance`, `office`.
    pub departments: BTreeMap<&'static str, DepartmentId>,
    /// A counterparty.
    pub counterparty: CounterpartyId,
    /// The counterparty's signatory.
    pub contact: ContactId,
    people: BTreeMap<&'static str, PersonActor>,
}

impl House {
    /// The person with this key, as a logged-in actor.
    pub fn actor(&self, key: &str) -> Actor {
        Actor {
            organisation: self.organisation,
            who: Who::Person(self.known(key).clone()),
            locale: self.locale,
            origin: Origin {
                address: Some("192.0.2.10".to_owned()),
                request_id: Some("request-of-a-test".to_owned()),
                agent: Some("tests".to_owned()),
                repeat: None,
            },
        }
    }

    /// The person with this key.
    pub fn person(&self, key: &str) -> PersonId {
        self.known(key).id
    }

    fn known(&self, key: &str) -> &PersonActor {
        self.people
            .get(key)
            .unwrap_or_else(|| panic!("the seed has no `{key}`"))
    }
}

/// What is seeded: key, name, position, department, roles beside `employee`.
type Line = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

struct Plan {
    name: &'static str,
    country: &'static str,
    locale: Locale,
    domain: &'static str,
    departments: [(&'static str, &'static str, &'static str); 4],
    people: [Line; 13],
    counterparty: &'static str,
    contact: (&'static str, &'static str),
}

const VECTOR: Plan = Plan {
    name: "ООО «Вектор»",
    country: "RU",
    locale: Locale::Ru,
    domain: "vector.example",
    departments: [
        ("sales", "Отдел продаж", "head"),
        ("legal", "Юридический отдел", "lawyer"),
        ("finance", "Финансовый отдел", "cfo"),
        ("office", "Дирекция", "signatory"),
    ],
    people: [
        (
            "initiator",
            "Ольга Соколова",
            "Менеджер",
            "sales",
            &["contract_manager"],
        ),
        ("head", "Павел Громов", "Начальник отдела", "sales", &[]),
        ("lawyer", "Ирина Орлова", "Юрист", "legal", &["lawyer"]),
        (
            "second_lawyer",
            "Степан Лосев",
            "Юрист",
            "legal",
            &["lawyer"],
        ),
        (
            "finance",
            "Нина Белова",
            "Контролёр",
            "finance",
            &["finance_controller"],
        ),
        (
            "accountant",
            "Зоя Карпова",
            "Бухгалтер",
            "finance",
            &["accountant"],
        ),
        (
            "cfo",
            "Андрей Зимин",
            "Финансовый директор",
            "finance",
            &["cfo"],
        ),
        (
            "signatory",
            "Виктор Егоров",
            "Генеральный директор",
            "office",
            &["signatory"],
        ),
        (
            "security",
            "Глеб Титов",
            "Безопасность",
            "office",
            &["security_officer"],
        ),
        (
            "compliance",
            "Мария Дёмина",
            "Комплаенс",
            "office",
            &["compliance_officer"],
        ),
        (
            "clerk",
            "Анна Рябова",
            "Делопроизводитель",
            "office",
            &["clerk"],
        ),
        ("auditor", "Лев Котов", "Аудитор", "office", &["auditor"]),
        (
            "administrator",
            "Юрий Панин",
            "Администратор",
            "office",
            &["administrator"],
        ),
    ],
    counterparty: "ООО «Ромашка»",
    contact: ("Иван Иванов", "ivanov@romashka.example"),
};

const NORTHWIND: Plan = Plan {
    name: "Northwind Ltd",
    country: "GB",
    locale: Locale::En,
    domain: "northwind.example",
    departments: [
        ("sales", "Sales", "head"),
        ("legal", "Legal", "lawyer"),
        ("finance", "Finance", "cfo"),
        ("office", "Office", "signatory"),
    ],
    people: [
        (
            "initiator",
            "Olivia Stone",
            "Manager",
            "sales",
            &["contract_manager"],
        ),
        ("head", "Paul Grant", "Head of sales", "sales", &[]),
        ("lawyer", "Irene Orr", "Lawyer", "legal", &["lawyer"]),
        ("second_lawyer", "Steve Low", "Lawyer", "legal", &["lawyer"]),
        (
            "finance",
            "Nina Bell",
            "Controller",
            "finance",
            &["finance_controller"],
        ),
        (
            "accountant",
            "Zoe Carr",
            "Accountant",
            "finance",
            &["accountant"],
        ),
        ("cfo", "Andrew Zane", "CFO", "finance", &["cfo"]),
        (
            "signatory",
            "Victor Edge",
            "Director",
            "office",
            &["signatory"],
        ),
        (
            "security",
            "Glen Tate",
            "Security",
            "office",
            &["security_officer"],
        ),
        (
            "compliance",
            "Mary Dean",
            "Compliance",
            "office",
            &["compliance_officer"],
        ),
        ("clerk", "Ann Reeve", "Clerk", "office", &["clerk"]),
        ("auditor", "Leo Cole", "Auditor", "office", &["auditor"]),
        (
            "administrator",
            "Yuri Payne",
            "Administrator",
            "office",
            &["administrator"],
        ),
    ],
    counterparty: "Contoso GmbH",
    contact: ("John Smith", "smith@contoso.example"),
};

/// Seeds «Вектор».
pub async fn vector(app: &App) -> House {
    plant(app, &VECTOR).await
}

/// Seeds Northwind.
pub async fn northwind(app: &App) -> House {
    plant(app, &NORTHWIND).await
}

async fn plant(app: &App, plan: &Plan) -> House {
    let tx = app.store.begin().await.expect("a transaction");
    let now = app.now();
    let organisation = entropy::id(now);
    organisations::ActiveModel {
        id: Set(organisation),
        name: Set(plan.name.to_owned()),
        country: Set(plan.country.to_owned()),
        inn: Set(None),
        kpp: Set(None),
        vat_id: Set(None),
        locale: Set(plan.locale.code().to_owned()),
        time_zone: Set("Europe/Moscow".to_owned()),
        signing_rules_ru: Set("Правила подписания".to_owned()),
        signing_rules_en: Set("Signing rules".to_owned()),
        personal_data_ru: Set("Согласие на обработку персональных данных".to_owned()),
        personal_data_en: Set("Consent to personal data processing".to_owned()),
        created_at: Set(now.micros()),
        row_version: Set(0),
    }
    .insert(&tx)
    .await
    .expect("an organisation");
    let departments: BTreeMap<&'static str, Uuid> = plan
        .departments
        .iter()
        .map(|(key, _, _)| (*key, entropy::id(now)))
        .collect();
    let ids: BTreeMap<&'static str, Uuid> = plan
        .people
        .iter()
        .map(|line| (line.0, entropy::id(now)))
        .collect();
    for (key, name, head) in plan.departments {
        departments::ActiveModel {
            id: Set(departments[key]),
            organisation_id: Set(organisation),
            key: Set(key.to_owned()),
            name: Set(name.to_owned()),
            parent_id: Set(None),
            head_id: Set(Some(ids[head])),
            archived_at: Set(None),
            row_version: Set(0),
        }
        .insert(&tx)
        .await
        .expect("a department");
    }
    let mut people = BTreeMap::new();
    // Heads first: the others name them as their managers.
    let is_head = |line: &&Line| plan.departments.iter().any(|(_, _, head)| *head == line.0);
    let (heads, others): (Vec<&Line>, Vec<&Line>) = plan.people.iter().partition(is_head);
    for line in heads.into_iter().chain(others) {
        let head = plan.departments.iter().find(|(key, _, _)| *key == line.3);
        let manager = head
            .map(|(_, _, head)| ids[head])
            .filter(|id| *id != ids[line.0]);
        let actor = employ(
            &tx,
            plan,
            organisation,
            line,
            ids[line.0],
            manager,
            &departments,
        );
        people.insert(line.0, actor.await);
    }
    let (counterparty, contact) = befriend(&tx, plan, organisation, app).await;
    tx.commit().await.expect("committed");
    House {
        organisation: organisation.into(),
        locale: plan.locale,
        departments: departments
            .into_iter()
            .map(|(key, id)| (key, id.into()))
            .collect(),
        counterparty,
        contact,
        people,
    }
}

async fn employ(
    tx: &sea_orm::DatabaseTransaction,
    plan: &Plan,
    organisation: Uuid,
    line: &Line,
    id: Uuid,
    manager: Option<Uuid>,
    departments: &BTreeMap<&'static str, Uuid>,
) -> PersonActor {
    let (key, name, position, department, roles) = line;
    let department_id = departments[department];
    let email = format!("{key}@{}", plan.domain);
    people::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        login: Set(email.clone()),
        name: Set((*name).to_owned()),
        position: Set(Some((*position).to_owned())),
        email: Set(email),
        department_id: Set(Some(department_id)),
        manager_id: Set(manager),
        locale: Set(Some(plan.locale.code().to_owned())),
        theme: Set("system".to_owned()),
        letters: Set("each".to_owned()),
        password_hash: Set(None),
        state: Set("active".to_owned()),
        created_at: Set(0),
        row_version: Set(0),
    }
    .insert(tx)
    .await
    .expect("a person");
    let mut held = Vec::new();
    for role in std::iter::once(&"employee").chain(roles.iter()) {
        person_roles::ActiveModel {
            id: Set(entropy::id(chancery_types::Instant::from_micros(0))),
            organisation_id: Set(organisation),
            person_id: Set(id),
            role: Set((*role).to_owned()),
            department_id: Set(None),
        }
        .insert(tx)
        .await
        .expect("a role");
        held.push(((*role).to_owned(), None));
    }
    let heads = plan.departments.iter().filter(|(_, _, head)| head == key);
    PersonActor {
        id: id.into(),
        name: (*name).to_owned(),
        department: Some(department_id.into()),
        roles: held,
        heads: heads.map(|(key, _, _)| departments[key].into()).collect(),
        scopes: None,
        token: None,
    }
}

async fn befriend(
    tx: &sea_orm::DatabaseTransaction,
    plan: &Plan,
    organisation: Uuid,
    app: &App,
) -> (CounterpartyId, ContactId) {
    let now = app.now();
    let (counterparty, contact) = (entropy::id(now), entropy::id(now));
    counterparties::ActiveModel {
        id: Set(counterparty),
        organisation_id: Set(organisation),
        name: Set(plan.counterparty.to_owned()),
        country: Set(plan.country.to_owned()),
        inn: Set(None),
        kpp: Set(None),
        vat_id: Set(None),
        address: Set(None),
        archived_at: Set(None),
        created_at: Set(now.micros()),
        row_version: Set(0),
    }
    .insert(tx)
    .await
    .expect("a counterparty");
    contacts::ActiveModel {
        id: Set(contact),
        organisation_id: Set(organisation),
        counterparty_id: Set(counterparty),
        name: Set(plan.contact.0.to_owned()),
        position: Set(None),
        email: Set(plan.contact.1.to_owned()),
        locale: Set(plan.locale.code().to_owned()),
        archived_at: Set(None),
        created_at: Set(now.micros()),
        row_version: Set(0),
    }
    .insert(tx)
    .await
    .expect("a contact");
    (counterparty.into(), contact.into())
}
