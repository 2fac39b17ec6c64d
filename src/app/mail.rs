//! The outbox as the administrator sees it: what waits, what failed and why, send again. Secrets
//! never show here.

use chancery_types::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::json;
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::{App, AppError, allow};
use crate::domain::access::{Action, Resource, decide};
use crate::domain::actor::Actor;
use crate::store;
use crate::store::entity::outbox;

/// A mail, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRow {
    /// The row.
    pub id: Uuid,
    /// The kind's code: `task-opened`.
    pub kind: String,
    /// Whose address.
    pub to_address: String,
    /// Whose name.
    pub to_name: String,
    /// The document it is about.
    pub document_id: Option<Uuid>,
    /// `ready`, `sending`, `sent`, `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, while it is `ready`.
    pub next_at: Option<Instant>,
    /// What the last attempt failed with.
    pub last_error: Option<String>,
    /// When it was written down.
    pub created_at: Instant,
    /// When it was sent.
    pub sent_at: Option<Instant>,
    /// Its Message-ID, to find it in a mail server's log.
    pub message_id: String,
    /// Whether it can be sent again by hand.
    pub again: Again,
}

/// Whether a mail can be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Yes.
    Possible,
    /// It is about to be sent anyway.
    Waiting,
    /// It held a secret, which was erased when it was sent: a new link or code is needed.
    SecretErased,
}

/// Where a page of the list begins: after this row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailCursor {
    /// When that row was written down.
    pub created_at: Instant,
    /// That row.
    pub id: Uuid,
}

/// Kinds that make no sense without their sealed part.
const NEEDS_SECRET: [&str; 4] = ["signing-invitation", "code", "password-reset", "invitation"];

impl MailRow {
    /// Where the next page begins if this is the last row of one.
    #[must_use]
    pub const fn cursor(&self) -> MailCursor {
        MailCursor {
            created_at: self.created_at,
            id: self.id,
        }
    }
}

impl From<outbox::Model> for MailRow {
    fn from(row: outbox::Model) -> Self {
        let again = again(&row);
        Self {
            id: row.id,
            next_at: (row.state == "ready").then(|| Instant::from_micros(row.next_at)),
            kind: row.kind,
            to_address: row.to_address,
            to_name: row.to_name,
            document_id: row.document_id,
            state: row.state,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: Instant::from_micros(row.created_at),
            sent_at: row.sent_at.map(Instant::from_micros),
            message_id: row.message_id,
            again,
        }
    }
}

fn again(row: &outbox::Model) -> Again {
    if !["sent", "failed"].contains(&row.state.as_str()) {
        Again::Waiting
    } else if row.sealed.is_none() && NEEDS_SECRET.contains(&row.kind.as_str()) {
        Again::SecretErased
    } else {
        Again::Possible
    }
}

impl App {
    /// A page of the organisation's mails, newest first: those in `state` (all if `None`), after
    /// `cursor`, at most `limits.page_rows_max`.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator.
    pub async fn list_mail(
        &self,
        actor: &Actor,
        state: Option<&str>,
        cursor: Option<MailCursor>,
    ) -> Result<Vec<MailRow>, AppError> {
        let resource = Resource::Organisation(actor.organisation);
        allow(decide(actor, Action::ManageMail, &resource))?;
        let rows = store::outbox::list(
            self.store.reader(),
            actor.organisation.uuid(),
            state,
            cursor.map(|cursor| (cursor.created_at.micros(), cursor.id)),
            self.config.limits.page_rows_max,
        )
        .await?;
        Ok(rows.into_iter().map(MailRow::from).collect())
    }

    /// Sends a mail again that was sent or given up; under the same Message-ID.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator; `mail-waiting` if it is about to be
    /// sent anyway; `mail-secret-erased` if what it must say is not kept any more.
    pub async fn resend_mail(&self, actor: &Actor, mail_id: Uuid) -> Result<MailRow, AppError> {
        let resource = Resource::Organisation(actor.organisation);
        allow(decide(actor, Action::ManageMail, &resource))?;
        let now = self.now();
        let tx = self.store.begin().await?;
        let row = store::outbox::load(&tx, actor.organisation.uuid(), mail_id).await?;
        match again(&row) {
            Again::Waiting => return Err(AppError::refused("mail-waiting")),
            Again::SecretErased => return Err(AppError::refused("mail-secret-erased")),
            Again::Possible => {}
        }
        let (kind, state, document_id) = (row.kind.clone(), row.state.clone(), row.document_id);
        let mut change = row.into_active_model();
        change.state = Set("ready".to_owned());
        change.attempts = Set(0);
        change.next_at = Set(now.micros());
        change.last_error = Set(None);
        let row = change.update(&tx).await?;
        let mut happening = Happening::to("mail.resent", "mail", mail_id)
            .with(json!({ "kind": kind, "was": state }));
        happening.document_id = document_id;
        audit::append(&tx, actor, now, happening).await?;
        tx.commit().await?;
        self.wake_jobs();
        Ok(row.into())
    }
}
