//! The archive of counterparties, contacts and departments: what lies there is offered in no form
//! and no list, and stays wherever a document names it.

use chancery_types::Instant;
use chancery_types::id::{ContactId, CounterpartyId, DepartmentId};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::organisations::allow_whole;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::{contacts, counterparties, departments};

/// Into the archive, or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Into it.
    In,
    /// Out of it.
    Out,
}

impl Way {
    /// What `archived_at` becomes.
    fn turn(self, known: Option<i64>, now: Instant) -> Result<Option<i64>, AppError> {
        match (self, known) {
            (Self::In, None) => Ok(Some(now.micros())),
            (Self::Out, Some(_)) => Ok(None),
            (Self::In, Some(_)) => Err(AppError::refused("already-archived")),
            (Self::Out, None) => Err(AppError::refused("not-archived")),
        }
    }

    const fn of(self, archived: &'static str, restored: &'static str) -> &'static str {
        match self {
            Self::In => archived,
            Self::Out => restored,
        }
    }
}

impl App {
    /// Puts a counterparty into the archive or takes it out. Its contacts go with it: none is
    /// offered while it lies there.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`], [`AppError::Denied`], [`AppError::Stale`]; [`AppError::Refused`]
    /// `already-archived`, `not-archived`.
    pub async fn archive_counterparty(
        &self,
        actor: &Actor,
        id: CounterpartyId,
        row_version: i64,
        way: Way,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManageCounterparties)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let known = store::counterparties::load(&tx, actor.organisation.uuid(), id.uuid()).await?;
        let name = known.name.clone();
        let row = counterparties::Model {
            archived_at: way.turn(known.archived_at, now)?,
            row_version,
            ..known
        };
        store::counterparties::update(&tx, row).await?;
        let action = way.of("counterparty.archived", "counterparty.restored");
        let happening = Happening::to(action, "counterparty", id).with(json!({ "name": name }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Puts a contact into the archive or takes them out. Links that were sent to them still work.
    ///
    /// # Errors
    ///
    /// As [`App::archive_counterparty`].
    pub async fn archive_contact(
        &self,
        actor: &Actor,
        id: ContactId,
        row_version: i64,
        way: Way,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManageCounterparties)?;
        let now = self.now();
        let organisation = actor.organisation.uuid();
        let tx = self.store.begin().await?;
        let known = store::counterparties::load_contact(&tx, organisation, id.uuid()).await?;
        let name = known.name.clone();
        let row = contacts::Model {
            archived_at: way.turn(known.archived_at, now)?,
            row_version,
            ..known
        };
        store::counterparties::update_contact(&tx, row).await?;
        let action = way.of("contact.archived", "contact.restored");
        let happening = Happening::to(action, "contact", id).with(json!({ "name": name }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Puts a department into the archive or takes it out.
    ///
    /// # Errors
    ///
    /// As [`App::archive_counterparty`], and [`AppError::Refused`] `department-in-use` while people
    /// with access, roles or departments stand in it; `department-parent-archived` if the one
    /// above it lies in the archive.
    pub async fn archive_department(
        &self,
        actor: &Actor,
        id: DepartmentId,
        row_version: i64,
        way: Way,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let now = self.now();
        let organisation = actor.organisation.uuid();
        let tx = self.store.begin().await?;
        store::people::lock_directory(&tx, organisation).await?;
        let known = store::organisations::load_department(&tx, organisation, id.uuid()).await?;
        let archived_at = way.turn(known.archived_at, now)?;
        match way {
            Way::In => refuse_if_in_use(&tx, organisation, id.uuid()).await?,
            Way::Out => refuse_if_parent_archived(&tx, organisation, known.parent_id).await?,
        }
        let name = known.name.clone();
        let row = departments::Model {
            archived_at,
            row_version,
            ..known
        };
        store::organisations::update_department(&tx, row).await?;
        let action = way.of("department.archived", "department.restored");
        let happening = Happening::to(action, "department", id).with(json!({ "name": name }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Forms would lose what they no longer offer, and workflows would find nobody.
async fn refuse_if_in_use(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    department: Uuid,
) -> Result<(), AppError> {
    let people = store::people::list_all(connection, organisation).await?;
    let with_access: Vec<Uuid> = people
        .iter()
        .filter(|person| person.state != "disabled")
        .map(|person| person.id)
        .collect();
    let roles = store::people::list_roles(connection, organisation, None).await?;
    let here = people
        .iter()
        .filter(|person| person.department_id == Some(department));
    let mut standing: std::collections::BTreeSet<Uuid> = here.map(|person| person.id).collect();
    let within = roles
        .iter()
        .filter(|role| role.department_id == Some(department));
    standing.extend(within.map(|role| role.person_id));
    standing.retain(|person| with_access.contains(person));
    let departments = store::organisations::list_departments(connection, organisation).await?;
    let beneath = departments
        .iter()
        .filter(|row| row.parent_id == Some(department))
        .count();
    if standing.is_empty() && beneath == 0 {
        return Ok(());
    }
    Err(AppError::refused_with(
        "department-in-use",
        [
            ("people", standing.len().to_string()),
            ("departments", beneath.to_string()),
        ],
    ))
}

async fn refuse_if_parent_archived(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    parent: Option<Uuid>,
) -> Result<(), AppError> {
    let Some(parent) = parent else {
        return Ok(());
    };
    let parent = store::organisations::load_department(connection, organisation, parent).await?;
    if parent.archived_at.is_some() {
        let name = [("name", parent.name)];
        return Err(AppError::refused_with("department-parent-archived", name));
    }
    Ok(())
}
