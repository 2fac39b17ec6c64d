//! The organisation as the engine sees it, read from rows before each step.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::Instant;
use chancery_types::id::{DepartmentId, OrganisationId, PersonId};
use chancery_workflow::definition::{Pick, Resolver};
use chancery_workflow::{Definition, Department, Directory, Person, RoleHeld, Stage};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use crate::app::absences::absence_of;
use crate::app::mandates::register_of;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{departments, people, person_groups, person_roles};

/// As [`load_directory`], with what a workflow asks besides: how many open tasks people have, the
/// register of mandates.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub(crate) async fn load_directory_for(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    definition: &Definition,
    now: Instant,
) -> Result<Directory, AppError> {
    let mut directory = load_directory(connection, organisation, now).await?;
    directory.read_at = Some(now);
    if definition.asks_for_mandates() {
        directory.mandates = register_of(connection, organisation.uuid()).await?;
    }
    for stage in definition.every_stage() {
        if stage_picks(stage, Pick::RoundRobin) {
            let (workflow, path) = (definition.id(), stage.path.as_str());
            let asked =
                store::tasks::list_asked(connection, organisation.uuid(), workflow, path).await?;
            let asked = asked.into_iter();
            let asked = asked.map(|(person, at)| (person.into(), Instant::from_micros(at)));
            directory.turns.insert(stage.path.clone(), asked.collect());
        }
    }
    if picks(definition, Pick::LeastLoaded) {
        let counts = store::tasks::count_open_by_person(connection, organisation.uuid()).await?;
        let counts = counts.into_iter();
        directory.loads = counts
            .map(|(person, count)| (person.into(), u32::try_from(count).unwrap_or(u32::MAX)))
            .collect();
    }
    Ok(directory)
}

impl App {
    /// The actor's organisation as a workflow sees it now.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn directory_for(
        &self,
        actor: &Actor,
        definition: &Definition,
    ) -> Result<Directory, AppError> {
        let reader = self.store.reader();
        load_directory_for(reader, actor.organisation, definition, self.now()).await
    }

    /// The actor's organisation as it is now, with its register of mandates.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn directory_today(&self, actor: &Actor) -> Result<Directory, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation);
        let mut directory = load_directory(reader, organisation, self.now()).await?;
        directory.mandates = register_of(reader, organisation.uuid()).await?;
        Ok(directory)
    }
}

fn picks(definition: &Definition, pick: Pick) -> bool {
    definition
        .every_stage()
        .any(|stage| stage_picks(stage, pick))
}

/// Whether a stage asks one of several in this way.
pub(crate) fn stage_picks(stage: &Stage, wanted: Pick) -> bool {
    let mut all = stage.assignees.iter().chain(&stage.if_empty);
    all.any(|resolver| matches!(resolver, Resolver::One { pick, .. } if *pick == wanted))
}

/// People, departments, roles and groups of an organisation, as they are now, and who is away at
/// `now` or later.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub async fn load_directory(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    now: Instant,
) -> Result<Directory, AppError> {
    let id = organisation.uuid();
    let mut directory = Directory::default();
    let rows = departments::Entity::find().filter(departments::Column::OrganisationId.eq(id));
    for row in rows.all(connection).await? {
        let department = Department {
            id: row.id.into(),
            key: row.key,
            head: row.head_id.map(PersonId::from),
            parent: row.parent_id.map(DepartmentId::from),
        };
        directory.departments.insert(department.id, department);
    }
    let mut roles: BTreeMap<PersonId, BTreeSet<RoleHeld>> = BTreeMap::new();
    let rows = person_roles::Entity::find().filter(person_roles::Column::OrganisationId.eq(id));
    for row in rows.all(connection).await? {
        let held = RoleHeld {
            role: row.role,
            department: row.department_id.map(DepartmentId::from),
        };
        roles.entry(row.person_id.into()).or_default().insert(held);
    }
    let rows = person_groups::Entity::find().filter(person_groups::Column::OrganisationId.eq(id));
    for row in rows.all(connection).await? {
        let members = directory.groups.entry(row.group_key).or_default();
        members.insert(row.person_id.into());
    }
    let rows = people::Entity::find().filter(people::Column::OrganisationId.eq(id));
    for row in rows.all(connection).await? {
        let person = PersonId::from(row.id);
        let entry = Person {
            id: person,
            login: row.login,
            active: row.state == "active",
            departments: row
                .department_id
                .map(DepartmentId::from)
                .into_iter()
                .collect(),
            roles: roles.remove(&person).unwrap_or_default(),
            manager: row.manager_id.map(PersonId::from),
        };
        directory.people.insert(person, entry);
    }
    let away = store::absences::list_lasting(connection, id, None, now.micros()).await?;
    directory.absences = away.iter().map(absence_of).collect();
    Ok(directory)
}
