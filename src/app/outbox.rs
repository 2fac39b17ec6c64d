//! Mail as rows: written in the transaction of the change that it tells of, sent afterwards.

use chancery_types::{Instant, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    sea_query::OnConflict,
};
use serde_json::Value;
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::entropy;
use crate::store::entity::{organisations, outbox, people};

pub use crate::mail::MailKind;

/// Who a mail goes to.
#[derive(Clone, Debug)]
pub struct MailTo {
    /// The address.
    pub address: String,
    /// The name.
    pub name: String,
    /// The language.
    pub locale: Locale,
    /// The person, if it is one of ours.
    pub person_id: Option<Uuid>,
    /// The contact, if it is one of theirs.
    pub contact_id: Option<Uuid>,
}

impl MailTo {
    /// A person, in their own language or else the organisation's.
    #[must_use]
    pub fn of_person(house: &organisations::Model, person: &people::Model) -> Self {
        let locale = person.locale.as_deref().unwrap_or(&house.locale);
        Self {
            address: person.email.clone(),
            name: person.name.clone(),
            locale: Locale::from_code(locale).unwrap_or_default(),
            person_id: Some(person.id),
            contact_id: None,
        }
    }
}

/// A mail to be written down.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Made of meaning, never of the attempt: `n:{task}:open`. The same key is written once.
    pub key: String,
    /// The kind.
    pub kind: MailKind,
    /// The reader.
    pub to: MailTo,
    /// The document it is about.
    pub document_id: Option<Uuid>,
    /// Values for the template: an object of texts and numbers. See `mail::message` for each
    /// kind's.
    pub payload: Value,
    /// Values that must not lie at rest in clear (a link's secret, a code): sealed in the row.
    pub secret: Option<Value>,
}

/// Writes `letter` in the caller's transaction. A key that exists already changes nothing.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub async fn enqueue(
    connection: &impl ConnectionTrait,
    app: &App,
    organisation_id: Uuid,
    now: Instant,
    letter: Letter,
) -> Result<(), AppError> {
    let id = entropy::id(now);
    let sealed = letter
        .secret
        .map(|secret| app.vault.seal(id.as_bytes(), secret.to_string().as_bytes()));
    let domain = app.mail_domain();
    let key_digest =
        chancery_types::Digest::of(format!("{organisation_id}/{}", letter.key).as_bytes());
    let row = outbox::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation_id),
        key: Set(letter.key),
        kind: Set(letter.kind.code().to_owned()),
        locale: Set(letter.to.locale.code().to_owned()),
        to_address: Set(letter.to.address),
        to_name: Set(letter.to.name),
        person_id: Set(letter.to.person_id),
        contact_id: Set(letter.to.contact_id),
        document_id: Set(letter.document_id),
        payload: Set(letter.payload.to_string()),
        sealed: Set(sealed),
        state: Set("ready".to_owned()),
        attempts: Set(0),
        next_at: Set(now.micros()),
        lease_until: Set(None),
        fence: Set(0),
        last_error: Set(None),
        message_id: Set(format!("<{}@{domain}>", &key_digest.hex()[..32])),
        created_at: Set(now.micros()),
        sent_at: Set(None),
    };
    outbox::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([outbox::Column::OrganisationId, outbox::Column::Key])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Whether a letter of this key was written.
///
/// # Errors
///
/// [`AppError::Unavailable`] if the database fails.
pub async fn is_written(
    connection: &impl ConnectionTrait,
    organisation_id: Uuid,
    key: &str,
) -> Result<bool, AppError> {
    let found = outbox::Entity::find()
        .filter(outbox::Column::OrganisationId.eq(organisation_id))
        .filter(outbox::Column::Key.eq(key))
        .count(connection)
        .await?;
    Ok(found > 0)
}
