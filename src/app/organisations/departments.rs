//! Departments: a tree with heads.

use std::collections::BTreeMap;

use chancery_types::id::{DepartmentId, PersonId};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::allow_whole;
use crate::app::audit::{self, Happening};
use crate::app::checks::Checks;
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::domain::cycles::has_cycle;
use crate::store::StoreError;
use crate::store::entity::departments;
use crate::{entropy, store};

/// The most departments above one another.
const DEPTH_MAX: usize = 100;

/// A department as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepartmentDraft {
    /// What workflows call it: `legal`. Given once.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The one above it.
    pub parent: Option<DepartmentId>,
    /// Who heads it.
    pub head: Option<PersonId>,
}

/// A department as people see it.
#[derive(Clone, Debug)]
pub struct DepartmentRow {
    /// The department.
    pub id: DepartmentId,
    /// What can be edited, and its key.
    pub draft: DepartmentDraft,
    /// The name of its head.
    pub head_name: Option<String>,
    /// The name of the one above it.
    pub parent_name: Option<String>,
    /// The optimistic lock.
    pub row_version: i64,
}

impl App {
    /// The departments, by name.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for who may not see them.
    pub async fn list_departments(&self, actor: &Actor) -> Result<Vec<DepartmentRow>, AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows = store::organisations::list_departments(reader, organisation).await?;
        self.in_words(actor, rows).await
    }

    /// The departments in the archive, by name.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for who may not see them.
    pub async fn list_archived_departments(
        &self,
        actor: &Actor,
    ) -> Result<Vec<DepartmentRow>, AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows = store::organisations::list_archived_departments(reader, organisation).await?;
        self.in_words(actor, rows).await
    }

    /// Rows with the names of heads and of the departments above them.
    async fn in_words(
        &self,
        actor: &Actor,
        rows: Vec<departments::Model>,
    ) -> Result<Vec<DepartmentRow>, AppError> {
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let people = store::people::list_all(reader, organisation).await?;
        let all = store::organisations::list_departments(reader, organisation).await?;
        let names: BTreeMap<Uuid, String> = people
            .into_iter()
            .map(|person| (person.id, person.name))
            .chain(all.into_iter().map(|row| (row.id, row.name)))
            .chain(rows.iter().map(|row| (row.id, row.name.clone())))
            .collect();
        let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
        let row = |row: departments::Model| DepartmentRow {
            id: row.id.into(),
            head_name: name(row.head_id),
            parent_name: name(row.parent_id),
            row_version: row.row_version,
            draft: DepartmentDraft {
                key: row.key,
                name: row.name,
                parent: row.parent_id.map(Into::into),
                head: row.head_id.map(Into::into),
            },
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// One department.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is none, or for who may not see it.
    pub async fn load_department(
        &self,
        actor: &Actor,
        id: DepartmentId,
    ) -> Result<DepartmentRow, AppError> {
        let all = self.list_departments(actor).await?;
        all.into_iter()
            .find(|row| row.id == id)
            .ok_or(AppError::Hidden)
    }

    /// Makes a department.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for a bad name or key, a key that is taken, a parent or head that is
    /// none.
    pub async fn create_department(
        &self,
        actor: &Actor,
        draft: &DepartmentDraft,
    ) -> Result<DepartmentId, AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let now = self.now();
        let id = DepartmentId::from(entropy::id(now));
        let tx = self.store.begin().await?;
        let draft = check(&tx, actor, id, draft).await?;
        let row = departments::ActiveModel {
            id: Set(id.uuid()),
            organisation_id: Set(actor.organisation.uuid()),
            key: Set(draft.key.clone()),
            name: Set(draft.name.clone()),
            parent_id: Set(draft.parent.map(DepartmentId::uuid)),
            head_id: Set(draft.head.map(PersonId::uuid)),
            archived_at: Set(None),
            row_version: Set(0),
        };
        match row.insert(&tx).await.map_err(StoreError::from) {
            Err(StoreError::Duplicate) => return Err(AppError::invalid("key", "key-taken")),
            other => other?,
        };
        let happening = Happening::to("department.created", "department", id)
            .with(json!({ "key": draft.key, "name": draft.name, "head": draft.head }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes a department; its key stays.
    ///
    /// # Errors
    ///
    /// As [`App::create_department`], and [`AppError::Stale`].
    pub async fn edit_department(
        &self,
        actor: &Actor,
        id: DepartmentId,
        row_version: i64,
        draft: &DepartmentDraft,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let known = self.load_department(actor, id).await?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let draft = DepartmentDraft {
            key: known.draft.key,
            ..draft.clone()
        };
        let draft = check(&tx, actor, id, &draft).await?;
        let row = departments::Model {
            id: id.uuid(),
            organisation_id: actor.organisation.uuid(),
            key: draft.key,
            name: draft.name.clone(),
            parent_id: draft.parent.map(DepartmentId::uuid),
            head_id: draft.head.map(PersonId::uuid),
            archived_at: None,
            row_version,
        };
        store::organisations::update_department(&tx, row).await?;
        let happening = Happening::to("department.edited", "department", id)
            .with(json!({ "name": draft.name, "head": draft.head, "parent": draft.parent }));
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn check(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: DepartmentId,
    draft: &DepartmentDraft,
) -> Result<DepartmentDraft, AppError> {
    let organisation = actor.organisation.uuid();
    store::people::lock_directory(connection, organisation).await?;
    let rows = store::organisations::list_departments(connection, organisation).await?;
    let above: BTreeMap<Uuid, Option<Uuid>> = rows
        .into_iter()
        .map(|row| (row.id, row.parent_id))
        .collect();
    let mut checks = Checks::default();
    let key_good = (1..=60).contains(&draft.key.len())
        && draft.key.starts_with(|c: char| c.is_ascii_lowercase())
        && draft
            .key
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    checks.require(key_good, "key", "key-form");
    let name = checks.line("name", &draft.name, 200);
    if let Some(parent) = draft.parent {
        let known = above.contains_key(&parent.uuid());
        checks.require(known, "parent", "not-a-choice");
        let next = |at: Uuid| above.get(&at).copied().flatten();
        let circle = has_cycle(id.uuid(), Some(parent.uuid()), DEPTH_MAX, next);
        checks.require(!known || !circle, "parent", "department-circle");
    }
    if let Some(head) = draft.head {
        let person = store::people::load(connection, organisation, head.uuid()).await;
        let good = person.is_ok_and(|person| person.state != "disabled");
        checks.require(good, "head", "not-a-choice");
    }
    checks.done()?;
    Ok(DepartmentDraft {
        name,
        ..draft.clone()
    })
}
