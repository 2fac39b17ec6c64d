//! Opens, renews and revokes links. Runs inside the transaction of the transition that needs it.

use chancery_types::id::LinkId;
use chancery_types::{Digest, Instant, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde_json::json;
use uuid::Uuid;

use crate::app::outbox::{Letter, MailKind, MailTo};
use crate::app::{App, AppError, outbox};
use crate::entropy;
use crate::store::entity::{
    audit_events, contacts, counterparties, documents, links, organisations, people, tasks,
    versions,
};

/// What a link is opened for.
#[derive(Clone, Copy, Debug)]
pub struct LinkOpening<'a> {
    /// The organisation that asks.
    pub organisation_id: Uuid,
    /// The sign task it leads to. Its row exists already in the same transaction.
    pub task_id: Uuid,
    /// When it ends; when absent, as the chain says, else the configuration's default.
    pub expires_at: Option<Instant>,
    /// The link it replaces, if any: that one is closed.
    pub replaces: Option<Uuid>,
    /// How its letter is worded.
    pub wording: Wording,
    /// What the initiator says with the very step that opens it, if they say something.
    pub answer: Option<&'a str>,
}

/// How the letter with a link is worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Asks for a signature.
    Invitation,
    /// Reminds of one that was asked for.
    Reminder,
}

impl Wording {
    const fn kind(self) -> MailKind {
        match self {
            Self::Invitation => MailKind::SigningInvitation,
            Self::Reminder => MailKind::SigningReminder,
        }
    }
}

/// Opens a link for a contact's sign task and writes the mail that carries it.
///
/// # Errors
///
/// [`AppError::Internal`] if the task is not a contact's; [`AppError::Unavailable`] if the database
/// fails.
pub async fn open_link(
    tx: &impl ConnectionTrait,
    app: &App,
    opening: LinkOpening<'_>,
    now: Instant,
) -> Result<LinkId, AppError> {
    let subject = LinkSubject::of_task(tx, opening.organisation_id, opening.task_id).await?;
    let secret = entropy::secret();
    let typed_code = entropy::typed_code();
    let id = entropy::id(now);
    let usual = now.plus_seconds(app.config.links.expires_days.saturating_mul(86_400));
    // A link never ends before what it is for is due.
    let due = subject.task.due_at.map(Instant::from_micros);
    let usual = due.filter(|due| *due > usual).unwrap_or(usual);
    let terms = super::terms::terms_of(tx, app, &subject.task).await?;
    let stated = terms
        .expires
        .and_then(chancery_workflow::Span::clock_seconds);
    let usual = stated.map_or(usual, |life| now.plus_seconds(life));
    let expires_at = opening.expires_at.unwrap_or(usual);
    let row = links::ActiveModel {
        id: Set(id),
        organisation_id: Set(opening.organisation_id),
        document_id: Set(subject.document.id),
        version_id: Set(subject.version.id),
        run_id: Set(subject.task.run_id),
        task_id: Set(subject.task.id),
        contact_id: Set(subject.contact.id),
        secret_hash: Set(entropy::secret_hash(&secret)),
        typed_code_hash: Set(entropy::secret_hash(&typed_code)),
        state: Set("active".to_owned()),
        created_at: Set(now.micros()),
        expires_at: Set(expires_at.micros()),
        opened_at: Set(None),
        closed_at: Set(None),
        replaces_id: Set(opening.replaces),
        contact_name: Set(subject.contact.name.clone()),
        contact_email: Set(subject.contact.email.clone()),
        close_reason: Set(None),
    };
    row.insert(tx).await?;
    let keys = Keys {
        link_id: id,
        secret: &secret,
        typed_code: &typed_code,
        expires_at,
    };
    let past = Past::of(tx, &subject, id, opening.answer).await?;
    let letter = subject.letter(app, opening.wording, &keys, &past);
    outbox::enqueue(tx, app, opening.organisation_id, now, letter).await?;
    Ok(LinkId::from(id))
}

/// Closes every active link of a task, because the task is closed or belongs to another version.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub async fn revoke_links_of_task(
    tx: &impl ConnectionTrait,
    organisation_id: Uuid,
    task_id: Uuid,
    now: Instant,
) -> Result<u64, AppError> {
    let closed = links::Entity::update_many()
        .col_expr(links::Column::State, Expr::value("revoked"))
        .col_expr(links::Column::ClosedAt, Expr::value(now.micros()))
        .filter(links::Column::OrganisationId.eq(organisation_id))
        .filter(links::Column::TaskId.eq(task_id))
        .filter(links::Column::State.eq("active"))
        .exec(tx)
        .await?;
    Ok(closed.rows_affected)
}

