//! The outbox as the administrator sees it: what waits, what failed and why, send again. Secrets
//! never show here.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chancery_types::id::{DocumentId, OutboxId};
use chancery_types::{Instant, Locale};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::audit::{self, Happening};
use crate::app::organisations::allow_whole;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::mail::{MailKind, words_of};
use crate::store;
use crate::store::entity::outbox;

/// The states of a mail, as rows and the wire name them.
pub const STATES: [&str; 4] = ["ready", "sending", "sent", "failed"];

/// A mail, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRow {
    /// The row.
    pub id: OutboxId,
    /// The kind's code: `task-opened`.
    pub kind: String,
    /// The language it is written in.
    pub locale: Locale,
    /// Its subject, with a link or code masked; `None` if the row cannot be read, or its document
    /// is not the reader's to see: subjects name it.
    pub subject: Option<String>,
    /// Whose address.
    pub to_address: String,
    /// Whose name.
    pub to_name: String,
    /// The document it is about.
    pub document_id: Option<DocumentId>,
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
    /// When it was sent last.
    pub sent_at: Option<Instant>,
    /// Its Message-ID, to find it in a mail server's log. The same on every attempt.
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
    /// Its link or code is past its time: a new one is needed.
    SecretExpired,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailWords {
    /// These words.
    Shown(String),
    /// A link or code that only the reader may have stands in it.
    HoldsSecret,
    /// It tells of a document that is not the administrator's to see.
    OfHiddenDocument,
    /// The row cannot be read.
    Unreadable,
}

/// One mail with what it says.
#[derive(Clone, Debug)]
pub struct MailSheet {
    /// The mail.
    pub row: MailRow,
    /// What it says.
    pub words: MailWords,
    /// Whether its document is the administrator's to see.
    pub sees_document: bool,
}

impl Again {
    /// As the wire names it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Waiting => "waiting",
            Self::SecretErased => "secret-erased",
            Self::SecretExpired => "secret-expired",
        }
    }

    /// Why not, as a refusal.
    fn refusal(self) -> Result<(), AppError> {
        match self {
            Self::Possible => Ok(()),
            Self::Waiting => Err(AppError::refused("mail-waiting")),
            Self::SecretErased => Err(AppError::refused("mail-secret-erased")),
            Self::SecretExpired => Err(AppError::refused("mail-secret-expired")),
        }
    }
}

/// Whether a letter names documents that the reader must be shown to see: its own one, or those of
/// somebody else's day.
fn names_documents(actor: &Actor, row: &outbox::Model) -> bool {
    let is_own = actor.person().map(|person| person.id.uuid()) == row.person_id;
    row.document_id.is_some() || (row.kind == MailKind::TaskDigest.code() && !is_own)
}

fn row_of(row: outbox::Model, now: Instant, sees_document: bool) -> MailRow {
    let again = again(&row, now);
    let locale = Locale::from_code(&row.locale).unwrap_or_default();
    let subject = payload_of(&row)
        .filter(|_| row.document_id.is_none() || sees_document)
        .zip(MailKind::from_code(&row.kind))
        .and_then(|(payload, kind)| crate::mail::letter::subject(kind, locale, &payload));
    MailRow {
        id: row.id.into(),
        next_at: (row.state == "ready").then(|| Instant::from_micros(row.next_at)),
        kind: row.kind,
        locale,
        subject,
        to_address: row.to_address,
        to_name: row.to_name,
        document_id: row.document_id.map(Into::into),
        state: row.state,
        attempts: row.attempts,
        last_error: row.last_error,
        created_at: Instant::from_micros(row.created_at),
        sent_at: row.sent_at.map(Instant::from_micros),
        message_id: row.message_id,
        again,
    }
}

fn payload_of(row: &outbox::Model) -> Option<Value> {
    serde_json::from_str(&row.payload).ok()
}

fn holds_secret(row: &outbox::Model) -> bool {
    // Of a kind that this program does not know nothing is shown.
    MailKind::from_code(&row.kind).is_none_or(MailKind::holds_secret) || row.sealed.is_some()
}

/// A mail goes again when it was sent or given up, says all it must, and what it says still works.
fn again(row: &outbox::Model, now: Instant) -> Again {
    if !["sent", "failed"].contains(&row.state.as_str()) {
        return Again::Waiting;
    }
    if !holds_secret(row) {
        return Again::Possible;
    }
    if row.sealed.is_none() {
        return Again::SecretErased;
    }
    let payload = payload_of(row).unwrap_or_default();
    let minutes = payload.get("minutes").and_then(Value::as_i64);
    let until = match minutes {
        Some(minutes) => {
            let written = Instant::from_micros(row.created_at);
            Some(written.plus_seconds(minutes.saturating_mul(60)))
        }
        None => payload
            .get("expires_at")
            .and_then(Value::as_str)
            .and_then(|text| text.parse().ok()),
    };
    if until.is_some_and(|until: Instant| until <= now) {
        Again::SecretExpired
    } else {
        Again::Possible
    }
}

