//! The company of invented workflows, as an organisation of the house.

use chancery::domain::actor::{Actor, ContactActor, Origin, PersonActor, Who};
use chancery::entropy;
use chancery::store::entity::{
    absences, contacts, counterparties, departments, editions, organisations, people,
    person_groups, person_roles,
};
use chancery_types::id::{LinkId, OrganisationId};
use chancery_types::{Instant, Locale};
use chancery_workflow::{Actor as Cause, Directory};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::shared::company::{COUNTERPARTY, contact, directory, person};
use crate::support::TestApp;

/// The workflow of the house whose place invented ones take.
pub const WORKFLOW: &str = "contract";

/// The organisation.
pub struct Firm<'h> {
    house: &'h TestApp,
    pub id: OrganisationId,
}

impl<'h> Firm<'h> {
    /// Founds it, with everybody of [`directory`].
    pub async fn found(house: &'h TestApp) -> Self {
        let id = entropy::id(house.app.now());
        let firm = Self {
            house,
            id: id.into(),
        };
        let row = organisations::ActiveModel {
            id: Set(id),
            name: Set("ООО «Проба»".to_owned()),
            country: Set("RU".to_owned()),
            inn: Set(None),
            kpp: Set(None),
            vat_id: Set(None),
            locale: Set("ru".to_owned()),
            time_zone: Set("Europe/Moscow".to_owned()),
            signing_rules_ru: Set("Правила".to_owned()),
            signing_rules_en: Set("Rules".to_owned()),
            personal_data_ru: Set("Согласие".to_owned()),
            personal_data_en: Set("Consent".to_owned()),
            created_at: Set(0),
            row_version: Set(0),
        };
        let writer = house.app.store.writer();
        row.insert(writer).await.expect("an organisation");
        firm.employ(&directory()).await;
        firm.befriend().await;
        firm.publish().await;
        firm
    }

    async fn employ(&self, directory: &Directory) {
        let writer = self.house.app.store.writer();
        let id = self.id.uuid();
        for department in directory.departments.values() {
            let row = departments::ActiveModel {
                id: Set(department.id.uuid()),
                organisation_id: Set(id),
                key: Set(department.key.clone()),
                name: Set(department.key.clone()),
                parent_id: Set(department.parent.map(|parent| parent.uuid())),
                head_id: Set(None),
                archived_at: Set(None),
                row_version: Set(0),
            };
            row.insert(writer).await.expect("a department");
        }
        for one in directory.people.values() {
            let row = people::ActiveModel {
                id: Set(one.id.uuid()),
                organisation_id: Set(id),
                login: Set(one.login.clone()),
                name: Set(one.login.clone()),
                position: Set(None),
                email: Set(format!("{}@sitting.example", one.login)),
                department_id: Set(one.departments.first().map(|it| it.uuid())),
                manager_id: Set(None),
                locale: Set(None),
                theme: Set("system".to_owned()),
                letters: Set("each".to_owned()),
                password_hash: Set(None),
                state: Set("active".to_owned()),
                created_at: Set(0),
                row_version: Set(0),
            };
            row.insert(writer).await.expect("a person");
        }
        for (group, members) in &directory.groups {
            for member in members {
                let row = person_groups::ActiveModel {
                    id: Set(entropy::id(Instant::from_micros(0))),
                    organisation_id: Set(id),
                    person_id: Set(member.uuid()),
                    group_key: Set(group.clone()),
                };
                row.insert(writer).await.expect("a member");
            }
        }
    }

    async fn befriend(&self) {
        let writer = self.house.app.store.writer();
        let row = counterparties::ActiveModel {
            id: Set(COUNTERPARTY),
            organisation_id: Set(self.id.uuid()),
            name: Set("ООО «Другая сторона»".to_owned()),
            country: Set("RU".to_owned()),
            inn: Set(None),
            kpp: Set(None),
            vat_id: Set(None),
            address: Set(None),
            archived_at: Set(None),
            created_at: Set(0),
            row_version: Set(0),
        };
        row.insert(writer).await.expect("a counterparty");
        for name in ["carl", "dora"] {
            let row = contacts::ActiveModel {
                id: Set(contact(name).uuid()),
                organisation_id: Set(self.id.uuid()),
                counterparty_id: Set(COUNTERPARTY),
                name: Set(name.to_owned()),
                position: Set(None),
                email: Set(format!("{name}@other.example")),
                locale: Set("ru".to_owned()),
                archived_at: Set(None),
                created_at: Set(0),
                row_version: Set(0),
            };
            row.insert(writer).await.expect("a contact");
        }
    }

