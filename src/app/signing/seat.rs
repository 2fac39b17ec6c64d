//! The seat a signer takes: an open sign task, who holds it, and what is signed there.

use chancery_types::{Instant, Locale};
use chancery_workflow::Sealing;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::seal::sealing_of;
use crate::app::documents::facts_of;
use crate::app::tasks::assignee_of;
use crate::app::{App, AppError, allow};
use crate::domain::access::{self, Action, Resource, TaskFacts};
use crate::domain::actor::{Actor, Who};
use crate::store::entity::{
    attachments, contacts, counterparties, documents, links, organisations, people, signed_copies,
    tasks, versions,
};

/// Everything the signing page speaks of and a signature binds to.
#[derive(Clone, Debug)]
pub struct SigningSeat {
    /// The organisation that keeps the document.
    pub organisation: organisations::Model,
    /// The document.
    pub document: documents::Model,
    /// The version that is signed.
    pub version: versions::Model,
    /// Its attachments, in order.
    pub attachments: Vec<attachments::Model>,
    /// The sign task.
    pub task: tasks::Model,
    /// Who signs.
    pub signer: Signer,
    /// The link the signer came through, if it is a counterparty's person.
    pub link: Option<links::Model>,
    /// The signed copy as it is, if there is a signature already.
    pub signed_copy: Option<signed_copies::Model>,
    /// What the next signature does to the file beyond standing in it.
    pub sealing: Sealing,
}

/// Who signs, as the inviter stated it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// The name that goes into the certificate.
    pub name: String,
    /// The organisation they sign for.
    pub organisation_name: String,
    /// Their address: verified by a code, or their login.
    pub email: String,
    /// Their language, if they chose one.
    pub locale: Option<String>,
    /// The person, if one of ours.
    pub person_id: Option<Uuid>,
    /// The contact, if one of theirs.
    pub contact_id: Option<Uuid>,
}

impl SigningSeat {
    /// The digest and size of the file that the next signature extends.
    #[must_use]
    pub fn base(&self) -> (&str, i64) {
        match &self.signed_copy {
            Some(copy) => (&copy.digest, copy.size_bytes),
            None => (&self.version.main_digest, self.version.main_size_bytes),
        }
    }

    /// The signer's language: the contact's, the person's, or the organisation's.
    #[must_use]
    pub fn locale(&self) -> Locale {
        let code = self
            .signer
            .locale
            .as_deref()
            .unwrap_or(&self.organisation.locale);
        Locale::from_code(code).unwrap_or_default()
    }

    /// Loads the seat of an open sign task for the one who holds it.
    ///
    /// # Errors
    ///
    /// [`AppError::Denied`] for who sees the document but does not hold the task,
    /// [`AppError::Hidden`] for anybody else; `task-not-open`, `task-not-sign`.
    pub async fn load(
        app: &App,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        task_id: Uuid,
    ) -> Result<Self, AppError> {
        let organisation_id = actor.organisation.uuid();
        let task = tasks::Entity::find_by_id(task_id)
            .filter(tasks::Column::OrganisationId.eq(organisation_id))
            .one(connection)
            .await?
            .ok_or(AppError::Hidden)?;
        let document = documents::Entity::find_by_id(task.document_id)
            .one(connection)
            .await?;
        let document = document.ok_or(AppError::Hidden)?;
        allow(access::decide(
            actor,
            Action::ActOnTask,
            &resource(connection, &task, &document, app.now()).await?,
        ))?;
        let link = active_link(app, connection, actor, &task).await?;
        if task.stage_kind != "sign" {
            return Err(AppError::refused("task-not-sign"));
        }
        if task.state != "open" {
            return Err(AppError::refused("task-not-open"));
        }
        let absent = || AppError::internal(format!("sign task {task_id} lacks a row"));
        let version = versions::Entity::find_by_id(task.version_id)
            .one(connection)
            .await?;
        let version = version.ok_or_else(absent)?;
        let organisation = organisations::Entity::find_by_id(organisation_id).one(connection);
        let organisation = organisation.await?.ok_or_else(absent)?;
        let attachments = attachments::Entity::find()
            .filter(attachments::Column::VersionId.eq(version.id))
            .order_by_asc(attachments::Column::Position)
            .limit(1000)
            .all(connection)
            .await?;
        let signed_copy = signed_copies::Entity::find_by_id(version.id)
            .one(connection)
            .await?;
        let sealing = sealing_of(app, connection, &task, signed_copy.is_none()).await?;
        let person = actor.person().map(|person| person.id.uuid());
        let signer = load_signer(connection, &task, &organisation, person, link.as_ref()).await?;
        Ok(Self {
            organisation,
            document,
            version,
            attachments,
            task,
            signer,
            link,
            signed_copy,
            sealing,
        })
    }
}

