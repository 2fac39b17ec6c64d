//! The organisation's audit log as its readers see it. Writing is `app::audit::append` alone.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::id::{AuditEventId, DocumentId};
use chancery_types::{Instant, Locale};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use uuid::Uuid;

use crate::app::event_names::EventNames;
use crate::app::organisations::allow_whole;
use crate::app::page::{Cursor, Page, PageRequest};
use crate::app::{App, AppError};
use crate::domain::access::Action;
use crate::domain::actor::Actor;
use crate::domain::audit_actions;
use crate::store::audit::AuditFilter;
use crate::store::entity::{audit_events, documents};
use crate::{i18n, store};

/// The longest name or words that are looked for, in characters.
const CHARACTERS_MAX: usize = 200;
/// The most words of a document that are looked for.
const WORDS_MAX: usize = 8;

/// Which events are wanted. Empty texts and `None` want all.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Part of a name.
    pub who: String,
    /// One of [`audit_actions::ALL`].
    pub action: Option<String>,
    /// A document: its identifier, or words of its number and title.
    pub document: String,
    /// From the beginning of this day, in the organisation's time zone …
    pub from: Option<Date>,
    /// … to the end of this one.
    pub until: Option<Date>,
}

/// One event.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// The event.
    pub id: AuditEventId,
    /// When.
    pub at: Instant,
    /// `person`, `contact`, `system`, `operator` or `visitor`.
    pub actor_kind: String,
    /// Which person or contact.
    pub actor_id: Option<Uuid>,
    /// Their name at that time.
    pub actor_name: String,
    /// One of [`audit_actions::ALL`].
    pub action: String,
    /// The noun of the subject.
    pub subject_kind: String,
    /// The subject.
    pub subject_id: Uuid,
    /// The document in whose history it stands.
    pub document_id: Option<DocumentId>,
    /// That document's number and title, as they are now.
    pub document: Option<DocumentName>,
    /// The digest of the version concerned.
    pub version_digest: Option<String>,
    /// Where from.
    pub address: Option<String>,
    /// The request, as the log lines have it.
    pub request_id: Option<String>,
    /// The values of the event.
    pub details: Value,
    /// The hash of its canonical bytes.
    pub leaf_hash: String,
    /// The names of what it speaks of by identifier.
    pub names: EventNames,
}

/// What a document is called.
#[derive(Clone, Debug)]
pub struct DocumentName {
    /// Its title.
    pub title: String,
    /// Its registration number, once it has one.
    pub number: Option<String>,
}

impl App {
    /// Whether `actor` may see the log at all: asked before anything is said about a question.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if not.
    pub fn allow_audit(&self, actor: &Actor) -> Result<(), AppError> {
        allow_whole(actor, Action::SeeAuditLog)
    }

    /// The organisation's events, newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] for who may not see the log; [`AppError::Invalid`] for an action that
    /// is none.
    pub async fn list_audit(
        &self,
        actor: &Actor,
        query: &AuditQuery,
        page: &PageRequest,
    ) -> Result<Page<AuditRow>, AppError> {
        self.allow_audit(actor)?;
        let before = match &page.after {
            None => None,
            Some(cursor) => Some((cursor.micros()?, cursor.id)),
        };
        let filter = self.audit_filter(actor, query).await?;
        let (reader, organisation) = (self.store.reader(), actor.organisation.uuid());
        let rows_max = page.rows_max.saturating_add(1);
        let found =
            store::audit::list_events(reader, organisation, &filter, before, rows_max).await?;
        let page = Page::of(found, page.rows_max, |row| Cursor::after(row.at, row.id));
        let concerned: BTreeSet<Uuid> =
            page.rows.iter().filter_map(|row| row.document_id).collect();
        let known = store::documents::list_by_ids(reader, organisation, concerned).await?;
        let names: BTreeMap<Uuid, DocumentName> = known
            .into_iter()
            .map(|row| (row.id, DocumentName::from(row)))
            .collect();
        let mut page = page.map(|row| row_of(row, &names));
        let subjects = page.rows.iter().map(|row| row.subject_id);
        let values = page.rows.iter().map(|row| &row.details);
        let told = self.names_of_events(organisation, subjects, values).await?;
        for row in &mut page.rows {
            row.names = told.clone();
        }
        Ok(page)
    }

    async fn audit_filter(
        &self,
        actor: &Actor,
        query: &AuditQuery,
    ) -> Result<AuditFilter, AppError> {
        if let Some(action) = query.action.as_deref() {
            let known = audit_actions::is_known(action);
            known
                .then_some(())
                .ok_or_else(|| AppError::invalid("action", "not-a-choice"))?;
        }
        let zone = self.time_zone(actor).await?;
        let start = |day: Date| day_start(day, &zone);
        let who = bounded(&query.who);
        let document = bounded(&query.document);
        let document_id = document.parse::<DocumentId>().ok().map(DocumentId::uuid);
        let words = document.split_whitespace().take(WORDS_MAX);
        let words = words.filter(|_| document_id.is_none());
        Ok(AuditFilter {
            actor_name: Some(who).filter(|who| !who.is_empty()),
            action: query.action.clone(),
            document_id,
            document_words: words.map(str::to_lowercase).collect(),
            from: query.from.map(start).transpose()?,
            until: query.until.map(after).map(|day| start(day?)).transpose()?,
        })
    }

    /// The organisation's time zone.
    pub(crate) async fn time_zone(&self, actor: &Actor) -> Result<TimeZone, AppError> {
        let organisation =
            store::organisations::load(self.store.reader(), actor.organisation.uuid()).await?;
        Ok(TimeZone::get(&organisation.time_zone).unwrap_or(TimeZone::UTC))
    }
}

/// What an actor is called in the reader's language: the system and the operator have no name.
#[must_use]
pub fn actor_title(locale: Locale, kind: &str, name: &str) -> String {
    match kind {
        "system" => i18n::t(locale, "audit-actor-system", &[]),
        "operator" => i18n::t(locale, "audit-actor-operator", &[]),
        _ => name.to_owned(),
    }
}

fn bounded(text: &str) -> String {
    text.trim().chars().take(CHARACTERS_MAX).collect()
}

pub(crate) fn after(day: Date) -> Result<Date, AppError> {
    day.tomorrow()
        .map_err(|_| AppError::invalid("until", "not-a-date"))
}

pub(crate) fn day_start(day: Date, zone: &TimeZone) -> Result<i64, AppError> {
    let start = day.to_zoned_datetime(zone.clone());
    start
        .map(|start| start.timestamp().as_microsecond())
        .map_err(|_| AppError::invalid("from", "not-a-date"))
}

fn row_of(row: audit_events::Model, names: &BTreeMap<Uuid, DocumentName>) -> AuditRow {
    AuditRow {
        id: row.id.into(),
        at: Instant::from_micros(row.at),
        document: row.document_id.and_then(|id| names.get(&id).cloned()),
        document_id: row.document_id.map(Into::into),
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        action: row.action,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        version_digest: row.version_digest,
        address: row.address,
        request_id: row.request_id,
        // Written by ourselves as JSON; a hand in the database shows as nothing.
        details: serde_json::from_str(&row.details).unwrap_or_default(),
        leaf_hash: row.leaf_hash,
        names: EventNames::default(),
    }
}

impl From<documents::Model> for DocumentName {
    fn from(row: documents::Model) -> Self {
        Self {
            title: row.title,
            number: row.registration_number,
        }
    }
}