    /// An edition that is in force since ever; its text comes with [`Firm::goes_by`].
    async fn publish(&self) {
        let row = editions::ActiveModel {
            id: Set(entropy::id(Instant::from_micros(0))),
            organisation_id: Set(self.id.uuid()),
            workflow_id: Set(WORKFLOW.to_owned()),
            number: Set(1),
            source: Set(String::new()),
            note: Set(String::new()),
            state: Set("published".to_owned()),
            author_id: Set(person("nina").uuid()),
            created_at: Set(0),
            saved_at: Set(0),
            decided_by_id: Set(Some(person("tom").uuid())),
            decided_at: Set(Some(0)),
            reason: Set(None),
            effective_at: Set(Some(0)),
            row_version: Set(0),
        };
        let writer = self.house.app.store.writer();
        row.insert(writer).await.expect("an edition");
    }

    /// What starts from now on goes by this text.
    pub async fn goes_by(&self, source: &str) {
        editions::Entity::update_many()
            .col_expr(editions::Column::Source, Expr::value(source))
            .filter(editions::Column::OrganisationId.eq(self.id.uuid()))
            .exec(self.house.app.store.writer())
            .await
            .expect("an edition");
    }

    /// Who works here, with which roles, managers and heads, is as this directory says.
    pub async fn becomes(&self, directory: &Directory) {
        let tx = self.house.app.store.begin().await.expect("a transaction");
        let id = self.id.uuid();
        for one in directory.people.values() {
            let state = if one.active { "active" } else { "disabled" };
            let manager = one.manager.map(|manager| manager.uuid());
            people::Entity::update_many()
                .col_expr(people::Column::State, Expr::value(state))
                .col_expr(people::Column::ManagerId, Expr::value(manager))
                .filter(people::Column::Id.eq(one.id.uuid()))
                .exec(&tx)
                .await
                .expect("a person");
        }
        person_roles::Entity::delete_many()
            .filter(person_roles::Column::OrganisationId.eq(id))
            .exec(&tx)
            .await
            .expect("no roles");
        let roles = directory.people.values().flat_map(|one| {
            one.roles.iter().map(|held| person_roles::ActiveModel {
                id: Set(entropy::id(Instant::from_micros(0))),
                organisation_id: Set(id),
                person_id: Set(one.id.uuid()),
                role: Set(held.role.clone()),
                department_id: Set(held.department.map(|it| it.uuid())),
            })
        });
        person_roles::Entity::insert_many(roles)
            .exec_without_returning(&tx)
            .await
            .expect("roles");
        for department in directory.departments.values() {
            let head = department.head.map(|head| head.uuid());
            departments::Entity::update_many()
                .col_expr(departments::Column::HeadId, Expr::value(head))
                .filter(departments::Column::Id.eq(department.id.uuid()))
                .exec(&tx)
                .await
                .expect("a department");
        }
        absences::Entity::delete_many()
            .filter(absences::Column::OrganisationId.eq(id))
            .exec(&tx)
            .await
            .expect("nobody is away");
        for absence in &directory.absences {
            let substitute = absence.substitute.as_ref();
            let signs = substitute.is_some_and(|other| other.signs);
            let row = absences::ActiveModel {
                id: Set(entropy::id(Instant::from_micros(0))),
                organisation_id: Set(id),
                person_id: Set(absence.person.uuid()),
                substitute_id: Set(substitute.map(|other| other.person.uuid())),
                kinds: Set("[]".to_owned()),
                powers: Set(if signs { "sign" } else { "decide" }.to_owned()),
                from_at: Set(absence.from.micros()),
                until_at: Set(absence.until.micros()),
                recorded_at: Set(0),
                ended_at: Set(None),
                told_at: Set(None),
            };
            row.insert(&tx).await.expect("an absence");
        }
        tx.commit().await.expect("committed");
    }

    /// Whoever causes an event, as the server would know them.
    pub fn actor(&self, directory: &Directory, cause: Cause) -> Actor {
        let who = match cause {
            Cause::System => return Actor::system(self.id),
            Cause::Person(id) => Who::Person(person_actor(directory, id)),
            Cause::Contact(id) => Who::Contact(ContactActor {
                id,
                name: "?".to_owned(),
                link: LinkId::from(Uuid::nil()),
                visit: Uuid::nil(),
                verified: true,
            }),
        };
        Actor {
            organisation: self.id,
            who,
            locale: Locale::Ru,
            origin: Origin::default(),
        }
    }
}

fn person_actor(directory: &Directory, id: chancery_types::id::PersonId) -> PersonActor {
    let one = directory.people.get(&id).expect("one of ours");
    let heads = directory.departments.values();
    let heads = heads.filter(|department| department.head == Some(id));
    PersonActor {
        id,
        name: one.login.clone(),
        department: one.departments.first().copied(),
        roles: one
            .roles
            .iter()
            .map(|held| (held.role.clone(), held.department))
            .collect(),
        heads: heads.map(|department| department.id).collect(),
        scopes: None,
        token: None,
    }
}