impl App {
    /// The organisation's mails, newest first: those in `state`, all if `None`.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator; [`AppError::Invalid`] for a state
    /// that is none.
    pub async fn list_mail(
        &self,
        actor: &Actor,
        state: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<MailRow>, AppError> {
        allow_whole(actor, Action::SeeMail)?;
        if state.is_some_and(|state| !STATES.contains(&state)) {
            return Err(AppError::invalid("state", "not-a-choice"));
        }
        let before = match &page.after {
            None => None,
            Some(cursor) => Some((cursor.micros()?, cursor.id)),
        };
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows_max = page.rows_max.saturating_add(1);
        let rows = store::outbox::list(reader, organisation, state, before, rows_max).await?;
        let now = self.now();
        let mut seen: BTreeMap<Option<Uuid>, bool> = BTreeMap::new();
        for row in &rows {
            if let Entry::Vacant(place) = seen.entry(row.document_id) {
                place.insert(self.sees_document_of_mail(actor, row).await?);
            }
        }
        let page = Page::of(rows, page.rows_max, |row| {
            Cursor::after(row.created_at, row.id)
        });
        Ok(page.map(|row| {
            let sees = seen.get(&row.document_id).is_some_and(|sees| *sees);
            row_of(row, now, sees)
        }))
    }

    /// One mail with what it says, as far as the administrator may read it.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator, or if there is none here.
    pub async fn load_mail(&self, actor: &Actor, id: OutboxId) -> Result<MailSheet, AppError> {
        allow_whole(actor, Action::SeeMail)?;
        let organisation = actor.organisation.uuid();
        let row = store::outbox::load(self.store.reader(), organisation, id.uuid()).await?;
        let sees_document = self.sees_document_of_mail(actor, &row).await?;
        let words = if holds_secret(&row) {
            MailWords::HoldsSecret
        } else if names_documents(actor, &row) && !sees_document {
            MailWords::OfHiddenDocument
        } else {
            shown(&row)
        };
        Ok(MailSheet {
            row: row_of(row, self.now(), sees_document),
            words,
            sees_document,
        })
    }

    async fn sees_document_of_mail(
        &self,
        actor: &Actor,
        row: &outbox::Model,
    ) -> Result<bool, AppError> {
        let Some(id) = row.document_id else {
            return Ok(false);
        };
        match self
            .document_for(actor, id.into(), Action::SeeDocument)
            .await
        {
            Ok(_) => Ok(true),
            Err(AppError::Hidden | AppError::Denied | AppError::OutOfScope) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Sends a mail again that was sent or given up; under the same Message-ID. Asked twice, it is
    /// sent once more and the second answer is `mail-waiting`.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for anybody but an administrator; `mail-waiting` if it is about to be
    /// sent anyway; `mail-secret-erased` if what it must say is not kept any more,
    /// `mail-secret-expired` if it would not work any more.
    pub async fn resend_mail(&self, actor: &Actor, id: OutboxId) -> Result<MailRow, AppError> {
        allow_whole(actor, Action::ManageMail)?;
        let now = self.now();
        let organisation = actor.organisation.uuid();
        let tx = self.store.begin().await?;
        let row = store::outbox::load(&tx, organisation, id.uuid()).await?;
        again(&row, now).refusal()?;
        if !store::outbox::update_ready_again(&tx, &row, now.micros()).await? {
            return Err(AppError::refused("mail-waiting"));
        }
        // In the document's history it would stand as the administrator's part in the document,
        // and whoever takes part may see it.
        let happening = Happening::to("mail.resent", "mail", id)
            .with(json!({ "kind": row.kind, "was": row.state, "document": row.document_id }));
        audit::append(&tx, actor, now, happening).await?;
        let row = store::outbox::load(&tx, organisation, id.uuid()).await?;
        tx.commit().await?;
        self.wake_jobs();
        let sees = self.sees_document_of_mail(actor, &row).await?;
        Ok(row_of(row, now, sees))
    }
}

fn shown(row: &outbox::Model) -> MailWords {
    let locale = Locale::from_code(&row.locale).unwrap_or_default();
    let kind = MailKind::from_code(&row.kind);
    let words = kind
        .zip(payload_of(row))
        .and_then(|(kind, payload)| words_of(kind, locale, &payload, &row.to_name));
    words.map_or(MailWords::Unreadable, MailWords::Shown)
}
