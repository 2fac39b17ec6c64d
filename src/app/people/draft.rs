//! A person as typed into a form or sent by a program, and what must be true of it.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::{DepartmentId, PersonId};
use chancery_types::{DisplayName, Instant, Locale};
use chancery_workflow::Vocabulary;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::app::AppError;
use crate::app::checks::Checks;
use crate::domain::actor::Actor;
use crate::domain::cycles::has_cycle;
use crate::store::entity::{person_groups, person_roles};
use crate::{entropy, store};

/// The most managers above one another.
const MANAGERS_MAX: usize = 100;
/// The most roles of one person.
const ROLES_MAX: usize = 100;
/// The most groups of one person.
const GROUPS_MAX: usize = 50;

/// What can be edited of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonDraft {
    /// Their name.
    pub name: String,
    /// Their address, with which they log in.
    pub email: String,
    /// What they are.
    pub position: Option<String>,
    /// Where they work.
    pub department: Option<DepartmentId>,
    /// Whom they report to.
    pub manager: Option<PersonId>,
    /// What they may do, in the whole organisation or in one department.
    pub roles: Vec<(String, Option<DepartmentId>)>,
    /// Groups that workflows name.
    pub groups: Vec<String>,
    /// Their language; `None` follows the browser.
    pub locale: Option<Locale>,
}

impl PersonDraft {
    /// Whether they administer the organisation.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.roles.iter().any(|(role, _)| role == "administrator")
    }
}

/// Checks a draft of the person `id` against the organisation; locks its directory.
pub(super) async fn check(
    connection: &impl ConnectionTrait,
    vocabulary: &Vocabulary,
    actor: &Actor,
    id: PersonId,
    draft: &PersonDraft,
) -> Result<PersonDraft, AppError> {
    let organisation = actor.organisation.uuid();
    store::people::lock_directory(connection, organisation).await?;
    let people = store::people::list_all(connection, organisation).await?;
    let departments = store::organisations::list_departments(connection, organisation).await?;
    let departments: BTreeSet<Uuid> = departments.into_iter().map(|row| row.id).collect();
    let managers: BTreeMap<Uuid, Option<Uuid>> = people
        .into_iter()
        .map(|row| (row.id, row.manager_id))
        .collect();
    let mut checks = Checks::default();
    let name = checks.line("name", &draft.name, DisplayName::GRAPHEMES_MAX);
    let email = checks.email("email", &draft.email);
    let position = checks.optional_line("position", draft.position.as_deref(), 200);
    let known = |department: &DepartmentId| departments.contains(&department.uuid());
    checks.require(
        draft.department.iter().all(known),
        "department",
        "not-a-choice",
    );
    if let Some(manager) = draft.manager {
        let exists = managers.contains_key(&manager.uuid());
        checks.require(exists, "manager", "not-a-choice");
        let next = |at: Uuid| managers.get(&at).copied().flatten();
        let circle = has_cycle(id.uuid(), Some(manager.uuid()), MANAGERS_MAX, next);
        checks.require(!exists || !circle, "manager", "manager-circle");
    }
    let held: BTreeSet<(String, Option<DepartmentId>)> = draft.roles.iter().cloned().collect();
    let roles_good = held.len() <= ROLES_MAX
        && held.iter().all(|(role, within)| {
            // Administration, and who sees all documents, is decided for the whole organisation.
            vocabulary.roles().contains_key(role)
                && within.iter().all(known)
                && !(role == "administrator" && within.is_some())
        });
    checks.require(roles_good, "role", "not-a-choice");
    let groups: BTreeSet<String> = draft
        .groups
        .iter()
        .map(|key| key.trim().to_owned())
        .collect();
    let group_good = |key: &String| vocabulary.groups().contains_key(key);
    let groups_good = groups.len() <= GROUPS_MAX && groups.iter().all(group_good);
    checks.require(groups_good, "groups", "not-a-choice");
    checks.done()?;
    Ok(PersonDraft {
        name,
        email,
        position,
        roles: held.into_iter().collect(),
        groups: groups.into_iter().collect(),
        ..draft.clone()
    })
}

/// Writes the roles and groups of a checked draft.
pub(super) async fn insert_roles_and_groups(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    person: PersonId,
    now: Instant,
    draft: &PersonDraft,
) -> Result<(), AppError> {
    for (role, department) in &draft.roles {
        let row = person_roles::ActiveModel {
            id: Set(entropy::id(now)),
            organisation_id: Set(organisation),
            person_id: Set(person.uuid()),
            role: Set(role.clone()),
            department_id: Set(department.map(DepartmentId::uuid)),
        };
        row.insert(connection).await?;
    }
    for group in &draft.groups {
        let row = person_groups::ActiveModel {
            id: Set(entropy::id(now)),
            organisation_id: Set(organisation),
            person_id: Set(person.uuid()),
            group_key: Set(group.clone()),
        };
        row.insert(connection).await?;
    }
    Ok(())
}