/// Everything a link's mail and page speak of.
#[derive(Clone, Debug)]
pub struct LinkSubject {
    /// Who asks.
    pub organisation: organisations::Model,
    /// The sign task.
    pub task: tasks::Model,
    /// The document.
    pub document: documents::Model,
    /// The version to be signed.
    pub version: versions::Model,
    /// Who is to sign.
    pub contact: contacts::Model,
    /// For whom they sign.
    pub counterparty: counterparties::Model,
    /// Who started the run.
    pub initiator: people::Model,
}

impl LinkSubject {
    /// Loads what belongs to a contact's sign task, with the contact as they are now: for a link
    /// that is being opened.
    ///
    /// # Errors
    ///
    /// [`AppError::Internal`] if a row that must be there is not.
    pub async fn of_task(
        connection: &impl ConnectionTrait,
        organisation_id: Uuid,
        task_id: Uuid,
    ) -> Result<Self, AppError> {
        let task = tasks::Entity::find_by_id(task_id)
            .filter(tasks::Column::OrganisationId.eq(organisation_id))
            .one(connection)
            .await?
            .ok_or_else(|| absent(task_id, "task"))?;
        let contact_id = task.contact_id;
        let contact_id = contact_id.ok_or_else(|| absent(task_id, "contact on the task"))?;
        Self::load(connection, task, contact_id).await
    }

    /// Loads what a link leads to. The contact is the link's own, whoever holds its task by now, by
    /// the name and address that the link was opened for.
    ///
    /// # Errors
    ///
    /// As [`LinkSubject::of_task`].
    pub async fn of_link(
        connection: &impl ConnectionTrait,
        link: &links::Model,
    ) -> Result<Self, AppError> {
        let task = tasks::Entity::find_by_id(link.task_id)
            .filter(tasks::Column::OrganisationId.eq(link.organisation_id))
            .one(connection)
            .await?
            .ok_or_else(|| absent(link.task_id, "task"))?;
        let mut subject = Self::load(connection, task, link.contact_id).await?;
        subject.contact.name.clone_from(&link.contact_name);
        subject.contact.email.clone_from(&link.contact_email);
        Ok(subject)
    }

    async fn load(
        connection: &impl ConnectionTrait,
        task: tasks::Model,
        contact_id: Uuid,
    ) -> Result<Self, AppError> {
        let absent = |what: &str| absent(task.id, what);
        let organisation = organisations::Entity::find_by_id(task.organisation_id).one(connection);
        let organisation = organisation.await?.ok_or_else(|| absent("organisation"))?;
        let document = documents::Entity::find_by_id(task.document_id).one(connection);
        let document = document.await?.ok_or_else(|| absent("document"))?;
        let version = versions::Entity::find_by_id(task.version_id).one(connection);
        let version = version.await?.ok_or_else(|| absent("version"))?;
        let contact = contacts::Entity::find_by_id(contact_id).one(connection);
        let contact = contact.await?.ok_or_else(|| absent("contact"))?;
        let counterparty = counterparties::Entity::find_by_id(contact.counterparty_id);
        let counterparty = counterparty
            .one(connection)
            .await?
            .ok_or_else(|| absent("counterparty"))?;
        let initiator = people::Entity::find_by_id(document.initiator_id).one(connection);
        let initiator = initiator.await?.ok_or_else(|| absent("initiator"))?;
        Ok(Self {
            organisation,
            task,
            document,
            version,
            contact,
            counterparty,
            initiator,
        })
    }

    /// The contact's language.
    #[must_use]
    pub fn locale(&self) -> Locale {
        Locale::from_code(&self.contact.locale).unwrap_or_default()
    }

    /// The contact as a mail's reader.
    #[must_use]
    pub fn reader(&self) -> MailTo {
        MailTo {
            address: self.contact.email.clone(),
            name: self.contact.name.clone(),
            locale: self.locale(),
            person_id: None,
            contact_id: Some(self.contact.id),
        }
    }

    /// The initiator as a mail's reader.
    #[must_use]
    pub fn initiator_reader(&self) -> MailTo {
        let locale = self
            .initiator
            .locale
            .as_deref()
            .unwrap_or(&self.organisation.locale);
        MailTo {
            address: self.initiator.email.clone(),
            name: self.initiator.name.clone(),
            locale: Locale::from_code(locale).unwrap_or_default(),
            person_id: Some(self.initiator.id),
            contact_id: None,
        }
    }

    /// The card's amount as `RUB 1250000.00`, if the card has one under `amount`.
    #[must_use]
    pub fn amount(&self) -> Option<String> {
        let card: chancery_types::field::Card = serde_json::from_str(&self.version.card).ok()?;
        match card.get("amount") {
            Some(chancery_types::FieldValue::Money(money)) => Some(money.to_string()),
            _ => None,
        }
    }

