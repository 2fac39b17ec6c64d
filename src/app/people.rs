//! People of the organisation: inviting, changing, disabling.

mod draft;
mod handover;
mod holders;
mod move_login;
mod passwords;
mod profile;

use std::collections::BTreeMap;

use chancery_types::id::{DepartmentId, PersonId};
use chancery_types::{Instant, Locale};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::organisations::allow_whole;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::{App, AppError, sessions};
use crate::domain::access::Action;
use crate::domain::actor::{Actor, Who};
use crate::store::StoreError;
use crate::store::entity::people;
use crate::{entropy, store};

pub use draft::PersonDraft;
pub use handover::{HandedOver, OpenTask};
pub(crate) use holders::{ADMINISTRATOR, holders_of};
pub use passwords::PasswordLink;
pub(crate) use passwords::{hand_over, hash_new_password};
pub use profile::{Letters, OwnProfile, ProfileDraft, Theme};

/// Whether somebody can log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonState {
    /// Has not set a password yet.
    Invited,
    /// Can log in.
    Active,
    /// Cannot.
    Disabled,
}

impl PersonState {
    /// As the row and the wire name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    fn of_row(code: &str) -> Self {
        match code {
            "active" => Self::Active,
            "invited" => Self::Invited,
            _ => Self::Disabled,
        }
    }
}

/// A person as others see them.
#[derive(Clone, Debug)]
pub struct PersonCard {
    /// The person.
    pub id: PersonId,
    /// What can be edited.
    pub draft: PersonDraft,
    /// Whether they can log in.
    pub state: PersonState,
    /// The name of their department.
    pub department_name: Option<String>,
    /// The name of their manager.
    pub manager_name: Option<String>,
    /// When they were invited.
    pub created_at: Instant,
    /// The optimistic lock.
    pub row_version: i64,
}