impl App {
    /// The seat of an open sign task, for the page of the one who holds it.
    ///
    /// # Errors
    ///
    /// As [`SigningSeat::load`].
    pub async fn signing_seat(
        &self,
        actor: &Actor,
        task_id: Uuid,
    ) -> Result<SigningSeat, AppError> {
        SigningSeat::load(self, self.store.reader(), actor, task_id).await
    }

    /// The name of whoever is asked to sign, for a reader who sees the document and may not.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for who may not see the document, and for a task of another
    /// organisation.
    pub async fn signer_asked(&self, actor: &Actor, task_id: Uuid) -> Result<String, AppError> {
        let reader = self.store.reader();
        let task = tasks::Entity::find_by_id(task_id)
            .filter(tasks::Column::OrganisationId.eq(actor.organisation.uuid()))
            .one(reader)
            .await?
            .ok_or(AppError::Hidden)?;
        self.document_for(actor, task.document_id.into(), Action::SeeDocument)
            .await?;
        let name = match (task.person_id, task.contact_id) {
            (Some(person), _) => {
                let row = people::Entity::find_by_id(person).one(reader).await?;
                row.map(|row| row.name)
            }
            (None, Some(contact)) => {
                let row = contacts::Entity::find_by_id(contact).one(reader).await?;
                row.map(|row| row.name)
            }
            (None, None) => None,
        };
        name.ok_or(AppError::Denied)
    }
}

async fn resource(
    connection: &impl ConnectionTrait,
    task: &tasks::Model,
    document: &documents::Model,
    now: Instant,
) -> Result<Resource, AppError> {
    Ok(Resource::Task(TaskFacts {
        id: task.id.into(),
        document: facts_of(connection, document, now).await?,
        assignee: assignee_of(task)?,
        handed_on_by: Vec::new(),
    }))
}

/// A contact acts only through an active link to this very task.
async fn active_link(
    app: &App,
    connection: &impl ConnectionTrait,
    actor: &Actor,
    task: &tasks::Model,
) -> Result<Option<links::Model>, AppError> {
    let Who::Contact(contact) = &actor.who else {
        return Ok(None);
    };
    let link = links::Entity::find_by_id(contact.link.uuid())
        .filter(links::Column::TaskId.eq(task.id))
        .one(connection)
        .await?
        .ok_or(AppError::Hidden)?;
    if link.state != "active" || link.expires_at <= app.now().micros() {
        return Err(AppError::refused("link-not-active"));
    }
    Ok(Some(link))
}

async fn load_signer(
    connection: &impl ConnectionTrait,
    task: &tasks::Model,
    organisation: &organisations::Model,
    person: Option<Uuid>,
    link: Option<&links::Model>,
) -> Result<Signer, AppError> {
    // Whoever stands in for the holder signs in their own name.
    if let Some(person_id) = person.or(task.person_id) {
        let person = people::Entity::find_by_id(person_id)
            .one(connection)
            .await?;
        let person = person.ok_or_else(|| AppError::internal("a signatory without a row"))?;
        return Ok(Signer {
            name: person.name,
            organisation_name: organisation.name.clone(),
            email: person.email,
            locale: person.locale,
            person_id: Some(person_id),
            contact_id: None,
        });
    }
    let contact_id = task
        .contact_id
        .ok_or_else(|| AppError::internal("nobody is to sign"))?;
    let contact = contacts::Entity::find_by_id(contact_id)
        .one(connection)
        .await?;
    let contact = contact.ok_or_else(|| AppError::internal("a contact without a row"))?;
    let counterparty = counterparties::Entity::find_by_id(contact.counterparty_id);
    let counterparty = counterparty.one(connection).await?;
    let counterparty =
        counterparty.ok_or_else(|| AppError::internal("a counterparty without a row"))?;
    // As the link was opened: only that address was proven by its codes.
    let link = link.ok_or(AppError::Hidden)?;
    Ok(Signer {
        name: link.contact_name.clone(),
        organisation_name: counterparty.name,
        email: link.contact_email.clone(),
        locale: Some(contact.locale),
        person_id: None,
        contact_id: Some(contact_id),
    })
}
