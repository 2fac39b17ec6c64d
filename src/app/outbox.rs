//! Mail as rows: written in the transaction of the change that it tells of, sent afterwards.

use chancery_types::{Instant, Locale};
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, EntityTrait as _, sea_query::OnConflict};
use serde_json::Value;
use uuid::Uuid;

use crate::app::{App, AppError};
use crate::entropy;
use crate::store::entity::outbox;

/// The kinds of mail; each has a folder under `templates/mail/` and a subject in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailKind {
    /// A task was opened for the reader.
    TaskOpened,
    /// A task of the reader was closed by somebody else's decision or moved away.
    TaskWithdrawn,
    /// Somebody reminds the reader of an open task.
    Reminder,
    /// Approved with remarks: to the initiator.
    Remarks,
    /// Returned for rework: to the initiator.
    Returned,
    /// The run was rejected: to the initiator.
    Rejected,
    /// All approvals are there: to the initiator.
    Approved,
    /// Sign through this link: to a counterparty's contact.
    SigningInvitation,
    /// A six-digit code: to a counterparty's contact.
    Code,
    /// A certificate was issued in the reader's name.
    CertificateIssued,
    /// Somebody signed: to the initiator.
    Signed,
    /// The counterparty refused: to the initiator.
    Refused,
    /// The counterparty asks: to the initiator.
    QuestionAsked,
    /// The initiator answered: to the counterparty's contact.
    QuestionAnswered,
    /// Everything is done: to the initiator and the counterparty, with the signed file or a link.
    Completed,
    /// A new password may be set.
    PasswordReset,
    /// A new person is invited.
    Invitation,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::TaskOpened,
        Self::TaskWithdrawn,
        Self::Reminder,
        Self::Remarks,
        Self::Returned,
        Self::Rejected,
        Self::Approved,
        Self::SigningInvitation,
        Self::Code,
        Self::CertificateIssued,
        Self::Signed,
        Self::Refused,
        Self::QuestionAsked,
        Self::QuestionAnswered,
        Self::Completed,
        Self::PasswordReset,
        Self::Invitation,
    ];

    /// As the row, the templates and the locales name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TaskOpened => "task-opened",
            Self::TaskWithdrawn => "task-withdrawn",
            Self::Reminder => "reminder",
            Self::Remarks => "remarks",
            Self::Returned => "returned",
            Self::Rejected => "rejected",
            Self::Approved => "approved",
            Self::SigningInvitation => "signing-invitation",
            Self::Code => "code",
            Self::CertificateIssued => "certificate-issued",
            Self::Signed => "signed",
            Self::Refused => "refused",
            Self::QuestionAsked => "question-asked",
            Self::QuestionAnswered => "question-answered",
            Self::Completed => "completed",
            Self::PasswordReset => "password-reset",
            Self::Invitation => "invitation",
        }
    }

    /// From a row's text.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

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
    /// Values for the template: an object of texts and numbers. See `mail::message` for each kind's.
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