impl App {
    /// People by name.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for who may not see them.
    pub async fn list_people(
        &self,
        actor: &Actor,
        page: &PageRequest,
    ) -> Result<Page<PersonCard>, AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let after = page
            .after
            .as_ref()
            .map(|cursor| (cursor.key.as_str(), cursor.id));
        let rows_max = page.rows_max.saturating_add(1);
        let rows = store::people::list(reader, organisation, after, rows_max).await?;
        let roles = store::people::list_roles(reader, organisation, None).await?;
        let names = names(reader, organisation).await?;
        let page = Page::of(rows, page.rows_max, |row| Cursor::after(&row.name, row.id));
        Ok(page.map(|row| {
            let id = row.id;
            let held = roles.iter().filter(|role| role.person_id == id);
            let held = held.map(|role| (role.role.clone(), role.department_id.map(Into::into)));
            card(row, held.collect(), Vec::new(), &names)
        }))
    }

    /// One person.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if there is none here, or for who may not see them.
    pub async fn load_person(&self, actor: &Actor, id: PersonId) -> Result<PersonCard, AppError> {
        allow_whole(actor, Action::SeeDirectory)?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let row = store::people::load(reader, organisation, id.uuid()).await?;
        let roles = store::people::list_roles(reader, organisation, Some(row.id)).await?;
        let groups = store::people::list_groups(reader, organisation, row.id).await?;
        let names = names(reader, organisation).await?;
        let roles = roles.into_iter();
        let roles = roles.map(|row| (row.role, row.department_id.map(Into::into)));
        Ok(card(row, roles.collect(), groups, &names))
    }

    /// Invites a person: they get a mail with a link that sets their password.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with every field that is wrong.
    pub async fn create_person(
        &self,
        actor: &Actor,
        draft: &PersonDraft,
    ) -> Result<PersonId, AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let id = insert(self, &tx, actor, now, draft, FirstAccess::Mailed).await?;
        audit::append(&tx, actor, now, invited(id, draft)).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(id)
    }

    /// As [`App::create_person`], without a mail: the operator hands the link over.
    ///
    /// # Errors
    ///
    /// As [`App::create_person`]; [`AppError::Denied`] for who is not the operator.
    pub async fn create_person_by_hand(
        &self,
        actor: &Actor,
        draft: &PersonDraft,
    ) -> Result<(PersonId, PasswordLink), AppError> {
        if !matches!(actor.who, Who::Operator) {
            return Err(AppError::Denied);
        }
        let now = self.now();
        let tx = self.store.begin().await?;
        let id = insert(self, &tx, actor, now, draft, FirstAccess::Handed).await?;
        let link = hand_over(self, &tx, actor, now, id).await?;
        audit::append(&tx, actor, now, invited(id, draft)).await?;
        tx.commit().await?;
        Ok((id, link))
    }

    /// Changes a person, their roles and groups.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`]; [`AppError::Stale`]; [`AppError::Refused`] `last-administrator`.
    pub async fn edit_person(
        &self,
        actor: &Actor,
        id: PersonId,
        row_version: i64,
        draft: &PersonDraft,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let organisation = actor.organisation.uuid();
        let known = store::people::load(&tx, organisation, id.uuid()).await?;
        let draft = draft::check(&tx, self.chains.vocabulary(), actor, id, draft).await?;
        if !draft.is_administrator() {
            refuse_last_administrator(&tx, organisation, id).await?;
        }
        let row = people::Model {
            login: draft.email.clone(),
            email: draft.email.clone(),
            name: draft.name.clone(),
            position: draft.position.clone(),
            department_id: draft.department.map(DepartmentId::uuid),
            manager_id: draft.manager.map(PersonId::uuid),
            locale: draft.locale.map(|locale| locale.code().to_owned()),
            row_version,
            ..known.clone()
        };
        let before = known.email.clone();
        login_taken(store::people::update(&tx, row).await)?;
        if before != draft.email {
            self.move_login(&tx, actor, now, &known).await?;
        }
        store::people::delete_roles_and_groups(&tx, organisation, id.uuid()).await?;
        draft::insert_roles_and_groups(&tx, organisation, id, now, &draft).await?;
        let happening = Happening::to("person.edited", "person", id).with(
            json!({ "name": draft.name, "login": draft.email, "login_before": before,
                "roles": draft.roles }),
        );
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(())
    }

    /// Takes a person's access: sessions, tokens and unused links end now.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `last-administrator`, `person-already-disabled`; [`AppError::Stale`].
    pub async fn disable_person(
        &self,
        actor: &Actor,
        id: PersonId,
        row_version: i64,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let now = self.now();
        let organisation = actor.organisation.uuid();
        let tx = self.store.begin().await?;
        store::people::lock_directory(&tx, organisation).await?;
        let known = store::people::load(&tx, organisation, id.uuid()).await?;
        if known.state == "disabled" {
            return Err(AppError::refused("person-already-disabled"));
        }
        refuse_last_administrator(&tx, organisation, id).await?;
        let row = people::Model {
            state: "disabled".to_owned(),
            row_version,
            ..known
        };
        store::people::update(&tx, row).await?;
        sessions::end_all(&tx, actor.organisation, id, None, now).await?;
        store::people::update_links_used(&tx, organisation, id.uuid(), now.micros()).await?;
        audit::append(
            &tx,
            actor,
            now,
            Happening::to("person.disabled", "person", id),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives a disabled person access again: with the password they had, or by a new invitation.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `person-not-disabled`; [`AppError::Stale`].
    pub async fn enable_person(
        &self,
        actor: &Actor,
        id: PersonId,
        row_version: i64,
    ) -> Result<(), AppError> {
        allow_whole(actor, Action::ManagePeople)?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let known = store::people::load(&tx, actor.organisation.uuid(), id.uuid()).await?;
        if known.state != "disabled" {
            return Err(AppError::refused("person-not-disabled"));
        }
        let state = if known.password_hash.is_some() {
            "active"
        } else {
            "invited"
        };
        let row = people::Model {
            state: state.to_owned(),
            row_version,
            ..known
        };
        store::people::update(&tx, row).await?;
        audit::append(
            &tx,
            actor,
            now,
            Happening::to("person.enabled", "person", id),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// How a new person comes in for the first time.
#[derive(Debug)]
pub(crate) enum FirstAccess {
    /// With this password, hashed.
    Password(String),
    /// By a mailed invitation.
    Mailed,
    /// By a link that the caller makes and hands over.
    Handed,
}

fn invited(id: PersonId, draft: &PersonDraft) -> Happening {
    Happening::to("person.invited", "person", id)
        .with(json!({ "name": draft.name, "login": draft.email, "roles": draft.roles }))
}

/// Writes a person down, and an invitation if it is mailed. The caller has decided on access and
/// appends the audit event.
pub(crate) async fn insert(
    app: &App,
    connection: &impl ConnectionTrait,
    actor: &Actor,
    now: Instant,
    draft: &PersonDraft,
    access: FirstAccess,
) -> Result<PersonId, AppError> {
    let is_mailed = matches!(access, FirstAccess::Mailed);
    let password_hash = match access {
        FirstAccess::Password(hash) => Some(hash),
        FirstAccess::Mailed | FirstAccess::Handed => None,
    };
    let id = PersonId::from(entropy::id(now));
    let draft = draft::check(connection, app.chains.vocabulary(), actor, id, draft).await?;
    let organisation = actor.organisation.uuid();
    let state = if password_hash.is_some() {
        "active"
    } else {
        "invited"
    };
    let row = people::Model {
        id: id.uuid(),
        organisation_id: organisation,
        login: draft.email.clone(),
        name: draft.name.clone(),
        position: draft.position.clone(),
        email: draft.email.clone(),
        department_id: draft.department.map(DepartmentId::uuid),
        manager_id: draft.manager.map(PersonId::uuid),
        locale: draft.locale.map(|locale| locale.code().to_owned()),
        theme: "system".to_owned(),
        letters: "each".to_owned(),
        password_hash,
        state: state.to_owned(),
        created_at: now.micros(),
        row_version: 0,
    };
    let active = people::ActiveModel {
        id: Set(row.id),
        ..row.clone().into()
    };
    login_taken(active.insert(connection).await.map_err(StoreError::from))?;
    draft::insert_roles_and_groups(connection, organisation, id, now, &draft).await?;
    if is_mailed {
        passwords::invite(app, connection, actor, now, &row).await?;
    }
    Ok(id)
}

fn login_taken<T>(outcome: Result<T, StoreError>) -> Result<T, AppError> {
    match outcome {
        Err(StoreError::Duplicate) => Err(AppError::invalid("email", "login-taken")),
        other => Ok(other?),
    }
}

/// Refuses to leave the organisation without an administrator who can log in.
async fn refuse_last_administrator(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    leaving: PersonId,
) -> Result<(), AppError> {
    let roles = store::people::list_roles(connection, organisation, None).await?;
    let is_administrator = |id: Uuid| {
        roles
            .iter()
            .any(|row| row.person_id == id && row.role == "administrator")
    };
    if !is_administrator(leaving.uuid()) {
        return Ok(());
    }
    let people = store::people::list_all(connection, organisation).await?;
    let another = people.iter().any(|person| {
        person.id != leaving.uuid() && person.state == "active" && is_administrator(person.id)
    });
    if another {
        Ok(())
    } else {
        Err(AppError::refused("last-administrator"))
    }
}

type Names = BTreeMap<Uuid, String>;

async fn names(connection: &impl ConnectionTrait, organisation: Uuid) -> Result<Names, AppError> {
    let people = store::people::list_all(connection, organisation).await?;
    let departments = store::organisations::list_departments(connection, organisation).await?;
    let people = people.into_iter().map(|row| (row.id, row.name));
    let departments = departments.into_iter().map(|row| (row.id, row.name));
    Ok(people.chain(departments).collect())
}

fn card(
    row: people::Model,
    roles: Vec<(String, Option<DepartmentId>)>,
    groups: Vec<String>,
    names: &Names,
) -> PersonCard {
    let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
    PersonCard {
        id: row.id.into(),
        state: PersonState::of_row(&row.state),
        department_name: name(row.department_id),
        manager_name: name(row.manager_id),
        created_at: Instant::from_micros(row.created_at),
        row_version: row.row_version,
        draft: PersonDraft {
            name: row.name,
            email: row.email,
            position: row.position,
            department: row.department_id.map(Into::into),
            manager: row.manager_id.map(Into::into),
            roles,
            groups,
            locale: row.locale.as_deref().and_then(Locale::from_code),
        },
    }
}