    /// What the document is about, in its initiator's words: the card's `subject`, if it has one.
    #[must_use]
    pub fn purpose(&self) -> Option<String> {
        let card: chancery_types::field::Card = serde_json::from_str(&self.version.card).ok()?;
        match card.get("subject") {
            Some(chancery_types::FieldValue::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    fn letter(&self, app: &App, wording: Wording, keys: &Keys<'_>, past: &Past) -> Letter {
        let Keys {
            link_id,
            secret,
            typed_code,
            expires_at,
        } = keys;
        Letter {
            key: format!("l:{link_id}"),
            kind: wording.kind(),
            to: self.reader(),
            document_id: Some(self.document.id),
            payload: json!({
                "organisation_name": self.organisation.name,
                "initiator_name": self.initiator.name,
                "initiator_position": self.initiator.position,
                "counterparty_name": self.counterparty.name,
                "document_title": self.document.title,
                "registration_number": self.document.registration_number,
                "registered_at": self.document.registered_at.map(Instant::from_micros),
                "amount": self.amount(),
                "purpose": self.purpose(),
                "digest_start": digest_start(&self.version.main_digest),
                "due_at": self.task.due_at.map(Instant::from_micros),
                "expires_at": expires_at,
                "time_zone": self.organisation.time_zone,
                "replaces": past.replaces,
                "before_name": past.before_name,
                "answer": past.answer,
            }),
            secret: Some(json!({
                "link_url": app.url(&format!("/s#{secret}")),
                "typed_code": typed_code,
                "entry_url": app.url("/s"),
            })),
        }
    }
}

/// Most earlier links of a document that are looked at, newest first.
const LINKS_MAX: u64 = 1000;

/// What went before a link, as far as its reader must know.
#[derive(Debug, Default)]
struct Past {
    /// Whether they were sent links to this document before.
    replaces: bool,
    /// Who held the task before, if it was another contact.
    before_name: Option<String>,
    /// What the initiator answered to the disagreements that they returned the document with.
    answer: Option<String>,
}

impl Past {
    async fn of(
        connection: &impl ConnectionTrait,
        subject: &LinkSubject,
        except: Uuid,
        said: Option<&str>,
    ) -> Result<Self, AppError> {
        let earlier = links::Entity::find()
            .filter(links::Column::OrganisationId.eq(subject.organisation.id))
            .filter(links::Column::DocumentId.eq(subject.document.id))
            .filter(links::Column::Id.ne(except))
            .order_by_desc(links::Column::CreatedAt)
            .order_by_desc(links::Column::Id)
            .limit(LINKS_MAX)
            .all(connection)
            .await?;
        let is_theirs = |link: &&links::Model| link.contact_id == subject.contact.id;
        let own: Vec<&links::Model> = earlier.iter().filter(is_theirs).collect();
        let on_task = earlier.iter().find(|link| link.task_id == subject.task.id);
        let before = on_task.filter(|link| link.contact_id != subject.contact.id);
        let returned = own.iter().find(|link| link.state == "returned");
        let returned_at = returned.and_then(|link| link.closed_at);
        Ok(Self {
            replaces: !own.is_empty(),
            before_name: before.map(|link| link.contact_name.clone()),
            answer: match returned_at {
                None => None,
                // What was said later answers others, perhaps within the house.
                Some(at) => match first_answer(connection, subject, at).await? {
                    Some(first) => first,
                    None => said.map(str::to_owned),
                },
            },
        })
    }
}

/// What the initiator said when they first sent the document round again after `since`, if they
/// said something; `None` if they have not sent it yet.
async fn first_answer(
    connection: &impl ConnectionTrait,
    subject: &LinkSubject,
    since: i64,
) -> Result<Option<Option<String>>, AppError> {
    let again = audit_events::Entity::find()
        .filter(audit_events::Column::OrganisationId.eq(subject.organisation.id))
        .filter(audit_events::Column::DocumentId.eq(subject.document.id))
        .filter(audit_events::Column::Action.eq("run.resubmitted"))
        .filter(audit_events::Column::At.gte(since))
        .order_by_asc(audit_events::Column::At)
        .order_by_asc(audit_events::Column::Id)
        .one(connection)
        .await?;
    let Some(again) = again else {
        return Ok(None);
    };
    let details: serde_json::Value = serde_json::from_str(&again.details)
        .map_err(|error| AppError::internal(format!("audit event {}: {error}", again.id)))?;
    let comment = details.get("comment").and_then(|comment| comment.as_str());
    Ok(Some(comment.map(str::to_owned)))
}

/// What the letter with a link carries.
struct Keys<'a> {
    link_id: Uuid,
    secret: &'a str,
    typed_code: &'a str,
    expires_at: Instant,
}

fn absent(task_id: Uuid, what: &str) -> AppError {
    AppError::internal(format!("link task {task_id}: no {what}"))
}

/// The first characters of a digest, as people compare them: four groups of four.
#[must_use]
pub fn digest_start(digest: &str) -> String {
    let start: Vec<char> = digest.chars().take(16).collect();
    start
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The digest of a published text (rules, personal data), recorded with a consent.
#[must_use]
pub fn text_digest(text: &str) -> String {
    Digest::of(text.as_bytes()).hex()
}
